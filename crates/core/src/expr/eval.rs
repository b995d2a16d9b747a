//! Evaluates expressions on the facts of a record.
//!
//! Terms: a *scope* is the record together with the current rows of the quantifiers around.
//!
//! What silence means:
//! - an unknown fact makes what depends on it unknown, unless the rest decides alone;
//! - a fact known none is never equal to, before or after anything, not even another such fact: `==` and the
//!   orderings are false and `!=` is true, whatever the other side is. As a condition it is false; as a list, an
//!   empty list; in arithmetic there is no result (none); in a sum it adds nothing;
//! - an unknown element of a list may be any value or none; an element known none is no element;
//! - an empty list is not present;
//! - an act done on an unknown day is present, and its day is unknown;
//! - if elements, or conditions on rows, are unknown, a count lies between [`Bounds`].
//!
//! Invariants: evaluation is monotone in information; it allocates only for a `both`; arithmetic that overflows is
//! unknown and sets a flag on the scope ([`Scope::overflowed`]), so that the audit can report that it could not
//! evaluate, which is neither a pass nor a violation.

mod list;
mod operand;

use std::cell::Cell;
use std::sync::Arc;

pub use operand::{Bounds, Operand};
use operand::{arithmetic, compare, days_between, months_after, within};

use super::{Expr, ExprKind, Variable};
use crate::period::Calendar;
use crate::truth::Truth;
use crate::value::{Mark, Party, Row, SlotId, Type, Value};
use crate::vocabulary::Silence;
pub(super) use list::Elements;

/// The data an expression is evaluated on.
#[derive(Debug)]
pub struct Scope<'a> {
    root: &'a Row,
    /// What silence means; `None` if the record is not settled.
    silence: Option<Silence<'a>>,
    /// The mark of every slot; empty if the record is not settled.
    marks: &'a [Mark],
    calendar: Option<&'a Calendar>,
    frame: Option<Frame<'a>>,
    overflowed: Cell<bool>,
}

/// The current row of a quantifier.
#[derive(Debug)]
struct Frame<'a> {
    variable: Variable,
    row: &'a Row,
    parent: &'a Scope<'a>,
}

impl<'a> Scope<'a> {
    /// The scope of a whole record.
    #[must_use]
    pub fn new(root: &'a Row) -> Self {
        Scope {
            root,
            silence: None,
            marks: &[],
            calendar: None,
            frame: None,
            overflowed: Cell::new(false),
        }
    }

    /// The scope of a record whose silence is settled.
    #[must_use]
    pub(crate) fn settled(root: &'a Row, silence: Silence<'a>) -> Self {
        Scope {
            root,
            silence: Some(silence),
            marks: silence.marks,
            calendar: None,
            frame: None,
            overflowed: Cell::new(false),
        }
    }

    /// Adds the calendar that moves last days; without one whatever depends on it is unknown.
    #[must_use]
    pub fn on(self, calendar: &'a Calendar) -> Self {
        Scope {
            calendar: Some(calendar),
            ..self
        }
    }

    /// The mark of every fact of the record; empty if the record is not settled.
    pub(crate) fn marks(&self) -> &'a [Mark] {
        self.marks
    }

    /// The scope of the whole record with tried values for unknown facts. `marks` are the marks of the record, with
    /// those of the tried values.
    pub(crate) fn trying<'b>(&self, marks: &'b [Mark], tried: &'b [(SlotId, Value)]) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            root: self.root,
            silence: self.silence.map(|silence| Silence {
                marks,
                tried,
                ..silence
            }),
            marks,
            calendar: self.calendar,
            frame: None,
            overflowed: Cell::new(false),
        }
    }

    /// The scope of one row of a quantifier.
    #[inline]
    #[must_use]
    pub fn with(&'a self, variable: Variable, row: &'a Row) -> Scope<'a> {
        Scope {
            root: self.root,
            silence: self.silence,
            marks: self.marks,
            calendar: self.calendar,
            frame: Some(Frame {
                variable,
                row,
                parent: self,
            }),
            overflowed: Cell::new(false),
        }
    }

    /// Whether arithmetic has overflowed since the scope was created: the result is unknown, but no fact is missing.
    #[must_use]
    pub fn overflowed(&self) -> bool {
        self.overflowed.get()
    }

    /// Clears the overflow flag, so that the next obligation is judged on its own.
    pub(crate) fn clear_overflow(&self) {
        self.overflowed.set(false);
    }

    fn mark_overflow(&self) {
        let mut scope = self;
        scope.overflowed.set(true);
        while let Some(frame) = &scope.frame {
            scope = frame.parent;
            scope.overflowed.set(true);
        }
    }

    #[inline]
    pub(super) fn fact(&self, slot: SlotId) -> &'a Value {
        match &self.silence {
            Some(silence) => silence.value(self.root, slot),
            None => slot_of(self.root, slot),
        }
    }

    /// The mark of a fact, if that is all a condition needs.
    #[inline]
    pub(super) fn mark(&self, slot: SlotId) -> Mark {
        match self.marks.get(usize::from(slot.0)) {
            Some(mark) => *mark,
            None => Mark::of(slot_of(self.root, slot)),
        }
    }

    #[inline]
    fn field(&self, variable: Variable, slot: SlotId) -> &'a Value {
        let mut frame = self.frame.as_ref();
        while let Some(at_hand) = frame {
            if at_hand.variable == variable {
                return match slot_of(at_hand.row, slot) {
                    Value::Unknown => self
                        .silence
                        .as_ref()
                        .map_or(&Value::Unknown, |silence| silence.in_rows),
                    value => value,
                };
            }
            frame = at_hand.parent.frame.as_ref();
        }
        &Value::Unknown
    }
}

