//! Values in YAML files of the rules, with their places.
//!
//! The build script shares this file, so that its prepared data contain the same places as the YAML.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

/// A value and its place.
#[derive(Debug, Serialize)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) at: Place,
}

/// A text and its place.
pub(crate) type Word = Written<String>;

/// A place in a YAML file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The first byte, if the reader reports it.
    pub(crate) start: Option<u64>,
    /// The length in bytes; 0 if the reader does not report it.
    pub(crate) length: u64,
    /// The length in characters; 0 if the reader does not report it.
    pub(crate) characters: u64,
    /// Line and column from 1; columns count characters.
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl From<serde_saphyr::Location> for Place {
    fn from(location: serde_saphyr::Location) -> Self {
        let within = location.span();
        Place {
            start: within.byte_offset(),
            length: within.byte_len().unwrap_or(0),
            characters: within.len(),
            line: location.line(),
            column: location.column(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The binary form: field for field as `Written` is serialised.
        #[derive(Deserialize)]
        struct Prepared<T> {
            value: T,
            at: Place,
        }
        if deserializer.is_human_readable() {
            let spanned = Spanned::<T>::deserialize(deserializer)?;
            let at = Place::from(spanned.referenced);
            Ok(Written {
                value: spanned.value,
                at,
            })
        } else {
            let Prepared { value, at } = Prepared::deserialize(deserializer)?;
            Ok(Written { value, at })
        }
    }
}

/// A map in the order written, with the places of its keys.
#[derive(Debug)]
pub(crate) struct Entries<T>(pub(crate) Vec<(Word, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder(PhantomData))
    }
}
