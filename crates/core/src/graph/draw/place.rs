//! Places each box: column, lane and height, before the widths of gaps and gutters are known.
//!
//! Terms: a *cluster* is a connected set of nodes inside one lane; it is laid out from left to right, and clusters are
//! placed next to and below each other where the lane has room.

use std::collections::BTreeMap;

use super::super::{Edge, Graph, NodeId, NodeKind};
use super::lanes::{Head, Lane, lanes};
use super::wrap::wrap;
use super::{Mark, Outcomes, clause, mark};
use crate::lang::Lang;

/// Width of an obligation or exception, in pixels.
pub(super) const BOX: i32 = 226;
/// Width of the head of a lane.
pub(super) const HEAD: i32 = 168;
/// Font size of titles, and the height of a line of them.
pub(super) const TITLE: (i32, i32) = (14, 19);
/// Font size of the text under a title, and the height of a line of it.
pub(super) const FOOT: (i32, i32) = (11, 16);
/// Free space inside a box around its text.
pub(super) const PAD: i32 = 12;
/// Vertical space between boxes.
const BETWEEN: i32 = 12;
/// Free space above and below the boxes of a lane.
const MARGIN: i32 = 12;
/// The columns of a lane, unless a cluster needs more.
const COLUMNS: usize = 5;
/// The most lines of a title; a longer title is cut, and shown in full in the tooltip.
const MOST_LINES: usize = 5;

/// A node with its position.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) node: NodeId,
    pub(super) kind: NodeKind,
    pub(super) lane: usize,
    /// 0 for the head of a lane.
    pub(super) column: usize,
    /// The distance from the top of the lane.
    pub(super) y: i32,
    pub(super) height: i32,
    pub(super) title: Vec<String>,
    pub(super) foot: String,
    pub(super) mark: Option<Mark>,
}

/// All boxes, and their lanes.
#[derive(Debug)]
pub(super) struct Placement {
    pub(super) lanes: Vec<Lane>,
    /// The height of every lane.
    pub(super) heights: Vec<i32>,
    /// The number of columns, including that of the heads.
    pub(super) columns: usize,
    pub(super) boxes: Vec<Placed>,
    /// The index of the box of every node.
    pub(super) of_node: Vec<Option<usize>>,
}

impl Placement {
    /// The box of a node.
    pub(super) fn find(&self, node: NodeId) -> Option<&Placed> {
        self.boxes.get((*self.of_node.get(node.index())?)?)
    }
}

/// Places every node.
pub(super) fn place(graph: &Graph, lang: Lang, outcomes: Option<Outcomes<'_>>) -> Placement {
    let lanes = lanes(graph);
    let edges: Vec<Edge> = graph.edges().collect();
    let clusters: Vec<Vec<Cluster>> = lanes.iter().map(|lane| clusters(lane, &edges)).collect();
    let widest = clusters.iter().flatten().map(|c| c.columns.len()).max();
    let columns = widest.unwrap_or(0).max(COLUMNS);
    let mut boxes = Vec::new();
    let mut heights = Vec::new();
    for (at, (lane, clusters)) in lanes.iter().zip(&clusters).enumerate() {
        let mut ends = vec![MARGIN; columns];
        let mut height = 3 * MARGIN;
        let title = wrap(
            lane.head.title(graph, lang),
            TITLE.0,
            HEAD - 4 * PAD,
            MOST_LINES,
        );
        if let Head::Stage(stage) = lane.head {
            let made = make(graph, stage, lang, outcomes, title);
            height = height.max(made.height + 2 * MARGIN);
            boxes.push(Placed {
                lane: at,
                y: MARGIN,
                ..made
            });
        } else {
            height = height.max(lines(title.len(), TITLE) + FOOT.1 + 2 * MARGIN);
        }
        for cluster in clusters {
            let made = cluster.lay(|id| {
                let title = graph.node(id).map_or("", |node| node.title().get(lang));
                let title = wrap(title, TITLE.0, BOX - 2 * PAD, MOST_LINES);
                make(graph, id, lang, outcomes, title)
            });
            let (first, top) = room(&ends, cluster.columns.len());
            for mut placed in made {
                placed.lane = at;
                placed.y += top;
                placed.column += first;
                if let Some(end) = ends.get_mut(placed.column) {
                    *end = (*end).max(placed.y + placed.height + BETWEEN);
                }
                placed.column += 1;
                boxes.push(placed);
            }
        }
        let end = ends.iter().max().copied().unwrap_or(0);
        heights.push(height.max(end - BETWEEN + MARGIN));
    }
    let mut of_node = vec![None; graph.len()];
    for (at, placed) in boxes.iter().enumerate() {
        if let Some(slot) = of_node.get_mut(placed.node.index()) {
            *slot = Some(at);
        }
    }
    Placement {
        lanes,
        heights,
        columns: columns + 1,
        boxes,
        of_node,
    }
}

fn lines(count: usize, (_, height): (i32, i32)) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 64) * height
}

