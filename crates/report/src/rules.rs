//! Obligations for readers: the list of a rule set, and one obligation explained.
//!
//! Terms: a *duty* is an obligation with its conditions in words; a *demand* is its requirement, or one of its parts.

mod explain;
mod list;
#[cfg(test)]
pub(super) mod tests;

pub use explain::render_duty;
pub use list::render_list;

use choucha_core::expr::Expr;
use choucha_core::lang::Text;
use choucha_core::obligation::{
    Citation, Id, Link, Obligation, Requirement, RuleSet, RuleSetId, Scope, Severity,
};
use choucha_core::period::Limit;
use choucha_core::source::Span;
use choucha_core::vocabulary::{FactId, Vocabulary};

/// A fact an obligation reads.
#[derive(Debug, Clone)]
pub struct FactRead {
    /// Its path.
    pub path: String,
    /// Its label.
    pub title: Text,
    /// The paper or column that holds it.
    pub form: Option<Text>,
}

/// A deadline in words.
#[derive(Debug, Clone)]
pub struct DeadlineWords {
    /// The day of the act.
    pub act: Text,
    /// The day the time runs from.
    pub since: Option<Text>,
    /// The time.
    pub limit: Limit,
    /// Another day the time may run from, and the reading by which it does.
    pub or_since: Option<(Text, Text)>,
    /// Whether the act cannot come before the day the time runs from.
    pub follows: bool,
}

/// A demand in words.
#[derive(Debug, Clone)]
pub enum DemandWords {
    /// A condition that must hold.
    Must(Text),
    /// A condition that must not hold.
    MustNot(Text),
    /// An act that must be done in time.
    Deadline(DeadlineWords),
}

/// A requirement, or one part of it.
#[derive(Debug, Clone)]
pub struct Demand {
    /// The code and title of the part; None for a requirement without parts.
    pub part: Option<(String, Text)>,
    /// Its condition; None if it is always demanded.
    pub when: Option<Text>,
    /// The demand in words.
    pub words: DemandWords,
    /// Its own citation.
    pub citation: Option<Citation>,
}

/// Another obligation, a stage or an exception, by id and title.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its title; the id if nothing with that id is declared.
    pub title: Text,
}

/// An obligation with its conditions in words.
#[derive(Debug, Clone)]
pub struct Duty {
    /// The rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its id.
    pub id: Id,
    /// What it is judged on.
    pub scope: Scope,
    /// Its title.
    pub title: Text,
    /// The role that owes it.
    pub bearer: String,
    /// The label of that role.
    pub bearer_label: Text,
    /// The severity of a breach.
    pub severity: Severity,
    /// The sentences it rests on.
    pub citations: Vec<Citation>,
    /// Its condition; None if it always arises.
    pub when: Option<Text>,
    /// What it demands.
    pub demands: Vec<Demand>,
    /// The facts it reads, each once, in order of first use.
    pub facts: Vec<FactRead>,
    /// Who is responsible.
    pub responsible: Vec<Text>,
    /// Stages and obligations it presupposes.
    pub after: Vec<Named>,
    /// Obligations it triggers.
    pub triggers: Vec<Named>,
    /// Exceptions that defeat it.
    pub unless: Vec<Named>,
    /// The obligation whose breach it remedies.
    pub remedies: Option<Named>,
    /// The obligations whose breach explains a breach of it.
    pub follows: Vec<Named>,
    /// Whether doing the remedy excuses the breach.
    pub excuses: bool,
    /// Whether it is a right that lapses out of time without a breach.
    pub lapses: bool,
    /// Stages and obligations that presuppose it, that it triggers, or that remedy it.
    pub followed_by: Vec<Named>,
    /// Circumstances in which a person judges: the condition, and the readings.
    pub review: Vec<(Text, Text)>,
    /// The obligation of an included rule set that it refines.
    pub refines: Option<Named>,
    /// The reading it takes; empty if there is none.
    pub note: Text,
    /// Where the script declares it.
    pub at: Span,
}

impl Duty {
    /// Puts an obligation into words; `around`: the rule sets in which its ids are declared and its followers found.
    #[must_use]
    pub fn of(obligation: &Obligation, vocabulary: &Vocabulary, around: &[&RuleSet]) -> Self {
        let say = |expr: &Expr| expr.text(vocabulary);
        let named = |link: &Link| named(&link.id, around);
        let all = |links: &[Link]| links.iter().map(named).collect();
        let role = vocabulary
            .roles()
            .iter()
            .find(|role| role.code == obligation.bearer);
        Duty {
            ruleset: obligation.ruleset.clone(),
            id: obligation.id.clone(),
            scope: obligation.scope.clone(),
            title: obligation.title.clone(),
            bearer: obligation.bearer.clone(),
            bearer_label: role.map_or_else(
                || Text::same(obligation.bearer.as_str()),
                |role| role.label.clone(),
            ),
            severity: obligation.severity,
            citations: obligation.grounds().cloned().collect(),
            when: obligation.when.as_ref().map(say),
            demands: demands(obligation, vocabulary),
            facts: facts(obligation, vocabulary),
            responsible: if obligation.responsible.is_empty() {
                role.map(|role| role.named_by.as_slice())
                    .unwrap_or_default()
                    .iter()
                    .map(|fact| vocabulary.fact(*fact).title.clone())
                    .collect()
            } else {
                obligation.responsible.iter().map(say).collect()
            },
            after: all(&obligation.after),
            triggers: all(&obligation.triggers),
            unless: all(&obligation.unless),
            remedies: obligation.remedies.as_ref().map(named),
            follows: all(&obligation.follows),
            excuses: obligation.excuses,
            lapses: obligation.lapses,
            followed_by: followers(obligation, around),
            review: obligation
                .review
                .iter()
                .map(|reading| (say(&reading.when), reading.text.clone()))
                .collect(),
            refines: obligation.refines.as_ref().map(named),
            note: obligation.note.clone(),
            at: obligation.at.clone(),
        }
    }

