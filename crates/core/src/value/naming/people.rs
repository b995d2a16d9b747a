//! The people named in one text: `张甲、李乙`, `张甲 李乙`, `组长：张甲；组员：李乙（见习）`.
//!
//! A text that clearly names several people gives several. If it may name one or several, or leaves out how many or
//! who, that is a [`Doubt`]: the text says something, but its meaning is unknown.

use std::ops::Range;

use super::words::{FAMILY, FAMILY_OF_TWO, NOTES, ORGANISATION, ROLES};
use super::{is_han, is_invisible, visible};

/// Why it is unclear whom a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Blanks that may be inside one name or between several.
    Spaced,
    /// 等2人: it does not name all of them.
    AndOthers,
    /// Several names seem to be run together.
    Together,
    /// A note or a number, but no name.
    NoName,
}

/// A person as a text names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person<'t> {
    /// The name, without what follows in brackets.
    pub name: &'t str,
    /// A number in the brackets.
    pub id: Option<&'t str>,
    /// An organisation in the brackets.
    pub employer: Option<&'t str>,
}

/// The people a text names, as ranges of it that include what follows a name in brackets.
///
/// # Errors
///
/// A [`Doubt`], if it is unclear who or how many.
pub fn people(text: &str) -> Result<Vec<Range<usize>>, Doubt> {
    let pieces = pieces(text);
    let alone = pieces.len() < 2;
    let mut found: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
    // The number of people that the text states.
    let mut said: Option<Option<usize>> = None;
    for piece in pieces {
        let piece = without_role(text, piece);
        let (piece, count) = without_count(text, piece);
        said = count.or(said);
        if piece.is_empty() {
            continue;
        }
        one_piece(text, piece, alone, &mut found)?;
    }
    match said {
        Some(count) if count != Some(found.len()) => Err(Doubt::AndOthers),
        _ if found.is_empty() => Err(Doubt::NoName),
        _ => Ok(found),
    }
}

/// Splits a name from what follows in brackets.
#[must_use]
pub fn person(text: &str) -> Person<'_> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let (name, mut remark) = without_brackets(text);
    let (mut id, mut employer) = (None, None);
    if let Some(words) = remark.take() {
        id = number_of(words);
        if id.is_none() && is_organisation(words) {
            employer = Some(words);
        }
    }
    Person { name, id, employer }
}

/// Whether a text names several organisations.
#[must_use]
pub fn names_organisations(text: &str) -> bool {
    let parts = split(text, |c| matches!(c, '、' | '；' | ';' | '\n' | '，' | ','));
    parts.len() > 1
        && parts.iter().all(|part| {
            let (name, _) = without_brackets(&text[part.clone()]);
            is_organisation(name)
        })
}

/// Whether a text clearly lists people: each a family name with one or two more characters.
#[must_use]
pub fn is_people(text: &str) -> bool {
    people(text).is_ok_and(|found| found.into_iter().all(|range| is_full(&text[range])))
}

/// Whether a name ends like those of organisations.
#[must_use]
pub fn is_organisation(text: &str) -> bool {
    text.chars().count() >= 3 && ORGANISATION.iter().any(|end| text.ends_with(end))
}

/// The number in brackets after a name: 工号017, A-12. Excludes telephone numbers, which identify nobody.
fn number_of(words: &str) -> Option<&str> {
    const LABELS: [&str; 7] = ["执法证", "身份证", "证件", "工号", "证号", "编号", "号"];
    let labelled = LABELS.iter().any(|label| words.contains(label));
    let at = words.find(|c: char| c.is_ascii_digit() || labelled && c.is_ascii_alphabetic());
    let plain = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.'))
    };
    if !labelled {
        let telephone = words.len() == 11 && words.starts_with('1');
        let fits = words.len() >= 2 && plain(words) && !telephone && at.is_some();
        return fits.then_some(words);
    }
    let number = words[at?..].trim();
    (plain(number) && number.len() >= 2).then_some(number)
}

/// A text without the brackets at its end, and their contents.
fn without_brackets(text: &str) -> (&str, Option<&str>) {
    let mut rest = text;
    let mut remark = None;
    loop {
        let closes = |c: char| c == '）' || c == ')' || c == '】' || c == ']';
        let opens = |c: char| c == '（' || c == '(' || c == '【' || c == '[';
        let Some(inner) = rest.strip_suffix(closes) else {
            return (rest, remark);
        };
        let Some((at, open)) = inner.char_indices().rev().find(|(_, c)| opens(*c)) else {
            return (rest, remark);
        };
        let before = rest[..at].trim_end();
        if before.is_empty() {
            return (rest, remark);
        }
        remark = Some(inner[at + open.len_utf8()..].trim());
        rest = before;
    }
}

/// A range without white space and invisible characters at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let skip = |c: char| c.is_whitespace() || is_invisible(c);
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start_matches(skip).len();
    let length = part.trim_matches(skip).len();
    start..start + length
}

