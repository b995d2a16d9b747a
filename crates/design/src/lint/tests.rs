//! What checks of rule sets must find, and must not.

use std::sync::OnceLock;

use super::reach::reach;
use super::witness::Finder;
use crate::trial;
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Code;
use choucha_core::obligation::RuleSet;
use choucha_rules::rulebook::RuleFolder;
use choucha_run::engine::Engine;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(&RuleFolder::embedded()).unwrap())
}

/// Without tests as evidence, the search alone finds every possible outcome.
/// The outcomes of a rule set's duties for which no record is found.
fn not_found(set: &RuleSet) -> Vec<String> {
    let auditor = engine().undated_auditor(set).unwrap();
    let finder = Finder {
        vocabulary: engine().vocabulary(),
        auditor: &auditor,
    };
    let mut not_found = Vec::new();
    for obligation in &set.obligations {
        let node = auditor.graph().resolve(&obligation.id).unwrap();
        let (set, id) = (&set.id, &obligation.id);
        if !finder.arises(node) {
            not_found.push(format!("{set} {id} arises"));
        }
        if !obligation.lapses && !finder.is_violated(node) {
            let judged = finder.is_judged(node);
            not_found.push(format!("{set} {id} violated, judged {judged}"));
        }
        if !finder.is_satisfied(node) {
            not_found.push(format!("{set} {id} satisfied"));
        }
    }
    not_found
}

#[test]
fn a_record_is_found_for_every_outcome_the_rules_we_ship_can_have() {
    // A thread a rule set: most of the work is the search for records.
    let mut not_found: Vec<String> = std::thread::scope(|scope| {
        let sets = engine().rulebook().rule_sets.iter();
        let searched: Vec<_> = sets
            .map(|set| scope.spawn(move || not_found(set)))
            .collect();
        searched
            .into_iter()
            .flat_map(|set| set.join().unwrap())
            .collect()
    });
    // These leave every breach to a person: acts under another procedure, duties owed as far as possible, the division
    // of the provincial bureau that a report is addressed to, an objection in the wrong form (reading 26), and forms
    // that are 仅供参考 (reading 29).
    let expected = [
        "chongqing/2021-follow-up objection.in-writing violated, judged true",
        "chongqing/2021-follow-up retest.body-notice-to-retest-body violated, judged true",
        "chongqing/2021-follow-up follow-up.order-states-content-and-remedies violated, judged true",
        "chongqing/2021-follow-up clue.list-signed-in-two-copies violated, judged true",
        "national/order-18 order-18.objection.in-writing violated, judged true",
        "shanxi/datong-2025 report.failed.mailed-to-quality-division violated, judged true",
        "shanxi/2021-158-coal report.failed.mailed-to-quality-division violated, judged true",
        "shanxi/2021-159-machinery-daily-textile report.failed.mailed-to-quality-division violated, judged true",
        "shanxi/2024-batch-1 report.failed.mailed-to-quality-division violated, judged true",
        "national/order-18 order-18.recheck.licence-revoked violated, judged true",
        "shanxi/2021-159-machinery-daily-textile storage.camera-cover violated, judged true",
        "shanxi/2024-batch-1 storage.camera-cover violated, judged true",
        "shanxi/datong-2025 storage.camera-cover violated, judged true",
    ];
    not_found.retain(|one| !expected.contains(&one.as_str()));
    assert_eq!(not_found, [""; 0]);
}

#[test]
fn what_a_test_shows_possible_is_not_doubted() {
    let set = engine().rulebook().rule_set("national/order-18").unwrap();
    let auditor = engine().undated_auditor(set).unwrap();
    let mut trial = trial::run(engine(), &RuleFolder::embedded(), set, None).unwrap();
    let judged = |trial| {
        let found = reach(engine(), &auditor, set, &Some(trial));
        let found = found
            .into_iter()
            .filter(|one| one.code == Code::LintAlwaysJudged);
        found.count()
    };
    assert_eq!(judged(trial.clone()), 2);
    for shown in &mut trial.shown {
        shown.outcomes[Outcome::Violated] += 1;
    }
    assert_eq!(judged(trial), 0);
}
