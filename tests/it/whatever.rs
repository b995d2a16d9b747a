//! Duties whose outcome is the same whatever some unknown facts are, and how a finding says so.

use choucha::audit::{Finding, Outcome};

use crate::support::dossier::Dossier;
use crate::support::finding;

/// The finding on a duty in an open dossier.
fn found(edits: &[&str], obligation: &str) -> Finding {
    let audit = Dossier::of("late-mailing")
        .edited(&["complete -"])
        .edited(edits)
        .audit(None);
    finding(&audit, obligation).clone()
}

fn facts(finding: &Finding) -> Vec<&str> {
    finding
        .whatever
        .iter()
        .map(|fact| fact.fact.as_str())
        .collect()
}

#[test]
fn a_sample_sealed_as_it_must_be_is_sealed_whatever_the_channel() {
    let sealed = found(&["sampling.channel -"], "samples.sealed");
    assert_eq!(sealed.outcome, Outcome::Satisfied);
    assert_eq!(facts(&sealed), ["sampling.channel"]);
    assert!(
        sealed
            .because
            .zh
            .starts_with("无论“抽样方式”为何，结论相同："),
        "{}",
        sealed.because.zh
    );
    assert!(sealed.missing.is_empty() && !sealed.one_short);
    // A fact that may have any value is no evidence.
    let rests_on = sealed.evidence.iter().map(|it| it.fact.as_str());
    assert!(!rests_on.collect::<Vec<_>>().contains(&"sampling.channel"));
}

#[test]
fn what_comes_to_different_things_stays_undetermined_and_names_what_is_missing() {
    let open = found(&["samples.tamper_evident -"], "samples.sealed");
    assert_eq!(open.outcome, Outcome::Undetermined);
    assert!(facts(&open).is_empty() && !open.missing.is_empty());
    // A known fact is not varied.
    let known = found(&[], "samples.sealed");
    assert!(facts(&known).is_empty());
}
