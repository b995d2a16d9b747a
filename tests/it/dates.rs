//! Which rules were in force on the day of each act, and the diagnostics for a case that straddles a change.

use crate::support;
use crate::support::dossier::Dossier;
use crate::support::{World, day, engine, world};
use choucha::audit::{CaseAudit, Outcome, Verdicts};
use choucha::diagnostic::Level;

const PASSING: &str = "passing-report-at-a-shop";

/// The notice is in force from 2024-01-05, Order 18 from 2020-01-01.
fn sampled_on(day: &str) -> Dossier {
    Dossier::of(PASSING)
        .set("sampling.sampled_on", day)
        .set("draw.drawn_on", day)
}

fn audited(dossier: &Dossier) -> CaseAudit {
    world().audit(&dossier.record(), None, true)
}

fn outcome(audit: &CaseAudit, id: &str) -> Option<Outcome> {
    let mut findings = audit.findings.iter();
    findings
        .find(|finding| finding.obligation.0 == id)
        .map(|finding| finding.outcome)
}

fn found(audit: &CaseAudit, code: &str) -> Vec<String> {
    let diagnostics = audit.diagnostics.iter();
    diagnostics
        .filter(|diagnostic| diagnostic.code.code() == code)
        .map(|diagnostic| diagnostic.message.zh.clone())
        .collect()
}

#[test]
fn a_notice_binds_from_its_first_day_and_what_was_done_before_is_under_the_order_alone() {
    // A duty of the notice alone, one it tightens, and the order's own.
    let (own, refining, refined) = (
        "purchase.payment-form",
        "samples.sealed",
        "order-18.samples.sealed",
    );
    let on_the_day = audited(&sampled_on("2024-01-05"));
    assert_eq!(outcome(&on_the_day, own), Some(Outcome::Satisfied));
    assert_eq!(outcome(&on_the_day, refining), Some(Outcome::Satisfied));
    assert_eq!(outcome(&on_the_day, refined), None);
    assert_eq!(found(&on_the_day, "record/straddles-change"), [""; 0]);

    let the_day_before = audited(&sampled_on("2024-01-04"));
    assert_eq!(outcome(&the_day_before, own), Some(Outcome::NotApplicable));
    assert_eq!(
        outcome(&the_day_before, refining),
        Some(Outcome::NotApplicable)
    );
    assert_eq!(outcome(&the_day_before, refined), Some(Outcome::Satisfied));
    let why = support::finding(&the_day_before, own);
    assert!(
        why.because.zh.contains("2024-01-04") && why.because.zh.contains("2024-01-05"),
        "{}",
        why.because.zh
    );
    assert_eq!(why.evidence[0].fact, "sampling.sampled_on");
    let found = found(&the_day_before, "record/straddles-change");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("2024-01-05"), "{found:?}");
    // Later acts fall under the notice.
    assert_eq!(
        outcome(&the_day_before, "report.respondent-served-by-2024-04-05"),
        Some(Outcome::Satisfied)
    );
}

#[test]
fn the_higher_duty_is_broken_where_the_tighter_one_was_not_yet_in_force() {
    let unsealed = sampled_on("2024-01-04").set("samples.sealed_separately", "否");
    let audit = audited(&unsealed);
    assert_eq!(
        outcome(&audit, "order-18.samples.sealed"),
        Some(Outcome::Violated)
    );
    assert_eq!(
        outcome(&audit, "samples.sealed"),
        Some(Outcome::NotApplicable)
    );
    // The fast pass, which knows only the notice's own plan, gives the same outcome at the place of the tighter duty.
    let settled = world().settle(&unsealed.record(), false);
    let mut verdicts = Verdicts::default();
    world()
        .auditor
        .outcomes(&settled, day("2024-05-10"), &mut verdicts);
    let graph = world().auditor.graph();
    let plan = graph.plan();
    for (node, obligation) in graph.obligations() {
        let at = plan.position(node).expect("a place");
        let mut expected = outcome(&audit, &obligation.id.0);
        if let Some(refined) = &obligation.refines
            && let Some(found) = outcome(&audit, &refined.id.0)
        {
            expected = Some(found);
        }
        assert_eq!(Some(verdicts.outcome(at)), expected, "{}", obligation.id);
    }
}

