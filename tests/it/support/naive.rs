//! A second audit, slow and plain: its own values, inferences read from the vocabulary's file, three-valued logic, recursion
//! over the obligations and calendar. It shares only the declared data with the engine.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use choucha::audit::Outcome;
use choucha::effective::Effective;
use choucha::expr::{Arithmetic, Comparison, Expr, ExprKind, Readings};
use choucha::obligation::{Deadline, Id, Link, Obligation, Part, Requirement, RuleSet, Stage};
use choucha::period::Limit;
use choucha::value::{self, Day, Party, Row, Type};
use choucha::vocabulary::{Entry, Vocabulary};
use rust_decimal::Decimal;
use serde_yaml::Value as Yaml;

use super::calendar::{Days, Fact, Term, corresponding, in_time, judge, two_starts};
use super::root;

/// What is known about a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum M {
    Unknown,
    None,
    /// An act done on an unknown day.
    Done,
    Bool(bool),
    /// At least this number and, if there is an upper limit, at most that.
    Number(Decimal, Option<Decimal>),
    Day(Day),
    Word(String),
    Party(Party),
    List(Vec<M>),
    Rows(Vec<Facts>),
}

/// Facts by path; for a row, by the path with `[]` in it.
pub(crate) type Facts = BTreeMap<String, M>;

/// True, false, or unknown.
type Three = Option<bool>;

fn not(a: Three) -> Three {
    a.map(|a| !a)
}

