//! Problems with the contents of a file: all in one run, at their exact places, with corrections.

use super::*;
use choucha_core::diagnostic::Diagnostic;

const RECORD: &str = "\
# 示例案卷
案卷:
  案卷编号: 示例-01
  number: 重复
检验报告:
  报告出具日期: 2024-02-30
  conclusion: 不合各
  报告编好: 甲
  报送省局:
    寄出日期: 1024-03-01
  to_city: 2024-03-01
sampling:
  photos: 501
  price: 199.00元
  signed: yes
  samplers: 某甲、某乙
  leader: 某甲、某乙
  agency: {名称: 示例所, 电话: 1}
  papers: [甲, '', 乙]
  results: [合格, 及格]
  arrived_at: 2024-03-01
  corrections:
    - {更正内容: 地址, 已确认: 可能}
    - 无
posted_on: 2024-03-01
";

#[test]
fn every_problem_of_a_file_is_reported_in_one_run_at_its_place() {
    let decoded = read_text(RECORD, Format::Yaml);
    let expected = [
        ("record/duplicate-key", "4:3", "number"),
        ("record/impossible-date", "6:11", "2024-02-30"),
        ("record/unknown-value", "7:15", "不合各"),
        ("record/unknown-key", "8:3", "报告编好"),
        ("record/date-out-of-reason", "10:11", "1024-03-01"),
        ("record/wrong-type", "11:12", "2024-03-01"),
        ("record/out-of-range", "13:11", "501"),
        ("record/wrong-type", "14:10", "199.00元"),
        ("record/wrong-type", "15:11", "yes"),
        ("record/wrong-type", "16:13", "某甲、某乙"),
        ("record/wrong-type", "17:11", "某甲、某乙"),
        ("record/unknown-key", "18:21", "电话"),
        ("record/wrong-type", "19:15", "''"),
        ("record/unknown-value", "20:17", "及格"),
        ("record/impossible-date", "21:15", "2024-03-01"),
        ("record/wrong-type", "23:23", "可能"),
        ("record/wrong-type", "24:7", "无"),
        ("record/unknown-key", "25:1", "posted_on"),
    ];
    let found = summary(&decoded);
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0, found.1.as_str(), found.2.as_str()), expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn what_was_readable_is_in_the_record_all_the_same() {
    let (decoded, vocabulary) = (read_text(RECORD, Format::Yaml), vocabulary());
    let record = decoded.record.unwrap();
    assert_eq!(
        *value(&record, &vocabulary, "case.number"),
        Value::Text("示例-01".into())
    );
    assert_eq!(
        *value(&record, &vocabulary, "report.issued_on"),
        Value::Unknown
    );
    assert!(
        matches!(value(&record, &vocabulary, "sampling.corrections"), Value::Rows(rows) if rows.len() == 2)
    );
    assert!(
        matches!(value(&record, &vocabulary, "sampling.agency"), Value::Party(p) if &*p.name == "示例所")
    );
}

/// The diagnostics for `text` under a key, as one English text.
fn found(text: &str) -> String {
    let decoded = read_text(text, Format::Yaml);
    decoded
        .diagnostics
        .iter()
        .map(tell)
        .collect::<Vec<_>>()
        .join("\n")
}

fn tell(diagnostic: &Diagnostic) -> String {
    let texts = std::iter::once(&diagnostic.message)
        .chain(&diagnostic.why)
        .chain(&diagnostic.help);
    let (zh, en): (Vec<&str>, Vec<&str>) = texts.map(|t| (t.zh.as_str(), t.en.as_str())).unzip();
    assert!(zh.iter().all(|text| !text.is_empty()));
    en.join(" | ")
}

