//! Settling records decoded from texts, and finding their places.

use proptest::prelude::*;

use crate::ingest;
use choucha_core::diagnostic::Code;
use choucha_core::record::*;
use choucha_core::source::Origin;
use choucha_core::source::Source;
use choucha_core::value::Value;
use choucha_core::vocabulary::Entry;
use choucha_core::vocabulary::{SlotId, Vocabulary};
use std::sync::Arc;

fn vocabulary() -> Vocabulary {
    let text = include_str!("vocabulary.yaml");
    choucha_core::vocabulary::load(&[Source::new("v.yaml", text)])
        .unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

fn record(vocabulary: &Vocabulary, text: &str) -> Record {
    let decoded = ingest::read("案卷.yaml", text.as_bytes().to_vec(), None, vocabulary);
    assert_eq!(decoded.diagnostics, [], "{text}");
    decoded.record.unwrap()
}

fn slot(vocabulary: &Vocabulary, path: &str) -> SlotId {
    match vocabulary.find(path) {
        Some(Entry::Fact(id)) => vocabulary.fact(id).slot,
        other => panic!("{path}: {other:?}"),
    }
}

fn origin(settled: &Settled, record: &Record, vocabulary: &Vocabulary, path: &str) -> String {
    match settled.origin(record, vocabulary, path) {
        Origin::Text(span) => span.position().to_string(),
        Origin::Inferred { from, span } => {
            format!(
                "{from} {}",
                span.map_or_else(String::new, |span| span.position().to_string())
            )
        }
        Origin::Assumed => "assumed".to_owned(),
        Origin::Complete => "complete".to_owned(),
        Origin::Absent => "absent".to_owned(),
    }
}

#[test]
fn what_inferences_settle_does_not_depend_on_the_order_they_are_written_in() {
    let facts = include_str!("vocabulary.yaml");
    let facts = facts.split("inferences:").next().unwrap_or_default();
    let mut own = String::from("facts:\n");
    for (code, label) in [("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁")] {
        own.push_str(&format!(
            "  {code}: {{type: boolean, label: {label}, label_en: {code}, description: {label}, description_en: {code}}}\n"
        ));
    }
    let chain = [("a", "b"), ("b", "c"), ("c", "d")];
    let circle = [("c", "d"), ("b", "c"), ("a", "b"), ("d", "a")];
    let backwards = [("c", "d"), ("b", "c"), ("a", "b")];
    for order in [&chain[..], &circle, &backwards] {
        let mut text = format!("{own}inferences:\n");
        for (given, settled) in order {
            text.push_str(&format!(
                "  - {{when: {{{given}: true}}, then: {{{settled}: true}}, why: 因, why_en: so}}\n"
            ));
        }
        let files = [Source::new("v.yaml", facts), Source::new("w.yaml", text)];
        let vocabulary = choucha_core::vocabulary::load(&files)
            .unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
        let settled = record(&vocabulary, "a: true\n").settle(&vocabulary, false);
        for path in ["b", "c", "d"] {
            assert_eq!(
                *settled.get(slot(&vocabulary, path)),
                Value::Bool(true),
                "{path}"
            );
        }
    }
}

#[test]
fn inferences_chain_and_origins_say_what_settled_a_fact() {
    let vocabulary = vocabulary();
    let record = record(&vocabulary, "检验报告:\n  检验结论: 合格\n  number: 甲\n");
    let settled = record.settle(&vocabulary, false);
    let posted = slot(&vocabulary, "report.to_province.posted_on");
    assert_eq!(*settled.get(posted), Value::None);
    assert_eq!(
        *settled.get(slot(&vocabulary, "sampling.signed")),
        Value::Bool(false)
    );
    assert_eq!(
        *settled.get(slot(&vocabulary, "report.to_city.posted_on")),
        Value::Unknown
    );
    for (path, expected) in [
        ("report.conclusion", "2:9"),
        ("report.number", "3:11"),
        ("report.to_province.posted_on", "report.conclusion 2:9"),
        ("sampling.signed", "report.to_province.posted_on 2:9"),
        ("report.to_city.posted_on", "absent"),
    ] {
        assert_eq!(
            origin(&settled, &record, &vocabulary, path),
            expected,
            "{path}"
        );
    }
    assert_eq!(settled.diagnostics(&record, &vocabulary), []);
    // The record itself still holds only what was written.
    assert_eq!(*record.get(posted), Value::Unknown);
}

#[test]
fn a_complete_dossier_leaves_nothing_unknown_not_even_in_rows() {
    let vocabulary = vocabulary();
    let body = "sampling:\n  samplers: [某甲]\n  corrections:\n    - {item: 地址}\n    - {confirmed: true, sent: {posted_on: 2024-03-01}}\n";
    for (text, assumed) in [
        (format!("案卷完整: 是\n{body}"), false),
        (body.to_owned(), true),
    ] {
        let record = record(&vocabulary, &text);
        let settled = record.settle(&vocabulary, assumed);
        assert!(settled.is_complete());
        assert!(settled.root().slots.iter().all(|value| !value.is_unknown()));
        let Value::Rows(rows) = settled.get(slot(&vocabulary, "sampling.corrections")) else {
            panic!("rows");
        };
        assert!(
            rows.iter()
                .all(|row| row.slots.iter().all(|value| !value.is_unknown()))
        );
        assert_eq!(
            origin(
                &settled,
                &record,
                &vocabulary,
                "sampling.corrections[1].confirmed"
            ),
            "complete"
        );
        assert_eq!(
            origin(
                &settled,
                &record,
                &vocabulary,
                "sampling.corrections[2].item"
            ),
            "complete"
        );
        assert!(
            origin(
                &settled,
                &record,
                &vocabulary,
                "sampling.corrections[1].item"
            )
            .ends_with(":14")
        );
        assert!(origin(&settled, &record, &vocabulary, "sampling.samplers[1]").ends_with(":14"));
        assert_eq!(
            origin(&settled, &record, &vocabulary, "report.number"),
            "complete"
        );
    }
    let open = record(&vocabulary, body);
    let settled = open.settle(&vocabulary, false);
    assert_eq!(
        origin(
            &settled,
            &open,
            &vocabulary,
            "sampling.corrections[1].confirmed"
        ),
        "absent"
    );
    assert_eq!(
        origin(&settled, &open, &vocabulary, "no.such.fact"),
        "absent"
    );
}

#[test]
fn a_contradiction_shows_both_places_and_overrides_nothing() {
    let vocabulary = vocabulary();
    let record = record(
        &vocabulary,
        "report:\n  conclusion: pass\n  to_province: {posted_on: 2024-03-01}\n",
    );
    let settled = record.settle(&vocabulary, false);
    let posted = slot(&vocabulary, "report.to_province.posted_on");
    assert_eq!(settled.get(posted), record.get(posted));
    let diagnostics = settled.diagnostics(&record, &vocabulary);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, Code::RecordContradiction);
    assert_eq!(diagnostics[0].why[0].zh, "合格报告不报送省局");
    let places: Vec<String> = diagnostics[0]
        .labels
        .iter()
        .map(|l| l.span.position().to_string())
        .collect();
    assert_eq!(places, ["3:28", "2:15"]);
}

