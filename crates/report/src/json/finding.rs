//! Findings as JSON objects.

use serde::Serialize;

use super::Options;
use choucha_core::audit::{Due, Event, Evidence, Finding, Missing, PartFinding, Unread, Waiver};
use choucha_core::expr::{Trace, TraceValue};
use choucha_core::lang::{Lang, Text};
use choucha_core::obligation::Citation;
use choucha_core::source::Origin;
use choucha_core::truth::Truth;
use choucha_core::value::Party;

#[derive(Debug, Clone, Serialize)]
pub(super) struct FindingObject {
    obligation: String,
    ruleset: String,
    outcome: &'static str,
    severity: &'static str,
    bearer: String,
    bearer_label: String,
    title: String,
    because: String,
    parts: Vec<PartObject>,
    due: Option<DueObject>,
    evidence: Vec<EvidenceObject>,
    missing: Vec<MissingObject>,
    whatever: Vec<MissingObject>,
    one_short: bool,
    readings: Vec<String>,
    note: Option<String>,
    citations: Vec<CitationObject>,
    responsible: Vec<String>,
    parties: Vec<PartyObject>,
    lapsed: bool,
    root_cause: Option<String>,
    relieved_by: Option<String>,
    waiver: Option<WaiverObject>,
    declared: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    traces: Option<Vec<TraceObject>>,
}

impl FindingObject {
    pub(super) fn of(finding: &Finding, options: Options) -> Self {
        let lang = options.lang;
        FindingObject {
            obligation: finding.obligation.to_string(),
            ruleset: finding.ruleset.to_string(),
            outcome: finding.outcome.code(),
            severity: finding.severity.code(),
            bearer: finding.bearer.clone(),
            bearer_label: finding.bearer_label.get(lang).to_owned(),
            title: finding.title.get(lang).to_owned(),
            because: finding.because.get(lang).to_owned(),
            parts: finding
                .parts
                .iter()
                .map(|part| PartObject::of(part, options))
                .collect(),
            due: finding.due.as_ref().map(|due| DueObject::of(due, lang)),
            evidence: finding
                .evidence
                .iter()
                .map(|item| EvidenceObject::of(item, lang))
                .collect(),
            missing: finding
                .missing
                .iter()
                .map(|gap| MissingObject::of(gap, lang))
                .collect(),
            whatever: finding
                .whatever
                .iter()
                .map(|fact| MissingObject::of(fact, lang))
                .collect(),
            one_short: finding.one_short,
            readings: texts(&finding.readings, lang),
            note: some(&finding.note, lang),
            citations: finding.citations.iter().map(CitationObject::of).collect(),
            responsible: finding
                .responsible
                .iter()
                .map(|party| party.name.to_string())
                .collect(),
            parties: finding.responsible.iter().map(PartyObject::of).collect(),
            lapsed: finding.lapsed,
            root_cause: finding.root_cause.as_ref().map(ToString::to_string),
            relieved_by: finding.relieved_by.as_ref().map(ToString::to_string),
            waiver: finding.waiver.as_ref().map(WaiverObject::of),
            declared: finding.declared.to_string(),
            traces: options.traces.then(|| traces(&finding.traces, lang)),
        }
    }
}

impl FindingObject {
    /// The facts it rests on, mutable so that they can be taken out.
    pub(super) fn evidence_mut(&mut self) -> &mut Vec<EvidenceObject> {
        &mut self.evidence
    }
}

fn texts(texts: &[Text], lang: Lang) -> Vec<String> {
    texts.iter().map(|text| text.get(lang).to_owned()).collect()
}

fn some(text: &Text, lang: Lang) -> Option<String> {
    (!text.is_empty()).then(|| text.get(lang).to_owned())
}

#[derive(Debug, Clone, Serialize)]
struct PartObject {
    code: String,
    title: String,
    outcome: &'static str,
    because: String,
    due: Option<DueObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traces: Option<Vec<TraceObject>>,
}

