//! Which obligations were in force: rule sets have first and last days, acts have days.
//!
//! Terms: an obligation's *day* is the day of the act it sets a time for, else the day that time runs from, else the
//! day of the stage it belongs to, else unknown. An obligation is *out of force* in two cases: its rule set came into
//! force after that day or after the time was up; or its rule set ended before the day the time runs from. So nobody
//! can be late under rules of later days, and nobody escapes a duty that arose under a rule set by being late. Where
//! every known day of a case lies before a rule set came into force, nothing of it applies; acts without a date are
//! then taken to lie before it as well. Unknown days put nothing else out of force.
//!
//! Nearly every case lies wholly within the days of its rule sets; one look at its dates shows that.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{Expr, Reading};
use crate::graph::{At, Graph, Plan, Step, What};
use crate::lang::Text;
use crate::obligation::{Deadline, Force, Id, Obligation, Requirement, RuleSet, RuleSetId};
use crate::period::{Calendar, Limit, due};
use crate::record::Record;
use crate::source::Span;
use crate::text;
use crate::value::Day;
use crate::vocabulary::{FactId, Vocabulary};

use super::verdict::Judge;

/// How many dates a diagnostic names.
const NAMED: usize = 3;

/// The days a rule set is in force.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    id: RuleSetId,
    title: Text,
    from: Option<Day>,
    until: Option<Day>,
    at: Span,
}

impl Layer {
    pub(super) fn of(set: &RuleSet) -> Layer {
        Layer {
            id: set.id.clone(),
            title: set.title.clone(),
            from: set.from,
            until: set.until,
            at: set.at.clone(),
        }
    }

    fn force(&self, day: Day) -> Force {
        Force::on(day, self.from, self.until)
    }

    /// Whether a day lies before the rule set came into force.
    fn is_before(&self, day: Day) -> bool {
        matches!(self.force(day), Force::NotYet(_))
    }

    /// Whether a day lies after the last day of the rule set.
    fn is_after(&self, day: Day) -> bool {
        matches!(self.force(day), Force::Ended(_))
    }

    /// The rule set, without its declarations.
    fn bare(&self, includes: Vec<RuleSetId>) -> RuleSet {
        RuleSet {
            id: self.id.clone(),
            title: self.title.clone(),
            instrument: String::new(),
            includes,
            from: self.from,
            until: self.until,
            region: None,
            organiser: None,
            products: Vec::new(),
            schedule: None,
            stages: Vec::new(),
            exceptions: Vec::new(),
            obligations: Vec::new(),
            across: Vec::new(),
            at: self.at.clone(),
        }
    }
}

/// A date of the record that is the day of some obligation.
#[derive(Debug)]
struct Watched {
    reading: Reading,
    fact: Option<FactId>,
}

/// Where to read the days of an obligation; numbers are positions in [`Dates::watched`].
#[derive(Debug, Default)]
struct Days {
    layer: usize,
    /// For every act it sets a time for: the time, the act, and what the time runs from.
    timed: Vec<(Limit, usize, Option<usize>)>,
    stage: Vec<usize>,
}

/// The days of the layers and of the obligations of one plan.
#[derive(Debug, Default)]
pub(super) struct Dates {
    layers: Vec<Layer>,
    /// From `first` to `last` every layer is in force.
    first: Option<Day>,
    last: Option<Day>,
    watched: Vec<Watched>,
    /// One entry per step; `None` for a stage, an exception, or an obligation that is always in force.
    days: Vec<Option<Days>>,
}

/// Why an obligation is out of force.
#[derive(Debug, Clone, Copy)]
struct Reason {
    layer: usize,
    /// The position in [`Dates::watched`] of the date that decides.
    date: usize,
    day: Day,
    /// Whether the day lies before the rule set came into force; otherwise it lies after its end.
    is_before: bool,
}

/// The obligations out of force on one record.
#[derive(Debug)]
pub(super) struct OutOfForce {
    reasons: Vec<Option<Reason>>,
    /// For each layer, whether some obligation of it is in force on a known day.
    in_force: Vec<bool>,
    /// Whether each step is out of force, for the walk: the same information as `reasons`.
    pub(super) mask: Vec<bool>,
}

