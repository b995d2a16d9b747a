use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};

use super::*;
use crate::sample::{audit, group, thin};
use choucha_core::source::{CellName, Origin, Source, Span};

type Read = Xlsx<Cursor<Vec<u8>>>;

fn engine() -> Engine {
    Engine {
        name: "choucha".into(),
        version: "0.0.0".into(),
        rules_digest: choucha_core::source::sha256(b"rules"),
        calendar_digest: choucha_core::source::sha256(b"calendar"),
    }
}

fn bytes(lang: Lang, limits: Limits, fill: impl FnOnce(&mut Results, &mut Totals)) -> Vec<u8> {
    let mut results = Results::new(lang, None, limits).unwrap();
    let mut totals = Totals::new(true);
    fill(&mut results, &mut totals);
    let mut out = Vec::new();
    let engine = engine();
    let about = About::new(&engine, Day::parse("2024-05-30"));
    results.finish(&totals, &about, &mut out).unwrap();
    out
}

fn book(limits: Limits, fill: impl FnOnce(&mut Results, &mut Totals)) -> Read {
    Xlsx::new(Cursor::new(bytes(Lang::Zh, limits, fill))).unwrap()
}

fn add(results: &mut Results, totals: &mut Totals, audit: &CaseAudit) {
    totals.add(audit);
    results.add(audit).unwrap();
}

fn rows(book: &mut Read, sheet: &str) -> Vec<Vec<Data>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

fn at(column: Column) -> usize {
    Column::ALL
        .iter()
        .position(|known| *known == column)
        .unwrap()
}

fn text(cell: &Data) -> String {
    cell.as_string().unwrap_or_default()
}

/// The number of a cell that is formatted as a date.
fn day(cell: &Data) -> Option<f64> {
    match cell {
        Data::DateTime(time) if time.is_datetime() => Some(time.as_f64()),
        _ => None,
    }
}

fn serial(day: &str) -> Option<f64> {
    page::serial(Day::parse(day).unwrap())
}

#[test]
fn every_problem_is_a_row_with_real_dates_and_numbers() {
    let mut book = book(Limits::default(), |results, totals| {
        add(results, totals, &audit());
        add(results, totals, &thin());
    });
    let sheets = book.sheet_names();
    assert_eq!(
        sheets,
        [
            "违规",
            "待人工判断",
            "差一项",
            "待补证",
            "汇总",
            "问题清单",
            "案件汇总",
            "义务汇总",
            "单位汇总",
            "待补材料",
            "未能审查",
            "说明"
        ]
    );
    let rows = rows(&mut book, "问题清单");
    assert_eq!(
        rows[0].iter().map(text).collect::<Vec<_>>(),
        Column::ALL.map(|c| c.title().zh)
    );
    // Eight of ten, and all seven, are neither satisfied nor not applicable.
    assert_eq!(rows.len(), 1 + 8 + 7);
    let numbers: Vec<i64> = rows[1..]
        .iter()
        .map(|row| row[0].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
    let first = &rows[1];
    assert_eq!(text(&first[at(Column::Outcome)]), "✗ 违规");
    assert_eq!(text(&first[at(Column::Respondent)]), "示例商行");
    assert_eq!(day(&first[at(Column::Due)]), serial("2024-03-08"));
    assert_eq!(day(&first[at(Column::Act)]), serial("2024-03-12"));
    assert_eq!(first[at(Column::Late)].as_i64(), Some(4));
    let evidence = text(&first[at(Column::Evidence)]);
    assert!(
        evidence.contains("检验报告·报告出具日期 2024-03-01（"),
        "{evidence}"
    );
    assert!(text(&first[at(Column::Clause)]).contains("二、（二）"));
    assert!(first[at(Column::Explanation)].is_empty() && first[at(Column::Signature)].is_empty());
}

#[test]
fn the_papers_to_sign_hold_what_the_list_holds() {
    let mut book = book(Limits::default(), |results, totals| {
        add(results, totals, &audit());
        add(results, totals, &thin());
    });
    let list = rows(&mut book, "问题清单");
    let listed = |outcome: &str| -> Vec<(String, String)> {
        let of = |row: &&Vec<Data>| text(&row[at(Column::Outcome)]).ends_with(outcome);
        let named = list.iter().filter(of);
        named
            .map(|row| (text(&row[0]), text(&row[at(Column::Duty)])))
            .collect()
    };
    for (sheet, outcome) in [("违规", "违规"), ("待人工判断", "待人工判断")] {
        let paper = rows(&mut book, sheet);
        assert_eq!(text(&paper[0][0]), "问题序号");
        let shown: Vec<(String, String)> = paper[1..]
            .iter()
            .filter(|row| row[0].as_i64().is_some())
            .map(|row| (text(&row[0]), text(&row[3])))
            .collect();
        assert_eq!(shown, listed(outcome), "{sheet}");
        let last = paper.last().unwrap();
        assert!(text(&last[0]).contains("复核人：＿"), "{last:?}");
    }
    // Each undetermined finding is under every paper it lacks something of, a row a paper and case.
    let gaps = rows(&mut book, "待补证");
    let named: Vec<(String, String)> = gaps[1..]
        .iter()
        .filter(|row| !text(&row[1]).is_empty())
        .map(|row| (text(&row[0]), text(&row[1])))
        .collect();
    let mut once = named.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), named.len(), "{named:?}");
    let totals = rows(&mut book, "待补材料");
    for paper in totals[1..]
        .iter()
        .filter(|row| text(&row[1]) == "（整份材料）")
    {
        let sum: i64 = gaps
            .iter()
            .filter(|row| text(&row[0]) == text(&paper[0]))
            .filter_map(|row| row[3].as_i64())
            .sum();
        assert_eq!(Some(sum), paper[2].as_i64(), "{}", text(&paper[0]));
    }
    let summary = rows(&mut book, "汇总");
    assert!(text(&summary[1][1]).starts_with("案卷2份："), "{summary:?}");
}

