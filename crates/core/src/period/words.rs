//! Limits, readings and dates in official wording.

use chrono::{Datelike, Weekday};

use super::{Basis, Calendar, DayKind, Limit};
use crate::lang::Text;
use crate::text;
use crate::value::Day;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Writes a sequence of dates, with the year only where it differs from the date before.
#[derive(Debug, Default)]
pub(super) struct Dates {
    year: Option<i32>,
}

impl Dates {
    /// `3月2日（周六）` · `Sat 2 Mar`.
    pub(super) fn plain(&mut self, day: Day) -> Text {
        let (zh, en) = self.month_day(day);
        let (zh_week, en_week) = weekday(day);
        text!("{zh}（{zh_week}）", "{en_week} {en}")
    }

    /// `3月2日` · `2 Mar`.
    pub(super) fn short(&mut self, day: Day) -> Text {
        let (zh, en) = self.month_day(day);
        Text::new(zh, en)
    }

    /// With the kind of day, if its weekday does not show it: `2月18日（周日，调休上班）`.
    pub(super) fn noted(&mut self, calendar: &Calendar, day: Day) -> Text {
        let Some(note) = note(calendar, day) else {
            return self.plain(day);
        };
        let (zh, en) = self.month_day(day);
        let (zh_week, en_week) = weekday(day);
        Text::new(
            format!("{zh}（{zh_week}，{}）", note.zh),
            format!("{en_week} {en} ({})", note.en),
        )
    }

    fn month_day(&mut self, day: Day) -> (String, String) {
        let date = day.date();
        let (year, month, of_month) = (date.year(), date.month(), date.day());
        let name = usize::try_from(month - 1)
            .ok()
            .and_then(|at| MONTHS.get(at))
            .copied()
            .unwrap_or_default();
        if self.year.replace(year) == Some(year) {
            (
                format!("{month}月{of_month}日"),
                format!("{of_month} {name}"),
            )
        } else {
            (
                format!("{year}年{month}月{of_month}日"),
                format!("{of_month} {name} {year}"),
            )
        }
    }
}

fn weekday(day: Day) -> (&'static str, &'static str) {
    match day.weekday() {
        Weekday::Mon => ("周一", "Mon"),
        Weekday::Tue => ("周二", "Tue"),
        Weekday::Wed => ("周三", "Wed"),
        Weekday::Thu => ("周四", "Thu"),
        Weekday::Fri => ("周五", "Fri"),
        Weekday::Sat => ("周六", "Sat"),
        Weekday::Sun => ("周日", "Sun"),
    }
}

/// The kind of a day, if its weekday does not show it.
fn note(calendar: &Calendar, day: Day) -> Option<Text> {
    if let Some(festival) = calendar.festival(day) {
        return Some(festival.clone());
    }
    match calendar.kind(day)? {
        DayKind::Workday | DayKind::Weekend => None,
        DayKind::MakeUp if !is_weekend(day) => None,
        DayKind::MakeUp => Some(Text::new("调休上班", "make-up working day")),
        DayKind::Off => Some(day_off(calendar, day)),
    }
}

/// `春节放假` · `day off, Spring Festival`.
fn day_off(calendar: &Calendar, day: Day) -> Text {
    match calendar.name(day) {
        Some(name) => Text::new(format!("{}放假", name.zh), format!("day off, {}", name.en)),
        None => Text::new("放假", "day off"),
    }
}

/// Why a day is not a working day.
pub(super) fn rest_reason(calendar: &Calendar, day: Day) -> Text {
    match calendar.kind(day) {
        Some(DayKind::Off) => match calendar.name(day) {
            Some(name) => Text::new(format!("{}放假", name.zh), format!("{} holiday", name.en)),
            None => Text::new("放假", "day off"),
        },
        _ => Text::new("周末休息日", "weekend"),
    }
}

pub(super) fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A number of months as a norm writes it: `2年`, `6个月`.
#[must_use]
pub fn months(months: u16) -> Text {
    match (months / 12, months % 12) {
        (1, 0) => Text::new("1年", "1 year"),
        (years, 0) => text!("{years}年", "{years} years"),
        _ if months == 1 => Text::new("1个月", "1 month"),
        _ => text!("{months}个月", "{months} months"),
    }
}

