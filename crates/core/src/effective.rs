//! The duties in force on a day under a rule set and those it includes, each with the layers it comes from.
//!
//! Terms: a *layer* is the rule set or one it includes; a duty *stands beside* the duties that refine it if they do not
//! cover it (see [`crate::compare`]).
//!
//! Invariants: a layer that is not in force on the day adds nothing and replaces nothing; a refined and covered duty
//! loses nothing, because the refining duty demands as much. Only this module decides which duties stand: the graph,
//! lists of duties in force and comparisons of rule sets all use it.

use crate::compare::{self, Comparison, World};
use crate::obligation::{Force, Obligation, Requirement, RuleSet};
use crate::value::Day;

/// The layers and duties in force.
#[derive(Debug)]
pub struct Effective<'a> {
    /// The requested rule set.
    pub ruleset: &'a RuleSet,
    /// The rule set and those it includes, the nearest first, and whether each is in force.
    pub layers: Vec<(&'a RuleSet, Force)>,
    /// The refined duties that stand beside those that refine them.
    beside: Vec<&'a Obligation>,
}

coded! {
    /// Why a duty is in force.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Standing {
        /// The rule set declares it, and it refines nothing.
        Own = "own";
        /// It refines a duty of a layer above.
        Refines = "refines";
        /// A layer above declares it and nothing nearer refines it.
        Inherited = "inherited";
        /// A layer above declares it, and the duties that refine it do not cover it.
        Beside = "beside";
    }
}

/// One duty in force.
#[derive(Debug)]
pub struct EffectiveDuty<'a> {
    /// The duty.
    pub obligation: &'a Obligation,
    /// Why it is in force.
    pub standing: Standing,
    /// The duties it refines, the nearest first.
    pub refined: Vec<Refined<'a>>,
    /// The duties that refine it and do not cover it.
    pub refined_by: Vec<&'a Obligation>,
    /// For every part, or for the whole, the rule sets that demand it; its own first.
    pub parts: Vec<Vec<&'a RuleSet>>,
}

impl EffectiveDuty<'_> {
    /// How many of the duties have this standing.
    #[must_use]
    pub fn count(duties: &[Self], standing: Standing) -> usize {
        let of = |duty: &&Self| duty.standing == standing;
        duties.iter().filter(of).count()
    }
}

/// A higher duty that another refines.
#[derive(Debug)]
pub struct Refined<'a> {
    /// The higher duty.
    pub higher: &'a Obligation,
    /// The comparison of the refining duty with it.
    pub comparison: Comparison,
    /// Whether the refining duty replaces it; otherwise both are in force.
    pub replaced: bool,
}

impl<'a> Effective<'a> {
    /// The duties in force on a day under a rule set and those it includes, the nearest first; without a day, every
    /// layer is in force.
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

    /// The refined duties that stand beside those that refine them.
    pub fn beside(&self) -> impl Iterator<Item = &'a Obligation> {
        self.beside.iter().copied()
    }

    /// The duties in force, in the order of the notice: the rule set's own, then those of the layers.
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

    /// The duties in force, in the same order, each with why it is in force.
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
            // What stages and exceptions mean does not depend on dates.
            world: World::new(effective.layers.iter().map(|(set, _)| *set).collect()),
            layers: effective.in_force(),
            uncovered: effective.beside.clone(),
        }
    }

    /// The duties in force that refine a duty directly.
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

    /// The duties a duty refines, directly and in turn.
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
