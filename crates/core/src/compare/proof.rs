//! Proves that one formula follows from others.
//!
//! Terms: a *sequent* is a list of premises and a list of conclusions, of which one at least is to follow; a *literal* is
//! what cannot be taken apart further. Premises are of the left world, conclusions of the right.
//!
//! Invariants: what is proved holds three-valued: wherever the premises are true a conclusion is, and where every
//! conclusion is false a premise is. Only what holds in every De Morgan lattice is used, never that something or its
//! contrary must be so, because of an unknown fact neither is. What is not proved may still be so. A proof ends: its
//! steps are counted.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::atom::Literal;
use super::formula::{Formula, Node, World};
use crate::expr::{Expr, ExprKind, Variable};
use crate::obligation::Obligation;

/// The steps one comparison may take: far more than any pair of real duties needs.
pub(super) const STEPS: u32 = 20_000;

/// Proves sequents from a left world to a right one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prover<'w, 'a> {
    pub(super) left: &'w World<'a>,
    pub(super) right: &'w World<'a>,
    pub(super) steps: &'w Cell<u32>,
    /// How many comparisons this one is part of.
    pub(super) depth: u8,
    /// Whether left and right are exchanged.
    pub(super) turned: bool,
    /// Which nodes follow from which, as far as it has been asked.
    pub(super) known: &'w RefCell<Known>,
}

/// Whether a node of the right world follows from one of the left, by their places in memory and [`Prover::turned`].
pub(super) type Known = HashMap<(*const (), *const (), bool), bool>;

/// A remedy of a remedy, and no further.
const DEPTH: u8 = 3;

/// Row variables that mean the same row, left and right.
pub(super) type Bound<'b> = &'b [(Variable, Variable)];

