//! Searches for a record that gives an obligation a certain outcome.
//!
//! The search is driven by goals: it starts from a record in which nothing is known to exist and changes one fact at a
//! time so that more goals are met, or two if one does not help; then the auditor judges the result. Finding nothing
//! proves nothing, which is why a test with such a record always prevails.

use std::sync::Arc;

use super::candidates::{Candidates, afterwards};
use super::goals::{Goal, broken, kept, reached, unrelieved};
use choucha_core::audit::{Auditor, Outcome, Verdicts};
use choucha_core::expr::{Expr, Scope};
use choucha_core::graph::{EdgeKind, NodeId, What};
use choucha_core::obligation::{Obligation, Requirement};
use choucha_core::record::{Format, Record};
use choucha_core::source::Source;
use choucha_core::value::{Row, ShapeId, SlotId, Value};
use choucha_core::vocabulary::Vocabulary;

/// The most steps of a search from one start.
const MAX_STEPS: usize = 60;

/// The most records that one search judges.
const MAX_JUDGED: usize = 20_000;

/// Searches for records under one rule set.
pub(super) struct Finder<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) auditor: &'a Auditor,
}

/// One search.
struct Search<'a> {
    finder: &'a Finder<'a>,
    node: NodeId,
    goals: Vec<Goal<'a>>,
    facts: Vec<(SlotId, Vec<Value>)>,
    source: Arc<Source>,
    judged: usize,
    verdicts: Verdicts,
}

impl Finder<'_> {
    /// Whether the search finds a record that gives the obligation an outcome accepted by `wanted`.
    fn found(&self, node: NodeId, goals: Vec<Goal<'_>>, wanted: impl Fn(Outcome) -> bool) -> bool {
        let mut candidates = Candidates::new(self.vocabulary);
        if let Some(obligation) = self.obligation(node) {
            candidates.limits(obligation);
        }
        for expr in goals.iter().map(|goal| goal.expr).chain(self.decides(node)) {
            candidates.expression(expr);
        }
        let facts = candidates
            .slots
            .iter()
            .map(|slot| (*slot, candidates.of(*slot)));
        let mut search = Search {
            finder: self,
            node,
            facts: facts.collect(),
            goals,
            source: Source::new("-", ""),
            judged: 0,
            verdicts: Verdicts::default(),
        };
        (0..3).any(|start| search.from(start, &wanted))
    }

    fn obligation(&self, node: NodeId) -> Option<&Obligation> {
        self.auditor.graph().node(node)?.obligation()
    }

    /// The expressions that decide an obligation, and whether it is excepted or excused.
    fn decides(&self, node: NodeId) -> Vec<&Expr> {
        let graph = self.auditor.graph();
        let mut all: Vec<&Expr> = self
            .obligation(node)
            .map(Obligation::expressions)
            .unwrap_or_default();
        for edge in graph.edges().filter(|edge| edge.to == node) {
            if let (EdgeKind::Unless, Some(What::Exception(exception))) =
                (edge.kind, graph.node(edge.from).map(|node| &node.what))
            {
                all.push(&exception.holds);
            }
        }
        let remedies = graph
            .edges()
            .filter(|edge| edge.from == node && edge.kind == EdgeKind::Remedies);
        for edge in remedies {
            all.extend(
                self.obligation(edge.to)
                    .map(Obligation::expressions)
                    .unwrap_or_default(),
            );
        }
        all
    }

    /// Whether the obligation can arise.
    pub(super) fn arises(&self, node: NodeId) -> bool {
        let goals = reached(self.auditor.graph(), node);
        self.found(node, goals, |outcome| {
            !matches!(
                outcome,
                Outcome::NotApplicable | Outcome::Undetermined | Outcome::Errored
            )
        })
    }

    /// Whether several obligations can arise in one record.
    pub(super) fn arise_together(&self, nodes: [NodeId; 2]) -> bool {
        let graph = self.auditor.graph();
        let goals = nodes
            .iter()
            .flat_map(|node| reached(graph, *node))
            .collect();
        self.found(nodes[0], goals, |outcome| {
            !matches!(
                outcome,
                Outcome::NotApplicable | Outcome::Undetermined | Outcome::Errored
            )
        })
    }

    /// Whether the obligation can be violated.
    pub(super) fn is_violated(&self, node: NodeId) -> bool {
        self.breaks(node, true, Outcome::Violated)
    }

    /// Whether a breach of the obligation can be left to a person.
    pub(super) fn is_judged(&self, node: NodeId) -> bool {
        self.breaks(node, false, Outcome::Review)
    }

    fn breaks(&self, node: NodeId, unrelieved_too: bool, wanted: Outcome) -> bool {
        let Some(obligation) = self.obligation(node) else {
            return false;
        };
        let graph = self.auditor.graph();
        let parts: Vec<_> = match &obligation.requirement {
            Requirement::Parts(parts) => parts.iter().map(Some).collect(),
            _ => vec![None],
        };
        parts.into_iter().any(|part| {
            let mut goals = reached(graph, node);
            goals.extend(broken(obligation, part));
            if unrelieved_too {
                goals.extend(unrelieved(graph, node));
            }
            self.found(node, goals, |outcome| outcome == wanted)
        })
    }

    /// Whether the obligation can be satisfied.
    pub(super) fn is_satisfied(&self, node: NodeId) -> bool {
        let Some(obligation) = self.obligation(node) else {
            return false;
        };
        let mut goals = reached(self.auditor.graph(), node);
        goals.extend(kept(obligation));
        self.found(node, goals, |outcome| outcome == Outcome::Satisfied)
    }
}

