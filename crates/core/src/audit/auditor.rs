//! One rule set made ready to audit any number of records.

mod owed;
mod remarks;
mod restored;
mod unread;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use remarks::{acts, cut_off, not_complete};
use restored::Restored;

pub use owed::{Answerable, Owed, PartyKind};
pub use unread::beside_rules;

use crate::diagnostic::Diagnostic;
use crate::expr::Scope;
use crate::graph::{At, Graph, Node, NodeId, Plan};
use crate::lang::Text;
use crate::obligation::{Id, Obligation, RuleSet, RuleSetId};
use crate::period::Calendar;
use crate::record::{Record, Settled};
use crate::truth::Truth;
use crate::value::{Day, SlotId, Value};
use crate::vocabulary::{FactId, Vocabulary};

use super::dates::{self, Dates, Layer, OutOfForce};
use super::explain::Explainer;
use super::program::Program;
use super::subject::Slots;
use super::timeline::Timeline;
use super::verdict::{Judge, Verdicts, walk, walk_dated};
use super::waiver::Waivers;
use super::whatever;
use super::{AsOf, CaseAudit, Completeness, Duty, Finding, Outcome};

/// What to audit for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day of the audit; the record's closing date if none.
    pub as_of: Option<Day>,
    /// The day of the audit where neither is given: the caller's today. The engine reads no clock.
    pub today: Day,
    /// Whether absent facts count as known not to exist although the record does not declare its dossier complete.
    pub assume_complete: bool,
    /// Whether satisfied and not applicable obligations are explained too.
    pub all: bool,
    /// Whether the due dates of the case are counted, met or not.
    pub timeline: bool,
    /// Whether conditions are explained down to their facts: [`Finding::traces`] and the trace of every part. No report
    /// shows them unless asked to.
    pub traces: bool,
}

impl Options {
    /// What an auditor asks who says nothing else: findings that need somebody's attention, with their due dates. A record
    /// without a closing date is audited as of `today`.
    #[must_use]
    pub fn on(today: Day) -> Options {
        Options {
            as_of: None,
            today,
            assume_complete: false,
            all: false,
            timeline: true,
            traces: false,
        }
    }
}

/// A rule set, the vocabulary and the calendar, ready to audit. `Send + Sync`.
#[derive(Debug)]
pub struct Auditor {
    vocabulary: Arc<Vocabulary>,
    calendar: Arc<Calendar>,
    graph: Graph,
    plan: Plan,
    program: Program,
    /// The obligations in force, in the order of the notice.
    counted: Box<[Counted]>,
    /// The dates that deadlines count from or judge: days on which something happened.
    acts: Vec<SlotId>,
    /// Where records keep what their cases are about.
    subject: Slots,
    /// The obligations of the graph, in the order of the notice.
    duties: Arc<[Duty]>,
    ruleset: RuleSetId,
    title: Text,
    layers: Vec<Layer>,
    dates: Dates,
    /// The obligations that others refine, each with its place among those of its rule set.
    refined: Vec<(usize, Obligation)>,
    /// Who answers for the obligations: made when first asked for.
    answers: OnceLock<owed::Answers>,
    /// The facts that something reads: found when first asked for.
    read: OnceLock<HashSet<FactId>>,
    restored: Restored,
}

/// How much is to be said of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What the case comes to, and what is wrong with its record: neither findings nor timeline.
    Brief,
    /// What a run adds up: the findings that are not settled, each with who answers for it, when it was due and what is
    /// missing, and no words, evidence or citations. No timeline.
    Counted,
    /// What the options ask for.
    Findings,
}

/// What is to be explained.
#[derive(Debug, Clone, Copy)]
enum Wanted<'a> {
    All(Detail),
    Only(&'a Id),
}

/// An obligation as every case is counted by it.
#[derive(Debug, Clone, Copy)]
struct Counted {
    node: NodeId,
    at: At,
    /// Whether it is a right that lapses.
    lapses: bool,
}

impl Counted {
    fn of(graph: &Graph, plan: &Plan) -> Box<[Counted]> {
        let owed = |(node, obligation): (NodeId, &Obligation)| {
            Some(Counted {
                node,
                at: plan.position(node)?,
                lapses: obligation.lapses,
            })
        };
        graph.obligations().filter_map(owed).collect()
    }
}

impl Auditor {
    /// An auditor for the rule set a graph was built of.
    #[must_use]
    pub fn new(
        vocabulary: Arc<Vocabulary>,
        calendar: Arc<Calendar>,
        graph: Graph,
        ruleset: RuleSetId,
        title: Text,
    ) -> Self {
        let plan = graph.plan();
        Auditor {
            program: Program::of(&graph, &plan),
            counted: Counted::of(&graph, &plan),
            acts: acts(&graph),
            subject: Slots::of(&vocabulary),
            duties: duties(&graph, &plan),
            plan,
            vocabulary,
            calendar,
            graph,
            ruleset,
            title,
            layers: Vec::new(),
            dates: Dates::default(),
            refined: Vec::new(),
            answers: OnceLock::new(),
            read: OnceLock::new(),
            restored: Restored::default(),
        }
    }

