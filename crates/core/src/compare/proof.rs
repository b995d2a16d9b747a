//! Proves that one formula follows from others.
//!
//! Terms: a *sequent* is a list of premises and a list of conclusions, at least one of which is to follow; a *literal*
//! cannot be taken apart further. Premises belong to the left world, conclusions to the right.
//!
//! Invariants: proofs hold in three-valued logic: whenever all premises are true a conclusion is true, and whenever all
//! conclusions are false a premise is false. They use only what holds in every De Morgan lattice, never the law of the
//! excluded middle, which fails for an unknown fact. What is not proved may still be true. Every proof ends: its steps
//! are counted.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::atom::Literal;
use super::formula::{Formula, Node, World};
use crate::expr::{Expr, ExprKind, Variable};
use crate::obligation::Obligation;

/// The most steps of one comparison: far more than any pair of real duties needs.
pub(super) const STEPS: u32 = 20_000;

/// Proves sequents from a left world to a right one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prover<'w, 'a> {
    pub(super) left: &'w World<'a>,
    pub(super) right: &'w World<'a>,
    pub(super) steps: &'w Cell<u32>,
    /// How many comparisons this one is nested in.
    pub(super) depth: u8,
    /// Whether left and right are swapped.
    pub(super) turned: bool,
    /// Which nodes follow from which, as far as already tried.
    pub(super) known: &'w RefCell<Known>,
}

/// Whether a node of the right world follows from one of the left, by their addresses in memory and [`Prover::turned`].
pub(super) type Known = HashMap<(*const (), *const (), bool), bool>;

/// The deepest nesting of comparisons: enough for the remedy of a remedy.
const DEPTH: u8 = 3;

/// Pairs of row variables, left and right, that stand for the same row.
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
    /// The literals and nodes left of the premises (`given`) and of the conclusions (`wanted`).
    given: Vec<Fact<'a>>,
    wanted: Vec<Fact<'a>>,
    /// Premises of which one holds (`cases`) and conclusions of which all must hold (`goals`): they split the proof.
    cases: Vec<Vec<Formula<'a>>>,
    goals: Vec<Vec<Formula<'a>>>,
    /// The premises before they were taken apart: a conclusion that means the same follows at once.
    whole: Vec<(&'a Expr, bool)>,
    /// Nodes already unfolded.
    unfolded: [Vec<Node<'a>>; 2],
}

impl<'w, 'a> Prover<'w, 'a> {
    /// The prover from the right world to the left.
    pub(super) fn back(self) -> Prover<'w, 'a> {
        Prover {
            left: self.right,
            right: self.left,
            turned: !self.turned,
            ..self
        }
    }

    /// The prover for a comparison nested in this proof; `None` if it would be nested too deeply or no steps are left.
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

    /// Whether one condition follows from another.
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
            // Goals first: many of them occur among the premises word for word, and need no cases.
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
            // Unfold the wanted nodes first: often no given node need be unfolded.
            if let Some(node) = sequent.next_node(1) {
                sequent.conclusions.push(self.right.unfolded(node));
            } else if let Some(node) = sequent.next_node(0) {
                sequent.premises.push(self.left.unfolded(node));
            } else {
                return false;
            }
        }
    }

    /// Whether a conclusion means the same as a premise.
    fn is_given(self, sequent: &Sequent<'a>, wanted: &Formula<'a>, bound: Bound<'_>) -> bool {
        let Formula::Expr(wanted, holds) = wanted else {
            return false;
        };
        let mut whole = sequent.whole.iter();
        whole.any(|(given, known)| known == holds && self.same(given, wanted, bound))
    }

    /// Whether a node is reached whenever another is: it is the same node, or a node of the same name that requires no
    /// more. Other nodes are settled by unfolding them.
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
        // Assume that it does not follow until proved, which ends cycles.
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

    /// The next node not yet unfolded among the given (0) or wanted (1) facts.
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
