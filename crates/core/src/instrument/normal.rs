//! Compares the words of an instrument: quotes, clauses and lines alike, only here.
//!
//! The texts are scans: digits are spaced, brackets and punctuation are full- or half-width, quotation marks vary. The
//! *normal form* of a text removes these differences: it folds compatibility forms (Unicode NFKC, character by
//! character), drops white space and invisible characters, and unifies quotation marks, square brackets and dashes.
//!
//! Invariants: the normal form of a normal form is itself; every character of a normal form remembers its origin, so
//! that a match can be shown as printed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use crate::source::sha256;

/// The hexadecimal digits of a SHA-256 that a lock stores: 128 bits, enough that no two clauses collide by accident.
const DIGITS: usize = 32;

/// A text in normal form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normal {
    text: String,
    /// For every byte of `text`, the byte range of its character in the printed text.
    from: Vec<Range<usize>>,
}

impl Normal {
    /// The normal form of a text.
    #[must_use]
    pub fn new(printed: &str) -> Self {
        let mut normal = Normal::default();
        for (at, c) in printed.char_indices() {
            let from = at..at + c.len_utf8();
            for folded in std::iter::once(c).nfkc().filter_map(unified) {
                normal.text.push(folded);
                normal.from.resize(normal.text.len(), from.clone());
            }
        }
        normal
    }

    /// The normal form itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte range in the printed text for a range of the normal form.
    #[must_use]
    pub fn printed(&self, range: Range<usize>) -> Range<usize> {
        let before = self.from.last().map_or(0, |last| last.end);
        let start = self.from.get(range.start).map_or(before, |from| from.start);
        let end = range
            .end
            .checked_sub(1)
            .filter(|last| *last >= range.start)
            .and_then(|last| self.from.get(last))
            .map_or(start, |from| from.end);
        start..end
    }

    /// The digest of the normal form, as locks store it.
    #[must_use]
    pub fn digest(&self) -> String {
        let all = sha256(self.text.as_bytes());
        let hex = all.strip_prefix("sha256:").unwrap_or(&all);
        hex.get(..DIGITS).unwrap_or(hex).to_owned()
    }
}

/// The normal form of a text.
#[must_use]
pub fn normal(printed: &str) -> String {
    Normal::new(printed).text
}

/// The replacement of a character in the normal form; `None` if it is dropped.
fn unified(c: char) -> Option<char> {
    Some(match c {
        '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' | '〝' | '〞' | '〟' => {
            '"'
        }
        '‘' | '’' | '‚' | '‛' => '\'',
        '〔' | '【' | '〖' | '〘' => '[',
        '〕' | '】' | '〗' | '〙' => ']',
        '〈' => '《',
        '〉' => '》',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '〜' => '~',
        '・' => '·',
        // Invisible: soft hyphen, zero-width and direction marks, byte-order mark.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => return None,
        c if c.is_whitespace() || c.is_control() => return None,
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_spacing_quotation_marks_and_brackets_make_no_difference() {
        let alike = [
            ("2024 年 4 月 5 日前", "2024年4月5日前"),
            ("(一) 抽样工作", "（一）抽样工作"),
            ("晋市监发[2024] 3 号", "晋市监发〔2024〕３号"),
            ("“双随机、一公开”", "「双随机、一公开」"),
            ("\"双随机\"", "“双随机”"),
            ("e-CQS 系统", "ｅ－ＣＱＳ系统"),
            ("1．未付费", "1.未付费"),
            ("抽样文书\n\n确需更正", "抽样文书确需\u{3000}更正"),
            ("a\u{200b}b\u{feff}", "ab"),
        ];
        for (one, other) in alike {
            assert_eq!(normal(one), normal(other), "{one} / {other}");
            assert_eq!(normal(&normal(one)), normal(one));
            assert_eq!(Normal::new(one).digest(), Normal::new(other).digest());
        }
        assert_ne!(normal("抽样人员不得少于2人"), normal("抽样人员不得少于3人"));
    }

    #[test]
    fn what_is_found_in_normal_form_is_shown_as_printed() {
        let printed = "于 4 月 5 日前（含当日）报省局";
        let normal_form = Normal::new(printed);
        let start = normal_form.as_str().find("5日前(").unwrap();
        let range = normal_form.printed(start..start + "5日前(".len());
        assert_eq!(&printed[range], "5 日前（");
        assert_eq!(normal_form.printed(0..0), 0..0);
        assert_eq!(normal_form.printed(900..901), printed.len()..printed.len());
    }

    #[test]
    fn a_digest_is_32_hexadecimal_digits() {
        assert_eq!(Normal::new("").digest().len(), 32);
    }
}
