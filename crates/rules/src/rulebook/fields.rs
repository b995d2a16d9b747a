//! Reads the map of a declaration key by key, and reports each error at the place of its key.

use std::sync::Arc;

use rhai::{Array, Dynamic, ImmutableString, Map};

use super::host::{Call, Host, clip};
use super::scan;
use super::terms::{Cited, DayLiteral, Registered, Term, show};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::expr::Expr;
use choucha_core::lang::Text;
use choucha_core::obligation::{Citation, Id, Link};
use choucha_core::source::Span;
use choucha_core::text;
use choucha_core::value::{Day, Type};

/// The map of one declaration.
pub(super) struct Fields<'a> {
    pub(super) host: &'a Host,
    pub(super) call: &'a Call,
    /// The kind of declaration: `obligation`.
    what: &'static str,
    map: Map,
    /// Whether anything in it is broken or has been reported.
    broken: bool,
}

impl<'a> Fields<'a> {
    /// The fields of a declaration; reports keys not in `known`.
    pub(super) fn new(
        host: &'a Host,
        call: &'a Call,
        what: &'static str,
        map: Map,
        known: &[&str],
    ) -> Self {
        let mut fields = Fields {
            host,
            call,
            what,
            map,
            broken: false,
        };
        let unknown: Vec<String> = fields
            .map
            .keys()
            .filter(|key| !known.contains(&key.as_str()))
            .map(ToString::to_string)
            .collect();
        for key in unknown {
            let shown = clip(&key);
            let message = text!(
                "{what} 没有 `{shown}` 这一项",
                "`{what}` has no key `{shown}`"
            );
            let help = match nearest(&key, known.iter().copied()) {
                Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                None => {
                    let all = known.join(", ");
                    text!("可用的项：{all}", "its keys: {all}")
                }
            };
            let diagnostic = fields
                .at_key(&key, Code::RulesUnknownKey, message)
                .help(help);
            fields.report(diagnostic);
        }
        fields
    }

    /// Whether the declaration contains a mistake and must be dropped.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Records that a given value is broken.
    pub(super) fn mark_broken(&mut self) {
        self.broken = true;
    }

    /// Records that a map inside it is broken, if it is.
    pub(super) fn mark_broken_if(&mut self, broken: bool) {
        self.broken |= broken;
    }

