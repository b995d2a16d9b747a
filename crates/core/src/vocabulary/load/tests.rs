use super::*;
use crate::source::Position;
use crate::value::{Day, Symbol, Value};
use crate::vocabulary::Given;

/// The facts every vocabulary must have.
const RESERVED: &str = "\
facts:
  complete: {type: boolean, label: 案卷完整, label_en: Complete, description: 说明, description_en: What it is}
  case:
    label: 案卷
    label_en: Case
    facts:
      number: {type: text, label: 案卷编号, label_en: Case number, description: 说明, description_en: What it is}
      ruleset: {type: text, label: 规则集, label_en: Rule set, description: 说明, description_en: What it is}
      closed_on: {type: date, label: 结案日期, label_en: Closed on, description: 说明, description_en: What it is}
  waivers:
    type: groups
    label: 豁免
    label_en: Waivers
    description: 说明
    description_en: What it is
    facts:
      obligation: {type: text, label: 义务, label_en: Obligation, description: 说明, description_en: What it is}
      approver: {type: text, label: 批准人, label_en: Approver, description: 说明, description_en: What it is}
      reason: {type: text, label: 理由, label_en: Reason, description: 说明, description_en: What it is}
      from: {type: date, label: 起, label_en: From, description: 说明, description_en: What it is}
      until: {type: date, label: 止, label_en: Until, description: 说明, description_en: What it is}
";

const REPORT: &str = "\
enums:
  conclusion:
    label: 检验结论
    label_en: Test conclusion
    values:
      pass: {label: 合格, label_en: Pass}
      fail: {label: 不合格, label_en: Fail, aliases: [不符合]}
shapes:
  delivery:
    facts:
      posted_on: {type: date, label: 寄出日期, label_en: Posted on, description: 说明, description_en: What it is, earliest: 2010-01-01}
facts:
  report:
    label: 检验报告
    label_en: Test report
    facts:
      conclusion: {type: enum, enum: conclusion, label: 结论, label_en: Conclusion, description: 说明, description_en: What it is}
      to_province: {shape: delivery, label: 报送省局, label_en: To the province}
      to_city: {shape: delivery, label: 报送市局, label_en: To the city}
      corrections:
        type: groups
        label: 更正
        label_en: Corrections
        description: 说明
        description_en: What it is
        facts:
          fee: {type: decimal, min: 0, max: '100.50', unit: 元, unit_en: yuan, label: 费用, label_en: Fee, description: 说明, description_en: What it is}
  testers: {type: list, of: person, personal: true, label: 检验人员, label_en: Testers, description: 说明, description_en: What it is}
inferences:
  - when: {report.conclusion: 合格}
    then: {report.to_province: none, complete: true}
    why: 合格报告不报送
    why_en: A pass is not sent
chronology:
  - [report.to_city.posted_on, case.closed_on]
roles:
  testers: {label: 检验人员, label_en: Testers, named_by: [testers]}
";

fn load_texts(texts: &[&str]) -> Result<Vocabulary, Vec<Diagnostic>> {
    let sources: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| Source::new(format!("{i}.yaml"), *text))
        .collect();
    load(&sources)
}

#[test]
fn shapes_are_expanded_and_titles_are_chains_of_labels() {
    let vocabulary = load_texts(&[REPORT, RESERVED]).unwrap();
    let Some(Entry::Fact(id)) = vocabulary.find("report.to_province.posted_on") else {
        panic!("no such fact");
    };
    let fact = vocabulary.fact(id);
    assert_eq!(fact.title.zh, "检验报告·报送省局·寄出日期");
    assert_eq!(fact.title.en, "Test report: To the province: Posted on");
    assert_eq!(fact.days.0, Day::parse("2010-01-01").unwrap());
    assert_eq!(fact.days.1, Day::parse("2100-01-01").unwrap());
    assert_eq!(vocabulary.fact_in(ShapeId::ROOT, fact.slot).path, fact.path);
    let Some(Entry::Fact(fee)) = vocabulary.find("report.corrections[].fee") else {
        panic!("no such fact");
    };
    let fee = vocabulary.fact(fee);
    assert_eq!(fee.slot, SlotId(0));
    assert_eq!(fee.range.unwrap().1.to_string(), "100.50");
    assert_eq!(fee.unit.as_ref().unwrap().zh, "元");
    let rows = vocabulary.group(vocabulary.shape(fee.shape).group);
    assert_eq!(rows.path, "report.corrections");
    assert_eq!(rows.entry("费用"), rows.entry("fee"));
}

#[test]
fn an_inference_from_none_of_a_group_settles_every_slot_below_it() {
    let vocabulary = load_texts(&[REPORT, RESERVED]).unwrap();
    let [inference] = vocabulary.inferences() else {
        panic!("one inference");
    };
    assert!(matches!(
        &inference.given[..],
        [(_, Given::Is(Value::Symbol(Symbol(0))))]
    ));
    let settled: Vec<(&str, &Value)> = inference
        .settles
        .iter()
        .map(|(slot, value)| {
            (
                vocabulary.fact_in(ShapeId::ROOT, *slot).path.as_str(),
                value,
            )
        })
        .collect();
    assert_eq!(
        settled,
        [
            ("report.to_province.posted_on", &Value::None),
            ("complete", &Value::Bool(true))
        ]
    );
}

