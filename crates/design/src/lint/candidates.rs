//! The values worth trying for a fact: those that the rules compare it with, and their neighbours.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use choucha_core::expr::{Expr, ExprKind};
use choucha_core::obligation::{Deadline, Obligation, Requirement};
use choucha_core::period::Limit;
use choucha_core::value::{Day, Moment, Party, Row, ShapeId, SlotId, Symbol, Type, Value};
use choucha_core::vocabulary::{FactId, Vocabulary};

/// A day in the middle of the calendar, to which other days are relative.
fn middle() -> Day {
    Day::from_ymd(2024, 3, 1).unwrap_or_else(|| Day::from(chrono::NaiveDate::MIN))
}

/// A day after all tried days.
pub(super) fn afterwards() -> Day {
    middle() + 2_000
}

/// What expressions reveal about the facts they read.
pub(super) struct Candidates<'v> {
    vocabulary: &'v Vocabulary,
    /// The facts of the record that they read, in order of first occurrence.
    pub(super) slots: Vec<SlotId>,
    /// The constants that each fact, or a list of it, is compared with.
    constants: HashMap<FactId, Vec<Value>>,
    /// The facts of rows, by the shape of the row.
    fields: HashMap<ShapeId, Vec<FactId>>,
    /// The relevant days, relative to the middle.
    offsets: Vec<i32>,
    /// The relevant numbers of elements.
    counts: Vec<usize>,
}

