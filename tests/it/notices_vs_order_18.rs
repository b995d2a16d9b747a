//! Where the notices tighten, loosen, add to or differ from Order 18: `points.yaml`, and here the points that no row of
//! that table can express.

use crate::support::campaigns::world_of;
use crate::support::finding;
use crate::table::{self, ORDER, audit_moved, audit_own};
use choucha::audit::{CaseAudit, Outcome};
use choucha::engine::Engine;
use choucha::obligation::{Obligation, Requirement};

use Outcome::{NotApplicable, Review, Satisfied, Violated};

/// 晋市监发〔2024〕3号.
const SX: &str = "shanxi/2024-batch-1";
/// 晋市监发〔2021〕158号.
const COAL: &str = "shanxi/2021-158-coal";
/// 晋市监发〔2021〕159号.
const MACHINES: &str = "shanxi/2021-159-machinery-daily-textile";
/// 大同市市场监督管理局2025年9月28日通知.
const DATONG: &str = "shanxi/datong-2025";

/// 张市监质〔2021〕1号.
const ZHANGJIAGANG: &str = "jiangsu/zhangjiagang-2021";

/// 重庆市市场监督管理局办公室2021年7月26日通知.
const CHONGQING: &str = "chongqing/2021-follow-up";

/// Order 18 and every notice over it.
const EVERY: [&str; 6] = [ORDER, SX, COAL, MACHINES, DATONG, ZHANGJIAGANG];
const SHANXI: [&str; 4] = [SX, COAL, MACHINES, DATONG];

const PASSING: &str = "passing-report-at-a-shop";
const FAILING: &str = "failing-report-at-a-shop";
const ONLINE: &str = "online-purchase";
const KETTLE: &str = "kettle-at-a-shop-followed-up";

#[test]
fn every_point_of_the_table_holds() {
    table::holds(include_str!("points.yaml"));
}

fn came_to(audit: &CaseAudit, said: &str, id: &str, outcome: Outcome) {
    let finding = finding(audit, id);
    assert_eq!(
        finding.outcome, outcome,
        "{said}: {id}: {}",
        finding.because.zh
    );
}

/// Checks the outcome of an obligation on a dossier with edits.
fn decides(rule_set: &str, name: &str, edits: &[&str], id: &str, outcome: Outcome) {
    let audit = audit_moved(rule_set, name, edits);
    came_to(
        &audit,
        &format!("{rule_set}, {name} {edits:?}"),
        id,
        outcome,
    );
}

/// The same for a dossier of Chongqing.
fn chongqing(name: &str, edits: &[&str], id: &str, outcome: Outcome) {
    let audit = audit_own(CHONGQING, name, edits);
    came_to(&audit, &format!("{name} {edits:?}"), id, outcome);
}

/// Checks which parts of an obligation a dossier with edits violates.
fn breaks(rule_set: &str, name: &str, edits: &[&str], id: &str, parts: &[&str]) {
    table::broke(&audit_moved(rule_set, name, edits), id, parts).expect(rule_set);
}

fn nothing_says(rule_set: &str, beginning: &str) {
    table::nothing_says(rule_set, beginning).expect(rule_set);
}

fn falls_back_on(rule_set: &str, id: &str) {
    table::falls_back_on(rule_set, id).expect(rule_set);
}

fn stands_for(rule_set: &str, id: &str, order_18: &str) {
    table::stands_for(rule_set, id, order_18).expect(rule_set);
}

/// The acts with a deadline among the obligations in force.
fn timed_acts(rule_set: &str) -> Vec<(String, String)> {
    let world = world_of(rule_set);
    let timed = |obligation: &Obligation| -> Vec<(String, String)> {
        let of = |requirement: &Requirement| match requirement {
            Requirement::Deadline(deadline) => deadline
                .act
                .facts()
                .iter()
                .map(|fact| world.vocabulary().fact(*fact).path.clone())
                .collect(),
            _ => Vec::new(),
        };
        let acts = match &obligation.requirement {
            Requirement::Parts(parts) => parts
                .iter()
                .flat_map(|part| of(&part.requirement))
                .collect(),
            requirement => of(requirement),
        };
        acts.into_iter()
            .map(|act| (act, obligation.id.0.clone()))
            .collect()
    };
    world.obligations().flat_map(timed).collect()
}

