//! Compares names: of people, organisations, products, cases, headers, sheets, rule sets.
//!
//! Terms: the *normal form* of a name contains only what matters. Width, white space, invisible characters, upper and
//! lower case, and the variants of one dot, dash or bracket do not matter.
//!
//! Invariant: all comparisons of names compare normal forms, and [`sameness`] alone decides whether two people or
//! organisations are the same. A difference so small that it may be a slip of the pen counts neither as same nor as
//! different: a person must decide.

mod near;
mod people;
mod words;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

pub use near::{near_key, nearly_same};
pub use people::{Doubt, Person, is_organisation, is_people, names_organisations, people, person};

/// Whether a character is invisible and takes no room, so that nobody notices it.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || c.is_control() && !c.is_whitespace()
}

/// Whether a text contains an invisible character.
#[must_use]
pub fn has_invisible(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_invisible)
        || text
            .bytes()
            .any(|b| b.is_ascii_control() && !b.is_ascii_whitespace() && b != 0x0b)
}

/// A text without its invisible characters.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if has_invisible(text) {
        text.chars()
            .filter(|c| !is_invisible(*c))
            .collect::<String>()
            .into()
    } else {
        text.into()
    }
}

/// A text with its invisible characters spelt out: `张甲⟨U+200B⟩`.
#[must_use]
pub fn revealed(text: &str) -> Cow<'_, str> {
    if !has_invisible(text) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_invisible(c) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

/// The normal form of a name.
#[must_use]
pub fn normal(name: &str) -> String {
    let mut form = String::with_capacity(name.len());
    let mut folded = name
        .nfkc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(fold)
        .peekable();
    while let Some(c) = folded.next() {
        let between = |before: Option<char>, after: Option<&char>| {
            before.is_some_and(is_han) && after.copied().is_some_and(is_han)
        };
        // A full stop inside a Chinese name stands for the dot between its parts.
        if c == '.' && between(form.chars().next_back(), folded.peek()) {
            form.push('·');
        } else {
            form.extend(c.to_lowercase());
        }
    }
    form
}

/// The representative of the variants of a dot, dash, bracket or quotation mark.
fn fold(c: char) -> char {
    match c {
        '•' | '‧' | '・' | '∙' | '⋅' | '●' | '᛫' => '·',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' => '-',
        '〔' | '【' | '「' | '〖' => '[',
        '〕' | '】' | '」' | '〗' => ']',
        '“' | '”' | '„' | '″' => '"',
        '‘' | '’' | '′' => '\'',
        '○' => '〇',
        c => c,
    }
}

/// Whether a character is a Chinese ideograph.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// Whether two names have the same normal form.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || !(is_plain(one) && is_plain(other)) && normal(one) == normal(other)
}

/// Whether a name is already in normal form, as most are.
fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9'))
}

/// A name as shown: without invisible characters, and without the blanks that pad Chinese names.
#[must_use]
pub fn tidy(name: &str) -> Box<str> {
    let name = visible(name);
    if name.is_ascii() {
        let words: Vec<&str> = name.split_whitespace().collect();
        return words.join(" ").into();
    }
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What is known about a person or an organisation.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The name.
    pub name: &'a str,
    /// A number that identifies it.
    pub id: Option<&'a str>,
    /// The organisation a person works for; `None` for organisations.
    pub employer: Option<&'a str>,
}

/// Whether two names refer to the same person or organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// The same.
    Same,
    /// Different.
    Different,
    /// A person must decide: the names are nearly the same, or the same with another employer or another kind of
    /// number.
    Unclear,
}

/// Whether two mentions refer to the same person or organisation. Numbers decide if both are known and of the same
/// kind; else the names do.
#[must_use]
pub fn sameness(one: Named<'_>, other: Named<'_>) -> Sameness {
    let mut names = None;
    let mut same_name = || *names.get_or_insert_with(|| is_same(one.name, other.name));
    if let (Some(a), Some(b)) = (one.id, other.id) {
        if is_same(a, b) {
            return Sameness::Same;
        }
        // An identity number and a staff number cannot be compared.
        let comparable = is_identity_number(a) == is_identity_number(b);
        return if comparable || !same_name() {
            Sameness::Different
        } else {
            Sameness::Unclear
        };
    }
    if same_name() {
        return match (one.employer, other.employer) {
            (Some(a), Some(b)) if !is_same(a, b) => Sameness::Unclear,
            _ => Sameness::Same,
        };
    }
    match nearly_same(one.name, other.name) {
        true => Sameness::Unclear,
        false => Sameness::Different,
    }
}

/// Whether a number has the form of an identity number.
fn is_identity_number(id: &str) -> bool {
    let form = normal(id);
    form.len() == 18
        && form.bytes().take(17).all(|b| b.is_ascii_digit())
        && form
            .bytes()
            .skip(17)
            .all(|b| b.is_ascii_digit() || b == b'x')
}

#[cfg(test)]
mod tests;
