//! One record in every spelling gives the same facts.

use proptest::prelude::*;

use super::*;
use choucha_core::value::{Party, Row, Type};
use choucha_core::vocabulary::{Entry, GroupId};

#[test]
fn chinese_labels_english_labels_codes_and_aliases_are_the_same_keys() {
    let vocabulary = vocabulary();
    let texts = [
        "case: {number: 01}\nreport: {conclusion: fail, to_province: {posted_on: 2024-03-01}}\nsampling: {signed: true, price: 1.50, samplers: [某甲, {name: 某乙, id: 007}]}",
        "案卷: {案卷编号: 01}\n检验报告: {检验结论: 不合格, 报送省局: {寄出日期: 2024-03-01}}\n抽样: {已签字: 是, 单价: 1.50, 抽样人员: [某甲, {姓名: 某乙, 工号: 007}]}",
        "Case: {编号: '01'}\nTest report: {Conclusion: 不符合, Sent to the province: {Posted on: '2024-03-01'}}\nSampling: {Signed: 有, Price: '1.50', Samplers: [某甲, {名称: 某乙, 证件号: '007'}]}",
        "{\"case\": {\"number\": \"01\"}, \"report\": {\"conclusion\": \"Fail\", \"to_province\": {\"posted_on\": \"2024-03-01\"}}, \"sampling\": {\"signed\": true, \"price\": 1.50, \"samplers\": [\"某甲\", {\"name\": \"某乙\", \"id\": \"007\"}]}}",
    ];
    let first = read("a.yaml", texts[0].as_bytes().to_vec(), None, &vocabulary)
        .record
        .unwrap();
    assert_eq!(
        *value(&first, &vocabulary, "case.number"),
        Value::Text("01".into())
    );
    for text in texts {
        let decoded = read("-", text.as_bytes().to_vec(), None, &vocabulary);
        assert_eq!(decoded.diagnostics, [], "{text}");
        assert_eq!(decoded.record.unwrap().root(), first.root(), "{text}");
    }
}

#[test]
fn silence_and_none_are_told_apart() {
    let vocabulary = vocabulary();
    for (written, path, expected) in [
        ("report:", "report.number", Value::Unknown),
        ("report: {}", "report.number", Value::Unknown),
        ("report: {number: }", "report.number", Value::Unknown),
        ("report: {number: ''}", "report.number", Value::Unknown),
        ("report: {number: '  '}", "report.number", Value::Unknown),
        ("report: {number: ~}", "report.number", Value::Unknown),
        ("report: {number: null}", "report.number", Value::Unknown),
        ("report: {number: 无}", "report.number", Value::None),
        ("report: {number: none}", "report.number", Value::None),
        ("report: {issued_on: 有}", "report.issued_on", Value::Done),
        ("report: {issued_on: 是}", "report.issued_on", Value::Done),
        ("report: {issued_on: 已办}", "report.issued_on", Value::Done),
        ("report: {issued_on: done}", "report.issued_on", Value::Done),
        ("report: {issued_on: true}", "report.issued_on", Value::Done),
        (
            "{\"report\": {\"issued_on\": true}}",
            "report.issued_on",
            Value::Done,
        ),
        (
            "report: {number: 'null'}",
            "report.number",
            Value::Text("null".into()),
        ),
        (
            "report: {number: true}",
            "report.number",
            Value::Text("true".into()),
        ),
        (
            "report: {number: 1.50}",
            "report.number",
            Value::Text("1.50".into()),
        ),
        (
            "report: {number: !!str 01}",
            "report.number",
            Value::Text("01".into()),
        ),
        ("report: 无", "report.to_city.posted_on", Value::None),
        (
            "report: {to_city: none}",
            "report.to_city.posted_on",
            Value::None,
        ),
        (
            "report: {to_city: none}",
            "report.to_province.posted_on",
            Value::Unknown,
        ),
        ("sampling: {signed: 无}", "sampling.signed", Value::None),
        (
            "sampling: {signed: 否}",
            "sampling.signed",
            Value::Bool(false),
        ),
        (
            "sampling: {papers: []}",
            "sampling.papers",
            Value::List([].into()),
        ),
        ("sampling: {papers: 无}", "sampling.papers", Value::None),
        ("sampling: {papers: [无]}", "sampling.papers", Value::None),
        (
            "sampling: {papers: [ '' ]}",
            "sampling.papers",
            Value::Unknown,
        ),
        ("sampling: {papers: }", "sampling.papers", Value::Unknown),
        (
            "sampling: {corrections: []}",
            "sampling.corrections",
            Value::Rows([].into()),
        ),
        (
            "sampling: {corrections: 无}",
            "sampling.corrections",
            Value::None,
        ),
        (
            "sampling: {corrections: [{}]}",
            "sampling.corrections",
            Value::Unknown,
        ),
        (
            "sampling: {leader: {姓名: , 工号: }}",
            "sampling.leader",
            Value::Unknown,
        ),
        ("sampling: {leader: 无}", "sampling.leader", Value::None),
        (
            "sampling: {leader: ' 某甲 '}",
            "sampling.leader",
            Value::Party(Party::named("某甲").into()),
        ),
        (
            "{\"report\": {\"number\": 12}}",
            "report.number",
            Value::Text("12".into()),
        ),
        ("{\"report\": null}", "report.number", Value::Unknown),
        (
            "{\"sampling\": {\"signed\": \"无\", \"photos\": \"3\"}}",
            "sampling.photos",
            Value::Int(3),
        ),
    ] {
        let decoded = read("-", written.as_bytes().to_vec(), None, &vocabulary);
        assert_eq!(decoded.diagnostics, [], "{written}");
        assert_eq!(
            *value(&decoded.record.unwrap(), &vocabulary, path),
            expected,
            "{written}"
        );
    }
}

