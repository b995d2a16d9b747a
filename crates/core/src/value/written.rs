//! Reads days and times as people and programs write them.
//!
//! Terms: a *half day* is 上午 or 下午 without an hour.
//!
//! Invariant: an instant with an offset is converted to the time in China then (+08:00); a time without one is taken as
//! written. A text that names two days, or no certain day, is never read as one of them.

use unicode_normalization::UnicodeNormalization;

use chrono::Weekday;

use super::naming::visible;
use super::{Day, Moment};

/// The offset of China's time, in minutes.
const CHINA: i64 = 8 * 60;

/// The result of reading a text as a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A day; a half day, or the end of the day as 24:00, does not change it.
    Day(Day),
    /// A day and a time, in China.
    Moment(Moment),
    /// Two days, or all days from one to another.
    Several,
    /// A month and a day, without a year.
    NoYear(u32, u32),
    /// A two-digit year, and the day that may be meant.
    ShortYear(Option<Day>),
    /// The year comes last.
    YearLast,
    /// A day, with a wrong day of the week.
    OtherWeekday(Day),
    /// A year, month and day that do not exist together; if the month exists, with its last day.
    Impossible(Option<Day>),
    /// A day, followed by words with another meaning.
    Remark(Day),
    /// Not a day.
    Nothing,
}

/// Reads a text.
#[must_use]
pub fn read(text: &str) -> Written {
    let folded: String = visible(text).nfkc().collect();
    let text = folded.trim();
    let Some((found, rest)) = date(text) else {
        return without_year(text);
    };
    let day = match found {
        Ok(day) => day,
        Err(_) if begins_another(rest) => return Written::Several,
        Err(last) => return Written::Impossible(last),
    };
    let mut rest = Rest(rest.trim_start());
    if rest.0.is_empty() {
        return Written::Day(day);
    }
    let mut weekday = rest.weekday();
    let time = rest.time();
    weekday = weekday.or_else(|| rest.weekday());
    if !rest.0.is_empty() {
        return match begins_another(rest.0) {
            true => Written::Several,
            false => Written::Remark(day),
        };
    }
    if weekday.is_some_and(|weekday| weekday != day.weekday()) {
        return Written::OtherWeekday(day);
    }
    match time {
        None | Some(Time::Half | Time::End) => Written::Day(day),
        Some(Time::At(minute, None)) => Written::Moment(moment(day, minute)),
        Some(Time::At(minute, Some(offset))) => {
            Written::Moment(moment(day, minute - offset + CHINA))
        }
    }
}

/// The moment this many minutes after the beginning of a day.
fn moment(day: Day, minutes: i64) -> Moment {
    let days = minutes.div_euclid(1440);
    Moment {
        day: day + i32::try_from(days).unwrap_or_default(),
        minute: u16::try_from(minutes.rem_euclid(1440)).unwrap_or_default(),
    }
}

type Found<'t> = (Result<Day, Option<Day>>, &'t str);

/// The date at the beginning of a text, and the rest; `Err` for a day that does not exist, with the last day of its
/// month.
fn date(text: &str) -> Option<Found<'_>> {
    let year = digits(text);
    if year == 8 {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse().ok();
        let found = existing(number(0..4)?, number(4..6)?, number(6..8)?);
        return Some((found, text.get(8..)?));
    }
    if year != 4 {
        return None;
    }
    let year: u32 = text.get(..4)?.parse().ok()?;
    let after = text.get(4..)?.trim_start();
    let separator = after.chars().next()?;
    let second = match separator {
        '-' | '.' | '/' => separator,
        '年' => '月',
        _ => return None,
    };
    let (month, after) = number(after.get(separator.len_utf8()..)?)?;
    let (day, after) = number(after.trim_start().strip_prefix(second)?)?;
    let rest = match separator {
        '年' => {
            let after = after.trim_start();
            after.strip_prefix(['日', '号']).unwrap_or(after)
        }
        _ => after,
    };
    Some((existing(year, month, day), rest))
}

