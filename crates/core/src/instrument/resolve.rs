//! Finds the clause that contains a quote or, if there is none, the passage most likely meant.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::clause::{Clause, ClauseId};
use super::normal::Normal;

/// The longest prefix of a quote, in characters, compared to find the nearest passage: the cost grows with the square
/// of the difference.
const LONGEST: usize = 400;

/// Shorter equal runs are coincidence.
const RUN: usize = 2;

/// The least share of a quote, in percent, that a passage must contain to be worth showing.
const NEAR_ENOUGH: usize = 50;

/// The clauses of a text, prepared for searching.
#[derive(Debug, Clone, Default)]
pub struct Body {
    clauses: Vec<Clause>,
    normals: Vec<Normal>,
    by_id: HashMap<ClauseId, usize>,
}

/// The result of looking up a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Exactly this clause of the section contains it.
    One(ClauseId),
    /// Several clauses of the section contain it.
    Several(Vec<ClauseId>),
    /// It spans several sentences of one paragraph, from the first to the second clause.
    Spans(ClauseId, ClauseId),
    /// No clause of the section contains it, but these of other sections do.
    Elsewhere(Vec<ClauseId>),
    /// No clause of the text contains it.
    Nowhere(Option<Near>),
}

/// The passage most likely meant by a quote that is not in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The clause of the passage.
    pub clause: ClauseId,
    /// Its words, as printed.
    pub passage: String,
    /// Where it differs from the quote, in order.
    pub differences: Vec<Difference>,
}

/// Words of a quote and what the text has instead; one of them may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The words in the quote.
    pub quoted: String,
    /// The words in the text.
    pub printed: String,
}

impl Body {
    /// The clauses of a text, in its order.
    #[must_use]
    pub fn new(clauses: Vec<Clause>) -> Self {
        let normals = clauses
            .iter()
            .map(|clause| Normal::new(&clause.text))
            .collect();
        let ids = clauses.iter().enumerate();
        let by_id = ids.map(|(at, clause)| (clause.id.clone(), at)).collect();
        Body {
            clauses,
            normals,
            by_id,
        }
    }

    /// The clauses, in the order of the text.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Every clause with its normal form.
    pub fn with_normals(&self) -> impl Iterator<Item = (&Clause, &Normal)> {
        self.clauses.iter().zip(&self.normals)
    }

    /// The clause with this id, with its normal form.
    #[must_use]
    pub fn get(&self, id: &ClauseId) -> Option<(&Clause, &Normal)> {
        let at = *self.by_id.get(id)?;
        Some((self.clauses.get(at)?, self.normals.get(at)?))
    }

    /// The byte range of a quote in the words of a clause, if the clause contains it.
    #[must_use]
    pub fn quoted_in(&self, id: &ClauseId, quote: &str) -> Option<Range<usize>> {
        let (_, normal) = self.get(id)?;
        let quote = Normal::new(quote);
        let start = normal.as_str().find(quote.as_str())?;
        Some(normal.printed(start..start + quote.as_str().len()))
    }

    /// Looks up a quote from a section. An empty quote is nowhere.
    #[must_use]
    pub fn resolve(&self, section: &str, quote: &str) -> Resolution {
        let quote = Normal::new(quote);
        let wanted = quote.as_str();
        if wanted.is_empty() {
            return Resolution::Nowhere(None);
        }
        let section = Normal::new(section);
        let mut here = Vec::new();
        let mut elsewhere = Vec::new();
        for (clause, normal) in self.with_normals() {
            if normal.as_str().contains(wanted) {
                let own = Normal::new(&clause.id.section).as_str() == section.as_str();
                if own { &mut here } else { &mut elsewhere }.push(clause.id.clone());
            }
        }
        match here.len() {
            0 => {}
            1 => {
                return here
                    .pop()
                    .map_or(Resolution::Nowhere(None), Resolution::One);
            }
            _ => return Resolution::Several(here),
        }
        if let Some((first, last)) = self.spanned(&section, wanted) {
            return Resolution::Spans(first, last);
        }
        if elsewhere.is_empty() {
            Resolution::Nowhere(self.nearest(&section, &quote))
        } else {
            Resolution::Elsewhere(elsewhere)
        }
    }

