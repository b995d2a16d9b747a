//! What the graph of obligations does to an audit: which duties do not apply, which follow from others, which are excused.

use std::collections::BTreeSet;

use crate::support::campaigns::{CAMPAIGNS, world_of};
use crate::support::dossier::Dossier;
use crate::support::{dossiers, finding, open, world};
use crate::table::{ORDER, audit_moved};
use choucha::audit::{CaseAudit, Outcome};
use choucha::graph::{EdgeKind, NodeId, NodeKind};

const PASSING: &str = "passing-report-at-a-shop";

/// The obligations that presuppose a node, directly or through others.
fn downstream(id: &str) -> BTreeSet<String> {
    let graph = world().auditor.graph();
    let start = graph
        .nodes()
        .find(|(_, node)| node.id().0 == id)
        .expect("a node")
        .0;
    let mut reached: BTreeSet<NodeId> = BTreeSet::from([start]);
    loop {
        let more: Vec<NodeId> = graph
            .edges()
            .filter(|edge| edge.kind == EdgeKind::After)
            .filter(|edge| reached.contains(&edge.from) && !reached.contains(&edge.to))
            .map(|edge| edge.to)
            .collect();
        if more.is_empty() {
            break;
        }
        reached.extend(more);
    }
    reached
        .into_iter()
        .filter_map(|node| graph.node(node)?.obligation())
        .map(|obligation| obligation.id.0.clone())
        .collect()
}

fn outcome(audit: &CaseAudit, id: &str) -> Outcome {
    finding(audit, id).outcome
}

#[test]
fn what_did_not_take_place_switches_off_all_that_presupposes_it_and_says_what_it_was() {
    for (fixture, stage, title, at_least) in [
        ("unlicensed-terminated", "sampling", "完成抽样", 70),
        ("refusal-of-inspection", "sampling", "完成抽样", 70),
        ("sampling-impossible", "sampling", "完成抽样", 70),
        ("sampling-impossible", "visit.on-site", "到场抽样", 1),
        ("irregular-sample-refused", "acceptance", "样品接收", 50),
        ("testing-terminated", "testing", "完成检验", 50),
        ("testing-impossible", "testing", "完成检验", 50),
        (PASSING, "report.failed", "检验结论不合格", 20),
        (PASSING, "storage", "备用样品存放被抽样单位", 5),
        // Order 18 art. 24 says 样品: sealing and safekeeping apply to the test sample too.
        (PASSING, "storage.any", "样品存放被抽样单位", 2),
        ("retest-passed", "failure", "最终结论不合格", 10),
    ] {
        let audit = Dossier::of(fixture).audit(None);
        let off = downstream(stage);
        assert!(off.len() >= at_least, "{stage}: {}", off.len());
        for id in &off {
            let finding = finding(&audit, id);
            assert_eq!(finding.outcome, Outcome::NotApplicable, "{fixture}: {id}");
            assert!(
                finding.because.zh.contains("环节") || finding.because.zh.contains("前提"),
                "{id}: {}",
                finding.because.zh
            );
            assert!(finding.root_cause.is_none());
        }
        assert!(
            off.iter()
                .any(|id| finding(&audit, id).because.zh.contains(title)),
            "{fixture}: nothing says that `{title}` was not reached"
        );
    }
}

#[test]
fn what_still_binds_is_not_switched_off() {
    for (fixture, bound) in [
        (
            "unlicensed-terminated",
            &[
                "sampling.documents-shown",
                "termination.county-told",
                "sampling.at-least-two-samplers",
            ][..],
        ),
        (
            "refusal-of-inspection",
            &[
                "refusal.recorded-on-form",
                "follow-up.handled-by-law",
                "sampling.documents-shown",
            ],
        ),
        (
            "sampling-impossible",
            &[
                "order-18.impossible.recorded-and-reported",
                "draw.at-random",
            ],
        ),
        (
            "irregular-sample-refused",
            &[
                "receipt.refusal-reasoned",
                "ecqs.sampling-by-next-day",
                "samples.sealed",
            ],
        ),
        (
            "testing-terminated",
            &[
                "testing-termination.province-told-in-writing",
                "receipt.checked",
            ],
        ),
        (
            "retest-passed",
            &[
                "report.failed.mail-to-province",
                "order-18.retest.fee-borne-by-organiser",
            ],
        ),
    ] {
        let audit = Dossier::of(fixture).audit(None);
        for id in bound {
            assert_eq!(outcome(&audit, id), Outcome::Satisfied, "{fixture}: {id}");
        }
    }
}

