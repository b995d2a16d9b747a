//! The rule sets the program carries, prepared when it is built: read in a fraction of the time their scripts take to
//! run.
//!
//! Invariants: what is read is what running the scripts gives, places included; the rules stand for the folder they were
//! prepared from, known by its digest, and for no other.

mod stored;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use choucha_core::diagnostic::Diagnostic;
use choucha_core::instrument;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::source::Source;
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

/// Reads rule sets; a script that several of them rest on is one text, read once.
fn read(folder: &RuleFolder, sets: &[&Stored<'_>]) -> Option<Vec<RuleSet>> {
    let known: Rc<RefCell<HashMap<String, Arc<Source>>>> = Rc::default();
    let read = |set: &&Stored<'_>| {
        let (folder, known) = (folder.clone(), Rc::clone(&known));
        let text = move |name: &str| {
            if let Some(source) = known.borrow().get(name) {
                return Some(Arc::clone(source));
            }
            let path = name.strip_prefix(&folder.name_of(""))?;
            let (source, _) = folder.source(path).ok()?;
            known
                .borrow_mut()
                .insert(name.to_owned(), Arc::clone(&source));
            Some(source)
        };
        choucha_core::stored::read(set.bytes, Box::new(text)).ok()
    };
    sets.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use choucha_core::vocabulary;
    use choucha_rules::rulebook;

    fn prepared(ids: &[RuleSetId]) -> Option<Rulebook> {
        let folder = RuleFolder::embedded();
        let vocabulary = vocabulary::load(&folder.vocabulary().unwrap()).unwrap();
        rulebook(&folder, &Arc::new(vocabulary), ids).unwrap()
    }

    #[test]
    fn what_is_stored_is_what_running_the_scripts_gives_to_the_last_place() {
        let folder = RuleFolder::embedded();
        let stored = prepared(&folder.rule_sets()).unwrap();
        let run = rulebook::load(&folder, &stored.vocabulary).unwrap();
        assert_eq!(stored.digest, run.digest);
        assert_eq!(stored.rule_sets.len(), run.rule_sets.len());
        for (stored, run) in stored.rule_sets.iter().zip(&run.rule_sets) {
            // Not `assert_eq`: a rule set written out is a megabyte.
            assert!(format!("{stored:?}") == format!("{run:?}"), "{}", run.id);
        }
    }

    #[test]
    fn a_rule_set_comes_with_those_it_includes_and_no_other() {
        let id = |id: &str| RuleSetId(id.to_owned());
        let rules = prepared(&[id("shanxi/2024-batch-1")]).unwrap();
        let ids: Vec<&str> = rules
            .rule_sets
            .iter()
            .map(|set| set.id.0.as_str())
            .collect();
        assert_eq!(ids, ["national/order-18", "shanxi/2024-batch-1"]);
        assert!(prepared(&[id("shanxi/2042")]).is_none());
    }

    #[test]
    fn another_folder_is_never_taken_for_the_one_the_program_carries() {
        let folder = RuleFolder::from_texts("rules", [("a/b/ruleset.rhai", "")]);
        let vocabulary = prepared(&[]).unwrap().vocabulary;
        let ids = [RuleSetId("a/b".to_owned())];
        assert!(rulebook(&folder, &vocabulary, &ids).unwrap().is_none());
    }
}
