//! Typed expressions over the facts of a record: built once by the scripts, evaluated natively on every record.
//!
//! Terms: a *condition* is an expression of type [`Type::Bool`]; an *operand* yields a value; a *row* is one group of a
//! list of groups, and inside a quantifier a [`Kind::Field`] reads the row at hand.
//!
//! Invariants: every expression is type-checked where it is built; evaluation is three-valued and monotone in
//! information; an expression carries the script position it was built at, and its size and depth, which are limited so
//! that no script can build a tree that exhausts the stack.

mod build;
mod eval;
mod explain;
mod print;

use std::sync::Arc;

pub use explain::{Trace, TraceValue};

use crate::source::Span;
use crate::value::{ShapeId, SlotId, Type, Value};
use crate::vocabulary::FactId;

/// An expression: shared, immutable, `Send + Sync`.
#[derive(Debug, Clone)]
pub struct Expr(pub(crate) Arc<Node>);

/// What an expression is made of.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) ty: Type,
    /// Where in the script it was built.
    pub(crate) at: Option<Span>,
    /// Number of nodes, itself included.
    pub(crate) size: u32,
    /// Levels of nesting, itself included.
    pub(crate) depth: u16,
}

/// A row variable: unique among the quantifiers of one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable(pub u32);

/// How two operands are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
}

/// The kinds of expression.
#[derive(Debug)]
pub enum Kind {
    /// A fact of the record itself: its slot in the root shape.
    Fact {
        /// Which fact of the vocabulary.
        fact: FactId,
        /// Its slot in the record.
        slot: SlotId,
    },
    /// A fact of the row that a quantifier has at hand.
    Field {
        /// Which fact of the vocabulary.
        fact: FactId,
        /// Its slot in the row.
        slot: SlotId,
        /// The variable of the quantifier whose row is read.
        variable: Variable,
    },
    /// The row variable itself; no operator but taking a field of it accepts it.
    Row {
        /// The shape of the row.
        shape: ShapeId,
        /// The variable.
        variable: Variable,
    },
    /// A literal.
    Constant(Value),
    /// Not.
    Not(Expr),
    /// Every one holds.
    All(Box<[Expr]>),
    /// At least one holds.
    Any(Box<[Expr]>),
    /// Two operands compared.
    Compare(Comparison, Expr, Expr),
    /// The operand is one of these constants.
    OneOf(Expr, Box<[Value]>),
    /// The operand has a value: it is neither unknown (then so is this) nor known none.
    Present(Expr),
    /// The list contains the operand.
    Contains(Expr, Expr),
    /// The two lists have no element in common.
    Disjoint(Expr, Expr),
    /// Every element of the first list is in the second.
    Subset(Expr, Expr),
    /// The elements that are in both lists.
    Both(Expr, Expr),
    /// The condition holds of every row of the list of groups.
    ForAll(Expr, Variable, Expr),
    /// The condition holds of at least one row of the list of groups.
    Exists(Expr, Variable, Expr),
    /// The number of elements of a list.
    Count(Expr),
    /// The number of rows of a list of groups of which the condition holds.
    CountWhere(Expr, Variable, Expr),
    /// The sum of an operand over the rows of a list of groups.
    Sum(Expr, Variable, Expr),
    /// Arithmetic on two whole numbers or two decimals.
    Arithmetic(Arithmetic, Expr, Expr),
    /// The number of calendar days from the second day to the first.
    DaysSince(Expr, Expr),
}