#[test]
fn every_fault_is_reported_with_its_place() {
    // (the text replaced, its replacement, part of the English message, the text under the caret)
    let cases = [
        (
            "label: 报送市局",
            "label: 报送省局",
            "already stands for a sibling",
            "to_city",
        ),
        (
            "enum: conclusion",
            "enum: conclusoin",
            "there is no enum `conclusoin`",
            "conclusoin",
        ),
        (
            "to_city: {shape: delivery",
            "to_city: {shape: delivry",
            "there is no shape `delivry`",
            "delivry",
        ),
        (
            ", label_en: To the city",
            "",
            "the English wording is missing: `label_en`",
            "to_city",
        ),
        (
            "type: decimal",
            "type: decimla",
            "there is no type `decimla`",
            "decimla",
        ),
        (
            "label_en: Fail, aliases: [不符合]",
            "label_en: Fail, aliases: [合格]",
            "already stands for a sibling",
            "fail",
        ),
        (
            "label_en: Fail, aliases: [不符合]",
            "label_en: Fail, aliases: [无]",
            "cannot be called `无`",
            "fail",
        ),
        (
            "report.to_province: none",
            "report.to_provinc: none",
            "there is no path `report.to_provinc`",
            "report.to_provinc",
        ),
        (
            "{report.conclusion: 合格}",
            "{report.conclusion: 及格}",
            "is not a value of `report.conclusion`",
            "及格",
        ),
        (
            "complete: true}",
            "complete: 12}",
            "`12` is not a value of `complete`",
            "12",
        ),
        (
            "[report.to_city.posted_on, case",
            "[report.conclusion, case",
            "`report.conclusion` is not a date",
            "report.conclusion, case",
        ),
        (
            "named_by: [testers]",
            "named_by: [complete]",
            "names no person or organisation",
            "complete]",
        ),
        (
            "max: '100.50'",
            "max: '-1'",
            "`min` is more than `max`",
            "0, max",
        ),
        (
            "earliest: 2010-01-01",
            "earliest: 2010-02-30",
            "`2010-02-30` is not a date",
            "2010-02-30",
        ),
        (
            "type: list, of: person",
            "type: list",
            "a list needs an `of`",
            "list, personal",
        ),
        (
            "to_city: {shape: delivery,",
            "to_city: {",
            "needs a `type`, `facts` or a `shape`",
            "to_city",
        ),
        (
            "posted_on: {type: date",
            "posted_on: {shape: delivery, x: {type: date",
            "unknown field `x`",
            "x: {type",
        ),
        (
            "complete: true}",
            "report.conclusion: fail}",
            "which is its own condition",
            "report.conclusion: 合格",
        ),
        (
            "      fail: {",
            "      Fail: {",
            "the code `Fail` is not well formed",
            "Fail: {",
        ),
    ];
    for (from, to, message, at) in cases {
        let text = REPORT.replacen(from, to, 1);
        assert_ne!(text, REPORT, "{from}");
        let text = if to.contains("x: {") {
            text.replace("2010-01-01}", "2010-01-01}}")
        } else {
            text
        };
        let diagnostics = load_texts(&[&text, RESERVED]).unwrap_err();
        let found = diagnostics
            .iter()
            .find(|d| d.message.en.contains(message))
            .unwrap_or_else(|| panic!("{message}: {diagnostics:#?}"));
        let span = &found.labels[0].span;
        assert!(
            text[span.range.start..].starts_with(at),
            "{message}: {}",
            &text[span.range.start..][..20]
        );
        assert!(!found.message.zh.is_empty());
    }
}

#[test]
fn shapes_that_contain_one_another_are_refused() {
    let text = REPORT.replace(
        "posted_on: {type: date,",
        "again: {shape: delivery, label: 又, label_en: Again}\n      posted_on: {type: date,",
    );
    let diagnostics = load_texts(&[&text, RESERVED]).unwrap_err();
    assert!(
        diagnostics
            .iter()
            .any(|d| d.message.en.contains("delivery → delivery")),
        "{diagnostics:#?}"
    );
}

#[test]
fn the_facts_the_engine_reads_have_to_be_there() {
    let diagnostics = load_texts(&[REPORT]).unwrap_err();
    let messages: Vec<&str> = diagnostics.iter().map(|d| d.message.en.as_str()).collect();
    for path in [
        "case.number",
        "case.closed_on",
        "waivers",
        "waivers[].until",
    ] {
        assert!(
            messages.iter().any(|m| m.contains(&format!("`{path}`"))),
            "{path}: {messages:?}"
        );
    }
    let wrong = RESERVED.replace("closed_on: {type: date", "closed_on: {type: text");
    let diagnostics = load_texts(&[&wrong]).unwrap_err();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(
        diagnostics[0].labels[0].span.position(),
        Position { line: 9, column: 7 }
    );
    assert!(load_texts(&[]).is_err());
}

#[test]
fn a_fact_declared_in_two_files_is_shown_in_both() {
    let again = "facts:\n  testers: {type: text, label: 别名, label_en: Others, description: 说明, description_en: What it is}\n";
    let diagnostics = load_texts(&[REPORT, RESERVED, again]).unwrap_err();
    let places: Vec<&str> = diagnostics[0]
        .labels
        .iter()
        .map(|l| l.span.source.name())
        .collect();
    assert_eq!(places, ["2.yaml", "0.yaml"]);
}

#[test]
fn hostile_vocabularies_end_in_diagnostics() {
    let deep = format!("facts: {}", "[".repeat(100_000));
    let bomb = format!(
        "facts:\n  a: &a [x]\n{}",
        (0..30)
            .map(|i| format!("  b{i}: &b{i} [*a, *a]\n"))
            .collect::<String>()
    );
    for text in [
        "facts: [",
        "- a",
        "facts: 3",
        "\u{0}",
        &deep,
        &bomb,
        "nonsense: {}",
    ] {
        assert!(
            load_texts(&[text, RESERVED]).is_err(),
            "{}",
            &text[..text.len().min(20)]
        );
    }
}
