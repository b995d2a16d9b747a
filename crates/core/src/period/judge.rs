//! Judges an act against its due date.
//!
//! Invariant: every lawful reading is judged by itself; if they differ and one of them finds a breach, a person judges.

use super::{Calendar, DueDates, Limit, Reading, due};
use crate::value::Day;

/// What a record says about an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Done on that day.
    On(Day),
    /// Done on a day the record does not state.
    Done(Between),
    /// Known not to have been done.
    None,
    /// The record is silent.
    Unknown,
}

impl Act {
    /// The day of the act; `None` if unknown or not done.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        match self {
            Act::On(day) => Some(day),
            Act::Done(_) | Act::None | Act::Unknown => None,
        }
    }

    /// Whether the act is known to have been done, on any day.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Act::On(_) | Act::Done(_))
    }
}

/// The range of an unrecorded day, both ends included, as far as other days limit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Between {
    /// Not before this day.
    pub from: Option<Day>,
    /// Not after this day.
    pub until: Option<Day>,
}

impl Between {
    /// Narrows the range to days not before `day`.
    #[must_use]
    pub fn not_before(self, day: Day) -> Self {
        Between {
            from: Some(self.from.map_or(day, |from| from.max(day))),
            ..self
        }
    }

    /// Narrows the range to days not after `day`.
    #[must_use]
    pub fn not_after(self, day: Day) -> Self {
        Between {
            until: Some(self.until.map_or(day, |until| until.min(day))),
            ..self
        }
    }

    fn holds(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Enough days to determine the verdict of a limit on every day of the range: the verdict changes only at a first
    /// or last day. Empty if the bounds contradict each other.
    fn samples(self, due: &DueDates) -> Vec<Day> {
        let turns = due.readings().flat_map(|reading| {
            let first = reading.earliest.unwrap_or(reading.latest);
            [first - 1, first, reading.latest, reading.latest + 1]
        });
        let ends = self.from.into_iter().chain(self.until);
        turns.chain(ends).filter(|day| self.holds(*day)).collect()
    }
}

/// What a record says about the other possible starting day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherDay {
    /// There is no other day, or it is known not to have come, or it is not after the first: only the first counts.
    None,
    /// The time may also run from this day, which is after the first.
    On(Day),
    /// The record does not say whether or when it came.
    Unknown,
}

impl OtherDay {
    /// The other starting day `other`, which cannot come before the first.
    #[must_use]
    pub fn after(first: Option<Day>, other: Day) -> OtherDay {
        match first {
            Some(first) if first < other => OtherDay::On(other),
            _ => OtherDay::None,
        }
    }
}

/// The verdict of a limit on an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Done in time.
    Satisfied,
    /// Done too late or, in a window, too early; or not done, and the time is over.
    Violated,
    /// Lawful readings differ, or the norm gives no number and someone could object.
    Review,
    /// Not done or not recorded, and the time is not over.
    Pending,
    /// Known not to have been done, under a limit that only makes it wait: nothing was too early.
    NotDone,
    /// The record does not say when the act was done, or when its time starts.
    Undetermined,
    /// A date is outside the calendar's years: undetermined, because nothing is guessed.
    OutsideCalendar,
}

/// How late an act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lateness {
    /// The number of days, at least 1.
    pub days: i32,
    /// Whether they are working days. A limit in working days counts calendar days if it was missed without a working
    /// day in between, or by an act outside the calendar's years.
    pub in_workdays: bool,
}

/// An act, judged against its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The due dates; `None` if they cannot be computed.
    pub due: Option<DueDates>,
    /// The verdict of the strict reading alone.
    pub strict: Verdict,
    /// The verdict of the broad reading alone, if there is one.
    pub broad: Option<Verdict>,
    /// How late a done act is after the strict due date; only if every reading finds it late.
    pub late: Option<Lateness>,
    /// How late it is after the broad due date, if there is one.
    pub late_broad: Option<Lateness>,
    /// How many days too early an act is for a window or a period it must wait for, under the most generous reading; 0
    /// if it is not.
    pub early_days: i32,
    /// How overdue an act known not to have been done is on the day of the audit, after the strict due date; only if
    /// every reading finds it overdue.
    pub overdue: Option<Lateness>,
    /// Calendar days from the starting day to the act, which a person needs to judge 及时.
    pub passed: Option<i32>,
}

