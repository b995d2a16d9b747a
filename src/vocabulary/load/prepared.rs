//! What the build script made of the vocabulary files the program carries: read ten times as fast as their YAML.
//!
//! A file is known by the digest of its bytes, so that a prepared form can never stand for another text: whatever folder
//! a file comes from, it is read from its YAML unless it is, byte for byte, one that was prepared.

use std::collections::HashMap;
use std::sync::Arc;

use super::raw;
use crate::source::Source;

/// The files, by digest, as `build.rs` wrote them.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vocabulary.bin"));

/// The prepared files, by the digest of their bytes.
pub(super) struct Prepared(HashMap<&'static str, &'static [u8]>);

/// All prepared files.
pub(super) fn files() -> Prepared {
    // What cannot be read is not used: the YAML is always there.
    Prepared(postcard::from_bytes(BYTES).unwrap_or_default())
}

impl Prepared {
    /// Whether there is a prepared form of a file.
    pub(super) fn has(&self, source: &Arc<Source>) -> bool {
        self.0.contains_key(source.digest())
    }

    /// A file from its prepared form, if there is one.
    pub(super) fn read(&self, source: &Arc<Source>) -> Option<raw::File> {
        postcard::from_bytes(self.0.get(source.digest())?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::RuleFolder;

    #[test]
    fn every_vocabulary_file_is_prepared_and_says_what_its_yaml_says() {
        let prepared = files();
        for source in RuleFolder::embedded().vocabulary().unwrap() {
            let (fast, slow) = (prepared.read(&source), raw::read(source.text()));
            let fast = fast.unwrap_or_else(|| panic!("{} is not prepared", source.name()));
            assert_eq!(
                format!("{fast:?}"),
                format!("{:?}", slow.unwrap()),
                "{}",
                source.name()
            );
        }
    }

    #[test]
    fn a_text_that_differs_by_one_byte_is_not_taken_for_the_prepared_one() {
        let prepared = files();
        for source in RuleFolder::embedded().vocabulary().unwrap() {
            let other = Source::new(source.name(), format!("{}\n", source.text()));
            assert!(!prepared.has(&other) && prepared.read(&other).is_none());
        }
    }
}
