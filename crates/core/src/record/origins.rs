//! The places of the facts of a record, found by a second reading of its text.
//!
//! Invariants: the stored data are proportional to the text; finding a place takes as many steps as its path has parts,
//! however many rows there are.

mod find;
mod parts;
mod places;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Format;
use super::outline::{Node, Outline};
use crate::source::{Source, Span};
use crate::vocabulary::Vocabulary;
use parts::Parts;
use places::{Places, Spot};

/// The places of the facts and groups of one record, by path.
///
/// Paths consist of codes, whatever keys the record uses; rows and list elements are numbered from 1:
/// `corrections[2].confirmed`, `sampling.samplers[1]`.
#[derive(Debug, Clone, Copy)]
pub struct Origins<'a> {
    source: &'a Arc<Source>,
    found: &'a Found,
    vocabulary: &'a Vocabulary,
}

/// The places of one record, without names.
#[derive(Debug, Clone)]
pub enum Found {
    /// In its own text, parsed into nodes.
    Read(Places),
    /// In its own text, which is JSON.
    Parts(Parts),
    /// In several texts, by path.
    Gathered(HashMap<String, Span>),
}

impl<'a> Origins<'a> {
    /// `vocabulary` must be the one the places were found with.
    pub(super) fn new(
        source: &'a Arc<Source>,
        found: &'a Found,
        vocabulary: &'a Vocabulary,
    ) -> Self {
        Origins {
            source,
            found,
            vocabulary,
        }
    }

    /// The place of the value at a path, if it is written.
    #[must_use]
    pub fn value(self, path: &str) -> Option<Span> {
        match self.found {
            Found::Gathered(places) => places.get(path).cloned(),
            _ => Some(Span::new(self.source, self.spot(path)?.value())),
        }
    }

    /// The place of the key at a path; for an element of a list, the place of the element.
    #[must_use]
    pub fn key(self, path: &str) -> Option<Span> {
        match self.found {
            Found::Gathered(places) => places.get(path).cloned(),
            _ => Some(Span::new(self.source, self.spot(path)?.key())),
        }
    }

    fn spot(self, path: &str) -> Option<&'a Spot> {
        let places = match self.found {
            Found::Read(places) => places,
            Found::Parts(parts) => parts.of(path, self.source.text(), self.vocabulary)?,
            Found::Gathered(_) => return None,
        };
        let found = places.find(path, self.vocabulary);
        // If one entry names several people, each has the place of the list.
        found.or_else(|| places.find(path.strip_suffix(']')?.rsplit_once('[')?.0, self.vocabulary))
    }

    /// The paths of all known places, in no particular order.
    pub fn paths(self) -> impl Iterator<Item = Cow<'a, str>> {
        let (read, gathered) = match self.found {
            Found::Read(places) => (vec![places], None),
            Found::Parts(parts) => (parts.all(self.source.text(), self.vocabulary), None),
            Found::Gathered(places) => (Vec::new(), Some(places.keys())),
        };
        let read = read.into_iter();
        let read = read.flat_map(move |places| places.paths(self.vocabulary));
        let read = read.map(Cow::Owned);
        let gathered = gathered.into_iter().flatten();
        read.chain(gathered.map(|path| Cow::Borrowed(path.as_str())))
    }
}

impl Found {
    /// The places of a record put together from several texts.
    pub fn gathered(places: impl IntoIterator<Item = (String, Span)>) -> Found {
        Found::Gathered(places.into_iter().collect())
    }

    /// Reads a text again to find its places.
    pub(crate) fn find(source: &Arc<Source>, format: Format, vocabulary: &Vocabulary) -> Found {
        if format == Format::Json
            && let Some(parts) = Parts::of_json(source.text(), vocabulary)
        {
            return Found::Parts(parts);
        }
        let outline = Outline::read(source, format);
        Found::of(outline.root.as_ref(), vocabulary)
    }

    /// Like [`Found::find`], for a text known to be JSON.
    pub(super) fn find_in_json(source: &Arc<Source>, vocabulary: &Vocabulary) -> Found {
        match Parts::of_sound_json(source.text(), vocabulary) {
            Some(parts) => Found::Parts(parts),
            None => Found::find(source, Format::Json, vocabulary),
        }
    }

    /// The places of a record whose text was parsed into nodes.
    pub fn of(root: Option<&Node<'_>>, vocabulary: &Vocabulary) -> Found {
        Found::Read(find::in_nodes(root, vocabulary))
    }
}

#[cfg(test)]
mod tests;
