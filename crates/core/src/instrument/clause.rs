//! Clauses (条款): the sentences of an instrument, each with an id that stays the same as long as the text does.
//!
//! Terms: a *section* is `一、`, `二、（一）` or `第十四条`, spelt as in the instrument with full-width brackets, or an annex,
//! `附件1`, `附件1一、`; the text before the first section is the section `序`. *Paragraphs* are counted from 1 within their
//! section, the line of the heading being the first; *sentences* from 1 within their paragraph.

use std::fmt;
use std::ops::Range;

/// The section of the text before the first heading.
pub const OPENING: &str = "序";

/// The id of a clause: `二、（一）/3.1` is the first sentence of the third paragraph of section 二、（一）.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClauseId {
    /// The section, as the instrument spells it.
    pub section: String,
    /// The paragraph, from 1.
    pub paragraph: u32,
    /// The sentence, from 1.
    pub sentence: u32,
}

impl ClauseId {
    /// Parses an id as [`ClauseId`] displays it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (section, place) = text.rsplit_once('/')?;
        let (paragraph, sentence) = place.split_once('.')?;
        let number = |digits: &str| digits.parse().ok().filter(|n| *n > 0);
        (!section.is_empty()).then_some(ClauseId {
            section: section.to_owned(),
            paragraph: number(paragraph)?,
            sentence: number(sentence)?,
        })
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.section, self.paragraph, self.sentence)
    }
}

coded! {
    /// The kind of a clause.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ClauseKind {
        /// Says what someone must or may do.
        Normative = "normative", "规范性条款", "normative";
        /// A row of an annexed plan.
        Plan = "plan", "计划表", "plan";
        /// An exhortation, a ground or an aim, which no case can comply with or breach.
        Policy = "policy", "政策性表述", "policy";
        /// The printed text of a form or the frame of a table.
        Form = "form", "文书式样", "form";
        /// A title, an address, a date, a signature.
        Heading = "heading", "标题与落款", "heading";
    }
}

impl ClauseKind {
    /// Whether a rule set must account for clauses of this kind: encode them, or say why not.
    #[must_use]
    pub fn needs_answer(self) -> bool {
        matches!(
            self,
            ClauseKind::Normative | ClauseKind::Plan | ClauseKind::Policy
        )
    }
}

/// One sentence of an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its id.
    pub id: ClauseId,
    /// Its kind.
    pub kind: ClauseKind,
    /// Its words as printed, with lines joined; the cells of a table row are separated by ` | `.
    pub text: String,
    /// Its byte range in the text file.
    pub at: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for id in ["二、（一）/3.1", "第十六条/1.2", "序/10.12"] {
            assert_eq!(ClauseId::parse(id).unwrap().to_string(), id);
        }
        for wrong in ["", "/1.1", "一、/1", "一、/0.1", "一、/1.x", "一、1.1"] {
            assert!(ClauseId::parse(wrong).is_none(), "{wrong}");
        }
    }
}
