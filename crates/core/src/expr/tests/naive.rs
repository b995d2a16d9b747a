//! A second evaluator, slow and plain, with its own values. It shares only the tree with the first.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::expr::{Arithmetic, Comparison, Expr, ExprKind};
use crate::value::{Row, Type, Value};

/// A value, or what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum M {
    Unknown,
    None,
    /// Done, on an unknown day.
    Done,
    Bool(bool),
    /// Lower bound, upper bound (`None` if unbounded), and whether it is a whole number.
    Number(Decimal, Option<Decimal>, bool),
    /// A day, and the minute of the day.
    Time(i32, Option<u16>),
    Word(String),
    List(Vec<M>),
    Rows(Vec<Vec<M>>),
}

pub(super) fn model(value: &Value) -> M {
    let exact = |n: Decimal, whole| M::Number(n, Some(n), whole);
    match value {
        Value::Unknown => M::Unknown,
        Value::None => M::None,
        Value::Done => M::Done,
        Value::Bool(b) => M::Bool(*b),
        Value::Int(n) => exact(Decimal::from(*n), true),
        Value::Decimal(n) => exact(*n, false),
        Value::Day(day) => M::Time(day.number(), None),
        Value::Moment(moment) => M::Time(moment.day.number(), Some(moment.minute)),
        Value::Symbol(symbol) => M::Word(format!("#{}", symbol.0)),
        Value::Text(text) => M::Word(text.to_string()),
        Value::Party(party) => M::Word(party.name.split_whitespace().collect()),
        Value::List(items) => M::List(items.iter().map(model).collect()),
        Value::Rows(rows) => M::Rows(rows.iter().map(model_row).collect()),
    }
}

pub(super) fn model_row(row: &Row) -> Vec<M> {
    row.slots.iter().map(model).collect()
}

/// True, false or unknown.
type Three = Option<bool>;

fn three(m: &M) -> Three {
    match m {
        M::Bool(b) => Some(*b),
        M::None => Some(false),
        _ => None,
    }
}

fn from_three(t: Three) -> M {
    t.map_or(M::Unknown, M::Bool)
}

