//! One sample, or one report, in several cases.

use std::collections::BTreeMap;

use choucha_core::lang::Text;
use choucha_core::text;

use super::cases::{CaseId, Fact, TextId};
use super::conflict::{Conflict, ConflictKind, Grade, Run, mark};
use super::identity::PartyId;

/// The cases by respondent, product and batch, if all three are on record.
pub(super) fn by_sample(run: &Run<'_>) -> BTreeMap<(PartyId, TextId, TextId), Vec<CaseId>> {
    let mut samples: BTreeMap<_, Vec<CaseId>> = BTreeMap::new();
    for case in run.kept.ids() {
        if let (Some(respondent), Some(product), Some(batch)) = (
            run.respondent(case),
            run.kept.text_id(case, Fact::Product),
            run.kept.text_id(case, Fact::Batch),
        ) {
            samples
                .entry((respondent, product, batch))
                .or_default()
                .push(case);
        }
    }
    samples
}

/// Samples with the same respondent, product and batch, and no different models, in several cases.
pub(super) fn samples(run: &Run<'_>, found: &mut Vec<Conflict>) {
    for ((respondent, ..), cases) in by_sample(run) {
        for cases in by_model(run, &cases) {
            let [first, _, ..] = cases.as_slice() else {
                continue;
            };
            let words = |fact| Text::same(run.kept.text(*first, fact).unwrap_or_default());
            let (product, batch) = (words(Fact::Product), words(Fact::Batch));
            let (whom, n) = (Text::same(mark(respondent)), cases.len());
            let statement = text!(
                "{}的“{}”（批号{}）见于{n}起案卷",
                "“{1}” of {0} (batch {2}) is in {n} cases";
                whom, product, batch
            );
            found.push(run.conflict(
                ConflictKind::SameSample,
                Grade::Check,
                vec![respondent],
                statement,
                (&cases, &[Fact::Respondent, Fact::Product, Fact::Batch]),
            ));
        }
    }
}

/// Splits cases by model; cases without a model stay together, or join the only model there is.
fn by_model(run: &Run<'_>, cases: &[CaseId]) -> Vec<Vec<CaseId>> {
    let mut models: BTreeMap<Option<TextId>, Vec<CaseId>> = BTreeMap::new();
    for case in cases {
        let model = run.kept.text_id(*case, Fact::Model);
        models.entry(model).or_default().push(*case);
    }
    if models.len() == 2
        && let Some(unknown) = models.remove(&None)
    {
        let mut all: Vec<CaseId> = models.into_values().flatten().chain(unknown).collect();
        all.sort_unstable();
        return vec![all];
    }
    models.into_values().collect()
}

/// Report numbers that occur in several cases.
pub(super) fn reports(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let mut reports: BTreeMap<TextId, Vec<CaseId>> = BTreeMap::new();
    for case in run.kept.ids() {
        if let Some(report) = run.kept.text_id(case, Fact::Report) {
            reports.entry(report).or_default().push(case);
        }
    }
    for cases in reports.into_values() {
        let [first, _, ..] = cases.as_slice() else {
            continue;
        };
        let number = run.kept.text(*first, Fact::Report).unwrap_or_default();
        let n = cases.len();
        let statement = text!(
            "报告编号{number}见于{n}起案卷",
            "report number {number} is in {n} cases"
        );
        found.push(run.conflict(
            ConflictKind::SameReport,
            Grade::Check,
            Vec::new(),
            statement,
            (&cases, &[Fact::Report]),
        ));
    }
}