    /// Reports an error in the declaration.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.host.report(diagnostic);
    }

    /// Whether the key is given; `()` counts as absent.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_unit())
    }

    /// Removes the value of a key; `()` counts as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<Dynamic> {
        self.map
            .remove(key)
            .filter(|value| !value.is_unit())
            .map(Dynamic::flatten)
    }

    /// The place of a key: in the map of this call, or of a call that led to it.
    fn entry(&self, key: &str) -> Option<scan::Entry> {
        self.call.frames.iter().rev().find_map(|frame| {
            let read = self.host.call_text(frame);
            read.1.entry(&read.0, key)
        })
    }

    /// The declaration's call, pointing at a key.
    pub(super) fn call_at(&self, key: &str) -> Call {
        match self.entry(key) {
            Some(entry) => self.call.pointing_at(entry.key),
            None => self.call.clone(),
        }
    }

    /// A diagnostic at a key, or at the call if the key cannot be located.
    pub(super) fn at_key(&self, key: &str, code: Code, message: Text) -> Diagnostic {
        match self.entry(key) {
            Some(entry) => self.call.diagnostic_at(code, message, entry.key),
            None => self.call.diagnostic(code, message),
        }
    }

    /// Reports that the value of a key is not of the required kind.
    pub(super) fn wrong(&mut self, key: &str, value: &Dynamic, wanted: &Text) {
        // A broken value has already been reported.
        let shown = show(value);
        let (zh, en, wanted_zh, wanted_en) = (&shown.zh, &shown.en, &wanted.zh, &wanted.en);
        let message = text!(
            "`{key}` 应为{wanted_zh}，而这是{zh}",
            "`{key}` must be {wanted_en}, not {en}"
        );
        let diagnostic = self.at_key(key, Code::RulesWrongValue, message);
        self.report(diagnostic);
    }

    /// Reports a missing key.
    fn missing(&mut self, key: &str) {
        let what = self.what;
        let message = text!("{what} 缺少 `{key}`", "the {what} lacks `{key}`");
        let diagnostic = self.call.diagnostic(Code::RulesMissingKey, message);
        self.report(diagnostic);
    }

    /// The text of a key; `None` if it is missing, or is not a text, which is reported.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        let text = value
            .read_lock::<ImmutableString>()
            .map(|text| text.trim().to_owned());
        match text {
            Some(text) if !text.is_empty() => Some(text),
            _ => {
                self.wrong(
                    key,
                    &value,
                    &Text::new("非空文本", "a text that is not empty"),
                );
                None
            }
        }
    }

    /// The text of a required key; reports it if missing.
    pub(super) fn text(&mut self, key: &str) -> String {
        if self.has(key) {
            return self.optional_text(key).unwrap_or_default();
        }
        self.missing(key);
        String::new()
    }

    /// The title in both languages.
    pub(super) fn title(&mut self) -> Text {
        Text::new(self.text("title"), self.text("title_en"))
    }

    /// `true` or `false`; `false` if missing.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.take(key) else {
            return false;
        };
        value.as_bool().unwrap_or_else(|_| {
            self.wrong(key, &value, &Text::same("true / false"));
            false
        })
    }

    /// The day of a key, if given.
    pub(super) fn day(&mut self, key: &str) -> Option<Day> {
        let value = self.take(key)?;
        let day = value
            .read_lock::<DayLiteral>()
            .map(|day| day.get().copied());
        match day {
            Some(Some(day)) => Some(day),
            Some(None) => {
                self.broken = true;
                None
            }
            None => {
                self.wrong(
                    key,
                    &value,
                    &Text::new("日期 date(\"2024-01-05\")", "a date: date(\"2024-01-05\")"),
                );
                None
            }
        }
    }

    /// The condition of a key, if given.
    pub(super) fn condition(&mut self, key: &str) -> Option<Expr> {
        let value = self.take(key)?;
        let condition = self.host.closed_condition(&self.call_at(key), &value);
        self.broken |= condition.is_none();
        condition
    }

    /// Ids of other nodes, each with its place: from a list of texts, or one text.
    pub(super) fn links(&mut self, key: &str) -> Vec<Link> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let entry = self.entry(key);
        let items = value
            .clone()
            .try_cast::<Array>()
            .unwrap_or_else(|| vec![value]);
        let mut links: Vec<Link> = Vec::new();
        for item in items {
            let Some(id) = item.read_lock::<ImmutableString>().map(|id| id.to_string()) else {
                self.wrong(key, &item, &Text::new("编号的列表", "a list of ids"));
                continue;
            };
            let at = self.place(entry.as_ref(), &id);
            if links.iter().any(|link| link.id.0 == id) {
                let shown = clip(&id);
                let message = text!(
                    "`{key}` 中 `{shown}` 写了两次",
                    "`{key}` names `{shown}` twice"
                );
                let diagnostic = self.call.diagnostic_at(Code::RulesWrongValue, message, at);
                self.report(diagnostic);
                continue;
            }
            links.push(Link { id: Id(id), at });
        }
        links
    }

    /// The id of another node, if given.
    pub(super) fn link(&mut self, key: &str) -> Option<Link> {
        let value = self.take(key)?;
        let entry = self.entry(key);
        let Some(id) = value
            .read_lock::<ImmutableString>()
            .map(|id| id.to_string())
        else {
            self.wrong(key, &value, &Text::new("一个编号", "an id"));
            return None;
        };
        let at = self.place(entry.as_ref(), &id);
        Some(Link { id: Id(id), at })
    }

    /// The place of a text: in the value of its key, else among the arguments of a call that led here, else the key.
    fn place(&self, entry: Option<&scan::Entry>, text: &str) -> Span {
        let in_value = entry.and_then(|entry| {
            self.call.frames.iter().rev().find_map(|frame| {
                let read = self.host.call_text(frame);
                let same = Arc::ptr_eq(&read.0, &entry.key.source);
                same.then(|| read.1.quoted(&read.0, &entry.value, text))
                    .flatten()
            })
        });
        let in_call = || {
            self.call.frames.iter().rev().find_map(|frame| {
                let read = self.host.call_text(frame);
                read.1.quoted(&read.0, &read.1.range, text)
            })
        };
        in_value
            .or_else(in_call)
            .or_else(|| entry.map(|entry| entry.key.clone()))
            .unwrap_or_else(|| self.call.at().clone())
    }

    /// The citations; reports if there is none.
    pub(super) fn citations(&mut self) -> Vec<Citation> {
        let mut citations = Vec::new();
        let items = match self.take("cite") {
            None => Vec::new(),
            Some(value) => value
                .clone()
                .try_cast::<Array>()
                .unwrap_or_else(|| vec![value]),
        };
        if items.is_empty() {
            let what = self.what;
            let message = text!("{what} 没有引用任何条款", "the {what} cites nothing");
            let why = Text::new(
                "每项义务至少引用一句原文，审查结果才能说明依据",
                "every duty cites at least one sentence to the letter, so that a finding can say what it rests on",
            );
            let help = Text::new(
                "写作 cite: notice.at(\"二、（一）\", \"…\")",
                "write cite: notice.at(\"二、（一）\", \"…\")",
            );
            let diagnostic = self
                .at_key("cite", Code::RulesNoCitation, message)
                .why(why)
                .help(help);
            self.report(diagnostic);
        }
        for item in items {
            if let Some(cited) = item.read_lock::<Cited>() {
                match cited.get() {
                    Some(citation) if !citations.contains(citation) => {
                        citations.push(citation.clone());
                    }
                    Some(_) => {}
                    None => self.broken = true,
                }
                continue;
            }
            if item.is::<Registered>() {
                let message = Text::new(
                    "`cite` 引用了整个文件而不是其中一句",
                    "`cite` names a whole instrument, not a sentence of it",
                );
                let help = Text::new(
                    "写作 notice.at(\"二、（一）\", \"…\")",
                    "write notice.at(\"二、（一）\", \"…\")",
                );
                let diagnostic = self
                    .at_key("cite", Code::RulesNoCitation, message)
                    .help(help);
                self.report(diagnostic);
                continue;
            }
            self.wrong(
                "cite",
                &item,
                &Text::new("引用 notice.at(…)", "a citation: notice.at(…)"),
            );
        }
        citations
    }

    /// The expressions of a key that name persons or organisations.
    pub(super) fn parties(&mut self, key: &str) -> Vec<Expr> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let items = value
            .clone()
            .try_cast::<Array>()
            .unwrap_or_else(|| vec![value]);
        let mut parties = Vec::new();
        for item in items {
            let Some(term) = item.read_lock::<Term>().map(|term| term.clone()) else {
                self.wrong(
                    key,
                    &item,
                    &Text::new(
                        "指明人员或者单位的事实",
                        "facts that name persons or organisations",
                    ),
                );
                continue;
            };
            let Some(expr) = term.get() else {
                self.broken = true;
                continue;
            };
            let of = match expr.ty() {
                Type::List(of) => of.as_ref(),
                ty => ty,
            };
            if !matches!(of, Type::Person | Type::Organisation) {
                let message = text!(
                    "`{key}` 中的事实不指明人员或者单位",
                    "a fact in `{key}` names no person or organisation"
                );
                let at = expr.at().unwrap_or(self.call.at()).clone();
                let diagnostic = self.call.diagnostic_at(Code::RulesWrongValue, message, at);
                self.report(diagnostic);
            } else if self.host.is_closed(self.call, expr) {
                parties.push(expr.clone());
            } else {
                self.broken = true;
            }
        }
        parties
    }

    /// The items of a list of host values, if given.
    pub(super) fn list<T: Clone + 'static>(&mut self, key: &str, wanted: &Text) -> Vec<T> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let items = value
            .clone()
            .try_cast::<Array>()
            .unwrap_or_else(|| vec![value]);
        let mut list = Vec::new();
        for item in items {
            match item.read_lock::<T>().map(|item| item.clone()) {
                Some(item) => list.push(item),
                None => self.wrong(key, &item, wanted),
            }
        }
        list
    }

    /// The instrument of a required key.
    pub(super) fn instrument(&mut self, key: &str) -> Option<String> {
        let Some(value) = self.take(key) else {
            self.missing(key);
            return None;
        };
        let Some(registered) = value
            .read_lock::<Registered>()
            .map(|registered| registered.clone())
        else {
            self.wrong(
                key,
                &value,
                &Text::new(
                    "instrument(\"…\") 给出的规范文件",
                    "an instrument: instrument(\"…\")",
                ),
            );
            return None;
        };
        self.broken |= registered.is_broken();
        registered.get().map(|instrument| instrument.number.clone())
    }
}