impl Dates {
    pub(super) fn of(graph: &Graph, plan: &Plan, layers: &[Layer]) -> Dates {
        let mut dates = Dates {
            first: layers.iter().filter_map(|layer| layer.from).max(),
            last: layers.iter().filter_map(|layer| layer.until).min(),
            layers: layers.to_vec(),
            ..Dates::default()
        };
        if dates.first.is_none() && dates.last.is_none() {
            return dates;
        }
        let days = plan.steps().iter().map(|step| {
            let obligation = graph.node(step.node)?.obligation()?;
            let is_of = |layer: &Layer| layer.id == obligation.ruleset;
            let layer = dates.layers.iter().position(is_of)?;
            let bounds = dates.layers.get(layer)?;
            (bounds.from.is_some() || bounds.until.is_some()).then_some(())?;
            Some((layer, obligation, stages(graph, plan, step)))
        });
        let found: Vec<_> = days.collect();
        dates.days = found
            .into_iter()
            .map(|found| {
                let (layer, obligation, stage) = found?;
                let timed = deadlines(obligation).into_iter().map(|deadline| {
                    let act = dates.watch(&deadline.act);
                    let since = deadline.since.as_ref().map(|since| dates.watch(since));
                    (deadline.limit, act, since)
                });
                let timed = timed.collect();
                let stage: BTreeSet<usize> =
                    stage.into_iter().map(|date| dates.watch(date)).collect();
                Some(Days {
                    layer,
                    timed,
                    stage: stage.into_iter().collect(),
                })
            })
            .collect();
        dates
    }

    fn watch(&mut self, date: &Expr) -> usize {
        let reading = Reading::of(date);
        let known = self.watched.iter().position(|known| {
            matches!((&known.reading, &reading), (Reading::Fact(one), Reading::Fact(other)) if one == other)
        });
        known.unwrap_or_else(|| {
            self.watched.push(Watched {
                reading,
                fact: date.facts().first().copied(),
            });
            self.watched.len() - 1
        })
    }

    /// The obligations out of force on a record; `None`, as nearly always, if there are none.
    pub(super) fn out_of_force(&self, judge: Judge<'_>) -> Option<OutOfForce> {
        let outside = |day: Day| !Force::on(day, self.first, self.last).holds();
        let day = |watched: &Watched| watched.reading.day(judge.scope);
        let all_inside = !self.watched.iter().filter_map(day).any(outside);
        if all_inside {
            return None;
        }
        let known: Vec<Option<Day>> = self.watched.iter().map(day).collect();
        let mut in_force = vec![false; self.layers.len()];
        let before: Vec<Option<Reason>> = (0..self.layers.len())
            .map(|layer| self.wholly_before(layer, &known))
            .collect();
        let reasons: Vec<Option<Reason>> = self
            .days
            .iter()
            .map(|days| {
                let days = days.as_ref()?;
                let whole = before.get(days.layer).copied().flatten();
                whole.or_else(|| self.reason(days, judge.calendar, &known, &mut in_force))
            })
            .collect();
        let mask: Vec<bool> = reasons.iter().map(Option::is_some).collect();
        mask.contains(&true).then_some(OutOfForce {
            reasons,
            in_force,
            mask,
        })
    }

    /// The reason why nothing of a layer applies: every known day lies before it came into force, so undated acts count
    /// as earlier too.
    fn wholly_before(&self, layer: usize, known: &[Option<Day>]) -> Option<Reason> {
        let bounds = self.layers.get(layer)?;
        let dated = known
            .iter()
            .enumerate()
            .filter_map(|(date, day)| Some((date, (*day)?)));
        let (date, day) = dated.max_by_key(|(_, day)| *day)?;
        bounds.is_before(day).then_some(Reason {
            layer,
            date,
            day,
            is_before: true,
        })
    }

    fn reason(
        &self,
        days: &Days,
        calendar: &Calendar,
        known: &[Option<Day>],
        in_force: &mut [bool],
    ) -> Option<Reason> {
        let layer = self.layers.get(days.layer)?;
        let dated = |at: usize| Some((at, known.get(at).copied().flatten()?));
        let (mut done, mut begun) = (Vec::new(), Vec::new());
        for (limit, act, since) in &days.timed {
            let (act, since) = (dated(*act), since.and_then(dated));
            let due = since.and_then(|(_, since)| due(calendar, *limit, Some(since)));
            let over = due.is_some_and(|due| {
                let mut readings = due.readings();
                readings.all(|reading| layer.is_before(reading.latest))
            });
            done.extend(if over { since } else { act.or(since) });
            begun.extend(since.or(act));
        }
        for list in [&mut done, &mut begun] {
            if list.is_empty() {
                list.extend(days.stage.iter().copied().filter_map(dated));
            }
        }
        // One day within the days of the rule set is enough.
        if let Some(&(date, day)) = done.iter().max_by_key(|(_, day)| *day)
            && layer.is_before(day)
        {
            return Some(Reason {
                layer: days.layer,
                date,
                day,
                is_before: true,
            });
        }
        if let Some(&(date, day)) = begun.iter().min_by_key(|(_, day)| *day)
            && layer.is_after(day)
        {
            return Some(Reason {
                layer: days.layer,
                date,
                day,
                is_before: false,
            });
        }
        if !done.is_empty()
            && let Some(seen) = in_force.get_mut(days.layer)
        {
            *seen = true;
        }
        None
    }

