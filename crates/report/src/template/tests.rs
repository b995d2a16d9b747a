//! A filled-in workbook reads back as the record.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;

use zip::{ZipArchive, ZipWriter};

use super::*;
use choucha_core::diagnostic::Code;
use choucha_core::record::Record;
use choucha_core::value::{ShapeId, Value};
use choucha_intake::ingest;
use choucha_intake::table::{Book, Columns};
use choucha_rules::rulebook::RuleFolder;

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let sources = RuleFolder::embedded().vocabulary().unwrap();
        choucha_core::vocabulary::load(&sources).unwrap()
    })
}

fn every_fact() -> HashSet<FactId> {
    (0..)
        .zip(vocabulary().facts())
        .filter(|(_, fact)| !fact.is_across())
        .map(|(id, _)| FactId(id))
        .collect()
}

fn title() -> Text {
    Text::new("示例抽查", "Example check")
}

/// A value as a person writes it into a cell.
fn written(ty: &Type, value: &Value, lang: Lang) -> String {
    match value {
        // Lists of groups stand on a separate sheet.
        Value::Unknown | Value::Rows(_) => String::new(),
        Value::Bool(yes) => lang
            .pick(
                if *yes { "是" } else { "否" },
                if *yes { "yes" } else { "no" },
            )
            .to_owned(),
        Value::None => "无".to_owned(),
        _ => vocabulary().show(ty, value).get(lang).to_owned(),
    }
}

/// Whether two values are equal. A cell holds the names of persons; their numbers have separate columns.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Party(one), Value::Party(other)) => one.name == other.name,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(a, b)| same(a, b))
        }
        _ => one == other,
    }
}

type Cells = BTreeMap<(u32, u16), String>;

/// Writes texts into the sheets of a workbook, like a person filling it in.
fn fill(book: &[u8], sheets: &[(usize, Cells)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        for (sheet, cells) in sheets {
            if name != format!("xl/worksheets/sheet{sheet}.xml") {
                continue;
            }
            let mut rows: BTreeMap<u32, String> = BTreeMap::new();
            for ((row, column), value) in cells {
                let cell = choucha_core::source::CellName {
                    sheet: "".into(),
                    row: *row,
                    column: u32::from(*column),
                };
                let value = value.replace('&', "&amp;").replace('<', "&lt;");
                rows.entry(*row).or_default().push_str(&format!(
                    "<c r=\"{}\" t=\"inlineStr\"><is><t>{value}</t></is></c>",
                    cell.address()
                ));
            }
            let rows: String = rows
                .iter()
                .map(|(row, cells)| format!("<row r=\"{}\">{cells}</row>", row + 1))
                .collect();
            text = text.replace("</sheetData>", &format!("{rows}</sheetData>"));
        }
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The cells of a record in the template's sheets.
fn cells_of(record: &Record, layout: &columns::Layout<'_>, lang: Lang) -> Vec<(usize, Cells)> {
    let mut main = Cells::new();
    let columns = layout.groups.iter().flat_map(|group| &group.columns);
    for (at, column) in (0..).zip(columns) {
        let text = written(&column.fact.ty, record.get(column.fact.slot), lang);
        if !text.is_empty() {
            main.insert((LABELS + 1, at), text);
        }
    }
    let number = written(
        &Type::Text,
        record.get(vocabulary().reserved().number),
        lang,
    );
    let mut sheets = vec![(1, main)];
    for (sheet, (fact, columns)) in (2..).zip(&layout.lists) {
        let Value::Rows(rows) = record.get(fact.slot) else {
            continue;
        };
        let mut cells = Cells::new();
        for (row, held) in (1..).zip(rows.iter()) {
            cells.insert((row, 0), number.clone());
            for (at, column) in (1..).zip(&columns[1..]) {
                let value = &held.slots[usize::from(column.fact.slot.0)];
                let text = written(&column.fact.ty, value, lang);
                if !text.is_empty() {
                    cells.insert((row, at), text);
                }
            }
        }
        sheets.push((sheet, cells));
    }
    sheets
}

#[test]
fn every_header_of_an_empty_template_is_understood_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let bytes = write(vocabulary(), &title(), &every_fact(), Form::Table, lang).unwrap();
        let book = Book::workbook("t.xlsx", bytes).unwrap();
        let cases = book.cases(vocabulary(), &Columns::default());
        let codes: Vec<Code> = cases.diagnostics().iter().map(|d| d.code).collect();
        // Reports only that it is empty.
        assert_eq!(codes, [Code::InputEmpty], "{:#?}", cases.diagnostics());
    }
}

#[test]
fn a_template_filled_in_reads_back_as_the_record() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shanxi-2024-batch-1");
    for name in ["failing-report-at-a-shop.yaml", "late-mailing.yaml"] {
        let decoded = ingest::read_path(&folder.join(name), vocabulary());
        let record = decoded.record.unwrap();
        let facts = every_fact();
        for lang in [Lang::Zh, Lang::En] {
            let layout = columns::of(vocabulary(), &facts, lang);
            let empty = write(vocabulary(), &title(), &facts, Form::Table, lang).unwrap();
            let filled = fill(&empty, &cells_of(&record, &layout, lang));
            let book = Book::workbook("t.xlsx", filled).unwrap();
            let mut cases = book.cases(vocabulary(), &Columns::default());
            let read = cases.next().unwrap();
            assert!(cases.next().is_none());
            assert!(cases.diagnostics().is_empty(), "{:#?}", cases.diagnostics());
            assert!(
                read.diagnostics.is_empty(),
                "{lang:?} {:#?}",
                read.diagnostics
            );
            let read = read.record.unwrap();
            let shape = vocabulary().shape(ShapeId::ROOT);
            for (slot, id) in shape.facts.iter().enumerate() {
                let fact = vocabulary().fact(*id);
                let (before, after) = (&record.root().slots[slot], &read.root().slots[slot]);
                assert!(
                    same(before, after),
                    "{} of {name}: {before:?}, {after:?}",
                    fact.path
                );
            }
        }
    }
}

