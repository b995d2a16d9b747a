//! Duties whose outcome is the same whatever some unknown facts are: a price above the tag breaks a duty in a shop and
//! online alike, so the channel need not be known.
//!
//! Terms: a fact is *open* if a duty is undetermined and the value of the fact could change that; it is *finite* if it
//! has few values: yes or no, the values of an enum, done (on any day) or not; and for each of them, known to be none.
//!
//! A duty that would be undetermined is judged under every value of its open, finite facts. If all give one outcome,
//! that is its outcome. Inferences are not applied to tried values, so an outcome may be missed but is never wrong.
//!
//! Invariants: known facts are never tried; the more is known, the fewer facts are open, so what is decided stays
//! decided.

use crate::expr::Expr;
use crate::graph::{At, Graph, Plan, What};
use crate::obligation::{Obligation, Part, Requirement};
use crate::truth::Truth;
use crate::value::{Mark, ShapeId, SlotId, Symbol, Type, Value};

use super::Outcome;
use super::program::{Demand, Program, Share};
use super::verdict::{Judge, State, Verdicts, walk_some};

/// The most combinations of values a duty is judged under: five questions of yes, no and none fit.
const COMBINATIONS: usize = 256;

/// A duty decided whatever some facts are.
#[derive(Debug, Clone)]
pub(super) struct Whatever {
    /// The step of the duty.
    pub(super) of: At,
    /// The facts that do not matter, in the order they were tried.
    pub(super) facts: Vec<SlotId>,
    /// One combination of their values, for explaining the duty.
    pub(super) example: Vec<(SlotId, Value)>,
    /// The state of the duty without this.
    pub(super) before: State,
}

/// The obligations in force on one day, and which of them are out of force.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) graph: &'a Graph,
    pub(super) plan: &'a Plan,
    pub(super) program: &'a Program,
    /// Which steps are out of force; empty means none.
    pub(super) out_of_force: &'a [bool],
}

/// Decides the duties whose outcome is the same whatever their open facts are.
pub(super) fn decide(rules: Rules<'_>, judge: Judge<'_>, verdicts: &mut Verdicts) {
    let mut undetermined = verdicts.undetermined().peekable();
    if undetermined.peek().is_none() {
        return;
    }
    let steps: Vec<At> = undetermined.collect();
    let mut trial: Option<Trial<'_>> = None;
    let mut decided = Vec::new();
    for at in steps {
        let open = Open::of(rules, judge, verdicts, at);
        let mut combinations = 1_usize;
        for slot in &open.slots {
            let values = count(judge, *slot).max(1);
            combinations = combinations.saturating_mul(values);
        }
        if combinations == 1 || combinations > COMBINATIONS {
            continue;
        }
        let trial = trial.get_or_insert_with(|| Trial::new(rules, judge, verdicts));
        decided.extend(trial.of(at, verdicts.state(at)));
    }
    for (whatever, state) in decided {
        verdicts.decide(whatever, state);
    }
}

/// The marks of the facts with one combination of values tried.
pub(super) fn marks_of(judge: Judge<'_>, values: &[(SlotId, Value)]) -> Vec<Mark> {
    let mut marks = judge.scope.marks().to_vec();
    for (slot, value) in values {
        set(&mut marks, *slot, Mark::of(value));
    }
    marks
}

/// The steps that the outcome of a duty depends on, itself included, in the order of judging.
pub(super) fn steps_of(plan: &Plan, at: At) -> Vec<At> {
    let mut steps = Vec::new();
    outcome_steps(plan, at, &mut steps);
    steps.sort_unstable();
    steps
}

fn outcome_steps(plan: &Plan, at: At, steps: &mut Vec<At>) {
    applies_steps(plan, at, steps);
    let Some(step) = plan.step(at) else {
        return;
    };
    for exception in &step.unless {
        applies_steps(plan, *exception, steps);
    }
    for remedy in excuses(plan, at) {
        if !steps.contains(&remedy) {
            outcome_steps(plan, remedy, steps);
        }
    }
}

fn applies_steps(plan: &Plan, at: At, steps: &mut Vec<At>) {
    let Some(step) = plan.step(at).filter(|_| !steps.contains(&at)) else {
        return;
    };
    steps.push(at);
    for before in step.after.iter().chain(&step.triggered_by) {
        applies_steps(plan, *before, steps);
    }
    if let Some(base) = step.remedies {
        outcome_steps(plan, base, steps);
    }
}

