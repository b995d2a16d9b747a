//! The rule book from its users' view: scripts in, a rule book or diagnostics out.

mod hostile;
mod layers;
mod mini;
mod mistakes;
mod named;
mod own;
mod pitfalls;
mod reference;
mod shape;

use std::sync::Arc;

use super::{RuleFolder, Rulebook, load};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::source::{Source, Span};
use choucha_core::vocabulary::{self, Vocabulary};

const VOCABULARY: &str = include_str!("tests/vocabulary.yaml");
const INSTRUMENTS: &str = include_str!("tests/instruments.yaml");

/// A usual beginning of the scripts of these tests.
const HEADER: &str = "ruleset(\"set/a\", #{ title: \"示例规则集\", title_en: \"Example\", instrument: instrument(\"某市监发〔2024〕3号\") });\n";

fn vocabulary() -> Arc<Vocabulary> {
    let source = Source::new("vocabulary.yaml", VOCABULARY);
    Arc::new(vocabulary::load(&[source]).unwrap())
}

/// Loads a rules folder with these files and the registry and vocabulary of these tests.
fn load_files(files: &[(&str, &str)]) -> Result<Rulebook, Vec<Diagnostic>> {
    let all = files
        .iter()
        .copied()
        .chain([("instruments.yaml", INSTRUMENTS)]);
    load(&RuleFolder::from_texts("rules", all), &vocabulary())
}

/// Loads one rule set with the usual header and this script.
fn load_script(script: &str) -> Result<Rulebook, Vec<Diagnostic>> {
    load_files(&[
        ("set/a/ruleset.rhai", HEADER),
        ("set/a/1-duties.rhai", script),
    ])
}

/// The diagnostics as shown to a person: code, places, message, why, help.
fn shown(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let place = d.labels.first().map_or_else(
            || d.about.clone().unwrap_or_default(),
            |label| format!("{} `{}`", label.span, marked(label)),
        );
        out.push_str(&format!(
            "{} at {place}\n    {}\n    {}\n",
            d.code.code(),
            d.message.zh,
            d.message.en
        ));
        for label in d.labels.iter().skip(1) {
            out.push_str(&format!(
                "  > {} {} / {}\n",
                label.span, label.text.zh, label.text.en
            ));
        }
        for why in &d.why {
            out.push_str(&format!("  = {} / {}\n", why.zh, why.en));
        }
        for help in &d.help {
            out.push_str(&format!("  ? {} / {}\n", help.zh, help.en));
        }
    }
    out
}

fn marked(label: &choucha_core::diagnostic::Label) -> &str {
    label
        .span
        .source
        .text()
        .get(label.span.range.clone())
        .unwrap_or("")
}

/// The diagnostics of a script that must not load, or what it declared.
fn outcome(script: &str) -> String {
    match load_script(script) {
        Err(diagnostics) => shown(&diagnostics),
        Ok(book) => format!(
            "loaded {} obligations\n{}",
            book.rule_sets[0].obligations.len(),
            shown(&book.notes)
        ),
    }
}
