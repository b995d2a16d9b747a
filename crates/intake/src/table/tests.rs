//! Tables of every kind, compared with the same facts written as dossiers.

mod books;
mod cells;
mod headings;
mod hostile;
mod layout;
mod old;
mod texts;

use std::sync::OnceLock;

use rust_xlsxwriter::{Workbook, Worksheet};

use super::*;
use crate::ingest::Decoded;
use choucha_core::diagnostic::Code;
use choucha_core::record::Record;
use choucha_core::value::{Type, Value};
use choucha_core::vocabulary::Entry;
use choucha_rules::rulebook::RuleFolder;

/// The program's own vocabulary.
fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let sources = RuleFolder::embedded().vocabulary().unwrap();
        choucha_core::vocabulary::load(&sources).unwrap()
    })
}

/// The result of reading a book.
struct Parsed {
    cases: Vec<Decoded>,
    book: Vec<Diagnostic>,
}

impl Parsed {
    fn of(book: Book, columns: &Columns) -> Parsed {
        let mut cases = book.cases(vocabulary(), columns);
        let read: Vec<Decoded> = cases.by_ref().collect();
        Parsed {
            cases: read,
            book: cases.diagnostics().to_vec(),
        }
    }

    fn record(&self, case: usize) -> &Record {
        self.cases[case].record.as_ref().unwrap()
    }

    /// The value at a path, as people read it.
    fn shown(&self, case: usize, path: &str) -> String {
        shown(self.record(case), path)
    }

    /// The place of a value.
    fn origin(&self, case: usize, path: &str) -> String {
        let span = self.record(case).origins(vocabulary()).value(path).unwrap();
        span.to_string()
    }

    fn book_codes(&self) -> Vec<Code> {
        self.book.iter().map(|d| d.code).collect()
    }

    /// The codes and places of the diagnostics for a case.
    fn wrong(&self, case: usize) -> Vec<(Code, String)> {
        let place = |d: &Diagnostic| d.labels[0].span.to_string();
        self.cases[case]
            .diagnostics
            .iter()
            .map(|d| (d.code, place(d)))
            .collect()
    }
}

fn shown(record: &Record, path: &str) -> String {
    let Some(Entry::Fact(id)) = vocabulary().find(path) else {
        panic!("{path}");
    };
    let fact = vocabulary().fact(id);
    let value = record.get(fact.slot);
    match (value, &fact.ty) {
        (Value::Rows(rows), Type::Rows(shape)) => rows
            .iter()
            .map(|row| {
                let cells = row.slots.iter().zip(&vocabulary().shape(*shape).facts);
                let shown: Vec<String> = cells
                    .map(|(value, id)| vocabulary().show(&vocabulary().fact(*id).ty, value).zh)
                    .collect();
                shown.join(",")
            })
            .collect::<Vec<_>>()
            .join(";"),
        _ => vocabulary().show(&fact.ty, value).zh,
    }
}

/// A sheet: its name, and the function that fills it.
type Filled<'a> = (&'a str, &'a dyn Fn(&mut Worksheet));

fn xlsx(sheets: &[Filled<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, fill) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        fill(sheet);
    }
    book.save_to_buffer().unwrap()
}

/// Writes texts into rows from a row on; blank ones are left out.
fn put(sheet: &mut Worksheet, top: u32, rows: &[&[&str]]) {
    for (row, cells) in (top..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            if !text.is_empty() {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
}

fn read_xlsx(bytes: Vec<u8>) -> Parsed {
    read_xlsx_with(bytes, "")
}

fn read_xlsx_with(bytes: Vec<u8>, columns: &str) -> Parsed {
    let columns = Columns::read("columns.yaml", columns.as_bytes().to_vec(), vocabulary()).unwrap();
    Parsed::of(Book::workbook("book.xlsx", bytes).unwrap(), &columns)
}

fn read_csv(text: &str) -> Parsed {
    let book = Book::delimited("cases.csv", text.as_bytes().to_vec()).unwrap();
    Parsed::of(book, &Columns::default())
}
