//! The totals of a run as JSON.

use serde::Serialize;

use super::Counts;
use choucha_core::audit::{Outcome, Tally};
use choucha_core::lang::{Lang, Text};
use choucha_run::totals::Totals;

/// The totals of a run: by duty, by organisation, by missing fact.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct TotalsObject {
    findings: Counts,
    duties: Vec<DutyObject>,
    organisations: Vec<BodyObject>,
    papers: Vec<PaperObject>,
    facts: Vec<GapObject>,
}

#[derive(Debug, Clone, Serialize)]
struct DutyObject {
    ruleset: String,
    obligation: String,
    title: String,
    severity: &'static str,
    counts: Counts,
    latest_days: Option<i32>,
    latest_unit: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
struct BodyObject {
    name: String,
    named: bool,
    cases: usize,
    violated_cases: usize,
    violated_across: usize,
    counts: Counts,
}

#[derive(Debug, Clone, Serialize)]
struct PaperObject {
    paper: String,
    findings: usize,
    alone: usize,
    cases: usize,
}

#[derive(Debug, Clone, Serialize)]
struct GapObject {
    fact: String,
    title: String,
    paper: Option<String>,
    findings: usize,
    alone: usize,
    cases: usize,
}

impl Counts {
    /// The counts of a tally.
    pub(super) fn of(tally: &Tally) -> Self {
        Counts {
            violated: tally[Outcome::Violated],
            errored: tally[Outcome::Errored],
            review: tally[Outcome::Review],
            undetermined: tally[Outcome::Undetermined],
            pending: tally[Outcome::Pending],
            waived: tally[Outcome::Waived],
            satisfied: tally[Outcome::Satisfied],
            not_applicable: tally[Outcome::NotApplicable],
        }
    }
}

impl TotalsObject {
    pub(super) fn of(totals: &Totals, lang: Lang) -> Self {
        let shown = |text: &Text| text.get(lang).to_owned();
        TotalsObject {
            findings: Counts::of(&totals.findings),
            duties: totals
                .duties()
                .iter()
                .map(|total| DutyObject {
                    ruleset: total.duty.ruleset.to_string(),
                    obligation: total.duty.obligation.to_string(),
                    title: shown(&total.duty.title),
                    severity: total.duty.severity.code(),
                    counts: Counts::of(&total.counts),
                    latest_days: total.latest.map(|(days, _)| days),
                    latest_unit: total
                        .latest
                        .map(|(_, in_workdays)| if in_workdays { "workday" } else { "day" }),
                })
                .collect(),
            organisations: totals
                .bodies()
                .into_iter()
                .map(|body| BodyObject {
                    name: shown(&body.name),
                    named: body.is_named,
                    cases: body.cases,
                    violated_cases: body.violated_cases,
                    violated_across: body.violated_across,
                    counts: Counts::of(&body.counts),
                })
                .collect(),
            papers: totals
                .papers()
                .into_iter()
                .map(|paper| PaperObject {
                    paper: shown(&paper.paper),
                    findings: paper.findings,
                    alone: paper.alone,
                    cases: paper.cases,
                })
                .collect(),
            facts: totals
                .gaps()
                .into_iter()
                .map(|gap| GapObject {
                    fact: gap.fact.clone(),
                    title: shown(&gap.title),
                    paper: gap.paper.as_ref().map(shown),
                    findings: gap.findings,
                    alone: gap.alone,
                    cases: gap.cases,
                })
                .collect(),
        }
    }
}
