//! Operands: values borrowed from a record or computed, and how they compare.

use rust_decimal::Decimal;

use crate::expr::{Arithmetic, Comparison, Readings};
use crate::period::{Calendar, Limit, due};
use crate::truth::Truth;
use crate::value::naming::{self, Sameness};
use crate::value::{Day, Moment, Party, Row, Symbol, Value};

/// The bounds of a count, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The lower bound.
    pub min: i64,
    /// The upper bound; [`i64::MAX`] if there is none.
    pub max: i64,
}

impl Bounds {
    /// No bounds.
    pub const ANY: Bounds = Bounds {
        min: 0,
        max: i64::MAX,
    };

    /// A count known exactly.
    #[must_use]
    pub fn exactly(n: i64) -> Self {
        Bounds { min: n, max: n }
    }
}

/// The value of an operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand<'a> {
    /// Not known.
    Unknown,
    /// Known not to exist or not to have happened.
    None,
    /// Done, on a day that is not known.
    Done,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number of which only bounds are known; they differ.
    Between(Bounds),
    /// A decimal number.
    Decimal(Decimal),
    /// A calendar day.
    Day(Day),
    /// A day with a time of day.
    Moment(Moment),
    /// An enum value.
    Symbol(Symbol),
    /// Free text.
    Text(&'a str),
    /// A person or an organisation.
    Party(&'a Party),
    /// Several values.
    List(&'a [Value]),
    /// Several groups.
    Rows(&'a [Row]),
    /// The elements of a `both`: see [`crate::expr::Expr::value`].
    Computed,
}

impl<'a> From<&'a Value> for Operand<'a> {
    #[inline]
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Unknown => Operand::Unknown,
            Value::None => Operand::None,
            Value::Done => Operand::Done,
            Value::Bool(b) => Operand::Bool(*b),
            Value::Int(n) => Operand::Int(*n),
            Value::Decimal(n) => Operand::Decimal(*n),
            Value::Day(day) => Operand::Day(*day),
            Value::Moment(moment) => Operand::Moment(*moment),
            Value::Symbol(symbol) => Operand::Symbol(*symbol),
            Value::Text(text) => Operand::Text(text),
            Value::Party(party) => Operand::Party(party),
            Value::List(items) => Operand::List(items),
            Value::Rows(rows) => Operand::Rows(rows),
        }
    }
}

impl From<Bounds> for Operand<'_> {
    #[inline]
    fn from(bounds: Bounds) -> Self {
        if bounds.min == bounds.max {
            Operand::Int(bounds.min)
        } else {
            Operand::Between(bounds)
        }
    }
}

impl Operand<'_> {
    /// Whether it is one of these values.
    #[inline]
    pub(in crate::expr) fn one_of(self, values: &[Value]) -> Truth {
        match self {
            Operand::Unknown => Truth::Unknown,
            Operand::None => Truth::False,
            Operand::Symbol(symbol) => Truth::from(
                values
                    .iter()
                    .any(|value| matches!(value, Value::Symbol(other) if *other == symbol)),
            ),
            operand => Truth::any(
                values
                    .iter()
                    .map(|value| compare(Comparison::Eq, operand, Operand::from(value))),
            ),
        }
    }

    /// The day, of a day or a day with a time.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        match self {
            Operand::Day(day) => Some(day),
            Operand::Moment(moment) => Some(moment.day),
            _ => None,
        }
    }

    /// The bounds of a whole number, equal if it is known exactly.
    fn bounds(self) -> Option<Bounds> {
        match self {
            Operand::Int(n) => Some(Bounds::exactly(n)),
            Operand::Between(bounds) => Some(bounds),
            _ => None,
        }
    }

    fn decimal(self) -> Option<Decimal> {
        match self {
            Operand::Int(n) => Some(Decimal::from(n)),
            Operand::Decimal(n) => Some(n),
            _ => None,
        }
    }
}

