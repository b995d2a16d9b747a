//! Scanned texts cut into clauses; quotes found in them; locks.

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;

const TWO_NOTICES: &str = include_str!("../../../../tests/texts/two-notices.txt");
const MEASURES: &str = include_str!("../../../../tests/texts/measures.txt");
const CELLS: &str = include_str!("../../../../tests/texts/cells.txt");

const FIRST: &str = "style: notice\nparts:\n  - {from: 甲市监发〔2020〕1号, until: 甲省市场监督管理局文件}\nkinds:\n  heading: [序/1-3, 一、/1, 一、（一）/1, 一、（二）/1, 二、/1, 二、（一）/1, 二、（一）/3.1]\n  policy: [序/4]\n  plan: [附件1/3-5]\n  form: [二、（一）/4-5, 附件1/1-2, 附件2]\n";
const SECOND: &str =
    "style: notice\nparts:\n  - from: 甲市监发〔2020〕2号\nleave_out:\n  - 案》，现印发你们\n";

fn source(text: &str) -> Arc<Source> {
    Source::new("text.txt", text)
}

fn cut_as(text: &str, outline: &str) -> Result<Vec<Clause>, Vec<Diagnostic>> {
    let outline = Outline::load(&Source::new("outline.yaml", outline))?;
    cut(&source(text), &outline)
}

fn shown(clauses: &[Clause]) -> String {
    clauses
        .iter()
        .map(|clause| format!("{:<9} {} {}\n", clause.kind.code(), clause.id, clause.text))
        .collect()
}

fn first() -> Body {
    Body::new(cut_as(TWO_NOTICES, FIRST).unwrap())
}

#[test]
fn a_notice_is_cut_out_of_a_file_of_two_and_its_letter_left_behind() {
    insta::assert_snapshot!(shown(first().clauses()));
}

#[test]
fn a_line_printed_twice_is_left_out() {
    let clauses = cut_as(TWO_NOTICES, SECOND).unwrap();
    insta::assert_snapshot!(shown(&clauses));
    let twice = cut_as(
        TWO_NOTICES,
        &SECOND.replace("leave_out:\n  - 案》，现印发你们\n", ""),
    );
    assert_eq!(twice.unwrap().len(), clauses.len() + 1);
}

#[test]
fn an_order_is_cut_by_its_articles() {
    let outline =
        "style: articles\nkinds:\n  heading: [第一章, 第二章, 第二章第一节, 第二章第二节]\n";
    insta::assert_snapshot!(shown(&cut_as(MEASURES, outline).unwrap()));
}

#[test]
fn cells_on_lines_of_their_own_are_joined_to_rows() {
    let outline =
        "style: notice\nparts:\n  - until: 附件\n  - {from: 附件, cells_on_lines: true}\n";
    insta::assert_snapshot!(shown(&cut_as(CELLS, outline).unwrap()));
}

#[test]
fn an_annex_is_a_section_of_its_own_under_a_line_that_says_nothing_else() {
    let text = "一、要求\n按附件办理。\n附件：1．通知书\n2．移交清单\n\n附件 1\n通知书\n一、收到本通知书15日内提出异议。\n（一）书面提出。\n                送达被抽样的生产者、销售者一份，归档一份，其余各份由有关部门留存\n附件二：\n移交清单\n见附件3\n本清单一式两份。附件4\n附件另行印发\n";
    let clauses = cut_as(text, "style: notice\n").unwrap();
    let ids: Vec<String> = clauses.iter().map(|it| it.id.to_string()).collect();
    assert_eq!(
        ids,
        [
            "一、/1.1",
            "一、/2.1",
            "一、/3.1",
            "一、/4.1",
            "附件1/1.1",
            "附件1/2.1",
            "附件1一、/1.1",
            "附件1一、（一）/1.1",
            "附件1一、（一）/2.1",
            "附件二/1.1",
            "附件二/2.1",
            "附件二/3.1",
            "附件二/4.1",
            "附件二/4.2",
            "附件二/5.1",
        ]
    );
    let twice = cut_as(&text.replace("附件二：", "附件1"), "style: notice\n").unwrap_err();
    assert!(twice[0].message.zh.contains("两个 `附件1`"), "{twice:?}");
}

#[test]
fn every_clause_knows_where_it_stands_in_the_file() {
    for clause in first().clauses() {
        let printed = TWO_NOTICES.get(clause.at.clone()).unwrap();
        assert_eq!(
            normal(printed),
            normal(&clause.text.replace(" | ", "")),
            "{}",
            clause.id
        );
    }
}

#[test]
fn what_does_not_fit_the_text_is_reported_at_its_place_in_the_description() {
    let cases = [
        ("style: notise\n", "no style `notise`", "1:8"),
        ("parts: []\n", "the file is invalid", "1:1"),
        (
            "style: notice\nkinds: {rule: [一、]}\n",
            "the file is invalid",
            "2:9",
        ),
        (
            "style: notice\nkinds: {form: [一、/0]}\n",
            "names no clauses",
            "2:16",
        ),
        (
            "style: notice\nkinds: {form: [一、/9]}\n",
            "no such clauses",
            "2:16",
        ),
        (
            "style: notice\nkinds: {form: [一、], plan: [一、]}\n",
            "given twice",
            "",
        ),
        (
            "style: notice\nparts:\n  - from: 丙市监发\n",
            "no line that begins with `丙市监发`",
            "3:11",
        ),
        (
            "style: notice\nleave_out: [丁]\n",
            "no line begins with `丁`",
            "2:13",
        ),
    ];
    for (outline, message, place) in cases {
        let problems = cut_as("一、示例\n内容。\n", outline).unwrap_err();
        assert!(
            problems[0].message.en.contains(message),
            "{outline}: {problems:?}"
        );
        assert!(problems.iter().all(|d| d.code == Code::ClausesInvalid));
        let at = problems[0].labels[0].span.position().to_string();
        assert!(at.starts_with(place), "{outline}: {at}");
    }
    let twice = cut_as("一、示例\n内容。\n一、示例\n内容。\n", "style: notice\n");
    assert!(
        twice.unwrap_err()[0]
            .message
            .en
            .contains("two sections `一、`")
    );
}

