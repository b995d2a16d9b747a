//! The vocabulary (数据字典): which facts exist, as data.
//!
//! Terms: a *fact* is one leaf or list with a type; a *group* is a named node that holds facts and groups; a *shape* is
//! the layout of the facts of one record or one row: every fact has a slot in its shape. Groups that occur once are
//! flattened into the shape that holds them; a list of groups is one slot of its shape and has its own shape for its
//! rows.
//!
//! Invariants: labels are unique among siblings, so that a Chinese label is as good a key as an English code; every
//! fact has a label and a description in both languages.

mod across;
mod layout;
mod load;
mod names;
mod party;
mod scalar;
mod schema;
mod settlement;

pub use across::{Across, Key, Plan, Projected};
pub use layout::{Layout, Leaf, SlotType, Target};
pub use load::load;
pub use names::{NameHasher, Names};
pub use party::{PARTY_KEYS, PartyField};
pub use scalar::{DONE, read_scalar};
pub use schema::schema;
pub(crate) use settlement::{Draw, Settlements, Silence, Wanted, agree};

use crate::lang::Text;
use crate::source::{Source, Span};
use crate::value::naming::normal;
pub use crate::value::{Day, EnumId, ShapeId, SlotId, Symbol, Type, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The position of a fact in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactId(pub u16);

/// The position of a group in the vocabulary. Group 0 is the record itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u16);

/// One fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The path from the record, with `[]` after a list of groups: `report.issued_on`, `corrections[].confirmed`.
    pub path: String,
    /// The last segment of the path, as a key in records.
    pub code: String,
    /// The shape that contains it.
    pub shape: ShapeId,
    /// Its slot in its shape.
    pub slot: SlotId,
    /// The type of its values.
    pub ty: Type,
    /// The unit of a number, such as 元.
    pub unit: Option<Text>,
    /// The label, also accepted as a key.
    pub label: Text,
    /// The labels of the groups above it and its own, as a name out of context: 检验报告·出具日期.
    pub title: Text,
    /// The shortest end of the title that is unique, for use in sentences: 检验结论, 报送省局·寄出日期.
    pub name: Text,
    /// Other keys accepted.
    pub aliases: Vec<String>,
    /// What the fact means.
    pub description: Text,
    /// The paper or column it is found on.
    pub form: Option<Text>,
    /// Whether it is personal data.
    pub personal: bool,
    /// Whether it is a state that nobody writes down: it stays unknown if a complete dossier does not mention it, while
    /// other facts are then known none.
    pub is_state: bool,
    pub(crate) across: bool,
    /// The inclusive limits of a number.
    pub range: Option<(Decimal, Decimal)>,
    /// The plausible range of a date, both days included.
    pub days: (Day, Day),
    /// Where the vocabulary declares it.
    pub declared: Span,
}

/// The target of a key in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A fact.
    Fact(FactId),
    /// A group inside the group.
    Group(GroupId),
}

/// A group: a node of the tree of facts.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its path; empty for the record itself.
    pub path: String,
    /// Its key in records.
    pub code: String,
    /// The label, also accepted as a key.
    pub label: Text,
    /// Other keys accepted.
    pub aliases: Vec<String>,
    /// What the group is; may be empty.
    pub description: Text,
    /// The shape that contains its facts.
    pub shape: ShapeId,
    /// Its facts and groups, in the order declared.
    pub entries: Vec<Entry>,
    /// From keys (codes, labels, aliases) to positions in `entries`.
    pub(crate) keys: Arc<Names<u32>>,
}

impl Group {
    /// The target of a key (code, Chinese or English label, alias).
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<Entry> {
        let position = usize::try_from(*self.keys.get(key)?).ok()?;
        self.entries.get(position).copied()
    }

    /// Every key accepted, in no particular order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }
}

/// The layout of a record or a row.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The group that holds its facts: the record itself, or the list of groups.
    pub group: GroupId,
    /// The facts by slot.
    pub facts: Vec<FactId>,
}

/// An enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its code.
    pub code: String,
    /// Its label, in both languages.
    pub label: Text,
    /// The values in the order declared; a [`Symbol`] is a position here.
    pub values: Vec<EnumValue>,
    pub(crate) names: Names<Symbol>,
}

