//! The types of expressions and facts.

use serde::{Deserialize, Serialize};

/// The position of an enum in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EnumId(pub u16);

/// The position of a shape in the vocabulary. The record itself is shape 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShapeId(pub u16);

impl ShapeId {
    /// The shape of the record itself.
    pub const ROOT: ShapeId = ShapeId(0);
}

/// The position of a fact among the facts of its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SlotId(pub u16);

/// The type of a fact or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    /// Free text.
    Text,
    /// Yes or no; as an expression, a condition.
    Bool,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// A calendar day.
    Date,
    /// A day with a time of day.
    DateTime,
    /// One of the values of an enum.
    Enum(EnumId),
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A list of values of one type.
    List(Box<Type>),
    /// A list of groups of one shape.
    Rows(ShapeId),
    /// One row of a list of groups.
    Row(ShapeId),
}

impl Type {
    /// Whether its values are days or moments.
    #[must_use]
    pub fn is_day(&self) -> bool {
        matches!(self, Type::Date | Type::DateTime)
    }
}
