//! A graph as one self-contained SVG picture.

use std::fmt::Write as _;

use super::super::{EdgeKind, Graph, NodeKind};
use super::lanes::Head;
use super::legend::Legend;
use super::place::{FOOT, HEAD, PAD, Placed, Placement, TITLE, place};
use super::route::{Drawing, Line, route};
use super::wrap::wrap;
use super::{Mark, Outcomes, Tone, heading, tooltip};
use crate::lang::Lang;

/// Chinese fonts of the usual systems, then whatever there is.
const FONTS: &str = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',\
'WenQuanYi Micro Hei','Heiti SC',SimHei,sans-serif";
const INK: &str = "#1f2733";
const FAINT: &str = "#5d6673";
/// Free space around everything.
pub(super) const EDGE: i32 = 16;

/// The graph as an SVG picture: lanes by stage, obligations in boxes, lines by kind, a legend, and where outcomes are
/// given their symbol, name and colour. Text in `lang`; every box tells its id and clauses to whoever points at it.
#[must_use]
pub fn svg(graph: &Graph, lang: Lang, outcomes: Option<Outcomes<'_>>) -> String {
    let placement = place(graph, lang, outcomes);
    let drawing = route(graph, &placement);
    let legend = Legend::new(graph, lang, outcomes.is_some(), drawing.width);
    let (wide, high) = (
        drawing.width.max(legend.width) + 2 * EDGE,
        drawing.height + legend.height + 2 * EDGE,
    );
    let title = escape(&heading(graph, lang));
    let description = escape(&describe(graph, lang));
    let mut out = String::new();
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
             lang=\"{}\" role=\"graphics-document document\" aria-labelledby=\"graph-title graph-description\" \
             font-family=\"{FONTS}\" font-size=\"{}\" fill=\"{INK}\">",
            if lang == Lang::Zh { "zh-CN" } else { "en" },
            TITLE.0
        ),
    );
    push(
        &mut out,
        format_args!("<title id=\"graph-title\">{title}</title>"),
    );
    push(
        &mut out,
        format_args!("<desc id=\"graph-description\">{description}</desc>"),
    );
    markers(&mut out);
    push(
        &mut out,
        format_args!("<rect width=\"{wide}\" height=\"{high}\" fill=\"#ffffff\"/>"),
    );
    legend.draw(&mut out, lang);
    push(
        &mut out,
        format_args!(
            "<g transform=\"translate({EDGE} {})\">",
            EDGE + legend.height
        ),
    );
    lane_grounds(&mut out, graph, &placement, &drawing, lang);
    for line in &drawing.lines {
        draw_line(&mut out, graph, line, lang);
    }
    for placed in &placement.boxes {
        draw_box(&mut out, graph, placed, &drawing, lang);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// How lines of a kind look: colour, dashes.
pub(super) fn stroke(kind: EdgeKind) -> (&'static str, &'static str) {
    match kind {
        EdgeKind::After => ("#4a5563", "none"),
        EdgeKind::Triggers => ("#0b5394", "9 4"),
        EdgeKind::Unless => ("#9c2a10", "2 4"),
        EdgeKind::Remedies => ("#1b6e3c", "10 3 2 3"),
        EdgeKind::Follows => ("#8a5a00", "2 3"),
    }
}

pub(super) fn kind_code(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::After => "after",
        EdgeKind::Triggers => "triggers",
        EdgeKind::Unless => "unless",
        EdgeKind::Remedies => "remedies",
        EdgeKind::Follows => "follows",
    }
}

