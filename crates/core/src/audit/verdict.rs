//! Computes the outcome of every obligation and nothing else, in the pass that runs over every case.
//!
//! One walk over the program in graph order. Explanations are made afterwards from the same record, only for what is
//! shown.

use crate::expr::{Expr, Operand, Scope};
use crate::graph::At;
use crate::obligation::{Deadline, Obligation, Part, Requirement};
use crate::period::{self, Act, Between, Calendar, Count, Judgement, Limit, OtherDay, Verdict};
use crate::truth::Truth;
use crate::value::Day;

use crate::vocabulary::Vocabulary;

use super::Outcome;
use super::program::{Demand, More, Prepared, Program, Share, Timely};
use super::whatever::Whatever;

/// The state of one node of the graph on one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// Whether the case reaches the node: a stage holds, an exception holds, an obligation arises.
    pub(crate) applies: Truth,
    /// The outcome of the requirement alone, if the obligation arises or may arise.
    pub(crate) requirement: Outcome,
    /// The outcome, relief and judgement included, waivers ignored.
    pub(crate) outcome: Outcome,
}

impl State {
    /// Whether it is a right that lapsed because it was not used in time.
    pub(crate) fn lapsed(self, obligation: &Obligation) -> bool {
        obligation.lapses && self.lapsed_if_it_may()
    }

    /// Like [`State::lapsed`], for an obligation known to be a right that lapses.
    pub(super) fn lapsed_if_it_may(self) -> bool {
        self.outcome == Outcome::NotApplicable && self.requirement == Outcome::Violated
    }

    /// The state of a node the case does not reach.
    pub(super) const UNREACHED: State = State {
        applies: Truth::False,
        ..State::BLANK
    };

    const BLANK: State = State {
        applies: Truth::Unknown,
        requirement: Outcome::NotApplicable,
        outcome: Outcome::NotApplicable,
    };
}

/// The states of all nodes, by step of the plan; reused between cases so that an archive allocates once.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    states: Vec<State>,
    /// The relieved obligations, which are few.
    relief: Vec<Relief>,
    /// The obligations decided whatever some unknown facts are, which are few too.
    whatever: Vec<Whatever>,
}

/// An obligation, and the exception or remedy that relieves it.
#[derive(Debug, Clone, Copy)]
struct Relief {
    of: At,
    by: At,
}

impl Verdicts {
    /// The state of the node of a step.
    pub(crate) fn state(&self, at: At) -> State {
        self.states.get(at.index()).copied().unwrap_or(State::BLANK)
    }

    /// The exception or remedy that relieves the obligation of a step.
    pub(crate) fn relieved_by(&self, at: At) -> Option<At> {
        let mut relief = self.relief.iter();
        let found = relief.find(|relief| relief.of == at);
        found.map(|relief| relief.by)
    }

    /// The steps of undetermined obligations, in the order they were judged.
    pub(super) fn undetermined(&self) -> impl Iterator<Item = At> {
        let open = |(_, state): &(u32, &State)| state.outcome == Outcome::Undetermined;
        (0..).zip(&self.states).filter(open).map(|(at, _)| At(at))
    }

    /// The facts that did not matter to the outcome of the obligation of a step.
    pub(super) fn whatever(&self, at: At) -> Option<&Whatever> {
        self.whatever.iter().find(|whatever| whatever.of == at)
    }

    /// Records that an obligation is decided whatever some facts are.
    pub(super) fn decide(&mut self, whatever: Whatever, state: State) {
        if let Some(held) = self.states.get_mut(whatever.of.index()) {
            *held = state;
            self.whatever.push(whatever);
        }
    }

    pub(super) fn set_outcome(&mut self, at: At, outcome: Outcome) {
        if let Some(state) = self.states.get_mut(at.index()) {
            state.outcome = outcome;
        }
    }

    /// The outcome of the obligation of a step; not applicable for a stage or an exception.
    #[must_use]
    pub fn outcome(&self, at: At) -> Outcome {
        let state = self.states.get(at.index());
        state.map_or(Outcome::NotApplicable, |state| state.outcome)
    }
}

