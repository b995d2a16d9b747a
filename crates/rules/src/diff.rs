//! Compares two rule sets: duties added, dropped, tightened, relaxed, reworded or different.
//!
//! Terms: the *before* side is the old rule set, the *after* side the new one. Two duties are *matched* if they are the
//! same duty in two versions: by id, by refining the same duty above, by equal demands, or by similar clauses or facts.
//!
//! Invariants: every duty of either side is in exactly one entry; a duty called tightened is proved to demand as much
//! (see [`choucha_core::compare`]).

mod matching;

pub use matching::Match;

use choucha_core::compare::{self, Change, Class, Said, World};
use choucha_core::effective::Effective;
use choucha_core::obligation::{Obligation, RuleSet};
use choucha_core::period::Limit;
use choucha_core::value::Day;
use choucha_core::vocabulary::Vocabulary;

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// The rule set and those it includes, the nearest first.
    pub layers: Vec<&'a RuleSet>,
    /// The vocabulary its expressions read.
    pub vocabulary: &'a Vocabulary,
}

impl<'a> Side<'a> {
    fn world(&self) -> World<'a> {
        World::speaking(self.layers.clone(), self.vocabulary)
    }

    /// The duties to compare: all in force, or only the rule set's own.
    pub fn duties(&self, reach: Reach) -> Vec<&'a Obligation> {
        let layers = match reach {
            Reach::Own => self.layers.get(..1).unwrap_or_default(),
            Reach::Effective => self.layers.as_slice(),
        };
        let layers = layers.split_first();
        layers.map_or_else(Vec::new, |(own, included)| {
            Effective::of(own, included, None).standing()
        })
    }
}

/// Which duties to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All in force under the rule set, those of included rule sets too.
    Effective,
    /// Only those it declares itself.
    Own,
}

choucha_core::coded! {
    /// How a duty changed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DutyChange {
        /// Only on the after side.
        Added = "added", "新增", "added";
        /// Only on the before side.
        Dropped = "dropped", "取消", "dropped";
        /// It demands more in something, and less in nothing.
        Tightened = "tightened", "更严", "tightened";
        /// It demands less in something.
        Relaxed = "relaxed", "放宽", "relaxed";
        /// It demands something else, or has another bearer.
        Differs = "differs", "不同", "differs";
        /// It demands the same in other words.
        Reworded = "reworded", "仅措辞不同", "reworded";
        /// Unchanged.
        Same = "same", "相同", "same";
    }
}

/// A duty of one side, or a matched pair.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// How it changed.
    pub kind: DutyChange,
    /// The duty before; `None` if added.
    pub before: Option<&'a Obligation>,
    /// The duty after; `None` if dropped.
    pub after: Option<&'a Obligation>,
    /// How they were matched.
    pub matched: Option<Match>,
    /// The differences: `lower` is the after side, `higher` the before side.
    pub changes: Vec<Change>,
}

/// The comparison of two rule sets.
#[derive(Debug, Clone)]
pub struct Diff<'a> {
    /// The old rule set.
    pub before: Side<'a>,
    /// The new rule set.
    pub after: Side<'a>,
    /// Which duties were compared.
    pub reach: Reach,
    /// All duties: by kind, and within a kind in the order of the after side, then of the before side.
    pub entries: Vec<Entry<'a>>,
}

impl<'a> Diff<'a> {
    /// Compares two rule sets.
    #[must_use]
    pub fn of(before: Side<'a>, after: Side<'a>, reach: Reach) -> Diff<'a> {
        let (old, new) = (before.duties(reach), after.duties(reach));
        let (from, to) = (before.world(), after.world());
        let pairs = matching::pairs((&from, &before, &old), (&to, &after, &new));
        let sets = (
            before.layers.first().copied(),
            after.layers.first().copied(),
        );
        let mut entries: Vec<Entry<'a>> = new
            .iter()
            .map(|duty| {
                let pair = pairs.iter().find(|pair| std::ptr::eq(pair.1, *duty));
                match pair {
                    Some((before, after, matched)) => {
                        matched_entry((&from, before), (&to, after), *matched, sets)
                    }
                    None => lone(None, Some(duty)),
                }
            })
            .collect();
        let paired = |duty: &Obligation| pairs.iter().any(|pair| std::ptr::eq(pair.0, duty));
        let dropped = old.iter().filter(|duty| !paired(duty));
        entries.extend(dropped.map(|duty| lone(Some(duty), None)));
        entries.sort_by_key(|entry| entry.kind);
        Diff {
            before,
            after,
            reach,
            entries,
        }
    }

    /// The number of entries of a kind.
    #[must_use]
    pub fn count(&self, kind: DutyChange) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .count()
    }

    /// Whether nothing changed, not even the wording.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.entries
            .iter()
            .all(|entry| entry.kind == DutyChange::Same)
    }
}

fn lone<'a>(before: Option<&'a Obligation>, after: Option<&'a Obligation>) -> Entry<'a> {
    Entry {
        kind: match after {
            Some(_) => DutyChange::Added,
            None => DutyChange::Dropped,
        },
        before,
        after,
        matched: None,
        changes: Vec::new(),
    }
}

fn matched_entry<'a>(
    (from, before): (&World<'a>, &'a Obligation),
    (to, after): (&World<'a>, &'a Obligation),
    matched: Match,
    (from_set, to_set): (Option<&RuleSet>, Option<&RuleSet>),
) -> Entry<'a> {
    let (kind, changes) = if std::ptr::eq(before, after) {
        (DutyChange::Same, Vec::new())
    } else {
        let mut found = compare::compare((to, &[after]), (from, before));
        for change in &mut found.changes {
            if is_of_another_year(change, from_set, to_set) {
                change.class = Class::Differs;
            }
        }
        let kind = match found.class() {
            Class::Tightened => DutyChange::Tightened,
            Class::Relaxed => DutyChange::Relaxed,
            Class::Differs => DutyChange::Differs,
            Class::Same if is_worded_alike(before, after) => DutyChange::Same,
            Class::Same => DutyChange::Reworded,
        };
        (kind, found.changes)
    };
    Entry {
        kind,
        before: Some(before),
        after: Some(after),
        matched: Some(matched),
        changes,
    }
}

/// Whether two fixed days belong to the schedules of campaigns in different years, so that comparing them means
/// nothing.
fn is_of_another_year(change: &Change, from: Option<&RuleSet>, to: Option<&RuleSet>) -> bool {
    let fixed = |said: &Said| {
        matches!(
            said,
            Said::Time {
                limit: Limit::By(_),
                ..
            }
        )
    };
    // The year of the work; for a notice without a schedule, the year it came into force.
    let year = |set: Option<&RuleSet>| {
        let set = set?;
        let schedule = set.schedule.and_then(|days| days.from.or(days.until));
        schedule.or(set.from).map(Day::year)
    };
    fixed(&change.lower) && fixed(&change.higher) && year(from) != year(to)
}

/// Whether both have the same title and quote the same words, from whichever instrument.
fn is_worded_alike(before: &Obligation, after: &Obligation) -> bool {
    let words = |duty: &Obligation| {
        let mut all: Vec<String> = duty
            .all_citations()
            .map(|cited| cited.quote.clone())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    before.title == after.title && words(before) == words(after)
}