#[test]
fn a_row_of_a_paper_higher_than_a_row_may_be_goes_on_in_the_next() {
    let mut audit = audit();
    let long: Vec<String> = (0..70).map(|n| format!("第{n}行情况")).collect();
    audit
        .findings
        .retain(|finding| finding.outcome == Outcome::Violated);
    audit.findings.truncate(1);
    audit.findings[0].because = Text::same(long.join("\n"));
    let mut book = book(Limits::default(), |results, totals| {
        add(results, totals, &audit);
    });
    let paper = rows(&mut book, "违规");
    let shown: Vec<String> = paper[1..]
        .iter()
        .map(|row| text(&row[4]))
        .filter(|text| !text.is_empty())
        .collect();
    assert_eq!(shown.len(), 4);
    assert_eq!(shown.join("\n"), long.join("\n"));
    assert!(shown.iter().all(|text| text.lines().count() <= 27));
    assert!(paper[2][0].is_empty() && !text(&paper[1][3]).is_empty());
}

#[test]
fn the_sheets_of_totals_agree_with_the_list() {
    let mut book = book(Limits::default(), |results, totals| {
        for audit in [audit(), thin()] {
            add(results, totals, &audit);
        }
        totals.add_unaudited("坏文件.yaml");
        let reasons = audit().diagnostics;
        results
            .add_unaudited("坏文件.yaml", "坏文件.yaml", None, &reasons)
            .unwrap();
    });
    let list = rows(&mut book, "问题清单");
    let of = |outcome: &str| {
        list.iter()
            .filter(|row| text(&row[at(Column::Outcome)]).ends_with(outcome))
            .count()
    };
    let cases = rows(&mut book, "案件汇总");
    assert_eq!(cases.len(), 1 + 3);
    let duties = rows(&mut book, "义务汇总");
    for (column, outcome) in [
        (4, "违规"),
        (5, "待补证"),
        (6, "待人工判断"),
        (7, "未到期"),
        (8, "已豁免"),
    ] {
        assert_eq!(text(&duties[0][column]), outcome);
        let sum: i64 = duties[1..]
            .iter()
            .filter_map(|row| row[column].as_i64())
            .sum();
        assert_eq!(usize::try_from(sum).unwrap(), of(outcome), "{outcome}");
        let in_cases = cases[0]
            .iter()
            .position(|head| text(head) == outcome)
            .unwrap();
        let sum: i64 = cases[1..]
            .iter()
            .filter_map(|row| row[in_cases].as_i64())
            .sum();
        assert_eq!(usize::try_from(sum).unwrap(), of(outcome), "{outcome}");
    }
    assert_eq!(text(&cases[3][5]), "# 未能审查");
    let bodies = rows(&mut book, "单位汇总");
    assert_eq!(text(&bodies[1][0]), "示例检测中心");
    let papers = rows(&mut book, "待补材料");
    assert_eq!(text(&papers[1][0]), "抽样单");
    assert_eq!(papers[1][2].as_i64(), Some(5));
    let unread = rows(&mut book, "未能审查");
    assert!(unread.iter().any(|row| text(&row[0]) == "坏文件.yaml"));
    let about = rows(&mut book, "说明");
    let said: String = about.iter().flatten().map(text).collect();
    for word in [
        "choucha 0.0.0",
        "2024-05-30",
        "sha256:",
        "3份：违规1、未能审查1、待补证1",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn a_group_of_cases_is_a_row_that_names_them() {
    let mut book = book(Limits::default(), |results, _| {
        results.add_group(&group()).unwrap();
    });
    let list = rows(&mut book, "问题清单");
    assert_eq!(
        text(&list[1][at(Column::Case)]),
        "被抽样单位：示例商行（2个案卷：示例-1、示例-2）"
    );
    assert_eq!(rows(&mut book, "案件汇总").len(), 1);
}

#[test]
fn text_that_looks_like_a_formula_is_text() {
    for wicked in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)"] {
        let mut audit = audit();
        audit.case = wicked.to_owned();
        audit.subject.respondent = Some(wicked.into());
        let bytes = bytes(Lang::Zh, Limits::default(), |results, totals| {
            add(results, totals, &audit);
        });
        let mut book: Read = Xlsx::new(Cursor::new(bytes)).unwrap();
        let list = rows(&mut book, "问题清单");
        assert_eq!(text(&list[1][at(Column::Case)]), wicked);
        assert_eq!(text(&list[1][at(Column::Respondent)]), wicked);
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert!(
                formulas.used_cells().all(|(_, _, text)| text.is_empty()),
                "{sheet}"
            );
        }
    }
}

