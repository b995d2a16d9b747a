//! Lists of values, and relations between two lists.
//!
//! An element that is unknown may turn out to be any value, or none; an element known none is no element.

use std::borrow::Cow;

use super::operand::{Bounds, Operand, compare};
use crate::expr::Comparison;
use crate::truth::Truth;
use crate::value::Value;

/// The elements of a list.
#[derive(Debug)]
pub(in crate::expr) enum Elements<'a> {
    /// The whole list is unknown.
    Unknown,
    /// The elements; some may be unknown.
    Known(Cow<'a, [Value]>),
}

impl Elements<'_> {
    /// How many elements there are; a person or organisation named twice counts once.
    pub(super) fn count(&self) -> Bounds {
        let Elements::Known(items) = self else {
            return Bounds::ANY;
        };
        let mut bounds = Bounds::exactly(0);
        for (at, item) in items.iter().enumerate() {
            // A person named twice is one person.
            if matches!(item, Value::Party(_)) && items.iter().take(at).any(|before| before == item)
            {
                continue;
            }
            if item.is_present() {
                bounds.min += 1;
            }
            if !matches!(item, Value::None) {
                bounds.max += 1;
            }
        }
        bounds
    }

    /// Whether there is any element.
    pub(super) fn present(&self) -> Truth {
        match self.count() {
            Bounds { max: 0, .. } => Truth::False,
            Bounds { min: 0, .. } => Truth::Unknown,
            _ => Truth::True,
        }
    }

    /// Whether `x` is an element.
    pub(super) fn contains(&self, x: Operand<'_>) -> Truth {
        match (self, x) {
            (_, Operand::None) => Truth::False,
            (Elements::Unknown, _) => Truth::Unknown,
            (Elements::Known(items), x) => Truth::any(
                items
                    .iter()
                    .map(|item| compare(Comparison::Eq, Operand::from(item), x)),
            ),
        }
    }

    /// Whether the two have no element in common.
    pub(super) fn disjoint(&self, other: &Elements<'_>) -> Truth {
        if self.is_empty() || other.is_empty() {
            return Truth::True;
        }
        match self {
            Elements::Unknown => Truth::Unknown,
            Elements::Known(items) => !Truth::any(items.iter().map(|item| other.has(item))),
        }
    }

    /// Whether every element is in the other list.
    pub(super) fn subset(&self, other: &Elements<'_>) -> Truth {
        match self {
            Elements::Unknown => Truth::Unknown,
            Elements::Known(items) => Truth::all(items.iter().map(|item| match item {
                Value::None => Truth::True,
                Value::Unknown => Truth::Unknown,
                item => other.has(item),
            })),
        }
    }

    /// The elements that are also in the other list. An element for which this is undecided is replaced by unknown.
    pub(in crate::expr) fn both<'b>(&self, other: &Elements<'_>) -> Elements<'b> {
        if self.is_empty() || other.is_empty() {
            return Elements::Known(Cow::Borrowed(&[]));
        }
        match self {
            Elements::Unknown => Elements::Unknown,
            Elements::Known(items) => Elements::Known(
                items
                    .iter()
                    .filter_map(|item| match other.has(item) {
                        Truth::True => Some(item.clone()),
                        Truth::Unknown => Some(Value::Unknown),
                        Truth::False => None,
                    })
                    .collect(),
            ),
        }
    }

    /// The elements that are known not to be in the other.
    pub(in crate::expr) fn outside(&self, other: &Elements<'_>) -> Vec<Value> {
        match self {
            Elements::Unknown => Vec::new(),
            Elements::Known(items) => items
                .iter()
                .filter(|item| item.is_present() && other.has(item) == Truth::False)
                .cloned()
                .collect(),
        }
    }

    /// Whether any element is unknown.
    pub(in crate::expr) fn is_open(&self) -> bool {
        match self {
            Elements::Unknown => true,
            Elements::Known(items) => items.iter().any(Value::is_unknown),
        }
    }

    /// Whether the list is known to be empty.
    pub(in crate::expr) fn is_empty(&self) -> bool {
        match self {
            Elements::Unknown => false,
            Elements::Known(items) => items.iter().all(|item| matches!(item, Value::None)),
        }
    }

    fn has(&self, item: &Value) -> Truth {
        self.contains(Operand::from(item))
    }
}
