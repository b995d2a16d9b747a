//! Headers that officials write, and sheets next to the main one.

use super::*;

#[test]
fn published_headings_are_known() {
    let parsed = read_csv(
        "序号,受检单位,标称生产企业,产品名称,型号,批号,市,抽查结果,主要不合格项目,承检机构,报告日期\n\
         1,示例甲商店,示例乙公司,电水壶,DSH-1,20240101,晋城市,不合格,接地措施,示例检验院,2024.3.1\n",
    );
    assert_eq!(
        parsed.book_codes(),
        [Code::TableIgnoredColumns],
        "{:#?}",
        parsed.book
    );
    for (path, expected) in [
        ("respondent.name", "示例甲商店"),
        ("producer.name", "示例乙公司"),
        ("product.model", "DSH-1"),
        ("product.batch", "20240101"),
        ("respondent.city", "晋城市"),
        ("report.conclusion", "不合格"),
        ("report.failed_items", "接地措施"),
        ("case.inspection_agency", "示例检验院"),
        ("report.issued_on", "2024-03-01"),
    ] {
        assert_eq!(parsed.shown(0, path), expected, "{path}");
    }
}

#[test]
fn below_a_group_the_end_of_a_name_is_enough() {
    let parsed = read_xlsx(xlsx(&[("台账", &|sheet| {
        let format = rust_xlsxwriter::Format::new();
        put(
            sheet,
            0,
            &[
                &["案卷编号"],
                &["", "名称", "地址", "电话", "编号", "结论"],
                &["示例-1", "示例甲商店", "示例路1号", "0000", "B-1", "合格"],
            ],
        );
        sheet.merge_range(0, 0, 1, 0, "案卷编号", &format).unwrap();
        sheet
            .merge_range(0, 1, 0, 3, "被抽样单位", &format)
            .unwrap();
        sheet.merge_range(0, 4, 0, 5, "检验报告", &format).unwrap();
    })]));
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.cases.len(), 1);
    for (path, expected) in [
        ("respondent.name", "示例甲商店"),
        ("respondent.address", "示例路1号"),
        ("respondent.phone", "0000"),
        ("report.number", "B-1"),
        ("report.conclusion", "合格"),
    ] {
        assert_eq!(parsed.shown(0, path), expected, "{path}");
    }
}

#[test]
fn a_column_that_holds_facts_and_could_not_be_placed_is_a_warning_with_what_may_be_meant() {
    let parsed = read_csv(
        "案卷编号,案卷完整,抽样日期,采样经过日,经手,判定意见,备注\n\
         示例-1,是,2024-3-1,2024-3-2,张甲、李乙,合格,无事\n示例-2,是,2024-3-1,2024年3月2日,王丙,不合格,略\n",
    );
    let mut codes = parsed.book_codes();
    codes.sort_unstable();
    let mut expected = vec![
        Code::TableIgnoredColumns,
        Code::TableUnplacedColumns,
        Code::TableUnplacedColumns,
        Code::TableUnplacedColumns,
    ];
    expected.sort_unstable();
    assert_eq!(codes, expected, "{:#?}", parsed.book);
    let days = parsed
        .book
        .iter()
        .find(|d| d.message.zh.contains("采样经过日"))
        .unwrap();
    assert!(days.message.zh.contains("日期"), "{}", days.message.zh);
    assert!(days.help[0].zh.contains("抽样日期"), "{:?}", days.help);
    // An unread fact is not a missing one.
    assert!(parsed.record(0).is_partial());
}

#[test]
fn the_nearest_name_is_offered_only_where_the_column_may_hold_it() {
    let parsed = read_csv("案卷编号,抽样日期,被抽样单位签章名\n示例-1,2024-3-1,示例甲商店公司\n");
    let said: String = parsed
        .book
        .iter()
        .flat_map(|d| &d.help)
        .map(|help| help.zh.as_str())
        .collect();
    assert!(!said.contains("签字"), "{said}");
}

#[test]
fn a_number_that_says_not_whose_it_is_and_an_address_have_a_hint() {
    let parsed = read_csv(
        "案卷编号,抽样日期,统一社会信用代码,地址\n示例-1,2024-3-1,92140000EXAMPLE017,示例路1号\n",
    );
    let said: String = parsed
        .book
        .iter()
        .flat_map(|d| &d.help)
        .map(|help| help.zh.as_str())
        .collect();
    assert!(said.contains("单位名称·统一社会信用代码"), "{said}");
    assert!(said.contains("`单位地址`"), "{said}");
}

