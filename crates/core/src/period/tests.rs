//! The period examples of the texts, a naive second count, and properties.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Lang;
use crate::source::Source;
use crate::value::Day;

const FILE: &str = include_str!("../../../../rules/calendar/cn.yaml");

static CALENDAR: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::load(&source(FILE)).expect("the calendar is sound"));

fn source(text: &str) -> Arc<Source> {
    Source::new("rules/calendar/cn.yaml", text)
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a date")
}

fn every_day() -> impl Iterator<Item = Day> {
    let (first, last) = CALENDAR.range();
    (0..=last - first).map(move |n| first + n)
}

fn on(limit: Limit, since: &str, act: &str) -> Judgement {
    judge(
        &CALENDAR,
        limit,
        Some(day(since)),
        Act::On(day(act)),
        day("2024-12-31"),
    )
}

fn not_done(limit: Limit, since: &str, act: Act, as_of: &str) -> Verdict {
    judge(&CALENDAR, limit, Some(day(since)), act, day(as_of)).verdict
}

#[test]
fn the_calendar_knows_every_day_from_2020_to_2026() {
    assert_eq!(CALENDAR.range(), (day("2020-01-01"), day("2026-12-31")));
    assert_eq!(every_day().count(), 2557);
    let count = |year: i32, what: &dyn Fn(Day) -> Option<bool>| {
        every_day()
            .filter(|day| day.year() == year && what(*day) == Some(true))
            .count()
    };
    // Working days and festival days per year; two festivals fall on 2020-10-01.
    for (year, workdays, festivals) in [
        (2020, 249, 10),
        (2021, 250, 11),
        (2022, 249, 11),
        (2023, 249, 11),
        (2024, 251, 11),
        (2025, 248, 13),
        (2026, 248, 13),
    ] {
        assert_eq!(count(year, &|d| CALENDAR.is_workday(d)), workdays, "{year}");
        assert_eq!(
            count(year, &|d| CALENDAR.is_festival(d)),
            festivals,
            "{year}"
        );
        assert!(CALENDAR.papers(year)[0].contains("gov.cn"));
    }
}

#[test]
fn make_up_days_work_and_bridged_days_do_not() {
    for (date, workday, festival, name) in [
        ("2024-02-09", true, false, None),
        ("2024-02-10", false, true, Some("春节")),
        ("2024-02-17", false, false, Some("春节")),
        ("2024-02-18", true, false, Some("春节")),
        ("2024-02-24", false, false, None),
        ("2020-10-01", false, true, Some("国庆节、中秋节")),
        ("2025-01-28", false, true, Some("春节")),
    ] {
        let date = day(date);
        assert_eq!(CALENDAR.is_workday(date), Some(workday), "{date}");
        assert_eq!(CALENDAR.is_festival(date), Some(festival), "{date}");
        assert_eq!(CALENDAR.name_of(date), name, "{date}");
    }
    assert_eq!(
        CALENDAR.festival(day("2020-10-01")).map(|n| n.zh.as_str()),
        Some("中秋节、国庆节")
    );
    for outside in ["2019-12-31", "2027-01-01"] {
        assert!(!CALENDAR.covers(day(outside)));
        assert_eq!(CALENDAR.is_workday(day(outside)), None);
        assert_eq!(CALENDAR.is_festival(day(outside)), None);
    }
}