/// The remedies that excuse a breach of a duty.
fn excuses(plan: &Plan, at: At) -> impl Iterator<Item = At> {
    let remedies = plan
        .step(at)
        .map_or(&[][..], |step| &step.remedied_by)
        .iter();
    let excuses = |at: &&At| plan.step(**at).is_some_and(|step| step.excuses);
    remedies.filter(excuses).copied()
}

/// The finite facts that keep a duty open.
struct Open<'a> {
    rules: Rules<'a>,
    judge: Judge<'a>,
    verdicts: &'a Verdicts,
    /// The steps already visited: for whether they apply (`applies`) and for their outcome (`outcomes`).
    applies: Vec<At>,
    outcomes: Vec<At>,
    slots: Vec<SlotId>,
}

impl<'a> Open<'a> {
    fn of(rules: Rules<'a>, judge: Judge<'a>, verdicts: &'a Verdicts, at: At) -> Self {
        let mut open = Open {
            rules,
            judge,
            verdicts,
            applies: Vec::new(),
            outcomes: Vec::new(),
            slots: Vec::new(),
        };
        open.outcome(at);
        open
    }

    fn outcome(&mut self, at: At) {
        if self.outcomes.contains(&at) {
            return;
        }
        self.outcomes.push(at);
        self.whether_it_applies(at);
        let Some(step) = self.rules.plan.step(at) else {
            return;
        };
        let what = self.rules.graph.node(step.node).map(|node| &node.what);
        if let Some(What::Obligation(obligation)) = what {
            self.obligation(at, obligation);
        }
        for exception in &step.unless {
            self.whether_it_applies(*exception);
        }
        for remedy in excuses(self.rules.plan, at) {
            self.outcome(remedy);
        }
    }

    fn obligation(&mut self, at: At, obligation: &Obligation) {
        let step = self.rules.program.steps.get(at.index());
        if let Some(demand) = step.and_then(|step| step.demand.as_ref()) {
            self.demand(&obligation.requirement, demand);
        }
        for reading in &obligation.review {
            self.expr(&reading.when);
        }
    }

    fn whether_it_applies(&mut self, at: At) {
        if self.verdicts.state(at).applies != Truth::Unknown || self.applies.contains(&at) {
            return;
        }
        self.applies.push(at);
        let Some(step) = self.rules.plan.step(at) else {
            return;
        };
        for before in step.after.iter().chain(&step.triggered_by) {
            self.whether_it_applies(*before);
        }
        if let Some(base) = step.remedies {
            self.outcome(base);
        }
        let condition = match self.rules.graph.node(step.node).map(|node| &node.what) {
            Some(What::Stage(stage)) => stage.holds.as_ref(),
            Some(What::Exception(exception)) => Some(&exception.holds),
            Some(What::Obligation(obligation)) => obligation.when.as_ref(),
            None => None,
        };
        if let Some(condition) = condition {
            self.expr(condition);
        }
    }

    fn demand(&mut self, requirement: &Requirement, demand: &Demand) {
        match (requirement, demand) {
            (Requirement::Must(condition) | Requirement::MustNot(condition), _) => {
                self.expr(condition);
            }
            (Requirement::Deadline(deadline), demand) => {
                if self.judge.demand(demand) != Outcome::Undetermined {
                    return;
                }
                self.expr(&deadline.act);
                if let Some(since) = &deadline.since {
                    self.expr(since);
                }
                if let Some(other) = &deadline.or_since {
                    self.expr(&other.since);
                }
            }
            (Requirement::Parts(parts), Demand::Parts(shares)) => {
                for (part, share) in parts.iter().zip(shares) {
                    self.part(part, share);
                }
            }
            (Requirement::Parts(_), _) => {}
        }
    }

    fn part(&mut self, part: &Part, share: &Share) {
        if let Some(when) = &part.when {
            self.expr(when);
            if self.judge.truth(when) == Truth::False {
                return;
            }
        }
        self.demand(&part.requirement, &share.demand);
    }

    fn expr(&mut self, expr: &Expr) {
        let (judge, slots) = (self.judge, &mut self.slots);
        expr.open(judge.scope, &mut |slot| {
            if !slots.contains(&slot) && count(judge, slot) > 0 {
                slots.push(slot);
            }
        });
    }
}