/// A row of another shape has no such slot: its value is unknown.
#[inline]
fn slot_of(row: &Row, slot: SlotId) -> &Value {
    row.slots
        .get(usize::from(slot.0))
        .unwrap_or(&Value::Unknown)
}

impl Expr {
    /// Whether the condition holds. Unknown for anything but a condition; the builder accepts none where it needs one.
    #[must_use]
    pub fn truth(&self, scope: &Scope<'_>) -> Truth {
        match &self.0.kind {
            ExprKind::Compare(op, a, b) => compare(*op, a.operand(scope), b.operand(scope)),
            ExprKind::Fact { slot, .. } => condition(scope.fact(*slot)),
            ExprKind::All(items) => {
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
            ExprKind::Any(items) => {
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
            ExprKind::Not(inner) => !inner.truth(scope),
            ExprKind::OneOf(operand, values) => operand.operand(scope).one_of(values),
            ExprKind::Field { slot, variable, .. } => condition(scope.field(*variable, *slot)),
            ExprKind::Present(fact) => fact.present(scope),
            ExprKind::Contains(list, x) => list.elements(scope).contains(x.operand(scope)),
            ExprKind::Disjoint(a, b) => a.elements(scope).disjoint(&b.elements(scope)),
            ExprKind::Subset(a, b) => a.elements(scope).subset(&b.elements(scope)),
            ExprKind::ForAll(list, variable, body) => match list.rows(scope) {
                None => Truth::Unknown,
                Some(rows) => Truth::all(
                    rows.iter()
                        .map(|row| body.truth(&scope.with(*variable, row))),
                ),
            },
            ExprKind::Exists(list, variable, body) => match list.rows(scope) {
                None => Truth::Unknown,
                Some(rows) => Truth::any(
                    rows.iter()
                        .map(|row| body.truth(&scope.with(*variable, row))),
                ),
            },
            ExprKind::Constant(value) => condition(value),
            ExprKind::Within(act, since, limit, readings) => within(
                scope.calendar,
                act.operand(scope),
                since.operand(scope),
                *limit,
                *readings,
            ),
            ExprKind::Row { .. }
            | ExprKind::Both(..)
            | ExprKind::Count(_)
            | ExprKind::CountWhere(..)
            | ExprKind::Sum(..)
            | ExprKind::Arithmetic(..)
            | ExprKind::DaysSince(..)
            | ExprKind::MonthsAfter(..) => Truth::Unknown,
        }
    }

    /// The value of the expression. The elements of a `both` are computed and cannot be borrowed from the record: use
    /// [`Expr::value`] for those.
    #[inline]
    #[must_use]
    pub fn operand<'a>(&'a self, scope: &Scope<'a>) -> Operand<'a> {
        match &self.0.kind {
            ExprKind::Fact { slot, .. } => Operand::from(scope.fact(*slot)),
            ExprKind::Constant(value) => Operand::from(value),
            ExprKind::Field { slot, variable, .. } => Operand::from(scope.field(*variable, *slot)),
            _ => self.computed(scope),
        }
    }

    fn computed<'a>(&'a self, scope: &Scope<'a>) -> Operand<'a> {
        match &self.0.kind {
            ExprKind::Count(list) => Operand::from(list.count(scope)),
            ExprKind::CountWhere(list, variable, body) => match list.rows(scope) {
                None => Operand::from(Bounds::ANY),
                Some(rows) => {
                    let mut bounds = Bounds::exactly(0);
                    for row in rows {
                        match body.truth(&scope.with(*variable, row)) {
                            Truth::True => {
                                bounds.min += 1;
                                bounds.max += 1;
                            }
                            Truth::Unknown => bounds.max += 1,
                            Truth::False => {}
                        }
                    }
                    Operand::from(bounds)
                }
            },
            ExprKind::Sum(list, variable, body) => self.sum(list, *variable, body, scope),
            ExprKind::Arithmetic(op, a, b) => arithmetic(*op, a.operand(scope), b.operand(scope))
                .unwrap_or_else(|_| {
                    scope.mark_overflow();
                    Operand::Unknown
                }),
            ExprKind::DaysSince(later, earlier) => {
                days_between(later.operand(scope), earlier.operand(scope))
            }
            ExprKind::MonthsAfter(day, months) => months_after(day.operand(scope), *months),
            ExprKind::Both(..) => Operand::Computed,
            ExprKind::Row { .. } => Operand::Unknown,
            _ => match self.truth(scope) {
                Truth::True => Operand::Bool(true),
                Truth::False => Operand::Bool(false),
                Truth::Unknown => Operand::Unknown,
            },
        }
    }

    fn sum<'a>(
        &'a self,
        list: &'a Expr,
        variable: Variable,
        body: &'a Expr,
        scope: &Scope<'a>,
    ) -> Operand<'a> {
        let Some(rows) = list.rows(scope) else {
            return Operand::Unknown;
        };
        let mut total = if self.0.ty == Type::Int {
            Operand::Int(0)
        } else {
            Operand::Decimal(rust_decimal::Decimal::ZERO)
        };
        for row in rows {
            let inner = scope.with(variable, row);
            let item = match body.operand(&inner) {
                Operand::None => continue,
                // A number borrows nothing from the row's scope, which ends here.
                Operand::Int(n) => Operand::Int(n),
                Operand::Between(bounds) => Operand::Between(bounds),
                Operand::Decimal(n) => Operand::Decimal(n),
                _ => return Operand::Unknown,
            };
            total = match arithmetic(super::Arithmetic::Add, total, item) {
                Ok(Operand::Unknown) => return Operand::Unknown,
                Ok(sum) => sum,
                Err(_) => {
                    scope.mark_overflow();
                    return Operand::Unknown;
                }
            };
        }
        total
    }