fn existing(year: u32, month: u32, day: u32) -> Result<Day, Option<Day>> {
    let year = i32::try_from(year).unwrap_or_default();
    Day::from_ymd(year, month, day).ok_or_else(|| {
        (28..=31)
            .rev()
            .find_map(|day| Day::from_ymd(year, month, day))
    })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// A number of one or two digits, and the rest.
fn number(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let length = digits(text);
    if !(1..=2).contains(&length) {
        return None;
    }
    let (number, rest) = text.split_at(length);
    Some((number.parse().ok()?, rest))
}

/// Whether the text after a date is another day, or the end of a period.
fn begins_another(rest: &str) -> bool {
    let rest = rest.trim_start();
    let marks = [
        '-', '~', '至', '到', '—', '–', '、', ',', ';', '/', '和', '及', '与', '或', '起', '\n',
        '&', '+',
    ];
    let marked = rest.trim_start_matches(marks);
    let words = marked.trim_start();
    let is_marked =
        words.len() < rest.len() && (digits(words) > 0 || words.starts_with(['今', '次', '当']));
    is_marked || date(words).is_some() || matches!(without_year(words), Written::NoYear(..))
}

/// Reads a text that does not begin with a year and date.
fn without_year(text: &str) -> Written {
    let plausible = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    if let Some((month, rest)) = number(text)
        && let Some(rest) = rest.trim_start().strip_prefix('月')
        && let Some((day, rest)) = number(rest)
        && plausible(month, day)
    {
        let rest = rest.trim_start();
        let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
        return match begins_another(rest) {
            true => Written::Several,
            false => Written::NoYear(month, day),
        };
    }
    let Some((first, rest)) = number(text) else {
        return Written::Nothing;
    };
    let rest = rest.trim_start();
    let Some(separator) = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '.' | '/' | '年'))
    else {
        return Written::Nothing;
    };
    let second = if separator == '年' { '月' } else { separator };
    let Some((month, rest)) = number(&rest[separator.len_utf8()..]) else {
        return Written::Nothing;
    };
    let Some(rest) = rest.trim_start().strip_prefix(second) else {
        return match rest.trim().is_empty() && plausible(first, month) {
            true => Written::NoYear(first, month),
            false => Written::Nothing,
        };
    };
    if digits(rest.trim_start()) == 4 {
        return Written::YearLast;
    }
    match number(rest) {
        Some((_, rest)) if begins_another(rest) => Written::Several,
        Some((day, _)) => Written::ShortYear(existing(2000 + first, month, day).ok()),
        None => Written::Nothing,
    }
}

/// A time of day.
enum Time {
    /// Minutes since midnight, and the offset in minutes if stated.
    At(i64, Option<i64>),
    /// The end of the day: 24:00.
    End,
    Half,
}

/// The part of the day, as named by words.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Before,
    After,
    /// 中午: from eleven to one.
    Noon,
}

