//! A decoded case: one value per fact of the vocabulary, and where each came from.
//!
//! Invariant: a record holds what was written and nothing else. What the record settles without saying so
//! ([`crate::vocabulary::Inference`]) and what completeness settles are added by [`Record::settle`], in a separate
//! copy whose origins say so.
//!
//! A record may be *partial*: something that was written could not be read, and is unknown. Then silence says nothing,
//! whatever the dossier declares.

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

/// How the text of a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
}

/// What is written, and what is known of every fact.
#[derive(Debug)]
struct Recorded {
    row: Row,
    /// One for every slot of the row.
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
    /// One value for every fact of the root shape; what is settled of them shares it.
    recorded: Arc<Recorded>,
    /// The text it was decoded from.
    source: Arc<Source>,
    format: Format,
    /// Found when first asked for: most records have nothing to show.
    places: OnceLock<Found>,
    /// What it was decoded from, where the text alone does not tell.
    outline: Option<Arc<Node<'static>>>,
    partial: bool,
    /// Whether its whole text has been found to be JSON.
    is_sound_json: bool,
    /// Whether its rows come from other records, whose silence is their own.
    gathered: bool,
}

impl Record {
    /// A record from one value for every fact of the root shape, and the text they were decoded from.
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
        }
    }

    /// The record with the outline it was decoded from: one made of cells, whose text shows them and no more.
    pub fn with_outline(self, outline: Node<'static>) -> Self {
        Record {
            outline: Some(Arc::new(outline)),
            ..self
        }
    }

    /// The record as one that was read from a JSON text to its end, with nothing wrong in it.
    pub fn of_sound_json(self) -> Self {
        Record {
            is_sound_json: true,
            ..self
        }
    }

    /// The record as one of which something written could not be read.
    pub fn into_partial(self) -> Self {
        Record {
            partial: true,
            ..self
        }
    }

    /// The record as one whose rows come from other records: that it is complete says nothing of them.
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

    /// The record with another value in a slot.
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

    /// Whether something written could not be read, so that absent facts are unknown even if the dossier is declared or
    /// assumed complete.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// The record with the places of its facts already found: one that is only part of its text.
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

    /// How that text is written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Where every fact of the record is written. The text is read once more, when this is first asked for; the
    /// vocabulary must be the one the record was decoded with.
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