    /// The rows of a list of groups; `None` if the list is unknown.
    #[inline]
    pub(super) fn rows<'a>(&'a self, scope: &Scope<'a>) -> Option<&'a [Row]> {
        match self.operand(scope) {
            Operand::Rows(rows) => Some(rows),
            Operand::None => Some(&[]),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(super) fn elements<'a>(&'a self, scope: &Scope<'a>) -> Elements<'a> {
        match (&self.0.kind, self.operand(scope)) {
            (ExprKind::Both(a, b), _) => a.elements(scope).both(&b.elements(scope)),
            (_, Operand::List(items)) => Elements::Known(items.into()),
            (_, Operand::None) => Elements::Known((&[] as &[Value]).into()),
            _ => Elements::Unknown,
        }
    }

    fn count(&self, scope: &Scope<'_>) -> Bounds {
        if let Type::Rows(_) = self.0.ty {
            self.rows(scope).map_or(Bounds::ANY, |rows| {
                Bounds::exactly(i64::try_from(rows.len()).unwrap_or(i64::MAX))
            })
        } else {
            self.elements(scope).count()
        }
    }

    fn present(&self, scope: &Scope<'_>) -> Truth {
        match (&self.0.kind, self.operand(scope)) {
            (_, Operand::Unknown) => Truth::Unknown,
            (_, Operand::None) => Truth::False,
            (_, Operand::Rows(rows)) => Truth::from(!rows.is_empty()),
            (_, Operand::List(_)) | (ExprKind::Both(..), _) => self.elements(scope).present(),
            _ => Truth::True,
        }
    }

    /// The value of the expression, owned. A count with unequal bounds is unknown.
    #[must_use]
    pub fn value(&self, scope: &Scope<'_>) -> Value {
        match self.operand(scope) {
            Operand::Unknown | Operand::Between(_) => Value::Unknown,
            Operand::None => Value::None,
            Operand::Done => Value::Done,
            Operand::Bool(b) => Value::Bool(b),
            Operand::Int(n) => Value::Int(n),
            Operand::Decimal(n) => Value::Decimal(n),
            Operand::Day(day) => Value::Day(day),
            Operand::Moment(moment) => Value::Moment(moment),
            Operand::Symbol(symbol) => Value::Symbol(symbol),
            Operand::Text(text) => Value::Text(text.into()),
            Operand::Party(party) => Value::Party(Arc::new(party.clone())),
            Operand::List(items) => Value::List(items.into()),
            Operand::Rows(rows) => Value::Rows(rows.into()),
            Operand::Computed => match self.elements(scope) {
                Elements::Unknown => Value::Unknown,
                Elements::Known(items) => Value::List(items.into_owned().into()),
            },
        }
    }

    /// The persons and organisations the expression names, each once, in the order of the record.
    #[must_use]
    pub fn parties(&self, scope: &Scope<'_>) -> Vec<Party> {
        let mut found = Vec::new();
        collect_parties(&self.value(scope), &mut found);
        found
    }
}

/// Adds the parties of a value that are not in the list yet.
pub(super) fn collect_parties(value: &Value, found: &mut Vec<Party>) {
    match value {
        Value::Party(party) if !found.contains(party) => found.push((**party).clone()),
        Value::List(items) => {
            for item in items.iter() {
                collect_parties(item, found);
            }
        }
        _ => {}
    }
}

/// A stored value as a condition.
#[inline]
fn condition(value: &Value) -> Truth {
    match value {
        Value::Bool(b) => Truth::from(*b),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}
