//! The heading of an SVG picture and its legend.

use super::super::{EdgeKind, Graph, NodeKind};
use super::svg::{EDGE, escape, kind_code, push, shape, stroke};
use super::wrap::{width, wrap};
use super::{Tone, heading};
use crate::lang::{Lang, Text};

/// The heading and the meaning of shapes, lines and colours.
pub(super) struct Legend {
    heading: Vec<String>,
    items: Vec<(Item, String, (i32, i32))>,
    /// The width of the layout, in pixels.
    pub(super) width: i32,
    /// Its height, in pixels.
    pub(super) height: i32,
}

enum Item {
    Node(NodeKind),
    Line(EdgeKind),
    Tone(Tone),
    Words,
}

impl Legend {
    const ROW: i32 = 28;
    const SAMPLE: i32 = 46;

    pub(super) fn new(
        graph: &Graph,
        lang: Lang,
        with_outcomes: bool,
        width_of_lanes: i32,
    ) -> Legend {
        let limit = width_of_lanes.max(640);
        let heading = wrap(&heading(graph, lang), 18, limit, 2);
        let lane = Text::new(
            "泳道内的义务以该环节为前提",
            "obligations of a lane presuppose its stage",
        );
        let mut items: Vec<(Item, String)> =
            [NodeKind::Stage, NodeKind::Obligation, NodeKind::Exception]
                .into_iter()
                .map(|kind| (Item::Node(kind), kind.label().get(lang).to_owned()))
                .collect();
        items.extend(
            EdgeKind::ALL
                .into_iter()
                .map(|kind| (Item::Line(kind), kind.label().get(lang).to_owned())),
        );
        items.push((Item::Words, lane.get(lang).to_owned()));
        if with_outcomes {
            items.extend(
                Tone::ALL
                    .into_iter()
                    .map(|tone| (Item::Tone(tone), meaning(tone).get(lang).to_owned())),
            );
        }
        let rows = i32::try_from(heading.len()).unwrap_or(1);
        let (mut x, mut y) = (0, rows * 26 + 6);
        let mut placed = Vec::new();
        for (item, words) in items {
            let sample = if matches!(item, Item::Words) {
                0
            } else {
                Legend::SAMPLE
            };
            let wide = sample + width(&words, 12) + 20;
            let breaks = matches!(item, Item::Tone(Tone::Breach));
            if x > 0 && (x + wide > limit || breaks) {
                x = 0;
                y += Legend::ROW;
            }
            placed.push((item, words, (x, y)));
            x += wide;
        }
        Legend {
            heading,
            items: placed,
            width: limit,
            height: y + Legend::ROW + 10,
        }
    }

    pub(super) fn draw(&self, out: &mut String, lang: Lang) {
        let name = lang.pick("图例", "legend");
        push(
            out,
            format_args!("<g transform=\"translate({EDGE} {EDGE})\" aria-label=\"{name}\">"),
        );
        let mut y = 18;
        for line in &self.heading {
            let line = escape(line);
            push(
                out,
                format_args!(
                    "<text x=\"0\" y=\"{y}\" font-size=\"18\" font-weight=\"700\">{line}</text>"
                ),
            );
            y += 26;
        }
        for (item, words, (x, y)) in &self.items {
            let (x, y) = (*x, *y);
            let mut left = x + Legend::SAMPLE;
            match item {
                Item::Node(kind) => shape(out, *kind, (x, y + 2, 36, 20), None),
                Item::Tone(tone) => {
                    shape(out, NodeKind::Obligation, (x, y + 2, 36, 20), Some(*tone));
                    push(
                        out,
                        format_args!(
                            "<text x=\"{}\" y=\"{}\" font-size=\"12\" font-weight=\"700\" text-anchor=\"middle\" \
                             fill=\"{}\">{}</text>",
                            x + 18,
                            y + 16,
                            tone.ink(),
                            tone.symbol()
                        ),
                    );
                }
                Item::Line(kind) => {
                    let (color, dashes) = stroke(*kind);
                    let code = kind_code(*kind);
                    push(
                        out,
                        format_args!(
                            "<path d=\"M{x} {1}H{0}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\" \
                             stroke-dasharray=\"{dashes}\" marker-end=\"url(#graph-{code})\"/>",
                            x + 38,
                            y + 12
                        ),
                    );
                }
                Item::Words => left = x,
            }
            let words = escape(words);
            push(
                out,
                format_args!(
                    "<text x=\"{left}\" y=\"{}\" font-size=\"12\">{words}</text>",
                    y + 16
                ),
            );
        }
        out.push_str("</g>\n");
    }
}

/// The meaning of a tone.
fn meaning(tone: Tone) -> Text {
    match tone {
        Tone::Breach => Text::new("违规", "violated"),
        Tone::Fault => Text::new("未能审查", "errored"),
        Tone::Judgement => Text::new("待人工判断", "review"),
        Tone::Gap => Text::new("待补证", "undetermined"),
        Tone::Waiting => Text::new("未到期", "pending"),
        Tone::Waived => Text::new("已豁免", "waived"),
        Tone::Kept => Text::new(
            "合规（环节、例外：成立）",
            "satisfied (stage, exception: holds)",
        ),
        Tone::Idle => Text::new(
            "不适用（环节、例外：不成立）",
            "not applicable (stage, exception: does not hold)",
        ),
    }
}