#[test]
fn the_examples_of_the_first_batch_of_2024_come_out_as_written() {
    use Verdict::{Pending, Review, Satisfied, Undetermined, Violated};
    for (limit, since, act, verdict, late) in [
        (Limit::Days(7), "2024-03-01", "2024-03-08", Satisfied, None),
        (
            Limit::Days(7),
            "2024-03-01",
            "2024-03-12",
            Violated,
            Some((4, false)),
        ),
        (
            Limit::Workdays(3),
            "2024-02-09",
            "2024-02-20",
            Satisfied,
            None,
        ),
        (
            Limit::Workdays(3),
            "2024-02-09",
            "2024-02-21",
            Violated,
            Some((1, true)),
        ),
        (Limit::NextDay, "2024-01-22", "2024-01-23", Satisfied, None),
        (
            Limit::NextDay,
            "2024-01-22",
            "2024-01-24",
            Violated,
            Some((1, false)),
        ),
        // The day after a Friday is a rest day, but no festival.
        (Limit::NextDay, "2024-01-26", "2024-01-27", Satisfied, None),
        (Limit::NextDay, "2024-01-26", "2024-01-29", Review, None),
        (
            Limit::NextDay,
            "2024-01-26",
            "2024-01-30",
            Violated,
            Some((3, false)),
        ),
        (
            Limit::By(day("2024-04-05")),
            "2024-01-01",
            "2024-04-05",
            Satisfied,
            None,
        ),
        (
            Limit::By(day("2024-04-05")),
            "2024-01-01",
            "2024-04-06",
            Review,
            None,
        ),
        (
            Limit::By(day("2024-04-05")),
            "2024-01-01",
            "2024-04-07",
            Review,
            None,
        ),
        (
            Limit::By(day("2024-04-05")),
            "2024-01-01",
            "2024-04-08",
            Violated,
            Some((3, false)),
        ),
        // A festival moves the last day under both readings, but not to the same day.
        (Limit::Days(3), "2024-09-28", "2024-10-04", Satisfied, None),
        (Limit::Days(3), "2024-09-28", "2024-10-08", Review, None),
        (
            Limit::Days(3),
            "2024-09-28",
            "2024-10-09",
            Violated,
            Some((5, false)),
        ),
    ] {
        let found = on(limit, since, act);
        let late = late.map(|(days, in_workdays)| Lateness { days, in_workdays });
        assert_eq!(
            (found.verdict, found.late),
            (verdict, late),
            "{limit:?} {act}"
        );
    }
    assert_eq!(
        not_done(Limit::Days(7), "2024-03-01", Act::Unknown, "2024-03-05"),
        Pending
    );
    assert_eq!(
        not_done(Limit::Days(7), "2024-03-01", Act::Unknown, "2024-03-08"),
        Pending
    );
    assert_eq!(
        not_done(Limit::Days(7), "2024-03-01", Act::Unknown, "2024-03-20"),
        Undetermined
    );
    assert_eq!(
        not_done(Limit::Days(7), "2024-03-01", Act::None, "2024-03-20"),
        Violated
    );
}

#[test]
fn a_fixed_date_in_qingming_has_two_readings() {
    let dates = due(&CALENDAR, Limit::By(day("2024-04-05")), None).unwrap();
    assert_eq!(dates.strict.latest, day("2024-04-05"));
    let broad = dates.broad.unwrap();
    // Saturday the 6th is off; Sunday the 7th makes up for it and is worked.
    assert_eq!(
        (broad.latest, broad.basis),
        (day("2024-04-07"), Basis::AfterRestDays)
    );
}

#[test]
fn a_make_up_sunday_never_moves_the_last_day() {
    let dates = due(&CALENDAR, Limit::Days(9), Some(day("2024-02-09"))).unwrap();
    assert_eq!(
        (dates.strict.latest, dates.broad),
        (day("2024-02-18"), None)
    );
}

#[test]
fn late_from_the_strict_date_when_both_readings_find_it_late() {
    let found = on(Limit::By(day("2024-04-05")), "2024-01-01", "2024-04-10");
    assert_eq!(found.late.map(|l| l.days), Some(5));
    assert_eq!(found.late_broad.map(|l| l.days), Some(3));
    let review = on(Limit::By(day("2024-04-05")), "2024-01-01", "2024-04-06");
    assert_eq!((review.late, review.late_broad), (None, None));
}

#[test]
fn a_working_day_limit_missed_over_a_weekend_is_missed_by_calendar_days() {
    // Three working days from Tuesday end on Friday; Saturday is late, though no working day has passed.
    let found = on(Limit::Workdays(3), "2024-03-05", "2024-03-09");
    assert_eq!(found.verdict, Verdict::Violated);
    assert_eq!(
        found.late,
        Some(Lateness {
            days: 1,
            in_workdays: false
        })
    );
}