#[test]
fn what_a_cell_or_a_sheet_cannot_hold_goes_on_elsewhere_and_is_said() {
    let limits = Limits {
        rows: 6,
        characters: 40,
        ..Limits::default()
    };
    let long = "很长的情况".repeat(20);
    let mut audit = audit();
    audit.findings[0].because = Text::same(&long);
    let mut book = book(limits, |results, totals| add(results, totals, &audit));
    let names = book.sheet_names();
    assert!(names.contains(&"问题清单（2）".to_owned()), "{names:?}");
    let mut listed = 0;
    for sheet in names.iter().filter(|name| name.starts_with("问题清单")) {
        let rows = rows(&mut book, sheet);
        assert!(rows.len() <= 6);
        assert_eq!(text(&rows[0][0]), "序号");
        listed += rows.len() - 1;
    }
    assert_eq!(listed, 8);
    let first = rows(&mut book, "问题清单")[1][at(Column::Because)].clone();
    let first = text(&first);
    assert!(
        first.starts_with("很长的情况") && first.contains("全文见“长文本”"),
        "{first}"
    );
    let mut all = String::new();
    for sheet in names.iter().filter(|name| name.starts_with("长文本")) {
        for row in &rows(&mut book, sheet)[1..] {
            if text(&row[1]) == "问题清单!I2" {
                all.push_str(&text(&row[3]));
            }
        }
    }
    assert_eq!(all, long);
    let mut said = String::new();
    for sheet in names.iter().filter(|name| name.starts_with("说明")) {
        said.extend(rows(&mut book, sheet).iter().flatten().map(text));
    }
    assert!(said.contains("续表"), "{said}");
}

/// An audit whose evidence is in the cells of a table.
fn of_table(name: &str, digest: &str) -> CaseAudit {
    let sheet: std::sync::Arc<str> = "抽样".into();
    let cell = |row, column| CellName {
        sheet: std::sync::Arc::clone(&sheet),
        row,
        column,
    };
    let source = Source::cells(
        name,
        "编号: 示例-1\n日期: 2024-03-12\n".to_owned(),
        vec![cell(2, 0), cell(2, 1)],
        digest.into(),
    );
    let mut audit = audit();
    let at = source.text().find("2024").unwrap();
    audit.findings.truncate(1);
    audit.findings[0].evidence.truncate(1);
    audit.findings[0].evidence[0].origin = Origin::Text(Span::new(&source, at..at + 10));
    audit.diagnostics.clear();
    audit.source = source;
    audit
}

fn a_table(name: &str) -> (Vec<u8>, Book) {
    let mut written = Workbook::new();
    let sheet = written.add_worksheet();
    sheet.set_name("抽样").unwrap();
    sheet.write(0, 0, "某市台账").unwrap();
    sheet.write(1, 0, "编号").unwrap();
    sheet.write(1, 1, "日期").unwrap();
    sheet.write(1, 2, "备注").unwrap();
    sheet.write(2, 0, "示例-1").unwrap();
    let day = ExcelDateTime::from_ymd(2024, 3, 12).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet
        .write_datetime_with_format(2, 1, day, &format)
        .unwrap();
    sheet.write(2, 2, "=没有读取的列").unwrap();
    let bytes = written.save_to_buffer().unwrap();
    let book = Book::workbook(name, bytes.clone()).unwrap();
    (bytes, book)
}

