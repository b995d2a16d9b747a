//! The sheet that sums a run up on a page or two (汇总): cases and findings by outcome, the duties broken, and who answers
//! for them.

use rust_xlsxwriter::Worksheet;

use super::Failed;
use super::page::{Cell, Head, Page, Shared};
use choucha_core::audit::{Outcome, Tally};
use choucha_core::lang::{Lang, Text};
use choucha_run::totals::Totals;

/// 汇总.
pub(super) fn sheet(shared: &mut Shared, totals: &Totals) -> Result<Vec<Worksheet>, Failed> {
    let lang = shared.lang;
    let heads = vec![
        Head::new("部分", "Part", 16),
        Head::new("对象", "Of", 50),
        Head::new("案卷", "Cases", 10),
        Head::new("违规", "Violated", 10),
        Head::new("待人工判断", "To judge", 12),
        Head::new("待补证", "Undetermined", 12),
        Head::new("违规占已判定的", "Violated of those decided", 14),
        Head::new("最长逾期", "Most late", 12),
    ];
    let mut page = Page::new(lang.pick("汇总", "Summary"), heads, 2).signed(lang);
    let all = lang.pick("总计", "All");
    let counts = |tally: &Tally| {
        [Outcome::Violated, Outcome::Review, Outcome::Undetermined]
            .map(|outcome| Cell::count(tally[outcome]))
    };
    let mut row =
        |part: &str, of: &str, cases: Cell, counts: [Cell; 3], share: Cell, late: Cell| {
            let [violated, review, undetermined] = counts;
            let (part, of) = (Cell::Strong(part.to_owned()), Cell::text(of));
            page.row(
                shared,
                &[part, of, cases, violated, review, undetermined, share, late],
            )
        };
    row(
        all,
        &cases_in_words(totals, lang),
        Cell::count(totals.records),
        counts(&totals.cases),
        Cell::Blank,
        Cell::Blank,
    )?;
    row(
        all,
        lang.pick("审查结果（项）", "findings"),
        Cell::Blank,
        counts(&totals.findings),
        share(&totals.findings),
        Cell::Blank,
    )?;
    let mut duties: Vec<_> = totals
        .duties()
        .iter()
        .filter(|duty| duty.count(Outcome::Violated) > 0)
        .collect();
    // Stable: duties violated as often stay in the order of the notice.
    duties.sort_by_key(|duty| std::cmp::Reverse(duty.count(Outcome::Violated)));
    for total in duties {
        row(
            lang.pick("违反的义务", "Duties broken"),
            total.duty.title.get(lang),
            Cell::count(total.owed()),
            counts(&total.counts),
            share(&total.counts),
            total.latest.map_or(Cell::Blank, |(days, in_workdays)| {
                Cell::Late(days, in_workdays)
            }),
        )?;
    }
    for body in totals
        .bodies()
        .iter()
        .filter(|body| body.counts[Outcome::Violated] > 0)
    {
        row(
            lang.pick("责任单位", "Organisations"),
            body.name.get(lang),
            Cell::count(body.cases),
            counts(&body.counts),
            Cell::Blank,
            Cell::Blank,
        )?;
    }
    page.finish(shared)
}

/// The cases by outcome, in words.
fn cases_in_words(totals: &Totals, lang: Lang) -> String {
    let (n, words) = (totals.records, Totals::words(&totals.cases, lang));
    let text = match words.is_empty() {
        true => Text::new(format!("案卷{n}份"), format!("{n} cases")),
        false => Text::new(format!("案卷{n}份：{words}"), format!("{n} cases: {words}")),
    };
    text.get(lang).to_owned()
}

/// How many of those decided are violated.
fn share(tally: &Tally) -> Cell {
    let violated = tally[Outcome::Violated];
    match violated + tally[Outcome::Satisfied] {
        0 => Cell::Blank,
        decided => Cell::Share(violated as f64 / decided as f64),
    }
}
