//! Routes the lines, and so determines the widths of gaps and the heights of gutters.
//!
//! A line leaves a box to the right into the gap after it. If that is the gap before its target, it goes straight up or
//! down to the target; otherwise it goes up or down to the gutter next to the target's lane, along it, and down or up
//! the gap before the target. Lines of one kind from one box share their tracks; other lines do not touch.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Edge, EdgeKind, Graph, NodeId, NodeKind};
use super::lanes::Head;
use super::place::{BOX, HEAD, Placed, Placement};

/// Space between two tracks.
const TRACK: i32 = 7;
/// Free space on both sides of the tracks of a gap; an arrowhead fits into it.
const BESIDE: i32 = 15;
/// Free space on both sides of the tracks of a gutter.
const AROUND: i32 = 7;

/// A line with its corners.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) edge: Edge,
    pub(super) points: Vec<(i32, i32)>,
}

/// The final measures of the picture.
#[derive(Debug)]
pub(super) struct Drawing {
    /// The left side of every column.
    pub(super) lefts: Vec<i32>,
    /// The top of every lane.
    pub(super) tops: Vec<i32>,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) lines: Vec<Line>,
}

impl Drawing {
    /// Left, top, width and height of a box.
    pub(super) fn rectangle(&self, placed: &Placed) -> (i32, i32, i32, i32) {
        let left = self.lefts.get(placed.column).copied().unwrap_or(0);
        let top = self.tops.get(placed.lane).copied().unwrap_or(0) + placed.y;
        (left, top, column_width(placed.column), placed.height)
    }
}

/// The width of a column.
pub(super) fn column_width(column: usize) -> i32 {
    if column == 0 { HEAD } else { BOX }
}

/// Lines that share tracks: those of one kind from one box.
type Net = (NodeId, EdgeKind);

/// How a line gets from one box to another.
enum Way {
    /// Down the column of the heads, from a stage to the next one.
    Down,
    /// Through one gap.
    Gap(usize),
    /// Through the gap after the source, a gutter, and the gap before the target.
    Gutter {
        first: usize,
        gutter: usize,
        last: usize,
    },
}

/// Routes every line that is drawn: all except those from a stage to the obligations in its own lane, which the lane
/// itself shows.
pub(super) fn route(graph: &Graph, placement: &Placement) -> Drawing {
    let mut ways: Vec<(Edge, &Placed, &Placed, Way)> = Vec::new();
    for edge in graph.edges() {
        let (Some(from), Some(to)) = (placement.find(edge.from), placement.find(edge.to)) else {
            continue;
        };
        let own_lane = placement
            .lanes
            .get(to.lane)
            .is_some_and(|lane| lane.head == Head::Stage(edge.from));
        if !own_lane || edge.kind != EdgeKind::After {
            ways.push((edge, from, to, way(placement, from, to)));
        }
    }
    let gutters = gutters(&ways, placement.lanes.len() + 1);
    let mut tops = Vec::new();
    let mut gutter_tops = Vec::new();
    let mut y = 0;
    for at in 0..=placement.lanes.len() {
        gutter_tops.push(y + AROUND);
        y += 2 * AROUND + TRACK * tracks(gutters.get(at));
        if let Some(height) = placement.heights.get(at) {
            tops.push(y);
            y += height;
        }
    }
    let at_gutter = |gutter: usize, net: Net| {
        let track = gutters.get(gutter).and_then(|g| g.get(&net)).copied();
        gutter_tops.get(gutter).copied().unwrap_or(0) + TRACK * track.unwrap_or(0)
    };
    let port = |placed: &Placed, kind: EdgeKind| {
        let nth = EdgeKind::ALL.iter().position(|k| *k == kind).unwrap_or(0);
        let nth = i32::try_from(nth).unwrap_or(0);
        let top = tops.get(placed.lane).copied().unwrap_or(0) + placed.y;
        match placed.kind {
            // A hexagon reaches its full width only halfway down.
            NodeKind::Stage => top + placed.height / 2,
            _ => top + 15 + TRACK * nth,
        }
    };
    // Lines that bend leave slightly below where lines arrive, so that neither looks like the continuation of the
    // other.
    let ports = |edge: &Edge, from: &Placed, to: &Placed| {
        let (start, end) = (port(from, edge.kind), port(to, edge.kind));
        (
            if start == end {
                start
            } else {
                start + TRACK / 2
            },
            end,
        )
    };
    let mut spans: Vec<BTreeMap<Net, (i32, i32)>> = vec![BTreeMap::new(); placement.columns + 1];
    for (edge, from, to, way) in &ways {
        let net = (edge.from, edge.kind);
        let (start, end) = ports(edge, from, to);
        match *way {
            Way::Down => {}
            Way::Gap(_) if start == end => {}
            Way::Gap(gap) => widen(&mut spans, gap, net, start, end),
            Way::Gutter {
                first,
                gutter,
                last,
            } => {
                let y = at_gutter(gutter, net);
                widen(&mut spans, first, net, start, y);
                widen(&mut spans, last, net, y, end);
            }
        }
    }
    let gaps: Vec<BTreeMap<Net, i32>> = spans.iter().map(color).collect();
    let mut lefts = Vec::new();
    let mut gap_lefts = Vec::new();
    let mut x = 0;
    for at in 0..=placement.columns {
        gap_lefts.push(x + BESIDE);
        x += 2 * BESIDE + TRACK * (tracks(gaps.get(at)) - 1).max(0);
        if at < placement.columns {
            lefts.push(x);
            x += column_width(at);
        }
    }
    let at_gap = |gap: usize, net: Net| {
        let track = gaps.get(gap).and_then(|g| g.get(&net)).copied();
        gap_lefts.get(gap).copied().unwrap_or(0) + TRACK * track.unwrap_or(0)
    };
    let mut drawing = Drawing {
        lefts,
        tops: tops.clone(),
        width: x,
        height: y,
        lines: Vec::new(),
    };
    let lines = ways.iter().map(|(edge, from, to, way)| {
        let net = (edge.from, edge.kind);
        let (start, end) = ports(edge, from, to);
        let (left, top, width, height) = drawing.rectangle(from);
        let (to_left, to_top, to_width, _) = drawing.rectangle(to);
        let points = match *way {
            Way::Down => vec![
                (left + width / 2, top + height),
                (to_left + to_width / 2, to_top),
            ],
            Way::Gap(gap) => {
                let x = at_gap(gap, net);
                // A line between stages starts in front of the heads, any other behind its source.
                let out = if gap == from.column {
                    left
                } else {
                    left + width
                };
                vec![(out, start), (x, start), (x, end), (to_left, end)]
            }
            Way::Gutter {
                first,
                gutter,
                last,
            } => {
                let y = at_gutter(gutter, net);
                let (x, to_x) = (at_gap(first, net), at_gap(last, net));
                vec![
                    (left + width, start),
                    (x, start),
                    (x, y),
                    (to_x, y),
                    (to_x, end),
                    (to_left, end),
                ]
            }
        };
        Line {
            edge: *edge,
            points,
        }
    });
    drawing.lines = lines.collect();
    drawing
}

