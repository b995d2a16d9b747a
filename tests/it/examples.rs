//! The requested examples, row by row: small edits of a dossier, and what the finding must say.

use crate::support::dossier::{Dossier, decode, line_of};
use crate::support::{finding, open, world};
use choucha::audit::{CaseAudit, Outcome};

const FAILING: &str = "failing-report-at-a-shop";
const PASSING: &str = "passing-report-at-a-shop";
const MAIL: &str = "report.failed.mail-to-province";
const POSTED: &str = "report.to_province.posted_on";

struct Row {
    says: &'static str,
    fixture: &'static str,
    edits: &'static [&'static str],
    as_of: Option<&'static str>,
    finding: &'static str,
    outcome: Outcome,
    /// Due date and days late, if the outcome depends on a due date.
    due: Option<(&'static str, i32)>,
    /// Every finding of the case that is neither satisfied nor not applicable.
    open: &'static [&'static str],
}

const NOT_MAILED: &[&str] = &["report.to_province.posted_on -"];
const NOT_MAILED_IN_AN_OPEN_DOSSIER: &[&str] = &["complete -", "report.to_province.posted_on -"];

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    use Outcome::{NotApplicable, Pending, Satisfied, Undetermined, Violated};
    let row = |says, fixture, edits, finding, outcome, due, open| Row { says, fixture, edits, as_of: None, finding, outcome, due, open };
    let absent = |says, edits, as_of, outcome, due, open| Row { as_of, ..row(says, FAILING, edits, MAIL, outcome, due, open) };
    vec![
        row("mailed on the seventh day", FAILING, &["report.to_province.posted_on = 2024-03-08"], MAIL, Satisfied, Some(("2024-03-08", 0)), &[]),
        row("mailed four days late", FAILING, &["report.to_province.posted_on = 2024-03-12", "report.to_province.received_on = 2024-03-14"],
            MAIL, Violated, Some(("2024-03-08", 4)), &["violated report.failed.mail-to-province"]),
        absent("no mailing date, not yet due", NOT_MAILED_IN_AN_OPEN_DOSSIER, Some("2024-03-05"),
            Pending, Some(("2024-03-08", 0)),
            &["pending report.failed.mail-to-province"]),
        absent("no mailing date, past due", NOT_MAILED_IN_AN_OPEN_DOSSIER, Some("2024-03-20"),
            Undetermined, Some(("2024-03-08", 0)),
            &["undetermined report.failed.mail-to-province"]),
        absent("no mailing date, past due, dossier complete", NOT_MAILED, Some("2024-03-20"),
            Violated, Some(("2024-03-08", 12)), &["violated report.failed.mail-to-province"]),
        row("results entered on the third working day", FAILING, &["testing.finished_on = 2024-02-09", "ecqs.results_entered_on = 2024-02-20"],
            "ecqs.results-within-3-workdays", Satisfied, Some(("2024-02-20", 0)), &[]),
        row("results entered on the fourth working day", FAILING, &["testing.finished_on = 2024-02-09", "ecqs.results_entered_on = 2024-02-21"],
            "ecqs.results-within-3-workdays", Violated, Some(("2024-02-20", 1)), &["violated ecqs.results-within-3-workdays"]),
        row("sampling entered two days after", FAILING, &["sampling.sampled_on = 2024-01-22", "ecqs.sampling_entered_on = 2024-01-24"],
            "ecqs.sampling-by-next-day", Violated, Some(("2024-01-23", 1)), &["violated ecqs.sampling-by-next-day"]),
        row("a sampler tested", PASSING, &["sampling.samplers = [张甲, 李乙]", "testing.testers = [王丙, 张甲]"],
            "testing.not-by-samplers", Violated, None, &["violated testing.not-by-samplers"]),
        row("a sampler tested on site", PASSING, &["sampling.samplers = [张甲, 李乙]", "testing.testers = [王丙, 张甲]", "testing.on_site = true"],
            "testing.not-by-samplers", Satisfied, None, &[]),
        row("paid below the marked price", FAILING, &["purchase.marked_price = 199.00", "purchase.paid_price = 150.00"],
            "purchase.price", Violated, None, &["violated purchase.price"]),
        row("no marked price, paid the market price", FAILING,
            &["purchase.marked_price = 无", "purchase.market_price = 180.00", "purchase.paid_price = 180.00"], "purchase.price", Satisfied, None, &[]),
        row("refused to sign, noted", PASSING,
            &["sampling.respondent_signed = false", "sampling.refused_to_sign = true", "sampling.refusal_annotated = true"],
            "sampling.form-signed-by-respondent", NotApplicable, None, &[]),
        row("refused to sign, noted: the note", PASSING,
            &["sampling.respondent_signed = false", "sampling.refused_to_sign = true", "sampling.refusal_annotated = true"],
            "sampling.refusal-to-sign-noted", Satisfied, None, &[]),
        row("terminated, the county not told", "unlicensed-terminated", &["termination.county_told_on = 无"], "termination.county-told", Violated, None,
            &["violated termination.county-told"]),
        row("terminated: no testing", "unlicensed-terminated", &["termination.county_told_on = 无"], "testing.as-ruled", NotApplicable, None,
            &["violated termination.county-told"]),
        row("terminated: no reporting", "unlicensed-terminated", &["termination.county_told_on = 无"], "report.respondent-told", NotApplicable, None,
            &["violated termination.county-told"]),
        row("the authorisation was not shown", PASSING, &["sampling.samplers = [张甲, 李乙]", "sampling.documents_shown = [notice, identity]"],
            "sampling.documents-shown", Violated, None, &["violated sampling.documents-shown"]),
    ]
}

