//! The sheets of totals: one row per duty, organisation, or missing paper or fact.

use rust_xlsxwriter::Worksheet;

use super::Failed;
use super::page::{Cell, Head, Page, Shared};
use choucha_core::audit::Outcome;
use choucha_run::totals::Totals;

/// The heading of a column that counts an outcome.
fn counted(outcome: Outcome) -> Head {
    let label = outcome.label();
    Head {
        title: label,
        width: 14,
    }
}

/// 义务汇总.
pub(super) fn duties(shared: &mut Shared, totals: &Totals) -> Result<Vec<Worksheet>, Failed> {
    const SHOWN: [Outcome; 8] = [
        Outcome::Satisfied,
        Outcome::Violated,
        Outcome::Undetermined,
        Outcome::Review,
        Outcome::Pending,
        Outcome::Waived,
        Outcome::Errored,
        Outcome::NotApplicable,
    ];
    let mut heads = vec![
        Head::new("义务", "Duty", 40),
        Head::new("轻重", "Severity", 9),
        Head::new("应履行或可能应履行（案）", "Owed, or may be (cases)", 13),
    ];
    heads.extend(SHOWN.map(counted));
    heads.extend([
        Head::new("已判定中违规的占比", "Violated of those decided", 13),
        Head::new("最长逾期", "Most late", 12),
        Head::new("义务编号", "Duty id", 36),
        Head::new("规则集", "Rule set", 26),
    ]);
    let mut page = Page::new(shared.lang.pick("义务汇总", "By duty"), heads, 1);
    let mut duties: Vec<_> = totals.duties().iter().collect();
    // Stable sort: duties violated equally often stay in the order of the notice.
    duties.sort_by_key(|duty| std::cmp::Reverse(duty.count(Outcome::Violated)));
    for total in duties {
        let duty = &total.duty;
        let violated = total.count(Outcome::Violated);
        let decided = violated + total.count(Outcome::Satisfied);
        let mut cells = vec![
            Cell::text(duty.title.get(shared.lang)),
            Cell::text(duty.severity.label().get(shared.lang)),
            Cell::count(total.owed()),
        ];
        cells.extend(SHOWN.map(|outcome| Cell::count(total.count(outcome))));
        cells.push(match decided {
            0 => Cell::Blank,
            _ => Cell::Share(violated as f64 / decided as f64),
        });
        cells.push(match total.latest {
            Some((days, in_workdays)) => Cell::Late(days, in_workdays),
            None => Cell::Blank,
        });
        cells.push(Cell::text(&duty.obligation.0));
        cells.push(Cell::text(&duty.ruleset.0));
        page.row(shared, &cells)?;
    }
    page.finish(shared)
}

/// 单位汇总.
pub(super) fn bodies(shared: &mut Shared, totals: &Totals) -> Result<Vec<Worksheet>, Failed> {
    let mut shown = vec![
        Outcome::Violated,
        Outcome::Review,
        Outcome::Undetermined,
        Outcome::Pending,
        Outcome::Waived,
        Outcome::Errored,
    ];
    // Without explained satisfied duties, nobody is known to have met any.
    if totals.explained {
        shown.insert(0, Outcome::Satisfied);
    }
    let mut heads = vec![
        Head::new("责任单位", "Organisation", 36),
        Head::new("涉及案件", "Cases", 10),
        Head::new("有违规的案件", "Cases with a violation", 12),
        Head::new("跨案违规", "Violations across cases", 12),
    ];
    heads.extend(shown.iter().map(|outcome| counted(*outcome)));
    let mut page = Page::new(shared.lang.pick("单位汇总", "By organisation"), heads, 1);
    for body in totals.bodies() {
        let mut cells = vec![
            Cell::text(body.name.get(shared.lang)),
            Cell::count(body.cases),
            Cell::count(body.violated_cases),
            Cell::count(body.violated_across),
        ];
        let count = |outcome: &Outcome| Cell::count(body.counts[*outcome]);
        cells.extend(shown.iter().map(count));
        page.row(shared, &cells)?;
    }
    page.finish(shared)
}

/// 待补材料.
pub(super) fn missing(shared: &mut Shared, totals: &Totals) -> Result<Vec<Worksheet>, Failed> {
    let heads = vec![
        Head::new("材料", "Paper", 30),
        Head::new("事项", "Fact", 40),
        Head::new("有助判定的义务（项）", "Findings it helps to decide", 14),
        Head::new("其中只缺它的（项）", "Of these, lacking nothing else", 14),
        Head::new("涉及案件", "Cases", 10),
        Head::new("事项编号", "Path", 36),
    ];
    let mut page = Page::new(shared.lang.pick("待补材料", "Missing papers"), heads, 1);
    let lang = shared.lang;
    let mut rest = totals.gaps();
    for paper in totals.papers() {
        page.row(
            shared,
            &[
                Cell::Strong(crate::issues::shown(paper.paper.get(lang))),
                Cell::Strong(lang.pick("（整份材料）", "(the whole paper)").to_owned()),
                Cell::count(paper.findings),
                Cell::count(paper.alone),
                Cell::count(paper.cases),
            ],
        )?;
        let (of_it, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|gap| {
            gap.paper
                .as_ref()
                .is_some_and(|form| form.zh == paper.paper.zh)
        });
        rest = others;
        for gap in of_it {
            page.row(shared, &gap_row(gap, lang))?;
        }
    }
    for gap in rest {
        page.row(shared, &gap_row(gap, lang))?;
    }
    page.finish(shared)
}

fn gap_row(gap: &choucha_run::totals::GapTotals, lang: choucha_core::lang::Lang) -> [Cell; 6] {
    let paper = gap.paper.as_ref().map(|paper| paper.get(lang));
    [
        Cell::text(paper.unwrap_or(lang.pick("（未指明）", "(not named)"))),
        Cell::text(gap.title.get(lang)),
        Cell::count(gap.findings),
        Cell::count(gap.alone),
        Cell::count(gap.cases),
        Cell::text(&gap.fact),
    ]
}
