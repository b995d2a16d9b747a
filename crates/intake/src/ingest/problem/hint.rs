//! The parts of a message besides the problem: what was found, what is expected, how to correct it.

use std::fmt::Write as _;

use choucha_core::diagnostic::nearest;
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::text;
use choucha_core::value::naming::{people, revealed};
use choucha_core::value::written::{self, Written};
use choucha_core::value::{Moment, Type};
use choucha_core::vocabulary::{Entry, Fact, GroupId, Vocabulary};

/// A text cut to a number of characters.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", revealed(&line[..at])),
        None => revealed(line).into_owned(),
    }
}

/// Describes the node found in place of the expected value.
pub(super) fn found(node: &Node<'_>) -> Text {
    match &node.content {
        Content::Map(_) => Text::new("一组“键: 值”", "a map"),
        Content::List(_) => Text::new("一个列表", "a list"),
        Content::Scalar { text, .. } => Text::same(format!("`{}`", cut(text.trim(), super::SHOWN))),
    }
}

/// Describes the values that a fact takes.
pub(super) fn describe(vocabulary: &Vocabulary, fact: &Fact, ty: &Type) -> Text {
    let plain = |zh: &str, en: &str| Text::new(zh, en);
    match ty {
        Type::Text => plain("文本", "a text"),
        Type::Bool => plain("`是` 或 `否`（`true`、`false`）", "`true` or `false`"),
        Type::Int | Type::Decimal => {
            let (mut zh, mut en) = if *ty == Type::Int {
                ("整数".to_owned(), "a whole number".to_owned())
            } else {
                (
                    "数字，如 `199.00`".to_owned(),
                    "a number such as `199.00`".to_owned(),
                )
            };
            if let Some((min, max)) = fact.range {
                // Writing to a String cannot fail.
                if min != rust_decimal::Decimal::MIN {
                    let _ = write!(zh, "，不小于 {min}");
                    let _ = write!(en, ", at least {min}");
                }
                if max != rust_decimal::Decimal::MAX {
                    let _ = write!(zh, "，不大于 {max}");
                    let _ = write!(en, ", at most {max}");
                }
            }
            if let Some(unit) = &fact.unit {
                let _ = write!(zh, "（单位：{}）", unit.zh);
                let _ = write!(en, " (in {})", unit.en);
            }
            Text::new(zh, en)
        }
        Type::Date => plain("日期，如 `2024-03-01`", "a date such as `2024-03-01`"),
        Type::DateTime => plain(
            "日期和时间，如 `2024-03-01 09:30`",
            "a date and time such as `2024-03-01 09:30`",
        ),
        Type::Enum(id) => {
            let values = &vocabulary.enumeration(*id).values;
            let zh: Vec<String> = values.iter().map(|v| format!("`{}`", v.label.zh)).collect();
            let en: Vec<String> = values.iter().map(|v| format!("`{}`", v.code)).collect();
            Text::new(
                format!("{}之一", zh.join("、")),
                format!("one of {}", en.join(", ")),
            )
        }
        Type::Person => plain(
            "人员：姓名，或 `{姓名, 工号, 单位}`",
            "a person: a name, or `{name, id, employer}`",
        ),
        Type::Organisation => plain(
            "单位：名称，或 `{名称, 统一社会信用代码}`",
            "an organisation: a name, or `{name, code}`",
        ),
        Type::List(of) => {
            let of = describe(vocabulary, fact, of);
            Text::new(
                format!("列表，每项为{}", of.zh),
                format!("a list, each entry {}", of.en),
            )
        }
        Type::Rows(_) | Type::Row(_) => {
            plain("列表，每项为一组“键: 值”", "a list, each entry a map")
        }
    }
}