fn and(items: impl IntoIterator<Item = Three>) -> Three {
    let items: Vec<Three> = items.into_iter().collect();
    if items.contains(&Some(false)) {
        Some(false)
    } else if items.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn or(items: impl IntoIterator<Item = Three>) -> Three {
    not(and(items.into_iter().map(not)))
}

/// The facts of a row of slots.
pub(crate) fn facts(vocabulary: &Vocabulary, shape: value::ShapeId, row: &Row) -> Facts {
    vocabulary
        .shape(shape)
        .facts
        .iter()
        .zip(&row.slots)
        .map(|(id, value)| {
            let fact = vocabulary.fact(*id);
            (fact.path.clone(), model(vocabulary, &fact.ty, value))
        })
        .collect()
}

fn model(vocabulary: &Vocabulary, ty: &Type, value: &value::Value) -> M {
    match (value, ty) {
        (value::Value::Unknown, _) => M::Unknown,
        (value::Value::None, _) => M::None,
        (value::Value::Done, _) => M::Done,
        (value::Value::Bool(yes), _) => M::Bool(*yes),
        (value::Value::Int(n), _) => exactly(Decimal::from(*n)),
        (value::Value::Decimal(n), _) => exactly(*n),
        (value::Value::Day(day), _) => M::Day(*day),
        (value::Value::Symbol(symbol), Type::Enum(id)) => {
            let value = vocabulary.enumeration(*id).value(*symbol);
            M::Word(value.expect("a value of the enum").code.clone())
        }
        (value::Value::Text(text), _) => M::Word(text.to_string()),
        (value::Value::Party(party), _) => M::Party((**party).clone()),
        (value::Value::List(items), Type::List(of)) => M::List(
            items
                .iter()
                .map(|item| model(vocabulary, of, item))
                .collect(),
        ),
        (value::Value::Rows(rows), Type::Rows(shape)) => M::Rows(
            rows.iter()
                .map(|row| facts(vocabulary, *shape, row))
                .collect(),
        ),
        other => panic!("no model of {other:?}"),
    }
}

fn exactly(n: Decimal) -> M {
    M::Number(n, Some(n))
}

/// Whether a value says none.
fn is_nothing(m: &M) -> bool {
    match m {
        M::None => true,
        M::List(items) => items.is_empty(),
        M::Rows(rows) => rows.is_empty(),
        _ => false,
    }
}

/// An inference in the form of the vocabulary's file.
struct Inference {
    when: Vec<(String, Yaml)>,
    then: Vec<(String, Yaml)>,
}

fn inferences(vocabulary: &Vocabulary) -> Vec<Inference> {
    let path = root().join("rules/vocabulary/95-inferences-and-chronology.yaml");
    let tree: Yaml = serde_yaml::from_str(&fs::read_to_string(path).expect("the inferences"))
        .expect("a YAML text");
    let pairs = |map: &Yaml| {
        let text = |key: &Yaml| key.as_str().expect("a path").to_owned();
        map.as_mapping()
            .expect("a map")
            .iter()
            .map(|(key, value)| (text(key), value.clone()))
            .collect()
    };
    let written = tree["inferences"].as_sequence().expect("a list").iter();
    // A date known to be present is an act that was done.
    let is_day = |path: &str| match vocabulary.find(path) {
        Some(Entry::Fact(id)) => vocabulary.fact(id).ty.is_day(),
        _ => false,
    };
    let meant = |(path, value): (String, Yaml)| match value.as_str() {
        Some("present") if is_day(&path) => (path, Yaml::from("done")),
        _ => (path, value),
    };
    in_order(
        written
            .map(|entry| Inference {
                when: pairs(&entry["when"]),
                then: pairs(&entry["then"]).into_iter().map(meant).collect(),
            })
            .collect(),
    )
}

/// The stages that a case of a certain course must mention: the conditions of the course, and groups of facts.
type Course = (Vec<(String, Yaml)>, Vec<String>);

fn courses() -> Vec<Course> {
    #[derive(serde::Deserialize)]
    struct Written {
        when: BTreeMap<String, Yaml>,
        stages: Vec<String>,
    }
    let path = root().join("rules/vocabulary/95-inferences-and-chronology.yaml");
    let tree: Yaml =
        serde_yaml::from_str(&fs::read_to_string(path).expect("the courses")).expect("a YAML text");
    let written: Vec<Written> = serde_yaml::from_value(tree["course"].clone()).expect("courses");
    written
        .into_iter()
        .map(|course| (course.when.into_iter().collect(), course.stages))
        .collect()
}

/// Puts each inference after those that settle the facts it reads; in a cycle, the first written goes first. The order
/// matters only where a record contradicts itself.
fn in_order(mut waiting: Vec<Inference>) -> Vec<Inference> {
    let asks = |one: &Inference, other: &Inference| {
        one.when.iter().any(|(asked, wanted)| {
            other.then.iter().any(|(path, value)| {
                let settles = asked == path || asked.starts_with(&format!("{path}."));
                settles && value.as_str() != Some("present") && holds(&stated(value), wanted)
            })
        })
    };
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let is_free = |at: usize| {
            let mut others = (0..waiting.len()).filter(|other| *other != at);
            others.all(|other| !asks(&waiting[at], &waiting[other]))
        };
        let next = (0..waiting.len()).find(|at| is_free(*at)).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}

/// The groups of dates that cannot run backwards.
pub(crate) fn chronology() -> Vec<Vec<String>> {
    let path = root().join("rules/vocabulary/95-inferences-and-chronology.yaml");
    let tree: Yaml = serde_yaml::from_str(&fs::read_to_string(path).expect("the chronology"))
        .expect("a YAML text");
    serde_yaml::from_value(tree["chronology"].clone()).expect("lists of paths")
}

fn stated(yaml: &Yaml) -> M {
    match yaml {
        Yaml::Bool(yes) => M::Bool(*yes),
        Yaml::String(word) if word == "none" => M::None,
        Yaml::String(word) if word == "done" => M::Done,
        Yaml::String(word) => M::Word(word.clone()),
        other => panic!("no model of {other:?}"),
    }
}

fn holds(m: &M, wanted: &Yaml) -> bool {
    match (m, wanted.as_str()) {
        (M::Unknown, _) => false,
        (m, Some("present")) => !is_nothing(m),
        (m, Some("none")) => is_nothing(m),
        (M::None, _) => *wanted == Yaml::Bool(false),
        (m, _) => *m == stated(wanted),
    }
}

/// Draws the inferences in order until none settles anything more. Then sets unknown facts to none, if the dossier is
/// complete and mentions every stage of its course.
fn settle(facts: &mut Facts, rules: &Naive<'_>, complete: bool) {
    let inferences = &rules.inferences;
    // Facts known to be present, whatever their value, and states that no paper records: completeness does not make
    // them none.
    let mut there = rules.states();
    loop {
        let before = facts.clone();
        for inference in inferences {
            if !inference
                .when
                .iter()
                .all(|(path, wanted)| holds(&facts[path], wanted))
            {
                continue;
            }
            for (path, value) in &inference.then {
                if value.as_str() == Some("present") {
                    there.insert(path.clone());
                    continue;
                }
                let group = format!("{path}.");
                for (fact, m) in facts.iter_mut() {
                    if (fact == path || fact.starts_with(&group)) && *m == M::Unknown {
                        *m = stated(value);
                    }
                }
            }
        }
        if *facts == before {
            break;
        }
    }
    let is_silent = |stage: &String| {
        let group = format!("{stage}.");
        let mut of_stage = facts.iter().filter(|(path, _)| path.starts_with(&group));
        of_stage.all(|(_, m)| *m == M::Unknown)
    };
    let is_cut_off = rules.courses.iter().any(|(when, stages)| {
        when.iter()
            .all(|(path, wanted)| holds(&facts[path], wanted))
            && stages.iter().any(is_silent)
    });
    if complete && !is_cut_off {
        close(facts, &there);
    }
}

fn close(facts: &mut Facts, there: &BTreeSet<String>) {
    for (path, m) in facts {
        match m {
            M::Unknown if !there.contains(path) => *m = M::None,
            M::Rows(rows) => rows.iter_mut().for_each(|row| close(row, &BTreeSet::new())),
            _ => {}
        }
    }
}

/// The rules in the form that the second audit reads.
pub(crate) struct Naive<'a> {
    vocabulary: &'a Vocabulary,
    layers: Vec<&'a RuleSet>,
    /// Obligations that a refinement does not cover, and that stay in force.
    beside: BTreeSet<Id>,
    /// Obligations that no refinement covers.
    in_force: Vec<&'a Obligation>,
    /// By id, the obligations that trigger it, and the remedies that excuse its violation.
    triggers: BTreeMap<String, Vec<&'a Obligation>>,
    excuses: BTreeMap<String, Vec<&'a Obligation>>,
    inferences: Vec<Inference>,
    courses: Vec<Course>,
    /// Paths of dates that cannot run backwards, in the order of the vocabulary's file.
    order: Vec<Vec<String>>,
    days: Days,
}

