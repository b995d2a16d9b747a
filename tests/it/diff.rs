//! The notices against each other, as `law/notices-vs-order-18.md` of the project's sources describes them.

use choucha::compare::Aspect;
use choucha::compare::Class;
use choucha::diff::*;
use choucha::engine::Engine;
use choucha::obligation::Obligation;
use choucha::rulebook::RuleFolder;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::load(&RuleFolder::embedded()).unwrap());

const COAL: &str = "shanxi/2021-158-coal";
const MACHINERY: &str = "shanxi/2021-159-machinery-daily-textile";
const BATCH: &str = "shanxi/2024-batch-1";
const DATONG: &str = "shanxi/datong-2025";

fn side(id: &str) -> Side<'static> {
    Side {
        layers: ENGINE.layers(ENGINE.rulebook().rule_set(id).unwrap()),
        vocabulary: ENGINE.vocabulary(),
    }
}

fn diff(before: &str, after: &str, reach: Reach) -> Diff<'static> {
    Diff::of(side(before), side(after), reach)
}

/// The entry of a duty, by its id on either side.
fn entry<'d>(diff: &'d Diff<'static>, id: &str) -> &'d Entry<'static> {
    let named = |duty: Option<&Obligation>| duty.is_some_and(|duty| duty.id.0 == id);
    let mut all = diff.entries.iter();
    all.find(|entry| named(entry.after) || named(entry.before))
        .unwrap_or_else(|| panic!("no entry of `{id}`"))
}

#[track_caller]
fn is(diff: &Diff<'static>, kind: DutyChange, ids: &[&str]) {
    for id in ids {
        assert_eq!(entry(diff, id).kind, kind, "{id}");
    }
}

#[track_caller]
fn changes(diff: &Diff<'static>, id: &str, aspect: Aspect, class: Class) {
    let found = &entry(diff, id).changes;
    let has = found
        .iter()
        .any(|change| change.aspect == aspect && change.class == class);
    assert!(has, "{id}: {found:?}");
}

#[test]
fn the_coal_plan_against_the_machinery_plan() {
    let diff = diff(COAL, MACHINERY, Reach::Effective);
    // 158 has no backup sample on site; 159 has, with the province's approval and a notice.
    is(
        &diff,
        DutyChange::Added,
        &[
            "storage.ground",
            "storage.approved-by-province",
            "storage.notice-issued",
            "storage.duty-explained",
            "storage.camera-cover",
        ],
    );
    // Order 18 demands sealing anyway.
    is(
        &diff,
        DutyChange::Reworded,
        &[
            "storage.sealed-and-labelled",
            "testing.terminate-where-unlawful",
        ],
    );
    // 158 is silent on terminated testing: Order 18's report stands; 159 wants it in writing.
    is(
        &diff,
        DutyChange::Tightened,
        &[
            "testing-termination.province-told-in-writing",
            "samples.carried-or-posted",
            "sampling.within-schedule",
        ],
    );
    is(
        &diff,
        DutyChange::Same,
        &[
            "purchase.test-sample-bought",
            "order-18.termination.organiser-told",
            "order-18.testing-termination.producer-county-told",
            "testing.not-by-samplers",
        ],
    );
    // 158 divides the territory between two agencies, and gives two cokes one number.
    is(
        &diff,
        DutyChange::Dropped,
        &["agency.within-its-territory", "plan.shared-batches"],
    );
    assert_eq!(diff.count(DutyChange::Relaxed), 0);
}

#[test]
fn the_machinery_plan_against_the_first_batch_of_2024() {
    let diff = diff(MACHINERY, BATCH, Reach::Effective);
    // The termination is reported at once under both; the notice has one form that could be taken for the report, not two.
    is(
        &diff,
        DutyChange::Tightened,
        &["purchase.test-sample-bought", "termination.province-told"],
    );
    changes(
        &diff,
        "termination.province-told",
        Aspect::Judgement,
        Class::Tightened,
    );
    changes(
        &diff,
        "purchase.test-sample-bought",
        Aspect::Exception,
        Class::Tightened,
    );
    is(
        &diff,
        DutyChange::Added,
        &[
            "blind.tested-blind",
            "blind.renumbered-and-handed-over",
            "purchase.payment-form",
            "report.failed.improvement-proposal-issued",
            "termination.recorded-on-problem-form",
            "termination.city-told",
            "termination.problem-form-sent",
            "storage.state-recorded",
        ],
    );
    is(
        &diff,
        DutyChange::Dropped,
        &[
            "publication.failure-in-credit-system",
            "sampling.not-online",
            "campaign.last-year-failures-followed",
            "plan.goods-for-the-elderly",
        ],
    );
    is(
        &diff,
        DutyChange::Reworded,
        &["report.failed.mail-to-province"],
    );
    // The order's reports follow a termination on the spot only (reading 36); the notice does not confine its own.
    is(&diff, DutyChange::Tightened, &["termination.county-told"]);
    // Dates of the schedules of different years are no stricter and no laxer.
    is(&diff, DutyChange::Differs, &["report.issued-by-2024-04-05"]);
}

