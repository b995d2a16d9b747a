//! What checks of rule sets must find, and must not.

use std::sync::OnceLock;

use super::witness::Finder;
use crate::engine::Engine;
use crate::rulebook::RuleFolder;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(&RuleFolder::embedded()).unwrap())
}

/// Without any test as evidence, the search alone finds every outcome there is.
#[test]
fn a_record_is_found_for_every_outcome_the_rules_we_ship_can_have() {
    let mut not_found = Vec::new();
    for set in &engine().rulebook().rule_sets {
        let auditor = engine().auditor(set).unwrap();
        let finder = Finder {
            vocabulary: engine().vocabulary(),
            auditor: &auditor,
        };
        for obligation in &set.obligations {
            let node = auditor.graph().resolve(&obligation.id).unwrap();
            let (set, id) = (&set.id, &obligation.id);
            if !finder.arises(node) {
                not_found.push(format!("{set} {id} arises"));
            }
            if !finder.is_violated(node) {
                let judged = finder.is_judged(node);
                not_found.push(format!("{set} {id} violated, judged {judged}"));
            }
            if !finder.is_satisfied(node) {
                not_found.push(format!("{set} {id} satisfied"));
            }
        }
    }
    // Two clauses leave every breach to a person: what takes its own procedure, and what is owed as far as possible.
    let expected = [
        "national/order-18 order-18.recheck.licence-revoked violated, judged true",
        "shanxi/2021-159-machinery-daily-textile storage.camera-cover violated, judged true",
        "shanxi/2024-batch-1 storage.camera-cover violated, judged true",
        "shanxi/datong-2025 storage.camera-cover violated, judged true",
    ];
    not_found.retain(|one| !expected.contains(&one.as_str()));
    assert_eq!(not_found, [""; 0]);
}
