//! JSON as an outline: a scanner that keeps its own stack, so that no nesting can exhaust the program's.

use std::borrow::Cow;

use super::{Builder, Content, Held, Node, Step, Stop};
use crate::lang::Text;
use crate::text;

/// Reads the text of the builder's source as JSON (RFC 8259).
pub(super) fn read(builder: &mut Builder<'_>) -> Step {
    let text = builder.source.text();
    let mut scanner = Scanner {
        builder,
        text,
        at: 0,
    };
    scanner.space();
    scanner.value()?;
    while !scanner.builder.stack.is_empty() {
        scanner.next()?;
    }
    scanner.space();
    if scanner.at < text.len() {
        return Err(scanner.fault(Text::new(
            "JSON 结束后还有内容",
            "something follows the end of the JSON value",
        )));
    }
    Ok(())
}

struct Scanner<'b, 's> {
    builder: &'b mut Builder<'s>,
    text: &'s str,
    at: usize,
}

impl<'s> Scanner<'_, 's> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// A fault at the character the scanner is at.
    fn fault(&mut self, message: Text) -> Stop {
        let length = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        let message = if length == 0 {
            Text::new("JSON 不完整：文件在此中断", "the JSON is cut short here")
        } else {
            message
        };
        self.builder.syntax(self.at..self.at + length, message)
    }

    /// One step inside the innermost list or map: its end, or the next thing it holds.
    fn next(&mut self) -> Step {
        self.space();
        let (first, close, map) = match self.builder.stack.last().map(|frame| &frame.held) {
            Some(Held::List(items)) => (items.is_empty(), b']', false),
            Some(Held::Map { entries, .. }) => (entries.is_empty(), b'}', true),
            None => return Ok(()),
        };
        if self.peek() == Some(close) {
            self.at += 1;
            self.builder.close(self.at)?;
            return Ok(());
        }
        if !first {
            if self.peek() != Some(b',') {
                let close = char::from(close);
                return Err(self.fault(text!(
                    "此处须为 `,` 或 `{close}`",
                    "`,` or `{close}` is needed here"
                )));
            }
            self.at += 1;
            self.space();
            if self.peek() == Some(close) {
                return Err(self.fault(Text::new("`,` 之后没有内容", "nothing follows the `,`")));
            }
        }
        if map {
            if self.peek() != Some(b'"') {
                return Err(self.fault(Text::new(
                    "此处须为双引号括起的键",
                    "a key in double quotes is needed here",
                )));
            }
            self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.fault(Text::new("键之后须为 `:`", "`:` is needed after the key")));
            }
            self.at += 1;
            self.space();
        }
        self.value()
    }

    /// A scalar, or the beginning of a list or map.
    fn value(&mut self) -> Step {
        match self.peek() {
            Some(b'{') => {
                self.builder.open_map(self.at, 0)?;
                self.at += 1;
                Ok(())
            }
            Some(b'[') => {
                self.builder.open_list(self.at, 0)?;
                self.at += 1;
                Ok(())
            }
            Some(b'"') => self.string(),
            Some(_) => self.word(),
            None => Err(self.fault(Text::default())),
        }
    }

    fn string(&mut self) -> Step {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(0..0x20) => {
                    return Err(self.fault(Text::new(
                        "引号内不能直接换行或含控制字符",
                        "a line break or control character cannot stand inside quotes",
                    )));
                }
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return Err(self.fault(Text::new("引号没有配对", "the quotes are not closed")));
                }
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        let text = if escaped {
            match serde_json::from_str::<String>(raw) {
                Ok(text) => Cow::Owned(text),
                Err(_) => {
                    self.at = start;
                    return Err(self.fault(Text::new(
                        "引号内的转义写法有误",
                        "there is an escape inside the quotes that JSON does not have",
                    )));
                }
            }
        } else {
            Cow::Borrowed(raw.get(1..raw.len() - 1).unwrap_or_default())
        };
        self.builder.add(Node {
            range: start..self.at,
            content: Content::Scalar { text, quoted: true },
        })
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Step {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
        ) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            self.at = start;
            if word.is_empty() {
                return Err(self.fault(Text::new("此处须为一个值", "a value is needed here")));
            }
            let message = text!("`{word}` 不是 JSON 的值", "`{word}` is not a JSON value");
            let stop = self.builder.syntax(start..start + word.len(), message);
            if let Some(diagnostic) = self.builder.diagnostics.last_mut() {
                diagnostic.help.push(Text::new(
                    "文本须用双引号括起",
                    "a text stands in double quotes",
                ));
            }
            return Err(stop);
        }
        self.builder.add(Node {
            range: start..self.at,
            content: Content::Scalar {
                text: Cow::Borrowed(word),
                quoted: false,
            },
        })
    }
}

/// Whether a word is a number as JSON writes them.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
