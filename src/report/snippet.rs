//! The record's own lines with carets under the values a finding rests on.

use crate::audit::Evidence;
use crate::diagnostic::{Mark, Style};
use crate::lang::Lang;
use crate::layout::Tone;
use crate::source::{Origin, Source, Span};

/// The lines of one place, with carets and a label.
#[must_use]
pub fn of_span(span: &Span, label: &str, tone: Tone, style: Style) -> Vec<String> {
    let mark = Mark {
        range: span.range.clone(),
        label: label.to_owned(),
        decisive: true,
    };
    crate::diagnostic::snippet(&span.source, &[mark], tone, style)
}

/// The lines of all pieces of evidence that stand in a text, those of one text together. A place several facts rest on is
/// marked once, with the names of all of them.
#[must_use]
pub fn of_evidence(evidence: &[&Evidence], tone: Tone, style: Style) -> Vec<String> {
    let mut texts: Vec<(&Source, Vec<Mark>)> = Vec::new();
    for item in evidence {
        let Some(span) = item.origin.span() else {
            continue;
        };
        let mark = Mark {
            range: span.range.clone(),
            label: label(item, style.lang),
            decisive: true,
        };
        let same = |source: &Source| source.name() == span.source.name();
        match texts.iter_mut().find(|(source, _)| same(source)) {
            Some((_, marks)) => match marks.iter_mut().find(|other| other.range == mark.range) {
                Some(other) if other.label == mark.label => {}
                Some(other) => {
                    other.label.push_str(style.lang.pick("；", "; "));
                    other.label.push_str(&mark.label);
                }
                None => marks.push(mark),
            },
            None => texts.push((&span.source, vec![mark])),
        }
    }
    texts
        .iter()
        .flat_map(|(source, marks)| crate::diagnostic::snippet(source, marks, tone, style))
        .collect()
}

/// What is said beside the carets: the name of the fact, and for one that is not written there its value.
fn label(item: &Evidence, lang: Lang) -> String {
    let title = item.title.get(lang);
    match &item.origin {
        Origin::Inferred { .. } => {
            let shown = item.shown.get(lang);
            match lang {
                Lang::Zh => format!("据此认定 {title}：{shown}"),
                Lang::En => format!("settles {title}: {shown}"),
            }
        }
        _ => title.to_owned(),
    }
}
