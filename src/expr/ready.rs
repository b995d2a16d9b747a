//! Conditions laid out for evaluation: the commonest shapes side by side in memory, everything else as the tree it is.
//!
//! A rule set has hundreds of conditions, most of them on one or two facts. Walking their trees costs more in cache
//! lines than in work, so what every case pays for is evaluated on this copy. It says what the tree says: a test holds
//! them together on random expressions and records.

use super::eval::Operand;
use super::{Comparison, Expr, Kind, Scope};
use crate::truth::Truth;
use crate::value::{SlotId, Symbol, Type, Value};

/// A condition.
#[derive(Debug)]
pub(crate) enum Condition {
    /// A fact that is yes or no.
    Fact(SlotId),
    /// A fact has a value; no list.
    Present(SlotId),
    /// A fact is one of the values of its enum.
    Is(SlotId, Symbol),
    /// A fact is not one of the values of its enum.
    IsNot(SlotId, Symbol),
    /// A list of codes has one.
    Has(SlotId, Symbol),
    /// A fact is one of several values.
    OneOf(SlotId, Box<[Value]>),
    Not(Box<Condition>),
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    /// Any other.
    Tree(Expr),
}

impl Condition {
    pub(crate) fn of(expr: &Expr) -> Condition {
        let all = |items: &[Expr]| items.iter().map(Condition::of).collect();
        match expr.kind() {
            Kind::Fact { slot, .. } => Condition::Fact(*slot),
            Kind::Present(inner) => match (inner.kind(), inner.ty()) {
                (_, Type::List(_) | Type::Rows(_)) => Condition::Tree(expr.clone()),
                (Kind::Fact { slot, .. }, _) => Condition::Present(*slot),
                _ => Condition::Tree(expr.clone()),
            },
            Kind::Compare(op, fact, value) => match (op, fact.kind(), value.kind()) {
                (
                    Comparison::Eq,
                    Kind::Fact { slot, .. },
                    Kind::Constant(Value::Symbol(symbol)),
                ) => Condition::Is(*slot, *symbol),
                (
                    Comparison::Ne,
                    Kind::Fact { slot, .. },
                    Kind::Constant(Value::Symbol(symbol)),
                ) => Condition::IsNot(*slot, *symbol),
                _ => Condition::Tree(expr.clone()),
            },
            Kind::Contains(list, item) => match (list.kind(), item.kind()) {
                (Kind::Fact { slot, .. }, Kind::Constant(Value::Symbol(symbol))) => {
                    Condition::Has(*slot, *symbol)
                }
                _ => Condition::Tree(expr.clone()),
            },
            Kind::OneOf(fact, values) => match fact.kind() {
                Kind::Fact { slot, .. } => Condition::OneOf(*slot, values.clone()),
                _ => Condition::Tree(expr.clone()),
            },
            Kind::Not(inner) => Condition::Not(Box::new(Condition::of(inner))),
            Kind::All(items) => Condition::All(all(items)),
            Kind::Any(items) => Condition::Any(all(items)),
            _ => Condition::Tree(expr.clone()),
        }
    }

    /// Whether it holds.
    pub(crate) fn truth(&self, scope: &Scope<'_>) -> Truth {
        match self {
            Condition::Fact(slot) => match scope.fact(*slot) {
                Value::Bool(yes) => Truth::from(*yes),
                Value::None => Truth::False,
                _ => Truth::Unknown,
            },
            Condition::Present(slot) => match scope.fact(*slot) {
                Value::Unknown => Truth::Unknown,
                Value::None => Truth::False,
                _ => Truth::True,
            },
            Condition::Is(slot, symbol) => match scope.fact(*slot) {
                Value::Symbol(value) => Truth::from(value == symbol),
                Value::None => Truth::False,
                _ => Truth::Unknown,
            },
            Condition::IsNot(slot, symbol) => match scope.fact(*slot) {
                Value::Symbol(value) => Truth::from(value != symbol),
                Value::None => Truth::True,
                _ => Truth::Unknown,
            },
            Condition::Has(slot, symbol) => match scope.fact(*slot) {
                Value::List(items) => has(items, *symbol),
                Value::None => Truth::False,
                _ => Truth::Unknown,
            },
            Condition::OneOf(slot, values) => Operand::from(scope.fact(*slot)).one_of(values),
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

/// A value laid out for evaluation.
#[derive(Debug)]
pub(crate) enum Reading {
    /// That of a fact.
    Fact(SlotId),
    /// That of any other expression.
    Tree(Expr),
}

impl Reading {
    pub(crate) fn of(expr: &Expr) -> Reading {
        match expr.kind() {
            Kind::Fact { slot, .. } => Reading::Fact(*slot),
            _ => Reading::Tree(expr.clone()),
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
