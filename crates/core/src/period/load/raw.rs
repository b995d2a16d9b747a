//! A calendar file as written: structure only, unchecked. Shared with the build script; see [`crate::prepared`].

use serde::{Deserialize, Serialize};

use crate::written::{Entries, Word, Written};

/// Parses a file from YAML.
pub(crate) fn read(text: &str) -> Result<File, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options)
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) version: Written<u32>,
    #[serde(rename = "region")]
    _region: String,
    #[serde(rename = "region_en")]
    _region_en: String,
    #[serde(rename = "sources")]
    _sources: Provenance,
    pub(crate) caveats: Vec<RawCaveat>,
    pub(crate) names: Entries<Word>,
    pub(crate) years: Entries<RawYear>,
}

/// The sources of the data: for people, and required in every calendar.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    #[serde(rename = "arrangement")]
    _arrangement: Provided,
    #[serde(rename = "festivals")]
    _festivals: Provided,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provided {
    #[serde(rename = "text")]
    _text: String,
    #[serde(rename = "text_en")]
    _text_en: String,
    #[serde(rename = "data")]
    _data: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCaveat {
    pub(crate) from: Word,
    pub(crate) until: Word,
    pub(crate) only: Option<Only>,
    pub(crate) text: String,
    pub(crate) text_en: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Only {
    Festivals,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawYear {
    pub(crate) papers: Written<Vec<String>>,
    pub(crate) off: Days,
    pub(crate) work: Days,
    pub(crate) festivals: Days,
}

pub(crate) type Days = Entries<Vec<Word>>;
