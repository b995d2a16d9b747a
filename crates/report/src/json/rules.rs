//! Obligations as JSON: the contract `choucha.rules/1`, which `docs/schema/rules-1.json` describes.

use serde::Serialize;

use super::CitationObject;
use crate::rules::{DeadlineWords, Demand, DemandWords, Duty, Named};
use choucha_core::lang::{Lang, Text};
use choucha_core::obligation::RuleSet;
use choucha_core::period::{self, Limit};
use choucha_core::source::Span;

/// The name and version of the contract of the rules.
pub const RULES: &str = "choucha.rules/1";

/// The schema of [`RULES`].
pub const RULES_SCHEMA: &str = include_str!("../../schema/rules-1.json");

/// Rule sets with their obligations.
#[derive(Debug, Clone, Serialize)]
pub struct RulesDocument {
    schema: &'static str,
    lang: &'static str,
    rulesets: Vec<RuleSetObject>,
    obligations: Vec<DutyObject>,
}

impl RulesDocument {
    /// The document of these rule sets, each with the obligations it declares itself.
    #[must_use]
    pub fn new(sets: &[(&RuleSet, Vec<Duty>)], lang: Lang) -> Self {
        RulesDocument {
            schema: RULES,
            lang: lang.code(),
            rulesets: sets
                .iter()
                .map(|(set, duties)| RuleSetObject::of(set, duties.len(), lang))
                .collect(),
            obligations: sets
                .iter()
                .flat_map(|(_, duties)| duties)
                .map(|duty| DutyObject::of(duty, lang))
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
struct RuleSetObject {
    id: String,
    title: String,
    instrument: String,
    includes: Vec<String>,
    from: Option<String>,
    until: Option<String>,
    region: Option<String>,
    organiser: Option<String>,
    obligations: usize,
    source: String,
}

impl RuleSetObject {
    fn of(set: &RuleSet, obligations: usize, lang: Lang) -> Self {
        RuleSetObject {
            id: set.id.to_string(),
            title: set.title.get(lang).to_owned(),
            instrument: set.instrument.clone(),
            includes: set.includes.iter().map(ToString::to_string).collect(),
            from: set.from.map(|day| day.to_string()),
            until: set.until.map(|day| day.to_string()),
            region: set.region.clone(),
            organiser: set.organiser.clone(),
            obligations,
            source: line_of(&set.at),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct DutyObject {
    ruleset: String,
    id: String,
    title: String,
    bearer: String,
    bearer_label: String,
    scope: String,
    severity: &'static str,
    citations: Vec<CitationObject>,
    when: Option<String>,
    demands: Vec<DemandObject>,
    deadline: Option<DeadlineObject>,
    facts: Vec<String>,
    responsible: Vec<String>,
    after: Vec<String>,
    triggers: Vec<String>,
    unless: Vec<String>,
    remedies: Option<String>,
    follows: Vec<String>,
    excuses: bool,
    lapses: bool,
    review: Vec<ReviewObject>,
    refines: Option<String>,
    note: Option<String>,
    source: String,
}

impl DutyObject {
    fn of(duty: &Duty, lang: Lang) -> Self {
        DutyObject {
            ruleset: duty.ruleset.to_string(),
            id: duty.id.to_string(),
            title: duty.title.get(lang).to_owned(),
            bearer: duty.bearer.clone(),
            bearer_label: duty.bearer_label.get(lang).to_owned(),
            scope: duty.scope.code(),
            severity: duty.severity.code(),
            citations: duty.citations.iter().map(CitationObject::of).collect(),
            when: said(duty.when.as_ref(), lang),
            demands: duty
                .demands
                .iter()
                .map(|demand| DemandObject::of(demand, lang))
                .collect(),
            deadline: duty
                .deadline()
                .map(|deadline| DeadlineObject::of(deadline, lang)),
            facts: duty.facts.iter().map(|fact| fact.path.clone()).collect(),
            responsible: duty
                .responsible
                .iter()
                .map(|text| text.get(lang).to_owned())
                .collect(),
            after: ids(&duty.after),
            triggers: ids(&duty.triggers),
            unless: ids(&duty.unless),
            remedies: duty.remedies.as_ref().map(|node| node.id.to_string()),
            follows: ids(&duty.follows),
            excuses: duty.excuses,
            lapses: duty.lapses,
            review: duty
                .review
                .iter()
                .map(|(when, text)| ReviewObject {
                    when: when.get(lang).to_owned(),
                    text: text.get(lang).to_owned(),
                })
                .collect(),
            refines: duty.refines.as_ref().map(|node| node.id.to_string()),
            note: (!duty.note.is_empty()).then(|| duty.note.get(lang).to_owned()),
            source: line_of(&duty.at),
        }
    }
}

/// `script:line`.
fn line_of(span: &Span) -> String {
    format!("{}:{}", span.source.name(), span.position().line)
}

fn ids(nodes: &[Named]) -> Vec<String> {
    nodes.iter().map(|node| node.id.to_string()).collect()
}

fn said(text: Option<&Text>, lang: Lang) -> Option<String> {
    text.map(|text| text.get(lang).to_owned())
}

#[derive(Debug, Clone, Serialize)]
struct ReviewObject {
    when: String,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct DemandObject {
    part: Option<String>,
    title: Option<String>,
    when: Option<String>,
    kind: &'static str,
    text: String,
    deadline: Option<DeadlineObject>,
    citation: Option<CitationObject>,
}

impl DemandObject {
    fn of(demand: &Demand, lang: Lang) -> Self {
        let (kind, text, deadline) = match &demand.words {
            DemandWords::Must(text) => ("must", text.get(lang).to_owned(), None),
            DemandWords::MustNot(text) => ("must_not", text.get(lang).to_owned(), None),
            DemandWords::Deadline(words) => (
                "deadline",
                words.act.get(lang).to_owned(),
                Some(DeadlineObject::of(words, lang)),
            ),
        };
        DemandObject {
            part: demand.part.as_ref().map(|(code, _)| code.clone()),
            title: said(demand.part.as_ref().map(|(_, title)| title), lang),
            when: said(demand.when.as_ref(), lang),
            kind,
            text,
            deadline,
            citation: demand.citation.as_ref().map(CitationObject::of),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct DeadlineObject {
    act: String,
    since: Option<String>,
    limit: &'static str,
    days: Option<u16>,
    until_days: Option<u16>,
    on: Option<String>,
    or_since: Option<OtherStartObject>,
    follows: bool,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct OtherStartObject {
    since: String,
    reading: String,
}

impl DeadlineObject {
    fn of(deadline: &DeadlineWords, lang: Lang) -> Self {
        let (limit, days, until_days, on) = match deadline.limit {
            Limit::Days(n) => ("days", Some(n), None, None),
            Limit::Workdays(n) => ("workdays", Some(n), None, None),
            Limit::Months(n) => ("months", Some(n), None, None),
            Limit::NextDay => ("next_day", None, None, None),
            Limit::Immediately => ("immediately", None, None, None),
            Limit::AtOnceAfter(n) => ("at_once_after", Some(n), None, None),
            Limit::Promptly { review_after } => ("promptly", Some(review_after), None, None),
            Limit::Between { after, before } => ("between", Some(after), Some(before), None),
            Limit::AfterEnd(n) => ("after_end", Some(n), None, None),
            Limit::OnceOver(n) => ("once_over", Some(n), None, None),
            Limit::SameTime => ("same_time", None, None, None),
            Limit::By(day) => ("by", None, None, Some(day.to_string())),
            Limit::OnRecord => ("on_record", None, None, None),
        };
        DeadlineObject {
            act: deadline.act.get(lang).to_owned(),
            since: said(deadline.since.as_ref(), lang),
            limit,
            days,
            until_days,
            on,
            or_since: deadline
                .or_since
                .as_ref()
                .map(|(since, reading)| OtherStartObject {
                    since: since.get(lang).to_owned(),
                    reading: reading.get(lang).to_owned(),
                }),
            follows: deadline.follows,
            text: period::rule(deadline.limit).get(lang).to_owned(),
        }
    }
}