#[test]
fn an_alias_repeats_what_its_anchor_stands_on() {
    let vocabulary = vocabulary();
    let text = "report: {to_province: &p {posted_on: 2024-03-01}, to_city: *p}\n";
    let decoded = read("a.yaml", text.as_bytes().to_vec(), None, &vocabulary);
    assert_eq!(decoded.diagnostics, []);
    let record = decoded.record.unwrap();
    assert_eq!(
        value(&record, &vocabulary, "report.to_city.posted_on"),
        value(&record, &vocabulary, "report.to_province.posted_on")
    );
    let origins = record.origins(&vocabulary);
    assert_eq!(
        origins
            .value("report.to_city")
            .unwrap()
            .position()
            .to_string(),
        "1:60"
    );
}

/// One node of a random record, to be written in every spelling.
#[derive(Debug, Clone)]
enum Sketch {
    /// A scalar as text, and whether JSON may write it without quotes.
    Scalar(String, bool),
    List(Vec<Sketch>),
    /// Keys by code and by label.
    Map(Vec<(String, String, Sketch)>),
}

fn scalar(vocabulary: &Vocabulary, ty: &Type) -> BoxedStrategy<Sketch> {
    let quoted = |text: String| Sketch::Scalar(text, false);
    match ty {
        Type::Bool => prop_oneof![
            any::<bool>().prop_map(|yes| Sketch::Scalar(yes.to_string(), true)),
            prop::sample::select(vec!["是", "否", "有", "无"])
                .prop_map(move |w| quoted(w.to_owned())),
        ]
        .boxed(),
        Type::Int => (0_u32..500)
            .prop_map(|n: u32| Sketch::Scalar(n.to_string(), true))
            .boxed(),
        Type::Decimal => (0_u32..100_000, 0_u32..100, any::<bool>())
            .prop_map(|(a, b, bare)| Sketch::Scalar(format!("{a}.{b:02}"), bare))
            .boxed(),
        Type::Date => (2001..2099, 1..13, 1..29)
            .prop_map(move |(y, m, d)| quoted(format!("{y:04}-{m:02}-{d:02}")))
            .boxed(),
        Type::DateTime => (2001..2099, 1..13, 0..24, any::<bool>())
            .prop_map(move |(y, m, h, t)| {
                quoted(format!(
                    "{y:04}-{m:02}-01{}{h:02}:30",
                    if t { "T" } else { " " }
                ))
            })
            .boxed(),
        Type::Enum(id) => {
            let mut names: Vec<String> = vocabulary
                .enumeration(*id)
                .names()
                .map(str::to_owned)
                .collect();
            names.sort();
            prop::sample::select(names).prop_map(quoted).boxed()
        }
        Type::Person | Type::Organisation => prop_oneof![
            "[某甲乙丙]{2,4}".prop_map(quoted),
            ("[某甲乙丙]{2,4}", "[0-9A-Z]{1,18}").prop_map(move |(name, id)| Sketch::Map(vec![
                ("name".into(), "姓名".into(), quoted(name)),
                ("id".into(), "工号".into(), quoted(id)),
            ])),
        ]
        .boxed(),
        _ => prop_oneof![
            "[ -~某甲：，\u{3000}\"'#\\\\\u{e9}\u{1f600}\n\t]{0,12}".prop_map(quoted),
            prop::sample::select(vec![
                "无",
                "none",
                "null",
                "~",
                "01",
                "true",
                "1e3",
                "- a",
                "a: b",
                "&x",
                "*x",
                "!t",
                "2024-03-01"
            ])
            .prop_map(move |w| quoted(w.to_owned())),
        ]
        .boxed(),
    }
}

