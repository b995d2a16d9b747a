//! The tests of rule sets as JSON: the contract `choucha.test/1`, which `docs/schema/test-1.json` describes.

use serde::Serialize;

use super::diagnostic::{DiagnosticObject, PlaceObject, diagnostics};
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::{Lang, Text};
use choucha_design::trial::{Failure, Mismatch, Trial, What};

/// The name and version of the contract of rule tests.
pub const TEST: &str = "choucha.test/1";

/// The schema of [`TEST`].
pub const TEST_SCHEMA: &str = include_str!("../../schema/test-1.json");

/// The results of the tests of rule sets.
#[derive(Debug, Clone, Serialize)]
pub struct TestDocument {
    schema: &'static str,
    lang: &'static str,
    passed: bool,
    rulesets: Vec<SetObject>,
    diagnostics: Vec<DiagnosticObject>,
}

impl TestDocument {
    /// The document of trials and of diagnostics for files of tests. `invalid`: some file could not be run.
    #[must_use]
    pub fn new(trials: &[Trial], problems: &[Diagnostic], invalid: bool, lang: Lang) -> Self {
        TestDocument {
            schema: TEST,
            lang: lang.code(),
            passed: !invalid && trials.iter().all(|trial| trial.failures.is_empty()),
            rulesets: trials
                .iter()
                .map(|trial| SetObject::of(trial, lang))
                .collect(),
            diagnostics: diagnostics(problems, lang),
        }
    }

    /// The document as text, indented, ending in a line break.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn to_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[derive(Debug, Clone, Serialize)]
struct SetObject {
    ruleset: String,
    title: String,
    file: Option<String>,
    tests: usize,
    run: usize,
    passed: usize,
    failed: usize,
    failures: Vec<FailureObject>,
    obligations: usize,
    /// The outcomes that no passing test shows; None if not all tests were run.
    never: Option<NeverObject>,
}

#[derive(Debug, Clone, Serialize)]
struct NeverObject {
    violated: Vec<String>,
    satisfied: Vec<String>,
    undetermined: Vec<String>,
    not_applicable: Vec<String>,
}

impl SetObject {
    fn of(trial: &Trial, lang: Lang) -> Self {
        let never = |outcome| {
            let ids = trial
                .never(outcome)
                .map(|shown| shown.obligation.to_string());
            ids.collect()
        };
        SetObject {
            ruleset: trial.ruleset.to_string(),
            title: trial.title.get(lang).to_owned(),
            file: trial.file.clone(),
            tests: trial.tests,
            run: trial.run,
            passed: trial.run - trial.failures.len(),
            failed: trial.failures.len(),
            failures: trial
                .failures
                .iter()
                .map(|failure| FailureObject::of(failure, lang))
                .collect(),
            obligations: trial.shown.len(),
            never: trial.whole.then(|| NeverObject {
                violated: never(Outcome::Violated),
                satisfied: never(Outcome::Satisfied),
                undetermined: never(Outcome::Undetermined),
                not_applicable: never(Outcome::NotApplicable),
            }),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct FailureObject {
    test: String,
    place: PlaceObject,
    mismatches: Vec<MismatchObject>,
}

impl FailureObject {
    fn of(failure: &Failure, lang: Lang) -> Self {
        FailureObject {
            test: failure.name.clone(),
            place: PlaceObject::of(&failure.at, &Text::default(), lang),
            mismatches: failure
                .mismatches
                .iter()
                .map(|mismatch| MismatchObject::of(mismatch, lang))
                .collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct MismatchObject {
    obligation: String,
    title: String,
    part: Option<String>,
    /// `outcome`, `due` or `late_days`.
    of: &'static str,
    expected: Option<String>,
    found: Option<String>,
    because: String,
    place: PlaceObject,
}

impl MismatchObject {
    fn of(mismatch: &Mismatch, lang: Lang) -> Self {
        let (of, expected, found) = match mismatch.what {
            What::Outcome { expected, found } => (
                "outcome",
                expected.map(|expected| expected.code().to_owned()),
                Some(found.code().to_owned()),
            ),
            What::Due { expected, found } => (
                "due",
                Some(expected.to_string()),
                found.map(|found| found.to_string()),
            ),
            What::LateDays { expected, found } => (
                "late_days",
                Some(expected.to_string()),
                found.map(|found| found.to_string()),
            ),
        };
        MismatchObject {
            obligation: mismatch.obligation.to_string(),
            title: mismatch.title.get(lang).to_owned(),
            part: mismatch.part.as_ref().map(|(code, _)| code.clone()),
            of,
            expected,
            found,
            because: mismatch.because.get(lang).to_owned(),
            place: PlaceObject::of(&mismatch.at, &Text::default(), lang),
        }
    }
}
