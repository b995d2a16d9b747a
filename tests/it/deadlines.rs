//! Every deadline of every obligation, on the days around its due dates and for everything a record may leave open. These
//! tests count the expected outcome day by day, independently of the engine.

use crate::support;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use crate::support::calendar::{Days, Fact, Span, Term, judge};
use crate::support::campaigns::{CAMPAIGNS, Campaign};
use crate::support::dossier::Dossier;
use crate::support::naive::chronology;
use crate::support::random::{bare, with};
use crate::support::{day, root};
use choucha::audit::{Due, Outcome};
use choucha::diagnostic::{Code, Level};
use choucha::obligation::{Deadline, Requirement};
use choucha::value::{Day, Row, Value};

/// The dates that cannot run backwards.
static ORDER: LazyLock<Vec<Vec<String>>> = LazyLock::new(chronology);

/// One deadline in force.
#[derive(Clone, Copy)]
struct Case {
    obligation: &'static str,
    /// The part that has the deadline; empty for the whole.
    part: &'static str,
    act: &'static str,
    /// The fact the time runs from; empty for a fixed date.
    since: &'static str,
    /// The other day the time may run from; empty if there is none. In these tests that day is known not to have come.
    other: &'static str,
    term: Term,
    /// A dossier in which the duty arises, and the edits for it: one of the first batch of 2024, moved to the days of
    /// the campaign, or one of its own with its folder.
    fixture: &'static str,
    edits: &'static [&'static str],
    /// Whether the duty does not arise if the act is known not to have happened.
    arises_with_the_act: bool,
    /// Whether it is a right, which lapses where a duty would be violated.
    lapses: bool,
    /// Whether an act before the day it belongs to is in order: the other act is then the late one.
    told_before: bool,
    /// The one rule set it belongs to, where another declares the id with another day; empty for all that declare it.
    only: &'static str,
}

impl Case {
    fn of(self, rule_set: &'static str) -> Case {
        Case {
            only: rule_set,
            ..self
        }
    }

    /// Whether the act is recorded before the day it cannot precede.
    fn runs_backwards(&self, since: Fact, act: Fact) -> bool {
        let (Fact::On(since), Fact::On(act)) = (since, act) else {
            return false;
        };
        let ordered = ORDER.iter().any(|chain| {
            let place = |path: &str| chain.iter().position(|known| known == path);
            place(self.since)
                .zip(place(self.act))
                .is_some_and(|(since, act)| since < act)
        });
        act < since && ordered && self.term != Term::Set
    }
}

const FAILING: &str = "failing-report-at-a-shop";
const PASSING: &str = "passing-report-at-a-shop";
const RETESTED: &str = "objection-and-retest";
const TERMINATED: &str = "unlicensed-terminated";
const REFUSED: &str = "refusal-of-inspection";
const BICYCLE: &str = "fixtures/jiangsu-zhangjiagang-2021/electric-bicycle-at-a-shop";

const KETTLE: &str = "fixtures/chongqing-2021-follow-up/kettle-at-a-shop-followed-up";
const NO_MAKER: &str = "fixtures/chongqing-2021-follow-up/no-maker-terminated";
const GRANTED: &str = "fixtures/chongqing-2021-follow-up/retest-granted-failed-again";
const SECOND_RECHECK: &str = "fixtures/chongqing-2021-follow-up/second-recheck-failed-transferred";

/// Deadlines that arise depending on the very days they run from (whose objection period ends later, whether an objection
/// lapsed, whether a retest was given up, whether the act was done at all): the tests of their rule set cover them, with
/// dossiers in which each arises. A duty with all its deadlines, or one part of it after a `#`.
pub(crate) const BY_THEIR_OWN_DAYS: &[&str] = &[
    "clue.answered",
    "clue.handed-over#handed-over",
    "clue.serious-problem-penalised#penalised",
    "disposal.done#answered",
    "disposal.done#disposed",
    "disposal.done#given-up",
    "disposal.done#given-up-not-early",
    "disposal.done#refused",
    "disposal.done#retested",
    "disposal.failed-unpaid-handed-over#answered",
    "disposal.failed-unpaid-handed-over#given-up",
    "disposal.failed-unpaid-handed-over#given-up-not-early",
    "disposal.failed-unpaid-handed-over#handed-over",
    "disposal.failed-unpaid-handed-over#refused",
    "disposal.failed-unpaid-handed-over#retested",
    "disposal.passed-unpaid-returned#given-up-not-early",
    "disposal.passed-unpaid-returned#returned",
    "disposal.reported-in-writing#told",
    "draw.results-published",
    "follow-up.not-before-outcome",
    "follow-up.ordered-at-once-after-outcome",
    "follow-up.ordered-at-once-after-period",
    "follow-up.penalty-by-brigade",
    "follow-up.result-reported-in-time#refusal-reported",
    "follow-up.result-reported-in-time#reported",
    "follow-up.stop-ordered",
    "objection.within-15-days",
    "order-18.disposal.not-before-objections-end#answered",
    "order-18.disposal.not-before-objections-end#disposed",
    "order-18.disposal.not-before-objections-end#given-up",
    "order-18.disposal.not-before-objections-end#given-up-not-early",
    "order-18.disposal.not-before-objections-end#refused",
    "order-18.disposal.not-before-objections-end#retested",
    "order-18.disposal.passed-unpaid-returned#given-up-not-early",
    "order-18.disposal.passed-unpaid-returned#returned",
    "order-18.follow-up.rectification-ordered",
    "order-18.impossible.recorded-and-reported#sent",
    "order-18.objection.answered#answered",
    "order-18.objection.answered#handled",
    "order-18.objection.producer-within-15-days",
    "order-18.objection.within-15-days",
    "order-18.recheck.after-suspension",
    "order-18.recheck.failure-announced#announced",
    "order-18.recheck.failure-reported-up#reported",
    "order-18.recheck.suspension-ordered#period",
    "order-18.recheck.suspension-ordered#suspension",
    "order-18.report.well-formed",
    "order-18.respondent.stops-at-once#given-up",
    "order-18.result.platform-told#told",
    "order-18.result.producer-told#same-time-online",
    "order-18.result.producer-told#told",
    "order-18.result.producer-told#told-online",
    "order-18.retest.applicant-told#told",
    "order-18.retest.application-studied#studied",
    "order-18.retest.backup-paid#paid",
    "order-18.retest.reported-promptly#overdue",
    "order-18.samples.carried-or-posted#arriving",
    "order-18.samples.carried-or-posted#arriving-online",
    "order-18.samples.carried-or-posted#sent",
    "order-18.samples.carried-or-posted#sent-online",
    "publication.failure-in-credit-system",
    "recheck.failure-announced-by-municipal#announced",
    "recheck.failure-reported-to-municipal#reported",
    "recheck.suspension-ordered#period",
    "recheck.suspension-ordered#suspension",
    "recheck.within-75-days#county",
    "refusal.published-as-failure",
    "report.failed.improvement-proposal#producer",
    "report.failed.improvement-proposal#respondent",
    "report.failed.improvement-proposal-issued",
    "report.passed.to-local-bureau",
    "report.producer-served-by-municipal",
    "report.producer-told#same-time-online",
    "report.producer-told#told",
    "report.producer-told#told-online",
    "report.producer-told#told-with-respondent",
    "report.producer-told#told-with-respondent-online",
    "report.respondent-told",
    "report.well-formed",
    "respondent.rectifies-within-60-days#county",
    "retest.application-studied#studied",
    "retest.body-notice-served#served",
    "retest.decided-within-10-workdays",
    "retest.refusal-notice-served#served",
    "samples.carried-or-posted#arriving",
    "samples.carried-or-posted#arriving-online",
    "samples.carried-or-posted#sent",
    "samples.carried-or-posted#sent-online",
    "termination.clue-form-to-municipal#sent",
    "termination.county-investigates",
];

