//! What inferences state, numbered, so that settling a record writes numbers and copies no values.

use std::sync::Arc;

use super::Inference;
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

/// Everything the inferences of a vocabulary may state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settlements {
    /// The value of every reason.
    pub(crate) values: Arc<[Value]>,
    /// The inference of every reason; nothing for the two that are none.
    inferences: Vec<Option<usize>>,
    /// For every inference the slots it settles.
    drawn: Vec<Vec<(SlotId, Why)>>,
}

impl Settlements {
    pub(super) fn of(inferences: &[Inference]) -> Settlements {
        let mut values = vec![Value::Unknown, Value::None];
        let mut of = vec![None, None];
        let mut drawn = Vec::new();
        for (position, inference) in inferences.iter().enumerate() {
            let own = values.len();
            let slots = inference.settles.iter().map(|(slot, value)| {
                if value.is_unknown() {
                    return (*slot, Why::OPEN);
                }
                let known = values[own..].iter().position(|known| known == value);
                let at = known.map_or(values.len(), |known| own + known);
                if known.is_none() {
                    values.push(value.clone());
                    of.push(Some(position));
                }
                // The loader limits facts, and so what can be settled, to what 16 bits number.
                (*slot, Why(u16::try_from(at).unwrap_or_default()))
            });
            drawn.push(slots.collect());
        }
        Settlements {
            values: values.into(),
            inferences: of,
            drawn,
        }
    }

    /// What an inference settles, and why; [`Why::OPEN`] of a fact that it only knows to be there.
    pub(crate) fn of_inference(&self, position: usize) -> &[(SlotId, Why)] {
        self.drawn.get(position).map_or(&[], Vec::as_slice)
    }

    /// The position of the inference that is the reason.
    pub(crate) fn inference(&self, why: Why) -> Option<usize> {
        self.inferences.get(why.index()).copied().flatten()
    }
}
