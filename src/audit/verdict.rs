//! The outcome of every obligation, and nothing else: the pass every case pays for.
//!
//! One walk over the plan in graph order. Explanations are made afterwards, from the same record, for what is shown.

use crate::expr::{Expr, Operand, Scope};
use crate::graph::{At, Graph, Plan, Step, What};
use crate::obligation::{Deadline, Obligation, Requirement};
use crate::period::{Act, Calendar, Limit, Verdict, verdict};
use crate::truth::Truth;
use crate::value::Day;

use super::Outcome;

/// What the pass found out about one node of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// Whether the case reaches the node: a stage holds, an exception holds, an obligation arises.
    pub(crate) applies: Truth,
    /// What the requirement alone comes to, where the obligation arises or may arise.
    pub(crate) requirement: Outcome,
    /// The outcome, relief and judgement included; waivers are not looked at here.
    pub(crate) outcome: Outcome,
    /// The exception or remedy that relieves the obligation.
    pub(crate) relieved_by: Option<At>,
}

impl State {
    const BLANK: State = State {
        applies: Truth::Unknown,
        requirement: Outcome::NotApplicable,
        outcome: Outcome::NotApplicable,
        relieved_by: None,
    };
}

/// The states of all nodes, by step of the plan; kept between cases so that an archive allocates once.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    states: Vec<State>,
}

impl Verdicts {
    /// What was found out about the node of a step.
    pub(crate) fn state(&self, at: At) -> State {
        self.states.get(at.index()).copied().unwrap_or(State::BLANK)
    }

    /// The outcome of the obligation of a step; not applicable for a stage or an exception.
    #[must_use]
    pub fn outcome(&self, at: At) -> Outcome {
        self.state(at).outcome
    }
}

/// Judges requirements against one record on one day.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) calendar: &'a Calendar,
    pub(crate) as_of: Day,
}

/// Walks the plan and fills `verdicts`.
pub(crate) fn walk(graph: &Graph, plan: &Plan, judge: Judge<'_>, verdicts: &mut Verdicts) {
    let states = &mut verdicts.states;
    states.clear();
    states.reserve(plan.steps().len());
    for step in plan.steps() {
        let state = match graph.node(step.node).map(|node| &node.what) {
            Some(What::Stage(stage)) => State {
                applies: match (gate(step, states), &stage.holds) {
                    (Truth::False, _) => Truth::False,
                    (reached, Some(holds)) => reached.and(judge.truth(holds)),
                    (reached, None) => reached,
                },
                ..State::BLANK
            },
            Some(What::Exception(exception)) => State {
                applies: judge.truth(&exception.holds),
                ..State::BLANK
            },
            Some(What::Obligation(obligation)) => judge.obligation(obligation, step, states),
            None => State::BLANK,
        };
        states.push(state);
        // A remedy stands after what it remedies: only now is it known whether that is excused.
        if let (Some(base), Some(What::Obligation(remedy))) =
            (step.remedies, graph.node(step.node).map(|node| &node.what))
            && remedy.excuses
        {
            excuse(
                base,
                At(u32::try_from(states.len() - 1).unwrap_or(u32::MAX)),
                states,
            );
        }
    }
}

/// Whether everything an obligation or stage presupposes is reached, and something that triggers it arises.
fn gate(step: &Step, states: &[State]) -> Truth {
    let mut reached = Truth::True;
    for at in &step.after {
        match states[at.index()].applies {
            Truth::True => {}
            Truth::False => return Truth::False,
            Truth::Unknown => reached = Truth::Unknown,
        }
    }
    if step.triggered_by.is_empty() {
        return reached;
    }
    let mut triggered = Truth::False;
    for at in &step.triggered_by {
        triggered = triggered.or(states[at.index()].applies);
    }
    reached.and(triggered)
}

/// Whether the obligation a remedy belongs to is breached.
fn breached(base: State) -> Truth {
    match base.outcome {
        Outcome::Violated => Truth::True,
        Outcome::Undetermined | Outcome::Review | Outcome::Errored => Truth::Unknown,
        _ => Truth::False,
    }
}

/// A fulfilled remedy that excuses turns the breach into nothing to answer for; one that is open leaves it open.
fn excuse(base: At, remedy: At, states: &mut [State]) {
    let outcome = states[remedy.index()].outcome;
    let state = &mut states[base.index()];
    if state.outcome != Outcome::Violated {
        return;
    }
    match outcome {
        Outcome::Satisfied => {
            state.outcome = Outcome::NotApplicable;
            state.relieved_by = Some(remedy);
        }
        Outcome::Undetermined | Outcome::Pending => state.outcome = Outcome::Undetermined,
        Outcome::Review => state.outcome = Outcome::Review,
        _ => {}
    }
}

