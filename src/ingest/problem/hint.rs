//! What a message about a problem says besides the problem: what was found, what is expected, how to mend it.

use std::fmt::Write as _;

use crate::diagnostic::nearest;
use crate::lang::Text;
use crate::record::outline::{Content, Node};
use crate::text;
use crate::value::{Day, Type};
use crate::vocabulary::{Entry, Fact, GroupId, Vocabulary};

/// A text cut to so many characters.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// What stands where something else should.
pub(super) fn found(node: &Node<'_>) -> Text {
    match &node.content {
        Content::Map(_) => Text::new("一组“键: 值”", "a map"),
        Content::List(_) => Text::new("一个列表", "a list"),
        Content::Scalar { text, .. } => Text::same(format!("`{}`", cut(text.trim(), super::SHOWN))),
    }
}

/// What values a fact takes.
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

/// How to mend a value of a wrong type, where that can be told from what is written.
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

/// How to write a number that is written with what does not belong to it.
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

/// Names that stand in one text, as a list.
pub(super) fn as_list(text: &str) -> String {
    let parts: Vec<&str> = text
        .split(['、', '，', ',', '；', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(10)
        .collect();
    format!("[{}]", cut(&parts.join(", "), 80))
}

/// What is wrong with a text that should be a date, and how it should be written.
pub(super) fn date(word: &str, shown: &str, timed: bool) -> (Text, Option<Text>) {
    let numbers: Vec<&str> = word
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let parts: Option<(i32, u32, u32)> = match numbers.as_slice() {
        [ymd] if ymd.len() == 8 => ymd
            .get(..4)
            .zip(ymd.get(4..6))
            .zip(ymd.get(6..))
            .and_then(|((y, m), d)| Some((y.parse().ok()?, m.parse().ok()?, d.parse().ok()?))),
        [y, m, d, ..] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => y
            .parse()
            .ok()
            .zip(m.parse().ok())
            .zip(d.parse().ok())
            .map(|((y, m), d)| (y, m, d)),
        _ => None,
    };
    match parts {
        Some((year, month, day)) => match Day::from_ymd(year, month, day) {
            Some(day) if timed => (
                text!(
                    "`{shown}` 的写法不是日期和时间",
                    "`{shown}` is not written as a date and time"
                ),
                Some(text!(
                    "请写成 `{day} 09:30` 的样子",
                    "write it like `{day} 09:30`"
                )),
            ),
            Some(day) => (
                text!(
                    "`{shown}` 的写法不是日期",
                    "`{shown}` is not written as a date"
                ),
                Some(text!("请写成 `{day}`", "write `{day}`")),
            ),
            None => (
                text!("`{shown}` 这一天不存在", "there is no day `{shown}`"),
                last_day(year, month).map(|last| {
                    let last = last.to_string();
                    text!(
                        "该月最后一天是 {last}",
                        "the last day of that month is {last}"
                    )
                }),
            ),
        },
        None => (text!("`{shown}` 不是日期", "`{shown}` is not a date"), None),
    }
}

fn last_day(year: i32, month: u32) -> Option<Day> {
    (28..=31)
        .rev()
        .find_map(|day| Day::from_ymd(year, month, day))
}

/// The help for a text that was meant to be "key: value".
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

/// Where else a key that a group does not have would be right.
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
        .filter(|other| *other != group)
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
    // A name that many groups have says nothing about where this one belongs.
    if places.len() > 3 {
        return Vec::new();
    }
    places.into_iter().map(|(_, text)| text).collect()
}

/// The key most like a word: one that differs only in case or in separators, or else the nearest.
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
