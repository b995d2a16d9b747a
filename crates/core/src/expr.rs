//! Typed expressions over the facts of a record: scripts build them once, and the audit evaluates them natively on
//! every record.
//!
//! Terms: a *condition* is an expression of type [`Type::Bool`]; an *operand* yields a value; a *row* is one group of a
//! list of groups; inside a quantifier a [`ExprKind::Field`] reads the current row.
//!
//! Invariants: every expression is type-checked when it is built; evaluation is three-valued and monotone in
//! information; an expression carries the script position that built it, and its size and depth, which are limited so
//! that no script can build a tree that exhausts the stack.

mod build;
mod eval;
mod explain;
mod print;
mod ready;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use build::{BuildError, Builder, Input, Literal, MAX_DEPTH, MAX_SIZE};
pub use eval::{Bounds, Operand, Scope};
pub use explain::{Trace, TraceValue};
pub(crate) use ready::{Condition, Reading};

use crate::period::Limit;
use crate::source::Span;
use crate::value::{ShapeId, SlotId, Type, Value};
use crate::vocabulary::FactId;

/// An expression: shared, immutable, `Send + Sync`.
#[derive(Debug, Clone)]
pub struct Expr(pub(crate) Arc<Node>);

/// The contents of an expression.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) kind: ExprKind,
    pub(crate) ty: Type,
    /// Where in the script it was built.
    pub(crate) at: Option<Span>,
    /// Number of nodes, itself included; a part used twice counts twice.
    pub(crate) size: u32,
    /// Levels of nesting, itself included.
    pub(crate) depth: u16,
}

/// A row variable; unique among the quantifiers of one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Variable(pub u32);

impl Expr {
    /// The type of its value.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// The operation and its parts.
    #[must_use]
    pub fn kind(&self) -> &ExprKind {
        &self.0.kind
    }

    /// Where in the script it was built; `None` if no script built it.
    #[must_use]
    pub fn at(&self) -> Option<&Span> {
        self.0.at.as_ref()
    }

    /// The number of its nodes; a part used twice counts twice.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.0.size
    }

    /// The number of levels of nesting.
    #[must_use]
    pub fn depth(&self) -> u16 {
        self.0.depth
    }

    /// Its direct parts, in the order written.
    pub fn children(&self) -> impl Iterator<Item = &Expr> {
        let (many, few): (&[Expr], [Option<&Expr>; 2]) = match &self.0.kind {
            ExprKind::Fact { .. }
            | ExprKind::Field { .. }
            | ExprKind::Row { .. }
            | ExprKind::Constant(_) => (&[], [None, None]),
            ExprKind::All(items) | ExprKind::Any(items) => (items, [None, None]),
            ExprKind::Not(a)
            | ExprKind::OneOf(a, _)
            | ExprKind::Present(a)
            | ExprKind::Count(a)
            | ExprKind::MonthsAfter(a, _) => (&[], [Some(a), None]),
            ExprKind::Compare(_, a, b)
            | ExprKind::Contains(a, b)
            | ExprKind::Disjoint(a, b)
            | ExprKind::Subset(a, b)
            | ExprKind::Both(a, b)
            | ExprKind::ForAll(a, _, b)
            | ExprKind::Exists(a, _, b)
            | ExprKind::CountWhere(a, _, b)
            | ExprKind::Sum(a, _, b)
            | ExprKind::Arithmetic(_, a, b)
            | ExprKind::DaysSince(a, b)
            | ExprKind::Within(a, b, ..) => (&[], [Some(a), Some(b)]),
        };
        many.iter().chain(few.into_iter().flatten())
    }

    /// The variable it binds in its second part; `None` unless it is a quantifier.
    pub fn binds(&self) -> Option<Variable> {
        match self.0.kind {
            ExprKind::ForAll(_, variable, _)
            | ExprKind::Exists(_, variable, _)
            | ExprKind::CountWhere(_, variable, _)
            | ExprKind::Sum(_, variable, _) => Some(variable),
            _ => None,
        }
    }

    /// The first part that reads a row that neither a quantifier around it nor `bound` binds.
    pub(crate) fn loose(&self, bound: &mut Vec<Variable>) -> Option<&ExprKind> {
        match &self.0.kind {
            kind @ (ExprKind::Field { variable, .. } | ExprKind::Row { variable, .. })
                if !bound.contains(variable) =>
            {
                return Some(kind);
            }
            _ => {}
        }
        let Some(variable) = self.binds() else {
            return self.children().find_map(|child| child.loose(bound));
        };
        self.children().enumerate().find_map(|(i, child)| {
            // The list itself is outside the quantifier.
            if i == 0 {
                return child.loose(bound);
            }
            bound.push(variable);
            let loose = child.loose(bound);
            bound.pop();
            loose
        })
    }
}