/// The parts of a text between separators outside brackets, without blank parts.
fn split(text: &str, separates: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && separates(c) => {
                found.push(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(start..text.len());
    found
        .into_iter()
        .map(|range| trimmed(text, range))
        .filter(|range| !range.is_empty())
        .collect()
}

/// The parts of a text between the separators of people, without list numbers before them: `1.张甲 2.李乙`.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let separates = |c: char| {
        matches!(
            c,
            '、' | '，'
                | ','
                | '；'
                | ';'
                | '\n'
                | '\r'
                | '\t'
                | '+'
                | '＋'
                | '|'
                | '｜'
                | '&'
                | '＆'
                | '/'
                | '／'
                | '\\'
                | '。'
        ) || is_circled(c)
    };
    let mut found = Vec::new();
    for part in split(text, separates) {
        let mut start = part.start;
        let mut at = part.start;
        while at < part.end {
            let width = text[at..].chars().next().map_or(1, char::len_utf8);
            let begins = at == part.start
                || text[part.start..at].ends_with(|c: char| c.is_whitespace() || is_han(c));
            match ordinal(&text[at..part.end]).filter(|_| begins) {
                Some(length) => {
                    found.push(trimmed(text, start..at));
                    at += length;
                    start = at;
                }
                None => at += width,
            }
        }
        found.push(trimmed(text, start..part.end));
    }
    // The remains of a list number: 1、张甲 2、李乙.
    let is_number = |range: &Range<usize>| {
        let part = &text[range.clone()];
        part.chars().count() <= 2
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    };
    let numbered = found
        .iter()
        .any(|range| range.start < range.end && is_number(range))
        && found.len() > 1;
    let mut kept: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        if range.is_empty() || numbered && is_number(&range) {
            continue;
        }
        let part = &text[range.clone()];
        let bare = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let left_over = numbered && bare.len() < part.len() && bare.ends_with(char::is_whitespace);
        kept.push(match left_over {
            true => trimmed(text, range.start..range.start + bare.len()),
            false => range,
        });
    }
    kept
}

fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⑴'..='⒇')
}

/// The length of a list number: `1.`, `2）`, `（3）`.
fn ordinal(text: &str) -> Option<usize> {
    let opened = text.strip_prefix(['（', '(']);
    let digits = opened.unwrap_or(text);
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let rest = digits.trim_start_matches(is_digit);
    let count = digits[..digits.len() - rest.len()].chars().count();
    if !(1..=2).contains(&count) {
        return None;
    }
    let marks: &[char] = match opened {
        Some(_) => &['）', ')'],
        None => &['.', '．', '）', ')', ':', '：'],
    };
    let after = rest.strip_prefix(marks)?;
    let named = after.trim_start().chars().next().is_some_and(is_han);
    named.then_some(text.len() - after.len())
}

/// A part without the role before the name: 组长：张甲.
fn without_role(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    match part.char_indices().find(|(_, c)| matches!(c, '：' | ':')) {
        Some((at, c)) if part[..at].chars().count() <= 8 => {
            trimmed(text, range.start + at + c.len_utf8()..range.end)
        }
        _ => range,
    }
}

/// A part without the words that state a number, and that number: 张甲等2人. `Some(None)`: more than are named.
fn without_count(text: &str, range: Range<usize>) -> (Range<usize>, Option<Option<usize>>) {
    let part = &text[range.clone()];
    let (before, remark) = without_brackets(part);
    if let Some(count) = remark.and_then(counted) {
        return (
            trimmed(text, range.start..range.start + before.len()),
            Some(count),
        );
    }
    // The longest ending that states a number.
    for (at, c) in part.char_indices() {
        // 张一名 is a name; 张甲 两人 is not.
        let spelt =
            "一二两三四五六七八九十数多".contains(c) && part[..at].ends_with(char::is_whitespace);
        let begins = matches!(c, '等' | '共' | '计') || c.is_ascii_digit() || spelt;
        if begins && let Some(count) = counted(&part[at..]) {
            return (trimmed(text, range.start..range.start + at), Some(count));
        }
    }
    (range, None)
}

/// The number that 等2人, 共两人, 3名 or 等 state; `Some(None)` if they state none.
fn counted(words: &str) -> Option<Option<usize>> {
    let words: String = visible(words)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let rest = words
        .strip_prefix('等')
        .or_else(|| words.strip_prefix("共计"))
        .or_else(|| words.strip_prefix(['共', '计']));
    let marked = rest.is_some();
    let rest = rest.unwrap_or(&words);
    if marked && matches!(rest, "" | "人" | "人员" | "同志") {
        return words.starts_with('等').then_some(None);
    }
    let number = [
        "位同志",
        "名同志",
        "位",
        "名",
        "人",
        "个人",
        "名抽样人员",
        "名检验人员",
        "名执法人员",
    ]
    .iter()
    .find_map(|unit| rest.strip_suffix(unit))?;
    const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let count = match number {
        "两" => Some(2),
        "数" | "多" | "若干" => return Some(None),
        _ => DIGITS
            .iter()
            .position(|digit| *digit == number)
            .map(|at| at + 1),
    };
    count.or_else(|| number.parse().ok()).map(Some)
}

