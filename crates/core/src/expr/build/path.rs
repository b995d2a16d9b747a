//! Resolves the paths in scripts to facts.

use super::{BuildError, Builder, Built};
use crate::diagnostic::nearest;
use crate::expr::{Expr, ExprKind, Variable};
use crate::source::Span;
use crate::value::Type;
use crate::vocabulary::{Entry, FactId, GroupId};

impl Builder {
    /// The fact at a path of codes, such as `report.issued_on`.
    pub fn fact(&self, path: &str, at: Option<Span>) -> Built {
        let unknown = || {
            let paths = self
                .vocabulary
                .facts()
                .iter()
                .map(|fact| fact.path.as_str());
            BuildError::UnknownFact {
                path: path.to_owned(),
                nearest: nearest(path, paths.filter(|known| !known.contains("[]")))
                    .map(str::to_owned),
            }
        };
        match self.walk(GroupId(0), path) {
            Walk::Fact(id) => {
                let fact = self.vocabulary.fact(id);
                let kind = ExprKind::Fact {
                    fact: id,
                    slot: fact.slot,
                };
                self.node(kind, fact.ty.clone(), &[], at)
            }
            Walk::Group(id) => Err(self.group_not_fact(path, id)),
            Walk::Inside(list, field) => Err(BuildError::InsideList {
                path: path.to_owned(),
                list: self.vocabulary.fact(list).path.clone(),
                field,
            }),
            Walk::Nowhere => Err(unknown()),
        }
    }

    /// Restarts the numbering of row variables. Later expressions must not be combined with earlier ones.
    pub fn restart(&self) {
        self.next.set(0);
    }

    /// A fresh row of a list of groups, for a closure: its variable, and the expression that stands for it.
    pub fn row(&self, list: &Expr) -> Result<(Variable, Expr), BuildError> {
        let shape = self.rows(list)?;
        let variable = Variable(self.next.get());
        self.next.set(variable.0.wrapping_add(1));
        let kind = ExprKind::Row { shape, variable };
        Ok((variable, self.node(kind, Type::Row(shape), &[], None)?))
    }

    /// The fact of a row at a path of codes relative to it.
    pub fn field(&self, row: &Expr, code: &str, at: Option<Span>) -> Built {
        let ExprKind::Row { shape, variable } = row.0.kind else {
            return Err(BuildError::NotARow {
                ty: self.name(&row.0.ty),
            });
        };
        let group = self.vocabulary.shape(shape).group;
        match self.walk(group, code) {
            Walk::Fact(id) => {
                let fact = self.vocabulary.fact(id);
                let kind = ExprKind::Field {
                    fact: id,
                    slot: fact.slot,
                    variable,
                };
                self.node(kind, fact.ty.clone(), &[], at)
            }
            Walk::Group(id) => Err(self.group_not_fact(code, id)),
            Walk::Inside(list, field) => Err(BuildError::InsideList {
                path: code.to_owned(),
                list: self.vocabulary.fact(list).code.clone(),
                field,
            }),
            Walk::Nowhere => {
                let facts = &self.vocabulary.shape(shape).facts;
                let relative = |id: &FactId| {
                    let path = &self.vocabulary.fact(*id).path;
                    path.rsplit_once("[].")
                        .map_or(path.as_str(), |(_, rest)| rest)
                };
                Err(BuildError::UnknownField {
                    list: self.vocabulary.group(group).path.clone(),
                    code: code.to_owned(),
                    nearest: nearest(code, facts.iter().map(relative)).map(str::to_owned),
                })
            }
        }
    }

    fn group_not_fact(&self, path: &str, id: GroupId) -> BuildError {
        let entries = &self.vocabulary.group(id).entries;
        BuildError::GroupNotFact {
            path: path.to_owned(),
            holds: entries.iter().find_map(|entry| match entry {
                Entry::Fact(fact) => Some(self.vocabulary.fact(*fact).code.clone()),
                Entry::Group(_) => None,
            }),
        }
    }

    /// Follows a path of codes from a group.
    fn walk(&self, from: GroupId, path: &str) -> Walk {
        let mut group = from;
        let mut rest = path;
        loop {
            let (key, after) = match rest.split_once('.') {
                Some((key, after)) => (key, Some(after)),
                None => (rest, None),
            };
            let bare = key.strip_suffix("[]").unwrap_or(key);
            match (self.vocabulary.group(group).entry(bare), after) {
                (Some(Entry::Fact(id)), None) if self.vocabulary.fact(id).code == key => {
                    return Walk::Fact(id);
                }
                (Some(Entry::Fact(id)), Some(after)) => {
                    let fact = self.vocabulary.fact(id);
                    return if fact.code == bare && matches!(fact.ty, Type::Rows(_)) {
                        Walk::Inside(id, after.to_owned())
                    } else {
                        Walk::Nowhere
                    };
                }
                (Some(Entry::Group(id)), after) if self.vocabulary.group(id).code == key => {
                    match after {
                        Some(after) => (group, rest) = (id, after),
                        None => return Walk::Group(id),
                    }
                }
                _ => return Walk::Nowhere,
            }
        }
    }
}

/// Where a path leads.
enum Walk {
    Fact(FactId),
    Group(GroupId),
    /// Into a list of groups; with the rest of the path.
    Inside(FactId, String),
    Nowhere,
}
