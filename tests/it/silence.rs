//! What the silence of a complete dossier means: the paper does not exist or the act was not done. It says nothing about a
//! state that no paper records, and the silence of a dossier that was cut off says nothing at all.

use choucha::audit::{CaseAudit, Completeness, Outcome};
use choucha::diagnostic::Code;
use choucha::source::Origin;

use crate::support::dossier::Dossier;
use crate::support::finding;

fn late_mailing(edits: &[&str]) -> CaseAudit {
    Dossier::of("late-mailing").edited(edits).audit(None)
}

#[test]
fn a_state_that_a_complete_dossier_leaves_out_is_unknown_and_a_paper_left_out_is_missing() {
    let audit = late_mailing(&["assignment.within_scope -"]);
    let within_scope = finding(&audit, "order-18.conduct.within-scope");
    assert_eq!(within_scope.outcome, Outcome::Undetermined);
    let missing: Vec<&str> = within_scope
        .missing
        .iter()
        .map(|it| it.fact.as_str())
        .collect();
    assert_eq!(missing, ["assignment.within_scope"]);
    // Recorded as bad, it is a violation.
    let audit = late_mailing(&["assignment.within_scope = false"]);
    let within_scope = finding(&audit, "order-18.conduct.within-scope");
    assert_eq!(within_scope.outcome, Outcome::Violated);
    // The mailing is an act: left out, it was not done.
    let audit = late_mailing(&["report.to_province -"]);
    let mailed = finding(&audit, "report.failed.mail-to-province");
    assert_eq!(mailed.outcome, Outcome::Violated);
    let origins = mailed.evidence.iter().map(|it| &it.origin);
    assert!(
        origins
            .into_iter()
            .any(|origin| *origin == Origin::Complete)
    );
}

#[test]
fn a_closed_dossier_without_a_whole_stage_was_cut_off_and_is_not_taken_for_complete() {
    let cut = late_mailing(&["report -", "follow_up -", "recheck -", "publication -"]);
    let found: Vec<Code> = cut.diagnostics.iter().map(|it| it.code).collect();
    assert!(found.contains(&Code::RecordCutOff), "{found:?}");
    assert_eq!(cut.completeness, Completeness::Open);
    assert_eq!(cut.count(Outcome::Violated), 0);
    // A stage recorded as not having happened is no cut-off.
    let said = late_mailing(&["report = 无", "follow_up -", "recheck -", "publication -"]);
    let found: Vec<Code> = said.diagnostics.iter().map(|it| it.code).collect();
    assert!(!found.contains(&Code::RecordCutOff), "{found:?}");
    assert_eq!(said.completeness, Completeness::Declared);
}

#[test]
fn what_no_obligation_reads_is_listed_and_what_one_reads_is_not() {
    let audit = late_mailing(&["respondent.phone = 0356-0000042"]);
    let unread: Vec<&str> = audit.unread.iter().map(|it| it.fact.as_str()).collect();
    assert!(unread.contains(&"respondent.phone"), "{unread:?}");
    assert!(!unread.contains(&"report.to_province.posted_on"));
    let place = audit.unread.iter().find(|it| it.fact == "respondent.phone");
    assert!(place.is_some_and(|unread| unread.span.is_some()));
}
