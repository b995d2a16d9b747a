//! Rule tests (规则测试): runs a rule set on dossiers whose expected outcomes its author states.
//!
//! Terms: a *base* is a dossier written in a `tests.yaml`, or derived there from another; a *test* is a base, changes
//! to it, and the expected outcomes; a *mismatch* is an obligation with another outcome than expected.
//!
//! Invariants: expectations are exact, so an unstated outcome fails as a wrong one does; bases are decoded like any
//! dossier, and every place points into the `tests.yaml`; an invalid file is reported completely and none of it is run;
//! no clock is read.

mod change;
mod expect;
mod file;
mod run;
mod schema;
#[cfg(test)]
mod tests;
mod walk;

pub use run::run;
pub use schema::schema;

use choucha_core::audit::{Outcome, Tally};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSetId};
use choucha_core::source::Span;
use choucha_core::value::Day;

/// The name of the file with the tests of a rule set, in its folder.
pub const FILE: &str = "tests.yaml";

/// The result of the tests of one rule set.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The id of the rule set.
    pub ruleset: RuleSetId,
    /// Its title, in both languages.
    pub title: Text,
    /// The name of its file of tests; `None` if it has none.
    pub file: Option<String>,
    /// The number of tests in the file.
    pub tests: usize,
    /// The number of tests run: those whose names match, if a filter was given.
    pub run: usize,
    /// The tests that failed, in the order of the file.
    pub failures: Vec<Failure>,
    /// The outcomes in passing tests of the obligations the rule set declares itself, in the order of its scripts.
    pub shown: Vec<TestedDuty>,
    /// Whether all tests were run, so that an outcome not shown is shown by no test.
    pub whole: bool,
    /// Warnings about the dossiers: dates in the wrong order, contradictory facts, waivers that cover nothing.
    pub warnings: Vec<Diagnostic>,
}

impl Trial {
    /// The obligations that no passing test gives an outcome they can have; a right lapses and is never violated.
    pub fn never(&self, outcome: Outcome) -> impl Iterator<Item = &TestedDuty> {
        self.shown
            .iter()
            .filter(move |shown| shown.outcomes[outcome] == 0)
            .filter(move |shown| !(shown.lapses && outcome == Outcome::Violated))
    }
}

/// The outcomes of one obligation in passing tests.
#[derive(Debug, Clone)]
pub struct TestedDuty {
    /// The id of the obligation.
    pub obligation: Id,
    /// Its title, in both languages.
    pub title: Text,
    /// Whether it is a right that lapses if not used in time, and so is never breached.
    pub lapses: bool,
    /// The number of passing tests by outcome.
    pub outcomes: Tally,
}

/// A test that failed, with its mismatches.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its name.
    pub name: String,
    /// Where its name is written.
    pub at: Span,
    /// What differed from its expectations; never empty.
    pub mismatches: Vec<Mismatch>,
}

/// A difference from an expectation.
#[derive(Debug, Clone)]
pub struct Mismatch {
    /// The id of the obligation.
    pub obligation: Id,
    /// Its title, in both languages.
    pub title: Text,
    /// The code and the title of the part concerned; `None` for the whole obligation.
    pub part: Option<(String, Text)>,
    /// The expected and the actual value.
    pub what: What,
    /// Where the expectation is written; if none was stated, where it belongs.
    pub at: Span,
    /// The reason for the actual value, in a sentence.
    pub because: Text,
}

/// An expected and an actual value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The outcome; `expected` is `None` if the test does not list the obligation.
    Outcome {
        /// The expected outcome.
        expected: Option<Outcome>,
        /// The actual outcome.
        found: Outcome,
    },
    /// The due date.
    Due {
        /// The expected due date.
        expected: Day,
        /// The actual due date, if any.
        found: Option<Day>,
    },
    /// The days late.
    LateDays {
        /// The expected number of days late.
        expected: i32,
        /// The actual number, if any.
        found: Option<i32>,
    },
}
