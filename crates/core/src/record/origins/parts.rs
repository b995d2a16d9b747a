//! The places of a record written in JSON, part by part: the text is scanned once for its top-level keys, and what is
//! below an entry of the record is read on first use. A finding shows only a few facts, from one or two stages of the
//! work.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::find;
use super::places::Places;
use crate::lang::Text;
use crate::record::outline::json::{self, Sink};
use crate::record::outline::{MAX_DEPTH, MAX_NODES, Step, Stop};
use crate::vocabulary::{GroupId, Layout, Vocabulary};

/// The top-level entries of a record, and their places.
#[derive(Debug, Clone)]
pub struct Parts {
    /// In the order of the text; both, if a key is given twice.
    heads: Vec<Head>,
    /// The places in each entry of the record, by position; computed on first use.
    found: Box<[OnceLock<Places>]>,
}

/// A top-level key with its value.
#[derive(Debug, Clone)]
struct Head {
    /// The position of the entry it names.
    entry: usize,
    key: Range<usize>,
    value: Range<usize>,
}

impl Parts {
    /// The parts of a text known to be JSON. For most such texts it looks only at quotes and brackets.
    pub(super) fn of_sound_json(text: &str, vocabulary: &Vocabulary) -> Option<Parts> {
        let layout = vocabulary.layout(GroupId(0));
        // A shorter text cannot hold too many nodes.
        let is_plain = text.len() <= MAX_NODES && memchr::memchr(b'\\', text.as_bytes()).is_none();
        let skimmed = if is_plain { skim(text, layout) } else { None };
        match skimmed {
            Some(heads) => Some(Parts::new(heads, layout)),
            None => Parts::of_json(text, vocabulary),
        }
    }

    /// The parts of a text; `None` if it is not JSON throughout, or too large: then only its outline knows how much of
    /// it counts.
    pub(super) fn of_json(text: &str, vocabulary: &Vocabulary) -> Option<Parts> {
        let layout = vocabulary.layout(GroupId(0));
        let mut top = Top {
            layout,
            heads: Vec::with_capacity(32),
            key: None,
            is_open: false,
            is_map: false,
            expected: 0,
            depth: 0,
            nodes: 0,
        };
        json::read(text, &mut top).ok()?;
        Some(Parts::new(top.heads, layout))
    }

    fn new(heads: Vec<Head>, layout: &Layout) -> Parts {
        Parts {
            heads,
            found: layout.steps.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The places in the part that a path begins with.
    pub(super) fn of(&self, path: &str, text: &str, vocabulary: &Vocabulary) -> Option<&Places> {
        let code = path.split(['.', '[']).next()?;
        let entry = vocabulary.layout(GroupId(0)).of_code(code)?;
        self.part(entry, text, vocabulary)
    }

    /// The places in all parts.
    pub(super) fn all(&self, text: &str, vocabulary: &Vocabulary) -> Vec<&Places> {
        (0..self.found.len())
            .filter_map(|entry| self.part(entry, text, vocabulary))
            .collect()
    }

    fn part(&self, entry: usize, text: &str, vocabulary: &Vocabulary) -> Option<&Places> {
        let found = self.found.get(entry)?;
        Some(found.get_or_init(|| {
            let heads = self.heads.iter().filter(|head| head.entry == entry);
            let values = heads.map(|head| (head.key.clone(), head.value.clone()));
            find::in_json(text, entry, values, vocabulary)
        }))
    }
}

/// The heads of a text that is JSON without escapes; `None` if it is not a map or may nest too deeply.
fn skim(text: &str, layout: &Layout) -> Option<Vec<Head>> {
    let bytes = text.as_bytes();
    let mut heads = Vec::with_capacity(32);
    let mut expected = 0;
    let mut at = after_space(bytes, 0);
    if *bytes.get(at)? != b'{' {
        return None;
    }
    loop {
        at = after_space(bytes, at + 1);
        // An empty map has no key.
        if *bytes.get(at)? == b'}' {
            return Some(heads);
        }
        let key = at..after_string(bytes, at)?;
        at = after_space(bytes, key.end);
        if *bytes.get(at)? != b':' {
            return None;
        }
        let start = after_space(bytes, at + 1);
        let value = start..after_value(bytes, start)?;
        at = after_space(bytes, value.end);
        let name = text.get(key.start + 1..key.end - 1)?;
        if let Some(entry) = layout.find(name, expected) {
            expected = entry + 1;
            heads.push(Head { entry, key, value });
        }
        match *bytes.get(at)? {
            b',' => {}
            b'}' => return Some(heads),
            _ => return None,
        }
    }
}

fn after_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

fn after_string(bytes: &[u8], at: usize) -> Option<usize> {
    if *bytes.get(at)? != b'"' {
        return None;
    }
    let end = at + 1 + json::plain(bytes.get(at + 1..)?);
    (*bytes.get(end)? == b'"').then_some(end + 1)
}

fn after_value(bytes: &[u8], mut at: usize) -> Option<usize> {
    // The record itself is open.
    let mut depth = 1;
    loop {
        match *bytes.get(at)? {
            b'"' => at = after_string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            // A number or a word; between values, a separator.
            _ if depth == 1 => {
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
                return Some(at + bytes.get(at..)?.iter().position(ends)?);
            }
            _ => {
                at += 1;
                continue;
            }
        }
        if depth > MAX_DEPTH {
            return None;
        }
        if depth == 1 {
            return Some(at);
        }
    }
}

/// Collects the top level of a text while it is read.
struct Top<'v> {
    layout: &'v Layout,
    heads: Vec<Head>,
    /// The last key, if it names an entry.
    key: Option<(usize, Range<usize>)>,
    /// Whether the last head is a list or map that is still open.
    is_open: bool,
    /// Whether the text is a map.
    is_map: bool,
    /// The position of the entry after that of the last key.
    expected: usize,
    depth: usize,
    nodes: usize,
}

impl Top<'_> {
    fn count(&mut self) -> Step {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Stop);
        }
        Ok(())
    }

    /// Notes the value of a top-level key. Returns whether it is one.
    fn note(&mut self, value: Range<usize>) -> bool {
        let Some((entry, key)) = self.key.take() else {
            return false;
        };
        self.heads.push(Head { entry, key, value });
        true
    }
}

impl<'s> Sink<'s> for Top<'_> {
    fn open(&mut self, start: usize, is_map: bool) -> Step {
        match self.depth {
            0 => self.is_map = is_map,
            1 => self.is_open = self.note(start..start),
            MAX_DEPTH.. => return Err(Stop),
            _ => {}
        }
        self.depth += 1;
        Ok(())
    }

    fn close(&mut self, end: usize) -> Step {
        self.depth -= 1;
        if self.depth == 1
            && std::mem::take(&mut self.is_open)
            && let Some(head) = self.heads.last_mut()
        {
            head.value.end = end;
        }
        self.count()
    }

    fn key(&mut self, range: Range<usize>, text: Cow<'s, str>) -> Step {
        if self.depth == 1 {
            let entry = self.layout.find(&text, self.expected);
            self.expected = entry.map_or(self.expected, |entry| entry + 1);
            self.key = entry.map(|entry| (entry, range));
        }
        self.count()
    }

    fn scalar(&mut self, range: Range<usize>, _: Cow<'s, str>, _: bool) -> Step {
        if self.depth == 1 && self.is_map {
            self.note(range);
        }
        self.count()
    }

    fn fault(&mut self, _: Range<usize>, _: Text, _: Option<Text>) -> Stop {
        Stop
    }
}
