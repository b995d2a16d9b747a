//! Builds expressions and rejects those that cannot be meant.
//!
//! Terms: an *input* is an operand as a script writes it: an expression, or a literal that takes its type from the
//! other side. A text opposite an enum is one of its values, by code, label or alias; opposite a date it is a date;
//! opposite a person, a name. A whole number opposite a decimal is a decimal.
//!
//! Invariants: what a [`Builder`] returns is well-typed and within [`MAX_SIZE`] and [`MAX_DEPTH`]; a compared constant
//! is on the right; a conjunction contains no conjunction and a disjunction no disjunction.

mod check;
mod error;
mod path;
mod types;

use std::cell::Cell;
use std::sync::Arc;

use rust_decimal::Decimal;

pub use error::BuildError;
use types::{is_day, is_number};

use super::{Arithmetic, Comparison, Expr, ExprKind, Node, Readings, Variable};
use crate::period::Limit;
use crate::source::Span;
use crate::value::{Day, Type, Value};
use crate::vocabulary::Vocabulary;

/// The most nodes of an expression; a shared part counts each time it is used.
pub const MAX_SIZE: u32 = 10_000;

/// The most levels of nesting of an expression.
pub const MAX_DEPTH: u16 = 64;

type Built = Result<Expr, BuildError>;

/// A literal of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A text: free text, an enum value, a date or a name, depending on the other side.
    Text(String),
    /// A whole number.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
    /// `decimal("1.50")`.
    Decimal(Decimal),
    /// `date("2024-04-05")`.
    Day(Day),
}

/// An operand as a script writes it.
#[derive(Debug, Clone)]
pub enum Input {
    /// An expression.
    Expr(Expr),
    /// A literal.
    Literal(Literal),
}

impl From<Expr> for Input {
    fn from(expr: Expr) -> Self {
        Input::Expr(expr)
    }
}

impl From<Literal> for Input {
    fn from(literal: Literal) -> Self {
        Input::Literal(literal)
    }
}

/// Builds the expressions of one load. Every method takes the script position that builds the expression.
#[derive(Debug)]
pub struct Builder {
    vocabulary: Arc<Vocabulary>,
    next: Cell<u32>,
}

