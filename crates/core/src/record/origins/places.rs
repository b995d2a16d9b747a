//! The places of one record, as a tree that follows the vocabulary, stored flat and without names.
//!
//! Terms: a *spot* is the place of one fact, group, row or element. Spots in a group or row are identified by their
//! position in the group, spots in a list by their position in the list.

use std::ops::Range;

use crate::value::Type;
use crate::vocabulary::{Entry, GroupId, Vocabulary};

/// The spots of one record.
#[derive(Debug, Clone)]
pub struct Places {
    /// The first is the record itself; children come after their parents.
    spots: Vec<Spot>,
    /// The spots of the elements of each list, in order.
    lists: Vec<Vec<At>>,
}

/// The index of a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At(u32);

impl At {
    /// The record itself.
    pub(super) const RECORD: At = At(0);
    /// No spot; possible because the record itself is no spot's child.
    const NONE: At = At(0);
}

/// The place of something written. Texts are far smaller than four gigabytes.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    key: [u32; 2],
    value: [u32; 2],
    /// Its position in its group or list.
    entry: u32,
    /// The next spot in the same group.
    next: At,
    below: Below,
    /// Only the key is written, without a value.
    blank: bool,
}

/// The children of a spot.
#[derive(Debug, Clone, Copy)]
enum Below {
    Nothing,
    /// Spots in a group, from the first to the last.
    Group(At, At),
    /// Elements of a list, by index into the lists.
    List(u32),
}

impl Spot {
    fn new(entry: u32) -> Spot {
        Spot {
            key: [0; 2],
            value: [0; 2],
            entry,
            next: At::NONE,
            below: Below::Nothing,
            // Replaced by the first note.
            blank: true,
        }
    }

    /// The place of the key.
    pub(super) fn key(&self) -> Range<usize> {
        wide(self.key)
    }

    /// The place of the value; of the key, if there is no value.
    pub(super) fn value(&self) -> Range<usize> {
        match self.value {
            [start, end] if start >= end => wide(self.key),
            value => wide(value),
        }
    }
}

impl Places {
    /// The places of an empty record.
    pub(super) fn new() -> Places {
        // Roughly the number in a dossier, to avoid reallocation.
        let mut spots = Vec::with_capacity(256);
        spots.push(Spot::new(0));
        Places {
            spots,
            lists: Vec::new(),
        }
    }

    /// The spot of an entry in the group at `group`; created if missing.
    pub(super) fn entry(&mut self, group: At, entry: usize) -> At {
        let entry = narrow(entry);
        let Below::Group(first, last) = self.spot(group).below else {
            let new = self.add(entry);
            self.spot_mut(group).below = Below::Group(new, new);
            return new;
        };
        // Spots are kept in order, and usually arrive in order.
        if self.spot(last).entry < entry {
            let new = self.add(entry);
            self.spot_mut(last).next = new;
            self.spot_mut(group).below = Below::Group(first, new);
            return new;
        }
        let mut before = None;
        let mut after = first;
        while self.spot(after).entry < entry {
            before = Some(after);
            after = self.spot(after).next;
        }
        if self.spot(after).entry == entry {
            return after;
        }
        let new = self.add(entry);
        self.spot_mut(new).next = after;
        match before {
            Some(before) => self.spot_mut(before).next = new,
            None => self.spot_mut(group).below = Below::Group(new, last),
        }
        new
    }

    /// The spot of an element of the list at `list`; appended if the list is shorter.
    pub(super) fn element(&mut self, list: At, position: usize) -> At {
        let which = match self.spot(list).below {
            Below::List(which) => which,
            Below::Nothing | Below::Group(..) => {
                let which = narrow(self.lists.len());
                self.lists.push(Vec::new());
                self.spot_mut(list).below = Below::List(which);
                which
            }
        };
        let which = which as usize;
        if let Some(known) = self.lists[which].get(position) {
            return *known;
        }
        let new = self.add(narrow(self.lists[which].len()));
        self.lists[which].push(new);
        new
    }

    /// Notes the place of an entry. If a key is given twice, the first with a value counts, as in decoding. Returns
    /// whether this one counts.
    pub(super) fn note(
        &mut self,
        at: At,
        key: Range<usize>,
        value: Range<usize>,
        blank: bool,
    ) -> bool {
        let spot = self.spot_mut(at);
        let counts = spot.blank;
        if counts {
            spot.key = [narrow(key.start), narrow(key.end)];
            spot.value = [narrow(value.start), narrow(value.end)];
            spot.blank = blank;
        }
        counts
    }

    /// Sets the end of the value of a spot.
    pub(super) fn end_value(&mut self, at: At, end: usize) {
        self.spot_mut(at).value[1] = narrow(end);
    }

    /// Sets the end of the key of a spot.
    pub(super) fn end_key(&mut self, at: At, end: usize) {
        self.spot_mut(at).key[1] = narrow(end);
    }

