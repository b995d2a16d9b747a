//! Every obligation in force can be satisfied, violated, undetermined and not applicable: shown by the dossiers of the
//! fixtures, by each of them with a single fact changed, and by a few recipes that need more than one change.

use std::collections::{BTreeMap, BTreeSet};

use crate::deadlines::{BY_THEIR_OWN_DAYS, tested_on_its_days};
use crate::support::campaigns::{CAMPAIGNS, Campaign, campaign};
use crate::support::dossier::Dossier;
use crate::support::random::{bare, with};
use crate::support::{FIXTURES, World, engine, world};
use choucha::audit::{Outcome, Verdicts};
use choucha::expr::Expr;
use choucha::graph::What;
use choucha::obligation::{Obligation, Part, Requirement};
use choucha::record::Record;
use choucha::value::{Row, ShapeId, Value};
use choucha::vocabulary::FactId;

const WANTED: [Outcome; 4] = [
    Outcome::Satisfied,
    Outcome::Violated,
    Outcome::Undetermined,
    Outcome::NotApplicable,
];

/// Outcomes that no record can show, and why.
#[rustfmt::skip]
const NEVER: &[(&str, Outcome, &str)] = &[
    ("draw.at-random", Outcome::NotApplicable, "respondent and samplers are drawn in every case"),
    ("respondent.cooperates", Outcome::NotApplicable, "binds the respondent in every case"),
    ("fees.nothing-charged", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("sampling.within-schedule", Outcome::NotApplicable, "whatever comes of a visit, it has its day in the campaign's schedule"),
    ("order-18.respondent.cooperates", Outcome::NotApplicable, "binds the respondent in every case"),
    ("conduct.no-unauthorised-publication", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("conduct.plan-kept-secret", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("conduct.no-favour-sampling", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("conduct.no-tip-off", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("conduct.integrity", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("conduct.no-forced-service", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.fees.bureau-charges-nothing", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.objection.in-writing", Outcome::Violated, "not in writing it has no effect: the applicant's own loss, a person judges (reading 26)"),
    ("objection.in-writing", Outcome::Violated, "what falls short of the form has no effect: the applicant's own loss, a person judges (reading 26)"),
    ("order-18.conduct.nothing-charged", Outcome::NotApplicable, "a prohibition that binds in every case"),
    ("order-18.conduct.objective-fair-and-true", Outcome::NotApplicable, "a prohibition that binds in every case"),
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
    ("report.failed.mailed-to-quality-division", Outcome::Violated, "another name may be the same division: a person matches it"),
    ("storage.camera-cover", Outcome::Violated, "尽可能: no cover is no breach by itself, a person judges (reading 20)"),
    ("retest.body-notice-to-retest-body", Outcome::Violated, "annex 2 is for reference: without a copy for the body, a person judges (reading 29)"),
    ("follow-up.order-states-content-and-remedies", Outcome::Violated, "annex 5 is for reference: what the order leaves out, a person judges (reading 29)"),
    ("clue.list-signed-in-two-copies", Outcome::Violated, "annex 6 is for reference: a copy or a signature that is missing, a person judges (reading 29)"),
    ("order-18.recheck.licence-revoked", Outcome::Violated, "not yet revoked: revocation has its own procedure, a person judges (reading 31)"),
];

/// The rule sets whose own words allow an outcome that `NEVER` rules out for the others.
#[rustfmt::skip]
const BUT: &[(&str, &str, Outcome, &str)] = &[];

/// Outcomes of a part that no record can show, and why.
#[rustfmt::skip]
const NEVER_OF_PARTS: &[(&str, &str, Outcome, &str)] = &[
    ("order-18.report.well-formed", "issued", Outcome::Satisfied, "asked only while no report is out: of one that is out the other parts speak"),
    ("report.well-formed", "issued", Outcome::Satisfied, "asked only while no report is out: of one that is out the other parts speak"),
    ("order-18.result.producer-told", "told", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("order-18.result.producer-told", "done", Outcome::Violated, "asked only once it was sent: while it was not, `told` asks by when"),
    ("order-18.result.platform-told", "told", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("order-18.result.platform-told", "done", Outcome::Violated, "asked only once it was sent: while it was not, `told` asks by when"),
    ("report.producer-told", "told", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("report.producer-told", "done", Outcome::Violated, "asked only once it was sent: while it was not, `told` asks by when"),
    ("report.respondent-told", "told", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("report.respondent-told", "done", Outcome::Violated, "asked only once it was sent: while it was not, `told` asks by when"),
    ("report.passed.to-local-bureau", "due", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("report.passed.to-local-bureau", "done", Outcome::Violated, "asked only once it was sent: while it was not, `due` asks by when"),
    ("report.respondent-told", "by-county", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `by-county-done` or `promptly`"),
    ("report.respondent-told", "by-county-done", Outcome::Violated, "asked only of what was sent within the five working days"),
    ("report.producer-served-by-municipal", "served", Outcome::Violated, "asked only once it was signed for: until then the other parts ask by when"),
    ("report.producer-served-by-municipal", "on-its-way", Outcome::Satisfied, "asked only until it is signed for: then it is `served`"),
    ("draw.results-published", "announced", Outcome::Violated, "asked only once it was announced: while it was not, `published` asks by when"),
    ("order-18.impossible.recorded-and-reported", "sent", Outcome::Satisfied, "asked only while it was not done: what was done is `sent-done`"),
    ("order-18.objection.answered", "handled", Outcome::Satisfied, "asked only while it was not done: what was done is `handled-done`"),
    ("order-18.objection.answered", "answered", Outcome::Satisfied, "asked only while it was not done: what was done is `answered-done`"),
    ("order-18.retest.application-studied", "studied", Outcome::Satisfied, "asked only while it was not done: what was done is `studied-done`"),
    ("order-18.retest.backup-paid", "paid", Outcome::Satisfied, "asked only while it was not done: what was done is `paid-done`"),
    ("order-18.retest.applicant-told", "told", Outcome::Satisfied, "asked only while it was not done: what was done is `told-done`"),
    ("order-18.recheck.failure-reported-up", "reported", Outcome::Satisfied, "asked only while it was not done: what was done is `reported-done`"),
    ("order-18.recheck.failure-announced", "announced", Outcome::Satisfied, "asked only while it was not done: what was done is `announced-done`"),
    ("order-18.recheck.suspension-ordered", "suspension", Outcome::Satisfied, "asked only while it was not done: what was done is `suspension-done`"),
    ("order-18.recheck.suspension-ordered", "period", Outcome::Satisfied, "asked only while it was not done: what was done is `period-done`"),
    ("disposal.reported-in-writing", "told", Outcome::Satisfied, "asked only while it was not done: what was done is `told-done`"),
    ("retest.application-studied", "studied", Outcome::Satisfied, "asked only while it was not done: what was done is `studied-done`"),
    ("retest.body-notice-served", "served", Outcome::Satisfied, "asked only while it was not done: what was done is `served-done`"),
    ("retest.refusal-notice-served", "served", Outcome::Satisfied, "asked only while it was not done: what was done is `served-done`"),
    ("termination.clue-form-to-municipal", "sent", Outcome::Satisfied, "asked only while it was not done: what was done is `sent-done`"),
    ("recheck.failure-reported-to-municipal", "reported", Outcome::Satisfied, "asked only while it was not done: what was done is `reported-done`"),
    ("recheck.failure-announced-by-municipal", "announced", Outcome::Satisfied, "asked only while it was not done: what was done is `announced-done`"),
    ("recheck.suspension-ordered", "suspension", Outcome::Satisfied, "asked only while it was not done: what was done is `suspension-done`"),
    ("recheck.suspension-ordered", "period", Outcome::Satisfied, "asked only while it was not done: what was done is `period-done`"),
    ("clue.serious-problem-penalised", "penalised", Outcome::Satisfied, "asked only while it was not done: what was done is `penalised-done`"),
    ("clue.handed-over", "handed-over", Outcome::Satisfied, "asked only while it was not done: what was done is `handed-over-done`"),
    ("order-18.objection.answered", "handled-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `handled` asks by when"),
    ("order-18.objection.answered", "answered-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `answered` asks by when"),
    ("order-18.retest.application-studied", "studied-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `studied` asks by when"),
    ("retest.application-studied", "studied-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `studied` asks by when"),
    ("clue.handed-over", "handed-over-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `handed-over` asks by when"),
    ("clue.serious-problem-penalised", "penalised-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `penalised` asks by when"),
    ("disposal.reported-in-writing", "told-done", Outcome::Violated, "without a day the time runs from the duty does not arise; with one, `told` asks by when"),
    ("samples.carried-or-posted", "sent", Outcome::Satisfied, "asked only while nothing was sent off: of what was sent the other parts speak"),
    ("samples.carried-or-posted", "arriving", Outcome::Satisfied, "asked only while it is on its way: what arrived is `arrived`"),
    ("disposal.passed-unpaid-returned", "returned", Outcome::Satisfied, "asked only while nothing was returned: what was is `promptly`"),
    ("disposal.passed-unpaid-returned", "promptly", Outcome::Violated, "asked only once it was returned: what took long, a person judges (reading 7); while it was not, `returned` asks by when"),
    ("order-18.samples.carried-or-posted", "sent", Outcome::Satisfied, "asked only while nothing was sent off: of what was sent the other parts speak"),
    ("order-18.samples.carried-or-posted", "arriving", Outcome::Satisfied, "asked only while it is on its way: what arrived is `arrived`"),
    ("order-18.disposal.passed-unpaid-returned", "returned", Outcome::Satisfied, "asked only while nothing was returned: what was is `promptly`"),
    ("order-18.disposal.passed-unpaid-returned", "promptly", Outcome::Violated, "asked only once it was returned: what took long, a person judges (reading 7); while it was not, `returned` asks by when"),
    ("order-18.disposal.not-before-objections-end", "disposed", Outcome::Satisfied, "asked only while nothing was disposed of: what was is judged by whether it was early"),
    ("order-18.disposal.not-before-objections-end", "retested", Outcome::Satisfied, "asked only while nothing was disposed of: what was is judged by whether it was early"),
    ("order-18.disposal.not-before-objections-end", "given-up", Outcome::Satisfied, "asked only while nothing was disposed of: what was is judged by whether it was early"),
    ("report.failed.improvement-proposal", "respondent", Outcome::Satisfied, "asked only until it was put to the respondent"),
    ("report.failed.improvement-proposal", "producer", Outcome::Satisfied, "asked only until it was put to the producer"),
    ("report.producer-told", "told-with-respondent", Outcome::Satisfied, "asked only while nothing was sent: what was sent is `done`"),
    ("report.producer-served-by-municipal", "sent", Outcome::Satisfied, "asked only while nothing was sent: of what was sent the other parts speak"),
    ("report.producer-served-by-municipal", "sent-with-respondent", Outcome::Satisfied, "asked only while nothing was sent: of what was sent the other parts speak"),
    ("receipt.registered-and-kept", "registered", Outcome::Violated, "a receipt on record is a registration; without one the sample has not reached the agency"),
    ("receipt.registered-and-kept", "registered", Outcome::Undetermined, "a receipt on record is a registration; without one the sample has not reached the agency"),
];

const CHONGQING: &str = "fixtures/chongqing-2021-follow-up";
const DATONG: &str = "fixtures/shanxi-datong-2025";
const GRANTED: &str = "retest-granted-failed-again";

/// Records that need more than one change to a dossier: the folder, the dossier, the changes.
const RECIPES: &[(&str, &str, &[&str])] = &[
    (
        FIXTURES,
        "failing-report-at-a-shop",
        &["follow_up.rectification_days = 120"],
    ),
    (
        FIXTURES,
        "failing-report-at-a-shop",
        &[
            "respondent.breaches = [obstruction]",
            "sampling.sampled_on = 2024-01-22",
            "obstruction = {recorded: true, organiser_told_on: 2024-01-22, county_told_on: 2024-01-22}",
        ],
    ),
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "objection.handled_on = 无",
            "objection.answered_on = 无",
            "objection.retest_requested = true",
            "retest = 无",
        ],
    ),
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "respondent.name = 示例甲店",
            "producer.name = 示例乙厂",
            "objection.applicant = 示例乙厂",
            "report.to_producer.received_on = 2024-03-08",
            "objection.filed_on = 2024-03-20",
        ],
    ),
    // A retest whose formalities were not done, before and after their seven days.
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "retest = {needed: true, decision: granted, notified_on: 2024-03-20, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "disposal.disposed_on = 2024-03-25",
            "disposal.unpaid_samples = true",
            "disposal.handed_over_on = 2024-03-25",
            "follow_up.stopped_on = 无",
            "follow_up.rectification_ordered_on = 无",
        ],
    ),
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "retest = {needed: true, decision: granted, notified_on: 2024-03-20, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "disposal.disposed_on = 2024-04-25",
            "disposal.unpaid_samples = true",
            "disposal.handed_over_on = 2024-04-25",
            "follow_up.stopped_on = 2024-03-29",
            "follow_up.rectification_ordered_on = 2024-03-29",
        ],
    ),
    // The same with a passing report, whose unpaid samples are returned.
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &[
            "objection = {filed_on: 2024-02-20, written: true, materials_attached: true, grounds: [conclusion], retest_requested: true}",
            "retest = {needed: true, decision: granted, notified_on: 2024-02-26, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "disposal.unpaid_samples = true",
            "disposal.returned_on = 2024-03-20",
        ],
    ),
    // A retest that was due and never finished.
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "retest.conclusion = 无",
            "retest.finished_on = 无",
            "retest.organiser_told_on = 无",
            "retest.applicant_told_on = 无",
            "retest.due_on = 2024-04-20",
        ],
    ),
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &[
            "product.special_transport = true",
            "transport = {test_mode: carried, backup_mode: carried, measures_taken: true, rules_met: true, sample_altered: false}",
        ],
    ),
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &["sampling.corrections = [{item: 批号, confirmed: true}, {item: 基数, confirmed: true}]"],
    ),
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "objection.grounds = [process]",
            "objection.answered_on = 2024-03-28",
            "objection.answered_in_writing = true",
        ],
    ),
    // Accepted, and no report: testing was never finished.
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &["report -", "testing.outcome = completed"],
    ),
    // A retest that was granted and given up; the days after the seven days for its formalities.
    (
        CHONGQING,
        GRANTED,
        &[
            "retest = {decision: granted, notified_on: 2021-10-15, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "follow_up.rectification_ordered_on = 2021-10-23",
        ],
    ),
    (
        CHONGQING,
        GRANTED,
        &[
            "retest = {decision: granted, notified_on: 2021-10-15, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "follow_up.rectification_ordered_on = 2021-11-11",
        ],
    ),
    (
        CHONGQING,
        GRANTED,
        &[
            "complete -",
            "retest = {decision: granted, notified_on: 2021-10-15, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "follow_up.rectification_ordered_on -",
        ],
    ),
    // A retest that was ended, and no order yet.
    (
        CHONGQING,
        GRANTED,
        &[
            "complete -",
            "retest = {decision: granted, notified_on: 2021-10-15, formalities_on: 2021-10-20, conclusion: 无, terminated_on: 2021-10-28}",
            "follow_up.rectification_ordered_on -",
        ],
    ),
    // The organiser is the county bureau of the place itself.
    (
        FIXTURES,
        "unlicensed-terminated",
        &[
            "case.organiser_level = county",
            "case.organiser = 示例区市场监督管理局",
            "case.county_bureau = 示例区市场监督管理局",
        ],
    ),
    (
        FIXTURES,
        "refusal-of-inspection",
        &[
            "case.organiser_level = county",
            "case.organiser = 示例区市场监督管理局",
            "case.county_bureau = 示例区市场监督管理局",
        ],
    ),
    (
        FIXTURES,
        "failing-report-at-a-shop",
        &[
            "case.organiser_level = county",
            "case.organiser = 示例区市场监督管理局",
            "case.county_bureau = 示例区市场监督管理局",
            "respondent.breaches = [obstruction]",
            "sampling.sampled_on = 2024-01-22",
            "obstruction = {recorded: true, organiser_told_on: 2024-01-22}",
        ],
    ),
    (
        FIXTURES,
        "testing-terminated",
        &[
            "case.organiser_level = county",
            "case.organiser = 示例区市场监督管理局",
            "producer.outside_region = false",
        ],
    ),
    // A report issued after the day set for all services, and sent promptly.
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &[
            "report.issued_on = 2024-04-08",
            "report.to_respondent.posted_on = 2024-04-10",
            "report.to_respondent.received_on = 2024-04-11",
        ],
    ),
    // Addressed to a division other than the notice's.
    (
        FIXTURES,
        "failing-report-at-a-shop",
        &["report.to_province.division = 产品质量安全监督管理处"],
    ),
    // Closed without a report, and no record that testing ended.
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &["report -", "testing.outcome -", "testing.finished_on = 无"],
    ),
    // Addressed to the division of the Datong notice by its name, and by another.
    (
        DATONG,
        "washing-machine-at-a-shop",
        &["report.to_city.division = 质量监管科"],
    ),
    (
        DATONG,
        "washing-machine-at-a-shop",
        &["report.to_city.division = 产品质量安全监督管理科"],
    ),
    // Published without an announcement, after a retest and after one that was given up.
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "sampling.field = producer",
            "draw.results_published_on = 2024-05-20",
            "publication.published_on = 无",
        ],
    ),
    (
        FIXTURES,
        "objection-and-retest",
        &[
            "sampling.field = producer",
            "retest = {needed: true, decision: granted, notified_on: 2024-03-20, formalities_on: 无, conclusion: 无, terminated_on: 无}",
            "draw.results_published_on = 2024-05-20",
            "publication.published_on = 无",
        ],
    ),
    // Sampled and never sent off; the day of sampling known and not.
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &[
            "transport = 无",
            "receipt = 无",
            "testing = 无",
            "report = 无",
        ],
    ),
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &[
            "complete -",
            "sampling.sampled_on -",
            "transport = 无",
            "receipt = 无",
            "testing = 无",
            "report = 无",
        ],
    ),
    // A recheck failed before the provincial bureau itself, which announces it without waiting for a report, or does not.
    (
        FIXTURES,
        "recheck-not-announced",
        &[
            "follow_up.bureau_level = provincial",
            "recheck.reported_up_on = 无",
        ],
    ),
    (
        CHONGQING,
        "second-recheck-failed-transferred",
        &[
            "follow_up.bureau_level = provincial",
            "recheck.reported_up_on = 无",
            "recheck.announced_on = 无",
        ],
    ),
    // The county bureau has the papers, and neither the respondent nor the labelled producer was told.
    (
        CHONGQING,
        "kettle-at-a-shop-followed-up",
        &[
            "report.to_respondent = 无",
            "report.to_producer = 无",
            "follow_up = 无",
            "recheck = 无",
            "clue = 无",
            "disposal = 无",
        ],
    ),
    // What the annexed forms of Chongqing demand in addition: recorded, and left out.
    (
        CHONGQING,
        "kettle-at-a-shop-followed-up",
        &[
            "follow_up.order_content_stated = true",
            "follow_up.order_remedies_stated = true",
            "clue.list_copies = 2",
            "clue.list_signed_by_giver = true",
            "clue.list_signed_by_receiver = true",
        ],
    ),
    (
        CHONGQING,
        "kettle-at-a-shop-followed-up",
        &[
            "follow_up.order_content_stated = false",
            "follow_up.order_remedies_stated = false",
            "clue.list_copies = 1",
            "clue.list_signed_by_giver = false",
            "clue.list_signed_by_receiver = false",
        ],
    ),
    // Records with more than one unknown fact.
    (
        FIXTURES,
        "irregular-sample-refused",
        &["complete -", "receipt -"],
    ),
    (
        FIXTURES,
        "passing-report-at-a-shop",
        &["complete -", "report -"],
    ),
];