/// The number of batches shows only across cases: no obligation on one case, and a reason for every clause.
#[test]
fn point_3_the_notices_limit_the_batches_of_a_respondent_and_order_18_has_no_number() {
    let engine = world_of(SX).engine;
    let own = |engine: &Engine, rule_set: &str, id: &str| {
        let set = engine.rulebook().rule_set(rule_set).expect("the rule set");
        let found = set.all_obligations().find(|duty| duty.id.0 == id);
        found.map(|duty| (duty.scope.code(), duty.review.len()))
    };
    for (id, scope, left_to_a_person) in [
        (
            "batches.one-of-a-product-per-respondent",
            "respondent+product",
            1,
        ),
        ("batches.at-most-two-per-respondent", "respondent", 1),
    ] {
        // In principle, and at large malls according to sales: for a person. The notices of 2021 set a firm limit.
        for (rule_set, readings) in [
            (SX, left_to_a_person),
            (DATONG, left_to_a_person),
            (COAL, 0),
            (MACHINES, 0),
        ] {
            let found = own(world_of(rule_set).engine, rule_set, id);
            assert_eq!(found, Some((scope.to_owned(), readings)), "{rule_set} {id}");
        }
        assert_eq!(own(engine, ORDER, id), None);
    }
}

#[test]
fn point_13_samplers_do_not_test_what_they_sampled_except_on_site_even_under_158() {
    for (rule_set, id) in [
        (SX, "testing.not-by-samplers"),
        (COAL, "testing.not-by-samplers"),
        (MACHINES, "testing.not-by-samplers"),
        (DATONG, "testing.not-by-samplers"),
        (ORDER, "order-18.testing.not-by-samplers"),
    ] {
        let on_site = [
            "sampling.samplers = [张甲, 李乙]",
            "testing.testers = [王丙, 张甲]",
            "testing.on_site = true",
        ];
        let audit = audit_moved(rule_set, PASSING, &on_site);
        let relieved = finding(&audit, id).relieved_by.clone();
        assert_eq!(
            relieved.map(|id| id.0).as_deref(),
            Some("testing.on-site"),
            "{rule_set}"
        );
    }
    // 158 leaves the sentence with the exception out; it does not quote it.
    let quotes = |rule_set: &str, number: &str| {
        world_of(rule_set)
            .obligation("testing.not-by-samplers")
            .all_citations()
            .any(|cited| cited.instrument == number && cited.quote.contains("除现场检验外"))
    };
    assert!(!quotes(COAL, "晋市监发〔2021〕158号"));
    assert!(quotes(COAL, "市场监管总局令第18号"));
    assert!(quotes(MACHINES, "晋市监发〔2021〕159号"));
}

#[test]
fn point_19_no_text_but_chongqings_sets_a_time_for_deciding_on_a_retest() {
    for rule_set in EVERY {
        let timed = timed_acts(rule_set);
        assert!(
            timed.iter().any(|(act, _)| act == "retest.body_fixed_on"),
            "{timed:?}"
        );
        assert!(
            !timed.iter().any(|(act, _)| act == "retest.decided_on"),
            "{timed:?}"
        );
    }
    assert!(
        timed_acts(CHONGQING).iter().any(
            |(act, id)| act == "retest.decided_on" && id == "retest.decided-within-10-workdays"
        )
    );
}