    /// The spot at a path.
    pub(super) fn find(&self, path: &str, vocabulary: &Vocabulary) -> Option<&Spot> {
        let mut at = At::RECORD;
        let mut group = Some(GroupId(0));
        for part in path.split('.') {
            let (code, mut positions) = match part.find('[') {
                Some(bracket) => part.split_at(bracket),
                None => (part, ""),
            };
            let entry = vocabulary.layout(group?).of_code(code)?;
            let declared = vocabulary.group(group?).entries.get(entry)?;
            at = self.entry_at(at, entry)?;
            group = match declared {
                Entry::Group(inner) => Some(*inner),
                Entry::Fact(_) => None,
            };
            while !positions.is_empty() {
                let (position, rest) = positions.strip_prefix('[')?.split_once(']')?;
                at = self.element_at(at, position_of(position)?)?;
                group = match declared {
                    Entry::Fact(id) => rows_of(&vocabulary.fact(*id).ty, vocabulary),
                    Entry::Group(_) => None,
                };
                positions = rest;
            }
        }
        Some(self.spot(at))
    }

    /// The paths of all spots.
    pub(super) fn paths<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
    ) -> impl Iterator<Item = String> + 'p {
        // The stack of unvisited spots: each with its path, and how to read its children.
        let mut open: Vec<(At, String, Option<Entry>)> = Vec::new();
        self.open_group(At::RECORD, "", GroupId(0), vocabulary, &mut open);
        std::iter::from_fn(move || {
            let (at, path, entry) = open.pop()?;
            let rows = match entry {
                Some(Entry::Fact(id)) => rows_of(&vocabulary.fact(id).ty, vocabulary),
                Some(Entry::Group(_)) | None => None,
            };
            match (self.spot(at).below, entry) {
                (Below::List(which), _) => {
                    let elements = self.lists[which as usize].iter().zip(1_usize..);
                    open.extend(elements.map(|(element, n)| {
                        (*element, format!("{path}[{n}]"), rows.map(Entry::Group))
                    }));
                }
                (Below::Group(..), Some(Entry::Group(group))) => {
                    self.open_group(at, &format!("{path}."), group, vocabulary, &mut open);
                }
                (Below::Nothing | Below::Group(..), _) => {}
            }
            Some(path)
        })
    }

    fn open_group(
        &self,
        at: At,
        path: &str,
        group: GroupId,
        vocabulary: &Vocabulary,
        open: &mut Vec<(At, String, Option<Entry>)>,
    ) {
        let declared = vocabulary.group(group);
        let mut next = match self.spot(at).below {
            Below::Group(first, _) => first,
            Below::Nothing | Below::List(_) => At::NONE,
        };
        while next != At::NONE {
            let spot = self.spot(next);
            if let Some(entry) = declared.entries.get(spot.entry as usize) {
                let path = format!("{path}{}", code(vocabulary, *entry));
                open.push((next, path, Some(*entry)));
            }
            next = spot.next;
        }
    }

    fn entry_at(&self, group: At, entry: usize) -> Option<At> {
        let Below::Group(first, _) = self.spot(group).below else {
            return None;
        };
        let mut at = first;
        while at != At::NONE {
            let spot = self.spot(at);
            if spot.entry as usize == entry {
                return Some(at);
            }
            at = spot.next;
        }
        None
    }

    fn element_at(&self, list: At, position: usize) -> Option<At> {
        match self.spot(list).below {
            Below::List(which) => self.lists[which as usize].get(position).copied(),
            Below::Nothing | Below::Group(..) => None,
        }
    }

    fn add(&mut self, entry: u32) -> At {
        let at = At(narrow(self.spots.len()));
        self.spots.push(Spot::new(entry));
        at
    }

    fn spot(&self, at: At) -> &Spot {
        &self.spots[at.0 as usize]
    }

    fn spot_mut(&mut self, at: At) -> &mut Spot {
        &mut self.spots[at.0 as usize]
    }
}

/// The group that lays out the rows of a list of this type.
pub(super) fn rows_of(ty: &Type, vocabulary: &Vocabulary) -> Option<GroupId> {
    match ty {
        Type::Rows(shape) => Some(vocabulary.shape(*shape).group),
        _ => None,
    }
}

/// The position from 0 for a position in a path, which counts from 1 and has no other spelling.
fn position_of(written: &str) -> Option<usize> {
    let plain = written.starts_with(|c: char| matches!(c, '1'..='9'));
    let position = plain.then(|| written.parse::<usize>().ok()).flatten()?;
    position.checked_sub(1)
}

fn code(vocabulary: &Vocabulary, entry: Entry) -> &str {
    match entry {
        Entry::Fact(id) => &vocabulary.fact(id).code,
        Entry::Group(id) => &vocabulary.group(id).code,
    }
}

fn narrow(wide: usize) -> u32 {
    u32::try_from(wide).unwrap_or(u32::MAX)
}

fn wide([start, end]: [u32; 2]) -> Range<usize> {
    start as usize..end as usize
}
