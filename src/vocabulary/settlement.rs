//! What inferences state, laid out so that settling a record copies no values and looks at whole groups at a time.

use std::ops::Range;

use super::{Given, Inference};
use crate::value::{SlotId, SlotSet, Symbol, Value};

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
    pub(crate) fn of(&self, slot: SlotId) -> &'a Value {
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
    given: Vec<(SlotId, Wanted)>,
    /// The values stated, but for those known none.
    pub(crate) statements: Vec<(SlotId, Value)>,
    existing: Vec<SlotId>,
    /// Whether any of those values is a date.
    pub(crate) states_dates: bool,
}

/// What a fact must be for an inference to hold, laid out so that the commonest wishes need no look at a whole value.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Present,
    None,
    Symbol(Symbol),
    Yes,
    Other(Value),
}

impl Wanted {
    fn of(given: &Given) -> Wanted {
        match given {
            Given::Present => Wanted::Present,
            Given::None => Wanted::None,
            Given::Is(Value::Symbol(symbol)) => Wanted::Symbol(*symbol),
            Given::Is(Value::Bool(true)) => Wanted::Yes,
            Given::Is(value) => Wanted::Other(value.clone()),
        }
    }

    /// Whether a value is as wanted. Unknown is as nothing wants it.
    #[inline]
    pub(crate) fn is_met(&self, value: &Value) -> bool {
        match self {
            Wanted::Present => value.is_present() && !is_nothing(value),
            Wanted::None => is_nothing(value),
            Wanted::Symbol(symbol) => matches!(value, Value::Symbol(other) if other == symbol),
            Wanted::Yes => matches!(value, Value::Bool(true)),
            Wanted::Other(wanted) => !value.is_unknown() && agree(value, wanted),
        }
    }
}

/// Whether a known value and one that an inference states can both be true. What is known none is as good as "no", as an
/// empty list, and as an amount of nothing; a count of nothing may mean more: an order to mend within 0 days.
pub(crate) fn agree(value: &Value, stated: &Value) -> bool {
    match (value, stated) {
        (Value::None, Value::Bool(false)) | (Value::Bool(false), Value::None) => true,
        (Value::None, Value::Decimal(amount)) | (Value::Decimal(amount), Value::None) => {
            amount.is_zero()
        }
        (Value::None, other) | (other, Value::None) => is_nothing(other),
        (value, stated) => value == stated,
    }
}

/// Whether a value is known none, or an empty list.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::List(items) => items.is_empty(),
        Value::Rows(rows) => rows.is_empty(),
        _ => false,
    }
}

/// Where an inference stands.
#[derive(Debug)]
struct Place {
    /// Its position in the vocabulary.
    inference: usize,
    /// Where its conditions, its statements and its facts known to be there stand.
    given: Range<usize>,
    statements: Range<usize>,
    existing: Range<usize>,
    /// What is known none, if anything.
    none: Option<SlotSet>,
    asked_before: bool,
}

/// An inference as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'v> {
    /// Its position in the vocabulary.
    pub(crate) inference: usize,
    /// These are known none, if any;
    pub(crate) none: Option<&'v SlotSet>,
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
            let begin = [all.given.len(), all.statements.len(), all.existing.len()];
            let mut none = SlotSet::with_room(slots);
            for (slot, value) in &inference.settles {
                match value {
                    Value::None => none.insert(*slot),
                    Value::Unknown => all.existing.push(*slot),
                    value => all.statements.push((*slot, value.clone())),
                }
            }
            let given = inference.given.iter();
            all.given
                .extend(given.map(|(slot, given)| (*slot, Wanted::of(given))));
            let mut no_later = order[..=at].iter().map(|&other| &inferences[other]);
            all.draws.push(Place {
                inference: position,
                given: begin[0]..all.given.len(),
                statements: begin[1]..all.statements.len(),
                existing: begin[2]..all.existing.len(),
                none: (none != SlotSet::with_room(slots)).then_some(none),
                asked_before: no_later.any(|other| asks(other, inference)),
            });
        }
        all.states_dates = all
            .statements
            .iter()
            .any(|(_, value)| matches!(value, Value::Day(_) | Value::Moment(_)));
        all
    }

    /// What must be so for each inference to hold, in the order they are drawn.
    #[inline]
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &[(SlotId, Wanted)]> {
        let draws = self.draws.iter();
        draws.map(|place| &self.given[place.given.clone()])
    }

    /// The inference that is drawn at a position in that order.
    pub(crate) fn draw(&self, at: usize) -> Option<Draw<'_>> {
        let place = self.draws.get(at)?;
        Some(Draw {
            inference: place.inference,
            none: place.none.as_ref(),
            statements: &self.statements[place.statements.clone()],
            first_statement: place.statements.start,
            existing: &self.existing[place.existing.clone()],
            asked_before: place.asked_before,
        })
    }
}

impl Draw<'_> {
    /// Whether it gives a slot a value.
    pub(crate) fn settles(&self, slot: SlotId) -> bool {
        self.none.is_some_and(|none| none.contains(slot))
            || self.statements.iter().any(|(stated, _)| *stated == slot)
    }
}

/// Whether what an inference settles may be what another waits for.
fn asks(inference: &Inference, other: &Inference) -> bool {
    inference.given.iter().any(|(slot, given)| {
        let given = Wanted::of(given);
        let mut settles = other.settles.iter();
        settles.any(|(settled, value)| settled == slot && given.is_met(value))
    })
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
