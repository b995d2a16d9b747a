//! Where the notices tighten, loosen, add to or differ from Order 18: one test a point, on real dossiers. A notice's own
//! words decide under the notice; where it is silent, or laxer, Order 18 fills the gap.

use crate::support::campaigns::{campaign, world_of};
use crate::support::dossier::Dossier;
use crate::support::finding;
use choucha::audit::{CaseAudit, Outcome};
use choucha::engine::Engine;
use choucha::obligation::{Obligation, Requirement};
use choucha::record::Record;

use Outcome::{NotApplicable, Review, Satisfied, Violated};

const ORDER: &str = "national/order-18";
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
const REFUSED: &str = "refusal-of-inspection";
const TERMINATED: &str = "unlicensed-terminated";
const TEST_TERMINATED: &str = "testing-terminated";
const IRREGULAR: &str = "irregular-sample-refused";
const STORED: &str = "backup-sealed-on-site";
const ONLINE: &str = "online-purchase";
const RETESTED: &str = "objection-and-retest";

/// A dossier of the first batch of 2024 with edits, as a case of another campaign: its dates moved to the campaign's.
fn dossier(rule_set: &str, name: &str, edits: &[&str]) -> Record {
    campaign(rule_set).takes(&Dossier::of(name).edited(edits).record())
}

fn audit(rule_set: &str, name: &str, edits: &[&str]) -> CaseAudit {
    world_of(rule_set).audit_undated(&dossier(rule_set, name, edits), None, true)
}

/// What an obligation makes of a dossier with edits.
fn decides(rule_set: &str, name: &str, edits: &[&str], id: &str, outcome: Outcome) {
    let audit = audit(rule_set, name, edits);
    let finding = finding(&audit, id);
    assert_eq!(
        finding.outcome, outcome,
        "{rule_set}, {name} {edits:?}: {id}: {}",
        finding.because.zh
    );
}

/// What an obligation makes of a dossier of Chongqing with edits.
fn chongqing(name: &str, edits: &[&str], id: &str, outcome: Outcome) {
    let record = Dossier::at("fixtures/chongqing-2021-follow-up", name)
        .edited(edits)
        .record();
    let audit = world_of(CHONGQING).audit(&record, None, true);
    let finding = finding(&audit, id);
    assert_eq!(
        finding.outcome, outcome,
        "{name} {edits:?}: {id}: {}",
        finding.because.zh
    );
}

const KETTLE: &str = "kettle-at-a-shop-followed-up";
const NO_MAKER: &str = "no-maker-terminated";
const GRANTED: &str = "retest-granted-failed-again";
const FOR_THE_PRODUCER: &str = "retest-for-the-producer-passed";
const TRANSFERRED: &str = "second-recheck-failed-transferred";

/// The parts of an obligation that a dossier with edits breaks.
fn breaks(rule_set: &str, name: &str, edits: &[&str], id: &str, parts: &[&str]) {
    let audit = audit(rule_set, name, edits);
    let broken: Vec<&str> = finding(&audit, id)
        .parts
        .iter()
        .filter(|part| part.outcome == Violated)
        .map(|part| part.code.as_str())
        .collect();
    assert_eq!(broken, parts, "{rule_set}, {name} {edits:?}: {id}");
}

fn in_force(rule_set: &str, id: &str) -> bool {
    world_of(rule_set)
        .obligations()
        .any(|obligation| obligation.id.0 == id)
}

/// No obligation of the rule set, or of the layers under it, begins so.
fn nothing_says(rule_set: &str, beginning: &str) {
    let found: Vec<&str> = world_of(rule_set)
        .obligations()
        .map(|obligation| obligation.id.0.as_str())
        .filter(|id| id.starts_with(beginning))
        .collect();
    assert!(found.is_empty(), "{rule_set}: {found:?}");
}

/// The notice says nothing itself: the obligation in force is that of Order 18.
fn falls_back_on(rule_set: &str, id: &str) {
    let obligation = world_of(rule_set).obligation(id);
    assert_eq!(obligation.ruleset.0, ORDER, "{rule_set}: {id}");
}

/// The notice says it in its own words, which stand in the place of Order 18's; the finding cites both.
fn stands_for(rule_set: &str, id: &str, order_18: &str) {
    let obligation = world_of(rule_set).obligation(id);
    assert_eq!(obligation.ruleset.0, rule_set, "{id}");
    assert_eq!(
        obligation.refines.as_ref().map(|link| link.id.0.as_str()),
        Some(order_18),
        "{rule_set}: {id}"
    );
    assert!(!in_force(rule_set, order_18), "{rule_set}: {order_18}");
    let cites = |number: &str| {
        obligation
            .all_citations()
            .any(|cited| cited.instrument == number)
    };
    assert!(cites("市场监管总局令第18号"), "{rule_set}: {id}");
    assert!(
        obligation
            .all_citations()
            .any(|cited| cited.instrument != "市场监管总局令第18号"),
        "{rule_set}: {id}"
    );
}

/// The acts that obligations in force set a time for.
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

#[test]
fn point_1_the_test_sample_is_always_bought_in_2024_and_datong_and_with_an_exception_elsewhere() {
    let not_destroyed: &[&str] = &[
        "purchase.bought = false",
        "purchase.paid_price = 0",
        "product.destructive_test = false",
        "product.materially_affected = false",
    ];
    let destroyed: &[&str] = &[
        "purchase.bought = false",
        "purchase.paid_price = 0",
        "product.destructive_test = true",
        "product.materially_affected = false",
    ];
    for rule_set in [SX, DATONG] {
        decides(
            rule_set,
            PASSING,
            not_destroyed,
            "purchase.test-sample-bought",
            Violated,
        );
        decides(
            rule_set,
            PASSING,
            &["purchase.form_completed = false"],
            "purchase.payment-form",
            Violated,
        );
        // Bought or not, there is a clause on unpaid samples.
        assert!(in_force(rule_set, "disposal.passed-unpaid-returned"));
    }
    for rule_set in [COAL, MACHINES] {
        decides(
            rule_set,
            PASSING,
            not_destroyed,
            "purchase.test-sample-bought",
            Satisfied,
        );
        decides(
            rule_set,
            PASSING,
            destroyed,
            "purchase.test-sample-bought",
            Violated,
        );
        nothing_says(rule_set, "purchase.payment-form");
    }
    decides(
        ORDER,
        PASSING,
        not_destroyed,
        "order-18.purchase.test-sample-bought",
        Satisfied,
    );
    decides(
        ORDER,
        PASSING,
        destroyed,
        "order-18.purchase.test-sample-bought",
        Violated,
    );
}

