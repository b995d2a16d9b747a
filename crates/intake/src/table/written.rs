//! Turns a cell into the text a dossier would use: the other forms that officials' tables write, normalised.
//!
//! Invariant: a text in none of these forms is passed on unchanged, so that the reader of dossiers says what is wrong with
//! it.

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::grid::{Cell, number_text};
use choucha_core::value::written::{self, Written};
use choucha_core::value::{Day, Moment, Type};

/// Whether a cell is struck out: a lone slash or dash, as on forms.
pub(super) fn is_struck_out(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.chars().count() <= 4
        && (text
            .chars()
            .all(|c| matches!(c, '-' | '—' | '–' | '－' | '―' | '─'))
            || text.chars().all(|c| matches!(c, '/' | '／' | '\\' | '＼')))
}

/// The value of a scalar type, in the spelling of dossiers.
pub(super) fn scalar(ty: &Type, cell: &Cell, from_1904: bool, factor: Decimal) -> String {
    match (cell, ty) {
        (Cell::Text(text), _) => text_as(ty, text, from_1904, factor),
        (Cell::Iso(text), Type::Date | Type::DateTime) => text_as(ty, text, from_1904, factor),
        (Cell::Date(serial) | Cell::Number(serial), Type::Date) => {
            day_of(*serial, from_1904).unwrap_or_else(|| number_text(*serial))
        }
        (Cell::Date(serial) | Cell::Number(serial), Type::DateTime) => {
            moment_of(*serial, from_1904).unwrap_or_else(|| number_text(*serial))
        }
        (Cell::Date(serial), Type::Text) => {
            // Text that a spreadsheet converted to a date shows as one.
            let shown = if serial.fract() == 0.0 {
                day_of(*serial, from_1904)
            } else {
                moment_of(*serial, from_1904)
            };
            shown.unwrap_or_else(|| number_text(*serial))
        }
        (Cell::Number(number), Type::Decimal) => {
            let text = number_text(*number);
            times(&text, factor).unwrap_or(text)
        }
        _ => cell.text(),
    }
}

fn text_as(ty: &Type, text: &str, from_1904: bool, factor: Decimal) -> String {
    let trimmed = text.trim();
    let widened = match ty {
        Type::Bool => yes_or_no(trimmed),
        Type::Int => number(trimmed, Decimal::ONE),
        Type::Decimal => number(trimmed, factor),
        Type::Date => day(trimmed, from_1904),
        Type::DateTime => moment(trimmed),
        Type::Enum(_) => Some(trimmed.to_owned()),
        _ => None,
    };
    widened.unwrap_or_else(|| text.to_owned())
}

fn yes_or_no(text: &str) -> Option<String> {
    let yes = match text {
        "√" | "✓" | "✔" | "☑" | "对" | "Y" | "y" | "Ｙ" | "YES" | "Yes" | "yes" => true,
        "×" | "✗" | "✘" | "✕" | "☒" | "╳" | "X" | "x" | "错" | "N" | "n" | "Ｎ" | "NO" | "No"
        | "no" | "没有" => false,
        _ => return None,
    };
    Some(if yes { "是" } else { "否" }.to_owned())
}

/// Full-width digits and signs as half-width ones.
fn half_width(text: &str) -> String {
    text.nfkc().collect()
}

/// A number with a unit of money, thousands separators or full-width digits.
fn number(text: &str, factor: Decimal) -> Option<String> {
    let folded: String = half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let bare = folded
        .strip_prefix("人民币")
        .or_else(|| folded.strip_prefix("RMB"))
        .or_else(|| folded.strip_prefix("CNY"))
        .unwrap_or(&folded);
    let bare = bare.trim_start_matches(['¥', '￥']);
    let bare = bare.strip_suffix('整').unwrap_or(bare);
    let (digits, unit) = [
        ("万元", 10_000),
        ("亿元", 100_000_000),
        ("千元", 1_000),
        ("圆", 1),
        ("元", 1),
    ]
    .iter()
    .find_map(|(word, unit)| Some((bare.strip_suffix(word)?, Decimal::from(*unit))))
    // A unit written with the number takes precedence over the header's.
    .unwrap_or((bare, factor));
    times(&ungrouped(digits)?, unit)
}

/// The digits of a number without thousands separators; None if those are misplaced.
fn ungrouped(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole = unsigned.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    fits.then(|| text.replace(',', ""))
}

