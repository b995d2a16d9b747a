//! Pairs the demands of two duties and reports how each pair differs.

use super::demand::{Demand, What, counted, starts_within};
use super::formula::Formula;
use super::proof::Prover;
use super::{Aspect, Change, Class, limit};
use crate::expr::Expr;
use crate::source::Span;
use crate::vocabulary::FactId;

/// The class of two things, given whether each follows from the other.
fn class(lower_is_as_strict: bool, higher_is_as_strict: bool) -> Class {
    match (lower_is_as_strict, higher_is_as_strict) {
        (true, true) => Class::Same,
        (true, false) => Class::Tightened,
        (false, true) => Class::Relaxed,
        (false, false) => Class::Differs,
    }
}

/// Pairs the demands of the two sides that are not covered.
pub(super) struct Pairing<'p, 'w, 'a> {
    pub(super) prover: Prover<'w, 'a>,
    pub(super) lower: &'p [Demand<'a>],
    pub(super) higher: &'p [Demand<'a>],
}

impl<'p, 'a> Pairing<'p, '_, 'a> {
    pub(super) fn counterpart_of_higher(&self, demand: &Demand<'a>) -> Option<&'p Demand<'a>> {
        best(self.lower, |other| self.likeness(other, demand))
    }

    pub(super) fn counterpart_of_lower(&self, demand: &Demand<'a>) -> Option<&'p Demand<'a>> {
        best(self.higher, |other| self.likeness(demand, other))
    }

    /// How clearly two demands concern the same thing; 0 if they do not.
    fn likeness(&self, lower: &Demand<'a>, higher: &Demand<'a>) -> usize {
        let same = |a: &Expr, b: &Expr| self.prover.same(b, a, &[]);
        let about = match (lower.what, higher.what) {
            (What::Time(own), What::Time(other)) => 4 * usize::from(same(&own.act, &other.act)),
            (What::Holds(own, _), What::Holds(other, _)) => match (counted(own), counted(other)) {
                (Some(own), Some(other)) if same(own, other) => 4,
                _ if same(own, other) => 4,
                _ if shares(self.prover, own, other) => 2,
                _ => 0,
            },
            (What::Time(own), What::Holds(other, _)) => {
                usize::from(shares(self.prover, &own.act, other))
            }
            (What::Holds(own, _), What::Time(other)) => {
                usize::from(shares(self.prover, own, &other.act))
            }
        };
        let coded = lower.code().is_some() && lower.code() == higher.code();
        let has = |all: &[Demand<'a>], code: Option<&str>| {
            code.is_some() && all.iter().any(|demand| demand.code() == code)
        };
        if !coded && (has(self.higher, lower.code()) || has(self.lower, higher.code())) {
            // By its code, one of them belongs to another part.
            return 0;
        }
        let single = self.lower.len() == 1 && self.higher.len() == 1;
        match (about, coded) {
            (0, true) => 3,
            (0, false) => usize::from(single && shape(lower) == shape(higher)),
            (about, coded) => about * 2 + usize::from(coded),
        }
    }
}

/// The shape of a demand: whether it has a time limit.
fn shape(demand: &Demand<'_>) -> bool {
    matches!(demand.what, What::Time(_))
}

fn shares(prover: Prover<'_, '_>, own: &Expr, other: &Expr) -> bool {
    let (own, other) = (own.facts(), other.facts());
    own.iter()
        .any(|own| other.iter().any(|other| prover.same_fact(*other, *own)))
}

/// The most alike; the first of several equals.
fn best<'p, 'a>(
    of: &'p [Demand<'a>],
    likeness: impl Fn(&&'p Demand<'a>) -> usize,
) -> Option<&'p Demand<'a>> {
    let mut best = None;
    let mut most = 0;
    for demand in of {
        let alike = likeness(&demand);
        if alike > most {
            (best, most) = (Some(demand), alike);
        }
    }
    best
}