fn every(items: &[Three]) -> Three {
    if items.contains(&Some(false)) {
        Some(false)
    } else if items.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn at_least_one(items: &[Three]) -> Three {
    let negated: Vec<Three> = items.iter().map(|t| t.map(|b| !b)).collect();
    every(&negated).map(|b| !b)
}

#[derive(Clone)]
pub(super) struct Facts {
    pub(super) root: Vec<M>,
    pub(super) rows: HashMap<u32, Vec<M>>,
}

impl Facts {
    pub(super) fn of(row: &Row) -> Self {
        Facts {
            root: model_row(row),
            rows: HashMap::new(),
        }
    }

    pub(super) fn holds(&self, expr: &Expr) -> Three {
        three(&self.eval(expr))
    }

    fn per_row(&self, list: &Expr, variable: u32, body: &Expr) -> Option<Vec<M>> {
        let rows = match self.eval(list) {
            M::Rows(rows) => rows,
            M::None => vec![],
            _ => return None,
        };
        Some(
            rows.into_iter()
                .map(|row| {
                    let mut inner = self.clone();
                    inner.rows.insert(variable, row);
                    inner.eval(body)
                })
                .collect(),
        )
    }

    fn list(&self, expr: &Expr) -> Option<Vec<M>> {
        match self.eval(expr) {
            M::List(items) => Some(items.into_iter().filter(|m| *m != M::None).collect()),
            M::None => Some(vec![]),
            _ => None,
        }
    }

    pub(super) fn eval(&self, expr: &Expr) -> M {
        let truths =
            |items: &[Expr]| -> Vec<Three> { items.iter().map(|item| self.holds(item)).collect() };
        let whole = |min: usize, max: Option<usize>| {
            M::Number(Decimal::from(min), max.map(Decimal::from), true)
        };
        match expr.kind() {
            ExprKind::Fact { slot, .. } => self.root[usize::from(slot.0)].clone(),
            ExprKind::Field { slot, variable, .. } => {
                self.rows[&variable.0][usize::from(slot.0)].clone()
            }
            ExprKind::Row { .. } => panic!("a row is no value"),
            ExprKind::Constant(value) => model(value),
            ExprKind::Not(inner) => from_three(self.holds(inner).map(|b| !b)),
            ExprKind::All(items) => from_three(every(&truths(items))),
            ExprKind::Any(items) => from_three(at_least_one(&truths(items))),
            ExprKind::Compare(op, a, b) => from_three(compare(*op, &self.eval(a), &self.eval(b))),
            ExprKind::OneOf(a, values) => {
                let a = self.eval(a);
                let each: Vec<Three> = values
                    .iter()
                    .map(|value| compare(Comparison::Eq, &a, &model(value)))
                    .collect();
                from_three(at_least_one(&each))
            }
            ExprKind::Present(inner) => match self.eval(inner) {
                M::Unknown => M::Unknown,
                M::None => M::Bool(false),
                M::Rows(rows) => M::Bool(!rows.is_empty()),
                M::List(items) => {
                    if items.iter().any(|m| !matches!(m, M::None | M::Unknown)) {
                        M::Bool(true)
                    } else if items.contains(&M::Unknown) {
                        M::Unknown
                    } else {
                        M::Bool(false)
                    }
                }
                _ => M::Bool(true),
            },
            ExprKind::Contains(list, x) => {
                from_three(has(self.list(list).as_deref(), &self.eval(x)))
            }
            ExprKind::Disjoint(a, b) => {
                let (a, b) = (self.list(a), self.list(b));
                if a.as_ref().is_some_and(Vec::is_empty) || b.as_ref().is_some_and(Vec::is_empty) {
                    return M::Bool(true);
                }
                let (Some(a), Some(b)) = (a, b) else {
                    return M::Unknown;
                };
                let pairs: Vec<Three> = a
                    .iter()
                    .flat_map(|x| b.iter().map(|y| compare(Comparison::Ne, x, y)))
                    .collect();
                from_three(every(&pairs))
            }
            ExprKind::Subset(a, b) => {
                let b = self.list(b);
                let Some(a) = self.list(a) else {
                    return M::Unknown;
                };
                let each: Vec<Three> = a
                    .iter()
                    .map(|x| {
                        if *x == M::Unknown {
                            None
                        } else {
                            has(b.as_deref(), x)
                        }
                    })
                    .collect();
                from_three(every(&each))
            }
            ExprKind::Both(a, b) => {
                let (a, b) = (self.list(a), self.list(b));
                if a.as_ref().is_some_and(Vec::is_empty) || b.as_ref().is_some_and(Vec::is_empty) {
                    return M::List(vec![]);
                }
                let Some(a) = a else {
                    return M::Unknown;
                };
                let mut items = Vec::new();
                for x in a {
                    match has(b.as_deref(), &x) {
                        Some(true) => items.push(x),
                        Some(false) => {}
                        None => items.push(M::Unknown),
                    }
                }
                M::List(items)
            }
            ExprKind::ForAll(list, variable, body) => {
                let rows = self.per_row(list, variable.0, body);
                from_three(rows.and_then(|r| every(&r.iter().map(three).collect::<Vec<_>>())))
            }
            ExprKind::Exists(list, variable, body) => {
                let rows = self.per_row(list, variable.0, body);
                from_three(
                    rows.and_then(|r| at_least_one(&r.iter().map(three).collect::<Vec<_>>())),
                )
            }
            ExprKind::Count(list) => match (list.ty(), self.eval(list)) {
                (_, M::None) => whole(0, Some(0)),
                (Type::Rows(_), M::Rows(rows)) => whole(rows.len(), Some(rows.len())),
                (ty, M::List(mut items)) => {
                    // A person or organisation named twice counts once.
                    if let Type::List(of) = ty
                        && matches!(**of, Type::Person | Type::Organisation)
                    {
                        let named = std::mem::take(&mut items);
                        for item in named {
                            if !matches!(item, M::Word(_)) || !items.contains(&item) {
                                items.push(item);
                            }
                        }
                    }
                    let open = items.iter().filter(|m| **m == M::Unknown).count();
                    let none = items.iter().filter(|m| **m == M::None).count();
                    whole(items.len() - open - none, Some(items.len() - none))
                }
                _ => whole(0, None),
            },
            ExprKind::CountWhere(list, variable, body) => {
                let Some(rows) = self.per_row(list, variable.0, body) else {
                    return whole(0, None);
                };
                let count = |t: Three| rows.iter().filter(|m| three(m) == t).count();
                let sure = count(Some(true));
                whole(sure, Some(sure + count(None)))
            }
            ExprKind::Sum(list, variable, body) => {
                let Some(rows) = self.per_row(list, variable.0, body) else {
                    return M::Unknown;
                };
                let zero = M::Number(Decimal::ZERO, Some(Decimal::ZERO), *expr.ty() == Type::Int);
                rows.into_iter()
                    .filter(|m| *m != M::None)
                    .fold(zero, |sum, m| compute(Arithmetic::Add, &sum, &m))
            }
            ExprKind::Arithmetic(op, a, b) => compute(*op, &self.eval(a), &self.eval(b)),
            // These tests have no calendar, so only what needs none is known. For the rest see `tests/`.
            ExprKind::Within(a, b, ..) => match (self.eval(a), self.eval(b)) {
                (M::None, _) => M::Bool(false),
                (M::Time(..) | M::Done, M::None) => M::Bool(true),
                _ => M::Unknown,
            },
            ExprKind::MonthsAfter(day, months) => match self.eval(day) {
                M::Time(day, _) => M::Time(corresponding(day, *months), None),
                other => other,
            },
            ExprKind::DaysSince(a, b) => match (self.eval(a), self.eval(b)) {
                (M::None, _) | (_, M::None) => M::None,
                (M::Time(a, _), M::Time(b, _)) => {
                    let days = Decimal::from(a - b);
                    M::Number(days, Some(days), true)
                }
                _ => M::Unknown,
            },
        }
    }
}

/// The same day of the month this many months later, or the last day of that month, found by walking.
fn corresponding(day: i32, months: u16) -> i32 {
    use chrono::Datelike;
    let date = chrono::NaiveDate::from_num_days_from_ce_opt(day).unwrap();
    let month = date.year() * 12 + date.month0() as i32 + i32::from(months);
    (1..=date.day())
        .rev()
        .find_map(|day| chrono::NaiveDate::from_ymd_opt(month / 12, (month % 12) as u32 + 1, day))
        .unwrap()
        .num_days_from_ce()
}

fn has(list: Option<&[M]>, x: &M) -> Three {
    if *x == M::None {
        return Some(false);
    }
    let each: Vec<Three> = list?
        .iter()
        .map(|y| compare(Comparison::Eq, x, y))
        .collect();
    at_least_one(&each)
}

fn compute(op: Arithmetic, a: &M, b: &M) -> M {
    if *a == M::None || *b == M::None {
        return M::None;
    }
    let (M::Number(al, Some(ah), aw), M::Number(bl, Some(bh), bw)) = (a, b) else {
        return M::Unknown;
    };
    // Only whole numbers have bounds.
    if (al != ah && !bw) || (bl != bh && !aw) {
        return M::Unknown;
    }
    let mut results = Vec::new();
    for x in [al, ah] {
        for y in [bl, bh] {
            results.push(match op {
                Arithmetic::Add => x + y,
                Arithmetic::Sub => x - y,
                Arithmetic::Mul => x * y,
            });
        }
    }
    let least = *results.iter().min().unwrap();
    M::Number(least, results.iter().max().copied(), *aw && *bw)
}

fn compare(op: Comparison, a: &M, b: &M) -> Three {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    match (a, b) {
        (M::None, _) | (_, M::None) => Some(op == Ne),
        (M::Unknown | M::Done, _) | (_, M::Unknown | M::Done) => None,
        _ => match op {
            Ne => compare(Eq, a, b).map(|t| !t),
            Gt => compare(Lt, b, a),
            Ge => compare(Le, b, a),
            Le => compare(Lt, b, a).map(|t| !t),
            Eq => match (a, b) {
                (M::Number(al, ah, _), M::Number(bl, bh, _)) => {
                    if Some(al) == ah.as_ref() && Some(bl) == bh.as_ref() {
                        Some(al == bl)
                    } else if ah.is_some_and(|ah| ah < *bl) || bh.is_some_and(|bh| bh < *al) {
                        Some(false)
                    } else {
                        None
                    }
                }
                (M::Time(a, Some(x)), M::Time(b, Some(y))) => Some((a, x) == (b, y)),
                (M::Time(a, _), M::Time(b, _)) => Some(a == b),
                _ => Some(a == b),
            },
            Lt => match (a, b) {
                (M::Number(al, ah, _), M::Number(bl, bh, _)) => {
                    if ah.is_some_and(|ah| ah < *bl) {
                        Some(true)
                    } else if bh.is_some_and(|bh| *al >= bh) {
                        Some(false)
                    } else {
                        None
                    }
                }
                (M::Time(a, Some(x)), M::Time(b, Some(y))) => Some((a, x) < (b, y)),
                (M::Time(a, _), M::Time(b, _)) => Some(a < b),
                _ => panic!("no order: {a:?} {b:?}"),
            },
        },
    }
}
