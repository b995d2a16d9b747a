//! Finds the places of a record, in the nodes its text was parsed into or directly in JSON.

use std::borrow::Cow;
use std::ops::Range;

use super::places::{At, Places, rows_of};
use crate::lang::Text;
use crate::record::outline::json::{self, Sink};
use crate::record::outline::{Content, MAX_DEPTH, Node, Step, Stop, is_null};
use crate::vocabulary::{Entry, GroupId, Vocabulary};

/// The places in nodes.
pub(super) fn in_nodes(root: Option<&Node<'_>>, vocabulary: &Vocabulary) -> Places {
    let mut finder = Finder {
        vocabulary,
        places: Places::new(),
    };
    if let Some(root) = root {
        finder.group(root, At::RECORD, GroupId(0));
    }
    finder.places
}

/// The places in the values that a JSON text gives for one entry of the record, each with its key.
pub(super) fn in_json(
    text: &str,
    position: usize,
    values: impl IntoIterator<Item = (Range<usize>, Range<usize>)>,
    vocabulary: &Vocabulary,
) -> Places {
    let mut stream = Stream {
        finder: Finder {
            vocabulary,
            places: Places::new(),
        },
        open: Vec::with_capacity(16),
    };
    let Some(&entry) = vocabulary.group(GroupId(0)).entries.get(position) else {
        return stream.finder.places;
    };
    for (key, value) in values {
        let at = stream.finder.places.entry(At::RECORD, position);
        stream.open.clear();
        stream.open.push(Open {
            inside: Inside::Group {
                at: At::RECORD,
                group: GroupId(0),
                expected: 0,
                key: Some((key, at, entry)),
            },
            noted: None,
        });
        let upto = text.get(..value.end).unwrap_or(text);
        // The whole text is known to be JSON, so this ends with the value.
        let _ = json::read_from(upto, value.start, &mut stream);
    }
    stream.finder.places
}

struct Finder<'v> {
    vocabulary: &'v Vocabulary,
    places: Places,
}

impl Finder<'_> {
    fn group(&mut self, node: &Node<'_>, at: At, group: GroupId) {
        let Content::Map(entries) = &node.content else {
            return;
        };
        let mut expected = 0;
        for (key, value) in entries {
            let Some(key_text) = key.text() else {
                continue;
            };
            let Some((position, entry)) = self.step(group, key_text, &mut expected) else {
                continue;
            };
            let below = self.places.entry(at, position);
            let (key, place) = (key.range.clone(), value.range.clone());
            match (&value.content, entry) {
                (Content::Scalar { .. }, _) => {
                    self.scalar(below, entry, key, place, is_blank(value));
                }
                (_, Entry::Group(inner)) => {
                    self.places.note(below, key, place, false);
                    self.group(value, below, inner);
                }
                (_, Entry::Fact(id)) => {
                    self.places.note(below, key, place, false);
                    let rows = rows_of(&self.vocabulary.fact(id).ty, self.vocabulary);
                    self.items(value, below, rows);
                }
            }
        }
    }

    /// Visits the elements of a list, or the rows of a list of groups.
    fn items(&mut self, value: &Node<'_>, at: At, rows: Option<GroupId>) {
        let Content::List(items) = &value.content else {
            return;
        };
        for (position, item) in items.iter().enumerate() {
            let below = self.places.element(at, position);
            let place = item.range.clone();
            self.places
                .note(below, place.clone(), place, is_blank(item));
            if let Some(group) = rows {
                self.group(item, below, group);
            }
        }
    }

    /// The target of a key of a group, and its position in the group. `expected` is the position after that of the last
    /// key.
    fn step(&self, group: GroupId, key: &str, expected: &mut usize) -> Option<(usize, Entry)> {
        let at = self.vocabulary.layout(group).find(key, *expected)?;
        *expected = at + 1;
        let entry = self.vocabulary.group(group).entries.get(at)?;
        Some((at, *entry))
    }

    /// A value that is neither list nor map.
    fn scalar(
        &mut self,
        at: At,
        entry: Entry,
        key: Range<usize>,
        value: Range<usize>,
        blank: bool,
    ) {
        self.places.note(at, key.clone(), value.clone(), blank);
        if let Entry::Group(group) = entry {
            self.spread(at, group, &key, &value, blank);
        }
    }

    /// Notes a group stated not to exist for every fact below it.
    fn spread(
        &mut self,
        at: At,
        group: GroupId,
        key: &Range<usize>,
        value: &Range<usize>,
        blank: bool,
    ) {
        let vocabulary = self.vocabulary;
        for (position, &entry) in vocabulary.group(group).entries.iter().enumerate() {
            let below = self.places.entry(at, position);
            self.scalar(below, entry, key.clone(), value.clone(), blank);
        }
    }
}

