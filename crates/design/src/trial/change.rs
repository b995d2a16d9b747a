//! Changes to a dossier: setting or removing the fact at a path.
//!
//! A path consists of codes or labels, from the record down; rows and list elements are numbered from 1, as findings
//! show them: `report.to_province.posted_on`, `检验报告.检验结论`, `samples[2].sealed_on` (or `samples.2.sealed_on`, which
//! needs no quotes inside braces). The value that is set replaces everything at the path.
//!
//! Invariant: a change affects only what its path names. If a fact is set in a group stated not to exist, every other
//! fact of the group is stated not to exist.

use std::borrow::Cow;
use std::ops::Range;

use super::walk::{Walker, cut, suggestion};
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::vocabulary::{Entry, GroupId, Vocabulary};

/// A change as written.
#[derive(Clone)]
pub(super) struct Change<'n, 's> {
    path: &'n str,
    at: &'n Node<'s>,
    /// The value to set; `None` removes the fact.
    value: Option<&'n Node<'s>>,
}

/// The entries of `set`.
pub(super) fn settings<'n, 's>(walker: &mut Walker<'_>, node: &'n Node<'s>) -> Vec<Change<'n, 's>> {
    let entries = walker.entries(node, &Text::same("`set`"));
    let changes = entries.into_iter().map(|(path, at, value)| Change {
        path,
        at,
        value: Some(value),
    });
    changes.collect()
}

/// The items of `unset`.
pub(super) fn paths<'n, 's>(walker: &mut Walker<'_>, node: &'n Node<'s>) -> Vec<Change<'n, 's>> {
    let what = Text::same("`unset`");
    let mut changes = Vec::new();
    for at in walker.items(node, &what) {
        if let Some(path) = walker.word(at, &what) {
            changes.push(Change {
                path,
                at,
                value: None,
            });
        }
    }
    changes
}

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'p> {
    Key(&'p str),
    /// A position from 1.
    Position(usize),
}

/// Why a path leads nowhere, with advice.
struct Nowhere(Text, Option<Text>);

/// Applies changes to a dossier; a path that leads nowhere is reported, and its change skipped.
pub(super) fn apply<'s>(
    walker: &mut Walker<'_>,
    vocabulary: &Vocabulary,
    dossier: &mut Node<'s>,
    changes: &[Change<'_, 's>],
) {
    for change in changes {
        let made = steps(change.path).and_then(|steps| {
            let change = Edit {
                vocabulary,
                at: &change.at.range,
                value: change.value,
            };
            change.group(dossier, GroupId(0), &steps)
        });
        if let Err(Nowhere(message, help)) = made {
            walker
                .report(Code::TestsUnknownPath, change.at, message)
                .help
                .extend(help);
        }
    }
}

/// Splits `samples[2].sealed_on` into steps.
fn steps(path: &str) -> Result<Vec<Step<'_>>, Nowhere> {
    let mut steps = Vec::new();
    for segment in path.split(['.', '·']) {
        let mut parts = segment.split('[');
        let name = parts.next().unwrap_or_default().trim();
        let positions = parts.map(|part| part.strip_suffix(']').unwrap_or("?"));
        let named = (!name.is_empty()).then_some(name);
        for (part, is_position) in named
            .map(|name| (name, name.bytes().all(|b| b.is_ascii_digit())))
            .into_iter()
            .chain(positions.map(|part| (part, true)))
        {
            steps.push(match (is_position, part.parse()) {
                (false, _) => Step::Key(part),
                (true, Ok(at)) if at > 0 => Step::Position(at),
                (true, _) => {
                    let path = cut(path);
                    return Err(Nowhere(
                        text!(
                            "路径 `{path}` 中的位次须为正整数",
                            "a position of the path `{path}` is not a number from 1"
                        ),
                        Some(Text::new(
                            "列表从 1 数起：第一项写 `[1]`",
                            "lists are counted from 1: the first item is `[1]`",
                        )),
                    ));
                }
            });
        }
        if named.is_none() {
            let path = cut(path);
            let message = text!(
                "路径 `{path}` 中有空段",
                "a step of the path `{path}` is blank"
            );
            return Err(Nowhere(message, None));
        }
    }
    Ok(steps)
}