/// A signed receipt proves the sending: here nobody has signed.
const UNSIGNED: &[&str] = &[
    "report.to_respondent.received_on = 无",
    "report.to_producer.received_on = 无",
    "report.to_platform.received_on = 无",
];

fn case(
    obligation: &'static str,
    part: &'static str,
    act: &'static str,
    since: &'static str,
    term: Term,
    fixture: &'static str,
) -> Case {
    Case {
        obligation,
        part,
        act,
        since,
        other: "",
        term,
        fixture,
        edits: &[],
        arises_with_the_act: false,
        lapses: false,
        told_before: false,
        only: "",
    }
}

fn edited(case: Case, edits: &'static [&'static str]) -> Case {
    Case { edits, ..case }
}

fn or_since(case: Case, other: &'static str) -> Case {
    Case { other, ..case }
}

fn right(case: Case) -> Case {
    Case {
        lapses: true,
        ..case
    }
}

fn arising(case: Case) -> Case {
    Case {
        arises_with_the_act: true,
        ..case
    }
}

fn told_before(case: Case) -> Case {
    Case {
        told_before: true,
        ..case
    }
}

/// The deadlines a rule set declares. A deadline that several notices declare in the same words stands once, under the
/// first of them.
fn cases(campaign: &Campaign) -> Vec<Case> {
    let declared: BTreeSet<&str> = campaign
        .world()
        .obligations()
        .filter(|obligation| obligation.ruleset.0 == campaign.rule_set)
        .map(|obligation| obligation.id.0.as_str())
        .collect();
    let mut all = batch_1();
    all.extend(order_18());
    all.extend(others());
    all.retain(|case| {
        declared.contains(case.obligation) && ["", campaign.rule_set].contains(&case.only)
    });
    all
}

#[rustfmt::skip]
fn batch_1() -> Vec<Case> {
    use Term::{AfterEnd, By, Days, Immediately, NextDay, OnceOver, Promptly, SameTime, Set, Window, Workdays};
    vec![
        case("report.issued-by-2024-04-05", "", "report.issued_on", "", By(day("2024-04-05")), FAILING),
        case("report.respondent-served-by-2024-04-05", "", "report.to_respondent.received_on", "", By(day("2024-04-05")), FAILING),
        case("report.local-bureau-served-by-2024-04-05", "", "report.to_local_bureau.received_on", "", By(day("2024-04-05")), PASSING),
        case("report.producer-served-by-2024-04-05", "", "report.to_producer.received_on", "", By(day("2024-04-05")), FAILING),
        case("ecqs.sampling-by-2024-04-15", "", "ecqs.sampling_entered_on", "", By(day("2024-04-15")), FAILING),
        case("ecqs.results-by-2024-04-15", "", "ecqs.results_entered_on", "", By(day("2024-04-15")), FAILING),
        case("report.result-papers-served-by-2024-04-15", "", "report.materials_delivered_on", "", By(day("2024-04-15")), FAILING),
        arising(case("storage.notice-issued", "same-time", "storage.notice_issued_on", "storage.sealed_on", SameTime, "backup-sealed-on-site")),
        case("termination.province-told", "", "termination.organiser_told_on", "sampling.sampled_on", Immediately, TERMINATED),
        case("termination.city-told", "told", "termination.city_told_on", "sampling.sampled_on", Immediately, TERMINATED),
        case("termination.county-told", "told", "termination.county_told_on", "sampling.sampled_on", Immediately, TERMINATED),
        case("termination.problem-form-sent", "", "termination.problem_form_sent_on", "sampling.sampled_on", Promptly(7), TERMINATED),
        case("refusal.province-told", "", "refusal.organiser_told_on", "sampling.sampled_on", Immediately, REFUSED),
        edited(case("order-18.refusal.county-told", "told", "refusal.county_told_on", "sampling.sampled_on", Immediately, REFUSED),
            &["refusal.found_with_county = 否"]),
        arising(case("receipt.refusal-reported-in-writing", "same-time", "receipt.refusal_told_on", "receipt.refused_on", SameTime, "irregular-sample-refused")),
        arising(case("testing-termination.province-told-in-writing", "at-once", "testing_termination.organiser_told_on", "testing.unlawful_found_on", Immediately,
            "testing-terminated")),
        case("order-18.testing-termination.producer-county-told", "told", "testing_termination.producer_county_told_on",
            "testing.unlawful_found_on", Immediately, "testing-terminated"),
        case("report.platform-served-by-2024-04-05", "", "report.to_platform.received_on", "", By(day("2024-04-05")), "online-purchase"),
        told_before(edited(case("report.producer-told", "same-time", "report.to_producer.posted_on", "report.to_respondent.posted_on", SameTime, FAILING), UNSIGNED)),
        case("report.failed.mail-to-province", "", "report.to_province.posted_on", "report.issued_on", Days(7), FAILING),
        edited(case("disposal.done", "not-early", "disposal.disposed_on", "report.to_respondent.received_on", AfterEnd(15), FAILING),
            &["disposal.unpaid_samples = false"]),
        case("disposal.failed-unpaid-handed-over", "not-early", "disposal.handed_over_on", "report.to_respondent.received_on", AfterEnd(15), FAILING),
        case("disposal.passed-unpaid-returned", "not-early", "disposal.returned_on", "report.to_respondent.received_on", AfterEnd(15), PASSING),
        arising(case("disposal.passed-unpaid-returned", "promptly", "disposal.returned_on", "report.to_respondent.received_on", Promptly(22), PASSING)),
        case("ecqs.sampling-by-next-day", "", "ecqs.sampling_entered_on", "sampling.sampled_on", NextDay, FAILING),
        case("ecqs.results-within-3-workdays", "", "ecqs.results_entered_on", "testing.finished_on", Workdays(3), FAILING),
        told_before(edited(case("order-18.result.platform-told", "same-time", "report.to_platform.posted_on", "report.to_respondent.posted_on", SameTime, "online-purchase"), UNSIGNED)),
        or_since(case("order-18.result.home-bureau-told", "", "publication.home_bureau_told_on", "report.issued_on", Promptly(7), FAILING),
            "retest.organiser_told_on"),
        edited(case("order-18.report.sent-at-all", "", "report.to_organiser.posted_on", "report.issued_on", OnceOver(7), FAILING),
            &["report.to_organiser.due_on = 无", "report.to_organiser.received_on = 无", "report.to_province.posted_on = 无", "report.to_province.received_on = 无"]),
        edited(case("order-18.obstruction.recorded-and-reported", "organiser-told", "obstruction.organiser_told_on", "sampling.sampled_on", Immediately, FAILING),
            &["respondent.breaches = [obstruction]"]),
        edited(case("order-18.obstruction.recorded-and-reported", "told", "obstruction.county_told_on", "sampling.sampled_on", Immediately, FAILING),
            &["respondent.breaches = [obstruction]"]),
        or_since(case("order-18.respondent.stops-at-once", "at-once", "follow_up.stopped_on", "report.to_respondent.received_on", Immediately, FAILING),
            "retest.applicant_told_on"),
        case("order-18.respondent.rectifies-within-60-days", "", "follow_up.rectified_on", "follow_up.rectification_ordered_on", Days(60), FAILING),
        case("order-18.recheck.within-75-days", "", "recheck.first_on", "follow_up.rectification_ordered_on", Days(75), FAILING),
        case("order-18.recheck.second-after-60-before-90-days", "", "recheck.second_on", "recheck.announced_on", Window(60, 90), "recheck-not-announced"),
        right(case("order-18.retest.formalities-within-7-days", "", "retest.formalities_on", "retest.notified_on", Days(7), RETESTED)),
        case("follow-up.result-reported-in-time", "in-time", "follow_up.result_reported_on", "follow_up.result_due_on", Set, FAILING),
        case("order-18.report.sent-to-organiser", "", "report.to_organiser.posted_on", "report.to_organiser.due_on", Set, FAILING),
        case("order-18.retest.in-time", "", "retest.finished_on", "retest.due_on", Set, RETESTED),
        case("order-18.retest.body-within-10-days", "", "retest.body_fixed_on", "retest.formalities_on", Days(10), RETESTED),
        case("order-18.retest.reported-promptly", "concluded", "retest.organiser_told_on", "retest.finished_on", Promptly(7), RETESTED),
    ]
}

