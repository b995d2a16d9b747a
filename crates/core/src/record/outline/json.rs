//! Scans JSON without recursion, so that no nesting can exhaust the stack.
//!
//! It passes the elements to a [`Sink`], in the order written: the outline builds a tree from them; the places of a
//! record keep only the places of its facts.

use std::borrow::Cow;
use std::ops::Range;

use super::{Builder, Content, MAX_DEPTH, Node, Step, Stop};
use crate::lang::Text;
use crate::text;

/// Receives the elements of a text.
///
/// Each call may stop the scanner, as a fault does. An implementation must allow at most [`MAX_DEPTH`] nested lists and
/// maps, which is what the scanner can count.
pub(crate) trait Sink<'s> {
    /// A list or map begins.
    fn open(&mut self, start: usize, is_map: bool) -> Step;

    /// The innermost list or map ends.
    fn close(&mut self, end: usize) -> Step;

    /// A key of the innermost map.
    fn key(&mut self, range: Range<usize>, text: Cow<'s, str>) -> Step;

    /// A value that is neither list nor map.
    fn scalar(&mut self, range: Range<usize>, text: Cow<'s, str>, quoted: bool) -> Step;

    /// Something that is not JSON.
    fn fault(&mut self, range: Range<usize>, message: Text, help: Option<Text>) -> Stop;
}

impl<'s> Sink<'s> for Builder<'s> {
    fn open(&mut self, start: usize, is_map: bool) -> Step {
        match is_map {
            true => self.open_map(start, 0),
            false => self.open_list(start, 0),
        }
    }

    fn close(&mut self, end: usize) -> Step {
        Builder::close(self, end).map(|_| ())
    }

    fn key(&mut self, range: Range<usize>, text: Cow<'s, str>) -> Step {
        self.scalar(range, text, true)
    }

    fn scalar(&mut self, range: Range<usize>, text: Cow<'s, str>, quoted: bool) -> Step {
        let content = Content::Scalar { text, quoted };
        self.add(Node { range, content })
    }

    fn fault(&mut self, range: Range<usize>, message: Text, help: Option<Text>) -> Stop {
        let stop = self.syntax(range, message);
        if let Some(diagnostic) = self.diagnostics.last_mut() {
            diagnostic.help.extend(help);
        }
        stop
    }
}

/// Reads a text as JSON (RFC 8259).
pub(crate) fn read<'s>(text: &'s str, sink: &mut impl Sink<'s>) -> Step {
    read_from(text, 0, sink)
}

/// Reads the JSON that begins at a position in a text.
pub(crate) fn read_from<'s>(text: &'s str, start: usize, sink: &mut impl Sink<'s>) -> Step {
    let mut scanner = Scanner {
        sink,
        text,
        at: start,
        depth: 0,
        maps: 0,
        first: true,
    };
    scanner.space();
    scanner.value()?;
    while scanner.depth > 0 {
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

struct Scanner<'b, 's, S> {
    sink: &'b mut S,
    text: &'s str,
    at: usize,
    /// The number of open lists and maps.
    depth: usize,
    /// Which of them are maps; the innermost is the lowest bit.
    maps: u128,
    /// Whether nothing in the innermost has been read yet.
    first: bool,
}

// One bit per open list or map.
const _: () = assert!(MAX_DEPTH <= 128);

impl<'s, S: Sink<'s>> Scanner<'_, 's, S> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// A fault at the current character.
    #[cold]
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
        self.sink.fault(self.at..self.at + length, message, None)
    }

    /// One step inside the innermost list or map: its end, or its next element.
    fn next(&mut self) -> Step {
        self.space();
        let map = self.maps & 1 == 1;
        let close = if map { b'}' } else { b']' };
        if self.peek() == Some(close) {
            self.at += 1;
            self.depth -= 1;
            self.maps >>= 1;
            self.first = false;
            return self.sink.close(self.at);
        }
        if !self.first {
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
            let (range, text) = self.string()?;
            self.sink.key(range, text)?;
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
            Some(b'{') => self.open(true),
            Some(b'[') => self.open(false),
            Some(b'"') => {
                let (range, text) = self.string()?;
                self.first = false;
                self.sink.scalar(range, text, true)
            }
            Some(_) => {
                let (range, word) = self.word()?;
                self.first = false;
                self.sink.scalar(range, Cow::Borrowed(word), false)
            }
            None => Err(self.fault(Text::default())),
        }
    }

    fn open(&mut self, is_map: bool) -> Step {
        self.sink.open(self.at, is_map)?;
        self.at += 1;
        self.depth += 1;
        self.maps = self.maps << 1 | u128::from(is_map);
        self.first = true;
        Ok(())
    }

    /// A string: its range, quotes included, and its contents.
    #[inline(always)]
    fn string(&mut self) -> Step<(Range<usize>, Cow<'s, str>)> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += plain(bytes.get(self.at..).unwrap_or_default());
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(_) => {
                    return Err(self.fault(Text::new(
                        "引号内不能直接换行或含控制字符",
                        "a line break or control character cannot stand inside quotes",
                    )));
                }
                None => {
                    self.at = start;
                    return Err(self.fault(Text::new("引号没有配对", "the quotes are not closed")));
                }
            }
        }
        self.at += 1;
        let text = if escaped {
            let raw = self.text.get(start..self.at).unwrap_or_default();
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
            let inside = self.text.get(start + 1..self.at - 1);
            Cow::Borrowed(inside.unwrap_or_default())
        };
        Ok((start..self.at, text))
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Step<(Range<usize>, &'s str)> {
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
            let help = Text::new("文本须用双引号括起", "a text stands in double quotes");
            let range = start..start + word.len();
            return Err(self.sink.fault(range, message, Some(help)));
        }
        Ok((start..self.at, word))
    }
}

/// The number of bytes before the first that cannot stand unescaped inside quotes: a quote, a backslash or a control
/// character. Compares eight bytes at a time.
#[inline(always)]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    // Marks the bytes less than `limit`. Bytes above a marked one may be marked wrongly, which does not matter, since
    // only the first is used.
    let less = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (n, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
        let found = is(b'"') | is(b'\\') | less(word, 0x20);
        if found != 0 {
            return n * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let before = rest.iter().position(ends).unwrap_or(rest.len());
    bytes.len() - rest.len() + before
}

/// Whether a word is a JSON number.
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

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn the_first_byte_that_ends_plain_text_is_found_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..=length {
                for end in [b'"', b'\\', b'\n', 0, 0x1f] {
                    for filler in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                        let mut bytes = vec![filler; length];
                        assert_eq!(plain(&bytes), length);
                        if let Some(byte) = bytes.get_mut(at) {
                            *byte = end;
                        }
                        bytes.push(end);
                        assert_eq!(
                            plain(&bytes),
                            at,
                            "{end} at {at} of {length} after {filler}"
                        );
                    }
                }
            }
        }
    }
}
