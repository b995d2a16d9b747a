//! Decides which of two limits never allows more time than the other, whatever the calendar.
//!
//! Terms: a limit *nominally* ends a given number of days after its starting day. The last day may be moved off
//! holidays: under one reading off festivals only, under the other off every rest day.
//!
//! Invariant: every claim holds under every calendar. Working days are never fewer calendar days than their number, and
//! may be any number more, because the State Council sets days off year by year. So 5 days are within 5 working days,
//! but neither of 5 working days and 7 days is within the other.

use crate::period::Limit;
use crate::value::Day;

/// The last day under one reading.
#[derive(Debug, Clone, Copy)]
enum Last {
    /// This many days later, whatever day that is.
    Day(i32),
    /// This many days later, moved off festivals.
    OffFestivals(i32),
    /// This many days later, moved to a working day.
    OnWorkday(i32),
    /// This many working days later.
    Workdays(i32),
}

impl Last {
    /// Whether it is never later than another. `by_number`: whether to ignore that it may be moved off holidays.
    fn is_within(self, other: Last, by_number: bool) -> bool {
        use Last::{Day, OffFestivals, OnWorkday, Workdays};
        match (self, other) {
            (Day(a), Day(b) | OffFestivals(b) | OnWorkday(b) | Workdays(b))
            | (OffFestivals(a), OffFestivals(b) | OnWorkday(b))
            | (OnWorkday(a), OnWorkday(b))
            | (Workdays(a), Workdays(b)) => a <= b,
            // The day b working days later is at least b days later and no holiday, so nothing is moved past it.
            (OffFestivals(a) | OnWorkday(a), Workdays(b)) => b > 0 && a <= b,
            (OffFestivals(a) | OnWorkday(a), Day(b)) => by_number && a <= b,
            (OnWorkday(_), OffFestivals(_)) | (Workdays(_), _) => false,
        }
    }
}

/// A limit under its two readings, which may coincide.
struct Readings {
    /// The last day under the shorter and under the longer reading.
    last: [Last; 2],
    /// The first day under each, for a window.
    first: Option<[i32; 2]>,
    /// Whether a later act is a breach; if the norm gives no number, a person judges.
    is_hard: bool,
}

enum Form {
    Fixed(Day),
    /// The days after a period of this many days. Comparable only with its own kind.
    AfterPeriod(u16),
    /// Not before a period of this many days ends. Comparable only with its own kind.
    Waiting(u16),
    /// Owed once a period of this many days is over. Comparable only with its own kind.
    OnceOver(u16),
    Months(u16),
    Counted(Readings),
}

fn form(limit: Limit) -> Form {
    let counted = |strict, broad| {
        Form::Counted(Readings {
            last: [strict, broad],
            first: None,
            is_hard: true,
        })
    };
    let moved = |n: i32| counted(Last::OffFestivals(n), Last::OnWorkday(n));
    let window = |strict: (i32, i32), broad: (i32, i32)| {
        Form::Counted(Readings {
            last: [Last::Day(strict.1), Last::Day(broad.1)],
            first: Some([strict.0, broad.0]),
            is_hard: true,
        })
    };
    match limit {
        Limit::By(day) => Form::Fixed(day),
        Limit::Days(n) => moved(n.into()),
        Limit::NextDay => moved(1),
        Limit::OnRecord => moved(0),
        Limit::AtOnceAfter(n) => Form::AfterPeriod(n),
        Limit::AfterEnd(n) => Form::Waiting(n),
        Limit::OnceOver(n) => Form::OnceOver(n),
        Limit::Months(n) => Form::Months(n),
        Limit::Workdays(n) => counted(Last::Workdays(n.into()), Last::Workdays(n.into())),
        Limit::Immediately => counted(Last::Day(0), Last::Day(1)),
        Limit::Promptly { review_after } => Form::Counted(Readings {
            last: [Last::Day(review_after.into()); 2],
            first: None,
            is_hard: false,
        }),
        Limit::SameTime => window((0, 0), (-3, 3)),
        Limit::Between { after, before } => {
            let (after, before) = (i32::from(after), i32::from(before));
            window((after + 1, before - 1), (after, before))
        }
    }
}

/// Whether a limit gives the number that another leaves out: a day or a number of working days in a notice fills in the
/// 及时 of the instrument above it, which is not breached while they run.
pub(super) fn fills(limit: Limit, other: Limit) -> bool {
    matches!(limit, Limit::By(_) | Limit::Workdays(_)) && matches!(other, Limit::Promptly { .. })
}

/// Whether a limit is at least as strict as another that runs from the same day: under each reading, an act in time
/// under it is in time under the other, and an act too late under the other is too late under it.
///
/// 及时 has no number of its own: a number no larger than the days after which a person could object is at least as
/// strict, although its last day may be moved off a holiday.
pub(super) fn is_within(limit: Limit, other: Limit) -> bool {
    let (a, b) = match (form(limit), form(other)) {
        (Form::Fixed(a), Form::Fixed(b)) => return a <= b,
        (Form::AfterPeriod(a), Form::AfterPeriod(b))
        | (Form::Months(a), Form::Months(b))
        // The sooner it is owed, the stricter.
        | (Form::OnceOver(a), Form::OnceOver(b)) => return a <= b,
        // The longer the wait, the stricter.
        (Form::Waiting(a), Form::Waiting(b)) => return a >= b,
        (Form::Counted(a), Form::Counted(b)) => (a, b),
        _ => return false,
    };
    if b.is_hard && !a.is_hard {
        return false;
    }
    let by_number = !b.is_hard;
    let ends = a
        .last
        .iter()
        .zip(b.last)
        .all(|(a, b)| a.is_within(b, by_number));
    let begins = match (a.first, b.first) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a[0] >= b[0] && a[1] >= b[1],
    };
    ends && begins
}
