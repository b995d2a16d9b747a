//! The rule sets that the program carries, prepared when it is built: they are read in a fraction of the time that
//! running the scripts takes.
//!
//! Invariants: reading gives the same rule sets as running the scripts, places included; they are used only for the
//! folder they were prepared from, identified by its digest.

mod stored;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use choucha_core::diagnostic::Diagnostic;
use choucha_core::instrument;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::source::Source;
use choucha_core::vocabulary::Vocabulary;
use choucha_rules::rulebook::{RuleFolder, Rulebook};
use stored::Stored;

/// The output of the build script.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The digest of the folder, and the rule sets in the order of their ids.
static RULES: LazyLock<(&'static str, Vec<Stored<'static>>)> =
    // If the stored rules are unreadable, the scripts are used.
    LazyLock::new(|| postcard::from_bytes(BYTES).unwrap_or_default());

/// The requested rule sets and those they include. `None` if the folder is not the one the program carries, or if an id
/// has no rule set: running the scripts then reports what is wrong.
///
/// # Errors
/// The errors in the registry of instruments.
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

/// The rule sets with these ids and those they include, in the order of their ids; `None` if an id is unknown.
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

/// Reads rule sets, on two threads where there are threads. A script that several of them rest on is one text, read once.
fn read(folder: &RuleFolder, sets: &[&Stored<'_>]) -> Option<Vec<RuleSet>> {
    let known = Known::default();
    // The largest first, so that neither thread is left with it at the end.
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_key(|at| Reverse(sets.get(*at).map(|set| set.bytes.len())));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::with_capacity(order.len());
        while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*at, read_one(folder, sets.get(*at)?, &known)?));
        }
        Some(done)
    };
    let mut done = if sets.len() < 2 {
        work()?
    } else {
        std::thread::scope(|scope| {
            let other = std::thread::Builder::new().spawn_scoped(scope, work);
            let mut done = work()?;
            // Without a second thread the first has read them all.
            if let Ok(other) = other {
                done.extend(other.join().ok()??);
            }
            Some(done)
        })?
    };
    done.sort_unstable_by_key(|(at, _)| *at);
    Some(done.into_iter().map(|(_, set)| set).collect())
}

/// The scripts by name, shared by the rule sets that rest on them.
type Known = Arc<Mutex<HashMap<String, Arc<Source>>>>;

fn read_one(folder: &RuleFolder, set: &Stored<'_>, known: &Known) -> Option<RuleSet> {
    let (folder, known) = (folder.clone(), Arc::clone(known));
    let text = move |name: &str| {
        let mut known = known.lock().ok()?;
        if let Some(source) = known.get(name) {
            return Some(Arc::clone(source));
        }
        let path = name.strip_prefix(&folder.name_of(""))?;
        let (source, _) = folder.source(path).ok()?;
        known.insert(name.to_owned(), Arc::clone(&source));
        Some(source)
    };
    choucha_core::stored::read(set.bytes, Box::new(text)).ok()
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
            // Not `assert_eq`: printing a rule set takes a megabyte.
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
