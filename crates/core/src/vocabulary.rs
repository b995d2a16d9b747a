//! The vocabulary (数据字典): which facts exist, as data.
//!
//! Terms: a *fact* is one leaf or list with a type; a *group* is a named node that holds facts and groups; a *shape* is
//! the layout of the facts of one record or one row: every fact has a slot in its shape. Groups that occur once are
//! flattened into the shape that holds them; a list of groups is one slot of its shape and has a shape of its own for
//! its rows.
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

/// A fact of the vocabulary, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactId(pub u16);

/// A group of the vocabulary, by position. Group 0 is the record itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u16);

/// One fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The path from the record, or within a list of groups from its row: `report.issued_on`, `corrections[].confirmed`.
    pub path: String,
    /// The last segment of the path: the key a record uses.
    pub code: String,
    /// The shape it is in, and its slot there.
    pub shape: ShapeId,
    /// Its slot in its shape.
    pub slot: SlotId,
    /// Its type.
    pub ty: Type,
    /// The unit of a number, such as 元.
    pub unit: Option<Text>,
    /// The label: a key too.
    pub label: Text,
    /// The labels of the groups above it and its own, as a person would name the fact out of context: 检验报告·出具日期.
    pub title: Text,
    /// The shortest end of the title that names this fact and no other, as a sentence would: 检验结论, 报送省局·寄出日期.
    pub name: Text,
    /// Other keys accepted.
    pub aliases: Vec<String>,
    /// What it is.
    pub description: Text,
    /// The paper or column it is found on.
    pub form: Option<Text>,
    /// Whether it is personal data.
    pub personal: bool,
    /// Whether it is a state of things nobody writes down, so that it stays unknown where a complete dossier does not
    /// mention it; else that says that there is none.
    pub is_state: bool,
    pub(crate) across: bool,
    /// Limits of a number.
    pub range: Option<(Decimal, Decimal)>,
    /// The days within reason, for a date.
    pub days: (Day, Day),
    /// Where the vocabulary declares it.
    pub declared: Span,
}

/// What a key of a group leads to.
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
    /// The path; empty for the record itself.
    pub path: String,
    /// The key a record uses.
    pub code: String,
    /// The label: a key too.
    pub label: Text,
    /// Other keys accepted.
    pub aliases: Vec<String>,
    /// What it is; may be empty.
    pub description: Text,
    /// The shape its facts are laid out in.
    pub shape: ShapeId,
    /// What it holds, in the order declared.
    pub entries: Vec<Entry>,
    /// Keys (codes, labels, aliases) to the position, in `entries`, of what they lead to.
    pub(crate) keys: Arc<Names<u32>>,
}

impl Group {
    /// What a key (code, Chinese or English label, alias) leads to.
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
    /// The group its facts hang under: the record itself, or the list of groups.
    pub group: GroupId,
    /// The facts by slot.
    pub facts: Vec<FactId>,
}

/// An enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its code.
    pub code: String,
    /// Its label.
    pub label: Text,
    /// The values in the order declared; a [`Symbol`] is a position here.
    pub values: Vec<EnumValue>,
    pub(crate) names: Names<Symbol>,
}

impl Enum {
    /// The value a code, label or alias names.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    /// The value a name means, by its normal form: `不 合 格`.
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
    /// Its label.
    pub label: Text,
    /// Other names accepted.
    pub aliases: Vec<String>,
}

/// The stages a case that took a certain course has gone through.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// When a case took it.
    pub(crate) given: Vec<(SlotId, Given)>,
    /// The group of each stage, with the slots of its facts.
    pub(crate) stages: Vec<(GroupId, Vec<SlotId>)>,
}

/// What a recorded fact must be for an inference to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// It has a value.
    Present,
    /// It is known none.
    None,
    /// It has this value.
    Is(Value),
}

/// What one recorded fact settles about others that the record leaves open.
///
/// An inference never overrides a recorded value; a recorded value that contradicts it is a diagnostic.
#[derive(Debug, Clone)]
pub struct Inference {
    /// All of these must be so.
    pub given: Vec<(SlotId, Given)>,
    /// Then these root slots have these values, where the record leaves them open. [`Value::None`] for every slot of a
    /// group that is stated not to exist; [`Value::Unknown`] for a fact that is known to be there with a value that is
    /// not: completeness leaves it unknown.
    pub settles: Vec<(SlotId, Value)>,
    /// Why.
    pub why: Text,
    /// Where the vocabulary declares it.
    pub declared: Span,
}

/// A role: somebody who may owe a duty.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its code, as scripts and JSON spell it.
    pub code: String,
    /// Its label.
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
    /// The shapes of the rows of lists, by [`ShapeId`].
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
    /// A fact. Ids come from this vocabulary only.
    #[must_use]
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[usize::from(id.0)]
    }

    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[usize::from(id.0)]
    }

    /// A shape.
    #[must_use]
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[usize::from(id.0)]
    }

    /// An enum.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[usize::from(id.0)]
    }

    /// What the keys of a group lead to, for decoding.
    pub fn layout(&self, id: GroupId) -> &Layout {
        &self.layouts[usize::from(id.0)]
    }

    /// The fact in a slot of a shape.
    #[must_use]
    pub fn fact_in(&self, shape: ShapeId, slot: SlotId) -> &Fact {
        self.fact(self.shape(shape).facts[usize::from(slot.0)])
    }

    /// What a path of codes such as `report.issued_on` leads to, from the record itself.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Entry> {
        self.paths.get(path).copied()
    }

    /// Every fact, in the order declared.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The place of a fact of this vocabulary among all, in the order declared.
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

    /// The inferences, in the order declared, which is the order they are drawn in.
    #[must_use]
    pub fn inferences(&self) -> &[Inference] {
        &self.inferences
    }

    /// The facts that inferences rest on.
    pub fn given(&self) -> impl Iterator<Item = FactId> {
        let given = self
            .inferences
            .iter()
            .flat_map(|inference| &inference.given);
        let root = self.shape(ShapeId::ROOT);
        given.filter_map(|(slot, _)| root.facts.get(usize::from(slot.0)).copied())
    }

    /// What the inferences settle, for settling.
    pub(crate) fn settlements(&self) -> &Arc<Settlements> {
        &self.settlements
    }

    /// Chains of dates that cannot run backwards.
    #[must_use]
    pub fn chronology(&self) -> &[Vec<SlotId>] {
        &self.chronology
    }

    /// The facts the engine itself reads.
    #[must_use]
    pub fn reserved(&self) -> &Reserved {
        &self.reserved
    }

    /// A value as a person of the language would read it: the label of a symbol, `是`, `199.00`, `2024-03-01`.
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

/// The sources a vocabulary is loaded from, in the order they are read.
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
