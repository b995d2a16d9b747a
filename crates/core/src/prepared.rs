//! The YAML files the program carries, as parsed by the build script: ten times as fast to read as YAML.
//!
//! Files are identified by the digest of their bytes, so a prepared form never replaces another text: a file from any
//! folder is parsed from its YAML unless it is, byte for byte, a prepared one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;

use crate::source::Source;

/// The files, by digest, as `build.rs` wrote them.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/prepared.bin"));

/// The prepared files, by the digest of their bytes.
static FILES: LazyLock<HashMap<&'static str, &'static [u8]>> = LazyLock::new(|| {
    // If the prepared data are unreadable, the YAML is used.
    postcard::from_bytes(BYTES).unwrap_or_default()
});

/// Whether a file has a prepared form.
pub(crate) fn has(source: &Arc<Source>) -> bool {
    FILES.contains_key(source.digest())
}

/// Reads a file from its prepared form, if it has one.
pub(crate) fn read<T: DeserializeOwned>(source: &Arc<Source>) -> Option<T> {
    postcard::from_bytes(FILES.get(source.digest())?).ok()
}
