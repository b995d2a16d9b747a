//! Text files.

use super::*;

#[test]
fn a_row_means_what_the_same_text_in_a_dossier_means() {
    let parsed = read_csv(
        "案卷编号,抽样日期,抽样方式,抽样人员,检验报告·检验结论,实付单价,出示文件,被抽样单位签字\n\
         示例-1,2024年3月1日,现场抽样,甲某、乙某,不合格,\"￥1,990.00元\",通知书/身份证明,√\n",
    );
    let yaml = "case: {number: 示例-1}\n\
                sampling: {sampled_on: 2024-03-01, channel: on_site, samplers: [甲某, 乙某], documents_shown: [notice, identity], respondent_signed: true}\n\
                report: {conclusion: fail}\n\
                purchase: {paid_price: 1990.00}\n";
    let dossier = crate::ingest::read("x.yaml", yaml.as_bytes().to_vec(), None, vocabulary());
    assert!(dossier.diagnostics.is_empty(), "{:#?}", dossier.diagnostics);
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert!(
        parsed.cases[0].diagnostics.is_empty(),
        "{:#?}",
        parsed.cases[0].diagnostics
    );
    assert_eq!(parsed.record(0).root(), dossier.record.unwrap().root());
    assert_eq!(parsed.origin(0, "sampling.sampled_on"), "cases.csv:2:6");
    assert_eq!(parsed.origin(0, "sampling.samplers[2]"), "cases.csv:2:24");
    assert!(!parsed.record(0).is_partial());
}

#[test]
fn a_cell_that_cannot_be_read_is_reported_and_the_row_stands() {
    let parsed = read_csv(
        "某局抽查汇总,,\n\n案卷编号,抽样日期,抽样方式\n示例-1,2024-02-30,现场\n,,\n示例-2,2024-3-2,骑车\n合计,2,\n",
    );
    assert_eq!(parsed.cases.len(), 2);
    assert_eq!(
        parsed.wrong(0),
        [(Code::RecordImpossibleDate, "cases.csv:4:6".to_owned())]
    );
    assert_eq!(
        parsed.wrong(1),
        [(Code::RecordUnknownValue, "cases.csv:6:15".to_owned())]
    );
    assert_eq!(parsed.shown(1, "sampling.sampled_on"), "2024-03-02");
    assert_eq!(parsed.shown(0, "sampling.sampled_on"), "未载");
    assert!(parsed.record(0).is_partial());
    assert_eq!(parsed.book_codes(), [Code::TableRowPassedOver]);
}

#[test]
fn gb18030_and_a_byte_order_mark_and_other_separators_are_recognised() {
    let text = "案卷编号;抽样日期\n示例-1;2024.3.1\n";
    let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
    let parsed = Parsed::of(
        Book::delimited("a.csv", bytes).unwrap(),
        &Columns::default(),
    );
    assert_eq!(parsed.book_codes(), [Code::InputRecoded]);
    assert_eq!(parsed.shown(0, "sampling.sampled_on"), "2024-03-01");
    let tabs = format!("\u{feff}{}", text.replace(';', "\t"));
    let parsed = read_csv(&tabs);
    assert!(parsed.book.is_empty());
    assert_eq!(parsed.shown(0, "case.number"), "示例-1");
}

#[test]
fn a_quoted_field_may_hold_line_breaks_and_the_lines_are_still_counted() {
    let parsed = read_csv(
        "案卷编号,抽样人员,抽样日期\n示例-1,\"甲某\n乙某\",2024-3-1\n\n示例-2,丙某,2024-13-1\n",
    );
    assert_eq!(parsed.shown(0, "sampling.samplers"), "甲某、乙某");
    assert_eq!(
        parsed.wrong(1),
        [(Code::RecordImpossibleDate, "cases.csv:5:9".to_owned())]
    );
}

#[test]
fn a_header_of_two_rows_needs_no_merged_cells() {
    let parsed = read_csv(
        "案卷编号,检验报告,,送达被抽样单位\n,检验结论,报告出具日期,寄出日期\n示例-1,合格,2024-3-1,2024-3-5\n",
    );
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(parsed.shown(0, "report.issued_on"), "2024-03-01");
    assert_eq!(
        parsed.shown(0, "report.to_respondent.posted_on"),
        "2024-03-05"
    );
    assert_eq!(parsed.shown(0, "case.number"), "示例-1");
}