#[derive(Clone)]
enum Fact<'a> {
    Literal(Literal<'a>),
    Node(Node<'a>),
    Breach(&'a Obligation),
}

/// A sequent being taken apart.
#[derive(Clone, Default)]
struct Sequent<'a> {
    premises: Vec<Formula<'a>>,
    conclusions: Vec<Formula<'a>>,
    /// What is left of the premises, and of the conclusions.
    given: Vec<Fact<'a>>,
    wanted: Vec<Fact<'a>>,
    /// Premises of which one holds, conclusions of which all must: they split the proof.
    cases: Vec<Vec<Formula<'a>>>,
    goals: Vec<Vec<Formula<'a>>>,
    /// Premises as they were before they were taken apart: a conclusion that says the same follows at once.
    whole: Vec<(&'a Expr, bool)>,
    /// Nodes already unfolded.
    unfolded: [Vec<Node<'a>>; 2],
}

impl<'w, 'a> Prover<'w, 'a> {
    /// From the right world to the left.
    pub(super) fn back(self) -> Prover<'w, 'a> {
        Prover {
            left: self.right,
            right: self.left,
            turned: !self.turned,
            ..self
        }
    }

    /// For a comparison that this proof needs; none where they are too many already.
    pub(super) fn deeper(self) -> Option<Prover<'w, 'a>> {
        let depth = self.depth + 1;
        (depth <= DEPTH && self.steps.get() > 0).then_some(Prover { depth, ..self })
    }

    /// Whether one of the conclusions follows from the premises.
    pub(super) fn follows(
        self,
        premises: Vec<Formula<'a>>,
        conclusions: Vec<Formula<'a>>,
        bound: Bound<'_>,
    ) -> bool {
        let sequent = Sequent {
            premises,
            conclusions,
            ..Sequent::default()
        };
        self.prove(sequent, bound)
    }

    /// Whether a condition follows from another.
    pub(super) fn implies(self, premise: &'a Expr, conclusion: &'a Expr, bound: Bound<'_>) -> bool {
        let (premise, conclusion) = (
            Formula::Expr(premise, true),
            Formula::Expr(conclusion, true),
        );
        self.follows(vec![premise], vec![conclusion], bound)
    }

    fn step(self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    fn prove(self, mut sequent: Sequent<'a>, bound: Bound<'_>) -> bool {
        loop {
            while let Some(formula) = sequent.premises.pop() {
                if !self.step() {
                    return false;
                }
                sequent.assume(formula);
            }
            while let Some(formula) = sequent.conclusions.pop() {
                if !self.step() {
                    return false;
                }
                if self.is_given(&sequent, &formula, bound) {
                    return true;
                }
                sequent.want(formula);
            }
            if self.closes(&sequent, bound) {
                return true;
            }
            // Goals first: many of them stand among the premises word for word, and need no cases.
            if let Some(goals) = sequent.goals.pop() {
                return goals.into_iter().all(|goal| {
                    let mut branch = sequent.clone();
                    branch.conclusions.push(goal);
                    self.prove(branch, bound)
                });
            }
            if let Some(cases) = sequent.cases.pop() {
                return cases.into_iter().all(|case| {
                    let mut branch = sequent.clone();
                    branch.premises.push(case);
                    self.prove(branch, bound)
                });
            }
            // What is wanted first: often nothing of what is given need be unfolded.
            if let Some(node) = sequent.next_node(1) {
                sequent.conclusions.push(self.right.unfolded(node));
            } else if let Some(node) = sequent.next_node(0) {
                sequent.premises.push(self.left.unfolded(node));
            } else {
                return false;
            }
        }
    }

    /// Whether a conclusion says the same as a premise.
    fn is_given(self, sequent: &Sequent<'a>, wanted: &Formula<'a>, bound: Bound<'_>) -> bool {
        let Formula::Expr(wanted, holds) = wanted else {
            return false;
        };
        let mut whole = sequent.whole.iter();
        whole.any(|(given, known)| known == holds && self.same(given, wanted, bound))
    }

    /// Whether a node is reached wherever another is: the same one, or one of its name that asks for no more. Of others it
    /// is found out by unfolding them.
    fn reaches(self, a: Node<'a>, b: Node<'a>) -> bool {
        if a.is(b) {
            return true;
        }
        if a.id() != b.id() {
            return false;
        }
        let key = (a.place(), b.place(), self.turned);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        // Until it is known it does not follow, which ends a circle.
        self.known.borrow_mut().insert(key, false);
        let (premise, conclusion) = (self.left.unfolded(a), self.right.unfolded(b));
        let follows = self.follows(vec![premise], vec![conclusion], &[]);
        self.known.borrow_mut().insert(key, follows);
        follows
    }

    fn closes(self, sequent: &Sequent<'a>, bound: Bound<'_>) -> bool {
        sequent.given.iter().any(|given| {
            sequent.wanted.iter().any(|wanted| {
                self.step()
                    && match (given, wanted) {
                        (Fact::Literal(a), Fact::Literal(b)) => self.literal(a, b, bound),
                        (Fact::Node(a), Fact::Node(b)) => self.reaches(*a, *b),
                        (Fact::Breach(a), Fact::Breach(b)) => {
                            std::ptr::eq(*a, *b) || super::is_breached_with(self, b, a)
                        }
                        _ => false,
                    }
            })
        })
    }
}

impl<'a> Sequent<'a> {
    /// Takes a premise apart by one step.
    fn assume(&mut self, formula: Formula<'a>) {
        match formula {
            Formula::All(all) => self.premises.extend(all),
            Formula::Any(any) => self.cases.push(any),
            Formula::Node(node) => self.given.push(Fact::Node(node)),
            Formula::Breach(base) => self.given.push(Fact::Breach(base)),
            Formula::Expr(expr, holds) => match (expr.kind(), holds) {
                (ExprKind::Not(inner), _) => self.premises.push(Formula::Expr(inner, !holds)),
                (ExprKind::All(items), true) | (ExprKind::Any(items), false) => {
                    self.whole.push((expr, holds));
                    self.premises.extend(each(items, holds));
                }
                (ExprKind::Any(items), true) | (ExprKind::All(items), false) => {
                    self.whole.push((expr, holds));
                    self.cases.push(each(items, holds).collect());
                }
                _ => self.given.push(Fact::Literal(Literal::of(expr, holds))),
            },
        }
    }

    /// Takes a conclusion apart by one step.
    fn want(&mut self, formula: Formula<'a>) {
        match formula {
            Formula::All(all) => self.goals.push(all),
            Formula::Any(any) => self.conclusions.extend(any),
            Formula::Node(node) => self.wanted.push(Fact::Node(node)),
            Formula::Breach(base) => self.wanted.push(Fact::Breach(base)),
            Formula::Expr(expr, holds) => match (expr.kind(), holds) {
                (ExprKind::Not(inner), _) => self.conclusions.push(Formula::Expr(inner, !holds)),
                (ExprKind::Any(items), true) | (ExprKind::All(items), false) => {
                    self.conclusions.extend(each(items, holds));
                }
                (ExprKind::All(items), true) | (ExprKind::Any(items), false) => {
                    self.goals.push(each(items, holds).collect());
                }
                _ => self.wanted.push(Fact::Literal(Literal::of(expr, holds))),
            },
        }
    }

    /// A node not yet unfolded, of what is given (0) or wanted (1).
    fn next_node(&mut self, side: usize) -> Option<Node<'a>> {
        let facts = if side == 0 { &self.given } else { &self.wanted };
        let done = self.unfolded.get_mut(side)?;
        let node = facts.iter().find_map(|fact| match fact {
            Fact::Node(node) if !done.iter().any(|known| known.is(*node)) => Some(*node),
            _ => None,
        })?;
        done.push(node);
        Some(node)
    }
}

fn each<'a>(items: &'a [Expr], holds: bool) -> impl Iterator<Item = Formula<'a>> {
    items.iter().map(move |item| Formula::Expr(item, holds))
}
