//! Reads and checks a calendar file.
//!
//! Invariant: a file with any error gives no calendar, and all errors are reported in one run.

mod raw;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Weekday;

use super::calendar::{Caveat, Data, DayKind, Entry, Year};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Text;
use crate::prepared;
use crate::source::{Position, Source, Span};
use crate::text;
use crate::value::Day;
use crate::written::{Place, Word};
use raw::{Days, File, Only, RawCaveat, RawYear};

/// The version of the supported file format.
const VERSION: u32 = 1;

/// Reads and checks the file.
pub(super) fn read(source: &Arc<Source>) -> Result<Data, Vec<Diagnostic>> {
    let file: File = prepared::read(source).map_or_else(
        || {
            raw::read(source.text()).map_err(|error| {
                let message = error.to_string();
                let message = message.lines().next().unwrap_or_default();
                let diagnostic = Diagnostic::new(
                    Code::CalendarInvalid,
                    text!(
                        "日历文件无法读取：{message}",
                        "the calendar cannot be read: {message}"
                    ),
                );
                vec![match error.location() {
                    Some(location) => diagnostic.at(span(source, location.into(), 1)),
                    None => diagnostic.about(source.name()),
                }]
            })
        },
        Ok,
    )?;
    let mut reader = Reader {
        source,
        diagnostics: Vec::new(),
        names: Vec::new(),
        translations: BTreeMap::new(),
    };
    let data = reader.check(&file);
    match data {
        Some(data) if reader.diagnostics.is_empty() => Ok(data),
        _ => Err(reader.diagnostics),
    }
}

/// The span of a value of this many bytes.
fn span(source: &Arc<Source>, place: Place, bytes: usize) -> Span {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let start = match place.start {
        Some(offset) => number(offset),
        None => source.offset(Position {
            line: number(place.line),
            column: number(place.column),
        }),
    };
    Span::new(source, start..start.saturating_add(bytes))
}

/// A listed day, with its place and name.
struct Listed<'f> {
    day: Day,
    name: u16,
    written: &'f Word,
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    diagnostics: Vec<Diagnostic>,
    names: Vec<Text>,
    /// From a Chinese name to its index in the names.
    translations: BTreeMap<String, u16>,
}

