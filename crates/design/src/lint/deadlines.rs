//! Finds two deadlines for one act that no day meets.

use super::named;
use super::witness::Finder;
use choucha_core::audit::Auditor;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::expr::Expr;
use choucha_core::graph::NodeId;
use choucha_core::lang::Text;
use choucha_core::obligation::{Deadline, Obligation, Requirement, RuleSet};
use choucha_core::period::Limit;
use choucha_core::text;
use choucha_core::vocabulary::Vocabulary;
use choucha_run::engine::Engine;

/// One deadline in force.
struct Held<'g> {
    node: NodeId,
    obligation: &'g Obligation,
    deadline: &'g Deadline,
    /// The act and the starting day, in words: the same words mean the same facts.
    of: (String, String),
    days: (i32, i32),
}

/// The contradictions between deadlines in force, of which the rule set declares at least one.
pub(super) fn contradictions(engine: &Engine, auditor: &Auditor, set: &RuleSet) -> Vec<Diagnostic> {
    let vocabulary = engine.vocabulary();
    let finder = Finder {
        vocabulary,
        auditor,
    };
    let mut held: Vec<Held<'_>> = Vec::new();
    for (node, obligation) in auditor.graph().obligations() {
        for deadline in deadlines(&obligation.requirement) {
            // A time that may also run from a later day has no definite last day.
            if deadline.or_since.is_some() {
                continue;
            }
            if let (Some(since), Some(days)) = (&deadline.since, days(deadline.limit)) {
                let of = (words(&deadline.act, vocabulary), words(since, vocabulary));
                held.push(Held {
                    node,
                    obligation,
                    deadline,
                    of,
                    days,
                });
            }
        }
    }
    let mut found = Vec::new();
    for (at, one) in held.iter().enumerate() {
        for other in held.iter().skip(at + 1) {
            let own = [one, other]
                .iter()
                .any(|held| held.obligation.ruleset == set.id);
            let apart = one.days.0.max(other.days.0) > one.days.1.min(other.days.1);
            // Deadlines of mutually exclusive cases cannot conflict.
            if own && apart && one.of == other.of && finder.arise_together([one.node, other.node]) {
                found.push(contradiction(one, other));
            }
        }
    }
    found
}

fn contradiction(one: &Held<'_>, other: &Held<'_>) -> Diagnostic {
    let names = [one, other].map(|held| named(&held.obligation.title, &held.obligation.id));
    let [first, second] = names;
    let (zh, en, other_zh, other_en) = (&first.zh, &first.en, &second.zh, &second.en);
    let message = text!(
        "{zh}与{other_zh}的期限没有共同的日子",
        "the deadlines of {en} and {other_en} have no day in common"
    );
    let mut diagnostic = Diagnostic::new(Code::LintContradictoryDeadlines, message);
    for held in [one, other] {
        let (from, to) = held.days;
        let label = match (from, to) {
            (i32::MIN, to) => text!("起算后第 {to} 日为止", "up to day {to}"),
            (from, i32::MAX) => text!("起算后第 {from} 日起", "from day {from}"),
            (from, to) => text!("起算后第 {from} 日至第 {to} 日", "days {from} to {to}"),
        };
        let place = held.deadline.act.at().unwrap_or(&held.obligation.at);
        diagnostic = diagnostic.label(place.clone(), label);
    }
    diagnostic.help(Text::new(
        "核对条文：两个期限的起算日、天数或者条件有一个写错了",
        "check the clauses: one of the two has a wrong day to run from, number of days or condition",
    ))
}

fn words(expr: &Expr, vocabulary: &Vocabulary) -> String {
    expr.text(vocabulary).en
}

fn deadlines(requirement: &Requirement) -> Vec<&Deadline> {
    match requirement {
        Requirement::Deadline(deadline) => vec![deadline],
        Requirement::Parts(parts) => parts
            .iter()
            .flat_map(|part| deadlines(&part.requirement))
            .collect(),
        Requirement::Must(_) | Requirement::MustNot(_) => Vec::new(),
    }
}

/// The first and last day, after the starting day, on which the act may be in time. It is generous: it includes what a
/// person may accept, and as many holidays as could fall into the time.
fn days(limit: Limit) -> Option<(i32, i32)> {
    // Holidays move a last day by at most ten days.
    const HOLIDAYS: i32 = 10;
    Some(match limit {
        Limit::Days(n) => (i32::MIN, i32::from(n) + HOLIDAYS),
        Limit::Workdays(n) => (i32::MIN, i32::from(n) * 2 + 2 * HOLIDAYS),
        Limit::Months(n) => (i32::MIN, i32::from(n) * 31 + HOLIDAYS),
        Limit::AtOnceAfter(n) => (i32::MIN, i32::from(n) + 2 + HOLIDAYS),
        Limit::NextDay | Limit::Immediately => (i32::MIN, 1 + HOLIDAYS),
        Limit::Between { after, before } => (i32::from(after), i32::from(before) + HOLIDAYS),
        Limit::AfterEnd(n) => (i32::from(n) + 1, i32::MAX),
        Limit::SameTime => (-3, 3),
        Limit::Promptly { .. } | Limit::OnceOver(_) | Limit::By(_) | Limit::OnRecord => {
            return None;
        }
    })
}
