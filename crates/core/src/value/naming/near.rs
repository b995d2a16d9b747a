//! Names so similar that one may be a slip of the pen for the other.

use pinyin::ToPinyin;

use super::{is_han, normal};

/// Characters often confused because they look alike.
const LOOK_ALIKES: [&str; 14] = [
    "己已巳",
    "未末",
    "土士",
    "戊戌戍",
    "日曰",
    "人入",
    "天夭",
    "于干千",
    "冶治",
    "晴睛",
    "钧钓",
    "佳住",
    "母毋",
    "午牛",
];

/// The longest name, in characters, that is compared.
const LONGEST: usize = 60;

/// Whether two names differ but may still be the same: one character sounds or looks like the other, a dot is left out,
/// the places above a bureau's own are missing, or a company's form is shortened.
#[must_use]
pub fn nearly_same(one: &str, other: &str) -> bool {
    let (one, other) = (normal(one), normal(other));
    if one == other {
        return false;
    }
    let short = |name: &str| name.chars().count() <= LONGEST;
    short(&one)
        && short(&other)
        && (one_character_apart(&one, &other)
            || bare(&one) == bare(&other)
            || is_place_apart(&one, &other))
}

/// A key for finding similar names among many: two names that are nearly the same almost always have the same key, and
/// few others share it.
#[must_use]
pub fn near_key(name: &str) -> String {
    let name = bare(&normal(name));
    let (_, rest) = places(&name);
    let mut key = String::with_capacity(rest.len() * 2);
    for c in rest.chars().map(look) {
        match c.to_pinyin() {
            Some(sound) => key.push_str(sound.plain()),
            None => key.push(c),
        }
        key.push(' ');
    }
    key
}

/// Whether the names have one length and differ in one character that sounds or looks alike.
fn one_character_apart(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len() != b.len() || a.len() < 2 {
        return false;
    }
    let mut apart = a.iter().zip(&b).filter(|(a, b)| a != b);
    match (apart.next(), apart.next()) {
        (Some((a, b)), None) => is_han(*a) && is_han(*b) && alike(*a, *b),
        _ => false,
    }
}

fn alike(a: char, b: char) -> bool {
    let sound = |c: char| c.to_pinyin().map(|sound| sound.plain());
    look(a) == look(b) || sound(a).is_some() && sound(a) == sound(b)
}

/// The representative of the look-alikes of a character.
fn look(c: char) -> char {
    let group = LOOK_ALIKES.iter().find(|group| group.contains(c));
    group.and_then(|group| group.chars().next()).unwrap_or(c)
}

/// A name with what is often left out removed, and variants unified.
fn bare(name: &str) -> String {
    name.replace('·', "")
        .replace("有限责任公司", "有限公司")
        .replace("市场监督管理", "市场监管")
        .replace("市监局", "市场监管局")
}

/// Whether the names differ only in the places above the organisation's own: 榆次区市场监督管理局 and 晋中市榆次区市场监督管理局. The bureau
/// of a city differs from that of a district in it.
fn is_place_apart(one: &str, other: &str) -> bool {
    let (one, other) = (bare(one), bare(other));
    let ((above, rest), (others, others_rest)) = (places(&one), places(&other));
    if rest != others_rest || rest.chars().count() < 3 {
        return false;
    }
    let (fewer, more) = if above.len() <= others.len() {
        (above, others)
    } else {
        (others, above)
    };
    if !fewer.is_empty() && fewer.last() != more.last() {
        return false;
    }
    let mut more = more.iter();
    fewer.iter().all(|place| more.any(|other| other == place))
}

/// The places at the beginning of a name, and the rest.
fn places(name: &str) -> (Vec<&str>, &str) {
    let mut found = Vec::new();
    let mut rest = name;
    while let Some(length) = place(rest) {
        let (place, after) = rest.split_at(length);
        found.push(place);
        rest = after;
    }
    (found, rest)
}

/// The length of the place at the beginning of a name; `None` if there is none, or the name is a place itself.
fn place(name: &str) -> Option<usize> {
    const LEVELS: [char; 8] = ['省', '市', '区', '县', '旗', '州', '盟', '乡'];
    let at = name
        .char_indices()
        .enumerate()
        .find(|(n, (_, c))| *n >= 1 && LEVELS.contains(c))
        .filter(|(n, _)| *n <= 8)
        .map(|(_, (at, c))| at + c.len_utf8())?;
    // 自治区, 自治县: the word before belongs to the place.
    (at < name.len() && !name[at..].starts_with("级")).then_some(at)
}