#[test]
fn points_22_to_26_rectification_rechecks_announcement_and_revocation_are_order_18s_in_shanxi() {
    for rule_set in EVERY {
        for id in [
            "order-18.follow-up.rectification-ordered",
            "order-18.respondent.rectifies-within-60-days",
            "order-18.recheck.within-75-days",
            "order-18.recheck.failure-reported-up",
            "order-18.recheck.failure-announced",
            "order-18.recheck.second-after-60-before-90-days",
            "order-18.recheck.suspension-ordered",
            "order-18.recheck.licence-revoked",
        ] {
            falls_back_on(rule_set, id);
        }
    }
}

#[test]
fn point_22_sixty_days_run_from_the_order_and_in_chongqing_a_person_judges_where_service_decides() {
    for rule_set in EVERY {
        decides(
            rule_set,
            FAILING,
            &["follow_up.rectification_ordered_on = 无"],
            "order-18.follow-up.rectification-ordered",
            Violated,
        );
        for (rectified, outcome) in [
            ("2024-04-29", Satisfied),
            ("2024-04-30", Satisfied),
            ("2024-05-03", Violated),
        ] {
            let edits: &[&str] = &[
                "follow_up.rectification_ordered_on = 2024-03-01",
                "follow_up.order_served_on = 2024-03-05",
                &format!("follow_up.rectified_on = {rectified}"),
            ];
            decides(
                rule_set,
                FAILING,
                edits,
                "order-18.respondent.rectifies-within-60-days",
                outcome,
            );
        }
    }
    // Chongqing: ordered at once after the objection period; sixty days from the order by the text, from service by form 5.
    stands_for(
        CHONGQING,
        "respondent.rectifies-within-60-days",
        "order-18.respondent.rectifies-within-60-days",
    );
    chongqing(
        KETTLE,
        &[],
        "follow-up.ordered-at-once-after-period",
        Satisfied,
    );
    chongqing(
        KETTLE,
        &["follow_up.rectification_ordered_on = 2021-10-25"],
        "follow-up.ordered-at-once-after-period",
        Violated,
    );
    for (rectified, outcome) in [
        ("2021-12-11", Satisfied),
        ("2021-12-15", Review),
        ("2021-12-20", Violated),
    ] {
        let edits: &[&str] = &[
            "follow_up.rectification_ordered_on = 2021-10-12",
            "follow_up.order_served_on = 2021-10-18",
            &format!("follow_up.rectified_on = {rectified}"),
        ];
        chongqing(
            KETTLE,
            edits,
            "respondent.rectifies-within-60-days",
            outcome,
        );
    }
}

#[test]
fn point_23_the_recheck_has_seventy_five_days_and_in_chongqing_a_person_judges_where_service_decides()
 {
    for (done, outcome) in [("2024-05-15", Satisfied), ("2024-05-17", Violated)] {
        let edits: &[&str] = &[
            "follow_up.rectification_ordered_on = 2024-03-01",
            "follow_up.order_served_on = 2024-03-05",
            &format!("recheck.first_on = {done}"),
        ];
        decides(
            ORDER,
            FAILING,
            edits,
            "order-18.recheck.within-75-days",
            outcome,
        );
        decides(
            SX,
            FAILING,
            edits,
            "order-18.recheck.within-75-days",
            outcome,
        );
    }
    stands_for(
        CHONGQING,
        "recheck.within-75-days",
        "order-18.recheck.within-75-days",
    );
    for (done, outcome) in [
        ("2021-12-24", Satisfied),
        ("2021-12-30", Review),
        ("2022-01-10", Violated),
    ] {
        let edits: &[&str] = &[
            "follow_up.rectification_ordered_on = 2021-10-12",
            "follow_up.order_served_on = 2021-10-18",
            &format!("recheck.first_on = {done}"),
        ];
        chongqing(KETTLE, edits, "recheck.within-75-days", outcome);
    }
}

