//! Reports: findings as text for the terminal and as JSON. A report shows what the audit found; it evaluates nothing.
//!
//! Terms: the *root* of a consequence is the violated finding it follows from; a *gap* is a fact that is missing, with the paper
//! it is found on.
//!
//! Invariants: the same findings give the same bytes; every finding is accounted for, shown or counted; nothing a record
//! holds reaches a terminal as a control character.

pub mod coverage;
pub mod delimited;
pub mod diff;
pub mod effective;
pub mod issues;
pub mod json;
#[cfg(test)]
mod layers_tests;
pub mod rules;
#[cfg(test)]
mod sample;
mod sheet;
pub mod snippet;
pub mod terminal;
pub mod totals;
pub mod trial;
pub mod workbook;

use crate::audit::{CaseAudit, Outcome};

/// What a run has to say about one dossier, for a summary of many.
#[derive(Debug, Clone)]
pub struct CaseSummary {
    /// The case, or the source's name.
    pub case: String,
    /// The source's name.
    pub source: String,
    /// The outcome of the case; [`Outcome::Errored`] for a dossier that could not be audited.
    pub outcome: Outcome,
    /// How many findings have each outcome, in the order of [`Outcome::ALL`].
    pub counts: [usize; 8],
    /// Whether the dossier was audited at all.
    pub audited: bool,
}

impl CaseSummary {
    /// The summary of an audited case.
    #[must_use]
    pub fn of(audit: &CaseAudit) -> Self {
        CaseSummary {
            case: audit.case.clone(),
            source: audit.source.name().to_owned(),
            outcome: audit.outcome(),
            counts: Outcome::ALL.map(|outcome| audit.count(outcome)),
            audited: true,
        }
    }

    /// The summary of a dossier that could not be read, or not be audited.
    pub fn unaudited(source: impl Into<String>) -> Self {
        let source = source.into();
        CaseSummary {
            case: source.clone(),
            source,
            outcome: Outcome::Errored,
            counts: [0; 8],
            audited: false,
        }
    }

    /// How many findings have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        Outcome::ALL
            .iter()
            .zip(self.counts)
            .filter(|(other, _)| **other == outcome)
            .map(|(_, n)| n)
            .sum()
    }
}
