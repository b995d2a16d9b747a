//! Facts that a record states and nothing reads: a table column that no duty reads may hold a breach nobody reports.

use std::collections::HashSet;

use super::Auditor;
use crate::audit::Unread;
use crate::expr::Expr;
use crate::graph::{Graph, What};
use crate::record::Record;
use crate::selection;
use crate::value::{ShapeId, SlotId, Type, Value};
use crate::vocabulary::{FactId, Vocabulary};

impl Auditor {
    /// The facts that a record states and neither an obligation in force nor any other part of the audit reads, in the
    /// order of the vocabulary.
    pub(super) fn unread(&self, record: &Record) -> Vec<Unread> {
        let vocabulary = &self.vocabulary;
        let read = self.read.get_or_init(|| {
            let mut read = beside_rules(vocabulary);
            read_by(&self.graph, &mut read);
            read
        });
        let mut stated = Vec::new();
        let rows = !record.is_gathered();
        state(
            vocabulary,
            ShapeId::ROOT,
            &record.root().slots,
            rows,
            &mut stated,
        );
        stated.sort_unstable();
        stated.dedup();
        let mut unread = stated
            .into_iter()
            .filter(|fact| !read.contains(fact))
            .peekable();
        if unread.peek().is_none() {
            return Vec::new();
        }
        let origins = record.origins(vocabulary);
        unread
            .map(|fact| {
                let fact = vocabulary.fact(fact);
                Unread {
                    fact: fact.path.clone(),
                    title: fact.name.clone(),
                    span: origins.value(&fact.path),
                }
            })
            .collect()
    }
}

/// Collects the facts that a row states and, with `with_rows`, the facts of the rows inside it.
fn state(
    vocabulary: &Vocabulary,
    shape: ShapeId,
    slots: &[Value],
    with_rows: bool,
    stated: &mut Vec<FactId>,
) {
    for (value, id) in slots.iter().zip(&vocabulary.shape(shape).facts) {
        if value.is_unknown() {
            continue;
        }
        match (&vocabulary.fact(*id).ty, value) {
            (Type::Rows(shape), Value::Rows(rows)) => {
                for row in rows.iter().filter(|_| with_rows) {
                    state(vocabulary, *shape, &row.slots, true, stated);
                }
            }
            _ => stated.push(*id),
        }
    }
}

/// Adds the facts read by the obligations in force and by the stages and exceptions around them.
fn read_by(graph: &Graph, read: &mut HashSet<FactId>) {
    let mut add = |expr: &Expr| read.extend(expr.facts());
    for (_, node) in graph.nodes() {
        match &node.what {
            What::Stage(stage) => stage.holds.iter().chain(&stage.on).for_each(&mut add),
            What::Exception(exception) => add(&exception.holds),
            What::Obligation(obligation) => {
                obligation.expressions().into_iter().for_each(&mut add);
                obligation.responsible.iter().for_each(&mut add);
            }
        }
    }
}

/// The facts that are read whatever the rules are: by inferences, the order of dates, roles, the choice of the rule set
/// and gathering across cases.
#[must_use]
pub fn beside_rules(vocabulary: &Vocabulary) -> HashSet<FactId> {
    let mut read: HashSet<FactId> = HashSet::new();
    let mut slots: Vec<SlotId> = vocabulary.chronology().iter().flatten().copied().collect();
    // A fact that an inference only settles does not count as read.
    let given = vocabulary.inferences().iter();
    slots.extend(
        given
            .flat_map(|inference| &inference.given)
            .map(|(slot, _)| *slot),
    );
    let reserved = vocabulary.reserved();
    slots.extend([
        reserved.complete,
        reserved.number,
        reserved.ruleset,
        reserved.closed_on,
        reserved.waivers,
    ]);
    let root = vocabulary.shape(ShapeId::ROOT);
    let of_root = |slot: &SlotId| root.facts.get(usize::from(slot.0));
    read.extend(slots.iter().filter_map(of_root));
    read.extend(vocabulary.roles().iter().flat_map(|role| &role.named_by));
    read.extend(across(vocabulary));
    let facts = (0u16..).map(FactId).zip(vocabulary.facts());
    let is_read = |path: &str| path.starts_with("waivers[].") || selection::FACTS.contains(&path);
    read.extend(
        facts
            .filter(|(_, fact)| is_read(&fact.path))
            .map(|(id, _)| id),
    );
    read
}

/// The facts of a campaign that are read besides its rules: those its cases are projected from and gathered by, the
/// names in its plan, its rule set and its closing date.
fn across(vocabulary: &Vocabulary) -> Vec<FactId> {
    let Some(across) = vocabulary.across() else {
        return Vec::new();
    };
    let mut slots: Vec<(ShapeId, SlotId)> = Vec::new();
    let from = across
        .projected
        .iter()
        .flat_map(|projected| &projected.from);
    let keys = across.keys.iter().map(|key| key.slot);
    let own = [across.ruleset, across.closed_on].into_iter().flatten();
    let of_root = from.copied().chain(keys).chain(own).chain([across.cases]);
    slots.extend(of_root.map(|slot| (ShapeId::ROOT, slot)));
    let gathered = across.keys.iter().flat_map(|key| &key.gathers).copied();
    let of_row = gathered.chain(across.number);
    slots.extend(of_row.map(|slot| (across.row, slot)));
    if let Some(plan) = across.plan {
        slots.push((ShapeId::ROOT, plan.slot));
        let list = vocabulary.fact_in(ShapeId::ROOT, plan.slot);
        if let Type::Rows(shape) = list.ty {
            let names = [Some(plan.product), plan.aliases].into_iter().flatten();
            slots.extend(names.map(|slot| (shape, slot)));
        }
    }
    let id = |(shape, slot): (ShapeId, SlotId)| {
        let facts = &vocabulary.shape(shape).facts;
        facts.get(usize::from(slot.0)).copied()
    };
    slots.into_iter().filter_map(id).collect()
}