#[test]
fn point_2_the_price_is_the_marked_one_or_else_the_market_price_everywhere() {
    let below: &[&str] = &[
        "purchase.marked_price = 199.00",
        "purchase.paid_price = 150.00",
    ];
    let no_mark: &[&str] = &[
        "purchase.marked_price = 无",
        "purchase.market_price = 180.00",
        "purchase.paid_price = 180.00",
    ];
    for rule_set in SHANXI {
        stands_for(rule_set, "purchase.price", "order-18.purchase.price");
        decides(rule_set, FAILING, below, "purchase.price", Violated);
        decides(rule_set, FAILING, no_mark, "purchase.price", Satisfied);
    }
    decides(ORDER, FAILING, below, "order-18.purchase.price", Violated);
    decides(
        ORDER,
        FAILING,
        no_mark,
        "order-18.purchase.price",
        Satisfied,
    );
}

/// How many batches were taken shows across the cases only: no obligation on one case, and a reason for every clause.
#[test]
fn point_3_the_notices_limit_the_batches_of_a_respondent_and_order_18_has_no_number() {
    let engine = &world_of(SX).engine;
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
        // In principle, and at large malls as they sell: for a person. Those of 2021 limit outright.
        for (rule_set, readings) in [
            (SX, left_to_a_person),
            (DATONG, left_to_a_person),
            (COAL, 0),
            (MACHINES, 0),
        ] {
            let found = own(&world_of(rule_set).engine, rule_set, id);
            assert_eq!(found, Some((scope.to_owned(), readings)), "{rule_set} {id}");
        }
        assert_eq!(own(engine, ORDER, id), None);
    }
}

#[test]
fn point_4_the_notices_want_both_samples_taken_at_one_time_and_order_18_only_sealed_separately() {
    let apart: &[&str] = &["samples.taken_at_once = false"];
    let together: &[&str] = &["samples.sealed_separately = false"];
    for rule_set in SHANXI {
        stands_for(rule_set, "samples.sealed", "order-18.samples.sealed");
        breaks(rule_set, PASSING, apart, "samples.sealed", &["at-once"]);
        breaks(rule_set, PASSING, together, "samples.sealed", &["separate"]);
    }
    decides(ORDER, PASSING, apart, "order-18.samples.sealed", Satisfied);
    breaks(
        ORDER,
        PASSING,
        together,
        "order-18.samples.sealed",
        &["separate"],
    );
}

#[test]
fn point_5_a_backup_sample_kept_at_the_respondents_needs_approval_and_papers_but_not_under_158() {
    let province: &[&str] = &["storage.approved_by = provincial"];
    let city: &[&str] = &["storage.approved_by = municipal"];
    let nobody: &[&str] = &["storage.approved_on = 无"];
    decides(SX, STORED, nobody, "storage.approved-by-province", Violated);
    decides(
        MACHINES,
        STORED,
        nobody,
        "storage.approved-by-province",
        Violated,
    );
    decides(
        MACHINES,
        STORED,
        province,
        "storage.approved-by-province",
        Satisfied,
    );
    breaks(
        MACHINES,
        STORED,
        city,
        "storage.approved-by-province",
        &["by"],
    );
    decides(DATONG, STORED, nobody, "storage.approved-by-city", Violated);
    decides(DATONG, STORED, city, "storage.approved-by-city", Satisfied);
    for rule_set in [SX, MACHINES, DATONG] {
        breaks(
            rule_set,
            STORED,
            &["storage.notice_issued_on = 无"],
            "storage.notice-issued",
            &["issued"],
        );
        // 尽可能: no breach by itself.
        decides(
            rule_set,
            STORED,
            &["storage.camera_covered = false"],
            "storage.camera-cover",
            Review,
        );
    }
    let parts: &[&str] = &[
        "storage.parts_need_labels = true",
        "storage.parts_labelled = false",
    ];
    for rule_set in [SX, DATONG] {
        decides(
            rule_set,
            STORED,
            &["storage.state_recorded = false"],
            "storage.state-recorded",
            Violated,
        );
        breaks(
            rule_set,
            STORED,
            parts,
            "storage.sealed-and-labelled",
            &["removable-parts"],
        );
        nothing_says(rule_set, "storage.duty-explained");
    }
    decides(
        MACHINES,
        STORED,
        parts,
        "storage.sealed-and-labelled",
        Satisfied,
    );
    decides(
        MACHINES,
        STORED,
        &["storage.duty_explained = false"],
        "storage.duty-explained",
        Violated,
    );
    nothing_says(MACHINES, "storage.state-recorded");
    for rule_set in [COAL, ORDER] {
        nothing_says(rule_set, "storage.");
        falls_back_on(rule_set, "order-18.storage.sealed-and-labelled");
        let bare: &[&str] = &[
            "storage.approved_on = 无",
            "storage.notice_issued_on = 无",
            "storage.camera_covered = false",
        ];
        decides(
            rule_set,
            STORED,
            bare,
            "order-18.storage.sealed-and-labelled",
            Satisfied,
        );
        breaks(
            rule_set,
            STORED,
            &["storage.sealed = false"],
            "order-18.storage.sealed-and-labelled",
            &["sealed"],
        );
    }
}

#[test]
fn point_6_fragile_and_dangerous_samples_are_order_18s_where_158_and_159_are_silent() {
    let carelessly: &[&str] = &[
        "product.special_transport = true",
        "transport.measures_taken = false",
    ];
    for rule_set in [SX, DATONG] {
        stands_for(
            rule_set,
            "samples.special-transport",
            "order-18.samples.special-transport",
        );
        breaks(
            rule_set,
            PASSING,
            carelessly,
            "samples.special-transport",
            &["measures"],
        );
    }
    for rule_set in [COAL, MACHINES, ORDER] {
        falls_back_on(rule_set, "order-18.samples.special-transport");
        breaks(
            rule_set,
            PASSING,
            carelessly,
            "order-18.samples.special-transport",
            &["measures"],
        );
    }
}

