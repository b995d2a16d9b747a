//! Every kind of file, from bytes to diagnostics.

mod equal;
mod hostile;
mod problems;
mod schema;
mod settling;

use super::*;
use choucha_core::value::Value;
use choucha_core::vocabulary::Entry;

/// A small vocabulary with a fact of every type.
fn vocabulary() -> Vocabulary {
    choucha_core::vocabulary::load(&[Source::new("v.yaml", include_str!("tests/vocabulary.yaml"))])
        .unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

fn read_text(text: &str, format: Format) -> Decoded {
    read(
        "案卷.txt",
        text.as_bytes().to_vec(),
        Some(format),
        &vocabulary(),
    )
}

/// The value at a path of the record.
fn value<'r>(record: &'r Record, vocabulary: &Vocabulary, path: &str) -> &'r Value {
    match vocabulary.find(path) {
        Some(Entry::Fact(id)) => record.get(vocabulary.fact(id).slot),
        other => panic!("{path}: {other:?}"),
    }
}

/// The code and the place (`line:column`) of every diagnostic, with the text the first label covers.
fn summary(decoded: &Decoded) -> Vec<(&'static str, String, String)> {
    decoded
        .diagnostics
        .iter()
        .map(|d| {
            let place = d
                .labels
                .first()
                .map_or_else(String::new, |label| label.span.position().to_string());
            let covered = d.labels.first().map_or_else(String::new, |label| {
                label.span.source.text()[label.span.range.clone()].to_owned()
            });
            (d.code.code(), place, covered)
        })
        .collect()
}
