//! Decides when one literal follows from another.
//!
//! Invariant: the logic is three-valued and facts may be known none. A comparison of such a fact is false and its
//! negation true, so "not less" differs from "at least".

use rust_decimal::Decimal;

use super::proof::{Bound, Prover};
use crate::expr::{Comparison, Expr, ExprKind, Variable};
use crate::value::{Type, Value};
use crate::vocabulary::{FactId, Vocabulary};

/// An expression that is not a conjunction, disjunction or negation, or the negation of one.
#[derive(Debug, Clone)]
pub(super) struct Literal<'a> {
    atom: Atom<'a>,
    holds: bool,
}

#[derive(Debug, Clone)]
enum Atom<'a> {
    /// An operand is one of these values.
    Is(&'a Expr, Values<'a>),
    /// Two operands in this relation: equal, less, or at most.
    Related(Comparison, &'a Expr, &'a Expr),
    /// Anything else.
    Plain(&'a Expr),
}

/// Values of one operand.
#[derive(Debug, Clone)]
enum Values<'a> {
    Listed(Vec<(&'a Type, &'a Value)>),
    Between(Range),
}

/// A range of numbers, with days as numbers; an end belongs to the range unless it is open.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    low: Option<End>,
    high: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct End {
    at: Decimal,
    open: bool,
}

impl<'a> Literal<'a> {
    pub(super) fn of(expr: &'a Expr, holds: bool) -> Literal<'a> {
        let literal = |atom, holds| Literal { atom, holds };
        match expr.kind() {
            ExprKind::OneOf(operand, values) => {
                let ty = operand.ty();
                let values = values.iter().map(|value| (ty, value)).collect();
                literal(Atom::Is(operand, Values::Listed(values)), holds)
            }
            ExprKind::Compare(op, a, b) => {
                let (op, holds) = match op {
                    Comparison::Ne => (Comparison::Eq, !holds),
                    op => (*op, holds),
                };
                let ExprKind::Constant(value) = b.kind() else {
                    return literal(related(op, a, b), holds);
                };
                if op == Comparison::Eq && *value == Value::Bool(true) {
                    return literal(Atom::Plain(a), holds);
                }
                let whole = matches!(a.ty(), Type::Int | Type::Date);
                match (number(value), op) {
                    (Some(at), op) if is_number(a.ty()) => {
                        let range = Range::of(op, at, whole);
                        // A count is never none: if it is not in the range, it is beyond it.
                        match range.beyond(whole).filter(|_| !holds && is_count(a)) {
                            Some(beyond) => literal(Atom::Is(a, Values::Between(beyond)), true),
                            None => literal(Atom::Is(a, Values::Between(range)), holds),
                        }
                    }
                    (_, Comparison::Eq) => {
                        literal(Atom::Is(a, Values::Listed(vec![(b.ty(), value)])), holds)
                    }
                    _ => literal(Atom::Plain(expr), holds),
                }
            }
            _ => literal(Atom::Plain(expr), holds),
        }
    }
}

/// A comparison of two operands, the lesser first.
fn related<'a>(op: Comparison, a: &'a Expr, b: &'a Expr) -> Atom<'a> {
    match op {
        Comparison::Gt | Comparison::Ge => Atom::Related(op.flipped(), b, a),
        _ => Atom::Related(op, a, b),
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Decimal | Type::Date)
}

fn is_count(expr: &Expr) -> bool {
    matches!(expr.kind(), ExprKind::Count(_) | ExprKind::CountWhere(..))
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(n) => Some(Decimal::from(*n)),
        Value::Decimal(n) => Some(*n),
        Value::Day(day) => Some(Decimal::from(day.number())),
        _ => None,
    }
}

