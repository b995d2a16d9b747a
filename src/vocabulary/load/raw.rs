//! The vocabulary files as they are written: structure only, nothing looked up yet.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_saphyr::Spanned;

/// A text and where it is written.
pub(super) type Word = Spanned<String>;

/// A map in the order it is written, with the places of its keys.
#[derive(Debug)]
pub(super) struct Entries<T>(pub(super) Vec<(Word, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
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

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) enums: Entries<Enum>,
    pub(super) shapes: Entries<Shape>,
    pub(super) facts: Entries<Node>,
    pub(super) inferences: Vec<Inference>,
    pub(super) chronology: Vec<Vec<Word>>,
    pub(super) roles: Entries<Role>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enum {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) values: Entries<EnumValue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnumValue {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub(super) facts: Entries<Node>,
}

/// A fact, a group, or a list of groups: which one is told by the keys that are there.
#[derive(Debug, Default, Deserialize)]
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inference {
    pub(super) when: Entries<Word>,
    pub(super) then: Entries<Word>,
    pub(super) why: Option<String>,
    pub(super) why_en: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    #[serde(default)]
    pub(super) named_by: Vec<Word>,
}
