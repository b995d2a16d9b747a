//! Scalars: texts, numbers, dates, symbols.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::party::read_party;
use super::{Decoder, ProblemKind, drain_list, drain_map, says_ditto, says_none};
use choucha_core::value::naming::{Doubt, is_han, names_organisations, normal, people, visible};
use choucha_core::value::written::{self, Written};
use choucha_core::value::{Day, Moment, Party, Type, Value};
use choucha_core::vocabulary::{DONE, FactId, Leaf, read_scalar};

/// Reads one scalar, or a person or organisation, of a fact.
pub(super) struct ScalarSeed<'d, 'v> {
    pub(super) decoder: &'d mut Decoder<'v>,
    pub(super) fact: FactId,
    pub(super) leaf: Leaf,
    /// Whether the text may name several people.
    pub(super) many: bool,
}

impl ScalarSeed<'_, '_> {
    fn refuse(self, kind: fn(FactId) -> ProblemKind) -> Value {
        self.decoder.note(kind(self.fact));
        Value::Unknown
    }

    fn text(self, written: &str) -> Value {
        // The common case first: exactly a value.
        match self.leaf {
            Leaf::Date => {
                if let Some(day) = Day::parse(written) {
                    return self.day(day, Value::Day(day));
                }
            }
            Leaf::Enum(id) => {
                if let Some(symbol) = self.decoder.vocabulary.enumeration(id).symbol(written) {
                    return Value::Symbol(symbol);
                }
            }
            _ => {}
        }
        let seen = visible(written);
        let trimmed = seen.trim();
        if matches!(seen, Cow::Owned(_)) {
            // It looks blank but is not: somebody wrote it.
            if trimmed.is_empty() {
                return self.refuse(ProblemKind::WrongType);
            }
            self.decoder.note(ProblemKind::Invisible(self.fact));
        }
        if trimmed.is_empty() {
            return Value::Unknown;
        }
        if says_none(trimmed) {
            return Value::None;
        }
        if says_ditto(trimmed) {
            return self.refuse(ProblemKind::Ditto);
        }
        match self.leaf {
            Leaf::Text => Value::Text(written.into()),
            Leaf::Bool => match read_scalar(&Type::Bool, trimmed)
                .or_else(|| read_scalar(&Type::Bool, &normal(trimmed)))
            {
                Some(value) => value,
                None => self.refuse(ProblemKind::WrongType),
            },
            Leaf::Int => match read_scalar(&Type::Int, trimmed) {
                Some(value) => self.number(value),
                None => self.refuse(ProblemKind::WrongType),
            },
            Leaf::Decimal => match read_scalar(&Type::Decimal, trimmed) {
                Some(value) => self.number(value),
                None => self.refuse(ProblemKind::WrongType),
            },
            Leaf::Date | Leaf::DateTime if DONE.contains(&trimmed) => self.done(),
            Leaf::Date => match (Day::parse(trimmed), timed(trimmed)) {
                (Some(day), _) | (None, Some(Moment { day, .. })) => self.day(day, Value::Day(day)),
                _ => self.refuse(ProblemKind::ImpossibleDate),
            },
            Leaf::DateTime => match Moment::parse(trimmed).or_else(|| timed(trimmed)) {
                Some(moment) => self.day(moment.day, Value::Moment(moment)),
                None => self.refuse(ProblemKind::ImpossibleDate),
            },
            Leaf::Enum(id) => match self.decoder.vocabulary.enumeration(id).meant(trimmed) {
                Some(symbol) => Value::Symbol(symbol),
                None => self.refuse(ProblemKind::UnknownValue),
            },
            Leaf::Person => self.people(written.trim()),
            Leaf::Organisation if names_organisations(written) => {
                self.refuse(ProblemKind::SeveralParties)
            }
            Leaf::Organisation => Value::Party(Party::named(written.trim()).into()),
        }
    }

    /// The person a text names; in a list, the people.
    fn people(self, written: &str) -> Value {
        match people(written) {
            Ok(found) => match found.as_slice() {
                [only] => Value::Party(Party::of(&written[only.clone()]).into()),
                several if self.many => {
                    let each = several.iter().map(|range| &written[range.clone()]);
                    Value::List(
                        each.map(|one| Value::Party(Party::of(one).into()))
                            .collect(),
                    )
                }
                _ => self.refuse(ProblemKind::SeveralParties),
            },
            // A separate short entry is one person: the blanks are inside the name.
            Err(Doubt::Spaced) if written.chars().filter(|c| is_han(*c)).count() <= 4 => {
                Value::Party(Party::of(written).into())
            }
            Err(_) => self.refuse(ProblemKind::UnclearPersons),
        }
    }