impl Search<'_> {
    /// Searches from the record in which every fact has its `start`th value.
    fn from(&mut self, start: usize, wanted: &impl Fn(Outcome) -> bool) -> bool {
        let shape = self.finder.vocabulary.shape(ShapeId::ROOT);
        let mut row = Row {
            slots: vec![Value::Unknown; shape.facts.len()].into_boxed_slice(),
        };
        for (slot, values) in &self.facts {
            let value = values.get(start).or(values.first()).cloned();
            put(&mut row, *slot, value.unwrap_or_default());
        }
        for _ in 0..MAX_STEPS {
            let unmet = self.unmet(&row);
            if unmet == 0 {
                return self.judge(&row, wanted) || self.around(&mut row, wanted);
            }
            if !self.improve_one(&mut row, unmet) && !self.improve_two(&mut row, unmet) {
                return false;
            }
        }
        false
    }

    fn unmet(&self, row: &Row) -> usize {
        let scope = Scope::new(row).on(self.finder.auditor.calendar());
        self.goals
            .iter()
            .filter(|goal| !goal.is_met(&scope))
            .count()
    }

    /// Changes the fact that helps most.
    fn improve_one(&self, row: &mut Row, unmet: usize) -> bool {
        let mut best: Option<(usize, SlotId, &Value)> = None;
        for (slot, values) in &self.facts {
            let before = get(row, *slot);
            for value in values {
                put(row, *slot, value.clone());
                let left = self.unmet(row);
                if left < best.map_or(unmet, |(least, ..)| least) {
                    best = Some((left, *slot, value));
                }
            }
            put(row, *slot, before);
        }
        let Some((_, slot, value)) = best else {
            return false;
        };
        put(row, slot, value.clone());
        true
    }

    /// Changes two facts that help together: one that an unmet goal reads, and any other.
    fn improve_two(&self, row: &mut Row, unmet: usize) -> bool {
        let scope = Scope::new(row).on(self.finder.auditor.calendar());
        let mut candidates = Candidates::new(self.finder.vocabulary);
        for goal in self.goals.iter().filter(|goal| !goal.is_met(&scope)) {
            candidates.expression(goal.expr);
        }
        let near = self
            .facts
            .iter()
            .filter(|(slot, _)| candidates.slots.contains(slot));
        for (first, values) in near {
            let before = get(row, *first);
            for value in values {
                put(row, *first, value.clone());
                for (second, others) in self.facts.iter().filter(|(second, _)| second != first) {
                    let other_before = get(row, *second);
                    for other in others {
                        put(row, *second, other.clone());
                        if self.unmet(row) < unmet {
                            return true;
                        }
                    }
                    put(row, *second, other_before);
                }
            }
            put(row, *first, before);
        }
        false
    }

    /// Tries one or two changes to a record that meets every goal.
    fn around(&mut self, row: &mut Row, wanted: &impl Fn(Outcome) -> bool) -> bool {
        let facts = self.facts.clone();
        for (slot, values) in &facts {
            let before = get(row, *slot);
            for value in values {
                put(row, *slot, value.clone());
                if self.unmet(row) == 0 && self.judge(row, wanted) {
                    return true;
                }
            }
            put(row, *slot, before);
        }
        for (at, (first, values)) in facts.iter().enumerate() {
            let before = get(row, *first);
            for value in values {
                put(row, *first, value.clone());
                for (second, others) in facts.get(at + 1..).unwrap_or_default() {
                    let other_before = get(row, *second);
                    for other in others {
                        put(row, *second, other.clone());
                        if self.judged > MAX_JUDGED {
                            return false;
                        }
                        if self.unmet(row) == 0 && self.judge(row, wanted) {
                            return true;
                        }
                    }
                    put(row, *second, other_before);
                }
            }
            put(row, *first, before);
        }
        false
    }

    fn judge(&mut self, row: &Row, wanted: &impl Fn(Outcome) -> bool) -> bool {
        self.judged += 1;
        let record = Record::new(row.clone(), Arc::clone(&self.source), Format::Yaml);
        let settled = record.settle(self.finder.vocabulary, false);
        let auditor = self.finder.auditor;
        auditor.outcomes(&settled, afterwards(), &mut self.verdicts);
        wanted(auditor.outcome_of(self.node, &self.verdicts))
    }
}

fn get(row: &Row, slot: SlotId) -> Value {
    row.slots
        .get(usize::from(slot.0))
        .cloned()
        .unwrap_or_default()
}

fn put(row: &mut Row, slot: SlotId, value: Value) {
    if let Some(place) = row.slots.get_mut(usize::from(slot.0)) {
        *place = value;
    }
}