impl Range {
    /// The numbers that stand in this relation to one number. For whole numbers the ends are always closed.
    fn of(op: Comparison, at: Decimal, whole: bool) -> Range {
        let whole = whole && at.is_integer();
        let end = |by: i64, open: bool| {
            let moved = at.checked_add(Decimal::from(by)).filter(|_| whole && open);
            Some(match moved {
                Some(at) => End { at, open: false },
                None => End { at, open },
            })
        };
        let (low, high) = match op {
            Comparison::Eq | Comparison::Ne => (end(0, false), end(0, false)),
            Comparison::Lt => (None, end(-1, true)),
            Comparison::Le => (None, end(0, false)),
            Comparison::Gt => (end(1, true), None),
            Comparison::Ge => (end(0, false), None),
        };
        Range { low, high }
    }

    /// The numbers outside the range, if it has only one end.
    fn beyond(self, whole: bool) -> Option<Range> {
        let other = |op, end: End| Range::of(op, end.at, whole);
        match (self.low, self.high) {
            (Some(low), None) if low.open => Some(other(Comparison::Le, low)),
            (Some(low), None) => Some(other(Comparison::Lt, low)),
            (None, Some(high)) if high.open => Some(other(Comparison::Ge, high)),
            (None, Some(high)) => Some(other(Comparison::Gt, high)),
            _ => None,
        }
    }

    fn has(self, at: Decimal) -> bool {
        let low = self
            .low
            .is_none_or(|end| at > end.at || (!end.open && at == end.at));
        let high = self
            .high
            .is_none_or(|end| at < end.at || (!end.open && at == end.at));
        low && high
    }

    fn is_within(self, other: Range) -> bool {
        let tighter =
            |own: Option<End>, other: Option<End>, beyond: fn(Decimal, Decimal) -> bool| match (
                own, other,
            ) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(own), Some(other)) => {
                    beyond(own.at, other.at) || (own.at == other.at && (own.open || !other.open))
                }
            };
        tighter(self.low, other.low, |a, b| a > b) && tighter(self.high, other.high, |a, b| a < b)
    }

    fn is_apart(self, other: Range) -> bool {
        let before = |a: Option<End>, b: Option<End>| match (a, b) {
            (Some(a), Some(b)) => a.at < b.at || (a.at == b.at && (a.open || b.open)),
            _ => false,
        };
        before(self.high, other.low) || before(other.high, self.low)
    }
}