/// The deadlines of Order 18, and those the first batch of 2024 puts in their place.
#[rustfmt::skip]
fn order_18() -> Vec<Case> {
    use Term::{AfterEnd, Immediately, Promptly, SameTime};
    vec![
        case("order-18.disposal.passed-unpaid-returned", "not-early", "disposal.returned_on", "report.to_respondent.received_on", AfterEnd(15), PASSING),
        case("order-18.disposal.not-before-objections-end", "not-early", "disposal.disposed_on", "report.to_respondent.received_on", AfterEnd(15), FAILING),
        arising(case("order-18.disposal.passed-unpaid-returned", "promptly", "disposal.returned_on", "report.to_respondent.received_on", Promptly(22), PASSING)),
        arising(case("order-18.receipt.refusal-reported", "same-time", "receipt.refusal_told_on", "receipt.refused_on", SameTime, "irregular-sample-refused")),
        case("order-18.refusal.organiser-told", "", "refusal.organiser_told_on", "sampling.sampled_on", Immediately, REFUSED),
        told_before(edited(case("order-18.result.producer-told", "same-time", "report.to_producer.posted_on", "report.to_respondent.posted_on", SameTime, FAILING), UNSIGNED)),
        edited(case("order-18.result.respondent-told", "", "report.to_respondent.posted_on", "report.issued_on", Promptly(7), FAILING), UNSIGNED),
        case("order-18.termination.county-told", "told", "termination.county_told_on", "sampling.sampled_on", Immediately, TERMINATED),
        edited(case("order-18.termination.organiser-told", "", "termination.organiser_told_on", "sampling.sampled_on", Immediately, TERMINATED),
            &["termination.clue_form_sent_on = 无"]),
        arising(case("order-18.testing-termination.organiser-told", "at-once", "testing_termination.organiser_told_on", "testing.unlawful_found_on", Immediately,
            "testing-terminated")),
    ]
}

