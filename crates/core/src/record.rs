//! A decoded case: one value per fact of the vocabulary, and the place of each.
//!
//! Invariant: a record contains only what was written. [`Record::settle`] adds what inferences
//! ([`crate::vocabulary::Inference`]) and completeness settle, in a separate copy whose origins say so.
//!
//! A record may be *partial*: something written could not be read, and is unknown. Then silence means nothing, whatever
//! the dossier declares.

mod fingerprint;
mod origins;
pub mod outline;
mod settle;

use std::sync::{Arc, OnceLock};

use crate::source::Source;
use crate::value::{Mark, Row, SlotId, Value};
use crate::vocabulary::Vocabulary;
use outline::Node;

pub use origins::Found;
pub use origins::Origins;
pub use settle::Settled;

/// The format of the text of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
}

/// The written facts and their marks.
#[derive(Debug)]
struct Recorded {
    row: Row,
    /// The mark of every slot of the row.
    marks: Box<[Mark]>,
}

impl Recorded {
    fn of(row: Row) -> Arc<Self> {
        Arc::new(Recorded {
            marks: Mark::of_row(&row),
            row,
        })
    }

    /// Whether a fact of the root shape is stated.
    #[inline]
    fn states(&self, slot: SlotId) -> bool {
        let mark = self.marks.get(usize::from(slot.0));
        mark.is_some_and(|mark| !mark.is_unknown())
    }
}

/// The facts of one case.
#[derive(Debug, Clone)]
pub struct Record {
    /// One value for every fact of the root shape; shared with settled copies.
    recorded: Arc<Recorded>,
    /// The text it was decoded from.
    source: Arc<Source>,
    format: Format,
    /// Computed on first use: most records have nothing to show.
    places: OnceLock<Found>,
    /// The outline it was decoded from, if the text alone does not determine it.
    outline: Option<Arc<Node<'static>>>,
    partial: bool,
    /// Whether its whole text is known to be JSON.
    is_sound_json: bool,
    /// Whether its rows come from other records, whose silence is theirs.
    gathered: bool,
    /// The facts that are assumed, whatever the text says of them.
    assumed: Vec<SlotId>,
}

impl Record {
    /// Creates a record from one value for every fact of the root shape, and the text they were decoded from.
    #[must_use]
    pub fn new(root: Row, source: Arc<Source>, format: Format) -> Self {
        Record {
            recorded: Recorded::of(root),
            source,
            format,
            places: OnceLock::new(),
            outline: None,
            partial: false,
            is_sound_json: false,
            gathered: false,
            assumed: Vec::new(),
        }
    }

    /// Adds the outline it was decoded from, for a record made of cells, whose text only displays them.
    pub fn with_outline(self, outline: Node<'static>) -> Self {
        Record {
            outline: Some(Arc::new(outline)),
            ..self
        }
    }

    /// Marks the record as read without error from a complete JSON text.
    pub fn of_sound_json(self) -> Self {
        Record {
            is_sound_json: true,
            ..self
        }
    }

    /// Marks the record as partial: something written could not be read.
    pub fn into_partial(self) -> Self {
        Record {
            partial: true,
            ..self
        }
    }

    /// Marks the record as one whose rows come from other records: its completeness says nothing about them.
    pub fn into_gathered(self) -> Self {
        Record {
            gathered: true,
            ..self
        }
    }

    /// Whether its rows come from other records.
    pub(crate) fn is_gathered(&self) -> bool {
        self.gathered
    }

    /// Replaces the value in a slot.
    pub fn with(self, slot: SlotId, value: Value) -> Self {
        let mut row = self.recorded.row.clone();
        if let Some(held) = row.slots.get_mut(usize::from(slot.0)) {
            *held = value;
        }
        Record {
            recorded: Recorded::of(row),
            ..self
        }
    }

    /// The record with a fact assumed to be otherwise than it is written: it has no place in the text.
    pub fn assuming(self, slot: SlotId, value: Value) -> Self {
        let mut record = self.with(slot, value);
        record.assumed.push(slot);
        record
    }

    /// Whether a fact is assumed.
    pub(crate) fn assumes(&self, slot: SlotId) -> bool {
        self.assumed.contains(&slot)
    }

    /// Whether something written could not be read, so that absent facts stay unknown even if the dossier is declared
    /// or assumed complete.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Adds the places of its facts, already found, for a record that is only part of its text.
    pub fn with_places(self, places: Found) -> Self {
        Record {
            places: OnceLock::from(places),
            ..self
        }
    }

    /// Whether it states any of these facts of the root shape.
    pub fn states_any(&self, slots: &[SlotId]) -> bool {
        slots.iter().any(|slot| self.recorded.states(*slot))
    }

    /// The value in a slot of the root shape.
    #[must_use]
    pub fn get(&self, slot: SlotId) -> &Value {
        value_in(&self.recorded.row, slot)
    }

    /// The facts as a row of the root shape.
    #[must_use]
    pub fn root(&self) -> &Row {
        &self.recorded.row
    }

    /// The text it was decoded from.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The format of that text.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The places of all facts of the record. The first call reads the text again; the vocabulary must be the one that
    /// the record was decoded with.
    #[must_use]
    pub fn origins<'a>(&'a self, vocabulary: &'a Vocabulary) -> Origins<'a> {
        let found = self.places.get_or_init(|| match &self.outline {
            Some(outline) => Found::of(Some(outline), vocabulary),
            None if self.is_sound_json => Found::find_in_json(&self.source, vocabulary),
            None => Found::find(&self.source, self.format, vocabulary),
        });
        Origins::new(&self.source, found, vocabulary)
    }
}

fn value_in(row: &Row, slot: SlotId) -> &Value {
    static UNKNOWN: Value = Value::Unknown;
    row.slots.get(usize::from(slot.0)).unwrap_or(&UNKNOWN)
}