#[test]
fn a_quote_resolves_whatever_the_scan_did_to_its_spacing_and_width() {
    let body = first();
    let cases = [
        (
            "一、（二）",
            "2020年4月5日前，完成送达工作",
            "一、（二）/2.1",
        ),
        (
            "一、（二）",
            "4月15日前，完成e-CQS系统录入",
            "一、（二）/2.2",
        ),
        ("二、(一)", "抽样人员不得少于2人", "二、（一）/2.1"),
        ("二、（一）", "抽样文书确需更正的", "二、（一）/2.3"),
        ("二、", "落实「双随机、一公开」监管要求", "二、/2.2"),
    ];
    for (section, quote, clause) in cases {
        let Resolution::One(found) = body.resolve(section, quote) else {
            panic!("{quote}: {:?}", body.resolve(section, quote));
        };
        assert_eq!(found.to_string(), clause);
        let range = body.quoted_in(&found, quote).unwrap();
        let (printed, _) = body.get(&found).unwrap();
        assert_eq!(normal(&printed.text[range]), normal(quote));
    }
}

#[test]
fn a_quote_that_does_not_resolve_says_how() {
    let body = first();
    let id = |text: &str| ClauseId::parse(text).unwrap();
    assert_eq!(
        body.resolve("一、（一）", "抽样人员不得少于2人"),
        Resolution::Elsewhere(vec![id("二、（一）/2.1")])
    );
    assert_eq!(
        body.resolve("二、（一）", "购买"),
        Resolution::Several(vec![id("二、（一）/3.2"), id("二、（一）/3.3")])
    );
    assert_eq!(
        body.resolve("二、（一）", "出示通知书。抽样文书应当经抽样人员签字"),
        Resolution::Spans(id("二、（一）/2.1"), id("二、（一）/2.2"))
    );
    assert_eq!(
        body.resolve("二、", "天地玄黄宇宙洪荒"),
        Resolution::Nowhere(None)
    );
    assert_eq!(body.resolve("二、", "　"), Resolution::Nowhere(None));
}

#[test]
fn the_nearest_passage_is_shown_with_what_differs() {
    let body = first();
    let near = |section: &str, quote: &str| match body.resolve(section, quote) {
        Resolution::Nowhere(Some(near)) => near,
        other => panic!("{other:?}"),
    };
    let changed = near("二、（一）", "抽样人员不得少于3人，并出示通知书");
    assert_eq!(changed.clause.to_string(), "二、（一）/2.1");
    assert_eq!(changed.passage, "抽样人员不得少于２人，并出示通知书");
    assert_eq!(changed.differences.len(), 1);
    assert_eq!(changed.differences[0].quoted, "3");
    assert_eq!(changed.differences[0].printed, "２");
    let lacking = near("一、（二）", "2020年4月5日前，完成工作");
    assert_eq!(lacking.clause.to_string(), "一、（二）/2.1");
    assert_eq!(lacking.differences[0].printed, "送达");
    let long = "抽样人员".repeat(10_000);
    let _ = body.resolve("二、（一）", &long);
}

#[test]
fn a_lock_reads_back_as_written_and_tells_what_has_changed() {
    let body = first();
    let id = ClauseId::parse("二、（一）/2.1").unwrap();
    let quotes = [
        (id.clone(), "抽样人员不得少于 2 人"),
        (id.clone(), "抽样人员不得少于２人"),
    ];
    let lock = Lock::of(&body, "sha256:0", &quotes);
    assert_eq!(lock.quotes.len(), 1);
    let text = lock.to_text();
    insta::assert_snapshot!(text);
    let read = Lock::load(&Source::new("a.lock.yaml", text)).unwrap();
    assert_eq!(read, lock);
    assert_eq!(read.resolve("二、(一)", "抽样人员不得少于2人"), Some(&id));
    assert_eq!(read.resolve("一、", "抽样人员不得少于2人"), None);
    assert_eq!(read.resolve("二、（一）", "抽样人员不得少于3人"), None);

    let changed = TWO_NOTICES
        .replace("不得少于２人", "不得少于４人")
        .replace("转发", "转 发");
    let changed = Body::new(cut_as(&changed, FIRST).unwrap());
    let changes = lock.changes(&Lock::of(&changed, "sha256:1", &[]));
    assert_eq!(changes.changed, [id]);
    assert!(changes.gone.is_empty() && changes.new.is_empty());
    assert!(lock.changes(&lock).is_empty());
}

#[test]
fn a_lock_that_is_not_as_written_is_reported_at_its_line() {
    let good = Lock::of(&first(), "sha256:0", &[]).to_text();
    let cases = [
        (
            good.replace("序/1.1: heading", "序/1.1: headline"),
            "headline",
        ),
        (good.replace("序/1.1:", "序-1.1:"), "序-1.1"),
        (good.replace("quotes: []", "quotes: [abc]"), "abc"),
        (good.replace("text:", "file:"), "the file is invalid"),
        (good.replace("sha256:0", "[1, 2"), "the file is invalid"),
        (String::new(), "the file is invalid"),
    ];
    for (text, message) in cases {
        let problems = Lock::load(&Source::new("a.lock.yaml", text)).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, Code::LockInvalid);
        assert!(problems[0].message.en.contains(message), "{problems:?}");
    }
}