/// The deadlines of the other notices only.
#[rustfmt::skip]
fn others() -> Vec<Case> {
    use Term::{By, Days, Immediately, OnceOver, Promptly, Window, Workdays};
    let mut all = vec![
        case("refusal.city-organiser-told", "", "refusal.organiser_told_on", "sampling.sampled_on", Immediately, REFUSED),
        // A report sent to the organiser follows a reading of its own; here none was sent.
        edited(case("report.failed.mail-to-city", "", "report.to_city.posted_on", "report.issued_on", Promptly(7), FAILING),
            &["report.to_organiser.posted_on = 无", "report.to_city.received_on = 无"]),
        case("termination.city-organiser-told", "", "termination.organiser_told_on", "sampling.sampled_on", Immediately, TERMINATED),
        arising(case("testing-termination.city-organiser-told-in-writing", "at-once", "testing_termination.organiser_told_on", "testing.unlawful_found_on", Immediately,
            "testing-terminated")),
        case("report.result-papers-served-by-2021-10-08", "", "report.materials_delivered_on", "", By(day("2021-10-08")), FAILING),
        case("report.result-papers-served-by-2021-09-28", "", "report.materials_delivered_on", "", By(day("2021-09-28")), FAILING),
        case("report.failed.improvement-proposal", "issued", "report.proposal_issued_on", "report.issued_on", OnceOver(7), FAILING),
        case("report.platform-served-by-2025-11-15", "", "report.to_platform.received_on", "", By(day("2025-11-15")), "online-purchase"),
        case("follow-up.materials-handed-in-promptly", "respondent", "follow_up.respondent_materials_on", "follow_up.rectified_on", Promptly(7), BICYCLE),
        case("follow-up.materials-handed-in-promptly", "branch", "follow_up.branch_materials_on", "follow_up.rectified_on", Promptly(7), BICYCLE),
        case("sampling.within-schedule", "end", "sampling.sampled_on", "", By(day("2021-09-30")), FAILING).of("shanxi/2021-158-coal"),
        case("sampling.within-schedule", "end", "sampling.sampled_on", "", By(day("2021-09-25")), FAILING).of("shanxi/2021-159-machinery-daily-textile"),
    ];
    all.extend([
        case("report.served-within-5-workdays", "", "report.to_respondent.received_on", "report.county_received_on", Workdays(5), KETTLE),
        case("termination.county-told-at-once", "told", "termination.county_told_on", "sampling.sampled_on", Immediately, NO_MAKER),
        edited(case("termination.municipal-organiser-told", "", "termination.organiser_told_on", "sampling.sampled_on", Immediately, NO_MAKER),
            &["termination.clue_form_sent_on = 2026-12-30"]),
        case("termination.county-reports-handling", "", "termination.handling_reported_on", "termination.handled_on", Promptly(7), NO_MAKER),
        or_since(case("respondent.rectifies-within-60-days", "in-time", "follow_up.rectified_on", "follow_up.rectification_ordered_on", Days(60), KETTLE), "follow_up.order_served_on"),
        or_since(case("recheck.within-75-days", "in-time", "recheck.first_on", "follow_up.rectification_ordered_on", Days(75), KETTLE), "follow_up.order_served_on"),
        edited(case("recheck.second-after-60-before-90-days", "", "recheck.second_on", "recheck.announced_on", Window(60, 90), SECOND_RECHECK),
            &["recheck.second_conclusion = 无"]),
        right(case("retest.formalities-within-7-days", "", "retest.formalities_on", "retest.notified_on", Days(7), GRANTED)),
    ]);
    let by = |end: &'static str, obligation, act, fixture| case(obligation, "", act, "", By(day(end)), fixture);
    for (end, issued, respondent, bureau, producer) in [
        ("2021-09-30", "report.issued-by-2021-09-30", "report.respondent-served-by-2021-09-30", "report.local-bureau-served-by-2021-09-30", "report.producer-served-by-2021-09-30"),
        ("2021-09-25", "report.issued-by-2021-09-25", "report.respondent-served-by-2021-09-25", "report.local-bureau-served-by-2021-09-25", "report.producer-served-by-2021-09-25"),
        ("2025-11-15", "report.issued-by-2025-11-15", "report.respondent-served-by-2025-11-15", "report.local-bureau-served-by-2025-11-15", "report.producer-served-by-2025-11-15"),
    ] {
        all.push(by(end, issued, "report.issued_on", FAILING));
        all.push(by(end, respondent, "report.to_respondent.received_on", FAILING));
        all.push(by(end, bureau, "report.to_local_bureau.received_on", PASSING));
        all.push(by(end, producer, "report.to_producer.received_on", FAILING));
    }
    for (end, sampling, results) in [
        ("2021-10-08", "ecqs.sampling-by-2021-10-08", "ecqs.results-by-2021-10-08"),
        ("2021-09-28", "ecqs.sampling-by-2021-09-28", "ecqs.results-by-2021-09-28"),
        ("2025-11-20", "ecqs.sampling-by-2025-11-20", "ecqs.results-by-2025-11-20"),
    ] {
        all.push(by(end, sampling, "ecqs.sampling_entered_on", FAILING));
        all.push(by(end, results, "ecqs.results_entered_on", FAILING));
    }
    all
}

fn value(fact: Fact) -> Value {
    match fact {
        Fact::On(day) => Value::Day(day),
        Fact::Done => Value::Done,
        Fact::None => Value::None,
        Fact::Unknown => Value::Unknown,
    }
}

/// The expected outcome.
fn expected(case: &Case, days: &Days, since: Fact, act: Fact, as_of: Day) -> Outcome {
    match act {
        Fact::None if case.arises_with_the_act => Outcome::NotApplicable,
        Fact::Unknown if case.arises_with_the_act => Outcome::Undetermined,
        Fact::Unknown if case.told_before && matches!(since, Fact::On(_)) => Outcome::Undetermined,
        Fact::On(act) if case.told_before && matches!(since, Fact::On(since) if act < since) => {
            Outcome::NotApplicable
        }
        _ => match judge(days, case.term, since, act, as_of) {
            Outcome::Violated if case.lapses => Outcome::NotApplicable,
            Outcome::Satisfied if case.runs_backwards(since, act) => Outcome::Review,
            outcome => outcome,
        },
    }
}

/// One deadline with its record, on which to vary days.
struct Trial<'a> {
    campaign: &'static Campaign,
    case: &'a Case,
    root: Row,
    days: &'a Days,
    /// Whether no earlier rule set declared it in the same words; otherwise a few days are enough.
    thorough: bool,
}

