//! Streams of cases.

use std::sync::OnceLock;

use super::*;
use choucha_core::value::Value;
use choucha_rules::rulebook::RuleFolder;

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let sources = RuleFolder::embedded().vocabulary().unwrap();
        choucha_core::vocabulary::load(&sources).unwrap()
    })
}

/// The cases of a parcel, decoded.
fn cases(parcel: &Parcel) -> Vec<Case> {
    (0..parcel.len())
        .filter_map(|at| parcel.case(at, vocabulary()))
        .collect()
}

/// The cases of standard input: titles, numbers, and diagnostic codes.
fn streamed(text: &[u8]) -> Vec<(String, String, Vec<&'static str>)> {
    let batch = Batch::new(vocabulary(), None);
    let input = Input {
        path: "-".into(),
        kind: FileKind::Stream,
    };
    let mut stream = text;
    batch
        .open(&input, &mut stream)
        .flat_map(|parcel| cases(&parcel))
        .map(|case| {
            let number = case.decoded.record.as_ref().map(|record| {
                match record.get(vocabulary().reserved().number) {
                    Value::Text(number) => number.to_string(),
                    _ => String::new(),
                }
            });
            let codes = case.decoded.diagnostics.iter().map(|d| d.code.code());
            (case.title, number.unwrap_or_default(), codes.collect())
        })
        .collect()
}

#[test]
fn ndjson_is_read_line_by_line_and_a_bad_line_stops_none() {
    let text = "{\"case\": {\"number\": \"示例-1\"}}\n\n{\"case\": {\"number\": \n{\"case\": {\"numbr\": \"3\"}}\r\n{\"案卷信息\": {\"案卷编号\": \"示例-4\"}}";
    let cases = streamed(text.as_bytes());
    let names: Vec<&str> = cases.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["-:1", "-:3", "-:4", "-:5"]);
    assert_eq!(cases[0].1, "示例-1");
    assert_eq!(cases[1].2, ["input/syntax"]);
    assert_eq!(cases[2].2, ["record/unknown-key"]);
    assert_eq!(cases[3].1, "示例-4");
}

#[test]
fn the_places_of_a_line_are_those_of_its_file() {
    let batch = Batch::new(vocabulary(), None);
    let input = Input {
        path: "-".into(),
        kind: FileKind::Stream,
    };
    let mut stream = &b"{}\n{\"sampling\": {\"sampled_on\": \"2024-02-30\"}}\n"[..];
    let cases: Vec<Case> = batch
        .open(&input, &mut stream)
        .flat_map(|parcel| cases(&parcel))
        .collect();
    let span = &cases[1].decoded.diagnostics[0].labels[0].span;
    assert_eq!(span.to_string(), "-:2:29");
    let record = cases[1].decoded.record.as_ref().unwrap();
    let origin = record.origins(vocabulary()).value("sampling.sampled_on");
    assert_eq!(origin.unwrap().to_string(), "-:2:29");
}

#[test]
fn standard_input_may_still_be_one_dossier() {
    for text in [
        "case: {number: 示例-1}\n",
        "{\"case\": {\"number\": \"示例-1\"}}\n",
        "{\n\"case\": {\"number\": \"示例-1\"}\n}\n",
    ] {
        let cases = streamed(text.as_bytes());
        let expected = ("-".to_owned(), "示例-1".to_owned(), vec![]);
        assert_eq!(cases, [expected], "{text}");
    }
    assert_eq!(streamed(b"")[0].2, ["input/empty"]);
}

#[test]
fn a_line_of_another_encoding_is_noted_and_one_too_long_is_passed_over() {
    let line = "{\"案卷信息\": {\"案卷编号\": \"示例\"}}\n";
    let bytes = encoding_rs::GB18030.encode(&line.repeat(2)).0.into_owned();
    let cases = streamed(&bytes);
    assert_eq!(cases[0].2, ["input/recoded"]);
    // Only the caller that takes the cases in order reports it, once.
    assert_eq!((cases[1].1.as_str(), cases[1].2.len()), ("示例", 1));
    let mut long = b"{}\n{\"a\": \"".to_vec();
    long.resize(ingest::MAX_BYTES + 100, b'x');
    long.extend(b"\"}\n{\"case\": {\"number\": \"3\"}}\n");
    let cases = streamed(&long);
    assert_eq!(cases[1].2, ["input/too-large"]);
    assert_eq!((cases[2].0.as_str(), cases[2].1.as_str()), ("-:3", "3"));
}

#[test]
fn a_path_is_read_as_what_its_extension_says() {
    for (path, kind) in [
        ("a.yaml", FileKind::Dossier),
        ("a.JSON", FileKind::Dossier),
        ("a", FileKind::Dossier),
        ("a.ndjson", FileKind::Lines),
        ("a.CSV", FileKind::Delimited),
        ("a.xlsm", FileKind::Workbook),
        ("-", FileKind::Stream),
    ] {
        assert_eq!(FileKind::of(Path::new(path)), kind, "{path}");
    }
}
