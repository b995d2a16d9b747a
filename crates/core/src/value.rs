//! Typed values of facts, and what silence means.
//!
//! Invariants: money is never floating point; an absent fact is [`Value::Unknown`], a fact known not to exist or not to
//! have happened is [`Value::None`], and the two are never confused.

mod day;
mod mark;
pub mod naming;
mod types;
pub mod written;

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use day::{Day, Moment};
pub(crate) use mark::Mark;
use naming::{Named, Sameness};
pub use types::{EnumId, ShapeId, SlotId, Type};

/// The position of an enum value among the values its enum declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Symbol(pub u16);

/// One typed value. Cheap to clone: large values are shared.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Value {
    /// The record is silent.
    #[default]
    Unknown,
    /// Known not to exist, or not to have happened.
    None,
    /// For a date: the act happened, on a day the record does not state.
    Done,
    /// Yes or no.
    Bool(bool),
    /// A whole number: a count, a number of days.
    Int(i64),
    /// A decimal number: money in yuan.
    #[serde(with = "crate::stored::decimal")]
    Decimal(Decimal),
    /// A calendar day.
    Day(Day),
    /// A day with a time of day.
    Moment(Moment),
    /// One of the values of the fact's enum.
    Symbol(Symbol),
    /// Free text.
    Text(Arc<str>),
    /// A person or an organisation.
    Party(Arc<Party>),
    /// Several values of one type.
    List(Arc<[Value]>),
    /// Several groups of facts, each laid out by its shape. Only records contain it.
    #[serde(skip)]
    Rows(Arc<[Row]>),
}

impl Value {
    /// Whether the record is silent.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// Whether there is a value: neither unknown nor known none.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self, Value::Unknown | Value::None)
    }
}

/// One group of facts in a list of groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// One value for every fact of the shape, in the shape's order.
    pub slots: Box<[Value]>,
}

/// A person or an organisation as a record names it.
///
/// [`naming::sameness`] decides whether two are the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Party {
    /// The name as written.
    pub name: Box<str>,
    /// Identity number, staff number or unified social credit code.
    pub id: Option<Box<str>>,
    /// For a person, the organisation he or she works for.
    pub employer: Option<Box<str>>,
}

impl Party {
    /// A party known by its name alone.
    pub fn named(name: impl Into<Box<str>>) -> Self {
        Party {
            name: name.into(),
            id: None,
            employer: None,
        }
    }

    /// A person as a text names one; the name excludes what follows in brackets.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let naming::Person { name, id, employer } = naming::person(text);
        Party {
            name: name.into(),
            id: id.map(Into::into),
            employer: employer.map(Into::into),
        }
    }

    /// Whether both certainly name the same person or organisation.
    #[must_use]
    pub fn is_same(&self, other: &Party) -> bool {
        self.sameness(other) == Sameness::Same
    }

    /// Whether both name the same person or organisation: yes, no or unclear.
    #[must_use]
    pub fn sameness(&self, other: &Party) -> Sameness {
        naming::sameness(self.named_so(), other.named_so())
    }

    fn named_so(&self) -> Named<'_> {
        Named {
            name: &self.name,
            id: self.id.as_deref(),
            employer: self.employer.as_deref(),
        }
    }
}

impl PartialEq for Party {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{}（{id}）", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_apart_by_identifier_where_both_have_one() {
        let with_id = |id: &str| Party {
            id: Some(id.into()),
            ..Party::named("某甲")
        };
        assert!(!with_id("01").is_same(&with_id("02")));
        assert!(with_id("01").is_same(&Party::named("某甲")));
        assert!(Party::named("某 甲").is_same(&Party::named("某甲")));
        assert!(!Party::named("某乙").is_same(&Party::named("某甲")));
    }

    #[test]
    fn a_value_stays_small() {
        assert!(size_of::<Value>() <= 24);
    }
}