    /// An act done on an unknown day. Meaningless in a list of days.
    fn done(self) -> Value {
        match self.many {
            true => self.refuse(ProblemKind::ImpossibleDate),
            false => Value::Done,
        }
    }

    fn day(self, day: Day, value: Value) -> Value {
        let (earliest, latest) = self.decoder.vocabulary.fact(self.fact).days;
        if (earliest..=latest).contains(&day) {
            value
        } else {
            self.refuse(ProblemKind::DateOutOfReason)
        }
    }

    fn number(self, value: Value) -> Value {
        let Some((min, max)) = self.decoder.vocabulary.fact(self.fact).range else {
            return value;
        };
        let number = match &value {
            Value::Int(number) => Decimal::from(*number),
            Value::Decimal(number) => *number,
            _ => return value,
        };
        if (min..=max).contains(&number) {
            value
        } else {
            self.refuse(ProblemKind::OutOfRange)
        }
    }

    /// An integer written as a number.
    fn integer(self, number: Option<i64>, written: impl fmt::Display) -> Value {
        match (self.leaf, number) {
            (Leaf::Int, Some(number)) => self.number(Value::Int(number)),
            (Leaf::Decimal, Some(number)) => match Decimal::from_i64(number) {
                Some(number) => self.number(Value::Decimal(number)),
                None => self.refuse(ProblemKind::WrongType),
            },
            (Leaf::Text, _) => Value::Text(written.to_string().into()),
            (Leaf::Date | Leaf::DateTime, _) => self.refuse(ProblemKind::ImpossibleDate),
            _ => self.refuse(ProblemKind::WrongType),
        }
    }

    /// A decimal from JSON, as its raw text.
    fn raw(self, raw: &str) -> Value {
        match raw.as_bytes().first() {
            Some(b'"') if raw.contains('\\') => match serde_json::from_str::<String>(raw) {
                Ok(text) => self.text(&text),
                Err(_) => self.refuse(ProblemKind::WrongType),
            },
            Some(b'"') => self.text(raw.get(1..raw.len() - 1).unwrap_or_default()),
            Some(b'n') => Value::Unknown,
            Some(b'-' | b'0'..=b'9') => self.text(raw),
            _ => self.refuse(ProblemKind::WrongType),
        }
    }
}

/// A date in the form of records, with a time of day that may state its offset.
fn timed(text: &str) -> Option<Moment> {
    Day::parse(text.get(..10)?)?;
    let is_time = |time: &[u8]| matches!(time, [b'T' | b' ', a, b, b':', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    if !is_time(text.as_bytes().get(10..)?) {
        return None;
    }
    match written::read(text) {
        Written::Moment(moment) => Some(moment),
        _ => None,
    }
}

impl<'de> DeserializeSeed<'de> for ScalarSeed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.leaf {
            Leaf::Decimal if self.decoder.raw_decimals => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                Ok(self.raw(raw.get()))
            }
            // As text, because a number type would not keep it exact.
            Leaf::Decimal => deserializer.deserialize_str(self),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for ScalarSeed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.text(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Unknown)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(match self.leaf {
            Leaf::Bool => Value::Bool(yes),
            Leaf::Date | Leaf::DateTime if yes => self.done(),
            _ => self.refuse(ProblemKind::WrongType),
        })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(self.integer(Some(number), number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(self.integer(i64::try_from(number).ok(), number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(match self.leaf {
            Leaf::Date | Leaf::DateTime => self.refuse(ProblemKind::ImpossibleDate),
            _ => self.refuse(ProblemKind::WrongType),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        drain_list(list)?;
        Ok(self.refuse(ProblemKind::WrongType))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        match self.leaf {
            Leaf::Person | Leaf::Organisation => read_party(self.decoder, self.fact, map),
            _ => {
                drain_map(map)?;
                Ok(self.refuse(ProblemKind::WrongType))
            }
        }
    }
}

/// A text of a person or organisation: a name, an identifier. Numbers are taken as written.
pub(super) struct WordSeed<'d, 'v> {
    pub(super) decoder: &'d mut Decoder<'v>,
    pub(super) fact: FactId,
}

impl<'de> DeserializeSeed<'de> for WordSeed<'_, '_> {
    type Value = Option<Box<str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let seed = ScalarSeed {
            decoder: self.decoder,
            fact: self.fact,
            leaf: Leaf::Text,
            many: false,
        };
        Ok(match seed.deserialize(deserializer)? {
            Value::Text(text) => {
                let text: Cow<'_, str> = text.trim().into();
                Some(text.into())
            }
            _ => None,
        })
    }
}
