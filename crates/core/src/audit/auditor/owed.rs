//! Who owed what, with which outcome: the outcomes of one record and who answers for each, without explanations.
//!
//! Terms: those who *answer* for an obligation are the persons and organisations it names as responsible. If it names
//! nobody, or the record names nobody there, they are those in the facts of its bearer's role. There may be nobody
//! left; the obligation is owed nevertheless.

use std::sync::Arc;

use super::{Auditor, scope};
use crate::audit::verdict::Judge;
use crate::audit::{Duty, Outcome};
use crate::expr::{Expr, ExprKind, Scope};
use crate::graph::{Graph, NodeId};
use crate::obligation::Obligation;
use crate::record::Settled;
use crate::value::{Day, Party, ShapeId, SlotId, Type, Value};
use crate::vocabulary::Vocabulary;

/// Whether a party is a person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
}

impl PartyKind {
    /// The kind of the values of a type, or of the elements of a list type.
    #[must_use]
    pub fn of(ty: &Type) -> Option<PartyKind> {
        match ty {
            Type::Person => Some(PartyKind::Person),
            Type::Organisation => Some(PartyKind::Organisation),
            Type::List(of) => PartyKind::of(of),
            _ => None,
        }
    }
}

/// A party that answers for an obligation.
#[derive(Debug, Clone)]
pub struct Answerable<'a> {
    /// The party, as the record names it.
    pub party: Arc<Party>,
    /// Whether it is a person or an organisation.
    pub kind: PartyKind,
    /// The role in which it answers: the role its name stands under in the record, else the role of the bearer.
    pub role: &'a str,
}

/// An obligation in force, with its outcome.
#[derive(Debug, Clone, Copy)]
pub struct Owed<'a> {
    /// The obligation.
    pub obligation: &'a Obligation,
    /// Its position among the obligations in force.
    pub at: usize,
    /// Its outcome, waivers included.
    pub outcome: Outcome,
    /// Who answers for it; empty if the record names nobody.
    pub answerable: &'a [Answerable<'a>],
    /// The kind of party to expect if the record names nobody.
    pub kind: PartyKind,
    /// A number that obligations of one record share if the same parties answer for them; meaningless if they do not
    /// apply.
    pub who: usize,
}

/// For every obligation of a graph, the facts that name who answers for it.
#[derive(Debug)]
pub(super) struct Answers {
    sets: Vec<Asked>,
    /// Index into `sets`, by obligation in the order of the graph.
    of: Vec<usize>,
}

#[derive(Debug)]
struct Asked {
    kind: PartyKind,
    responsible: Vec<Naming>,
    bearers: Vec<Naming>,
}

/// A fact or an expression that names parties.
#[derive(Debug)]
struct Naming {
    from: From,
    kind: PartyKind,
    role: String,
}

#[derive(Debug)]
enum From {
    Slot(SlotId),
    Expr(Expr),
}

impl Answers {
    pub(super) fn of(graph: &Graph, vocabulary: &Vocabulary) -> Answers {
        let mut answers = Answers {
            sets: Vec::new(),
            of: Vec::new(),
        };
        let mut known: Vec<(String, Vec<SlotId>)> = Vec::new();
        for (_, obligation) in graph.obligations() {
            let slots: Option<Vec<SlotId>> = obligation.responsible.iter().map(root_slot).collect();
            // Obligations that name the same facts share them, so that each fact is read once per record.
            let same = slots.as_ref().and_then(|slots| {
                let alike = |(bearer, other): &_| *bearer == obligation.bearer && other == slots;
                known.iter().position(alike)
            });
            let at = same.unwrap_or_else(|| {
                answers.sets.push(Asked::of(obligation, vocabulary));
                known.push((
                    obligation.bearer.clone(),
                    slots.unwrap_or_else(|| vec![SlotId(u16::MAX)]),
                ));
                answers.sets.len() - 1
            });
            answers.of.push(at);
        }
        answers
    }
}

fn root_slot(expr: &Expr) -> Option<SlotId> {
    match expr.kind() {
        ExprKind::Fact { slot, .. } => Some(*slot),
        _ => None,
    }
}