impl<'v> Candidates<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        Candidates {
            vocabulary,
            slots: Vec::new(),
            constants: HashMap::new(),
            fields: HashMap::new(),
            offsets: vec![0, 1, -1, 5, 40, 400, -400],
            counts: vec![1, 2],
        }
    }

    /// Collects what the deadlines of an obligation compare.
    pub(super) fn limits(&mut self, obligation: &Obligation) {
        match &obligation.requirement {
            Requirement::Deadline(deadline) => self.limit(deadline),
            Requirement::Parts(parts) => {
                for part in parts {
                    if let Requirement::Deadline(deadline) = &part.requirement {
                        self.limit(deadline);
                    }
                }
            }
            Requirement::Must(_) | Requirement::MustNot(_) => {}
        }
    }

    fn limit(&mut self, deadline: &Deadline) {
        if let (Limit::By(day), ExprKind::Fact { fact, .. }) = (deadline.limit, deadline.act.kind())
        {
            let days = [day - 1, day, day + 1, day + 40].map(Value::Day);
            self.constants.entry(*fact).or_default().extend(days);
        }
        self.time(deadline.limit);
    }

    /// The days that a number of months may take, and their neighbours.
    fn months(&mut self, months: u16) {
        let about = i32::from(months) * 365 / 12;
        self.offsets.extend(about - 2..=about + 3);
    }

    fn time(&mut self, limit: Limit) {
        if let Limit::Months(n) = limit {
            self.months(n);
        }
        let mut around = |n: u16| {
            let n = i32::from(n);
            self.offsets.extend([n - 1, n, n + 1]);
        };
        match limit {
            Limit::Days(n)
            | Limit::Promptly { review_after: n }
            | Limit::AfterEnd(n)
            | Limit::OnceOver(n) => around(n),
            Limit::AtOnceAfter(n) => around(n.saturating_add(1)),
            Limit::Workdays(n) => {
                around(n);
                around(n.saturating_mul(3).saturating_add(20));
            }
            Limit::Between { after, before } => {
                around(after);
                around(before);
            }
            Limit::Months(_)
            | Limit::NextDay
            | Limit::Immediately
            | Limit::SameTime
            | Limit::By(_)
            | Limit::OnRecord => {}
        }
    }

    /// Collects what an expression reads and compares.
    pub(super) fn expression(&mut self, expr: &Expr) {
        match expr.kind() {
            ExprKind::Fact { slot, .. } if !self.slots.contains(slot) => self.slots.push(*slot),
            ExprKind::Field { fact, .. } => {
                let shape = self.vocabulary.fact(*fact).shape;
                let fields = self.fields.entry(shape).or_default();
                if !fields.contains(fact) {
                    fields.push(*fact);
                }
            }
            ExprKind::Compare(_, left, right) => self.compared(left, right),
            ExprKind::Within(_, _, limit, _) => self.time(*limit),
            ExprKind::Contains(list, item) => self.compared(list, item),
            ExprKind::OneOf(operand, values) => {
                for fact in read_by(operand) {
                    self.constants
                        .entry(fact)
                        .or_default()
                        .extend(values.iter().cloned());
                }
            }
            _ => {}
        }
        for child in expr.children() {
            self.expression(child);
        }
    }

    fn compared(&mut self, left: &Expr, right: &Expr) {
        let ExprKind::Constant(constant) = right.kind() else {
            return;
        };
        match (left.kind(), constant) {
            (ExprKind::DaysSince(..) | ExprKind::Arithmetic(..), Value::Int(n)) => {
                let n = i32::try_from((*n).clamp(-2_000, 2_000)).unwrap_or(0);
                self.offsets.extend([n - 1, n, n + 1]);
            }
            (ExprKind::Count(_) | ExprKind::CountWhere(..), Value::Int(n)) => {
                let n = usize::try_from((*n).clamp(0, 20)).unwrap_or(0);
                self.counts.extend([n.saturating_sub(1), n, n + 1]);
            }
            _ => {}
        }
        for fact in read_by(left) {
            let known = self.constants.entry(fact).or_default();
            match constant {
                Value::Int(n) => known.extend([n - 1, *n, n + 1].map(Value::Int)),
                Value::Decimal(n) => {
                    let step = Decimal::new(1, 2);
                    known.extend([*n, *n + step, *n - step].map(Value::Decimal));
                }
                Value::Day(day) => known.extend([*day - 1, *day, *day + 1].map(Value::Day)),
                other => known.push(other.clone()),
            }
        }
    }

    /// The values to try for a slot of the record; the first is none.
    pub(super) fn of(&self, slot: SlotId) -> Vec<Value> {
        let Some(fact) = self
            .vocabulary
            .shape(ShapeId::ROOT)
            .facts
            .get(usize::from(slot.0))
        else {
            return vec![Value::None];
        };
        let mut values = vec![Value::None];
        for value in self.of_type(*fact, &self.vocabulary.fact(*fact).ty) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    fn of_type(&self, fact: FactId, ty: &Type) -> Vec<Value> {
        let mut known = self.constants.get(&fact).cloned().unwrap_or_default();
        let range = self.vocabulary.fact(fact).range;
        let generic: Vec<Value> = match ty {
            Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Type::Int => [0, 1, 2, 1_000].map(Value::Int).to_vec(),
            Type::Decimal => [0, 1, 2, 1_000].map(|n| Value::Decimal(n.into())).to_vec(),
            Type::Date => {
                let days = self.offsets.iter().map(|n| Value::Day(middle() + *n));
                days.collect()
            }
            Type::DateTime => {
                let at = |n: i32| Moment {
                    day: middle() + n,
                    minute: 600,
                };
                self.offsets.iter().map(|n| Value::Moment(at(*n))).collect()
            }
            Type::Enum(id) => {
                let n = self.vocabulary.enumeration(*id).values.len();
                (0..u16::try_from(n).unwrap_or(u16::MAX))
                    .map(|n| Value::Symbol(Symbol(n)))
                    .collect()
            }
            Type::Text => ["某某", "示例"]
                .map(|text| Value::Text(text.into()))
                .to_vec(),
            Type::Person | Type::Organisation => ["甲某", "乙某"]
                .map(|name| Value::Party(Arc::new(Party::named(name))))
                .to_vec(),
            Type::List(of) => return self.lists(fact, of, &known),
            Type::Rows(shape) => return self.rows(*shape),
            Type::Row(_) => Vec::new(),
        };
        known.retain(|value| of_the_type(value, ty));
        known.extend(generic);
        known.retain(|value| within(value, range));
        known
    }

    /// Lists with the relevant numbers of elements, with each constant alone, and with all elements.
    fn lists(&self, fact: FactId, of: &Type, constants: &[Value]) -> Vec<Value> {
        let mut elements: Vec<Value> = constants
            .iter()
            .filter(|value| of_the_type(value, of))
            .cloned()
            .collect();
        match of {
            Type::List(_) | Type::Rows(_) | Type::Row(_) => {}
            Type::Person | Type::Organisation => {
                let most = self.counts.iter().copied().max().unwrap_or(2) * 2;
                let names = (0..most).map(|n| format!("{n}某"));
                elements.extend(names.map(|name| Value::Party(Arc::new(Party::named(name)))));
            }
            _ => elements.extend(self.of_type(fact, of)),
        }
        let mut unlike: Vec<Value> = Vec::new();
        for element in elements {
            if !unlike.contains(&element) {
                unlike.push(element);
            }
        }
        let list = |items: &[Value]| Value::List(items.into());
        let mut lists = vec![list(&unlike)];
        lists.extend(unlike.iter().map(|one| list(std::slice::from_ref(one))));
        for n in &self.counts {
            lists.extend(
                [unlike.get(..*n), unlike.get(*n..n * 2)]
                    .into_iter()
                    .flatten()
                    .map(list),
            );
        }
        lists
    }

    /// Single rows, in which each field read takes each of its values in turn.
    fn rows(&self, shape: ShapeId) -> Vec<Value> {
        let blank = Row {
            slots: vec![Value::None; self.vocabulary.shape(shape).facts.len()].into_boxed_slice(),
        };
        let mut rows = vec![Value::Rows(vec![blank.clone()].into())];
        for id in self.fields.get(&shape).into_iter().flatten() {
            let fact = self.vocabulary.fact(*id);
            for value in self.of_type(*id, &fact.ty) {
                let mut row = blank.clone();
                if let Some(place) = row.slots.get_mut(usize::from(fact.slot.0)) {
                    *place = value;
                }
                rows.push(Value::Rows(vec![row].into()));
            }
        }
        rows
    }
}

/// The facts whose value an operand is, or counts.
fn read_by(operand: &Expr) -> Vec<FactId> {
    match operand.kind() {
        ExprKind::Fact { fact, .. } | ExprKind::Field { fact, .. } => vec![*fact],
        ExprKind::Sum(..) | ExprKind::Arithmetic(..) | ExprKind::MonthsAfter(..) => {
            operand.children().flat_map(read_by).collect()
        }
        _ => Vec::new(),
    }
}

fn of_the_type(value: &Value, ty: &Type) -> bool {
    matches!(
        (value, ty),
        (Value::Bool(_), Type::Bool)
            | (Value::Int(_), Type::Int)
            | (Value::Decimal(_), Type::Decimal)
            | (Value::Day(_), Type::Date)
            | (Value::Moment(_), Type::DateTime)
            | (Value::Symbol(_), Type::Enum(_))
            | (Value::Text(_), Type::Text)
            | (Value::Party(_), Type::Person | Type::Organisation)
    )
}

fn within(value: &Value, range: Option<(Decimal, Decimal)>) -> bool {
    let Some((least, most)) = range else {
        return true;
    };
    match value {
        Value::Int(n) => (least..=most).contains(&Decimal::from(*n)),
        Value::Decimal(n) => (least..=most).contains(n),
        _ => true,
    }
}