/// A decimal number times a factor, without an exponent or trailing zeros.
fn times(text: &str, factor: Decimal) -> Option<String> {
    let number = Decimal::from_str_exact(text).ok()?;
    let well_formed = text
        .strip_prefix('-')
        .unwrap_or(text)
        .starts_with(|c: char| c.is_ascii_digit());
    if !well_formed {
        return None;
    }
    if factor == Decimal::ONE {
        return Some(number.to_string());
    }
    Some(number.checked_mul(factor)?.normalize().to_string())
}

fn day(text: &str, from_1904: bool) -> Option<String> {
    match written::read(text) {
        // Exports add a time to every date.
        Written::Day(day) | Written::Moment(Moment { day, .. }) => return Some(day.to_string()),
        Written::Nothing => {}
        _ => return None,
    }
    // A serial number without the format of a date: 1954 to 2119.
    let folded = half_width(text);
    let folded = folded.trim();
    let serial: f64 = folded.parse().ok()?;
    (folded.len() == 5 && (20_000.0..80_000.0).contains(&serial))
        .then(|| day_of(serial, from_1904))
        .flatten()
}

fn moment(text: &str) -> Option<String> {
    match written::read(text) {
        Written::Moment(moment) => Some(moment.to_string()),
        _ => None,
    }
}

/// The day of a serial number.
fn day_of(serial: f64, from_1904: bool) -> Option<String> {
    let days = serial.floor();
    // Days of the year 1 to 9999, as spreadsheets know them.
    if !(1.0..2_958_466.0).contains(&days) {
        return None;
    }
    let days = days as i32;
    let epoch = if from_1904 {
        Day::from_ymd(1904, 1, 1)?
    } else if days < 60 {
        // Before 29 February 1900, a day that never was and that spreadsheets count.
        Day::from_ymd(1899, 12, 31)?
    } else {
        Day::from_ymd(1899, 12, 30)?
    };
    Some((epoch + days).to_string())
}

fn moment_of(serial: f64, from_1904: bool) -> Option<String> {
    let minutes = (serial.fract() * 1440.0).round() as i64;
    // A fraction a hair below a whole day is midnight of the next day.
    let (serial, minutes) = if minutes >= 1440 {
        (serial.floor() + 1.0, 0)
    } else {
        (serial, minutes)
    };
    let day = day_of(serial, from_1904)?;
    Some(format!("{day} {:02}:{:02}", minutes / 60, minutes % 60))
}

/// The entries of a list in one cell, as ranges of its text.
///
/// Separators between brackets do not count. A slash separates only where no other separator does, and neither between
/// letters and digits, as in the number of a standard, nor in dates.
pub(super) fn entries(ty: &Type, text: &str) -> Vec<std::ops::Range<usize>> {
    let strong = |c: char| matches!(c, '、' | '，' | '；' | ',' | ';' | '\n' | '\r');
    let found = split(text, |_, c, _| strong(c));
    let whole: Vec<_> = trimmed(text, 0..text.len()).into_iter().collect();
    if found != whole || matches!(ty, Type::Date | Type::DateTime) {
        return found;
    }
    split(text, |before, c, after| {
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        matches!(c, '/' | '／') && !(word(before) || word(after))
    })
}

fn split(
    text: &str,
    separates: impl Fn(Option<char>, char, Option<char>) -> bool,
) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '（' | '(' | '《' | '“' | '【' | '[' => depth += 1,
            '）' | ')' | '》' | '”' | '】' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let after = characters.peek().map(|(_, c)| *c);
        if depth == 0 && separates(before, c, after) {
            found.push(start..at);
            start = at + c.len_utf8();
        }
        before = Some(c);
    }
    // An unclosed bracket encloses nothing.
    if depth > 0 && found.is_empty() && start == 0 && text.contains(['、', '；', ';', '\n']) {
        return text
            .split_inclusive(['、', '；', ';', '\n'])
            .scan(0, |at, part| {
                let from = *at;
                *at += part.len();
                let end = part.trim_end_matches(['、', '；', ';', '\n']).len();
                Some(from..from + end)
            })
            .filter_map(|range| trimmed(text, range))
            .collect();
    }
    found.push(start..text.len());
    found
        .into_iter()
        .filter_map(|range| trimmed(text, range))
        .collect()
}