/// How to correct a value of a wrong type, if the text allows a guess.
pub(super) fn mend(ty: &Type, node: &Node<'_>) -> Option<Text> {
    let word = node.text().map(str::trim);
    match (ty, &node.content) {
        (Type::Rows(_), Content::Map(_)) => Some(Text::new(
            "每项前加 `- `，只有一项时也是",
            "put `- ` before every entry, even if there is only one",
        )),
        (Type::List(of), Content::Scalar { text, .. }) => {
            let list = as_list(text);
            Some(if **of == Type::Person || list.contains(',') {
                text!(
                    "请写成列表，每项一个：`{list}`",
                    "write a list, one entry each: `{list}`"
                )
            } else {
                text!("请写成列表：`{list}`", "write a list: `{list}`")
            })
        }
        (Type::List(_), Content::Map(_)) => Some(Text::new(
            "请写成列表，每项前加 `- `",
            "write a list with `- ` before every entry",
        )),
        (Type::Bool, Content::Scalar { .. }) => match word?.to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "1" | "对" | "√" => {
                Some(Text::new("请写 `是`", "write `true`"))
            }
            "no" | "n" | "off" | "0" | "错" | "×" => {
                Some(Text::new("请写 `否`", "write `false`"))
            }
            _ => None,
        },
        (Type::Int | Type::Decimal, Content::Scalar { .. }) => number(word?),
        (Type::Text, Content::Scalar { quoted: false, .. }) => Some(Text::new(
            "文本须用双引号括起",
            "a text stands in double quotes",
        )),
        (Type::List(_) | Type::Rows(_), Content::List(_)) => None,
        (_, Content::List(items)) if items.len() == 1 => Some(Text::new(
            "这一项只有一个值，不写成列表",
            "this is one value, not a list",
        )),
        _ => None,
    }
}

/// How to write a number that has a unit or separators.
fn number(word: &str) -> Option<Text> {
    let bare: String = word
        .chars()
        .map(|c| match c {
            '０'..='９' => {
                char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
            }
            '．' => '.',
            c => c,
        })
        .filter(|c| {
            !matches!(
                c,
                ',' | '，' | '元' | '¥' | '￥' | ' ' | '_' | '个' | '件' | '份'
            )
        })
        .collect();
    let fits = bare != word && rust_decimal::Decimal::from_str_exact(&bare).is_ok();
    if fits {
        return Some(text!(
            "请只写数字：`{bare}`",
            "write the number alone: `{bare}`"
        ));
    }
    let scientific = word.contains(['e', 'E'])
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    scientific.then(|| {
        Text::new(
            "请写出全部数字，不用科学记数法",
            "write all digits, without an exponent",
        )
    })
}

/// Several names in one text, written as a list.
pub(super) fn as_list(text: &str) -> String {
    let people = people(text).map(|found| found.into_iter().map(|range| &text[range]).collect());
    let parts: Vec<&str> =
        people.unwrap_or_else(|_| text.split(['、', '，', ',', '；', ';']).collect());
    let parts: Vec<&str> = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(10)
        .collect();
    format!("[{}]", cut(&parts.join(", "), 80))
}

/// What is wrong with a text that should be a date, and how to write it.
pub(super) fn date(word: &str, shown: &str, timed: bool) -> (Text, Option<Text>) {
    let no_date = || text!("`{shown}` 不是日期", "`{shown}` is not a date");
    let alike = if timed {
        "2024-01-22 09:30"
    } else {
        "2024-01-22"
    };
    match written::read(word) {
        Written::Day(day) if timed => (
            text!(
                "`{shown}` 的写法不是日期和时间",
                "`{shown}` is not written as a date and time"
            ),
            Some(text!(
                "请写成 `{day} 09:30` 的样子",
                "write it like `{day} 09:30`"
            )),
        ),
        Written::Day(day) | Written::Moment(Moment { day, .. }) => (
            text!(
                "`{shown}` 的写法不是日期",
                "`{shown}` is not written as a date"
            ),
            Some(text!("请写成 `{day}`", "write `{day}`")),
        ),
        Written::Several => (
            text!(
                "`{shown}` 写了两个日期或者一段期间",
                "`{shown}` names two days, or a period"
            ),
            Some(Text::new(
                "这一项只能是一天：请对照原件选定，多次的另记一案或者另起一行",
                "this is one day: choose it by the papers, and give another act a record or a row of its own",
            )),
        ),
        Written::NoYear(month, day) => (
            text!("`{shown}` 没有写年份", "`{shown}` has no year"),
            Some(text!(
                "请补上年份，如 `2024-{month:02}-{day:02}`，以原件为准",
                "add the year that the papers give, as in `2024-{month:02}-{day:02}`"
            )),
        ),
        Written::ShortYear(Some(day)) => (
            text!(
                "`{shown}` 的年份只有两位",
                "`{shown}` has two digits for the year"
            ),
            Some(text!(
                "年份写四位：是否指 `{day}`？",
                "write all four: did you mean `{day}`?"
            )),
        ),
        Written::YearLast => (
            text!(
                "`{shown}` 的年份写在最后，分不清月和日",
                "`{shown}` has the year last: which is the month is not clear"
            ),
            Some(text!(
                "请按年、月、日的顺序写，如 `{alike}`",
                "write year, month and day, as in `{alike}`"
            )),
        ),
        Written::OtherWeekday(day) => {
            let weekday = day.date().format("%A").to_string();
            let name = match day.weekday().num_days_from_monday() {
                0 => "一",
                1 => "二",
                2 => "三",
                3 => "四",
                4 => "五",
                5 => "六",
                _ => "日",
            };
            (
                text!(
                    "`{shown}` 的日期和星期不符",
                    "the date and the day of the week of `{shown}` disagree"
                ),
                Some(text!(
                    "{day} 是星期{name}；请对照原件更正",
                    "{day} is a {weekday}: correct it by the papers"
                )),
            )
        }
        Written::Impossible(last) => (
            text!("`{shown}` 这一天不存在", "there is no day `{shown}`"),
            last.map(|last| {
                let last = last.to_string();
                text!(
                    "该月最后一天是 {last}",
                    "the last day of that month is {last}"
                )
            }),
        ),
        Written::Remark(_) => (
            text!(
                "`{shown}` 在日期之外还有别的内容",
                "`{shown}` holds more than a date"
            ),
            Some(text!(
                "确有其事的只写日期，如 `{alike}`；尚未发生的留空，没有的写 `无`",
                "write the date alone, as in `{alike}`, if it happened; leave it blank if it has not, and write `none` if it did not"
            )),
        ),
        Written::ShortYear(None) | Written::Nothing => (
            no_date(),
            Some(text!("请写成 `{alike}` 的样子", "write it like `{alike}`")),
        ),
    }
}

