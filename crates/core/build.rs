//! Parses the YAML files the program carries at build time, so that a cold start need not parse them.
//!
//! Writes `prepared.bin` in `OUT_DIR`: the parsed form of each file, keyed by the digest of its bytes, in the format
//! that `src/prepared.rs` reads. A file that does not parse is left out: the program then parses its YAML at run time
//! and reports the errors with their positions.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the program, which looks inside"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde::Serialize;
use sha2::{Digest, Sha256};

#[path = "src/period/load/raw.rs"]
mod calendar;
#[path = "src/instrument/load/raw.rs"]
mod registry;
#[path = "src/vocabulary/load/raw.rs"]
mod vocabulary;
#[path = "src/written.rs"]
mod written;

const VOCABULARY: &str = "data/vocabulary";
const CALENDAR: &str = "data/cn.yaml";
const REGISTRY: &str = "data/instruments.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    for read in [
        "src/period/load/raw.rs",
        "src/instrument/load/raw.rs",
        "src/vocabulary/load/raw.rs",
        "src/written.rs",
    ] {
        println!("cargo::rerun-if-changed={read}");
    }
    for file in [VOCABULARY, CALENDAR, REGISTRY] {
        println!("cargo::rerun-if-changed={file}");
    }
    let mut prepared = BTreeMap::new();
    for entry in fs::read_dir(VOCABULARY)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "yaml") {
            prepare(&path, vocabulary::read, &mut prepared)?;
        }
    }
    prepare(Path::new(CALENDAR), calendar::read, &mut prepared)?;
    prepare(Path::new(REGISTRY), registry::read, &mut prepared)?;
    let prepared: Vec<(&str, Bytes<'_>)> = prepared
        .iter()
        .map(|(digest, bytes)| (digest.as_str(), Bytes(bytes)))
        .collect();
    let to = Path::new(&env::var("OUT_DIR")?).join("prepared.bin");
    fs::write(to, postcard::to_allocvec(&prepared)?)?;
    Ok(())
}

/// Adds the parsed form of a file, if it parses.
fn prepare<T: Serialize, E>(
    path: &Path,
    read: fn(&str) -> Result<T, E>,
    prepared: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let file = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| read(text.strip_prefix('\u{feff}').unwrap_or(text)).ok());
    if let Some(file) = file {
        let digest = Sha256::digest(&bytes);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        prepared.insert(format!("sha256:{digest}"), postcard::to_allocvec(&file)?);
    }
    Ok(())
}

/// Serialises as bytes, not as a list of numbers.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