impl Trial<'_> {
    fn record(&self, since: Fact, act: Fact, complete: bool) -> Row {
        let world = self.campaign.world();
        let declared = if complete {
            Value::Bool(true)
        } else {
            Value::Unknown
        };
        let mut root = with(&self.root, world.vocabulary().reserved().complete, declared);
        let other = (self.case.other, Fact::None);
        for (path, fact) in [(self.case.since, since), (self.case.act, act), other] {
            if !path.is_empty() {
                root = with(&root, world.fact(path).slot, value(fact));
            }
        }
        root
    }

    /// The outcome of the deadline and its due date, from the audit.
    fn found(&self, since: Fact, act: Fact, as_of: Day, complete: bool) -> (Outcome, Option<Due>) {
        let record = bare(self.record(since, act, complete));
        let world = self.campaign.world();
        let finding = world.finding_undated(&record, as_of, self.case.obligation);
        match finding
            .parts
            .iter()
            .find(|part| part.code == self.case.part)
        {
            Some(part) => (part.outcome, part.due.clone()),
            None => (finding.outcome, finding.due.clone()),
        }
    }

    /// Whether other facts prove that an unrecorded act of the deadline was done; and the acts with that written down.
    fn as_proven(&self, since: Fact, act: Fact, complete: bool) -> (bool, (Fact, Fact)) {
        let world = self.campaign.world();
        let settled = bare(self.record(since, act, complete)).settle(world.vocabulary(), false);
        let proven = |path: &str, fact| match fact {
            Fact::Unknown if *settled.get(world.fact(path).slot) == Value::Done => Fact::Done,
            fact => fact,
        };
        let since_or_none = match self.case.since {
            "" => since,
            path => proven(path, since),
        };
        let written = (since_or_none, proven(self.case.act, act));
        (written != (since, act), written)
    }

    fn check(&self, since: Fact, act: Fact, as_of: Day, complete: bool) -> Result<(), String> {
        let close = |fact| match fact {
            Fact::Unknown if complete => Fact::None,
            fact => fact,
        };
        let (inferred, written) = self.as_proven(since, act, complete);
        if inferred {
            // An act that other facts prove counts like one on record.
            let (outcome, _) = self.found(since, act, as_of, complete);
            let (as_written, _) = self.found(written.0, written.1, as_of, complete);
            return match outcome == as_written {
                true => Ok(()),
                false => Err(format!("{outcome:?}, and {as_written:?} if it is written")),
            };
        }
        let (from, done) = (close(since), close(act));
        let wanted = expected(self.case, self.days, from, done, as_of);
        let (outcome, due) = self.found(since, act, as_of, complete);
        let about = format!(
            "{} {} {}: from {since:?}, act {act:?}, as of {as_of}, complete: {complete}",
            self.campaign.rule_set, self.case.obligation, self.case.part
        );
        // Other facts may bound the unknown day so that the outcome is the same whatever it was.
        if wanted == Outcome::Undetermined && outcome != wanted {
            let either = |fact| match fact {
                Fact::Unknown => vec![Fact::None, Fact::Done],
                fact => vec![fact],
            };
            let agrees = |since, act| self.found(since, act, as_of, complete).0 == outcome;
            let is_whatever = [since, act].contains(&Fact::Unknown)
                && either(since)
                    .into_iter()
                    .all(|since| either(act).into_iter().all(|act| agrees(since, act)));
            return match is_whatever {
                true => Ok(()),
                false => Err(format!("{about}: {outcome:?}, whatever the day")),
            };
        }
        if outcome != wanted {
            return Err(format!("{about}: {outcome:?}, not {wanted:?}"));
        }
        self.check_due(since, act, as_of, wanted, due)
            .map_err(|wrong| format!("{about}: {wrong}"))
    }

    /// Checks the due dates shown, and the lateness of the act.
    fn check_due(
        &self,
        since: Fact,
        act: Fact,
        as_of: Day,
        outcome: Outcome,
        due: Option<Due>,
    ) -> Result<(), String> {
        let from = match (since, self.case.term) {
            (_, Term::By(fixed)) => fixed,
            (Fact::On(since), _) => since,
            _ => return due.map_or(Ok(()), |due| Err(format!("{due:?} from nowhere"))),
        };
        let Some(due) = due else {
            // Only a duty that arises has a due date.
            let owed_and_done = matches!((self.case.term, act), (Term::OnceOver(_), Fact::On(_)));
            let may_not_arise = self.case.arises_with_the_act || self.case.told_before;
            return if may_not_arise || owed_and_done {
                Ok(())
            } else {
                Err("no due date".to_owned())
            };
        };
        let (strict, broad) = self.case.term.spans(self.days, from);
        let otherwise = broad
            .map(|broad| broad.last)
            .filter(|last| *last != strict.last);
        let shown = (due.on, due.otherwise, due.earliest);
        if shown != (strict.last, otherwise, strict.first) {
            return Err(format!("{shown:?} instead of {strict:?}, {broad:?}"));
        }
        let until = match act {
            Fact::On(day) => day,
            _ => as_of,
        };
        let missed = match outcome {
            Outcome::Violated => true,
            Outcome::NotApplicable => self.case.lapses,
            _ => false,
        };
        // A duty without a last day, or owed promptly, is not done rather than late.
        let has_end = !matches!(self.case.term, Term::OnceOver(_) | Term::Promptly(_));
        let late = if missed && has_end && until > strict.last {
            self.lateness(strict.last, until)
        } else {
            (0, false)
        };
        if (due.late_days, due.in_workdays) != late {
            return Err(format!("late by {}, not {late:?}", due.late_days));
        }
        Ok(())
    }

    /// Days from a due date to a later day; working days for a limit in working days, if there are any between.
    fn lateness(&self, due: Day, until: Day) -> (i32, bool) {
        let between = (1..=until - due).map(|n| due + n);
        let worked = between.filter(|day| self.days.works(*day)).count();
        match (self.case.term, worked) {
            (Term::Workdays(_), 1..) => (i32::try_from(worked).expect("few days"), true),
            _ => (until - due, false),
        }
    }

    /// One starting day for every kind of day on which the time may end.
    fn starts(&self) -> Vec<Day> {
        let mut by_sort = BTreeMap::new();
        let mut at = day("2023-12-05") + 7 * self.campaign.weeks;
        let end = (at + 685).min(day("2026-05-01"));
        while at < end {
            let last = self.case.term.nominal(self.days, at);
            by_sort.entry(self.days.sort(last)).or_insert(at);
            at = at + 1;
        }
        let starts = by_sort.into_values();
        if self.thorough {
            starts.collect()
        } else {
            starts.take(2).collect()
        }
    }
}

