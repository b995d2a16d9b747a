use choucha::effective::*;
use choucha::engine::Engine;
use choucha::obligation::Scope;
use choucha::rulebook::RuleFolder;
use choucha::value::Day;

fn engine() -> Engine {
    Engine::load(&RuleFolder::embedded()).unwrap()
}

fn on(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn count(effective: &Effective<'_>, standing: Standing) -> usize {
    EffectiveDuty::count(&effective.duties(), standing)
}

#[test]
fn the_effective_set_is_what_is_audited_where_every_layer_is_in_force() {
    let engine = engine();
    for set in &engine.rulebook().rule_sets {
        let effective = engine.effective(set, on("2025-12-01"));
        let audited: Vec<String> = engine
            .graph(set)
            .unwrap()
            .obligations()
            .map(|(_, duty)| duty.id.0.clone())
            .collect();
        let duties = effective.duties();
        let standing = duties.iter().map(|duty| &duty.obligation.id);
        let same = effective.standing();
        assert!(standing.eq(same.iter().map(|duty| &duty.id)), "{}", set.id);
        let listed = |scope: &Scope| -> Vec<String> {
            let duties = duties.iter();
            duties
                .filter(|duty| duty.obligation.scope == *scope)
                .map(|duty| duty.obligation.id.0.clone())
                .collect()
        };
        assert_eq!(listed(&Scope::Case), audited, "{}", set.id);
        for scope in engine.scopes_across(set) {
            let auditor = engine.auditor_across(set, &scope).unwrap();
            let judged = auditor.graph().obligations();
            let judged: Vec<String> = judged.map(|(_, duty)| duty.id.0.clone()).collect();
            assert_eq!(listed(&scope), judged, "{} {scope:?}", set.id);
        }
    }
}

#[test]
fn a_layer_that_is_not_in_force_adds_and_replaces_nothing() {
    let engine = engine();
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let order = engine.rulebook().rule_set("national/order-18").unwrap();
    let before = engine.effective(set, on("2024-01-04"));
    let all = order.all_obligations().count();
    assert_eq!(before.duties().len(), all);
    assert_eq!(count(&before, Standing::Inherited), all);
    let none = engine.effective(set, on("2019-12-31"));
    assert!(none.duties().is_empty() && none.standing().is_empty());
    let after = engine.effective(set, on("2024-01-05"));
    assert!(count(&after, Standing::Own) > 0 && count(&after, Standing::Refines) > 0);
    assert_eq!(count(&after, Standing::Beside), 0);
}

#[test]
fn every_part_tells_the_layers_that_demand_it() {
    let engine = engine();
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let effective = engine.effective(set, on("2024-02-01"));
    let duties = effective.duties();
    let sealed = duties
        .iter()
        .find(|duty| duty.obligation.id.0 == "samples.sealed")
        .unwrap();
    let layers: Vec<usize> = sealed.parts.iter().map(Vec::len).collect();
    // 一次性抽样 is the notice's own. Tamper-proof measures and the samplers' signatures Order 18 demands on site only (reading 36), where the
    // notice does not confine its sentence.
    assert_eq!(layers, [1, 1, 2, 1, 2]);
    assert_eq!(sealed.refined[0].higher.id.0, "order-18.samples.sealed");
    assert!(sealed.refined[0].replaced);
}

#[test]
fn the_rules_the_program_carries_relax_nothing() {
    let relaxed = engine().relaxations();
    assert!(relaxed.is_empty(), "{relaxed:#?}");
}
