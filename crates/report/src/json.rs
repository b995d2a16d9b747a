//! Findings as JSON: the contract `choucha.audit/1`, which `docs/schema/audit-1.json` describes.
//!
//! These types belong to the contract and are separate from the engine's, so that the engine may change without the
//! contract. Every field is always present; a missing value is `null` or empty. Texts are in the requested language;
//! codes are not translated.

mod campaign;
mod change;
mod check;
mod columns;
mod coverage;
mod diagnostic;
mod diff;
mod effective;
mod finding;
mod page;
mod rules;
mod stream;
mod totals;
mod trial;

use serde::Serialize;

pub use campaign::{Campaign, Group};
pub use check::{CHECK, CHECK_SCHEMA, CheckDocument};
pub use columns::{COLUMNS, COLUMNS_SCHEMA, ColumnsDocument};
pub use coverage::{COVERAGE, COVERAGE_SCHEMA, CoverageDocument};
pub use diagnostic::{DiagnosticObject, diagnostics};
pub use diff::{DIFF, DIFF_SCHEMA, DiffDocument};
pub use effective::{EFFECTIVE, EFFECTIVE_SCHEMA, EffectiveDocument};
use finding::CitationObject;
use finding::{EventObject, FindingObject, UnreadObject, WaiverObject};
pub use page::{PAGE, PAGE_SCHEMA, PROJECT_SCHEMA, Page};
pub use rules::{RULES, RULES_SCHEMA, RulesDocument};
pub use stream::{Stream, element, head};
pub use trial::{TEST, TEST_SCHEMA, TestDocument};

use choucha_core::audit::{AsOf, CaseAudit, Completeness, Outcome, Subject};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_core::value::Day;
use choucha_run::totals::Totals;

/// The name and version of the contract of an audit.
pub const AUDIT: &str = "choucha.audit/1";

/// The schema of [`AUDIT`].
pub const AUDIT_SCHEMA: &str = include_str!("../schema/audit-1.json");

/// What the JSON contains.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The language of texts.
    pub lang: Lang,
    /// Whether findings carry their traces.
    pub traces: bool,
}

/// The program, rules and calendar that produced the result.
#[derive(Debug, Clone, Serialize)]
pub struct Engine {
    /// `choucha`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:…` of the rules.
    pub rules_digest: String,
    /// `sha256:…` of the calendar.
    pub calendar_digest: String,
}

/// The file of a dossier.
#[derive(Debug, Clone, Serialize)]
pub struct SourceObject {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// The digest of its bytes; None if it could not be read.
    pub sha256: Option<String>,
}

/// Whom and what a case concerns, as named in the record.
#[derive(Debug, Clone, Default, Serialize)]
struct SubjectObject {
    respondent: Option<String>,
    county: Option<String>,
    product: Option<String>,
    sampling_agency: Option<String>,
    inspection_agency: Option<String>,
    sampled_on: Option<String>,
    reported_on: Option<String>,
}

impl SubjectObject {
    fn of(subject: &Subject) -> Self {
        let name = |name: &Option<Box<str>>| name.as_deref().map(str::to_owned);
        SubjectObject {
            respondent: name(&subject.respondent),
            county: name(&subject.county),
            product: name(&subject.product),
            sampling_agency: name(&subject.sampling_agency),
            inspection_agency: name(&subject.inspection_agency),
            sampled_on: subject.sampled_on.map(|day| day.to_string()),
            reported_on: subject.reported_on.map(|day| day.to_string()),
        }
    }
}

/// How many findings, or cases, have each outcome.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counts {
    violated: usize,
    errored: usize,
    review: usize,
    undetermined: usize,
    pending: usize,
    waived: usize,
    satisfied: usize,
    not_applicable: usize,
}

/// One dossier: audited, or `errored` with its diagnostics.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    case: String,
    ruleset: Option<String>,
    ruleset_title: Option<String>,
    ruleset_chosen_because: Option<String>,
    subject: SubjectObject,
    source: SourceObject,
    as_of: Option<String>,
    as_of_from: Option<&'static str>,
    complete: Option<&'static str>,
    outcome: &'static str,
    counts: Counts,
    findings: Vec<FindingObject>,
    timeline: Vec<EventObject>,
    idle_waivers: Vec<WaiverObject>,
    unread: Vec<UnreadObject>,
    diagnostics: Vec<DiagnosticObject>,
    #[serde(skip)]
    day: Option<Day>,
}