/// The verdicts of all readings of a limit on an act.
struct Readings {
    due: DueDates,
    strict: Verdict,
    broad: Option<Verdict>,
    verdict: Verdict,
}

impl Readings {
    /// The verdicts of all readings, or the single verdict if there is no due date.
    #[inline]
    fn of(
        calendar: &Calendar,
        limit: Limit,
        since: Option<Day>,
        act: Act,
        as_of: Day,
    ) -> Result<Readings, Verdict> {
        let Some(due) = due(calendar, limit, since) else {
            return Err(match (limit, since) {
                (Limit::By(_), _) | (_, Some(_)) => Verdict::OutsideCalendar,
                (_, None) => Verdict::Undetermined,
            });
        };
        Ok(match act {
            Act::Done(between) => Readings::of_any(limit, due, between, as_of),
            act => Readings::by(limit, due, act, as_of),
        })
    }

    /// The verdicts that every possible day has in common; undetermined where they differ.
    fn of_any(limit: Limit, due: DueDates, between: Between, as_of: Day) -> Readings {
        // An act owed without a last day satisfies its duty whenever it was done.
        if let Limit::OnceOver(_) = limit {
            return Readings::by(limit, due, Act::On(as_of), as_of);
        }
        let samples = between.samples(&due).into_iter();
        let mut each = samples.map(|day| Readings::by(limit, due, Act::On(day), as_of));
        let open = Readings {
            due,
            strict: Verdict::Undetermined,
            broad: due.broad.map(|_| Verdict::Undetermined),
            verdict: Verdict::Undetermined,
        };
        let Some(first) = each.next() else {
            return open;
        };
        each.fold(first, |all, one| Readings {
            due,
            strict: same(all.strict, one.strict),
            broad: all.broad.zip(one.broad).map(|(all, one)| same(all, one)),
            verdict: same(all.verdict, one.verdict),
        })
    }

    #[inline]
    fn by(limit: Limit, due: DueDates, act: Act, as_of: Day) -> Readings {
        let mut strict = under(limit, &due.strict, act, as_of);
        if matches!(limit, Limit::Promptly { .. })
            && act.day().is_some()
            && strict == Verdict::Violated
        {
            // The norm gives no number: a person must weigh a long time.
            strict = Verdict::Review;
        }
        let broad = due.broad.map(|reading| under(limit, &reading, act, as_of));
        let verdict = match broad {
            Some(broad) if broad != strict => match (strict, broad) {
                (Verdict::Violated, _) | (_, Verdict::Violated) => Verdict::Review,
                (Verdict::Undetermined, _) | (_, Verdict::Undetermined) => Verdict::Undetermined,
                _ => Verdict::Review,
            },
            _ => strict,
        };
        Readings {
            due,
            strict,
            broad,
            verdict,
        }
    }
}

/// The verdict if both are equal; else undetermined.
fn same(one: Verdict, other: Verdict) -> Verdict {
    match one == other {
        true => one,
        false => Verdict::Undetermined,
    }
}

/// Only the verdict of [`judge`], for the pass over every case.
#[must_use]
pub fn verdict(
    calendar: &Calendar,
    limit: Limit,
    since: Option<Day>,
    act: Act,
    as_of: Day,
) -> Verdict {
    match Readings::of(calendar, limit, since, act, as_of) {
        Ok(readings) => readings.verdict,
        Err(verdict) => verdict,
    }
}