fn sketch(vocabulary: &Vocabulary, group: GroupId) -> BoxedStrategy<Sketch> {
    let entries: Vec<BoxedStrategy<Option<(String, String, Sketch)>>> = vocabulary
        .group(group)
        .entries
        .iter()
        .map(|entry| {
            let (code, label, strategy) = match *entry {
                Entry::Group(id) => {
                    let inner = vocabulary.group(id);
                    (
                        inner.code.clone(),
                        inner.label.zh.clone(),
                        sketch(vocabulary, id),
                    )
                }
                Entry::Fact(id) => {
                    let fact = vocabulary.fact(id);
                    let strategy = match &fact.ty {
                        Type::Rows(shape) => prop::collection::vec(
                            sketch(vocabulary, vocabulary.shape(*shape).group),
                            0..3,
                        )
                        .prop_map(Sketch::List)
                        .boxed(),
                        Type::List(of) => prop::collection::vec(scalar(vocabulary, of), 0..4)
                            .prop_map(Sketch::List)
                            .boxed(),
                        ty => scalar(vocabulary, ty),
                    };
                    (fact.code.clone(), fact.label.zh.clone(), strategy)
                }
            };
            prop::option::of(strategy)
                .prop_map(move |value| value.map(|value| (code.clone(), label.clone(), value)))
                .boxed()
        })
        .collect();
    entries
        .prop_map(|entries| Sketch::Map(entries.into_iter().flatten().collect()))
        .prop_shuffle_entries()
}

/// Shuffles the entries of a map.
trait ShuffleEntries {
    fn prop_shuffle_entries(self) -> BoxedStrategy<Sketch>;
}

impl<S: Strategy<Value = Sketch> + 'static> ShuffleEntries for S {
    fn prop_shuffle_entries(self) -> BoxedStrategy<Sketch> {
        self.prop_flat_map(|sketch| match sketch {
            Sketch::Map(entries) => Just(entries).prop_shuffle().prop_map(Sketch::Map).boxed(),
            other => Just(other).boxed(),
        })
        .boxed()
    }
}

