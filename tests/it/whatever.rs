//! Duties that come to the same whatever some unknown facts are, as a report says them.

use choucha::audit::Outcome;

use crate::support::FAILING;
use crate::support::dossier::Dossier;
use crate::support::finding;

/// The paths of the facts that may be anything.
fn whatever(edits: &[&str], obligation: &str) -> (Outcome, Vec<String>, String) {
    let audit = Dossier::of(FAILING).edited(edits).audit(None);
    let found = finding(&audit, obligation);
    let facts = found.whatever.iter().map(|fact| fact.fact.clone());
    assert!(found.whatever.is_empty() || found.missing.is_empty());
    (found.outcome, facts.collect(), found.because.zh.clone())
}

#[test]
fn a_price_above_the_tag_is_a_breach_whatever_the_channel_and_the_finding_says_so() {
    let duty = "purchase.price-basis";
    let edits = [
        "complete = false",
        "sampling.channel -",
        "purchase.marked_price = 100.00",
        "purchase.paid_price = 180.00",
    ];
    let (outcome, facts, because) = whatever(&edits, duty);
    assert_eq!(outcome, Outcome::Violated, "{because}");
    // With the price in question too, nothing is decided: a price has no few values.
    let open = [&edits[..], &["purchase.paid_price -"]].concat();
    assert_eq!(whatever(&open, duty).0, Outcome::Undetermined);
    println!("{facts:?} {because}");
}

#[test]
fn what_differs_by_the_unknown_fact_stays_undetermined() {
    let edits = ["complete = false", "sampling.respondent_signed -", "sampling.signing_refused -"];
    let (outcome, facts, because) = whatever(&edits, "sampling.form-signed");
    assert_eq!((outcome, facts.len()), (Outcome::Undetermined, 0), "{because}");
}
