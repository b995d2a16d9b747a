//! The duties in force on a day under a rule set and those it includes, each with the layers it came from.
//!
//! Terms: a *layer* is the rule set or one it includes; a duty *stands beside* those that refine it where they do not
//! cover it (see [`crate::compare`]).
//!
//! Invariants: a layer that is not in force on the day adds nothing and replaces nothing; nothing is lost of a duty that is
//! refined and covered, because the refining duty demands as much. What stands is decided here alone: the graph, lists of
//! duties in force and comparisons of rule sets ask here.

use crate::compare::{self, Comparison, World};
use crate::obligation::{Force, Obligation, Requirement, RuleSet};
use crate::value::Day;

/// What is in force.
#[derive(Debug)]
pub struct Effective<'a> {
    /// The rule set asked for.
    pub ruleset: &'a RuleSet,
    /// The rule set and those it includes, the nearest first, and whether each is in force.
    pub layers: Vec<(&'a RuleSet, Force)>,
    /// The duties that are refined and stand beside those that refine them.
    beside: Vec<&'a Obligation>,
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

impl EffectiveDuty<'_> {
    /// How many of them have a standing.
    #[must_use]
    pub fn count(duties: &[Self], standing: Standing) -> usize {
        let of = |duty: &&Self| duty.standing == standing;
        duties.iter().filter(of).count()
    }
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
    /// What is in force under a rule set and those it includes, the nearest first, on a day; without a day, every layer is.
    #[must_use]
    pub fn of(ruleset: &'a RuleSet, included: &[&'a RuleSet], day: Option<Day>) -> Effective<'a> {
        let force = |set: &RuleSet| day.map_or(Force::InForce, |day| set.in_force(day));
        let layers = std::iter::once(ruleset).chain(included.iter().copied());
        let mut effective = Effective {
            ruleset,
            layers: layers.map(|set| (set, force(set))).collect(),
            beside: Vec::new(),
        };
        effective.beside = compare::uncovered(&effective.in_force());
        effective
    }

    /// The layers in force, the nearest first.
    fn in_force(&self) -> Vec<&'a RuleSet> {
        let in_force = self.layers.iter().filter(|(_, force)| force.holds());
        in_force.map(|(set, _)| *set).collect()
    }

    /// The duties that are refined and stand all the same, beside those that refine them.
    pub fn beside(&self) -> impl Iterator<Item = &'a Obligation> {
        self.beside.iter().copied()
    }

    /// The duties in force, in the order of the notice: the rule set's own, then the layers'.
    #[must_use]
    pub fn standing(&self) -> Vec<&'a Obligation> {
        let gathering = Gathering::of(self);
        let all = gathering
            .layers
            .iter()
            .flat_map(|set| set.all_obligations());
        let stands = |duty: &&Obligation| gathering.stands(duty, &gathering.refined_by(duty));
        all.filter(stands).collect()
    }

    /// The same, each with how it came to be in force.
    #[must_use]
    pub fn duties(&self) -> Vec<EffectiveDuty<'a>> {
        let gathering = Gathering::of(self);
        let declared = gathering.layers.iter().flat_map(|set| {
            let duties = set.all_obligations();
            duties.map(move |duty| (*set, duty))
        });
        declared
            .filter_map(|(set, duty)| gathering.duty(self.ruleset, set, duty))
            .collect()
    }
}

struct Gathering<'a> {
    world: World<'a>,
    /// The layers in force, the nearest first.
    layers: Vec<&'a RuleSet>,
    uncovered: Vec<&'a Obligation>,
}

impl<'a> Gathering<'a> {
    fn of(effective: &Effective<'a>) -> Gathering<'a> {
        Gathering {
            // What stages and exceptions mean is no matter of dates.
            world: World::new(effective.layers.iter().map(|(set, _)| *set).collect()),
            layers: effective.in_force(),
            uncovered: effective.beside.clone(),
        }
    }

    /// The duties in force that refine one directly.
    fn refined_by(&self, duty: &Obligation) -> Vec<&'a Obligation> {
        let all = self.layers.iter().flat_map(|set| set.all_obligations());
        let refines = |lower: &&'a Obligation| {
            let link = lower.refines.as_ref();
            link.is_some_and(|link| link.id == duty.id) && !std::ptr::eq(*lower, duty)
        };
        all.filter(refines).collect()
    }

    fn stands(&self, duty: &Obligation, refined_by: &[&Obligation]) -> bool {
        refined_by.is_empty() || self.is_uncovered(duty)
    }

    fn duty(
        &self,
        asked: &RuleSet,
        set: &'a RuleSet,
        duty: &'a Obligation,
    ) -> Option<EffectiveDuty<'a>> {
        let refined_by = self.refined_by(duty);
        if !self.stands(duty, &refined_by) {
            return None;
        }
        let refined = self.refined(duty);
        let standing = if self.is_uncovered(duty) {
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
            Requirement::Parts(parts) => parts.len(),
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