impl Judge<'_> {
    pub(crate) fn truth(&self, condition: &Expr) -> Truth {
        condition.truth(self.scope)
    }

    fn obligation(&self, obligation: &Obligation, step: &Step, states: &[State]) -> State {
        let mut applies = gate(step, states);
        if applies == Truth::False {
            return State {
                applies,
                ..State::BLANK
            };
        }
        self.scope.clear_overflow();
        if let Some(base) = step.remedies {
            applies = applies.and(breached(states[base.index()]));
        }
        if applies != Truth::False
            && let Some(when) = &obligation.when
        {
            applies = applies.and(self.truth(when));
        }
        let mut state = State {
            applies,
            ..State::BLANK
        };
        if applies == Truth::True {
            state.requirement = self.requirement(&obligation.requirement);
            state.outcome = state.requirement;
            if matches!(
                state.outcome,
                Outcome::Violated | Outcome::Review | Outcome::Undetermined | Outcome::Pending
            ) {
                self.relieve(step, states, &mut state);
            }
            if state.outcome == Outcome::Violated && !obligation.review.is_empty() {
                state.outcome =
                    match Truth::any(obligation.review.iter().map(|r| self.truth(&r.when))) {
                        Truth::True => Outcome::Review,
                        Truth::Unknown => Outcome::Undetermined,
                        Truth::False => Outcome::Violated,
                    };
            }
        } else if applies == Truth::Unknown {
            state.requirement = Outcome::Undetermined;
            state.outcome = Outcome::Undetermined;
        }
        if self.scope.overflowed() {
            state.outcome = Outcome::Errored;
        }
        state
    }

    /// An exception that holds defeats the obligation; one that may hold leaves a breach open.
    fn relieve(&self, step: &Step, states: &[State], state: &mut State) {
        for exception in &step.unless {
            match states[exception.index()].applies {
                Truth::True => {
                    state.outcome = Outcome::Satisfied;
                    state.relieved_by = Some(*exception);
                    return;
                }
                Truth::Unknown if state.outcome != Outcome::Pending => {
                    state.outcome = Outcome::Undetermined;
                }
                _ => {}
            }
        }
    }

    /// What a requirement comes to by itself.
    pub(crate) fn requirement(&self, requirement: &Requirement) -> Outcome {
        let of_truth = |truth| match truth {
            Truth::True => Outcome::Satisfied,
            Truth::False => Outcome::Violated,
            Truth::Unknown => Outcome::Undetermined,
        };
        match requirement {
            Requirement::Must(condition) => of_truth(self.truth(condition)),
            Requirement::MustNot(condition) => of_truth(!self.truth(condition)),
            Requirement::Deadline(deadline) => match self.timed(deadline) {
                Ok(timed) => outcome_of(timed.by(verdict)),
                Err(Untimed::NoTrigger) => Outcome::NotApplicable,
                Err(Untimed::TriggerUnknown) => Outcome::Undetermined,
            },
            // The part that weighs most decides; a part that is not demanded does not count.
            Requirement::Parts(parts) => parts
                .iter()
                .map(|part| self.part(part))
                .min()
                .unwrap_or(Outcome::NotApplicable),
        }
    }

    /// What one part comes to by itself.
    pub(crate) fn part(&self, part: &crate::obligation::Part) -> Outcome {
        match part
            .when
            .as_ref()
            .map_or(Truth::True, |when| self.truth(when))
        {
            Truth::True => self.requirement(&part.requirement),
            Truth::False => Outcome::NotApplicable,
            Truth::Unknown => Outcome::Undetermined,
        }
    }

    /// The act and what its time runs from; or why it cannot be judged.
    pub(crate) fn timed(&self, deadline: &Deadline) -> Result<Timed<'_>, Untimed> {
        let since = match &deadline.since {
            None => None,
            Some(since) => match since.operand(self.scope) {
                Operand::Day(day) => Some(day),
                Operand::Moment(moment) => Some(moment.day),
                Operand::None => return Err(Untimed::NoTrigger),
                _ => return Err(Untimed::TriggerUnknown),
            },
        };
        let act = match deadline.act.operand(self.scope) {
            Operand::Day(day) => Act::On(day),
            Operand::Moment(moment) => Act::On(moment.day),
            Operand::None => Act::None,
            _ => Act::Unknown,
        };
        Ok(Timed {
            calendar: self.calendar,
            limit: deadline.limit,
            since,
            act,
            as_of: self.as_of,
        })
    }
}

/// An act and the time there is for it, on one day of audit.
#[derive(Clone, Copy)]
pub(crate) struct Timed<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) limit: Limit,
    pub(crate) since: Option<Day>,
    pub(crate) act: Act,
    pub(crate) as_of: Day,
}

impl Timed<'_> {
    /// What one of the functions of [`crate::period`] makes of it.
    #[inline]
    pub(crate) fn by<T>(
        self,
        function: impl FnOnce(&Calendar, Limit, Option<Day>, Act, Day) -> T,
    ) -> T {
        function(self.calendar, self.limit, self.since, self.act, self.as_of)
    }
}

/// Why there is no time to judge an act by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Untimed {
    /// What it runs from is known not to have happened.
    NoTrigger,
    /// Whether and when what it runs from happened is not known.
    TriggerUnknown,
}

pub(crate) fn outcome_of(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Satisfied => Outcome::Satisfied,
        Verdict::Violated => Outcome::Violated,
        Verdict::Review => Outcome::Review,
        Verdict::Pending => Outcome::Pending,
        Verdict::Undetermined | Verdict::OutsideCalendar => Outcome::Undetermined,
    }
}
