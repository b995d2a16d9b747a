//! Collects all differences between two duties.

use super::demand::{Demand, covers, demands};
use super::pair::{Pairing, compare_pair, reads_all};
use super::proof::Prover;
use super::soften::{excused, lapsing, relabelled, softened};
use super::{Change, Class, Comparison, Said};
use crate::obligation::Obligation;
use crate::source::Span;

/// Compares duties, taken together, with the higher duty they are to replace. The prover's left world is the higher
/// duty's. `with_excuses`: whether remedies that excuse a breach count, or only the breach.
pub(super) fn compared<'a>(
    prover: Prover<'_, 'a>,
    lower: &[&'a Obligation],
    higher: &'a Obligation,
    with_excuses: bool,
) -> Comparison {
    let asked = demands(higher);
    let offered: Vec<Demand<'a>> = lower.iter().flat_map(|duty| demands(duty)).collect();
    let mut changes = Changes::default();
    let pairing = Pairing {
        prover,
        lower: &offered,
        higher: &asked,
    };
    let mut open = Vec::new();
    let mut met = false;
    for demand in &asked {
        if covers(prover, &offered, demand) {
            met = true;
            continue;
        }
        match pairing.counterpart_of_higher(demand) {
            Some(other) => {
                met = true;
                let found = compare_pair(prover, other, demand);
                let lacking = found
                    .into_iter()
                    .filter(|change| change.class != Class::Tightened);
                let before = changes.0.len();
                changes.extend(lacking);
                if changes.0.len() == before && !changes.lacks() {
                    changes.push(unlike(other, demand));
                }
            }
            None => open.push(demand),
        }
    }
    for demand in open {
        let comparable = met || reads_all(prover, &offered, demand);
        changes.push(dropped(lower, demand, comparable));
    }
    for demand in &offered {
        if covers(prover.back(), &asked, demand) {
            continue;
        }
        match pairing.counterpart_of_lower(demand) {
            Some(other) => changes.extend(
                compare_pair(prover, demand, other)
                    .into_iter()
                    .filter(|change| change.class == Class::Tightened),
            ),
            None if met => changes.push(added(demand, higher)),
            None => {}
        }
    }
    for duty in lower {
        softened(prover, duty, higher, &mut changes);
        lapsing(duty, higher, &mut changes);
        if with_excuses {
            excused(prover, duty, higher, &mut changes);
        }
        relabelled(duty, higher, &mut changes);
    }
    Comparison { changes: changes.0 }
}

/// Like [`Comparison::covers`] of the comparison, without computing the differences.
pub(super) fn is_covered<'a>(
    prover: Prover<'_, 'a>,
    lower: &[&'a Obligation],
    higher: &'a Obligation,
    with_excuses: bool,
) -> bool {
    let offered: Vec<Demand<'a>> = lower.iter().flat_map(|duty| demands(duty)).collect();
    let mut soft = Changes::default();
    for duty in lower {
        softened(prover, duty, higher, &mut soft);
        lapsing(duty, higher, &mut soft);
        if with_excuses {
            excused(prover, duty, higher, &mut soft);
        }
    }
    !soft.lacks()
        && demands(higher)
            .iter()
            .all(|demand| covers(prover, &offered, demand))
}

/// The changes found so far, each once.
#[derive(Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn push(&mut self, change: Change) {
        let same = |known: &Change| {
            let place =
                |a: &Span, b: &Span| a.range == b.range && a.source.name() == b.source.name();
            known.aspect == change.aspect
                && known.class == change.class
                && known.part == change.part
                && place(&known.lower_at, &change.lower_at)
                && place(&known.higher_at, &change.higher_at)
        };
        if !self.0.iter().any(same) {
            self.0.push(change);
        }
    }

    pub(super) fn extend(&mut self, changes: impl IntoIterator<Item = Change>) {
        changes.into_iter().for_each(|change| self.push(change));
    }

    fn lacks(&self) -> bool {
        self.0
            .iter()
            .any(|change| matches!(change.class, Class::Relaxed | Class::Differs))
    }
}

/// The change for two demands about the same thing for which nothing is proved.
fn unlike<'a>(lower: &Demand<'a>, higher: &Demand<'a>) -> Change {
    Change {
        aspect: higher.aspect(),
        class: Class::Differs,
        part: higher.title(),
        lower: lower.said(),
        higher: higher.said(),
        lower_at: lower.at(),
        higher_at: higher.at(),
    }
}

fn dropped(lower: &[&Obligation], demand: &Demand<'_>, comparable: bool) -> Change {
    let lower_at = lower.first().map_or(&demand.duty.at, |duty| &duty.at);
    Change {
        aspect: demand.aspect(),
        class: if comparable {
            Class::Relaxed
        } else {
            Class::Differs
        },
        part: demand.title(),
        lower: Said::Nothing,
        higher: demand.said(),
        lower_at: lower_at.clone(),
        higher_at: demand.at(),
    }
}

fn added(demand: &Demand<'_>, higher: &Obligation) -> Change {
    Change {
        aspect: demand.aspect(),
        class: Class::Tightened,
        part: demand.title(),
        lower: demand.said(),
        higher: Said::Nothing,
        lower_at: demand.at(),
        higher_at: higher.at.clone(),
    }
}