/// Collects places while a text is read.
struct Stream<'v> {
    finder: Finder<'v>,
    /// The open lists and maps, the record at the bottom.
    open: Vec<Open>,
}

/// An open list or map.
struct Open {
    inside: Inside,
    /// The spot whose value it is, if it is the one that counts, and whether that is an element.
    noted: Option<(At, bool)>,
}

/// How to read the contents.
enum Inside {
    /// As no fact.
    Nothing,
    /// As entries of a group.
    Group {
        at: At,
        group: GroupId,
        expected: usize,
        /// The key whose value comes next, and its target.
        key: Option<(Range<usize>, At, Entry)>,
    },
    /// As elements of a list, which may be rows.
    List {
        at: At,
        rows: Option<GroupId>,
        position: usize,
    },
}

/// The target of the next value.
enum Place {
    Nothing,
    Entry(Range<usize>, At, Entry),
    Element(At, Option<GroupId>),
}

impl Stream<'_> {
    fn place(&mut self) -> Place {
        match self.open.last_mut().map(|open| &mut open.inside) {
            None | Some(Inside::Nothing) => Place::Nothing,
            Some(Inside::Group { key, .. }) => match key.take() {
                Some((key, at, entry)) => Place::Entry(key, at, entry),
                None => Place::Nothing,
            },
            Some(Inside::List { at, rows, position }) => {
                let below = self.finder.places.element(*at, *position);
                *position += 1;
                Place::Element(below, *rows)
            }
        }
    }
}

impl<'s> Sink<'s> for Stream<'_> {
    fn open(&mut self, start: usize, is_map: bool) -> Step {
        if self.open.len() >= MAX_DEPTH {
            return Err(Stop);
        }
        let group = |at, group| Inside::Group {
            at,
            group,
            expected: 0,
            key: None,
        };
        // Its end is not known yet.
        let unended = start..start;
        let place = self.place();
        let places = &mut self.finder.places;
        let (inside, noted) = match place {
            Place::Nothing => (Inside::Nothing, None),
            Place::Entry(key, at, entry) => {
                let counts = places.note(at, key, unended, false);
                let inside = match entry {
                    Entry::Group(inner) if is_map => group(at, inner),
                    Entry::Fact(id) if !is_map => {
                        let vocabulary = self.finder.vocabulary;
                        let rows = rows_of(&vocabulary.fact(id).ty, vocabulary);
                        let position = 0;
                        Inside::List { at, rows, position }
                    }
                    Entry::Group(_) | Entry::Fact(_) => Inside::Nothing,
                };
                (inside, counts.then_some((at, false)))
            }
            Place::Element(at, rows) => {
                let counts = places.note(at, unended.clone(), unended, false);
                let inside = match rows {
                    Some(rows) if is_map => group(at, rows),
                    _ => Inside::Nothing,
                };
                (inside, counts.then_some((at, true)))
            }
        };
        self.open.push(Open { inside, noted });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Step {
        if let Some((at, is_element)) = self.open.pop().and_then(|open| open.noted) {
            self.finder.places.end_value(at, end);
            if is_element {
                self.finder.places.end_key(at, end);
            }
        }
        Ok(())
    }

    fn key(&mut self, range: Range<usize>, text: Cow<'s, str>) -> Step {
        if let Some(Open {
            inside:
                Inside::Group {
                    at,
                    group,
                    expected,
                    key,
                },
            ..
        }) = self.open.last_mut()
        {
            let step = self.finder.step(*group, &text, expected);
            *key = step.map(|(position, entry)| {
                let below = self.finder.places.entry(*at, position);
                (range, below, entry)
            });
        }
        Ok(())
    }

    fn scalar(&mut self, range: Range<usize>, text: Cow<'s, str>, quoted: bool) -> Step {
        let blank = says_nothing(&text, quoted);
        match self.place() {
            Place::Nothing => {}
            Place::Entry(key, at, entry) => self.finder.scalar(at, entry, key, range, blank),
            Place::Element(at, _) => {
                self.finder.places.note(at, range.clone(), range, blank);
            }
        }
        Ok(())
    }

    fn fault(&mut self, _: Range<usize>, _: Text, _: Option<Text>) -> Stop {
        Stop
    }
}

fn is_blank(node: &Node<'_>) -> bool {
    match &node.content {
        Content::Scalar { text, quoted } => says_nothing(text, *quoted),
        Content::List(_) | Content::Map(_) => false,
    }
}

fn says_nothing(text: &str, quoted: bool) -> bool {
    text.chars().all(char::is_whitespace) || !quoted && is_null(text)
}
