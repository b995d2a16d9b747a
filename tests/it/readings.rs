//! The readings of the texts: `readings.yaml`, and here the readings that no row of that table can express. `docs/law.md`
//! names the tests of every reading: entries of the table or functions here.

use crate::support;

use crate::table::{self, audit_own};
use choucha::audit::{Finding, Outcome};

use Outcome::{Review, Satisfied, Violated};

const BATCH_2024: &str = "shanxi/2024-batch-1";
const COAL: &str = "shanxi/2021-158-coal";
const CHONGQING: &str = "chongqing/2021-follow-up";

const KETTLE: &str = "kettle-at-a-shop-followed-up";
const FAILING: &str = "failing-report-at-a-shop";
const RETESTED: &str = "objection-and-retest";

#[test]
fn every_reading_of_the_table_holds() {
    table::holds(include_str!("readings.yaml"));
}

/// A finding on a dossier of a rule set's fixtures, after edits.
fn finding(rule_set: &str, fixture: &str, edits: &[&str], id: &str) -> Finding {
    support::finding(&audit_own(rule_set, fixture, edits), id).clone()
}

/// Checks the outcome of one obligation after each of several edits, on top of shared ones.
fn turns(rule_set: &str, fixture: &str, shared: &[&str], id: &str, rows: &[(&[&str], Outcome)]) {
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

/// The same for a fact that is set to several days.
fn days(
    rule_set: &str,
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
fn reading_02_by_a_date_and_within_include_the_day_and_the_finding_says_so_on_it() {
    let id = "report.issued-by-2024-04-05";
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
fn reading_09_sixty_and_seventy_five_days_run_from_the_order_and_in_chongqing_from_its_service_too()
{
    let shared = [
        "follow_up.rectification_ordered_on = 2024-04-08",
        "follow_up.order_served_on = 2024-04-11",
    ];
    let sixty = "rectifies-within-60-days";
    // Sixty days end on Friday 2024-06-07; from service on the festival of 2024-06-10, which moves to the 11th.
    days(
        BATCH_2024,
        FAILING,
        &shared,
        &format!("order-18.respondent.{sixty}"),
        "follow_up.rectified_on",
        &[("2024-06-07", Satisfied), ("2024-06-08", Violated)],
    );
    days(
        CHONGQING,
        KETTLE,
        &shared,
        &format!("respondent.{sixty}"),
        "follow_up.rectified_on",
        &[
            ("2024-06-07", Satisfied),
            ("2024-06-08", Review),
            ("2024-06-11", Review),
            ("2024-06-12", Violated),
        ],
    );
    // Seventy-five days end on Saturday 2024-06-22, broadly Monday the 24th; from service on Tuesday the 25th.
    days(
        BATCH_2024,
        FAILING,
        &shared,
        "order-18.recheck.within-75-days",
        "recheck.first_on",
        &[
            ("2024-06-22", Satisfied),
            ("2024-06-24", Review),
            ("2024-06-25", Violated),
        ],
    );
    days(
        CHONGQING,
        KETTLE,
        &shared,
        "recheck.within-75-days",
        "recheck.first_on",
        &[
            ("2024-06-22", Satisfied),
            ("2024-06-24", Review),
            ("2024-06-25", Review),
            ("2024-06-26", Violated),
        ],
    );
}

#[test]
fn reading_11_testing_on_site_is_excepted_under_the_coal_notice_that_does_not_say_so() {
    let id = "testing.not-by-samplers";
    let relieved = finding(COAL, "tested-on-site-by-a-sampler", &[], id).relieved_by;
    assert_eq!(relieved.map(|id| id.0).as_deref(), Some("testing.on-site"));
}

#[test]
fn reading_12_refusing_to_sign_is_not_refusing_inspection_and_excuses_the_signature_once_noted() {
    let (signature, note) = (
        "sampling.form-signed-by-respondent",
        "sampling.refusal-to-sign-noted",
    );
    let not_noted = "refusal-to-sign-not-annotated";
    let root = finding(BATCH_2024, not_noted, &[], note);
    assert_eq!((root.outcome, root.root_cause), (Violated, None));
    let consequence = finding(BATCH_2024, not_noted, &[], signature);
    assert_eq!(consequence.root_cause.map(|id| id.0).as_deref(), Some(note));
}

#[test]
fn what_a_notice_tightens_is_cited_by_the_sentence_on_the_same_channel_alone() {
    let (on_site, online) = ("在销售者处现场抽取的", "通过网络抽样方式购买的");
    for (fixture, cited, other) in [
        ("everything-wrong", on_site, online),
        ("everything-wrong-online", online, on_site),
    ] {
        let found = finding(BATCH_2024, fixture, &[], "report.producer-told");
        assert_eq!(found.outcome, Violated, "{fixture}");
        let of_order = |words: &str| {
            let mut citations = found.citations.iter();
            citations.any(|citation| citation.quote.contains(words))
        };
        assert!(of_order(cited) && !of_order(other), "{fixture}");
    }
}

#[test]
fn reading_15_the_municipal_bureau_told_only_afterwards_breaches_order_18_and_not_the_notice_of_chongqing()
 {
    let afterwards = "termination.organiser_told_on = 2021-09-08";
    let id = "termination.municipal-organiser-told";
    let cited = finding(CHONGQING, "no-maker-terminated", &[afterwards], id).citations;
    assert!(
        cited
            .iter()
            .all(|citation| citation.instrument == "市场监管总局令第18号"),
        "{cited:?}"
    );
}

#[test]
fn reading_26_a_late_objection_and_late_formalities_lapse_and_breach_nothing() {
    let late = finding(
        BATCH_2024,
        RETESTED,
        &["objection.filed_on = 2024-05-20"],
        "order-18.objection.within-15-days",
    );
    assert!(
        late.lapsed && late.because.zh.contains("丧失权利"),
        "{}",
        late.because.zh
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
