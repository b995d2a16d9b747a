//! Rule tests (规则测试): a rule set tried on dossiers whose outcomes its author states.
//!
//! Terms: a *base* is a dossier written in a `tests.yaml`, or derived there from another; a *test* is a base, changes to it, and
//! what is expected of it; a *mismatch* is an obligation that came out otherwise.
//!
//! Invariants: expectations are exact, so that an outcome nobody stated fails as surely as a wrong one; bases are read by the
//! same decoder as any dossier, and every place points into the `tests.yaml`; a file that is wrong is told whole, and nothing
//! of it is run; no clock is read.

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

/// What came of the tests of one rule set.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The rule set.
    pub ruleset: RuleSetId,
    /// Its title.
    pub title: Text,
    /// The name of its file of tests; none, if it has none.
    pub file: Option<String>,
    /// How many tests the file holds.
    pub tests: usize,
    /// How many of them were run: those whose names match, where a filter was given.
    pub run: usize,
    /// The tests that failed, in the order of the file.
    pub failures: Vec<Failure>,
    /// What passing tests showed of the obligations the rule set declares itself, in the order of its scripts.
    pub shown: Vec<TestedDuty>,
    /// Whether all tests were run, so that what was never shown is shown by none.
    pub whole: bool,
    /// Warnings about the dossiers: dates that run backwards, facts that contradict each other, waivers that cover nothing.
    pub warnings: Vec<Diagnostic>,
}

impl Trial {
    /// The obligations no passing test shows with an outcome that they can have: a right lapses, and is never violated.
    pub fn never(&self, outcome: Outcome) -> impl Iterator<Item = &TestedDuty> {
        self.shown
            .iter()
            .filter(move |shown| shown.outcomes[outcome] == 0)
            .filter(move |shown| !(shown.lapses && outcome == Outcome::Violated))
    }
}

/// What passing tests showed of one obligation.
#[derive(Debug, Clone)]
pub struct TestedDuty {
    /// The obligation.
    pub obligation: Id,
    /// Its title.
    pub title: Text,
    /// Whether it is a right that lapses out of time, which nobody breaches.
    pub lapses: bool,
    /// How many passing tests gave it each outcome.
    pub outcomes: Tally,
}

/// A test that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its name.
    pub name: String,
    /// Where its name is written.
    pub at: Span,
    /// What came out otherwise; never empty.
    pub mismatches: Vec<Mismatch>,
}

/// Something that came out otherwise than expected.
#[derive(Debug, Clone)]
pub struct Mismatch {
    /// The obligation.
    pub obligation: Id,
    /// Its title.
    pub title: Text,
    /// The code of the part of it that is meant, and what it is.
    pub part: Option<(String, Text)>,
    /// What was expected, and what came.
    pub what: What,
    /// Where the expectation is written; for one that nobody stated, where it should be.
    pub at: Span,
    /// Why it came so, in a sentence.
    pub because: Text,
}

/// What was expected, and what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The outcome; nothing was expected where the test does not list it.
    Outcome {
        /// Expected.
        expected: Option<Outcome>,
        /// Came.
        found: Outcome,
    },
    /// The due date.
    Due {
        /// Expected.
        expected: Day,
        /// Came.
        found: Option<Day>,
    },
    /// The days late.
    LateDays {
        /// Expected.
        expected: i32,
        /// Came.
        found: Option<i32>,
    },
}
