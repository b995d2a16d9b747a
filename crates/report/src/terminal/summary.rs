//! Many cases in a table, one per line.

use super::super::RunSummary;
use super::super::sheet::Sheet;
use super::{Options, mark, tone};
use choucha_core::audit::Outcome;
use choucha_core::layout::{self, Tone};

/// One line per listed case with its main numbers, and the totals; every given dossier is accounted for.
#[must_use]
pub fn render_summary(run: &RunSummary, options: &Options) -> String {
    const COLUMN: usize = 6;
    let mut sheet = Sheet::new(options.style);
    let lang = sheet.lang();
    let n = run.cases();
    let cases = run.listed();
    let text = choucha_core::text!("【汇总】{n}份案卷", "SUMMARY ({n} dossiers)");
    sheet.heading(Tone::Strong, text.get(lang));
    if run.interrupted {
        let text = choucha_core::text!(
            "审查被中断，只完成了前{n}份案卷",
            "the audit was interrupted: only the first {n} dossiers are done"
        );
        sheet.hang(0, Tone::Bad, "# ", text.get(lang));
    }
    let outcome = Outcome::ALL
        .map(|outcome| layout::width(outcome.label().get(lang)))
        .into_iter()
        .max()
        .unwrap_or(0);
    let numbers = [Outcome::Violated, Outcome::Review, Outcome::Undetermined];
    let heads = [("违规", "viol."), ("判断", "review"), ("待证", "undet.")];
    let taken = 2 + outcome + 1 + heads.len() * (COLUMN + 1);
    let room = sheet.style.width.saturating_sub(taken + 2);
    let mut line = layout::pad(lang.pick("  结论", "  outcome"), 2 + outcome);
    for (zh, en) in heads {
        line.push_str(&right(lang.pick(zh, en), COLUMN + 1));
    }
    line.push_str("  ");
    line.push_str(&layout::clip(
        lang.pick("案卷", "case"),
        room.saturating_sub(1),
    ));
    sheet.line(0, &line);
    for case in &cases {
        let sign = format!("{} ", mark(case.outcome));
        let label = layout::pad(case.outcome.label().get(lang), outcome);
        let mut line = sheet
            .paint
            .paint(tone(case.outcome), &format!("{sign}{label}"));
        for outcome in numbers {
            let number = match case.audited {
                true => case.count(outcome).to_string(),
                false => "-".to_owned(),
            };
            line.push_str(&right(&number, COLUMN + 1));
        }
        line.push_str("  ");
        if case.case == case.source {
            line.push_str(&layout::clip_start(&case.source, room));
        } else {
            let name = layout::clip(&case.case, room / 2);
            let left = room.saturating_sub(layout::width(&name) + 2);
            line.push_str(&name);
            line.push_str("  ");
            line.push_str(&layout::clip_start(&case.source, left));
        }
        sheet.line(0, &line);
    }
    let left_out = n.saturating_sub(cases.len());
    if left_out > 0 {
        let listed = cases.len();
        let text = choucha_core::text!(
            "另有{left_out}份未逐一列出：上面是结论最重的{listed}份；全部案卷见 --format ndjson",
            "{left_out} more are not listed: these are the {listed} that weigh most; --format ndjson has them all"
        );
        sheet.para(0, text.get(lang));
    }
    sheet.blank();
    let named: Vec<String> = Outcome::ALL
        .into_iter()
        .map(|outcome| (outcome, run.count(outcome)))
        .filter(|(_, n)| *n > 0)
        .map(|(outcome, n)| {
            let label = outcome.label();
            let (zh, en) = (label.zh, label.en);
            choucha_core::text!("{zh}{n}份", "{n} {en}")
                .get(lang)
                .to_owned()
        })
        .collect();
    let first = choucha_core::text!("共{n}份案卷：", "{n} dossiers: ");
    sheet.items(first.get(lang), &named, lang.pick("、", ", "));
    let unaudited = run.unaudited();
    if unaudited > 0 {
        let audited = n - unaudited;
        let text = choucha_core::text!(
            "审查了{audited}份，{unaudited}份无法审查",
            "{audited} audited, {unaudited} could not be"
        );
        sheet.para(0, text.get(lang));
    }
    sheet.finish()
}

/// Aligns `text` to the right edge of a column.
fn right(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(layout::width(text));
    format!("{:missing$}{text}", "")
}
