//! A second calendar, slow and plain: read from the same file by another parser, and counted day by day.

use std::collections::BTreeSet;
use std::fs;

use choucha::audit::Outcome;
use choucha::value::Day;
use chrono::Weekday;
use serde_yaml::Value;

use super::{day, root};

pub(crate) struct Days {
    off: BTreeSet<Day>,
    worked: BTreeSet<Day>,
    festivals: BTreeSet<Day>,
    /// The first and the last year of the file.
    years: (i32, i32),
}

/// The kind of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Plain,
    MakeUp,
    Weekend,
    OffButNoFestival,
    FestivalBeforeRest,
    FestivalBeforeWork,
}

impl Days {
    pub(crate) fn read() -> Days {
        let text = fs::read_to_string(root().join("rules/calendar/cn.yaml")).expect("the calendar");
        let tree: Value = serde_yaml::from_str(&text).expect("a YAML text");
        let years = tree["years"].as_mapping().expect("years");
        let all = |table: &str| -> BTreeSet<Day> {
            years
                .values()
                .filter_map(|year| year[table].as_mapping())
                .flat_map(|named| named.values())
                .flat_map(|days| days.as_sequence().expect("days"))
                .flat_map(|days| range(days.as_str().expect("a day or a range")))
                .collect()
        };
        let numbers = || years.keys().map(|year| year.as_i64().expect("a year"));
        let year = |year: Option<i64>| i32::try_from(year.expect("a year")).expect("a year");
        Days {
            years: (year(numbers().min()), year(numbers().max())),
            off: all("off"),
            worked: all("work"),
            festivals: all("festivals"),
        }
    }

    /// Whether the file covers the year of the day.
    fn covers(&self, at: Day) -> bool {
        (self.years.0..=self.years.1).contains(&at.year())
    }

    pub(crate) fn works(&self, day: Day) -> bool {
        self.worked.contains(&day)
            || !(self.off.contains(&day) || matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    pub(crate) fn is_festival(&self, day: Day) -> bool {
        self.festivals.contains(&day)
    }

    pub(crate) fn sort(&self, day: Day) -> Sort {
        if self.is_festival(day) {
            let mut after = day;
            while self.is_festival(after) {
                after = after + 1;
            }
            return if self.works(after) {
                Sort::FestivalBeforeWork
            } else {
                Sort::FestivalBeforeRest
            };
        }
        if self.worked.contains(&day) {
            Sort::MakeUp
        } else if self.off.contains(&day) {
            Sort::OffButNoFestival
        } else if self.works(day) {
            Sort::Plain
        } else {
            Sort::Weekend
        }
    }
}

/// `2024-02-10..2024-02-17`, both included, or one day.
fn range(text: &str) -> Vec<Day> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (day(from), day(to));
    (0..=to - from).map(|n| from + n).collect()
}

/// A time limit, as the test's own tables write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Days(i32),
    Workdays(i32),
    Months(i32),
    NextDay,
    Immediately,
    /// At once after a period of n days.
    AfterPeriod(i32),
    Promptly(i32),
    Window(i32, i32),
    /// Not before the end of n days.
    AfterEnd(i32),
    /// Owed once n days are over.
    OnceOver(i32),
    SameTime,
    By(Day),
    /// By the day it runs from, a date somebody set.
    Set,
}

/// The day of the same number some months later, or the last day of that month.
pub(crate) fn corresponding(since: Day, months: i32) -> Day {
    use chrono::Datelike;
    let since = since.date();
    let month = since.year() * 12 + since.month0() as i32 + months;
    (1..=since.day())
        .rev()
        .find_map(|day| chrono::NaiveDate::from_ymd_opt(month / 12, (month % 12) as u32 + 1, day))
        .expect("a day of the month")
        .into()
}

/// One reading: the first day in time, for a window, and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: Option<Day>,
    pub(crate) last: Day,
}

impl Term {
    /// The last day counted, before it moves off a holiday.
    pub(crate) fn nominal(self, days: &Days, since: Day) -> Day {
        match self {
            Term::Days(n)
            | Term::Promptly(n)
            | Term::Window(_, n)
            | Term::AfterEnd(n)
            | Term::OnceOver(n) => {
                let mut at = since;
                for _ in 0..n {
                    at = at + 1;
                }
                at
            }
            Term::Workdays(n) => {
                let (mut at, mut left) = (since, n);
                while left > 0 {
                    at = at + 1;
                    left -= i32::from(days.works(at));
                }
                at
            }
            Term::Months(n) => corresponding(since, n),
            Term::AfterPeriod(n) => since + n,
            Term::NextDay => since + 1,
            Term::Immediately | Term::SameTime | Term::Set => since,
            Term::By(fixed) => fixed,
        }
    }