#[test]
fn at_once_promptly_windows_and_together_leave_the_doubtful_days_to_a_person() {
    use Verdict::{Pending, Review, Satisfied, Undetermined, Violated};
    let promptly = Limit::Promptly { review_after: 7 };
    let window = Limit::Between {
        after: 60,
        before: 90,
    };
    for (limit, after, verdict) in [
        (Limit::AtOnceAfter(14), 14, Satisfied),
        (Limit::AtOnceAfter(14), 15, Satisfied),
        (Limit::AtOnceAfter(14), 16, Review),
        (Limit::AtOnceAfter(14), 17, Violated),
        // Day 15 is a Saturday: the broad reading moves the end of the period to Monday, day 17.
        (Limit::AtOnceAfter(15), 16, Satisfied),
        (Limit::AtOnceAfter(15), 17, Review),
        (Limit::AtOnceAfter(15), 19, Review),
        (Limit::AtOnceAfter(15), 20, Violated),
        (Limit::Immediately, -1, Satisfied),
        (Limit::Immediately, 0, Satisfied),
        (Limit::Immediately, 1, Review),
        (Limit::Immediately, 2, Violated),
        (promptly, -3, Satisfied),
        (promptly, 7, Satisfied),
        (promptly, 8, Review),
        (promptly, 200, Review),
        (window, 59, Violated),
        (window, 60, Review),
        (window, 61, Satisfied),
        (window, 89, Satisfied),
        (window, 90, Review),
        (window, 91, Violated),
        (Limit::SameTime, -4, Violated),
        (Limit::SameTime, -3, Review),
        (Limit::SameTime, -1, Review),
        (Limit::SameTime, 0, Satisfied),
        (Limit::SameTime, 3, Review),
        (Limit::SameTime, 4, Violated),
    ] {
        let since = day("2024-03-01");
        let act = Act::On(since + after);
        let found = judge(&CALENDAR, limit, Some(since), act, day("2024-12-31"));
        assert_eq!(found.verdict, verdict, "{limit:?} {after}");
        assert_eq!(found.passed, Some(after));
    }
    assert_eq!(on(window, "2024-03-01", "2024-04-29").early_days, 1);
    for (act, as_of, verdict) in [
        (Act::None, "2024-03-08", Pending),
        (Act::Unknown, "2024-03-08", Pending),
        (Act::None, "2024-03-09", Violated),
        (Act::Unknown, "2024-03-09", Undetermined),
    ] {
        assert_eq!(not_done(promptly, "2024-03-01", act, as_of), verdict);
    }
    // Between the two due dates, one reading finds a breach and the other does not yet.
    assert_eq!(
        not_done(Limit::Immediately, "2024-03-01", Act::None, "2024-03-02"),
        Review
    );
    assert_eq!(
        not_done(Limit::Immediately, "2024-03-01", Act::Unknown, "2024-03-02"),
        Undetermined
    );
}

#[test]
fn what_is_overdue_counts_to_the_day_of_the_audit() {
    let found = judge(
        &CALENDAR,
        Limit::Workdays(3),
        Some(day("2024-02-09")),
        Act::None,
        day("2024-02-23"),
    );
    assert_eq!(
        found.overdue,
        Some(Lateness {
            days: 3,
            in_workdays: true
        })
    );
    assert_eq!(found.late, None);
}

