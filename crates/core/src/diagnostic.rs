//! Diagnostics: something wrong with an input, a vocabulary, a calendar or a rule script. Never a finding.
//!
//! A diagnostic says in one line what is wrong, points at the place, and says why and how to fix it. Diagnostics are
//! accumulated, so that one run reports all of them.

mod code;
mod render;
mod snippet;
mod suggest;
pub mod system;

use std::cmp::Ordering;

pub use code::Code;
pub use render::{Style, render, render_all};
pub use snippet::{Mark, snippet};
pub use suggest::nearest;

use crate::lang::Text;
use crate::source::Span;

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The input cannot be used, or only in part; exit code 2.
    Error,
    /// The input can be used, but a person should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place a diagnostic points at, with an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The annotation; may be empty.
    pub text: Text,
}

/// One thing wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of problem; stable.
    pub code: Code,
    /// How severe it is.
    pub level: Level,
    /// What is wrong, in one line, with the user's words in backticks.
    pub message: Text,
    /// The source's name, for a diagnostic about a source that could not be opened or read at all.
    pub about: Option<String>,
    /// The places, the decisive one first.
    pub labels: Vec<Label>,
    /// Why it is wrong: the dictionary entry, the clause, the limit.
    pub why: Vec<Text>,
    /// How to fix it.
    pub help: Vec<Text>,
}

impl Diagnostic {
    /// A diagnostic at the default level of its code.
    #[must_use]
    pub fn new(code: Code, message: Text) -> Self {
        Diagnostic {
            level: code.level(),
            code,
            message,
            about: None,
            labels: Vec::new(),
            why: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Points at a place.
    #[must_use]
    pub fn at(self, span: Span) -> Self {
        self.label(span, Text::default())
    }

    /// Points at a place, with an annotation.
    #[must_use]
    pub fn label(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Names the source concerned, if there is no text to point into.
    #[must_use]
    pub fn about(mut self, source: impl Into<String>) -> Self {
        self.about = Some(source.into());
        self
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, text: Text) -> Self {
        self.why.push(text);
        self
    }

    /// Says how to fix it.
    #[must_use]
    pub fn help(mut self, text: Text) -> Self {
        self.help.push(text);
        self
    }

    /// The order diagnostics are reported in: by source, place, level and message, so that output is stable.
    #[must_use]
    pub fn order(&self, other: &Diagnostic) -> Ordering {
        let place = |d: &Diagnostic| {
            d.labels
                .first()
                .map(|label| (label.span.source.name().to_owned(), label.span.range.start))
        };
        self.about
            .cmp(&other.about)
            .then_with(|| place(self).cmp(&place(other)))
            .then_with(|| self.level.cmp(&other.level))
            .then_with(|| self.message.zh.cmp(&other.message.zh))
    }
}

/// Whether any of them is an error.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.level == Level::Error)
}
