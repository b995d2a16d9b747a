//! Where the facts of a record are written: found in a second reading of its text.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::ops::Range;
use std::sync::Arc;

use super::Format;
use super::outline::{Content, Node, Outline};
use crate::source::{Source, Span};
use crate::value::Type;
use crate::vocabulary::{Entry, GroupId, Vocabulary};

/// Where the facts and groups of one record are written, by path.
///
/// Paths are of codes, whatever keys the record uses, with the positions of rows and of the elements of lists from 1:
/// `corrections[2].confirmed`, `sampling.samplers[1]`.
#[derive(Debug, Clone)]
pub struct Origins {
    source: Arc<Source>,
    places: HashMap<String, Place>,
}

#[derive(Debug, Clone)]
struct Place {
    key: Range<usize>,
    value: Range<usize>,
    /// Nothing is written there but the key.
    blank: bool,
    /// The text it is written in, where that is not the record's own.
    source: Option<Arc<Source>>,
}

impl Origins {
    /// Where the value at a path is written; nothing if it is not.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Span> {
        let place = self.places.get(path)?;
        let range = if place.value.is_empty() {
            place.key.clone()
        } else {
            place.value.clone()
        };
        Some(Span::new(
            place.source.as_ref().unwrap_or(&self.source),
            range,
        ))
    }

    /// Where the key of a path is written; for an element of a list, the element.
    #[must_use]
    pub fn key(&self, path: &str) -> Option<Span> {
        let place = self.places.get(path)?;
        let source = place.source.as_ref().unwrap_or(&self.source);
        Some(Span::new(source, place.key.clone()))
    }

    /// The paths found, in no particular order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The places of a record that was put together from several texts.
    pub(crate) fn gathered(
        source: &Arc<Source>,
        places: impl IntoIterator<Item = (String, Span)>,
    ) -> Origins {
        let place = |(path, span): (String, Span)| {
            let place = Place {
                key: span.range.clone(),
                value: span.range,
                blank: false,
                source: Some(span.source),
            };
            (path, place)
        };
        Origins {
            source: Arc::clone(source),
            places: places.into_iter().map(place).collect(),
        }
    }

    /// Reads a text again for its places.
    pub(crate) fn find(source: &Arc<Source>, format: Format, vocabulary: &Vocabulary) -> Origins {
        let outline = Outline::read(source, format);
        Origins::of(source, outline.root.as_ref(), vocabulary)
    }

    /// The places of a record whose text has been read into nodes.
    pub(crate) fn of(
        source: &Arc<Source>,
        root: Option<&Node<'_>>,
        vocabulary: &Vocabulary,
    ) -> Origins {
        let mut finder = Finder {
            vocabulary,
            // About as many as a dossier has, so that the table is not laid out again and again.
            places: HashMap::with_capacity(512),
            path: String::with_capacity(128),
        };
        if let Some(root) = root {
            finder.group(root, GroupId(0));
        }
        Origins {
            source: Arc::clone(source),
            places: finder.places,
        }
    }
}

struct Finder<'v> {
    vocabulary: &'v Vocabulary,
    places: HashMap<String, Place>,
    /// The path at hand; below the top it ends in a dot while a group is read.
    path: String,
}

impl Finder<'_> {
    /// Does something with a longer path.
    fn below(&mut self, more: &str, work: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(more);
        work(self);
        self.path.truncate(length);
    }

    fn group(&mut self, node: &Node<'_>, group: GroupId) {
        let Content::Map(entries) = &node.content else {
            return;
        };
        let vocabulary = self.vocabulary;
        let (layout, declared) = (vocabulary.layout(group), vocabulary.group(group));
        let mut expected = 0;
        for (key, value) in entries {
            let Some(at) = key.text().and_then(|key| layout.find(key, expected)) else {
                continue;
            };
            expected = at + 1;
            let Some(&entry) = declared.entries.get(at) else {
                continue;
            };
            self.below(code(vocabulary, entry), |finder| {
                finder.enter(key, value);
                match entry {
                    Entry::Group(inner) if matches!(value.content, Content::Scalar { .. }) => {
                        finder.spread(inner, key, value);
                    }
                    Entry::Group(inner) => finder.below(".", |finder| finder.group(value, inner)),
                    Entry::Fact(id) => finder.items(value, &vocabulary.fact(id).ty),
                }
            });
        }
    }

    /// The elements of a list or the rows of a list of groups.
    fn items(&mut self, value: &Node<'_>, ty: &Type) {
        let Content::List(items) = &value.content else {
            return;
        };
        for (position, item) in items.iter().enumerate() {
            self.below(&format!("[{}]", position + 1), |finder| {
                finder.enter(item, item);
                if let Type::Rows(shape) = ty {
                    let group = finder.vocabulary.shape(*shape).group;
                    finder.below(".", |finder| finder.group(item, group));
                }
            });
        }
    }

    /// A group stated not to exist states it of every fact below.
    fn spread(&mut self, group: GroupId, key: &Node<'_>, value: &Node<'_>) {
        let vocabulary = self.vocabulary;
        self.below(".", |finder| {
            for &entry in &vocabulary.group(group).entries {
                finder.below(code(vocabulary, entry), |finder| {
                    finder.enter(key, value);
                    if let Entry::Group(inner) = entry {
                        finder.spread(inner, key, value);
                    }
                });
            }
        });
    }

    /// Of a key given twice the first that says something counts, as in decoding.
    fn enter(&mut self, key: &Node<'_>, value: &Node<'_>) {
        let blank = value.is_null() || value.text().is_some_and(|text| text.trim().is_empty());
        let place = Place {
            key: key.range.clone(),
            value: value.range.clone(),
            blank,
            source: None,
        };
        match self.places.entry(self.path.clone()) {
            MapEntry::Occupied(mut known) if known.get().blank => {
                known.insert(place);
            }
            MapEntry::Occupied(_) => {}
            MapEntry::Vacant(new) => {
                new.insert(place);
            }
        }
    }
}

fn code(vocabulary: &Vocabulary, entry: Entry) -> &str {
    match entry {
        Entry::Fact(id) => &vocabulary.fact(id).code,
        Entry::Group(id) => &vocabulary.group(id).code,
    }
}
