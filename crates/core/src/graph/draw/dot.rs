//! A graph for Graphviz.

use std::fmt::Write as _;

use super::super::{EdgeKind, Graph, NodeId, NodeKind};
use super::lanes::{Head, lanes};
use super::wrap::wrap;
use super::{Outcomes, clause, heading, mark, tooltip};
use crate::lang::Lang;

/// Pixels a line of a label may take.
const LINE: i32 = 220;

/// The graph in the DOT language, from left to right: a cluster for every stage with the obligations that belong to it,
/// and where outcomes are given their symbol, name and colour. Text in `lang`.
#[must_use]
pub fn dot(graph: &Graph, lang: Lang, outcomes: Option<Outcomes<'_>>) -> String {
    let mut out = String::new();
    out.push_str("digraph obligations {\n");
    out.push_str("  rankdir=LR; newrank=true; splines=spline; compound=true;\n");
    let _ = writeln!(
        out,
        "  label={}; labelloc=t; fontsize=18; fontname=\"sans-serif\";",
        quote(&heading(graph, lang))
    );
    out.push_str("  node [fontname=\"sans-serif\" fontsize=11 style=filled];\n");
    out.push_str("  edge [fontname=\"sans-serif\" fontsize=9];\n");
    for (at, lane) in lanes(graph).iter().enumerate() {
        let (words, note) = (lane.head.title(graph, lang), lane.head.note(lang));
        let title = quote(format!("{words}\n{note}").trim_end());
        let _ = writeln!(
            out,
            "  subgraph cluster_{at} {{\n    label={title}; color=\"#d5dae1\"; style=rounded;"
        );
        if let Head::Stage(stage) = lane.head {
            node(&mut out, graph, stage, lang, outcomes);
        }
        for member in &lane.members {
            node(&mut out, graph, *member, lang, outcomes);
        }
        out.push_str("  }\n");
    }
    for edge in graph.edges() {
        let (style, color, head) = match edge.kind {
            EdgeKind::After => ("solid", "#4a5563", "normal"),
            EdgeKind::Triggers => ("dashed", "#0b5394", "empty"),
            EdgeKind::Unless => ("dotted", "#9c2a10", "tee"),
            EdgeKind::Remedies => ("bold", "#1b6e3c", "diamond"),
            EdgeKind::Follows => ("dotted", "#8a5a00", "vee"),
        };
        let label = match edge.kind {
            EdgeKind::After => String::new(),
            kind => format!(" label={}", quote(kind.label().get(lang))),
        };
        let (from, to) = (edge.from.0, edge.to.0);
        let _ = writeln!(
            out,
            "  n{from} -> n{to} [style={style} color=\"{color}\" arrowhead={head}{label}];"
        );
    }
    out.push_str("}\n");
    out
}

fn node(out: &mut String, graph: &Graph, id: NodeId, lang: Lang, outcomes: Option<Outcomes<'_>>) {
    let Some(node) = graph.node(id) else { return };
    let mark = mark(node, outcomes);
    let mut label = wrap(node.title().get(lang), 14, LINE, usize::MAX);
    let clause = clause(node, lang);
    if !clause.is_empty() {
        label.push(clause);
    }
    if let Some(mark) = &mark {
        label.push(format!("{} {}", mark.tone.symbol(), mark.label.get(lang)));
    }
    let (shape, plain) = match node.kind() {
        NodeKind::Stage => ("hexagon", "#e4e9f1"),
        NodeKind::Exception => ("oval", "#fdf3ee"),
        NodeKind::Obligation => ("box", "#ffffff"),
    };
    let (fill, ink) = mark.as_ref().map_or((plain, "#1f2733"), |mark| {
        (mark.tone.fill(), mark.tone.ink())
    });
    let _ = writeln!(
        out,
        "    n{} [shape={shape} label={} tooltip={} fillcolor=\"{fill}\" color=\"{ink}\" fontcolor=\"{ink}\"];",
        id.0,
        quote(&label.join("\n")),
        quote(&tooltip(node, mark.as_ref(), lang)),
    );
}

/// A string of the DOT language: quotes and backslashes escaped, line breaks as `\n`, other control characters left out.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
