//! The format in which the build script stores the rule sets.

use choucha_core::obligation::{RuleSet, RuleSetId};
use serde::{Deserialize, Serialize};

/// A rule set: what must be known before reading it, and its bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stored<'a> {
    pub(crate) id: RuleSetId,
    /// The rule sets it includes.
    pub(crate) includes: Vec<RuleSetId>,
    #[serde(with = "bytes")]
    pub(crate) bytes: &'a [u8],
}

impl<'a> Stored<'a> {
    /// The stored form of a rule set with these bytes.
    #[allow(dead_code, reason = "the build script writes, the library reads")]
    pub(crate) fn of(set: &RuleSet, bytes: &'a [u8]) -> Self {
        Stored {
            id: set.id.clone(),
            includes: set.includes.clone(),
            bytes,
        }
    }
}

/// Serialises as bytes, not as a list of numbers.
mod bytes {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(dead_code, reason = "the build script writes, the library reads")]
    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    #[allow(dead_code, reason = "the build script writes, the library reads")]
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'de [u8], D::Error> {
        <&[u8]>::deserialize(from)
    }
}