fn json(sketch: &Sketch, chinese: bool) -> String {
    match sketch {
        Sketch::Scalar(text, true) => text.clone(),
        Sketch::Scalar(text, false) => serde_json::to_string(text).unwrap(),
        Sketch::List(items) => {
            let items: Vec<String> = items.iter().map(|item| json(item, chinese)).collect();
            format!("[{}]", items.join(", "))
        }
        Sketch::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(code, label, value)| {
                    format!(
                        "\"{}\": {}",
                        if chinese { label } else { code },
                        json(value, chinese)
                    )
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Block style; scalars plain if that preserves the text, else in double quotes.
fn yaml(sketch: &Sketch, chinese: bool, indent: usize, out: &mut String) {
    let pad = "  ".repeat(indent);
    match sketch {
        Sketch::Scalar(text, bare) => {
            let plain = *bare
                || !text.is_empty()
                    && text.chars().all(|c| c.is_alphanumeric() || c == '-')
                    && !text.starts_with('-')
                    && !matches!(text.as_str(), "null" | "~");
            *out += &if plain {
                format!(" {text}\n")
            } else {
                format!(" {}\n", serde_json::to_string(text).unwrap())
            };
        }
        Sketch::List(items) if items.is_empty() => *out += " []\n",
        Sketch::Map(entries) if entries.is_empty() => *out += " {}\n",
        Sketch::List(items) => {
            *out += "\n";
            for item in items {
                *out += &format!("{pad}-");
                yaml(item, chinese, indent + 1, out);
            }
        }
        Sketch::Map(entries) => {
            *out += "\n";
            for (code, label, value) in entries {
                *out += &format!("{pad}{}:", if chinese { label } else { code });
                yaml(value, chinese, indent + 1, out);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_and_json_with_codes_or_labels_give_equal_facts(sketch in sketch(&vocabulary(), GroupId(0))) {
        let vocabulary = vocabulary();
        let mut rows: Vec<(Row, Vec<String>)> = Vec::new();
        for chinese in [false, true] {
            let mut block = String::new();
            yaml(&sketch, chinese, 0, &mut block);
            for (text, format) in [(json(&sketch, chinese), Format::Json), (json(&sketch, chinese), Format::Yaml), (block, Format::Yaml)] {
                let decoded = read("x", text.clone().into_bytes(), Some(format), &vocabulary);
                let record = decoded.record.expect("a map");
                let mut codes: Vec<String> = decoded.diagnostics.iter().map(|d| format!("{} {}", d.code.code(), d.message.zh)).collect();
                codes.sort();
                rows.push((record.root().clone(), codes));
            }
        }
        if rows[0].1.is_empty() {
            let schema = choucha_core::vocabulary::schema(&vocabulary, choucha_core::lang::Lang::Zh);
            let instance: serde_json::Value = serde_json::from_str(&json(&sketch, true)).expect("JSON");
            prop_assert!(jsonschema::draft202012::new(&schema).expect("a schema").is_valid(&instance), "{}", instance);
        }
        for row in &rows[1..] {
            prop_assert_eq!(&rows[0], row, "{}", json(&sketch, false));
        }
    }
}

#[test]
fn an_instant_is_what_clocks_in_china_showed_in_yaml_and_json_alike() {
    let vocabulary = vocabulary();
    for (written, expected) in [
        ("2024-03-08T16:00:00Z", "2024-03-09"),
        ("2024-03-08T15:59:00Z", "2024-03-08"),
        ("2024-03-09T00:30:00+08:00", "2024-03-09"),
        ("2024-03-09 00:30", "2024-03-09"),
    ] {
        for text in [
            format!("report: {{issued_on: '{written}'}}"),
            format!("{{\"report\": {{\"issued_on\": \"{written}\"}}}}"),
        ] {
            let decoded = read_text(
                &text,
                if text.starts_with('{') {
                    Format::Json
                } else {
                    Format::Yaml
                },
            );
            assert!(decoded.diagnostics.is_empty(), "{text}");
            let record = decoded.record.unwrap();
            let day = value(&record, &vocabulary, "report.issued_on");
            assert_eq!(
                *day,
                Value::Day(choucha_core::value::Day::parse(expected).unwrap()),
                "{text}"
            );
        }
    }
}

#[test]
fn an_entry_of_a_list_that_names_several_people_is_several() {
    let vocabulary = vocabulary();
    for text in [
        "sampling: {samplers: [郝强 柴敏]}",
        "sampling: {samplers: [郝强、柴敏（组长）]}",
        "sampling: {samplers: [{姓名: 郝强}, 柴\u{200b}敏]}",
        "{\"sampling\": {\"samplers\": [\"郝强 柴敏\"]}}",
    ] {
        let decoded = read_text(
            text,
            if text.starts_with('{') {
                Format::Json
            } else {
                Format::Yaml
            },
        );
        assert!(
            !choucha_core::diagnostic::has_errors(&decoded.diagnostics),
            "{text}"
        );
        let record = decoded.record.unwrap();
        let Value::List(items) = value(&record, &vocabulary, "sampling.samplers") else {
            panic!("{text}");
        };
        let wanted = ["郝强", "柴敏"].map(|name| Value::Party(Party::named(name).into()));
        assert_eq!(**items, wanted, "{text}");
    }
    for text in [
        "sampling: {samplers: [郝强等2人]}",
        "sampling: {samplers: [郝强, 同上]}",
    ] {
        let decoded = read_text(text, Format::Yaml);
        assert!(
            choucha_core::diagnostic::has_errors(&decoded.diagnostics),
            "{text}"
        );
        let record = decoded.record.unwrap();
        assert!(
            value(&record, &vocabulary, "sampling.samplers").is_unknown(),
            "{text}"
        );
    }
}

#[test]
fn an_invisible_character_is_remarked_on_and_does_not_count() {
    let decoded = read_text("report: {issued_on: '\u{200e}2024-03-12'}", Format::Yaml);
    assert_eq!(summary(&decoded)[0].0, "record/invisible-character");
    assert!(decoded.diagnostics[0].message.zh.contains("⟨U+200E⟩"));
    let vocabulary = vocabulary();
    let record = decoded.record.unwrap();
    assert!(value(&record, &vocabulary, "report.issued_on").is_present());
    // A text of only invisible characters is not blank.
    let decoded = read_text("report: {issued_on: '\u{200b}'}", Format::Yaml);
    assert!(choucha_core::diagnostic::has_errors(&decoded.diagnostics));
}