#[test]
fn the_table_is_shown_again_with_the_cells_marked_where_they_were() {
    let (_, table) = a_table("台账.xlsx");
    let audit = of_table("台账.xlsx", table.digest());
    let bytes = bytes(Lang::Zh, Limits::default(), |results, totals| {
        add(results, totals, &audit);
        assert_eq!(results.marked_files(), ["台账.xlsx"]);
        results.show(&table).unwrap();
    });
    let mut book: Read = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let copy = rows(&mut book, "原表-抽样");
    assert_eq!(text(&copy[0][0]), "某市台账");
    assert_eq!(day(&copy[2][1]), serial("2024-03-12"));
    assert_eq!(text(&copy[2][2]), "=没有读取的列");
    let list = rows(&mut book, "问题清单");
    assert!(text(&list[1][at(Column::Evidence)]).contains("台账.xlsx:抽样!B3"));
    // The notes, and the links from the list to the rows.
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        let mut file = parts.by_name(name).unwrap();
        io::Read::read_to_string(&mut file, &mut text).unwrap();
        text
    };
    let notes = part("xl/comments1.xml");
    assert!(
        notes.contains("ref=\"B3\"") && notes.contains("✗ 第1项 违规："),
        "{notes}"
    );
    assert!(
        notes.contains("ref=\"A3\"") && notes.contains("本案：违规1；问题清单第1项"),
        "{notes}"
    );
    assert!(part("xl/worksheets/sheet1.xml").contains("原表-抽样'!A3"));
}

#[test]
fn a_table_that_has_changed_since_is_not_shown_and_that_is_said() {
    let (_, table) = a_table("台账.xlsx");
    let audit = of_table("台账.xlsx", "sha256:0");
    let mut book = book(Limits::default(), |results, totals| {
        add(results, totals, &audit);
        results.show(&table).unwrap();
    });
    assert!(
        !book
            .sheet_names()
            .iter()
            .any(|name| name.starts_with("原表"))
    );
    let said: String = rows(&mut book, "说明").iter().flatten().map(text).collect();
    assert!(
        said.contains("没有列出 `台账.xlsx` 的原表：审查期间文件已被改动"),
        "{said}"
    );
}

#[test]
fn sheets_of_one_name_are_told_apart_and_marks_beyond_the_limit_are_counted() {
    let limits = Limits {
        marks: 3,
        ..Limits::default()
    };
    let (_, one) = a_table("甲/台账.xlsx");
    let (_, other) = a_table("乙/台账.xlsx");
    let mut book = book(limits, |results, totals| {
        add(results, totals, &of_table("甲/台账.xlsx", one.digest()));
        add(results, totals, &of_table("乙/台账.xlsx", other.digest()));
        results.show(&one).unwrap();
        results.show(&other).unwrap();
    });
    let names = book.sheet_names();
    assert!(names.contains(&"原表-抽样(2)".to_owned()), "{names:?}");
    let said: String = rows(&mut book, "说明").iter().flatten().map(text).collect();
    assert!(said.contains("原表未标记1处"), "{said}");
}

#[test]
fn the_rows_of_a_text_file_stand_at_their_lines() {
    let csv = "台账\n\n编号,日期\n示例-1,\"2024-03-12\"\n";
    let table = Book::delimited("台账.csv", csv.as_bytes().to_vec()).unwrap();
    let row = "示例-1,\"2024-03-12\"\n";
    let source = Source::part("台账.csv", row.to_owned(), 4, Some(table.digest().into()));
    let mut audit = of_table("台账.csv", table.digest());
    let at = row.find("2024").unwrap();
    audit.findings[0].evidence[0].origin = Origin::Text(Span::new(&source, at..at + 10));
    audit.source = source;
    let bytes = bytes(Lang::En, Limits::default(), |results, totals| {
        add(results, totals, &audit);
        results.show(&table).unwrap();
    });
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut notes = String::new();
    let mut file = parts.by_name("xl/comments1.xml").unwrap();
    io::Read::read_to_string(&mut file, &mut notes).unwrap();
    assert!(
        notes.contains("ref=\"B4\"") && notes.contains("ref=\"A4\""),
        "{notes}"
    );
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    let make = || {
        bytes(Lang::En, Limits::default(), |results, totals| {
            add(results, totals, &audit());
        })
    };
    assert_eq!(make(), make());
}

#[test]
fn a_full_disk_is_an_error_and_no_half_workbook() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut results = Results::new(Lang::Zh, None, Limits::default()).unwrap();
    results.add(&audit()).unwrap();
    let engine = engine();
    let failed = results.finish(&Totals::new(true), &About::new(&engine, None), &mut Full);
    let Err(Failed::Write(error)) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    let nowhere = Path::new("/没有/这个文件夹");
    assert!(matches!(
        Results::new(Lang::Zh, Some(nowhere), Limits::default()),
        Err(Failed::ScratchFolder(..))
    ));
}