/// The counting rule of a limit, on one line.
#[must_use]
pub fn rule(limit: Limit) -> Text {
    match limit {
        Limit::Days(1) => Text::new(
            "自次日起算1日（起算日不计入）",
            "1 calendar day, starting day excluded",
        ),
        Limit::Days(n) => text!(
            "自次日起算{n}日（起算日不计入）",
            "{n} calendar days, starting day excluded"
        ),
        Limit::Workdays(1) => Text::new(
            "自次日起算1个工作日（起算日不计入，调休上班日计入）",
            "1 working day, starting day excluded, make-up working days included",
        ),
        Limit::Workdays(n) => text!(
            "自次日起算{n}个工作日（起算日不计入，调休上班日计入）",
            "{n} working days, starting day excluded, make-up working days included"
        ),
        Limit::Months(n) => {
            let time = months(n);
            Text::new(
                format!("{}，至最后一月的对应日，没有对应日的至月末", time.zh),
                format!(
                    "{}, to the corresponding day of the last month, or its last day",
                    time.en
                ),
            )
        }
        Limit::NextDay => Text::new("次日结束前", "by the end of the next day"),
        Limit::Immediately => Text::new(
            "立即：当日；次日办理的，由人工判断",
            "at once: the same day; on the day after, a person judges",
        ),
        Limit::AtOnceAfter(n) => text!(
            "{n}日届满后立即：届满的次日；再次日办理的，由人工判断",
            "at once after {n} calendar days: the day after the last of them; on the day after that, a person judges"
        ),
        Limit::Promptly { review_after } => text!(
            "及时：文件未定日数；超过{review_after}日的，由人工判断",
            "promptly: the text gives no number; beyond {review_after} days a person judges"
        ),
        Limit::Between { after, before } => text!(
            "{after}日后、{before}日前（起算日不计入）；恰为第{after}日或第{before}日的，由人工判断",
            "after {after} and before {before} calendar days, starting day excluded; on day {after} or {before} itself a person judges"
        ),
        Limit::AfterEnd(n) => text!(
            "自次日起算{n}日（起算日不计入）届满之后",
            "not before the end of {n} calendar days, starting day excluded"
        ),
        Limit::OnceOver(n) => text!(
            "自次日起算{n}日（起算日不计入）届满起负有义务，未定最后期限",
            "owed once {n} calendar days are over, starting day excluded; the text gives no last day"
        ),
        Limit::SameTime => Text::new(
            "同时：同日；相差三日以内的，由人工判断",
            "at the same time: the same day; up to three days apart a person judges",
        ),
        Limit::OnRecord => Text::new(
            "案卷所载的规定日期（含当日）",
            "by the date set, as recorded, that day included",
        ),
        Limit::By(day) => {
            let day = Dates::default().short(day);
            Text::new(
                format!("{}前（含当日）", day.zh),
                format!("by {}, that day included", day.en),
            )
        }
    }
}

/// The unit for this many days.
pub(super) fn unit(in_workdays: bool, n: i32) -> Text {
    match (in_workdays, n) {
        (true, 1) => Text::new("个工作日", "working day"),
        (true, _) => Text::new("个工作日", "working days"),
        (false, 1) => Text::new("天", "day"),
        (false, _) => Text::new("天", "days"),
    }
}

/// A reading in words.
pub(super) fn basis(basis: Basis) -> Text {
    match basis {
        Basis::Counted => Text::new(
            "从严（仅法定节日顺延，《产品质量监督抽查管理暂行办法》第五十五条）",
            "strict (only statutory festivals move the last day, Order 18 art. 55)",
        ),
        Basis::AfterFestival => Text::new(
            "从严（仅法定节日顺延至其后第一日，《产品质量监督抽查管理暂行办法》第五十五条）",
            "strict (the last day moves off statutory festivals only, Order 18 art. 55)",
        ),
        Basis::AfterRestDays => Text::new(
            "从宽（休息日均顺延，《民法典》第二百零三条）",
            "broad (the last day moves off every rest day, Civil Code art. 203)",
        ),
        Basis::SameDay => Text::new("从严（当日）", "strict (the same day)"),
        Basis::DayAfter => Text::new(
            "从宽（次日仍属立即）",
            "broad (the next day is still at once)",
        ),
        Basis::NextAfterPeriod => Text::new(
            "从严（期间仅因法定节日顺延，届满的次日）",
            "strict (the period moves off statutory festivals only; the day after its last day)",
        ),
        Basis::SecondAfterPeriod => Text::new(
            "从宽（期间因休息日顺延，届满次日的次日仍属立即）",
            "broad (the period moves off every rest day; two days after its last day is still at once)",
        ),
        Basis::WithinThreeDays => Text::new(
            "从宽（前后三日内仍属同时）",
            "broad (up to three days apart is still the same time)",
        ),
        Basis::BoundariesOutside => {
            Text::new("从严（不含首尾两日）", "strict (boundary days excluded)")
        }
        Basis::BoundariesInside => {
            Text::new("从宽（含首尾两日）", "broad (boundary days included)")
        }
        Basis::NoNumber => Text::new("未定日数", "no number"),
    }
}