/// The recipes of a campaign: those of the first batch of 2024 serve all, others the campaign of their folder.
fn recipes(campaign: &Campaign) -> Vec<Record> {
    RECIPES
        .iter()
        .filter_map(|(folder, name, edits)| {
            let record = || Dossier::at(folder, name).edited(edits).record();
            if *folder == campaign.fixtures {
                Some(record())
            } else if *folder == FIXTURES {
                Some(campaign.takes(&record()))
            } else {
                None
            }
        })
        .collect()
}

/// The outcomes seen, for every obligation.
struct Seen {
    campaign: &'static Campaign,
    /// In the order in which the campaign lists them.
    outcomes: Vec<(&'static str, [bool; Outcome::ALL.len()])>,
    verdicts: Verdicts,
}

impl Seen {
    fn look(&mut self, record: &Record) {
        let world = self.campaign.world();
        let settled = world.settle(record, false);
        let as_of = world.as_of(record);
        let outcomes = world.each_outcome(&settled, as_of, &mut self.verdicts);
        if self.outcomes.is_empty() {
            let none = [false; Outcome::ALL.len()];
            self.outcomes = outcomes.map(|(id, _)| (id, none)).collect();
            return self.look(record);
        }
        for ((id, outcome), (known, seen)) in outcomes.zip(&mut self.outcomes) {
            assert_eq!(id, *known);
            seen[outcome as usize] = true;
        }
    }

