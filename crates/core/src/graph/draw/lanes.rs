//! Which lane each node belongs to.

use super::super::{EdgeKind, Graph, Node, NodeId, NodeKind};
use crate::lang::Lang;

/// The head of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    /// A stage.
    Stage(NodeId),
    /// The number of the instrument, for obligations that belong to no stage.
    Instrument(String),
}

impl Head {
    /// Its words.
    pub(super) fn title<'a>(&'a self, graph: &'a Graph, lang: Lang) -> &'a str {
        match self {
            Head::Stage(stage) => graph.node(*stage).map_or("", |node| node.title().get(lang)),
            Head::Instrument(number) => number,
        }
    }

    /// The note under the title, if it is not a stage.
    pub(super) fn note(&self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Head::Stage(_), _) => "",
            (Head::Instrument(_), Lang::Zh) => "不属于任何环节",
            (Head::Instrument(_), Lang::En) => "of no stage",
        }
    }
}

/// One lane.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) head: Head,
    /// Its obligations and exceptions, in the order of the notice.
    pub(super) members: Vec<NodeId>,
}

/// The lanes: first those without a stage, by instrument; then the stages in the order of the procedure.
///
/// An obligation belongs to the last stage it presupposes, directly or through other obligations; if it presupposes
/// nothing, to the first stage of its triggers, else to that of what it remedies. An exception belongs to the first
/// obligation it defeats.
pub(super) fn lanes(graph: &Graph) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for &id in graph.order() {
        if graph
            .node(id)
            .is_some_and(|node| node.kind() == NodeKind::Stage)
        {
            lanes.push(Lane {
                head: Head::Stage(id),
                members: Vec::new(),
            });
        }
    }
    let mut homes: Vec<Option<Head>> = vec![None; graph.len()];
    for &id in graph.order() {
        let Some(node) = graph.node(id) else { continue };
        let home = match node.kind() {
            NodeKind::Stage => Head::Stage(id),
            NodeKind::Obligation => home(graph, id, &homes, &lanes).unwrap_or_else(|| own(node)),
            // Placed once the lanes of the obligations are known.
            NodeKind::Exception => continue,
        };
        if let Some(slot) = homes.get_mut(id.index()) {
            *slot = Some(home);
        }
    }
    for (id, node) in graph.nodes() {
        if node.kind() == NodeKind::Exception {
            let defeated = graph
                .edges()
                .find(|edge| edge.from == id)
                .and_then(|edge| homes.get(edge.to.index())?.clone());
            if let Some(slot) = homes.get_mut(id.index()) {
                *slot = Some(defeated.unwrap_or_else(|| own(node)));
            }
        }
    }
    let mut loose: Vec<Lane> = Vec::new();
    for (id, node) in graph.nodes() {
        if node.kind() == NodeKind::Stage {
            continue;
        }
        let Some(Some(home)) = homes.get(id.index()) else {
            continue;
        };
        if let Some(lane) = lanes.iter_mut().chain(&mut loose).find(|l| l.head == *home) {
            lane.members.push(id);
        } else {
            loose.push(Lane {
                head: home.clone(),
                members: vec![id],
            });
        }
    }
    loose.append(&mut lanes);
    loose
}

/// The lane of an obligation that depends on others.
fn home(graph: &Graph, id: NodeId, homes: &[Option<Head>], lanes: &[Lane]) -> Option<Head> {
    let rank = |head: &Head| lanes.iter().position(|lane| lane.head == *head);
    let edges = graph.incoming(id.petgraph());
    [EdgeKind::After, EdgeKind::Triggers, EdgeKind::Remedies]
        .into_iter()
        .find_map(|kind| {
            let heads = edges
                .iter()
                .filter(|edge| edge.kind == kind)
                .filter_map(|edge| homes.get(edge.from.index())?.as_ref());
            // All presupposed nodes must apply, but only one trigger.
            match kind {
                EdgeKind::Triggers => heads.min_by_key(|head| rank(head)),
                _ => heads.max_by_key(|head| rank(head)),
            }
            .cloned()
        })
}

/// The lane of a node that depends on nothing.
fn own(node: &Node) -> Head {
    let number = node.citations().first().map(|c| c.instrument.clone());
    Head::Instrument(number.unwrap_or_default())
}