/// The rest of a text.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn take(&mut self, words: &[&str]) -> Option<usize> {
        let lower = self.0.trim_start();
        let at = words.iter().position(|word| {
            lower
                .get(..word.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        })?;
        self.0 = lower[words[at].len()..].trim_start();
        Some(at)
    }

    /// A day of the week, in brackets or not.
    fn weekday(&mut self) -> Option<Weekday> {
        let before = self.0;
        let opened = self.take(&["("]).is_some();
        let found = self.day_of_week();
        if found.is_none() || opened && self.take(&[")"]).is_none() {
            self.0 = before;
            return None;
        }
        found
    }

    fn day_of_week(&mut self) -> Option<Weekday> {
        const ENGLISH: [&str; 14] = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "mon",
            "tue",
            "wed",
            "thu",
            "fri",
            "sat",
            "sun",
        ];
        const CHINESE: [&str; 8] = ["一", "二", "三", "四", "五", "六", "日", "天"];
        let at = match self.take(&["星期", "周", "礼拜"]) {
            Some(_) => self.take(&CHINESE)?.min(6),
            None => {
                let at = self.take(&ENGLISH)? % 7;
                self.take(&[".", ","]);
                at
            }
        };
        Weekday::try_from(u8::try_from(at).ok()?).ok()
    }

    fn half(&mut self) -> Option<Half> {
        const WORDS: [&str; 15] = [
            "上午", "早上", "早晨", "凌晨", "清晨", "am", "a.m.", "下午", "傍晚", "晚上", "夜间",
            "晚", "pm", "p.m.", "中午",
        ];
        let at = self.take(&WORDS)?;
        Some(match at {
            0..=6 => Half::Before,
            7..=13 => Half::After,
            _ => Half::Noon,
        })
    }

    fn time(&mut self) -> Option<Time> {
        self.take(&["T", ","]);
        let half = self.half();
        let before = self.0;
        let Some((hour, minute)) = self.clock() else {
            self.0 = before;
            return half.map(|_| Time::Half);
        };
        let half = half.or_else(|| self.half());
        let offset = self.offset();
        let hour = match half {
            Some(Half::After) if (1..12).contains(&hour) => hour + 12,
            Some(Half::Before) if hour == 12 => 0,
            Some(Half::Noon) if hour < 3 => hour + 12,
            _ => hour,
        };
        Some(match hour * 60 + minute {
            1440 => Time::End,
            minutes => Time::At(minutes, offset),
        })
    }

    /// Hours and minutes; seconds are ignored.
    fn clock(&mut self) -> Option<(i64, i64)> {
        let (hour, rest) = number(self.0)?;
        self.0 = rest.trim_start();
        let mut minute = 0;
        let marked = self.take(&[":", "时", "点", "h"])?;
        if marked == 0 || digits(self.0) > 0 {
            let (found, rest) = number(self.0)?;
            minute = found;
            self.0 = rest.trim_start();
            if self.take(&[":", "分"]).is_some() && digits(self.0) > 0 {
                let (second, rest) = number(self.0)?;
                if second >= 60 {
                    return None;
                }
                self.0 = rest;
                if let Some(fraction) = self.0.strip_prefix(['.', ',']) {
                    self.0 = &fraction[digits(fraction)..];
                }
                self.take(&["秒"]);
            }
        } else if self.take(&["半"]).is_some() {
            minute = 30;
        } else {
            self.take(&["整"]);
        }
        let fits = hour < 24 && minute < 60 || hour == 24 && minute == 0;
        fits.then_some((i64::from(hour), i64::from(minute)))
    }

    /// The stated offset, in minutes.
    fn offset(&mut self) -> Option<i64> {
        if self.take(&["(北京时间)", "北京时间"]).is_some() {
            return Some(CHINA);
        }
        let named = self.take(&["Z", "UTC", "GMT"]);
        let sign = match self.take(&["+", "-"]) {
            Some(0) => 1,
            Some(_) => -1,
            None => return named.map(|_| 0),
        };
        let length = digits(self.0);
        let (hours, rest) = match length {
            1 | 2 => number(self.0)?,
            4 => (self.0.get(..2)?.parse().ok()?, self.0.get(2..)?),
            _ => return None,
        };
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let minutes = match number(rest) {
            Some((minutes, rest)) => {
                self.0 = rest.trim_start();
                minutes
            }
            None => {
                self.0 = rest.trim_start();
                0
            }
        };
        (hours <= 14 && minutes < 60).then(|| sign * (i64::from(hours) * 60 + i64::from(minutes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_and_its_time_are_written() {
        for written in [
            "2024-03-12",
            "2024-3-12",
            "2024.3.12",
            "2024/3/12",
            "2024年3月12日",
            "2024 年 3 月 12 号",
            "20240312",
            "２０２４－３－１２",
            "2024年3月12日 上午",
            "2024-03-12（周二）",
            "2024-03-12 星期二",
            "2024/3/12 Tue",
            "2024-03-12 24:00",
            "\u{200e}2024-03-12",
            "2024-03-\u{200b}12",
        ] {
            let day = Day::parse("2024-03-12").unwrap();
            assert_eq!(read(written), Written::Day(day), "{written}");
        }
    }

    #[test]
    fn a_time_is_read_and_an_instant_is_what_clocks_in_china_showed() {
        for (written, expected) in [
            ("2024-03-12 9:05", "2024-03-12 09:05"),
            ("2024/3/12 9:05:00 AM", "2024-03-12 09:05"),
            ("2024/3/12 9:05:00 pm", "2024-03-12 21:05"),
            ("2024/3/12 上午9:05:00", "2024-03-12 09:05"),
            ("2024年3月12日下午3点", "2024-03-12 15:00"),
            ("2024年3月12日 15时5分", "2024-03-12 15:05"),
            ("2024-03-12（周二）下午3:05", "2024-03-12 15:05"),
            ("2024-03-12 12:00 AM", "2024-03-12 00:00"),
            ("2024-03-08T16:00:00Z", "2024-03-09 00:00"),
            ("2024-03-08T15:59:59.999Z", "2024-03-08 23:59"),
            ("2024-03-09T00:00:00+08:00", "2024-03-09 00:00"),
            ("2024-03-08T23:30:00-0500", "2024-03-09 12:30"),
            ("2024-12-31T20:00Z", "2025-01-01 04:00"),
            ("2024-03-09 01:00 GMT+9", "2024-03-09 00:00"),
            ("2024-03-09 01:00（北京时间）", "2024-03-09 01:00"),
        ] {
            match read(written) {
                Written::Moment(moment) => assert_eq!(moment.to_string(), expected, "{written}"),
                other => panic!("{written}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_names_two_days_or_none_for_certain_is_no_day() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (written, expected) in [
            ("2020年10月19日-20日", Written::Several),
            ("2020年10月19日至20日", Written::Several),
            ("10月19日-20日", Written::Several),
            ("2024-03-01~2024-03-05", Written::Several),
            ("2024.3.1-3.5", Written::Several),
            ("2024-03-01、2024-03-05", Written::Several),
            ("2024-03-01 2024-03-05", Written::Several),
            ("2024年3月1日\n2024年3月2日", Written::Several),
            ("2024-03-01至今", Written::Several),
            ("24.1.22-24.1.23", Written::Several),
            ("1月21日", Written::NoYear(1, 21)),
            ("1.21", Written::NoYear(1, 21)),
            ("24.1.22", Written::ShortYear(Some(day("2024-01-22")))),
            ("24年1月22日", Written::ShortYear(Some(day("2024-01-22")))),
            ("1/22/2024", Written::YearLast),
            (
                "2024-03-12（周三）",
                Written::OtherWeekday(day("2024-03-12")),
            ),
            ("2024-02-30", Written::Impossible(Some(day("2024-02-29")))),
            ("2024-13-01", Written::Impossible(None)),
            ("2024-03-01（预计）", Written::Remark(day("2024-03-01"))),
            ("2024-03-01x", Written::Remark(day("2024-03-01"))),
            ("2024-3", Written::Nothing),
            ("待定", Written::Nothing),
            ("同上", Written::Nothing),
            ("45352", Written::Nothing),
        ] {
            assert_eq!(read(written), expected, "{written}");
        }
    }
}