impl<'a> Naive<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary, layers: Vec<&'a RuleSet>) -> Self {
        let mut rules = Naive {
            vocabulary,
            in_force: Vec::new(),
            triggers: BTreeMap::new(),
            excuses: BTreeMap::new(),
            beside: Effective::of(layers[0], &layers[1..], None)
                .beside()
                .map(|obligation| obligation.id.clone())
                .collect(),
            layers,
            inferences: inferences(vocabulary),
            courses: courses(),
            order: chronology(),
            days: Days::read(),
        };
        rules.in_force = rules
            .obligations()
            .filter(|obligation| !rules.is_replaced(&obligation.id))
            .collect();
        for other in rules.in_force.clone() {
            let meant = other
                .triggers
                .iter()
                .flat_map(|link| rules.meaning(&link.id));
            let meant: Vec<_> = meant.collect();
            for meant in meant {
                let of = rules.triggers.entry(meant.id.0.clone()).or_default();
                if !of.iter().any(|known| known.id == other.id) {
                    of.push(other);
                }
            }
            if let Some(link) = other.remedies.as_ref().filter(|_| other.excuses) {
                let base = rules.meaning(&link.id)[0].id.0.clone();
                rules.excuses.entry(base).or_default().push(other);
            }
        }
        rules
    }

    fn triggers(&self, id: &Id) -> impl Iterator<Item = &'a Obligation> {
        self.triggers.get(&id.0).into_iter().flatten().copied()
    }

    fn excuses(&self, id: &Id) -> impl Iterator<Item = &'a Obligation> {
        self.excuses.get(&id.0).into_iter().flatten().copied()
    }

    /// The outcomes of all obligations in force on a record.
    pub(crate) fn audit(&self, row: &Row, complete: bool, as_of: Day) -> BTreeMap<String, Outcome> {
        let mut facts = facts(self.vocabulary, value::ShapeId::ROOT, row);
        let declared = facts["complete"] == M::Bool(true);
        settle(&mut facts, self, complete || declared);
        let case = Case {
            rules: self,
            facts,
            as_of,
            known: RefCell::default(),
        };
        let obligations = self.in_force.iter();
        obligations
            .map(|obligation| (obligation.id.0.clone(), case.whatever(obligation)))
            .collect()
    }

    /// The facts that stay unknown where a complete dossier does not mention them.
    fn states(&self) -> BTreeSet<String> {
        let facts = self.vocabulary.facts().iter();
        let states = facts.filter(|fact| fact.is_state);
        states.map(|fact| fact.path.clone()).collect()
    }

    /// The values of a fact of the record itself, if they are finite.
    fn values(&self, path: &str) -> Vec<M> {
        let Some(Entry::Fact(id)) = self.vocabulary.find(path) else {
            return Vec::new();
        };
        let mut values = match &self.vocabulary.fact(id).ty {
            Type::Bool => vec![M::Bool(true), M::Bool(false)],
            Type::Date | Type::DateTime => vec![M::Done],
            Type::Enum(id) => {
                let values = self.vocabulary.enumeration(*id).values.iter();
                values.map(|value| M::Word(value.code.clone())).collect()
            }
            _ => return Vec::new(),
        };
        values.push(M::None);
        values
    }

    fn obligations(&self) -> impl Iterator<Item = &'a Obligation> {
        self.layers.iter().flat_map(|layer| &layer.obligations)
    }

    /// Whether refinements replace it.
    fn is_replaced(&self, id: &Id) -> bool {
        let refined = self
            .obligations()
            .any(|other| other.refines.as_ref().is_some_and(|link| link.id == *id));
        refined && !self.beside.contains(id)
    }

    /// The obligations that an id stands for: itself, or its refinements.
    fn meaning(&self, id: &Id) -> Vec<&'a Obligation> {
        if self.is_replaced(id) {
            self.obligations()
                .filter(|other| other.refines.as_ref().is_some_and(|link| link.id == *id))
                .flat_map(|other| self.meaning(&other.id))
                .collect()
        } else {
            self.obligations().filter(|other| other.id == *id).collect()
        }
    }

    fn stage(&self, id: &Id) -> Option<&'a Stage> {
        self.layers
            .iter()
            .flat_map(|layer| &layer.stages)
            .find(|stage| stage.id == *id)
    }

    fn exception(&self, id: &Id) -> &'a Expr {
        self.layers
            .iter()
            .flat_map(|layer| &layer.exceptions)
            .find(|exception| exception.id == *id)
            .map(|exception| &exception.holds)
            .expect("an exception")
    }
}

