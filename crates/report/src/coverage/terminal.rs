//! Coverage on the terminal.

use super::super::sheet::Sheet;
use super::{encoders, reasons, summary};
use choucha_core::diagnostic::Style;
use choucha_core::lang::Lang;
use choucha_core::layout::{self, Tone};
use choucha_core::text;
use choucha_rules::coverage::{Coverage, Row, Status};

/// The coverage of rule sets: counts, and the missing clauses; with `all`, every clause that must be encoded or listed.
#[must_use]
pub fn render_coverage(coverages: &[Coverage], all: bool, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    for coverage in coverages {
        let (title, id) = (coverage.title.get(lang), &coverage.ruleset);
        let heading = text!("{title}（{id}）", "{title} ({id})");
        sheet.heading(Tone::Strong, heading.get(lang));
        let (number, name) = (&coverage.instrument, coverage.instrument_title.get(lang));
        let instrument = text!("{number}《{name}》", "{number}, {name}");
        let field = lang.pick("依据", "instrument");
        sheet.field(0, field, instrument.get(lang));
        let field = lang.pick("条款", "clauses");
        sheet.field(0, field, summary(coverage).get(lang));
        let reasons = reasons(coverage, lang);
        if !reasons.is_empty() {
            sheet.field(0, lang.pick("不可审查", "not auditable"), &reasons);
        }
        if all {
            for row in &coverage.rows {
                if row.kind.needs_answer() || matches!(row.status, Status::Encoded(_)) {
                    show(&mut sheet, row);
                }
            }
        } else if !coverage.is_complete() {
            sheet.heading(Tone::Bad, lang.pick("遗漏的条款", "missing clauses"));
            for row in &coverage.rows {
                if matches!(row.status, Status::Missing) {
                    show(&mut sheet, row);
                }
            }
        }
    }
    sheet.finish()
}

/// A clause with what encodes or excuses it.
fn show(sheet: &mut Sheet, row: &Row) {
    let lang = sheet.lang();
    let tone = match row.status {
        Status::Missing => Tone::Bad,
        Status::Encoded(_) => Tone::Good,
        Status::NotAuditable(..) | Status::NoAnswerNeeded => Tone::Faint,
    };
    let column = match lang {
        Lang::Zh => 8,
        Lang::En => 13,
    };
    let under = column + 2;
    let label = row.status.label();
    let first = format!("{}  {}  ", layout::pad(label.get(lang), column), row.id);
    let words = match &row.text {
        Some(words) => words.as_str(),
        None => "",
    };
    sheet.hang(0, tone, &first, words);
    match &row.status {
        Status::Encoded(encodings) => {
            for encoder in encoders(encodings) {
                let title = encoder.title.get(lang);
                let id = encoder.id;
                sheet.para(under, &format!("{id}  {title}"));
                if row.text.is_none() {
                    for quote in encoder.quotes {
                        sheet.faint(under + 2, &format!("“{quote}”"));
                    }
                }
            }
        }
        Status::NotAuditable(reason, why) => {
            let (label, why) = (reason.label(), why.get(lang));
            let label = label.get(lang);
            let line = text!("{label}：{why}", "{label}: {why}");
            sheet.para(under, line.get(lang));
        }
        Status::Missing | Status::NoAnswerNeeded => {}
    }
}
