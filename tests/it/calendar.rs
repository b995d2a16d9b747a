//! Compares the working calendar with an independent one, `tyme4rs`, which has its own table of the State Council's
//! arrangements and computes the lunar calendar and the solar terms: every day of every year, and both readings of the
//! last-day rule for a period that ends on it.

use crate::support::{day, world};
use choucha::period::{Basis, Limit, due};
use choucha::value::Day;
use chrono::{Datelike, Weekday};
use tyme4rs::tyme::solar::SolarDay;

const FIRST: &str = "2020-01-01";
const LAST: &str = "2026-12-31";

fn every_day() -> impl Iterator<Item = Day> {
    let (first, last) = (day(FIRST), day(LAST));
    (0..=last - first).map(move |n| first + n)
}

fn solar(day: Day) -> SolarDay {
    let date = day.date();
    SolarDay::from_ymd(
        isize::try_from(date.year()).expect("a year"),
        usize::try_from(date.month()).expect("a month"),
        usize::try_from(date.day()).expect("a day"),
    )
}

/// Whether the other table has a working day here; a day it does not list is an ordinary day of the week.
fn works(day: Day) -> bool {
    match solar(day).get_legal_holiday() {
        Some(holiday) => holiday.is_work(),
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// Whether a day is a festival for all citizens: article 2 of the Regulation on Public Holidays for National Festivals
/// and Memorial Days, as it stood in the year. The text in force from 2025-01-01 adds New Year's Eve and 2 May.
fn is_festival(at: Day) -> bool {
    let date = at.date();
    let amended = date.year() >= 2025;
    let lunar = |day: Day| {
        let lunar = solar(day).get_lunar_day();
        (lunar.get_month(), lunar.get_day())
    };
    let term = solar(at).get_term_day();
    let qingming = term.get_solar_term().get_index() == 7 && term.get_day_index() == 0;
    match (date.month(), date.day()) {
        (1, 1) | (5, 1) | (10, 1..=3) => true,
        (5, 2) if amended => true,
        _ => {
            qingming
                || matches!(lunar(at), (1, 1..=3) | (5, 5) | (8, 15))
                || (amended && lunar(at + 1) == (1, 1))
        }
    }
}

#[test]
fn every_day_of_the_years_is_worked_or_not_as_in_a_calendar_kept_by_others() {
    let calendar = world().engine.calendar();
    assert_eq!(calendar.range(), (day(FIRST), day(LAST)));
    let differing: Vec<String> = every_day()
        .filter(|day| calendar.is_workday(*day) != Some(works(*day)))
        .map(|day| format!("{day}: {:?}", calendar.kind(day)))
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
    // The other table does cover these years: each has days off in the week and days worked at the weekend.
    for year in 2020..=2026 {
        let moved = |weekend: bool| {
            every_day()
                .filter(|day| day.year() == year)
                .filter(|day| weekend == matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
                .filter(|day| works(*day) == weekend)
                .count()
        };
        assert!(
            moved(false) >= 13 && moved(true) >= 5,
            "{year}: {} days off in the week, {} worked at the weekend",
            moved(false),
            moved(true)
        );
    }
}

#[test]
fn the_statutory_festivals_are_those_of_the_regulation_by_a_lunar_calendar_kept_by_others() {
    let calendar = world().engine.calendar();
    let differing: Vec<String> = every_day()
        .filter(|day| calendar.is_festival(*day) != Some(is_festival(*day)))
        .map(|day| format!("{day}: {:?}", calendar.festival(day)))
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
    for year in 2020..=2026 {
        let festivals = every_day().filter(|day| day.year() == year && is_festival(*day));
        // Mid-Autumn of 2020 fell on National Day.
        let expected = match year {
            2020 => 10,
            2021..=2024 => 11,
            _ => 13,
        };
        assert_eq!(festivals.count(), expected, "{year}");
    }
}

#[test]
fn a_period_that_ends_on_any_day_moves_off_festivals_strictly_and_off_rest_days_broadly() {
    let calendar = world().engine.calendar();
    let off = |mut at: Day, rests: fn(Day) -> bool| {
        while rests(at) {
            at = at + 1;
        }
        at
    };
    let (mut apart, mut moved) = (0, 0);
    for since in every_day().take_while(|since| *since < day("2026-12-20")) {
        let last = since + 7;
        let (strict, broad) = (off(last, is_festival), off(last, |day| !works(day)));
        let dates = due(calendar, Limit::Days(7), Some(since)).expect("due dates");
        assert_eq!(dates.strict.latest, strict, "7 days from {since}");
        assert_eq!(
            dates.broad.map(|reading| reading.latest),
            (broad != strict).then_some(broad),
            "7 days from {since}"
        );
        // A fixed date follows the rule for the end of a period.
        let fixed = due(calendar, Limit::By(last), None).expect("due dates");
        assert_eq!((fixed.strict.latest, fixed.broad), (strict, dates.broad));
        if strict != last {
            assert_eq!(dates.strict.basis, Basis::AfterFestival);
            moved += 1;
        }
        apart += usize::from(broad != strict);
    }
    assert!(moved >= 70 && apart >= 600, "{moved} moved, {apart} apart");
}