#[test]
fn every_problem_says_how_to_mend_it() {
    for (text, expected) in [
        (
            "report: {issued_no: 2024-03-01}",
            "did you mean `issued_on`?",
        ),
        (
            "report: {Issued-On: 2024-03-01}",
            "did you mean `Issued on`?",
        ),
        ("issued_on: 2024-03-01", "`issued_on` belongs in `report`"),
        (
            "report.issued_on: 2024-03-01",
            "write it level by level, indented: `report: → issued_on:`",
        ),
        (
            "zzz: 1",
            "the keys allowed: complete, case, waivers, sampling, report",
        ),
        ("report: {conclusion: passs}", "did you mean `pass`?"),
        (
            "report: {conclusion: zzz}",
            "is one of `pass`, `fail`, `partial`",
        ),
        ("report: {issued_on: 2024/3/1}", "write `2024-03-01`"),
        ("report: {issued_on: 2024年3月1日}", "write `2024-03-01`"),
        ("report: {issued_on: 20240301}", "write `2024-03-01`"),
        ("report: {issued_on: 2024-03-01 上午}", "write `2024-03-01`"),
        (
            "report: {issued_on: 2023-02-29}",
            "the last day of that month is 2023-02-28",
        ),
        (
            "report: {issued_on: 2203-02-28}",
            "it should be from 2000-01-01 to 2100-01-01",
        ),
        (
            "sampling: {arrived_at: 2024-03-01}",
            "write it like `2024-03-01 09:30`",
        ),
        ("sampling: {signed: 'no'}", "write `false`"),
        (
            "sampling: {price: '1,999.00'}",
            "write the number alone: `1999.00`",
        ),
        (
            "sampling: {price: 1e400}",
            "write all digits, without an exponent",
        ),
        (
            "sampling: {price: -1}",
            "is a number such as `199.00`, at least 0 (in yuan)",
        ),
        (
            "sampling: {photos: 99999999999999999999}",
            "is a whole number, at least 0, at most 500",
        ),
        (
            "sampling: {samplers: 某甲、某乙}",
            "write a list, one entry each: `[某甲, 某乙]`",
        ),
        (
            "sampling: {samplers: [张甲等2人]}",
            "name every one of them",
        ),
        (
            "sampling: {samplers: [张甲李乙]}",
            "separate several names by commas",
        ),
        (
            "sampling: {samplers: 张 甲}",
            "leave no blank inside the name of one",
        ),
        ("sampling: {leader: 同上}", "write the value itself"),
        (
            "sampling: {leader: 张甲 李乙}",
            "this names one: choose it by the papers",
        ),
        (
            "sampling: {agency: 示例甲公司、示例乙公司}",
            "this names one: choose it by the papers",
        ),
        ("sampling: {papers: 甲}", "write a list: `[甲]`"),
        (
            "sampling: {leader: [某甲]}",
            "this is one value, not a list",
        ),
        ("sampling: {leader: {工号: 01}}", "fill in `name`"),
        (
            "sampling: {leader: {姓名: 某甲, 工好: 01}}",
            "did you mean `工号`?",
        ),
        (
            "sampling: {leader: {姓名: 某甲, name: 某乙}}",
            "`name` is given twice",
        ),
        (
            "sampling: {corrections: {item: 甲}}",
            "put `- ` before every entry",
        ),
        ("sampling: 2024", "write a key and a value for every fact"),
        ("检验报告：合格", "not by the full-width `：`"),
        ("report:\n  检验结论：合格", "not by the full-width `：`"),
        (
            "report:\n  conclusion:pass",
            "the colon is followed by a space",
        ),
        ("- report", "write one case a file, without a list"),
        ("report: !!python/object:os.system {}", "remove the tag"),
        (
            "a: &a {b: 1}\nreport: {<<: *a}",
            "records do not support merge keys",
        ),
        ("report: {}\n---\nreport: {}", "split the file at `---`"),
        ("report: {? [a, b] : 1}", "a key is a text"),
        (
            "report:\n\tissued_on: 2024-03-01",
            "indent with spaces only",
        ),
        ("report: 检验: 合格", "the YAML is not well formed"),
    ] {
        let found = found(text);
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn a_duplicate_shows_both_places() {
    let decoded = read_text(
        "report:\n  检验结论: 合格\n  conclusion: pass\n",
        Format::Yaml,
    );
    let places: Vec<String> = decoded.diagnostics[0]
        .labels
        .iter()
        .map(|label| label.span.position().to_string())
        .collect();
    assert_eq!(places, ["3:3", "2:3"]);
}

#[test]
fn json_problems_have_exact_places_too() {
    let text = "{\n  \"检验报告\": {\"检验结论\": \"及格\", \"报告编号\": true,\n    \"报告编号\": \"一\"},\n \"sampling\": {\"price\": 1e400, \"photos\": 1e400, \"samplers\": [\"某甲\", {\"姓名\": [1]}], \"papers\": [1.50]}}";
    let decoded = read_text(text, Format::Json);
    let found = summary(&decoded);
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(c, p, t)| (*c, p.as_str(), t.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("record/unknown-value", "2:20", "\"及格\""),
            ("record/wrong-type", "2:34", "true"),
            ("record/duplicate-key", "3:5", "\"报告编号\""),
            ("record/wrong-type", "4:24", "1e400"),
            ("record/wrong-type", "4:41", "1e400"),
            ("record/wrong-type", "4:74", "[1]"),
            ("record/wrong-type", "4:92", "1.50"),
        ]
    );
}

#[test]
fn problems_beyond_a_thousand_are_counted_not_listed() {
    let text: String = (0..1500).map(|i| format!("x{i}: 1\n")).collect();
    let decoded = read_text(&text, Format::Yaml);
    assert_eq!(decoded.diagnostics.len(), 1001);
    assert_eq!(
        decoded
            .diagnostics
            .iter()
            .filter(|d| d.code == Code::RecordTooManyFaults)
            .count(),
        1
    );
}
