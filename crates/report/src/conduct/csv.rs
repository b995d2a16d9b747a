//! The rows as CSV: UTF-8 with a byte-order mark, so that spreadsheets recognise the encoding.
//!
//! Invariants: those of the list of problems ([`crate::delimited`]).

use csv::{Terminator, WriterBuilder};

use super::{OWED, View, percent};
use crate::delimited::harmless;
use choucha_core::lang::Text;
use choucha_core::value::Day;
use choucha_run::conduct::Subject;

/// The table as CSV, ending in a line break.
#[must_use]
pub fn render(view: &View<'_>) -> String {
    let lang = view.lang;
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let subject = view
        .by
        .map_or_else(|| Text::new("人员或机构", "who"), |by| by.label());
    let mut head = vec![subject.get(lang).to_owned()];
    let words = [
        Text::new("角色", "role"),
        Text::new("说明", "remark"),
        Text::new("应履行", "owed"),
    ];
    head.extend(words.iter().map(|text| text.get(lang).to_owned()));
    head.extend(OWED.map(|outcome| outcome.label().get(lang).to_owned()));
    let words = [
        Text::new(
            "违规率（%，违规÷已判定）",
            "rate of breach (%, violated of decided)",
        ),
        Text::new("已判定（违规和合规）", "decided (violated or met)"),
        Text::new("案卷", "cases"),
        Text::new("有违规的案卷", "cases with a breach"),
        Text::new("首次抽样日期", "first sampled on"),
        Text::new("末次抽样日期", "last sampled on"),
    ];
    head.extend(words.iter().map(|text| text.get(lang).to_owned()));
    // Writing to a vector cannot fail.
    let _ = writer.write_record(&head);
    for row in &view.book.rows {
        let account = &row.account;
        let role = match &row.subject {
            Subject::Party(_, Some(role)) => view.role(role),
            _ => String::new(),
        };
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut fields = vec![
            view.label(row),
            role,
            view.remark(row).unwrap_or_default(),
            account.owed().to_string(),
        ];
        fields.extend(OWED.map(|outcome| account.count(outcome).to_string()));
        fields.extend([
            percent(account.broke(), account.decided()).unwrap_or_default(),
            account.decided().to_string(),
            account.cases.to_string(),
            account.cases_broken.to_string(),
            day(account.first),
            day(account.last),
        ]);
        let _ = writer.write_record(fields.into_iter().map(harmless));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}