/// The heads of lines: a full arrow, an open one, a bar and a diamond.
fn markers(out: &mut String) {
    out.push_str("<defs>\n");
    for kind in EdgeKind::ALL {
        let color = stroke(kind).0;
        let shape = match kind {
            EdgeKind::After => format!("<path d=\"M1 1 9 5 1 9z\" fill=\"{color}\"/>"),
            EdgeKind::Triggers => {
                format!(
                    "<path d=\"M1 1 9 5 1 9\" fill=\"#ffffff\" stroke=\"{color}\" stroke-width=\"1.6\"/>"
                )
            }
            EdgeKind::Unless => {
                format!("<path d=\"M8 0V10\" fill=\"none\" stroke=\"{color}\" stroke-width=\"3\"/>")
            }
            EdgeKind::Follows => format!("<path d=\"M1 1 9 5 1 9 3 5z\" fill=\"{color}\"/>"),
            EdgeKind::Remedies => format!("<path d=\"M1 5 5 1.5 9 5 5 8.5z\" fill=\"{color}\"/>"),
        };
        let code = kind_code(kind);
        push(
            out,
            format_args!(
                "<marker id=\"graph-{code}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"10\" \
                 markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">{shape}</marker>"
            ),
        );
    }
    out.push_str("</defs>\n");
}

fn lane_grounds(
    out: &mut String,
    graph: &Graph,
    placement: &Placement,
    drawing: &Drawing,
    lang: Lang,
) {
    let bounds = drawing.tops.iter().zip(&placement.heights);
    for (lane, (top, height)) in placement.lanes.iter().zip(bounds) {
        push(
            out,
            format_args!(
                "<rect x=\"0\" y=\"{top}\" width=\"{}\" height=\"{height}\" rx=\"6\" fill=\"#f6f7f9\" stroke=\"#d5dae1\"/>",
                drawing.width
            ),
        );
        if let Head::Instrument(_) = lane.head {
            let left = drawing.lefts.first().copied().unwrap_or(0);
            let lines = wrap(lane.head.title(graph, lang), TITLE.0, HEAD - 4 * PAD, 5);
            let (x, y) = (left + 2 * PAD, top + 12 + TITLE.1);
            text(out, (x, y), &lines, "fill=\"#3d4653\"");
            let rows = i32::try_from(lines.len()).unwrap_or(0);
            let note = [lane.head.note(lang).to_owned()];
            let style = format!("font-size=\"{}\" fill=\"{FAINT}\"", FOOT.0);
            text(out, (x, y + rows * TITLE.1 - 2), &note, &style);
        }
    }
}

fn draw_line(out: &mut String, graph: &Graph, line: &Line, lang: Lang) {
    let edge = line.edge;
    let (color, dashes) = stroke(edge.kind);
    let code = kind_code(edge.kind);
    let mut path = String::new();
    for (at, (x, y)) in line.points.iter().enumerate() {
        let _ = write!(path, "{}{x} {y}", if at == 0 { "M" } else { "L" });
    }
    let name = |id| {
        graph
            .node(id)
            .map(|node| escape(node.title().get(lang)))
            .unwrap_or_default()
    };
    push(
        out,
        format_args!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\" \
             stroke-linejoin=\"round\" marker-end=\"url(#graph-{code})\"><title>{} → {}{}</title></path>",
            name(edge.from),
            name(edge.to),
            match lang {
                Lang::Zh => format!("（{}）", edge.kind.label().zh),
                Lang::En => format!(" ({})", edge.kind.label().en),
            },
        ),
    );
}

fn draw_box(out: &mut String, graph: &Graph, placed: &Placed, drawing: &Drawing, lang: Lang) {
    let Some(node) = graph.node(placed.node) else {
        return;
    };
    let (x, y, w, h) = drawing.rectangle(placed);
    let mark = placed.mark.as_ref();
    let tip = escape(&tooltip(node, mark, lang));
    push(
        out,
        format_args!(
            "<g role=\"graphics-symbol img\" aria-label=\"{}\"><title>{tip}</title>",
            tip.replace('\n', "&#10;")
        ),
    );
    shape(out, placed.kind, (x, y, w, h), mark.map(|mark| mark.tone));
    let center = placed.kind == NodeKind::Stage;
    let anchor = if center {
        "text-anchor=\"middle\" font-weight=\"600\""
    } else {
        ""
    };
    let left = if center { x + w / 2 } else { x + PAD };
    let mut at = y + 8 + TITLE.1 - 5;
    if center {
        // The head of a lane: its words in the middle of the hexagon.
        let rows = i32::try_from(placed.title.len()).unwrap_or(0);
        let feet = i32::from(mark.is_some()) * FOOT.1;
        at = y + (h - rows * TITLE.1 - feet) / 2 + TITLE.1 - 5;
    }
    text(out, (left, at), &placed.title, anchor);
    let rows = i32::try_from(placed.title.len().max(1)).unwrap_or(0);
    let mut foot = at + (rows - 1) * TITLE.1 + FOOT.1 + 2;
    if !placed.foot.is_empty() {
        let style = format!("font-size=\"{}\" fill=\"{FAINT}\" {anchor}", FOOT.0);
        text(
            out,
            (left, foot),
            std::slice::from_ref(&placed.foot),
            &style,
        );
        foot += FOOT.1;
    }
    if let Some(mark) = mark {
        let words = outcome(mark, lang);
        let style = format!(
            "font-size=\"12\" font-weight=\"700\" fill=\"{}\" {}",
            mark.tone.ink(),
            if center { "text-anchor=\"middle\"" } else { "" }
        );
        text(out, (left, foot), &[words], &style);
    }
    out.push_str("</g>\n");
}