    /// The strict reading, and the broad one if it differs.
    pub(crate) fn spans(self, days: &Days, since: Day) -> (Span, Option<Span>) {
        let nominal = self.nominal(days, since);
        let until = |last| Span { first: None, last };
        let from = |first, last| Span {
            first: Some(first),
            last,
        };
        match self {
            Term::Days(_) | Term::Months(_) | Term::NextDay | Term::By(_) | Term::Set => {
                let (mut strict, mut broad) = (nominal, nominal);
                while days.is_festival(strict) {
                    strict = strict + 1;
                }
                while !days.works(broad) {
                    broad = broad + 1;
                }
                (until(strict), (strict != broad).then(|| until(broad)))
            }
            Term::AfterEnd(n) | Term::OnceOver(n) => {
                let (strict, broad) = Term::Days(n).spans(days, since);
                let wait = |span: Span| from(span.last + 1, span.last);
                (wait(strict), broad.map(wait))
            }
            Term::Workdays(_) | Term::Promptly(_) => (until(nominal), None),
            Term::Immediately => (until(since), Some(until(since + 1))),
            Term::AfterPeriod(n) => {
                let (strict, broad) = Term::Days(n).spans(days, since);
                let last = broad.unwrap_or(strict).last;
                (until(strict.last + 1), Some(until(last + 2)))
            }
            Term::SameTime => (from(since, since), Some(from(since - 3, since + 3))),
            Term::Window(after, before) => (
                from(since + (after + 1), since + (before - 1)),
                Some(from(since + after, since + before)),
            ),
        }
    }
}

/// What a record says about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    On(Day),
    /// On an unknown day.
    Done,
    None,
    Unknown,
}

/// The outcome of a deadline under one reading.
fn under(term: Term, span: Span, act: Fact, as_of: Day) -> Outcome {
    if let Term::AfterEnd(_) = term {
        return match act {
            Fact::On(day) if day > span.last => Outcome::Satisfied,
            Fact::On(_) => Outcome::Violated,
            Fact::None => Outcome::NotApplicable,
            Fact::Done | Fact::Unknown => Outcome::Undetermined,
        };
    }
    if let (Term::OnceOver(_), Fact::On(_) | Fact::Done) = (term, act) {
        return Outcome::Satisfied;
    }
    match act {
        Fact::On(day) if day <= span.last && span.first.is_none_or(|first| first <= day) => {
            Outcome::Satisfied
        }
        Fact::On(_) => Outcome::Violated,
        Fact::Done => Outcome::Undetermined,
        _ if as_of <= span.last => Outcome::Pending,
        Fact::None => Outcome::Violated,
        Fact::Unknown => Outcome::Undetermined,
    }
}

/// The outcome of a time limit that may run from either of two days. The other day cannot precede the first; while it is
/// unknown, it may be any later day.
pub(crate) fn two_starts(
    first: Fact,
    other: Option<Fact>,
    by: impl Fn(Fact) -> Outcome,
) -> Outcome {
    let outcome = by(first);
    let Fact::On(start) = first else {
        return outcome;
    };
    match (outcome, other) {
        // A later start can change only a violation by the first day.
        (Outcome::Violated, Some(Fact::Unknown | Fact::Done)) => Outcome::Undetermined,
        (Outcome::Violated, Some(Fact::On(later))) if later > start => match by(Fact::On(later)) {
            Outcome::Violated => Outcome::Violated,
            Outcome::Undetermined => Outcome::Undetermined,
            _ => Outcome::Review,
        },
        _ => outcome,
    }
}

/// The outcome of a deadline over both readings. A fixed date ignores the starting day.
pub(crate) fn judge(days: &Days, term: Term, since: Fact, act: Fact, as_of: Day) -> Outcome {
    let since = match (since, term) {
        (_, Term::By(fixed)) => fixed,
        (Fact::On(since), _) => since,
        // A period that never began postpones nothing.
        (_, Term::OnceOver(_)) => {
            return match (since, act) {
                (_, Fact::On(_) | Fact::Done) => Outcome::Satisfied,
                (Fact::None, Fact::None) => Outcome::Violated,
                _ => Outcome::Undetermined,
            };
        }
        (Fact::None, _) => return Outcome::NotApplicable,
        (Fact::Unknown | Fact::Done, _) => return Outcome::Undetermined,
    };
    if !days.covers(since) {
        return Outcome::Undetermined;
    }
    let (strict, broad) = term.spans(days, since);
    if !days.covers(strict.last) || broad.is_some_and(|broad| !days.covers(broad.last)) {
        return Outcome::Undetermined;
    }
    let strict = match (under(term, strict, act, as_of), act, term) {
        // The text gives no number: a long delay is for a person to judge.
        (Outcome::Violated, Fact::On(_), Term::Promptly(_)) => Outcome::Review,
        (outcome, _, _) => outcome,
    };
    match broad.map(|broad| under(term, broad, act, as_of)) {
        None => strict,
        Some(broad) if broad == strict => strict,
        Some(broad) if [strict, broad].contains(&Outcome::Violated) => Outcome::Review,
        Some(_) => Outcome::Undetermined,
    }
}

/// Whether an act is in time, by every reading or by at least one; None outside the years of the file.
pub(crate) fn in_time(days: &Days, term: Term, since: Day, act: Day, every: bool) -> Option<bool> {
    let (strict, broad) = term.spans(days, since);
    let lasts: Vec<Day> = [Some(strict), broad]
        .into_iter()
        .flatten()
        .map(|span| span.last)
        .collect();
    if !lasts.iter().chain([&since]).all(|day| days.covers(*day)) {
        return None;
    }
    let kept = lasts.iter().filter(|last| act <= **last).count();
    Some(if every { kept == lasts.len() } else { kept > 0 })
}
