//! Where the facts of a record are written: found in a second reading of its text.

use std::collections::HashMap;
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
            places: HashMap::new(),
        };
        if let Some(root) = root {
            finder.group(root, GroupId(0), "");
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
}

impl Finder<'_> {
    fn group(&mut self, node: &Node<'_>, group: GroupId, prefix: &str) {
        let Content::Map(entries) = &node.content else {
            return;
        };
        for (key, value) in entries {
            let Some(entry) = key
                .text()
                .and_then(|key| self.vocabulary.group(group).entry(key.trim()))
            else {
                continue;
            };
            let path = self.path(prefix, entry);
            self.enter(&path, key, value);
            match entry {
                Entry::Group(inner) if matches!(value.content, Content::Scalar { .. }) => {
                    self.spread(&path, inner, key, value);
                }
                Entry::Group(inner) => self.group(value, inner, &format!("{path}.")),
                Entry::Fact(id) => self.items(value, &self.vocabulary.fact(id).ty, &path),
            }
        }
    }

    fn path(&self, prefix: &str, entry: Entry) -> String {
        let code = match entry {
            Entry::Fact(id) => &self.vocabulary.fact(id).code,
            Entry::Group(id) => &self.vocabulary.group(id).code,
        };
        format!("{prefix}{code}")
    }

    /// The elements of a list or the rows of a list of groups.
    fn items(&mut self, value: &Node<'_>, ty: &Type, path: &str) {
        let Content::List(items) = &value.content else {
            return;
        };
        for (position, item) in items.iter().enumerate() {
            let path = format!("{path}[{}]", position + 1);
            self.enter(&path, item, item);
            if let Type::Rows(shape) = ty {
                let group = self.vocabulary.shape(*shape).group;
                self.group(item, group, &format!("{path}."));
            }
        }
    }

    /// A group stated not to exist states it of every fact below.
    fn spread(&mut self, path: &str, group: GroupId, key: &Node<'_>, value: &Node<'_>) {
        for index in 0..self.vocabulary.group(group).entries.len() {
            let entry = self.vocabulary.group(group).entries[index];
            let path = self.path(&format!("{path}."), entry);
            self.enter(&path, key, value);
            if let Entry::Group(inner) = entry {
                self.spread(&path, inner, key, value);
            }
        }
    }

    /// Of a key given twice the first that says something counts, as in decoding.
    fn enter(&mut self, path: &str, key: &Node<'_>, value: &Node<'_>) {
        let blank = value.is_null() || value.text().is_some_and(|text| text.trim().is_empty());
        if self.places.get(path).is_some_and(|place| !place.blank) {
            return;
        }
        self.places.insert(
            path.to_owned(),
            Place {
                key: key.range.clone(),
                value: value.range.clone(),
                blank,
                source: None,
            },
        );
    }
}
