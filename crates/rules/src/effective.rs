//! The duties in force on a day under a rule set and those it includes, each with the layers it came from.
//!
//! Terms: a *layer* is the rule set or one it includes; a duty *stands beside* those that refine it where they do not
//! cover it (see [`choucha_core::compare`]).
//!
//! Invariants: a layer that is not in force on the day adds nothing and replaces nothing; of a duty that is refined and
//! covered nothing is lost, because the refining duty demands as much.

use crate::rulebook::Rulebook;
use choucha_core::compare::{self, Comparison, World};
use choucha_core::obligation::{Force, Obligation, RuleSet};
use choucha_core::value::Day;

/// The duties in force.
#[derive(Debug)]
pub struct Effective<'a> {
    /// The rule set asked for.
    pub ruleset: &'a RuleSet,
    /// The day.
    pub day: Day,
    /// The rule set and those it includes, the nearest first, and whether each is in force on the day.
    pub layers: Vec<(&'a RuleSet, Force)>,
    /// The duties, in the order of the notice: the rule set's own, then the layers'.
    pub duties: Vec<EffectiveDuty<'a>>,
}

/// How a duty came to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The rule set's own, with nothing above it.
    Own,
    /// It refines one of a layer above.
    Refines,
    /// A layer above demands it and nothing nearer refines it.
    Inherited,
    /// A layer above demands it, and what refines it does not cover it.
    Beside,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Standing; 4] = [
        Standing::Own,
        Standing::Refines,
        Standing::Inherited,
        Standing::Beside,
    ];

    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Standing::Own => "own",
            Standing::Refines => "refines",
            Standing::Inherited => "inherited",
            Standing::Beside => "beside",
        }
    }
}

/// One duty in force.
#[derive(Debug)]
pub struct EffectiveDuty<'a> {
    /// The duty.
    pub obligation: &'a Obligation,
    /// How it came to be in force.
    pub standing: Standing,
    /// What it refines, the nearest first.
    pub refined: Vec<Refined<'a>>,
    /// The duties that refine it and do not cover it.
    pub refined_by: Vec<&'a Obligation>,
    /// For every part, or for the whole, the rule sets that demand it: its own first.
    pub parts: Vec<Vec<&'a RuleSet>>,
}

/// A duty of a layer above that another refines.
#[derive(Debug)]
pub struct Refined<'a> {
    /// The duty above.
    pub higher: &'a Obligation,
    /// How the refining duty stands to it.
    pub comparison: Comparison,
    /// Whether the refining duty stands in its place; else both are in force.
    pub replaced: bool,
}

impl<'a> Effective<'a> {
    /// The duties in force on a day under a rule set of the book.
    #[must_use]
    pub fn of(rulebook: &'a Rulebook, ruleset: &'a RuleSet, day: Day) -> Effective<'a> {
        let layers: Vec<(&RuleSet, Force)> = rulebook
            .layers(ruleset)
            .into_iter()
            .map(|set| (set, rulebook.in_force(set, day)))
            .collect();
        let in_force: Vec<&RuleSet> = layers
            .iter()
            .filter(|(_, force)| force.holds())
            .map(|(set, _)| *set)
            .collect();
        let gathering = Gathering {
            // What stages and exceptions mean is no matter of dates.
            world: World::new(layers.iter().map(|(set, _)| *set).collect()),
            uncovered: compare::uncovered(&in_force),
            layers: in_force,
        };
        let duties = gathering
            .layers
            .iter()
            .flat_map(|set| set.all_obligations().map(move |duty| (*set, duty)))
            .filter_map(|(set, duty)| gathering.duty(ruleset, set, duty))
            .collect();
        Effective {
            ruleset,
            day,
            layers,
            duties,
        }
    }

    /// The number of duties of a standing.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        let of = |duty: &&EffectiveDuty<'_>| duty.standing == standing;
        self.duties.iter().filter(of).count()
    }
}

struct Gathering<'a> {
    world: World<'a>,
    /// The layers in force, the nearest first.
    layers: Vec<&'a RuleSet>,
    uncovered: Vec<&'a Obligation>,
}

impl<'a> Gathering<'a> {
    fn duty(
        &self,
        asked: &RuleSet,
        set: &'a RuleSet,
        duty: &'a Obligation,
    ) -> Option<EffectiveDuty<'a>> {
        let all = self.layers.iter().flat_map(|set| set.all_obligations());
        let refined_by: Vec<&'a Obligation> = all
            .filter(|lower| {
                let link = lower.refines.as_ref();
                link.is_some_and(|link| link.id == duty.id) && !std::ptr::eq(*lower, duty)
            })
            .collect();
        let beside = self.is_uncovered(duty);
        if !refined_by.is_empty() && !beside {
            return None;
        }
        let refined = self.refined(duty);
        let standing = if beside {
            Standing::Beside
        } else if !refined.is_empty() {
            Standing::Refines
        } else if set.id == asked.id {
            Standing::Own
        } else {
            Standing::Inherited
        };
        Some(EffectiveDuty {
            parts: self.parts(set, duty, &refined),
            obligation: duty,
            standing,
            refined,
            refined_by,
        })
    }

    fn is_uncovered(&self, duty: &Obligation) -> bool {
        self.uncovered
            .iter()
            .any(|known| std::ptr::eq(*known, duty))
    }

    /// What a duty refines, and what that refines in turn.
    fn refined(&self, duty: &'a Obligation) -> Vec<Refined<'a>> {
        let mut found: Vec<Refined<'a>> = Vec::new();
        let mut at = duty;
        while let Some(higher) = at.refines.as_ref().and_then(|link| self.find(&link.id.0)) {
            let known = found.iter().any(|known| std::ptr::eq(known.higher, higher));
            if known || std::ptr::eq(higher, at) {
                break;
            }
            let lower = (&self.world, &[duty][..]);
            found.push(Refined {
                higher,
                comparison: compare::compare(lower, (&self.world, higher)),
                replaced: !self.is_uncovered(higher),
            });
            at = higher;
        }
        found
    }

    fn find(&self, id: &str) -> Option<&'a Obligation> {
        let mut all = self.layers.iter().flat_map(|set| set.all_obligations());
        all.find(|duty| duty.id.0 == id)
    }

    /// The rule sets that demand each part.
    fn parts(
        &self,
        set: &'a RuleSet,
        duty: &'a Obligation,
        refined: &[Refined<'a>],
    ) -> Vec<Vec<&'a RuleSet>> {
        let count = match &duty.requirement {
            choucha_core::obligation::Requirement::Parts(parts) => parts.len(),
            _ => 1,
        };
        let mut parts = vec![vec![set]; count];
        for above in refined {
            let layer = self
                .layers
                .iter()
                .find(|set| set.id == above.higher.ruleset);
            let shared = compare::shared((&self.world, duty), (&self.world, above.higher));
            for (part, shared) in parts.iter_mut().zip(shared) {
                part.extend(layer.filter(|_| shared));
            }
        }
        parts
    }
}