#[test]
fn none_is_as_good_as_no_and_as_an_empty_list() {
    let vocabulary = vocabulary();
    for signed in ["否", "无"] {
        let text = format!("report: {{to_province: 无}}\nsampling: {{signed: {signed}}}\n");
        let record = record(&vocabulary, &text);
        assert_eq!(
            record
                .settle(&vocabulary, false)
                .diagnostics(&record, &vocabulary),
            []
        );
    }
    let record = record(
        &vocabulary,
        "report: {to_province: 无}\nsampling: {signed: 是}\n",
    );
    let diagnostics = record
        .settle(&vocabulary, false)
        .diagnostics(&record, &vocabulary);
    assert_eq!(diagnostics[0].labels[1].span.position().to_string(), "1:23");
}

#[test]
fn dates_that_run_backwards_are_shown_with_both_places() {
    let vocabulary = vocabulary();
    let text = "sampling: {sampled_on: 2024-03-05, arrived_at: 2024-03-04 23:59}\nreport:\n  issued_on: 2024-03-04\n  to_province: {received_on: 2024-03-03}\n";
    let record = record(&vocabulary, text);
    let diagnostics = record
        .settle(&vocabulary, false)
        .diagnostics(&record, &vocabulary);
    let found: Vec<(&str, Vec<String>)> = diagnostics
        .iter()
        .map(|d| {
            (
                d.code.code(),
                d.labels
                    .iter()
                    .map(|l| l.span.position().to_string())
                    .collect(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                "record/backwards",
                vec!["3:14".to_owned(), "1:24".to_owned()]
            ),
            (
                "record/backwards",
                vec!["4:30".to_owned(), "3:14".to_owned()]
            ),
        ]
    );
}

#[test]
fn places_are_exact_in_chinese_text_and_the_same_in_json() {
    let vocabulary = vocabulary();
    let yaml = record(
        &vocabulary,
        "检验报告: {报告编号: '“一”', 检验结论: 不合格}  # 注\n",
    );
    let json = record(
        &vocabulary,
        "{\"检验报告\": {\"报告编号\": \"“\\u4e00”\", \"检验结论\": \"不合格\"}}",
    );
    for (record, value, key, shown) in [
        (&yaml, "1:14", "1:8", "'“一”'"),
        (&json, "1:19", "1:11", "\"“\\u4e00”\""),
    ] {
        let origins = record.origins(&vocabulary);
        let span = origins.value("report.number").unwrap();
        assert_eq!(&record.source().text()[span.range.clone()], shown);
        assert_eq!(span.position().to_string(), value);
        assert_eq!(
            origins.key("report.number").unwrap().position().to_string(),
            key
        );
        assert!(origins.value("report.issued_on").is_none());
    }
    let blank = record(&vocabulary, "report:\n  number:\n  to_city: 无\n");
    let origins = blank.origins(&vocabulary);
    assert_eq!(
        origins
            .value("report.number")
            .unwrap()
            .position()
            .to_string(),
        "2:3"
    );
    assert_eq!(
        origins
            .value("report.to_city.posted_on")
            .unwrap()
            .position()
            .to_string(),
        "3:12"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn settling_changes_only_what_is_unknown_and_settles_once_and_for_all(
        conclusion in prop::sample::select(vec!["合格", "不合格", "无", ""]),
        posted in prop::sample::select(vec!["2024-03-01", "无", ""]),
        signed in prop::sample::select(vec!["是", "否", "无", ""]),
        complete in any::<bool>(),
    ) {
        let vocabulary = vocabulary();
        let text = format!("report: {{conclusion: {conclusion}, to_province: {{posted_on: {posted}}}}}\nsampling: {{signed: {signed}, corrections: [{{item: 甲}}]}}\n");
        let record = record(&vocabulary, &text);
        let settled = record.settle(&vocabulary, complete);
        for (before, after) in record.root().slots.iter().zip(&settled.root().slots) {
            let rows = matches!(before, Value::Rows(_));
            prop_assert!(before.is_unknown() || rows || before == after);
        }
        let again = Record::new(settled.root().clone(), Arc::clone(record.source()), record.format());
        let twice = again.settle(&vocabulary, complete);
        prop_assert_eq!(twice.root(), settled.root());
    }
}