/// The verdict if the time may run from either of two days: `first` from the earlier day; `other` from the later day,
/// which gives more time, or `None` if the record does not state that day.
///
/// An act in time from the earlier day is in time from any later one. An act late from the earlier day but not from the
/// later one is for a person to judge; while the later day is unknown, it is undetermined.
#[must_use]
pub fn under_both(first: Verdict, other: Option<Verdict>) -> Verdict {
    use Verdict::{NotDone, OutsideCalendar, Pending, Review, Satisfied, Undetermined, Violated};
    match (first, other) {
        (Satisfied | Pending | NotDone | Review | Undetermined | OutsideCalendar, _)
        | (Violated, Some(Violated)) => first,
        (Violated, Some(Satisfied | Pending | Review)) => Review,
        (Violated, Some(OutsideCalendar)) => OutsideCalendar,
        (Violated, Some(Undetermined | NotDone) | None) => Undetermined,
    }
}

/// Judges an act under every lawful reading of its limit.
///
/// `since` is the starting day, if known; `as_of` the day of the audit. An act before `since` is in time, except for a
/// window; dates in the wrong order are reported elsewhere.
#[must_use]
pub fn judge(
    calendar: &Calendar,
    limit: Limit,
    since: Option<Day>,
    act: Act,
    as_of: Day,
) -> Judgement {
    let passed = act.day().zip(since).map(|(act, since)| act - since);
    let readings = match Readings::of(calendar, limit, since, act, as_of) {
        Ok(readings) => readings,
        Err(verdict) => {
            return Judgement {
                verdict,
                due: None,
                strict: verdict,
                broad: None,
                late: None,
                late_broad: None,
                early_days: 0,
                overdue: None,
                passed,
            };
        }
    };
    let dates = readings.due;
    let certain = readings.verdict == Verdict::Violated;
    let missed = |reading: &Reading, by: Option<Day>| {
        by.filter(|_| certain)
            .and_then(|by| missed_by(calendar, limit, reading.latest, by))
    };
    let earliest = dates
        .readings()
        .filter_map(|reading| reading.earliest)
        .min();
    Judgement {
        verdict: readings.verdict,
        due: Some(dates),
        strict: readings.strict,
        broad: readings.broad,
        late: missed(&dates.strict, act.day()),
        late_broad: dates.broad.and_then(|reading| missed(&reading, act.day())),
        early_days: match (earliest, act) {
            (Some(earliest), Act::On(day)) if certain => (earliest - day).max(0),
            _ => 0,
        },
        overdue: missed(&dates.strict, (act == Act::None).then_some(as_of)),
        passed,
    }
}

/// The verdict of one reading: the table of deadlines.
pub(super) fn under(limit: Limit, reading: &Reading, act: Act, as_of: Day) -> Verdict {
    if matches!(limit, Limit::AfterEnd(_)) {
        return match act {
            Act::On(day) if day <= reading.latest => Verdict::Violated,
            Act::On(_) => Verdict::Satisfied,
            Act::None => Verdict::NotDone,
            // The days of its range are judged one by one.
            Act::Done(_) | Act::Unknown => Verdict::Undetermined,
        };
    }
    if matches!(limit, Limit::OnceOver(_)) && act.is_done() {
        return Verdict::Satisfied;
    }
    match act {
        Act::On(day) if day > reading.latest => Verdict::Violated,
        Act::On(day) if reading.earliest.is_some_and(|earliest| day < earliest) => {
            Verdict::Violated
        }
        Act::On(_) => Verdict::Satisfied,
        Act::None | Act::Unknown if as_of <= reading.latest => Verdict::Pending,
        Act::None => Verdict::Violated,
        Act::Done(_) | Act::Unknown => Verdict::Undetermined,
    }
}

/// How far `day` is after `due`; `None` if it is not.
pub(super) fn missed_by(calendar: &Calendar, limit: Limit, due: Day, day: Day) -> Option<Lateness> {
    // An act owed without a last day, or without a number of days, is not done rather than late.
    if day <= due || matches!(limit, Limit::OnceOver(_) | Limit::Promptly { .. }) {
        return None;
    }
    let workdays = match limit {
        Limit::Workdays(_) => calendar.workdays_after(due, day).filter(|days| *days > 0),
        _ => None,
    };
    Some(Lateness {
        days: workdays.unwrap_or(day - due),
        in_workdays: workdays.is_some(),
    })
}
