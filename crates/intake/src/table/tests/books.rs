//! Workbooks.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format};

use super::super::guard::Mentions;
use super::*;

#[test]
fn titles_merged_headers_blank_rows_and_real_dates_are_read() {
    let date = Format::new().set_num_format("yyyy/m/d");
    let bytes = xlsx(&[("抽样", &|sheet| {
        let plain = Format::new();
        sheet
            .merge_range(0, 0, 0, 5, "某某市2024年抽查情况汇总表", &plain)
            .unwrap();
        sheet.merge_range(2, 0, 3, 0, "案卷编号", &plain).unwrap();
        sheet.merge_range(2, 1, 2, 2, "检验报告", &plain).unwrap();
        sheet
            .merge_range(2, 3, 2, 4, "送达被抽样单位", &plain)
            .unwrap();
        put(
            sheet,
            3,
            &[&["", "检验结论", "报告出具日期", "寄出日期", "收到日期"]],
        );
        put(
            sheet,
            4,
            &[&["示例-1", "不合格"], &[], &["示例-2", "合格", "2024.3.2"]],
        );
        let day = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
        sheet.write_datetime_with_format(4, 2, &day, &date).unwrap();
        sheet.write_number(4, 3, 45356.0).unwrap();
        sheet.write_string(4, 4, "２０２４年３月９日").unwrap();
        sheet
            .merge_range(7, 0, 7, 4, "填表说明：以上为示例", &plain)
            .unwrap();
    })]);
    let parsed = read_xlsx(bytes);
    assert_eq!(
        parsed.book_codes(),
        [Code::TableRowPassedOver],
        "{:#?}",
        parsed.book
    );
    assert_eq!(parsed.cases.len(), 2);
    assert!(
        parsed.cases[0].diagnostics.is_empty(),
        "{:#?}",
        parsed.cases[0].diagnostics
    );
    assert_eq!(parsed.shown(0, "report.issued_on"), "2024-03-01");
    assert_eq!(
        parsed.shown(0, "report.to_respondent.posted_on"),
        "2024-03-05"
    );
    assert_eq!(
        parsed.shown(0, "report.to_respondent.received_on"),
        "2024-03-09"
    );
    assert_eq!(
        parsed.origin(0, "report.to_respondent.received_on"),
        "book.xlsx:抽样!E5"
    );
    assert_eq!(parsed.shown(1, "report.issued_on"), "2024-03-02");
}

#[test]
fn a_cell_that_cannot_be_read_is_reported_with_sheet_and_cell() {
    let bytes = xlsx(&[("台账", &|sheet| {
        put(
            sheet,
            0,
            &[
                &["案卷编号", "抽样日期", "抽样基数"],
                &["示例-1", "2024-2-30", "三台"],
            ],
        );
        sheet.write_number(2, 0, 1.0e17).unwrap();
        sheet.write_string(2, 1, "2024-3-1").unwrap();
    })]);
    let parsed = read_xlsx(bytes);
    let wrong = parsed.wrong(0);
    assert_eq!(
        wrong[0],
        (Code::RecordImpossibleDate, "book.xlsx:台账!B2".to_owned())
    );
    assert_eq!(
        wrong[1],
        (Code::RecordWrongType, "book.xlsx:台账!C2".to_owned())
    );
    assert_eq!(
        parsed.wrong(1),
        [(Code::TableDigitsLost, "book.xlsx:台账!A3".to_owned())]
    );
    assert_eq!(parsed.shown(1, "sampling.sampled_on"), "2024-03-01");
    let style = choucha_core::diagnostic::Style {
        lang: choucha_core::lang::Lang::Zh,
        color: false,
        width: 80,
    };
    let text = choucha_core::diagnostic::render(&parsed.cases[0].diagnostics[0], style);
    assert!(text.contains("--> book.xlsx:台账!B2"), "{text}");
    assert!(text.contains("B2 | 抽样日期: 2024-2-30"), "{text}");
}

#[test]
fn further_sheets_add_facts_lists_and_people_by_case_number() {
    let bytes = xlsx(&[
        ("抽样", &|sheet| {
            put(
                sheet,
                0,
                &[
                    &["案卷编号", "抽样日期"],
                    &["示例-1", "2024-3-1"],
                    &["示例-2", "2024-3-2"],
                ],
            );
        }),
        ("送达被抽样单位", &|sheet| {
            put(
                sheet,
                0,
                &[&["案卷编号", "寄出日期"], &["示例-2", "2024-3-20"]],
            );
        }),
        ("更正补充", &|sheet| {
            put(
                sheet,
                0,
                &[
                    &["案卷编号", "更正内容", "经被抽样单位确认"],
                    &["示例-1", "抽样基数由12改为21", "是"],
                    &["示例-1", "型号补充", "×"],
                    &["示例-9", "无此案", "是"],
                ],
            );
        }),
        ("抽样人员", &|sheet| {
            put(
                sheet,
                0,
                &[
                    &["案卷编号", "姓名", "工号"],
                    &["示例-1", "甲某", "示01"],
                    &["示例-1", "乙某"],
                ],
            );
        }),
    ]);
    let parsed = read_xlsx(bytes);
    assert_eq!(
        parsed.book_codes(),
        [Code::TableUnknownCase],
        "{:#?}",
        parsed.book
    );
    assert_eq!(
        parsed.book[0].labels[0].span.to_string(),
        "book.xlsx:更正补充!A4"
    );
    assert_eq!(
        parsed.shown(1, "report.to_respondent.posted_on"),
        "2024-03-20"
    );
    assert_eq!(parsed.shown(0, "sampling.samplers"), "甲某（示01）、乙某");
    let corrections = parsed.shown(0, "sampling.corrections");
    assert!(
        corrections.starts_with("抽样基数由12改为21,是"),
        "{corrections}"
    );
    assert_eq!(
        parsed.origin(0, "sampling.corrections[2].confirmed"),
        "book.xlsx:更正补充!C3"
    );
    // A detail of an unknown case may belong to any of them.
    assert!(parsed.record(0).is_partial());
}

