//! What the engine knows about whole campaigns: which facts of the cases are collected, and by what cases are gathered.
//!
//! Terms: a case is *projected* into one row of the list of groups `cases`; cases are *gathered* by the facts of the
//! group `group` (被抽样单位, 人员, …), each of which names the row's facts it gathers by.

use super::{Fact, Group, Vocabulary};
use crate::value::{Row, ShapeId, SlotId, Value};

/// The facts of whole campaigns, by slot.
#[derive(Debug, Clone)]
pub struct Across {
    /// `cases`: a list of groups.
    pub cases: SlotId,
    /// The shape of its rows.
    pub row: ShapeId,
    /// `cases[].number`, if it exists: the case number.
    pub number: Option<SlotId>,
    /// The sources of the facts of a row.
    pub projected: Vec<Projected>,
    /// The keys that cases may be gathered by.
    pub keys: Vec<Key>,
    /// The table of the plan, if it exists.
    pub plan: Option<Plan>,
    /// `campaign.ruleset`, if it exists: a text.
    pub ruleset: Option<SlotId>,
    /// `campaign.closed_on`, if it exists: a date.
    pub closed_on: Option<SlotId>,
}

/// A fact of a row, and the facts of the case it is taken from.
#[derive(Debug, Clone)]
pub struct Projected {
    /// Its slot in the row.
    pub slot: SlotId,
    /// Slots of the case; the first known one counts.
    pub from: Vec<SlotId>,
}

/// A key that cases are gathered by.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its code: `respondent`.
    pub code: String,
    /// Its slot in the root shape.
    pub slot: SlotId,
    /// Slots of the row; each value, and each element of a list, is a value of the key.
    pub gathers: Vec<SlotId>,
}

/// The table of the plan.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// `plan`: a list of groups.
    pub slot: SlotId,
    /// `plan[].product`: the name of a product.
    pub product: SlotId,
    /// `plan[].aliases`: its other names, if that fact exists.
    pub aliases: Option<SlotId>,
}

/// The groups and lists that hold the facts of whole campaigns.
const HEADS: [&str; 4] = ["campaign", "plan", "group", "cases"];

/// Whether the fact at a path is one of whole campaigns, and not of a case.
pub(super) fn is_across(path: &str) -> bool {
    let head = path.split(['.', '[']).next().unwrap_or(path);
    HEADS.contains(&head)
}

impl Fact {
    /// Whether it is a fact of whole campaigns, and not of a case.
    #[must_use]
    pub fn is_across(&self) -> bool {
        self.across
    }
}

impl Group {
    /// Whether it holds facts of whole campaigns, and not of a case.
    #[must_use]
    pub fn is_across(&self) -> bool {
        is_across(&self.path)
    }
}

impl Vocabulary {
    /// The facts of whole campaigns; `None` if the vocabulary has no list of cases.
    #[must_use]
    pub fn across(&self) -> Option<&Across> {
        self.across.as_deref()
    }

    /// The slots of the root shape that hold facts of whole campaigns.
    pub fn slots_across(&self) -> Vec<SlotId> {
        let facts = self.shape(ShapeId::ROOT).facts.iter();
        let across = facts
            .map(|fact| self.fact(*fact))
            .filter(|fact| fact.is_across());
        across.map(|fact| fact.slot).collect()
    }

    /// Whether a shape is that of the rows of `cases`.
    pub(crate) fn is_case_row(&self, shape: ShapeId) -> bool {
        self.across().is_some_and(|across| across.row == shape)
    }

    /// The case number of a row of `cases`; `None` for any other row, or if the number is unknown.
    #[must_use]
    pub fn case_of<'r>(&self, shape: ShapeId, row: &'r Row) -> Option<&'r str> {
        let number = self.across().filter(|across| across.row == shape)?.number?;
        match row.slots.get(usize::from(number.0))? {
            Value::Text(number) if !number.trim().is_empty() => Some(number.trim()),
            _ => None,
        }
    }
}
