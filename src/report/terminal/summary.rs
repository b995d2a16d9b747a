//! Many cases in a table, a line each.

use super::super::CaseSummary;
use super::super::sheet::Sheet;
use super::{Options, mark, tone};
use crate::audit::Outcome;
use crate::layout::{self, Tone};

/// A line a case with the numbers that matter, and the totals; every dossier given is accounted for.
#[must_use]
pub fn render_summary(cases: &[CaseSummary], options: &Options) -> String {
    const COLUMN: usize = 6;
    let mut sheet = Sheet::new(options.style);
    let lang = sheet.lang();
    let n = cases.len();
    let text = crate::text!("【汇总】{n}份案卷", "SUMMARY ({n} dossiers)");
    sheet.heading(Tone::Strong, text.get(lang));
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
    for case in cases {
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
    sheet.blank();
    let named: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| {
            (
                outcome,
                cases.iter().filter(|c| c.outcome == *outcome).count(),
            )
        })
        .filter(|(_, n)| *n > 0)
        .map(|(outcome, n)| {
            let label = outcome.label();
            let (zh, en) = (label.zh, label.en);
            crate::text!("{zh}{n}份", "{n} {en}").get(lang).to_owned()
        })
        .collect();
    let first = crate::text!("共{n}份案卷：", "{n} dossiers: ");
    sheet.items(first.get(lang), &named, lang.pick("、", ", "));
    sheet.finish()
}

/// `text` against the right edge of a column.
fn right(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(layout::width(text));
    format!("{:missing$}{text}", "")
}
