//! What most conditions need of a value, in one small number: whether it is known, whether it is present, yes or no,
//! and which value of its enum.
//!
//! A record has hundreds of facts of many bytes each. The marks of a whole record fit in a few cache lines; settling
//! writes into a copy of them.

use super::{Row, Symbol, Value};

/// What is known about one value; for a symbol, the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u16);

impl Mark {
    /// Unknown.
    pub(crate) const UNKNOWN: Mark = Mark(0);
    /// Known none.
    pub(crate) const NONE: Mark = Mark(1);
    /// No.
    pub(crate) const NO: Mark = Mark(2);
    /// Yes.
    pub(crate) const YES: Mark = Mark(3);
    /// An empty list.
    pub(crate) const EMPTY: Mark = Mark(4);
    /// A day or a moment.
    pub(crate) const DAY: Mark = Mark(5);
    /// Any other value.
    pub(crate) const OTHER: Mark = Mark(6);
    /// Done, on an unknown day.
    pub(crate) const DONE: Mark = Mark(7);
    /// The number of marks that are not symbols.
    pub(crate) const PLAIN: usize = Mark::SYMBOL as usize;
    /// The first symbol.
    const SYMBOL: u16 = 8;
    /// The most values of an enum for which each has its own mark.
    pub(crate) const SYMBOLS: u16 = u16::MAX - Mark::SYMBOL;

    /// The mark of a value.
    #[inline]
    pub(crate) fn of(value: &Value) -> Mark {
        match value {
            Value::Unknown => Mark::UNKNOWN,
            Value::None => Mark::NONE,
            Value::Bool(false) => Mark::NO,
            Value::Bool(true) => Mark::YES,
            Value::Day(_) | Value::Moment(_) => Mark::DAY,
            Value::Done => Mark::DONE,
            Value::Symbol(symbol) => Mark::of_symbol(*symbol),
            Value::List(items) if items.is_empty() => Mark::EMPTY,
            Value::Rows(rows) if rows.is_empty() => Mark::EMPTY,
            Value::Int(_)
            | Value::Decimal(_)
            | Value::Text(_)
            | Value::Party(_)
            | Value::List(_)
            | Value::Rows(_) => Mark::OTHER,
        }
    }

    /// The mark of a symbol.
    #[inline]
    pub(crate) fn of_symbol(symbol: Symbol) -> Mark {
        Mark(symbol.0.saturating_add(Mark::SYMBOL))
    }

    /// The marks of a row.
    pub(crate) fn of_row(row: &Row) -> Box<[Mark]> {
        row.slots.iter().map(Mark::of).collect()
    }

    /// Makes unknown marks known none. Returns whether any was unknown, and whether any is neither unknown nor known
    /// none.
    pub(crate) fn close(marks: &mut [Mark]) -> (bool, bool) {
        let (mut closed, mut stated) = (false, false);
        // Without branches, so that the compiler can vectorise it.
        for mark in marks {
            closed |= mark.0 == Mark::UNKNOWN.0;
            stated |= mark.0 > Mark::NONE.0;
            mark.0 = mark.0.max(Mark::NONE.0);
        }
        (closed, stated)
    }

    /// Whether a value with this mark equals `value`, as far as the mark alone shows.
    #[inline]
    pub(crate) fn is(self, value: &Value) -> bool {
        self == Mark::of(value) && !matches!(self, Mark::DAY | Mark::OTHER)
    }

    /// Whether the value is known none, or an empty list.
    #[inline]
    pub(crate) fn is_nothing(self) -> bool {
        matches!(self, Mark::NONE | Mark::EMPTY)
    }

    /// Whether the value is unknown.
    #[inline]
    pub(crate) fn is_unknown(self) -> bool {
        self == Mark::UNKNOWN
    }

    /// The marks that are not symbols.
    pub(crate) fn plain() -> impl Iterator<Item = Mark> {
        (0..Mark::SYMBOL).map(Mark)
    }

    /// Its number; at least [`Mark::PLAIN`] for a symbol.
    #[inline]
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The position of the symbol in its enum; `None` if it is not a symbol.
    #[inline]
    pub(crate) fn symbol(self) -> Option<u16> {
        self.0.checked_sub(Mark::SYMBOL)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::value::Day;

    #[test]
    fn a_mark_says_what_a_condition_asks_of_a_value() {
        let day = Day::from_number(738_000);
        let values = [
            Value::Unknown,
            Value::None,
            Value::Bool(false),
            Value::Bool(true),
            Value::List(Arc::new([])),
            Value::Day(day),
            Value::Done,
            Value::Int(0),
            Value::Symbol(Symbol(0)),
            Value::Symbol(Symbol(Mark::SYMBOLS)),
        ];
        let row = Row {
            slots: values.clone().into(),
        };
        let marks = Mark::of_row(&row);
        for (at, mark) in marks.iter().enumerate() {
            let same = marks.iter().filter(|other| *other == mark);
            assert_eq!(same.count(), 1, "{:?}", values[at]);
            let is_symbol = matches!(values[at], Value::Symbol(_));
            assert_eq!(mark.symbol().is_some(), is_symbol);
            assert_eq!(mark.number() < Mark::PLAIN, !is_symbol);
            assert_eq!(mark.is_unknown(), values[at].is_unknown());
        }
        assert!(Mark::YES.is(&Value::Bool(true)) && !Mark::YES.is(&Value::Bool(false)));
        // The mark does not say which of these.
        assert!(!Mark::DAY.is(&Value::Day(day)) && !Mark::OTHER.is(&Value::Int(0)));
    }

    #[test]
    fn closing_makes_what_is_unknown_known_none_and_nothing_else() {
        let mut marks = [Mark::NONE, Mark::UNKNOWN, Mark::NO, Mark::UNKNOWN];
        assert_eq!(Mark::close(&mut marks), (true, true));
        assert_eq!(marks, [Mark::NONE, Mark::NONE, Mark::NO, Mark::NONE]);
        assert_eq!(Mark::close(&mut marks), (false, true));
        assert_eq!(Mark::close(&mut marks[..2]), (false, false));
    }
}
