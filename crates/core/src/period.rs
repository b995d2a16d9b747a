//! Periods (期间): calendars, working days, due dates, and their printed count.
//!
//! Terms: a *limit* is the time a norm allows; a *due date* is its last day; a *reading* is one lawful way to find that
//! day if the text allows several; a *festival* is a statutory festival day for all citizens (法定节日), which differs from
//! a day off (放假日) in the State Council's arrangement.
//!
//! Invariants: a date outside the calendar's years gives no due date; nothing is guessed. [`due`] and [`judge`] take
//! constant time and allocate nothing; [`explain`] counts again, day by day, for what is shown.

mod calendar;
mod count;
mod due;
mod judge;
mod load;
#[cfg(test)]
mod tests;
mod words;

pub use calendar::{Calendar, Caveat, DayKind};
pub use count::{Count, explain};
pub use due::{Basis, DueDates, Reading, due};
pub use judge::{Act, Between, Judgement, Lateness, OtherDay, Verdict, judge, under_both, verdict};
pub use words::{months, rule};

use serde::{Deserialize, Serialize};

use crate::value::Day;

/// The time allowed for an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// This many calendar days; the starting day does not count.
    Days(u16),
    /// This many working days; the starting day does not count.
    Workdays(u16),
    /// This many months: to the corresponding day of the last month, or its last day (民法典 202). A year is twelve.
    Months(u16),
    /// By the end of the next day.
    NextDay,
    /// 立即: on the same day; on the next day, a person judges.
    Immediately,
    /// 期间届满后立即: on the day after a period of this many calendar days; on the next day after that, a person judges.
    AtOnceAfter(u16),
    /// 及时, 尽快: no number; after this many days a person judges.
    Promptly {
        /// The number of days after which a person could object.
        review_after: u16,
    },
    /// 某日后某日前: after one number of days and before another; on the two boundary days a person judges.
    Between {
        /// Later than this many days.
        after: u16,
        /// Earlier than this many days.
        before: u16,
    },
    /// 届满后: not before this many calendar days are over; no last day.
    AfterEnd(u16),
    /// 届满起方才负有义务: owed from the end of this many calendar days, without a last day; an earlier act satisfies it.
    OnceOver(u16),
    /// 同时: on the same day; up to three days apart, a person judges.
    SameTime,
    /// A fixed date, included.
    By(Day),
    /// The starting day itself is the last day: a date that somebody set, as the record states it.
    OnRecord,
}

impl Limit {
    /// Whether it is a set date, and not counted from another day.
    #[must_use]
    pub fn is_set_date(self) -> bool {
        matches!(self, Limit::By(_) | Limit::OnRecord)
    }

    /// Whether the norm gives no number of days (及时, 尽快): its day is then a reminder (提示日), not a legal deadline.
    #[must_use]
    pub fn has_no_number(self) -> bool {
        matches!(self, Limit::Promptly { .. })
    }
}