impl Asked {
    fn of(obligation: &Obligation, vocabulary: &Vocabulary) -> Asked {
        let roles = vocabulary.roles();
        let bearer = &obligation.bearer;
        let named_by = roles
            .iter()
            .find(|role| &role.code == bearer)
            .map_or(&[][..], |role| role.named_by.as_slice());
        let bearers: Vec<Naming> = named_by
            .iter()
            .map(|id| vocabulary.fact(*id))
            .filter(|fact| fact.shape == ShapeId::ROOT)
            .filter_map(|fact| {
                Some(Naming {
                    from: From::Slot(fact.slot),
                    kind: PartyKind::of(&fact.ty)?,
                    role: bearer.clone(),
                })
            })
            .collect();
        let role_of = |slot: SlotId| {
            let fills = |role: &&crate::vocabulary::Role| {
                role.named_by.iter().any(|id| {
                    let fact = vocabulary.fact(*id);
                    fact.shape == ShapeId::ROOT && fact.slot == slot
                })
            };
            roles.iter().find(fills).map(|role| role.code.clone())
        };
        let responsible = obligation.responsible.iter().filter_map(|expr| {
            let slot = root_slot(expr);
            Some(Naming {
                kind: PartyKind::of(expr.ty())?,
                role: slot.and_then(role_of).unwrap_or_else(|| bearer.clone()),
                from: match slot {
                    Some(slot) => From::Slot(slot),
                    None => From::Expr(expr.clone()),
                },
            })
        });
        let responsible: Vec<Naming> = responsible.collect();
        Asked {
            kind: bearers
                .first()
                .or(responsible.first())
                .map_or(PartyKind::Organisation, |naming| naming.kind),
            responsible,
            bearers,
        }
    }

    fn answer<'a>(&'a self, settled: &Settled, scope: &Scope<'_>) -> Vec<Answerable<'a>> {
        let mut found = Vec::new();
        for naming in &self.responsible {
            naming.add(settled, scope, &mut found);
        }
        if found.is_empty() {
            for naming in &self.bearers {
                naming.add(settled, scope, &mut found);
            }
        }
        found
    }
}

impl Naming {
    fn add<'a>(&'a self, settled: &Settled, scope: &Scope<'_>, found: &mut Vec<Answerable<'a>>) {
        match &self.from {
            From::Slot(slot) => self.add_value(settled.get(*slot), found),
            From::Expr(expr) => self.add_value(&expr.value(scope), found),
        }
    }

    fn add_value<'a>(&'a self, value: &Value, found: &mut Vec<Answerable<'a>>) {
        match value {
            Value::Party(party) => {
                let is_known = |known: &Answerable<'_>| known.party.is_same(party);
                if !found.iter().any(is_known) {
                    found.push(Answerable {
                        party: Arc::clone(party),
                        kind: self.kind,
                        role: &self.role,
                    });
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.add_value(item, found)),
            _ => {}
        }
    }
}

impl Auditor {
    /// Visits every obligation in force, in the order of the notice, with its outcome and who answers for it, without
    /// explanations. `outcomes` are the outcomes of the audit of the record as of that day, in the same order. Returns
    /// the obligations, indexed by [`Owed::at`]; cases with the same obligations share them.
    pub fn owed(
        &self,
        settled: &Settled,
        as_of: Day,
        outcomes: &[Outcome],
        visit: &mut dyn FnMut(Owed<'_>),
    ) -> Arc<[Duty]> {
        let scope = scope(settled).on(&self.calendar);
        let judge = Judge {
            scope: &scope,
            calendar: &self.calendar,
            as_of,
            vocabulary: &self.vocabulary,
        };
        let out_of_force = self.dates.out_of_force(judge);
        if let Some(restored) = out_of_force.and_then(|out| self.restored(&out))
            && let Ok(restored) = restored.as_ref()
        {
            return restored.owed(settled, as_of, outcomes, visit);
        }
        let answers = self
            .answers
            .get_or_init(|| Answers::of(&self.graph, &self.vocabulary));
        let mut asked: Vec<Option<Vec<Answerable<'_>>>> = vec![None; answers.sets.len()];
        let walked = |&((node, _), _): &((NodeId, _), _)| {
            let at = self.plan.position(node);
            at.and_then(|at| self.plan.step(at)).is_some()
        };
        let obligations = self.graph.obligations().zip(&answers.of).filter(walked);
        for ((at, ((_, obligation), &who)), &outcome) in obligations.enumerate().zip(outcomes) {
            let (Some(set), Some(answerable)) = (answers.sets.get(who), asked.get_mut(who)) else {
                continue;
            };
            // A duty that does not apply has nobody to answer for it.
            let answerable = match outcome {
                Outcome::NotApplicable => &[][..],
                _ => answerable.get_or_insert_with(|| set.answer(settled, &scope)),
            };
            visit(Owed {
                obligation,
                at,
                outcome,
                answerable,
                kind: set.kind,
                who,
            });
        }
        Arc::clone(&self.duties)
    }
}