#[test]
fn the_first_batch_of_2024_against_datong() {
    let diff = diff(BATCH, DATONG, Reach::Effective);
    let mailed = entry(&diff, "report.failed.mail-to-city");
    assert_eq!(
        mailed.before.unwrap().id.0,
        "report.failed.mail-to-province"
    );
    assert_eq!(
        (mailed.kind, mailed.matched),
        (DutyChange::Relaxed, Some(Match::Likeness))
    );
    changes(
        &diff,
        "report.failed.mail-to-city",
        Aspect::Deadline,
        Class::Relaxed,
    );
    changes(
        &diff,
        "report.failed.mail-to-city",
        Aspect::Demand,
        Class::Differs,
    );
    is(
        &diff,
        DutyChange::Same,
        &[
            "purchase.test-sample-bought",
            "blind.tested-blind",
            "purchase.payment-form",
        ],
    );
    is(
        &diff,
        DutyChange::Dropped,
        &[
            "termination.city-told",
            "termination.problem-form-sent",
            "report.failed.technical-help",
        ],
    );
    is(
        &diff,
        DutyChange::Reworded,
        &["termination.city-organiser-told", "termination.county-told"],
    );
    // Another bureau approves.
    is(&diff, DutyChange::Differs, &["storage.approved-by-city"]);
    // The improvement proposal must be put to both, and not only issued; but no longer where a retest passed.
    is(
        &diff,
        DutyChange::Relaxed,
        &[
            "sampling.papers-left",
            "report.failed.papers-to-respondent",
            "report.failed.improvement-proposal",
        ],
    );
    // Another bureau handles the results, and only Datong's plan has appliances to screen and products that share a number.
    is(
        &diff,
        DutyChange::Added,
        &[
            "agency.appliances-screened",
            "campaign.results-handled-by-county-or-corps",
            "plan.shared-batches",
        ],
    );
    assert_eq!(diff.count(DutyChange::Added), 3);
}

#[test]
fn every_duty_of_either_side_is_in_one_entry_and_turned_round_the_diff_says_the_contrary() {
    for (before, after) in [
        (COAL, MACHINERY),
        (BATCH, DATONG),
        ("national/order-18", BATCH),
    ] {
        for reach in [Reach::Effective, Reach::Own] {
            let (there, back) = (diff(before, after, reach), diff(after, before, reach));
            let of = |ids: Vec<Option<&Obligation>>| ids.into_iter().flatten().count();
            let old = of(there.entries.iter().map(|entry| entry.before).collect());
            let new = of(there.entries.iter().map(|entry| entry.after).collect());
            assert_eq!(old, side(before).duties(reach).len());
            assert_eq!(new, side(after).duties(reach).len());
            assert_eq!(
                there.count(DutyChange::Added),
                back.count(DutyChange::Dropped)
            );
            assert_eq!(there.count(DutyChange::Same), back.count(DutyChange::Same));
            assert_eq!(
                there.count(DutyChange::Reworded),
                back.count(DutyChange::Reworded)
            );
            let sum: usize = DutyChange::ALL.iter().map(|kind| there.count(*kind)).sum();
            assert_eq!(sum, there.entries.len());
        }
    }
}

#[test]
fn rules_loaded_twice_are_the_same_though_their_facts_are_numbered_apart() {
    let other = Engine::load(&RuleFolder::embedded()).unwrap();
    for set in &other.rulebook().rule_sets {
        let after = Side {
            layers: other.layers(set),
            vocabulary: other.vocabulary(),
        };
        assert!(
            Diff::of(side(&set.id.0), after, Reach::Effective).is_same(),
            "{}",
            set.id
        );
    }
}
