//! The obligations in force laid out for the pass that every case pays for: one step after the other, each with what
//! it reads, without the texts that only a report needs.

use crate::expr::{Condition, Reading};
use crate::graph::{At, Graph, Plan, Step, What};
use crate::obligation::{Deadline, Obligation, Part, Requirement};
use crate::period::Limit;

use super::verdict::State;

/// The steps of a plan, ready to be walked.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Prepared>,
    /// The states of a case that reaches none of them.
    pub(super) unreached: Vec<State>,
}

/// One step.
#[derive(Debug)]
pub(super) struct Prepared {
    /// When it is reached, holds or arises; always, if none.
    pub(super) when: Option<Condition>,
    pub(super) work: Work,
    /// What it comes after: the first, since most steps come after one, and the others.
    pub(super) after: Option<At>,
    /// How many steps from this one on come after that same one: what is not reached is passed over together.
    pub(super) alike: usize,
    pub(super) after_too: Box<[At]>,
    pub(super) triggered_by: Box<[At]>,
    /// What defeats it.
    pub(super) unless: Box<[At]>,
    pub(super) remedies: Option<At>,
}

#[derive(Debug)]
pub(super) enum Work {
    /// A stage or an exception: nothing but its condition.
    Gate,
    Duty(Duty),
}

#[derive(Debug)]
pub(super) struct Duty {
    pub(super) demand: Demand,
    /// The circumstances in which a person judges a breach.
    pub(super) review: Box<[Condition]>,
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
    /// Whether the act cannot come before the day the time runs from.
    pub(super) follows: bool,
}

/// A part.
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
        let (when, work) = match what {
            Some(What::Stage(stage)) => (stage.holds.as_ref(), Work::Gate),
            Some(What::Exception(exception)) => (Some(&exception.holds), Work::Gate),
            Some(What::Obligation(duty)) => (duty.when.as_ref(), Work::Duty(Duty::of(duty))),
            // A plan has no step without a node of its graph.
            None => (None, Work::Gate),
        };
        Prepared {
            when: when.map(Condition::of),
            work,
            after: step.after.first().copied(),
            alike: 1,
            after_too: step.after.iter().skip(1).copied().collect(),
            triggered_by: step.triggered_by.clone(),
            unless: step.unless.clone(),
            remedies: step.remedies,
        }
    }
}

impl Duty {
    fn of(obligation: &Obligation) -> Duty {
        let review = obligation.review.iter();
        Duty {
            demand: Demand::of(&obligation.requirement),
            review: review.map(|reading| Condition::of(&reading.when)).collect(),
            excuses: obligation.excuses,
            lapses: obligation.lapses,
        }
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
