//! The working calendar: the kind of every day of its years, in tables with constant-time access.
//!
//! Invariants: the years are contiguous; every festival is a day off; positions in the tables are days since the first
//! day of the first year.

use std::sync::Arc;

use super::load;
use crate::diagnostic::Diagnostic;
use crate::lang::Text;
use crate::source::Source;
use crate::value::Day;

/// The kind of a day for those who work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// An ordinary working day.
    Workday,
    /// A working day by the State Council's arrangement (调休上班), usually a Saturday or a Sunday.
    MakeUp,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day off by the State Council's arrangement (放假): a festival, a bridged or a compensated day.
    Off,
}

impl DayKind {
    /// Whether people work on it.
    #[must_use]
    pub fn is_workday(self) -> bool {
        matches!(self, DayKind::Workday | DayKind::MakeUp)
    }
}

/// A caution for readers of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caveat {
    /// First day it concerns.
    pub from: Day,
    /// Last day it concerns.
    pub until: Day,
    /// Whether it concerns festivals only.
    pub festivals_only: bool,
    /// The caution.
    pub text: Text,
}

/// One day of the calendar, as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: DayKind,
    /// Index of the arrangement's name for the days off it belongs to.
    pub(super) name: Option<u16>,
    /// Index of the name of the festival it is.
    pub(super) festival: Option<u16>,
}

/// The notices of one year.
#[derive(Debug)]
pub(super) struct Year {
    pub(super) year: i32,
    pub(super) papers: Vec<String>,
}

/// The checked contents of a calendar file.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) years: Vec<Year>,
    pub(super) names: Vec<Text>,
    pub(super) caveats: Vec<Caveat>,
    pub(super) first: Day,
    pub(super) days: Vec<Entry>,
}

/// Working days, days off and festivals of some years. Holidays are data with sources, never code.
#[derive(Debug)]
pub struct Calendar {
    data: Data,
    digest: String,
    /// The number of working days up to and including each day.
    worked: Vec<i32>,
    /// The position of every working day, in order.
    workdays: Vec<i32>,
    /// For each day, the distance to the next day, itself included, that is not a festival; `None` if the calendar ends
    /// before.
    to_no_festival: Vec<Option<u8>>,
}

impl Calendar {
    /// Reads a calendar file (`rules/calendar/cn.yaml`).
    ///
    /// # Errors
    /// All its errors with their places: a date that does not exist, is in the wrong year or is listed twice, a make-up
    /// working day that is a day off, a festival that is not, a gap between years, a name without a translation.
    pub fn load(source: &Arc<Source>) -> Result<Calendar, Vec<Diagnostic>> {
        Ok(Calendar::index(
            load::read(source)?,
            source.digest().to_owned(),
        ))
    }

    fn index(data: Data, digest: String) -> Calendar {
        let mut workdays = Vec::new();
        let mut worked = Vec::with_capacity(data.days.len());
        for (at, day) in (0..).zip(&data.days) {
            if day.kind.is_workday() {
                workdays.push(at);
            }
            worked.push(i32::try_from(workdays.len()).unwrap_or(i32::MAX));
        }
        let mut to_no_festival = vec![None; data.days.len()];
        let mut distance: Option<u8> = None;
        for (slot, day) in to_no_festival.iter_mut().zip(&data.days).rev() {
            distance = match day.festival {
                None => Some(0),
                Some(_) => distance.and_then(|d| d.checked_add(1)),
            };
            *slot = distance;
        }
        Calendar {
            data,
            digest,
            worked,
            workdays,
            to_no_festival,
        }
    }

    /// The digest of its file, `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Its first and last day.
    #[must_use]
    pub fn range(&self) -> (Day, Day) {
        let length = i32::try_from(self.data.days.len()).unwrap_or(i32::MAX);
        (self.data.first, self.data.first + (length - 1))
    }

