//! Counts a due date day by day, as a person would tick it off on a calendar.
//!
//! Only for what is shown; the audit itself uses [`super::due`]. A test walks every day to check that the two agree.

use super::judge::{missed_by, under};
use super::words::{Dates, basis, is_weekend, months, rest_reason, rule, unit};
use super::{Act, Calendar, DayKind, DueDates, Limit, Reading, Verdict, due as due_dates};
use crate::lang::Text;
use crate::text;
use crate::value::Day;

/// Periods of up to this many days are shown one line per day.
const SHOWN_SINGLY: i32 = 10;
/// Longer periods of up to this many days are shown by week, still longer ones by month.
const SHOWN_BY_WEEK: i32 = 31;

/// The count of a due date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// The counting rule, on one line: `7 calendar days, starting day excluded`.
    pub rule: Text,
    /// The count, one line per day or run of days; then the last day and why it moves or stays; then the act.
    pub lines: Vec<Text>,
    /// The readings, if the text allows several, each with its due date and its verdict on the act.
    pub readings: Vec<Text>,
}

/// Counts a due date for a person to check, with the verdict of each reading on the act.
///
/// Always gives the rule; if nothing can be counted, the lines say why.
#[must_use]
pub fn explain(
    calendar: &Calendar,
    limit: Limit,
    since: Option<Day>,
    act: Act,
    as_of: Day,
) -> Count {
    let mut writer = Writer {
        calendar,
        limit,
        dates: Dates::default(),
        lines: Vec::new(),
    };
    let readings = match due_dates(calendar, limit, since) {
        Some(dates) => writer.count(since, &dates, act, as_of),
        None => {
            writer.uncountable(since);
            Vec::new()
        }
    };
    Count {
        rule: rule(limit),
        lines: writer.lines,
        readings,
    }
}

struct Writer<'c> {
    calendar: &'c Calendar,
    limit: Limit,
    dates: Dates,
    lines: Vec<Text>,
}