    /// The first and the last sentence, within one paragraph of the section, that a quote spans.
    fn spanned(&self, section: &Normal, wanted: &str) -> Option<(ClauseId, ClauseId)> {
        for clauses in self.runs() {
            let own = clauses
                .first()
                .and_then(|at| self.clauses.get(*at))
                .is_some_and(|clause| Normal::new(&clause.id.section).as_str() == section.as_str());
            if !own {
                continue;
            }
            let mut joined = String::new();
            let mut ends = Vec::new();
            for at in clauses {
                joined.push_str(self.normals.get(at)?.as_str());
                ends.push((joined.len(), at));
            }
            if let Some(start) = joined.find(wanted) {
                let holding = |byte| ends.iter().find(|(end, _)| byte < *end);
                let id = |at: usize| self.clauses.get(at).map(|clause| clause.id.clone());
                let (_, first) = holding(start)?;
                let (_, last) = holding(start + wanted.len() - 1)?;
                return Some((id(*first)?, id(*last)?));
            }
        }
        None
    }

    /// The positions of the sentences of every paragraph.
    fn runs(&self) -> Vec<Vec<usize>> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        let mut before: Option<(&str, u32)> = None;
        for (at, clause) in self.clauses.iter().enumerate() {
            let paragraph = (clause.id.section.as_str(), clause.id.paragraph);
            match runs.last_mut().filter(|_| before == Some(paragraph)) {
                Some(run) => run.push(at),
                None => runs.push(vec![at]),
            }
            before = Some(paragraph);
        }
        runs
    }

    /// The passage most similar to a quote; of two equally similar, the one in its section, then the first.
    fn nearest(&self, section: &Normal, quote: &Normal) -> Option<Near> {
        let quoted: Vec<char> = quote.as_str().chars().take(LONGEST).collect();
        let mut best: Option<((usize, bool), usize, Vec<DiffOp>)> = None;
        for (at, (clause, normal)) in self.with_normals().enumerate() {
            let printed: Vec<char> = normal.as_str().chars().take(LONGEST * 4).collect();
            let operations = capture_diff_slices(Algorithm::Myers, &quoted, &printed);
            let same: usize = operations.iter().map(equal).sum();
            if same * 100 < quoted.len() * NEAR_ENOUGH {
                continue;
            }
            let own = Normal::new(&clause.id.section).as_str() == section.as_str();
            let score = (same, own);
            if best.as_ref().is_none_or(|(known, ..)| score > *known) {
                best = Some((score, at, operations));
            }
        }
        let (_, at, operations) = best?;
        let (clause, normal) = (self.clauses.get(at)?, self.normals.get(at)?);
        let first = operations
            .iter()
            .position(|operation| equal(operation) > 0)?;
        let last = operations
            .iter()
            .rposition(|operation| equal(operation) > 0)?;
        let (first, last) = (operations.get(first)?, operations.get(last)?);
        // The passage extends as far beyond the common words as the quote does, to show what the text has instead.
        let printed: Vec<char> = normal.as_str().chars().collect();
        let start = first
            .new_range()
            .start
            .saturating_sub(first.old_range().start);
        let rest = quoted.len().saturating_sub(last.old_range().end);
        let end = printed.len().min(last.new_range().end + rest);
        let window = printed.get(start..end)?;
        let words = |range: Range<usize>| {
            let range = start + range.start..start + range.end;
            let bytes = bytes(normal.as_str(), &range);
            clause
                .text
                .get(normal.printed(bytes))
                .unwrap_or("")
                .to_owned()
        };
        let differences = capture_diff_slices(Algorithm::Myers, &quoted, window)
            .iter()
            .filter(|operation| !matches!(operation, DiffOp::Equal { .. }))
            .map(|operation| Difference {
                quoted: quoted
                    .get(operation.old_range())
                    .unwrap_or_default()
                    .iter()
                    .collect(),
                printed: words(operation.new_range()),
            })
            .collect();
        Some(Near {
            clause: clause.id.clone(),
            passage: words(0..window.len()),
            differences,
        })
    }
}

/// The number of characters of an equal run; 0 if it is short enough to be coincidence.
fn equal(operation: &DiffOp) -> usize {
    match operation {
        DiffOp::Equal { len, .. } if *len >= RUN => *len,
        _ => 0,
    }
}

/// The byte range for a range of characters.
fn bytes(text: &str, chars: &Range<usize>) -> Range<usize> {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    byte(chars.start)..byte(chars.end)
}
