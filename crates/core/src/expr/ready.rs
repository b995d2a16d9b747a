//! Conditions prepared for evaluation: the commonest shapes in a compact form, everything else as its tree.
//!
//! A rule set has hundreds of conditions, most of them on one or two facts. Walking their trees costs more in cache
//! lines than in work, so the pass over every case evaluates this copy. It means the same as the tree: a test checks
//! that on random expressions and records.

use std::ops::Not;

use super::eval::Operand;
use super::{Comparison, Expr, ExprKind, Scope};
use crate::truth::Truth;
use crate::value::{Day, Mark, SlotId, Symbol, Type, Value};

/// A condition.
#[derive(Debug)]
pub(crate) enum Condition {
    /// A condition decided by the mark of one fact.
    Atom(Atom),
    /// A list of codes contains this one.
    Has(SlotId, Symbol),
    /// A fact is one of several values.
    OneOf(Box<(SlotId, Box<[Value]>)>),
    Not(Box<Condition>),
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    /// Any other condition.
    Tree(Expr),
}

impl Condition {
    pub(crate) fn of(expr: &Expr) -> Condition {
        let all = |items: &[Expr]| items.iter().map(Condition::of).collect();
        match expr.kind() {
            ExprKind::Fact { slot, .. } => Condition::Atom(Atom::yes(*slot)),
            ExprKind::Present(inner) => match (inner.kind(), inner.ty()) {
                (_, Type::List(_) | Type::Rows(_)) => Condition::Tree(expr.clone()),
                (ExprKind::Fact { slot, .. }, _) => Condition::Atom(Atom::present(*slot)),
                _ => Condition::Tree(expr.clone()),
            },
            ExprKind::Compare(op, fact, value) => match (op, fact.kind(), value.kind()) {
                (
                    Comparison::Eq | Comparison::Ne,
                    ExprKind::Fact { slot, .. },
                    ExprKind::Constant(value),
                ) => match Atom::among(*slot, std::slice::from_ref(value)) {
                    Some(atom) if *op == Comparison::Eq => Condition::Atom(atom),
                    Some(atom) => Condition::Atom(atom.not()),
                    None => Condition::Tree(expr.clone()),
                },
                _ => Condition::Tree(expr.clone()),
            },
            ExprKind::Contains(list, item) => match (list.kind(), item.kind()) {
                (ExprKind::Fact { slot, .. }, ExprKind::Constant(Value::Symbol(symbol))) => {
                    Condition::Has(*slot, *symbol)
                }
                _ => Condition::Tree(expr.clone()),
            },
            ExprKind::OneOf(fact, values) => match fact.kind() {
                ExprKind::Fact { slot, .. } => match Atom::among(*slot, values) {
                    Some(atom) => Condition::Atom(atom),
                    None => Condition::OneOf(Box::new((*slot, values.clone()))),
                },
                _ => Condition::Tree(expr.clone()),
            },
            ExprKind::Not(inner) => match Condition::of(inner) {
                Condition::Atom(atom) => Condition::Atom(atom.not()),
                other => Condition::Not(Box::new(other)),
            },
            ExprKind::All(items) => Condition::All(all(items)),
            ExprKind::Any(items) => Condition::Any(all(items)),
            _ => Condition::Tree(expr.clone()),
        }
    }

    /// Whether it holds.
    #[inline]
    pub(crate) fn truth(&self, scope: &Scope<'_>) -> Truth {
        match self {
            Condition::Atom(atom) => atom.truth(scope),
            _ => self.compound(scope),
        }
    }

    fn compound(&self, scope: &Scope<'_>) -> Truth {
        match self {
            Condition::Atom(atom) => atom.truth(scope),
            Condition::Has(slot, symbol) => match scope.fact(*slot) {
                Value::List(items) => has(items, *symbol),
                Value::None => Truth::False,
                _ => Truth::Unknown,
            },
            Condition::OneOf(fact) => Operand::from(scope.fact(fact.0)).one_of(&fact.1),
            Condition::Not(inner) => !inner.truth(scope),
            Condition::All(items) => {
                let mut result = Truth::True;
                for item in items {
                    match item.truth(scope) {
                        Truth::False => return Truth::False,
                        Truth::Unknown => result = Truth::Unknown,
                        Truth::True => {}
                    }
                }
                result
            }
            Condition::Any(items) => {
                let mut result = Truth::False;
                for item in items {
                    match item.truth(scope) {
                        Truth::True => return Truth::True,
                        Truth::Unknown => result = Truth::Unknown,
                        Truth::False => {}
                    }
                }
                result
            }
            Condition::Tree(expr) => expr.truth(scope),
        }
    }
}

