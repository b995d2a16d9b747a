//! What inferences state, numbered, so that settling a record writes numbers and copies no values.

use std::sync::Arc;

use super::{Given, Inference};
use crate::value::{SlotId, Value};

/// Why a slot that the record leaves open has the value it has: a position among [`Settlements::values`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Why(u16);

impl Why {
    /// Nothing settles it: it is unknown.
    pub(crate) const OPEN: Why = Why(0);
    /// The dossier is complete, so there is none.
    pub(crate) const COMPLETE: Why = Why(1);

    /// The position of its value.
    #[inline]
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What facts come to where a record leaves them open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence<'a> {
    /// The reasons, slot by slot; a slot that has none is unknown.
    pub(crate) whys: &'a [Why],
    /// The value of every reason.
    pub(crate) values: &'a [Value],
    /// The value of facts of rows.
    pub(crate) in_rows: &'a Value,
}

impl<'a> Silence<'a> {
    /// Silence that says nothing.
    pub(crate) const UNKNOWN: Silence<'static> = Silence {
        whys: &[],
        values: &[],
        in_rows: &Value::Unknown,
    };

    /// The value of a slot of the root shape.
    #[inline]
    pub(crate) fn of(self, slot: SlotId) -> &'a Value {
        match self.whys.get(usize::from(slot.0)) {
            Some(why) => self.values.get(why.index()).unwrap_or(&Value::Unknown),
            None => &Value::Unknown,
        }
    }
}

/// The inferences of a vocabulary laid out side by side: every case draws them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settlements {
    /// The value of every reason.
    pub(crate) values: Arc<[Value]>,
    /// The inference of every reason; nothing for the two that are none.
    inferences: Vec<Option<usize>>,
    /// The inferences in the order they are drawn: so that, where they go in no circle, none settles what one drawn before
    /// it asks about.
    draws: Vec<Place>,
    given: Vec<(SlotId, Given)>,
    settles: Vec<(SlotId, Why)>,
}

/// Where an inference stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Its position in the vocabulary.
    inference: usize,
    /// Where its conditions and its conclusions end.
    ends: (usize, usize),
    /// Whether one drawn no later asks about what it settles.
    asked_before: bool,
}

/// An inference as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'v> {
    /// Its position in the vocabulary.
    pub(crate) inference: usize,
    /// All of these must be so.
    pub(crate) given: &'v [(SlotId, Given)],
    /// Then these are settled, for the reason that stands with each; [`Why::OPEN`]: the fact is only known to be there.
    pub(crate) settles: &'v [(SlotId, Why)],
    /// Whether one drawn no later asks about what it settles, so that those must be drawn again.
    pub(crate) asked_before: bool,
}

impl Settlements {
    pub(super) fn of(inferences: &[Inference]) -> Settlements {
        let mut values = vec![Value::Unknown, Value::None];
        let mut all = Settlements {
            inferences: vec![None, None],
            ..Settlements::default()
        };
        let order = order(inferences);
        for (at, &position) in order.iter().enumerate() {
            let inference = &inferences[position];
            let own = values.len();
            for (slot, value) in &inference.settles {
                let known = if value.is_unknown() {
                    Some(usize::from(Why::OPEN.0))
                } else {
                    let known = values[own..].iter().position(|known| known == value);
                    known.map(|at| own + at)
                };
                let at = known.unwrap_or(values.len());
                if known.is_none() {
                    values.push(value.clone());
                    all.inferences.push(Some(position));
                }
                // The loader limits facts, and so what can be settled, to what 16 bits number.
                let why = Why(u16::try_from(at).unwrap_or_default());
                all.settles.push((*slot, why));
            }
            all.given.extend_from_slice(&inference.given);
            let earlier = order[..=at].iter().map(|&other| &inferences[other]);
            all.draws.push(Place {
                inference: position,
                ends: (all.given.len(), all.settles.len()),
                asked_before: earlier.into_iter().any(|other| asks(other, inference)),
            });
        }
        all.values = values.into();
        all
    }

    /// The inferences, in the order they are drawn.
    pub(crate) fn draws(&self) -> impl Iterator<Item = Draw<'_>> {
        let mut start = (0, 0);
        self.draws.iter().map(move |place| {
            let begin = std::mem::replace(&mut start, place.ends);
            Draw {
                inference: place.inference,
                given: &self.given[begin.0..place.ends.0],
                settles: &self.settles[begin.1..place.ends.1],
                asked_before: place.asked_before,
            }
        })
    }

    /// The position of the inference that is the reason.
    pub(crate) fn inference(&self, why: Why) -> Option<usize> {
        self.inferences.get(why.index()).copied().flatten()
    }
}

/// Whether an inference asks about what another settles.
fn asks(inference: &Inference, other: &Inference) -> bool {
    let settled = |slot: SlotId| other.settles.iter().any(|(settled, _)| *settled == slot);
    inference.given.iter().any(|(slot, _)| settled(*slot))
}

/// The positions of the inferences, each after those that settle what it asks about, as far as they go in no circle;
/// else as they are written.
fn order(inferences: &[Inference]) -> Vec<usize> {
    let mut waiting: Vec<usize> = (0..inferences.len()).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |at: &usize| {
            let asking = &inferences[*at];
            let others = waiting.iter().filter(|other| *other != at);
            others
                .into_iter()
                .all(|other| !asks(asking, &inferences[*other]))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}