impl Enum {
    /// The value with this code, label or alias.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    /// The value with this name in normal form (such as `不 合 格`); `None` if several values match.
    #[must_use]
    pub fn meant(&self, name: &str) -> Option<Symbol> {
        self.symbol(name).or_else(|| {
            let wanted = normal(name);
            let mut found = self.names.iter().filter(|(name, _)| normal(name) == wanted);
            let (_, symbol) = found.next()?;
            found.all(|(_, other)| other == symbol).then_some(*symbol)
        })
    }

    /// Every name accepted, in no particular order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The value of a symbol of this enum.
    #[must_use]
    pub fn value(&self, symbol: Symbol) -> Option<&EnumValue> {
        self.values.get(usize::from(symbol.0))
    }
}

/// One value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// Its code.
    pub code: String,
    /// Its label, in both languages.
    pub label: Text,
    /// Other names accepted.
    pub aliases: Vec<String>,
}

/// The stages that a case of a certain course has gone through.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// The conditions of the course.
    pub(crate) given: Vec<(SlotId, Given)>,
    /// The group of each stage, with the slots of its facts.
    pub(crate) stages: Vec<(GroupId, Vec<SlotId>)>,
}

/// What a recorded fact must be for an inference to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// It has a value.
    Present,
    /// It is known none.
    None,
    /// It has this value.
    Is(Value),
}

/// What one or several recorded facts settle about others that the record leaves open.
///
/// An inference never overrides a recorded value; a recorded value that contradicts it is a diagnostic.
#[derive(Debug, Clone)]
pub struct Inference {
    /// The conditions, all of which must hold.
    pub given: Vec<(SlotId, Given)>,
    /// The root slots and the values they get if open. [`Value::None`] for every slot of a group stated not to exist;
    /// [`Value::Unknown`] for a fact known to exist with an unknown value: completeness leaves it unknown.
    pub settles: Vec<(SlotId, Value)>,
    /// The reason.
    pub why: Text,
    /// Where the vocabulary declares it.
    pub declared: Span,
}

/// A role: somebody who may owe a duty.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its code, as in scripts and JSON.
    pub code: String,
    /// Its label, in both languages.
    pub label: Text,
    /// The facts that name who fills it.
    pub named_by: Vec<FactId>,
}

/// The whole data dictionary.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub(crate) facts: Vec<Fact>,
    /// The groups, by [`GroupId`].
    pub groups: Vec<Group>,
    /// The shapes of the record and of the rows of lists, by [`ShapeId`].
    pub shapes: Vec<Shape>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) roles: Vec<Role>,
    pub(crate) inferences: Vec<Inference>,
    pub(crate) course: Vec<Course>,
    pub(crate) chronology: Vec<Vec<SlotId>>,
    pub(crate) paths: Names<Entry>,
    pub(crate) reserved: Reserved,
    pub(crate) layouts: Vec<Layout>,
    pub(crate) settlements: Arc<Settlements>,
    pub(crate) across: Option<Arc<Across>>,
}

/// The facts the engine itself reads.
#[derive(Debug, Clone, Copy)]
pub struct Reserved {
    /// `complete`: whether the dossier is declared complete.
    pub complete: SlotId,
    /// `case.number`.
    pub number: SlotId,
    /// `case.ruleset`.
    pub ruleset: SlotId,
    /// `case.closed_on`.
    pub closed_on: SlotId,
    /// `waivers`: a list of groups.
    pub waivers: SlotId,
    /// `waivers[].obligation`.
    pub waiver_obligation: SlotId,
    /// `waivers[].approver`.
    pub waiver_approver: SlotId,
    /// `waivers[].reason`.
    pub waiver_reason: SlotId,
    /// `waivers[].from`.
    pub waiver_from: SlotId,
    /// `waivers[].until`.
    pub waiver_until: SlotId,
}