/// A condition decided by the mark of one fact: it is yes, it is present, or it is one of these values of its enum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    slot: SlotId,
    /// The truth for each mark that is not a symbol.
    plain: [Truth; Mark::PLAIN],
    /// The truth for the wanted symbols (`hit`) and for all others (`miss`).
    hit: Truth,
    miss: Truth,
    /// The wanted symbols, one bit each.
    symbols: u64,
}

impl Atom {
    /// An atom that is unknown for an unknown fact, false for a fact known none, and otherwise as `plain` and `miss`
    /// say.
    fn new(slot: SlotId, plain: impl Fn(Mark) -> Truth, miss: Truth) -> Atom {
        let mut atom = Atom {
            slot,
            plain: [Truth::Unknown; Mark::PLAIN],
            hit: Truth::True,
            miss,
            symbols: 0,
        };
        for mark in Mark::plain() {
            if let Some(place) = atom.plain.get_mut(mark.number()) {
                *place = match mark {
                    Mark::UNKNOWN => Truth::Unknown,
                    Mark::NONE => Truth::False,
                    mark => plain(mark),
                };
            }
        }
        atom
    }

    /// The fact is yes.
    fn yes(slot: SlotId) -> Atom {
        let plain = |mark| match mark {
            Mark::YES => Truth::True,
            Mark::NO => Truth::False,
            _ => Truth::Unknown,
        };
        Atom::new(slot, plain, Truth::Unknown)
    }

    /// The fact has a value; not for lists.
    fn present(slot: SlotId) -> Atom {
        Atom::new(slot, |_| Truth::True, Truth::True)
    }

    /// The fact is one of these values; `None` if one is not among the first 64 of its enum, which is rare.
    fn among(slot: SlotId, values: &[Value]) -> Option<Atom> {
        let mut atom = Atom::new(slot, |_| Truth::Unknown, Truth::False);
        for value in values {
            match value {
                Value::Symbol(Symbol(at)) => atom.symbols |= 1_u64.checked_shl(u32::from(*at))?,
                _ => return None,
            }
        }
        Some(atom)
    }

    fn not(self) -> Atom {
        Atom {
            plain: self.plain.map(Not::not),
            hit: !self.hit,
            miss: !self.miss,
            ..self
        }
    }

    #[inline(always)]
    fn truth(&self, scope: &Scope<'_>) -> Truth {
        let mark = scope.mark(self.slot);
        match self.plain.get(mark.number()) {
            Some(truth) => *truth,
            None => match mark.symbol() {
                Some(at @ ..64) if self.symbols >> at & 1 == 1 => self.hit,
                _ => self.miss,
            },
        }
    }
}

fn has(items: &[Value], symbol: Symbol) -> Truth {
    let mut result = Truth::False;
    for item in items {
        match item {
            Value::Symbol(value) if *value == symbol => return Truth::True,
            Value::Symbol(_) | Value::None => {}
            _ => result = Truth::Unknown,
        }
    }
    result
}

/// A value prepared for evaluation.
#[derive(Debug)]
pub(crate) enum Reading {
    /// The value of a fact.
    Fact(SlotId),
    /// The value of any other expression.
    Tree(Expr),
}

impl Reading {
    pub(crate) fn of(expr: &Expr) -> Reading {
        match expr.kind() {
            ExprKind::Fact { slot, .. } => Reading::Fact(*slot),
            _ => Reading::Tree(expr.clone()),
        }
    }

    /// The day, if the value is a day or a moment.
    #[inline]
    pub(crate) fn day(&self, scope: &Scope<'_>) -> Option<Day> {
        match self {
            Reading::Fact(slot) if scope.mark(*slot) != Mark::DAY => None,
            _ => self.operand(scope).day(),
        }
    }

    #[inline]
    pub(crate) fn operand<'a>(&'a self, scope: &Scope<'a>) -> Operand<'a> {
        match self {
            Reading::Fact(slot) => Operand::from(scope.fact(*slot)),
            Reading::Tree(expr) => expr.operand(scope),
        }
    }
}
