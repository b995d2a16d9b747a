//! Damaged and malicious books.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

fn small() -> Vec<u8> {
    xlsx(&[("抽样", &|sheet| {
        put(
            sheet,
            0,
            &[&["案卷编号", "抽样日期"], &["示例-1", "2024-3-1"]],
        );
    })])
}

/// The workbook with one part changed.
pub(super) fn with_part(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, String)> = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.push((file.name().unwrap().to_string(), text));
    }
    zipped(parts.into_iter().map(|(name, text)| {
        let text = if name == part { change(text) } else { text };
        (name, text.into_bytes())
    }))
}

fn zipped(parts: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refused(name: &str, bytes: Vec<u8>) -> Code {
    match Book::workbook(name, bytes) {
        Ok(_) => panic!("{name} was read"),
        Err(problem) => problem.code,
    }
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_workbook_that_is_cut_off_anywhere_or_has_wrong_bytes_is_refused_or_read() {
    let whole = small();
    for end in (0..whole.len()).step_by(97) {
        let code = refused("cut.xlsx", whole[..end].to_vec());
        let fits = matches!(
            code,
            Code::InputDamaged | Code::InputKind | Code::InputEmpty
        );
        assert!(fits, "{end}: {code:?}");
    }
    for at in (0..whole.len()).step_by(41) {
        let mut wrong = whole.clone();
        wrong[at] ^= 0x5a;
        // Either result is fine, as long as it returns.
        let _ = Book::workbook("wrong.xlsx", wrong)
            .map(|book| Parsed::of(book, &Columns::default()).cases.len());
    }
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let zeros = vec![b' '; 64 * 1024 * 1024];
    let parts = (0..9).map(|n| (format!("xl/worksheets/sheet{n}.xml"), zeros.clone()));
    let bomb = zipped(parts.chain([("xl/workbook.xml".to_owned(), b"<workbook/>".to_vec())]));
    assert!(bomb.len() < 2 * 1024 * 1024);
    assert_eq!(refused("bomb.xlsx", bomb), Code::InputExpands);
}

#[test]
fn two_cells_far_apart_and_a_million_empty_rows_cost_no_more_than_they_hold() {
    let started = Instant::now();
    let far = with_part(&small(), SHEET, |xml| {
        xml.replace(
            "</sheetData>",
            "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
        )
    });
    assert_eq!(read_xlsx(far).cases.len(), 1);
    let rows: String = (3..1_000_000)
        .map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" s=\"0\"/></row>"))
        .collect();
    let empty = with_part(&small(), SHEET, |xml| {
        xml.replace("</sheetData>", &format!("{rows}</sheetData>"))
    });
    assert_eq!(read_xlsx(empty).cases.len(), 1);
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn macros_are_noted_and_not_run() {
    let plain = small();
    let mut archive = ZipArchive::new(Cursor::new(&plain[..])).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        parts.push((file.name().unwrap().to_string(), bytes));
    }
    parts.push(("xl/vbaProject.bin".to_owned(), vec![0; 16]));
    let parsed = read_xlsx(zipped(parts.into_iter()));
    assert_eq!(parsed.book_codes(), [Code::TableMacros]);
    assert_eq!(parsed.cases.len(), 1);
}

#[test]
fn what_is_no_workbook_is_named() {
    for (name, bytes, code) in [
        ("a.xls", &b"<html><table>"[..], Code::InputKind),
        ("a.xlsx", b"", Code::InputEmpty),
        ("a.xlsx", b"not a workbook", Code::InputKind),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
            Code::InputDamaged,
        ),
    ] {
        assert_eq!(refused(name, bytes.to_vec()), code, "{name}");
    }
    let word = zipped([("word/document.xml".to_owned(), b"<x/>".to_vec())].into_iter());
    assert_eq!(refused("a.docx", word), Code::InputKind);
}

/// A compound file with one stream.
pub(super) fn compound(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(bytes).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn an_encrypted_workbook_is_told_apart_from_a_damaged_one() {
    assert_eq!(
        refused("a.xlsx", compound("/EncryptedPackage", &[7; 64])),
        Code::InputEncrypted
    );
}

/// One record of an old workbook.
pub(super) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes
}

