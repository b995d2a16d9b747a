//! Breaks Chinese and Latin text into lines that fit, without knowing the font.
//!
//! Invariant: widths are estimated from above, for the widest of the usual sans-serif fonts.

use unicode_width::UnicodeWidthChar;

/// The width of a text at a font size, both in pixels, rounded up.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let hundredths: i32 = text.chars().map(hundredths).sum();
    (hundredths * size + 99) / 100
}

/// The width of a character in hundredths of the font size.
fn hundredths(c: char) -> i32 {
    match c.width() {
        None | Some(0) => 0,
        Some(1) => match c {
            ' ' | 'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 40,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 100,
            'A'..='Z' => 78,
            ' '..='~' => 64,
            // A Chinese font draws “—”, “…” and similar characters as wide as an ideograph.
            _ => 100,
        },
        Some(_) => 100,
    }
}

/// Breaks a text into at most `most` lines of at most `limit` pixels; a cut text ends in `…`.
///
/// Chinese breaks anywhere except before closing and after opening punctuation; Latin after spaces, hyphens, dots and
/// slashes, and anywhere in a word longer than a line.
pub(super) fn wrap(text: &str, size: i32, limit: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for unit in units(text) {
        let fits =
            |line: &str, unit: &str| width(line, size) + width(unit.trim_end(), size) <= limit;
        if fits(&line, &unit) {
            line.push_str(&unit);
            continue;
        }
        push(&mut lines, &mut line);
        if fits("", &unit) {
            line = unit;
            continue;
        }
        for c in unit.chars() {
            if !fits(&line, c.encode_utf8(&mut [0; 4])) {
                push(&mut lines, &mut line);
            }
            line.push(c);
        }
    }
    push(&mut lines, &mut line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(last, size) + size > limit && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

fn push(lines: &mut Vec<String>, line: &mut String) {
    let done = std::mem::take(line);
    if !done.trim().is_empty() {
        lines.push(done.trim().to_owned());
    }
}

/// The pieces between which a text may be broken.
fn units(text: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    // A hyphen, dot or slash divides a word only after three letters: never `e-CQS`.
    let divides = |unit: &str| {
        unit.ends_with(' ') || unit.ends_with(['-', '.', '/']) && unit.chars().count() > 3
    };
    for c in text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
    {
        let divided = units.last().is_none_or(|unit| divides(unit));
        let together = before.is_some_and(|before| {
            is_closing(c)
                || is_opening(before)
                || c == ' '
                || !is_wide(before) && !is_wide(c) && !divided
        });
        match units.last_mut() {
            Some(unit) if together => unit.push(c),
            _ => units.push(c.to_string()),
        }
        before = Some(c);
    }
    units
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn is_closing(c: char) -> bool {
    "，。、；：？！）》】〕”’…％%),.;:?!]".contains(c)
}

fn is_opening(c: char) -> bool {
    "（《【〔“‘([".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        for text in [
            "不合格检验报告（含复检结论）应当在报告出具后七日内寄送至省局质量监管处，并附《监督抽查结果通知书》。",
            "Failed report mailed to the province within seven calendar days of its issue",
            "report.failed.mail-to-the-provincial-bureau-of-the-province-in-question",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            let lines = wrap(text, 14, 190, 99);
            assert!(lines.iter().all(|line| width(line, 14) <= 190), "{lines:?}");
            let bare = |text: &str| text.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(text));
            assert!(
                lines
                    .iter()
                    .all(|line| !line.starts_with(['，', '。', '）', '》']))
            );
        }
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis_inside_the_box() {
        let lines = wrap(&"甲".repeat(100), 14, 140, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && width(&lines[1], 14) <= 140);
        assert!(wrap("", 14, 140, 2).is_empty());
    }
}
