//! From an outcome to a finding: the sentence, the facts, the due date, the persons. Built only for findings that are
//! shown.

mod timing;

use std::collections::HashSet;

use crate::expr::{Expr, ExprKind, Trace};
use crate::graph::{At, Graph, Node, Plan, Step, What};
use crate::lang::Text;
use crate::obligation::{Citation, Exception, Obligation, Part, Requirement};
use crate::record::{Record, Settled};
use crate::text;
use crate::truth::Truth;
use crate::value::{Day, Party, ShapeId, Value};
use crate::vocabulary::{Entry, Vocabulary};

use super::dates::{Dates, OutOfForce};
use super::facts::{evidence, missing, resolve};
use super::program::Program;
use super::sentence::{self, Sentence};
use super::verdict::{Judge, State, Verdicts, walk_some};
use super::whatever::{self, Whatever};
use super::{Due, Finding, Missing, Outcome, PartFinding};

/// Explains the outcomes of one record.
#[derive(Clone, Copy)]
pub(super) struct Explainer<'a> {
    pub(super) graph: &'a Graph,
    pub(super) plan: &'a Plan,
    pub(super) program: &'a Program,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) record: &'a Record,
    pub(super) settled: &'a Settled,
    pub(super) judge: Judge<'a>,
    pub(super) verdicts: &'a Verdicts,
    pub(super) dates: &'a Dates,
    pub(super) out_of_force: Option<&'a OutOfForce>,
    /// Whether to explain conditions down to their facts.
    pub(super) traces: bool,
    /// Whether to give reasons. Totals need no sentences, nor the facts and citations they rest on.
    pub(super) words: bool,
}

/// What explaining a requirement, or a part of one, collects.
#[derive(Default)]
struct Gathered {
    because: Text,
    due: Option<Due>,
    facts: Vec<String>,
    open: Vec<String>,
    readings: Vec<Text>,
    trace: Option<Trace>,
    parts: Vec<PartFinding>,
}