    /// The reason why a step is out of force, in a sentence, with the path of the deciding date.
    pub(super) fn because(
        &self,
        out: &OutOfForce,
        at: At,
        vocabulary: &Vocabulary,
    ) -> Option<(Text, Option<String>)> {
        let reason = out.reasons.get(at.index()).copied().flatten()?;
        let layer = self.layers.get(reason.layer)?;
        let (name, path) = self.named(reason.date, vocabulary);
        let (day, title) = (reason.day, &layer.title);
        let because = match (reason.is_before, layer.from, layer.until) {
            (true, Some(from), _) => {
                text!("{}为{day}，《{}》自{from}起施行，当时尚未施行", "{} is {day}; the {} is in force from {from}, and was not yet"; name, title)
            }
            (_, _, Some(until)) => {
                text!("{}为{day}，《{}》施行至{until}，当时已经失效", "{} is {day}; the {} was in force until {until}, and was no longer"; name, title)
            }
            _ => return None,
        };
        Some((because, path))
    }

    fn named(&self, date: usize, vocabulary: &Vocabulary) -> (Text, Option<String>) {
        let fact = self.watched.get(date).and_then(|watched| watched.fact);
        match fact.map(|fact| vocabulary.fact(fact)) {
            Some(fact) => (text!("“{}”", "“{}”"; fact.name), Some(fact.path.clone())),
            None => (Text::new("行为之日", "the day of the act"), None),
        }
    }

    /// The diagnostics for a case that is not wholly under the rules it is audited by. `restored`: the number of duties
    /// of higher rule sets that apply instead of duties out of force that refine them.
    pub(super) fn diagnostics(
        &self,
        out: &OutOfForce,
        restored: usize,
        record: &Record,
        vocabulary: &Vocabulary,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (at, layer) in self.layers.iter().enumerate() {
            for is_before in [true, false] {
                let mut reasons: Vec<Reason> = out
                    .reasons
                    .iter()
                    .flatten()
                    .filter(|reason| reason.layer == at && reason.is_before == is_before)
                    .copied()
                    .collect();
                let n = reasons.len();
                let bound = if is_before { layer.from } else { layer.until };
                let Some(bound) = bound.filter(|_| n > 0) else {
                    continue;
                };
                reasons.sort_by_key(|reason| (reason.day, reason.date));
                reasons.dedup_by_key(|reason| reason.date);
                let straddles = out.in_force.get(at) == Some(&true);
                let mut diagnostic = change(layer, is_before, bound, straddles, n);
                for reason in reasons.iter().take(NAMED) {
                    let (name, path) = self.named(reason.date, vocabulary);
                    let day = reason.day;
                    diagnostic = diagnostic.why(text!("{}为{day}", "{} is {day}"; name));
                    let span = path.and_then(|path| record.origins(vocabulary).value(&path));
                    if let Some(span) = span {
                        diagnostic = diagnostic.at(span);
                    }
                }
                if restored > 0 && found.is_empty() {
                    diagnostic = diagnostic.why(text!(
                        "它们所细化的上位义务不再被取代，单独审查（{restored}项）",
                        "the higher duties they refine are no longer replaced, and are audited by themselves ({restored})"
                    ));
                }
                if diagnostic.labels.is_empty() {
                    diagnostic = diagnostic.about(record.source().name());
                }
                found.push(diagnostic);
            }
        }
        found
    }
}

