//! The list of problems as CSV: UTF-8 with a byte-order mark, so that spreadsheets recognise the encoding.
//!
//! Invariants: no field begins like a formula; a spreadsheet would compute it. No field holds a character that a terminal acts
//! on or that hides its neighbours, but for line breaks.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use super::issues::{self, Column, Field, Listed};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_core::layout;

/// The list being written.
#[derive(Debug)]
pub struct List {
    lang: Lang,
    rows: u64,
}

impl List {
    /// An empty list.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        List { lang, rows: 0 }
    }

    /// The byte-order mark and the header.
    #[must_use]
    pub fn head(&self) -> String {
        let titles = Column::ALL.map(|column| column.title().get(self.lang).to_owned());
        format!("\u{feff}{}", line(&titles))
    }

    /// The rows of a case, or of a group of cases.
    pub fn add(&mut self, listed: Listed<'_>) -> String {
        let mut text = String::new();
        for finding in listed.findings() {
            self.rows += 1;
            let row = issues::row(listed, finding, self.rows, self.lang);
            text.push_str(&self.line(&row));
        }
        text
    }

    /// The row of a dossier that could not be audited.
    pub fn add_unaudited(&mut self, name: &str, reasons: &[Diagnostic]) -> String {
        self.rows += 1;
        self.line(&issues::unaudited(name, reasons, self.rows, self.lang))
    }

    fn line(&self, row: &[Field]) -> String {
        let words: Vec<String> = row
            .iter()
            .map(|field| harmless(field.words(self.lang)))
            .collect();
        line(&words)
    }
}

fn line(fields: &[String]) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to a vector cannot fail.
    let _ = writer.write_record(fields);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a spreadsheet would read a text as a formula. Some read full-width signs as the plain ones.
pub(super) fn is_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// The text with an apostrophe before what would be computed, and without what a terminal acts on.
pub(super) fn harmless(text: String) -> String {
    let computed = match is_like_a_formula(&text) {
        true => format!("'{text}"),
        false => text,
    };
    let lines: Vec<Cow<'_, str>> = computed.split('\n').map(layout::visible).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{audit, group};

    fn read(text: &str) -> Vec<Vec<String>> {
        let text = text.strip_prefix('\u{feff}').expect("a byte-order mark");
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_problem_is_a_row_and_nothing_else_is() {
        let mut list = List::new(Lang::Zh);
        let mut text = list.head();
        text.push_str(&list.add((&audit()).into()));
        text.push_str(&list.add_unaudited("案卷/坏文件.yaml", &audit().diagnostics));
        let rows = read(&text);
        // Ten findings, of which one is satisfied and one not applicable; one dossier that could not be read.
        assert_eq!(rows.len(), 9);
        let numbers: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        let at = |column| {
            Column::ALL
                .iter()
                .position(|known| *known == column)
                .unwrap()
        };
        let first = &rows[0];
        assert_eq!(first[at(Column::Outcome)], "✗ 违规");
        assert_eq!(first[at(Column::Due)], "2024-03-08");
        assert_eq!(first[at(Column::Late)], "4日");
        assert!(first[at(Column::Evidence)].contains("2024-03-12（"));
        assert_eq!(rows[8][at(Column::Outcome)], "# 未能审查");
        assert!(text.contains("\r\n"));
    }

    #[test]
    fn no_field_is_computed() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1"] {
            let mut audit = audit();
            audit.case = text.to_owned();
            audit.subject.respondent = Some(format!("{text}|cmd").into());
            let mut list = List::new(Lang::Zh);
            let text = format!("{}{}", list.head(), list.add((&audit).into()));
            for row in read(&text) {
                assert!(!row.iter().any(|field| is_like_a_formula(field)), "{row:?}");
            }
        }
    }

    #[test]
    fn a_group_of_cases_is_listed_with_its_cases() {
        let group = group();
        let mut list = List::new(Lang::Zh);
        let text = format!("{}{}", list.head(), list.add((&group).into()));
        assert_eq!(
            read(&text)[0][1],
            "被抽样单位：示例商行（2个案卷：示例-1、示例-2）"
        );
    }
}
