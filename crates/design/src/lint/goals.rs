//! What must be so for an obligation to arise, to be broken or to be kept, as conditions on facts.

use std::collections::HashSet;

use choucha_core::expr::{Expr, ExprKind, Scope};
use choucha_core::graph::{EdgeKind, Graph, NodeId, What};
use choucha_core::obligation::{Obligation, Part, Requirement};
use choucha_core::truth::Truth;

/// A condition, and what it is to come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal<'g> {
    pub(super) expr: &'g Expr,
    pub(super) wanted: bool,
}

impl Goal<'_> {
    pub(super) fn is_met(&self, scope: &Scope<'_>) -> bool {
        self.expr.truth(scope)
            == if self.wanted {
                Truth::True
            } else {
                Truth::False
            }
    }
}

/// Adds a goal, taken apart as far as its parts must all be so by themselves.
fn add<'g>(expr: &'g Expr, wanted: bool, goals: &mut Vec<Goal<'g>>) {
    match expr.kind() {
        ExprKind::Not(inner) => add(inner, !wanted, goals),
        ExprKind::All(items) if wanted => items.iter().for_each(|item| add(item, true, goals)),
        ExprKind::Any(items) if !wanted => items.iter().for_each(|item| add(item, false, goals)),
        _ => goals.push(Goal { expr, wanted }),
    }
}

/// The goals under which a node of a graph is reached: its own condition, and those of all it presupposes.
pub(super) fn reached<'g>(graph: &'g Graph, node: NodeId) -> Vec<Goal<'g>> {
    let mut goals = Vec::new();
    let mut seen = HashSet::from([node]);
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match graph.node(node).map(|node| &node.what) {
            Some(What::Stage(stage)) => {
                stage
                    .holds
                    .iter()
                    .for_each(|holds| add(holds, true, &mut goals));
            }
            Some(What::Obligation(obligation)) => {
                let when = obligation.when.iter();
                when.for_each(|when| add(when, true, &mut goals));
            }
            _ => {}
        }
        let mut is_triggered = false;
        for edge in graph.edges().filter(|edge| edge.to == node) {
            let leads = match edge.kind {
                EdgeKind::After => true,
                // One of those that trigger it is enough.
                EdgeKind::Triggers => !std::mem::replace(&mut is_triggered, true),
                EdgeKind::Remedies => {
                    if let Some(base) = graph.node(edge.from).and_then(|node| node.obligation()) {
                        goals.extend(broken(base, None));
                    }
                    true
                }
                EdgeKind::Unless | EdgeKind::Follows => false,
            };
            if leads && seen.insert(edge.from) {
                waiting.push(edge.from);
            }
        }
    }
    goals
}

/// The goals under which no exception defeats an obligation, and no reading leaves it to a person.
pub(super) fn unrelieved<'g>(graph: &'g Graph, node: NodeId) -> Vec<Goal<'g>> {
    let mut goals = Vec::new();
    for edge in graph.edges() {
        if edge.to == node
            && edge.kind == EdgeKind::Unless
            && let Some(What::Exception(exception)) = graph.node(edge.from).map(|node| &node.what)
        {
            add(&exception.holds, false, &mut goals);
        }
    }
    if let Some(obligation) = graph.node(node).and_then(|node| node.obligation()) {
        for reading in &obligation.review {
            add(&reading.when, false, &mut goals);
        }
    }
    goals
}

/// The goals under which a requirement is broken, of a part if one is meant. A deadline has none: it is tried out.
pub(super) fn broken<'g>(obligation: &'g Obligation, part: Option<&'g Part>) -> Vec<Goal<'g>> {
    let mut goals = Vec::new();
    let requirement = part.map_or(&obligation.requirement, |part| &part.requirement);
    if let Some(when) = part.and_then(|part| part.when.as_ref()) {
        add(when, true, &mut goals);
    }
    match requirement {
        Requirement::Must(expr) => add(expr, false, &mut goals),
        Requirement::MustNot(expr) => add(expr, true, &mut goals),
        Requirement::Deadline(_) | Requirement::Parts(_) => {}
    }
    goals
}

/// The goals under which a requirement is kept.
pub(super) fn kept(obligation: &Obligation) -> Vec<Goal<'_>> {
    fn keep<'g>(requirement: &'g Requirement, goals: &mut Vec<Goal<'g>>) {
        match requirement {
            Requirement::Must(expr) => add(expr, true, goals),
            Requirement::MustNot(expr) => add(expr, false, goals),
            Requirement::Deadline(_) => {}
            Requirement::Parts(parts) => {
                for part in parts {
                    keep(&part.requirement, goals);
                }
            }
        }
    }
    let mut goals = Vec::new();
    keep(&obligation.requirement, &mut goals);
    goals
}
