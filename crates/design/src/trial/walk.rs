//! Walks the nodes of a `tests.yaml` and reports errors at their places.

use std::ops::Range;
use std::sync::Arc;

use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::source::{Source, Span};
use choucha_core::text;
use choucha_core::value::Day;

/// The most characters of a value that a message repeats.
const SHOWN: usize = 60;

/// An entry of a map: its key as text, the node of the key, the value.
pub(super) type Entry<'n, 's> = (&'n str, &'n Node<'s>, &'n Node<'s>);

/// Walks one file and collects its errors.
pub(super) struct Walker<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Walker<'_> {
    /// The first line of a range, for pointing at it.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        span(self.source, range)
    }

    pub(super) fn report(&mut self, code: Code, node: &Node<'_>, message: Text) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(code, message).at(self.span(&node.range));
        self.problems.push(diagnostic);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The entries of a map with distinct text keys; reports anything else.
    pub(super) fn entries<'n, 's>(
        &mut self,
        node: &'n Node<'s>,
        what: &Text,
    ) -> Vec<Entry<'n, 's>> {
        let Content::Map(entries) = &node.content else {
            let (zh, en) = (&what.zh, &what.en);
            let message = text!("{zh}须写成“键: 值”", "{en} is a map of keys and values");
            self.report(Code::TestsInvalid, node, message);
            return Vec::new();
        };
        let mut known: Vec<Entry<'n, 's>> = Vec::with_capacity(entries.len());
        let mut names = std::collections::HashMap::with_capacity(entries.len());
        for (key, value) in entries {
            let Some(name) = key.text().map(str::trim).filter(|name| !name.is_empty()) else {
                let message = Text::new("键须为文本", "a key is a text");
                self.report(Code::TestsInvalid, key, message);
                continue;
            };
            if let Some(first) = names.insert(name, key) {
                self.duplicate(name, key, first);
                continue;
            }
            known.push((name, key, value));
        }
        known
    }

    /// The entries of a map that may have only these keys.
    pub(super) fn fields<'n, 's>(
        &mut self,
        node: &'n Node<'s>,
        what: &Text,
        allowed: &[&str],
    ) -> Vec<Entry<'n, 's>> {
        let mut entries = self.entries(node, what);
        entries.retain(|(name, key, _)| {
            let is_known = allowed.contains(name);
            if !is_known {
                self.unknown_field(name, key, what, allowed);
            }
            is_known
        });
        entries
    }

    fn unknown_field(&mut self, name: &str, key: &Node<'_>, what: &Text, allowed: &[&str]) {
        let (name, zh, en) = (cut(name), &what.zh, &what.en);
        let message = text!("{zh}没有 `{name}` 这一项", "{en} has no `{name}`");
        let help = suggestion(&name, allowed.iter().copied()).unwrap_or_else(|| {
            let all = allowed.join(", ");
            text!("可用的键：{all}", "the keys allowed: {all}")
        });
        self.report(Code::TestsUnknownName, key, message)
            .help
            .push(help);
    }

    pub(super) fn duplicate(&mut self, name: &str, again: &Node<'_>, first: &Node<'_>) {
        let name = cut(name);
        let message = text!("`{name}` 重复", "`{name}` is given twice");
        let diagnostic = Diagnostic::new(Code::TestsDuplicate, message)
            .label(self.span(&again.range), Text::new("又一次", "again"))
            .label(
                self.span(&first.range),
                Text::new("首次在此", "first given here"),
            );
        self.problems.push(diagnostic);
    }

    /// The items of a list; empty for anything else, which is reported.
    pub(super) fn items<'n, 's>(&mut self, node: &'n Node<'s>, what: &Text) -> &'n [Node<'s>] {
        if let Content::List(items) = &node.content {
            return items;
        }
        let (zh, en) = (&what.zh, &what.en);
        let message = text!("{zh}须写成列表", "{en} is a list");
        self.report(Code::TestsInvalid, node, message);
        &[]
    }

    /// The text of a non-blank scalar.
    pub(super) fn word<'n>(&mut self, node: &'n Node<'_>, what: &Text) -> Option<&'n str> {
        let word = node.text().map(str::trim).filter(|word| !word.is_empty());
        if word.is_none() {
            let (zh, en) = (&what.zh, &what.en);
            let message = text!("{zh}须为文本", "{en} is a text");
            self.report(Code::TestsInvalid, node, message);
        }
        word
    }

    /// A day.
    pub(super) fn day(&mut self, node: &Node<'_>, what: &Text) -> Option<Day> {
        let day = node.text().map(str::trim).and_then(Day::parse);
        if day.is_none() {
            let (zh, en) = (&what.zh, &what.en);
            let message = text!(
                "{zh}须为日期，如 2024-05-30",
                "{en} is a day, as 2024-05-30"
            );
            self.report(Code::TestsInvalid, node, message);
        }
        day
    }
}

/// The first line of a range, for pointing at it.
pub(super) fn span(source: &Arc<Source>, range: &Range<usize>) -> Span {
    let line = source
        .text()
        .get(range.clone())
        .and_then(|text| text.lines().next())
        .map_or(0, |line| line.trim_end().len());
    Span::new(source, range.start..range.start + line)
}

/// A suggestion of the nearest name.
pub(super) fn suggestion<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<Text> {
    nearest(name, names).map(|near| text!("是否应为 `{near}`？", "did you mean `{near}`?"))
}

/// A word, cut for a message.
pub(super) fn cut(word: &str) -> String {
    let mut shown: String = word.chars().take(SHOWN).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    shown
}
