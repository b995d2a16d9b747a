//! Waivers in a record: which duties they cover, when, and the diagnostics for those that cover nothing.

use crate::support::dossier::{Dossier, line_of};
use crate::support::{day, finding, open};
use choucha::audit::{CaseAudit, Outcome};
use choucha::diagnostic::{Code, Level};

const MAIL: &str = "report.failed.mail-to-province";

/// A failing report mailed four days late, with the given waivers in its record.
fn waived(waivers: &str) -> Dossier {
    Dossier::of("late-mailing").set("waivers", waivers)
}

fn codes(audit: &CaseAudit) -> Vec<Code> {
    audit.diagnostics.iter().map(|d| d.code).collect()
}

/// A waiver, the day of the audit, and the result: the outcome of the late mailing and the diagnostic.
struct Row {
    says: &'static str,
    waiver: &'static str,
    as_of: &'static str,
    outcome: Outcome,
    code: Option<Code>,
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { says: "without dates", waiver: "{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Waived, code: None },
    // The report was to be mailed by 2024-03-08, whatever the day of the audit.
    Row { says: "from the due date on", waiver: "{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙, from: 2024-03-08, until: 2024-06-30}",
          as_of: "2024-12-31", outcome: Outcome::Waived, code: None },
    Row { says: "until the due date", waiver: "{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙, from: 2024-03-01, until: 2024-03-08}",
          as_of: "2024-05-31", outcome: Outcome::Waived, code: None },
    Row { says: "from the day after the due date", waiver: "{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙, from: 2024-03-09}",
          as_of: "2024-05-31", outcome: Outcome::Violated, code: Some(Code::WaiverExpired) },
    Row { says: "until the day before the due date", waiver: "{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙, until: 2024-03-07}",
          as_of: "2024-05-31", outcome: Outcome::Violated, code: Some(Code::WaiverExpired) },
    Row { says: "without an approver", waiver: "{obligation: report.failed.mail-to-province, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverInvalid) },
    Row { says: "with an approver known none", waiver: "{obligation: report.failed.mail-to-province, approver: 无, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverInvalid) },
    Row { says: "without a reason", waiver: "{obligation: report.failed.mail-to-province, approver: 甲}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverInvalid) },
    Row { says: "without an obligation", waiver: "{approver: 甲, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverInvalid) },
    Row { says: "of a misspelt obligation", waiver: "{obligation: report.failed.mail-to-provinse, approver: 甲, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverInvalid) },
    Row { says: "of an obligation that is kept", waiver: "{obligation: purchase.price, approver: 甲, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverUnused) },
    Row { says: "of an obligation that does not arise", waiver: "{obligation: report.passed.to-local-bureau, approver: 甲, reason: 乙}", as_of: "2024-05-31",
          outcome: Outcome::Violated, code: Some(Code::WaiverUnused) },
];

#[test]
fn a_waiver_covers_what_was_to_be_done_on_the_days_it_holds_and_says_why_it_covers_nothing() {
    for row in ROWS {
        let audit = waived(&format!("[{}]", row.waiver)).audit(Some(row.as_of));
        assert_eq!(finding(&audit, MAIL).outcome, row.outcome, "{}", row.says);
        assert_eq!(codes(&audit), Vec::from_iter(row.code), "{}", row.says);
        assert_eq!(
            audit.idle_waivers.len(),
            usize::from(row.code.is_some()),
            "{}",
            row.says
        );
        assert_eq!(audit.count(row.outcome), 1, "{}", row.says);
    }
}

#[test]
fn a_finding_that_is_waived_keeps_its_explanation_and_says_who_waived_it() {
    let audit = waived("[{obligation: report.failed.mail-to-province, approver: 某局长, reason: 道路中断, until: 2024-12-31}]").audit(None);
    let finding = finding(&audit, MAIL);
    let waiver = finding.waiver.as_ref().expect("a waiver");
    assert_eq!(
        (waiver.approver.as_str(), waiver.reason.as_str()),
        ("某局长", "道路中断")
    );
    assert_eq!(waiver.until, Some(day("2024-12-31")));
    let due = finding.due.as_ref().expect("a due date");
    assert_eq!((due.on, due.late_days), (day("2024-03-08"), 4));
    assert!(!finding.citations.is_empty());
    assert_eq!(audit.outcome(), Outcome::Waived);
}

#[test]
fn whatever_is_open_can_be_waived_and_what_is_not_cannot() {
    let waiver = "[{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙}]";
    let base = Dossier::of("failing-report-at-a-shop").set("waivers", waiver);
    for (says, edits, as_of, outcome) in [
        (
            "satisfied",
            &["report.to_province.posted_on = 2024-03-08"][..],
            "2024-05-31",
            Outcome::Satisfied,
        ),
        (
            "violated",
            &["report.to_province.posted_on = 2024-03-12"],
            "2024-05-31",
            Outcome::Waived,
        ),
        (
            "review",
            &[
                "report.issued_on = 2024-03-02",
                "report.to_province.posted_on = 2024-03-11",
            ],
            "2024-05-31",
            Outcome::Waived,
        ),
        (
            "undetermined",
            &["complete -", "report.to_province.posted_on -"],
            "2024-05-31",
            Outcome::Waived,
        ),
        (
            "pending",
            &["complete -", "report.to_province.posted_on -"],
            "2024-03-05",
            Outcome::Waived,
        ),
        (
            "not applicable",
            &[
                "report.conclusion = pass",
                "report.failed_items -",
                "follow_up -",
                "recheck -",
            ],
            "2024-05-31",
            Outcome::NotApplicable,
        ),
    ] {
        let audit = base.clone().edited(edits).audit(Some(as_of));
        assert_eq!(finding(&audit, MAIL).outcome, outcome, "{says}");
        let unused = !matches!(outcome, Outcome::Waived);
        assert_eq!(
            codes(&audit).contains(&Code::WaiverUnused),
            unused,
            "{says}"
        );
    }
}

#[test]
fn a_waiver_is_tried_on_the_day_of_the_act_where_nothing_is_due_and_else_on_the_day_of_the_audit() {
    let waiver = |id: &str, from: &str, until: &str| {
        format!("[{{obligation: {id}, approver: 甲, reason: 乙, from: {from}, until: {until}}}]")
    };
    // Handed over on 2024-03-10, too early; the production resumed on 2024-04-20, no recheck passed; one sampler only.
    let handed = "disposal.failed-unpaid-handed-over";
    let resumed = "order-18.respondent.no-resumption-before-pass";
    let samplers = "sampling.at-least-two-samplers";
    for (id, edits, day, other) in [
        (
            handed,
            &["disposal.handed_over_on = 2024-03-10"][..],
            "2024-03-10",
            "2024-03-21",
        ),
        (
            resumed,
            &[
                "follow_up.resumed_on = 2024-04-20",
                "follow_up.recheck_passed_on = 无",
            ],
            "2024-04-20",
            "2024-05-31",
        ),
        (
            samplers,
            &["sampling.samplers = [甲某]"],
            "2024-05-31",
            "2024-03-10",
        ),
    ] {
        let base = Dossier::of("failing-report-at-a-shop").edited(edits);
        for (on, outcome) in [(day, Outcome::Waived), (other, Outcome::Violated)] {
            let audit = base
                .clone()
                .set("waivers", &waiver(id, on, on))
                .audit(Some("2024-05-31"));
            assert_eq!(finding(&audit, id).outcome, outcome, "{id} {on}");
            assert_eq!(audit.idle_waivers.is_empty(), outcome == Outcome::Waived);
        }
    }
}

#[test]
fn a_misspelt_obligation_is_reported_with_its_place_and_the_nearest_id() {
    let dossier =
        waived("[{obligation: report.failed.mail-to-provinse, approver: 甲, reason: 乙}]");
    let audit = dossier.audit(None);
    let diagnostic = &audit.diagnostics[0];
    assert_eq!(diagnostic.level, Level::Warning);
    assert!(
        diagnostic.help.iter().any(|help| help.zh.contains(MAIL)),
        "{:?}",
        diagnostic.help
    );
    let span = &diagnostic.labels[0].span;
    let text = dossier.yaml();
    assert!(span.position().line > line_of(&text, "waivers"));
    assert_eq!(
        &span.source.text()[span.range.clone()],
        "report.failed.mail-to-provinse"
    );
}

#[test]
fn two_waivers_of_one_obligation_leave_the_second_unused_and_one_that_lapsed_does_not_hide_one_that_holds()
 {
    let audit = waived(
        "[{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙, until: 2024-03-01}, \
          {obligation: report.failed.mail-to-province, approver: 丙, reason: 丁, until: 2024-12-31}]",
    )
    .audit(None);
    let waiver = finding(&audit, MAIL).waiver.as_ref().expect("a waiver");
    assert_eq!(waiver.approver, "丙");
    assert_eq!(codes(&audit), [Code::WaiverExpired]);
    let audit = waived(
        "[{obligation: report.failed.mail-to-province, approver: 甲, reason: 乙}, \
          {obligation: report.failed.mail-to-province, approver: 丙, reason: 丁}]",
    )
    .audit(None);
    assert_eq!(codes(&audit), [Code::WaiverUnused]);
}

#[test]
fn a_consequence_stands_by_itself_where_its_root_is_waived() {
    let root = "ecqs.results-within-3-workdays";
    let consequence = "ecqs.results-by-2024-04-15";
    let base = Dossier::of("failing-report-at-a-shop").set("ecqs.results_entered_on", "2024-04-22");
    let audit = base.audit(None);
    let cause = finding(&audit, consequence).root_cause.as_ref();
    assert_eq!(cause.map(|id| id.0.as_str()), Some(root));
    let audit = base
        .set(
            "waivers",
            &format!("[{{obligation: {root}, approver: 甲, reason: 乙}}]"),
        )
        .audit(None);
    assert_eq!(finding(&audit, root).outcome, Outcome::Waived);
    assert_eq!(finding(&audit, consequence).outcome, Outcome::Violated);
    assert_eq!(finding(&audit, consequence).root_cause, None);
}

#[test]
fn waivers_known_none_or_not_mentioned_waive_nothing() {
    for waivers in ["无", "[]", "~"] {
        let audit = waived(waivers).audit(None);
        assert_eq!(open(&audit), [format!("violated {MAIL}")], "{waivers}");
        assert!(audit.diagnostics.is_empty(), "{waivers}");
    }
}
