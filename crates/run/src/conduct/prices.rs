//! Patterns in the prices paid for samples. Paying the marked price is correct and no pattern.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Day;

use super::cases::{CaseId, Fact, TextId};
use super::conflict::{Conflict, ConflictKind, Grade, Run, mark};
use super::identity::PartyId;

/// Respondents that were paid more than the marked price in several cases.
pub(super) fn above_marked(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let mut above: BTreeMap<PartyId, Vec<CaseId>> = BTreeMap::new();
    let mut priced: BTreeMap<PartyId, usize> = BTreeMap::new();
    for case in run.kept.ids() {
        let prices = (
            run.kept.money(case, Fact::Marked),
            run.kept.money(case, Fact::Paid),
        );
        if let (Some(respondent), (Some(marked), Some(paid))) = (run.respondent(case), prices) {
            *priced.entry(respondent).or_default() += 1;
            if paid > marked {
                above.entry(respondent).or_default().push(case);
            }
        }
    }
    for (respondent, cases) in above {
        if cases.len() < run.parameters.paid_above {
            continue;
        }
        let (whom, n) = (Text::same(mark(respondent)), cases.len());
        let all = priced.get(&respondent).copied().unwrap_or(n);
        let statement = text!(
            "在{}购样且标价、购买单价均有记载的{all}起案卷中，{n}起的购买单价高于标价",
            "of the {all} cases at {} with both a marked and a paid price on record, {n} have a price paid above the marked one";
            whom
        );
        found.push(run.conflict(
            ConflictKind::PaidAboveMarked,
            Grade::Check,
            vec![respondent],
            statement,
            (&cases, &[Fact::Marked, Fact::Paid]),
        ));
    }
}

/// Different prices for the same product and model at the same respondent on the same day.
pub(super) fn unlike(run: &Run<'_>, found: &mut Vec<Conflict>) {
    type Bought = (PartyId, TextId, Option<TextId>, Day);
    let mut bought: BTreeMap<Bought, Vec<(CaseId, Decimal)>> = BTreeMap::new();
    for case in run.kept.ids() {
        if let (Some(respondent), Some(product), Some(day), Some(paid)) = (
            run.respondent(case),
            run.kept.text_id(case, Fact::Product),
            run.kept.day(case),
            run.kept.money(case, Fact::Paid),
        ) {
            let model = run.kept.text_id(case, Fact::Model);
            let bought = bought.entry((respondent, product, model, day)).or_default();
            bought.push((case, paid));
        }
    }
    for ((respondent, _, model, day), bought) in bought {
        let mut prices: Vec<Decimal> = bought.iter().map(|(_, paid)| *paid).collect();
        prices.sort_unstable();
        prices.dedup();
        let (true, Some((first, _))) = (prices.len() > 1, bought.first()) else {
            continue;
        };
        let cases: Vec<CaseId> = bought.iter().map(|(case, _)| *case).collect();
        let whom = Text::same(mark(respondent));
        let product = Text::same(run.kept.text(*first, Fact::Product).unwrap_or_default());
        let model = match model.and_then(|_| run.kept.text(*first, Fact::Model)) {
            Some(model) => text!("规格型号{model}", "model {model}"),
            None => Text::new("规格型号未记载", "no model on record"),
        };
        let shown: Vec<String> = prices.iter().map(ToString::to_string).collect();
        let (zh, en) = (shown.join("、"), shown.join(", "));
        let statement = text!(
            "{day}在{}购买“{}”（{}），购买单价分别为{zh}元",
            "on {day}, “{1}” ({2}) was bought at {0} at unit prices of {en} yuan";
            whom, product, model
        );
        found.push(run.conflict(
            ConflictKind::UnlikePrices,
            Grade::Know,
            vec![respondent],
            statement,
            (&cases, &[Fact::Product, Fact::Paid]),
        ));
    }
}

/// Sampling agencies whose totals are mostly whole hundreds.
pub(super) fn round_totals(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let round_to = Decimal::from(run.parameters.round_to);
    let mut totals: BTreeMap<PartyId, (usize, Vec<CaseId>)> = BTreeMap::new();
    for case in run.kept.ids() {
        if let (Some(agency), Some(total)) =
            (run.kept.agency(case), run.kept.money(case, Fact::Total))
            && total > Decimal::ZERO
        {
            let (all, round) = totals.entry(run.parties.of(agency)).or_default();
            *all += 1;
            if total
                .checked_rem(round_to)
                .is_some_and(|rest| rest.is_zero())
            {
                round.push(case);
            }
        }
    }
    for (agency, (all, cases)) in totals {
        let n = cases.len();
        if all < run.parameters.round_totals || n * 100 < all * run.parameters.round_percent {
            continue;
        }
        let whom = Text::same(mark(agency));
        let statement = text!(
            "{}有付费总额记载的{all}起案卷中，{n}起的总额为{round_to}元的整数倍",
            "of the {all} cases of {} with a total on record, {n} have a multiple of {round_to} yuan";
            whom
        );
        found.push(run.conflict(
            ConflictKind::RoundTotals,
            Grade::Know,
            vec![agency],
            statement,
            (&cases, &[Fact::Total]),
        ));
    }
}