impl Writer<'_> {
    fn line(&mut self, text: Text) {
        self.lines.push(text);
    }

    fn count(&mut self, since: Option<Day>, due: &DueDates, act: Act, as_of: Day) -> Vec<Text> {
        if let Some(since) = since.filter(|_| !self.limit.is_set_date()) {
            let start = self.dates.plain(since);
            self.line(match self.limit {
                Limit::Immediately | Limit::SameTime => {
                    let (zh, en) = (start.zh, start.en);
                    text!("{zh}为当日", "{en} is the day itself")
                }
                _ => Text::new(
                    format!("{}为起算日，不计入", start.zh),
                    format!("{} is the starting day and does not count", start.en),
                ),
            });
            match self.limit {
                Limit::Days(n)
                | Limit::AfterEnd(n)
                | Limit::OnceOver(n)
                | Limit::AtOnceAfter(n) => {
                    self.calendar_days(since, i32::from(n));
                }
                Limit::Workdays(_) => self.workdays(since, due.strict.latest),
                Limit::Months(n) => {
                    let last = self.dates.plain(since.months_later(n));
                    let time = months(n);
                    self.line(Text::new(
                        format!("{}至最后一月的对应日{}（《民法典》第二百零二条）", time.zh, last.zh),
                        format!(
                            "{} to the corresponding day of the last month, {} (Civil Code art. 202)",
                            time.en, last.en
                        ),
                    ));
                }
                Limit::NextDay => self.calendar_days(since, 1),
                Limit::Between { after, before } => self.window(since, after.into(), before.into()),
                Limit::Promptly { review_after } => {
                    self.calendar_days(
                        since,
                        act.day().map_or(i32::from(review_after), |act| act - since),
                    );
                }
                Limit::Immediately | Limit::SameTime | Limit::By(_) | Limit::OnRecord => {}
            }
        }
        let nominal = match (self.limit, since) {
            (Limit::By(day), _) => Some(day),
            (
                Limit::Days(n) | Limit::AfterEnd(n) | Limit::OnceOver(n) | Limit::AtOnceAfter(n),
                Some(since),
            ) => Some(since + i32::from(n)),
            (Limit::Months(n), Some(since)) => Some(since.months_later(n)),
            (Limit::NextDay, Some(since)) => Some(since + 1),
            (Limit::OnRecord, since) => since,
            _ => None,
        };
        if let Some(nominal) = nominal {
            match (self.limit, since) {
                (Limit::AtOnceAfter(n), since @ Some(_)) => {
                    // Holidays move the end of the period; the act is due after it.
                    if let Some(period) = due_dates(self.calendar, Limit::Days(n), since) {
                        self.last_day(nominal, &period);
                        let next = self.dates.plain(due.strict.latest);
                        self.line(Text::new(
                            format!("届满后立即办理，应在次日{}", next.zh),
                            format!("at once after it: on the next day, {}", next.en),
                        ));
                    }
                }
                _ => self.last_day(nominal, due),
            }
        }
        self.act(due, act);
        self.sources(since, nominal, due);
        self.readings(since, due, act, as_of)
    }

    fn uncountable(&mut self, since: Option<Day>) {
        let (first, last) = self.calendar.range();
        let (from, until) = (first.year(), last.year());
        self.line(match (self.limit, since) {
            (Limit::By(_), _) | (_, Some(_)) => text!(
                "日期超出工作日历的年份（{from}年至{until}年），不作推算",
                "a date is outside the years of the working calendar ({from} to {until}); nothing is guessed"
            ),
            (_, None) => Text::new("起算日不明，无法计算", "the starting day is not known; nothing can be counted"),
        });
    }

    /// The days after `since`, one line per day or run of days.
    fn calendar_days(&mut self, since: Day, n: i32) {
        let mut at = 1;
        while at <= n {
            let day = since + at;
            // The last day gets its own line, since it is the one looked up.
            let until = if n <= SHOWN_SINGLY || at == n {
                at
            } else {
                let ends = |day: Day| {
                    if n <= SHOWN_BY_WEEK {
                        day.weekday() == chrono::Weekday::Sun
                    } else {
                        chrono::Datelike::day(&(day + 1).date()) == 1
                    }
                };
                (at..n - 1).find(|at| ends(since + *at)).unwrap_or(n - 1)
            };
            let from = self.dates.plain(day);
            self.lines.push(if until == at {
                Text::new(
                    format!("第{at}日 {}", from.zh),
                    format!("day {at}: {}", from.en),
                )
            } else {
                let to = self.dates.plain(since + until);
                Text::new(
                    format!("第{at}–{until}日 {}至{}", from.zh, to.zh),
                    format!("days {at}–{until}: {} to {}", from.en, to.en),
                )
            });
            at = until + 1;
        }
    }

    /// The boundary days of a window, and the days between them.
    fn window(&mut self, since: Day, after: i32, before: i32) {
        for (at, until) in [(after, after), (after + 1, before - 1), (before, before)] {
            if at > until {
                continue;
            }
            let from = self.dates.plain(since + at);
            self.lines
                .push(if at == until && (at == after || at == before) {
                    Text::new(
                        format!("第{at}日 {}：是否在内，由人工判断", from.zh),
                        format!("day {at}: {}, open to judgement", from.en),
                    )
                } else {
                    let to = self.dates.plain(since + until);
                    Text::new(
                        format!("第{at}–{until}日 {}至{}：在内", from.zh, to.zh),
                        format!("days {at}–{until}: {} to {}, in time", from.en, to.en),
                    )
                });
        }
    }

    /// The days after `since` up to `last`, with working days numbered and rest days named.
    fn workdays(&mut self, since: Day, last: Day) {
        let calendar = self.calendar;
        let works = |day| calendar.is_workday(day) == Some(true);
        let total = calendar.workdays_after(since, last).unwrap_or(0);
        let mut counted = 0;
        let mut day = since + 1;
        while day <= last {
            let mut until = day;
            if works(day) {
                while total > SHOWN_SINGLY
                    && until < last - 1
                    && works(until + 1)
                    && until.weekday() != chrono::Weekday::Sun
                {
                    until = until + 1;
                }
                let from = self.dates.noted(calendar, day);
                let first = counted + 1;
                counted += until - day + 1;
                self.lines.push(if until == day {
                    Text::new(
                        format!("第{first}个工作日 {}", from.zh),
                        format!("working day {first}: {}", from.en),
                    )
                } else {
                    let to = self.dates.noted(calendar, until);
                    Text::new(
                        format!("第{first}–{counted}个工作日 {}至{}", from.zh, to.zh),
                        format!("working days {first}–{counted}: {} to {}", from.en, to.en),
                    )
                });
            } else {
                let why = rest_reason(calendar, day);
                while until < last && !works(until + 1) && rest_reason(calendar, until + 1) == why {
                    until = until + 1;
                }
                let from = self.dates.plain(day);
                self.lines.push(if until == day {
                    Text::new(
                        format!("不计 {} {}", from.zh, why.zh),
                        format!("not counted: {}, {}", from.en, why.en),
                    )
                } else {
                    let to = self.dates.plain(until);
                    Text::new(
                        format!("不计 {}至{} {}", from.zh, to.zh, why.zh),
                        format!("not counted: {} to {}, {}", from.en, to.en, why.en),
                    )
                });
            }
            day = until + 1;
        }
        self.ends(last);
    }

    /// Says that the day counted last is the last day.
    fn ends(&mut self, last: Day) {
        if self.limit.is_set_date() || self.lines.len() < 2 {
            let day = self.dates.noted(self.calendar, last);
            self.line(Text::new(
                format!("{}届满", day.zh),
                format!("{} is the last day", day.en),
            ));
        } else if let Some(line) = self.lines.last_mut() {
            line.zh.push_str("，届满");
            line.en.push_str(", the last day");
        }
    }

    /// The nominal last day, and why it moves or stays.
    fn last_day(&mut self, nominal: Day, due: &DueDates) {
        let calendar = self.calendar;
        if calendar.is_workday(nominal) == Some(true) {
            self.ends(nominal);
            if calendar.kind(nominal) == Some(DayKind::MakeUp)
                && is_weekend(nominal)
                && let Some(line) = self.lines.last_mut()
            {
                line.zh.push_str("；调休上班日是工作日，不顺延");
                line.en
                    .push_str("; it is a make-up working day and does not move");
            }
            return;
        }
        let day = self.dates.noted(calendar, nominal);
        let strict = self.dates.noted(calendar, due.strict.latest);
        self.lines.push(if due.strict.latest == nominal {
            Text::new(
                format!("最后一日{}虽属休息日，但不是法定节日当日，不因《产品质量监督抽查管理暂行办法》第五十五条顺延", day.zh),
                format!("the last day, {}, is a rest day but no statutory festival itself: Order 18 art. 55 does not move it", day.en),
            )
        } else {
            Text::new(
                format!(
                    "最后一日{}是法定节日，依《产品质量监督抽查管理暂行办法》第五十五条，以其后的第一日{}为届满日",
                    day.zh, strict.zh
                ),
                format!(
                    "the last day, {}, is a statutory festival: by Order 18 art. 55 the first day after it, {}, is the last day",
                    day.en, strict.en
                ),
            )
        });
        if let Some(broad) = &due.broad {
            let to = self.dates.noted(calendar, broad.latest);
            self.line(Text::new(
                format!(
                    "从宽：休息日均为法定休假日，依《民法典》第二百零三条顺延至第一个工作日{}",
                    to.zh
                ),
                format!(
                    "broad reading: every rest day counts as a holiday, and by Civil Code art. 203 the last day is the first working day, {}",
                    to.en
                ),
            ));
        }
    }

    /// Says that the act is on the last day, or by how much it is late under every reading.
    fn act(&mut self, due: &DueDates, act: Act) {
        let Some(day) = act.day() else { return };
        let shown = self.dates.plain(day);
        if matches!(self.limit, Limit::AfterEnd(_)) {
            if due.readings().all(|reading| day <= reading.latest) {
                self.line(Text::new(
                    format!("{}办理，期间尚未届满", shown.zh),
                    format!("done on {}, before the period had ended", shown.en),
                ));
            }
            return;
        }
        if matches!(self.limit, Limit::OnceOver(_)) {
            return;
        }
        if due.readings().any(|reading| reading.latest == day) {
            match self.limit {
                Limit::By(fixed) if fixed == day => self.line(Text::new(
                    format!(
                        "{}办理，恰为所定日期；“某日前”按包括当日理解，按期",
                        shown.zh
                    ),
                    format!(
                        "done on {}, the very day: “by” a date is read as including it; in time",
                        shown.en
                    ),
                )),
                Limit::Days(_) | Limit::Workdays(_) | Limit::Months(_) => {
                    self.line(Text::new(
                        format!(
                            "{}办理，恰为最后一日；“以内”“届满”包括本数（《民法典》第一千二百五十九条）",
                            shown.zh
                        ),
                        format!(
                            "done on {}, the very last day: “within” includes it (Civil Code art. 1259)",
                            shown.en
                        ),
                    ));
                }
                _ => {}
            }
        }
        if matches!(self.limit, Limit::Promptly { .. })
            || due.readings().any(|reading| day <= reading.latest)
        {
            return;
        }
        let mut late = due
            .readings()
            .filter_map(|reading| {
                let late = missed_by(self.calendar, self.limit, reading.latest, day)?;
                let (n, unit) = (late.days, unit(late.in_workdays, late.days));
                let due = self.dates.plain(reading.latest);
                Some(Text::new(
                    format!("较{}晚{n}{}", due.zh, unit.zh),
                    format!("{n} {} after {}", unit.en, due.en),
                ))
            })
            .collect::<Vec<_>>()
            .into_iter();
        let Some(strict) = late.next() else { return };
        self.line(match late.next() {
            None => Text::new(
                format!("{}办理，{}", shown.zh, strict.zh),
                format!("done on {}, {}", shown.en, strict.en),
            ),
            Some(broad) => Text::new(
                format!("{}办理，{}；从宽{}", shown.zh, strict.zh, broad.zh),
                format!(
                    "done on {}, {}; by the broad reading {}",
                    shown.en, strict.en, broad.en
                ),
            ),
        });
    }

    /// The notices the count rests on, if one of them decided, and the cautions about them.
    fn sources(&mut self, since: Option<Day>, nominal: Option<Day>, due: &DueDates) {
        let latest = due.readings().map(|reading| reading.latest).max();
        let from = match (self.limit, since) {
            (Limit::Workdays(_), Some(since)) => Some(since + 1),
            _ => nominal,
        };
        if let (Some(from), Some(until)) = (from, latest) {
            let mut years: Vec<i32> = (0..=until - from)
                .map(|n| from + n)
                .filter(|day| self.calendar.name(*day).is_some())
                .map(Day::year)
                .collect();
            years.dedup();
            for year in years {
                let papers = self.calendar.papers(year).join(" ");
                self.line(text!(
                    "依据：国务院办公厅{year}年部分节假日安排的通知 {papers}",
                    "source: the State Council's notice on holidays of {year} {papers}"
                ));
            }
        }
        let festival = nominal.is_some_and(|day| self.calendar.is_festival(day) == Some(true));
        for caveat in self.calendar.caveats() {
            let concerns = due
                .readings()
                .any(|reading| (caveat.from..=caveat.until).contains(&reading.latest));
            if concerns && (festival || !caveat.festivals_only) {
                self.lines.push(Text::new(
                    format!("注意：{}", caveat.text.zh),
                    format!("note: {}", caveat.text.en),
                ));
            }
        }
    }

    /// Each reading with its due date and verdict, if there are several or the text gives no number.
    fn readings(&mut self, since: Option<Day>, due: &DueDates, act: Act, as_of: Day) -> Vec<Text> {
        if let (Limit::Promptly { .. }, Some(since)) = (self.limit, since) {
            let Some(passed) = act.day().map(|act| act - since) else {
                return Vec::new();
            };
            return vec![text!(
                "文件要求及时办理而未定日数，本案历时{passed}日，是否及时由人工判断",
                "the text demands promptness and gives no number; it took {passed} days, and a person judges whether that is prompt"
            )];
        }
        if due.broad.is_none() {
            return Vec::new();
        }
        due.readings()
            .map(|reading| {
                let found = self.found(reading, act, as_of);
                let words = basis(reading.basis);
                let mut dates = Dates::default();
                let window = match reading.earliest {
                    Some(earliest) if earliest < reading.latest => {
                        let (from, to) = (dates.plain(earliest), dates.plain(reading.latest));
                        Text::new(
                            format!("{}至{}", from.zh, to.zh),
                            format!("from {} to {}", from.en, to.en),
                        )
                    }
                    Some(earliest) if earliest == reading.latest => {
                        dates.noted(self.calendar, reading.latest)
                    }
                    _ => {
                        let to = dates.noted(self.calendar, reading.latest);
                        Text::new(format!("至{}", to.zh), format!("until {}", to.en))
                    }
                };
                Text::new(
                    format!("{}：{}，{}", words.zh, window.zh, found.zh),
                    format!("{}: {}; {}", words.en, window.en, found.en),
                )
            })
            .collect()
    }

    /// The verdict of one reading on the act.
    fn found(&self, reading: &Reading, act: Act, as_of: Day) -> Text {
        match (under(self.limit, reading, act, as_of), act) {
            (Verdict::Satisfied, _) => Text::new("按期", "in time"),
            (Verdict::Pending, _) => Text::new("未到期", "not yet due"),
            (Verdict::Violated, Act::On(day)) => {
                match missed_by(self.calendar, self.limit, reading.latest, day) {
                    Some(late) => {
                        let (n, unit) = (late.days, unit(late.in_workdays, late.days));
                        Text::new(format!("晚{n}{}", unit.zh), format!("{n} {} late", unit.en))
                    }
                    None => {
                        let n = reading.earliest.map_or(0, |earliest| earliest - day);
                        let unit = unit(false, n);
                        Text::new(
                            format!("早{n}{}", unit.zh),
                            format!("{n} {} too early", unit.en),
                        )
                    }
                }
            }
            (Verdict::NotDone, _) => Text::new("未办理", "not done"),
            (Verdict::Violated, _) => Text::new("期满未办", "not done in time"),
            _ => Text::new("期满而记录未载", "over, and the record is silent"),
        }
    }
}