/// One record under audit.
struct Case<'a> {
    rules: &'a Naive<'a>,
    facts: Facts,
    as_of: Day,
    known: RefCell<BTreeMap<String, Three>>,
}

/// A day before and a day after every day of any record.
static EVER: LazyLock<(Day, Day)> =
    LazyLock::new(|| (Day::from_number(0), Day::from_number(1_000_000)));

fn every_day(first: Day, last: Day) -> Vec<Day> {
    (0..=last - first).map(|n| first + n).collect()
}

/// The outcome that all have; undetermined if they differ or there are none.
fn agreed(mut outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let first = outcomes.next().unwrap_or(Outcome::Undetermined);
    match outcomes.all(|outcome| outcome == first) {
        true => first,
        false => Outcome::Undetermined,
    }
}

/// The day of a fixed date.
fn fixed(term: Term) -> Option<Day> {
    match term {
        Term::By(day) => Some(day),
        _ => None,
    }
}

/// The facts with finitely many values that keep an obligation open.
struct Open<'a> {
    case: &'a Case<'a>,
    paths: BTreeMap<String, Vec<M>>,
    /// The obligations whose outcome was computed.
    asked: BTreeSet<String>,
}

impl Open<'_> {
    fn outcome(&mut self, obligation: &Obligation) {
        if !self.asked.insert(obligation.id.0.clone()) {
            return;
        }
        let rules = self.case.rules;
        self.applies(obligation);
        self.requirement(&obligation.requirement);
        for reading in &obligation.review {
            self.condition(&reading.when);
        }
        for exception in &obligation.unless {
            self.condition(rules.exception(&exception.id));
        }
        for remedy in rules.excuses(&obligation.id) {
            self.outcome(remedy);
        }
    }

    fn applies(&mut self, obligation: &Obligation) {
        if self.case.applies(obligation).is_some() {
            return;
        }
        let rules = self.case.rules;
        for link in &obligation.after {
            self.reached(link);
        }
        for other in rules.triggers(&obligation.id) {
            self.applies(other);
        }
        if let Some(link) = &obligation.remedies {
            self.outcome(rules.meaning(&link.id)[0]);
        }
        if let Some(when) = &obligation.when {
            self.condition(when);
        }
    }

    fn reached(&mut self, link: &Link) {
        let rules = self.case.rules;
        if self.case.reached(std::slice::from_ref(link)).is_some() {
            return;
        }
        match rules.stage(&link.id) {
            Some(stage) => {
                for link in &stage.after {
                    self.reached(link);
                }
                if let Some(holds) = &stage.holds {
                    self.condition(holds);
                }
            }
            None => {
                for meant in rules.meaning(&link.id) {
                    self.applies(meant);
                }
            }
        }
    }

    fn requirement(&mut self, requirement: &Requirement) {
        match requirement {
            Requirement::Must(condition) | Requirement::MustNot(condition) => {
                self.condition(condition);
            }
            Requirement::Deadline(deadline) => {
                if self.case.deadline(deadline) == Outcome::Undetermined {
                    self.condition(&deadline.act);
                    deadline.since.iter().for_each(|it| self.condition(it));
                    let other = deadline.or_since.iter();
                    other.for_each(|it| self.condition(&it.since));
                }
            }
            Requirement::Parts(parts) => {
                for part in parts {
                    part.when.iter().for_each(|when| self.condition(when));
                    let when = part.when.as_ref().map(|when| self.case.truth(when));
                    if when != Some(Some(false)) {
                        self.requirement(&part.requirement);
                    }
                }
            }
        }
    }

    /// The open facts of a condition or operand; in a condition on rows, every fact it reads.
    fn condition(&mut self, expr: &Expr) {
        if let ExprKind::Fact { .. } = expr.kind() {
            return self.facts(expr);
        }
        if *expr.ty() == Type::Bool && self.case.truth(expr).is_some() {
            return;
        }
        if expr.binds().is_some() {
            return self.facts(expr);
        }
        expr.children().for_each(|child| self.condition(child));
    }

    fn facts(&mut self, expr: &Expr) {
        let rules = self.case.rules;
        for fact in expr.facts() {
            let path = &rules.vocabulary.fact(fact).path;
            if self.case.facts.get(path) != Some(&M::Unknown) {
                continue;
            }
            let values = rules.values(path);
            if !values.is_empty() {
                self.paths.insert(path.clone(), values);
            }
        }
    }
}

/// The current rows, by variable.
type Rows = BTreeMap<u32, Facts>;

