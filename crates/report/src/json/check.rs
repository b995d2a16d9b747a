//! A check of rule sets as JSON: the contract `choucha.check/1`, which `docs/schema/check-1.json` describes.

use serde::Serialize;

use super::diagnostic::{DiagnosticObject, diagnostics};
use choucha_core::diagnostic::{Diagnostic, Level};
use choucha_core::lang::Lang;
use choucha_design::lint::Inspection;

/// The name and version of the contract of a check.
pub const CHECK: &str = "choucha.check/1";

/// The schema of [`CHECK`].
pub const CHECK_SCHEMA: &str = include_str!("../../schema/check-1.json");

/// The result of a check of rule sets.
#[derive(Debug, Clone, Serialize)]
pub struct CheckDocument {
    schema: &'static str,
    lang: &'static str,
    rulesets: Vec<String>,
    quotes_against: Option<&'static str>,
    counts: Counts,
    diagnostics: Vec<DiagnosticObject>,
}

#[derive(Debug, Clone, Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
}

impl CheckDocument {
    /// The document of a check.
    #[must_use]
    pub fn new(inspection: &Inspection, lang: Lang) -> Self {
        CheckDocument {
            rulesets: inspection
                .rulesets
                .iter()
                .map(ToString::to_string)
                .collect(),
            quotes_against: Some(if inspection.against_texts {
                "texts"
            } else {
                "locks"
            }),
            ..CheckDocument::unloaded(&inspection.found, lang)
        }
    }

    /// The document of rules that could not be loaded.
    #[must_use]
    pub fn unloaded(problems: &[Diagnostic], lang: Lang) -> Self {
        let count = |level| problems.iter().filter(|one| one.level == level).count();
        CheckDocument {
            schema: CHECK,
            lang: lang.code(),
            rulesets: Vec::new(),
            quotes_against: None,
            counts: Counts {
                error: count(Level::Error),
                warning: count(Level::Warning),
                note: count(Level::Note),
            },
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