/// Compares two operands. A day compares with a moment by the day of the moment.
#[inline]
pub(super) fn compare(op: Comparison, a: Operand<'_>, b: Operand<'_>) -> Truth {
    match (a, b) {
        (Operand::Symbol(a), Operand::Symbol(b)) => ordered(op, a, b),
        (Operand::Day(a), Operand::Day(b)) => ordered(op, a, b),
        (Operand::Bool(a), Operand::Bool(b)) => ordered(op, a, b),
        (Operand::Int(a), Operand::Int(b)) => ordered(op, a, b),
        (Operand::Decimal(a), Operand::Decimal(b)) => ordered(op, a, b),
        (Operand::None, _) | (_, Operand::None) => Truth::from(op == Comparison::Ne),
        (Operand::Unknown, _) | (_, Operand::Unknown) => Truth::Unknown,
        _ => compare_rarer(op, a, b),
    }
}

fn compare_rarer(op: Comparison, a: Operand<'_>, b: Operand<'_>) -> Truth {
    match (a, b) {
        (Operand::Text(a), Operand::Text(b)) => match op {
            Comparison::Eq => Truth::from(naming::is_same(a, b)),
            Comparison::Ne => Truth::from(!naming::is_same(a, b)),
            _ => ordered(op, a, b),
        },
        (Operand::Party(a), Operand::Party(b)) => match (op, a.sameness(b)) {
            (Comparison::Eq, Sameness::Same) | (Comparison::Ne, Sameness::Different) => Truth::True,
            (Comparison::Eq, Sameness::Different) | (Comparison::Ne, Sameness::Same) => {
                Truth::False
            }
            _ => Truth::Unknown,
        },
        (Operand::Moment(a), Operand::Moment(b)) => ordered(op, a, b),
        (Operand::Between(x), Operand::Decimal(y)) => {
            let x = (Decimal::from(x.min), Decimal::from(x.max));
            between(op, x, (y, y))
        }
        (Operand::Decimal(x), Operand::Between(y)) => {
            let y = (Decimal::from(y.min), Decimal::from(y.max));
            between(op, (x, x), y)
        }
        _ => {
            if let (Some(a), Some(b)) = (a.day(), b.day()) {
                ordered(op, a, b)
            } else if let (Some(a), Some(b)) = (a.bounds(), b.bounds()) {
                between(op, (a.min, a.max), (b.min, b.max))
            } else if let (Some(a), Some(b)) = (a.decimal(), b.decimal()) {
                ordered(op, a, b)
            } else {
                // Unlike types; the builder rejects them.
                Truth::Unknown
            }
        }
    }
}

#[inline]
fn ordered<T: PartialOrd + Copy>(op: Comparison, a: T, b: T) -> Truth {
    Truth::from(match op {
        Comparison::Eq => a == b,
        Comparison::Ne => a != b,
        Comparison::Lt => a < b,
        Comparison::Le => a <= b,
        Comparison::Gt => a > b,
        Comparison::Ge => a >= b,
    })
}

/// Compares two numbers known only by their bounds.
fn between<T: PartialOrd + Copy>(op: Comparison, a: (T, T), b: (T, T)) -> Truth {
    let known = |holds: bool, fails: bool| match (holds, fails) {
        (true, _) => Truth::True,
        (_, true) => Truth::False,
        _ => Truth::Unknown,
    };
    let equal = a.0 == a.1 && b.0 == b.1 && a.0 == b.0;
    let apart = a.1 < b.0 || b.1 < a.0;
    match op {
        Comparison::Eq => known(equal, apart),
        Comparison::Ne => known(apart, equal),
        Comparison::Lt => known(a.1 < b.0, a.0 >= b.1),
        Comparison::Le => known(a.1 <= b.0, a.0 > b.1),
        Comparison::Gt => known(a.0 > b.1, a.1 <= b.0),
        Comparison::Ge => known(a.0 >= b.1, a.1 < b.0),
    }
}

/// The result does not fit the number type.
#[derive(Debug)]
pub(super) struct Overflow;

