//! The obligation graph: what presupposes, triggers, defeats and remedies what. The only user of petgraph.
//!
//! Terms: a *node* is a stage, an exception or an obligation; an *edge* leads from what comes first to what depends on
//! it; a *layer* is a rule set that another includes; an *alias* is the id of an obligation that a nearer layer refines
//! and covers, so that the id now refers to the refining obligation; a *cause* of a node is a node before it through
//! `after`, `triggers` or `remedies`.
//!
//! Invariants: a built graph has no cycle, no dangling link and no duplicate id; nodes are numbered densely in the
//! order of the notice: the rule set's own as declared, then those of the layers it includes.

mod build;
mod cycle;
mod draw;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

pub use build::dangling;
pub use draw::{Mark, Outcomes, Tone, dot, svg};
pub use plan::{At, Plan, Step};

use crate::diagnostic::Diagnostic;
use crate::lang::Text;
use crate::obligation::{Citation, Exception, Id, Obligation, RuleSet, RuleSetId, Stage};
use crate::source::Span;

/// The number of a node, dense from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The number as a slice index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn petgraph(self) -> NodeIndex {
        NodeIndex::new(self.index())
    }
}

impl From<NodeIndex> for NodeId {
    fn from(index: NodeIndex) -> Self {
        NodeId(u32::try_from(index.index()).unwrap_or(u32::MAX))
    }
}

/// The three kinds of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// 环节.
    Stage,
    /// 例外.
    Exception,
    /// 义务.
    Obligation,
}

impl NodeKind {
    /// The label shown to people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            NodeKind::Stage => Text::new("环节", "stage"),
            NodeKind::Exception => Text::new("例外", "exception"),
            NodeKind::Obligation => Text::new("义务", "obligation"),
        }
    }
}

/// The stage, exception or obligation of a node.
#[derive(Debug, Clone)]
pub enum What {
    /// A part of the procedure.
    Stage(Stage),
    /// A circumstance that defeats obligations.
    Exception(Exception),
    /// A duty: who must or must not do what.
    Obligation(Box<Obligation>),
}

/// One node in force.
#[derive(Debug, Clone)]
pub struct Node {
    /// The stage, exception or obligation.
    pub what: What,
    /// The ids of the obligations it refines, the nearest first; they refer to this node.
    pub aliases: Vec<Id>,
}

impl Node {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &Id {
        match &self.what {
            What::Stage(stage) => &stage.id,
            What::Exception(exception) => &exception.id,
            What::Obligation(obligation) => &obligation.id,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &Text {
        match &self.what {
            What::Stage(stage) => &stage.title,
            What::Exception(exception) => &exception.title,
            What::Obligation(obligation) => &obligation.title,
        }
    }

    /// The rule set that declares it.
    #[must_use]
    pub fn ruleset(&self) -> &RuleSetId {
        match &self.what {
            What::Stage(stage) => &stage.ruleset,
            What::Exception(exception) => &exception.ruleset,
            What::Obligation(obligation) => &obligation.ruleset,
        }
    }

    /// Where it is declared.
    #[must_use]
    pub fn at(&self) -> &Span {
        match &self.what {
            What::Stage(stage) => &stage.at,
            What::Exception(exception) => &exception.at,
            What::Obligation(obligation) => &obligation.at,
        }
    }

    /// Its own citations; empty for a stage.
    #[must_use]
    pub fn citations(&self) -> &[Citation] {
        match &self.what {
            What::Stage(_) => &[],
            What::Exception(exception) => &exception.citations,
            What::Obligation(obligation) => &obligation.citations,
        }
    }

    /// The citations of the obligations it refines, except those its own citations repeat.
    #[must_use]
    pub fn higher_citations(&self) -> &[Citation] {
        self.obligation()
            .map_or(&[], |obligation| &obligation.higher_citations)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match &self.what {
            What::Stage(_) => NodeKind::Stage,
            What::Exception(_) => NodeKind::Exception,
            What::Obligation(_) => NodeKind::Obligation,
        }
    }

    /// The obligation; `None` for a stage or an exception.
    #[must_use]
    pub fn obligation(&self) -> Option<&Obligation> {
        match &self.what {
            What::Obligation(obligation) => Some(obligation),
            _ => None,
        }
    }
}

/// How one node depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// From a presupposed node to the node that presupposes it.
    After,
    /// From the triggering obligation to the triggered one.
    Triggers,
    /// From the exception to the obligation it defeats.
    Unless,
    /// From an obligation to the remedy for its breach.
    Remedies,
    /// From the obligation whose breach is the cause to the one whose breach is the consequence. It decides nothing else.
    Follows,
}

impl EdgeKind {
    /// Every kind, in the order declared.
    pub const ALL: [EdgeKind; 5] = [
        EdgeKind::After,
        EdgeKind::Triggers,
        EdgeKind::Unless,
        EdgeKind::Remedies,
        EdgeKind::Follows,
    ];

