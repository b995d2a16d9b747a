//! The registry as written: structure only, unchecked. Shared with the build script; see [`crate::prepared`].

use serde::{Deserialize, Serialize};

use crate::written::{Entries, Written};

/// Parses a file from YAML.
pub(crate) fn read(text: &str) -> Result<File, serde_saphyr::Error> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(text, options)
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) instruments: Vec<Pairs>,
}

/// The keys and values of an entry, each with its place.
pub(crate) type Pairs = Entries<Written<Option<String>>>;
