//! Scans a script's text for what the script engine does not report: the place of a key of a declaration, the end of a
//! token, and full-width punctuation.
//!
//! It never fails: on text that is not a script it only finds less.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use choucha_core::source::{Source, Span};

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A quoted text, its quotes included.
    Text,
    /// A name, a keyword or a number.
    Word,
    /// `(`, `[`, `{`, `#{`.
    Open,
    /// `)`, `]`, `}`.
    Close,
    /// Anything else; operators of several characters are one token.
    Symbol,
}

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

/// The tokens of a text from an offset on, without white space and comments.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// The beginning of an unclosed comment.
    unclosed: Option<usize>,
}

/// Scans a text from an offset on.
pub(super) fn tokens(text: &str, from: usize) -> Tokens<'_> {
    let at = if text.is_char_boundary(from) {
        from
    } else {
        text.len()
    };
    Tokens {
        text,
        at,
        unclosed: None,
    }
}

impl Tokens<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn bump_if(&mut self, wanted: impl FnOnce(char) -> bool) -> bool {
        let found = self.peek().filter(|c| wanted(*c));
        self.at += found.map_or(0, char::len_utf8);
        found.is_some()
    }

    /// Moves to the first wanted byte that begins a character, or to the end.
    fn seek(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.rest();
        let passed = rest.bytes().position(wanted).unwrap_or(rest.len());
        self.at += passed;
    }

    fn blank(&mut self) {
        loop {
            match *self.rest().as_bytes() {
                [b'/', b'/', ..] => self.seek(|b| b == b'\n'),
                [b'/', b'*', ..] => self.block_comment(),
                [b' ' | b'\n', ..] => self.seek(|b| !matches!(b, b' ' | b'\n')),
                _ => {
                    if !self.bump_if(char::is_whitespace) {
                        return;
                    }
                }
            }
        }
    }

    /// Skips the rest of a word.
    fn word(&mut self) {
        loop {
            self.seek(|b| !(b.is_ascii_alphanumeric() || b == b'_'));
            if !self.bump_if(is_word) {
                return;
            }
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            self.seek(|b| b == b'/' || b == b'*');
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else if self.bump().is_none() {
                self.unclosed = Some(start);
                return;
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Skips the rest of a quoted text after its opening quote.
    fn quoted(&mut self, quote: char) {
        let mut nested = 0usize;
        loop {
            self.seek(|b| matches!(b, b'\\' | b'$' | b'{' | b'}' | b'\n' | b'"' | b'`' | b'\''));
            match self.bump() {
                None => return,
                Some('\\') if quote != '`' => {
                    self.bump();
                }
                Some('$') if quote == '`' && self.rest().starts_with('{') => {
                    nested += 1;
                    self.at += 1;
                }
                Some('{') if nested > 0 => nested += 1,
                Some('}') if nested > 0 => nested -= 1,
                // An unclosed text ends with its line, as in the script engine.
                Some('\n') if quote != '`' => return,
                // A doubled quote is a quote inside the text.
                Some(c) if c == quote && nested == 0 && !self.bump_if(|next| next == quote) => {
                    return;
                }
                Some(_) => {}
            }
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.blank();
        let start = self.at;
        let c = self.bump()?;
        let kind = match c {
            '"' | '`' | '\'' => {
                self.quoted(c);
                TokenKind::Text
            }
            '#' if self.bump_if(|next| next == '{') => TokenKind::Open,
            '(' | '[' | '{' => TokenKind::Open,
            ')' | ']' | '}' => TokenKind::Close,
            c if is_word(c) => {
                self.word();
                TokenKind::Word
            }
            ':' => {
                self.bump_if(|next| next == ':');
                TokenKind::Symbol
            }
            c if is_operator(c) => {
                while self.bump_if(is_operator) {}
                TokenKind::Symbol
            }
            _ => TokenKind::Symbol,
        };
        Some(Token {
            kind,
            range: start..self.at,
        })
    }
}

fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric() && full_width(c).is_none()
}

fn is_operator(c: char) -> bool {
    matches!(
        c,
        '=' | '!' | '<' | '>' | '&' | '|' | '+' | '-' | '*' | '/' | '%' | '?'
    )
}

/// The half-width character that people mean by a full-width one.
pub(super) fn full_width(c: char) -> Option<char> {
    Some(match c {
        '“' | '”' | '„' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' => '\'',
        '，' | '、' => ',',
        '。' => '.',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '《' => '<',
        '》' => '>',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
        _ => return None,
    })
}

/// A script without the words of comment-only lines: everything else keeps its line and column, and the script engine,
/// which reads character by character, has a third less to read.
///
/// A script in which such a line might be part of a text or of a longer comment is left unchanged.
pub(super) fn without_comment_lines(text: &str) -> Cow<'_, str> {
    let mut bare = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("//") {
            bare.extend(line.ends_with('\n').then_some('\n'));
        } else {
            bare.push_str(line);
        }
    }
    // Before the first sign of a multi-line text or comment, every line is what it seems. That sign is not in a
    // comment.
    if is_of_lines(&bare) {
        Cow::Owned(bare)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether no text and no comment of a script spans several lines.
pub(super) fn is_of_lines(text: &str) -> bool {
    let long = ["`", "/*", "\\\n", "\\\r"];
    !long.iter().any(|sign| text.contains(sign))
}

/// The span of the token at an offset.
pub(super) fn token_at(source: &Arc<Source>, offset: usize) -> Span {
    let end = tokens(source.text(), offset)
        .next()
        .filter(|token| token.range.start == offset)
        .map_or(offset, |token| token.range.end);
    // A text of several lines is marked by its first line.
    let range = offset..end;
    let shown = source.text().get(range.clone()).unwrap_or("");
    let first = shown.find('\n').unwrap_or(shown.len());
    Span::new(source, range.start..range.start + first)
}

/// Every full-width punctuation mark outside texts and comments, with its half-width form.
pub(super) fn full_width_in(text: &str) -> Vec<(Range<usize>, char, char)> {
    tokens(text, 0)
        .filter(|token| token.kind == TokenKind::Symbol)
        .filter_map(|token| {
            let c = text.get(token.range.clone())?.chars().next()?;
            Some((token.range, c, full_width(c)?))
        })
        .collect()
}

/// The beginning of an unclosed comment, which for the script engine extends to the end.
pub(super) fn unclosed_comment(source: &Arc<Source>) -> Option<Span> {
    // Few scripts have such comments, and scanning every token takes time.
    if !source.text().contains("/*") {
        return None;
    }
    let mut all = tokens(source.text(), 0);
    while all.next().is_some() {}
    let start = all.unclosed?;
    Some(Span::new(source, start..start + "/*".len()))
}

/// The names that a script gives to variables, functions, parameters and modules.
pub(super) fn names_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut before = "";
    for token in tokens(text, 0) {
        let shown = text.get(token.range).unwrap_or("");
        if matches!(before, "let" | "const" | "fn" | "as" | "for" | "in")
            && token.kind == TokenKind::Word
        {
            names.push(shown);
        }
        before = shown;
    }
    names
}

/// The place where a function is defined.
pub(super) fn function(source: &Arc<Source>, name: &str) -> Option<Span> {
    let mut after_fn = false;
    for token in tokens(source.text(), 0) {
        let shown = source.text().get(token.range.clone())?;
        if after_fn && shown == name {
            return Some(Span::new(source, token.range));
        }
        after_fn = shown == "fn";
    }
    None
}

/// The parts of one call's text.
pub(super) struct CallText {
    /// From the call to its closing bracket.
    pub(super) range: Range<usize>,
    /// The keys of the map literal among its arguments, each with the byte range of its value.
    entries: Vec<(Range<usize>, Range<usize>)>,
    /// The quoted texts in the call.
    quoted: Vec<Range<usize>>,
}

/// A key of a map literal, and its value.
#[derive(Clone)]
pub(super) struct Entry {
    /// The key.
    pub(super) key: Span,
    /// The byte range of the value.
    pub(super) value: Range<usize>,
}

/// Scans the call that begins at an offset, up to its closing bracket.
pub(super) fn read_call(source: &Source, call: usize) -> CallText {
    let text = source.text();
    let mut read = CallText {
        range: call..text.len(),
        entries: Vec::new(),
        quoted: Vec::new(),
    };
    let mut depth = 0usize;
    // The nesting level of the map's keys: that of the first map directly among the arguments.
    let mut map: Option<usize> = None;
    let mut open: Option<(Range<usize>, usize)> = None;
    let mut before: Option<Range<usize>> = None;
    for token in tokens(text, call) {
        let shown = text.get(token.range.clone()).unwrap_or("");
        let in_map = map == Some(depth);
        match token.kind {
            TokenKind::Open => {
                depth += 1;
                if shown == "#{" && map.is_none() && depth == 2 {
                    map = Some(depth);
                }
            }
            TokenKind::Close => {
                if let Some((key, start)) = open.take_if(|_| in_map) {
                    read.entries.push((key, start..token.range.start));
                }
                if in_map {
                    // The first map was the one; ignore further maps in the call.
                    map = Some(usize::MAX);
                }
                if depth <= 1 {
                    read.range.end = token.range.end;
                    return read;
                }
                depth -= 1;
            }
            TokenKind::Symbol if depth == 0 && shown == ";" => {
                read.range.end = token.range.end;
                return read;
            }
            TokenKind::Symbol if in_map && shown == "," => {
                if let Some((key, start)) = open.take() {
                    read.entries.push((key, start..token.range.start));
                }
            }
            TokenKind::Symbol if in_map && shown == ":" && open.is_none() => {
                open = before.take().map(|key| (key, token.range.end));
            }
            TokenKind::Text => read.quoted.push(token.range.clone()),
            _ => {}
        }
        before = Some(token.range);
    }
    read
}

impl CallText {
    /// A key of the call's map literal; `None` if the map or the key is not written there.
    pub(super) fn entry(&self, source: &Arc<Source>, wanted: &str) -> Option<Entry> {
        self.entries
            .iter()
            .find(|(key, _)| unquoted(source, key) == wanted)
            .map(|(key, value)| Entry {
                key: Span::new(source, key.clone()),
                value: value.clone(),
            })
    }

    /// The first quoted text with this content in a part of the call.
    pub(super) fn quoted(
        &self,
        source: &Arc<Source>,
        within: &Range<usize>,
        wanted: &str,
    ) -> Option<Span> {
        self.quoted
            .iter()
            .find(|quoted| within.contains(&quoted.start) && unquoted(source, quoted) == wanted)
            .map(|quoted| Span::new(source, quoted.clone()))
    }
}

fn unquoted<'a>(source: &'a Source, range: &Range<usize>) -> &'a str {
    source
        .text()
        .get(range.clone())
        .unwrap_or("")
        .trim_matches(['"', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        tokens(text, 0).map(|token| &text[token.range]).collect()
    }

    #[test]
    fn texts_comments_and_operators_are_told_apart() {
        assert_eq!(
            shown(
                "let 甲 = \"a // \\\" b\"; /* x /* y */ z */ a::b(1) >= `x ${f(\"`\")} y` // end"
            ),
            [
                "let",
                "甲",
                "=",
                "\"a // \\\" b\"",
                ";",
                "a",
                "::",
                "b",
                "(",
                "1",
                ")",
                ">=",
                "`x ${f(\"`\")} y`"
            ]
        );
    }

    #[test]
    fn a_key_is_found_at_its_own_level_only() {
        let source = Source::new(
            "a.rhai",
            "obligation(\"x\", #{\n  title: \"title: y\", // title\n  cite: f(#{ must: 1 }),\n  \"must\": fact(\"a\") == a::b,\n  after: [\"p\", \"q\"],\n});\nobligation(\"y\", #{ note: 1 });",
        );
        let call = read_call(&source, 0);
        let at = |key: &str| {
            call.entry(&source, key)
                .map(|entry| entry.key.position().to_string())
        };
        assert_eq!(at("title").as_deref(), Some("2:3"));
        assert_eq!(at("must").as_deref(), Some("4:3"));
        assert_eq!(at("after").as_deref(), Some("5:3"));
        assert_eq!(at("note"), None);
        let after = call.entry(&source, "after").unwrap();
        let q = call.quoted(&source, &after.value, "q").unwrap();
        assert_eq!(q.position().to_string(), "5:16");
    }

    #[test]
    fn full_width_punctuation_is_seen_outside_texts_and_comments_only() {
        let text = "let a = “x”； // 说明，\nb(\"甲，乙\"，1)";
        let found: String = full_width_in(text).iter().map(|(_, c, _)| *c).collect();
        assert_eq!(found, "“”；，");
    }

    #[test]
    fn comment_lines_are_emptied_only_where_they_can_be_nothing_else() {
        let bare = |text| without_comment_lines(text).into_owned();
        assert_eq!(
            bare("// 甲\nlet a = 1; // 乙\n  /// 丙\n// 丁"),
            "\nlet a = 1; // 乙\n\n"
        );
        assert_eq!(
            bare("// `甲` /* 乙 \\\nlet a = 1;\n/// `丙"),
            "\nlet a = 1;\n"
        );
        for kept in [
            "let a = `\n// x\n`;",
            "/*\n// x */ let a = 1;",
            "let a = \"x\\\n// y\";",
        ] {
            assert_eq!(bare(kept), kept);
        }
    }

    #[test]
    fn text_that_is_no_script_is_read_to_its_end() {
        for text in ["\"", "`${", "/* /*", "#", "}}}", "'", "\u{feff}", "a\\"] {
            assert!(tokens(text, 0).count() < 10);
            let source = Source::new("a", text);
            assert!(read_call(&source, 0).entry(&source, "a").is_none());
            let _ = token_at(&source, 0);
        }
    }
}