impl<'a> Prover<'_, 'a> {
    /// Whether a literal of the right world follows from a literal of the left.
    pub(super) fn literal(self, a: &Literal<'a>, b: &Literal<'a>, bound: Bound<'_>) -> bool {
        match (a.holds, b.holds) {
            (true, true) => self.atom(&a.atom, &b.atom, bound),
            (false, false) => self.back().atom(&b.atom, &a.atom, &turned(bound)),
            (true, false) => self.excludes(&a.atom, &b.atom, bound),
            // Both may be unknown, or the fact may be known none.
            (false, true) => false,
        }
    }

    fn atom(self, a: &Atom<'a>, b: &Atom<'a>, bound: Bound<'_>) -> bool {
        match (a, b) {
            (Atom::Is(x, some), Atom::Is(y, more)) => {
                (self.same(x, y, bound) && self.are_within(some, more))
                    || self.more_counted(x, some, y, more, bound)
            }
            (Atom::Related(op, x, y), Atom::Related(other, v, w)) => {
                let equal = *op == Comparison::Eq;
                let follows = op == other || *other == Comparison::Le;
                let straight = self.same(x, v, bound) && self.same(y, w, bound);
                let crossed = self.same(x, w, bound) && self.same(y, v, bound);
                (follows && straight) || (follows && equal && crossed)
            }
            (_, Atom::Plain(b)) => match b.kind() {
                ExprKind::Present(fact) => self.shows(a, fact, bound) || self.plain(a, b, bound),
                _ => self.plain(a, b, bound),
            },
            _ => false,
        }
    }

    fn plain(self, a: &Atom<'a>, b: &'a Expr, bound: Bound<'_>) -> bool {
        let Atom::Plain(a) = a else { return false };
        match (a.kind(), b.kind()) {
            (ExprKind::ForAll(x, v, p), ExprKind::ForAll(y, w, q))
            | (ExprKind::Exists(x, v, p), ExprKind::Exists(y, w, q)) => {
                self.same(x, y, bound) && self.implies(p, q, &with(bound, *v, *w))
            }
            (ExprKind::Subset(x, few), ExprKind::Subset(y, many)) => {
                self.same(x, y, bound) && (self.same(few, many, bound) || self.is_part(few, many))
            }
            (ExprKind::Disjoint(x, many), ExprKind::Disjoint(y, few)) => {
                self.same(x, y, bound)
                    && (self.same(many, few, bound) || self.back().is_part(few, many))
            }
            _ => self.same(a, b, bound),
        }
    }

    /// Whether one count being in a range follows from another: at least n rows of one kind are at least n rows of a
    /// wider kind.
    fn more_counted(
        self,
        a: &'a Expr,
        some: &Values<'a>,
        b: &'a Expr,
        more: &Values<'a>,
        bound: Bound<'_>,
    ) -> bool {
        let (Values::Between(some), Values::Between(more)) = (some, more) else {
            return false;
        };
        let (ExprKind::CountWhere(x, v, p), ExprKind::CountWhere(y, w, q)) = (a.kind(), b.kind())
        else {
            return false;
        };
        if !self.same(x, y, bound) || !some.is_within(*more) {
            return false;
        }
        let inner = with(bound, *v, *w);
        match (more.low, more.high) {
            (Some(_), None) => self.implies(p, q, &inner),
            (None, Some(_)) => self.back().implies(q, p, &turned(&inner)),
            _ => false,
        }
    }

    /// Whether the atom can hold only if the fact has a value.
    fn shows(self, a: &Atom<'a>, fact: &'a Expr, bound: Bound<'_>) -> bool {
        let is_list = matches!(fact.ty(), Type::List(_) | Type::Rows(_));
        let same = |x: &'a Expr| self.same(x, fact, bound);
        match a {
            Atom::Is(x, _) => !is_list && same(x),
            Atom::Related(_, x, y) => !is_list && (same(x) || same(y)),
            Atom::Plain(x) => match x.kind() {
                ExprKind::Contains(list, _) => is_list && same(list),
                ExprKind::Fact { .. } | ExprKind::Field { .. } => !is_list && same(x),
                _ => false,
            },
        }
    }

    /// Whether the two cannot both hold, and the second is false whenever the first is true.
    fn excludes(self, a: &Atom<'a>, b: &Atom<'a>, bound: Bound<'_>) -> bool {
        let only = |values: &Values<'a>, wanted: bool| {
            matches!(values, Values::Listed(listed)
                if listed.iter().all(|(_, value)| **value == Value::Bool(wanted)))
        };
        match (a, b) {
            (Atom::Is(x, some), Atom::Is(y, others)) => {
                self.same(x, y, bound) && self.are_apart(some, others)
            }
            (Atom::Is(x, values), Atom::Plain(y)) | (Atom::Plain(x), Atom::Is(y, values)) => {
                only(values, false) && self.same(x, y, bound)
            }
            (Atom::Related(op, x, y), Atom::Related(other, v, w)) => {
                use Comparison::{Eq, Le, Lt};
                let straight = self.same(x, v, bound) && self.same(y, w, bound);
                let crossed = self.same(x, w, bound) && self.same(y, v, bound);
                match (op, other) {
                    (Lt, Eq) | (Eq, Lt) => straight || crossed,
                    (Lt, Lt | Le) | (Le, Lt) => crossed,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn are_within(self, some: &Values<'a>, more: &Values<'a>) -> bool {
        match (some, more) {
            (Values::Between(some), Values::Between(more)) => some.is_within(*more),
            (Values::Listed(some), Values::Between(more)) => some
                .iter()
                .all(|(_, value)| number(value).is_some_and(|at| more.has(at))),
            (Values::Listed(some), Values::Listed(more)) => some
                .iter()
                .all(|a| more.iter().any(|b| self.same_value(*a, *b))),
            // The range holds a single number.
            (
                Values::Between(Range {
                    low: Some(low),
                    high: Some(high),
                }),
                Values::Listed(more),
            ) => {
                let one = low == high && !low.open;
                one && more.iter().any(|(_, value)| number(value) == Some(low.at))
            }
            (Values::Between(_), Values::Listed(_)) => false,
        }
    }

    fn are_apart(self, some: &Values<'a>, others: &Values<'a>) -> bool {
        let outside = |listed: &[(&Type, &Value)], range: &Range| {
            listed
                .iter()
                .all(|(_, value)| number(value).is_some_and(|at| !range.has(at)))
        };
        match (some, others) {
            (Values::Between(a), Values::Between(b)) => a.is_apart(*b),
            (Values::Listed(listed), Values::Between(range))
            | (Values::Between(range), Values::Listed(listed)) => outside(listed, range),
            // Names of persons and free texts may be written in several ways, so different texts need not differ in
            // meaning.
            (Values::Listed(a), Values::Listed(b)) => a.iter().all(|a| {
                let exact =
                    matches!(a.1, Value::Symbol(_) | Value::Bool(_)) || number(a.1).is_some();
                exact && b.iter().all(|b| !self.same_value(*a, *b))
            }),
        }
    }

    /// Whether every constant of the first list is in the second.
    fn is_part(self, few: &Expr, many: &Expr) -> bool {
        let (
            ExprKind::Constant(Value::List(few_values)),
            ExprKind::Constant(Value::List(many_values)),
        ) = (few.kind(), many.kind())
        else {
            return false;
        };
        let of = |ty: &'_ Type| match ty {
            Type::List(of) => (**of).clone(),
            ty => ty.clone(),
        };
        let (x, y) = (of(few.ty()), of(many.ty()));
        few_values.iter().all(|a| {
            many_values
                .iter()
                .any(|b| self.same_value((&x, a), (&y, b)))
        })
    }

    /// Whether an expression of the left world and one of the right mean the same.
    pub(super) fn same(self, a: &Expr, b: &Expr, bound: Bound<'_>) -> bool {
        let all = |x: &[Expr], y: &[Expr]| {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| self.same(x, y, bound))
        };
        let inner = |x: &Expr, v, p: &Expr, y: &Expr, w, q: &Expr| {
            self.same(x, y, bound) && self.same(p, q, &with(bound, v, w))
        };
        match (a.kind(), b.kind()) {
            (ExprKind::Fact { fact: a, .. }, ExprKind::Fact { fact: b, .. }) => {
                self.same_fact(*a, *b)
            }
            (
                ExprKind::Field {
                    fact: a,
                    variable: v,
                    ..
                },
                ExprKind::Field {
                    fact: b,
                    variable: w,
                    ..
                },
            ) => self.same_fact(*a, *b) && bound.contains(&(*v, *w)),
            (ExprKind::Row { variable: v, .. }, ExprKind::Row { variable: w, .. }) => {
                bound.contains(&(*v, *w))
            }
            (ExprKind::Constant(x), ExprKind::Constant(y)) => {
                self.same_value((a.ty(), x), (b.ty(), y))
            }
            (ExprKind::Not(x), ExprKind::Not(y))
            | (ExprKind::Present(x), ExprKind::Present(y))
            | (ExprKind::Count(x), ExprKind::Count(y)) => self.same(x, y, bound),
            (ExprKind::MonthsAfter(x, n), ExprKind::MonthsAfter(y, m)) => {
                n == m && self.same(x, y, bound)
            }
            (ExprKind::All(x), ExprKind::All(y)) | (ExprKind::Any(x), ExprKind::Any(y)) => {
                all(x, y)
            }
            (ExprKind::Compare(op, x, y), ExprKind::Compare(other, v, w)) => {
                op == other && self.same(x, v, bound) && self.same(y, w, bound)
            }
            (ExprKind::Arithmetic(op, x, y), ExprKind::Arithmetic(other, v, w)) => {
                op == other && self.same(x, v, bound) && self.same(y, w, bound)
            }
            (ExprKind::OneOf(x, few), ExprKind::OneOf(y, many)) => {
                let same = |(a, b): (&Value, &Value)| self.same_value((x.ty(), a), (y.ty(), b));
                self.same(x, y, bound) && few.len() == many.len() && few.iter().zip(many).all(same)
            }
            (ExprKind::Contains(x, y), ExprKind::Contains(v, w))
            | (ExprKind::Disjoint(x, y), ExprKind::Disjoint(v, w))
            | (ExprKind::Subset(x, y), ExprKind::Subset(v, w))
            | (ExprKind::Both(x, y), ExprKind::Both(v, w))
            | (ExprKind::DaysSince(x, y), ExprKind::DaysSince(v, w)) => {
                self.same(x, v, bound) && self.same(y, w, bound)
            }
            (ExprKind::ForAll(x, v, p), ExprKind::ForAll(y, w, q))
            | (ExprKind::Exists(x, v, p), ExprKind::Exists(y, w, q))
            | (ExprKind::CountWhere(x, v, p), ExprKind::CountWhere(y, w, q))
            | (ExprKind::Sum(x, v, p), ExprKind::Sum(y, w, q)) => inner(x, *v, p, y, *w, q),
            (ExprKind::Within(x, y, limit, by), ExprKind::Within(v, w, other, others)) => {
                limit == other && by == others && self.same(x, v, bound) && self.same(y, w, bound)
            }
            _ => false,
        }
    }

    /// The two vocabularies, if they differ.
    fn vocabularies(self) -> Option<(&'a Vocabulary, &'a Vocabulary)> {
        self.left
            .vocabulary
            .zip(self.right.vocabulary)
            .filter(|(a, b)| !std::ptr::eq(*a, *b))
    }

    pub(super) fn same_fact(self, a: FactId, b: FactId) -> bool {
        match self.vocabularies() {
            Some((left, right)) => left.fact(a).path == right.fact(b).path,
            None => a == b,
        }
    }

    fn same_value(self, a: (&Type, &Value), b: (&Type, &Value)) -> bool {
        let code = |vocabulary: &'a Vocabulary, ty: &Type, value: &Value| match (ty, value) {
            (Type::Enum(id), Value::Symbol(symbol)) => vocabulary
                .enumeration(*id)
                .value(*symbol)
                .map(|value| value.code.clone()),
            _ => None,
        };
        match (self.vocabularies(), a.1, b.1) {
            (Some((left, right)), Value::Symbol(_), Value::Symbol(_)) => {
                let (a, b) = (code(left, a.0, a.1), code(right, b.0, b.1));
                a.is_some() && a == b
            }
            (Some(_), Value::List(x), Value::List(y)) => {
                let of = |ty: &Type| match ty {
                    Type::List(of) => (**of).clone(),
                    ty => ty.clone(),
                };
                let (s, t) = (of(a.0), of(b.0));
                x.len() == y.len()
                    && x.iter()
                        .zip(y.iter())
                        .all(|(x, y)| self.same_value((&s, x), (&t, y)))
            }
            _ => a.1 == b.1,
        }
    }
}

fn with(bound: Bound<'_>, left: Variable, right: Variable) -> Vec<(Variable, Variable)> {
    let mut bound = bound.to_vec();
    bound.push((left, right));
    bound
}

fn turned(bound: Bound<'_>) -> Vec<(Variable, Variable)> {
    bound.iter().map(|(left, right)| (*right, *left)).collect()
}
