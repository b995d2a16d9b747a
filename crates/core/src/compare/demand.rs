//! Splits duties into their demands, and decides whether one set of demands covers another's demand.

use super::formula::Formula;
use super::proof::Prover;
use super::{Aspect, Said, limit};
use crate::expr::{Comparison as Operator, Expr, ExprKind};
use crate::lang::Text;
use crate::obligation::{Deadline, Obligation, Part, Requirement};
use crate::source::Span;
use crate::value::Value;

/// One thing a duty requires.
#[derive(Clone)]
pub(super) struct Demand<'a> {
    pub(super) duty: &'a Obligation,
    pub(super) part: Option<&'a Part>,
    pub(super) what: What<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    /// The expression must hold (`true`), or must not.
    Holds(&'a Expr, bool),
    Time(&'a Deadline),
}

/// The demands of a duty, with conjunctions taken apart.
pub(super) fn demands(duty: &Obligation) -> Vec<Demand<'_>> {
    let mut found = Vec::new();
    match &duty.requirement {
        Requirement::Parts(parts) => {
            for part in parts {
                collect(duty, Some(part), &part.requirement, &mut found);
            }
        }
        single => collect(duty, None, single, &mut found),
    }
    found
}

fn collect<'a>(
    duty: &'a Obligation,
    part: Option<&'a Part>,
    requirement: &'a Requirement,
    found: &mut Vec<Demand<'a>>,
) {
    match requirement {
        Requirement::Must(expr) => each(duty, part, expr, true, found),
        Requirement::MustNot(expr) => each(duty, part, expr, false, found),
        Requirement::Deadline(deadline) => found.push(Demand {
            duty,
            part,
            what: What::Time(deadline),
        }),
        // Parts cannot contain parts.
        Requirement::Parts(_) => {}
    }
}

fn each<'a>(
    duty: &'a Obligation,
    part: Option<&'a Part>,
    expr: &'a Expr,
    holds: bool,
    found: &mut Vec<Demand<'a>>,
) {
    match (expr.kind(), holds) {
        (ExprKind::Not(inner), _) => each(duty, part, inner, !holds, found),
        (ExprKind::All(items), true) | (ExprKind::Any(items), false) => {
            for item in items {
                each(duty, part, item, holds, found);
            }
        }
        _ => found.push(Demand {
            duty,
            part,
            what: What::Holds(expr, holds),
        }),
    }
}

impl<'a> Demand<'a> {
    /// When it is demanded, as a formula of the left world of `prover`.
    pub(super) fn applies(&self, prover: Prover<'_, 'a>) -> Formula<'a> {
        let duty = prover.left.applies(self.duty);
        match self.part.and_then(|part| part.when.as_ref()) {
            Some(when) => Formula::All(vec![duty, Formula::Expr(when, true)]),
            None => duty,
        }
    }

    pub(super) fn title(&self) -> Option<Text> {
        self.part.map(|part| part.title.clone())
    }

    pub(super) fn code(&self) -> Option<&'a str> {
        self.part.map(|part| part.code.as_str())
    }

    pub(super) fn at(&self) -> Span {
        let own = match self.what {
            What::Holds(expr, _) => expr.at(),
            What::Time(deadline) => deadline.act.at(),
        };
        own.unwrap_or(&self.duty.at).clone()
    }

    pub(super) fn said(&self) -> Said {
        match self.what {
            What::Holds(expr, holds) => Said::Holds(expr.clone(), holds),
            What::Time(deadline) => Said::Time {
                act: deadline.act.clone(),
                since: deadline.since.clone(),
                limit: deadline.limit,
            },
        }
    }

    pub(super) fn when(&self, prover: Prover<'_, 'a>) -> Said {
        let conditions = self
            .duty
            .when
            .iter()
            .chain(self.part.and_then(|part| part.when.as_ref()));
        Said::When(
            prover.left.titles(&self.duty.after),
            conditions.cloned().collect(),
        )
    }

    pub(super) fn aspect(&self) -> Aspect {
        match self.what {
            What::Time(_) => Aspect::Deadline,
            What::Holds(expr, _) => match counted(expr) {
                Some(_) => Aspect::Count,
                None => Aspect::Demand,
            },
        }
    }
}

