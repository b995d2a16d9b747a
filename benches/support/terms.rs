//! Due dates under both readings.

use choucha::audit::Outcome;
use choucha::period::Calendar;
use choucha::truth::Truth;
use choucha::value::{Day, Value};

use super::logic::must;

/// Due dates as of one day of audit.
#[derive(Clone, Copy)]
pub(super) struct Terms<'c> {
    pub(super) calendar: &'c Calendar,
    pub(super) as_of: Day,
}

impl Terms<'_> {
    /// The day the time runs from; or the outcome if there is none.
    #[inline]
    fn since(self, since: &Value) -> Result<Day, Outcome> {
        match since {
            Value::Day(day) if self.calendar.covers(*day) => Ok(*day),
            Value::None => Err(Outcome::NotApplicable),
            _ => Err(Outcome::Undetermined),
        }
    }

    pub(super) fn days(self, act: &Value, since: &Value, days: i32) -> Outcome {
        match self.since(since) {
            Ok(since) => self.by(act, since + days),
            Err(outcome) => outcome,
        }
    }

    /// An act by a day, which moves off festivals under one reading and off every day off under the other.
    pub(super) fn by(self, act: &Value, nominal: Day) -> Outcome {
        let strict = self.moved(nominal, |day| {
            self.calendar.is_festival(day).map(|festival| !festival)
        });
        let broad = self.moved(nominal, |day| self.calendar.is_workday(day));
        match (strict, broad) {
            (Some(strict), Some(broad)) if strict == broad => self.until(act, None, strict),
            (Some(strict), Some(broad)) => {
                either(self.until(act, None, strict), self.until(act, None, broad))
            }
            _ => Outcome::Undetermined,
        }
    }

    #[inline]
    fn moved(self, from: Day, fits: impl Fn(Day) -> Option<bool>) -> Option<Day> {
        let mut day = from;
        while !fits(day)? {
            day = day + 1;
        }
        Some(day)
    }

    pub(super) fn workdays(self, act: &Value, since: &Value, days: u16) -> Outcome {
        let since = match self.since(since) {
            Ok(since) => since,
            Err(outcome) => return outcome,
        };
        match self.calendar.add_workdays(since, days) {
            Some(due) => self.until(act, None, due),
            None => Outcome::Undetermined,
        }
    }

    pub(super) fn promptly(self, act: &Value, since: &Value, days: i32) -> Outcome {
        let since = match self.since(since) {
            Ok(since) => since,
            Err(outcome) => return outcome,
        };
        let due = since + days;
        if !self.calendar.covers(due) {
            return Outcome::Undetermined;
        }
        match (act, self.until(act, None, due)) {
            (Value::Day(_), Outcome::Violated) => Outcome::Review,
            (_, outcome) => outcome,
        }
    }

    pub(super) fn immediately(self, act: &Value, since: &Value) -> Outcome {
        self.two(act, since, |since| [(None, since), (None, since + 1)])
    }

    #[inline]
    fn two(
        self,
        act: &Value,
        since: &Value,
        readings: impl Fn(Day) -> [(Option<Day>, Day); 2],
    ) -> Outcome {
        let since = match self.since(since) {
            Ok(since) => since,
            Err(outcome) => return outcome,
        };
        let [strict, broad] = readings(since);
        if !self.calendar.covers(strict.1) || !self.calendar.covers(broad.1) {
            return Outcome::Undetermined;
        }
        either(
            self.until(act, strict.0, strict.1),
            self.until(act, broad.0, broad.1),
        )
    }

    #[inline]
    fn until(self, act: &Value, earliest: Option<Day>, latest: Day) -> Outcome {
        match act {
            Value::Day(day) => {
                let fits = *day <= latest && earliest.is_none_or(|earliest| earliest <= *day);
                must(Truth::from(fits))
            }
            _ if self.as_of <= latest => Outcome::Pending,
            Value::None => Outcome::Violated,
            _ => Outcome::Undetermined,
        }
    }
}

/// Where two lawful readings differ, a person judges, unless the record leaves the duty open anyway.
fn either(strict: Outcome, broad: Outcome) -> Outcome {
    if strict == broad {
        strict
    } else if strict == Outcome::Violated || broad == Outcome::Violated {
        Outcome::Review
    } else if strict == Outcome::Undetermined || broad == Outcome::Undetermined {
        Outcome::Undetermined
    } else {
        Outcome::Review
    }
}