/// The diagnostic for a rule set that was not in force throughout a case.
fn change(layer: &Layer, is_before: bool, bound: Day, straddles: bool, n: usize) -> Diagnostic {
    let title = &layer.title;
    let (code, message) = match (straddles, is_before) {
        (true, true) => (
            Code::RecordStraddles,
            text!("本案跨越《{}》施行之日{bound}：{n}项义务所涉行为在此之前，不适用", "the case straddles {bound}, when the {} came into force: {n} duties concern days before it and do not apply"; title),
        ),
        (true, false) => (
            Code::RecordStraddles,
            text!("本案跨越《{}》失效之日{bound}：{n}项义务所涉行为在此之后，不适用", "the case straddles {bound}, the last day of the {}: {n} duties concern days after it and do not apply"; title),
        ),
        (false, true) => (
            Code::RecordOutOfForce,
            text!("《{}》自{bound}起施行，本案所涉行为均在此之前：{n}项义务不适用", "the {} is in force from {bound}, and every day of the case is before it: {n} duties do not apply"; title),
        ),
        (false, false) => (
            Code::RecordOutOfForce,
            text!("《{}》施行至{bound}，本案所涉行为均在此之后：{n}项义务不适用", "the {} was in force until {bound}, and every day of the case is after it: {n} duties do not apply"; title),
        ),
    };
    let diagnostic = Diagnostic::new(code, message);
    if straddles {
        return diagnostic;
    }
    diagnostic.help(Text::new(
        "请核对适用的规则集和有关日期",
        "check which rule set governs the case, and its dates",
    ))
}

/// The deadlines of an obligation, or of its parts.
fn deadlines(obligation: &Obligation) -> Vec<&Deadline> {
    match &obligation.requirement {
        Requirement::Deadline(deadline) => vec![deadline],
        Requirement::Parts(parts) => parts
            .iter()
            .filter_map(|part| match &part.requirement {
                Requirement::Deadline(deadline) => Some(deadline),
                _ => None,
            })
            .collect(),
        Requirement::Must(_) | Requirement::MustNot(_) => Vec::new(),
    }
}

/// The day expressions of the nearest stages and obligations that a step comes after.
fn stages<'g>(graph: &'g Graph, plan: &Plan, step: &Step) -> Vec<&'g Expr> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    let mut waiting: Vec<At> = step
        .after
        .iter()
        .chain(&step.triggered_by)
        .copied()
        .collect();
    while let Some(at) = waiting.pop() {
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        let Some(before) = plan.step(at) else {
            continue;
        };
        let own = match graph.node(before.node).map(|node| &node.what) {
            Some(What::Stage(stage)) => stage.on.iter().collect(),
            Some(What::Obligation(obligation)) => deadlines(obligation)
                .into_iter()
                .map(|deadline| &deadline.act)
                .collect(),
            _ => Vec::new(),
        };
        if own.is_empty() {
            waiting.extend(before.after.iter().chain(&before.triggered_by));
        }
        found.extend(own);
    }
    found
}

/// The obligations that others refine, which therefore have no node, each with its position in its rule set: what is
/// needed to make them apply again.
pub(super) fn refined<'a>(
    graph: &Graph,
    layers: impl Iterator<Item = &'a RuleSet>,
) -> Vec<(usize, Obligation)> {
    let has_node = |id: &Id| {
        let node = graph.resolve(id).and_then(|node| graph.node(node));
        node.is_some_and(|node| node.id() == id)
    };
    layers
        .flat_map(|set| set.obligations.iter().enumerate())
        .filter(|(_, obligation)| !has_node(&obligation.id))
        .map(|(at, obligation)| (at, obligation.clone()))
        .collect()
}

/// The rule sets a graph was built from, except that the obligations `is_out` picks refine nothing: the obligations
/// they refined apply again.
pub(super) fn layers_without(
    graph: &Graph,
    layers: &[Layer],
    refined: &[(usize, Obligation)],
    is_out: impl Fn(&Obligation) -> bool,
) -> Vec<RuleSet> {
    let mut includes: Vec<RuleSetId> = layers.iter().map(|layer| layer.id.clone()).collect();
    layers
        .iter()
        .map(|layer| {
            // The nearest layer first: each includes all that follow it.
            includes.retain(|id| *id != layer.id);
            let mut set = layer.bare(includes.clone());
            for (_, node) in graph
                .nodes()
                .filter(|(_, node)| *node.ruleset() == layer.id)
            {
                match &node.what {
                    What::Stage(stage) => set.stages.push(stage.clone()),
                    What::Exception(exception) => set.exceptions.push(exception.clone()),
                    What::Obligation(obligation) => {
                        let mut obligation = obligation.as_ref().clone();
                        if is_out(&obligation) {
                            obligation.refines = None;
                        }
                        set.obligations.push(obligation);
                    }
                }
            }
            // Inserted in the order of their positions, so that each ends up at its own.
            for (at, obligation) in refined {
                if obligation.ruleset == layer.id {
                    let at = (*at).min(set.obligations.len());
                    set.obligations.insert(at, obligation.clone());
                }
            }
            set
        })
        .collect()
}
