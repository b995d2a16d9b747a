//! Every obligation in force can be satisfied, violated, left undetermined and not arise: shown by the dossiers of the
//! fixtures, by every one of them with a single fact changed, and by a few recipes that need more than one change.

#![cfg(test)]

#[path = "support/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use choucha::audit::{Outcome, Verdicts};
use choucha::expr::Expr;
use choucha::graph::What;
use choucha::obligation::{Obligation, Part, Requirement};
use choucha::record::Record;
use choucha::value::{ShapeId, Value};
use choucha::vocabulary::FactId;
use support::dossier::Dossier;
use support::random::{bare, candidates, with};
use support::{dossiers, world};

const WANTED: [Outcome; 4] = [
    Outcome::Satisfied,
    Outcome::Violated,
    Outcome::Undetermined,
    Outcome::NotApplicable,
];

/// What no record can show, and why.
#[rustfmt::skip]
const NEVER: &[(&str, Outcome, &str)] = &[
    ("draw.at-random", Outcome::NotApplicable, "respondent and samplers are drawn in every case"),
    ("sampling.at-least-two-samplers", Outcome::NotApplicable, "samplers come in every case, on site and online, whatever comes of it"),
    ("respondent.cooperates", Outcome::NotApplicable, "binds the respondent in every case"),
    ("fees.nothing-charged", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-tip-off", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-contracting-out", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-unapproved-subcontracting", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-false-report", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-paid-service", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-commissioned-test", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-recommendation", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-certificates", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-improper-gain", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.no-unauthorised-disclosure", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("storage.camera-cover", Outcome::Violated, "尽可能: no cover is no breach by itself, a person judges (reading 20)"),
    ("order-18.recheck.licence-revoked", Outcome::Violated, "not yet revoked: revocation has its own procedure, a person judges (reading 31)"),
    ("order-18.objection.within-15-days", Outcome::Violated, "a right lapses: nobody's breach (reading 26)"),
    ("order-18.retest.formalities-within-7-days", Outcome::Violated, "a right lapses: nobody's breach (reading 26)"),
];

/// Records that take more than one change to a dossier of the fixtures.
const RECIPES: &[(&str, &[&str])] = &[
    (
        "passing-report-at-a-shop",
        &[
            "product.special_transport = true",
            "transport = {test_mode: carried, backup_mode: carried, measures_taken: true, rules_met: true, sample_altered: false}",
        ],
    ),
    (
        "passing-report-at-a-shop",
        &["sampling.corrections = [{item: 批号, confirmed: true}, {item: 基数, confirmed: true}]"],
    ),
    (
        "objection-and-retest",
        &[
            "objection.grounds = [process]",
            "objection.answered_on = 2024-03-28",
            "objection.answered_in_writing = true",
        ],
    ),
];

/// Records of which more than one fact is unknown.
const OPEN_RECIPES: &[(&str, &[&str])] = &[
    ("irregular-sample-refused", &["complete -", "receipt -"]),
    ("passing-report-at-a-shop", &["complete -", "report -"]),
];

/// The outcomes seen of every obligation.
#[derive(Default)]
struct Seen {
    outcomes: BTreeMap<&'static str, BTreeSet<Outcome>>,
    verdicts: Verdicts,
}

impl Seen {
    fn look(&mut self, record: &Record) {
        let world = world();
        let settled = world.settle(record, false);
        let as_of = world.as_of(record);
        for (id, outcome) in world.outcomes(&settled, as_of, &mut self.verdicts) {
            self.outcomes.entry(id).or_default().insert(outcome);
        }
    }

    fn has(&self, id: &str, outcome: Outcome) -> bool {
        self.outcomes
            .get(id)
            .is_some_and(|outcomes| outcomes.contains(&outcome))
    }

    /// The facts worth changing: those that stages, exceptions and obligations not wholly seen yet rest on.
    fn worth_changing(&self) -> BTreeSet<FactId> {
        let graph = world().auditor.graph();
        graph
            .nodes()
            .flat_map(|(_, node)| match &node.what {
                What::Stage(stage) => stage.holds.iter().flat_map(Expr::facts).collect(),
                What::Exception(exception) => exception.holds.facts(),
                What::Obligation(obligation) if self.wants(&obligation.id.0) => reads(obligation),
                What::Obligation(_) => Vec::new(),
            })
            .collect()
    }

    fn wants(&self, id: &str) -> bool {
        WANTED
            .iter()
            .any(|outcome| !self.has(id, *outcome) && !never(id, *outcome))
    }
}

fn never(id: &str, outcome: Outcome) -> bool {
    NEVER.iter().any(|row| (row.0, row.1) == (id, outcome))
}

/// Every fact an obligation reads.
fn reads(obligation: &Obligation) -> Vec<FactId> {
    let mut found = Vec::new();
    let mut add = |expr: &Expr| found.extend(expr.facts());
    obligation.when.iter().for_each(&mut add);
    obligation
        .review
        .iter()
        .for_each(|reading| add(&reading.when));
    demanded(&obligation.requirement, &mut add);
    found
}

fn demanded(requirement: &Requirement, add: &mut impl FnMut(&Expr)) {
    match requirement {
        Requirement::Must(condition) | Requirement::MustNot(condition) => add(condition),
        Requirement::Deadline(deadline) => {
            deadline.reads().for_each(add);
        }
        Requirement::Parts(parts) => {
            for part in parts {
                part.when.iter().for_each(&mut *add);
                demanded(&part.requirement, add);
            }
        }
    }
}

/// Looks at every dossier as it stands and with single facts changed, declared complete and open.
fn seen() -> Seen {
    let vocabulary = world().vocabulary();
    let complete = vocabulary.reserved().complete;
    let mut seen = Seen::default();
    let declared = |record: &Record, complete_as: bool| {
        let value = if complete_as {
            Value::Bool(true)
        } else {
            Value::Unknown
        };
        with(record.root(), complete, value)
    };
    let dossiers = dossiers();
    for (_, record) in &dossiers {
        seen.look(&bare(declared(record, true)));
        seen.look(&bare(declared(record, false)));
    }
    for (fixture, edits) in RECIPES.iter().chain(OPEN_RECIPES) {
        seen.look(&Dossier::of(fixture).edited(edits).record());
    }
    for (_, record) in &dossiers {
        for complete_as in [true, false] {
            let root = declared(record, complete_as);
            for fact in seen.worth_changing() {
                let fact = vocabulary.fact(fact);
                if fact.shape != ShapeId::ROOT {
                    continue;
                }
                for value in candidates(vocabulary, fact) {
                    // A complete dossier has nothing unknown, an open one shows what is unknown.
                    if value.is_unknown() != complete_as {
                        seen.look(&bare(with(&root, fact.slot, value)));
                    }
                }
            }
        }
    }
    seen
}

#[test]
fn every_obligation_is_satisfied_violated_undetermined_and_not_applicable_in_some_record() {
    let seen = seen();
    let mut wrong = Vec::new();
    for obligation in world().obligations() {
        let id = obligation.id.0.as_str();
        for outcome in WANTED {
            match (seen.has(id, outcome), never(id, outcome)) {
                (false, false) => wrong.push(format!("{id} is never {}", outcome.code())),
                (true, true) => wrong.push(format!(
                    "{id} can be {}: NEVER says it cannot",
                    outcome.code()
                )),
                _ => {}
            }
        }
        // What can never be violated is at least put before a person, unless it is a right.
        if never(id, Outcome::Violated) && !obligation.lapses && !seen.has(id, Outcome::Review) {
            wrong.push(format!(
                "{id} is never violated and never for a person to judge"
            ));
        }
    }
    for (id, _, _) in NEVER {
        if !seen.outcomes.contains_key(id) {
            wrong.push(format!("{id}, listed in NEVER, is not in force"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_record_of_the_fixtures_is_beyond_the_engine() {
    for (name, record) in dossiers() {
        let audit = world().audit(&record, None, true);
        assert_eq!(audit.count(Outcome::Errored), 0, "{name}");
        assert_eq!(
            audit.findings.len(),
            world().obligations().count(),
            "{name}"
        );
        assert_eq!(
            audit.counts.iter().sum::<usize>(),
            audit.findings.len(),
            "{name}"
        );
    }
}

/// The outcomes seen of every part, by obligation and part.
type SeenParts = BTreeMap<(String, String), BTreeSet<Outcome>>;

fn look_at_parts(record: &Record, seen: &mut SeenParts) {
    for finding in world().audit(record, None, true).findings {
        for part in finding.parts {
            seen.entry((finding.obligation.0.clone(), part.code))
                .or_default()
                .insert(part.outcome);
        }
    }
}

/// Where a part has not been seen in every outcome yet, changes the facts it rests on in dossiers in which it is judged.
fn look_closer(
    obligation: &Obligation,
    part: &Part,
    dossiers: &[(String, Record)],
    seen: &mut SeenParts,
) {
    let vocabulary = world().vocabulary();
    let complete = vocabulary.reserved().complete;
    let key = (obligation.id.0.clone(), part.code.clone());
    let mut facts = Vec::new();
    let mut add = |expr: &Expr| facts.extend(expr.facts());
    part.when.iter().for_each(&mut add);
    demanded(&part.requirement, &mut add);
    for (_, record) in dossiers {
        let settled = world().settle(record, false);
        let outcomes = world().outcomes(&settled, world().as_of(record), &mut Verdicts::default());
        if outcomes[obligation.id.0.as_str()] == Outcome::NotApplicable {
            continue;
        }
        for fact in &facts {
            let fact = vocabulary.fact(*fact);
            assert_eq!(fact.shape, ShapeId::ROOT, "{}", fact.path);
            for value in candidates(vocabulary, fact) {
                if PARTS_WANTED
                    .iter()
                    .all(|wanted| seen[&key].contains(wanted))
                {
                    return;
                }
                let declared = if value.is_unknown() {
                    Value::Unknown
                } else {
                    Value::Bool(true)
                };
                let root = with(record.root(), complete, declared);
                look_at_parts(&bare(with(&root, fact.slot, value)), seen);
            }
        }
    }
}

const PARTS_WANTED: [Outcome; 3] = [Outcome::Satisfied, Outcome::Violated, Outcome::Undetermined];

#[test]
fn every_part_of_an_obligation_is_satisfied_violated_and_undetermined_by_itself() {
    let dossiers = dossiers();
    let mut seen = SeenParts::new();
    for (_, record) in &dossiers {
        look_at_parts(record, &mut seen);
    }
    for (fixture, edits) in RECIPES.iter().chain(OPEN_RECIPES) {
        look_at_parts(&Dossier::of(fixture).edited(edits).record(), &mut seen);
    }
    let mut wrong = Vec::new();
    for obligation in world().obligations() {
        let Requirement::Parts(parts) = &obligation.requirement else {
            continue;
        };
        for part in parts {
            look_closer(obligation, part, &dossiers, &mut seen);
            let (id, code) = (&obligation.id.0, &part.code);
            let outcomes = &seen[&(id.clone(), code.clone())];
            for wanted in PARTS_WANTED {
                if !outcomes.contains(&wanted) {
                    wrong.push(format!("{id}/{code}: {} {outcomes:?}", wanted.code()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