/// Judges requirements against one record on one day.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) calendar: &'a Calendar,
    pub(crate) as_of: Day,
    /// For the order of dates.
    pub(crate) vocabulary: &'a Vocabulary,
}

/// Walks the program and fills `verdicts`.
pub(super) fn walk(program: &Program, judge: Judge<'_>, verdicts: &mut Verdicts) {
    walk_with::<false>(program, judge, &[], verdicts);
}

/// Like [`walk`], with the obligations of the marked steps out of force. Whatever presupposes them still arises.
pub(super) fn walk_dated(
    program: &Program,
    judge: Judge<'_>,
    out_of_force: &[bool],
    verdicts: &mut Verdicts,
) {
    walk_with::<true>(program, judge, out_of_force, verdicts);
}

/// Judges some steps again, each after the steps it depends on, and leaves the others as they are.
pub(super) fn walk_some(
    program: &Program,
    judge: Judge<'_>,
    out_of_force: &[bool],
    steps: &[At],
    verdicts: &mut Verdicts,
) {
    let Verdicts { states, relief, .. } = verdicts;
    relief.clear();
    for at in steps.iter().map(|at| at.index()) {
        let (Some(step), Some(state)) = (program.steps.get(at), states.get_mut(at)) else {
            continue;
        };
        *state = State::UNREACHED;
        let is_reached = |first: At| states[first.index()].applies != Truth::False;
        if step.after.is_none_or(is_reached) {
            let is_out = out_of_force.get(at) == Some(&true);
            judge.step(step, at, is_out, states, relief);
        }
    }
}

fn walk_with<const DATED: bool>(
    program: &Program,
    judge: Judge<'_>,
    out_of_force: &[bool],
    verdicts: &mut Verdicts,
) {
    let Verdicts {
        states,
        relief,
        whatever,
    } = verdicts;
    states.clear();
    states.extend_from_slice(&program.unreached);
    relief.clear();
    whatever.clear();
    let mut at = 0;
    while let Some(step) = program.steps.get(at) {
        if let Some(first) = step.after
            && states[first.index()].applies == Truth::False
        {
            at += step.alike as usize;
            continue;
        }
        let is_out = DATED && out_of_force.get(at) == Some(&true);
        judge.step(step, at, is_out, states, relief);
        at += 1;
    }
}

/// Whether everything that a step presupposes is reached and, if it needs a trigger, one of its triggers arises.
#[inline]
fn gate(step: &Prepared, states: &[State]) -> Truth {
    let applies = |at: &At| states[at.index()].applies;
    let reached = step.after.as_ref().map_or(Truth::True, applies);
    let Some(more) = &step.more else {
        return reached;
    };
    let reached = more.after.iter().map(applies).fold(reached, Truth::and);
    if reached == Truth::False || more.triggered_by.is_empty() {
        return reached;
    }
    let triggers = more.triggered_by.iter().map(applies);
    reached.and(triggers.fold(Truth::False, Truth::or))
}

/// An exception that holds defeats the obligation and is returned; one that may hold leaves a breach undecided.
fn relieve(exceptions: &[At], states: &[State], state: &mut State) -> Option<At> {
    for exception in exceptions {
        match states[exception.index()].applies {
            Truth::True => {
                state.outcome = Outcome::Satisfied;
                return Some(*exception);
            }
            Truth::Unknown if state.outcome != Outcome::Pending => {
                state.outcome = Outcome::Undetermined;
            }
            _ => {}
        }
    }
    None
}

/// Whether the obligation that a remedy belongs to is breached.
fn breached(base: State) -> Truth {
    match base.outcome {
        Outcome::Violated => Truth::True,
        Outcome::Undetermined | Outcome::Review | Outcome::Errored => Truth::Unknown,
        _ => Truth::False,
    }
}