impl Vocabulary {
    /// The fact with this id, which must come from this vocabulary.
    #[must_use]
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[usize::from(id.0)]
    }

    /// The group with this id.
    #[must_use]
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[usize::from(id.0)]
    }

    /// The shape with this id.
    #[must_use]
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[usize::from(id.0)]
    }

    /// The enum with this id.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[usize::from(id.0)]
    }

    /// The targets of the keys of a group, for decoding.
    pub fn layout(&self, id: GroupId) -> &Layout {
        &self.layouts[usize::from(id.0)]
    }

    /// The fact in a slot of a shape.
    #[must_use]
    pub fn fact_in(&self, shape: ShapeId, slot: SlotId) -> &Fact {
        self.fact(self.shape(shape).facts[usize::from(slot.0)])
    }

    /// The target of a path of codes from the record itself, such as `report.issued_on`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Entry> {
        self.paths.get(path).copied()
    }

    /// Every fact, in the order declared.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The position of a fact among all facts of this vocabulary, in the order declared.
    #[must_use]
    pub fn place(&self, fact: &Fact) -> usize {
        let of_shape = &self.shape(fact.shape).facts;
        let id = of_shape.get(usize::from(fact.slot.0));
        id.map_or(usize::MAX, |id| usize::from(id.0))
    }

    /// Every enum.
    #[must_use]
    pub fn enums(&self) -> &[Enum] {
        &self.enums
    }

    /// Every role.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The inferences, in the order declared.
    #[must_use]
    pub fn inferences(&self) -> &[Inference] {
        &self.inferences
    }

    /// The facts that inferences depend on.
    pub fn given(&self) -> impl Iterator<Item = FactId> {
        let given = self
            .inferences
            .iter()
            .flat_map(|inference| &inference.given);
        let root = self.shape(ShapeId::ROOT);
        given.filter_map(|(slot, _)| root.facts.get(usize::from(slot.0)).copied())
    }

    /// The inferences, prepared for settling.
    pub(crate) fn settlements(&self) -> &Arc<Settlements> {
        &self.settlements
    }

    /// Chains of dates that cannot be in another order.
    #[must_use]
    pub fn chronology(&self) -> &[Vec<SlotId>] {
        &self.chronology
    }

    /// The facts the engine itself reads.
    #[must_use]
    pub fn reserved(&self) -> &Reserved {
        &self.reserved
    }

    /// A value in words of each language: the label of a symbol, `是`, `199.00`, `2024-03-01`.
    #[must_use]
    pub fn show(&self, ty: &Type, value: &Value) -> Text {
        match (value, ty) {
            (Value::Unknown, _) => Text::new("未载", "not recorded"),
            (Value::None, _) => Text::new("无", "none"),
            (Value::Done, _) => Text::new("有（日期不明）", "done, day unknown"),
            (Value::Bool(true), _) => Text::new("是", "yes"),
            (Value::Bool(false), _) => Text::new("否", "no"),
            (Value::Int(n), _) => Text::same(n.to_string()),
            (Value::Decimal(n), _) => Text::same(n.to_string()),
            (Value::Day(day), _) => Text::same(day.to_string()),
            (Value::Moment(moment), _) => Text::same(moment.to_string()),
            (Value::Text(text), _) => Text::same(text.as_ref()),
            (Value::Party(party), _) => Text::same(party.to_string()),
            (Value::Symbol(symbol), Type::Enum(id)) => self
                .enumeration(*id)
                .value(*symbol)
                .map_or_else(Text::default, |value| value.label.clone()),
            (Value::Symbol(symbol), _) => Text::same(format!("#{}", symbol.0)),
            (Value::List(items), Type::List(of)) => {
                let shown: Vec<Text> = items.iter().map(|item| self.show(of, item)).collect();
                let join = |lang, sep: &str| {
                    shown
                        .iter()
                        .map(|t| t.get(lang))
                        .collect::<Vec<_>>()
                        .join(sep)
                };
                Text::new(
                    join(crate::lang::Lang::Zh, "、"),
                    join(crate::lang::Lang::En, ", "),
                )
            }
            (Value::List(items), _) => Text::same(items.len().to_string()),
            (Value::Rows(rows), Type::Rows(shape)) if self.is_case_row(*shape) => {
                let n = rows.len();
                crate::text!("{n}个案卷", "{n} cases")
            }
            (Value::Rows(rows), _) => {
                let n = rows.len();
                text_of_rows(n)
            }
        }
    }
}

fn text_of_rows(n: usize) -> Text {
    crate::text!("{n}项", "{n} entries")
}

/// The sources of a vocabulary, in the order they are read.
pub type Files<'a> = &'a [Arc<Source>];

/// The vocabulary files of the repository, for tests of this crate.
#[cfg(test)]
pub(crate) fn shipped() -> Vec<Arc<Source>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/vocabulary");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            Source::new(path.display().to_string(), text)
        })
        .collect()
}
