//! A rule set prepared to audit any number of records.

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

/// Options of an audit.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day of the audit; `None` means the record's closing date.
    pub as_of: Option<Day>,
    /// The day of the audit if `as_of` and the closing date are both missing. The engine reads no clock.
    pub today: Day,
    /// Whether absent facts count as known not to exist even if the record does not declare its dossier complete.
    pub assume_complete: bool,
    /// Whether satisfied and not applicable obligations get findings too.
    pub all: bool,
    /// Whether to compute every due date of the case, met or not.
    pub timeline: bool,
    /// Whether to explain conditions down to their facts: [`Finding::traces`] and the trace of every part. Reports show
    /// traces only on request.
    pub traces: bool,
}

impl Options {
    /// The default options: findings that need attention, with their due dates. A record without a closing date is
    /// audited as of `today`.
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

/// A rule set, the vocabulary and the calendar, ready to audit.
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
    /// The slots that say what a case is about.
    subject: Slots,
    /// The obligations of the graph, in the order of the notice.
    duties: Arc<[Duty]>,
    ruleset: RuleSetId,
    title: Text,
    layers: Vec<Layer>,
    dates: Dates,
    /// The obligations that others refine, each with its position in its rule set.
    refined: Vec<(usize, Obligation)>,
    /// Who answers for the obligations; computed on first use.
    answers: OnceLock<owed::Answers>,
    /// The facts that something reads; computed on first use.
    read: OnceLock<HashSet<FactId>>,
    restored: Restored,
}

/// How much detail an audit returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The outcomes of the case and the diagnostics of its record: no findings, no timeline.
    Brief,
    /// What totals need: the findings that are not settled, each with the responsible parties, the due date and the
    /// missing facts, but without sentences, evidence or citations. No timeline.
    Counted,
    /// Everything the options ask for.
    Findings,
}

/// What to explain.
#[derive(Debug, Clone, Copy)]
enum Wanted<'a> {
    All(Detail),
    Only(&'a Id),
}

/// An obligation, prepared for counting its outcome in every case.
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
    /// Creates an auditor for the rule set the graph was built from.
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

    /// The calendar used to compute due dates.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Makes the auditor respect when each rule set is in force. `layers`: its own rule set and those it includes, the
    /// nearest first. Without this call all of them are in force on every day.
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

    /// The day for which a record is audited, and where it comes from.
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

    /// What absent facts mean in a record.
    fn completeness(&self, record: &Record, settled: &Settled) -> Completeness {
        match record.get(self.vocabulary.reserved().complete) {
            // What was unreadable or cut off does not count as missing.
            _ if !settled.is_complete() => Completeness::Open,
            Value::Bool(true) => Completeness::Declared,
            _ => Completeness::Assumed,
        }
    }

    /// Computes the outcomes without explanations, which is all an archive needs for most of its cases. Ignores
    /// waivers.
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

    /// Judges every step, then decides the duties that have the same outcome under every value of their unknown facts.
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

    /// The outcome of every obligation in force, in the order of the notice. Ignores waivers.
    #[must_use]
    pub fn by_obligation(&self, verdicts: &Verdicts) -> Vec<(&Obligation, Outcome)> {
        let outcome = |(node, obligation)| {
            let at = self.plan.position(node)?;
            Some((obligation, verdicts.outcome(at)))
        };
        self.graph.obligations().filter_map(outcome).collect()
    }

    /// The outcome of the obligation at a node. Ignores waivers.
    #[must_use]
    pub fn outcome_of(&self, node: NodeId, verdicts: &Verdicts) -> Outcome {
        let at = self.plan.position(node);
        at.map_or(Outcome::NotApplicable, |at| verdicts.outcome(at))
    }

    /// Audits one record and explains its findings.
    #[must_use]
    pub fn audit(&self, record: &Record, options: &Options) -> CaseAudit {
        let settled = self.settle(record, options);
        self.audit_settled(record, &settled, options, Detail::Findings)
    }

    /// Audits one record and explains one obligation, whatever its outcome; `None` if the obligation is not in force.
    /// The finding is the one that [`Auditor::audit`] gives when it explains everything.
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

    /// Settles a record for the audit; treats it as complete if the options say so.
    #[must_use]
    pub fn settle(&self, record: &Record, options: &Options) -> Settled {
        record.settle(&self.vocabulary, options.assume_complete)
    }

    /// Like [`Auditor::audit`], for a record already settled by [`Auditor::settle`] with the same options, so that the
    /// caller can use the settled record elsewhere too.
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
        let (mut outcomes, any_open) = self.outcomes_of(&verdicts);
        let mut findings = Vec::new();
        let mut timeline = Timeline::default();
        // Root causes are needed only if something is violated.
        let mut roots = None;
        // A waiver covers only what is reported.
        let is_looked_at = match detail {
            Detail::Findings | Detail::Counted => any_open || all || with_timeline,
            Detail::Brief => any_open && !waivers.is_empty(),
        };
        let counted: &[Counted] = if is_looked_at { &self.counted } else { &[] };
        for (n, &Counted { node, at, lapses }) in counted.iter().enumerate() {
            let state = verdicts.state(at);
            let lapsed = lapses && state.lapsed_if_it_may();
            // Most outcomes need no finding.
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
            // Only a duty that a waiver may cover needs its due date.
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

    /// The outcome of each obligation, and whether any must be reported: one that is not settled, or a right that
    /// lapsed. Ignores waivers.
    fn outcomes_of(&self, verdicts: &Verdicts) -> (Vec<Outcome>, bool) {
        let counted = self.counted.iter();
        let outcomes: Vec<Outcome> = counted
            .map(|counted| verdicts.outcome(counted.at))
            .collect();
        let mut lapsing = self.counted.iter().filter(|counted| counted.lapses);
        let any_open = outcomes.iter().any(|outcome| !outcome.is_settled())
            || lapsing.any(|counted| verdicts.state(counted.at).lapsed_if_it_may());
        (outcomes, any_open)
    }

    /// Gives a duty that is out of force the state of the duty it refines, which applies instead.
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

    /// For every step, the violated obligation that its own violation follows from, if any.
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

/// The obligations that an audit visits, in its order.
fn duties(graph: &Graph, plan: &Plan) -> Arc<[Duty]> {
    let walked = |node| plan.position(node).and_then(|at| plan.step(at)).is_some();
    graph
        .obligations()
        .filter(|(node, _)| walked(*node))
        .map(|(_, obligation)| Duty::of(obligation))
        .collect()
}

/// Clears the root cause of findings whose root is waived.
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
