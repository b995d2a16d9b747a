//! What is written in a YAML file of the rules, with where it is written.
//!
//! The build script shares this file: what it prepares says, place for place, what the YAML says.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

/// A value and where it is written.
#[derive(Debug, Serialize)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) at: Place,
}

/// A text and where it is written.
pub(crate) type Word = Written<String>;

/// A text as it is written: borrowed from the file, where the file holds it as it is.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Plain<'t>(Cow<'t, str>);

impl Plain<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<&str> for Plain<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Deref for Plain<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Plain<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing<'t>(PhantomData<&'t str>);

        impl<'de: 't, 't> Visitor<'de> for Borrowing<'t> {
            type Value = Plain<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Plain<'t>, E> {
                Ok(Plain(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Plain<'t>, E> {
                Ok(Plain(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Plain<'t>, E> {
                Ok(Plain(Cow::Owned(text)))
            }
        }

        // As a text of its own is read.
        deserializer.deserialize_string(Borrowing(PhantomData))
    }
}

/// Where something is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The first byte, if the reader tells it.
    pub(crate) start: Option<u64>,
    /// How many bytes; 0 if the reader does not tell.
    pub(crate) length: u64,
    /// How many characters; 0 if the reader does not tell.
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
        /// What is written in the binary form: field for field what `Written` is written as.
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

/// A map in the order it is written, with the places of its keys.
#[derive(Debug)]
pub(crate) struct Entries<T, K = Word>(pub(crate) Vec<(K, T)>);

impl<T, K> Default for Entries<T, K> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<T: Serialize, K: Serialize> Serialize for Entries<T, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, T: Deserialize<'de>, K: Deserialize<'de>> Deserialize<'de> for Entries<T, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T, K>(PhantomData<(T, K)>);

        impl<'de, T: Deserialize<'de>, K: Deserialize<'de>> Visitor<'de> for InOrder<T, K> {
            type Value = Entries<T, K>;

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