/// Judges one duty after another under the values of its open facts.
struct Trial<'a> {
    rules: Rules<'a>,
    judge: Judge<'a>,
    /// The mark of every fact, tried values included.
    marks: Vec<Mark>,
    tried: Vec<(SlotId, Value)>,
    verdicts: Verdicts,
    at: At,
    steps: Vec<At>,
    asked: Vec<SlotId>,
    found: Option<(State, Vec<(SlotId, Value)>)>,
}

impl<'a> Trial<'a> {
    fn new(rules: Rules<'a>, judge: Judge<'a>, verdicts: &Verdicts) -> Self {
        Trial {
            rules,
            judge,
            marks: judge.scope.marks().to_vec(),
            tried: Vec::new(),
            verdicts: verdicts.clone(),
            at: At(0),
            steps: Vec::new(),
            asked: Vec::new(),
            found: None,
        }
    }

    /// The outcome of a duty under every value, if it is the same.
    fn of(&mut self, at: At, before: State) -> Option<(Whatever, State)> {
        self.at = at;
        self.steps = steps_of(self.rules.plan, at);
        self.asked.clear();
        self.found = None;
        let agree = self.under_all();
        let facts = std::mem::take(&mut self.asked);
        let (state, example) = self.found.take().filter(|_| agree)?;
        let whatever = Whatever {
            of: at,
            facts,
            example,
            before,
        };
        Some((whatever, state))
    }

    /// Whether the duty has one outcome under all values of the facts that are still open.
    fn under_all(&mut self) -> bool {
        let next = {
            let scope = self.judge.scope.trying(&self.marks, &self.tried);
            let judge = Judge {
                scope: &scope,
                ..self.judge
            };
            let Rules {
                program,
                out_of_force,
                ..
            } = self.rules;
            walk_some(
                program,
                judge,
                out_of_force,
                &self.steps,
                &mut self.verdicts,
            );
            let state = self.verdicts.state(self.at);
            match state.outcome {
                Outcome::Undetermined => {}
                Outcome::Errored => return false,
                _ => return self.agrees(state),
            }
            let open = Open::of(self.rules, judge, &self.verdicts, self.at);
            open.slots.first().copied()
        };
        let Some(slot) = next else {
            return false;
        };
        if !self.asked.contains(&slot) {
            self.asked.push(slot);
        }
        for value in values(self.judge, slot) {
            set(&mut self.marks, slot, Mark::of(&value));
            self.tried.push((slot, value));
            let agree = self.under_all();
            self.tried.pop();
            set(&mut self.marks, slot, Mark::UNKNOWN);
            if !agree {
                return false;
            }
        }
        true
    }

    /// Whether a state has the same outcome as those before it.
    fn agrees(&mut self, state: State) -> bool {
        match &mut self.found {
            None => {
                self.found = Some((state, self.tried.clone()));
                true
            }
            Some((found, _)) => {
                if found.applies != state.applies {
                    found.applies = Truth::Unknown;
                }
                found.outcome == state.outcome
            }
        }
    }
}

fn set(marks: &mut [Mark], slot: SlotId, mark: Mark) {
    if let Some(held) = marks.get_mut(usize::from(slot.0)) {
        *held = mark;
    }
}

/// The number of values of a fact of the record itself; 0 if it is not finite.
fn count(judge: Judge<'_>, slot: SlotId) -> usize {
    match ty(judge, slot) {
        Type::Bool => 3,
        Type::Date | Type::DateTime => 2,
        Type::Enum(id) => judge.vocabulary.enumeration(*id).values.len() + 1,
        _ => 0,
    }
}

/// The values of a finite fact. An act done on an unknown day represents every day.
fn values(judge: Judge<'_>, slot: SlotId) -> Vec<Value> {
    let mut values = match ty(judge, slot) {
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Date | Type::DateTime => vec![Value::Done],
        Type::Enum(id) => (0..=u16::MAX)
            .zip(&judge.vocabulary.enumeration(*id).values)
            .map(|(n, _)| Value::Symbol(Symbol(n)))
            .collect(),
        _ => return Vec::new(),
    };
    values.push(Value::None);
    values
}

fn ty(judge: Judge<'_>, slot: SlotId) -> &Type {
    &judge.vocabulary.fact_in(ShapeId::ROOT, slot).ty
}
