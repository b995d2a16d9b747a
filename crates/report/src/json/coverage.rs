//! Coverage as JSON: the contract `choucha.coverage/1`, which `docs/schema/coverage-1.json` describes.

use serde::Serialize;

use choucha_core::lang::Lang;
use choucha_rules::coverage::{Coverage, Encoding, Row, Status};

/// The name and version of the contract of coverage.
pub const COVERAGE: &str = "choucha.coverage/1";

/// The schema of [`COVERAGE`].
pub const COVERAGE_SCHEMA: &str = include_str!("../../schema/coverage-1.json");

/// The coverage of rule sets.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageDocument {
    schema: &'static str,
    lang: &'static str,
    complete: bool,
    rulesets: Vec<SetObject>,
}

impl CoverageDocument {
    /// The document of these rule sets.
    #[must_use]
    pub fn new(coverages: &[Coverage], lang: Lang) -> Self {
        CoverageDocument {
            schema: COVERAGE,
            lang: lang.code(),
            complete: coverages.iter().all(Coverage::is_complete),
            rulesets: coverages
                .iter()
                .map(|coverage| SetObject::of(coverage, lang))
                .collect(),
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
    instrument: String,
    instrument_title: String,
    layers: Vec<String>,
    complete: bool,
    counts: CountsObject,
    reasons: Vec<ReasonCount>,
    clauses: Vec<ClauseObject>,
}

#[derive(Debug, Clone, Serialize)]
struct CountsObject {
    clauses: usize,
    needed: usize,
    encoded: usize,
    not_auditable: usize,
    missing: usize,
    others: usize,
}

#[derive(Debug, Clone, Serialize)]
struct ReasonCount {
    kind: &'static str,
    label: String,
    clauses: usize,
}

impl SetObject {
    fn of(coverage: &Coverage, lang: Lang) -> Self {
        let counts = coverage.counts();
        SetObject {
            ruleset: coverage.ruleset.to_string(),
            title: coverage.title.get(lang).to_owned(),
            instrument: coverage.instrument.clone(),
            instrument_title: coverage.instrument_title.get(lang).to_owned(),
            layers: coverage.layers.iter().map(ToString::to_string).collect(),
            complete: coverage.is_complete(),
            counts: CountsObject {
                clauses: counts.clauses,
                needed: counts.needed,
                encoded: counts.encoded,
                not_auditable: counts.not_auditable,
                missing: counts.missing,
                others: counts.others,
            },
            reasons: coverage
                .reasons()
                .into_iter()
                .map(|(reason, clauses)| ReasonCount {
                    kind: reason.code(),
                    label: reason.label().get(lang).to_owned(),
                    clauses,
                })
                .collect(),
            clauses: coverage
                .rows
                .iter()
                .map(|row| ClauseObject::of(row, lang))
                .collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ClauseObject {
    id: String,
    section: String,
    paragraph: u32,
    sentence: u32,
    kind: &'static str,
    status: &'static str,
    text: Option<String>,
    reason: Option<ReasonObject>,
    encodings: Vec<EncodingObject>,
}

#[derive(Debug, Clone, Serialize)]
struct ReasonObject {
    kind: &'static str,
    text: String,
}

impl ClauseObject {
    fn of(row: &Row, lang: Lang) -> Self {
        let (reason, encodings): (_, &[Encoding]) = match &row.status {
            Status::Encoded(encodings) => (None, encodings),
            Status::NotAuditable(reason, text) => {
                let reason = ReasonObject {
                    kind: reason.code(),
                    text: text.get(lang).to_owned(),
                };
                (Some(reason), &[])
            }
            Status::Missing | Status::NoAnswerNeeded => (None, &[]),
        };
        ClauseObject {
            id: row.id.to_string(),
            section: row.id.section.clone(),
            paragraph: row.id.paragraph,
            sentence: row.id.sentence,
            kind: row.kind.code(),
            status: row.status.code(),
            text: row.text.clone(),
            reason,
            encodings: encodings
                .iter()
                .map(|encoding| EncodingObject::of(encoding, lang))
                .collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct EncodingObject {
    ruleset: String,
    id: String,
    title: String,
    bearer: Option<String>,
    quote: String,
    source: String,
}

impl EncodingObject {
    fn of(encoding: &Encoding, lang: Lang) -> Self {
        EncodingObject {
            ruleset: encoding.ruleset.to_string(),
            id: encoding.id.to_string(),
            title: encoding.title.get(lang).to_owned(),
            bearer: encoding.bearer.as_ref().map(|(code, _)| code.clone()),
            quote: encoding.quote.clone(),
            source: format!(
                "{}:{}",
                encoding.at.source.name(),
                encoding.at.position().line
            ),
        }
    }
}