impl PartObject {
    fn of(part: &PartFinding, options: Options) -> Self {
        let lang = options.lang;
        PartObject {
            code: part.code.clone(),
            title: part.title.get(lang).to_owned(),
            outcome: part.outcome.code(),
            because: part.because.get(lang).to_owned(),
            due: part.due.as_ref().map(|due| DueObject::of(due, lang)),
            traces: options.traces.then(|| traces(part.trace.as_slice(), lang)),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct DueObject {
    on: String,
    from: Option<String>,
    earliest: Option<String>,
    otherwise: Option<String>,
    count: String,
    days: Vec<String>,
    act: Option<String>,
    late_days: i32,
    late_unit: &'static str,
    reminder: bool,
    progress: &'static str,
    other: Option<Box<OtherDueObject>>,
}

#[derive(Debug, Clone, Serialize)]
struct OtherDueObject {
    reading: String,
    due: DueObject,
}

impl DueObject {
    fn of(due: &Due, lang: Lang) -> Self {
        DueObject {
            on: due.on.to_string(),
            from: due.from.map(|day| day.to_string()),
            earliest: due.earliest.map(|day| day.to_string()),
            otherwise: due.otherwise.map(|day| day.to_string()),
            count: due.rule.get(lang).to_owned(),
            days: texts(&due.count, lang),
            act: due.act.map(|day| day.to_string()),
            late_days: due.late_days,
            late_unit: if due.in_workdays { "workday" } else { "day" },
            reminder: due.is_reminder,
            progress: due.progress.code(),
            other: due.other.as_ref().map(|other| {
                Box::new(OtherDueObject {
                    reading: other.reading.get(lang).to_owned(),
                    due: DueObject::of(&other.due, lang),
                })
            }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct EvidenceObject {
    fact: String,
    title: String,
    value: String,
    shown: String,
    origin: Option<String>,
    origin_kind: &'static str,
    inferred_from: Option<String>,
    personal: bool,
}

impl EvidenceObject {
    fn of(item: &Evidence, lang: Lang) -> Self {
        EvidenceObject {
            fact: item.fact.clone(),
            title: item.title.get(lang).to_owned(),
            value: item.value.clone(),
            shown: item.shown.get(lang).to_owned(),
            origin: item.origin.span().map(ToString::to_string),
            origin_kind: match item.origin {
                Origin::Text(_) => "written",
                Origin::Inferred { .. } => "inferred",
                Origin::Assumed => "assumed",
                Origin::Complete => "complete",
                Origin::Absent => "absent",
            },
            inferred_from: match &item.origin {
                Origin::Inferred { from, .. } => Some(from.clone()),
                _ => None,
            },
            personal: item.personal,
        }
    }
}

impl EvidenceObject {
    /// The path of the fact.
    pub(super) fn fact(&self) -> &str {
        &self.fact
    }
}

#[derive(Debug, Clone, Serialize)]
struct MissingObject {
    fact: String,
    title: String,
    form: Option<String>,
}

impl MissingObject {
    fn of(gap: &Missing, lang: Lang) -> Self {
        MissingObject {
            fact: gap.fact.clone(),
            title: gap.title.get(lang).to_owned(),
            form: gap.form.as_ref().map(|form| form.get(lang).to_owned()),
        }
    }
}

/// A fact that the record states and no duty reads.
#[derive(Debug, Clone, Serialize)]
pub(super) struct UnreadObject {
    fact: String,
    title: String,
    origin: Option<String>,
}

impl UnreadObject {
    pub(super) fn of(unread: &Unread, lang: Lang) -> Self {
        UnreadObject {
            fact: unread.fact.clone(),
            title: unread.title.get(lang).to_owned(),
            origin: unread.span.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct CitationObject {
    instrument: String,
    section: String,
    quote: String,
}

impl CitationObject {
    pub(super) fn of(citation: &Citation) -> Self {
        CitationObject {
            instrument: citation.instrument.clone(),
            section: citation.section.clone(),
            quote: citation.quote.clone(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct PartyObject {
    name: String,
    id: Option<String>,
    employer: Option<String>,
}

impl PartyObject {
    fn of(party: &Party) -> Self {
        PartyObject {
            name: party.name.to_string(),
            id: party.id.as_deref().map(str::to_owned),
            employer: party.employer.as_deref().map(str::to_owned),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct WaiverObject {
    obligation: String,
    approver: String,
    reason: String,
    from: Option<String>,
    until: Option<String>,
    origin: Option<String>,
}

impl WaiverObject {
    pub(super) fn of(waiver: &Waiver) -> Self {
        WaiverObject {
            obligation: waiver.obligation.clone(),
            approver: waiver.approver.clone(),
            reason: waiver.reason.clone(),
            from: waiver.from.map(|day| day.to_string()),
            until: waiver.until.map(|day| day.to_string()),
            origin: waiver.span.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct EventObject {
    obligation: String,
    title: String,
    progress: &'static str,
    outcome: &'static str,
    due: DueObject,
}

impl EventObject {
    pub(super) fn of(event: &Event, lang: Lang) -> Self {
        EventObject {
            obligation: event.obligation.to_string(),
            title: event.title.get(lang).to_owned(),
            progress: event.progress.code(),
            outcome: event.outcome.code(),
            due: DueObject::of(&event.due, lang),
        }
    }
}

/// A due date in brief: its status, without its count.
#[derive(Debug, Clone, Serialize)]
pub(super) struct BriefEvent(
    usize,
    &'static str,
    &'static str,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i32,
    &'static str,
    bool,
);

impl EventObject {
    /// The id and the title of its duty.
    pub(super) fn duty(&self) -> (&str, &str) {
        (&self.obligation, &self.title)
    }

    /// The event in brief; `duty` is the number of its duty.
    pub(super) fn into_brief(self, duty: usize) -> BriefEvent {
        let due = self.due;
        BriefEvent(
            duty,
            self.progress,
            self.outcome,
            due.on,
            due.from,
            due.earliest,
            due.otherwise,
            due.act,
            due.late_days,
            due.late_unit,
            due.reminder,
        )
    }
}

#[derive(Debug, Clone, Serialize)]
struct TraceObject {
    text: String,
    /// `true`, `false`, `null` for unknown; for an operand, its value as text.
    value: serde_json::Value,
    facts: Vec<String>,
    children: Vec<TraceObject>,
}

fn traces(traces: &[Trace], lang: Lang) -> Vec<TraceObject> {
    traces
        .iter()
        .map(|trace| TraceObject::of(trace, lang))
        .collect()
}

impl TraceObject {
    fn of(trace: &Trace, lang: Lang) -> Self {
        TraceObject {
            text: trace.text.get(lang).to_owned(),
            value: match &trace.value {
                TraceValue::Truth(Truth::True) => true.into(),
                TraceValue::Truth(Truth::False) => false.into(),
                TraceValue::Truth(Truth::Unknown) => serde_json::Value::Null,
                TraceValue::Value(text) => text.get(lang).into(),
            },
            facts: trace.facts.clone(),
            children: traces(&trace.children, lang),
        }
    }
}