#[test]
fn an_old_workbook_that_claims_more_room_than_there_is_is_refused() {
    let mut claim = Vec::new();
    for number in [0_u32, 0x00ff_ffff] {
        claim.extend(number.to_le_bytes());
    }
    for number in [0_u16, 255, 0] {
        claim.extend(number.to_le_bytes());
    }
    let claimed = [record(0x0809, &[0; 16]), record(0x0200, &claim)].concat();
    assert_eq!(
        refused("a.xls", compound("/Workbook", &claimed)),
        Code::InputExpands
    );
    let number = |row: u16, column: u16| {
        let mut data = [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat();
        data.extend([0; 8]);
        record(0x0203, &data)
    };
    let spread = [
        record(0x0809, &[0; 16]),
        number(0, 0),
        number(u16::MAX, u16::MAX),
    ]
    .concat();
    assert_eq!(
        refused("b.xls", compound("/Workbook", &spread)),
        Code::InputExpands
    );
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         <table:table table:name=\"抽样\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let kind = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
    zipped(
        [
            ("mimetype".to_owned(), kind),
            ("content.xml".to_owned(), content.into_bytes()),
            ("META-INF/manifest.xml".to_owned(), b"<manifest/>".to_vec()),
        ]
        .into_iter(),
    )
}

fn ods_row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
        })
        .collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn rows_and_columns_that_an_open_document_hides_are_read_and_said_to_be_there() {
    let columns = "<table:table-column/><table:table-column table:visibility=\"collapse\"/>";
    let hidden = ods_row(&["示例-2", "合格"]).replacen(
        "<table:table-row>",
        "<table:table-row table:visibility=\"filter\">",
        1,
    );
    let rows = [
        columns.to_owned(),
        ods_row(&["案卷编号", "检验结论"]),
        ods_row(&["示例-1", "合格"]),
        hidden,
    ];
    let book = Book::workbook("a.ods", ods(&rows.concat())).unwrap();
    let parsed = Parsed::of(book, &Columns::default());
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(parsed.book_codes(), [Code::TableHidden]);
    let said = &parsed.book[0].message.zh;
    assert!(
        said.contains("行（1）：3") && said.contains("列（1）：B"),
        "{said}"
    );
}

#[test]
fn an_open_document_is_read_with_its_merged_cells_and_dates() {
    let merged = "<table:table-row><table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"string\">\
                  <text:p>案卷编号</text:p></table:table-cell><table:table-cell table:number-columns-spanned=\"2\" \
                  office:value-type=\"string\"><text:p>检验报告</text:p></table:table-cell><table:covered-table-cell/>\
                  </table:table-row><table:table-row><table:covered-table-cell/>\
                  <table:table-cell office:value-type=\"string\"><text:p>检验结论</text:p></table:table-cell>\
                  <table:table-cell office:value-type=\"string\"><text:p>报告出具日期</text:p></table:table-cell></table:table-row>\
                  <table:table-row><table:table-cell office:value-type=\"string\"><text:p>示例-1</text:p></table:table-cell>\
                  <table:table-cell office:value-type=\"string\"><text:p>合格</text:p></table:table-cell>\
                  <table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-01\"><text:p>24/3/1</text:p></table:table-cell></table:table-row>\
                  <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let book = Book::workbook("a.ods", ods(merged)).unwrap();
    let parsed = Parsed::of(book, &Columns::default());
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.shown(0, "report.issued_on"), "2024-03-01");
    assert_eq!(parsed.origin(0, "report.conclusion"), "a.ods:抽样!B3");
}

#[test]
fn an_open_document_that_repeats_too_much_is_refused() {
    let wide = "<table:table-row table:number-rows-repeated=\"100000\"><table:table-cell table:number-columns-repeated=\"16384\" \
                office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(refused("a.ods", ods(wide)), Code::InputExpands);
    let spaces = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>";
    assert_eq!(refused("b.ods", ods(spaces)), Code::InputExpands);
    let fine = ods(&[
        ods_row(&["案卷编号", "抽样日期"]),
        ods_row(&["示例-1", "2024-3-1"]),
    ]
    .concat());
    assert!(Book::workbook("c.ods", fine).is_ok());
}
