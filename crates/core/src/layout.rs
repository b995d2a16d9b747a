//! Lays text out in the columns of a terminal, and makes it safe to show.
//!
//! Terms: a *column* is the width of one ASCII letter; a Chinese character takes two. *Visible* text contains no
//! character that a terminal would interpret or that hides or reorders its neighbours: those are replaced by a picture
//! or a number.
//!
//! Invariants: these functions return visible text, whatever their input; no line is wider than requested, unless a
//! single character is.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar;

/// Marks where text was left out.
pub const ELLIPSIS: &str = "…";

/// The narrowest supported terminal.
pub const MIN_WIDTH: usize = 40;

/// The number of columns of visible text.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The number of columns of one visible character.
#[must_use]
pub fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// What to show instead of a character that must not be shown as it is; `None` if it may.
#[must_use]
pub fn stand_in(c: char) -> Option<Cow<'static, str>> {
    Some(match c {
        '\t' => Cow::Borrowed("⇥   "),
        '\u{7f}' => Cow::Borrowed("␡"),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c))
            .map_or(Cow::Borrowed("�"), |picture| Cow::Owned(picture.into())),
        // C1 controls, soft hyphen, bidirectional controls, zero-width and invisible characters, line and paragraph
        // separators, tags, interlinear marks.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Cow::Owned(format!("<U+{:04X}>", u32::from(c))),
        _ => return None,
    })
}

/// `text` with every unsafe character replaced.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(|c| stand_in(c).is_some()) else {
        return Cow::Borrowed(text);
    };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(clean);
    for c in rest.chars() {
        match stand_in(c) {
            Some(shown) => out.push_str(&shown),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// `text` as visible lines of at most `columns`, broken where the language allows it: between Chinese characters, but
/// not before `，` or `。` nor after `（`. A line break in the text is kept. Never empty.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let options = Options::new(columns.max(2))
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(true);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let paragraph = bind(&visible(paragraph.trim_end()));
        lines.extend(
            textwrap::wrap(&paragraph, &options)
                .into_iter()
                .map(|line| line.replace(JOINER, "")),
        );
    }
    lines
}

/// Forbids a line break where it stands, and is never shown; [`visible`] removes it from input.
const JOINER: char = '\u{2060}';

/// Binds a number to the measure word after it, so that `4日` is not broken, and the dot of `检验报告·结论` to what precedes
/// it, so that no line begins with it.
fn bind(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut number = false;
    for c in text.chars() {
        if c == '·' || number && ('\u{4e00}'..='\u{9fff}').contains(&c) {
            out.push(JOINER);
        }
        number = c.is_ascii_digit();
        out.push(c);
    }
    out
}

/// Items joined by `separator`, broken only between items unless one is too wide by itself.
#[must_use]
pub fn flow(items: &[String], separator: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut item = visible(item).into_owned();
        if at + 1 < items.len() {
            item.push_str(separator);
        }
        match lines.last_mut() {
            Some(line) if width(line) + width(item.trim_end()) <= columns => line.push_str(&item),
            _ => lines.extend(wrap(&item, columns).into_iter().map(|line| {
                if line.ends_with(separator.trim_end()) {
                    line + &separator[separator.trim_end().len()..]
                } else {
                    line
                }
            })),
        }
    }
    lines
}

/// `text` wrapped, with `first` before the first line and an equal indent before the others. If that leaves almost no
/// room, the other lines are indented by four instead.
#[must_use]
pub fn hang(first: &str, text: &str, columns: usize) -> Vec<String> {
    let first = visible(first);
    let indent = width(&first);
    if indent + 16 > columns && indent > 4 {
        let mut lines = wrap(&first, columns);
        lines.extend(
            wrap(text, columns.saturating_sub(4))
                .into_iter()
                .map(|line| format!("    {line}")),
        );
        return lines;
    }
    wrap(text, columns.saturating_sub(indent))
        .into_iter()
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{first}{line}"),
            _ => format!("{:indent$}{line}", ""),
        })
        .collect()
}

/// `text` on one visible line of at most `columns`; an ellipsis replaces what is cut off at the end.
#[must_use]
pub fn clip(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let mut fits = String::new();
    for c in text.chars() {
        let mut single = [0; 4];
        let shown = stand_in(c).unwrap_or_else(|| Cow::Owned(c.encode_utf8(&mut single).into()));
        used += width(&shown);
        if used > columns {
            fits.push_str(ELLIPSIS);
            return fits;
        }
        out.push_str(&shown);
        if used < columns {
            fits.clone_from(&out);
        }
    }
    out
}