    fn has(&self, id: &str, outcome: Outcome) -> bool {
        let mut known = self.outcomes.iter();
        known.any(|(known, seen)| *known == id && seen[outcome as usize])
    }

    /// The facts worth changing: those that stages, exceptions and obligations not fully covered yet rest on; none once
    /// every outcome was seen.
    fn worth_changing(&self) -> BTreeSet<FactId> {
        let world = self.campaign.world();
        if !world.obligations().any(|obligation| self.wants(obligation)) {
            return BTreeSet::new();
        }
        let graph = world.auditor.graph();
        graph
            .nodes()
            .flat_map(|(_, node)| match &node.what {
                What::Stage(stage) => stage.holds.iter().flat_map(Expr::facts).collect(),
                What::Exception(exception) => exception.holds.facts(),
                What::Obligation(obligation) if self.wants(obligation) => reads(obligation),
                What::Obligation(_) => Vec::new(),
            })
            .collect()
    }

    fn wants(&self, obligation: &Obligation) -> bool {
        let id = &obligation.id.0;
        answers_for(self.campaign, obligation)
            && WANTED
                .iter()
                .any(|outcome| !self.has(id, *outcome) && !never(obligation, *outcome))
    }
}

/// Whether a campaign's test must show an obligation: each rule set shows those it declares itself.
fn answers_for(campaign: &Campaign, obligation: &Obligation) -> bool {
    obligation.ruleset.0 == campaign.rule_set
}

fn never(obligation: &Obligation, outcome: Outcome) -> bool {
    let id = obligation.id.0.as_str();
    let rule_set = obligation.ruleset.0.as_str();
    NEVER.iter().any(|row| (row.0, row.1) == (id, outcome))
        && !BUT
            .iter()
            .any(|row| (row.0, row.1, row.2) == (rule_set, id, outcome))
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

fn declared(record: &Record, complete_as: bool) -> Row {
    let value = if complete_as {
        Value::Bool(true)
    } else {
        Value::Unknown
    };
    with(
        record.root(),
        world().vocabulary().reserved().complete,
        value,
    )
}

/// Audits every dossier unchanged and with single facts changed, declared complete and open.
fn seen(campaign: &'static Campaign) -> Seen {
    let vocabulary = campaign.world().vocabulary();
    let mut seen = Seen {
        campaign,
        outcomes: Vec::new(),
        verdicts: Verdicts::default(),
    };
    let dossiers = campaign.dossiers();
    for (_, record) in &dossiers {
        seen.look(&bare(declared(record, true)));
        seen.look(&bare(declared(record, false)));
    }
    for record in recipes(campaign) {
        seen.look(&record);
    }
    for (_, record) in &dossiers {
        for complete_as in [true, false] {
            let root = declared(record, complete_as);
            for fact in seen.worth_changing() {
                let fact = vocabulary.fact(fact);
                if fact.shape != ShapeId::ROOT {
                    continue;
                }
                for value in campaign.candidates(fact) {
                    // A complete dossier has no unknowns; an open one shows the effect of an unknown.
                    if value.is_unknown() != complete_as {
                        seen.look(&bare(with(&root, fact.slot, value)));
                    }
                }
            }
        }
    }
    seen
}

/// Checks that every obligation a rule set declares reaches every outcome.
fn every_outcome_is_seen(rule_set: &str) {
    let campaign = campaign(rule_set);
    let seen = seen(campaign);
    let mut wrong = Vec::new();
    let own = |obligation: &&Obligation| answers_for(campaign, obligation);
    for obligation in campaign.world().obligations().filter(own) {
        let id = obligation.id.0.as_str();
        for outcome in WANTED {
            // A right lapses: nobody violates it (reading 26).
            let never =
                never(obligation, outcome) || obligation.lapses && outcome == Outcome::Violated;
            match (seen.has(id, outcome), never) {
                (false, false) => wrong.push(format!("{id} is never {}", outcome.code())),
                (true, true) => wrong.push(format!(
                    "{id} can be {}: NEVER says it cannot",
                    outcome.code()
                )),
                _ => {}
            }
        }
        // A duty that can never be violated is at least put before a person, unless it is a right.
        if never(obligation, Outcome::Violated)
            && !obligation.lapses
            && !seen.has(id, Outcome::Review)
        {
            wrong.push(format!(
                "{id} is never violated and never for a person to judge"
            ));
        }
    }
    assert!(wrong.is_empty(), "{rule_set}:\n{}", wrong.join("\n"));
}

#[test]
fn every_obligation_of_order_18_is_satisfied_violated_undetermined_and_not_applicable_somewhere() {
    every_outcome_is_seen("national/order-18");
}

#[test]
fn every_obligation_of_shanxi_2024_is_satisfied_violated_undetermined_and_not_applicable_somewhere()
{
    every_outcome_is_seen("shanxi/2024-batch-1");
}

#[test]
fn every_obligation_of_shanxi_158_is_satisfied_violated_undetermined_and_not_applicable_somewhere()
{
    every_outcome_is_seen("shanxi/2021-158-coal");
}

#[test]
fn every_obligation_of_shanxi_159_is_satisfied_violated_undetermined_and_not_applicable_somewhere()
{
    every_outcome_is_seen("shanxi/2021-159-machinery-daily-textile");
}

#[test]
fn every_obligation_of_datong_is_satisfied_violated_undetermined_and_not_applicable_somewhere() {
    every_outcome_is_seen("shanxi/datong-2025");
}

#[test]
fn every_obligation_of_zhangjiagang_is_satisfied_violated_undetermined_and_not_applicable_somewhere()
 {
    every_outcome_is_seen("jiangsu/zhangjiagang-2021");
}

#[test]
fn every_obligation_of_chongqing_is_satisfied_violated_undetermined_and_not_applicable_somewhere() {
    every_outcome_is_seen("chongqing/2021-follow-up");
}

#[test]
fn the_campaigns_tested_are_the_rule_sets_there_are_and_what_never_comes_about_is_in_force() {
    let engine = engine();
    let there: BTreeSet<&str> = engine
        .rulebook()
        .rule_sets
        .iter()
        .map(|set| set.id.0.as_str())
        .collect();
    let tested: BTreeSet<&str> = CAMPAIGNS.iter().map(|campaign| campaign.rule_set).collect();
    assert_eq!(there, tested);
    let declared: BTreeSet<&str> = engine
        .rulebook()
        .rule_sets
        .iter()
        .flat_map(|set| &set.obligations)
        .map(|obligation| obligation.id.0.as_str())
        .collect();
    for (id, _, _) in NEVER {
        assert!(declared.contains(id), "`{id}` is in no rule set");
    }
    for (id, part, _, _) in NEVER_OF_PARTS {
        let declares = |obligation: &Obligation| match &obligation.requirement {
            Requirement::Parts(parts) => parts.iter().any(|own| own.code == *part),
            _ => false,
        };
        let mut sets = engine.rulebook().rule_sets.iter();
        let there = sets.any(|set| {
            let mut own = set.obligations.iter();
            own.any(|obligation| obligation.id.0 == *id && declares(obligation))
        });
        assert!(there, "`{id}` has no part `{part}` in any rule set");
    }
}

#[test]
fn no_record_of_the_fixtures_is_beyond_the_engine() {
    for campaign in CAMPAIGNS {
        let world = campaign.world();
        for (name, record) in campaign.dossiers() {
            let audit = world.audit_undated(&record, None, true);
            let about = format!("{name} under {}", campaign.rule_set);
            assert_eq!(audit.count(Outcome::Errored), 0, "{about}");
            assert_eq!(audit.findings.len(), world.obligations().count(), "{about}");
            assert_eq!(audit.tally().total(), audit.findings.len(), "{about}");
        }
    }
}

/// Obligations with parts that depend on several days together, which no single change of a dossier shows: the tests of
/// their rule sets cover them.
const PARTS_BY_THEIR_TESTS: &[&str] = &[
    "draw.results-published",
    "order-18.follow-up.rectification-ordered",
    "order-18.objection.answered",
    "order-18.retest.application-studied",
    "order-18.retest.backup-paid",
    "publication.failure-in-credit-system",
    "retest.application-studied",
    "sampling.within-schedule",
    "order-18.result.producer-told",
    "order-18.samples.carried-or-posted",
    "report.producer-told",
    "samples.carried-or-posted",
    "termination.county-investigates",
];

/// Whether the tests of its rule set cover a part.
fn is_tried_by_tests(rule_set: &str, id: &str, part: &str) -> bool {
    let own_days = format!("{id}#{part}");
    let is_listed =
        PARTS_BY_THEIR_TESTS.contains(&id) || BY_THEIR_OWN_DAYS.contains(&own_days.as_str());
    assert!(
        !is_listed || tested_on_its_days(rule_set, id),
        "{rule_set}: no test of {id}"
    );
    is_listed
}

/// The outcomes seen of every part, by obligation and part.
type SeenParts = BTreeMap<(String, String), BTreeSet<Outcome>>;

fn look_at_parts(world: &World, record: &Record, all: bool, seen: &mut SeenParts) {
    for finding in world.audit(record, None, all).findings {
        for part in finding.parts {
            seen.entry((finding.obligation.0.clone(), part.code))
                .or_default()
                .insert(part.outcome);
        }
    }
}

/// Whether no record can show this outcome of a part.
fn never_of_part(obligation: &Obligation, part: &str, outcome: Outcome) -> bool {
    // A right lapses: nobody violates it (reading 26).
    obligation.lapses && outcome == Outcome::Violated
        || NEVER_OF_PARTS
            .iter()
            .any(|row| (row.0, row.1, row.2) == (obligation.id.0.as_str(), part, outcome))
}

/// While a part lacks an outcome, changes the facts it rests on in dossiers in which it is judged.
fn look_closer(
    campaign: &'static Campaign,
    obligation: &Obligation,
    part: &Part,
    dossiers: &[(String, Record)],
    seen: &mut SeenParts,
) {
    let world = campaign.world();
    let vocabulary = world.vocabulary();
    let key = (obligation.id.0.clone(), part.code.clone());
    let mut verdicts = Verdicts::default();
    let mut facts = Vec::new();
    let mut add = |expr: &Expr| facts.extend(expr.facts());
    part.when.iter().for_each(&mut add);
    demanded(&part.requirement, &mut add);
    for (_, record) in dossiers {
        let settled = world.settle(record, false);
        let outcomes = world.outcomes(&settled, world.as_of(record), &mut Verdicts::default());
        if outcomes[obligation.id.0.as_str()] == Outcome::NotApplicable {
            continue;
        }
        for fact in &facts {
            let fact = vocabulary.fact(*fact);
            assert_eq!(fact.shape, ShapeId::ROOT, "{}", fact.path);
            for value in campaign.candidates(fact) {
                let is_left = |wanted: &&Outcome| {
                    !seen[&key].contains(wanted) && !never_of_part(obligation, &part.code, **wanted)
                };
                let left: Vec<Outcome> = PARTS_WANTED.iter().filter(is_left).copied().collect();
                if left.is_empty() {
                    return;
                }
                let root = declared(record, !value.is_unknown());
                let record = bare(with(&root, fact.slot, value));
                // Parts need explaining: look for them only where the outcome of the whole obligation leaves room.
                let settled = world.settle(&record, false);
                let whole = world.outcomes(&settled, world.as_of(&record), &mut verdicts)
                    [obligation.id.0.as_str()];
                let leaves_room = |wanted: &Outcome| match wanted {
                    Outcome::Violated => matches!(whole, Outcome::Violated | Outcome::Review),
                    Outcome::Undetermined => matches!(
                        whole,
                        Outcome::Undetermined | Outcome::Violated | Outcome::Review
                    ),
                    _ => whole != Outcome::NotApplicable,
                };
                if left.iter().any(leaves_room) {
                    // If only violations and gaps are missing, satisfied duties need no explaining.
                    let all = left.contains(&Outcome::Satisfied);
                    look_at_parts(world, &record, all, seen);
                }
            }
        }
    }
}

const PARTS_WANTED: [Outcome; 3] = [Outcome::Satisfied, Outcome::Violated, Outcome::Undetermined];

fn every_part_is_seen(rule_set: &str) {
    let campaign = campaign(rule_set);
    let world = campaign.world();
    let dossiers = campaign.dossiers();
    let mut seen = SeenParts::new();
    let recipes = recipes(campaign)
        .into_iter()
        .map(|record| ("a recipe".to_owned(), record));
    let dossiers: Vec<(String, Record)> = dossiers.into_iter().chain(recipes).collect();
    for (_, record) in &dossiers {
        look_at_parts(world, record, true, &mut seen);
    }
    let mut wrong = Vec::new();
    let own = |obligation: &&Obligation| answers_for(campaign, obligation);
    for obligation in world.obligations().filter(own) {
        let Requirement::Parts(parts) = &obligation.requirement else {
            continue;
        };
        for part in parts {
            if is_tried_by_tests(rule_set, &obligation.id.0, &part.code) {
                continue;
            }
            look_closer(campaign, obligation, part, &dossiers, &mut seen);
            let (id, code) = (&obligation.id.0, &part.code);
            let outcomes = &seen[&(id.clone(), code.clone())];
            for wanted in PARTS_WANTED {
                let never = never_of_part(obligation, code, wanted);
                if outcomes.contains(&wanted) == never {
                    wrong.push(format!(
                        "{id}/{code}: {}, never: {never}, {outcomes:?}",
                        wanted.code()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{rule_set}:\n{}", wrong.join("\n"));
}

#[test]
fn every_part_of_an_obligation_is_satisfied_violated_and_undetermined_by_itself() {
    std::thread::scope(|scope| {
        for campaign in CAMPAIGNS {
            scope.spawn(|| every_part_is_seen(campaign.rule_set));
        }
    });
}
