//! The words of both languages in which expressions are printed.

use crate::expr::Comparison;
use crate::lang::Text;
use crate::period::{self, Limit};
use crate::text;
use crate::value::{Type, Value};
use crate::vocabulary::Vocabulary;

/// A condition in words.
pub(super) struct Phrase {
    pub(super) text: Text,
    joint: Joint,
}

/// The outermost connective of a phrase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Plain,
    And,
    Or,
}

impl Phrase {
    /// A phrase that needs no parentheses anywhere.
    pub(super) fn plain(text: Text) -> Self {
        Phrase {
            text,
            joint: Joint::Plain,
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        self.joint == Joint::Plain
    }

    /// The phrase in parentheses.
    pub(super) fn wrapped(&self) -> Text {
        wrapped(&self.text)
    }

    /// The phrase in parentheses if it is a conjunction or disjunction.
    pub(super) fn closed(&self) -> Text {
        if self.is_plain() {
            self.text.clone()
        } else {
            self.wrapped()
        }
    }
}

/// The text in parentheses.
pub(super) fn wrapped(text: &Text) -> Text {
    say("（{0}）", "({0})", &[text])
}

/// Phrases joined by 且 (`and`) or 或.
pub(super) fn join(parts: &[Phrase], and: bool) -> Phrase {
    let joint = if and { Joint::And } else { Joint::Or };
    let (zh, en) = if and {
        ("，且", " and ")
    } else {
        ("，或", " or ")
    };
    let single = parts.len() == 1;
    let texts: Vec<Text> = parts
        .iter()
        .map(|part| {
            if single || part.joint == joint {
                part.text.clone()
            } else {
                part.closed()
            }
        })
        .collect();
    let joint = match parts.first() {
        Some(only) if single => only.joint,
        _ => joint,
    };
    Phrase {
        text: separated(&texts, zh, en),
        joint,
    }
}

/// `“甲”、“乙”`.
pub(super) fn listed(items: &[Text]) -> Text {
    separated(items, "、", ", ")
}

fn separated(items: &[Text], zh: &str, en: &str) -> Text {
    let with =
        |pick: fn(&Text) -> &str, by: &str| items.iter().map(pick).collect::<Vec<_>>().join(by);
    Text::new(with(|t| &t.zh, zh), with(|t| &t.en, en))
}

/// Fills the placeholders `{0}`, `{1}` … of two patterns. Placeholders in the arguments are left alone.
pub(super) fn say(zh: &str, en: &str, arguments: &[&Text]) -> Text {
    Text::new(
        fill(zh, arguments, |text| &text.zh),
        fill(en, arguments, |text| &text.en),
    )
}

fn fill<'t>(pattern: &str, arguments: &[&'t Text], pick: impl Fn(&'t Text) -> &'t str) -> String {
    let mut filled = String::new();
    let mut pieces = pattern.split('{');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (place, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let argument = place.parse().ok().and_then(|n: usize| arguments.get(n));
        filled.push_str(argument.map_or("", |text| pick(text)));
        filled.push_str(rest);
    }
    filled
}

/// A constant: names and texts in quotation marks, numbers and dates without.
pub(super) fn quoted(vocabulary: &Vocabulary, ty: &Type, value: &Value) -> Text {
    if let (Value::List(items), Type::List(of)) = (value, ty) {
        let items: Vec<Text> = items
            .iter()
            .map(|item| quoted(vocabulary, of, item))
            .collect();
        return listed(&items);
    }
    let shown = vocabulary.show(ty, value);
    match value {
        Value::Int(_) | Value::Decimal(_) | Value::Day(_) | Value::Moment(_) => shown,
        _ => say("“{0}”", "“{0}”", &[&shown]),
    }
}

