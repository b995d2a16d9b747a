//! Workbooks of the old format, built record by record.

use super::hostile::{compound, record};
use super::*;

/// The beginning of a stream: a workbook or a sheet.
fn begin(kind: u16) -> Vec<u8> {
    let mut data = 0x0600_u16.to_le_bytes().to_vec();
    data.extend(kind.to_le_bytes());
    data.extend([0; 12]);
    record(0x0809, &data)
}

fn place(row: u16, column: u16) -> Vec<u8> {
    [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat()
}

fn text(row: u16, column: u16, text: &str) -> Vec<u8> {
    let mut data = place(row, column);
    data.extend(
        u16::try_from(text.encode_utf16().count())
            .unwrap()
            .to_le_bytes(),
    );
    data.push(1);
    data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    record(0x0204, &data)
}

fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    let mut data = place(row, column);
    data.extend(number.to_le_bytes());
    record(0x0203, &data)
}

fn old(globals: &[u8], cells: &[Vec<u8>]) -> Vec<u8> {
    let end = record(0x000a, &[]);
    let name: Vec<u8> = "抽样".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bound = |at: u32| {
        let mut data = at.to_le_bytes().to_vec();
        data.extend([0, 0, 2, 1]);
        data.extend(&name);
        record(0x0085, &data)
    };
    let before = [begin(0x0005), globals.to_vec()].concat();
    let at = before.len() + bound(0).len() + end.len();
    let bound = bound(u32::try_from(at).unwrap());
    let stream = [
        before,
        bound,
        end.clone(),
        begin(0x0010),
        cells.concat(),
        end,
    ]
    .concat();
    compound("/Workbook", &stream)
}

#[test]
fn an_old_workbook_is_read_with_its_merged_cells_and_its_days() {
    let merged = [1_u16, 0, 0, 1, 2]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect::<Vec<u8>>();
    let cells = [
        text(0, 1, "检验报告"),
        text(1, 0, "案卷编号"),
        text(1, 1, "检验结论"),
        text(1, 2, "报告出具日期"),
        text(2, 0, "示例-1"),
        text(2, 1, "合格"),
        number(2, 2, 43890.0),
        record(0x00e5, &merged),
    ];
    let from_1904 = record(0x0022, &[1, 0]);
    let book = Book::workbook("a.xls", old(&from_1904, &cells)).unwrap();
    let parsed = Parsed::of(book, &Columns::default());
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.shown(0, "report.issued_on"), "2024-03-01");
    assert_eq!(parsed.origin(0, "report.conclusion"), "a.xls:抽样!B3");
}

#[test]
fn rows_and_columns_that_an_old_workbook_hides_are_read_and_said_to_be_there() {
    let words = |words: &[u16]| {
        words
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let cells = [
        // Column B, and row 3, are hidden; row 2 is not.
        record(0x007d, &words(&[1, 1, 2000, 15, 1, 0])),
        record(0x0208, &words(&[1, 0, 2, 255, 0, 0, 0x0100, 15])),
        record(0x0208, &words(&[2, 0, 2, 255, 0, 0, 0x0120, 15])),
        text(0, 0, "案卷编号"),
        text(0, 1, "检验结论"),
        text(1, 0, "示例-1"),
        text(1, 1, "合格"),
        text(2, 0, "示例-2"),
        text(2, 1, "合格"),
    ];
    let book = Book::workbook("a.xls", old(&[], &cells)).unwrap();
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
fn an_old_workbook_with_a_password_is_told_apart() {
    let encrypted = record(0x002f, &[1, 0, 0, 0, 0, 0]);
    let Err(problem) = Book::workbook("a.xls", old(&encrypted, &[])) else {
        panic!("it was read");
    };
    assert_eq!(problem.code, Code::InputEncrypted);
}
