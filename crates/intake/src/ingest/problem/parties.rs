//! Problems with the people and organisations a text names.

use super::{SHOWN, Writer, hint};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::value::naming::{Doubt, people};
use choucha_core::vocabulary::{Fact, FactId, PARTY_KEYS, PartyField};

/// The text that names somebody: the value itself, or its name.
fn name<'n>(node: &'n Node<'_>) -> &'n str {
    let name = match &node.content {
        Content::Map(entries) => entries.iter().find_map(|(key, value)| {
            let key = key.text()?.trim();
            let is_name =
                |(known, field): &(&str, PartyField)| *known == key && *field == PartyField::Name;
            PARTY_KEYS.iter().any(is_name).then(|| value.text())?
        }),
        _ => node.text(),
    };
    name.unwrap_or_default().trim()
}

/// Whether a fact names persons rather than organisations.
fn of_people(fact: &Fact) -> bool {
    match &fact.ty {
        Type::List(of) => **of == Type::Person,
        ty => *ty == Type::Person,
    }
}

/// Several are named instead of one.
pub(super) fn several(of: &Writer<'_>, fact: &Fact, node: &Node<'_>) -> Diagnostic {
    let word = name(node);
    let shown = hint::cut(word, SHOWN);
    let (zh, en) = match of_people(fact) {
        true => ("几个人的姓名", "several persons"),
        false => ("几个单位的名称", "several organisations"),
    };
    let diagnostic = of.about_value(
        Code::RecordWrongType,
        fact,
        node,
        text!("`{shown}` 是{zh}", "`{shown}` names {en}"),
    );
    match &fact.ty {
        Type::List(_) => {
            let list = hint::as_list(word);
            diagnostic.help(text!(
                "逐个写一项：`{list}`",
                "write one entry each: `{list}`"
            ))
        }
        _ => diagnostic.help(Text::new(
            "这一项只写一个，请对照原件选定",
            "this names one: choose it by the papers",
        )),
    }
}

/// A text leaves open whom it names.
pub(super) fn unclear(of: &Writer<'_>, fact: &Fact, node: &Node<'_>) -> Diagnostic {
    let word = name(node);
    let shown = hint::cut(word, SHOWN);
    let (message, help) = match people(word) {
        Err(Doubt::AndOthers) => (
            text!(
                "`{shown}` 没有写全有哪些人",
                "`{shown}` does not name them all"
            ),
            Text::new(
                "请写出每个人的姓名，用顿号分开",
                "name every one of them, separated by commas",
            ),
        ),
        Err(Doubt::Together) => (
            text!(
                "`{shown}` 像是几个人的姓名连在一起",
                "`{shown}` seems to be several names run together"
            ),
            Text::new(
                "几个人的，姓名之间用顿号分开；确是一人的，写成 `{姓名: …, 工号: …}` 或者加一列工号",
                "separate several names by commas; if it is one person, say so by a staff number",
            ),
        ),
        Err(Doubt::NoName) => (
            text!("`{shown}` 不是姓名", "`{shown}` is no name"),
            Text::new(
                "请写姓名；不知道的留空，没有的写 `无`",
                "write the name; leave it blank if it is not known, and write `none` if there was nobody",
            ),
        ),
        Err(Doubt::Spaced) | Ok(_) => (
            text!(
                "`{shown}` 分不清是一人还是几人",
                "`{shown}` may be one person or several"
            ),
            Text::new(
                "几个人的，姓名之间用顿号分开；一人的，姓名中间不留空格",
                "separate several names by commas; leave no blank inside the name of one",
            ),
        ),
    };
    let (zh, en) = (&fact.label.zh, &fact.label.en);
    Diagnostic::new(Code::RecordUnclearName, message)
        .at(of.span(of.shown_range(node)))
        .why(text!(
            "`{zh}` 有谁、有几人没有写清，这一项按未知处理",
            "whom `{en}` names, and how many, is not clear: the fact counts as unknown"
        ))
        .help(help)
}

/// A key that no person or organisation has.
pub(super) fn unknown_key(of: &Writer<'_>, fact: FactId, key: &Node<'_>) -> Diagnostic {
    let Some(word) = key.text() else {
        return of.odd_key(key);
    };
    let word = word.trim();
    let shown = hint::cut(word, SHOWN);
    let title = &of.vocabulary.fact(fact).title;
    let (zh, en) = (&title.zh, &title.en);
    let diagnostic = Diagnostic::new(
        Code::RecordUnknownKey,
        text!("`{zh}` 里没有 `{shown}` 这一项", "`{en}` has no `{shown}`"),
    )
    .at(of.span(of.shown_range(key)));
    match hint::nearest_key(word, &PARTY_KEYS.map(|(name, _)| name)) {
        Some(near) => diagnostic.help(text!("是否指 `{near}`？", "did you mean `{near}`?")),
        None => diagnostic.help(Text::new(
            "人员、单位可写 `姓名`（`名称`）、`工号`（`证件号`、`统一社会信用代码`）、`单位`",
            "a person or organisation has `name`, `id` and `employer`",
        )),
    }
}

/// No name is given.
pub(super) fn nameless(of: &Writer<'_>, fact: FactId, node: &Node<'_>) -> Diagnostic {
    let fact = of.vocabulary.fact(fact);
    let (zh, en) = (&fact.label.zh, &fact.label.en);
    of.about_value(
        Code::RecordWrongType,
        fact,
        node,
        text!("`{zh}` 没有姓名或名称", "`{en}` has no name"),
    )
    .help(Text::new("请填写 `姓名` 或 `名称`", "fill in `name`"))
}

/// Where to write a number or employer whose key is no fact: 统一社会信用代码.
pub(super) fn key_of_somebody(word: &str) -> Option<Text> {
    let (key, field) = PARTY_KEYS.iter().find(|(key, _)| *key == word)?;
    let name = if key.is_ascii() { "name" } else { "名称" };
    match field {
        PartyField::Name => None,
        PartyField::Id | PartyField::Employer => Some(text!(
            "`{key}` 写在所属的单位、人员里：`{{{name}: …, {key}: …}}`",
            "`{key}` is written with the organisation or person it belongs to: `{{{name}: …, {key}: …}}`"
        )),
    }
}
