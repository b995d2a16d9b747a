//! What the graph of obligations does to an audit: what is switched off, what follows from what, what is excused.

use std::collections::BTreeSet;

use crate::support::dossier::Dossier;
use crate::support::{dossiers, finding, open, world};
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
        (PASSING, "storage", "备用样品存放被抽样单位", 6),
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
                "order-18.retest.fee-borne-by-loser",
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
                "sampling.refusal_annotated = true",
            ],
            Undetermined,
            Undetermined,
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

#[test]
fn an_exception_that_holds_relieves_one_that_does_not_hold_does_not_and_one_that_may_hold_leaves_it_open()
 {
    for (fixture, edits, exception, holds, fails, obligation) in [
        (
            "sampler-tested",
            &[][..],
            "testing.on-site",
            "testing.on_site = true",
            "testing.on_site = false",
            "testing.not-by-samplers",
        ),
        (
            "passing-report-at-a-shop",
            &["transport.test_mode = by_respondent"],
            "testing.on-site",
            "testing.on_site = true",
            "testing.on_site = false",
            "samples.carried-or-posted",
        ),
        (
            "passing-report-at-a-shop",
            &["earlier.same_authority_on = 2024-01-02"],
            "earlier.follow-up-or-emergency",
            "case.kind = emergency",
            "case.kind = routine",
            "order-18.earlier.not-twice-in-six-months",
        ),
        (
            "passing-report-at-a-shop",
            &[
                "earlier.higher_authority_on = 2024-01-02",
                "earlier.proof_shown = true",
            ],
            "earlier.follow-up-or-emergency",
            "case.kind = follow_up",
            "case.kind = routine",
            "order-18.earlier.not-after-higher-check",
        ),
        (
            "objection-and-retest",
            &[
                "retest.body = 示例检验机构甲",
                "case.inspection_agency = 示例检验机构甲",
            ],
            "retest.only-qualified-body",
            "retest.only_qualified_body = true",
            "retest.only_qualified_body = false",
            "order-18.retest.other-body",
        ),
        (
            "objection-and-retest",
            &[
                "retest.backup_paid_on = 无",
                "product.materially_affected = false",
            ],
            "purchase.non-destructive",
            "product.destructive_test = false",
            "product.destructive_test = true",
            "order-18.retest.backup-paid",
        ),
    ] {
        let path = holds.split_once(" = ").expect("an edit").0;
        let base = Dossier::of(fixture).edited(edits);
        let relieved = base.clone().edited(&[holds]).audit(None);
        let found = finding(&relieved, obligation);
        assert_eq!(found.outcome, Outcome::Satisfied, "{obligation}");
        assert_eq!(
            found.relieved_by.as_ref().map(|id| id.0.as_str()),
            Some(exception),
            "{obligation}"
        );
        assert!(
            found.evidence.iter().any(|evidence| evidence.fact == path),
            "{obligation}: {:?}",
            found.evidence
        );

        let breached = base.clone().edited(&[fails]).audit(None);
        assert_eq!(
            outcome(&breached, obligation),
            Outcome::Violated,
            "{obligation}"
        );

        let open = base.edited(&["complete -"]).without(path).audit(None);
        let found = finding(&open, obligation);
        assert_eq!(found.outcome, Outcome::Undetermined, "{obligation}");
        assert!(
            found.missing.iter().any(|missing| missing.fact == path),
            "{obligation}: {:?}",
            found.missing
        );
    }
}

#[test]
fn every_exception_in_force_is_tried() {
    let tried = [
        "testing.on-site",
        "earlier.follow-up-or-emergency",
        "retest.only-qualified-body",
        "purchase.non-destructive",
    ];
    let graph = world().auditor.graph();
    let in_force: BTreeSet<&str> = graph
        .nodes()
        .filter(|(_, node)| node.kind() == NodeKind::Exception)
        .map(|(_, node)| node.id().0.as_str())
        .collect();
    assert_eq!(in_force, BTreeSet::from(tried));
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

#[test]
fn a_notice_that_tightens_the_order_replaces_its_duty_and_cites_both() {
    let graph = world().auditor.graph();
    let in_force: BTreeSet<&str> = world().obligations().map(|o| o.id.0.as_str()).collect();
    let mut refined = 0;
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
            assert_eq!(
                cited,
                BTreeSet::from(["市场监管总局令第18号", "晋市监发〔2024〕3号"]),
                "{}",
                node.id()
            );
        }
    }
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
