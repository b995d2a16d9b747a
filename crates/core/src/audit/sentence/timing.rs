//! Sentences about an act and its time limit.

use crate::lang::Text;
use crate::period::{Act, Between, Calendar, DueDates, Judgement, Lateness, Limit, Verdict};
use crate::text;
use crate::value::Day;

/// Whether an act meets its due date. `is_silent`: the act counts as not done only because a complete dossier does not
/// mention it.
pub(in crate::audit) fn timing(
    limit: Limit,
    judgement: &Judgement,
    act: Act,
    title: &Text,
    is_silent: bool,
    as_of: Day,
    calendar: &Calendar,
) -> Text {
    let Some(due) = judgement.due else {
        let (first, last) = calendar.range();
        return text!(
            "日期超出日历数据所载范围（{first}至{last}），不作推算",
            "a date is outside the calendar's data ({first} to {last}); nothing is guessed"
        );
    };
    if matches!(limit, Limit::OnceOver(_)) {
        return owed_after(judgement, due, done(act, title, is_silent), as_of);
    }
    let waits = matches!(limit, Limit::AfterEnd(_));
    let by = match (due.strict.earliest, due.broad) {
        (Some(_), Some(broad)) if waits && judgement.verdict != Verdict::Review => {
            let (strict, broad) = (due.strict.latest, broad.latest);
            text!(
                "应于期间届满（{strict}，从宽解释为{broad}）之后办理",
                "due after the period has ended ({strict}; on the broad reading {broad})"
            )
        }
        (Some(_), _) if waits => {
            let latest = due.strict.latest;
            text!(
                "应于期间届满（{latest}）之后办理",
                "due after the period has ended ({latest})"
            )
        }
        (Some(earliest), _) if earliest == due.strict.latest => {
            let latest = due.strict.latest;
            text!("应于{latest}当日办理", "due on {latest} itself")
        }
        (Some(earliest), _) => {
            let latest = due.strict.latest;
            text!(
                "应于{earliest}至{latest}之间办理",
                "due between {earliest} and {latest}"
            )
        }
        (None, Some(broad))
            if broad.latest != due.strict.latest && judgement.verdict != Verdict::Review =>
        {
            let (strict, broad) = (due.strict.latest, broad.latest);
            text!(
                "期限至{strict}（从宽解释至{broad}）",
                "due {strict} (on the broad reading {broad})"
            )
        }
        _ => {
            let latest = due.strict.latest;
            match limit.has_no_number() {
                true => text!(
                    "规范未定天数，提示日为{latest}",
                    "the norm gives no number of days; {latest} is a reminder"
                ),
                false => text!("期限至{latest}", "due {latest}"),
            }
        }
    };
    let done = done(act, title, is_silent);
    match judgement.verdict {
        Verdict::Satisfied if waits => text!("{}，{}，未提前", "{}; {}: not too early"; done, by),
        Verdict::Satisfied if limit.has_no_number() => {
            text!("{}；{}，未过提示日", "{}; {}, and it was done by then"; done, by)
        }
        Verdict::Satisfied => text!("{}，{}，在期限内", "{}; {}: in time"; done, by),
        Verdict::NotDone => {
            text!("{}，不存在提前办理的问题", "{}: nothing was done too early"; done)
        }
        Verdict::Violated => match (judgement.late, judgement.overdue) {
            (Some(late), _) => {
                let late = lateness(late);
                text!("{}，{}，逾期{}", "{}; {}: {} late"; done, by, late)
            }
            (None, None) if limit.has_no_number() => {
                text!("{}，截至审查日{as_of}仍未办理；{}", "{}, still not done on {as_of}; {}"; done, by)
            }
            (None, Some(overdue)) => {
                let overdue = lateness(overdue);
                text!("{}，{}，截至审查日{as_of}已逾期{}", "{}; {}: {} overdue as of {as_of}"; done, by, overdue)
            }
            (None, None) if judgement.early_days > 0 => {
                let days = judgement.early_days;
                text!("{}，{}，提前{days}日", "{}; {}: {days} days too early"; done, by)
            }
            (None, None) => text!("{}，{}，不在期限内", "{}; {}: not in time"; done, by),
        },
        Verdict::Review => match judgement.passed.filter(|_| limit.has_no_number()) {
            Some(passed) => text!(
                "{}，自起算日起已经过{passed}日；规范未定天数，是否及时由人工判断",
                "{}, {passed} days after; the norm gives no number of days: whether that was prompt is for a person to judge";
                done
            ),
            None => {
                text!("{}；不同读法结论不同，由人工判断", "{}; lawful readings differ: for a person to judge"; done)
            }
        },
        Verdict::Pending if limit.has_no_number() => {
            text!("{}；{}，审查日{as_of}未过提示日", "{}; {}, not yet past on {as_of}"; done, by)
        }
        Verdict::Pending => {
            text!("{}，{}，审查日{as_of}尚未到期", "{}; {}: not yet due on {as_of}"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar if act.is_done() => {
            text!("{}；{}，是否在期限内未能确定，需补证", "{}; {}: whether it was in time is open, evidence needed"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar if waits => {
            text!("{}，{}，需补证", "{}; {}: evidence needed"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar if limit.has_no_number() => {
            text!("{}；{}，审查日{as_of}已过提示日，需补证", "{}; {}, past on {as_of}: evidence needed"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar => {
            text!("{}，{}，审查日{as_of}已过期限，需补证", "{}; {}: past due on {as_of}, evidence needed"; done, by)
        }
    }
}

/// The sentence for an act that is owed once a period is over, without a last day. `done`: what the record says about
/// it.
fn owed_after(judgement: &Judgement, due: DueDates, done: Text, as_of: Day) -> Text {
    let strict = due.strict.latest;
    let by = match due.broad {
        Some(broad) if judgement.verdict != Verdict::Review => {
            let broad = broad.latest;
            text!(
                "自期间届满（{strict}，从宽解释为{broad}）起应当办理",
                "owed once the period is over ({strict}; on the broad reading {broad})"
            )
        }
        _ => text!(
            "自期间届满（{strict}）起应当办理",
            "owed once the period is over ({strict})"
        ),
    };
    match judgement.verdict {
        Verdict::Violated => {
            text!("{}，{}，截至审查日{as_of}仍未办理", "{}; {}: still not done on {as_of}"; done, by)
        }
        Verdict::Pending => {
            text!("{}，{}，审查日{as_of}期间尚未届满", "{}; {}: not over yet on {as_of}"; done, by)
        }
        Verdict::Review => {
            text!("{}；不同读法结论不同，由人工判断", "{}; lawful readings differ: for a person to judge"; done)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar => {
            text!("{}，{}，审查日{as_of}期间已经届满，需补证", "{}; {}: over on {as_of}, evidence needed"; done, by)
        }
        Verdict::Satisfied | Verdict::NotDone => done,
    }
}

/// The sentence for an act that is owed once a period is over, if that period never began or its start is not recorded.
/// `since`: what the period runs from; `unknown`: whether that is not recorded.
pub(in crate::audit) fn nothing_to_wait_for(
    act: Act,
    title: &Text,
    is_silent: bool,
    since: &Text,
    unknown: bool,
) -> Text {
    let done = done(act, title, is_silent);
    match (act, unknown) {
        (Act::On(_) | Act::Done(_), _) => done,
        (_, false) => text!(
            "{}；“{}”未发生，没有须待届满的期间",
            "{}; {} is known not to have happened, so that there is no period to wait for";
            done, since
        ),
        (_, true) => text!(
            "{}；案卷未载“{}”，期间是否届满未能确定",
            "{}; {} is not recorded: whether the period is over is open";
            done, since
        ),
    }
}

/// The starting day: `以“责令改正日期”2024-03-01起算`.
pub(in crate::audit) fn from_day(title: &Text, day: Option<Day>) -> Text {
    match day {
        Some(day) => text!("以“{}”{day}起算", "counted from {}, {day}"; title),
        None => text!("以“{}”起算", "counted from {}"; title),
    }
}

/// The other starting day: `自责令改正通知书送达之日起算（2024-03-04）`.
pub(in crate::audit) fn other_day(reading: &Text, day: Option<Day>) -> Text {
    match day {
        Some(day) => text!("{}（{day}）", "{} ({day})"; reading),
        None => reading.clone(),
    }
}

/// Says that the two possible starting days give different verdicts.
pub(in crate::audit) fn starts_differ(act: Act, title: &Text) -> Text {
    let done = done(act, title, false);
    text!("{}；起算日有两种读法，结论不同，由人工判断", "{}; the time may run from either of two days, with different verdicts: for a person to judge"; done)
}

/// Says that the record dates an act before the starting day, which it cannot precede.
pub(in crate::audit) fn backwards(
    act: Act,
    title: &Text,
    since: Option<Day>,
    since_title: &Text,
) -> Text {
    let done = done(act, title, false);
    let from = match since {
        Some(day) => text!("“{}”{day}", "{} ({day})"; since_title),
        None => since_title.clone(),
    };
    text!("{}，早于起算日{}；记载的日期先于起算日，由人工核实", "{}, before {}, from which the time runs: for a person to verify"; done, from)
}

/// What a person has to check about such an act.
pub(in crate::audit) fn backwards_readings() -> Text {
    Text::new(
        "日期有误的，更正后重新审查；确系先行办理的，未逾期",
        "if a date is wrong, correct it and audit again; if the act really came first, it is not late",
    )
}

/// What the record says about an act. `is_silent`: the act counts as not done only because a complete dossier does not
/// mention it.
fn done(act: Act, title: &Text, is_silent: bool) -> Text {
    match act {
        Act::On(day) => text!("“{}”为{day}", "{} is {day}"; title),
        Act::Done(between) => {
            let between = days_between(between);
            text!("“{}”已办理，办理日期不明{}", "{}: done, on a day that is not recorded{}"; title, between)
        }
        Act::None if is_silent => {
            text!("案卷未载“{}”", "{} is not recorded, which counts as not done"; title)
        }
        Act::None => text!("“{}”：案卷记载为无", "{}: known not to have been done"; title),
        Act::Unknown => text!("案卷未载“{}”", "{} is not recorded"; title),
    }
}

/// The days between which an unrecorded day lies: `（2024-03-01至2024-03-12之间）`.
fn days_between(between: Between) -> Text {
    match (between.from, between.until) {
        (Some(from), Some(until)) => {
            text!("（{from}至{until}之间）", " (between {from} and {until})")
        }
        (Some(from), None) => text!("（不早于{from}）", " (not before {from})"),
        (None, Some(until)) => text!("（不晚于{until}）", " (not after {until})"),
        (None, None) => Text::default(),
    }
}

/// Says that the event a time runs from happened on a day that is not recorded. `same`: whether the outcome is the same
/// for every possible day.
pub(in crate::audit) fn undated_start(
    act: Act,
    title: &Text,
    is_silent: bool,
    since: &Text,
    between: Between,
    same: bool,
) -> Text {
    let done = done(act, title, is_silent);
    let between = days_between(between);
    match same {
        true => text!(
            "{}；起算事项“{}”已发生，日期不明{}，无论从其中哪一日起算，结论相同",
            "{}; {}, from which the time runs, happened on a day that is not recorded{}: the outcome is the same for every possible day";
            done, since, between
        ),
        false => text!(
            "{}；起算事项“{}”已发生，日期不明{}，无法计算期限",
            "{}; {}, from which the time runs, happened on a day that is not recorded{}: the period cannot be counted";
            done, since, between
        ),
    }
}

fn lateness(late: Lateness) -> Text {
    let days = late.days;
    match (late.in_workdays, days) {
        (true, 1) => text!("{days}个工作日", "{days} working day"),
        (true, _) => text!("{days}个工作日", "{days} working days"),
        (false, 1) => text!("{days}日", "{days} day"),
        (false, _) => text!("{days}日", "{days} days"),
    }
}