#[test]
fn nothing_is_guessed_outside_the_calendars_years() {
    let far = Some(day("2026-12-30"));
    for limit in [
        Limit::Days(7),
        Limit::Days(u16::MAX),
        Limit::Workdays(2),
        Limit::Workdays(u16::MAX),
        Limit::Between {
            after: 60,
            before: 90,
        },
        Limit::SameTime,
        Limit::Promptly { review_after: 7 },
        Limit::By(day("2027-03-01")),
    ] {
        assert_eq!(due(&CALENDAR, limit, far), None, "{limit:?}");
        let found = judge(
            &CALENDAR,
            limit,
            far,
            Act::On(day("2026-12-30")),
            day("2027-01-01"),
        );
        assert_eq!(found.verdict, Verdict::OutsideCalendar);
        let count = explain(&CALENDAR, limit, far, Act::Unknown, day("2027-01-01"));
        assert!(count.lines[0].zh.contains("2020年至2026年"));
    }
    let before = Some(day("2019-12-31"));
    assert_eq!(due(&CALENDAR, Limit::Days(7), before), None);
    let unknown = judge(
        &CALENDAR,
        Limit::Days(7),
        None,
        Act::Unknown,
        day("2024-01-01"),
    );
    assert_eq!(unknown.verdict, Verdict::Undetermined);
    // Late is late, even if the working days cannot be counted.
    let late = on(Limit::Workdays(3), "2026-12-01", "2027-01-10");
    assert_eq!(late.verdict, Verdict::Violated);
    assert_eq!(late.late.map(|l| l.in_workdays), Some(false));
}

/// The last day of a limit, found by walking day by day: strict and broad.
fn walk(limit: Limit, since: Day) -> Option<(Day, Day)> {
    let step = |day: Day, moves: &dyn Fn(Day) -> Option<bool>| {
        let mut day = day;
        while moves(day)? {
            day = day + 1;
        }
        Some(day)
    };
    let nominal = match limit {
        Limit::Days(n) => since + i32::from(n),
        Limit::NextDay => since + 1,
        Limit::By(day) => day,
        Limit::Workdays(n) => {
            let mut day = since;
            let mut left = n;
            while left > 0 {
                day = day + 1;
                if CALENDAR.is_workday(day)? {
                    left -= 1;
                }
            }
            return Some((day, day));
        }
        _ => return None,
    };
    Some((
        step(nominal, &|day| CALENDAR.is_festival(day))?,
        step(nominal, &|day| CALENDAR.is_workday(day).map(|works| !works))?,
    ))
}