#[test]
fn point_29_online_sampling_is_order_18s_where_a_notice_has_no_steps_for_it() {
    for rule_set in [ORDER, SX, DATONG] {
        for (edit, id) in [
            ("online.account = 无", "order-18.online.purchase-recorded"),
            (
                "online.evidence = [seller, page, order]",
                "order-18.online.evidence-kept",
            ),
            (
                "online.unpacking_recorded = false",
                "order-18.online.unpacking-recorded",
            ),
            (
                "samples.sealed_separately = false",
                "order-18.online.sealed-separately",
            ),
            (
                "online.form_stamped = false",
                "order-18.online.form-stamped",
            ),
            (
                "online.papers_posted = [notice]",
                "order-18.online.papers-posted",
            ),
            (
                "receipt.online_labels = false",
                "order-18.online.labelled-on-receipt",
            ),
            ("report.to_platform = 无", "order-18.result.platform-told"),
        ] {
            falls_back_on(rule_set, id);
            decides(rule_set, ONLINE, &[], id, Satisfied);
            decides(rule_set, ONLINE, &[edit], id, Violated);
        }
        // On-site duties do not bind online: nobody shows papers to a parcel.
        decides(
            rule_set,
            ONLINE,
            &[],
            "order-18.sampling.scope-and-method-told",
            NotApplicable,
        );
    }
    // 158 and 159 reach physical shops only.
    for rule_set in [COAL, MACHINES] {
        decides(rule_set, ONLINE, &[], "sampling.not-online", Violated);
    }
    for rule_set in [SX, DATONG] {
        nothing_says(rule_set, "sampling.not-online");
    }
    // Zhangjiagang has some of the steps itself, and leaves out art. 26 ¶1, 27, 28 ¶1 and 35 ¶3.
    for (edit, id, order_18) in [
        (
            "online.evidence = [seller, page, order]",
            "online.evidence-kept",
            "order-18.online.evidence-kept",
        ),
        (
            "online.form_stamped = false",
            "online.form-stamped",
            "order-18.online.form-stamped",
        ),
        (
            "online.papers_posted = [notice]",
            "online.papers-posted",
            "order-18.online.papers-posted",
        ),
    ] {
        stands_for(ZHANGJIAGANG, id, order_18);
        decides(ZHANGJIAGANG, ONLINE, &[], id, Satisfied);
        decides(ZHANGJIAGANG, ONLINE, &[edit], id, Violated);
    }
    for (edit, id) in [
        ("online.account = 无", "order-18.online.purchase-recorded"),
        (
            "samples.backup_quantity = 0",
            "order-18.samples.test-and-backup",
        ),
        (
            "online.unpacking_recorded = false",
            "order-18.online.unpacking-recorded",
        ),
        (
            "samples.sealed_separately = false",
            "order-18.online.sealed-separately",
        ),
        ("report.to_platform = 无", "order-18.result.platform-told"),
    ] {
        falls_back_on(ZHANGJIAGANG, id);
        decides(ZHANGJIAGANG, ONLINE, &[], id, Satisfied);
        decides(ZHANGJIAGANG, ONLINE, &[edit], id, Violated);
    }
    // The authorisation is posted whoever bought; Order 18 demands that only of a sampling agency.
    let by_the_bureau: &[&str] = &[
        "case.sampling_agency = 无",
        "online.papers_posted = [sampling_form, notice]",
    ];
    breaks(
        ZHANGJIAGANG,
        ONLINE,
        by_the_bureau,
        "online.papers-posted",
        &["authorisation"],
    );
    decides(
        ORDER,
        ONLINE,
        by_the_bureau,
        "order-18.online.papers-posted",
        Satisfied,
    );
}

#[test]
fn point_34_unpaid_samples_are_returned_by_the_organiser_and_in_shanxi_by_the_testing_body() {
    let bearer = |rule_set: &str, id: &str| world_of(rule_set).obligation(id).bearer.clone();
    assert_eq!(
        bearer(ORDER, "order-18.disposal.passed-unpaid-returned"),
        "organiser"
    );
    for rule_set in SHANXI {
        assert_eq!(
            bearer(rule_set, "disposal.passed-unpaid-returned"),
            "inspection_agency"
        );
    }
}
