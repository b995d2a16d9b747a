//! Three-valued conditions over single values, and the outcomes they lead to.

use choucha::audit::Outcome;
use choucha::truth::Truth;
use choucha::value::{Row, SlotId, Symbol, Value};

/// The outcome of a duty that arises only under a condition.
#[inline]
pub(super) fn under(applies: Truth, duty: impl FnOnce() -> Option<Outcome>) -> Outcome {
    match applies {
        Truth::True => duty().unwrap_or(Outcome::Undetermined),
        Truth::False => Outcome::NotApplicable,
        Truth::Unknown => Outcome::Undetermined,
    }
}

/// Turns a violation into a review where a person may have to judge.
#[inline]
pub(super) fn reviewed(outcome: Outcome, for_a_person: impl FnOnce() -> Truth) -> Outcome {
    if outcome != Outcome::Violated {
        return outcome;
    }
    match for_a_person() {
        Truth::True => Outcome::Review,
        Truth::Unknown => Outcome::Undetermined,
        Truth::False => Outcome::Violated,
    }
}

#[inline]
pub(super) fn must(condition: Truth) -> Outcome {
    match condition {
        Truth::True => Outcome::Satisfied,
        Truth::False => Outcome::Violated,
        Truth::Unknown => Outcome::Undetermined,
    }
}

#[inline]
pub(super) fn holds(value: &Value) -> Truth {
    match value {
        Value::Bool(yes) => Truth::from(*yes),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

#[inline]
pub(super) fn refuted(value: &Value) -> Truth {
    match value {
        Value::Bool(yes) => Truth::from(!*yes),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

#[inline]
pub(super) fn present(value: &Value) -> Truth {
    match value {
        Value::Unknown => Truth::Unknown,
        Value::None => Truth::False,
        _ => Truth::True,
    }
}

#[inline]
pub(super) fn is(value: &Value, symbol: Symbol) -> Truth {
    match value {
        Value::Symbol(other) => Truth::from(*other == symbol),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

#[inline]
pub(super) fn one_of(value: &Value, symbols: &[Symbol]) -> Truth {
    match value {
        Value::Symbol(other) => Truth::from(symbols.contains(other)),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether a list of codes has a code.
#[inline]
pub(super) fn has(list: &Value, symbol: Symbol) -> Truth {
    match list {
        Value::List(items) => {
            let mut open = false;
            for item in items.iter() {
                match item {
                    Value::Symbol(other) if *other == symbol => return Truth::True,
                    Value::Unknown => open = true,
                    _ => {}
                }
            }
            if open { Truth::Unknown } else { Truth::False }
        }
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether a list has at least a number of elements.
pub(super) fn count_at_least(list: &Value, wanted: usize) -> Truth {
    let items = match list {
        Value::List(items) => &items[..],
        Value::None => &[],
        _ => return Truth::Unknown,
    };
    let known = items.iter().filter(|item| item.is_present()).count();
    let possible = items
        .iter()
        .filter(|item| !matches!(item, Value::None))
        .count();
    if known >= wanted {
        Truth::True
    } else if possible < wanted {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// Whether a list has no element.
pub(super) fn count_is_zero(list: &Value) -> Truth {
    !count_at_least(list, 1)
}

/// Whether two organisations have the same name.
pub(super) fn same_name(one: &Value, other: &Value) -> Truth {
    match (one, other) {
        (Value::Party(one), Value::Party(other)) => Truth::from(one.is_same(other)),
        (Value::None, _) | (_, Value::None) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether two lists of persons have nobody in common.
pub(super) fn apart(one: &Value, other: &Value) -> Truth {
    let nobody = |list: &Value| match list {
        Value::List(items) => items.iter().all(|item| matches!(item, Value::None)),
        Value::None => true,
        _ => false,
    };
    if nobody(one) || nobody(other) {
        return Truth::True;
    }
    let (Value::List(one), Value::List(other)) = (one, other) else {
        return Truth::Unknown;
    };
    let mut open = false;
    for a in one.iter() {
        for b in other.iter() {
            match (a, b) {
                (Value::Party(a), Value::Party(b)) if a.is_same(b) => return Truth::False,
                (Value::None, _) | (_, Value::None) => {}
                (Value::Unknown, _) | (_, Value::Unknown) => open = true,
                _ => {}
            }
        }
    }
    if open { Truth::Unknown } else { Truth::True }
}

/// Whether a row of corrections is confirmed.
pub(super) fn confirmed(row: &Row, slot: SlotId) -> Truth {
    row.slots
        .get(usize::from(slot.0))
        .map_or(Truth::Unknown, holds)
}

#[inline]
pub(super) fn is_zero(number: &Value) -> Truth {
    match number {
        Value::Int(number) => Truth::from(*number == 0),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

#[inline]
pub(super) fn more_than_nothing(price: &Value) -> Truth {
    match price {
        Value::Decimal(price) => Truth::from(price.is_sign_positive() && !price.is_zero()),
        Value::None => Truth::False,
        _ => Truth::Unknown,
    }
}

#[inline]
pub(super) fn equal(one: &Value, other: &Value) -> Truth {
    match (one, other) {
        (Value::Decimal(one), Value::Decimal(other)) => Truth::from(one == other),
        (Value::None, _) | (_, Value::None) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether the first amount is larger than the second.
#[inline]
pub(super) fn is_above(one: &Value, other: &Value) -> Truth {
    match (one, other) {
        (Value::Decimal(one), Value::Decimal(other)) => Truth::from(one > other),
        (Value::None, _) | (_, Value::None) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether the first day is not after the second.
#[inline]
pub(super) fn not_after(one: &Value, other: &Value) -> Truth {
    match (one, other) {
        (Value::Day(one), Value::Day(other)) => Truth::from(one <= other),
        (Value::None, _) | (_, Value::None) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Leaves an act in time that is recorded before the day it cannot precede to a person.
pub(super) fn verified(outcome: Outcome, act: &Value, since: &Value) -> Outcome {
    match (outcome, act, since) {
        (Outcome::Satisfied, Value::Day(act), Value::Day(since)) if act < since => Outcome::Review,
        _ => outcome,
    }
}
