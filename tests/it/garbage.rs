//! Whatever a file holds, reading and auditing it ends without a panic, in findings or in diagnostics.

use std::fs;
use std::sync::LazyLock;

use crate::support::{FIXTURES, files, world};
use choucha::ingest;
use choucha::vocabulary::{Entry, GroupId, Vocabulary};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_yaml::{Mapping, Value};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_240_105),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Reads and audits; a file without a record says why.
fn survive(name: &str, bytes: &[u8]) {
    let decoded = ingest::read(name, bytes.to_vec(), None, world().vocabulary());
    match &decoded.record {
        Some(record) => {
            let audit = world().audit(record, None, true);
            assert_eq!(audit.findings.len(), world().obligations().count());
        }
        None => assert!(
            choucha::diagnostic::has_errors(&decoded.diagnostics),
            "{name}: neither a record nor an error"
        ),
    }
    for diagnostic in &decoded.diagnostics {
        assert!(!diagnostic.message.zh.is_empty() && !diagnostic.message.en.is_empty());
        assert!(
            diagnostic.about.is_some() || !diagnostic.labels.is_empty(),
            "{name}: a problem nowhere: {diagnostic:?}"
        );
        for label in &diagnostic.labels {
            let range = label.span.range.clone();
            assert!(label.span.source.text().get(range).is_some(), "{name}");
        }
    }
}

static TEXTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    files(FIXTURES)
        .iter()
        .chain(&files("fixtures/same-record"))
        .map(|path| fs::read(path).expect("a file"))
        .collect()
});

/// What people and programs write in the wrong place.
const ODD: [&str; 30] = [
    "",
    " ",
    "~",
    "null",
    "无",
    "none",
    "是",
    "yes",
    "0",
    "-1",
    "1e400",
    "00",
    "99999999999999999999999999999999999",
    "0.1000000000000000000000000000001",
    "-0",
    "2024-02-30",
    "2024-2-3",
    "0000-00-00",
    "9999-12-31",
    "2024-03-01T25:00",
    "2024年3月1日",
    "张甲、李乙",
    "\u{feff}",
    "\u{0}",
    "\u{202e}",
    "a: b",
    "[",
    "{}",
    "*x",
    "&x y",
];

/// A value of any shape, for a key of another type.
fn odd() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(&ODD[..]).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,6}", inner), 0..3).prop_map(|entries| {
                let entries = entries.into_iter();
                Value::Mapping(entries.map(|(key, value)| (key.into(), value)).collect())
            }),
        ]
    })
}

/// A record of real keys with odd values, as many as there are.
fn tree(vocabulary: &Vocabulary, group: GroupId, odd: &mut impl Iterator<Item = Value>) -> Value {
    let mut map = Mapping::new();
    for entry in &vocabulary.group(group).entries {
        let (key, value) = match entry {
            Entry::Fact(id) => (vocabulary.fact(*id).code.clone(), odd.next()),
            Entry::Group(id) => {
                let inner = tree(vocabulary, *id, odd);
                (vocabulary.group(*id).label.zh.clone(), Some(inner))
            }
        };
        if let Some(value) = value {
            map.insert(key.into(), value);
        }
    }
    Value::Mapping(map)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), name in prop::sample::select(vec!["a.yaml", "a.json", "a"])) {
        survive(name, &bytes);
    }

    #[test]
    fn any_text_is_survived(text in "[ \\n\\t:,\\-\\[\\]{}\"'&*!|>%@`#?a-z0-9无是案卷]{0,200}", name in prop::sample::select(vec!["a.yaml", "a.json", "a"])) {
        survive(name, text.as_bytes());
    }

    #[test]
    fn a_dossier_with_pieces_cut_out_doubled_or_replaced_is_survived(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, prop::sample::select(&ODD[..]), any::<bool>()), 1..6),
    ) {
        let mut bytes = which.get(&TEXTS).clone();
        for (at, length, odd, doubled) in cuts {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            let mut put = odd.as_bytes().to_vec();
            if doubled {
                put.extend_from_slice(&bytes[at..end]);
                put.extend_from_slice(&bytes[at..end]);
            }
            bytes.splice(at..end, put);
        }
        survive("a.yaml", &bytes);
        survive("a", &bytes);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn odd_values_under_every_real_key_are_survived(values in prop::collection::vec(odd(), 60..400)) {
        let tree = tree(world().vocabulary(), GroupId(0), &mut values.into_iter());
        survive("a.yaml", serde_yaml::to_string(&tree).expect("a YAML text").as_bytes());
        if let Ok(json) = serde_json::to_string(&tree) {
            survive("a.json", json.as_bytes());
        }
    }
}