    /// The label shown to people, read in the direction of the edge.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            EdgeKind::After => Text::new("先后", "precedes"),
            EdgeKind::Triggers => Text::new("触发", "triggers"),
            EdgeKind::Unless => Text::new("除外", "defeats"),
            EdgeKind::Remedies => Text::new("补救", "is remedied by"),
            EdgeKind::Follows => Text::new("引起", "explains"),
        }
    }
}

/// The kind of an edge and the place of the link that created it.
#[derive(Debug, Clone)]
struct Link {
    kind: EdgeKind,
    at: Span,
}

/// A dependency between two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The node that comes first.
    pub from: NodeId,
    /// The node that depends on it.
    pub to: NodeId,
    /// The kind of dependency.
    pub kind: EdgeKind,
}

/// The nodes in force under a rule set and the layers it includes, and their dependencies.
#[derive(Debug)]
pub struct Graph {
    title: Text,
    nodes: DiGraph<Node, Link>,
    ids: BTreeMap<Id, NodeId>,
    order: Vec<NodeId>,
}

impl Graph {
    /// Builds the graph of a rule set and the rule sets it includes, directly or through others, the nearest first.
    ///
    /// An obligation that a nearer layer refines is not in force: its id refers to the refining obligation, or to each
    /// of several. Its own links are dropped. If the refining obligations together are not shown to demand as much
    /// ([`crate::compare`]), it stays in force as well.
    ///
    /// # Errors
    /// Every error with its places: an id that does not exist or is of the wrong kind, an id declared twice, a cycle
    /// with its whole path, a refined obligation that is not in an included rule set.
    pub fn build(rule_set: &RuleSet, included: &[&RuleSet]) -> Result<Graph, Vec<Diagnostic>> {
        build::build(rule_set, included)
    }

    /// The title of the rule set.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// The number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.node_count()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The node with this number; `None` for a number of another graph.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.node_weight(id.petgraph())
    }

    /// The nodes in the order of the notice.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes
            .node_indices()
            .zip(self.nodes.node_weights())
            .map(|(index, node)| (index.into(), node))
    }

    /// The obligations in force, in the order of the notice: the rule set's own as declared, then those of the layers.
    pub fn obligations(&self) -> impl Iterator<Item = (NodeId, &Obligation)> {
        self.nodes()
            .filter_map(|(id, node)| Some((id, node.obligation()?)))
    }

    /// The node an id refers to: its own, or the one that refines it (the first if several do).
    #[must_use]
    pub fn resolve(&self, id: &Id) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// Every edge, ordered by target.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        self.nodes.node_indices().flat_map(|index| {
            let mut edges = self.incoming(index);
            edges.sort_by_key(|edge| (edge.kind, edge.from));
            edges
        })
    }

    /// The nodes in topological order, otherwise in the order of the notice.
    #[must_use]
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// The nodes directly before a node through `after`, `triggers`, `remedies` or `follows`, in the order of the notice.
    #[must_use]
    pub fn causes(&self, node: NodeId) -> Vec<NodeId> {
        let mut causes: Vec<NodeId> = self
            .incoming(node.petgraph())
            .into_iter()
            .filter(|edge| edge.kind != EdgeKind::Unless)
            .map(|edge| edge.from)
            .collect();
        causes.sort_unstable();
        causes.dedup();
        causes
    }

    /// The plan of an audit over this graph.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::of(self)
    }

    fn incoming(&self, index: NodeIndex) -> Vec<Edge> {
        self.nodes
            .edges_directed(index, Direction::Incoming)
            .map(|edge| Edge {
                from: edge.source().into(),
                to: edge.target().into(),
                kind: edge.weight().kind,
            })
            .collect()
    }
}