#[test]
fn what_the_words_of_a_column_mean_may_be_said() {
    let bytes = || {
        xlsx(&[("台账", &|sheet| {
            put(
                sheet,
                0,
                &[
                    &["案卷编号", "检验结论", "现场检验"],
                    &["示例-1", "P", "Y1"],
                    &["示例-2", " f ", "N1"],
                    &["示例-3", "合格", ""],
                ],
            );
        })])
    };
    let parsed = read_xlsx_with(
        bytes(),
        "values:\n  检验结论: {P: 合格, F: 不合格}\n  testing.on_site: {Y1: 是, N1: 否}\n",
    );
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    for (case, conclusion, on_site) in [(0, "合格", "是"), (1, "不合格", "否"), (2, "合格", "未载")]
    {
        assert!(parsed.wrong(case).is_empty());
        assert_eq!(parsed.shown(case, "report.conclusion"), conclusion);
        assert_eq!(parsed.shown(case, "testing.on_site"), on_site);
    }
    let wrong = Columns::read(
        "c.yaml",
        "values:\n  检验结论: {P: 及格}\n  结伦: {P: 合格}\n".into(),
        vocabulary(),
    )
    .unwrap_err();
    assert_eq!(wrong.len(), 2, "{wrong:#?}");
}

#[test]
fn a_sheet_of_other_columns_adds_to_the_cases_it_numbers_and_is_asked_about_if_it_numbers_none() {
    let book = |second: [&'static str; 2]| {
        xlsx(&[
            ("抽样台账", &|sheet| {
                put(
                    sheet,
                    0,
                    &[
                        &["案卷编号", "抽样日期", "抽样方式", "产品名称"],
                        &["示例-1", "2024-3-1", "现场抽样", "电水壶"],
                        &["示例-2", "2024-3-2", "现场抽样", "电水壶"],
                    ],
                );
            }),
            ("结果", &move |sheet| {
                put(
                    sheet,
                    0,
                    &[
                        &["案卷编号", "检验结论", "报告编号"],
                        &[second[0], "合格", "B-1"],
                        &[second[1], "不合格", "B-2"],
                    ],
                );
            }),
        ])
    };
    let parsed = read_xlsx(book(["示例-1", "示例\u{200b}-2"]));
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(parsed.shown(1, "report.conclusion"), "不合格");
    let parsed = read_xlsx(book(["B-1", "B-2"]));
    assert_eq!(parsed.book_codes(), [Code::TableWhichCases]);
    assert_eq!(parsed.cases.len(), 2);
    assert!(parsed.record(0).is_partial());
}

#[test]
fn hidden_rows_and_columns_are_read_and_said_to_be_there() {
    let parsed = read_xlsx(xlsx(&[("台账", &|sheet| {
        put(
            sheet,
            0,
            &[
                &["案卷编号", "抽样日期"],
                &["示例-1", "2024-3-1"],
                &["示例-2", "2024-3-2"],
            ],
        );
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(1).unwrap();
    })]));
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(parsed.book_codes(), [Code::TableHidden]);
    assert!(
        parsed.book[0].message.zh.contains("行（1）：3")
            && parsed.book[0].message.zh.contains("列（1）：B"),
        "{}",
        parsed.book[0].message.zh
    );
}

#[test]
fn a_form_of_one_case_may_stand_upright() {
    let form = |sheet: &mut Worksheet, number: &str, day: &str| {
        put(
            sheet,
            0,
            &[
                &["示例抽查案卷"],
                &["事项", "内容", "说明"],
                &["案卷编号", number, "编号"],
                &["抽样·抽样日期", day, "日期"],
                &["抽样人员", "张甲、李乙", "姓名"],
                &["备注", "", ""],
            ],
        );
    };
    let parsed = read_xlsx(xlsx(&[
        ("案卷1", &|sheet| form(sheet, "示例-1", "2024-3-1")),
        ("案卷2", &|sheet| form(sheet, "示例-2", "3月2日")),
    ]));
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(parsed.shown(0, "sampling.sampled_on"), "2024-03-01");
    assert_eq!(parsed.shown(0, "sampling.samplers"), "张甲、李乙");
    assert_eq!(
        parsed.wrong(1),
        [(Code::RecordImpossibleDate, "book.xlsx:案卷2!B4".to_owned())]
    );
}
