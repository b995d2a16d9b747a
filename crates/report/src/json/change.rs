//! A difference between two duties as JSON: part of the contracts of diffs and of effective sets.

use serde::Serialize;

use super::CitationObject;
use choucha_core::compare::Change;
use choucha_core::lang::Lang;
use choucha_core::obligation::Obligation;
use choucha_core::source::Span;
use choucha_core::vocabulary::Vocabulary;

/// One difference: `before` is the first side (or the duty above), `after` the second.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ChangeObject {
    aspect: &'static str,
    aspect_label: String,
    class: &'static str,
    part: Option<String>,
    title: String,
    before: String,
    after: String,
    before_source: String,
    after_source: String,
}

impl ChangeObject {
    /// `before` and `after`: the vocabularies of the two sides.
    pub(super) fn of(change: &Change, before: &Vocabulary, after: &Vocabulary, lang: Lang) -> Self {
        ChangeObject {
            aspect: change.aspect.code(),
            aspect_label: change.aspect.label().get(lang).to_owned(),
            class: change.class.code(),
            part: change.part.as_ref().map(|part| part.get(lang).to_owned()),
            title: change.title().get(lang).to_owned(),
            before: change.higher_text(before).get(lang).to_owned(),
            after: change.lower_text(after).get(lang).to_owned(),
            before_source: place(&change.higher_at),
            after_source: place(&change.lower_at),
        }
    }
}

/// A duty by name, with the sentences it rests on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NamedDuty {
    id: String,
    ruleset: String,
    title: String,
    bearer: String,
    severity: &'static str,
    citations: Vec<CitationObject>,
    source: String,
}

impl NamedDuty {
    pub(super) fn of(duty: &Obligation, lang: Lang) -> Self {
        NamedDuty {
            id: duty.id.to_string(),
            ruleset: duty.ruleset.to_string(),
            title: duty.title.get(lang).to_owned(),
            bearer: duty.bearer.clone(),
            severity: duty.severity.code(),
            citations: duty.all_citations().map(CitationObject::of).collect(),
            source: place(&duty.at),
        }
    }
}

/// `script:line`.
pub(super) fn place(span: &Span) -> String {
    format!("{}:{}", span.source.name(), span.position().line)
}