impl Explainer<'_> {
    /// The finding of one obligation, without its root cause and waiver, which need the other findings.
    pub(super) fn finding(&self, at: At, step: &Step, obligation: &Obligation) -> Finding {
        match self.verdicts.whatever(at) {
            Some(whatever) => self.whatever(whatever, step, obligation),
            None => self.stated(at, step, obligation, self.verdicts.state(at)),
        }
    }

    /// The finding of an obligation whose outcome is the same whatever some facts are. It is explained under one of
    /// their values, but its parts and its deadline show only what is known without that value.
    fn whatever(&self, whatever: &Whatever, step: &Step, obligation: &Obligation) -> Finding {
        let at = whatever.of;
        let known = self.stated(at, step, obligation, whatever.before);
        let marks = whatever::marks_of(self.judge, &whatever.example);
        let scope = self.judge.scope.trying(&marks, &whatever.example);
        let judge = Judge {
            scope: &scope,
            ..self.judge
        };
        let mut verdicts = self.verdicts.clone();
        let steps = whatever::steps_of(self.plan, at);
        let out_of_force = self.out_of_force.map_or(&[][..], |out| &out.mask);
        walk_some(self.program, judge, out_of_force, &steps, &mut verdicts);
        let example = Explainer {
            judge,
            verdicts: &verdicts,
            ..*self
        };
        let found = example.stated(at, step, obligation, verdicts.state(at));
        let facts = whatever.facts.iter().filter_map(|slot| {
            let fact = self.vocabulary.fact_in(ShapeId::ROOT, *slot);
            missing(self, &fact.path)
        });
        let facts: Vec<Missing> = facts.collect();
        let is_tried = |path: &String| facts.iter().any(|fact| fact.fact == *path);
        Finding {
            because: self.said(|| sentence::whatever(&facts, &found.because)),
            due: known.due,
            evidence: found
                .evidence
                .into_iter()
                .filter(|evidence| !is_tried(&evidence.fact))
                .collect(),
            citations: match self.words {
                true => citations(obligation, &known.parts, found.outcome),
                false => Vec::new(),
            },
            parts: known.parts,
            missing: Vec::new(),
            one_short: false,
            whatever: facts,
            ..found
        }
    }

    /// The finding of an obligation in a given state.
    fn stated(&self, at: At, step: &Step, obligation: &Obligation, state: State) -> Finding {
        let mut traces = Vec::new();
        let dated = self
            .out_of_force
            .and_then(|out| self.dates.because(out, at, self.vocabulary));
        let mut gathered = match state.applies {
            _ if dated.is_some() => Gathered::default(),
            Truth::True => self.requirement(&obligation.requirement, state.requirement),
            _ => Gathered::default(),
        };
        if let Some(when) = obligation.when.as_ref().filter(|_| dated.is_none()) {
            traces.extend(self.trace(when));
            if state.applies == Truth::True {
                let mut facts = self.decisive(when);
                facts.append(&mut gathered.facts);
                gathered.facts = facts;
            }
        }
        match (state.applies, dated) {
            (_, Some((because, path))) => {
                gathered.because = because;
                gathered.facts.extend(path);
            }
            (Truth::True, None) => self.relief(at, step, obligation, state, &mut gathered),
            (Truth::False, None) => self.not_applicable(at, step, obligation, &mut gathered),
            (Truth::Unknown, None) => self.maybe_applicable(step, obligation, &mut gathered),
        }
        let is_broken = match state.applies {
            Truth::True => state.requirement == Outcome::Violated,
            Truth::Unknown => self.would_be_broken(step, obligation),
            Truth::False => false,
        };
        if state.outcome == Outcome::Errored {
            gathered.because = text!(
                "计算结果超出可表示的范围，未能审查；请核对所涉数值",
                "a computation exceeded the range of numbers; check the figures it uses"
            );
        }
        traces.extend(gathered.trace.take());
        let undecided = matches!(state.outcome, Outcome::Undetermined);
        let citations = if self.words {
            citations(obligation, &gathered.parts, state.requirement)
        } else {
            Vec::new()
        };
        let missing: Vec<_> = unique(if undecided { &gathered.open } else { &[] })
            .filter_map(|path| missing(self, path))
            .collect();
        Finding {
            obligation: obligation.id.clone(),
            ruleset: obligation.ruleset.clone(),
            title: self.word(&obligation.title),
            outcome: state.outcome,
            severity: obligation.severity,
            bearer: obligation.bearer.clone(),
            bearer_label: sentence::role_label(self.vocabulary, &obligation.bearer),
            because: gathered.because,
            parts: gathered.parts,
            due: gathered.due,
            evidence: unique(if self.words { &gathered.facts } else { &[] })
                .filter_map(|path| evidence(self, path))
                .filter(|evidence| !evidence.value.is_empty())
                .collect(),
            one_short: is_broken && missing.len() == 1,
            missing,
            whatever: Vec::new(),
            readings: gathered.readings,
            note: self.word(&obligation.note),
            citations,
            responsible: self.responsible(obligation),
            root_cause: None,
            lapsed: state.lapsed(obligation),
            relieved_by: self
                .verdicts
                .relieved_by(at)
                .and_then(|at| Some(self.node(at)?.id().clone())),
            waiver: None,
            traces,
            declared: obligation.at.clone(),
        }
    }

    /// The day a duty was to be done: its due date; for an act that had to wait and came too early, the day of the act;
    /// else the latest day, up to the day of the audit, among the facts it rests on; else the day of the audit.
    pub(super) fn due_day(&self, finding: &Finding) -> Day {
        if let Some(due) = &finding.due {
            let early = due.earliest.zip(due.act);
            return match early {
                Some((earliest, act)) if act < earliest => act,
                _ => due.on,
            };
        }
        let days = finding.evidence.iter().filter_map(|evidence| {
            match resolve(self.vocabulary, self.settled, &evidence.fact)?.1 {
                Value::Day(day) => Some(*day),
                _ => None,
            }
        });
        let acted = days.filter(|day| *day <= self.judge.as_of).max();
        acted.unwrap_or(self.judge.as_of)
    }

    fn requirement(&self, requirement: &Requirement, outcome: Outcome) -> Gathered {
        match requirement {
            Requirement::Must(condition) => self.condition(condition, outcome, false),
            Requirement::MustNot(condition) => self.condition(condition, outcome, true),
            Requirement::Deadline(deadline) => self.deadline(deadline),
            Requirement::Parts(parts) => self.parts(parts),
        }
    }

    fn condition(&self, condition: &Expr, outcome: Outcome, forbidden: bool) -> Gathered {
        let facts = self.decisive(condition);
        let open = self.undecided(condition);
        let sentence = self.sentence();
        Gathered {
            because: match outcome {
                _ if !self.words => Text::default(),
                Outcome::Violated => {
                    let condition = self.broken(condition, forbidden);
                    let culprits = condition.culprits(self.judge.scope);
                    sentence.breach(condition, forbidden, &facts, &culprits, self.judge.scope)
                }
                Outcome::Undetermined => sentence.lacking(&open),
                _ => sentence.kept(condition, forbidden, &facts),
            },
            facts,
            open,
            trace: self.trace(condition),
            ..Gathered::default()
        }
    }

    /// The one of several demands that is not met, which alone explains the breach; the whole condition if several are
    /// not met.
    fn broken<'e>(&self, condition: &'e Expr, forbidden: bool) -> &'e Expr {
        let ExprKind::All(items) = condition.kind() else {
            return condition;
        };
        let mut failing = items
            .iter()
            .filter(|item| self.judge.truth(item) != Truth::True);
        match (failing.next(), failing.next()) {
            (Some(only), None) if !forbidden => self.broken(only, forbidden),
            _ => condition,
        }
    }

    fn parts(&self, parts: &[Part]) -> Gathered {
        let mut all = Gathered::default();
        let mut facts: Vec<(Outcome, Vec<String>)> = Vec::new();
        for part in parts {
            let outcome = self.judge.part(part);
            let mut gathered = match part
                .when
                .as_ref()
                .map_or(Truth::True, |when| self.judge.truth(when))
            {
                Truth::True => self.requirement(&part.requirement, outcome),
                truth => self.when_not_true(part.when.as_ref(), truth),
            };
            if matches!(
                outcome,
                Outcome::Violated | Outcome::Review | Outcome::Pending
            ) && all.due.is_none()
            {
                all.due.clone_from(&gathered.due);
            }
            facts.push((outcome, std::mem::take(&mut gathered.facts)));
            all.open.append(&mut gathered.open);
            all.readings.append(&mut gathered.readings);
            all.parts.push(PartFinding {
                code: part.code.clone(),
                title: self.word(&part.title),
                outcome,
                because: gathered.because,
                due: gathered.due,
                trace: gathered.trace,
            });
        }
        if self.words {
            all.because = sentence::parts(&all.parts);
        }
        // Among many cases, those that comply with a part would hide those that break another.
        let is_kept =
            |outcome: Outcome| matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable);
        let broken_only =
            self.record.is_gathered() && facts.iter().any(|(outcome, _)| !is_kept(*outcome));
        for (outcome, mut facts) in facts {
            if !(broken_only && is_kept(outcome)) {
                all.facts.append(&mut facts);
            }
        }
        all
    }

    /// Why a condition for arising is false or undecided.
    fn when_not_true(&self, when: Option<&Expr>, truth: Truth) -> Gathered {
        let Some(when) = when else {
            return Gathered::default();
        };
        let sentence = self.sentence();
        if truth == Truth::False {
            let facts = self.decisive(when);
            Gathered {
                because: self.said(|| sentence.out_of_scope(when, &facts)),
                facts,
                ..Gathered::default()
            }
        } else {
            let open = self.undecided(when);
            Gathered {
                because: self.said(|| sentence.scope_open(when, &open)),
                open,
                ..Gathered::default()
            }
        }
    }

    /// Explains exceptions, remedies and judgement: what turned the requirement's outcome into the obligation's.
    fn relief(
        &self,
        at: At,
        step: &Step,
        obligation: &Obligation,
        state: State,
        gathered: &mut Gathered,
    ) {
        if let Some(node) = self.verdicts.relieved_by(at) {
            let title = self.title(node);
            gathered.because = if step.unless.contains(&node) {
                if let Some(exception) = self.exception(node) {
                    gathered.facts.extend(self.decisive(&exception.holds));
                }
                text!("适用例外“{}”，不构成违规", "the exception “{}” applies: no breach"; title)
            } else {
                text!("已履行“{}”，依法免除", "excused: “{}” was done"; title)
            };
            return;
        }
        match state.outcome {
            Outcome::NotApplicable if state.lapsed(obligation) => {
                for part in &mut gathered.parts {
                    if part.outcome == Outcome::Violated {
                        part.outcome = Outcome::NotApplicable;
                    }
                }
                gathered.because = text!(
                    "{}；逾期即丧失权利，不构成违规",
                    "{}; the right has lapsed, which is no breach";
                    gathered.because
                );
            }
            Outcome::Review if state.requirement == Outcome::Violated => {
                for reading in &obligation.review {
                    if self.judge.truth(&reading.when) == Truth::True {
                        gathered.readings.push(reading.text.clone());
                        gathered.facts.extend(self.decisive(&reading.when));
                    }
                }
            }
            Outcome::Undetermined if state.requirement != Outcome::Undetermined => {
                let before = gathered.open.len();
                for reading in &obligation.review {
                    gathered.open.extend(self.undecided(&reading.when));
                }
                for node in &step.unless {
                    if let Some(exception) = self.exception(*node) {
                        gathered.open.extend(self.undecided(&exception.holds));
                    }
                }
                for remedy in &step.remedied_by {
                    if let Some(remedy) = self.node(*remedy).and_then(Node::obligation) {
                        if let Some(when) = &remedy.when {
                            gathered.open.extend(self.undecided(when));
                        }
                        let outcome = self.judge.requirement(&remedy.requirement);
                        gathered
                            .open
                            .extend(self.requirement(&remedy.requirement, outcome).open);
                    }
                }
                gathered.because = self.said(|| {
                    let relief = self.sentence().lacking(&gathered.open[before..]);
                    text!("{}；但是否另有例外或者补救，{}", "{}; whether an exception or a remedy relieves it is open: {}"; gathered.because, relief)
                });
            }
            _ => {}
        }
    }

    fn not_applicable(
        &self,
        at: At,
        step: &Step,
        obligation: &Obligation,
        gathered: &mut Gathered,
    ) {
        if let Some(node) = step
            .after
            .iter()
            .find(|node| self.verdicts.state(**node).applies == Truth::False)
        {
            gathered.because = self.unreached(*node, &mut gathered.facts);
            return;
        }
        if let Some(base) = step.remedies
            && self.verdicts.state(base).outcome != Outcome::Violated
            && self.verdicts.relieved_by(base) != Some(at)
        {
            let title = self.title(base);
            gathered.because = text!("“{}”没有被违反，无须补救", "“{}” is not breached: there is nothing to remedy"; title);
            return;
        }
        if !step.triggered_by.is_empty()
            && step
                .triggered_by
                .iter()
                .all(|node| self.verdicts.state(*node).applies == Truth::False)
            && let Some(node) = step.triggered_by.first()
        {
            gathered.because = self.unreached(*node, &mut gathered.facts);
            return;
        }
        let mut why = self.when_not_true(obligation.when.as_ref(), Truth::False);
        gathered.because = why.because;
        gathered.facts.append(&mut why.facts);
    }

    fn maybe_applicable(&self, step: &Step, obligation: &Obligation, gathered: &mut Gathered) {
        for node in step.after.iter().chain(&step.triggered_by) {
            self.open_ancestors(*node, &mut gathered.open);
        }
        if let Some(base) = step.remedies
            && let Some(base) = self.node(base).and_then(Node::obligation)
        {
            let outcome = self.judge.requirement(&base.requirement);
            gathered
                .open
                .extend(self.requirement(&base.requirement, outcome).open);
        }
        if let Some(when) = &obligation.when {
            gathered.open.extend(self.undecided(when));
        }
        let arising = self.said(|| self.sentence().arising_open(&gathered.open));
        gathered.because = match self.would_be_broken(step, obligation) {
            false => arising,
            // The known facts of the act come first; by themselves they are no breach.
            true => {
                let mut shown = self.requirement(&obligation.requirement, Outcome::Violated);
                gathered.facts.append(&mut shown.facts);
                text!("{}；但{}", "{}; but {}"; shown.because, arising)
            }
        };
    }

    /// Whether the requirement is known not to hold while it is open whether the obligation arises. False for a remedy,
    /// which is owed only once another duty is broken.
    fn would_be_broken(&self, step: &Step, obligation: &Obligation) -> bool {
        step.remedies.is_none()
            && self.judge.requirement(&obligation.requirement) == Outcome::Violated
    }

    /// Collects every open fact that leaves it open whether a node is reached.
    fn open_ancestors(&self, node: At, open: &mut Vec<String>) {
        if self.verdicts.state(node).applies != Truth::Unknown {
            return;
        }
        if let Some(condition) = self.own_condition(node) {
            open.extend(self.undecided(condition));
        }
        if let Some(step) = self.plan.step(node) {
            for before in step.after.iter().chain(&step.triggered_by) {
                self.open_ancestors(*before, open);
            }
        }
    }

    /// Why a stage or an obligation that others presuppose is not reached.
    fn unreached(&self, node: At, facts: &mut Vec<String>) -> Text {
        // The reader wants the first cause up the line.
        if let Some(step) = self.plan.step(node)
            && let Some(before) = step
                .after
                .iter()
                .find(|before| self.verdicts.state(**before).applies == Truth::False)
        {
            return self.unreached(*before, facts);
        }
        let sentence = self.sentence();
        let title = self.title(node);
        let shown = self.own_condition(node).map(|condition| {
            let mut decisive = self.decisive(condition);
            let shown = sentence.facts(&decisive);
            facts.append(&mut decisive);
            shown
        });
        let why = shown
            .filter(|shown| !shown.is_empty())
            .map_or_else(Text::default, |shown| text!("（{}）", " ({})"; shown));
        match self.node(node).map(|node| &node.what) {
            Some(What::Stage(_)) => {
                text!("本案没有进入“{}”环节{}", "the case did not reach the stage “{}”{}"; title, why)
            }
            _ => {
                text!("前提“{}”在本案中不产生{}", "“{}”, which it presupposes, does not arise{}"; title, why)
            }
        }
    }

    fn node(&self, at: At) -> Option<&Node> {
        self.graph.node(self.plan.step(at)?.node)
    }

    fn exception(&self, at: At) -> Option<&Exception> {
        match &self.node(at)?.what {
            What::Exception(exception) => Some(exception),
            _ => None,
        }
    }

    /// The node's own condition for being reached.
    fn own_condition(&self, at: At) -> Option<&Expr> {
        match &self.node(at)?.what {
            What::Stage(stage) => stage.holds.as_ref(),
            What::Exception(exception) => Some(&exception.holds),
            What::Obligation(obligation) => obligation.when.as_ref(),
        }
    }

    fn title(&self, at: At) -> Text {
        self.node(at)
            .map(|node| node.title().clone())
            .unwrap_or_default()
    }

    /// The persons responsible: those an expression finds, else those in the facts of the role.
    fn responsible(&self, obligation: &Obligation) -> Vec<Party> {
        let mut found: Vec<Party> = obligation
            .responsible
            .iter()
            .flat_map(|persons| persons.parties(self.judge.scope))
            .collect();
        if obligation.responsible.is_empty()
            && let Some(role) = self
                .vocabulary
                .roles()
                .iter()
                .find(|role| role.code == obligation.bearer)
        {
            for fact in &role.named_by {
                let path = &self.vocabulary.fact(*fact).path;
                if let Some((_, value)) = resolve(self.vocabulary, self.settled, path) {
                    parties_of(value, &mut found);
                }
            }
        }
        let mut parties: Vec<Party> = Vec::new();
        for party in found {
            if !parties.iter().any(|known| known.is_same(&party)) {
                parties.push(party);
            }
        }
        parties
    }

    /// The sentence, unless only totals are needed.
    fn said(&self, sentence: impl FnOnce() -> Text) -> Text {
        match self.words {
            true => sentence(),
            false => Text::default(),
        }
    }

    fn word(&self, text: &Text) -> Text {
        self.said(|| text.clone())
    }

    fn sentence(&self) -> Sentence<'_> {
        Sentence {
            vocabulary: self.vocabulary,
            settled: self.settled,
            across: self.record.is_gathered(),
        }
    }

    /// The paths of the facts of the record itself that an expression reads.
    fn reads(&self, expr: &Expr) -> Vec<String> {
        expr.facts()
            .into_iter()
            .map(|fact| self.vocabulary.fact(fact).path.clone())
            .filter(|path| matches!(self.vocabulary.find(path), Some(Entry::Fact(_))))
            .collect()
    }

    /// The facts that decide an expression, as evidence; empty if no reasons are given.
    fn decisive(&self, expr: &Expr) -> Vec<String> {
        if !self.words {
            return Vec::new();
        }
        let facts = expr.decisive(self.judge.scope, self.vocabulary);
        super::across::relevant(self.vocabulary, self.settled, facts)
    }

    fn undecided(&self, expr: &Expr) -> Vec<String> {
        expr.undecided(self.judge.scope, self.vocabulary)
    }

    fn trace(&self, expr: &Expr) -> Option<Trace> {
        self.traces
            .then(|| expr.explain(self.judge.scope, self.vocabulary))
    }
}

