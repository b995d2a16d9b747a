//! The columns of the workbook and their order.

use std::collections::HashSet;

use choucha_core::lang::{Lang, Text};
use choucha_core::value::{ShapeId, Type};
use choucha_core::vocabulary::{Entry, Fact, FactId, GroupId, Vocabulary};

pub(super) struct Column<'v> {
    pub(super) fact: &'v Fact,
    pub(super) label: Text,
}

/// Columns below one group header.
pub(super) struct Group<'v> {
    /// The groups above the facts, joined by `·`; empty for facts without a group.
    pub(super) title: Text,
    pub(super) columns: Vec<Column<'v>>,
}

/// The columns of the main table, and those of the sheets of lists.
pub(super) struct Layout<'v> {
    pub(super) groups: Vec<Group<'v>>,
    pub(super) lists: Vec<(&'v Fact, Vec<Column<'v>>)>,
    /// The facts of the campaign's record, one below the other on a separate sheet.
    pub(super) campaign: Vec<Column<'v>>,
}

impl<'v> Layout<'v> {
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column<'v>> {
        let main = self.groups.iter().flat_map(|group| &group.columns);
        let lists = self.lists.iter().flat_map(|(_, columns)| columns);
        main.chain(lists).chain(&self.campaign)
    }
}

/// The columns for the facts a rule set reads. The case number comes first, then the other facts that identify the case and
/// say how to judge it.
pub(super) fn of<'v>(vocabulary: &'v Vocabulary, facts: &HashSet<FactId>, _: Lang) -> Layout<'v> {
    let reserved = vocabulary.reserved();
    let root = vocabulary.shape(ShapeId::ROOT);
    let first: Vec<FactId> = [
        reserved.number,
        reserved.ruleset,
        reserved.closed_on,
        reserved.complete,
    ]
    .iter()
    .filter_map(|slot| root.facts.get(usize::from(slot.0)).copied())
    .collect();
    let number = first.first().map(|id| vocabulary.fact(*id));
    let mut collector = Collector {
        vocabulary,
        facts,
        first: &first,
        layout: Layout {
            groups: Vec::new(),
            lists: Vec::new(),
            campaign: Vec::new(),
        },
        number,
    };
    for id in &first {
        let fact = vocabulary.fact(*id);
        // The groups above the last part of its title.
        let above = |title: &str| {
            title
                .rsplit_once('·')
                .map(|(above, _)| above.to_owned())
                .unwrap_or_default()
        };
        let title = Text::new(above(&fact.title.zh), above(&fact.title.en));
        collector.add(&title, fact);
    }
    collector.group(GroupId(0), &Text::default());
    collector.layout
}

struct Collector<'a, 'v> {
    vocabulary: &'v Vocabulary,
    facts: &'a HashSet<FactId>,
    first: &'a [FactId],
    layout: Layout<'v>,
    number: Option<&'v Fact>,
}

impl<'v> Collector<'_, 'v> {
    fn group(&mut self, group: GroupId, title: &Text) {
        let vocabulary = self.vocabulary;
        for entry in &vocabulary.group(group).entries {
            match *entry {
                Entry::Group(inner) if vocabulary.group(inner).is_across() => {
                    self.campaign(inner);
                }
                Entry::Group(inner) => {
                    let label = &vocabulary.group(inner).label;
                    let title = if title.is_empty() {
                        label.clone()
                    } else {
                        choucha_core::text!("{}·{}", "{}·{}"; title, label)
                    };
                    self.group(inner, &title);
                }
                Entry::Fact(id) => {
                    let fact = vocabulary.fact(id);
                    match fact.ty {
                        _ if fact.is_across() => {}
                        Type::Rows(shape) => self.rows(id, title, fact, shape),
                        _ if self.facts.contains(&id) && !self.first.contains(&id) => {
                            self.add(title, fact);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// The facts of a campaign's own record, and whether it is complete; facts gathered from the cases are left out.
    fn campaign(&mut self, group: GroupId) {
        let vocabulary = self.vocabulary;
        let column = |fact: &'v Fact| Column {
            fact,
            label: fact.label.clone(),
        };
        let entries = vocabulary.group(group).entries.iter();
        let facts = entries.filter_map(|entry| match entry {
            Entry::Fact(id) if self.facts.contains(id) => Some(vocabulary.fact(*id)),
            _ => None,
        });
        let columns: Vec<Column<'v>> = facts
            .filter(|fact| fact.path.starts_with("campaign."))
            .map(column)
            .collect();
        if columns.is_empty() {
            return;
        }
        self.layout.campaign = columns;
        let complete = usize::from(vocabulary.reserved().complete.0);
        if let Some(id) = vocabulary.shape(ShapeId::ROOT).facts.get(complete) {
            self.layout.campaign.push(column(vocabulary.fact(*id)));
        }
    }

    fn add(&mut self, title: &Text, fact: &'v Fact) {
        let column = Column {
            fact,
            label: fact.label.clone(),
        };
        match self.layout.groups.last_mut() {
            Some(group) if group.title == *title => group.columns.push(column),
            _ => self.layout.groups.push(Group {
                title: title.clone(),
                columns: vec![column],
            }),
        }
    }

    /// A sheet for a list of groups, if a rule reads anything in it; waivers always have one.
    fn rows(&mut self, id: FactId, title: &Text, fact: &'v Fact, shape: ShapeId) {
        let vocabulary = self.vocabulary;
        let inner = &vocabulary.shape(shape).facts;
        let waivers = vocabulary.reserved().waivers == fact.slot && fact.shape == ShapeId::ROOT;
        let is_read = waivers
            || self.facts.contains(&id)
            || inner.iter().any(|inner| self.facts.contains(inner));
        if !is_read {
            return;
        }
        if !waivers {
            // The column in which to write that there are none.
            self.add(title, fact);
        }
        let facts = self
            .number
            .into_iter()
            .chain(inner.iter().map(|id| vocabulary.fact(*id)));
        let columns = facts.map(|fact| Column {
            fact,
            label: fact.label.clone(),
        });
        self.layout.lists.push((fact, columns.collect()));
    }
}