/// A change in progress.
struct Edit<'c, 's> {
    vocabulary: &'c Vocabulary,
    /// The range of the path in the file: the range of whatever has to be added.
    at: &'c Range<usize>,
    value: Option<&'c Node<'s>>,
}

impl<'s> Edit<'_, 's> {
    fn group(
        &self,
        node: &mut Node<'s>,
        group: GroupId,
        steps: &[Step<'_>],
    ) -> Result<(), Nowhere> {
        let Some((Step::Key(name), rest)) = steps.split_first() else {
            return Err(self.needs_a_name(group, steps));
        };
        let Some(entry) = self.vocabulary.group(group).entry(name) else {
            return Err(self.no_such_key(group, name));
        };
        let entries = self.open(node, group)?;
        let position = entries.iter().position(|(key, _)| {
            let key = key.text().map(str::trim);
            key.and_then(|key| self.vocabulary.group(group).entry(key)) == Some(entry)
        });
        if rest.is_empty() {
            return match (self.value, position) {
                (Some(value), Some(at)) => {
                    entries[at].1 = value.clone();
                    Ok(())
                }
                (Some(value), None) => {
                    entries.push((self.key(entry), value.clone()));
                    Ok(())
                }
                (None, Some(at)) => {
                    entries.remove(at);
                    Ok(())
                }
                (None, None) => Err(not_there()),
            };
        }
        let at = match (position, self.value) {
            (Some(at), _) => at,
            (None, Some(_)) => {
                entries.push((self.key(entry), self.scalar("")));
                entries.len() - 1
            }
            (None, None) => return Err(not_there()),
        };
        let value = &mut entries[at].1;
        match entry {
            Entry::Group(inner) => self.group(value, inner, rest),
            Entry::Fact(fact) => {
                let fact = self.vocabulary.fact(fact);
                match &fact.ty {
                    Type::List(_) | Type::Rows(_) => self.list(value, &fact.ty, rest),
                    _ => {
                        let (zh, en) = (&fact.title.zh, &fact.path);
                        Err(Nowhere(
                            text!("`{zh}` 之下没有别的事实", "there is nothing below `{en}`"),
                            None,
                        ))
                    }
                }
            }
        }
    }

    fn list(&self, node: &mut Node<'s>, ty: &Type, steps: &[Step<'_>]) -> Result<(), Nowhere> {
        let Some((Step::Position(position), rest)) = steps.split_first() else {
            return Err(Nowhere(
                Text::new(
                    "这是列表，须指明第几项",
                    "this is a list; the path must say which of its items",
                ),
                Some(Text::new(
                    "如 `[1]` 或者 `.1`，从 1 数起",
                    "as `[1]` or `.1`, counted from 1",
                )),
            ));
        };
        if node.is_null() || is_none(node) {
            node.content = Content::List(Vec::new());
        }
        let held = match &node.content {
            Content::List(items) => items.len(),
            _ => return Err(not_there()),
        };
        let Content::List(items) = &mut node.content else {
            return Err(not_there());
        };
        // One position beyond the end appends an item.
        let most = if self.value.is_some() { held + 1 } else { held };
        if *position > most {
            return Err(Nowhere(
                text!(
                    "列表只有 {held} 项，没有第 {position} 项",
                    "the list has {held} items; there is no number {position}"
                ),
                None,
            ));
        }
        let at = position - 1;
        match (self.value, rest.is_empty(), ty) {
            (Some(value), true, _) => {
                if at == held {
                    items.push(value.clone());
                } else {
                    items[at] = value.clone();
                }
                Ok(())
            }
            (None, true, _) => {
                items.remove(at);
                Ok(())
            }
            (_, false, Type::Rows(shape)) => {
                if at == held {
                    items.push(self.scalar(""));
                }
                let group = self.vocabulary.shape(*shape).group;
                self.group(&mut items[at], group, rest)
            }
            (_, false, _) => Err(Nowhere(
                Text::new(
                    "列表的一项之下没有别的事实",
                    "there is nothing below an item of this list",
                ),
                None,
            )),
        }
    }

    /// The entries of a group; expands a group stated not to exist or left blank.
    fn open<'m>(
        &self,
        node: &'m mut Node<'s>,
        group: GroupId,
    ) -> Result<&'m mut Vec<(Node<'s>, Node<'s>)>, Nowhere> {
        if node.is_null() {
            node.content = Content::Map(Vec::new());
        } else if is_none(node) {
            let entries = &self.vocabulary.group(group).entries;
            let none = node.clone();
            let spread = entries.iter().map(|entry| (self.key(*entry), none.clone()));
            node.content = Content::Map(spread.collect());
        }
        match &mut node.content {
            Content::Map(entries) => Ok(entries),
            _ => {
                let group = self.vocabulary.group(group);
                let (zh, en) = (&group.label.zh, &group.path);
                Err(Nowhere(
                    text!(
                        "基准案卷中的 `{zh}` 不是一组事实",
                        "`{en}` of the base is not a group of facts"
                    ),
                    None,
                ))
            }
        }
    }

    fn key(&self, entry: Entry) -> Node<'s> {
        let code = match entry {
            Entry::Fact(fact) => &self.vocabulary.fact(fact).code,
            Entry::Group(group) => &self.vocabulary.group(group).code,
        };
        self.scalar(code)
    }

    fn scalar(&self, text: &str) -> Node<'s> {
        Node {
            range: self.at.clone(),
            content: Content::Scalar {
                text: Cow::Owned(text.to_owned()),
                quoted: false,
            },
        }
    }

    fn no_such_key(&self, group: GroupId, name: &str) -> Nowhere {
        let group = self.vocabulary.group(group);
        let shown = cut(name);
        let message = if group.path.is_empty() {
            text!(
                "案卷记录里没有 `{shown}` 这一项",
                "a record has no `{shown}`"
            )
        } else {
            let (zh, en) = (&group.label.zh, &group.path);
            text!("`{zh}` 里没有 `{shown}` 这一项", "`{en}` has no `{shown}`")
        };
        let mut names: Vec<&str> = group.keys().collect();
        names.sort_unstable();
        Nowhere(message, suggestion(name, names))
    }

    fn needs_a_name(&self, group: GroupId, steps: &[Step<'_>]) -> Nowhere {
        let group = self.vocabulary.group(group);
        let (zh, en) = (&group.label.zh, &group.path);
        let message = if steps.is_empty() {
            text!(
                "`{zh}` 之下须指明哪一项",
                "the path must say which fact of `{en}`"
            )
        } else {
            text!(
                "`{zh}` 不是列表，不能用位次",
                "`{en}` is not a list and has no positions"
            )
        };
        Nowhere(message, None)
    }
}

fn is_none(node: &Node<'_>) -> bool {
    matches!(node.text().map(str::trim), Some("无" | "none"))
}

fn not_there() -> Nowhere {
    Nowhere(
        Text::new(
            "基准案卷中没有这一项，无从删去",
            "the base has no such fact to take away",
        ),
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_into_names_and_positions_from_one() {
        let read = |path| steps(path).map_err(|Nowhere(message, _)| message.en);
        let expected = [
            Step::Key("samples"),
            Step::Position(2),
            Step::Key("sealed_on"),
        ];
        assert_eq!(read("samples[2].sealed_on").unwrap(), expected);
        assert_eq!(read("samples.2.sealed_on").unwrap(), expected);
        assert_eq!(read("检验报告·检验结论").unwrap().len(), 2);
        for wrong in [
            "samples[0]",
            "samples[x]",
            "samples[1",
            "a..b",
            "",
            "samples.99999999999999999999999",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
