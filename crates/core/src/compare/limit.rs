//! Which of two limits gives no more time than the other, whatever the calendar says.
//!
//! Terms: a limit *nominally* ends so many days after the day it runs from; the last day may move off holidays, under one
//! reading off festivals only, under the other off every rest day.
//!
//! Invariant: what is claimed holds under every calendar. Working days are never fewer calendar days than their number
//! and may be any number more, because the State Council arranges days off year by year: so 5 days are within 5 working
//! days, and neither of 5 working days and 7 days is within the other.

use crate::period::Limit;
use crate::value::Day;

/// The last day a reading gives.
#[derive(Debug, Clone, Copy)]
enum Last {
    /// So many days on, whatever day that is.
    Day(i32),
    /// So many days on, moved off festivals.
    OffFestivals(i32),
    /// So many days on, moved to a working day.
    OnWorkday(i32),
    /// So many working days on.
    Workdays(i32),
}

impl Last {
    /// Whether it is never later than another. `by_number`: whether moving off holidays counts for nothing.
    fn is_within(self, other: Last, by_number: bool) -> bool {
        use Last::{Day, OffFestivals, OnWorkday, Workdays};
        match (self, other) {
            (Day(a), Day(b) | OffFestivals(b) | OnWorkday(b) | Workdays(b))
            | (OffFestivals(a), OffFestivals(b) | OnWorkday(b))
            | (OnWorkday(a), OnWorkday(b))
            | (Workdays(a), Workdays(b)) => a <= b,
            // The working day that is b working days on is at least b days on and no holiday: nothing moves past it.
            (OffFestivals(a) | OnWorkday(a), Workdays(b)) => b > 0 && a <= b,
            (OffFestivals(a) | OnWorkday(a), Day(b)) => by_number && a <= b,
            (OnWorkday(_), OffFestivals(_)) | (Workdays(_), _) => false,
        }
    }
}

/// A limit under its two readings, which may be one.
struct Readings {
    /// The last day, of the reading that gives less time and of that which gives more.
    last: [Last; 2],
    /// The first day, of a window.
    first: Option<[i32; 2]>,
    /// Whether an act after it is a breach; where the norm gives no number, a person judges.
    is_hard: bool,
}

enum Form {
    Fixed(Day),
    /// The days after the end of a period of so many days. Compared with its own kind only.
    AfterPeriod(u16),
    /// Not before the end of a period of so many days. Compared with its own kind only.
    Waiting(u16),
    /// Owed once a period of so many days is over. Compared with its own kind only.
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

/// Whether a limit gives the number that another leaves out: a notice's day or working days fill in the 及时 of the instrument above it,
/// which is not broken while they run.
pub(super) fn fills(limit: Limit, other: Limit) -> bool {
    matches!(limit, Limit::By(_) | Limit::Workdays(_)) && matches!(other, Limit::Promptly { .. })
}

/// Whether a limit is at least as strict as another that runs from the same day: an act in time under it is in time under
/// the other, under each reading, and one too late under the other is so under it.
///
/// 及时 has no number of its own: a number that is not larger than the days after which a person could object is at least
/// as strict, although its last day may move off a holiday.
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