#[test]
fn a_misspelt_column_is_an_error_with_the_nearest_name_and_others_are_mentioned() {
    let parsed =
        read_csv("序号,案卷编号,抽样日期,报告出具曰期,备注\n1,示例-1,2024-3-1,2024-3-9,\n");
    assert_eq!(
        parsed.book_codes(),
        [Code::TableIgnoredColumns, Code::TableUnknownColumn]
    );
    let misspelt = &parsed.book[1];
    assert!(
        misspelt.help[0].zh.contains("报告出具日期"),
        "{misspelt:#?}"
    );
    // The contents of the column are not missing: they could not be read.
    assert!(parsed.record(0).is_partial());
}

#[test]
fn a_column_that_may_mean_several_facts_is_reported_with_the_choices() {
    let parsed = read_csv("案卷编号,抽样日期,寄出日期\n示例-1,2024-3-1,2024-3-9\n");
    assert_eq!(parsed.book_codes(), [Code::TableAmbiguousColumn]);
    assert!(
        parsed.book[0].help[0]
            .en
            .contains("report.to_respondent.posted_on")
    );
}

#[test]
fn columns_are_mapped_where_their_names_say_nothing() {
    let yaml = "columns:\n  送达日: report.to_respondent.received_on\n  备注: 不读\n";
    let columns = Columns::read("columns.yaml", yaml.into(), vocabulary()).unwrap();
    let csv = "案卷编号,送达日,备注\n示例-1,2024-3-9,无\n";
    let book = Book::delimited("a.csv", csv.into()).unwrap();
    let parsed = Parsed::of(book, &columns);
    assert!(parsed.book.is_empty(), "{:#?}", parsed.book);
    assert_eq!(
        parsed.shown(0, "report.to_respondent.received_on"),
        "2024-03-09"
    );
}

#[test]
fn a_wrong_mapping_is_reported_with_its_place_and_the_nearest_fact() {
    let yaml =
        "columns:\n  送达日: report.to_respondent.recieved_on\nsheets:\n  明细: 乱写\ncolums: {}\n";
    let problems = Columns::read("columns.yaml", yaml.into(), vocabulary()).unwrap_err();
    let places: Vec<String> = problems
        .iter()
        .map(|d| d.labels[0].span.to_string())
        .collect();
    assert_eq!(
        places,
        ["columns.yaml:2:8", "columns.yaml:4:7", "columns.yaml:5:1"]
    );
    assert!(
        problems[0].help[0]
            .en
            .contains("report.to_respondent.received_on")
    );
}

#[test]
fn people_have_numbers_in_a_column_of_their_own() {
    let parsed = read_csv(
        "案卷编号,抽样人员,抽样人员·工号,抽样人员·单位\n\
         示例-1,甲某、乙某,示01、示02,示例检验机构甲\n\
         示例-2,丙某、丁某,示03,\n",
    );
    assert_eq!(
        parsed.shown(0, "sampling.samplers"),
        "甲某（示01）、乙某（示02）"
    );
    assert_eq!(
        parsed
            .wrong(1)
            .iter()
            .map(|(code, _)| *code)
            .collect::<Vec<_>>(),
        [Code::TableUnmatched]
    );
    assert_eq!(parsed.shown(1, "sampling.samplers"), "丙某、丁某");
}

#[test]
fn a_slash_is_blank_and_none_is_none() {
    let parsed = read_csv("案卷编号,检验结论,异议提出日期,抽样地点\n示例-1,合格,无,/\n");
    assert_eq!(parsed.shown(0, "objection.filed_on"), "无");
    assert_eq!(parsed.shown(0, "sampling.place"), "未载");
}

#[test]
fn a_unit_in_the_header_counts() {
    let parsed = read_csv("案卷编号,实付单价（万元）,标价（千克）\n示例-1,0.02,3\n");
    assert_eq!(parsed.shown(0, "purchase.paid_price"), "200");
}

#[test]
fn a_value_whose_name_holds_a_separator_is_one_value() {
    let parsed = read_csv(
        "案卷编号,留置文书,不得抽样情形\n示例-1,产品质量监督抽查/复查抽样单,\"Too little stock for sale, For export only, quality agreed otherwise\"\n",
    );
    assert!(
        parsed.cases[0].diagnostics.is_empty(),
        "{:#?}",
        parsed.cases[0].diagnostics
    );
    let grounds = parsed.shown(0, "sampling.not_to_sample");
    assert_eq!(
        grounds,
        "待销产品数量不符合要求、只用于出口且合同对质量另有约定"
    );
}
