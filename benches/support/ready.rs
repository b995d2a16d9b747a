//! The rules, loaded for a benchmark.

use choucha::audit::{Auditor, Verdicts};
use choucha::engine::Engine;
use choucha::graph::At;
use choucha::ingest::{self, Format};
use choucha::obligation::{Id, RuleSet, RuleSetId};
use choucha::record::Record;
use choucha::rulebook::RuleFolder;
use choucha::value::Day;

use super::native::TWENTY;

/// The rule set the cases are audited under.
pub const RULE_SET: &str = "shanxi/2024-batch-1";

/// The stages and exceptions of Order 18 that the twenty depend on.
const STAGES: [&str; 12] = [
    "visit",
    "visit.on-site",
    "sampling",
    "sampling.on-site",
    "refusal",
    "acceptance",
    "testing",
    "report",
    "report.failed",
    "failure",
    "rectification",
    "testing.on-site",
];

/// The rules the program carries.
pub fn engine() -> Engine {
    let id = RuleSetId(RULE_SET.to_owned());
    Engine::load_only(&RuleFolder::embedded(), &[id]).expect("the embedded rules load")
}

/// The whole rule set.
pub fn auditor(engine: &Engine) -> Auditor {
    let set = engine
        .rulebook()
        .rule_set(RULE_SET)
        .expect("the rule set is there");
    engine.auditor(set).expect("the graph is sound")
}

/// The twenty duties that [`super::native`] checks by hand, and nothing else.
pub fn auditor_of_twenty(engine: &Engine) -> Auditor {
    let rule_set = |id| {
        engine
            .rulebook()
            .rule_set(id)
            .expect("the rule set is there")
    };
    let (notice, order) = (rule_set(RULE_SET), rule_set("national/order-18"));
    let both = [notice, order];
    let is_needed = |id: &Id| STAGES.contains(&id.0.as_str());
    let stages = both
        .iter()
        .flat_map(|set| &set.stages)
        .filter(|stage| is_needed(&stage.id));
    let exceptions = both
        .iter()
        .flat_map(|set| &set.exceptions)
        .filter(|exception| is_needed(&exception.id));
    let mut obligations: Vec<_> = both
        .iter()
        .flat_map(|set| &set.obligations)
        .filter(|obligation| TWENTY.contains(&obligation.id.0.as_str()))
        .cloned()
        .collect();
    for obligation in &mut obligations {
        obligation.refines = None;
    }
    let set = RuleSet {
        includes: Vec::new(),
        stages: stages.cloned().collect(),
        exceptions: exceptions.cloned().collect(),
        obligations,
        ..notice.clone()
    };
    engine
        .auditor(&set)
        .expect("the twenty stand by themselves")
}

/// The places of obligations in an auditor's results.
pub fn positions(auditor: &Auditor, ids: &[&str]) -> Vec<At> {
    let plan = auditor.graph().plan();
    ids.iter()
        .map(|id| {
            let node = auditor.graph().resolve(&Id((*id).to_owned())).expect(id);
            plan.position(node).expect(id)
        })
        .collect()
}

/// Decodes a text, which must have no faults.
pub fn decode(engine: &Engine, text: &str, format: Format) -> Record {
    let decoded = ingest::read(
        "case",
        text.as_bytes().to_vec(),
        Some(format),
        engine.vocabulary(),
    );
    assert!(
        decoded.diagnostics.is_empty(),
        "{:?}\n{text}",
        decoded.diagnostics
    );
    decoded.record.expect("a record without fault")
}

/// The day on which every generated case is audited, unless it was closed.
pub fn today() -> Day {
    Day::from_ymd(2024, 4, 10).expect("a day that exists")
}

/// A buffer for the outcomes of a case.
pub fn verdicts() -> Verdicts {
    Verdicts::default()
}