fn way(placement: &Placement, from: &Placed, to: &Placed) -> Way {
    let (first, last) = (from.column + 1, to.column);
    if from.kind == NodeKind::Stage && to.kind == NodeKind::Stage {
        return if to.lane == from.lane + 1 {
            Way::Down
        } else {
            Way::Gap(0)
        };
    }
    if first == last {
        return Way::Gap(first);
    }
    let height = placement.heights.get(to.lane).copied().unwrap_or(0);
    let above = match from.lane.cmp(&to.lane) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => from.y + to.y < height,
    };
    Way::Gutter {
        first,
        gutter: to.lane + usize::from(!above),
        last,
    }
}

/// The tracks of every gutter.
fn gutters(ways: &[(Edge, &Placed, &Placed, Way)], count: usize) -> Vec<BTreeMap<Net, i32>> {
    let mut spans: Vec<BTreeMap<Net, (i32, i32)>> = vec![BTreeMap::new(); count];
    for (edge, _, _, way) in ways {
        if let Way::Gutter {
            first,
            gutter,
            last,
        } = *way
        {
            let gap = |gap: usize| i32::try_from(gap).unwrap_or(i32::MAX);
            let net = (edge.from, edge.kind);
            widen(&mut spans, gutter, net, gap(first), gap(last));
        }
    }
    spans.iter().map(color).collect()
}

fn widen(spans: &mut [BTreeMap<Net, (i32, i32)>], at: usize, net: Net, a: i32, b: i32) {
    if let Some(spans) = spans.get_mut(at) {
        let span = spans.entry(net).or_insert((a.min(b), a.max(b)));
        *span = (span.0.min(a).min(b), span.1.max(a).max(b));
    }
}

/// Assigns every span a track shared with no span that it touches.
fn color(spans: &BTreeMap<Net, (i32, i32)>) -> BTreeMap<Net, i32> {
    let mut order: Vec<((i32, i32), Net)> = spans.iter().map(|(net, span)| (*span, *net)).collect();
    order.sort_unstable();
    let mut taken: Vec<((i32, i32), i32)> = Vec::new();
    let mut tracks = BTreeMap::new();
    for ((low, high), net) in order {
        let busy: BTreeSet<i32> = taken
            .iter()
            .filter(|((from, to), _)| *from <= high && low <= *to)
            .map(|(_, track)| *track)
            .collect();
        let track = (0..).find(|track| !busy.contains(track)).unwrap_or(0);
        taken.push(((low, high), track));
        tracks.insert(net, track);
    }
    tracks
}

fn tracks(of: Option<&BTreeMap<Net, i32>>) -> i32 {
    of.and_then(|tracks| tracks.values().max())
        .map_or(0, |most| most + 1)
}
