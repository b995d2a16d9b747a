//! The totals of the sample's findings, as the reports show them.

use choucha_core::audit::{CaseAudit, Outcome};
use choucha_core::lang::Text;
use choucha_core::obligation::Scope;
use choucha_run::campaign::{CampaignAudit, GroupAudit, ScopeAudit};
use choucha_run::totals::{BodyTotals, NAMED, Totals};

use crate::sample::{audit, thin};

fn campaign<const N: usize>(audits: [CaseAudit; N]) -> CampaignAudit {
    let group = |audit: CaseAudit| GroupAudit {
        scope: Scope::Campaign,
        label: Text::default(),
        key: Text::default(),
        audit,
        cases: Vec::new(),
    };
    CampaignAudit {
        ruleset: audit().ruleset,
        ruleset_title: Text::default(),
        cases: 0,
        scopes: vec![ScopeAudit {
            scope: Scope::Campaign,
            label: Text::default(),
            groups: N,
            tallies: Vec::new(),
            shown: audits.map(group).into(),
        }],
        diagnostics: Vec::new(),
    }
}

#[test]
fn totals_add_up_whatever_they_are_taken_by() {
    let mut totals = Totals::new(true);
    for audit in [audit(), thin(), audit()] {
        totals.add(&audit);
    }
    totals.add_unaudited("案卷/坏文件.yaml");
    assert_eq!(totals.records, 4);
    assert_eq!(totals.cases.total(), totals.records);
    assert_eq!(totals.cases[Outcome::Violated], 2);
    let by_duty = |outcome: Outcome| -> usize {
        totals.duties().iter().map(|duty| duty.count(outcome)).sum()
    };
    for outcome in Outcome::ALL {
        assert_eq!(by_duty(outcome), totals.findings[outcome], "{outcome:?}");
    }
    assert_eq!(totals.findings.total(), 10 + 7 + 10);
    let late = &totals.worst_duties();
    assert!(late.iter().any(|duty| duty.latest == Some((4, false))));
    let bodies = totals.bodies();
    // People without an employer count for the agency they sampled for.
    let agency = bodies
        .iter()
        .find(|body| body.name.zh == "示例检测中心")
        .unwrap();
    assert_eq!(agency.cases, 3);
    assert_eq!(agency.violated_cases, 2);
    assert!(!bodies.iter().any(|body| body.name.zh.contains("某甲")));
}

#[test]
fn what_would_decide_most_is_reported_with_what_it_decides_alone() {
    let mut totals = Totals::new(false);
    totals.add(&thin());
    totals.add(&thin());
    let paper = totals.papers()[0].clone();
    assert_eq!(paper.paper.zh, "抽样单");
    // Five of seven duties lack the sampling sheet; nothing else is missing for them.
    assert_eq!((paper.findings, paper.alone, paper.cases), (10, 10, 2));
    let date = totals.gaps()[0];
    assert_eq!(date.fact, "sampling.sampled_on");
    assert_eq!((date.findings, date.alone, date.cases), (8, 2, 2));
}

#[test]
fn memory_does_not_grow_with_the_number_of_cases() {
    let mut totals = Totals::new(false);
    let sample = audit();
    for n in 0..500 {
        let mut audit = sample.clone();
        audit.case = format!("示例-{n}");
        totals.add(&audit);
    }
    for n in 0..100 {
        totals.add_unaudited(&format!("坏文件-{n}.yaml"));
    }
    assert_eq!(totals.unread.len(), NAMED);
    assert_eq!(totals.duties().len(), 10);
    assert!(totals.bodies().len() < 10);
    assert_eq!(totals.cases[Outcome::Violated], 500);
}

#[test]
fn a_group_of_cases_is_not_counted_as_a_case() {
    let mut totals = Totals::new(false);
    totals.add(&audit());
    let before: Vec<BodyTotals> = totals.bodies().into_iter().cloned().collect();
    // The same findings, as findings on groups.
    totals.add_campaign(&campaign([audit(), thin()]));
    for body in &before {
        let after = totals.bodies();
        let after = after.iter().find(|it| it.name == body.name).unwrap();
        let violated = body.counts[Outcome::Violated];
        assert_eq!(after.cases, body.cases);
        assert_eq!(after.violated_cases, body.violated_cases);
        assert_eq!(after.violated_across, violated);
        assert_eq!(after.counts[Outcome::Violated], 2 * violated);
    }
    assert!(totals.papers().iter().all(|paper| paper.cases <= 1));
}