/// The range without the white space at its ends; None if it is all white space.
fn trimmed(text: &str, range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let part = text.get(range.clone())?;
    let start = range.start + part.len() - part.trim_start().len();
    let length = part.trim().len();
    (length > 0).then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ty: &Type, text: &str) -> String {
        scalar(ty, &Cell::Text(text.into()), false, Decimal::ONE)
    }

    #[test]
    fn a_date_means_the_same_however_it_is_written() {
        for written in [
            "2024-03-01",
            "2024-3-1",
            "2024.3.1",
            "2024/3/1",
            "2024年3月1日",
            "2024 年 3 月 1 日",
            "20240301",
            "２０２４－３－１",
            "2024-03-01 00:00:00",
            "2024-03-01T09:30:00",
            "45352",
        ] {
            assert_eq!(read(&Type::Date, written), "2024-03-01", "{written}");
        }
        for serial in [Cell::Date(45352.0), Cell::Number(45352.4)] {
            assert_eq!(
                scalar(&Type::Date, &serial, false, Decimal::ONE),
                "2024-03-01"
            );
        }
        let from_1904 = scalar(&Type::Date, &Cell::Date(43890.0), true, Decimal::ONE);
        assert_eq!(from_1904, "2024-03-01");
    }

    #[test]
    fn what_is_no_date_is_left_as_it_stands() {
        for wrong in [
            "2024-02-30",
            "2024-3",
            "3月1日",
            "2024/3-1",
            "待定",
            "2024-03-01x",
        ] {
            assert_eq!(read(&Type::Date, wrong), wrong);
        }
    }

    #[test]
    fn the_days_that_never_were_do_not_shift_the_others() {
        for (serial, expected) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
        ] {
            let read = scalar(&Type::Date, &Cell::Date(serial), false, Decimal::ONE);
            assert_eq!(read, expected);
        }
    }

    #[test]
    fn moments_are_read_to_the_minute() {
        for written in [
            "2024-3-1 9:30",
            "2024年3月1日9时30分",
            "2024/03/01 09:30:15",
        ] {
            assert_eq!(
                read(&Type::DateTime, written),
                "2024-03-01 09:30",
                "{written}"
            );
        }
        let serial = Cell::Date(45352.395833333336);
        assert_eq!(
            scalar(&Type::DateTime, &serial, false, Decimal::ONE),
            "2024-03-01 09:30"
        );
    }

    #[test]
    fn money_is_read_with_its_unit_and_separators() {
        for (written, expected) in [
            ("199.00", "199.00"),
            ("￥1,990.00元", "1990.00"),
            ("１９９元", "199"),
            ("1.5万元", "15000"),
            ("人民币 3 元整", "3"),
            ("-2元", "-2"),
        ] {
            assert_eq!(read(&Type::Decimal, written), expected);
        }
        for wrong in ["19,90", "1,99元", "约200元", "1e3", "元", ".5"] {
            assert_eq!(read(&Type::Decimal, wrong), wrong);
        }
        let in_header = Decimal::from(10_000);
        for (cell, expected) in [
            (Cell::Number(1.2), "12000"),
            (Cell::Text("1.2".into()), "12000"),
            (Cell::Text("12000元".into()), "12000"),
        ] {
            assert_eq!(scalar(&Type::Decimal, &cell, false, in_header), expected);
        }
    }

    #[test]
    fn ticks_and_crosses_are_yes_and_no() {
        for (written, expected) in [
            ("√", "是"),
            ("×", "否"),
            ("Y", "是"),
            ("N", "否"),
            ("无", "无"),
        ] {
            assert_eq!(read(&Type::Bool, written), expected);
        }
    }

    #[test]
    fn a_list_in_a_cell_is_split_where_people_separate() {
        let parts = |text: &'static str| -> Vec<&str> {
            entries(&Type::Text, text)
                .into_iter()
                .map(|range| &text[range])
                .collect()
        };
        assert_eq!(parts("甲某、乙某"), ["甲某", "乙某"]);
        assert_eq!(
            parts("甲某, 乙某；丙某\n丁某"),
            ["甲某", "乙某", "丙某", "丁某"]
        );
        assert_eq!(parts("甲某/乙某"), ["甲某", "乙某"]);
        assert_eq!(
            parts("GB/T 1234、防触电（8.1、8.2）"),
            ["GB/T 1234", "防触电（8.1、8.2）"]
        );
        assert_eq!(parts("GB/T 1234"), ["GB/T 1234"]);
        assert_eq!(parts("甲（未完、乙"), ["甲（未完", "乙"]);
        assert_eq!(parts(" 、"), Vec::<&str>::new());
    }

    #[test]
    fn a_lone_slash_or_dash_says_nothing() {
        for text in ["/", "／", "—", "——", " - "] {
            assert!(is_struck_out(text), "{text}");
        }
        for text in ["", "无", "-1", "/-", "a"] {
            assert!(!is_struck_out(text), "{text}");
        }
    }
}