/// For each part of the duty of the right world, or for the whole: whether the duty of the left world demands it too.
pub(super) fn shared<'a>(
    prover: Prover<'_, 'a>,
    lower: &'a Obligation,
    higher: &'a Obligation,
) -> Vec<bool> {
    let (own, other) = (demands(lower), demands(higher));
    let is_shared = |part: Option<&Part>| {
        let same = |a: Option<&Part>, b: Option<&Part>| match (a, b) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (None, None) => true,
            _ => false,
        };
        own.iter()
            .filter(|demand| same(demand.part, part))
            .all(|demand| covers(prover.back(), &other, demand))
    };
    match &lower.requirement {
        Requirement::Parts(parts) => parts.iter().map(|part| is_shared(Some(part))).collect(),
        _ => vec![is_shared(None)],
    }
}

/// What a condition counts, or the fact whose number it limits.
pub(super) fn counted(expr: &Expr) -> Option<&Expr> {
    match expr.kind() {
        ExprKind::Compare(op, operand, limit) => match (operand.kind(), limit.kind()) {
            (
                ExprKind::Count(_) | ExprKind::CountWhere(..) | ExprKind::Sum(..),
                ExprKind::Constant(_),
            ) => Some(operand),
            (_, ExprKind::Constant(Value::Int(_) | Value::Decimal(_))) if *op != Operator::Ne => {
                Some(operand)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether the demands of the right world, one or several together, require at least what a demand of the left world
/// requires, whenever that applies.
pub(super) fn covers<'a>(
    prover: Prover<'_, 'a>,
    offered: &[Demand<'a>],
    asked: &Demand<'a>,
) -> bool {
    let stands = |demand: &Demand<'a>| {
        let applies = asked.applies(prover);
        prover.follows(vec![applies], vec![demand.applies(prover.back())], &[])
    };
    // A duty that sets a day states itself, part by part, which acts it concerns.
    let arises = |demand: &Demand<'a>| {
        let applies = vec![asked.applies(prover)];
        prover.follows(applies, vec![prover.right.applies(demand.duty)], &[])
    };
    match asked.what {
        What::Time(deadline) => offered.iter().any(|demand| match demand.what {
            What::Time(own) => {
                (is_timed_within(prover, own, deadline) && stands(demand))
                    || (fills(prover, own, deadline) && arises(demand))
            }
            What::Holds(..) => false,
        }),
        What::Holds(expr, holds) => {
            let wanted = || vec![Formula::Expr(expr, holds)];
            // A notice usually repeats the part in its own words, and then no other part need be considered.
            let code = |demand: &Demand<'a>| demand.part.map(|part| part.code.as_str());
            let namesakes = offered.iter().filter(|demand| code(demand) == code(asked));
            let repeated = namesakes.into_iter().any(|demand| match demand.what {
                What::Holds(own, own_holds) => {
                    let own = vec![Formula::Expr(own, own_holds)];
                    prover.back().follows(own, wanted(), &[]) && stands(demand)
                }
                What::Time(_) => false,
            });
            if repeated {
                return true;
            }
            let all: Vec<Formula<'a>> = offered
                .iter()
                .filter(|demand| stands(demand))
                .filter_map(|demand| match demand.what {
                    What::Holds(expr, holds) => Some(Formula::Expr(expr, holds)),
                    What::Time(_) => None,
                })
                .collect();
            prover.back().follows(all, wanted(), &[])
        }
    }
}

/// Whether an act of the right world is due no later than the same act of the left.
fn is_timed_within(prover: Prover<'_, '_>, own: &Deadline, other: &Deadline) -> bool {
    starts_within(prover, own, other)
        && prover.same(&other.act, &own.act, &[])
        && limit::is_within(own.limit, other.limit)
}

/// Whether the right world sets the day of an act that the left requires promptly (及时), from whatever day it counts.
fn fills(prover: Prover<'_, '_>, own: &Deadline, other: &Deadline) -> bool {
    limit::fills(own.limit, other.limit) && prover.same(&other.act, &own.act, &[])
}

/// Whether the time of the right world runs from the same day as that of the left, and not from an additional later day
/// that the left does not have. What is late by the first day alone is then late at least as often.
pub(super) fn starts_within(prover: Prover<'_, '_>, own: &Deadline, other: &Deadline) -> bool {
    let later = match (&own.or_since, &other.or_since) {
        (None, _) => true,
        (Some(own), Some(other)) => prover.same(&other.since, &own.since, &[]),
        (Some(_), None) => false,
    };
    later && is_one_start(prover, own, other)
}

/// Whether both times run from the same day, or both from none.
fn is_one_start(prover: Prover<'_, '_>, own: &Deadline, other: &Deadline) -> bool {
    match (&own.since, &other.since) {
        (Some(own), Some(other)) => prover.same(other, own, &[]),
        (None, None) => true,
        _ => false,
    }
}
