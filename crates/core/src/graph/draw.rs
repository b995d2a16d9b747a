//! Draws a graph: DOT for Graphviz, and SVG that needs no other program.
//!
//! Terms: a *lane* is a stage with its obligations and exceptions, or those of one instrument that belong to no stage;
//! a *column* is a position in the grid that all lanes share (the heads of the lanes are column 0); a *gap* is the free
//! strip before a column, a *gutter* the free strip above a lane: lines run only in gaps and gutters.
//!
//! Invariants: boxes do not overlap, text fits its box, no line crosses a box; the same graph gives the same bytes.

mod dot;
mod lanes;
mod legend;
mod place;
mod route;
mod svg;
#[cfg(test)]
mod tests;
mod wrap;

pub use dot::dot;
pub use svg::svg;

use super::{Graph, Node, What};
use crate::lang::{Lang, Text};
use crate::obligation::{Citation, Id};

/// The appearance of an outcome: eight tones, distinguished by symbol and words as well as by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Violated.
    Breach,
    /// Errored.
    Fault,
    /// For review.
    Judgement,
    /// Undetermined.
    Gap,
    /// Pending.
    Waiting,
    /// Waived.
    Waived,
    /// Satisfied; a stage or an exception holds.
    Kept,
    /// Not applicable; a stage or an exception does not hold.
    Idle,
}

impl Tone {
    /// Every tone, the gravest first.
    pub const ALL: [Tone; 8] = [
        Tone::Breach,
        Tone::Fault,
        Tone::Judgement,
        Tone::Gap,
        Tone::Waiting,
        Tone::Waived,
        Tone::Kept,
        Tone::Idle,
    ];

    /// A symbol that every Chinese font has.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Tone::Breach => "×",
            Tone::Fault => "！",
            Tone::Judgement => "？",
            Tone::Gap => "…",
            Tone::Waiting => "○",
            Tone::Waived => "△",
            Tone::Kept => "√",
            Tone::Idle => "－",
        }
    }

    /// The colour of the border and the words, dark enough to read on the fill.
    fn ink(self) -> &'static str {
        match self {
            Tone::Breach => "#b42318",
            Tone::Fault => "#9c2a10",
            Tone::Judgement => "#7a4b00",
            Tone::Gap => "#5b3a8c",
            Tone::Waiting => "#0b5394",
            Tone::Waived => "#3f5b66",
            Tone::Kept => "#1b6e3c",
            Tone::Idle => "#5d6673",
        }
    }

    /// The fill colour of the box.
    fn fill(self) -> &'static str {
        match self {
            Tone::Breach => "#fde7e4",
            Tone::Fault => "#ffe9dc",
            Tone::Judgement => "#fff4d1",
            Tone::Gap => "#f1eafb",
            Tone::Waiting => "#e5f0fb",
            Tone::Waived => "#e8f0f2",
            Tone::Kept => "#e7f5ec",
            Tone::Idle => "#f3f4f6",
        }
    }
}

/// The outcome of a node, as drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its appearance.
    pub tone: Tone,
    /// Its label: 违规.
    pub label: Text,
}

/// The outcomes of a case by node id; `None` for a node without an outcome.
pub type Outcomes<'a> = &'a dyn Fn(&Id) -> Option<Mark>;

/// The mark of a node.
fn mark(node: &Node, outcomes: Option<Outcomes<'_>>) -> Option<Mark> {
    outcomes.and_then(|outcomes| outcomes(node.id()))
}

/// The line under a title: the section cited first.
fn clause(node: &Node, lang: Lang) -> String {
    match (&node.what, node.citations().first()) {
        (What::Exception(_), _) => lang.pick("例外", "exception").to_owned(),
        (_, Some(first)) => section(first),
        _ => String::new(),
    }
}

fn section(citation: &Citation) -> String {
    format!("{} {}", citation.instrument, citation.section)
}

/// The tooltip of a node: kind, title, id, outcome and clauses.
fn tooltip(node: &Node, mark: Option<&Mark>, lang: Lang) -> String {
    let colon = lang.pick("：", ": ");
    let mut lines = vec![
        format!(
            "{}{colon}{}",
            node.kind().label().get(lang),
            node.title().get(lang)
        ),
        node.id().to_string(),
    ];
    if let Some(mark) = mark {
        lines.push(format!("{} {}", mark.tone.symbol(), mark.label.get(lang)));
    }
    for citation in node.citations().iter().chain(node.higher_citations()) {
        lines.push(format!("{}{colon}“{}”", section(citation), citation.quote));
    }
    lines.join("\n")
}

/// The heading of a picture.
fn heading(graph: &Graph, lang: Lang) -> String {
    let kind = lang.pick("义务关系图", "obligation graph");
    format!("{} · {kind}", graph.title().get(lang))
}