impl Case {
    /// The object of an audited case.
    #[must_use]
    pub fn of(audit: &CaseAudit, options: Options) -> Self {
        let lang = options.lang;
        let counts = Counts::of(&audit.tally());
        let outcome = audit.outcome();
        Case {
            case: audit.case.clone(),
            ruleset: Some(audit.ruleset.to_string()),
            ruleset_title: Some(audit.ruleset_title.get(lang).to_owned()),
            ruleset_chosen_because: audit
                .ruleset_chosen_because
                .as_ref()
                .map(|because| because.get(lang).to_owned()),
            subject: SubjectObject::of(&audit.subject),
            source: SourceObject {
                path: audit.source.name().to_owned(),
                sha256: Some(audit.source.digest().to_owned()),
            },
            as_of: Some(audit.as_of.to_string()),
            as_of_from: Some(match audit.as_of_from {
                AsOf::Given => "given",
                AsOf::Closed => "closed",
                AsOf::Today => "today",
            }),
            complete: Some(match audit.completeness {
                Completeness::Declared => "declared",
                Completeness::Assumed => "assumed",
                Completeness::Open => "open",
            }),
            outcome: outcome.code(),
            counts,
            findings: audit
                .findings
                .iter()
                .map(|finding| FindingObject::of(finding, options))
                .collect(),
            timeline: audit
                .timeline
                .iter()
                .map(|event| EventObject::of(event, lang))
                .collect(),
            idle_waivers: audit.idle_waivers.iter().map(WaiverObject::of).collect(),
            unread: audit
                .unread
                .iter()
                .map(|unread| UnreadObject::of(unread, lang))
                .collect(),
            diagnostics: diagnostics(&audit.diagnostics, lang),
            day: Some(audit.as_of),
        }
    }

    /// The object of a dossier that could not be read or audited: `errored`, with diagnostics that say why. `name`
    /// identifies it.
    #[must_use]
    pub fn unaudited(
        name: &str,
        source: SourceObject,
        reasons: &[Diagnostic],
        options: Options,
    ) -> Self {
        Case {
            case: name.to_owned(),
            ruleset: None,
            ruleset_title: None,
            ruleset_chosen_because: None,
            subject: SubjectObject::default(),
            source,
            as_of: None,
            as_of_from: None,
            complete: None,
            outcome: Outcome::Errored.code(),
            counts: Counts::default(),
            findings: Vec::new(),
            timeline: Vec::new(),
            idle_waivers: Vec::new(),
            unread: Vec::new(),
            diagnostics: diagnostics(reasons, options.lang),
            day: None,
        }
    }
}

/// A whole run.
#[derive(Debug, Clone)]
pub struct Document {
    engine: Engine,
    as_of: Option<Day>,
    cases: Vec<Case>,
    campaigns: Vec<Campaign>,
    problems: Vec<Diagnostic>,
    totals: Totals,
    options: Options,
}

impl Document {
    /// The document of a run: the requested day, if any; its cases; and diagnostics that concern no dossier.
    #[must_use]
    pub fn new(
        engine: Engine,
        as_of: Option<Day>,
        cases: Vec<Case>,
        campaigns: Vec<Campaign>,
        problems: &[Diagnostic],
        options: Options,
    ) -> Self {
        Document {
            engine,
            as_of,
            cases,
            campaigns,
            problems: problems.to_vec(),
            totals: Totals::default(),
            options,
        }
    }

    /// The document with the totals of its run.
    #[must_use]
    pub fn with_totals(mut self, totals: &Totals) -> Self {
        self.totals = totals.clone();
        self
    }

    /// The document as text, indented, ending in a line break.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let (mut stream, mut text) = Stream::begin(&self.engine, self.options)?;
        for case in &self.cases {
            text.push_str(stream.separator());
            text.push_str(&element(case)?);
            stream.audited_on(case.day);
        }
        let end = stream.end(&self.campaigns, self.as_of, &self.problems, &self.totals)?;
        text.push_str(&end);
        Ok(text)
    }
}

/// One case as a line of NDJSON, with its line break.
///
/// # Errors
/// If serialisation fails; data of these types cannot cause that.
pub fn line(case: &Case) -> serde_json::Result<String> {
    Ok(serde_json::to_string(case)? + "\n")
}

#[cfg(test)]
mod tests;