#[test]
fn a_stage_whose_being_reached_is_unknown_leaves_what_follows_open() {
    let audit = Dossier::of(PASSING)
        .edited(&[
            "complete -",
            "testing.outcome -",
            "testing.finished_on -",
            "report -",
            "confirmation -",
        ])
        .audit(None);
    let finding = finding(&audit, "testing.as-ruled");
    assert_eq!(finding.outcome, Outcome::Undetermined);
    let missing: Vec<&str> = finding
        .missing
        .iter()
        .map(|missing| missing.fact.as_str())
        .collect();
    assert_eq!(missing, ["testing.outcome"]);
}

#[test]
fn a_root_cause_is_a_violation_that_follows_from_nothing_itself() {
    let mut seen = 0;
    for (name, record) in dossiers() {
        let audit = world().audit(&record, None, true);
        for consequence in &audit.findings {
            let Some(root) = &consequence.root_cause else {
                continue;
            };
            assert_eq!(
                consequence.outcome,
                Outcome::Violated,
                "{name}: {}",
                consequence.obligation
            );
            let cause = finding(&audit, &root.0);
            assert_eq!(cause.outcome, Outcome::Violated, "{name}: {root}");
            assert_eq!(cause.root_cause, None, "{name}: {root}");
            assert_ne!(*root, consequence.obligation);
            let follows = downstream(&root.0).contains(&consequence.obligation.0);
            let remedies = world()
                .obligation(&consequence.obligation.0)
                .remedies
                .as_ref();
            // A remedy that would have excused the breach is its root; any other follows from the breach.
            let root_of = world().obligation(&root.0).remedies.as_ref();
            let unexcused = world().obligation(&root.0).excuses
                && root_of.is_some_and(|link| link.id == consequence.obligation);
            assert!(
                follows || unexcused || remedies.is_some_and(|link| link.id == *root),
                "{name}: {} has nothing to do with {root}",
                consequence.obligation
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn consequences_are_reported_under_their_root() {
    for (fixture, edits, root, consequences) in [
        (
            PASSING,
            &["sampling.unlawful_suspected = true"][..],
            "sampling.terminate-where-unlawful",
            &[
                "termination.recorded-on-problem-form",
                "termination.province-told",
                "termination.city-told",
                "termination.county-told",
            ][..],
        ),
        (
            PASSING,
            &[
                "report.to_respondent.posted_on = 无",
                "report.to_respondent.received_on = 无",
            ],
            "report.respondent-told",
            &["report.respondent-served-by-2024-04-05"],
        ),
        (
            "failing-report-at-a-shop",
            &["ecqs.results_entered_on = 2024-04-22"],
            "ecqs.results-within-3-workdays",
            &["ecqs.results-by-2024-04-15"],
        ),
        (
            PASSING,
            &[
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = true",
                "sampling.refusal_annotated = false",
            ],
            "sampling.refusal-to-sign-noted",
            &["sampling.form-signed-by-respondent"],
        ),
        (
            "failing-report-at-a-shop",
            &[
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = false",
            ],
            "sampling.form-signed-by-respondent",
            &[],
        ),
    ] {
        let audit = Dossier::of(fixture).edited(edits).audit(None);
        assert_eq!(outcome(&audit, root), Outcome::Violated, "{root}");
        assert_eq!(finding(&audit, root).root_cause, None, "{root}");
        let violated: BTreeSet<String> = open(&audit).into_iter().collect();
        assert_eq!(violated.len(), consequences.len() + 1, "{violated:?}");
        for id in consequences {
            let cause = finding(&audit, id)
                .root_cause
                .as_ref()
                .map(|id| id.0.as_str());
            assert_eq!(cause, Some(root), "{id}");
        }
    }
}

#[test]
fn a_refusal_to_sign_excuses_the_signature_only_where_it_is_noted() {
    let signature = "sampling.form-signed-by-respondent";
    let note = "sampling.refusal-to-sign-noted";
    use Outcome::{NotApplicable, Satisfied, Undetermined, Violated};
    for (edits, of_signature, of_note) in [
        (
            &["sampling.respondent_signed = true"][..],
            Satisfied,
            NotApplicable,
        ),
        (
            &["sampling.respondent_signed = false"],
            Violated,
            NotApplicable,
        ),
        (
            &[
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = false",
            ],
            Violated,
            NotApplicable,
        ),
        (
            &[
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = true",
                "sampling.refusal_annotated = true",
            ],
            NotApplicable,
            Satisfied,
        ),
        (
            &[
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = true",
                "sampling.refusal_annotated = false",
            ],
            Violated,
            Violated,
        ),
        (
            &[
                "complete -",
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign = true",
                "sampling.refusal_annotated -",
            ],
            Undetermined,
            Undetermined,
        ),
        (
            &[
                "complete -",
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign -",
                "sampling.refusal_annotated -",
            ],
            Undetermined,
            Undetermined,
        ),
        // The note on the form shows that the respondent refused.
        (
            &[
                "complete -",
                "sampling.respondent_signed = false",
                "sampling.refused_to_sign -",
                "sampling.refusal_annotated = true",
            ],
            NotApplicable,
            Satisfied,
        ),
        (
            &[
                "complete -",
                "sampling.respondent_signed -",
                "sampling.refused_to_sign -",
                "sampling.refusal_annotated -",
            ],
            Undetermined,
            Undetermined,
        ),
    ] {
        let audit = Dossier::of(PASSING).edited(edits).audit(None);
        assert_eq!(
            (outcome(&audit, signature), outcome(&audit, note)),
            (of_signature, of_note),
            "{edits:?}"
        );
        let relieved = finding(&audit, signature)
            .relieved_by
            .as_ref()
            .map(|id| id.0.as_str());
        assert_eq!(
            relieved,
            (of_signature == NotApplicable).then_some(note),
            "{edits:?}"
        );
    }
}

/// An exception, a dossier under a rule set in which its duty would be violated, and the fact that decides.
struct Tried {
    rule_set: &'static str,
    fixture: &'static str,
    edits: &'static [&'static str],
    exception: &'static str,
    holds: &'static str,
    fails: &'static str,
    obligation: &'static str,
}

const BATCH_1: &str = "shanxi/2024-batch-1";
const FAILING: &str = "failing-report-at-a-shop";
const RETEST: &str = "objection-and-retest";

/// Every exception but `WITHIN_ISSUE`, which has its own test: it concerns a right, which lapses and cannot be violated.
const TRIED: &[Tried] = &[
    Tried {
        rule_set: BATCH_1,
        fixture: "sampler-tested",
        edits: &[],
        exception: "testing.on-site",
        holds: "testing.on_site = true",
        fails: "testing.on_site = false",
        obligation: "testing.not-by-samplers",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: PASSING,
        edits: &["earlier.same_authority_on = 2024-01-02"],
        exception: "earlier.follow-up-or-emergency",
        holds: "case.kind = emergency",
        fails: "case.kind = routine",
        obligation: "order-18.earlier.not-twice-in-six-months",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: PASSING,
        edits: &[
            "earlier.higher_authority_on = 2024-01-02",
            "earlier.proof_shown = true",
        ],
        exception: "earlier.follow-up-or-emergency",
        holds: "case.kind = follow_up",
        fails: "case.kind = routine",
        obligation: "order-18.earlier.not-after-higher-check",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: RETEST,
        edits: &[
            "retest.body = 示例检验机构甲",
            "case.inspection_agency = 示例检验机构甲",
        ],
        exception: "retest.only-qualified-body",
        holds: "retest.only_qualified_body = true",
        fails: "retest.only_qualified_body = false",
        obligation: "order-18.retest.other-body",
    },
    // The notice has no such exception (reading 10).
    Tried {
        rule_set: ORDER,
        fixture: PASSING,
        edits: &[
            "purchase -",
            "purchase.bought = false",
            "product.materially_affected = false",
        ],
        exception: "purchase.non-destructive",
        holds: "product.destructive_test = false",
        fails: "product.destructive_test = true",
        obligation: "order-18.purchase.test-sample-bought",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: RETEST,
        edits: &[
            "retest.backup_paid_on = 无",
            "product.materially_affected = false",
        ],
        exception: "retest.non-destructive",
        holds: "product.destructive_test = false",
        fails: "product.destructive_test = true",
        obligation: "order-18.retest.backup-paid",
    },
    // Posted late, but received by the organiser in time: delivered before the papers were posted.
    Tried {
        rule_set: BATCH_1,
        fixture: FAILING,
        edits: &[
            "report.to_organiser.due_on = 2024-03-20",
            "report.to_organiser.posted_on = 2024-03-22",
        ],
        exception: "report.with-organiser-in-time",
        holds: "report.to_organiser.received_on = 2024-03-19",
        fails: "report.to_organiser.received_on = 2024-03-25",
        obligation: "order-18.report.sent-to-organiser",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: FAILING,
        edits: &[
            "report.to_organiser.due_on = 无",
            "report.to_organiser.posted_on = 无",
        ],
        exception: "report.sent-to-organiser-otherwise",
        holds: "report.to_province.posted_on = 2024-03-08",
        fails: "report.to_province.posted_on = 无",
        obligation: "order-18.report.sent-at-all",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: RETEST,
        edits: &[
            "objection.grounds = [authenticity]",
            "publication.home_bureau_told_on = 无",
        ],
        exception: "producer.not-the-maker",
        holds: "objection.denial_proved = true",
        fails: "objection.denial_proved = false",
        obligation: "order-18.result.home-bureau-told",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: FAILING,
        edits: &[
            "follow_up.resumed_on = 2024-05-19",
            "follow_up.recheck_passed_on = 2024-05-27",
        ],
        exception: "resumption.for-recheck-samples",
        holds: "follow_up.resumed_for_samples = true",
        fails: "follow_up.resumed_for_samples = false",
        obligation: "order-18.respondent.no-resumption-before-pass",
    },
    Tried {
        rule_set: BATCH_1,
        fixture: "recheck-not-announced",
        edits: &["recheck.reported_up_on = 无"],
        exception: "recheck.bureau-is-provincial",
        holds: "follow_up.bureau_level = provincial",
        fails: "follow_up.bureau_level = county",
        obligation: "order-18.recheck.failure-reported-up",
    },
];

const WITHIN_ISSUE: &str = "objection.within-15-days-of-issue";

#[test]
fn an_exception_that_holds_relieves_one_that_does_not_hold_does_not_and_one_that_may_hold_leaves_it_open()
 {
    let mut wrong = Vec::new();
    for tried in TRIED {
        let obligation = tried.obligation;
        let path = tried.holds.split_once(" = ").expect("an edit").0;
        let removed = format!("{path} -");
        let audit = |more: &[&str]| {
            let edits: Vec<&str> = tried.edits.iter().chain(more).copied().collect();
            audit_moved(tried.rule_set, tried.fixture, &edits)
        };
        let mut expect = |said: &str, holds: bool, found: String| {
            if !holds {
                wrong.push(format!("{obligation}, {said}: {found}"));
            }
        };

        let relieved = audit(&[tried.holds]);
        let found = finding(&relieved, obligation);
        let by = found.relieved_by.as_ref().map(|id| id.0.as_str());
        let relieves = found.outcome == Outcome::Satisfied && by == Some(tried.exception);
        expect(tried.holds, relieves, format!("{:?} {by:?}", found.outcome));
        let is_evidence = found.evidence.iter().any(|evidence| evidence.fact == path);
        expect(tried.holds, is_evidence, format!("{:?}", found.evidence));

        let breached = outcome(&audit(&[tried.fails]), obligation);
        let is_breached = breached == Outcome::Violated;
        expect(tried.fails, is_breached, format!("{breached:?}"));

        let open = audit(&["complete -", &removed]);
        let found = finding(&open, obligation);
        let is_open = found.outcome == Outcome::Undetermined;
        expect("open", is_open, format!("{:?}", found.outcome));
        let is_missing = found.missing.iter().any(|missing| missing.fact == path);
        expect("open", is_missing, format!("{:?}", found.missing));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A conclusion cannot be received before its issue, so an objection within 15 days of the issue is in time whenever the
/// conclusion came.
#[test]
fn an_objection_within_15_days_of_the_issue_is_in_time_whenever_the_conclusion_was_received() {
    let right = "order-18.objection.within-15-days";
    let audit = |edits: &[&str]| {
        let open = [&["complete -", "case.closed_on -"], edits].concat();
        Dossier::of(RETEST).edited(&open).audit(None)
    };
    let unknown = "report.to_respondent -";

    let in_time = audit(&[unknown, "objection.filed_on = 2024-03-15"]);
    let found = finding(&in_time, right);
    assert_eq!(found.outcome, Outcome::Satisfied);
    let by = found.relieved_by.as_ref().map(|id| id.0.as_str());
    assert_eq!(by, Some(WITHIN_ISSUE));

    let later = audit(&[unknown, "objection.filed_on = 2024-03-20"]);
    assert_eq!(outcome(&later, right), Outcome::Undetermined);

    let late = audit(&[
        "report.to_respondent.received_on = 2024-03-04",
        "objection.filed_on = 2024-03-25",
    ]);
    let found = finding(&late, right);
    assert_eq!(found.outcome, Outcome::NotApplicable);
    assert!(found.lapsed && found.relieved_by.is_none());
}

#[test]
fn every_exception_in_force_is_tried() {
    let mut tried: BTreeSet<&str> = TRIED.iter().map(|tried| tried.exception).collect();
    tried.insert(WITHIN_ISSUE);
    let mut in_force: BTreeSet<&str> = BTreeSet::new();
    for campaign in CAMPAIGNS {
        let nodes = world_of(campaign.rule_set).auditor.graph().nodes();
        let exceptions = nodes.filter(|(_, node)| node.kind() == NodeKind::Exception);
        in_force.extend(exceptions.map(|(_, node)| node.id().0.as_str()));
    }
    assert_eq!(in_force, tried);
}

#[test]
fn a_late_objection_lapses_and_the_bureau_owes_nothing() {
    let late = Dossier::of("objection-and-retest")
        .set("objection.filed_on", "2024-04-30")
        .audit(None);
    let right = finding(&late, "order-18.objection.within-15-days");
    assert_eq!(right.outcome, Outcome::NotApplicable);
    assert!(
        right.lapsed && right.because.zh.contains("丧失权利"),
        "{}",
        right.because.zh
    );
    assert_eq!(right.bearer, "retest_applicant");
    for id in downstream("objection.in-time") {
        assert_eq!(outcome(&late, &id), Outcome::NotApplicable, "{id}");
    }
}

/// Duties that replace one of the order's but cite only the notice, and why.
const ALONE: &[(&str, &str)] = &[(
    "purchase.test-sample-bought",
    "Order 18 art. 22 has its exception in the same sentence, and the notice has none (reading 10)",
)];

#[test]
fn a_notice_that_tightens_the_order_replaces_its_duty_and_cites_both_but_where_the_order_excepts() {
    let graph = world().auditor.graph();
    let in_force: BTreeSet<&str> = world().obligations().map(|o| o.id.0.as_str()).collect();
    let mut refined = 0;
    let mut wrong = Vec::new();
    let audit = Dossier::of(PASSING).audit(None);
    for (_, node) in graph.nodes() {
        for alias in &node.aliases {
            refined += 1;
            assert!(
                !in_force.contains(alias.0.as_str()),
                "{alias} is in force beside {}",
                node.id()
            );
            let resolved = graph.resolve(alias).and_then(|id| graph.node(id));
            assert!(
                resolved.is_some_and(|resolved| resolved.aliases.contains(alias)),
                "{alias}"
            );
            let cited: BTreeSet<&str> = finding(&audit, &node.id().0)
                .citations
                .iter()
                .map(|citation| citation.instrument.as_str())
                .collect();
            let alone = ALONE.iter().any(|(id, _)| *id == node.id().0);
            let expected = if alone {
                BTreeSet::from(["晋市监发〔2024〕3号"])
            } else {
                BTreeSet::from(["市场监管总局令第18号", "晋市监发〔2024〕3号"])
            };
            if cited != expected {
                wrong.push(format!("{}: {cited:?}", node.id()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refined > 30, "{refined}");
}

#[test]
fn every_finding_has_citations_and_reasons_in_both_languages() {
    for (name, record) in dossiers() {
        for finding in world().audit(&record, None, true).findings {
            let about = format!("{name}: {}", finding.obligation);
            assert!(!finding.citations.is_empty(), "{about}");
            assert!(
                finding
                    .citations
                    .iter()
                    .all(|citation| !citation.quote.is_empty()),
                "{about}"
            );
            for text in [&finding.title, &finding.because, &finding.bearer_label] {
                assert!(
                    !text.zh.trim().is_empty() && !text.en.trim().is_empty(),
                    "{about}"
                );
            }
            let is_chinese =
                |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(
                is_chinese(&finding.because.zh),
                "{about}: {}",
                finding.because.zh
            );
            assert_eq!(
                finding.outcome == Outcome::Undetermined,
                !finding.missing.is_empty(),
                "{about}"
            );
            if finding.outcome == Outcome::Review {
                assert!(!finding.readings.is_empty(), "{about}");
            }
        }
    }
}
