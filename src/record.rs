//! A decoded case: one value per fact of the vocabulary, and where each came from.
//!
//! Invariant: a record holds what was written and nothing else. What the record settles without saying so
//! ([`crate::vocabulary::Inference`]) and what completeness settles are added by [`Record::settle`], in a separate
//! copy whose origins say so.

use std::sync::Arc;

use crate::source::Source;
use crate::value::{Row, SlotId, Value};

/// The facts of one case.
#[derive(Debug, Clone)]
pub struct Record {
    /// One value for every fact of the root shape.
    pub(crate) root: Row,
    /// The text it was decoded from.
    pub(crate) source: Arc<Source>,
}

impl Record {
    /// The value in a slot of the root shape.
    #[must_use]
    pub fn get(&self, slot: SlotId) -> &Value {
        static UNKNOWN: Value = Value::Unknown;
        self.root.slots.get(usize::from(slot.0)).unwrap_or(&UNKNOWN)
    }

    /// The facts as a row of the root shape.
    #[must_use]
    pub fn root(&self) -> &Row {
        &self.root
    }

    /// The text it was decoded from.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }
}
