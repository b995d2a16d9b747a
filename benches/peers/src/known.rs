//! The facts a duty reads, and whether a record settles them in the way Rego sees them.
//!
//! Rego has no notion of a missing fact: it takes what the record does not write for false. The two engines must
//! agree where that is correct for every fact a duty reads.

use std::collections::BTreeSet;

use choucha::audit::Auditor;
use choucha::expr::Expr;
use choucha::graph::{EdgeKind, Graph, NodeId, What};
use choucha::obligation::Id;
use choucha::record::{Record, Settled};
use choucha::value::{Row, ShapeId, SlotId, Value};
use choucha::vocabulary::{FactId, Vocabulary};

/// Why a verdict is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// The duty reads a fact that the record leaves open.
    Missing,
    /// The record leaves it open, and an inference of the vocabulary settles it; Rego draws none.
    Inferred,
}

/// The facts a duty reads: in its condition, requirement and readings, in the stages and duties before it, the exceptions
/// that defeat it and the remedy that excuses it.
pub struct Reads {
    slots: BTreeSet<SlotId>,
    in_rows: BTreeSet<(ShapeId, SlotId)>,
}

impl Reads {
    /// The facts read by the duty with this id; None if the auditor has no such duty.
    pub fn of(auditor: &Auditor, vocabulary: &Vocabulary, id: &str) -> Option<Self> {
        let graph = auditor.graph();
        let mut nodes = BTreeSet::new();
        gather(graph, graph.resolve(&Id(id.to_owned()))?, &mut nodes);
        let mut reads = Reads {
            slots: BTreeSet::new(),
            in_rows: BTreeSet::new(),
        };
        for fact in nodes.into_iter().flat_map(|node| facts(graph, node)) {
            let fact = vocabulary.fact(fact);
            if fact.shape == ShapeId::ROOT {
                reads.slots.insert(fact.slot);
            } else {
                reads.in_rows.insert((fact.shape, fact.slot));
            }
        }
        Some(reads)
    }

    /// How a missing fact affects the duty in a record; None where every fact it reads is known: written in the
    /// record, or settled as none or false, which is how Rego takes an absent fact.
    pub fn gap(&self, record: &Record, settled: &Settled) -> Option<Gap> {
        let gaps = self.slots.iter().filter_map(|&slot| {
            match (record.get(slot).is_unknown(), settled.get(slot)) {
                (_, value) if self.is_open(value) => Some(Gap::Missing),
                (true, Value::None | Value::Bool(false)) | (false, _) => None,
                (true, _) => Some(Gap::Inferred),
            }
        });
        gaps.min()
    }

    fn is_open(&self, value: &Value) -> bool {
        match value {
            Value::Unknown => true,
            Value::List(items) => items.iter().any(Value::is_unknown),
            Value::Rows(rows) => rows.iter().any(|row| self.is_open_row(row)),
            _ => false,
        }
    }

    fn is_open_row(&self, row: &Row) -> bool {
        let at = |slot: SlotId| row.slots.get(usize::from(slot.0));
        self.in_rows
            .iter()
            .any(|&(_, slot)| at(slot).is_none_or(|value| self.is_open(value)))
    }
}

/// Collects the node and all nodes that decide it.
fn gather(graph: &Graph, node: NodeId, found: &mut BTreeSet<NodeId>) {
    if !found.insert(node) {
        return;
    }
    for edge in graph.edges() {
        if edge.to == node {
            gather(graph, edge.from, found);
        }
        if edge.from == node && edge.kind == EdgeKind::Remedies {
            gather(graph, edge.to, found);
        }
    }
}

fn facts(graph: &Graph, node: NodeId) -> Vec<FactId> {
    let expressions: Vec<&Expr> = match graph.node(node).map(|node| &node.what) {
        Some(What::Stage(stage)) => stage.holds.iter().collect(),
        Some(What::Exception(exception)) => vec![&exception.holds],
        Some(What::Obligation(obligation)) => obligation.expressions(),
        None => Vec::new(),
    };
    expressions
        .into_iter()
        .flat_map(|expr| expr.facts())
        .collect()
}