    /// Whether the day is within its years.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.at(day).is_some()
    }

    /// The kind of the day; `None` outside the calendar's years.
    #[must_use]
    pub fn kind(&self, day: Day) -> Option<DayKind> {
        self.entry(day).map(|entry| entry.kind)
    }

    /// Whether people work on the day, make-up working days included; `None` outside the calendar's years.
    #[must_use]
    pub fn is_workday(&self, day: Day) -> Option<bool> {
        self.kind(day).map(DayKind::is_workday)
    }

    /// Whether the day is a statutory festival for all citizens; `None` outside the calendar's years.
    #[must_use]
    pub fn is_festival(&self, day: Day) -> Option<bool> {
        self.entry(day).map(|entry| entry.festival.is_some())
    }

    /// The Chinese name of the days off that a day belongs to, or makes up for: `春节` both for 2024-02-17, off, and for
    /// 2024-02-18, worked. `None` for a day no arrangement lists.
    #[must_use]
    pub fn name_of(&self, day: Day) -> Option<&str> {
        self.name(day).map(|name| name.zh.as_str())
    }

    /// The name of [`Calendar::name_of`], in both languages.
    #[must_use]
    pub fn name(&self, day: Day) -> Option<&Text> {
        self.named(self.entry(day)?.name?)
    }

    /// The name of the statutory festival on a day. If two fall on one day, it names both.
    #[must_use]
    pub fn festival(&self, day: Day) -> Option<&Text> {
        self.named(self.entry(day)?.festival?)
    }

    /// The addresses of the State Council's notices for a year; empty outside the calendar's years.
    #[must_use]
    pub fn papers(&self, year: i32) -> &[String] {
        self.data
            .years
            .iter()
            .find(|entry| entry.year == year)
            .map_or(&[], |entry| &entry.papers)
    }

    /// Cautions for readers of the calendar.
    #[must_use]
    pub fn caveats(&self) -> &[Caveat] {
        &self.data.caveats
    }

    /// The number of working days after `from` up to and including `to`; negative if `to` is earlier. `None` if either
    /// day is outside the calendar's years.
    #[must_use]
    pub fn workdays_after(&self, from: Day, to: Day) -> Option<i32> {
        let worked = |day| self.worked.get(self.at(day)?).copied();
        Some(worked(to)? - worked(from)?)
    }

    /// The `n`-th working day after `day`, which itself does not count; for 0, the day itself. `None` if either day is
    /// outside the calendar's years.
    #[must_use]
    pub fn add_workdays(&self, day: Day, n: u16) -> Option<Day> {
        let worked = *self.worked.get(self.at(day)?)?;
        if n == 0 {
            return Some(day);
        }
        self.workday(worked + i32::from(n) - 1)
    }

    /// The first working day from `day` on, itself included.
    pub(super) fn workday_from(&self, day: Day) -> Option<Day> {
        let at = self.at(day)?;
        let worked = *self.worked.get(at)?;
        if self.data.days.get(at)?.kind.is_workday() {
            return Some(day);
        }
        self.workday(worked)
    }

    /// The first day from `day` on, itself included, that is not a festival.
    pub(super) fn no_festival_from(&self, day: Day) -> Option<Day> {
        let distance = (*self.to_no_festival.get(self.at(day)?)?)?;
        Some(day + i32::from(distance))
    }

    /// The working day with this index among all working days, from 0.
    fn workday(&self, position: i32) -> Option<Day> {
        let at = *self.workdays.get(usize::try_from(position).ok()?)?;
        Some(self.data.first + at)
    }

    fn at(&self, day: Day) -> Option<usize> {
        let at = usize::try_from(day - self.data.first).ok()?;
        (at < self.data.days.len()).then_some(at)
    }

    fn entry(&self, day: Day) -> Option<&Entry> {
        self.data.days.get(self.at(day)?)
    }

    fn named(&self, name: u16) -> Option<&Text> {
        self.data.names.get(usize::from(name))
    }
}