#[test]
fn the_tables_agree_with_a_walk_on_every_day() {
    for since in every_day() {
        for limit in [
            Limit::Days(0),
            Limit::Days(7),
            Limit::Days(15),
            Limit::Days(60),
            Limit::NextDay,
            Limit::By(since),
            Limit::Workdays(0),
            Limit::Workdays(1),
            Limit::Workdays(3),
            Limit::Workdays(10),
        ] {
            let fast = due(&CALENDAR, limit, Some(since)).map(|d| {
                (
                    d.strict.latest,
                    d.broad.map_or(d.strict.latest, |b| b.latest),
                )
            });
            assert_eq!(fast, walk(limit, since), "{limit:?} since {since}");
            let Some((strict, broad)) = fast else {
                continue;
            };
            assert!(strict <= broad);
            // The day before, the day and the day after each due date.
            for (act, verdict) in [
                (strict - 1, Verdict::Satisfied),
                (strict, Verdict::Satisfied),
                (broad + 1, Verdict::Violated),
            ] {
                let found = judge(&CALENDAR, limit, Some(since), Act::On(act), broad);
                assert_eq!(found.verdict, verdict, "{limit:?} {since} {act}");
            }
            if strict < broad {
                for act in [strict + 1, broad] {
                    let found = judge(&CALENDAR, limit, Some(since), Act::On(act), broad);
                    assert_eq!(found.verdict, Verdict::Review, "{limit:?} {since} {act}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn more_time_or_a_later_start_never_gives_an_earlier_due_date(
        since in 0..2400i32,
        later in 0..40i32,
        n in 0..80u16,
        more in 0..40u16,
        workdays in any::<bool>(),
    ) {
        let limit = |n| if workdays { Limit::Workdays(n) } else { Limit::Days(n) };
        let since = CALENDAR.range().0 + since;
        let find = |n, since| due(&CALENDAR, limit(n), Some(since));
        for (less, greater) in [
            (find(n, since), find(n + more, since)),
            (find(n, since), find(n, since + later)),
        ] {
            if let (Some(less), Some(greater)) = (less, greater) {
                prop_assert!(less.strict.latest <= greater.strict.latest);
                let broad = |d: DueDates| d.broad.unwrap_or(d.strict).latest;
                prop_assert!(broad(less) <= broad(greater));
            }
        }
    }

    #[test]
    fn working_day_differences_add_up(a in 0..2557i32, b in 0..2557i32, n in 0..300u16) {
        let (first, _) = CALENDAR.range();
        let (a, b) = (first + a, first + b);
        let naive = |from: Day, to: Day| {
            i32::try_from((1..=to - from).filter(|n| CALENDAR.is_workday(from + *n) == Some(true)).count()).unwrap()
        };
        let expected = if a <= b { naive(a, b) } else { -naive(b, a) };
        prop_assert_eq!(CALENDAR.workdays_after(a, b), Some(expected));
        if let Some(end) = CALENDAR.add_workdays(a, n) {
            prop_assert_eq!(CALENDAR.workdays_after(a, end), Some(i32::from(n)));
        }
    }

    #[test]
    fn learning_the_day_of_an_act_never_overturns_a_verdict_of_a_silent_record(
        since in 0..2400i32,
        n in 0..40u16,
        after in -5..60i32,
        wait in 0..80i32,
    ) {
        // Whatever is learnt later, a silent record was never satisfied or violated.
        let since = CALENDAR.range().0 + since;
        let silent = judge(&CALENDAR, Limit::Days(n), Some(since), Act::Unknown, since + wait).verdict;
        prop_assert!(!matches!(silent, Verdict::Satisfied | Verdict::Violated | Verdict::Review));
        let known = judge(&CALENDAR, Limit::Days(n), Some(since), Act::On(since + after), since + wait).verdict;
        prop_assert!(!matches!(known, Verdict::Pending | Verdict::Undetermined));
    }

    #[test]
    fn every_count_can_be_shown(since in 0..2557i32, n in any::<u16>(), m in 0..200u16, kind in 0..8, act in -10..400i32) {
        let since = CALENDAR.range().0 + since;
        let limit = match kind {
            0 => Limit::Days(m),
            1 => Limit::Workdays(m),
            2 => Limit::NextDay,
            3 => Limit::Immediately,
            4 => Limit::Promptly { review_after: m },
            5 => Limit::Between { after: n, before: m },
            6 => Limit::SameTime,
            _ => Limit::By(since),
        };
        for act in [Act::On(since + act), Act::None, Act::Unknown] {
            let count = explain(&CALENDAR, limit, Some(since), act, since + 30);
            prop_assert!(!count.rule.is_empty());
            prop_assert!(count.lines.iter().all(|line| !line.zh.is_empty() && !line.en.is_empty()));
            let found = judge(&CALENDAR, limit, Some(since), act, since + 30);
            if found.verdict == Verdict::Review {
                prop_assert!(!count.readings.is_empty());
            }
        }
    }
}

#[test]
fn counts_are_printed_day_by_day() {
    let promptly = Limit::Promptly { review_after: 7 };
    let window = Limit::Between {
        after: 60,
        before: 90,
    };
    let mut shown = String::new();
    for (limit, since, act) in [
        (Limit::Days(7), "2024-03-01", "2024-03-12"),
        (Limit::Days(7), "2024-03-01", "2024-03-08"),
        (Limit::Workdays(3), "2024-02-09", "2024-02-21"),
        (Limit::Workdays(20), "2024-09-24", "2024-10-28"),
        (Limit::Days(15), "2024-09-18", "2024-10-07"),
        (Limit::Days(60), "2023-12-11", "2024-02-19"),
        (Limit::Days(9), "2024-02-09", "2024-02-18"),
        (Limit::NextDay, "2024-01-26", "2024-01-29"),
        (Limit::By(day("2024-04-05")), "2024-01-01", "2024-04-05"),
        (Limit::By(day("2024-04-05")), "2024-01-01", "2024-04-10"),
        (Limit::Immediately, "2024-03-01", "2024-03-02"),
        (promptly, "2024-03-01", "2024-03-20"),
        (window, "2024-03-01", "2024-04-30"),
        (Limit::SameTime, "2024-03-01", "2024-03-03"),
        (Limit::Days(3), "2026-12-26", "2026-12-28"),
    ] {
        for lang in [Lang::Zh, Lang::En] {
            let count = explain(
                &CALENDAR,
                limit,
                Some(day(since)),
                Act::On(day(act)),
                day("2026-12-31"),
            );
            shown.push_str(&format!("== {}\n", count.rule.get(lang)));
            for line in &count.lines {
                shown.push_str(&format!("   {}\n", line.get(lang)));
            }
            for reading in &count.readings {
                shown.push_str(&format!(" ? {}\n", reading.get(lang)));
            }
        }
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

fn problems(text: &str) -> Vec<Diagnostic> {
    Calendar::load(&source(text)).expect_err("the calendar is wrong")
}

#[test]
fn wrong_calendar_data_are_diagnosed_where_they_stand() {
    for (right, wrong, says, marked) in [
        (
            "元旦: [2024-01-01]",
            "元旦: [2025-01-01]",
            "`2025-01-01` 不在2024年内",
            "2025-01-01",
        ),
        (
            "元旦: [2024-01-01]",
            "元旦: [2024-02-30]",
            "`2024-02-30` 不是日期",
            "2024-02-30",
        ),
        (
            "元旦: [2024-01-01]",
            "元旦: [2024-01-01, 2024-01-01]",
            "2024-01-01 重复列出",
            "2024-01-01",
        ),
        (
            "端午节: [2024-06-10]",
            "端五节: [2024-06-10]",
            "`端五节` 不在 names 之列",
            "端五节",
        ),
        (
            "春节: [2024-02-04, 2024-02-18]",
            "春节: [2024-02-10]",
            "2024-02-10 重复列出",
            "2024-02-10",
        ),
        (
            "春节: [2024-02-10..2024-02-12]",
            "春节: [2024-02-18]",
            "列为法定节日，但不在放假日之列",
            "2024-02-18",
        ),
        (
            "2024-09-15..2024-09-17",
            "2024-09-17..2024-09-15",
            "起止日颠倒",
            "2024-09-17..2024-09-15",
        ),
        (
            "  2024:\n",
            "  2034:\n",
            "年份不连续：此处应为 2024年",
            "2034",
        ),
        ("  2024:\n", "  二零:\n", "`二零` 不是年份", "二零"),
        ("version: 1", "version: 2", "格式版本 `2` 不受支持", "2"),
        (
            "from: 2026-12-01",
            "from: 2026-13-01",
            "`2026-13-01` 不是日期",
            "2026-13-01",
        ),
        ("region_en:", "regoin_en:", "regoin_en", ""),
        (
            "    papers:\n      - https://www.gov.cn/zhengce/zhengceku/202310",
            "    papers: []\n    off:\n      - https://",
            "",
            "",
        ),
    ] {
        let text = FILE.replacen(right, wrong, 1);
        assert_ne!(text, FILE, "{right}");
        let found = problems(&text);
        let hit = found
            .iter()
            .find(|d| d.message.zh.contains(says))
            .unwrap_or_else(|| panic!("{says}: {found:?}"));
        assert_eq!(hit.code, Code::CalendarInvalid);
        let span = &hit.labels.first().expect("a place").span;
        assert!(
            span.source.text()[span.range.clone()].contains(marked),
            "{span}"
        );
    }
}

#[test]
fn a_calendar_of_nothing_is_refused() {
    for text in ["", "[]", "version: 1", "\u{0}", "a: *b"] {
        assert!(!problems(text).is_empty(), "{text:?}");
    }
    let empty = format!("{}years: {{}}\n", &FILE[..FILE.find("years:").unwrap()]);
    assert!(problems(&empty)[0].message.zh.contains("没有任何年份"));
}

#[test]
fn an_act_that_has_to_wait_fits_from_the_day_after_the_period_on_by_each_reading() {
    use Verdict::{NotDone, Review, Satisfied, Undetermined, Violated};
    let wait = Limit::AfterEnd(15);
    // Fifteen days from 2024-02-23 end on Saturday 2024-03-09, under the broad reading on Monday the 11th.
    for (act, verdict, early) in [
        ("2024-02-01", Violated, 38),
        ("2024-03-09", Violated, 1),
        ("2024-03-10", Review, 0),
        ("2024-03-11", Review, 0),
        ("2024-03-12", Satisfied, 0),
        ("2024-12-01", Satisfied, 0),
    ] {
        let found = on(wait, "2024-02-23", act);
        assert_eq!((found.verdict, found.early_days), (verdict, early), "{act}");
        assert_eq!((found.late, found.overdue), (None, None), "{act}");
        let dates = found.due.expect("a due date");
        assert_eq!(dates.strict.latest, day("2024-03-09"));
        assert_eq!(dates.strict.earliest, Some(day("2024-03-10")));
        assert_eq!(
            dates.broad.and_then(|broad| broad.earliest),
            Some(day("2024-03-12"))
        );
    }
    for as_of in ["2024-03-01", "2024-03-09", "2024-12-31"] {
        assert_eq!(not_done(wait, "2024-02-23", Act::None, as_of), NotDone);
        assert_eq!(
            not_done(wait, "2024-02-23", Act::Unknown, as_of),
            Undetermined
        );
    }
    let count = explain(
        &CALENDAR,
        wait,
        Some(day("2024-02-23")),
        Act::On(day("2024-03-10")),
        day("2024-12-31"),
    );
    assert_eq!(count.readings.len(), 2);
    assert!(
        count.readings[0].zh.contains("按期") && count.readings[1].zh.contains("早2天"),
        "{:?}",
        count.readings
    );
}

#[test]
fn what_is_owed_once_a_period_is_over_is_pending_until_then_and_done_on_whatever_day() {
    use Verdict::{Pending, Review, Satisfied, Undetermined, Violated};
    let owed = Limit::OnceOver(15);
    for act in [
        "2024-02-01",
        "2024-02-23",
        "2024-03-09",
        "2024-03-12",
        "2024-12-01",
    ] {
        let found = on(owed, "2024-02-23", act);
        assert_eq!(
            (found.verdict, found.early_days, found.late),
            (Satisfied, 0, None),
            "{act}"
        );
    }
    // Fifteen days from 2024-02-23 end on Saturday 2024-03-09, under the broad reading on Monday the 11th.
    for (as_of, none, unknown) in [
        ("2024-03-08", Pending, Pending),
        ("2024-03-09", Pending, Pending),
        ("2024-03-10", Review, Undetermined),
        ("2024-03-11", Review, Undetermined),
        ("2024-03-12", Violated, Undetermined),
    ] {
        assert_eq!(
            not_done(owed, "2024-02-23", Act::None, as_of),
            none,
            "{as_of}"
        );
        assert_eq!(
            not_done(owed, "2024-02-23", Act::Unknown, as_of),
            unknown,
            "{as_of}"
        );
    }
    let left = judge(
        &CALENDAR,
        owed,
        Some(day("2024-02-23")),
        Act::None,
        day("2024-12-31"),
    );
    assert_eq!((left.verdict, left.overdue), (Violated, None));
}

#[test]
fn of_two_starting_days_the_later_one_can_only_turn_a_breach_into_something_else() {
    use Verdict::{NotDone, OutsideCalendar, Pending, Review, Satisfied, Undetermined, Violated};
    for first in [
        Satisfied,
        Pending,
        NotDone,
        Review,
        Undetermined,
        OutsideCalendar,
    ] {
        for other in [None, Some(Satisfied), Some(Violated), Some(Review)] {
            assert_eq!(under_both(first, other), first);
        }
    }
    for (other, both) in [
        (None, Undetermined),
        (Some(Violated), Violated),
        (Some(Satisfied), Review),
        (Some(Pending), Review),
        (Some(Review), Review),
        (Some(Undetermined), Undetermined),
        (Some(OutsideCalendar), OutsideCalendar),
    ] {
        assert_eq!(under_both(Violated, other), both);
    }
    let first = Some(day("2024-03-01"));
    assert_eq!(
        OtherDay::after(first, day("2024-03-04")),
        OtherDay::On(day("2024-03-04"))
    );
    assert_eq!(OtherDay::after(first, day("2024-03-01")), OtherDay::None);
    assert_eq!(OtherDay::after(first, day("2024-02-01")), OtherDay::None);
}

/// The verdict of a limit on an act done on an unknown day in a range.
fn undated(limit: Limit, from: Option<&str>, until: Option<&str>) -> Verdict {
    let act = Act::Done(Between {
        from: from.map(day),
        until: until.map(day),
    });
    not_done(limit, "2024-03-01", act, "2024-12-31")
}

#[test]
fn an_act_on_an_unknown_day_is_judged_where_every_possible_day_comes_to_the_same() {
    use Verdict::{Satisfied, Undetermined, Violated};
    for (from, until, verdict) in [
        (None, None, Undetermined),
        (None, Some("2024-03-08"), Satisfied),
        (None, Some("2024-03-09"), Undetermined),
        (Some("2024-03-08"), None, Undetermined),
        (Some("2024-03-09"), None, Violated),
        (Some("2024-03-02"), Some("2024-03-03"), Satisfied),
        (Some("2024-04-01"), Some("2024-04-30"), Violated),
        // Contradictory bounds decide nothing.
        (Some("2024-04-30"), Some("2024-04-01"), Undetermined),
    ] {
        assert_eq!(
            undated(Limit::Days(7), from, until),
            verdict,
            "{from:?} {until:?}"
        );
    }
    // Too early or too late, but certainly not in time.
    let window = Limit::Between {
        after: 60,
        before: 90,
    };
    assert_eq!(undated(window, None, None), Undetermined);
    assert_eq!(
        undated(window, Some("2024-03-01"), Some("2024-04-01")),
        Violated
    );
    assert_eq!(
        undated(window, Some("2024-05-05"), Some("2024-05-20")),
        Satisfied
    );
    assert_eq!(
        undated(window, Some("2024-03-01"), Some("2024-12-01")),
        Undetermined
    );
    // A done act is never pending, and satisfies what is owed without a last day.
    let act = Act::Done(Between::default());
    let early = not_done(Limit::Days(7), "2024-03-01", act, "2024-03-02");
    assert_eq!(early, Undetermined);
    assert_eq!(undated(Limit::OnceOver(15), None, None), Satisfied);
}

proptest! {
    #[test]
    fn an_act_on_an_unknown_day_comes_to_what_all_its_days_come_to(
        since in 0..700_i32,
        from in -10..40_i32,
        length in 0..40_i32,
        which in 0..6_usize,
    ) {
        let limit = [
            Limit::Days(15),
            Limit::Workdays(5),
            Limit::Immediately,
            Limit::AfterEnd(15),
            Limit::Between { after: 10, before: 20 },
            Limit::Promptly { review_after: 7 },
        ][which];
        let since = day("2023-01-01") + since;
        let as_of = day("2025-12-31");
        let (from, until) = (since + from, since + from + length);
        let verdict = |act| judge(&CALENDAR, limit, Some(since), act, as_of).verdict;
        let all: Vec<Verdict> = (0..=length).map(|n| verdict(Act::On(from + n))).collect();
        let expected = match all.iter().all(|one| *one == all[0]) {
            true => all[0],
            false => Verdict::Undetermined,
        };
        let between = Between { from: Some(from), until: Some(until) };
        prop_assert_eq!(verdict(Act::Done(between)), expected);
    }
}