/// Help for a text that was meant as "key: value".
pub(super) fn colon(text: &str) -> Option<Text> {
    let line = text.lines().next().unwrap_or_default();
    if line.contains('：') {
        return Some(Text::new(
            "键之后须用半角冒号 `:`，不用全角 `：`，冒号后留一个空格",
            "a key is followed by a half-width `:` and a space, not by the full-width `：`",
        ));
    }
    line.split_once(':')
        .filter(|(key, rest)| !key.contains(' ') && !rest.starts_with(' ') && !rest.is_empty())
        .map(|_| Text::new("冒号后须留一个空格", "the colon is followed by a space"))
}

/// The places where an unknown key of a group would be valid.
pub(super) fn elsewhere(vocabulary: &Vocabulary, group: GroupId, word: &str) -> Vec<Text> {
    if word.contains('.') && vocabulary.find(word).is_some() {
        let nested = word.replace('.', ": → ");
        return vec![text!(
            "请逐级写：`{nested}:`，下一级缩进",
            "write it level by level, indented: `{nested}:`"
        )];
    }
    let mut places: Vec<(&str, Text)> = (0..vocabulary.groups.len())
        .filter_map(|id| u16::try_from(id).ok().map(GroupId))
        .filter(|other| *other != group && !vocabulary.group(*other).is_across())
        .filter_map(|other| {
            let other = vocabulary.group(other);
            let entry = other.entry(word)?;
            let path = match entry {
                Entry::Fact(id) => &vocabulary.fact(id).path,
                Entry::Group(id) => &vocabulary.group(id).path,
            };
            let (zh, en) = if other.path.is_empty() {
                ("最上层".to_owned(), "the top".to_owned())
            } else {
                (
                    format!("`{}`（{}）", other.label.zh, other.path),
                    format!("`{}`", other.path),
                )
            };
            Some((
                path.as_str(),
                text!("`{word}` 属于{zh}", "`{word}` belongs in {en}"),
            ))
        })
        .collect();
    places.sort_by_key(|(path, _)| *path);
    // A name that many groups have does not say where this one belongs.
    if places.len() > 3 {
        return Vec::new();
    }
    places.into_iter().map(|(_, text)| text).collect()
}

/// The key most like a word: one that differs only in case or separators, or else the nearest.
pub(super) fn nearest_key<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let plain = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let wanted = plain(&cut(word, 200));
    names
        .iter()
        .copied()
        .find(|name| plain(name) == wanted)
        .or_else(|| nearest(word, names.iter().copied()))
}
