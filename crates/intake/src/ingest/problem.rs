//! Problems as diagnostics: what is wrong in the user's words, the place, the vocabulary's entry, the correction.

mod hint;
mod parties;

use std::sync::Arc;

use super::decode::{MAX_PROBLEMS, Problem, ProblemKind};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::source::{Source, Span};
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::vocabulary::{Entry, Fact, GroupId, PARTY_KEYS, Vocabulary};

/// How many characters of a value a message repeats.
const SHOWN: usize = 60;

/// How many keys a message lists.
const MAX_LISTED: usize = 12;

/// Writes the diagnostics of one text.
pub(super) struct Writer<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) root: &'a Node<'a>,
}

impl Writer<'_> {
    /// Reports a text whose top is not a map.
    pub(super) fn check_top(&self, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let (zh, en) = match &self.root.content {
            Content::Map(_) => return true,
            Content::List(_) => ("一个列表", "a list"),
            Content::Scalar { .. } => ("一个单独的值", "a single value"),
        };
        let first_line = self.source.text()[self.root.range.start..]
            .lines()
            .next()
            .map_or(0, str::len);
        let end = self.root.range.end.min(self.root.range.start + first_line);
        let mut diagnostic = Diagnostic::new(
            Code::RecordShape,
            text!("案卷记录的最上层是{zh}", "the top of the record is {en}"),
        )
        .at(self.span(self.root.range.start..end))
        .why(Text::new(
            "案卷记录的最上层须为“键: 值”，如 `检验报告:`",
            "the top of a record is a map of keys and values, such as `report:`",
        ));
        if let Some(help) = self.root.text().and_then(hint::colon) {
            diagnostic = diagnostic.help(help);
        } else if matches!(self.root.content, Content::List(_)) {
            diagnostic = diagnostic.help(Text::new(
                "每个文件只写一个案卷，不用列表",
                "write one case a file, without a list",
            ));
        }
        diagnostics.push(diagnostic);
        false
    }

    /// Says that there are more problems than listed.
    pub(super) fn overflow(&self) -> Diagnostic {
        Diagnostic::new(
            Code::RecordTooManyFaults,
            text!(
                "问题超过 {MAX_PROBLEMS} 处，其余未列出",
                "there are more than {MAX_PROBLEMS} faults; the others are not listed"
            ),
        )
        .about(self.source.name())
    }

    /// The diagnostic of a problem.
    pub(super) fn write(&self, problem: &Problem) -> Diagnostic {
        let (key, node) = self.root.at(&problem.trail).unwrap_or((None, self.root));
        match problem.kind {
            ProblemKind::UnknownKey(group) => self.unknown_key(group, key.unwrap_or(node)),
            ProblemKind::DuplicateKey(group) => {
                self.duplicate(&problem.trail, key.unwrap_or(node), |text| {
                    self.vocabulary.group(group).entry(text.trim())
                })
            }
            ProblemKind::DuplicatePartyKey(_) => {
                self.duplicate(&problem.trail, key.unwrap_or(node), |text| {
                    let text = text.trim();
                    PARTY_KEYS
                        .iter()
                        .find(|(name, _)| *name == text)
                        .map(|(_, field)| *field)
                })
            }
            ProblemKind::NotAGroup(group) => self.not_a_group(group, node),
            ProblemKind::WrongType(fact) => self.wrong_type(self.vocabulary.fact(fact), key, node),
            ProblemKind::UnknownValue(fact) => self.unknown_value(self.vocabulary.fact(fact), node),
            ProblemKind::ImpossibleDate(fact) => {
                self.impossible_date(self.vocabulary.fact(fact), node)
            }
            ProblemKind::DateOutOfReason(fact) => {
                self.date_out_of_reason(self.vocabulary.fact(fact), node)
            }
            ProblemKind::OutOfRange(fact) => self.out_of_range(self.vocabulary.fact(fact), node),
            ProblemKind::BlankElement(fact) => self.blank(self.vocabulary.fact(fact), key, node),
            ProblemKind::UnknownPartyKey(fact) => {
                parties::unknown_key(self, fact, key.unwrap_or(node))
            }
            ProblemKind::Nameless(fact) => parties::nameless(self, fact, node),
            ProblemKind::SeveralParties(fact) => {
                let fact = self.vocabulary.fact(fact);
                parties::several(self, fact, node)
            }
            ProblemKind::UnclearPersons(fact) => {
                parties::unclear(self, self.vocabulary.fact(fact), node)
            }
            ProblemKind::Ditto(fact) => self.ditto(self.vocabulary.fact(fact), node),
            ProblemKind::Invisible(fact) => self.invisible(self.vocabulary.fact(fact), node),
        }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// A diagnostic about a value, with the vocabulary's entry of its fact as the reason.
    fn about_value(&self, code: Code, fact: &Fact, node: &Node<'_>, message: Text) -> Diagnostic {
        Diagnostic::new(code, message)
            .at(self.span(self.shown_range(node)))
            .why(Text::new(
                format!(
                    "`{}`（{}）须为{}",
                    fact.title.zh,
                    fact.path,
                    hint::describe(self.vocabulary, fact, &fact.ty).zh
                ),
                format!(
                    "`{}` ({}) is {}",
                    fact.title.en,
                    fact.path,
                    hint::describe(self.vocabulary, fact, &fact.ty).en
                ),
            ))
    }

    /// The first line of a value, so that the carets do not cover a whole list or map.
    fn shown_range(&self, node: &Node<'_>) -> std::ops::Range<usize> {
        let range = node.range.clone();
        let line = self
            .source
            .text()
            .get(range.clone())
            .and_then(|text| text.lines().next())
            .map_or(0, |line| line.trim_end().len());
        range.start..range.start + line
    }

    fn unknown_key(&self, group: GroupId, key: &Node<'_>) -> Diagnostic {
        let Some(word) = key.text() else {
            return self.odd_key(key);
        };
        let word = word.trim();
        let shown = hint::cut(word, SHOWN);
        let holder = self.vocabulary.group(group);
        let (zh, en) = if holder.path.is_empty() {
            ("案卷记录".to_owned(), "the record".to_owned())
        } else {
            (
                format!("`{}`", holder.label.zh),
                format!("`{}`", holder.path),
            )
        };
        let mut diagnostic = Diagnostic::new(
            Code::RecordUnknownKey,
            text!("{zh}里没有 `{shown}` 这一项", "{en} has no `{shown}`"),
        )
        .at(self.span(self.shown_range(key)));
        if word == "<<" {
            return diagnostic
                .why(Text::new(
                    "案卷记录不支持合并键",
                    "records do not support merge keys",
                ))
                .help(Text::new("请直接写出各项内容", "write the facts out"));
        }
        let places = hint::elsewhere(self.vocabulary, group, word);
        for place in &places {
            diagnostic = diagnostic.help(place.clone());
        }
        let mut names: Vec<&str> = holder.keys().collect();
        names.sort_unstable();
        if let Some(owner) = parties::key_of_somebody(word) {
            diagnostic = diagnostic.help(owner);
        }
        // 地址 for 单位地址.
        let mut ending = names
            .iter()
            .filter(|name| word.chars().count() >= 2 && name.ends_with(word));
        let near = match (ending.next(), ending.next()) {
            (Some(only), None) => Some(*only),
            _ => hint::nearest_key(word, &names),
        };
        if let Some(near) = near {
            diagnostic = diagnostic.help(text!("是否指 `{near}`？", "did you mean `{near}`?"));
        }
        // A long list would hide the problem; `choucha schema` has it.
        if near.is_none() && places.is_empty() && holder.entries.len() <= MAX_LISTED {
            let codes = |pick: fn(&Text, &str) -> String| {
                holder
                    .entries
                    .iter()
                    .map(|entry| match entry {
                        Entry::Fact(id) => {
                            let fact = self.vocabulary.fact(*id);
                            pick(&fact.label, &fact.code)
                        }
                        Entry::Group(id) => {
                            let group = self.vocabulary.group(*id);
                            pick(&group.label, &group.code)
                        }
                    })
                    .collect::<Vec<_>>()
            };
            let zh = codes(|label, _| label.zh.clone()).join("、");
            let en = codes(|_, code| code.to_owned()).join(", ");
            diagnostic = diagnostic.help(text!("可用的键：{zh}", "the keys allowed: {en}"));
        }
        diagnostic
    }

    /// A key that is no text: null, a list or a map.
    fn odd_key(&self, key: &Node<'_>) -> Diagnostic {
        Diagnostic::new(
            Code::RecordUnknownKey,
            Text::new("键须为文本", "a key is a text"),
        )
        .at(self.span(self.shown_range(key)))
    }

    fn duplicate<T: PartialEq>(
        &self,
        trail: &[u32],
        key: &Node<'_>,
        means: impl Fn(&str) -> Option<T>,
    ) -> Diagnostic {
        let word = hint::cut(key.text().unwrap_or_default().trim(), SHOWN);
        let mut diagnostic = Diagnostic::new(
            Code::RecordDuplicateKey,
            text!("`{word}` 重复填写", "`{word}` is given twice"),
        )
        .label(
            self.span(self.shown_range(key)),
            Text::new("又写了一次", "given again"),
        );
        let first = trail
            .split_last()
            .and_then(|(_, above)| self.root.at(above))
            .and_then(|(_, map)| match &map.content {
                Content::Map(entries) => {
                    let wanted = key.text().and_then(&means);
                    entries
                        .iter()
                        .map(|(key, _)| key)
                        .find(|key| key.text().and_then(&means) == wanted)
                }
                _ => None,
            });
        if let Some(first) = first {
            diagnostic = diagnostic.label(
                self.span(self.shown_range(first)),
                Text::new("首次填写在此", "first given here"),
            );
            if first.text() != key.text() {
                diagnostic = diagnostic.why(Text::new(
                    "代码、标签和别名指同一项",
                    "codes, labels and aliases lead to the same fact",
                ));
            }
        }
        diagnostic.help(Text::new("请只保留一处", "keep one of the two"))
    }

    fn not_a_group(&self, group: GroupId, node: &Node<'_>) -> Diagnostic {
        let group = self.vocabulary.group(group);
        let found = hint::found(node);
        let (label, path) = (&group.label.zh, &group.path);
        let (found_zh, found_en) = (&found.zh, &found.en);
        let diagnostic = Diagnostic::new(
            Code::RecordWrongType,
            text!(
                "`{label}` 须为一组事实，这里是{found_zh}",
                "`{path}` is a group of facts; here is {found_en}"
            ),
        )
        .at(self.span(self.shown_range(node)));
        match node.text().and_then(hint::colon) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help(Text::new(
                "请逐项写“键: 值”；确无此环节的写 `无`",
                "write a key and a value for every fact, or `none` if it did not take place",
            )),
        }
    }

    fn wrong_type(&self, fact: &Fact, key: Option<&Node<'_>>, node: &Node<'_>) -> Diagnostic {
        let found = hint::found(node);
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        let (found_zh, found_en) = (&found.zh, &found.en);
        let diagnostic = self.about_value(
            Code::RecordWrongType,
            fact,
            node,
            text!(
                "`{zh}` 的值是{found_zh}，类型不符",
                "the value of `{en}` is {found_en}, which is of the wrong type"
            ),
        );
        // An element of a list has no key; its type is that of the elements.
        let ty = match &fact.ty {
            Type::List(of) if key.is_none() => of,
            ty => ty,
        };
        match hint::mend(ty, node) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    fn unknown_value(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let word = node.text().unwrap_or_default().trim();
        let shown = hint::cut(word, SHOWN);
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        let diagnostic = self.about_value(
            Code::RecordUnknownValue,
            fact,
            node,
            text!(
                "`{zh}` 没有 `{shown}` 这一值",
                "`{en}` has no value `{shown}`"
            ),
        );
        let of = match &fact.ty {
            Type::List(of) => of,
            ty => ty,
        };
        let Type::Enum(id) = of else {
            return diagnostic;
        };
        let mut names: Vec<&str> = self.vocabulary.enumeration(*id).names().collect();
        names.sort_unstable();
        match nearest(word, names) {
            Some(near) => diagnostic.help(text!("是否指 `{near}`？", "did you mean `{near}`?")),
            None => diagnostic,
        }
    }

    fn impossible_date(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let word = node.text().unwrap_or_default().trim();
        let shown = hint::cut(word, SHOWN);
        let timed = matches!(&fact.ty, Type::DateTime)
            || matches!(&fact.ty, Type::List(of) if **of == Type::DateTime);
        let (message, help) = hint::date(word, &shown, timed);
        let diagnostic = self.about_value(Code::RecordImpossibleDate, fact, node, message);
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    fn date_out_of_reason(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let shown = hint::cut(node.text().unwrap_or_default().trim(), SHOWN);
        let (from, to) = fact.days;
        self.about_value(
            Code::RecordDateOutOfReason,
            fact,
            node,
            text!(
                "日期 `{shown}` 超出合理范围",
                "the date `{shown}` is far outside reason"
            ),
        )
        .why(text!(
            "应在 {from} 至 {to} 之间",
            "it should be from {from} to {to}"
        ))
        .help(Text::new("请核对年份", "check the year"))
    }

    fn out_of_range(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let shown = hint::cut(node.text().unwrap_or_default().trim(), SHOWN);
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        self.about_value(
            Code::RecordOutOfRange,
            fact,
            node,
            text!(
                "`{zh}` 的值 `{shown}` 超出允许范围",
                "the value `{shown}` of `{en}` is outside its limits"
            ),
        )
    }

    fn blank(&self, fact: &Fact, key: Option<&Node<'_>>, node: &Node<'_>) -> Diagnostic {
        let mut range = self.shown_range(node);
        if range.is_empty() {
            // Nothing is written there: show what precedes it, the dash of the list or its key.
            let before = key.map_or(range.start, |key| key.range.start);
            let written = self.source.text()[..before].trim_end().len();
            range = written.saturating_sub(1)..written;
        }
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        Diagnostic::new(
            Code::RecordWrongType,
            text!("`{zh}` 的列表里有空项", "the list `{en}` has a blank entry"),
        )
        .at(self.span(range))
        .why(Text::new(
            "空项说明不了有还是没有；列表中也不能写 `无`",
            "a blank entry says neither that there is one nor that there is none, and neither does `none` among others",
        ))
        .help(Text::new("请填写或者删去这一项", "fill in the entry or remove it"))
    }

    fn ditto(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let shown = hint::cut(node.text().unwrap_or_default().trim(), SHOWN);
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        Diagnostic::new(
            Code::RecordDitto,
            text!(
                "`{zh}` 写的是 `{shown}`，没有写明内容",
                "`{en}` says `{shown}`, which names no value"
            ),
        )
        .at(self.span(self.shown_range(node)))
        .why(Text::new(
            "行可能重新排序，指哪一处无从确定，不作推断",
            "rows may have been sorted: what it refers to is not certain, and is not guessed",
        ))
        .help(Text::new("请写出内容本身", "write the value itself"))
    }

    fn invisible(&self, fact: &Fact, node: &Node<'_>) -> Diagnostic {
        let range = self.shown_range(node);
        let shown = self.source.text().get(range.clone()).unwrap_or_default();
        let shown = hint::cut(shown.trim(), SHOWN);
        let (zh, en) = (&fact.label.zh, &fact.label.en);
        Diagnostic::new(
            Code::RecordInvisible,
            text!(
                "`{zh}` 中有看不见的字符，不计在内：`{shown}`",
                "`{en}` holds invisible characters, which do not count: `{shown}`"
            ),
        )
        .at(self.span(range))
    }
}