    /// The vocabulary of the records it audits.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The calendar due dates are found by.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The auditor, minding when each rule set is in force: the one it is for and those it includes, the nearest first.
    /// Without this all are in force on every day.
    #[must_use]
    pub fn minding_dates<'r>(mut self, layers: impl Iterator<Item = &'r RuleSet> + Clone) -> Self {
        self.layers = layers.clone().map(Layer::of).collect();
        self.dates = Dates::of(&self.graph, &self.plan, &self.layers);
        self.refined = dates::refined(&self.graph, layers);
        self
    }

    /// The graph of the obligations in force.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The day a record is audited for, and where it comes from.
    #[must_use]
    pub fn as_of(&self, record: &Record, options: &Options) -> (Day, AsOf) {
        let closed = match record.get(self.vocabulary.reserved().closed_on) {
            Value::Day(day) => Some(*day),
            _ => None,
        };
        match (options.as_of, closed) {
            (Some(day), _) => (day, AsOf::Given),
            (None, Some(day)) => (day, AsOf::Closed),
            (None, None) => (options.today, AsOf::Today),
        }
    }

    /// What absence means in a record.
    fn completeness(&self, record: &Record, settled: &Settled) -> Completeness {
        match record.get(self.vocabulary.reserved().complete) {
            // What could not be read, or was cut off, is not missing.
            _ if !settled.is_complete() => Completeness::Open,
            Value::Bool(true) => Completeness::Declared,
            _ => Completeness::Assumed,
        }
    }

    /// The outcomes alone, without explanation: what an archive needs of most of its cases. Waivers are not looked at.
    pub fn outcomes(&self, record: &Settled, as_of: Day, verdicts: &mut Verdicts) {
        let scope = scope(record).on(&self.calendar);
        let judge = Judge {
            scope: &scope,
            calendar: &self.calendar,
            as_of,
            vocabulary: &self.vocabulary,
        };
        match self.dates.out_of_force(judge) {
            None => self.judge(judge, None, verdicts),
            Some(out) => {
                self.judge(judge, Some(&out), verdicts);
                if let Some(Ok(restored)) = self.restored(&out).as_deref() {
                    let mut theirs = Verdicts::default();
                    restored.outcomes(record, as_of, &mut theirs);
                    self.stand_in(&out, restored, &theirs, verdicts);
                }
            }
        }
    }

    /// Judges every step, and then what comes to the same whatever it leaves open.
    fn judge(&self, judge: Judge<'_>, out: Option<&OutOfForce>, verdicts: &mut Verdicts) {
        let out_of_force = out.map_or(&[][..], |out| &out.mask);
        match out {
            None => walk(&self.program, judge, verdicts),
            Some(_) => walk_dated(&self.program, judge, out_of_force, verdicts),
        }
        let rules = whatever::Rules {
            graph: &self.graph,
            plan: &self.plan,
            program: &self.program,
            out_of_force,
        };
        whatever::decide(rules, judge, verdicts);
    }

    /// The outcome of every obligation in force, in the order of the notice. Waivers are not looked at.
    #[must_use]
    pub fn by_obligation(&self, verdicts: &Verdicts) -> Vec<(&Obligation, Outcome)> {
        let outcome = |(node, obligation)| {
            let at = self.plan.position(node)?;
            Some((obligation, verdicts.outcome(at)))
        };
        self.graph.obligations().filter_map(outcome).collect()
    }

    /// The outcome of the obligation of one node. Waivers are not looked at.
    #[must_use]
    pub fn outcome_of(&self, node: NodeId, verdicts: &Verdicts) -> Outcome {
        let at = self.plan.position(node);
        at.map_or(Outcome::NotApplicable, |at| verdicts.outcome(at))
    }

    /// Audits one record and explains what is to be shown.
    #[must_use]
    pub fn audit(&self, record: &Record, options: &Options) -> CaseAudit {
        let settled = self.settle(record, options);
        self.audit_settled(record, &settled, options, Detail::Findings)
    }

    /// Audits one record and explains one obligation, whatever comes of it, for a page that explains what is asked about;
    /// none, if the obligation is not in force. Among all that [`Auditor::audit`] explains it is the same finding.
    #[must_use]
    pub fn finding(&self, record: &Record, options: &Options, obligation: &Id) -> Option<Finding> {
        let settled = self.settle(record, options);
        let options = Options {
            all: true,
            timeline: false,
            ..*options
        };
        let audit = self.audit_restored(record, &settled, &options, Wanted::Only(obligation), 0);
        let mut findings = audit.findings.into_iter();
        findings.find(|finding| finding.obligation == *obligation)
    }

    /// A record as it is audited: settled, and complete if the options say so.
    #[must_use]
    pub fn settle(&self, record: &Record, options: &Options) -> Settled {
        record.settle(&self.vocabulary, options.assume_complete)
    }

    /// The same as [`Auditor::audit`], of a record that [`Auditor::settle`] has settled with the same options: it is
    /// needed elsewhere too.
    #[must_use]
    pub fn audit_settled(
        &self,
        record: &Record,
        settled: &Settled,
        options: &Options,
        detail: Detail,
    ) -> CaseAudit {
        self.audit_restored(record, settled, options, Wanted::All(detail), 0)
    }

    fn audit_restored(
        &self,
        record: &Record,
        settled: &Settled,
        options: &Options,
        wanted: Wanted<'_>,
        restored: usize,
    ) -> CaseAudit {
        let (detail, only) = match wanted {
            Wanted::All(detail) => (detail, None),
            Wanted::Only(obligation) => (Detail::Findings, Some(obligation)),
        };
        let vocabulary = &self.vocabulary;
        let reserved = vocabulary.reserved();
        let completeness = self.completeness(record, settled);
        let (as_of, as_of_from) = self.as_of(record, options);
        let scope = scope(settled).on(&self.calendar);
        let judge = Judge {
            scope: &scope,
            calendar: &self.calendar,
            as_of,
            vocabulary: &self.vocabulary,
        };
        let mut verdicts = Verdicts::default();
        let out_of_force = self.dates.out_of_force(judge);
        let mut unrestored = Vec::new();
        match &out_of_force {
            None => self.judge(judge, None, &mut verdicts),
            Some(out) => {
                match self.restored(out).as_deref() {
                    Some(Ok(auditor)) => {
                        let more = auditor.graph.obligations().count();
                        let more = more.saturating_sub(self.graph.obligations().count());
                        let restored = restored + more;
                        return auditor.audit_restored(record, settled, options, wanted, restored);
                    }
                    Some(Err(problems)) => unrestored.clone_from(problems),
                    None => {}
                }
                self.judge(judge, Some(out), &mut verdicts);
            }
        }
        let explainer = Explainer {
            graph: &self.graph,
            plan: &self.plan,
            program: &self.program,
            vocabulary,
            record,
            settled,
            judge,
            verdicts: &verdicts,
            dates: &self.dates,
            out_of_force: out_of_force.as_ref(),
            traces: options.traces,
            words: true,
        };
        let explainer = Explainer {
            words: detail == Detail::Findings,
            ..explainer
        };
        let all = options.all && detail == Detail::Findings;
        let with_timeline = options.timeline && detail == Detail::Findings;
        let mut waivers = Waivers::read(settled, vocabulary);
        let (mut outcomes, telling) = self.outcomes_of(&verdicts);
        let mut findings = Vec::new();
        let mut timeline = Timeline::default();
        // What a violation follows from is only asked for where there is one.
        let mut roots = None;
        // A waiver covers only what is to be told.
        let is_looked_at = match detail {
            Detail::Findings | Detail::Counted => telling || all || with_timeline,
            Detail::Brief => telling && !waivers.is_empty(),
        };
        let counted: &[Counted] = if is_looked_at { &self.counted } else { &[] };
        for (n, &Counted { node, at, lapses }) in counted.iter().enumerate() {
            let state = verdicts.state(at);
            let lapsed = lapses && state.lapsed_if_it_may();
            // Most need no words.
            if state.outcome.is_settled() && !lapsed && !all && !with_timeline {
                continue;
            }
            let (Some(step), Some(obligation)) = (
                self.plan.step(at),
                self.graph.node(node).and_then(Node::obligation),
            ) else {
                continue;
            };
            if only.is_some_and(|only| obligation.id != *only) {
                continue;
            }
            // A waiver may cover it only on the day it was to be done; the rest need no day.
            let waiver = if waivers.concern(&obligation.id.0, state.outcome) {
                let finding = explainer.finding(at, step, obligation);
                waivers.cover(&obligation.id.0, explainer.due_day(&finding))
            } else {
                None
            };
            let outcome = if waiver.is_some() {
                Outcome::Waived
            } else {
                state.outcome
            };
            if let Some(counted) = outcomes.get_mut(n) {
                *counted = outcome;
            }
            if detail == Detail::Brief {
                continue;
            }
            let is_dated = with_timeline && (lapsed || state.outcome != Outcome::NotApplicable);
            let settled = outcome.is_settled();
            if all || lapsed || !settled {
                let mut finding = explainer.finding(at, step, obligation);
                finding.outcome = outcome;
                finding.waiver = waiver;
                if state.outcome == Outcome::Violated {
                    let roots = roots.get_or_insert_with(|| self.roots(&verdicts));
                    let root = roots.get(at.index()).copied().flatten();
                    finding.root_cause = root.and_then(|root| self.id(root));
                }
                if is_dated {
                    timeline.add(&finding);
                }
                findings.push(finding);
            } else if is_dated && state.applies == Truth::True {
                timeline.add_unexplained(judge, obligation, outcome);
            }
        }
        under_waived_roots(&mut findings);

        let (idle_waivers, mut idle) = self.idle_waivers(waivers, record, as_of);
        let mut diagnostics = settled.diagnostics(record, vocabulary);
        let declared = *record.get(reserved.complete) == Value::Bool(true);
        if record.is_partial() && (declared || options.assume_complete) {
            diagnostics.push(not_complete(record));
        }
        let stage = settled.cut_off();
        diagnostics.extend(stage.map(|stage| cut_off(record, vocabulary, stage)));
        diagnostics.append(&mut idle);
        diagnostics.extend(self.after(settled, record, as_of));
        diagnostics.append(&mut unrestored);
        if let Some(out) = &out_of_force {
            diagnostics.append(&mut self.dates.diagnostics(out, restored, record, vocabulary));
        }
        diagnostics.sort_by(Diagnostic::order);
        CaseAudit {
            case: match record.get(reserved.number) {
                Value::Text(number) if !number.trim().is_empty() => number.trim().to_owned(),
                _ => record.source().title(),
            },
            subject: self.subject.subject(settled),
            ruleset: self.ruleset.clone(),
            ruleset_title: self.title.clone(),
            ruleset_chosen_because: None,
            source: Arc::clone(record.source()),
            as_of,
            as_of_from,
            completeness,
            duties: Arc::clone(&self.duties),
            outcomes,
            findings,
            timeline: timeline.finish(),
            idle_waivers,
            unread: match detail {
                Detail::Findings => self.unread(record),
                Detail::Counted | Detail::Brief => Vec::new(),
            },
            causes: Vec::new(),
            diagnostics,
        }
    }

    /// The outcome of each obligation, and whether any of them is to be told of: that is neither satisfied nor not
    /// applicable, or is a right that lapsed. Waivers are not looked at.
    fn outcomes_of(&self, verdicts: &Verdicts) -> (Vec<Outcome>, bool) {
        let counted = self.counted.iter();
        let outcomes: Vec<Outcome> = counted
            .map(|counted| verdicts.outcome(counted.at))
            .collect();
        let mut lapsing = self.counted.iter().filter(|counted| counted.lapses);
        let telling = outcomes.iter().any(|outcome| !outcome.is_settled())
            || lapsing.any(|counted| verdicts.state(counted.at).lapsed_if_it_may());
        (outcomes, telling)
    }

    /// Gives a duty out of force the state of the duty it refines, which stands in for it.
    fn stand_in(
        &self,
        out: &OutOfForce,
        restored: &Auditor,
        theirs: &Verdicts,
        verdicts: &mut Verdicts,
    ) {
        for (node, obligation) in self.graph.obligations() {
            let Some(at) = self.plan.position(node) else {
                continue;
            };
            let id = match &obligation.refines {
                Some(refined) if out.mask.get(at.index()) == Some(&true) => &refined.id,
                _ => &obligation.id,
            };
            let found = restored.graph.resolve(id);
            if let Some(found) = found.and_then(|node| restored.plan.position(node)) {
                verdicts.set_outcome(at, theirs.outcome(found));
            }
        }
    }

    /// For every step the violated obligation that its own violation follows from, if any.
    fn roots(&self, verdicts: &Verdicts) -> Vec<Option<At>> {
        self.plan
            .root_causes(|at| verdicts.outcome(at) == Outcome::Violated)
    }

    fn id(&self, at: At) -> Option<Id> {
        self.graph
            .node(self.plan.step(at)?.node)
            .map(Node::id)
            .cloned()
    }
}

fn scope(record: &Settled) -> Scope<'_> {
    Scope::settled(record.recorded(), record.silence())
}

/// The obligations an audit goes through, in its order.
fn duties(graph: &Graph, plan: &Plan) -> Arc<[Duty]> {
    let walked = |node| plan.position(node).and_then(|at| plan.step(at)).is_some();
    graph
        .obligations()
        .filter(|(node, _)| walked(*node))
        .map(|(_, obligation)| Duty::of(obligation))
        .collect()
}

/// A consequence whose root is waived stands by itself.
fn under_waived_roots(findings: &mut [Finding]) {
    let waived: Vec<Id> = findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Waived)
        .map(|finding| finding.obligation.clone())
        .collect();
    for finding in findings {
        if finding
            .root_cause
            .as_ref()
            .is_some_and(|root| waived.contains(root))
        {
            finding.root_cause = None;
        }
    }
}