/// A comparison of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less, or earlier.
    Lt,
    /// At most, or not later.
    Le,
    /// More, or later.
    Gt,
    /// At least, or not earlier.
    Ge,
}

impl Comparison {
    /// The equivalent comparison with its sides swapped.
    #[must_use]
    pub fn flipped(self) -> Comparison {
        match self {
            Comparison::Eq => Comparison::Eq,
            Comparison::Ne => Comparison::Ne,
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
        }
    }
}

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arithmetic {
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
}

/// The kinds of expression.
#[derive(Debug, Serialize, Deserialize)]
pub enum ExprKind {
    /// A fact of the record itself: its slot in the root shape.
    Fact {
        /// The fact in the vocabulary.
        fact: FactId,
        /// Its slot in the record.
        slot: SlotId,
    },
    /// A fact of the current row of a quantifier.
    Field {
        /// The fact in the vocabulary.
        fact: FactId,
        /// Its slot in the row.
        slot: SlotId,
        /// The variable of the quantifier whose row is read.
        variable: Variable,
    },
    /// The row variable itself; it may only be used to read a field.
    Row {
        /// The shape of the row.
        shape: ShapeId,
        /// The variable of the quantifier.
        variable: Variable,
    },
    /// A literal.
    Constant(Value),
    /// The condition does not hold.
    Not(Expr),
    /// All conditions hold.
    All(Box<[Expr]>),
    /// At least one condition holds.
    Any(Box<[Expr]>),
    /// A comparison of two operands.
    Compare(Comparison, Expr, Expr),
    /// The operand is one of these constants.
    OneOf(Expr, Box<[Value]>),
    /// The operand has a value: it is not known none. Unknown if the operand is unknown.
    Present(Expr),
    /// The list contains the operand.
    Contains(Expr, Expr),
    /// The two lists have no element in common.
    Disjoint(Expr, Expr),
    /// Every element of the first list is in the second.
    Subset(Expr, Expr),
    /// The elements that are in both lists.
    Both(Expr, Expr),
    /// The condition holds for every row of the list of groups.
    ForAll(Expr, Variable, Expr),
    /// The condition holds for at least one row of the list of groups.
    Exists(Expr, Variable, Expr),
    /// The number of elements of a list.
    Count(Expr),
    /// The number of rows of a list of groups for which the condition holds.
    CountWhere(Expr, Variable, Expr),
    /// The sum of an operand over the rows of a list of groups.
    Sum(Expr, Variable, Expr),
    /// Arithmetic on two whole numbers or two decimals.
    Arithmetic(Arithmetic, Expr, Expr),
    /// The number of calendar days from the second day to the first.
    DaysSince(Expr, Expr),
    /// The corresponding day this many months after the day (民法典 202). None if the day is known none.
    MonthsAfter(Expr, u16),
    /// The first day is not after the last day of the time that runs from the second, under some or under every lawful
    /// reading of that last day. False for an act known not to have been done; true for a time whose start is known not
    /// to have come; unknown outside the calendar.
    Within(Expr, Expr, Limit, Readings),
}

/// Under how many lawful readings of a last day an act must be in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Readings {
    /// At least one: otherwise it is late beyond doubt.
    Some,
    /// Every one: otherwise it is late under at least one reading.
    Every,
}
