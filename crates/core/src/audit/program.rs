//! The obligations in force, laid out for the pass over every case: one step after another, each with what it reads,
//! without the texts that only a report needs.

use crate::expr::{Condition, Reading};
use crate::graph::{At, Graph, Plan, Step, What};
use crate::obligation::{Deadline, Obligation, Part, Requirement};
use crate::period::Limit;

use super::verdict::State;

/// The steps of a plan, ready for the walk.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Prepared>,
    /// The states of a case that reaches no step.
    pub(super) unreached: Vec<State>,
}

/// One step. Every case walks over all steps, so the rarer attributes are stored in [`More`].
#[derive(Debug)]
pub(super) struct Prepared {
    /// The condition under which it is reached, holds or arises; `None` means always.
    pub(super) when: Option<Condition>,
    /// What an obligation demands; `None` for a stage or an exception, which is only a condition.
    pub(super) demand: Option<Demand>,
    /// The first step it comes after; most steps come after only one.
    pub(super) after: Option<At>,
    /// How many consecutive steps, from this one on, come after the same step: if it is not reached, all are skipped
    /// together.
    pub(super) alike: u32,
    pub(super) more: Option<Box<More>>,
}

/// The rarer attributes of a step.
#[derive(Debug, Default)]
pub(super) struct More {
    /// The steps it comes after, except the first.
    pub(super) after: Box<[At]>,
    pub(super) triggered_by: Box<[At]>,
    /// The exceptions that defeat it.
    pub(super) unless: Box<[At]>,
    pub(super) remedies: Option<At>,
    /// The circumstances in which a person must judge a breach.
    pub(super) review: Box<[Condition]>,
    /// Whether it is a remedy that excuses the breach.
    pub(super) excuses: bool,
    /// Whether it is a right that lapses.
    pub(super) lapses: bool,
}

/// What an obligation, or a part of one, demands.
#[derive(Debug)]
pub(super) enum Demand {
    Must(Condition),
    MustNot(Condition),
    Deadline(Box<Timely>),
    Parts(Box<[Share]>),
}

#[derive(Debug)]
pub(super) struct Timely {
    pub(super) act: Reading,
    pub(super) since: Option<Reading>,
    pub(super) limit: Limit,
    /// Another day the time may run from.
    pub(super) or_since: Option<Reading>,
    /// Whether the act cannot come before the starting day.
    pub(super) follows: bool,
}

/// A part of an obligation.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) when: Option<Condition>,
    pub(super) demand: Demand,
}

impl Program {
    pub(super) fn of(graph: &Graph, plan: &Plan) -> Program {
        let steps = plan.steps().iter().map(|step| {
            let what = graph.node(step.node).map(|node| &node.what);
            Prepared::of(step, what)
        });
        let mut steps: Vec<Prepared> = steps.collect();
        for at in (1..steps.len()).rev() {
            if steps[at - 1].after == steps[at].after {
                steps[at - 1].alike = steps[at].alike + 1;
            }
        }
        Program {
            unreached: vec![State::UNREACHED; steps.len()],
            steps,
        }
    }
}

impl Prepared {
    fn of(step: &Step, what: Option<&What>) -> Prepared {
        let (when, duty) = match what {
            Some(What::Stage(stage)) => (stage.holds.as_ref(), None),
            Some(What::Exception(exception)) => (Some(&exception.holds), None),
            Some(What::Obligation(duty)) => (duty.when.as_ref(), Some(duty)),
            // Every step of a plan has a node in its graph.
            None => (None, None),
        };
        Prepared {
            when: when.map(Condition::of),
            demand: duty.map(|duty| Demand::of(&duty.requirement)),
            after: step.after.first().copied(),
            alike: 1,
            more: More::of(step, duty.map(|duty| &**duty)),
        }
    }
}

impl More {
    fn of(step: &Step, duty: Option<&Obligation>) -> Option<Box<More>> {
        let mut more = More {
            after: step.after.iter().skip(1).copied().collect(),
            triggered_by: step.triggered_by.clone(),
            unless: step.unless.clone(),
            remedies: step.remedies,
            ..More::default()
        };
        if let Some(duty) = duty {
            let review = duty.review.iter();
            more.review = review.map(|reading| Condition::of(&reading.when)).collect();
            more.excuses = duty.excuses;
            more.lapses = duty.lapses;
        }
        let is_empty = more.after.is_empty()
            && more.triggered_by.is_empty()
            && more.unless.is_empty()
            && more.remedies.is_none()
            && more.review.is_empty()
            && !more.excuses
            && !more.lapses;
        (!is_empty).then(|| Box::new(more))
    }
}

impl Demand {
    pub(super) fn of(requirement: &Requirement) -> Demand {
        match requirement {
            Requirement::Must(condition) => Demand::Must(Condition::of(condition)),
            Requirement::MustNot(condition) => Demand::MustNot(Condition::of(condition)),
            Requirement::Deadline(deadline) => Demand::Deadline(Box::new(Timely::of(deadline))),
            Requirement::Parts(parts) => Demand::Parts(parts.iter().map(Share::of).collect()),
        }
    }
}

impl Timely {
    pub(super) fn of(deadline: &Deadline) -> Timely {
        Timely {
            act: Reading::of(&deadline.act),
            since: deadline.since.as_ref().map(Reading::of),
            limit: deadline.limit,
            follows: deadline.follows,
            or_since: deadline
                .or_since
                .as_ref()
                .map(|other| Reading::of(&other.since)),
        }
    }
}

impl Share {
    pub(super) fn of(part: &Part) -> Share {
        Share {
            when: part.when.as_ref().map(Condition::of),
            demand: Demand::of(&part.requirement),
        }
    }
}
