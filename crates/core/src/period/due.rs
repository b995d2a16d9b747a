//! Computes due dates, in constant time, under every lawful reading.
//!
//! Terms: the *nominal* day is the last day of a period before holidays move it. The *strict* reading gives less time,
//! the *broad* reading more; they are distinguished only where they give different days.

use super::{Calendar, Limit};
use crate::value::Day;

/// Why a reading ends on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The counted or fixed day, not moved.
    Counted,
    /// Moved off statutory festival days only (Order 18 art. 55).
    AfterFestival,
    /// Moved off every rest day to the first working day (Civil Code art. 203).
    AfterRestDays,
    /// 立即, 同时: the day itself.
    SameDay,
    /// 立即: the next day still counts.
    DayAfter,
    /// 期间届满后立即: the day after the period, whose last day moves off statutory festivals only.
    NextAfterPeriod,
    /// 期间届满后立即: the second day after the period still counts, and its last day moves off every rest day.
    SecondAfterPeriod,
    /// 同时: up to three days apart still counts.
    WithinThreeDays,
    /// 某日后某日前: the boundary days are excluded.
    BoundariesOutside,
    /// 某日后某日前: the boundary days are included.
    BoundariesInside,
    /// 及时, 尽快: no number in the norm; the last day on which nobody could object.
    NoNumber,
}

/// One lawful reading of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The first day on which the act is in time, for a window or an act that must wait; for an act owed once a period
    /// is over, the first day it is owed. `None` for all other limits.
    pub earliest: Option<Day>,
    /// The last day on which the act is in time; if the act or the duty must wait for a period, the last day of that
    /// period.
    pub latest: Day,
    /// Why it ends on that day.
    pub basis: Basis,
}

/// The one or two lawful readings of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DueDates {
    /// The reading that gives less time, or the only one.
    pub strict: Reading,
    /// The reading that gives more time, if it differs.
    pub broad: Option<Reading>,
}

impl DueDates {
    fn one(latest: Day, basis: Basis) -> DueDates {
        DueDates {
            strict: Reading {
                earliest: None,
                latest,
                basis,
            },
            broad: None,
        }
    }

    /// The readings, the strict one first.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        std::iter::once(&self.strict).chain(&self.broad)
    }
}

/// The due dates of an act with time `limit`, counted from `since`, which only a fixed date can do without.
///
/// `None` if the starting day is missing, or if it or a due date is outside the calendar's years: the outcome is then
/// undetermined.
#[must_use]
pub fn due(calendar: &Calendar, limit: Limit, since: Option<Day>) -> Option<DueDates> {
    if let Limit::By(day) = limit {
        return moved(calendar, day);
    }
    let since = since.filter(|day| calendar.covers(*day))?;
    let dates = match limit {
        Limit::By(_) => return None,
        Limit::Days(days) => moved(calendar, since + i32::from(days))?,
        Limit::Months(months) => moved(calendar, since.months_later(months))?,
        Limit::AfterEnd(days) | Limit::OnceOver(days) => {
            waiting(moved(calendar, since + i32::from(days))?)
        }
        Limit::NextDay => moved(calendar, since + 1)?,
        Limit::OnRecord => moved(calendar, since)?,
        Limit::Workdays(days) => DueDates::one(calendar.add_workdays(since, days)?, Basis::Counted),
        Limit::Promptly { review_after } => {
            DueDates::one(since + i32::from(review_after), Basis::NoNumber)
        }
        Limit::Immediately => pair(
            (None, since, Basis::SameDay),
            (None, since + 1, Basis::DayAfter),
        ),
        Limit::AtOnceAfter(days) => {
            let end = moved(calendar, since + i32::from(days))?;
            pair(
                (None, end.strict.latest + 1, Basis::NextAfterPeriod),
                (
                    None,
                    end.broad.unwrap_or(end.strict).latest + 2,
                    Basis::SecondAfterPeriod,
                ),
            )
        }
        Limit::SameTime => pair(
            (Some(since), since, Basis::SameDay),
            (Some(since - 3), since + 3, Basis::WithinThreeDays),
        ),
        Limit::Between { after, before } => {
            let (after, before) = (since + i32::from(after), since + i32::from(before));
            pair(
                (Some(after + 1), before - 1, Basis::BoundariesOutside),
                (Some(after), before, Basis::BoundariesInside),
            )
        }
    };
    dates
        .readings()
        .all(|reading| calendar.covers(reading.latest))
        .then_some(dates)
}

type Bounds = (Option<Day>, Day, Basis);

fn pair(strict: Bounds, broad: Bounds) -> DueDates {
    let reading = |(earliest, latest, basis): Bounds| Reading {
        earliest,
        latest,
        basis,
    };
    DueDates {
        strict: reading(strict),
        broad: Some(reading(broad)),
    }
}

/// The readings of a period that the act must wait for: it is in time from the day after the period.
fn waiting(ends: DueDates) -> DueDates {
    let after = |reading: Reading| Reading {
        earliest: Some(reading.latest + 1),
        ..reading
    };
    DueDates {
        strict: after(ends.strict),
        broad: ends.broad.map(after),
    }
}

/// The nominal last day, moved off holidays. A make-up working Saturday or Sunday is a working day and is not moved.
fn moved(calendar: &Calendar, nominal: Day) -> Option<DueDates> {
    let strict = calendar.no_festival_from(nominal)?;
    let broad = calendar.workday_from(nominal)?;
    let basis = if strict == nominal {
        Basis::Counted
    } else {
        Basis::AfterFestival
    };
    Some(if strict == broad {
        DueDates::one(strict, basis)
    } else {
        pair((None, strict, basis), (None, broad, Basis::AfterRestDays))
    })
}
