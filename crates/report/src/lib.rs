//! Reports: findings as text, JSON, CSV, workbooks and pages. A report shows what the audit found; it evaluates nothing.
//!
//! Terms: the *root* of a consequence is the violated finding it follows from; a *gap* is a missing fact, with the paper
//! that holds it.
//!
//! Invariants: the same findings give the same bytes; every finding is shown or counted; no control character of a record
//! reaches a terminal.

pub mod columns;
pub mod conduct;
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
pub mod template;
pub mod terminal;
#[cfg(test)]
mod totals_tests;
pub mod trial;
pub mod workbook;

use choucha_core::audit::{CaseAudit, Outcome, Tally};

/// One line of the summary of many dossiers.
#[derive(Debug, Clone)]
pub struct CaseSummary {
    /// The case number, or the source's name.
    pub case: String,
    /// The source's name.
    pub source: String,
    /// The outcome of the case; [`Outcome::Errored`] for a dossier that could not be audited.
    pub outcome: Outcome,
    /// How many findings have each outcome.
    pub counts: Tally,
    /// Whether the dossier was audited.
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
            counts: audit.tally(),
            audited: true,
        }
    }

    /// The summary of a dossier that could not be read or audited.
    pub fn unaudited(source: impl Into<String>) -> Self {
        let source = source.into();
        CaseSummary {
            case: source.clone(),
            source,
            outcome: Outcome::Errored,
            counts: Tally::default(),
            audited: false,
        }
    }

    /// The number of findings with an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts[outcome]
    }
}

/// How many cases a summary lists at most.
pub const LISTED: usize = 200;

/// The summary of a run: totals, and as many cases as a person would read.
#[derive(Debug, Clone, Default)]
pub struct RunSummary {
    /// Whether the run was interrupted and leaves cases out.
    pub interrupted: bool,
    cases: usize,
    unaudited: usize,
    outcomes: Tally,
    /// The first cases of each outcome, in the order of [`Outcome::ALL`], each with its position among all.
    first: [Vec<(usize, CaseSummary)>; Outcome::ALL.len()],
}

impl RunSummary {
    /// Adds a case.
    pub fn add(&mut self, case: CaseSummary) {
        let place = self.cases;
        self.cases += 1;
        self.unaudited += usize::from(!case.audited);
        self.outcomes[case.outcome] += 1;
        let first = &mut self.first[case.outcome as usize];
        if first.len() < LISTED {
            first.push((place, case));
        }
    }

    /// How many cases there are.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// How many of them could not be audited.
    #[must_use]
    pub fn unaudited(&self) -> usize {
        self.unaudited
    }

    /// How many cases have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes[outcome]
    }

    /// The cases to list, in order: all or, of more than [`LISTED`], those with the most serious outcomes.
    #[must_use]
    pub fn listed(&self) -> Vec<&CaseSummary> {
        let gravest = self.first.iter().flatten().take(LISTED);
        let mut listed: Vec<&(usize, CaseSummary)> = gravest.collect();
        listed.sort_by_key(|(place, _)| *place);
        listed.into_iter().map(|(_, case)| case).collect()
    }
}

impl FromIterator<CaseSummary> for RunSummary {
    fn from_iter<I: IntoIterator<Item = CaseSummary>>(cases: I) -> Self {
        let mut summary = RunSummary::default();
        cases.into_iter().for_each(|case| summary.add(case));
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_many_cases_lists_the_gravest_in_their_order_and_counts_all() {
        let outcomes = [Outcome::Satisfied, Outcome::Violated, Outcome::Review];
        let case = |place: usize| CaseSummary {
            case: place.to_string(),
            outcome: outcomes[place % 3],
            audited: true,
            ..CaseSummary::unaudited("x")
        };
        let summary: RunSummary = (0..100_000).map(case).collect();
        let listed: Vec<usize> = summary
            .listed()
            .iter()
            .map(|case| case.case.parse().unwrap())
            .collect();
        let expected: Vec<usize> = (0..LISTED).map(|n| 3 * n + 1).collect();
        assert_eq!(listed, expected);
        assert_eq!(summary.count(Outcome::Review), 33_333);
        assert!(summary.first.iter().all(|kept| kept.len() <= LISTED));
        let few: RunSummary = (0..LISTED).map(case).collect();
        assert_eq!(few.listed().len(), LISTED);
    }
}