/// The people of one part, which contains no more separators.
fn one_piece(
    text: &str,
    piece: Range<usize>,
    alone: bool,
    found: &mut Vec<Range<usize>>,
) -> Result<(), Doubt> {
    let is_latin =
        |part: &str| part.chars().any(|c| c.is_alphabetic()) && !part.chars().any(is_han);
    if is_latin(&text[piece.clone()]) {
        found.push(piece);
        return Ok(());
    }
    let tokens: Vec<Range<usize>> = split(&text[piece.clone()], char::is_whitespace)
        .into_iter()
        .map(|token| piece.start + token.start..piece.start + token.end)
        .collect();
    // Brackets after a blank, telephone numbers and roles are remarks.
    let says_name = |token: &Range<usize>| {
        let word = visible(&text[token.clone()]);
        let is_number = word.chars().all(|c| c.is_ascii_digit() || c == '-');
        !(word.starts_with(['（', '(', '【', '[']) || is_number || ROLES.contains(&&*word))
    };
    let names: Vec<Range<usize>> = tokens
        .iter()
        .filter(|token| says_name(token))
        .cloned()
        .collect();
    match names.as_slice() {
        [] => Err(Doubt::NoName),
        [only] => one_token(text, only.clone(), found),
        several => {
            let all_full = several.iter().all(|token| {
                let token = without_role(text, token.clone());
                joined(text, &token).len() > 1 || is_full(&text[token])
            });
            if all_full {
                for token in several {
                    one_token(text, without_role(text, token.clone()), found)?;
                }
                return Ok(());
            }
            let count: usize = several
                .iter()
                .map(|token| text[token.clone()].chars().filter(|c| is_han(*c)).count())
                .sum();
            if !alone && count <= 4 {
                let last = several.last().map_or(piece.end, |last| last.end);
                found.push(several[0].start..last);
                return Ok(());
            }
            Err(Doubt::Spaced)
        }
    }
}

/// The people of one word.
fn one_token(text: &str, token: Range<usize>, found: &mut Vec<Range<usize>>) -> Result<(), Doubt> {
    let parts = joined(text, &token);
    if parts.len() > 1 {
        found.extend(parts);
        return Ok(());
    }
    let word = visible(&text[token.clone()]);
    let (name, _) = without_brackets(&word);
    let no_name = NOTES.contains(&name)
        || name.chars().count() <= 2 && name.chars().all(|c| c.is_ascii_digit())
        || name.chars().all(|c| !c.is_alphanumeric());
    if no_name {
        return Err(Doubt::NoName);
    }
    if runs_together(name) {
        return Err(Doubt::Together);
    }
    found.push(token);
    Ok(())
}

/// The names that 和, 与, 及 or a dash join; otherwise the word itself.
fn joined(text: &str, token: &Range<usize>) -> Vec<Range<usize>> {
    let word = &text[token.clone()];
    for (at, c) in word.char_indices() {
        if !matches!(c, '和' | '与' | '及' | '跟' | '-' | '－' | '—' | '–') {
            continue;
        }
        let (left, right) = (
            token.start..token.start + at,
            token.start + at + c.len_utf8()..token.end,
        );
        if right.is_empty() || !is_full(&text[left.clone()]) {
            continue;
        }
        let rest = joined(text, &right);
        if rest.iter().all(|part| is_full(&text[part.clone()])) {
            let mut found = vec![left];
            found.extend(rest);
            return found;
        }
    }
    vec![token.clone()]
}

/// Whether a word is a complete name: a family name and one or two more characters, or parts with a dot between.
fn is_full(word: &str) -> bool {
    let word = visible(word);
    let (name, _) = without_brackets(&word);
    if ROLES.contains(&name) || NOTES.contains(&name) {
        return false;
    }
    if let Some((first, last)) = name.split_once(['·', '•', '・']) {
        return !first.is_empty() && !last.is_empty();
    }
    if !name.chars().all(is_han) {
        return false;
    }
    let length = name.chars().count();
    if FAMILY_OF_TWO.iter().any(|family| name.starts_with(family)) {
        return (3..=4).contains(&length);
    }
    (2..=3).contains(&length) && begins_with_family(name)
}

fn begins_with_family(name: &str) -> bool {
    name.chars().next().is_some_and(|c| FAMILY.contains(c))
}

/// Whether a word is two or three names without separators: 张三李四, 李海燕张志强, 李和张明.
fn runs_together(name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    if characters.len() < 4 || !characters.iter().all(|c| is_han(*c)) || is_full(name) {
        return false;
    }
    fn divides(rest: &[char]) -> bool {
        let starts = |part: &[char]| part.first().is_some_and(|c| FAMILY.contains(*c));
        starts(rest)
            && (matches!(rest.len(), 2 | 3)
                || [2, 3]
                    .into_iter()
                    .any(|length| length < rest.len() && divides(&rest[length..])))
    }
    let conjunction = |c: &char| matches!(c, '和' | '与' | '及');
    let family = |c: &char| FAMILY.contains(*c);
    let short = characters.len() == 4
        && family(&characters[0])
        && conjunction(&characters[1])
        && family(&characters[2]);
    divides(&characters) || short
}
