//! Diffs as JSON: the contract `choucha.diff/1`, which `docs/schema/diff-1.json` describes.

use serde::Serialize;

use super::change::{ChangeObject, NamedDuty};
use choucha_core::lang::Lang;
use choucha_rules::diff::{Diff, DutyChange, Entry, Reach, Side};

/// The name and version of the contract of diffs.
pub const DIFF: &str = "choucha.diff/1";

/// The schema of [`DIFF`].
pub const DIFF_SCHEMA: &str = include_str!("../../schema/diff-1.json");

/// The difference of two rule sets.
#[derive(Debug, Clone, Serialize)]
pub struct DiffDocument {
    schema: &'static str,
    lang: &'static str,
    before: SideObject,
    after: SideObject,
    reach: &'static str,
    same: bool,
    counts: CountsObject,
    entries: Vec<EntryObject>,
}

impl DiffDocument {
    /// The document of a diff; unchanged duties are counted, not listed.
    #[must_use]
    pub fn new(diff: &Diff<'_>, lang: Lang) -> Self {
        DiffDocument {
            schema: DIFF,
            lang: lang.code(),
            before: SideObject::of(&diff.before, lang),
            after: SideObject::of(&diff.after, lang),
            reach: match diff.reach {
                Reach::Effective => "effective",
                Reach::Own => "own",
            },
            same: diff.is_same(),
            counts: CountsObject::of(diff),
            entries: diff
                .entries
                .iter()
                .filter(|entry| entry.kind != DutyChange::Same)
                .map(|entry| EntryObject::of(entry, diff, lang))
                .collect(),
        }
    }

    /// The document as text, indented, ending in a line break.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn to_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[derive(Debug, Clone, Serialize)]
struct SideObject {
    ruleset: Option<String>,
    title: Option<String>,
    instrument: Option<String>,
    layers: Vec<String>,
}

impl SideObject {
    fn of(side: &Side<'_>, lang: Lang) -> Self {
        let set = side.layers.first();
        SideObject {
            ruleset: set.map(|set| set.id.to_string()),
            title: set.map(|set| set.title.get(lang).to_owned()),
            instrument: set.map(|set| set.instrument.clone()),
            layers: side.layers.iter().map(|set| set.id.to_string()).collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct CountsObject {
    added: usize,
    dropped: usize,
    tightened: usize,
    relaxed: usize,
    differs: usize,
    reworded: usize,
    same: usize,
}

impl CountsObject {
    fn of(diff: &Diff<'_>) -> Self {
        CountsObject {
            added: diff.count(DutyChange::Added),
            dropped: diff.count(DutyChange::Dropped),
            tightened: diff.count(DutyChange::Tightened),
            relaxed: diff.count(DutyChange::Relaxed),
            differs: diff.count(DutyChange::Differs),
            reworded: diff.count(DutyChange::Reworded),
            same: diff.count(DutyChange::Same),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct EntryObject {
    kind: &'static str,
    matched_by: Option<&'static str>,
    before: Option<NamedDuty>,
    after: Option<NamedDuty>,
    changes: Vec<ChangeObject>,
}

impl EntryObject {
    fn of(entry: &Entry<'_>, diff: &Diff<'_>, lang: Lang) -> Self {
        let (before, after) = (diff.before.vocabulary, diff.after.vocabulary);
        let changes = entry.changes.iter();
        EntryObject {
            kind: entry.kind.code(),
            matched_by: entry.matched.map(choucha_rules::diff::Match::code),
            before: entry.before.map(|duty| NamedDuty::of(duty, lang)),
            after: entry.after.map(|duty| NamedDuty::of(duty, lang)),
            changes: changes
                .map(|change| ChangeObject::of(change, before, after, lang))
                .collect(),
        }
    }
}
