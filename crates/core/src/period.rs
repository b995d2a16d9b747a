//! Periods (期间): calendars, working days, due dates, and their printed count.
//!
//! Terms: a *limit* is how long a norm gives; a *due date* is the last day of it; a *reading* is one lawful way to find
//! that day where the text leaves more than one; a *festival* is a statutory festival day for all citizens (法定节日),
//! which is not every day off (放假日) of the State Council's arrangement.
//!
//! Invariants: a date outside the calendar's years gives no due date; nothing is guessed. [`due`] and [`judge`] take
//! constant time and allocate nothing; what is shown is counted again, day by day, by [`explain`].

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

/// How long there is for an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// So many calendar days; the starting day does not count.
    Days(u16),
    /// So many working days; the starting day does not count.
    Workdays(u16),
    /// So many months: to the corresponding day of the last of them, or its last day (民法典 202). A year is twelve.
    Months(u16),
    /// By the end of the day after.
    NextDay,
    /// 立即: the same day; on the day after, a person judges.
    Immediately,
    /// 期间届满后立即: the day after the last day of a period of so many calendar days; on the day after that, a person
    /// judges.
    AtOnceAfter(u16),
    /// 及时, 尽快: no number; beyond so many days a person judges.
    Promptly {
        /// The days after which a person could object.
        review_after: u16,
    },
    /// 某日后某日前: after so many days and before so many; the two boundary days are for a person to judge.
    Between {
        /// Later than this many days.
        after: u16,
        /// Earlier than this many days.
        before: u16,
    },
    /// 届满后: not before the end of so many calendar days; nothing says until when.
    AfterEnd(u16),
    /// 届满起方才负有义务: owed from the end of so many calendar days on, without a last day; done earlier it is done.
    OnceOver(u16),
    /// 同时: the same day; up to three days apart a person judges.
    SameTime,
    /// A fixed date, included.
    By(Day),
    /// The day the time runs from is itself the last day: a date somebody set, as the record states it.
    OnRecord,
}

impl Limit {
    /// Whether it is a date that was set, not a time that is counted from another day.
    #[must_use]
    pub fn is_set_date(self) -> bool {
        matches!(self, Limit::By(_) | Limit::OnRecord)
    }

    /// Whether the norm gives no number of days (及时, 尽快): the day it leads to is a reminder to a person (提示日), not the
    /// end of a legal deadline.
    #[must_use]
    pub fn has_no_number(self) -> bool {
        matches!(self, Limit::Promptly { .. })
    }
}