#[test]
fn a_merged_cell_that_runs_down_holds_for_all_its_rows() {
    let bytes = xlsx(&[("抽样", &|sheet| {
        put(
            sheet,
            0,
            &[
                &["案卷编号", "抽样地点"],
                &["示例-1"],
                &["示例-2"],
                &["示例-3", "乙地"],
            ],
        );
        sheet
            .merge_range(1, 1, 2, 1, "甲地", &Format::new())
            .unwrap();
    })]);
    let parsed = read_xlsx(bytes);
    let places: Vec<String> = (0..3)
        .map(|case| parsed.shown(case, "sampling.place"))
        .collect();
    assert_eq!(places, ["甲地", "甲地", "乙地"]);
    assert_eq!(parsed.origin(1, "sampling.place"), "book.xlsx:抽样!B2");
}

/// Only for a large workbook is it determined beforehand whether anything is merged.
#[test]
fn merged_cells_of_a_large_workbook_are_read_and_a_large_one_without_any_too() {
    let mixed = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let places: Vec<String> = (1..=24_000)
        .map(|row| format!("{:016x}{:016x}", mixed(row), mixed(mixed(row) ^ row)))
        .collect();
    for merges in [true, false] {
        let bytes = xlsx(&[("抽样", &|sheet| {
            put(sheet, 0, &[&["案卷编号", "抽样地点"]]);
            for (row, place) in (1..).zip(&places) {
                sheet.write_string(row, 0, format!("示例-{row}")).unwrap();
                sheet.write_string(row, 1, place).unwrap();
            }
            if merges {
                sheet
                    .merge_range(1, 1, 2, 1, "甲地", &Format::new())
                    .unwrap();
            }
        })]);
        assert!(bytes.len() > 600_000, "{}", bytes.len());
        let parsed = read_xlsx(bytes);
        let expected = match merges {
            true => ["甲地", "甲地", &places[2]],
            false => [&places[0], &places[1], &places[2]].map(String::as_str),
        };
        let found: Vec<String> = (0..3)
            .map(|case| parsed.shown(case, "sampling.place"))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_is_mentioned_is_found_wherever_the_bytes_are_cut() {
    let text = b"<row/><x:mergeCells count=\"1\">";
    for size in 1..text.len() {
        let mut mentions = Mentions::of(b"mergeCell");
        let mut others = Mentions::of(b"mergeCellz");
        for piece in text.chunks(size) {
            mentions.write_all(piece).unwrap();
            others.write_all(piece).unwrap();
        }
        assert_eq!((mentions.count, others.count), (1, 0), "{size}");
    }
}

#[test]
fn several_main_tables_are_all_read_and_told() {
    let fill: &dyn Fn(&mut Worksheet) = &|sheet| {
        put(
            sheet,
            0,
            &[&["案卷编号", "抽样日期"], &["示例-1", "2024-3-1"]],
        );
    };
    let bytes = xlsx(&[
        ("甲县", fill),
        ("乙县", fill),
        ("封面", &|sheet| put(sheet, 0, &[&["某局"]])),
    ]);
    let parsed = read_xlsx(bytes.clone());
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(
        parsed.book_codes(),
        [Code::TableSeveralMain, Code::TableSheetPassedOver]
    );
    let one = read_xlsx_with(bytes, "sheets: {乙县: 不读, 封面: ignore}\n");
    assert_eq!((one.cases.len(), one.book.len()), (1, 0));
}

#[test]
fn a_sheet_that_is_not_there_is_reported_with_the_nearest_name() {
    let bytes = xlsx(&[("抽样台账", &|sheet| {
        put(
            sheet,
            0,
            &[&["案卷编号", "抽样日期"], &["示例-1", "2024-3-1"]],
        );
    })]);
    let parsed = read_xlsx_with(bytes, "sheets: {抽样台帐: 主表}\n");
    assert_eq!(parsed.book_codes(), [Code::TableUnknownSheet]);
    assert!(
        parsed.book[0].help[0].zh.contains("`抽样台账`"),
        "{:#?}",
        parsed.book
    );
}

#[test]
fn a_book_of_1904_counts_its_days_from_there() {
    // The writer cannot make such books: the flag is set in the file.
    let bytes = xlsx(&[("抽样", &|sheet| {
        put(sheet, 0, &[&["案卷编号", "抽样日期"], &["示例-1"]]);
        sheet.write_number(1, 1, 43890.0).unwrap();
    })]);
    let bytes = hostile::with_part(&bytes, "xl/workbook.xml", |xml| {
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    assert_eq!(
        read_xlsx(bytes).shown(0, "sampling.sampled_on"),
        "2024-03-01"
    );
}
