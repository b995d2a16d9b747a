//! What inferences state, laid out so that settling a record copies no values and looks at whole groups at a time.

use super::{Given, Inference};
use crate::value::{SlotId, SlotSet, Value};

/// What facts come to where a record leaves them open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence<'a> {
    /// The slots known none.
    pub(crate) none: &'a SlotSet,
    /// The slots of which an inference states another value, each with the position of its statement; they are few.
    pub(crate) stated: &'a [(SlotId, u32)],
    /// Every statement of the vocabulary.
    pub(crate) statements: &'a [(SlotId, Value)],
    /// The value of facts of rows.
    pub(crate) in_rows: &'a Value,
}

impl<'a> Silence<'a> {
    /// The value of a slot of the root shape; unknown if nothing settles it.
    #[inline]
    pub(crate) fn of(self, slot: SlotId) -> &'a Value {
        if self.none.contains(slot) {
            return &Value::None;
        }
        let stated = self.stated.iter().find(|(stated, _)| *stated == slot);
        stated
            .and_then(|(_, at)| self.statements.get(*at as usize))
            .map_or(&Value::Unknown, |(_, value)| value)
    }
}

/// The inferences of a vocabulary laid out side by side: every case draws them.
#[derive(Debug, Default)]
pub(crate) struct Settlements {
    /// The inferences in the order they are drawn: so that, where they go in no circle, none settles what one drawn before
    /// it asks about.
    draws: Vec<Place>,
    given: Vec<(SlotId, Given)>,
    /// The values stated, but for those known none.
    pub(crate) statements: Vec<(SlotId, Value)>,
    existing: Vec<SlotId>,
}

/// Where an inference stands.
#[derive(Debug)]
struct Place {
    /// Its position in the vocabulary.
    inference: usize,
    /// Where its conditions, its statements and its facts known to be there end.
    ends: [usize; 3],
    none: SlotSet,
    asked_before: bool,
}

/// An inference as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'v> {
    /// Its position in the vocabulary.
    pub(crate) inference: usize,
    /// All of these must be so.
    pub(crate) given: &'v [(SlotId, Given)],
    /// Then these are known none;
    pub(crate) none: &'v SlotSet,
    /// these have the values stated, numbered from `first_statement`;
    pub(crate) statements: &'v [(SlotId, Value)],
    pub(crate) first_statement: usize,
    /// and these are known to be there.
    pub(crate) existing: &'v [SlotId],
    /// Whether one drawn no later asks about what it settles, so that those must be drawn again.
    pub(crate) asked_before: bool,
}

impl Settlements {
    /// Lays out the inferences of a vocabulary whose records have so many slots.
    pub(super) fn of(inferences: &[Inference], slots: usize) -> Settlements {
        let mut all = Settlements::default();
        let order = order(inferences);
        for (at, &position) in order.iter().enumerate() {
            let inference = &inferences[position];
            let mut none = SlotSet::with_room(slots);
            for (slot, value) in &inference.settles {
                match value {
                    Value::None => none.insert(*slot),
                    Value::Unknown => all.existing.push(*slot),
                    value => all.statements.push((*slot, value.clone())),
                }
            }
            all.given.extend_from_slice(&inference.given);
            let mut no_later = order[..=at].iter().map(|&other| &inferences[other]);
            all.draws.push(Place {
                inference: position,
                ends: [all.given.len(), all.statements.len(), all.existing.len()],
                none,
                asked_before: no_later.any(|other| asks(other, inference)),
            });
        }
        all
    }

    /// The inferences, in the order they are drawn.
    pub(crate) fn draws(&self) -> impl Iterator<Item = Draw<'_>> {
        let mut start = [0; 3];
        self.draws.iter().map(move |place| {
            let begin = std::mem::replace(&mut start, place.ends);
            Draw {
                inference: place.inference,
                given: &self.given[begin[0]..place.ends[0]],
                none: &place.none,
                statements: &self.statements[begin[1]..place.ends[1]],
                first_statement: begin[1],
                existing: &self.existing[begin[2]..place.ends[2]],
                asked_before: place.asked_before,
            }
        })
    }
}

impl Draw<'_> {
    /// Whether it gives a slot a value.
    pub(crate) fn settles(&self, slot: SlotId) -> bool {
        self.none.contains(slot) || self.statements.iter().any(|(stated, _)| *stated == slot)
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
            let mut others = waiting.iter().filter(|other| *other != at);
            others.all(|other| !asks(asking, &inferences[*other]))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}
