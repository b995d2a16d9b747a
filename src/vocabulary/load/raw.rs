//! The vocabulary files as they are written: structure only, nothing looked up yet.
//!
//! Read from YAML, and, for the files the program carries, from what the build script (`build.rs`, which shares this
//! file) made of it: see [`crate::prepared`].

use serde::{Deserialize, Serialize};

use crate::written::{self, Plain, Written};

/// A text of a file, and where it is written.
pub(crate) type Word<'t> = Written<Plain<'t>>;

/// A map of a file.
pub(crate) type Entries<'t, T> = written::Entries<T, Word<'t>>;

/// How deep a vocabulary file may nest; the deepest real one needs 12.
const MAX_DEPTH: usize = 48;

/// Reads a file from YAML. An empty text is a file that declares nothing.
pub(crate) fn read(text: &str) -> Result<File<'_>, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
        strict_booleans: true,
        with_snippet: false,
        emit_comments: false,
    };
    let file = serde_saphyr::from_str_with_options::<Option<File<'_>>>(text, options)?;
    Ok(file.unwrap_or_default())
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, bound(deserialize = "'de: 't"))]
pub(crate) struct File<'t> {
    pub(crate) enums: Entries<'t, Enum<'t>>,
    pub(crate) shapes: Entries<'t, Shape<'t>>,
    pub(crate) facts: Entries<'t, Node<'t>>,
    pub(crate) inferences: Vec<Inference<'t>>,
    pub(crate) chronology: Vec<Vec<Word<'t>>>,
    pub(crate) roles: Entries<'t, Role<'t>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 't"))]
pub(crate) struct Enum<'t> {
    pub(crate) label: Option<Plain<'t>>,
    pub(crate) label_en: Option<Plain<'t>>,
    #[serde(default)]
    pub(crate) values: Entries<'t, EnumValue<'t>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 't"))]
pub(crate) struct EnumValue<'t> {
    pub(crate) label: Option<Plain<'t>>,
    pub(crate) label_en: Option<Plain<'t>>,
    #[serde(default)]
    pub(crate) aliases: Vec<Word<'t>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 't"))]
pub(crate) struct Shape<'t> {
    pub(crate) facts: Entries<'t, Node<'t>>,
}

/// A fact, a group, or a list of groups: which one is told by the keys that are there.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, bound(deserialize = "'de: 't"))]
pub(crate) struct Node<'t> {
    #[serde(rename = "type")]
    pub(crate) ty: Option<Word<'t>>,
    pub(crate) of: Option<Word<'t>>,
    #[serde(rename = "enum")]
    pub(crate) enumeration: Option<Word<'t>>,
    pub(crate) shape: Option<Word<'t>>,
    pub(crate) facts: Option<Entries<'t, Node<'t>>>,
    pub(crate) label: Option<Plain<'t>>,
    pub(crate) label_en: Option<Plain<'t>>,
    pub(crate) description: Option<Plain<'t>>,
    pub(crate) description_en: Option<Plain<'t>>,
    pub(crate) form: Option<Plain<'t>>,
    pub(crate) form_en: Option<Plain<'t>>,
    pub(crate) unit: Option<Plain<'t>>,
    pub(crate) unit_en: Option<Plain<'t>>,
    pub(crate) personal: bool,
    pub(crate) aliases: Vec<Word<'t>>,
    pub(crate) min: Option<Word<'t>>,
    pub(crate) max: Option<Word<'t>>,
    pub(crate) earliest: Option<Word<'t>>,
    pub(crate) latest: Option<Word<'t>>,
    pub(crate) from: Vec<Word<'t>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 't"))]
pub(crate) struct Inference<'t> {
    pub(crate) when: Entries<'t, Word<'t>>,
    pub(crate) then: Entries<'t, Word<'t>>,
    pub(crate) why: Option<Plain<'t>>,
    pub(crate) why_en: Option<Plain<'t>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 't"))]
pub(crate) struct Role<'t> {
    pub(crate) label: Option<Plain<'t>>,
    pub(crate) label_en: Option<Plain<'t>>,
    #[serde(default)]
    pub(crate) named_by: Vec<Word<'t>>,
}