#[test]
fn the_sheet_of_the_campaign_reads_back_as_its_record_and_left_blank_is_none() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/campaigns");
    let path = folder.join("shanxi-2024-batch-1/files/campaign.yaml");
    let record = ingest::read_path(&path, vocabulary()).record.unwrap();
    let mut facts = every_fact();
    let of_campaign = (0..).zip(vocabulary().facts());
    let of_campaign = of_campaign.filter(|(_, fact)| fact.path.starts_with("campaign."));
    facts.extend(of_campaign.map(|(id, _)| FactId(id)));
    for lang in [Lang::Zh, Lang::En] {
        let layout = columns::of(vocabulary(), &facts, lang);
        let empty = write(vocabulary(), &title(), &facts, Form::Table, lang).unwrap();
        let book = Book::workbook("t.xlsx", empty.clone()).unwrap();
        assert!(
            book.cases(vocabulary(), &Columns::default())
                .next()
                .is_none()
        );

        let filled_in = (1..).zip(&layout.campaign).map(|(row, column)| {
            let value = record.get(column.fact.slot);
            ((row, 1), written(&column.fact.ty, value, lang))
        });
        let cells: Cells = filled_in.filter(|(_, text)| !text.is_empty()).collect();
        let filled = fill(&empty, &[(2 + layout.lists.len(), cells)]);
        let book = Book::workbook("t.xlsx", filled).unwrap();
        let mut cases = book.cases(vocabulary(), &Columns::default());
        let read = cases.next().unwrap();
        assert!(cases.next().is_none());
        assert!(read.diagnostics.is_empty(), "{:#?}", read.diagnostics);
        let read = read.record.unwrap();
        for column in &layout.campaign {
            let fact = column.fact;
            let (before, after) = (record.get(fact.slot), read.get(fact.slot));
            assert!(same(before, after), "{}: {before:?}, {after:?}", fact.path);
        }
    }
}

#[test]
fn the_same_template_has_the_same_bytes() {
    let facts = every_fact();
    let [one, two] =
        [0, 1].map(|_| write(vocabulary(), &title(), &facts, Form::Table, Lang::Zh).unwrap());
    assert!(one == two);
}

#[test]
fn a_template_holds_what_is_read_and_no_more() {
    let paths = [
        "report.conclusion",
        "report.issued_on",
        "sampling.corrections[].confirmed",
    ];
    let facts: HashSet<FactId> = paths
        .iter()
        .map(|path| match vocabulary().find(path) {
            Some(choucha_core::vocabulary::Entry::Fact(id)) => id,
            other => panic!("{path}: {other:?}"),
        })
        .collect();
    let layout = columns::of(vocabulary(), &facts, Lang::Zh);
    let main: Vec<&str> = layout
        .groups
        .iter()
        .flat_map(|group| &group.columns)
        .map(|column| column.fact.path.as_str())
        .collect();
    assert_eq!(
        main,
        [
            "case.number",
            "case.ruleset",
            "case.closed_on",
            "complete",
            "sampling.corrections",
            "report.issued_on",
            "report.conclusion"
        ]
    );
    let lists: Vec<&str> = layout
        .lists
        .iter()
        .map(|(fact, _)| fact.path.as_str())
        .collect();
    assert_eq!(lists, ["waivers", "sampling.corrections"]);
}

#[test]
fn a_form_that_stands_upright_is_understood_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let facts = every_fact();
        let empty = write(vocabulary(), &title(), &facts, Form::Upright, lang).unwrap();
        let layout = columns::of(vocabulary(), &facts, lang);
        let main = layout.groups.iter().flat_map(|group| &group.columns);
        let cells: Cells = (1..)
            .zip(main)
            .filter_map(|(row, column)| {
                let text = match column.fact.path.as_str() {
                    "case.number" => "示例-1",
                    "product.batch" => "20240101",
                    "report.issued_on" => "2024-03-01",
                    _ => return None,
                };
                Some(((row, 1), text.to_owned()))
            })
            .collect();
        let filled = fill(&empty, &[(1, cells)]);
        let book = Book::workbook("t.xlsx", filled).unwrap();
        let mut cases = book.cases(vocabulary(), &Columns::default());
        assert!(cases.diagnostics().is_empty(), "{:#?}", cases.diagnostics());
        let read = cases.next().unwrap();
        assert!(cases.next().is_none());
        assert!(read.diagnostics.is_empty(), "{:#?}", read.diagnostics);
        let record = read.record.unwrap();
        let known = record
            .root()
            .slots
            .iter()
            .filter(|value| value.is_present());
        assert_eq!(known.count(), 3, "{lang:?}");
    }
}