/// Whether the demands of the right world together read every fact that a demand of the left reads, and so might
/// include it.
pub(super) fn reads_all(
    prover: Prover<'_, '_>,
    offered: &[Demand<'_>],
    asked: &Demand<'_>,
) -> bool {
    let facts = |demand: &Demand<'_>| -> Vec<FactId> {
        match demand.what {
            What::Holds(expr, _) => expr.facts(),
            What::Time(deadline) => deadline.reads().flat_map(Expr::facts).collect(),
        }
    };
    let read: Vec<FactId> = offered.iter().flat_map(facts).collect();
    let is_read = |fact: &FactId| read.iter().any(|own| prover.same_fact(*fact, *own));
    facts(asked).iter().all(is_read)
}

/// The differences between two demands about the same thing.
pub(super) fn compare_pair<'a>(
    prover: Prover<'_, 'a>,
    lower: &Demand<'a>,
    higher: &Demand<'a>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let (up, down) = (higher.applies(prover), lower.applies(prover.back()));
    let wider = prover.follows(vec![up.clone()], vec![down.clone()], &[]);
    let narrower = prover.back().follows(vec![down], vec![up], &[]);
    let arises = class(wider, narrower);
    if arises != Class::Same {
        // A difference of the whole duties is reported once, not for every part.
        let in_parts = |demand: &Demand<'a>| demand.part.is_some_and(|part| part.when.is_some());
        let of_part = in_parts(lower) || in_parts(higher);
        changes.push(Change {
            aspect: Aspect::Condition,
            class: arises,
            part: higher.title().filter(|_| of_part),
            lower: lower.when(prover.back()),
            higher: higher.when(prover),
            lower_at: condition_at(lower, of_part),
            higher_at: condition_at(higher, of_part),
        });
    }
    let (aspect, asks) = match (lower.what, higher.what) {
        (What::Holds(own, is), What::Holds(other, must)) => {
            let (own, other) = (Formula::Expr(own, is), Formula::Expr(other, must));
            let as_strict = prover
                .back()
                .follows(vec![own.clone()], vec![other.clone()], &[]);
            let no_stricter = prover.follows(vec![other], vec![own], &[]);
            (
                higher.aspect().max(lower.aspect()),
                class(as_strict, no_stricter),
            )
        }
        (What::Time(own), What::Time(other)) => {
            // A notice that gives the number demands more than 及时, whatever day either runs from.
            let as_strict = limit::fills(own.limit, other.limit)
                || (starts_within(prover, own, other) && limit::is_within(own.limit, other.limit));
            let no_stricter = limit::fills(other.limit, own.limit)
                || (starts_within(prover.back(), other, own)
                    && limit::is_within(other.limit, own.limit));
            if !prover.same(&other.act, &own.act, &[]) {
                changes.push(Change {
                    aspect: Aspect::Demand,
                    class: Class::Differs,
                    part: higher.title().or_else(|| lower.title()),
                    lower: lower.said(),
                    higher: higher.said(),
                    lower_at: lower.at(),
                    higher_at: higher.at(),
                });
            }
            (Aspect::Deadline, class(as_strict, no_stricter))
        }
        // A time limit for the act instead of the act itself, or the reverse.
        (What::Time(_), What::Holds(..)) | (What::Holds(..), What::Time(_)) => {
            (Aspect::Deadline, Class::Differs)
        }
    };
    if asks != Class::Same {
        changes.push(Change {
            aspect,
            class: asks,
            part: higher.title().or_else(|| lower.title()),
            lower: lower.said(),
            higher: higher.said(),
            lower_at: lower.at(),
            higher_at: higher.at(),
        });
    }
    changes
}

fn condition_at(demand: &Demand<'_>, of_part: bool) -> Span {
    let part = demand
        .part
        .filter(|_| of_part)
        .and_then(|part| part.when.as_ref());
    let when = part.or(demand.duty.when.as_ref());
    let after = demand.duty.after.first().map(|link| &link.at);
    when.and_then(Expr::at)
        .or(after)
        .unwrap_or(&demand.duty.at)
        .clone()
}