/// A remedy that excuses and was carried out makes the breached obligation not applicable; one that is undecided or for
/// review leaves the breach so. Returns whether the breach is excused.
fn excuse(base: At, outcome: Outcome, states: &mut [State]) -> bool {
    let state = &mut states[base.index()];
    if state.outcome != Outcome::Violated {
        return false;
    }
    match outcome {
        Outcome::Satisfied => {
            state.outcome = Outcome::NotApplicable;
            return true;
        }
        Outcome::Undetermined | Outcome::Pending => state.outcome = Outcome::Undetermined,
        Outcome::Review => state.outcome = Outcome::Review,
        _ => {}
    }
    false
}

impl Judge<'_> {
    pub(crate) fn truth(&self, condition: &Expr) -> Truth {
        condition.truth(self.scope)
    }

    /// Judges one step whose predecessors are reached, as far as is known. For an obligation out of force it judges
    /// only whether the obligation arises.
    #[inline(always)]
    fn step(
        &self,
        step: &Prepared,
        at: usize,
        is_out_of_force: bool,
        states: &mut [State],
        relief: &mut Vec<Relief>,
    ) {
        let applies = self.applies(step, states);
        let more = step.more.as_deref();
        let mut by = None;
        let state = match &step.demand {
            Some(demand) if !is_out_of_force => self.duty(demand, more, applies, states, &mut by),
            _ => State {
                applies,
                ..State::BLANK
            },
        };
        states[at] = state;
        if let Some((by, of)) = by.zip(u32::try_from(at).ok()) {
            relief.push(Relief { of: At(of), by });
        }
        // A remedy comes after what it remedies, so only now is it known whether the breach is excused.
        if let Some(more) = more
            && more.excuses
            && let Some(base) = more.remedies
            && excuse(base, state.outcome, states)
            && let Ok(by) = u32::try_from(at)
        {
            relief.push(Relief {
                of: base,
                by: At(by),
            });
        }
    }

    /// Whether the case reaches a step: a stage or an exception holds, an obligation arises.
    #[inline(always)]
    fn applies(&self, step: &Prepared, states: &[State]) -> Truth {
        let mut applies = gate(step, states);
        if applies == Truth::False {
            return applies;
        }
        self.scope.clear_overflow();
        if let Some(more) = &step.more
            && let Some(base) = more.remedies
        {
            applies = applies.and(breached(states[base.index()]));
        }
        match &step.when {
            Some(when) if applies != Truth::False => applies.and(when.truth(self.scope)),
            _ => applies,
        }
    }

    /// The state of an obligation; sets `relieved_by` to what relieves it.
    #[inline(always)]
    fn duty(
        &self,
        demand: &Demand,
        more: Option<&More>,
        applies: Truth,
        states: &[State],
        relieved_by: &mut Option<At>,
    ) -> State {
        let mut state = State {
            applies,
            ..State::BLANK
        };
        match applies {
            Truth::False => return state,
            Truth::Unknown => {
                state.requirement = Outcome::Undetermined;
                state.outcome = Outcome::Undetermined;
            }
            Truth::True => {
                state.requirement = self.demand(demand);
                state.outcome = state.requirement;
                if let Some(more) = more {
                    *relieved_by = self.weigh(more, states, &mut state);
                }
            }
        }
        if self.scope.overflowed() {
            state.outcome = Outcome::Errored;
        }
        state
    }

    /// Applies to the outcome of a requirement: exceptions (returns the one that holds), a judgement reserved to a
    /// person, a right that lapses.
    fn weigh(&self, more: &More, states: &[State], state: &mut State) -> Option<At> {
        let mut relieved_by = None;
        if matches!(
            state.outcome,
            Outcome::Violated | Outcome::Review | Outcome::Undetermined | Outcome::Pending
        ) {
            relieved_by = relieve(&more.unless, states, state);
        }
        if state.outcome == Outcome::Violated && !more.review.is_empty() {
            let review = more.review.iter();
            state.outcome = match Truth::any(review.map(|when| when.truth(self.scope))) {
                Truth::True => Outcome::Review,
                Truth::Unknown => Outcome::Undetermined,
                Truth::False => Outcome::Violated,
            };
        }
        if state.outcome == Outcome::Violated && more.lapses {
            state.outcome = Outcome::NotApplicable;
        }
        relieved_by
    }

    /// The outcome of a requirement by itself.
    pub(crate) fn requirement(&self, requirement: &Requirement) -> Outcome {
        self.demand(&Demand::of(requirement))
    }

    #[inline(always)]
    pub(super) fn demand(&self, demand: &Demand) -> Outcome {
        match demand {
            Demand::Must(condition) => of_truth(condition.truth(self.scope)),
            Demand::MustNot(condition) => of_truth(!condition.truth(self.scope)),
            Demand::Deadline(timely) => self.deadline(timely),
            Demand::Parts(parts) => self.parts(parts),
        }
    }

    fn deadline(&self, timely: &Timely) -> Outcome {
        match self.timely(timely) {
            Ok(timed) => outcome_of(timed.verdict()),
            Err(untimed) => match (timely.limit, self.act(timely), untimed) {
                // The period only postpones the duty: if it never began, there is nothing to wait for.
                (Limit::OnceOver(_), Act::On(_) | Act::Done(_), _) => Outcome::Satisfied,
                (_, _, Untimed::TriggerUndated(between)) => self.by_any_start(timely, between),
                (Limit::OnceOver(_), Act::None, Untimed::NoTrigger) => Outcome::Violated,
                (Limit::OnceOver(_), ..) | (_, _, Untimed::TriggerUnknown) => Outcome::Undetermined,
                (_, _, Untimed::NoTrigger) => Outcome::NotApplicable,
            },
        }
    }

    /// The gravest part decides; a part that does not apply does not count.
    fn parts(&self, parts: &[Share]) -> Outcome {
        let outcomes = parts.iter().map(|part| self.share(part));
        outcomes.min().unwrap_or(Outcome::NotApplicable)
    }

    /// The outcome of one part by itself.
    pub(crate) fn part(&self, part: &Part) -> Outcome {
        self.share(&Share::of(part))
    }

    #[inline(always)]
    fn share(&self, share: &Share) -> Outcome {
        let applies = match &share.when {
            Some(when) => when.truth(self.scope),
            None => Truth::True,
        };
        match applies {
            Truth::True => self.demand(&share.demand),
            Truth::False => Outcome::NotApplicable,
            Truth::Unknown => Outcome::Undetermined,
        }
    }

    /// The act and its starting day; or why it cannot be judged.
    pub(crate) fn timed(&self, deadline: &Deadline) -> Result<Timed<'_>, Untimed> {
        self.timely(&Timely::of(deadline))
    }

    /// What the record says about the act.
    #[inline]
    fn act(&self, timely: &Timely) -> Act {
        match timely.act.operand(self.scope) {
            Operand::Day(day) => Act::On(day),
            Operand::Moment(moment) => Act::On(moment.day),
            Operand::None => Act::None,
            Operand::Done => Act::Done(self.act_between(&timely.act)),
            _ => Act::Unknown,
        }
    }

    /// What the record says about the act of a deadline.
    pub(crate) fn act_of(&self, deadline: &Deadline) -> Act {
        self.act(&Timely::of(deadline))
    }

    fn timely(&self, timely: &Timely) -> Result<Timed<'_>, Untimed> {
        let since = match &timely.since {
            None => None,
            Some(since) => match since.operand(self.scope) {
                Operand::Day(day) => Some(day),
                Operand::Moment(moment) => Some(moment.day),
                Operand::None => return Err(Untimed::NoTrigger),
                Operand::Done => return Err(Untimed::TriggerUndated(self.between(since))),
                _ => return Err(Untimed::TriggerUnknown),
            },
        };
        Ok(self.timed_from(timely, since))
    }

    /// The act and its time limit, counted from a day.
    pub(super) fn timed_from(&self, timely: &Timely, since: Option<Day>) -> Timed<'_> {
        let act = match (self.act(timely), since) {
            (Act::Done(between), Some(since)) if timely.follows => {
                Act::Done(between.not_before(since))
            }
            (act, _) => act,
        };
        let other = match &timely.or_since {
            None => OtherDay::None,
            Some(other) => match other.operand(self.scope) {
                Operand::Day(day) => OtherDay::after(since, day),
                Operand::Moment(moment) => OtherDay::after(since, moment.day),
                Operand::None => OtherDay::None,
                _ => OtherDay::Unknown,
            },
        };
        Timed {
            calendar: self.calendar,
            limit: timely.limit,
            since,
            other,
            follows: timely.follows,
            act,
            as_of: self.as_of,
        }
    }
}