impl Case<'_> {
    /// The outcome; if it is undetermined, the outcome that every combination of values of the open facts gives, if they
    /// all give the same and there are at most 256 combinations.
    fn whatever(&self, obligation: &Obligation) -> Outcome {
        let outcome = self.outcome(obligation);
        if outcome != Outcome::Undetermined {
            return outcome;
        }
        let mut open = Open {
            case: self,
            paths: BTreeMap::new(),
            asked: BTreeSet::new(),
        };
        open.outcome(obligation);
        let paths: Vec<(String, Vec<M>)> = open.paths.into_iter().collect();
        let combinations = paths.iter().fold(1_usize, |combinations, (_, values)| {
            combinations.saturating_mul(values.len())
        });
        if paths.is_empty() || combinations > 256 {
            return outcome;
        }
        agreed((0..combinations).map(|mut number| {
            let mut facts = self.facts.clone();
            for (path, values) in &paths {
                facts.insert(path.clone(), values[number % values.len()].clone());
                number /= values.len();
            }
            let tried = Case {
                facts,
                known: RefCell::default(),
                ..*self
            };
            tried.outcome(obligation)
        }))
    }

    fn reached(&self, links: &[Link]) -> Three {
        and(links.iter().map(|link| match self.rules.stage(&link.id) {
            Some(stage) => and([
                self.reached(&stage.after),
                stage
                    .holds
                    .as_ref()
                    .map_or(Some(true), |holds| self.truth(holds)),
            ]),
            None => and(self
                .rules
                .meaning(&link.id)
                .into_iter()
                .map(|obligation| self.applies(obligation))),
        }))
    }

    fn applies(&self, obligation: &Obligation) -> Three {
        if let Some(known) = self.known.borrow().get(&obligation.id.0) {
            return *known;
        }
        let triggers: Vec<Three> = self
            .rules
            .triggers(&obligation.id)
            .map(|other| self.applies(other))
            .collect();
        let breached = obligation.remedies.as_ref().map_or(Some(true), |link| {
            let base = self.rules.meaning(&link.id)[0];
            match self.without_excuse(base) {
                Outcome::Violated => Some(true),
                Outcome::Undetermined | Outcome::Review | Outcome::Errored => None,
                _ => Some(false),
            }
        });
        let applies = and([
            self.reached(&obligation.after),
            if triggers.is_empty() {
                Some(true)
            } else {
                or(triggers)
            },
            breached,
            obligation
                .when
                .as_ref()
                .map_or(Some(true), |when| self.truth(when)),
        ]);
        self.known
            .borrow_mut()
            .insert(obligation.id.0.clone(), applies);
        applies
    }

    fn outcome(&self, obligation: &Obligation) -> Outcome {
        let outcome = self.without_excuse(obligation);
        if outcome != Outcome::Violated {
            return outcome;
        }
        for remedy in self.rules.excuses(&obligation.id) {
            match self.without_excuse(remedy) {
                Outcome::Satisfied => return Outcome::NotApplicable,
                Outcome::Undetermined | Outcome::Pending => return Outcome::Undetermined,
                Outcome::Review => return Outcome::Review,
                _ => {}
            }
        }
        Outcome::Violated
    }

    fn without_excuse(&self, obligation: &Obligation) -> Outcome {
        match self.applies(obligation) {
            Some(false) => return Outcome::NotApplicable,
            None => return Outcome::Undetermined,
            Some(true) => {}
        }
        let outcome = self.requirement(&obligation.requirement);
        if matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable) {
            return outcome;
        }
        let excepted = or(obligation
            .unless
            .iter()
            .map(|link| self.truth(self.rules.exception(&link.id))));
        match (excepted, outcome) {
            (Some(true), _) => return Outcome::Satisfied,
            (None, Outcome::Pending) | (Some(false), _) => {}
            (None, _) => return Outcome::Undetermined,
        }
        if outcome != Outcome::Violated {
            return outcome;
        }
        match or(obligation
            .review
            .iter()
            .map(|reading| self.truth(&reading.when)))
        {
            Some(true) => Outcome::Review,
            None => Outcome::Undetermined,
            // A right out of time has lapsed: nobody violated a duty.
            Some(false) if obligation.lapses => Outcome::NotApplicable,
            Some(false) => Outcome::Violated,
        }
    }

    fn requirement(&self, requirement: &Requirement) -> Outcome {
        let of = |truth: Three| match truth {
            Some(true) => Outcome::Satisfied,
            Some(false) => Outcome::Violated,
            None => Outcome::Undetermined,
        };
        match requirement {
            Requirement::Must(condition) => of(self.truth(condition)),
            Requirement::MustNot(condition) => of(not(self.truth(condition))),
            Requirement::Deadline(deadline) => self.deadline(deadline),
            Requirement::Parts(parts) => self.parts(parts),
        }
    }

    /// The most serious outcome of a part decides.
    fn parts(&self, parts: &[Part]) -> Outcome {
        let found: Vec<Outcome> = parts
            .iter()
            .map(
                |part| match part.when.as_ref().map(|when| self.truth(when)) {
                    Some(Some(false)) => Outcome::NotApplicable,
                    Some(None) => Outcome::Undetermined,
                    _ => self.requirement(&part.requirement),
                },
            )
            .collect();
        [
            Outcome::Violated,
            Outcome::Review,
            Outcome::Undetermined,
            Outcome::Pending,
            Outcome::Satisfied,
        ]
        .into_iter()
        .find(|outcome| found.contains(outcome))
        .unwrap_or(Outcome::NotApplicable)
    }

    fn deadline(&self, deadline: &Deadline) -> Outcome {
        let fact = |expr: &Expr| match self.value(expr, &Rows::new()) {
            M::Day(day) => Fact::On(day),
            M::None => Fact::None,
            M::Done => Fact::Done,
            M::Unknown => Fact::Unknown,
            other => panic!("{other:?} is no day"),
        };
        let path = |fact| self.rules.vocabulary.fact(fact).path.as_str();
        // The fact that an expression consists of, if it is one fact.
        let of = |expr: &Expr| match expr.kind() {
            ExprKind::Fact { fact, .. } => path(*fact),
            _ => "",
        };
        let term = match deadline.limit {
            Limit::Days(n) => Term::Days(n.into()),
            Limit::Workdays(n) => Term::Workdays(n.into()),
            Limit::Months(n) => Term::Months(n.into()),
            Limit::NextDay => Term::NextDay,
            Limit::Immediately => Term::Immediately,
            Limit::AtOnceAfter(n) => Term::AfterPeriod(n.into()),
            Limit::Promptly { review_after } => Term::Promptly(review_after.into()),
            Limit::Between { after, before } => Term::Window(after.into(), before.into()),
            Limit::AfterEnd(n) => Term::AfterEnd(n.into()),
            Limit::OnceOver(n) => Term::OnceOver(n.into()),
            Limit::SameTime => Term::SameTime,
            Limit::By(day) => Term::By(day),
            Limit::OnRecord => Term::Set,
        };
        let since = deadline.since.as_ref().map_or(Fact::None, fact);
        let act = fact(&deadline.act);
        // An act recorded before its start, which it cannot precede, is for a person to verify.
        let runs_backwards = match (
            deadline.since.as_ref().map(Expr::facts).as_deref(),
            &*deadline.act.facts(),
            since,
            act,
        ) {
            (Some([start]), [done], Fact::On(from), Fact::On(day)) if day < from => {
                self.precedes(path(*start), path(*done))
            }
            _ => false,
        };
        let verified = !runs_backwards || term == Term::Set;
        let other = deadline.or_since.as_ref().map(|other| fact(&other.since));
        let follows = deadline
            .since
            .as_ref()
            .is_some_and(|since| self.precedes(of(since), of(&deadline.act)));
        let from_start = |since: Fact| {
            let on = |from: Fact, act: Fact| match judge(
                &self.rules.days,
                term,
                from,
                act,
                self.as_of,
            ) {
                Outcome::Satisfied if from == since && !verified => Outcome::Review,
                outcome => outcome,
            };
            let by = |from: Fact| {
                let (Fact::Done, Fact::On(start)) = (act, fixed(term).map_or(from, Fact::On))
                else {
                    return on(from, act);
                };
                // Days far from any last day all give the same outcome.
                let (mut first, mut last) = self.possible(of(&deadline.act));
                if let (true, Fact::On(since)) = (follows, since) {
                    first = first.max(since);
                }
                if let Some(closed) = self.day("case.closed_on") {
                    last = last.min(closed);
                }
                let days = first.max(start - 1200)..=last.min(start + 1200);
                let near = every_day(*days.start(), *days.end());
                let near = match (near.is_empty(), first <= last) {
                    (true, true) => vec![if first > start { first } else { last }],
                    _ => near,
                };
                if matches!(term, Term::OnceOver(_)) {
                    return on(from, act);
                }
                agreed(near.into_iter().map(|day| on(from, Fact::On(day))))
            };
            two_starts(since, other, by)
        };
        match since {
            Fact::Done
                if fixed(term).is_none()
                    && !(matches!(term, Term::OnceOver(_))
                        && matches!(act, Fact::On(_) | Fact::Done)) =>
            {
                let (first, last) = deadline
                    .since
                    .as_ref()
                    .map_or(*EVER, |since| self.possible(of(since)));
                if first <= EVER.0 || last >= EVER.1 || last - first > 366 {
                    return Outcome::Undetermined;
                }
                agreed(
                    every_day(first, last)
                        .into_iter()
                        .map(|day| from_start(Fact::On(day))),
                )
            }
            since => from_start(since),
        }
    }

    /// Whether one date cannot come after another.
    fn precedes(&self, one: &str, other: &str) -> bool {
        self.rules.order.iter().any(|chain| {
            let place = |path: &str| chain.iter().position(|known| known == path);
            place(one).zip(place(other)).is_some_and(|(a, b)| a < b)
        })
    }

    fn day(&self, path: &str) -> Option<Day> {
        match self.facts.get(path) {
            Some(M::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// The first and the last day that a date may have, given those it cannot precede or follow.
    fn possible(&self, path: &str) -> (Day, Day) {
        let known = |other: &&String| self.day(other);
        let others: BTreeSet<&String> = self.rules.order.iter().flatten().collect();
        let before = others.iter().filter(|other| self.precedes(other, path));
        let after = others.iter().filter(|other| self.precedes(path, other));
        (
            before.filter_map(known).max().unwrap_or(EVER.0),
            after.filter_map(known).min().unwrap_or(EVER.1),
        )
    }

    fn truth(&self, expr: &Expr) -> Three {
        self.truth_in(expr, &Rows::new())
    }

    fn truth_in(&self, expr: &Expr, rows: &Rows) -> Three {
        match self.value(expr, rows) {
            M::Bool(yes) => Some(yes),
            M::None => Some(false),
            _ => None,
        }
    }

    /// The value of an expression; an undecided condition has the value unknown.
    fn value(&self, expr: &Expr, rows: &Rows) -> M {
        let condition = |truth: Three| truth.map_or(M::Unknown, M::Bool);
        let value = |expr: &Expr| self.value(expr, rows);
        let path = |fact| &self.rules.vocabulary.fact(fact).path;
        match expr.kind() {
            ExprKind::Fact { fact, .. } => self.facts[path(*fact)].clone(),
            ExprKind::Field { fact, variable, .. } => rows[&variable.0][path(*fact)].clone(),
            ExprKind::Constant(constant) => model(self.rules.vocabulary, expr.ty(), constant),
            ExprKind::Not(inner) => condition(not(self.truth_in(inner, rows))),
            ExprKind::All(items) => {
                condition(and(items.iter().map(|item| self.truth_in(item, rows))))
            }
            ExprKind::Any(items) => {
                condition(or(items.iter().map(|item| self.truth_in(item, rows))))
            }
            ExprKind::Compare(op, a, b) => condition(compare(*op, &value(a), &value(b))),
            ExprKind::OneOf(operand, values) => {
                let x = value(operand);
                condition(or(values.iter().map(|constant| {
                    let constant = model(self.rules.vocabulary, operand.ty(), constant);
                    compare(Comparison::Eq, &x, &constant)
                })))
            }
            ExprKind::Present(inner) => condition(match value(inner) {
                M::Unknown => None,
                M::None => Some(false),
                M::Rows(rows) => Some(!rows.is_empty()),
                M::List(items) => or(items.iter().map(|item| match item {
                    M::Unknown => None,
                    item => Some(*item != M::None),
                })),
                _ => Some(true),
            }),
            ExprKind::Contains(list, x) => condition(has(&value(list), &value(x))),
            ExprKind::Disjoint(a, b) => condition(disjoint(&value(a), &value(b))),
            ExprKind::Subset(a, b) => {
                let b = value(b);
                condition(elements(&value(a)).and_then(|items| {
                    let items = items.iter().filter(|item| **item != M::None);
                    and(items.map(|item| match item {
                        M::Unknown => None,
                        item => has(&b, item),
                    }))
                }))
            }
            ExprKind::ForAll(list, variable, body) => condition(
                self.each(&value(list), variable.0, rows, body)
                    .and_then(and),
            ),
            ExprKind::Exists(list, variable, body) => {
                condition(self.each(&value(list), variable.0, rows, body).and_then(or))
            }
            ExprKind::Count(list) => match value(list) {
                M::Rows(rows) => exactly(Decimal::from(rows.len())),
                list => elements(&list).map_or(M::Number(Decimal::ZERO, None), |items| {
                    let twice = |at: usize| {
                        matches!(items[at], M::Party(..)) && items[..at].contains(&items[at])
                    };
                    let once = (0..items.len()).filter(|at| !twice(*at));
                    counted(once.map(|at| match &items[at] {
                        M::Unknown => None,
                        item => Some(*item != M::None),
                    }))
                }),
            },
            ExprKind::CountWhere(list, variable, body) => self
                .each(&value(list), variable.0, rows, body)
                .map_or(M::Number(Decimal::ZERO, None), counted),
            ExprKind::Sum(list, variable, body) => match value(list) {
                M::None => exactly(Decimal::ZERO),
                M::Rows(found) => found
                    .iter()
                    .map(|row| self.value(body, &at_hand(rows, variable.0, row)))
                    .filter(|m| *m != M::None)
                    .fold(exactly(Decimal::ZERO), |total, m| {
                        arithmetic(Arithmetic::Add, &total, &m)
                    }),
                _ => M::Unknown,
            },
            ExprKind::Arithmetic(op, a, b) => arithmetic(*op, &value(a), &value(b)),
            ExprKind::Within(act, since, limit, readings) => {
                condition(match (value(act), value(since)) {
                    (M::None, _) => Some(false),
                    (M::Day(_) | M::Done, M::None) => Some(true),
                    (M::Day(act), M::Day(since)) => {
                        let term = match *limit {
                            Limit::Days(n) => Term::Days(n.into()),
                            Limit::Workdays(n) => Term::Workdays(n.into()),
                            Limit::Months(n) => Term::Months(n.into()),
                            other => panic!("no condition is made of {other:?}"),
                        };
                        in_time(
                            &self.rules.days,
                            term,
                            since,
                            act,
                            *readings == Readings::Every,
                        )
                    }
                    _ => None,
                })
            }
            ExprKind::MonthsAfter(day, months) => match value(day) {
                M::Day(day) => M::Day(corresponding(day, (*months).into())),
                other => other,
            },
            ExprKind::DaysSince(later, earlier) => match (value(later), value(earlier)) {
                (M::None, _) | (_, M::None) => M::None,
                (M::Day(later), M::Day(earlier)) => exactly(Decimal::from(later - earlier)),
                _ => M::Unknown,
            },
            ExprKind::Both(..) | ExprKind::Row { .. } => panic!("no condition is made of this"),
        }
    }

    /// The results of a condition on every row of a list of groups; None if the list is unknown.
    fn each(&self, list: &M, variable: u32, rows: &Rows, body: &Expr) -> Option<Vec<Three>> {
        let found: &[Facts] = match list {
            M::None => &[],
            M::Rows(found) => found,
            _ => return None,
        };
        Some(
            found
                .iter()
                .map(|row| self.truth_in(body, &at_hand(rows, variable, row)))
                .collect(),
        )
    }
}

fn at_hand(rows: &Rows, variable: u32, row: &Facts) -> Rows {
    let mut rows = rows.clone();
    rows.insert(variable, row.clone());
    rows
}

fn disjoint(a: &M, b: &M) -> Three {
    let empty =
        |list: &M| elements(list).is_some_and(|items| items.iter().all(|item| *item == M::None));
    if empty(a) || empty(b) {
        return Some(true);
    }
    elements(a).and_then(|items| not(or(items.iter().map(|item| has(b, item)))))
}

/// The elements of a list; None if it is unknown.
fn elements(list: &M) -> Option<Vec<M>> {
    match list {
        M::None => Some(Vec::new()),
        M::List(items) => Some(items.clone()),
        _ => None,
    }
}

/// Whether a list has an element.
fn has(list: &M, x: &M) -> Three {
    if *x == M::None {
        return Some(false);
    }
    elements(list).and_then(|items| or(items.iter().map(|item| compare(Comparison::Eq, item, x))))
}

fn counted(truths: impl IntoIterator<Item = Three>) -> M {
    let (mut least, mut most) = (0, 0);
    for truth in truths {
        least += i64::from(truth == Some(true));
        most += i64::from(truth != Some(false));
    }
    M::Number(Decimal::from(least), Some(Decimal::from(most)))
}

fn compare(op: Comparison, a: &M, b: &M) -> Three {
    let equality = |equal: bool| match op {
        Comparison::Eq => equal,
        Comparison::Ne => !equal,
        _ => panic!("{a:?} and {b:?} are not ordered"),
    };
    match (a, b) {
        (M::None, _) | (_, M::None) => Some(op == Comparison::Ne),
        (M::Unknown | M::Done, _) | (_, M::Unknown | M::Done) => None,
        (M::Day(a), M::Day(b)) => ordered(op, (a, Some(a)), (b, Some(b))),
        (M::Number(a, to_a), M::Number(b, to_b)) => {
            ordered(op, (a, to_a.as_ref()), (b, to_b.as_ref()))
        }
        (M::Party(a), M::Party(b)) => Some(equality(match (&a.id, &b.id) {
            (Some(a), Some(b)) => a == b,
            _ => a.name.split_whitespace().eq(b.name.split_whitespace()),
        })),
        _ => Some(equality(a == b)),
    }
}

/// Compares two values known only by their bounds.
fn ordered<T: PartialOrd>(op: Comparison, a: (&T, Option<&T>), b: (&T, Option<&T>)) -> Three {
    let below = |x: Option<&T>, y: &T| x.is_some_and(|x| x < y);
    let not_above = |x: Option<&T>, y: &T| x.is_some_and(|x| x <= y);
    let decide = |holds: bool, fails: bool| match (holds, fails) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    match op {
        Comparison::Lt => decide(below(a.1, b.0), not_above(b.1, a.0)),
        Comparison::Le => decide(not_above(a.1, b.0), below(b.1, a.0)),
        Comparison::Gt => ordered(Comparison::Lt, b, a),
        Comparison::Ge => ordered(Comparison::Le, b, a),
        Comparison::Eq => decide(
            a.1 == Some(a.0) && b.1 == Some(b.0) && a.0 == b.0,
            below(a.1, b.0) || below(b.1, a.0),
        ),
        Comparison::Ne => not(ordered(Comparison::Eq, a, b)),
    }
}

fn arithmetic(op: Arithmetic, a: &M, b: &M) -> M {
    match (a, b) {
        (M::None, _) | (_, M::None) => M::None,
        (M::Number(a, Some(to_a)), M::Number(b, Some(to_b))) if a == to_a && b == to_b => {
            exactly(match op {
                Arithmetic::Add => a + b,
                Arithmetic::Sub => a - b,
                Arithmetic::Mul => a * b,
            })
        }
        _ => M::Unknown,
    }
}
