//! Values in serialisable form, for the store.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use choucha_core::value::{Day, Moment, Party, SlotId, Symbol, Value};

/// The stored form of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The place of the case.
    pub(super) place: String,
    /// The facts that are not unknown.
    pub(super) facts: Vec<FlatFact>,
}

/// One fact of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FlatFact {
    /// Its slot in a row of cases.
    pub(super) slot: u16,
    pub(super) value: Flat,
    /// Its place, if known more precisely than that of the case.
    pub(super) place: Option<String>,
}

impl FlatFact {
    pub(super) fn slot(&self) -> SlotId {
        SlotId(self.slot)
    }
}

/// A value. Groups of facts are never projected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Flat {
    Unknown,
    None,
    Done,
    Bool(bool),
    Int(i64),
    Decimal([u8; 16]),
    Day(i32),
    Moment(i32, u16),
    Symbol(u16),
    Text(String),
    Party(String, Option<String>, Option<String>),
    List(Vec<Flat>),
}

impl Flat {
    pub(super) fn of(value: &Value) -> Flat {
        let owned = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        match value {
            Value::Unknown | Value::Rows(_) => Flat::Unknown,
            Value::None => Flat::None,
            Value::Done => Flat::Done,
            Value::Bool(value) => Flat::Bool(*value),
            Value::Int(value) => Flat::Int(*value),
            Value::Decimal(value) => Flat::Decimal(value.serialize()),
            Value::Day(day) => Flat::Day(day.number()),
            Value::Moment(moment) => Flat::Moment(moment.day.number(), moment.minute),
            Value::Symbol(symbol) => Flat::Symbol(symbol.0),
            Value::Text(text) => Flat::Text(text.to_string()),
            Value::Party(party) => Flat::Party(
                party.name.to_string(),
                owned(&party.id),
                owned(&party.employer),
            ),
            Value::List(items) => Flat::List(items.iter().map(Flat::of).collect()),
        }
    }

    pub(super) fn value(self) -> Value {
        match self {
            Flat::Unknown => Value::Unknown,
            Flat::None => Value::None,
            Flat::Done => Value::Done,
            Flat::Bool(value) => Value::Bool(value),
            Flat::Int(value) => Value::Int(value),
            Flat::Decimal(bytes) => Value::Decimal(Decimal::deserialize(bytes)),
            Flat::Day(number) => Value::Day(Day::from_number(number)),
            Flat::Moment(day, minute) => Value::Moment(Moment {
                day: Day::from_number(day),
                minute,
            }),
            Flat::Symbol(symbol) => Value::Symbol(Symbol(symbol)),
            Flat::Text(text) => Value::Text(Arc::from(text)),
            Flat::Party(name, id, employer) => Value::Party(Arc::new(Party {
                name: name.into(),
                id: id.map(Into::into),
                employer: employer.map(Into::into),
            })),
            Flat::List(items) => Value::List(items.into_iter().map(Flat::value).collect()),
        }
    }
}