/// An act and its time limit, on one day of audit.
#[derive(Clone, Copy)]
pub(crate) struct Timed<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) limit: Limit,
    pub(crate) since: Option<Day>,
    /// The other day the time may run from.
    pub(crate) other: OtherDay,
    /// Whether the act cannot come before the first starting day.
    pub(crate) follows: bool,
    pub(crate) act: Act,
    pub(crate) as_of: Day,
}

impl Timed<'_> {
    /// Whether the record dates the act before the day it cannot precede.
    pub(crate) fn backwards(self) -> bool {
        self.follows
            && self
                .act
                .day()
                .zip(self.since)
                .is_some_and(|(act, since)| act < since)
    }

    /// The verdict under both possible starting days. An act in time that is dated before the day it cannot precede is
    /// for a person to verify.
    #[inline]
    pub(crate) fn verdict(self) -> Verdict {
        let first = match self.by(period::verdict) {
            Verdict::Satisfied if self.backwards() => Verdict::Review,
            verdict => verdict,
        };
        match self.other {
            OtherDay::None => first,
            OtherDay::On(_) => {
                let other = self.by_the_other().map(|timed| timed.by(period::verdict));
                period::under_both(first, other)
            }
            OtherDay::Unknown => period::under_both(first, None),
        }
    }

    /// The judgement from the first starting day.
    pub(crate) fn judged(self) -> Judgement {
        self.by(period::judge)
    }

    /// The judgement from the first starting day, and how it is counted.
    pub(crate) fn explained(self) -> (Judgement, Count) {
        (self.judged(), self.by(period::explain))
    }

    /// The same act and limit, counted only from the other starting day; `None` if that is not known.
    pub(crate) fn by_the_other(self) -> Option<Self> {
        match self.other {
            OtherDay::On(day) => Some(Timed {
                since: Some(day),
                other: OtherDay::None,
                // The act cannot precede the first starting day; relative to this one it is only early.
                follows: false,
                ..self
            }),
            OtherDay::None | OtherDay::Unknown => None,
        }
    }

    /// Applies a function of [`crate::period`], counting from the first starting day.
    #[inline]
    fn by<T>(self, function: impl FnOnce(&Calendar, Limit, Option<Day>, Act, Day) -> T) -> T {
        function(self.calendar, self.limit, self.since, self.act, self.as_of)
    }
}

/// Why there is no time limit to judge an act by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Untimed {
    /// The event it runs from is known not to have happened.
    NoTrigger,
    /// It is not known whether or when the event it runs from happened.
    TriggerUnknown,
    /// The event it runs from happened on an unrecorded day between these.
    TriggerUndated(Between),
}

fn of_truth(truth: Truth) -> Outcome {
    match truth {
        Truth::True => Outcome::Satisfied,
        Truth::False => Outcome::Violated,
        Truth::Unknown => Outcome::Undetermined,
    }
}

pub(crate) fn outcome_of(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Satisfied => Outcome::Satisfied,
        Verdict::Violated => Outcome::Violated,
        Verdict::Review => Outcome::Review,
        Verdict::Pending => Outcome::Pending,
        Verdict::NotDone => Outcome::NotApplicable,
        Verdict::Undetermined | Verdict::OutsideCalendar => Outcome::Undetermined,
    }
}
