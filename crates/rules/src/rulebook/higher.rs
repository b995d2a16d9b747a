//! Adds to a duty the citations of the higher duty it refines.

use std::collections::BTreeMap;

use choucha_core::obligation::{Citation, Id, Link, Obligation, RuleSet, RuleSetId};

/// Gives every obligation that refines another the citations of that one, and of those that one refines in turn.
///
/// The includes of the rule sets must have no cycle.
pub(super) fn cite(rule_sets: &mut BTreeMap<RuleSetId, RuleSet>) {
    let mut found: Vec<(RuleSetId, Id, Vec<Citation>)> = Vec::new();
    for set in rule_sets.values() {
        for obligation in set.all_obligations() {
            let higher = higher(set, obligation, rule_sets);
            if !higher.is_empty() {
                found.push((set.id.clone(), obligation.id.clone(), higher));
            }
        }
    }
    for (set, id, higher) in found {
        let set = rule_sets.get_mut(&set).into_iter();
        let mut all = set.flat_map(|set| set.obligations.iter_mut().chain(&mut set.across));
        if let Some(obligation) = all.find(|obligation| obligation.id == id) {
            obligation.higher_citations = higher;
        }
    }
}

/// The citations of the duties that an obligation refines, the nearest first. Leaves out citations that it makes
/// itself, and those of a duty with an exception that the obligation does not have.
fn higher(
    set: &RuleSet,
    obligation: &Obligation,
    rule_sets: &BTreeMap<RuleSetId, RuleSet>,
) -> Vec<Citation> {
    let mut higher: Vec<Citation> = Vec::new();
    let mut at = (set, obligation);
    while let Some(refined) = refined(at, rule_sets) {
        // If the duty lacks an exception of the sentence, the sentence says something else, and the duty rests on its
        // own citations.
        let is_shared = |link: &Link| obligation.unless.iter().any(|own| own.id == link.id);
        let shared = refined.1.unless.iter().all(is_shared);
        for cited in refined.1.citations.iter().filter(|_| shared) {
            let mut known = obligation.citations.iter().chain(&higher);
            if !known.any(|known| is_same(known, cited)) {
                higher.push(cited.clone());
            }
        }
        at = refined;
    }
    higher
}

/// The obligation that one refines, in the nearest included rule set that has it.
fn refined<'a>(
    (set, obligation): (&RuleSet, &Obligation),
    rule_sets: &'a BTreeMap<RuleSetId, RuleSet>,
) -> Option<(&'a RuleSet, &'a Obligation)> {
    let link = obligation.refines.as_ref()?;
    let mut layers: Vec<&RuleSetId> = set.includes.iter().collect();
    let mut next = 0;
    while let Some(id) = layers.get(next).copied() {
        next += 1;
        let Some(layer) = rule_sets.get(id) else {
            continue;
        };
        let mut all = layer.all_obligations();
        if let Some(found) = all.find(|known| known.id == link.id) {
            return Some((layer, found));
        }
        for id in &layer.includes {
            if !layers.contains(&id) {
                layers.push(id);
            }
        }
    }
    None
}

/// Whether two citations quote the same words, or one quotes part of the other.
fn is_same(one: &Citation, other: &Citation) -> bool {
    one.instrument == other.instrument
        && one.section == other.section
        && (one.quote.contains(&other.quote) || other.quote.contains(&one.quote))
}
