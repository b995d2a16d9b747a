//! A number that is equal for records that state the same facts, whatever their format.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Record;
use crate::value::{Row, Value};

impl Record {
    /// Equal for records that state the same facts, in whatever format and order; for others, almost always different.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        // A fixed hash function, so that the same input gives the same output.
        let mut hasher = DefaultHasher::new();
        row(self.root(), &mut hasher);
        hasher.finish()
    }
}

fn row(row: &Row, hasher: &mut impl Hasher) {
    for (slot, value) in row.slots.iter().enumerate() {
        if !value.is_unknown() {
            slot.hash(hasher);
            one(value, hasher);
        }
    }
}

fn one(value: &Value, hasher: &mut impl Hasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Unknown | Value::None | Value::Done => {}
        Value::Bool(yes) => yes.hash(hasher),
        Value::Int(n) => n.hash(hasher),
        Value::Decimal(n) => n.hash(hasher),
        Value::Day(day) => day.hash(hasher),
        Value::Moment(moment) => moment.hash(hasher),
        Value::Symbol(symbol) => symbol.hash(hasher),
        Value::Text(text) => text.hash(hasher),
        Value::Party(party) => (&party.name, &party.id, &party.employer).hash(hasher),
        Value::List(items) => {
            items.len().hash(hasher);
            items.iter().for_each(|item| one(item, hasher));
        }
        Value::Rows(rows) => {
            rows.len().hash(hasher);
            rows.iter().for_each(|each| row(each, hasher));
        }
    }
}
