//! Fills in a record: keys in the order of the forms, with the errors of a careless clerk.

use choucha::value::Day;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::random::Random;

/// A value of a record.
#[derive(Debug, Clone)]
pub enum Node {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i32),
    /// Everything written as text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A group; the keys keep their order, as a form does.
    Group(Vec<(&'static str, Node)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Bool(yes) => serializer.serialize_bool(*yes),
            Node::Int(number) => serializer.serialize_i32(*number),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Node::Group(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// How often a clerk errs, per thousand facts.
#[derive(Debug, Clone, Copy)]
pub struct Care {
    /// Facts left out.
    pub missing: u32,
    /// Facts with a wrong value.
    pub wrong: u32,
}

/// A record being filled in.
pub struct Form {
    pub random: Random,
    care: Care,
    top: Vec<(&'static str, Node)>,
}

impl Form {
    pub fn new(random: Random, care: Care) -> Self {
        Form {
            random,
            care,
            top: Vec::new(),
        }
    }

    pub fn finish(self) -> Node {
        Node::Group(self.top)
    }

    /// Writes a fact as given, apart from clerical errors. `path`: the groups and the key, with dots.
    pub fn put(&mut self, path: &'static str, value: Node) {
        let mut entries = &mut self.top;
        let mut rest = path;
        while let Some((group, tail)) = rest.split_once('.') {
            rest = tail;
            let at = entries.iter().position(|(key, _)| *key == group);
            let at = at.unwrap_or_else(|| {
                entries.push((group, Node::Group(Vec::new())));
                entries.len() - 1
            });
            let Node::Group(inner) = &mut entries[at].1 else {
                panic!("{path}: {group} is no group");
            };
            entries = inner;
        }
        entries.push((rest, value));
    }

    fn forgotten(&mut self) -> bool {
        self.random.per_mille(self.care.missing)
    }

    fn slips(&mut self) -> bool {
        self.random.per_mille(self.care.wrong)
    }

    /// A free text.
    pub fn text(&mut self, path: &'static str, text: impl Into<String>) {
        if !self.forgotten() {
            self.put(path, Node::Text(text.into()));
        }
    }

    /// A fact known not to exist.
    pub fn none(&mut self, path: &'static str) {
        self.text(path, "无");
    }

    /// A fact that should be true.
    pub fn yes(&mut self, path: &'static str) {
        self.flag(path, true);
    }

    /// A fact that should be false.
    pub fn no(&mut self, path: &'static str) {
        self.flag(path, false);
    }

    /// A fact that should be as given.
    pub fn flag(&mut self, path: &'static str, right: bool) {
        if !self.forgotten() {
            let wrong = self.slips();
            self.put(path, Node::Bool(right != wrong));
        }
    }

    /// A count.
    pub fn number(&mut self, path: &'static str, right: i32) {
        if !self.forgotten() {
            let wrong = i32::from(self.slips());
            self.put(path, Node::Int((right - wrong).max(0)));
        }
    }

    /// Money, in fen.
    pub fn money(&mut self, path: &'static str, fen: i32) {
        if !self.forgotten() {
            let fen = if self.slips() { fen * 3 / 4 } else { fen };
            self.put(path, Node::Text(format!("{}.{:02}", fen / 100, fen % 100)));
        }
    }

    /// A day; a wrong value is some weeks late.
    pub fn day(&mut self, path: &'static str, right: Day) {
        if !self.forgotten() {
            let late = if self.slips() {
                self.random.between(1, 40)
            } else {
                0
            };
            self.put(path, Node::Text((right + late).to_string()));
        }
    }

    /// One of a few codes, the right one first.
    pub fn code(&mut self, path: &'static str, codes: &[&str]) {
        if !self.forgotten() {
            let code = if self.slips() {
                self.random.one_of(codes)
            } else {
                codes[0]
            };
            self.put(path, Node::Text(code.to_owned()));
        }
    }

    /// Several codes or names; a careless clerk loses one.
    pub fn list(&mut self, path: &'static str, all: &[&str]) {
        if self.forgotten() {
            return;
        }
        let mut items: Vec<Node> = all
            .iter()
            .map(|item| Node::Text((*item).to_owned()))
            .collect();
        if items.len() > 1 && self.slips() {
            let lost = self.random.below(u32::try_from(items.len()).unwrap_or(1)) as usize;
            items.remove(lost);
        }
        self.put(path, Node::List(items));
    }
}
