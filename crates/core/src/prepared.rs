//! What the build script made of the YAML files the program carries: read ten times as fast as their YAML.
//!
//! A file is known by the digest of its bytes, so that a prepared form can never stand for another text: whatever folder
//! a file comes from, it is read from its YAML unless it is, byte for byte, one that was prepared.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;

use crate::source::Source;

/// The files, by digest, as `build.rs` wrote them.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/prepared.bin"));

/// The prepared files, by the digest of their bytes.
static FILES: LazyLock<HashMap<&'static str, &'static [u8]>> = LazyLock::new(|| {
    // What cannot be read is not used: the YAML is always there.
    postcard::from_bytes(BYTES).unwrap_or_default()
});

/// Whether there is a prepared form of a file.
pub(crate) fn has(source: &Arc<Source>) -> bool {
    FILES.contains_key(source.digest())
}

/// A file from its prepared form, if there is one.
pub(crate) fn read<T: DeserializeOwned>(source: &Arc<Source>) -> Option<T> {
    postcard::from_bytes(FILES.get(source.digest())?).ok()
}