#[test]
fn point_7_the_notices_always_want_the_authorisation_shown_and_order_18_only_of_a_sampling_agency()
{
    let by_a_bureau: &[&str] = &[
        "case.sampling_agency = 无",
        "sampling.documents_shown = [notice, identity]",
    ];
    let by_an_agency: &[&str] = &["sampling.documents_shown = [notice, identity]"];
    for rule_set in SHANXI {
        stands_for(
            rule_set,
            "sampling.documents-shown",
            "order-18.sampling.documents-shown",
        );
        breaks(
            rule_set,
            PASSING,
            by_a_bureau,
            "sampling.documents-shown",
            &["authorisation"],
        );
        breaks(
            rule_set,
            PASSING,
            by_an_agency,
            "sampling.documents-shown",
            &["authorisation"],
        );
    }
    decides(
        ORDER,
        PASSING,
        by_a_bureau,
        "order-18.sampling.documents-shown",
        Satisfied,
    );
    breaks(
        ORDER,
        PASSING,
        by_an_agency,
        "order-18.sampling.documents-shown",
        &["authorisation"],
    );
    // Zhangjiagang: the notice itself as well, and the authorisation whoever samples.
    let papers = "sampling.documents-shown";
    stands_for(ZHANGJIAGANG, papers, "order-18.sampling.documents-shown");
    let all: &[&str] =
        &["sampling.documents_shown = [notice, identity, authorisation, campaign_document]"];
    decides(ZHANGJIAGANG, PASSING, all, papers, Satisfied);
    breaks(ZHANGJIAGANG, PASSING, &[], papers, &["campaign"]);
    breaks(
        ZHANGJIAGANG,
        PASSING,
        by_a_bureau,
        papers,
        &["authorisation", "campaign"],
    );
}

#[test]
fn point_8_telling_scope_and_method_is_order_18s_where_the_notices_are_silent() {
    for rule_set in EVERY {
        falls_back_on(rule_set, "order-18.sampling.scope-and-method-told");
        breaks(
            rule_set,
            PASSING,
            &["sampling.told_method = false"],
            "order-18.sampling.scope-and-method-told",
            &["method"],
        );
    }
}

#[test]
fn point_9_a_refusal_needs_its_form_a_joint_finding_and_publication_and_is_still_reported_at_once()
{
    for (rule_set, told) in [
        (SX, "refusal.province-told"),
        (COAL, "refusal.province-told"),
        (MACHINES, "refusal.province-told"),
        (DATONG, "refusal.city-organiser-told"),
    ] {
        breaks(
            rule_set,
            REFUSED,
            &["refusal.form_completed = false"],
            "refusal.recorded-on-form",
            &["form"],
        );
        decides(
            rule_set,
            REFUSED,
            &["refusal.found_with_county = false"],
            "refusal.found-with-county",
            Violated,
        );
        decides(
            rule_set,
            REFUSED,
            &["refusal.published_on = 无"],
            "refusal.published-as-failure",
            Violated,
        );
        // “立即” is left out by the notices and stands by Order 18.
        stands_for(rule_set, told, "order-18.refusal.organiser-told");
        decides(
            rule_set,
            REFUSED,
            &["refusal.organiser_told_on = 2024-02-05"],
            told,
            Violated,
        );
        falls_back_on(rule_set, "order-18.refusal.county-told");
        let county: &[&str] = &[
            "refusal.county_told_on = 无",
            "refusal.found_with_county = false",
        ];
        breaks(
            rule_set,
            REFUSED,
            county,
            "order-18.refusal.county-told",
            &["told"],
        );
    }
    let no_form: &[&str] = &[
        "refusal.form_completed = false",
        "refusal.found_with_county = false",
        "refusal.published_on = 无",
    ];
    decides(
        ORDER,
        REFUSED,
        no_form,
        "order-18.refusal.recorded",
        Satisfied,
    );
    decides(
        ORDER,
        REFUSED,
        no_form,
        "order-18.refusal.county-told",
        Satisfied,
    );
    decides(
        ORDER,
        REFUSED,
        &["refusal.organiser_told_on = 2024-02-05"],
        "order-18.refusal.organiser-told",
        Violated,
    );
}

#[test]
fn point_10_a_terminated_sampling_is_told_to_the_bureaus_each_text_names() {
    let no_city: &[&str] = &["termination.city_told_on = 无"];
    let no_county: &[&str] = &["termination.county_told_on = 无"];
    let no_form: &[&str] = &["termination.problem_form = false"];
    // 2024: province, city and county, and the problem form.
    breaks(SX, TERMINATED, no_city, "termination.city-told", &["told"]);
    breaks(
        SX,
        TERMINATED,
        no_county,
        "termination.county-told",
        &["told"],
    );
    breaks(
        SX,
        TERMINATED,
        no_form,
        "termination.recorded-on-problem-form",
        &["problem-form"],
    );
    decides(
        SX,
        TERMINATED,
        &["termination.problem_form_sent_on = 无"],
        "termination.problem-form-sent",
        Violated,
    );
    // Datong: the municipal bureau, which is the organiser, and the county.
    nothing_says(DATONG, "termination.city-told");
    nothing_says(DATONG, "termination.problem-form-sent");
    breaks(
        DATONG,
        TERMINATED,
        no_county,
        "termination.county-told",
        &["told"],
    );
    breaks(
        DATONG,
        TERMINATED,
        no_form,
        "termination.recorded-on-problem-form",
        &["problem-form"],
    );
    let late: &[&str] = &["termination.organiser_told_on = 2024-03-01"];
    decides(
        DATONG,
        TERMINATED,
        late,
        "termination.city-organiser-told",
        Violated,
    );
    // 158 and 159 say nothing: Order 18 art. 17.
    for rule_set in [COAL, MACHINES, ORDER] {
        nothing_says(rule_set, "termination.");
        let nothing_else: &[&str] = &[
            "termination.city_told_on = 无",
            "termination.problem_form = false",
            "termination.problem_form_sent_on = 无",
        ];
        for id in [
            "order-18.sampling.terminate-where-unlawful",
            "order-18.termination.organiser-told",
            "order-18.termination.county-told",
        ] {
            falls_back_on(rule_set, id);
            decides(rule_set, TERMINATED, nothing_else, id, Satisfied);
        }
        breaks(
            rule_set,
            TERMINATED,
            no_county,
            "order-18.termination.county-told",
            &["told"],
        );
        decides(
            rule_set,
            TERMINATED,
            late,
            "order-18.termination.organiser-told",
            Violated,
        );
    }
    // Chongqing: no maker's name or certificate is enough; the county bureau at once, the clue form to the municipal
    // bureau afterwards, which Order 18 still wants told at once.
    let named: &[&str] = &[
        "sampling.unlawful_grounds = [no_maker]",
        "sampling.unlawful_suspected = 无",
        "sampling.outcome = completed",
    ];
    chongqing(
        NO_MAKER,
        named,
        "sampling.terminate-where-unlawful",
        Violated,
    );
    chongqing(NO_MAKER, &[], "termination.county-told-at-once", Satisfied);
    chongqing(
        NO_MAKER,
        &["termination.county_told_on = 2021-12-20"],
        "termination.county-told-at-once",
        Violated,
    );
    chongqing(
        NO_MAKER,
        &["termination.clue_form_sent_on = 2021-12-20"],
        "termination.clue-form-to-municipal",
        Satisfied,
    );
    chongqing(
        NO_MAKER,
        &["termination.organiser_told_on = 2021-12-20"],
        "termination.municipal-organiser-told",
        Violated,
    );
    stands_for(
        CHONGQING,
        "termination.county-told-at-once",
        "order-18.termination.county-told",
    );
}