impl Row {
    fn dossier(&self) -> Dossier {
        Dossier::of(self.fixture).edited(self.edits)
    }

    fn check(&self, spelt: &str, audit: &CaseAudit) {
        let about = format!("{} ({spelt})", self.says);
        let finding = finding(audit, self.finding);
        assert_eq!(
            finding.outcome, self.outcome,
            "{about}: {}",
            finding.because.zh
        );
        if let Some((due, late)) = self.due {
            let found = finding
                .due
                .as_ref()
                .unwrap_or_else(|| panic!("{about}: no due date"));
            assert_eq!(
                (found.on.to_string().as_str(), found.late_days),
                (due, late),
                "{about}"
            );
        }
        assert_eq!(open(audit), self.open, "{about}");
    }
}

#[test]
fn every_example_comes_out_as_asked_in_codes_in_chinese_and_in_json() {
    for row in rows() {
        let dossier = row.dossier();
        row.check("codes", &dossier.audit(row.as_of));
        row.check("Chinese keys", &dossier.in_chinese().audit(row.as_of));
        let json = decode("dossier.json", &dossier.json());
        row.check("JSON", &world().audit(&json, row.as_of, true));
    }
}

#[test]
fn a_late_mailing_shows_the_count_the_clause_and_the_line_of_the_date() {
    let dossier = Dossier::of(FAILING).set(POSTED, "2024-03-12");
    for dossier in [dossier.clone(), dossier.in_chinese()] {
        let text = dossier.yaml();
        let audit = dossier.audit(None);
        let finding = finding(&audit, MAIL);
        let due = finding.due.as_ref().expect("a due date");
        assert_eq!(
            due.from.map(|day| day.to_string()).as_deref(),
            Some("2024-03-01")
        );
        assert_eq!(
            due.act.map(|day| day.to_string()).as_deref(),
            Some("2024-03-12")
        );
        assert!(!due.in_workdays);
        assert!(
            !due.count.is_empty() && due.rule.zh.contains('7'),
            "{due:?}"
        );
        let cited: Vec<(&str, &str)> = finding
            .citations
            .iter()
            .map(|citation| (citation.instrument.as_str(), citation.section.as_str()))
            .collect();
        assert!(
            cited.contains(&("晋市监发〔2024〕3号", "二、（二）")),
            "{cited:?}"
        );
        let evidence = finding
            .evidence
            .iter()
            .find(|evidence| evidence.fact == POSTED)
            .expect("the mailing date is evidence");
        assert_eq!(evidence.value, "2024-03-12");
        let line = evidence.origin.span().expect("a place").position().line;
        assert_eq!(
            text.lines()
                .nth(line - 1)
                .map(|line| line.contains("2024-03-12")),
            Some(true),
            "{line}"
        );
        if text.contains("to_province") {
            assert_eq!(line, line_of(&text, POSTED));
        }
    }
}

#[test]
fn a_missing_mailing_date_names_the_fact_and_the_paper_that_would_decide_it() {
    let audit = Dossier::of(FAILING)
        .edited(&["complete -", "report.to_province.posted_on -"])
        .audit(Some("2024-03-20"));
    let missing = &finding(&audit, MAIL).missing;
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].fact, POSTED);
    assert!(missing[0].form.is_some());
}

