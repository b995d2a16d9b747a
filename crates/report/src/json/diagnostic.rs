//! Diagnostics as JSON objects.

use serde::Serialize;

use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::{Lang, Text};
use choucha_core::source::Span;

/// One thing wrong with an input.
#[derive(Debug, Clone, Serialize)]
pub struct DiagnosticObject {
    code: &'static str,
    level: &'static str,
    message: String,
    /// The decisive place, or the source it concerns.
    place: Option<String>,
    places: Vec<PlaceObject>,
    why: Vec<String>,
    help: Vec<String>,
}

/// A place in a text.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PlaceObject {
    source: String,
    line: usize,
    column: usize,
    label: String,
}

impl PlaceObject {
    pub(super) fn of(span: &Span, label: &Text, lang: Lang) -> Self {
        let position = span.position();
        let name = span.source.name();
        // A cell has a row and a column of a sheet; each cell is a text of its own.
        let (source, line, column) = match span.source.cell(position.line) {
            Some(cell) => (
                format!("{name}:{}", cell.sheet),
                cell.row as usize + 1,
                cell.column as usize + 1,
            ),
            None => (name.to_owned(), position.line, position.column),
        };
        PlaceObject {
            source,
            line,
            column,
            label: label.get(lang).to_owned(),
        }
    }
}

impl DiagnosticObject {
    fn of(diagnostic: &Diagnostic, lang: Lang) -> Self {
        let texts = |texts: &[Text]| texts.iter().map(|t| t.get(lang).to_owned()).collect();
        DiagnosticObject {
            code: diagnostic.code.code(),
            level: diagnostic.level.code(),
            message: diagnostic.message.get(lang).to_owned(),
            place: diagnostic
                .labels
                .first()
                .map(|label| label.span.to_string())
                .or_else(|| diagnostic.about.clone()),
            places: diagnostic
                .labels
                .iter()
                .map(|label| PlaceObject::of(&label.span, &label.text, lang))
                .collect(),
            why: texts(&diagnostic.why),
            help: texts(&diagnostic.help),
        }
    }
}

/// Diagnostics as objects, in order of reporting.
#[must_use]
pub fn diagnostics(diagnostics: &[Diagnostic], lang: Lang) -> Vec<DiagnosticObject> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by(|a, b| a.order(b));
    sorted
        .into_iter()
        .map(|diagnostic| DiagnosticObject::of(diagnostic, lang))
        .collect()
}