/// A fact that is yes or no: `已出示通知书`, `未出示通知书`; or, if its label is not a statement, `是否复检为“是”`.
///
/// `name` is the label, possibly after the names of groups.
pub(super) fn statement(name: &Text, label: &str, holds: bool) -> Text {
    let en = if holds {
        "{0} is “yes”"
    } else {
        "{0} is not “yes”"
    };
    let stated = label
        .split_once('已')
        .filter(|(before, _)| !label.starts_with("是否") && !before.ends_with(['均', '都', '皆']));
    let Some((before, after)) = stated else {
        let zh = if holds {
            "{0}为“是”"
        } else {
            "{0}不为“是”"
        };
        return say(zh, en, &[name]);
    };
    if holds {
        return say("{0}", en, &[name]);
    }
    let groups = name.zh.strip_suffix(label).unwrap_or_default();
    let mut text = say("{0}", en, &[name]);
    text.zh = format!("{groups}{before}未{after}");
    text
}

/// The pattern of a comparison between `{0}` and `{1}`.
///
/// `constant`: the right side is one; `counted`: the left side says what is counted and the right side how many.
pub(super) fn comparison(
    op: Comparison,
    ty: &Type,
    constant: bool,
    counted: bool,
) -> (&'static str, &'static str) {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    match (ty, op) {
        (Type::Date | Type::DateTime, Lt) => ("{0}早于{1}", "{0} is before {1}"),
        (Type::Date | Type::DateTime, Le) => ("{0}不晚于{1}", "{0} is not after {1}"),
        (Type::Date | Type::DateTime, Gt) => ("{0}晚于{1}", "{0} is after {1}"),
        (Type::Date | Type::DateTime, Ge) => ("{0}不早于{1}", "{0} is not before {1}"),
        (Type::Decimal, Lt) => ("{0}低于{1}", "{0} is less than {1}"),
        (Type::Decimal, Le) => ("{0}不高于{1}", "{0} is at most {1}"),
        (Type::Decimal, Gt) => ("{0}高于{1}", "{0} is more than {1}"),
        (Type::Decimal, Ge) => ("{0}不低于{1}", "{0} is at least {1}"),
        (_, Lt) => ("{0}少于{1}", "{0} is less than {1}"),
        (_, Le) => ("{0}不多于{1}", "{0} is at most {1}"),
        (_, Gt) => ("{0}多于{1}", "{0} is more than {1}"),
        (_, Ge) => ("{0}不少于{1}", "{0} is at least {1}"),
        (Type::Int, Eq) if counted => ("{0}为{1}", "{0} is {1}"),
        (Type::Int, Ne) if counted => ("{0}不为{1}", "{0} is not {1}"),
        (Type::Int | Type::Decimal, Eq) => ("{0}等于{1}", "{0} equals {1}"),
        (Type::Int | Type::Decimal, Ne) => ("{0}不等于{1}", "{0} does not equal {1}"),
        (_, Eq) if constant => ("{0}为{1}", "{0} is {1}"),
        (_, Ne) if constant => ("{0}不为{1}", "{0} is not {1}"),
        (Type::Date | Type::DateTime, Eq) => ("{0}与{1}为同一日", "{0} is the same day as {1}"),
        (Type::Date | Type::DateTime, Ne) => {
            ("{0}与{1}不为同一日", "{0} is not the same day as {1}")
        }
        (_, Eq) => ("{0}与{1}相同", "{0} is the same as {1}"),
        (_, Ne) => ("{0}与{1}不同", "{0} is not the same as {1}"),
    }
}

/// The length of a limit: `15日`, `3个工作日`.
pub(super) fn time(limit: Limit) -> Text {
    match limit {
        Limit::Days(1) => Text::new("1日", "1 day"),
        Limit::Days(n) => text!("{n}日", "{n} days"),
        Limit::Workdays(1) => Text::new("1个工作日", "1 working day"),
        Limit::Workdays(n) => text!("{n}个工作日", "{n} working days"),
        Limit::Months(n) => period::months(n),
        // Conditions have no other limits.
        other => period::rule(other),
    }
}
