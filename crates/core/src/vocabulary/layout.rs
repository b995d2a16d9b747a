//! The vocabulary in the form decoding needs: the targets of all keys, close together, so that a key costs one
//! comparison if the record keeps the vocabulary's order, and one look-up if it does not.

use std::ops::Range;
use std::sync::Arc;

use super::{Entry, FactId, GroupId, Names, Vocabulary};
use crate::value::{EnumId, ShapeId, Type};

/// The keys of one group with their targets.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    keys: Arc<Names<u32>>,
    /// The keys of the group in order, with their targets.
    pub steps: Vec<Step>,
    /// The slots of all facts below the group, nested groups included: they are contiguous.
    pub slots: Range<usize>,
}

/// A key and its target.
#[derive(Debug, Clone)]
pub struct Step {
    code: Box<str>,
    label: Box<str>,
    pub target: Target,
}

/// The target of a key.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A group of further keys.
    Group(GroupId),
    /// A fact.
    Fact {
        /// The fact in the vocabulary.
        fact: FactId,
        /// The index of its slot.
        slot: usize,
        /// How its values are written.
        kind: SlotType,
    },
}

/// The type of a fact, without pointers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SlotType {
    /// One value.
    One(Leaf),
    /// A list of values.
    Many(Leaf),
    /// A list of groups.
    Rows(ShapeId),
}

/// The type of a scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leaf {
    /// Text.
    Text,
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// A day.
    Date,
    /// A day with a time of day.
    DateTime,
    /// A value of an enum.
    Enum(EnumId),
    /// A person.
    Person,
    /// An organisation.
    Organisation,
}

impl Layout {
    /// The position of the step for a key. `expected` is the position after that of the last key.
    pub fn find(&self, key: &str, expected: usize) -> Option<usize> {
        if let Some(step) = self.steps.get(expected)
            && (*step.code == *key || *step.label == *key)
        {
            return Some(expected);
        }
        let found = self.keys.get(key).or_else(|| self.keys.get(key.trim()));
        found.and_then(|&index| usize::try_from(index).ok())
    }

    /// The position of the step with this code.
    pub(crate) fn of_code(&self, code: &str) -> Option<usize> {
        let found = usize::try_from(*self.keys.get(code)?).ok()?;
        let step = self.steps.get(found)?;
        (*step.code == *code).then_some(found)
    }

    /// The layout of every group, by position.
    pub(super) fn of(vocabulary: &Vocabulary) -> Vec<Layout> {
        let mut layouts = vec![Layout::default(); vocabulary.groups.len()];
        for id in (0..vocabulary.groups.len()).rev() {
            // A group comes after the one that contains it, so inner groups are already laid out.
            layouts[id] = Layout::of_group(vocabulary, id, &layouts);
        }
        layouts
    }

    fn of_group(vocabulary: &Vocabulary, id: usize, layouts: &[Layout]) -> Layout {
        let group = &vocabulary.groups[id];
        let mut layout = Layout {
            keys: Arc::clone(&group.keys),
            steps: Vec::with_capacity(group.entries.len()),
            slots: 0..0,
        };
        let mut range: Option<Range<usize>> = None;
        let mut hold = |below: Range<usize>| {
            range = Some(match &range {
                Some(range) => range.start.min(below.start)..range.end.max(below.end),
                None => below,
            });
        };
        for entry in &group.entries {
            let (code, label, target) = match *entry {
                Entry::Group(inner) => {
                    let below = layouts[usize::from(inner.0)].slots.clone();
                    if !below.is_empty() {
                        hold(below);
                    }
                    let inner_group = vocabulary.group(inner);
                    (&inner_group.code, &inner_group.label, Target::Group(inner))
                }
                Entry::Fact(fact) => {
                    let declared = vocabulary.fact(fact);
                    let slot = usize::from(declared.slot.0);
                    hold(slot..slot + 1);
                    let kind = SlotType::of(&declared.ty);
                    (
                        &declared.code,
                        &declared.label,
                        Target::Fact { fact, slot, kind },
                    )
                }
            };
            layout.steps.push(Step {
                code: code.as_str().into(),
                label: label.zh.as_str().into(),
                target,
            });
        }
        layout.slots = range.unwrap_or_default();
        layout
    }
}

impl SlotType {
    fn of(ty: &Type) -> SlotType {
        match ty {
            Type::Rows(shape) | Type::Row(shape) => SlotType::Rows(*shape),
            Type::List(of) => SlotType::Many(Leaf::of(of)),
            scalar => SlotType::One(Leaf::of(scalar)),
        }
    }
}

impl Leaf {
    fn of(ty: &Type) -> Leaf {
        match ty {
            Type::Bool => Leaf::Bool,
            Type::Int => Leaf::Int,
            Type::Decimal => Leaf::Decimal,
            Type::Date => Leaf::Date,
            Type::DateTime => Leaf::DateTime,
            Type::Enum(id) => Leaf::Enum(*id),
            Type::Person => Leaf::Person,
            Type::Organisation => Leaf::Organisation,
            // The loader rejects lists of lists or groups.
            Type::Text | Type::List(_) | Type::Rows(_) | Type::Row(_) => Leaf::Text,
        }
    }
}