/// A box without a position.
fn make(
    graph: &Graph,
    id: NodeId,
    lang: Lang,
    outcomes: Option<Outcomes<'_>>,
    title: Vec<String>,
) -> Placed {
    let node = graph.node(id);
    let mark = node.and_then(|node| mark(node, outcomes));
    let foot = node.map_or_else(String::new, |node| clause(node, lang));
    let foot = wrap(&foot, FOOT.0, BOX - 2 * PAD, 1).concat();
    let feet = usize::from(!foot.is_empty()) + usize::from(mark.is_some());
    Placed {
        node: id,
        kind: node.map_or(NodeKind::Obligation, |node| node.kind()),
        lane: 0,
        column: 0,
        y: 0,
        height: (lines(title.len().max(1), TITLE) + lines(feet, FOOT) + 18).max(52),
        title,
        foot,
        mark,
    }
}

/// The uppermost position with room for this many columns: the first column, and the height.
fn room(ends: &[i32], columns: usize) -> (usize, i32) {
    ends.windows(columns.max(1))
        .map(|window| window.iter().max().copied().unwrap_or(0))
        .enumerate()
        .min_by_key(|(first, top)| (*top, *first))
        .unwrap_or((0, 0))
}

/// A connected set of nodes inside a lane, by columns; edges lead to the right.
#[derive(Debug)]
struct Cluster {
    columns: Vec<Vec<NodeId>>,
    edges: Vec<Edge>,
}

impl Cluster {
    /// The boxes of the cluster, relative to its top left corner.
    fn lay(&self, make: impl Fn(NodeId) -> Placed) -> Vec<Placed> {
        let mut placed: BTreeMap<NodeId, Placed> = BTreeMap::new();
        for (at, column) in self.columns.iter().enumerate() {
            let wish = |id: NodeId| {
                self.edges
                    .iter()
                    .filter(|edge| edge.to == id)
                    .filter_map(|edge| placed.get(&edge.from))
                    .map(|from| from.y)
                    .min()
                    .unwrap_or(0)
            };
            let mut wishes: Vec<(i32, NodeId)> = column.iter().map(|id| (wish(*id), *id)).collect();
            wishes.sort_unstable();
            let mut free = 0;
            for (wish, id) in wishes {
                let mut made = make(id);
                made.column = at;
                made.y = wish.max(free);
                free = made.y + made.height + BETWEEN;
                placed.insert(id, made);
            }
        }
        placed.into_values().collect()
    }
}

/// The clusters of a lane, in the order of their first members.
fn clusters(lane: &Lane, edges: &[Edge]) -> Vec<Cluster> {
    let position: BTreeMap<NodeId, usize> = lane
        .members
        .iter()
        .enumerate()
        .map(|(at, id)| (*id, at))
        .collect();
    let inside: Vec<Edge> = edges
        .iter()
        .filter(|edge| position.contains_key(&edge.from) && position.contains_key(&edge.to))
        .copied()
        .collect();
    let depths = depths(&lane.members, &inside);
    let mut group: BTreeMap<NodeId, NodeId> = lane.members.iter().map(|id| (*id, *id)).collect();
    // Few enough to merge until nothing changes.
    loop {
        let mut changed = false;
        for edge in &inside {
            let (Some(&a), Some(&b)) = (group.get(&edge.from), group.get(&edge.to)) else {
                continue;
            };
            if a != b {
                let (low, high) = (a.min(b), a.max(b));
                for of in group.values_mut().filter(|of| **of == high) {
                    *of = low;
                }
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut clusters: BTreeMap<NodeId, Cluster> = BTreeMap::new();
    let mut order: Vec<NodeId> = Vec::new();
    for id in &lane.members {
        let Some(of) = group.get(id) else { continue };
        let cluster = clusters.entry(*of).or_insert_with(|| {
            order.push(*of);
            Cluster {
                columns: Vec::new(),
                edges: Vec::new(),
            }
        });
        let depth = depths.get(id).copied().unwrap_or(0);
        if cluster.columns.len() <= depth {
            cluster.columns.resize(depth + 1, Vec::new());
        }
        if let Some(column) = cluster.columns.get_mut(depth) {
            column.push(*id);
        }
    }
    for edge in inside {
        if let Some(cluster) = group.get(&edge.to).and_then(|of| clusters.get_mut(of)) {
            cluster.edges.push(edge);
        }
    }
    order.iter().filter_map(|of| clusters.remove(of)).collect()
}

/// The number of steps of each member from the left. An exception comes directly before the first obligation it
/// defeats.
fn depths(members: &[NodeId], inside: &[Edge]) -> BTreeMap<NodeId, usize> {
    let mut depths: BTreeMap<NodeId, usize> = members.iter().map(|id| (*id, 0)).collect();
    // The graph has no cycle, so this ends after as many rounds as the longest path has edges.
    loop {
        let mut changed = false;
        for edge in inside {
            let least = depths.get(&edge.from).map_or(0, |depth| depth + 1);
            if let Some(depth) = depths.get_mut(&edge.to)
                && *depth < least
            {
                *depth = least;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for id in members {
        let leads_from = |edge: &&Edge| edge.from == *id;
        let is_source = !inside.iter().any(|edge| edge.to == *id);
        let next = inside
            .iter()
            .filter(leads_from)
            .filter_map(|edge| depths.get(&edge.to))
            .min()
            .copied();
        if let Some(next) = next.filter(|_| is_source) {
            depths.insert(*id, next.saturating_sub(1));
        }
    }
    depths
}
