//! A page of text, written line by line and never wider than the terminal.
//!
//! Invariant: no line holds a character that a terminal acts on, but for the colours [`Paint`] gives; whoever writes a line
//! need not think of it.

use std::borrow::Cow;

use choucha_core::diagnostic::Style;
use choucha_core::lang::Lang;
use choucha_core::layout::{self, Paint, Tone};

/// The text so far, and its style.
pub(super) struct Sheet {
    out: String,
    pub(super) style: Style,
    pub(super) paint: Paint,
}

impl Sheet {
    pub(super) fn new(style: Style) -> Self {
        let style = Style {
            width: style.width.max(layout::MIN_WIDTH),
            ..style
        };
        Sheet {
            out: String::new(),
            style,
            paint: Paint { color: style.color },
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn lang(&self) -> Lang {
        self.style.lang
    }

    /// The wording in the sheet's language.
    pub(super) fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.style.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The style for content `indent` columns further right.
    pub(super) fn inner(&self, indent: usize) -> Style {
        Style {
            width: self.style.width.saturating_sub(indent),
            ..self.style
        }
    }

    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Adds a finished line.
    pub(super) fn line(&mut self, indent: usize, line: &str) {
        self.out.push_str(&" ".repeat(indent));
        self.out
            .push_str(&harmless(line.trim_end(), self.style.color));
        self.out.push('\n');
    }

    /// Adds finished lines.
    pub(super) fn lines(&mut self, indent: usize, lines: &[String]) {
        for line in lines {
            self.line(indent, line);
        }
    }

    /// Adds a wrapped paragraph.
    pub(super) fn para(&mut self, indent: usize, text: &str) {
        let lines = layout::wrap(text, self.style.width.saturating_sub(indent));
        self.lines(indent, &lines);
    }

    /// Adds a paragraph in a fainter tone.
    pub(super) fn faint(&mut self, indent: usize, text: &str) {
        for line in layout::wrap(text, self.style.width.saturating_sub(indent)) {
            let line = self.paint.paint(Tone::Faint, &line);
            self.line(indent, &line);
        }
    }

    /// A paragraph that stands out.
    pub(super) fn strong(&mut self, text: &str) {
        for line in layout::wrap(text, self.style.width) {
            let line = self.paint.paint(Tone::Strong, &line);
            self.line(0, &line);
        }
    }

    /// A heading.
    pub(super) fn heading(&mut self, tone: Tone, text: &str) {
        self.blank();
        for line in layout::wrap(text, self.style.width) {
            let line = self.paint.paint(tone, &line);
            self.line(0, &line);
        }
    }

    /// Adds `first` in its colour, and the text after it, wrapped with a hanging indent.
    pub(super) fn hang(&mut self, indent: usize, tone: Tone, first: &str, text: &str) {
        let room = self.style.width.saturating_sub(indent);
        for line in layout::hang(first, text, room) {
            let line = self.paint.prefix(tone, first, &line);
            self.line(indent, &line);
        }
    }

    /// `name：text`.
    pub(super) fn field(&mut self, indent: usize, name: &str, text: &str) {
        let first = format!("{name}{}", self.pick("：", ": "));
        self.hang(indent, Tone::Strong, &first, text);
    }

    /// Adds `first` and the items, broken only between items.
    pub(super) fn items(&mut self, first: &str, items: &[String], separator: &str) {
        let first = &*layout::visible(first);
        let indent = layout::width(first);
        let lines = layout::flow(items, separator, self.style.width.saturating_sub(indent));
        if lines.is_empty() {
            self.para(0, first);
        }
        for (at, line) in lines.iter().enumerate() {
            match at {
                0 => {
                    let first = self.paint.paint(Tone::Strong, first);
                    self.line(0, &format!("{first}{line}"));
                }
                _ => self.line(indent, line),
            }
        }
    }

    /// Continues the field above, under its text.
    pub(super) fn more(&mut self, indent: usize, name: &str, text: &str) {
        let under = layout::width(name) + 2;
        self.para(indent + under, text);
    }
}

/// A line without what a terminal acts on; colours stay, where there may be any.
fn harmless(line: &str, color: bool) -> Cow<'_, str> {
    if !color || !line.contains(ESCAPE) {
        return layout::visible(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(ESCAPE) {
        let (before, from) = rest.split_at(at);
        out.push_str(&layout::visible(before));
        let length = color_at(from).unwrap_or(ESCAPE.len_utf8());
        let (code, after) = from.split_at(length);
        match length > ESCAPE.len_utf8() {
            true => out.push_str(code),
            false => out.push_str(&layout::visible(code)),
        }
        rest = after;
    }
    out.push_str(&layout::visible(rest));
    Cow::Owned(out)
}

const ESCAPE: char = '\u{1b}';

/// How many bytes a code for a colour has that a text begins with: `ESC [ 1 ; 31 m`.
fn color_at(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    numbers[end..].starts_with('m').then_some(end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_colours_and_nothing_else_that_a_terminal_acts_on() {
        let line = "\u{1b}[1m\u{1b}[31m红\u{1b}[0m\u{1b}]0;x\u{7}\u{1b}[2J\r甲\u{202e}";
        assert_eq!(
            harmless(line, true),
            "\u{1b}[1m\u{1b}[31m红\u{1b}[0m␛]0;x␇␛[2J␍甲<U+202E>"
        );
        assert!(!harmless(line, false).contains(ESCAPE));
        assert_eq!(harmless("\u{1b}", true), "␛");
        assert_eq!(harmless("\u{1b}[3", true), "␛[3");
    }
}
