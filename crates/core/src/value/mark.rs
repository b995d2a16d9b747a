//! What conditions mostly ask of a value, in one small number: whether it is known, whether it is there, yes or no, and
//! which value of its enum.
//!
//! A record has hundreds of facts of many bytes each, of which a condition asks no more than this. The marks of a whole
//! record fit in a few cache lines, and what silence comes to is written into a copy of them.

use super::{Row, Symbol, Value};

/// What is known of one value, but for the value itself where it is no symbol.
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
    /// A day, with a time or without.
    pub(crate) const DAY: Mark = Mark(5);
    /// Any other value.
    pub(crate) const OTHER: Mark = Mark(6);
    /// Done, on a day that is not known.
    pub(crate) const DONE: Mark = Mark(7);
    /// How many marks are of no symbol.
    pub(crate) const PLAIN: usize = Mark::SYMBOL as usize;
    /// The first symbol.
    const SYMBOL: u16 = 8;
    /// How many values an enum may have, so that each has a mark of its own.
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

    /// Makes what is unknown known none. Gives back whether anything was, and whether there is anything but what is known none.
    pub(crate) fn close(marks: &mut [Mark]) -> (bool, bool) {
        let (mut closed, mut stated) = (false, false);
        // Without a branch, so that many are looked at together.
        for mark in marks {
            closed |= mark.0 == Mark::UNKNOWN.0;
            stated |= mark.0 > Mark::NONE.0;
            mark.0 = mark.0.max(Mark::NONE.0);
        }
        (closed, stated)
    }

    /// Whether a value that has this mark is the other, as far as the mark alone says so.
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

    /// The marks that are of no symbol.
    pub(crate) fn plain() -> impl Iterator<Item = Mark> {
        (0..Mark::SYMBOL).map(Mark)
    }

    /// Its number; that of a symbol is at least [`Mark::PLAIN`].
    #[inline]
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The position of the symbol among the values of its enum, if it is one.
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
        // The mark does not tell which of these.
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
