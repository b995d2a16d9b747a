//! What changes from one rule set to another: duties added, dropped, tightened, relaxed, reworded, unlike.
//!
//! Terms: the *before* side is the rule set compared from, the *after* side the one compared to. Two duties are *matched*
//! where they are one duty in two wordings: by id, by refining one duty above, by demanding the same, or because their
//! clauses or the facts they read are alike.
//!
//! Invariants: every duty of either side is in exactly one entry; what is called tightened is proved to demand as much
//! (see [`choucha_core::compare`]).

mod matching;

pub use matching::Match;

use choucha_core::compare::{self, Change, Class, Said, World};
use choucha_core::effective::Effective;
use choucha_core::lang::Text;
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

    /// The duties compared: in force, or the rule set's own only.
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

/// Which duties are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All that are in force under the rule set, those of the rule sets it includes among them.
    Effective,
    /// Those it declares itself.
    Own,
}

/// What became of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyChange {
    /// It is not on the before side.
    Added,
    /// It is not on the after side.
    Dropped,
    /// It demands more, and nothing less.
    Tightened,
    /// It demands less, in something at least.
    Relaxed,
    /// It demands something else, or of somebody else.
    Differs,
    /// It demands the same in other words.
    Reworded,
    /// Nothing.
    Same,
}

impl DutyChange {
    /// Every kind, in the order reported.
    pub const ALL: [DutyChange; 7] = [
        DutyChange::Added,
        DutyChange::Dropped,
        DutyChange::Tightened,
        DutyChange::Relaxed,
        DutyChange::Differs,
        DutyChange::Reworded,
        DutyChange::Same,
    ];

    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            DutyChange::Added => "added",
            DutyChange::Dropped => "dropped",
            DutyChange::Tightened => "tightened",
            DutyChange::Relaxed => "relaxed",
            DutyChange::Differs => "differs",
            DutyChange::Reworded => "reworded",
            DutyChange::Same => "same",
        }
    }

    /// The label.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            DutyChange::Added => Text::new("新增", "added"),
            DutyChange::Dropped => Text::new("取消", "dropped"),
            DutyChange::Tightened => Text::new("更严", "tightened"),
            DutyChange::Relaxed => Text::new("放宽", "relaxed"),
            DutyChange::Differs => Text::new("不同", "differs"),
            DutyChange::Reworded => Text::new("仅措辞不同", "reworded"),
            DutyChange::Same => Text::new("相同", "same"),
        }
    }
}

/// One duty of either side, or one of both.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// What became of it.
    pub kind: DutyChange,
    /// The duty before; none of one that is added.
    pub before: Option<&'a Obligation>,
    /// The duty after; none of one that is dropped.
    pub after: Option<&'a Obligation>,
    /// How they were matched.
    pub matched: Option<Match>,
    /// What differs: `lower` is the after side, `higher` the before side.
    pub changes: Vec<Change>,
}

/// The difference of two rule sets.
#[derive(Debug, Clone)]
pub struct Diff<'a> {
    /// Compared from.
    pub before: Side<'a>,
    /// Compared to.
    pub after: Side<'a>,
    /// Which duties were compared.
    pub reach: Reach,
    /// Every duty: by kind, and within a kind in the order of the after side, then of the before side.
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

    /// Whether nothing differs, not even a word.
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

/// Whether two fixed days belong to the schedules of campaigns of different years: that the one is later says nothing.
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
    // The year of the work; a notice that gives its work no days is of the year it came into force.
    let year = |set: Option<&RuleSet>| {
        let set = set?;
        let schedule = set.schedule.and_then(|days| days.from.or(days.until));
        schedule.or(set.from).map(Day::year)
    };
    fixed(&change.lower) && fixed(&change.higher) && year(from) != year(to)
}

/// Whether both have one title and rest on the same words, whichever instrument has them.
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