fn parties_of(value: &Value, found: &mut Vec<Party>) {
    match value {
        Value::Party(party) => found.push((**party).clone()),
        Value::List(items) => items.iter().for_each(|item| parties_of(item, found)),
        _ => {}
    }
}

/// Each path once, in the order of first occurrence.
fn unique(paths: &[String]) -> impl Iterator<Item = &str> {
    // Most findings rest on few facts, for which comparing is faster than hashing.
    const FEW: usize = 24;
    let mut seen = (paths.len() > FEW).then(HashSet::new);
    paths
        .iter()
        .enumerate()
        .filter(move |(at, path)| match &mut seen {
            Some(seen) => seen.insert(*path),
            None => !paths.iter().take(*at).any(|before| before == *path),
        })
        .map(|(_, path)| path.as_str())
}

/// The sentences a finding rests on: the citations of the deciding parts. Those of the obligation as a whole are used
/// only if a deciding part has none; of the obligations it refines, those of the same part, if they have any.
fn citations(obligation: &Obligation, parts: &[PartFinding], decided: Outcome) -> Vec<Citation> {
    let declared = match decided.is_settled() {
        true => &[],
        false => obligation.requirement.parts(),
    };
    let deciding = declared
        .iter()
        .zip(parts)
        .filter(|(_, found)| found.outcome == decided)
        .map(|(part, _)| part);
    let deciding: Vec<&Part> = deciding.collect();
    let uncited = || deciding.iter().filter(|part| part.citation.is_none());
    let on_the_whole = deciding.is_empty() || uncited().next().is_some();
    let own = obligation.citations.iter().filter(|_| on_the_whole);
    let is_whole = deciding.is_empty() || uncited().any(|part| part.higher_citations.is_none());
    let higher = obligation.higher_citations.iter().filter(|_| is_whole);
    let of_parts = uncited().flat_map(|part| part.higher_citations.iter().flatten());
    let parts = deciding.iter().filter_map(|part| part.citation.as_ref());
    let mut cited: Vec<Citation> = Vec::new();
    for citation in own.chain(higher).chain(of_parts).chain(parts) {
        if !cited.contains(citation) {
            cited.push(citation.clone());
        }
    }
    cited
}