fn outcome(mark: &Mark, lang: Lang) -> String {
    format!("{} {}", mark.tone.symbol(), mark.label.get(lang))
}

/// The outline of a node: a hexagon, a round box or a box with corners.
pub(super) fn shape(
    out: &mut String,
    kind: NodeKind,
    (x, y, w, h): (i32, i32, i32, i32),
    tone: Option<Tone>,
) {
    let (fill, ink) = match (tone, kind) {
        (Some(tone), _) => (tone.fill(), tone.ink()),
        (None, NodeKind::Stage) => ("#e4e9f1", "#33415c"),
        (None, NodeKind::Exception) => ("#fdf3ee", "#9c2a10"),
        (None, NodeKind::Obligation) => ("#ffffff", "#5d6673"),
    };
    let (weight, dashes) = match tone {
        Some(Tone::Breach | Tone::Fault) => ("2.6", "none"),
        Some(Tone::Idle) => ("1.2", "5 3"),
        _ => ("1.3", "none"),
    };
    let style = format!(
        "fill=\"{fill}\" stroke=\"{ink}\" stroke-width=\"{weight}\" stroke-dasharray=\"{dashes}\""
    );
    match kind {
        NodeKind::Stage => {
            let (right, bottom, middle) = (x + w, y + h, y + h / 2);
            let (a, b) = (x + PAD + 4, right - PAD - 4);
            push(
                out,
                format_args!(
                    "<polygon points=\"{a},{y} {b},{y} {right},{middle} {b},{bottom} {a},{bottom} {x},{middle}\" {style}/>"
                ),
            );
        }
        NodeKind::Exception => push(
            out,
            format_args!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"16\" {style}/>"
            ),
        ),
        NodeKind::Obligation => push(
            out,
            format_args!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"3\" {style}/>"
            ),
        ),
    }
}

/// Lines of text, one below the other, the first on a baseline.
fn text(out: &mut String, (x, y): (i32, i32), lines: &[String], style: &str) {
    let mut y = y;
    for line in lines {
        let line = escape(line);
        push(
            out,
            format_args!("<text x=\"{x}\" y=\"{y}\" {style}>{line}</text>"),
        );
        y += TITLE.1;
    }
}

fn describe(graph: &Graph, lang: Lang) -> String {
    let count = |kind| {
        graph
            .nodes()
            .filter(|(_, node)| node.kind() == kind)
            .count()
    };
    let (stages, obligations, exceptions) = (
        count(NodeKind::Stage),
        count(NodeKind::Obligation),
        count(NodeKind::Exception),
    );
    let lines = graph.edges().count();
    crate::text!(
        "共{stages}个环节、{obligations}项义务、{exceptions}项例外、{lines}条关系",
        "{stages} stages, {obligations} obligations, {exceptions} exceptions, {lines} relations"
    )
    .get(lang)
    .to_owned()
}

/// A line of output. Writing to a string cannot fail.
pub(super) fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(line);
    out.push('\n');
}

/// Text as XML may hold it, in elements and attributes: what XML cannot hold at all is left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
