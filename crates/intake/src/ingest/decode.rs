//! Decodes a text straight into the slots of the vocabulary.
//!
//! One set of seeds reads both streamed JSON and the outline of a YAML text. A seed never fails on the contents of a
//! value: it notes a [`Problem`] with the trail of positions that leads to it, leaves the fact unknown and goes
//! on, so that one run finds everything. Only a syntax error of the text stops it.
//!
//! Invariant: nothing here allocates for a key or for a value that is not itself a text.

mod list;
mod node;
mod party;
mod scalar;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use choucha_core::record::outline::Node;
use choucha_core::value::{Row, ShapeId, Value};
use choucha_core::vocabulary::{FactId, GroupId, Layout, SlotType, Target, Vocabulary};
use list::ListSeed;
use scalar::ScalarSeed;

/// The most problems noted per file.
pub(super) const MAX_PROBLEMS: usize = 1000;

/// A problem with a value, and the positions that lead to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    /// The position in every map and list, from the top down.
    pub(super) trail: Box<[u32]>,
    pub(super) kind: ProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ProblemKind {
    /// The group has no such key.
    UnknownKey(GroupId),
    /// An earlier key of the same map leads to the same place.
    DuplicateKey(GroupId),
    /// A group is not written as a map.
    NotAGroup(GroupId),
    /// The value has another type than the fact.
    WrongType(FactId),
    /// The enum has no such value.
    UnknownValue(FactId),
    /// The text is no date.
    ImpossibleDate(FactId),
    /// The date is outside the days within reason.
    DateOutOfReason(FactId),
    /// The number is outside its limits.
    OutOfRange(FactId),
    /// An element of a list is blank or says none, while others do not.
    BlankElement(FactId),
    /// A person or organisation has no such key.
    UnknownPartyKey(FactId),
    /// A person or organisation has the key twice.
    DuplicatePartyKey(FactId),
    /// A person or organisation has no name.
    Nameless(FactId),
    /// The text names several persons or organisations instead of one.
    SeveralParties(FactId),
    /// The text leaves open whom, or how many, it names.
    UnclearPersons(FactId),
    /// 同上: the value is in another place.
    Ditto(FactId),
    /// The text has invisible characters.
    Invisible(FactId),
}

/// The state of decoding.
pub(super) struct Decoder<'v> {
    vocabulary: &'v Vocabulary,
    pub(super) problems: Vec<Problem>,
    /// Whether there were more problems than are noted.
    pub(super) overflowed: bool,
    trail: Vec<u32>,
    /// Whether decimals are read as raw text, which serde_json needs to keep them exact.
    raw_decimals: bool,
}

impl<'v> Decoder<'v> {
    fn new(vocabulary: &'v Vocabulary, raw_decimals: bool) -> Self {
        Decoder {
            vocabulary,
            problems: Vec::new(),
            overflowed: false,
            trail: Vec::with_capacity(16),
            raw_decimals,
        }
    }

    /// Decodes JSON as it streams in.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or holds a number no number type can hold; facts decoded before that are in the row.
    pub(super) fn json(
        vocabulary: &'v Vocabulary,
        text: &str,
        row: &mut Row,
    ) -> Result<Self, serde_json::Error> {
        let mut decoder = Decoder::new(vocabulary, true);
        let mut json = serde_json::Deserializer::from_str(text);
        decoder
            .root(row)
            .deserialize(&mut json)
            .and_then(|()| json.end())?;
        Ok(decoder)
    }

    /// Decodes an outline.
    pub(super) fn outline(
        vocabulary: &'v Vocabulary,
        root: &Node<'_>,
        typed: bool,
        row: &mut Row,
    ) -> Self {
        let mut decoder = Decoder::new(vocabulary, false);
        // Decoding an outline cannot fail: neither its deserializer nor the seeds raise errors.
        let _ = decoder
            .root(row)
            .deserialize(node::Reader::new(root, typed));
        decoder
    }