impl Reader<'_> {
    fn place(&self, written: &Word) -> Span {
        span(self.source, written.at, written.value.len())
    }

    fn wrong(&mut self, written: &Word, message: Text) {
        let diagnostic = Diagnostic::new(Code::CalendarInvalid, message).at(self.place(written));
        self.diagnostics.push(diagnostic);
    }

    fn check(&mut self, file: &File) -> Option<Data> {
        if file.version.value != VERSION {
            let version = file.version.value;
            self.diagnostics.push(
                Diagnostic::new(
                    Code::CalendarInvalid,
                    text!(
                        "日历格式版本 `{version}` 不受支持，应为 {VERSION}",
                        "calendar format version `{version}` is not supported; it should be {VERSION}"
                    ),
                )
                .at(span(self.source, file.version.at, 1)),
            );
        }
        for (zh, en) in &file.names.0 {
            let at = self.name(Text::new(&zh.value, &en.value));
            self.translations.insert(zh.value.clone(), at);
        }
        let (first, mut days) = self.span_of_years(file)?;
        let mut years = Vec::new();
        for (key, raw) in &file.years.0 {
            let Some(year) = key.value.parse().ok() else {
                continue;
            };
            if raw.papers.value.is_empty() {
                self.wrong(
                    key,
                    text!(
                        "{year}年没有写明依据的通知",
                        "{year} names no notice as its source"
                    ),
                );
            }
            years.push(Year {
                year,
                papers: raw.papers.value.clone(),
            });
            self.year(year, raw, first, &mut days);
        }
        let caveats = file
            .caveats
            .iter()
            .filter_map(|raw| self.caveat(raw))
            .collect();
        Some(Data {
            years,
            names: std::mem::take(&mut self.names),
            caveats,
            first,
            days,
        })
    }

    /// The first day, and the kind of every day before the lists apply.
    fn span_of_years(&mut self, file: &File) -> Option<(Day, Vec<Entry>)> {
        let mut expected: Option<i32> = None;
        let mut bounds: Option<(Day, Day)> = None;
        for (key, _) in &file.years.0 {
            let year = key.value.parse::<i32>().ok();
            let ends = year
                .filter(|year| (1900..=2200).contains(year))
                .and_then(|year| Some((Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?)));
            let (Some(year), Some((start, end))) = (year, ends) else {
                let written = &key.value;
                self.wrong(
                    key,
                    text!("`{written}` 不是年份", "`{written}` is not a year"),
                );
                continue;
            };
            if let Some(expected) = expected.filter(|expected| *expected != year) {
                self.wrong(
                    key,
                    text!(
                        "年份不连续：此处应为 {expected}年",
                        "the years are not contiguous: this should be {expected}"
                    ),
                );
            }
            expected = Some(year + 1);
            bounds = Some((bounds.map_or(start, |(first, _)| first), end));
        }
        let Some((first, last)) = bounds else {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::CalendarInvalid,
                    Text::new("日历没有任何年份", "the calendar has no years"),
                )
                .about(self.source.name()),
            );
            return None;
        };
        let days = (0..=last - first)
            .map(|n| Entry {
                kind: match (first + n).weekday() {
                    Weekday::Sat | Weekday::Sun => DayKind::Weekend,
                    _ => DayKind::Workday,
                },
                name: None,
                festival: None,
            })
            .collect();
        Some((first, days))
    }

    fn year(&mut self, year: i32, raw: &RawYear, first: Day, days: &mut [Entry]) {
        let at = |day: Day| usize::try_from(day - first).ok();
        let mut arranged: BTreeMap<Day, &Word> = BTreeMap::new();
        for (kind, table) in [(DayKind::Off, &raw.off), (DayKind::MakeUp, &raw.work)] {
            for listed in self.listed(year, table) {
                if let Some(before) = arranged.insert(listed.day, listed.written) {
                    self.twice(listed.day, before, listed.written);
                } else if let Some(entry) = at(listed.day).and_then(|at| days.get_mut(at)) {
                    entry.kind = kind;
                    entry.name = Some(listed.name);
                }
            }
        }
        let mut seen: BTreeMap<(Day, u16), &Word> = BTreeMap::new();
        for listed in self.listed(year, &raw.festivals) {
            if let Some(before) = seen.insert((listed.day, listed.name), listed.written) {
                self.twice(listed.day, before, listed.written);
                continue;
            }
            let day = listed.day;
            let Some(entry) = at(day).and_then(|at| days.get_mut(at)) else {
                continue;
            };
            if entry.kind != DayKind::Off {
                let mut diagnostic = Diagnostic::new(
                    Code::CalendarInvalid,
                    text!(
                        "{day} 列为法定节日，但不在放假日之列",
                        "{day} is listed as a festival but not as a day off"
                    ),
                )
                .at(self.place(listed.written));
                if let Some(other) = arranged.get(&day) {
                    diagnostic = diagnostic.label(
                        self.place(other),
                        Text::new("此处列为调休上班日", "listed as a make-up working day here"),
                    );
                }
                self.diagnostics.push(diagnostic);
            }
            entry.festival = Some(match entry.festival {
                None => listed.name,
                // Two festivals may fall on one day, as on 2020-10-01.
                Some(other) => self.joined(other, listed.name),
            });
        }
    }

    /// Every valid day in a table; reports unknown names and invalid days.
    fn listed<'f>(&mut self, year: i32, table: &'f Days) -> Vec<Listed<'f>> {
        let mut listed = Vec::new();
        for (name, days) in &table.0 {
            let Some(&at) = self.translations.get(&name.value) else {
                let unknown = &name.value;
                let mut diagnostic = Diagnostic::new(
                    Code::CalendarInvalid,
                    text!(
                        "`{unknown}` 不在 names 之列",
                        "`{unknown}` is not among the names"
                    ),
                )
                .at(self.place(name));
                if let Some(near) = nearest(unknown, self.translations.keys().map(String::as_str)) {
                    diagnostic =
                        diagnostic.help(text!("是否为 `{near}`？", "did you mean `{near}`?"));
                }
                self.diagnostics.push(diagnostic);
                continue;
            };
            for written in days {
                listed.extend(
                    self.run(year, written)
                        .into_iter()
                        .flat_map(|(from, until)| {
                            (0..=until - from).map(move |n| Listed {
                                day: from + n,
                                name: at,
                                written,
                            })
                        }),
                );
            }
        }
        listed
    }

    /// The first and last day of `A` or `A..B`.
    fn run(&mut self, year: i32, written: &Word) -> Option<(Day, Day)> {
        let value = &written.value;
        let (from, until) = value.split_once("..").unwrap_or((value, value));
        let (Some(from), Some(until)) = (Day::parse(from), Day::parse(until)) else {
            self.wrong(
                written,
                text!(
                    "`{value}` 不是日期，应写作 2024-02-10 或 2024-02-10..2024-02-17",
                    "`{value}` is not a date; write 2024-02-10 or 2024-02-10..2024-02-17"
                ),
            );
            return None;
        };
        if from.year() != year || until.year() != year {
            self.wrong(
                written,
                text!("`{value}` 不在{year}年内", "`{value}` is not in {year}"),
            );
            return None;
        }
        if from > until {
            self.wrong(
                written,
                text!("`{value}` 的起止日颠倒", "`{value}` ends before it begins"),
            );
            return None;
        }
        Some((from, until))
    }

    fn caveat(&mut self, raw: &RawCaveat) -> Option<Caveat> {
        let mut day = |written: &Word| {
            let day = Day::parse(&written.value);
            if day.is_none() {
                let value = &written.value;
                self.wrong(
                    written,
                    text!("`{value}` 不是日期", "`{value}` is not a date"),
                );
            }
            day
        };
        let (from, until) = (day(&raw.from), day(&raw.until));
        Some(Caveat {
            from: from?,
            until: until?,
            festivals_only: matches!(raw.only, Some(Only::Festivals)),
            text: Text::new(&raw.text, &raw.text_en),
        })
    }

    fn twice(&mut self, day: Day, first: &Word, second: &Word) {
        self.diagnostics.push(
            Diagnostic::new(
                Code::CalendarInvalid,
                text!("{day} 重复列出", "{day} is listed twice"),
            )
            .at(self.place(second))
            .label(
                self.place(first),
                Text::new("已在此处列出", "already listed here"),
            ),
        );
    }

    fn name(&mut self, name: Text) -> u16 {
        if let Some(at) = self.names.iter().position(|known| *known == name) {
            return u16::try_from(at).unwrap_or(u16::MAX);
        }
        self.names.push(name);
        u16::try_from(self.names.len() - 1).unwrap_or(u16::MAX)
    }

    /// The name for a day that two festivals share.
    fn joined(&mut self, one: u16, other: u16) -> u16 {
        let get = |at: u16| self.names.get(usize::from(at)).cloned().unwrap_or_default();
        let (a, b) = (get(one), get(other));
        self.name(Text::new(
            format!("{}、{}", a.zh, b.zh),
            format!("{} and {}", a.en, b.en),
        ))
    }
}
