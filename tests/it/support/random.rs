//! Values of facts, random or enumerated, as rows of slots.

use std::sync::Arc;

use choucha::record::{Format, Record};
use choucha::source::Source;
use choucha::value::{Party, Row, ShapeId, SlotId, Symbol, Type, Value};
use choucha::vocabulary::{Fact, Vocabulary};
use rust_decimal::Decimal;

use super::day;

/// Days worth trying: starts, rest days, festivals, make-up days, far apart and close.
pub(crate) const DAYS: [&str; 13] = [
    "2023-10-20",
    "2024-01-22",
    "2024-01-23",
    "2024-01-24",
    "2024-02-10",
    "2024-02-18",
    "2024-03-01",
    "2024-03-08",
    "2024-03-16",
    "2024-04-05",
    "2024-05-20",
    "2024-08-30",
    // Periods from here on end outside the calendar.
    "2026-12-30",
];

/// A record of bare values, without a text.
pub(crate) fn bare(root: Row) -> Record {
    Record::new(root, Source::new("bare.yaml", ""), Format::Yaml)
}

/// A copy of a row with one fact changed.
pub(crate) fn with(root: &Row, slot: SlotId, value: Value) -> Row {
    let mut row = root.clone();
    row.slots[usize::from(slot.0)] = value;
    row
}

/// Every value of a fact worth trying, unknown and none included.
pub(crate) fn candidates(vocabulary: &Vocabulary, fact: &Fact) -> Vec<Value> {
    let mut values = vec![Value::Unknown, Value::None];
    if fact.ty == Type::Date {
        values.push(Value::Done);
    }
    values.extend(known(vocabulary, &fact.ty));
    values
}

/// Every known value of a type worth trying.
pub(crate) fn known(vocabulary: &Vocabulary, ty: &Type) -> Vec<Value> {
    match ty {
        Type::Text => ["山西省", "甲"]
            .map(|text| Value::Text(text.into()))
            .to_vec(),
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Int => [0, 1, 3].map(Value::Int).to_vec(),
        Type::Decimal => ["0", "150.00", "199.00"]
            .map(|number| Value::Decimal(Decimal::from_str_exact(number).expect("a number")))
            .to_vec(),
        Type::Date => DAYS.map(|text| Value::Day(day(text))).to_vec(),
        Type::DateTime => Vec::new(),
        Type::Enum(id) => symbols(vocabulary.enumeration(*id).values.len()),
        Type::Person | Type::Organisation => ["张甲", "示例检验机构甲"]
            .map(|name| Value::Party(Arc::new(Party::named(name))))
            .to_vec(),
        Type::List(of) => {
            let items = known(vocabulary, of);
            let mut lists: Vec<Value> = items
                .iter()
                .map(|item| Value::List(vec![item.clone()].into()))
                .collect();
            for left_out in 0..items.len() {
                let mut rest = items.clone();
                rest.remove(left_out);
                lists.push(Value::List(rest.into()));
            }
            lists.push(Value::List(items.into()));
            lists
        }
        Type::Rows(shape) => {
            let row = |n: usize| Row {
                slots: slots(vocabulary, *shape)
                    .map(|fact| {
                        let values = candidates(vocabulary, fact);
                        values[n % values.len()].clone()
                    })
                    .collect(),
            };
            (0..4)
                .map(|n| Value::Rows(vec![row(n), row(n + 2)].into()))
                .collect()
        }
        Type::Row(_) => Vec::new(),
    }
}

fn symbols(count: usize) -> Vec<Value> {
    (0..u16::try_from(count).expect("few values"))
        .map(|at| Value::Symbol(Symbol(at)))
        .collect()
}

/// The facts of a shape in the order of their slots.
pub(crate) fn slots(vocabulary: &Vocabulary, shape: ShapeId) -> impl Iterator<Item = &Fact> {
    vocabulary
        .shape(shape)
        .facts
        .iter()
        .map(|id| vocabulary.fact(*id))
}
