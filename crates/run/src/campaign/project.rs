//! Projects a case to what the audit across cases needs.

use std::sync::Arc;

use super::flat::{Entry, Flat, FlatFact};
use choucha_core::record::{Record, Settled};
use choucha_core::value::{ShapeId, SlotId, Value};
use choucha_core::vocabulary::{Across, Vocabulary};

/// Projects cases. Workers share it.
#[derive(Debug, Clone)]
pub struct Projector {
    vocabulary: Arc<Vocabulary>,
}

/// The projection of one case, as bytes for the store.
#[derive(Debug, Clone)]
pub struct Projection(pub(super) Vec<u8>);

impl Projector {
    /// A projector for records of a vocabulary; `None` if it has no list of cases.
    #[must_use]
    pub fn new(vocabulary: &Arc<Vocabulary>) -> Option<Projector> {
        vocabulary.across()?;
        Some(Projector {
            vocabulary: Arc::clone(vocabulary),
        })
    }

    /// The facts of a case that duties across cases read, with their places. If the case is one line of many, only the
    /// line is kept: to find places in it would cost more than the audit.
    #[must_use]
    pub fn project(&self, record: &Record, settled: &Settled) -> Projection {
        let mut entry = Entry {
            place: record.source().title(),
            facts: Vec::new(),
        };
        if let Some(across) = self.vocabulary.across() {
            self.fill(across, record, settled, &mut entry);
        }
        // Data of these types can always be serialised.
        Projection(postcard::to_allocvec(&entry).unwrap_or_default())
    }

    fn fill(&self, across: &Across, record: &Record, settled: &Settled, entry: &mut Entry) {
        let closely = !record.source().is_part();
        for projected in &across.projected {
            let known = |slot: &&SlotId| settled.get(**slot).is_present();
            let of = projected.from.iter().find(known);
            let Some(slot) = of.or(projected.from.first()) else {
                continue;
            };
            let value = settled.get(*slot);
            if matches!(value, Value::Unknown) {
                continue;
            }
            let place = closely.then(|| self.place(record, *slot)).flatten();
            entry.facts.push(FlatFact {
                slot: projected.slot.0,
                value: Flat::of(value),
                place,
            });
        }
    }

    fn place(&self, record: &Record, slot: SlotId) -> Option<String> {
        let path = &self.vocabulary.fact_in(ShapeId::ROOT, slot).path;
        let span = record.origins(&self.vocabulary).value(path)?;
        Some(span.to_string())
    }
}