/// Like [`clip`], but cuts at the beginning: the end of a path says more.
#[must_use]
pub fn clip_start(text: &str, columns: usize) -> String {
    let text = visible(text);
    if width(&text) <= columns {
        return text.into_owned();
    }
    let mut used = width(ELLIPSIS);
    let kept: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| {
            used += char_width(*c);
            used <= columns
        })
        .collect();
    std::iter::once(ELLIPSIS.to_owned())
        .chain(kept.into_iter().rev().map(String::from))
        .collect()
}

/// `text` on one visible line, cut or padded to exactly `columns`.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = clip(text, columns);
    let missing = columns.saturating_sub(width(&out));
    let _ = write!(out, "{:missing$}", "");
    out
}

/// The meaning of a piece of text, shown by colour. Colour is never the only sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// An error, a violation.
    Bad,
    /// A warning, something a person must look at.
    Warn,
    /// In order.
    Good,
    /// Information.
    Note,
    /// A heading.
    Strong,
    /// Something less important: a path, a line number.
    Faint,
}

/// Colours text, or leaves it plain.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Whether to use terminal colours.
    pub color: bool,
}

impl Paint {
    /// `text` in the colour of its tone.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let ansi = match tone {
            Tone::Bad => Ansi::new().bold().fg_color(Some(AnsiColor::Red.into())),
            Tone::Warn => Ansi::new().bold().fg_color(Some(AnsiColor::Yellow.into())),
            Tone::Good => Ansi::new().fg_color(Some(AnsiColor::Green.into())),
            Tone::Note => Ansi::new().fg_color(Some(AnsiColor::Cyan.into())),
            Tone::Strong => Ansi::new().bold(),
            Tone::Faint => Ansi::new().dimmed(),
        };
        format!("{}{text}{}", ansi.render(), ansi.render_reset())
    }

    /// `line` with its leading `prefix` in the colour of a tone.
    #[must_use]
    pub fn prefix(self, tone: Tone, prefix: &str, line: &str) -> String {
        match line.strip_prefix(prefix) {
            Some(rest) => format!("{}{rest}", self.paint(tone, prefix)),
            None => line.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_acts_on_is_let_through() {
        let shown = visible("a\u{1b}[31m红\u{202e}b\tc\u{9b}\u{7f}\u{200b}");
        assert_eq!(shown, "a␛[31m红<U+202E>b⇥   c<U+009B>␡<U+200B>");
        for c in (0..=0xe01ff).filter_map(char::from_u32) {
            let text = visible(c.encode_utf8(&mut [0; 4])).into_owned();
            assert!(
                !text.chars().any(char::is_control),
                "U+{:04X}",
                u32::from(c)
            );
        }
    }

    #[test]
    fn chinese_is_wrapped_by_columns_and_no_line_begins_with_a_comma() {
        let text = "将检验不合格报告在报告出具后七日内，寄送至省局（质量监管处），并留存邮寄凭证。";
        for columns in 10..60 {
            for line in wrap(text, columns) {
                assert!(width(&line) <= columns, "{columns}: {line}");
                assert!(
                    !line.starts_with(['，', '。', '）', '》']),
                    "{columns}: {line}"
                );
                assert!(!line.ends_with(['（', '《']), "{columns}: {line}");
            }
            assert_eq!(wrap(text, columns).concat(), text);
        }
    }

    #[test]
    fn a_number_keeps_its_measure_word_and_items_stay_whole() {
        assert_eq!(wrap("实际逾期14日内", 11), ["实际逾期", "14日内"]);
        let items = [
            "违规3".to_owned(),
            "待补证12".to_owned(),
            "不适用1".to_owned(),
        ];
        assert_eq!(flow(&items, "、", 16), ["违规3、", "待补证12、", "不适用1"]);
        assert_eq!(flow(&items, "、", 80), ["违规3、待补证12、不适用1"]);
        assert_eq!(flow(&items, ", ", 18), ["违规3, 待补证12, ", "不适用1"]);
    }

    #[test]
    fn a_hanging_indent_is_as_wide_as_what_hangs() {
        assert_eq!(
            hang("依据：", "一二三四五六七八九十一二三", 26),
            ["依据：一二三四五六七八九十", "      一二三"]
        );
    }

    #[test]
    fn text_is_cut_and_filled_by_columns() {
        assert_eq!(clip("检验报告", 8), "检验报告");
        assert_eq!(clip("检验报告", 7), "检验报…");
        assert_eq!(clip("检验报告", 6), "检验…");
        assert_eq!(clip_start("检验报告", 8), "检验报告");
        assert_eq!(clip_start("检验报告", 6), "…报告");
        assert_eq!(pad("检验", 6), "检验  ");
        assert_eq!(pad("检验报告", 6), "检验… ");
    }
}
