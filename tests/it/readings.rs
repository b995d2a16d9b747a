//! The readings of the texts, one test each: real dossiers, and what comes of the day or the circumstance on which a
//! reading turns. `docs/law.md` names the test of every reading.

use crate::support;
use std::collections::BTreeMap;
use std::fs;
use std::sync::{LazyLock, Mutex};

use crate::support::dossier::Dossier;
use crate::support::{World, load, root};
use choucha::audit::{Finding, Outcome};

use Outcome::{NotApplicable, Review, Satisfied, Violated};

const BATCH_2024: &str = "shanxi/2024-batch-1";
const COAL: &str = "shanxi/2021-158-coal";
const CHONGQING: &str = "chongqing/2021-follow-up";
const ZHANGJIAGANG: &str = "jiangsu/zhangjiagang-2021";

const FAILING: &str = "failing-report-at-a-shop";
const PASSING: &str = "passing-report-at-a-shop";
const RETESTED: &str = "objection-and-retest";
const TERMINATED: &str = "unlicensed-terminated";

/// The rule sets loaded so far; a test binary may keep them for good.
static WORLDS: LazyLock<Mutex<BTreeMap<&'static str, &'static World>>> =
    LazyLock::new(Mutex::default);

fn world_of(rule_set: &'static str) -> &'static World {
    let mut worlds = WORLDS.lock().expect("the worlds");
    worlds
        .entry(rule_set)
        .or_insert_with(|| Box::leak(Box::new(load(rule_set))))
}

/// A finding on a dossier of a rule set's fixtures, after edits.
fn finding(rule_set: &'static str, fixture: &str, edits: &[&str], id: &str) -> Finding {
    let folder = rule_set.replace('/', "-");
    let path = root().join(format!("fixtures/{folder}/{fixture}.yaml"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let record = Dossier::from_yaml(&text).edited(edits).record();
    let audit = world_of(rule_set).audit(&record, None, true);
    support::finding(&audit, id).clone()
}

/// Checks the outcome of one obligation after each of several edits on top of those that all share.
fn turns(
    rule_set: &'static str,
    fixture: &str,
    shared: &[&str],
    id: &str,
    rows: &[(&[&str], Outcome)],
) {
    for (edits, outcome) in rows {
        let all: Vec<&str> = shared.iter().chain(*edits).copied().collect();
        let found = finding(rule_set, fixture, &all, id);
        assert_eq!(
            found.outcome, *outcome,
            "{rule_set} {fixture} {id} {edits:?}: {}",
            found.because.zh
        );
    }
}

/// The same for a day that a fact is set to.
fn days(
    rule_set: &'static str,
    fixture: &str,
    shared: &[&str],
    id: &str,
    fact: &str,
    rows: &[(&str, Outcome)],
) {
    for (day, outcome) in rows {
        let edit = format!("{fact} = {day}");
        turns(rule_set, fixture, shared, id, &[(&[&edit], *outcome)]);
    }
}

#[test]
fn reading_01_the_first_day_of_a_period_is_not_counted() {
    days(
        BATCH_2024,
        FAILING,
        &["report.issued_on = 2024-03-01"],
        "report.failed.mail-to-province",
        "report.to_province.posted_on",
        &[("2024-03-08", Satisfied), ("2024-03-09", Violated)],
    );
}

#[test]
fn reading_02_by_a_date_and_within_include_the_day_and_the_finding_says_so_on_it() {
    let id = "report.issued-by-2024-04-05";
    days(
        BATCH_2024,
        FAILING,
        &[],
        id,
        "report.issued_on",
        &[
            ("2024-04-04", Satisfied),
            ("2024-04-05", Satisfied),
            ("2024-04-08", Violated),
        ],
    );
    let on_the_day = finding(BATCH_2024, FAILING, &["report.issued_on = 2024-04-05"], id);
    let due = on_the_day.due.expect("a due date");
    assert!(
        due.count
            .iter()
            .any(|line| line.zh.contains("按包括当日理解")),
        "{:?}",
        due.count
    );
}

#[test]
fn reading_03_a_last_day_on_a_rest_day_has_a_strict_and_a_broad_reading() {
    // A period of seven days that ends on Saturday 2024-03-09.
    days(
        BATCH_2024,
        FAILING,
        &["report.issued_on = 2024-03-02"],
        "report.failed.mail-to-province",
        "report.to_province.posted_on",
        &[
            ("2024-03-09", Satisfied),
            ("2024-03-11", Review),
            ("2024-03-12", Violated),
        ],
    );
    // The day after Friday 2024-01-19.
    days(
        BATCH_2024,
        FAILING,
        &["sampling.sampled_on = 2024-01-19"],
        "ecqs.sampling-by-next-day",
        "ecqs.sampling_entered_on",
        &[
            ("2024-01-20", Satisfied),
            ("2024-01-22", Review),
            ("2024-01-23", Violated),
        ],
    );
    // The fixed date 2024-04-05: no festival, but a day off until the 6th; the 7th is a make-up working Sunday.
    days(
        BATCH_2024,
        FAILING,
        &[],
        "report.issued-by-2024-04-05",
        "report.issued_on",
        &[
            ("2024-04-06", Review),
            ("2024-04-07", Review),
            ("2024-04-08", Violated),
        ],
    );
    // A period that ends on the festival of 2024-04-04 moves under both readings.
    let moved = finding(
        BATCH_2024,
        FAILING,
        &[
            "report.issued_on = 2024-03-28",
            "report.to_province.posted_on = 2024-04-05",
        ],
        "report.failed.mail-to-province",
    );
    assert_eq!(moved.outcome, Satisfied);
}

#[test]
fn reading_04_make_up_days_are_working_days() {
    // Sunday 2024-02-18 is worked; the 19th and the 20th follow.
    days(
        BATCH_2024,
        FAILING,
        &["testing.finished_on = 2024-02-09"],
        "ecqs.results-within-3-workdays",
        "ecqs.results_entered_on",
        &[("2024-02-20", Satisfied), ("2024-02-21", Violated)],
    );
}

#[test]
fn reading_05_sending_counts_on_the_day_of_posting_and_service_on_the_day_of_receipt() {
    turns(
        BATCH_2024,
        FAILING,
        &["report.issued_on = 2024-03-01"],
        "report.failed.mail-to-province",
        &[
            (
                &[
                    "report.to_province.posted_on = 2024-03-08",
                    "report.to_province.received_on = 2024-03-20",
                ],
                Satisfied,
            ),
            (
                &[
                    "report.to_province.posted_on = 2024-03-12",
                    "report.to_province.received_on = 2024-03-12",
                ],
                Violated,
            ),
        ],
    );
    turns(
        BATCH_2024,
        FAILING,
        &["report.to_respondent.posted_on = 2024-04-02"],
        "report.respondent-served-by-2024-04-05",
        &[
            (
                &["report.to_respondent.received_on = 2024-04-05"],
                Satisfied,
            ),
            (&["report.to_respondent.received_on = 2024-04-08"], Violated),
        ],
    );
}

#[test]
fn reading_06_at_once_is_the_same_day_and_the_next_is_for_a_person() {
    days(
        BATCH_2024,
        TERMINATED,
        &["sampling.sampled_on = 2024-02-22"],
        "termination.province-told",
        "termination.organiser_told_on",
        &[
            ("2024-02-22", Satisfied),
            ("2024-02-23", Review),
            ("2024-02-26", Violated),
        ],
    );
}

#[test]
fn reading_07_promptly_has_no_number_and_beyond_seven_days_a_person_judges() {
    days(
        BATCH_2024,
        TERMINATED,
        &["sampling.sampled_on = 2024-02-22"],
        "termination.problem-form-sent",
        "termination.problem_form_sent_on",
        &[
            ("2024-02-29", Satisfied),
            ("2024-03-01", Review),
            ("无", Violated),
        ],
    );
}

#[test]
fn reading_08_after_sixty_and_before_ninety_days_leaves_both_boundary_days_open() {
    days(
        BATCH_2024,
        "recheck-not-announced",
        &[
            "recheck.reported_up_on = 2024-05-30",
            "recheck.announced_on = 2024-06-01",
        ],
        "order-18.recheck.second-after-60-before-90-days",
        "recheck.second_on",
        &[
            ("2024-07-30", Violated),
            ("2024-07-31", Review),
            ("2024-08-01", Satisfied),
            ("2024-08-29", Satisfied),
            ("2024-08-30", Review),
            ("2024-08-31", Violated),
        ],
    );
}

#[test]
fn reading_09_sixty_and_seventy_five_days_run_from_the_order_and_from_its_service() {
    let shared = [
        "follow_up.rectification_ordered_on = 2024-04-08",
        "follow_up.order_served_on = 2024-04-11",
    ];
    days(
        BATCH_2024,
        FAILING,
        &shared,
        "order-18.respondent.rectifies-within-60-days",
        "follow_up.rectified_on",
        // Sixty days end on 2024-06-07 and on the festival of 2024-06-10, which moves to the 11th.
        &[
            ("2024-06-07", Satisfied),
            ("2024-06-08", Review),
            ("2024-06-11", Review),
            ("2024-06-12", Violated),
        ],
    );
    days(
        BATCH_2024,
        FAILING,
        &shared,
        "order-18.recheck.within-75-days",
        "recheck.first_on",
        // Seventy-five days end on Saturday 2024-06-22, broadly Monday the 24th, and on Tuesday the 25th.
        &[
            ("2024-06-22", Satisfied),
            ("2024-06-24", Review),
            ("2024-06-25", Review),
            ("2024-06-26", Violated),
        ],
    );
}

#[test]
fn reading_10_the_exception_to_buying_stands_in_the_coal_notice_and_not_in_that_of_2024() {
    let not_bought = [
        "purchase = {bought: false}",
        "product.destructive_test = false",
        "product.materially_affected = false",
    ];
    let id = "purchase.test-sample-bought";
    turns(
        COAL,
        "tested-on-site-by-a-sampler",
        &not_bought,
        id,
        &[(&[], Satisfied)],
    );
    turns(
        COAL,
        "tested-on-site-by-a-sampler",
        &not_bought,
        id,
        &[(&["product.destructive_test = true"], Violated)],
    );
    turns(BATCH_2024, FAILING, &not_bought, id, &[(&[], Violated)]);
}

#[test]
fn reading_11_testing_on_site_is_excepted_under_the_coal_notice_that_does_not_say_so() {
    let id = "testing.not-by-samplers";
    let fixture = "tested-on-site-by-a-sampler";
    turns(
        COAL,
        fixture,
        &[],
        id,
        &[(&[], Satisfied), (&["testing.on_site = false"], Violated)],
    );
    let relieved = finding(COAL, fixture, &[], id).relieved_by;
    assert_eq!(relieved.map(|id| id.0).as_deref(), Some("testing.on-site"));
}

#[test]
fn reading_12_refusing_to_sign_is_not_refusing_inspection_and_excuses_the_signature_once_noted() {
    let (signature, note) = (
        "sampling.form-signed-by-respondent",
        "sampling.refusal-to-sign-noted",
    );
    let noted = "refusal-to-sign";
    turns(BATCH_2024, noted, &[], signature, &[(&[], NotApplicable)]);
    turns(BATCH_2024, noted, &[], note, &[(&[], Satisfied)]);
    turns(
        BATCH_2024,
        noted,
        &[],
        "respondent.cooperates",
        &[(&[], Satisfied)],
    );
    turns(
        BATCH_2024,
        noted,
        &[],
        "refusal.province-told",
        &[(&[], NotApplicable)],
    );
    let not_noted = "refusal-to-sign-not-annotated";
    let root = finding(BATCH_2024, not_noted, &[], note);
    assert_eq!((root.outcome, root.root_cause), (Violated, None));
    let consequence = finding(BATCH_2024, not_noted, &[], signature);
    assert_eq!(consequence.root_cause.map(|id| id.0).as_deref(), Some(note));
    turns(
        BATCH_2024,
        "refusal-of-inspection",
        &[],
        "respondent.cooperates",
        &[(&[], Violated)],
    );
}

#[test]
fn reading_13_a_terminated_sampling_is_reported_by_order_18_where_the_notice_is_silent() {
    let shared = ["sampling.sampled_on = 2021-08-12"];
    days(
        COAL,
        TERMINATED,
        &shared,
        "order-18.termination.organiser-told",
        "termination.organiser_told_on",
        &[
            ("2021-08-12", Satisfied),
            ("2021-08-13", Review),
            ("2021-08-16", Violated),
        ],
    );
    days(
        COAL,
        TERMINATED,
        &shared,
        "order-18.termination.county-told",
        "termination.county_told_on",
        &[("2021-08-12", Satisfied), ("无", Violated)],
    );
    // No problem form, no city bureau.
    let in_force = |id: &str| world_of(COAL).obligations().any(|duty| duty.id.0 == id);
    assert!(!in_force("termination.problem-form-sent") && !in_force("termination.city-told"));
}

#[test]
fn reading_14_a_terminated_test_is_still_reported_at_once_and_to_the_producers_county() {
    let shared = ["testing.unlawful_found_on = 2024-02-26"];
    days(
        BATCH_2024,
        "testing-terminated",
        &shared,
        "testing-termination.province-told-in-writing",
        "testing_termination.organiser_told_on",
        &[
            ("2024-02-26", Satisfied),
            ("2024-02-27", Review),
            ("2024-02-28", Violated),
        ],
    );
    days(
        BATCH_2024,
        "testing-terminated",
        &shared,
        "order-18.testing-termination.producer-county-told",
        "testing_termination.producer_county_told_on",
        &[("2024-02-26", Satisfied), ("无", Violated)],
    );
}

#[test]
fn reading_15_the_municipal_bureau_told_only_afterwards_breaches_order_18_and_not_the_notice_of_chongqing()
 {
    let shared = [
        "sampling.sampled_on = 2021-09-02",
        "termination.clue_form_sent_on = 2021-09-08",
    ];
    let afterwards = "termination.organiser_told_on = 2021-09-08";
    turns(
        CHONGQING,
        "no-maker-terminated",
        &shared,
        "termination.clue-form-to-municipal",
        &[(&[afterwards], Satisfied)],
    );
    let id = "termination.municipal-organiser-told";
    turns(
        CHONGQING,
        "no-maker-terminated",
        &shared,
        id,
        &[
            (&["termination.organiser_told_on = 2021-09-02"], Satisfied),
            (&[afterwards], Violated),
        ],
    );
    let cited = finding(CHONGQING, "no-maker-terminated", &[afterwards], id).citations;
    assert!(
        cited
            .iter()
            .all(|citation| citation.instrument == "市场监管总局令第18号"),
        "{cited:?}"
    );
}

#[test]
fn reading_16_the_labelled_producer_is_told_whatever_the_conclusion() {
    for fixture in [PASSING, FAILING] {
        turns(
            BATCH_2024,
            fixture,
            &[],
            "report.producer-told",
            &[(&[], Satisfied), (&["report.to_producer = 无"], Violated)],
        );
    }
    turns(
        BATCH_2024,
        FAILING,
        &[],
        "report.failed.report-to-producer",
        &[(&["report.to_producer.papers = 无"], Violated)],
    );
    turns(
        BATCH_2024,
        PASSING,
        &[],
        "report.failed.report-to-producer",
        &[(&[], NotApplicable)],
    );
}

#[test]
fn reading_17_on_site_clauses_do_not_bind_online_purchases_which_have_their_own() {
    for id in [
        "sampling.documents-shown",
        "sampling.form-signed-by-respondent",
        "sampling.papers-left",
    ] {
        turns(
            BATCH_2024,
            "online-purchase",
            &[],
            id,
            &[(&[], NotApplicable)],
        );
        turns(BATCH_2024, PASSING, &[], id, &[(&[], Satisfied)]);
    }
    for id in [
        "order-18.online.papers-posted",
        "order-18.online.evidence-kept",
    ] {
        turns(BATCH_2024, "online-purchase", &[], id, &[(&[], Satisfied)]);
        turns(BATCH_2024, PASSING, &[], id, &[(&[], NotApplicable)]);
    }
}

#[test]
fn reading_18_blind_samples_are_owed_and_a_reason_drawn_from_the_product_is_for_a_person() {
    let id = "blind.tested-blind";
    turns(
        BATCH_2024,
        FAILING,
        &["blind.used = false"],
        id,
        &[
            (
                &["blind.reason_not_used = 产品体积大，无法二次编号"],
                Review,
            ),
            (&["blind.reason_not_used = 无"], Violated),
        ],
    );
    turns(
        BATCH_2024,
        FAILING,
        &["blind.used = true"],
        "blind.renumbered-and-handed-over",
        &[(&[], Satisfied), (&["blind.renumbered = false"], Violated)],
    );
}

#[test]
fn reading_19_the_problem_form_is_owed_only_where_a_problem_was_found() {
    let id = "termination.problem-form-sent";
    turns(
        BATCH_2024,
        TERMINATED,
        &[],
        id,
        &[
            (&[], Satisfied),
            (&["termination.problem_form = false"], NotApplicable),
        ],
    );
    turns(BATCH_2024, PASSING, &[], id, &[(&[], NotApplicable)]);
}

#[test]
fn reading_20_cover_by_cameras_as_far_as_possible_is_stated_and_never_a_breach() {
    turns(
        BATCH_2024,
        "backup-sealed-on-site",
        &[],
        "storage.camera-cover",
        &[
            (&["storage.camera_covered = true"], Satisfied),
            (&["storage.camera_covered = false"], Review),
        ],
    );
}

#[test]
fn reading_23_follow_up_checks_are_exempt_from_random_choice_and_the_six_month_rule() {
    let kinds: [(&[&str], Outcome); 2] = [
        (&["case.kind = follow_up"], Satisfied),
        (&["case.kind = routine"], Violated),
    ];
    turns(
        COAL,
        "coke-works-followed-up",
        &["draw.respondent_random = false"],
        "draw.at-random",
        &kinds,
    );
    turns(
        COAL,
        "coke-works-followed-up",
        &["earlier.same_authority_on = 2021-07-01"],
        "order-18.earlier.not-twice-in-six-months",
        &kinds,
    );
}

#[test]
fn reading_24_a_second_check_within_six_months_is_already_too_many() {
    days(
        BATCH_2024,
        PASSING,
        &["sampling.sampled_on = 2024-01-17"],
        "order-18.earlier.not-twice-in-six-months",
        "earlier.same_authority_on",
        &[
            ("无", NotApplicable),
            ("2023-07-10", Satisfied),
            ("2023-07-18", Review),
            ("2023-08-01", Violated),
        ],
    );
}

#[test]
fn reading_25_unpaid_samples_wait_for_the_objection_period_whose_last_day_moves_off_holidays() {
    // Fifteen days from 2024-03-06 end on Thursday the 21st; from 2024-03-08 on Saturday the 23rd, broadly the 25th.
    let id = "disposal.failed-unpaid-handed-over";
    let act = "disposal.handed_over_on";
    days(
        BATCH_2024,
        FAILING,
        &["report.to_respondent.received_on = 2024-03-06"],
        id,
        act,
        &[("2024-03-21", Violated), ("2024-03-22", Satisfied)],
    );
    days(
        BATCH_2024,
        FAILING,
        &["report.to_respondent.received_on = 2024-03-08"],
        id,
        act,
        &[
            ("2024-03-23", Violated),
            ("2024-03-24", Review),
            ("2024-03-25", Review),
            ("2024-03-26", Satisfied),
        ],
    );
    // After it, promptly.
    days(
        BATCH_2024,
        PASSING,
        &["report.to_respondent.received_on = 2024-02-06"],
        "disposal.passed-unpaid-returned",
        "disposal.returned_on",
        &[
            ("2024-02-21", Violated),
            ("2024-02-28", Satisfied),
            ("2024-02-29", Review),
        ],
    );
}

#[test]
fn reading_26_a_late_objection_and_late_formalities_lapse_and_breach_nothing() {
    // Received on 2024-03-06: the 21st is the last day. Received on the 8th: Saturday the 23rd, broadly Monday the 25th.
    let (right, answer) = (
        "order-18.objection.within-15-days",
        "order-18.retest.application-studied",
    );
    let received = [
        "report.to_respondent.received_on = 2024-03-08",
        "objection.handled_on = 无",
    ];
    for (filed, of_right, of_answer) in [
        ("2024-03-23", Satisfied, Violated),
        ("2024-03-25", Review, Review),
        ("2024-03-26", NotApplicable, NotApplicable),
    ] {
        let filed = format!("objection.filed_on = {filed}");
        turns(
            BATCH_2024,
            RETESTED,
            &received,
            right,
            &[(&[&filed], of_right)],
        );
        turns(
            BATCH_2024,
            RETESTED,
            &received,
            answer,
            &[(&[&filed], of_answer)],
        );
    }
    let late = finding(
        BATCH_2024,
        RETESTED,
        &["objection.filed_on = 2024-05-20"],
        right,
    );
    assert!(
        late.lapsed && late.because.zh.contains("丧失权利"),
        "{}",
        late.because.zh
    );

    let (right, body) = (
        "order-18.retest.formalities-within-7-days",
        "order-18.retest.body-within-10-days",
    );
    // Notified on 2024-03-30: Saturday 2024-04-06, broadly the make-up Sunday 2024-04-07.
    let notified = [
        "retest.notified_on = 2024-03-30",
        "retest.body_fixed_on = 2024-05-10",
    ];
    for (done, of_right, of_body) in [
        ("2024-04-06", Satisfied, Violated),
        ("2024-04-07", Review, Review),
        ("2024-04-08", NotApplicable, NotApplicable),
    ] {
        let done = format!("retest.formalities_on = {done}");
        turns(
            BATCH_2024,
            RETESTED,
            &notified,
            right,
            &[(&[&done], of_right)],
        );
        turns(
            BATCH_2024,
            RETESTED,
            &notified,
            body,
            &[(&[&done], of_body)],
        );
    }
}

#[test]
fn reading_27_an_objection_to_the_higher_bureau_is_as_lawful_as_one_to_the_organiser() {
    for id in [
        "order-18.objection.within-15-days",
        "order-18.objection.in-writing",
    ] {
        turns(
            BATCH_2024,
            RETESTED,
            &[],
            id,
            &[
                (&["objection.authority = organiser"], Satisfied),
                (&["objection.authority = higher"], Satisfied),
            ],
        );
    }
}

#[test]
fn reading_28_the_first_agency_retests_only_where_it_alone_is_qualified() {
    turns(
        BATCH_2024,
        RETESTED,
        &[
            "retest.body = 示例检验机构甲",
            "case.inspection_agency = 示例检验机构甲",
        ],
        "order-18.retest.other-body",
        &[
            (&["retest.only_qualified_body = true"], Satisfied),
            (&["retest.only_qualified_body = false"], Violated),
        ],
    );
}

#[test]
fn reading_29_a_form_for_reference_that_was_not_made_is_for_a_person_and_the_service_itself_is_owed()
 {
    turns(
        CHONGQING,
        "retest-refused-with-reasons",
        &[],
        "retest.refusal-notice-served",
        &[
            (&[], Satisfied),
            (&["retest.refusal_notice_form = 无"], Review),
            (&["retest.refusal_served_on = 无"], Violated),
        ],
    );
}

#[test]
fn reading_30_the_stop_order_covers_the_like_products_of_the_notice_and_the_own_duty_stands_beside_it()
 {
    turns(
        BATCH_2024,
        FAILING,
        &[],
        "follow-up.stop-ordered",
        &[
            (&["follow_up.stop_scope = similar"], Satisfied),
            (&["follow_up.stop_scope = same"], Violated),
        ],
    );
    let unlawful = [
        "follow_up.stop_ordered_on = 无",
        "follow_up.stopped_on = 2024-03-06",
    ];
    turns(
        BATCH_2024,
        FAILING,
        &unlawful,
        "follow-up.stop-ordered",
        &[(&[], Violated)],
    );
    turns(
        BATCH_2024,
        FAILING,
        &unlawful,
        "order-18.respondent.stops-at-once",
        &[(&[], Satisfied)],
    );
}

#[test]
fn reading_31_a_licence_not_yet_revoked_is_for_a_person() {
    turns(
        BATCH_2024,
        "everything-wrong",
        &[],
        "order-18.recheck.licence-revoked",
        &[(
            &[
                "recheck.third_conclusion = fail",
                "recheck.licence_revoked_on = 无",
            ],
            Review,
        )],
    );
    turns(
        BATCH_2024,
        "everything-wrong",
        &[],
        "order-18.recheck.licence-revoked",
        &[
            (
                &[
                    "recheck.third_conclusion = fail",
                    "recheck.licence_revoked_on = 2025-03-01",
                ],
                Satisfied,
            ),
            (&["recheck.third_conclusion = pass"], NotApplicable),
        ],
    );
}

#[test]
fn reading_32_contracting_out_is_banned_and_subcontracting_without_consent_is() {
    for (breach, id, other) in [
        (
            "contracting_out",
            "order-18.conduct.no-contracting-out",
            "order-18.conduct.no-unapproved-subcontracting",
        ),
        (
            "subcontracting",
            "order-18.conduct.no-unapproved-subcontracting",
            "order-18.conduct.no-contracting-out",
        ),
    ] {
        let edit = format!("conduct.breaches = [{breach}]");
        turns(BATCH_2024, PASSING, &[&edit], id, &[(&[], Violated)]);
        turns(BATCH_2024, PASSING, &[&edit], other, &[(&[], Satisfied)]);
    }
}

#[test]
fn reading_33_nobody_who_sampled_tests_the_batch_in_zhangjiagang_except_on_site() {
    turns(
        ZHANGJIAGANG,
        "electric-bicycle-at-a-shop",
        &[
            "sampling.samplers = [甲某, 乙某]",
            "testing.on_site = false",
        ],
        "testing.samplers-and-testers-apart",
        &[
            (&["testing.testers = [丙某, 丁某]"], Satisfied),
            (&["testing.testers = [丙某, 乙某]"], Violated),
            (
                &["testing.testers = [丙某, 乙某]", "testing.on_site = true"],
                Satisfied,
            ),
        ],
    );
}

#[test]
fn reading_34_two_years_run_from_the_close_of_the_case_and_another_start_is_for_a_person() {
    days(
        BATCH_2024,
        FAILING,
        &[
            "case.closed_on = 2024-05-31",
            "sampling.sampled_on = 2024-01-22",
        ],
        "order-18.retention.two-years",
        "retention.kept_until",
        &[
            ("2026-06-01", Satisfied),
            ("2026-05-01", Review),
            ("2026-01-01", Violated),
        ],
    );
}

#[test]
fn reading_35_at_the_same_time_is_the_same_day_and_up_to_three_days_apart_a_person_judges() {
    days(
        BATCH_2024,
        FAILING,
        &[
            "report.to_respondent.posted_on = 2024-03-04",
            "report.to_producer.received_on = 2024-03-20",
        ],
        "report.producer-told",
        "report.to_producer.posted_on",
        &[
            ("2024-03-04", Satisfied),
            ("2024-03-05", Review),
            ("2024-03-07", Review),
            ("2024-03-08", Violated),
        ],
    );
}