    /// The deadline of an obligation without parts.
    #[must_use]
    pub fn deadline(&self) -> Option<&DeadlineWords> {
        match self.demands.as_slice() {
            [
                Demand {
                    part: None,
                    words: DemandWords::Deadline(deadline),
                    ..
                },
            ] => Some(deadline),
            _ => None,
        }
    }
}

fn demands(obligation: &Obligation, vocabulary: &Vocabulary) -> Vec<Demand> {
    let words = |requirement: &Requirement| match requirement {
        Requirement::Must(expr) => Some(DemandWords::Must(expr.text(vocabulary))),
        Requirement::MustNot(expr) => Some(DemandWords::MustNot(expr.text(vocabulary))),
        Requirement::Deadline(deadline) => Some(DemandWords::Deadline(DeadlineWords {
            act: deadline.act.text(vocabulary),
            since: deadline.since.as_ref().map(|since| since.text(vocabulary)),
            limit: deadline.limit,
            follows: deadline.follows,
            or_since: deadline
                .or_since
                .as_ref()
                .map(|other| (other.since.text(vocabulary), other.reading.clone())),
        })),
        // Parts do not nest.
        Requirement::Parts(_) => None,
    };
    match &obligation.requirement {
        Requirement::Parts(parts) => parts
            .iter()
            .filter_map(|part| {
                Some(Demand {
                    part: Some((part.code.clone(), part.title.clone())),
                    when: part.when.as_ref().map(|when| when.text(vocabulary)),
                    words: words(&part.requirement)?,
                    citation: part.citation.clone(),
                })
            })
            .collect(),
        single => words(single)
            .map(|words| Demand {
                part: None,
                when: None,
                words,
                citation: None,
            })
            .into_iter()
            .collect(),
    }
}

/// Every expression of an obligation, in reading order.
fn expressions(obligation: &Obligation) -> Vec<&Expr> {
    fn of<'a>(requirement: &'a Requirement, out: &mut Vec<&'a Expr>) {
        match requirement {
            Requirement::Must(expr) | Requirement::MustNot(expr) => out.push(expr),
            Requirement::Deadline(deadline) => out.extend(deadline.reads()),
            Requirement::Parts(parts) => {
                for part in parts {
                    out.extend(&part.when);
                    of(&part.requirement, out);
                }
            }
        }
    }
    let mut out: Vec<&Expr> = obligation.when.iter().collect();
    of(&obligation.requirement, &mut out);
    out.extend(obligation.review.iter().map(|reading| &reading.when));
    out.extend(&obligation.responsible);
    out
}

fn facts(obligation: &Obligation, vocabulary: &Vocabulary) -> Vec<FactRead> {
    let mut seen: Vec<FactId> = Vec::new();
    for expr in expressions(obligation) {
        for fact in expr.facts() {
            if !seen.contains(&fact) {
                seen.push(fact);
            }
        }
    }
    seen.into_iter()
        .map(|fact| {
            let fact = vocabulary.fact(fact);
            FactRead {
                path: fact.path.clone(),
                title: fact.title.clone(),
                form: fact.form.clone(),
            }
        })
        .collect()
}

/// An id with the title of its declaration.
fn named(id: &Id, around: &[&RuleSet]) -> Named {
    let title = around.iter().find_map(|set| {
        let stage = set.stages.iter().find(|node| &node.id == id);
        let exception = set.exceptions.iter().find(|node| &node.id == id);
        let obligation = set.all_obligations().find(|node| &node.id == id);
        stage
            .map(|node| &node.title)
            .or(exception.map(|node| &node.title))
            .or(obligation.map(|node| &node.title))
    });
    Named {
        id: id.clone(),
        title: title.cloned().unwrap_or_else(|| Text::same(id.to_string())),
    }
}

fn followers(obligation: &Obligation, around: &[&RuleSet]) -> Vec<Named> {
    let names = |links: &[Link]| links.iter().any(|link| link.id == obligation.id);
    let mut out: Vec<Named> = Vec::new();
    let mut push = |id: &Id, title: &Text| {
        if !out.iter().any(|other| &other.id == id) {
            out.push(Named {
                id: id.clone(),
                title: title.clone(),
            });
        }
    };
    for set in around {
        for stage in set.stages.iter().filter(|stage| names(&stage.after)) {
            push(&stage.id, &stage.title);
        }
        for other in set.all_obligations() {
            let remedy = other
                .remedies
                .as_ref()
                .is_some_and(|link| link.id == obligation.id);
            if names(&other.after) || remedy {
                push(&other.id, &other.title);
            }
        }
    }
    for link in &obligation.triggers {
        let Named { id, title } = named(&link.id, around);
        push(&id, &title);
    }
    out
}
