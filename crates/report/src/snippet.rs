//! The record's own lines with carets under the values a finding rests on.

use std::ops::Range;

use choucha_core::audit::Evidence;
use choucha_core::diagnostic::{Mark, Style};
use choucha_core::lang::Lang;
use choucha_core::layout::Tone;
use choucha_core::source::{Origin, Source, Span};

/// The lines of one place, with carets and a label.
#[must_use]
pub fn of_span(span: &Span, label: &str, tone: Tone, style: Style) -> Vec<String> {
    let mark = Mark {
        range: span.range.clone(),
        label: label.to_owned(),
        decisive: true,
    };
    choucha_core::diagnostic::snippet(&span.source, &[mark], tone, style)
}

/// The lines of all evidence with a place in a text, grouped by text. A place that several facts rest on is
/// marked once, with all their names.
#[must_use]
pub fn of_evidence(evidence: &[&Evidence], tone: Tone, style: Style) -> Vec<String> {
    let mut texts: Vec<(&Source, Vec<Place<'_>>)> = Vec::new();
    for item in evidence {
        let Some(span) = item.origin.span() else {
            continue;
        };
        let known = texts
            .iter()
            .position(|(source, _)| source.is_same(&span.source));
        let at = known.unwrap_or_else(|| {
            texts.push((&span.source, Vec::new()));
            texts.len() - 1
        });
        let Some((_, places)) = texts.get_mut(at) else {
            continue;
        };
        match places.iter_mut().find(|(range, _)| *range == span.range) {
            Some((_, items)) => items.push(item),
            None => places.push((span.range.clone(), vec![item])),
        }
    }
    texts
        .iter()
        .flat_map(|(source, places)| {
            let marks: Vec<Mark> = places
                .iter()
                .map(|(range, items)| Mark {
                    range: range.clone(),
                    // A line that shows a single fact names it.
                    label: match source.is_gathered() {
                        true => String::new(),
                        false => label(items, style.lang),
                    },
                    decisive: true,
                })
                .collect();
            choucha_core::diagnostic::snippet(source, &marks, tone, style)
        })
        .collect()
}

/// A place with its evidence.
type Place<'a> = (Range<usize>, Vec<&'a Evidence>);

/// The label next to the carets: the names of the facts written there, and those they settle, with values.
fn label(items: &[&Evidence], lang: Lang) -> String {
    let separator = lang.pick("；", "; ");
    let (settled, written): (Vec<&Evidence>, Vec<&Evidence>) = items
        .iter()
        .copied()
        .partition(|item| matches!(item.origin, Origin::Inferred { .. }));
    let mut names: Vec<String> = Vec::new();
    for item in written {
        let title = item.title.get(lang).to_owned();
        if !names.contains(&title) {
            names.push(title);
        }
    }
    let values: Vec<String> = settled
        .iter()
        .map(|item| {
            let (title, shown) = (item.title.get(lang), item.shown.get(lang));
            choucha_core::text!("{title}：{shown}", "{title}: {shown}")
                .get(lang)
                .to_owned()
        })
        .collect();
    if !values.is_empty() {
        let values = values.join(separator);
        names.push(
            choucha_core::text!("据此认定 {values}", "settles {values}")
                .get(lang)
                .to_owned(),
        );
    }
    names.join(separator)
}