#[test]
fn point_11_a_terminated_test_is_reported_in_writing_by_the_notices_and_at_once_by_order_18() {
    let orally: &[&str] = &["testing_termination.told_in_writing = false"];
    let a_week_later: &[&str] = &["testing_termination.organiser_told_on = 2024-03-04"];
    let no_county: &[&str] = &["testing_termination.producer_county_told_on = 无"];
    for (rule_set, told) in [
        (SX, "testing-termination.province-told-in-writing"),
        (MACHINES, "testing-termination.province-told-in-writing"),
        (DATONG, "testing-termination.city-organiser-told-in-writing"),
    ] {
        stands_for(
            rule_set,
            told,
            "order-18.testing-termination.organiser-told",
        );
        breaks(rule_set, TEST_TERMINATED, orally, told, &["written"]);
        breaks(rule_set, TEST_TERMINATED, a_week_later, told, &["at-once"]);
    }
    for rule_set in [COAL, ORDER] {
        let told = "order-18.testing-termination.organiser-told";
        falls_back_on(rule_set, told);
        falls_back_on(rule_set, "order-18.testing.terminate-where-unlawful");
        decides(rule_set, TEST_TERMINATED, orally, told, Satisfied);
        breaks(rule_set, TEST_TERMINATED, a_week_later, told, &["at-once"]);
    }
    for rule_set in EVERY {
        let county = "order-18.testing-termination.producer-county-told";
        falls_back_on(rule_set, county);
        breaks(rule_set, TEST_TERMINATED, no_county, county, &["told"]);
    }
}

#[test]
fn point_12_a_refused_sample_is_reported_in_writing_by_the_notices() {
    let orally: &[&str] = &["receipt.refusal_told_in_writing = false"];
    for rule_set in SHANXI {
        stands_for(
            rule_set,
            "receipt.refusal-reported-in-writing",
            "order-18.receipt.refusal-reported",
        );
        breaks(
            rule_set,
            IRREGULAR,
            orally,
            "receipt.refusal-reported-in-writing",
            &["written"],
        );
    }
    decides(
        ORDER,
        IRREGULAR,
        orally,
        "order-18.receipt.refusal-reported",
        Satisfied,
    );
}