/// Arithmetic on two numbers. None if either is known none. Bounds that would overflow are dropped.
pub(super) fn arithmetic<'a>(
    op: Arithmetic,
    a: Operand<'_>,
    b: Operand<'_>,
) -> Result<Operand<'a>, Overflow> {
    let whole = |a: i64, b: i64| match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
    };
    match (a, b) {
        (Operand::None, _) | (_, Operand::None) => Ok(Operand::None),
        (Operand::Unknown, _) | (_, Operand::Unknown) => Ok(Operand::Unknown),
        (Operand::Int(a), Operand::Int(b)) => whole(a, b).map(Operand::Int).ok_or(Overflow),
        (Operand::Between(_), Operand::Decimal(_)) | (Operand::Decimal(_), Operand::Between(_)) => {
            Ok(Operand::Unknown)
        }
        _ => {
            if let (Some(a), Some(b)) = (a.bounds(), b.bounds()) {
                return Ok(bounded(a, b, whole));
            }
            let (Some(a), Some(b)) = (a.decimal(), b.decimal()) else {
                return Ok(Operand::Unknown);
            };
            match op {
                Arithmetic::Add => a.checked_add(b),
                Arithmetic::Sub => a.checked_sub(b),
                Arithmetic::Mul => a.checked_mul(b),
            }
            .map(Operand::Decimal)
            .ok_or(Overflow)
        }
    }
}

/// The bounds of a result: its extremes are among the results of the bounds.
fn bounded<'a>(a: Bounds, b: Bounds, op: impl Fn(i64, i64) -> Option<i64>) -> Operand<'a> {
    if a.max == i64::MAX || b.max == i64::MAX {
        return Operand::Unknown;
    }
    let corners = [
        op(a.min, b.min),
        op(a.min, b.max),
        op(a.max, b.min),
        op(a.max, b.max),
    ];
    let mut bounds: Option<Bounds> = None;
    for corner in corners {
        let Some(n) = corner else {
            return Operand::Unknown;
        };
        bounds = Some(bounds.map_or(Bounds::exactly(n), |bounds| Bounds {
            min: bounds.min.min(n),
            max: bounds.max.max(n),
        }));
    }
    bounds.map_or(Operand::Unknown, Operand::from)
}

/// The calendar days from the second day to the first. None if either is known none.
pub(super) fn days_between<'a>(later: Operand<'_>, earlier: Operand<'_>) -> Operand<'a> {
    match (later, earlier) {
        (Operand::None, _) | (_, Operand::None) => Operand::None,
        _ => match (later.day(), earlier.day()) {
            (Some(later), Some(earlier)) => Operand::Int(i64::from(later - earlier)),
            _ => Operand::Unknown,
        },
    }
}

/// The corresponding day this many months later. None if the day is known none.
pub(super) fn months_after<'a>(day: Operand<'_>, months: u16) -> Operand<'a> {
    match day {
        Operand::None => Operand::None,
        Operand::Done => Operand::Done,
        _ => day.day().map_or(Operand::Unknown, |day| {
            Operand::Day(day.months_later(months))
        }),
    }
}

/// Whether an act is in time, when the time runs from `since`; see [`crate::expr::ExprKind::Within`].
pub(super) fn within(
    calendar: Option<&Calendar>,
    act: Operand<'_>,
    since: Operand<'_>,
    limit: Limit,
    readings: Readings,
) -> Truth {
    if matches!(act, Operand::None) {
        return Truth::False;
    }
    let is_known_done = matches!(act, Operand::Done) || act.day().is_some();
    if is_known_done && matches!(since, Operand::None) {
        return Truth::True;
    }
    let Some(act) = act.day() else {
        return Truth::Unknown;
    };
    let dates = calendar
        .zip(since.day())
        .and_then(|(calendar, since)| due(calendar, limit, Some(since)));
    let Some(dates) = dates else {
        return Truth::Unknown;
    };
    let mut in_time = dates.readings().map(|reading| act <= reading.latest);
    Truth::from(match readings {
        Readings::Some => in_time.any(|in_time| in_time),
        Readings::Every => in_time.all(|in_time| in_time),
    })
}
