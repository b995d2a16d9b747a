//! Calendar days as day numbers, so that differences are subtractions.

use std::fmt;
use std::ops::{Add, Sub};

use chrono::{Datelike, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A calendar day of the Gregorian calendar, as the number of days since 0001-01-01 counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(i32);

impl Day {
    /// The day with this year, month and day of month, if it exists.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from)
    }

    /// Parses `2024-03-01`: exactly four, two and two digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().try_fold(0, |sum, b| {
                b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
            })
        };
        Day::from_ymd(
            i32::try_from(number(0..4)?).ok()?,
            number(5..7)?,
            number(8..10)?,
        )
    }

    /// The same day for chrono. A day number outside chrono's range gives the nearest end of that range.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0).unwrap_or(if self.0 < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        })
    }

    /// The corresponding day this many months later, or the last day of that month if it is shorter (民法典 202).
    #[must_use]
    pub fn months_later(self, months: u16) -> Day {
        self.date()
            .checked_add_months(Months::new(months.into()))
            .map_or(Day(i32::MAX), Day::from)
    }

    /// The day with this day number.
    #[must_use]
    pub fn from_number(number: i32) -> Day {
        Day(number)
    }

    /// Its day number: days since 0001-01-01, counted from 1.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.date().year()
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Day(date.num_days_from_ce())
    }
}

/// This many days later; saturates at the ends of the number range.
impl Add<i32> for Day {
    type Output = Day;

    fn add(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

/// This many days earlier; saturates at the ends of the number range.
impl Sub<i32> for Day {
    type Output = Day;

    fn sub(self, days: i32) -> Day {
        Day(self.0.saturating_sub(days))
    }
}

/// The number of days from the right day to the left day.
impl Sub for Day {
    type Output = i32;

    fn sub(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

/// A day with a time of day, to the minute, without a time zone: local time as the paper states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Minutes since midnight, below 1440.
    pub minute: u16,
}

impl Moment {
    /// Parses `2024-03-01T09:30` or `2024-03-01 09:30`; seconds are allowed and ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Moment> {
        let (date, time) = text.split_once(['T', ' '])?;
        let mut parts = time.split(':');
        let mut next = |limit: u16| {
            let part = parts.next()?;
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
                .filter(|n| *n < limit)
        };
        let (hour, minute) = (next(24)?, next(60)?);
        let rest: Vec<&str> = time.splitn(3, ':').skip(2).collect();
        if !rest.is_empty() {
            next(60)?;
        }
        Some(Moment {
            day: Day::parse(date)?,
            minute: hour * 60 + minute,
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:02}:{:02}",
            self.day,
            self.minute / 60,
            self.minute % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_read() {
        assert_eq!(Day::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
        for wrong in [
            "2024-02-30",
            "2023-02-29",
            "2024-2-9",
            "2024/02/09",
            "２０２４-02-09",
            "",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_subtract_and_add_across_months_and_saturate() {
        let day = Day::parse("2024-02-28").unwrap();
        assert_eq!((day + 2).to_string(), "2024-03-01");
        assert_eq!((day + 2) - day, 2);
        assert_eq!((day + i32::MAX + i32::MAX).number(), i32::MAX);
    }

    #[test]
    fn months_go_to_the_corresponding_day_or_the_last_of_the_month() {
        for (from, months, to) in [
            ("2024-05-31", 24, "2026-05-31"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2023-08-31", 6, "2024-02-29"),
            ("2023-07-22", 6, "2024-01-22"),
            ("2024-12-15", 1, "2025-01-15"),
        ] {
            let from = Day::parse(from).unwrap();
            assert_eq!(from.months_later(months).to_string(), to, "{from}");
        }
    }

    #[test]
    fn a_moment_is_read_to_the_minute() {
        let moment = Moment::parse("2024-03-01T09:30:59").unwrap();
        assert_eq!(moment.to_string(), "2024-03-01 09:30");
        for wrong in [
            "2024-03-01",
            "2024-03-01T24:00",
            "2024-03-01T9:30",
            "2024-03-01T09:30:61",
        ] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }
}