#[test]
fn point_13_samplers_do_not_test_what_they_sampled_except_on_site_even_under_158() {
    let tested: &[&str] = &[
        "sampling.samplers = [张甲, 李乙]",
        "testing.testers = [王丙, 张甲]",
    ];
    let on_site: &[&str] = &[
        "sampling.samplers = [张甲, 李乙]",
        "testing.testers = [王丙, 张甲]",
        "testing.on_site = true",
    ];
    for (rule_set, id) in [
        (SX, "testing.not-by-samplers"),
        (COAL, "testing.not-by-samplers"),
        (MACHINES, "testing.not-by-samplers"),
        (DATONG, "testing.not-by-samplers"),
        (ORDER, "order-18.testing.not-by-samplers"),
    ] {
        decides(rule_set, PASSING, tested, id, Violated);
        decides(rule_set, PASSING, on_site, id, Satisfied);
        let audit = audit(rule_set, PASSING, on_site);
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
    // Zhangjiagang: not the same people; one of the team is enough.
    let apart = "testing.samplers-and-testers-apart";
    stands_for(ZHANGJIAGANG, apart, "order-18.testing.not-by-samplers");
    decides(ZHANGJIAGANG, PASSING, tested, apart, Violated);
    decides(ZHANGJIAGANG, PASSING, on_site, apart, Satisfied);
    // Chongqing adds cross sampling.
    chongqing(
        KETTLE,
        &["sampling.crossed = true"],
        "sampling.crossed",
        Satisfied,
    );
    let demanded: &[&str] = &[
        "sampling.crossed = false",
        "assignment.cross_sampling_required = true",
        "case.sampled_by_municipal_institute = true",
    ];
    chongqing(KETTLE, demanded, "sampling.crossed", Violated);
    chongqing(
        KETTLE,
        &[
            "sampling.crossed = false",
            "assignment.cross_sampling_required = false",
        ],
        "sampling.crossed",
        Review,
    );
}

#[test]
fn point_14_samples_are_tested_blind_in_2024_and_datong_only() {
    for rule_set in [SX, DATONG] {
        decides(
            rule_set,
            PASSING,
            &["blind = {used: false}"],
            "blind.tested-blind",
            Violated,
        );
        let because: &[&str] =
            &["blind = {used: false, reason_not_used: 产品自带编号，无法二次编号}"];
        decides(rule_set, PASSING, because, "blind.tested-blind", Review);
        breaks(
            rule_set,
            PASSING,
            &["blind.renumbered = false"],
            "blind.renumbered-and-handed-over",
            &["renumbered"],
        );
    }
    for rule_set in [COAL, MACHINES, ORDER] {
        nothing_says(rule_set, "blind.");
    }
}

#[test]
fn point_15_a_failing_report_goes_to_the_province_in_seven_days_to_datong_as_soon_as_possible() {
    let day_7: &[&str] = &["report.to_province.posted_on = 2024-03-08"];
    let day_8: &[&str] = &["report.to_province.posted_on = 2024-03-12"];
    for rule_set in [SX, COAL, MACHINES] {
        decides(
            rule_set,
            FAILING,
            day_7,
            "report.failed.mail-to-province",
            Satisfied,
        );
        decides(
            rule_set,
            FAILING,
            day_8,
            "report.failed.mail-to-province",
            Violated,
        );
        // Order 18 wants every report sent in the time the organiser sets, without a number of its own.
        falls_back_on(rule_set, "order-18.report.sent-to-organiser");
    }
    let posted = |day: &str| {
        format!("report.to_city = {{posted_on: {day}, report_copies: 3, form_copies: 1}}")
    };
    decides(
        DATONG,
        FAILING,
        &[&posted("2024-03-08")],
        "report.failed.mail-to-city",
        Satisfied,
    );
    decides(
        DATONG,
        FAILING,
        &[&posted("2024-03-12")],
        "report.failed.mail-to-city",
        Review,
    );
    nothing_says(DATONG, "report.failed.mail-to-province");
    let in_the_time_set: &[&str] =
        &["report.to_organiser = {posted_on: 2024-03-20, due_on: 2024-03-20}"];
    let after_it: &[&str] = &["report.to_organiser = {posted_on: 2024-03-22, due_on: 2024-03-20}"];
    let no_time_set: &[&str] = &["report.to_organiser = {posted_on: 2024-03-22}"];
    decides(
        ORDER,
        FAILING,
        in_the_time_set,
        "order-18.report.sent-to-organiser",
        Satisfied,
    );
    decides(
        ORDER,
        FAILING,
        after_it,
        "order-18.report.sent-to-organiser",
        Violated,
    );
    decides(
        ORDER,
        FAILING,
        no_time_set,
        "order-18.report.sent-to-organiser",
        NotApplicable,
    );
}

#[test]
fn point_16_reports_are_served_by_hand_or_ems_where_a_notice_says_so() {
    let registered: &[&str] = &["report.to_respondent.mode = registered_mail"];
    for rule_set in SHANXI {
        breaks(
            rule_set,
            FAILING,
            registered,
            "report.served-directly-or-by-ems",
            &["respondent"],
        );
    }
    nothing_says(ORDER, "report.served");
    decides(
        ORDER,
        FAILING,
        registered,
        "order-18.result.respondent-told",
        Satisfied,
    );
    // Chongqing: the county serves in five working days of receiving both papers (2021-09-26, a Sunday, is worked), and
    // the municipal bureau serves the labelled producer; no mode is said.
    for (served, outcome) in [("2021-09-28", Satisfied), ("2021-09-29", Violated)] {
        let edits: &[&str] = &[
            "report.county_received_on = 2021-09-22",
            &format!("report.to_respondent.received_on = {served}"),
        ];
        chongqing(KETTLE, edits, "report.served-within-5-workdays", outcome);
    }
    chongqing(
        KETTLE,
        &["report.producer_served_by = county"],
        "report.producer-served-by-municipal",
        Review,
    );
    chongqing(
        KETTLE,
        &["report.to_producer.received_on = 无"],
        "report.producer-served-by-municipal",
        Violated,
    );
    nothing_says(CHONGQING, "report.served-directly");
}

#[test]
fn point_17_e_cqs_has_its_times_in_the_shanxi_notices_and_none_in_order_18() {
    let two_days: &[&str] = &[
        "sampling.sampled_on = 2024-05-13",
        "ecqs.sampling_entered_on = 2024-05-15",
    ];
    // A Thursday: the third working day after is the Tuesday, in the weeks of every campaign.
    let fourth: &[&str] = &[
        "testing.finished_on = 2024-05-16",
        "ecqs.results_entered_on = 2024-05-22",
    ];
    let third: &[&str] = &[
        "testing.finished_on = 2024-05-16",
        "ecqs.results_entered_on = 2024-05-21",
    ];
    for rule_set in SHANXI {
        decides(
            rule_set,
            FAILING,
            two_days,
            "ecqs.sampling-by-next-day",
            Violated,
        );
        decides(
            rule_set,
            FAILING,
            third,
            "ecqs.results-within-3-workdays",
            Satisfied,
        );
        decides(
            rule_set,
            FAILING,
            fourth,
            "ecqs.results-within-3-workdays",
            Violated,
        );
    }
    nothing_says(ORDER, "ecqs.");
}

#[test]
fn point_18_an_objection_has_fifteen_days_under_every_notice() {
    for rule_set in EVERY {
        falls_back_on(rule_set, "order-18.objection.within-15-days");
        for (filed, outcome) in [("2024-03-20", Satisfied), ("2024-03-22", NotApplicable)] {
            let edits: &[&str] = &[
                "report.to_respondent.received_on = 2024-03-05",
                &format!("objection.filed_on = {filed}"),
            ];
            decides(
                rule_set,
                RETESTED,
                edits,
                "order-18.objection.within-15-days",
                outcome,
            );
        }
    }
    // Chongqing: the labelled producer too, within fifteen days of its own receipt; of whom Order 18 says nothing.
    chongqing(
        FOR_THE_PRODUCER,
        &[],
        "order-18.objection.within-15-days",
        NotApplicable,
    );
    chongqing(FOR_THE_PRODUCER, &[], "objection.within-15-days", Satisfied);
    chongqing(
        FOR_THE_PRODUCER,
        &["report.to_producer.received_on = 2021-09-10"],
        "objection.within-15-days",
        NotApplicable,
    );
    chongqing(
        FOR_THE_PRODUCER,
        &["report.to_respondent.received_on = 2021-09-10"],
        "objection.within-15-days",
        Satisfied,
    );
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
    // Ten working days over the National Day holidays: 8 and 9 October are worked, the tenth is the 20th.
    for (decided, outcome) in [("2021-10-20", Satisfied), ("2021-10-21", Violated)] {
        let edits: &[&str] = &[
            "retest.applied_on = 2021-09-30",
            &format!("retest.decided_on = {decided}"),
        ];
        chongqing(GRANTED, edits, "retest.decided-within-10-workdays", outcome);
    }
}

#[test]
fn point_20_formalities_come_first_and_the_retest_body_after_them_under_order_18() {
    for rule_set in EVERY {
        let timed = |day: &str| {
            [
                format!("retest.body_fixed_on = {day}"),
                "retest.notified_on = 2024-04-08".to_owned(),
                "retest.formalities_on = 2024-04-10".to_owned(),
            ]
        };
        for (fixed, outcome) in [("2024-04-18", Satisfied), ("2024-04-25", Violated)] {
            let edits = timed(fixed);
            let edits: Vec<&str> = edits.iter().map(String::as_str).collect();
            decides(
                rule_set,
                RETESTED,
                &edits,
                "order-18.retest.body-within-10-days",
                outcome,
            );
        }
        let late: &[&str] = &[
            "retest.notified_on = 2024-04-01",
            "retest.formalities_on = 2024-04-16",
        ];
        decides(
            rule_set,
            RETESTED,
            late,
            "order-18.retest.formalities-within-7-days",
            NotApplicable,
        );
    }
    // Chongqing: the notice names the body already; seven days to go to it. Order 18's ten days stand beside.
    stands_for(
        CHONGQING,
        "retest.formalities-within-7-days",
        "order-18.retest.formalities-within-7-days",
    );
    falls_back_on(CHONGQING, "order-18.retest.body-within-10-days");
    chongqing(GRANTED, &[], "retest.body-notice-served", Satisfied);
    chongqing(
        GRANTED,
        &["retest.body_fixed_on = 2021-12-20"],
        "retest.body-notice-served",
        Violated,
    );
}

#[test]
fn point_21_the_authority_stops_products_of_the_kind_and_the_respondent_the_same_product_by_itself()
{
    for rule_set in SHANXI {
        decides(
            rule_set,
            FAILING,
            &["follow_up.stop_scope = similar"],
            "follow-up.stop-ordered",
            Satisfied,
        );
        for narrower in ["same", "failed"] {
            let edits: &[&str] = &[&format!("follow_up.stop_scope = {narrower}")];
            breaks(
                rule_set,
                FAILING,
                edits,
                "follow-up.stop-ordered",
                &["scope"],
            );
        }
    }
    for rule_set in EVERY {
        falls_back_on(rule_set, "order-18.respondent.stops-at-once");
        decides(
            rule_set,
            FAILING,
            &["follow_up.stopped_on = 无"],
            "order-18.respondent.stops-at-once",
            Violated,
        );
    }
    nothing_says(ORDER, "follow-up.stop");
    // Chongqing: the failed product is enough; a wider order is for a person.
    chongqing(
        KETTLE,
        &["follow_up.stop_scope = failed"],
        "follow-up.order-to-stop-and-rectify",
        Satisfied,
    );
    chongqing(
        KETTLE,
        &["follow_up.stop_scope = similar"],
        "follow-up.order-to-stop-and-rectify",
        Review,
    );
    falls_back_on(CHONGQING, "order-18.respondent.stops-at-once");
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
fn point_22_sixty_days_run_from_the_order_and_a_person_judges_where_service_decides() {
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
            ("2024-05-03", Review),
            ("2024-05-08", Violated),
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
fn point_23_the_recheck_has_seventy_five_days_and_a_person_judges_where_service_decides() {
    for (done, outcome) in [
        ("2024-05-15", Satisfied),
        ("2024-05-17", Review),
        ("2024-05-22", Violated),
    ] {
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

const RECHECKED: &str = "recheck-not-announced";

#[test]
fn point_24_a_failed_recheck_goes_up_to_the_province_and_is_announced() {
    let not_up: &[&str] = &["recheck.reported_up_on = 无"];
    let announced: &[&str] = &["recheck.announced_on = 2024-06-20"];
    for rule_set in EVERY {
        decides(
            rule_set,
            RECHECKED,
            not_up,
            "order-18.recheck.failure-reported-up",
            Violated,
        );
        decides(
            rule_set,
            RECHECKED,
            &[],
            "order-18.recheck.failure-announced",
            Violated,
        );
        decides(
            rule_set,
            RECHECKED,
            announced,
            "order-18.recheck.failure-announced",
            Satisfied,
        );
    }
    // Chongqing: the municipal bureau is the province's, and announces.
    stands_for(
        CHONGQING,
        "recheck.failure-announced-by-municipal",
        "order-18.recheck.failure-announced",
    );
    chongqing(
        TRANSFERRED,
        &["recheck.reported_up_on = 无"],
        "recheck.failure-reported-to-municipal",
        Violated,
    );
    chongqing(
        TRANSFERRED,
        &["recheck.announced_on = 无"],
        "recheck.failure-announced-by-municipal",
        Violated,
    );
}

#[test]
fn point_25_the_second_recheck_comes_after_sixty_and_before_ninety_days() {
    for (second, outcome) in [
        ("2024-04-29", Violated),
        ("2024-04-30", Review),
        ("2024-05-01", Satisfied),
        ("2024-05-29", Satisfied),
        ("2024-05-30", Review),
        ("2024-05-31", Violated),
    ] {
        let edits: &[&str] = &[
            "recheck.announced_on = 2024-03-01",
            &format!("recheck.second_on = {second}"),
        ];
        decides(
            ORDER,
            RECHECKED,
            edits,
            "order-18.recheck.second-after-60-before-90-days",
            outcome,
        );
        decides(
            SX,
            RECHECKED,
            edits,
            "order-18.recheck.second-after-60-before-90-days",
            outcome,
        );
    }
    stands_for(
        CHONGQING,
        "recheck.second-after-60-before-90-days",
        "order-18.recheck.second-after-60-before-90-days",
    );
    for (second, outcome) in [
        ("2022-04-30", Review),
        ("2022-05-10", Satisfied),
        ("2022-05-31", Violated),
    ] {
        let edits: &[&str] = &[
            "recheck.announced_on = 2022-03-01",
            &format!("recheck.second_on = {second}"),
        ];
        chongqing(
            TRANSFERRED,
            edits,
            "recheck.second-after-60-before-90-days",
            outcome,
        );
    }
}

#[test]
fn point_26_after_the_third_failure_the_licence_goes_and_a_person_judges_while_it_has_not() {
    let third: &[&str] = &[
        "recheck.announced_on = 2024-03-01",
        "recheck.second_on = 2024-05-10",
        "recheck.second_conclusion = fail",
        "recheck.suspension_ordered_on = 2024-05-12",
        "recheck.suspension_until = 2024-05-20",
        "recheck.third_conclusion = fail",
    ];
    let mut revoked = third.to_vec();
    revoked.push("recheck.licence_revoked_on = 2024-05-30");
    for rule_set in EVERY {
        decides(
            rule_set,
            RECHECKED,
            third,
            "order-18.recheck.licence-revoked",
            Review,
        );
        decides(
            rule_set,
            RECHECKED,
            &revoked,
            "order-18.recheck.licence-revoked",
            Satisfied,
        );
    }
    // Chongqing: handed to the investigating body, which meets the notice; revocation is the order's next step.
    chongqing(TRANSFERRED, &[], "recheck.transferred", Satisfied);
    chongqing(
        TRANSFERRED,
        &["recheck.transferred_on = 无"],
        "recheck.transferred",
        Violated,
    );
    falls_back_on(CHONGQING, "order-18.recheck.licence-revoked");
    chongqing(TRANSFERRED, &[], "order-18.recheck.licence-revoked", Review);
}

#[test]
fn point_27_in_chongqing_every_failure_is_handed_over_as_a_case_clue_with_its_forms() {
    chongqing(KETTLE, &[], "clue.handed-over", Satisfied);
    chongqing(
        KETTLE,
        &["clue.handed_over_on = 无"],
        "clue.handed-over",
        Violated,
    );
    chongqing(
        KETTLE,
        &["clue.answered_on = 无", "clue.concluded_on = 2021-12-01"],
        "clue.answered",
        Violated,
    );
    // From the first report on, whatever a retest comes to.
    chongqing(
        FOR_THE_PRODUCER,
        &["clue.handed_over_on = 无"],
        "clue.handed-over",
        Violated,
    );
    for rule_set in EVERY {
        nothing_says(rule_set, "clue.");
    }
}

#[test]
fn point_28_in_chongqing_the_county_is_contacted_before_sampling_and_the_respondent_is_not() {
    chongqing(KETTLE, &[], "contact.county-before-sampling", Satisfied);
    chongqing(
        KETTLE,
        &["prior_contact.county_contacted_on = 无"],
        "contact.county-before-sampling",
        Violated,
    );
    let ignored: &[&str] = &[
        "prior_contact.view_given = true",
        "prior_contact.view_respected = false",
    ];
    chongqing(KETTLE, ignored, "contact.county-view-respected", Violated);
    // Its view never replaces the draw, and telling the respondent stays a tip-off.
    stands_for(CHONGQING, "draw.at-random", "order-18.draw.at-random");
    chongqing(
        KETTLE,
        &["draw.respondent_random = false"],
        "draw.at-random",
        Violated,
    );
    stands_for(
        CHONGQING,
        "conduct.no-tip-off",
        "order-18.conduct.no-tip-off",
    );
    chongqing(
        KETTLE,
        &["conduct.breaches = [tip_off]"],
        "conduct.no-tip-off",
        Violated,
    );
    for rule_set in EVERY {
        nothing_says(rule_set, "contact.");
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
        // What binds on site does not bind online: nobody shows papers to a parcel.
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
        let outcome = if edit.starts_with("samples.backup") {
            Review
        } else {
            Violated
        };
        decides(ZHANGJIAGANG, ONLINE, &[edit], id, outcome);
    }
    // The authorisation is posted whoever bought; Order 18 wants it of a sampling agency only.
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
fn point_30_what_no_notice_repeats_falls_back_on_order_18() {
    for rule_set in EVERY {
        for (fixture, edits, id) in [
            (
                PASSING,
                &["earlier.same_authority_on = 2023-11-01"] as &[&str],
                "order-18.earlier.not-twice-in-six-months",
            ),
            (
                PASSING,
                &[
                    "earlier.higher_authority_on = 2023-11-01",
                    "earlier.proof_shown = true",
                ],
                "order-18.earlier.not-after-higher-check",
            ),
            (
                PASSING,
                &["sampling.not_to_sample = [marked]"],
                "order-18.sampling.not-where-prohibited",
            ),
            (
                "sampling-impossible",
                &["impossible.recorded = false"],
                "order-18.impossible.recorded-and-reported",
            ),
            (
                PASSING,
                &["retention.kept_until = 2024-12-31"],
                "order-18.retention.two-years",
            ),
        ] {
            falls_back_on(rule_set, id);
            decides(rule_set, fixture, edits, id, Violated);
        }
    }
}

#[test]
fn point_31_nothing_is_charged_under_any_text() {
    for edit in ["fees.charged = true", "fees.amount = 50.00"] {
        for rule_set in SHANXI {
            stands_for(
                rule_set,
                "fees.nothing-charged",
                "order-18.conduct.nothing-charged",
            );
            decides(rule_set, PASSING, &[edit], "fees.nothing-charged", Violated);
        }
        decides(
            ORDER,
            PASSING,
            &[edit],
            "order-18.conduct.nothing-charged",
            Violated,
        );
    }
    stands_for(
        ZHANGJIAGANG,
        "fees.nothing-charged",
        "order-18.conduct.nothing-charged",
    );
    decides(
        ZHANGJIAGANG,
        PASSING,
        &["fees.charged = true"],
        "fees.nothing-charged",
        Violated,
    );
}

#[test]
fn point_32_nothing_is_disclosed_and_nobody_is_tipped_off_under_any_text() {
    for rule_set in [ORDER, SX, COAL, MACHINES, DATONG] {
        for (breach, id) in [
            (
                "unauthorised_disclosure",
                "order-18.conduct.no-unauthorised-disclosure",
            ),
            ("tip_off", "order-18.conduct.no-tip-off"),
        ] {
            falls_back_on(rule_set, id);
            decides(
                rule_set,
                PASSING,
                &[&format!("conduct.breaches = [{breach}]")],
                id,
                Violated,
            );
        }
    }
    // Zhangjiagang: the same in substance, with related information and leaks to anyone.
    for (breach, part, id, order_18) in [
        (
            "unauthorised_disclosure",
            "results",
            "conduct.no-unauthorised-publication",
            "order-18.conduct.no-unauthorised-disclosure",
        ),
        (
            "unauthorised_information",
            "information",
            "conduct.no-unauthorised-publication",
            "order-18.conduct.no-unauthorised-disclosure",
        ),
        (
            "tip_off",
            "respondent",
            "conduct.plan-kept-secret",
            "order-18.conduct.no-tip-off",
        ),
        (
            "plan_leak",
            "others",
            "conduct.plan-kept-secret",
            "order-18.conduct.no-tip-off",
        ),
    ] {
        stands_for(ZHANGJIAGANG, id, order_18);
        breaks(
            ZHANGJIAGANG,
            PASSING,
            &[&format!("conduct.breaches = [{breach}]")],
            id,
            &[part],
        );
    }
}

#[test]
fn point_33_items_and_methods_are_those_of_the_detailed_rules() {
    for rule_set in SHANXI {
        stands_for(rule_set, "testing.as-ruled", "order-18.testing.as-ruled");
        breaks(
            rule_set,
            PASSING,
            &["testing.items_as_ruled = false"],
            "testing.as-ruled",
            &["items"],
        );
        breaks(
            rule_set,
            PASSING,
            &["testing.methods_as_ruled = false"],
            "testing.as-ruled",
            &["methods"],
        );
    }
    breaks(
        ORDER,
        PASSING,
        &["testing.items_as_ruled = false"],
        "order-18.testing.as-ruled",
        &["items"],
    );
    // Zhangjiagang says it: nothing added, dropped or changed without authority.
    stands_for(
        ZHANGJIAGANG,
        "testing.as-ruled",
        "order-18.testing.as-ruled",
    );
    for (edit, part) in [
        ("testing.items_added = [附加项目]", "items-added"),
        ("testing.items_dropped = [绝缘电阻]", "items-dropped"),
        (
            "testing.methods_changed = [改用简易方法]",
            "methods-changed",
        ),
    ] {
        breaks(ZHANGJIAGANG, PASSING, &[edit], "testing.as-ruled", &[part]);
    }
}

#[test]
fn point_34_unpaid_samples_are_returned_by_the_organiser_and_in_shanxi_by_the_testing_body() {
    let bearer = |rule_set: &str, id: &str| world_of(rule_set).obligation(id).bearer.clone();
    assert_eq!(
        bearer(ORDER, "order-18.disposal.passed-unpaid-returned"),
        "organiser"
    );
    let not_returned: &[&str] = &[
        "disposal.unpaid_samples = true",
        "disposal.returned_on = 无",
    ];
    let not_handed_over: &[&str] = &[
        "disposal.unpaid_samples = true",
        "disposal.handed_over_on = 无",
    ];
    decides(
        ORDER,
        PASSING,
        not_returned,
        "order-18.disposal.passed-unpaid-returned",
        Violated,
    );
    for rule_set in SHANXI {
        stands_for(
            rule_set,
            "disposal.passed-unpaid-returned",
            "order-18.disposal.passed-unpaid-returned",
        );
        assert_eq!(
            bearer(rule_set, "disposal.passed-unpaid-returned"),
            "inspection_agency"
        );
        decides(
            rule_set,
            PASSING,
            not_returned,
            "disposal.passed-unpaid-returned",
            Violated,
        );
        breaks(
            rule_set,
            FAILING,
            not_handed_over,
            "disposal.failed-unpaid-handed-over",
            &["handed-over"],
        );
    }
    nothing_says(ORDER, "disposal.");
}

#[test]
fn point_35_the_papers_left_are_three_in_shanxi_two_in_datong_and_none_in_order_18() {
    let no_feedback_form: &[&str] = &["sampling.papers_left = [notice, sampling_form]"];
    for rule_set in [SX, COAL, MACHINES] {
        breaks(
            rule_set,
            PASSING,
            no_feedback_form,
            "sampling.papers-left",
            &["feedback-form"],
        );
    }
    decides(
        DATONG,
        PASSING,
        no_feedback_form,
        "sampling.papers-left",
        Satisfied,
    );
    breaks(
        DATONG,
        PASSING,
        &["sampling.papers_left = [notice]"],
        "sampling.papers-left",
        &["sampling-form"],
    );
    nothing_says(ORDER, "sampling.papers-left");
    nothing_says(ORDER, "order-18.sampling.papers-left");
}

#[test]
fn point_36_failures_go_into_the_credit_system_under_158_and_159() {
    for rule_set in [COAL, MACHINES] {
        decides(
            rule_set,
            FAILING,
            &["publication.credit_entered_on = 无"],
            "publication.failure-in-credit-system",
            Violated,
        );
        decides(
            rule_set,
            FAILING,
            &["publication.credit_entered_on = 2024-05-20"],
            "publication.failure-in-credit-system",
            Satisfied,
        );
        // Whether a refusal published as a failure is a failing result is for a person.
        decides(
            rule_set,
            REFUSED,
            &[],
            "publication.failure-in-credit-system",
            Review,
        );
    }
    for rule_set in [SX, DATONG, ORDER] {
        nothing_says(rule_set, "publication.failure-in-credit-system");
    }
}

/// Fixed days that fall on rest days: strictly only statutory festivals move them (Order 18 art. 55), broadly every day
/// off does; and whether art. 55 moves a fixed day at all is arguable, so a person judges.
#[test]
fn fixed_days_that_are_days_off_leave_the_days_up_to_the_next_working_day_to_a_person() {
    for (rule_set, id, fixture, served) in [
        // Qingming of 2024: the festival is 4 April, 5 and 6 April are off, 7 April is worked.
        (
            SX,
            "report.respondent-served-by-2024-04-05",
            FAILING,
            ["2024-04-05", "2024-04-06", "2024-04-07", "2024-04-08"],
        ),
    ] {
        for (day, outcome) in served.iter().zip([Satisfied, Review, Review, Violated]) {
            let edit = format!("report.to_respondent.received_on = {day}");
            decides(rule_set, fixture, &[&edit], id, outcome);
        }
    }
    // 2021-09-25 is a Saturday, 26 September a Sunday that is worked; 2025-11-15 is a Saturday, 17 November the Monday.
    for (rule_set, id, folder, name, served) in [
        (
            MACHINES,
            "report.respondent-served-by-2021-09-25",
            "fixtures/shanxi-2021-159-machinery-daily-textile",
            "backup-stored-with-approval",
            [
                ("2021-09-25", Satisfied),
                ("2021-09-26", Review),
                ("2021-09-27", Violated),
            ],
        ),
        (
            DATONG,
            "report.respondent-served-by-2025-11-15",
            "fixtures/shanxi-datong-2025",
            "washing-machine-at-a-shop",
            [
                ("2025-11-15", Satisfied),
                ("2025-11-17", Review),
                ("2025-11-18", Violated),
            ],
        ),
    ] {
        for (day, outcome) in served {
            let record = Dossier::at(folder, name)
                .set("report.to_respondent.received_on", day)
                .record();
            let audit = world_of(rule_set).audit(&record, None, true);
            assert_eq!(finding(&audit, id).outcome, outcome, "{rule_set}: {day}");
        }
    }
    // 2021-07-25, the first day of 158 and 159, is a Sunday: a first day does not move.
    for (rule_set, folder, name) in [
        (
            COAL,
            "fixtures/shanxi-2021-158-coal",
            "coke-works-followed-up",
        ),
        (
            MACHINES,
            "fixtures/shanxi-2021-159-machinery-daily-textile",
            "backup-stored-with-approval",
        ),
    ] {
        for (day, outcome) in [("2021-07-24", Violated), ("2021-07-25", Satisfied)] {
            let record = Dossier::at(folder, name)
                .set("sampling.sampled_on", day)
                .record();
            let audit = world_of(rule_set).audit(&record, None, true);
            assert_eq!(
                finding(&audit, "sampling.within-schedule").outcome,
                outcome,
                "{rule_set}: {day}"
            );
        }
    }
}
