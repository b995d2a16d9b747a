//! Persons and organisations written as maps.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::scalar::WordSeed;
use super::{Decoder, ProblemKind, drain_list, drain_map};
use choucha_core::value::naming::{Doubt, people};
use choucha_core::value::{Party, Type, Value};
use choucha_core::vocabulary::{FactId, PARTY_KEYS, PartyField};

/// Reads a map as a person or organisation.
pub(super) fn read_party<'de, A: MapAccess<'de>>(
    decoder: &mut Decoder<'_>,
    fact: FactId,
    mut map: A,
) -> Result<Value, A::Error> {
    let mut fields: [Option<Box<str>>; 3] = [None, None, None];
    let mut seen = [false; 3];
    let mut position = 0;
    let known = decoder.problems.len();
    decoder.trail.push(0);
    while let Some(field) = map.next_key_seed(FieldSeed)? {
        decoder.step(position);
        position += 1;
        let Some(field) = field else {
            decoder.note(ProblemKind::UnknownPartyKey(fact));
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        if std::mem::replace(&mut seen[field as usize], true) {
            decoder.note(ProblemKind::DuplicatePartyKey(fact));
        }
        let word = map.next_value_seed(WordSeed { decoder, fact })?;
        let place = &mut fields[field as usize];
        if place.is_none() {
            *place = word;
        }
    }
    decoder.trail.pop();
    let [name, id, employer] = fields;
    Ok(match name {
        Some(name) if is_person(decoder, fact) => match people(&name) {
            Ok(found) if found.len() > 1 => {
                decoder.note(ProblemKind::SeveralParties(fact));
                Value::Unknown
            }
            Err(Doubt::AndOthers | Doubt::Together | Doubt::NoName) => {
                decoder.note(ProblemKind::UnclearPersons(fact));
                Value::Unknown
            }
            Ok(_) | Err(Doubt::Spaced) => {
                let named = Party::of(&name);
                let (id, employer) = (id.or(named.id), employer.or(named.employer));
                let name = named.name;
                Value::Party(Party { name, id, employer }.into())
            }
        },
        Some(name) => Value::Party(Party { name, id, employer }.into()),
        None => {
            let blank = id.is_none() && employer.is_none();
            if !blank && decoder.problems.len() == known {
                decoder.note(ProblemKind::Nameless(fact));
            }
            Value::Unknown
        }
    })
}

/// Whether a fact names persons rather than organisations.
fn is_person(decoder: &Decoder<'_>, fact: FactId) -> bool {
    match &decoder.vocabulary.fact(fact).ty {
        Type::List(of) => **of == Type::Person,
        ty => *ty == Type::Person,
    }
}

struct FieldSeed;

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Option<PartyField>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed {
    type Value = Option<PartyField>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let key = key.trim();
        Ok(PARTY_KEYS
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, field)| *field))
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