    fn root<'d>(&'d mut self, row: &'d mut Row) -> GroupSeed<'d, 'v> {
        GroupSeed {
            decoder: self,
            group: GroupId(0),
            slots: &mut row.slots,
        }
    }

    /// Notes a problem with the current value.
    #[cold]
    fn note(&mut self, kind: ProblemKind) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem {
                trail: self.trail.as_slice().into(),
                kind,
            });
        } else {
            self.overflowed = true;
        }
    }

    /// Moves on to the next position of the innermost map or list.
    fn step(&mut self, position: u32) {
        if let Some(last) = self.trail.last_mut() {
            *last = position;
        }
    }
}

/// A row of a shape with every slot unknown.
pub(super) fn empty_row(vocabulary: &Vocabulary, shape: ShapeId) -> Row {
    let facts = vocabulary.shape(shape).facts.iter();
    Row {
        slots: facts.map(|_| Value::Unknown).collect(),
    }
}

/// Whether a text, trimmed, says none.
fn says_none(text: &str) -> bool {
    matches!(text, "无" | "none")
}

/// Whether a text refers to the value of the previous row or column.
fn says_ditto(text: &str) -> bool {
    matches!(
        text,
        "同上" | "同前" | "同左" | "同右" | "〃" | "″" | "\"" | "''" | "ditto"
    )
}

/// Skips the rest of a list.
fn drain_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Skips the rest of a map.
fn drain_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// The keys of a map read so far, by their positions in the group.
#[derive(Default)]
struct Seen {
    first: u64,
    rest: Vec<usize>,
}

impl Seen {
    /// Whether the position is new.
    fn insert(&mut self, position: usize) -> bool {
        if position < 64 {
            let bit = 1 << position;
            let new = self.first & bit == 0;
            self.first |= bit;
            new
        } else {
            let new = !self.rest.contains(&position);
            if new {
                self.rest.push(position);
            }
            new
        }
    }
}

/// Reads a key: its position in the group, if the group has it.
struct KeySeed<'v> {
    layout: &'v Layout,
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.layout.find(key, self.expected))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        drain_list(list).map(|()| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        drain_map(map).map(|()| None)
    }
}

/// Reads a group into the slots of its shape.
struct GroupSeed<'d, 'v> {
    decoder: &'d mut Decoder<'v>,
    group: GroupId,
    slots: &'d mut [Value],
}

impl GroupSeed<'_, '_> {
    fn refuse(self) {
        self.decoder.note(ProblemKind::NotAGroup(self.group));
    }
}

impl<'de> DeserializeSeed<'de> for GroupSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GroupSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group of facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let decoder = self.decoder;
        let layout = decoder.vocabulary.layout(self.group);
        let mut seen = Seen::default();
        let mut expected = 0;
        let mut position = 0;
        decoder.trail.push(0);
        while let Some(found) = map.next_key_seed(KeySeed { layout, expected })? {
            decoder.step(position);
            position += 1;
            let Some(index) = found else {
                decoder.note(ProblemKind::UnknownKey(self.group));
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            expected = index + 1;
            if !seen.insert(index) {
                decoder.note(ProblemKind::DuplicateKey(self.group));
            }
            match layout.steps[index].target {
                Target::Group(group) => map.next_value_seed(GroupSeed {
                    decoder,
                    group,
                    slots: self.slots,
                })?,
                Target::Fact { fact, slot, kind } => {
                    let value = match kind {
                        SlotType::One(leaf) => map.next_value_seed(ScalarSeed {
                            decoder,
                            fact,
                            leaf,
                            many: false,
                        })?,
                        kind => map.next_value_seed(ListSeed {
                            decoder,
                            fact,
                            kind,
                        })?,
                    };
                    // Of a duplicate key, the first with a value counts.
                    let place = &mut self.slots[slot];
                    if place.is_unknown() {
                        *place = value;
                    }
                }
            }
        }
        decoder.trail.pop();
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let text = text.trim();
        if says_none(text) && self.group != GroupId(0) {
            let slots = self.decoder.vocabulary.layout(self.group).slots.clone();
            for value in &mut self.slots[slots] {
                if value.is_unknown() {
                    *value = Value::None;
                }
            }
        } else if !text.is_empty() {
            self.refuse();
        } else {
            return self.visit_unit();
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        // A blank group is silent, but a blank record is no record.
        if self.group == GroupId(0) {
            self.refuse();
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.refuse();
        drain_list(list)
    }
}
