//! Prepares the vocabulary files the program carries, so that a cold start need not read them from YAML.
//!
//! Writes `vocabulary.bin` in `OUT_DIR`: what each file reads as, by the digest of its bytes, in the form
//! `src/vocabulary/load/prepared.rs` reads. A file that cannot be read is left out: the program then reads its YAML and
//! says, at its place, what is wrong with it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest, Sha256};

#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the program, which looks inside"
)]
#[path = "src/vocabulary/load/raw.rs"]
mod raw;

const FOLDER: &str = "rules/vocabulary";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/vocabulary/load/raw.rs");
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut prepared: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let bytes = fs::read(&path)?;
        let read = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| raw::read(text.strip_prefix('\u{feff}').unwrap_or(text)).ok());
        if let Some(file) = read {
            let digest = Sha256::digest(&bytes);
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            prepared.insert(format!("sha256:{digest}"), postcard::to_allocvec(&file)?);
        }
    }
    let prepared: Vec<(&str, Bytes<'_>)> = prepared
        .iter()
        .map(|(digest, bytes)| (digest.as_str(), Bytes(bytes)))
        .collect();
    let to = Path::new(&env::var("OUT_DIR")?).join("vocabulary.bin");
    fs::write(to, postcard::to_allocvec(&prepared)?)?;
    Ok(())
}

/// Bytes as bytes, not as a list of numbers.
struct Bytes<'a>(&'a [u8]);

impl serde::Serialize for Bytes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