/// The days worth trying around both ends of the time limit.
fn around(strict: Span, broad: Option<Span>) -> Vec<Day> {
    let mut days: Vec<Day> = std::iter::once(strict)
        .chain(broad)
        .flat_map(|span| [span.first, Some(span.last)])
        .flatten()
        .flat_map(|end| [end - 1, end, end + 1])
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Runs a check over all cases and reports everything wrong at once.
fn over_all_cases(check: impl Fn(&Trial<'_>, &mut Vec<String>)) {
    let days = Days::read();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for campaign in CAMPAIGNS {
        for case in &cases(campaign) {
            let record = match case.fixture.rsplit_once('/') {
                Some((folder, name)) => Dossier::at(folder, name).edited(case.edits).record(),
                None => campaign.takes(&Dossier::of(case.fixture).edited(case.edits).record()),
            };
            let trial = Trial {
                campaign,
                case,
                root: record.root().clone(),
                days: &days,
                thorough: seen.insert((case.obligation, case.part)),
            };
            check(&trial, &mut wrong);
        }
    }
    let count = wrong.len();
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{count} wrong:\n{}", wrong.join("\n"));
}

const LONG_AFTER: &str = "2026-12-31";

/// Whether the tests of a rule set expect a duty violated, for a person or lapsed.
pub(crate) fn tested_on_its_days(rule_set: &str, id: &str) -> bool {
    let path = root().join(format!("rules/{rule_set}/tests.yaml"));
    let text = fs::read_to_string(path).expect("the tests");
    let tree: serde_yaml::Value = serde_yaml::from_str(&text).expect("a YAML text");
    // A duty that a test does not name is satisfied; a right lapses; a person judges a duty owed promptly.
    let broken = ["violated", "review", "not_applicable"];
    tree["tests"].as_sequence().is_some_and(|tests| {
        tests.iter().any(|test| {
            let expected = &test["expect"][id];
            let outcome = expected.as_str().or_else(|| expected["outcome"].as_str());
            outcome.is_some_and(|outcome| broken.contains(&outcome))
        })
    })
}

/// A duty, its part, and the facts of the act, of what its time runs from, and of the other day it may run from.
type Declared = (String, String, [String; 3]);

/// The deadlines a rule set declares, and those that its own tests should cover but do not.
fn declared(campaign: &Campaign) -> (Vec<Declared>, BTreeSet<String>) {
    let vocabulary = campaign.world().vocabulary();
    let path = |deadline: &Deadline| {
        let fact = |facts: Vec<_>| match facts.as_slice() {
            [fact] => vocabulary.fact(*fact).path.clone(),
            _ => String::new(),
        };
        let since = deadline.since.as_ref().map(|since| fact(since.facts()));
        let other = deadline
            .or_since
            .as_ref()
            .map(|other| fact(other.since.facts()));
        [
            fact(deadline.act.facts()),
            since.unwrap_or_default(),
            other.unwrap_or_default(),
        ]
    };
    let mut found = Vec::new();
    let mut untested = BTreeSet::new();
    for obligation in campaign.world().obligations() {
        if obligation.ruleset.0 != campaign.rule_set {
            continue;
        }
        let id = obligation.id.0.clone();
        let mut by_its_own_days = |part: &str| {
            let listed = [id.as_str(), &format!("{id}#{part}")];
            let is_listed = BY_THEIR_OWN_DAYS.iter().any(|own| listed.contains(own));
            if is_listed && !tested_on_its_days(campaign.rule_set, &id) {
                untested.insert(format!("{}: no test of {id}", campaign.rule_set));
            }
            is_listed
        };
        match &obligation.requirement {
            Requirement::Deadline(deadline) if !by_its_own_days("") => {
                found.push((id, String::new(), path(deadline)));
            }
            Requirement::Parts(parts) => {
                for part in parts {
                    if let Requirement::Deadline(deadline) = &part.requirement
                        && !by_its_own_days(&part.code)
                    {
                        found.push((id.clone(), part.code.clone(), path(deadline)));
                    }
                }
            }
            Requirement::Deadline(_) | Requirement::Must(_) | Requirement::MustNot(_) => {}
        }
    }
    (found, untested)
}

#[test]
fn the_tables_hold_every_deadline_of_every_rule_set_and_no_other() {
    let mut wrong = Vec::new();
    for campaign in CAMPAIGNS {
        let mut listed: Vec<_> = cases(campaign)
            .iter()
            .map(|case| {
                let facts = [case.act, case.since, case.other].map(str::to_owned);
                (case.obligation.to_owned(), case.part.to_owned(), facts)
            })
            .collect();
        let (declared, untested) = declared(campaign);
        wrong.extend(untested);
        for found in declared {
            match listed.iter().position(|known| *known == found) {
                Some(at) => drop(listed.swap_remove(at)),
                None => wrong.push(format!("{}: not listed {found:?}", campaign.rule_set)),
            }
        }
        let left = listed.iter();
        wrong.extend(left.map(|known| format!("{}: not declared {known:?}", campaign.rule_set)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let in_some: BTreeSet<&str> = CAMPAIGNS
        .iter()
        .flat_map(cases)
        .map(|case| case.obligation)
        .collect();
    for case in batch_1().iter().chain(&order_18()).chain(&others()) {
        assert!(in_some.contains(case.obligation), "{}", case.obligation);
    }
}

#[test]
fn every_deadline_is_judged_right_on_the_day_before_the_day_and_the_day_after_whatever_day_it_ends_on()
 {
    over_all_cases(|trial, wrong| {
        for since in trial.starts() {
            let (strict, broad) = trial.case.term.spans(trial.days, since);
            for act in around(strict, broad) {
                let checked = trial.check(Fact::On(since), Fact::On(act), day(LONG_AFTER), true);
                wrong.extend(checked.err());
            }
        }
    });
}

#[test]
fn an_act_that_is_not_recorded_or_was_not_done_is_pending_until_the_last_day_and_not_after() {
    over_all_cases(|trial, wrong| {
        let since = trial.starts()[0];
        let (strict, broad) = trial.case.term.spans(trial.days, since);
        for as_of in around(strict, broad) {
            for act in [Fact::None, Fact::Unknown] {
                for complete in [true, false] {
                    wrong.extend(trial.check(Fact::On(since), act, as_of, complete).err());
                }
            }
        }
    });
}

#[test]
fn a_time_that_runs_from_nowhere_is_undetermined_or_does_not_run() {
    over_all_cases(|trial, wrong| {
        if trial.case.since.is_empty() {
            return;
        }
        for since in [Fact::None, Fact::Unknown] {
            let done = day("2024-03-01") + 7 * trial.campaign.weeks;
            for act in [Fact::On(done), Fact::None, Fact::Unknown] {
                for complete in [true, false] {
                    wrong.extend(trial.check(since, act, day(LONG_AFTER), complete).err());
                }
            }
        }
    });
}

#[test]
fn a_period_that_ends_outside_the_calendar_is_undetermined_and_says_so_instead_of_guessing() {
    for (issued, outcome) in [
        ("2026-12-24", Outcome::Violated),
        ("2026-12-25", Outcome::Undetermined),
        ("2027-03-01", Outcome::Undetermined),
    ] {
        let audit = Dossier::of(FAILING)
            .edited(&[
                &format!("report.issued_on = {issued}"),
                "report.to_province.posted_on = 2027-03-31",
            ])
            .audit(Some("2027-05-31"));
        let finding = support::finding(&audit, "report.failed.mail-to-province");
        assert_eq!(finding.outcome, outcome, "{issued}");
        if outcome == Outcome::Undetermined {
            assert!(finding.due.is_none());
            assert!(
                finding.because.zh.contains("日历"),
                "{}",
                finding.because.zh
            );
        }
    }
}

#[test]
fn a_bureau_told_together_with_another_is_judged_by_its_own_day_whenever_the_other_was_told() {
    for (fixture, id, act, other, start) in [
        (
            TERMINATED,
            "termination.county-told",
            "termination.county_told_on",
            "termination.organiser_told_on",
            "sampling.sampled_on",
        ),
        (
            TERMINATED,
            "termination.city-told",
            "termination.city_told_on",
            "termination.organiser_told_on",
            "sampling.sampled_on",
        ),
        (
            "testing-terminated",
            "order-18.testing-termination.producer-county-told",
            "testing_termination.producer_county_told_on",
            "testing_termination.organiser_told_on",
            "testing.unlawful_found_on",
        ),
    ] {
        // Readings 6 and 35: the same day, the next is for a person, later is a breach.
        for (day, outcome) in [
            ("2024-03-01", Outcome::Satisfied),
            ("2024-03-02", Outcome::Review),
            ("2024-03-03", Outcome::Violated),
            ("2024-03-10", Outcome::Violated),
            ("无", Outcome::Violated),
        ] {
            for told_other in ["2024-03-01", "2024-03-10", "无"] {
                let audit = Dossier::of(fixture)
                    .edited(&[
                        &format!("{start} = 2024-03-01"),
                        &format!("{other} = {told_other}"),
                        &format!("{act} = {day}"),
                    ])
                    .audit(None);
                let found = support::finding(&audit, id).outcome;
                assert_eq!(found, outcome, "{id} {day} {told_other}");
            }
        }
    }
}

/// The duties with two starting days, the due dates by an order of 2024-03-01 and by its service on 2024-03-04, and the
/// first day that is late by both on the broad reading: 2024-05-03 is a day off until the 5th, 2024-05-18 a Saturday.
const TWO_STARTS: [(&str, &str, &str, &str, &str); 2] = [
    (
        "respondent.rectifies-within-60-days",
        "follow_up.rectified_on",
        "2024-04-30",
        "2024-05-03",
        "2024-05-07",
    ),
    (
        "recheck.within-75-days",
        "recheck.first_on",
        "2024-05-15",
        "2024-05-18",
        "2024-05-21",
    ),
];

#[test]
fn a_time_with_two_starting_days_is_judged_by_both_and_differing_verdicts_are_for_a_person() {
    // Reading 9, under the form of Chongqing: ordered on 2024-03-01, served on 2024-03-04.
    for (id, act, on_order, on_service, late) in TWO_STARTS {
        let (on_order, on_service, late) = (day(on_order), day(on_service), day(late));
        for (done, outcome) in [
            (on_order - 1, Outcome::Satisfied),
            (on_order, Outcome::Satisfied),
            (on_order + 1, Outcome::Review),
            (on_service, Outcome::Review),
            (late - 1, Outcome::Review),
            (late, Outcome::Violated),
        ] {
            let audit = in_chongqing(&served(act, &done.to_string(), "2024-03-04"), None);
            let finding = support::finding(&audit, id);
            assert_eq!(finding.outcome, outcome, "{id} {done}");
            if outcome == Outcome::Satisfied {
                continue;
            }
            let due = finding.due.as_ref().expect("a due date");
            let other = due.other.as_ref().expect("the other due date");
            assert_eq!((due.on, due.from), (on_order, Some(day("2024-03-01"))));
            assert_eq!(other.due.on, on_service, "{id} {done}");
            assert_eq!(other.due.from, Some(day("2024-03-04")));
            let said = |what: &str| {
                let readings = finding.readings.iter().map(|text| &text.zh);
                readings
                    .chain([&finding.because.zh])
                    .any(|text| text.contains(what))
            };
            assert!(said(&on_order.to_string()), "{id} {done}: {finding:?}");
            assert!(said("自责令改正通知书送达之日起算"));
            let missed = if outcome == Outcome::Violated {
                (done - on_order, done - on_service)
            } else {
                (0, 0)
            };
            assert_eq!((due.late_days, other.due.late_days), missed, "{id} {done}");
        }
    }
}

#[test]
fn an_act_not_done_is_pending_by_both_starting_days_then_for_a_person_then_a_breach() {
    for (id, act, on_order, _, late) in TWO_STARTS {
        for (as_of, outcome) in [
            (day(on_order), Outcome::Pending),
            (day(on_order) + 1, Outcome::Review),
            (day(late) - 1, Outcome::Review),
            (day(late), Outcome::Violated),
        ] {
            let audit = in_chongqing(&served(act, "无", "2024-03-04"), Some(&as_of.to_string()));
            assert_eq!(
                support::finding(&audit, id).outcome,
                outcome,
                "{id} {as_of}"
            );
        }
    }
}

#[test]
fn a_second_starting_day_that_is_not_recorded_leaves_open_only_what_is_late_by_the_first() {
    for (id, act, on_order, ..) in TWO_STARTS {
        let on_order = day(on_order);
        for (served_on, done, outcome) in [
            ("unknown", on_order, Outcome::Satisfied),
            ("unknown", on_order + 1, Outcome::Undetermined),
            ("无", on_order, Outcome::Satisfied),
            ("无", on_order + 1, Outcome::Violated),
            // Served before it was made: only the first day counts, and the record gets a warning that its dates run
            // backwards.
            ("2024-02-01", on_order, Outcome::Satisfied),
            ("2024-02-01", on_order + 1, Outcome::Violated),
            // Served the same day: one due date.
            ("2024-03-01", on_order + 1, Outcome::Violated),
        ] {
            let audit = in_chongqing(&served(act, &done.to_string(), served_on), None);
            let finding = support::finding(&audit, id);
            assert_eq!(
                finding.outcome, outcome,
                "{id} served {served_on}, done {done}"
            );
            let part = finding.parts.iter().find(|part| part.code == "in-time");
            let due = part.and_then(|part| part.due.as_ref());
            assert!(due.is_some_and(|due| due.other.is_none()));
            let missing: Vec<&str> = finding
                .missing
                .iter()
                .map(|gap| gap.fact.as_str())
                .collect();
            let wanted: &[&str] = if outcome == Outcome::Undetermined {
                &["follow_up.order_served_on"]
            } else {
                &[]
            };
            assert_eq!(missing, wanted, "{id} {served_on} {done}");
        }
    }
}

#[test]
fn stopping_at_once_is_also_counted_from_the_conclusion_of_a_retest_that_confirms_the_failure() {
    // The first conclusion was received on 2024-03-06, that of the retest on 2024-04-15.
    for (stopped, outcome) in [
        ("2024-03-05", Outcome::Satisfied),
        ("2024-03-06", Outcome::Satisfied),
        ("2024-03-07", Outcome::Review),
        ("2024-04-14", Outcome::Review),
        ("2024-04-16", Outcome::Review),
        ("2024-04-17", Outcome::Violated),
    ] {
        let audit = Dossier::of(RETESTED)
            .edited(&[
                "report.to_respondent.received_on = 2024-03-06",
                "retest.applicant_told_on = 2024-04-15",
                &format!("follow_up.stopped_on = {stopped}"),
            ])
            .audit(None);
        let finding = support::finding(&audit, "order-18.respondent.stops-at-once");
        assert_eq!(finding.outcome, outcome, "{stopped}");
    }
}

/// The audit of a dossier under the notice of Chongqing.
fn in_chongqing(dossier: &Dossier, as_of: Option<&str>) -> choucha::audit::CaseAudit {
    let world = support::campaigns::campaign("chongqing/2021-follow-up").world();
    world.audit(&dossier.record(), as_of, true)
}

/// A dossier of a failure under the notice of Chongqing, ordered to be put right on 2024-03-01.
fn served(act: &str, done: &str, served_on: &str) -> Dossier {
    let mut edits = vec![
        "follow_up.rectification_ordered_on = 2024-03-01".to_owned(),
        format!("{act} = {done}"),
    ];
    if served_on == "unknown" {
        edits.extend(["complete -", "follow_up.order_served_on -"].map(str::to_owned));
    } else {
        edits.push(format!("follow_up.order_served_on = {served_on}"));
    }
    let edits: Vec<&str> = edits.iter().map(String::as_str).collect();
    Dossier::at(
        "fixtures/chongqing-2021-follow-up",
        "kettle-at-a-shop-followed-up",
    )
    .edited(&edits)
}

#[test]
fn an_act_in_review_shows_both_readings_with_their_dates() {
    // 2024-03-09 is a Saturday: strictly the last day, broadly the Monday after is.
    let audit = Dossier::of(FAILING)
        .edited(&[
            "report.issued_on = 2024-03-02",
            "report.to_province.posted_on = 2024-03-11",
        ])
        .audit(None);
    let finding = support::finding(&audit, "report.failed.mail-to-province");
    assert_eq!(finding.outcome, Outcome::Review);
    let due = finding.due.as_ref().expect("a due date");
    assert_eq!(
        (due.on, due.otherwise),
        (day("2024-03-09"), Some(day("2024-03-11")))
    );
    let readings: Vec<&str> = finding
        .readings
        .iter()
        .map(|text| text.zh.as_str())
        .collect();
    assert_eq!(readings.len(), 2, "{readings:?}");
    assert!(readings.iter().any(|text| text.contains("3月9日")));
    assert!(readings.iter().any(|text| text.contains("3月11日")));
}

#[test]
fn an_act_recorded_before_the_day_it_cannot_precede_is_for_a_person_to_verify() {
    for (id, edits, backwards) in [
        (
            "report.failed.mail-to-province",
            &[
                "report.issued_on = 2024-03-01",
                "report.to_province.posted_on = 2024-02-28",
            ][..],
            true,
        ),
        (
            "ecqs.sampling-by-next-day",
            &[
                "sampling.sampled_on = 2024-01-22",
                "ecqs.sampling_entered_on = 2024-01-21",
            ],
            true,
        ),
        // On the day itself nothing runs backwards.
        (
            "report.failed.mail-to-province",
            &[
                "report.issued_on = 2024-03-01",
                "report.to_province.posted_on = 2024-03-01",
            ],
            false,
        ),
        // A respondent may well stop before the finding, and rectify before the order.
        (
            "order-18.respondent.stops-at-once",
            &[
                "report.to_respondent.received_on = 2024-03-06",
                "follow_up.stopped_on = 2024-03-01",
            ],
            false,
        ),
        (
            "order-18.respondent.rectifies-within-60-days",
            &[
                "follow_up.rectification_ordered_on = 2024-03-25",
                "follow_up.rectified_on = 2024-03-20",
            ],
            false,
        ),
        // A day before a set date is early, not backwards.
        (
            "order-18.report.sent-to-organiser",
            &[
                "report.to_organiser.due_on = 2024-03-30",
                "report.to_organiser.posted_on = 2024-03-05",
            ],
            false,
        ),
    ] {
        let audit = Dossier::of(FAILING).edited(edits).audit(None);
        let finding = support::finding(&audit, id);
        let outcome = if backwards {
            Outcome::Review
        } else {
            Outcome::Satisfied
        };
        assert_eq!(finding.outcome, outcome, "{id} {edits:?}");
        if backwards {
            assert!(
                finding
                    .because
                    .zh
                    .contains("记载的日期先于起算日，由人工核实"),
                "{}",
                finding.because.zh
            );
            assert_eq!(finding.readings.len(), 1, "{id}");
            assert!(
                audit
                    .diagnostics
                    .iter()
                    .any(|d| d.code == Code::RecordBackwards),
                "{id}"
            );
        }
    }
}

#[test]
fn acts_after_the_day_of_the_audit_are_remarked_on_and_count_as_they_stand() {
    let dossier = Dossier::of(FAILING);
    let audit = dossier.audit(Some("2024-03-02"));
    let remark = audit
        .diagnostics
        .iter()
        .find(|d| d.code == Code::RecordAfterAudit);
    let remark = remark.expect("a remark");
    assert_eq!(remark.level, Level::Note);
    assert!(
        remark.message.zh.contains("2024-03-02"),
        "{}",
        remark.message.zh
    );
    let place = &remark.labels[0].span;
    let latest = &place.source.text()[place.range.clone()];
    assert!(
        remark.message.zh.contains(latest) && day(latest) > day("2024-03-02"),
        "{latest}"
    );
    assert_eq!(
        support::finding(&audit, "report.failed.mail-to-province").outcome,
        Outcome::Satisfied
    );
    let later = dossier.audit(Some("2026-01-01"));
    assert!(later.diagnostics.is_empty(), "{:?}", later.diagnostics);
}