#[test]
fn results_entered_late_are_late_by_working_days_over_the_make_up_sunday() {
    let audit = Dossier::of(FAILING)
        .set("ecqs.results_entered_on", "2024-02-21")
        .audit(None);
    let due = finding(&audit, "ecqs.results-within-3-workdays")
        .due
        .clone()
        .expect("a due date");
    assert!(due.in_workdays);
    let count: Vec<&str> = due.count.iter().map(|line| line.zh.as_str()).collect();
    assert!(
        count
            .iter()
            .any(|line| line.contains("2月18日") && line.contains("调休")),
        "{count:?}"
    );
}

#[test]
fn the_sampler_who_tested_is_named_and_nobody_else() {
    let audit = Dossier::of(PASSING)
        .edited(&[
            "sampling.samplers = [张甲, 李乙]",
            "testing.testers = [王丙, 张 甲]",
        ])
        .audit(None);
    let finding = finding(&audit, "testing.not-by-samplers");
    let named: Vec<&str> = finding
        .responsible
        .iter()
        .map(|party| party.name.as_ref())
        .collect();
    assert_eq!(named, ["张甲"]);
    assert!(finding.because.zh.contains("张甲") && !finding.because.zh.contains("李乙"));
}

#[test]
fn testing_on_site_is_satisfied_by_the_exception_that_is_named() {
    let audit = Dossier::of(PASSING)
        .edited(&[
            "sampling.samplers = [张甲, 李乙]",
            "testing.testers = [张甲]",
            "testing.on_site = true",
        ])
        .audit(None);
    let finding = finding(&audit, "testing.not-by-samplers");
    assert_eq!(
        finding.relieved_by.as_ref().map(|id| id.0.as_str()),
        Some("testing.on-site")
    );
}

#[test]
fn a_refusal_to_sign_that_is_not_noted_is_one_root_finding() {
    let audit = Dossier::of(PASSING)
        .edited(&[
            "sampling.respondent_signed = false",
            "sampling.refused_to_sign = true",
            "sampling.refusal_annotated = false",
        ])
        .audit(None);
    let violated: Vec<_> = audit
        .findings
        .iter()
        .filter(|f| f.outcome == Outcome::Violated)
        .collect();
    let roots: Vec<&str> = violated
        .iter()
        .filter(|finding| finding.root_cause.is_none())
        .map(|finding| finding.obligation.0.as_str())
        .collect();
    assert_eq!(roots.len(), 1, "{roots:?}");
    for finding in &violated {
        assert!(
            [
                "sampling.form-signed-by-respondent",
                "sampling.refusal-to-sign-noted"
            ]
            .contains(&finding.obligation.0.as_str()),
            "{}",
            finding.obligation
        );
    }
}

#[test]
fn the_paper_that_was_not_shown_is_the_one_part_that_fails() {
    let audit = Dossier::of(PASSING)
        .set("sampling.documents_shown", "[notice, identity]")
        .audit(None);
    let finding = finding(&audit, "sampling.documents-shown");
    let failed: Vec<&str> = finding
        .parts
        .iter()
        .filter(|part| part.outcome == Outcome::Violated)
        .map(|part| part.code.as_str())
        .collect();
    assert_eq!(failed, ["authorisation"]);
    assert!(
        finding.because.zh.contains("授权委托书"),
        "{}",
        finding.because.zh
    );
}

#[test]
fn a_price_is_said_against_the_price_it_should_have_been() {
    let audit = Dossier::of(FAILING)
        .edited(&[
            "purchase.marked_price = 199.55",
            "purchase.paid_price = 150.25",
        ])
        .audit(None);
    let price = finding(&audit, "purchase.price");
    let part = price
        .parts
        .iter()
        .find(|part| part.outcome == Outcome::Violated);
    let because = &part.expect("a part that fails").because;
    assert!(
        because.zh.contains("标价199.55元，实为150.25元"),
        "{}",
        because.zh
    );
    assert!(
        because.en.contains("199.55") && because.en.contains("150.25"),
        "{}",
        because.en
    );
}

#[test]
fn what_a_complete_dossier_does_not_mention_is_not_said_to_be_on_record_as_none() {
    let because = |edit: &str| {
        let audit = Dossier::of(FAILING)
            .edited(&["complete = true", edit])
            .audit(None);
        finding(&audit, MAIL).because.zh.clone()
    };
    let silent = because("report.to_province.posted_on -");
    assert!(silent.starts_with("案卷未载"), "{silent}");
    let recorded = because("report.to_province.posted_on = 无");
    assert!(recorded.contains("案卷记载为无"), "{recorded}");
}
