//! Adds to a duty the citations of the higher duty it refines.

use std::collections::BTreeMap;

use choucha_core::obligation::{
    Citation, Id, Link, Obligation, Part, Requirement, RuleSet, RuleSetId,
};

/// Gives every obligation that refines another the citations of that one, and of those that one refines in turn.
///
/// The includes of the rule sets must have no cycle.
pub(super) fn cite(rule_sets: &mut BTreeMap<RuleSetId, RuleSet>) {
    let mut found: Vec<(RuleSetId, Id, Higher)> = Vec::new();
    for set in rule_sets.values() {
        for obligation in set.all_obligations() {
            let higher = higher(set, obligation, rule_sets);
            if !higher.whole.is_empty() {
                found.push((set.id.clone(), obligation.id.clone(), higher));
            }
        }
    }
    for (set, id, higher) in found {
        let set = rule_sets.get_mut(&set).into_iter();
        let mut all = set.flat_map(|set| set.obligations.iter_mut().chain(&mut set.across));
        let Some(obligation) = all.find(|obligation| obligation.id == id) else {
            continue;
        };
        obligation.higher_citations = higher.whole;
        if let Requirement::Parts(parts) = &mut obligation.requirement {
            for (part, cited) in parts.iter_mut().zip(higher.parts) {
                part.higher_citations = cited;
            }
        }
    }
}

/// The citations an obligation takes from those it refines, the nearest first.
struct Higher {
    whole: Vec<Citation>,
    /// For each of its parts; `None` where those it refines cite nothing for that part.
    parts: Vec<Option<Vec<Citation>>>,
}

/// The citations of the duties that an obligation refines, the nearest first. Leaves out citations that it makes
/// itself, and those of a duty with an exception that the obligation does not have.
fn higher(
    set: &RuleSet,
    obligation: &Obligation,
    rule_sets: &BTreeMap<RuleSetId, RuleSet>,
) -> Higher {
    let mut above: Vec<&Obligation> = Vec::new();
    let mut at = (set, obligation);
    while let Some(refined) = refined(at, rule_sets) {
        at = refined;
        // If the duty lacks an exception of the sentence, the sentence says something else, and the duty rests on its
        // own citations.
        let is_shared = |link: &Link| obligation.unless.iter().any(|own| own.id == link.id);
        if refined.1.unless.iter().all(is_shared) {
            above.push(refined.1);
        }
    }
    let of_part = |part: &Part| {
        let cited = |duty: &&Obligation| {
            let mut parts = duty.requirement.parts().iter();
            parts
                .find(|above| above.code == part.code)?
                .citation
                .clone()
        };
        let is_cited = above.iter().any(|duty| cited(duty).is_some());
        let citations = |duty| match cited(duty) {
            Some(cited) => vec![cited],
            None => duty.citations.clone(),
        };
        is_cited.then(|| besides(obligation, above.iter().flat_map(citations)))
    };
    let whole = above.iter().flat_map(|duty| duty.citations.iter().cloned());
    Higher {
        whole: besides(obligation, whole),
        parts: obligation.requirement.parts().iter().map(of_part).collect(),
    }
}

/// Citations that an obligation does not make itself, each once.
fn besides(obligation: &Obligation, citations: impl Iterator<Item = Citation>) -> Vec<Citation> {
    let mut besides: Vec<Citation> = Vec::new();
    for cited in citations {
        let mut known = obligation.citations.iter().chain(&besides);
        if !known.any(|known| is_same(known, &cited)) {
            besides.push(cited);
        }
    }
    besides
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
