//! Lists of scalars and of groups.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::scalar::ScalarSeed;
use super::{Decoder, GroupSeed, ProblemKind, drain_map, empty_row, says_ditto, says_none};
use choucha_core::value::naming::people;
use choucha_core::value::{Row, ShapeId, Value};
use choucha_core::vocabulary::{FactId, Leaf, SlotType};

/// Reads a list of scalars or of groups.
pub(super) struct ListSeed<'d, 'v> {
    pub(super) decoder: &'d mut Decoder<'v>,
    pub(super) fact: FactId,
    pub(super) kind: SlotType,
}

impl ListSeed<'_, '_> {
    fn refuse<E>(self) -> Result<Value, E> {
        self.decoder.note(ProblemKind::WrongType(self.fact));
        Ok(Value::Unknown)
    }

    /// Checks blank elements: a list of only blanks is no list; blanks among other elements are a problem.
    fn check(&mut self, blanks: &[u32], length: usize, nones: usize) -> Option<Value> {
        if blanks.is_empty() {
            return None;
        }
        if blanks.len() == length && (nones == 0 || nones == length) {
            return Some(if nones == 0 {
                Value::Unknown
            } else {
                Value::None
            });
        }
        for &blank in blanks {
            self.decoder.trail.push(blank);
            self.decoder.note(ProblemKind::BlankElement(self.fact));
            self.decoder.trail.pop();
        }
        None
    }

    fn scalars<'de, A: SeqAccess<'de>>(
        mut self,
        leaf: Leaf,
        mut list: A,
    ) -> Result<Value, A::Error> {
        let mut items: Vec<Value> = Vec::with_capacity(4);
        let (mut blanks, mut nones) = (Vec::new(), 0);
        let mut position = 0;
        let mut unclear = false;
        self.decoder.trail.push(0);
        loop {
            self.decoder.step(position);
            let known = self.decoder.problems.len();
            let Some(item) = list.next_element_seed(ScalarSeed {
                decoder: self.decoder,
                fact: self.fact,
                leaf,
                many: true,
            })?
            else {
                break;
            };
            let is_sound = self.decoder.problems.len() == known;
            if !item.is_present() && is_sound {
                blanks.push(position);
                nones += usize::from(item == Value::None);
            }
            unclear |= item.is_unknown() && !is_sound;
            match item {
                // One entry that names several people.
                Value::List(several) => items.extend(several.iter().cloned()),
                item => items.push(item),
            }
            position += 1;
        }
        self.decoder.trail.pop();
        // An unreadable entry may name any number of people.
        if unclear && leaf == Leaf::Person {
            return Ok(Value::Unknown);
        }
        Ok(self
            .check(&blanks, items.len(), nones)
            .unwrap_or_else(|| Value::List(items.into())))
    }

    fn rows<'de, A: SeqAccess<'de>>(
        mut self,
        shape: ShapeId,
        mut list: A,
    ) -> Result<Value, A::Error> {
        let group = self.decoder.vocabulary.shape(shape).group;
        let mut rows: Vec<Row> = Vec::new();
        let (mut blanks, mut nones) = (Vec::new(), 0);
        let mut position = 0;
        self.decoder.trail.push(0);
        loop {
            self.decoder.step(position);
            let known = self.decoder.problems.len();
            let mut row = empty_row(self.decoder.vocabulary, shape);
            let Some(()) = list.next_element_seed(GroupSeed {
                decoder: self.decoder,
                group,
                slots: &mut row.slots,
            })?
            else {
                break;
            };
            let nothing = row.slots.iter().all(Value::is_unknown);
            let none = !nothing && row.slots.iter().all(|value| *value == Value::None);
            if (nothing || none) && self.decoder.problems.len() == known {
                blanks.push(position);
                nones += usize::from(none);
            }
            rows.push(row);
            position += 1;
        }
        self.decoder.trail.pop();
        Ok(self
            .check(&blanks, rows.len(), nones)
            .unwrap_or_else(|| Value::Rows(rows.into())))
    }
}

impl<'de> DeserializeSeed<'de> for ListSeed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListSeed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        match self.kind {
            SlotType::One(leaf) | SlotType::Many(leaf) => self.scalars(leaf, list),
            SlotType::Rows(shape) => self.rows(shape, list),
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        match text.trim() {
            "" => Ok(Value::Unknown),
            text if says_none(text) => Ok(Value::None),
            text => {
                // People need a better message than that it is no list.
                let unclear =
                    matches!(self.kind, SlotType::Many(Leaf::Person)) && people(text).is_err();
                match unclear {
                    true if says_ditto(text) => self.decoder.note(ProblemKind::Ditto(self.fact)),
                    true => self.decoder.note(ProblemKind::UnclearPersons(self.fact)),
                    false => self.decoder.note(ProblemKind::WrongType(self.fact)),
                }
                Ok(Value::Unknown)
            }
        }
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Unknown)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        self.refuse()
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        self.refuse()
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        self.refuse()
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        self.refuse()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        drain_map(map)?;
        self.refuse()
    }
}
