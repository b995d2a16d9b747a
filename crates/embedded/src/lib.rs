//! The rule sets the program carries, prepared when it is built: read in a fraction of the time their scripts take to
//! run.
//!
//! Invariants: what is read is what running the scripts gives, places included; the rules stand for the folder they were
//! prepared from, known by its digest, and for no other.

mod stored;

use std::sync::{Arc, LazyLock};

use choucha_core::diagnostic::Diagnostic;
use choucha_core::instrument;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::vocabulary::Vocabulary;
use choucha_rules::rulebook::{RuleFolder, Rulebook};
use stored::Stored;

/// What the build script left.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The digest of the folder, and the rule sets in the order of their ids.
static RULES: LazyLock<(&'static str, Vec<Stored<'static>>)> =
    // What cannot be read is not used: the scripts are always there.
    LazyLock::new(|| postcard::from_bytes(BYTES).unwrap_or_default());

/// The rule sets asked for, and those they include; none where the folder is not the one the program carries, or an id
/// is of no rule set: running the scripts then says what is wrong.
///
/// # Errors
/// What is wrong with the registry of instruments.
pub fn rulebook(
    folder: &RuleFolder,
    vocabulary: &Arc<Vocabulary>,
    ids: &[RuleSetId],
) -> Result<Option<Rulebook>, Vec<Diagnostic>> {
    let (digest, all) = &*RULES;
    if !folder.is_embedded() || folder.digest() != *digest {
        return Ok(None);
    }
    let Some(rule_sets) = with_included(all, ids).and_then(|sets| read(folder, &sets)) else {
        return Ok(None);
    };
    let (registry, _) = folder
        .source("instruments.yaml")
        .map_err(|problem| vec![problem])?;
    Ok(Some(Rulebook {
        vocabulary: Arc::clone(vocabulary),
        instruments: instrument::load(&registry)?,
        rule_sets,
        digest: folder.digest().to_owned(),
        notes: Vec::new(),
    }))
}

/// The rule sets of these ids and those they include, in the order of their ids; none, if an id is of none.
fn with_included<'a>(all: &'a [Stored<'a>], ids: &[RuleSetId]) -> Option<Vec<&'a Stored<'a>>> {
    let mut wanted: Vec<&RuleSetId> = ids.iter().collect();
    let mut next = 0;
    while let Some(id) = wanted.get(next).copied() {
        let set = all.iter().find(|set| set.id == *id)?;
        for included in &set.includes {
            if !wanted.contains(&included) {
                wanted.push(included);
            }
        }
        next += 1;
    }
    Some(all.iter().filter(|set| wanted.contains(&&set.id)).collect())
}

fn read(folder: &RuleFolder, sets: &[&Stored<'_>]) -> Option<Vec<RuleSet>> {
    let read = |set: &&Stored<'_>| {
        let folder = folder.clone();
        let texts = move |name: &str| folder.source(name.strip_prefix(&folder.name_of(""))?).ok();
        let texts = Box::new(move |name: &str| texts(name).map(|(source, _)| source));
        choucha_core::stored::read(set.bytes, texts).ok()
    };
    sets.iter().map(read).collect()
}
