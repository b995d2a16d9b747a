//! The vocabulary files as written: structure only, nothing resolved.
//!
//! Parsed from YAML or, for the files that the program carries, read from the form prepared by the build script
//! (`build.rs`, which shares this file): see [`crate::prepared`].

use serde::{Deserialize, Serialize};

use crate::written::{Entries, Word};

/// The deepest nesting of a vocabulary file; the deepest real one needs 12.
const MAX_DEPTH: usize = 48;

/// Parses a file from YAML. An empty text declares nothing.
pub(crate) fn read(text: &str) -> Result<File, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
        strict_booleans: true,
        with_snippet: false,
        emit_comments: false,
    };
    let file = serde_saphyr::from_str_with_options::<Option<File>>(text, options)?;
    Ok(file.unwrap_or_default())
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) enums: Entries<Enum>,
    pub(crate) shapes: Entries<Shape>,
    pub(crate) facts: Entries<Node>,
    pub(crate) inferences: Vec<Inference>,
    pub(crate) chronology: Vec<Vec<Word>>,
    pub(crate) course: Vec<Course>,
    pub(crate) roles: Entries<Role>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enum {
    pub(crate) label: Option<String>,
    pub(crate) label_en: Option<String>,
    #[serde(default)]
    pub(crate) values: Entries<EnumValue>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumValue {
    pub(crate) label: Option<String>,
    pub(crate) label_en: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Vec<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    pub(crate) facts: Entries<Node>,
}

/// A fact, a group or a list of groups; the keys present determine which.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Node {
    #[serde(rename = "type")]
    pub(crate) ty: Option<Word>,
    pub(crate) of: Option<Word>,
    #[serde(rename = "enum")]
    pub(crate) enumeration: Option<Word>,
    pub(crate) shape: Option<Word>,
    pub(crate) facts: Option<Entries<Node>>,
    pub(crate) label: Option<String>,
    pub(crate) label_en: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) description_en: Option<String>,
    pub(crate) form: Option<String>,
    pub(crate) form_en: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) unit_en: Option<String>,
    pub(crate) personal: bool,
    pub(crate) aliases: Vec<Word>,
    pub(crate) min: Option<Word>,
    pub(crate) max: Option<Word>,
    pub(crate) earliest: Option<Word>,
    pub(crate) latest: Option<Word>,
    pub(crate) from: Vec<Word>,
    pub(crate) silence: Option<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inference {
    pub(crate) when: Entries<Word>,
    pub(crate) then: Entries<Word>,
    pub(crate) why: Option<String>,
    pub(crate) why_en: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Course {
    pub(crate) when: Entries<Word>,
    pub(crate) stages: Vec<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) label: Option<String>,
    pub(crate) label_en: Option<String>,
    #[serde(default)]
    pub(crate) named_by: Vec<Word>,
}