#[test]
fn nobody_is_late_by_a_notice_that_came_after_the_time_was_up() {
    let late = |sampled: &str| {
        let dossier = sampled_on(sampled).set("ecqs.sampling_entered_on", "2024-01-18");
        outcome(&audited(&dossier), "ecqs.sampling-by-next-day")
    };
    // Due on 3 January, before the notice; due on the day it was issued.
    assert_eq!(late("2024-01-02"), Some(Outcome::NotApplicable));
    assert_eq!(late("2024-01-04"), Some(Outcome::Violated));
    assert_eq!(late("2024-01-05"), Some(Outcome::Violated));
}

#[test]
fn a_rule_set_in_force_on_no_day_of_the_case_is_a_warning() {
    let audit = world().audit(
        &Dossier::from_yaml("sampling: {sampled_on: 2019-06-03, outcome: completed}").record(),
        Some("2019-12-01"),
        true,
    );
    let warned = found(&audit, "record/out-of-force");
    assert_eq!(warned.len(), 2, "{warned:?}");
    assert!(
        warned.iter().any(|found| found.contains("2020-01-01")),
        "{warned:?}"
    );
    let diagnostics = audit.diagnostics.iter();
    let mut out = diagnostics.filter(|diagnostic| diagnostic.code.code() == "record/out-of-force");
    assert!(out.all(|diagnostic| diagnostic.level == Level::Warning));
}

#[test]
fn a_day_that_is_not_known_puts_nothing_out_of_force() {
    let audit = audited(&Dossier::of(PASSING).without("sampling.sampled_on"));
    assert_eq!(found(&audit, "record/straddles-change"), [""; 0]);
    assert_eq!(found(&audit, "record/out-of-force"), [""; 0]);
}

/// The restored duties are computed once for all cases with the same days; each case must get its own.
#[test]
fn what_stands_again_for_one_case_is_not_taken_for_that_of_another() {
    let days = [
        "2019-06-03",
        "2024-03-04",
        "2024-01-04",
        "2019-06-03",
        "2024-01-05",
        "2024-01-04",
    ];
    let mut seen = std::collections::BTreeSet::new();
    for day in days {
        let record = sampled_on(day).record();
        let alone = World::of(engine(), &world().ruleset);
        let (fresh, kept) = (
            alone.audit(&record, None, true),
            world().audit(&record, None, true),
        );
        assert_eq!(format!("{fresh:?}"), format!("{kept:?}"), "{day}");
        seen.insert(fresh.duties.len());
    }
    // Before the notice, and before the order, other duties are in force.
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn of_a_case_that_lies_before_an_instrument_nothing_is_judged_under_it_dated_or_not() {
    let engine = engine();
    let set = engine
        .rulebook()
        .rule_set("national/order-18")
        .expect("Order 18");
    let auditor = engine.auditor(set).expect("it has a graph");
    let of_2018 = Dossier::from_yaml(
        "draw: {drawn_on: 2018-09-01, samplers_random: false}\n\
         sampling: {sampled_on: 2018-09-10, outcome: completed}\n\
         complete: true\n",
    );
    let audit = auditor.audit(
        &of_2018.record(),
        &support::options(Some("2018-12-17"), true),
    );
    assert_eq!(audit.outcome(), Outcome::NotApplicable);
    assert!(audit.count(Outcome::NotApplicable) > 100);
    let audit = auditor.audit(
        &of_2018.set("sampling.sampled_on", "2020-01-02").record(),
        &support::options(Some("2020-12-17"), true),
    );
    assert!(audit.count(Outcome::Violated) > 0);
}