impl Builder {
    /// A builder of expressions over the facts of a vocabulary.
    #[must_use]
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Builder {
            vocabulary,
            next: Cell::new(0),
        }
    }

    /// The vocabulary of its facts.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// A comparison of two operands.
    pub fn compare(&self, op: Comparison, left: Input, right: Input, at: Option<Span>) -> Built {
        let (op, left, right) = match (left, right) {
            (Input::Literal(literal), right @ Input::Expr(_)) => {
                (op.flipped(), right, Input::Literal(literal))
            }
            (left, right) => (op, left, right),
        };
        let (left, right) = self.pair(left, right)?;
        self.comparable(&left.0.ty, &right.0.ty)?;
        let ordered = is_number(&left.0.ty) || is_day(&left.0.ty);
        if !ordered && !matches!(op, Comparison::Eq | Comparison::Ne) {
            return Err(BuildError::NoOrder {
                ty: self.name(&left.0.ty),
            });
        }
        let children = [left.clone(), right.clone()];
        self.node(
            ExprKind::Compare(op, left, right),
            Type::Bool,
            &children,
            at,
        )
    }

    /// The operand is one of these literals.
    pub fn one_of(&self, operand: Expr, literals: Vec<Literal>, at: Option<Span>) -> Built {
        if literals.is_empty() {
            return Err(BuildError::Empty);
        }
        let values = literals
            .into_iter()
            .map(|literal| Ok(self.literal(literal, &operand.0.ty)?.0))
            .collect::<Result<Box<[Value]>, BuildError>>()?;
        let children = [operand.clone()];
        self.node(ExprKind::OneOf(operand, values), Type::Bool, &children, at)
    }

    /// The condition does not hold.
    pub fn not(&self, condition: Expr, at: Option<Span>) -> Built {
        self.condition(&condition)?;
        let children = [condition.clone()];
        self.node(ExprKind::Not(condition), Type::Bool, &children, at)
    }

    /// Every condition holds.
    pub fn all(&self, conditions: Vec<Expr>, at: Option<Span>) -> Built {
        self.junction(
            conditions,
            |kind| match kind {
                ExprKind::All(items) => Some(items),
                _ => None,
            },
            ExprKind::All,
            at,
        )
    }

    /// At least one condition holds.
    pub fn any(&self, conditions: Vec<Expr>, at: Option<Span>) -> Built {
        self.junction(
            conditions,
            |kind| match kind {
                ExprKind::Any(items) => Some(items),
                _ => None,
            },
            ExprKind::Any,
            at,
        )
    }

    /// None of the conditions holds.
    pub fn none_of(&self, conditions: Vec<Expr>, at: Option<Span>) -> Built {
        let any = self.any(conditions, at.clone())?;
        self.not(any, at)
    }

    /// The fact has a value: it is neither known none nor an empty list.
    pub fn present(&self, fact: Expr, at: Option<Span>) -> Built {
        match fact.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } | ExprKind::Both(..) => {}
            ExprKind::Row { .. } => return Err(BuildError::WholeRow),
            _ => {
                return Err(BuildError::NotAFact {
                    ty: self.name(&fact.0.ty),
                });
            }
        }
        let children = [fact.clone()];
        self.node(ExprKind::Present(fact), Type::Bool, &children, at)
    }

    /// The fact is known none, or an empty list.
    pub fn absent(&self, fact: Expr, at: Option<Span>) -> Built {
        let present = self.present(fact, at.clone())?;
        self.not(present, at)
    }

    /// The list contains the operand.
    pub fn contains(&self, list: Expr, operand: Input, at: Option<Span>) -> Built {
        let of = self.element(&list)?.clone();
        let operand = match operand {
            Input::Expr(operand) => operand,
            Input::Literal(literal) => self.constant(literal, &of)?,
        };
        self.comparable(&of, &operand.0.ty)?;
        let children = [list.clone(), operand.clone()];
        self.node(ExprKind::Contains(list, operand), Type::Bool, &children, at)
    }

    /// The list contains every one of these literals.
    pub fn contains_all(&self, list: &Expr, literals: Vec<Literal>, at: Option<Span>) -> Built {
        let each = literals
            .into_iter()
            .map(|literal| self.contains(list.clone(), Input::Literal(literal), at.clone()))
            .collect::<Result<Vec<Expr>, BuildError>>()?;
        self.all(each, at)
    }

    /// A list of literals, each with the element type of another list, for relating it to that list.
    pub fn list_like(&self, list: &Expr, literals: Vec<Literal>) -> Built {
        let of = self.element(list)?.clone();
        let values = literals
            .into_iter()
            .map(|literal| Ok(self.literal(literal, &of)?.0))
            .collect::<Result<Arc<[Value]>, BuildError>>()?;
        if values.is_empty() {
            return Err(BuildError::Empty);
        }
        let ty = Type::List(Box::new(of));
        self.node(ExprKind::Constant(Value::List(values)), ty, &[], None)
    }

    /// The two lists have no element in common.
    pub fn disjoint(&self, left: Expr, right: Expr, at: Option<Span>) -> Built {
        let children = self.alike(&left, &right)?;
        self.node(ExprKind::Disjoint(left, right), Type::Bool, &children, at)
    }

    /// Every element of the first list is in the second.
    pub fn subset(&self, left: Expr, right: Expr, at: Option<Span>) -> Built {
        let children = self.alike(&left, &right)?;
        self.node(ExprKind::Subset(left, right), Type::Bool, &children, at)
    }

    /// The elements of the first list that are in the second too.
    pub fn both(&self, left: Expr, right: Expr, at: Option<Span>) -> Built {
        let children = self.alike(&left, &right)?;
        let ty = left.0.ty.clone();
        self.node(ExprKind::Both(left, right), ty, &children, at)
    }

    /// The condition holds for every row. `variable` is the one that [`Builder::row`] returned for the list.
    pub fn for_all(&self, list: Expr, variable: Variable, body: Expr, at: Option<Span>) -> Built {
        let children = self.quantified(&list, &body)?;
        self.node(
            ExprKind::ForAll(list, variable, body),
            Type::Bool,
            &children,
            at,
        )
    }

    /// The condition holds for at least one row.
    pub fn exists(&self, list: Expr, variable: Variable, body: Expr, at: Option<Span>) -> Built {
        let children = self.quantified(&list, &body)?;
        self.node(
            ExprKind::Exists(list, variable, body),
            Type::Bool,
            &children,
            at,
        )
    }

    /// The number of elements of a list, or of rows of a list of groups.
    pub fn count(&self, list: Expr, at: Option<Span>) -> Built {
        if !matches!(list.0.ty, Type::Rows(_)) {
            self.element(&list)?;
        }
        let children = [list.clone()];
        self.node(ExprKind::Count(list), Type::Int, &children, at)
    }

    /// The number of rows for which the condition holds.
    pub fn count_where(
        &self,
        list: Expr,
        variable: Variable,
        body: Expr,
        at: Option<Span>,
    ) -> Built {
        let children = self.quantified(&list, &body)?;
        self.node(
            ExprKind::CountWhere(list, variable, body),
            Type::Int,
            &children,
            at,
        )
    }

    /// The sum of a number over the rows.
    pub fn sum(&self, list: Expr, variable: Variable, body: Expr, at: Option<Span>) -> Built {
        self.rows(&list)?;
        self.number(&body)?;
        let ty = body.0.ty.clone();
        let children = [list.clone(), body.clone()];
        self.node(ExprKind::Sum(list, variable, body), ty, &children, at)
    }

    /// Arithmetic on two numbers; a decimal if either is one.
    pub fn arithmetic(&self, op: Arithmetic, left: Input, right: Input, at: Option<Span>) -> Built {
        let (left, right) = self.pair(left, right)?;
        self.number(&left)?;
        self.number(&right)?;
        let ty = if left.0.ty == right.0.ty {
            left.0.ty.clone()
        } else {
            Type::Decimal
        };
        let children = [left.clone(), right.clone()];
        self.node(ExprKind::Arithmetic(op, left, right), ty, &children, at)
    }

    /// The number of calendar days from the second day to the first.
    pub fn days_since(&self, later: Input, earlier: Input, at: Option<Span>) -> Built {
        let (later, earlier) = self.pair(later, earlier)?;
        for side in [&later, &earlier] {
            if !is_day(&side.0.ty) {
                return Err(BuildError::NotADay {
                    ty: self.name(&side.0.ty),
                });
            }
        }
        let children = [later.clone(), earlier.clone()];
        self.node(
            ExprKind::DaysSince(later, earlier),
            Type::Int,
            &children,
            at,
        )
    }

    /// The corresponding day this many months after the day.
    pub fn months_after(&self, day: Expr, months: u16, at: Option<Span>) -> Built {
        if !is_day(&day.0.ty) {
            return Err(BuildError::NotADay {
                ty: self.name(&day.0.ty),
            });
        }
        let children = [day.clone()];
        self.node(
            ExprKind::MonthsAfter(day, months),
            Type::Date,
            &children,
            at,
        )
    }

    /// Whether `act` is in time, when the time runs from `since`.
    pub fn within(
        &self,
        act: Expr,
        since: Expr,
        limit: Limit,
        readings: Readings,
        at: Option<Span>,
    ) -> Built {
        for side in [&act, &since] {
            self.day(side)?;
        }
        let children = [act.clone(), since.clone()];
        let kind = ExprKind::Within(act, since, limit, readings);
        self.node(kind, Type::Bool, &children, at)
    }

    fn constant(&self, literal: Literal, against: &Type) -> Built {
        let (value, ty) = self.literal(literal, against)?;
        self.node(ExprKind::Constant(value), ty, &[], None)
    }

    /// Two inputs as expressions; a literal takes its type from the other.
    fn pair(&self, left: Input, right: Input) -> Result<(Expr, Expr), BuildError> {
        match (left, right) {
            (Input::Literal(_), Input::Literal(_)) => Err(BuildError::Constants),
            (Input::Expr(left), Input::Expr(right)) => Ok((left, right)),
            (Input::Expr(left), Input::Literal(literal)) => {
                let right = self.constant(literal, &left.0.ty)?;
                Ok((left, right))
            }
            (Input::Literal(literal), Input::Expr(right)) => {
                Ok((self.constant(literal, &right.0.ty)?, right))
            }
        }
    }

    /// A conjunction or disjunction, with nested ones of its kind flattened; a single condition is returned as it is.
    fn junction(
        &self,
        conditions: Vec<Expr>,
        same: impl Fn(&ExprKind) -> Option<&[Expr]>,
        make: impl Fn(Box<[Expr]>) -> ExprKind,
        at: Option<Span>,
    ) -> Built {
        let mut items: Vec<Expr> = Vec::with_capacity(conditions.len());
        for condition in conditions {
            self.condition(&condition)?;
            match same(&condition.0.kind) {
                Some(inner) => items.extend(inner.iter().cloned()),
                None => items.push(condition),
            }
            if items.len() > MAX_SIZE as usize {
                return Err(BuildError::TooLarge);
            }
        }
        if items.len() <= 1 {
            return items.pop().ok_or(BuildError::Empty);
        }
        let children = items.clone();
        self.node(make(items.into()), Type::Bool, &children, at)
    }

    /// Creates a node, unless it exceeds the limits.
    fn node(&self, kind: ExprKind, ty: Type, children: &[Expr], at: Option<Span>) -> Built {
        let own = match &kind {
            ExprKind::OneOf(_, values) => values.len(),
            ExprKind::Constant(Value::List(values)) => values.len(),
            _ => 1,
        };
        let own = u32::try_from(own).unwrap_or(u32::MAX);
        let size = children
            .iter()
            .fold(own, |sum, child| sum.saturating_add(child.0.size));
        let depth = 1 + children
            .iter()
            .map(|child| child.0.depth)
            .max()
            .unwrap_or(0);
        if size > MAX_SIZE {
            return Err(BuildError::TooLarge);
        }
        if depth > MAX_DEPTH {
            return Err(BuildError::TooDeep);
        }
        Ok(Expr(Arc::new(Node {
            kind,
            ty,
            at,
            size,
            depth,
        })))
    }
}
