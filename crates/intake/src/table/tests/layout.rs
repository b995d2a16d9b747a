//! How tables are read, as those who place columns are parsed.

use super::*;

fn layout(text: &str, columns: &str) -> Layout {
    let book = Book::delimited("台账.csv", text.as_bytes().to_vec()).unwrap();
    let columns = Columns::read("columns.yaml", columns.as_bytes().to_vec(), vocabulary());
    book.layout(vocabulary(), &columns.unwrap())
}

fn column<'l>(layout: &'l Layout, name: &str) -> &'l ColumnLayout {
    let mut columns = layout.sheets.iter().flat_map(|sheet| &sheet.columns);
    columns.find(|column| column.name == name).unwrap()
}

fn path(fact: choucha_core::vocabulary::FactId) -> &'static str {
    &vocabulary().fact(fact).path
}

const TABLE: &str = "2024年抽查台账\n案卷编号,抽检时间,检验结论,经手,备注\n\
    甲-1,2024-01-22,不合格,示例甲,\n甲-2,2024-01-23,P,示例乙,x\n甲-3,2024-01-24,P,示例丙,\n";

#[test]
fn a_column_that_is_not_known_has_the_facts_it_may_mean() {
    let layout = layout(TABLE, "");
    let sheet = &layout.sheets[0];
    assert_eq!(
        (sheet.holds.clone(), sheet.header),
        (Holding::Main, Some(2))
    );
    let unknown = column(&layout, "抽检时间");
    assert_eq!((&*unknown.cell, &unknown.reads), ("B2", &Reads::Unknown));
    assert_eq!(unknown.content.as_ref().unwrap().en, "days");
    assert_eq!(path(unknown.candidates[0]), "sampling.sampled_on");
    assert_eq!(unknown.examples[0], "2024-01-22");
    assert!(
        matches!(column(&layout, "案卷编号").reads, Reads::Fact(fact, None) if path(fact) == "case.number")
    );
    assert_eq!(layout.cases, (3, 3));
}

#[test]
fn words_that_are_not_understood_are_counted_with_their_places() {
    let parsed = layout(TABLE, "");
    let unread = &column(&parsed, "检验结论").unread;
    assert_eq!(unread.len(), 1);
    assert_eq!((&*unread[0].word, unread[0].count), ("P", 2));
    assert_eq!(unread[0].cells, ["4", "5"]);
    let mended = layout(TABLE, "values: {检验结论: {P: 合格}}");
    let column = column(&mended, "检验结论");
    assert!(column.unread.is_empty());
    assert_eq!(column.words, [("p".to_owned(), "合格".to_owned())]);
}

#[test]
fn what_the_mapping_says_is_reported_so_that_it_can_be_written_again() {
    let parsed = layout(
        TABLE,
        "columns: {抽检时间: sampling.sampled_on, 经手: 抽样人员·工号, 备注: 不读}",
    );
    let targets: Vec<Option<String>> = ["抽检时间", "经手", "备注", "案卷编号"]
        .map(|name| column(&parsed, name).target(vocabulary()))
        .to_vec();
    let written = [
        "sampling.sampled_on",
        "sampling.samplers·id",
        "不读",
        "case.number",
    ];
    assert_eq!(targets, written.map(|target| Some(target.to_owned())));
    let mapped =
        ["抽检时间", "经手", "备注", "案卷编号"].map(|name| column(&parsed, name).is_mapped);
    assert_eq!(mapped, [true, true, true, false]);
    // What is parsed may be written into a mapping, and means the same there.
    let again = layout(
        TABLE,
        "sheets: {台账: {columns: {抽检时间: sampling.sampled_on, 经手: sampling.samplers·id, 备注: 不读}}}",
    );
    for name in ["抽检时间", "经手", "备注"] {
        assert_eq!(
            column(&again, name).reads,
            column(&parsed, name).reads,
            "{name}"
        );
    }
}

#[test]
fn a_table_without_a_header_shows_its_first_rows_and_takes_the_one_it_is_given() {
    let text = "一,二,三\n甲列,乙列,丙列\n1,2024-01-22,示例甲\n";
    let parsed = layout(text, "");
    assert_eq!(parsed.sheets[0].holds, Holding::Unknown);
    assert_eq!(parsed.sheets[0].top.len(), 3);
    let given = layout(
        text,
        "sheets: {台账: {header: 2, columns: {甲列: case.number, 乙列: sampling.sampled_on}}}",
    );
    let sheet = &given.sheets[0];
    assert_eq!((sheet.header, sheet.is_header_mapped), (Some(2), true));
    assert_eq!(column(&given, "丙列").reads, Reads::Unknown);
    assert_eq!(given.cases, (1, 1));
}

#[test]
fn a_column_is_named_by_what_tells_it_from_the_others() {
    let text = "案卷编号,检验报告,检验甲,寄送甲\n,报告出具日期,何时,何时\n甲-1,2024-01-22,2024-01-22,2024-01-23\n";
    let parsed = layout(text, "");
    let names = parsed.sheets[0].columns.iter();
    let names: Vec<&str> = names.map(|column| column.name.as_str()).collect();
    assert_eq!(
        names,
        ["案卷编号", "报告出具日期", "检验甲·何时", "寄送甲·何时"]
    );
    let mapped = layout(
        text,
        "sheets: {台账: {columns: {寄送甲·何时: report.to_province.posted_on}}}",
    );
    let reads = |name: &str| match column(&mapped, name).reads {
        Reads::Fact(fact, None) => Some(path(fact)),
        _ => None,
    };
    assert_eq!(reads("寄送甲·何时"), Some("report.to_province.posted_on"));
    assert_eq!(reads("检验甲·何时"), None);
}
