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
#[derive(Default)]
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
    let parts = parts_of(obligation);
    let mut higher = Higher::default();
    let mut lists = vec![Vec::new(); parts.len()];
    let mut is_cited = vec![false; parts.len()];
    let push = |list: &mut Vec<Citation>, cited: &Citation| {
        let mut known = obligation.citations.iter().chain(&*list);
        if !known.any(|known| is_same(known, cited)) {
            list.push(cited.clone());
        }
    };
    let mut at = (set, obligation);
    while let Some(refined) = refined(at, rule_sets) {
        at = refined;
        // If the duty lacks an exception of the sentence, the sentence says something else, and the duty rests on its
        // own citations.
        let is_shared = |link: &Link| obligation.unless.iter().any(|own| own.id == link.id);
        if !refined.1.unless.iter().all(is_shared) {
            continue;
        }
        for cited in &refined.1.citations {
            push(&mut higher.whole, cited);
        }
        for ((part, list), is_cited) in parts.iter().zip(&mut lists).zip(&mut is_cited) {
            let mut above = parts_of(refined.1).iter();
            let above = above.find(|above| above.code == part.code);
            match above.and_then(|above| above.citation.as_ref()) {
                Some(cited) => {
                    *is_cited = true;
                    push(list, cited);
                }
                None => refined
                    .1
                    .citations
                    .iter()
                    .for_each(|cited| push(list, cited)),
            }
        }
    }
    let lists = lists.into_iter().zip(is_cited);
    higher.parts = lists
        .map(|(list, is_cited)| is_cited.then_some(list))
        .collect();
    higher
}

fn parts_of(obligation: &Obligation) -> &[Part] {
    match &obligation.requirement {
        Requirement::Parts(parts) => parts,
        _ => &[],
    }
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
