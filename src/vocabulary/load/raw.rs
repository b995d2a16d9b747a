//! The vocabulary files as they are written: structure only, nothing looked up yet.
//!
//! Read from YAML, and, for the files the program carries, from what the build script (`build.rs`, which shares this
//! file) made of it: the same structure in a binary form that takes a tenth of the time.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

/// How deep a vocabulary file may nest; the deepest real one needs 12.
const MAX_DEPTH: usize = 48;

/// Reads a file from YAML. An empty text is a file that declares nothing.
pub(super) fn read(text: &str) -> Result<File, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
        strict_booleans: true,
        with_snippet: false,
        emit_comments: false,
    };
    let file = serde_saphyr::from_str_with_options::<Option<File>>(text, options)?;
    Ok(file.unwrap_or_default())
}

/// A text and where it is written.
#[derive(Debug, Serialize)]
pub(super) struct Word {
    pub(super) value: String,
    pub(super) at: Place,
}

/// Where something is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place {
    /// The first byte, if the reader tells it.
    pub(super) start: Option<u64>,
    /// How many bytes; 0 if the reader does not tell.
    pub(super) length: u64,
    /// Line and column from 1; columns count characters.
    pub(super) line: u64,
    pub(super) column: u64,
}

impl From<serde_saphyr::Location> for Place {
    fn from(location: serde_saphyr::Location) -> Self {
        let within = location.span();
        Place {
            start: within.byte_offset(),
            length: within.byte_len().unwrap_or(0),
            line: location.line(),
            column: location.column(),
        }
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A word in the binary form: field for field what `Word` is written as.
        #[derive(Deserialize)]
        struct Prepared {
            value: String,
            at: Place,
        }
        if deserializer.is_human_readable() {
            let word = Spanned::<String>::deserialize(deserializer)?;
            let at = Place::from(word.referenced);
            Ok(Word {
                value: word.value,
                at,
            })
        } else {
            let Prepared { value, at } = Prepared::deserialize(deserializer)?;
            Ok(Word { value, at })
        }
    }
}

/// A map in the order it is written, with the places of its keys.
#[derive(Debug)]
pub(super) struct Entries<T>(pub(super) Vec<(Word, T)>);

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

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) enums: Entries<Enum>,
    pub(super) shapes: Entries<Shape>,
    pub(super) facts: Entries<Node>,
    pub(super) inferences: Vec<Inference>,
    pub(super) chronology: Vec<Vec<Word>>,
    pub(super) roles: Entries<Role>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enum {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) values: Entries<EnumValue>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnumValue {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub(super) facts: Entries<Node>,
}

/// A fact, a group, or a list of groups: which one is told by the keys that are there.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Node {
    #[serde(rename = "type")]
    pub(super) ty: Option<Word>,
    pub(super) of: Option<Word>,
    #[serde(rename = "enum")]
    pub(super) enumeration: Option<Word>,
    pub(super) shape: Option<Word>,
    pub(super) facts: Option<Entries<Node>>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) description: Option<String>,
    pub(super) description_en: Option<String>,
    pub(super) form: Option<String>,
    pub(super) form_en: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) unit_en: Option<String>,
    pub(super) personal: bool,
    pub(super) aliases: Vec<Word>,
    pub(super) min: Option<Word>,
    pub(super) max: Option<Word>,
    pub(super) earliest: Option<Word>,
    pub(super) latest: Option<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inference {
    pub(super) when: Entries<Word>,
    pub(super) then: Entries<Word>,
    pub(super) why: Option<String>,
    pub(super) why_en: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) named_by: Vec<Word>,
}
