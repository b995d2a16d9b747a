//! The header of a sheet: which row it is, and the meaning of every column.
//!
//! The header is the row, among the first ones, with the most cells that name facts; titles stand above it. A header of two
//! or three rows names groups above the facts, in merged cells or, in a text file, in the cell to the left.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::columns::{Columns, Meaning, Values, rows_group};
use super::grid::Grid;
use super::index::{Found, Holds, Index, Target, parts, plain};
use super::placing::{self, Content};
use choucha_core::value::Type;
use choucha_core::vocabulary::{FactId, GroupId, PARTY_KEYS, PartyField, Vocabulary};

/// How many rows with contents may stand before the end of the header.
const SEARCHED: usize = 30;

/// The limit of columns in a header; the others are ignored.
const MAX_COLUMNS: usize = 2_000;

/// How to read a sheet.
pub(super) struct Reading<'v> {
    vocabulary: &'v Vocabulary,
    columns: &'v Columns,
    /// The names of the facts of a record.
    root: &'v Index<'v>,
    /// The names of the sheet's own facts, if it does not hold the record's.
    own: Option<Index<'v>>,
    holds: Option<Holds>,
    number: Option<FactId>,
}

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The case number of the row, in a sheet other than the main table.
    Case,
    Target(Target),
    /// One property of the person or organisation that a list entry names.
    Party(PartyField),
    /// The entry of a list itself.
    Entry,
}

/// A column that is read.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) at: u32,
    /// The header as written, parts joined by `·`.
    pub(super) name: String,
    pub(super) what: What,
    /// The multiplier for numbers, from the unit in the header.
    pub(super) factor: Decimal,
    /// The meanings of its words, if they are mapped.
    pub(super) values: Option<Arc<Values>>,
}

/// A problem with a header.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Matches no fact; the nearest name, and whether it is so near that it must be meant.
    Unknown {
        near: Option<String>,
        sure: bool,
        /// The facts whose names end with it.
        may_be: Vec<FactId>,
    },
    /// Matches no fact, but its cells hold values of facts; the facts that may be meant.
    Unplaced(Content, Vec<FactId>),
    Ambiguous(Vec<FactId>),
    /// A column further left has the same meaning.
    Duplicate(u32),
    Unit {
        unit: String,
        fact: FactId,
    },
}

/// A header and its columns.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) row: u32,
    pub(super) columns: Vec<Column>,
    /// Columns that are not read: number, name and problem.
    pub(super) faults: Vec<(u32, String, Fault)>,
    /// Every column with a name: what stands above it, then the name itself.
    pub(super) written: Vec<(u32, Vec<String>)>,
}

impl Header {
    /// The column with a meaning.
    pub(super) fn column(&self, what: What) -> Option<&Column> {
        self.columns.iter().find(|column| column.what == what)
    }

    /// Whether a column is read; the columns are sorted.
    pub(super) fn reads(&self, at: u32) -> bool {
        self.columns
            .binary_search_by_key(&at, |column| column.at)
            .is_ok()
    }

    /// The persons and organisations with further columns.
    pub(super) fn parties(&self) -> Vec<FactId> {
        let of_party = |column: &Column| match column.what {
            What::Target(Target::Party(fact, _)) => Some(fact),
            _ => None,
        };
        self.columns.iter().filter_map(of_party).collect()
    }
}

enum Seen {
    Is(What),
    Ambiguous(Vec<FactId>),
    Ignored,
    Nothing,
}

impl<'v> Reading<'v> {
    pub(super) fn new(
        vocabulary: &'v Vocabulary,
        columns: &'v Columns,
        root: &'v Index<'v>,
        holds: Option<Holds>,
    ) -> Self {
        let own = match holds {
            Some(Holds::Group(GroupId(0))) => None,
            Some(Holds::Group(group)) => Some(Index::of(vocabulary, group)),
            Some(Holds::Many(fact)) if matches!(vocabulary.fact(fact).ty, Type::Rows(_)) => {
                Some(Index::of(vocabulary, rows_group(vocabulary, fact)))
            }
            _ => None,
        };
        let number = match root.find(&[], "case.number") {
            Found::One(target) => Some(target.fact()),
            _ => None,
        };
        Reading {
            vocabulary,
            columns,
            root,
            own,
            holds,
            number,
        }
    }

    /// Finds the header: the given row, or the row with most cells that have a meaning. At least two must have one, and in
    /// a sheet other than the main table one of them must be the case number.
    pub(super) fn header(&self, grid: &Grid) -> Option<Header> {
        if let Some(row) = self.columns.header(&grid.name) {
            return Some(self.at(grid, row));
        }
        let mut best: Option<Header> = None;
        for &row in grid.rows.keys().take(SEARCHED) {
            let header = self.at(grid, row);
            let more = best.as_ref().is_none_or(|best| {
                let (count, most) = (header.columns.len(), best.columns.len());
                // Below groups merged across columns stand the names themselves.
                let below = row == best.row + 1 && grid.has_groups(best.row);
                count > most || count == most && below
            });
            if more {
                best = Some(header);
            }
        }
        best.filter(|best| {
            let keyed = self.holds.is_none() || best.column(What::Case).is_some();
            best.columns.len() >= 2 && keyed
        })
    }

    /// The row read as a header.
    fn at(&self, grid: &Grid, row: u32) -> Header {
        let mut header = Header {
            row,
            columns: Vec::new(),
            faults: Vec::new(),
            written: Vec::new(),
        };
        let above = |n: u32| row.checked_sub(n);
        let mut places: Vec<u32> = [Some(row), above(1), above(2)]
            .into_iter()
            .flatten()
            .filter_map(|row| grid.rows.get(&row))
            .flatten()
            .map(|(column, _)| *column)
            .collect();
        places.sort_unstable();
        places.dedup();
        places.truncate(MAX_COLUMNS);
        let text = |row: Option<u32>, column: u32| -> Option<String> {
            let text = grid.headed(row?, column)?.text();
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let mut left: Option<String> = None;
        for column in places {
            let first = text(above(1), column);
            if first.is_some() {
                left.clone_from(&first);
            }
            let merged = grid.has_merges();
            let Some(own) = text(Some(row), column).or_else(|| {
                // Without merged cells, a one-row header next to two-row ones stands in the first row.
                first.clone().filter(|_| !merged)
            }) else {
                continue;
            };
            let group = first.or_else(|| left.clone().filter(|_| !merged));
            let mut chain: Vec<String> = [text(above(2), column), group]
                .into_iter()
                .flatten()
                .filter(|name| *name != own)
                .collect();
            chain.dedup();
            let names = chain.iter().chain([&own]).cloned().collect();
            header.written.push((column, names));
            self.column(column, &own, &chain, grid, &mut header);
        }
        header
    }

    fn column(&self, at: u32, own: &str, chain: &[String], grid: &Grid, header: &mut Header) {
        let (bare, note) = without_note(own);
        let mut ambiguous = None;
        let mut meant = None;
        'found: for name in [Some(own), bare].into_iter().flatten() {
            for skipped in 0..=chain.len() {
                let above: Vec<&str> = chain[skipped..].iter().map(String::as_str).collect();
                match self.seen(&grid.name, &above, name) {
                    Seen::Is(what) => {
                        meant = Some((what, above.len(), name != own));
                        break 'found;
                    }
                    Seen::Ignored => return,
                    Seen::Ambiguous(facts) => ambiguous = ambiguous.or(Some(facts)),
                    Seen::Nothing => {}
                }
            }
        }
        let name = own.split_whitespace().collect::<Vec<_>>().join("");
        let Some((what, used, stripped)) = meant else {
            let fault = match ambiguous {
                Some(facts) => Fault::Ambiguous(facts),
                None => self.unknown(grid, header.row, at, chain, &name),
            };
            header.faults.push((at, name, fault));
            return;
        };
        let mut parts: Vec<&str> = chain[chain.len() - used..]
            .iter()
            .map(String::as_str)
            .collect();
        parts.push(&name);
        let name = parts.join("·");
        if let Some(earlier) = header.column(what) {
            let fault = Fault::Duplicate(earlier.at);
            header.faults.push((at, name, fault));
            return;
        }
        let note = note.filter(|_| stripped);
        match self.factor(what, note) {
            Ok(factor) => {
                let values = match what {
                    What::Target(Target::Fact(fact)) => self.columns.values(fact).cloned(),
                    _ => None,
                };
                header.columns.push(Column {
                    at,
                    name,
                    what,
                    factor,
                    values,
                });
            }
            Err(fault) => header.faults.push((at, name, fault)),
        }
    }

    fn seen(&self, sheet: &str, above: &[&str], name: &str) -> Seen {
        match self.columns.meaning(sheet, above, name) {
            Some(Meaning::Ignored) => return Seen::Ignored,
            Some(Meaning::Target(target)) => return Seen::Is(self.what(target)),
            None => {}
        }
        let root = self.root.find(above, name);
        let is_number = matches!(root, Found::One(Target::Fact(fact)) if Some(fact) == self.number);
        if self.holds.is_some() && is_number {
            return Seen::Is(What::Case);
        }
        let found = match (&self.own, self.holds) {
            (Some(own), _) => own.find(above, name),
            (None, Some(Holds::Many(fact))) => return self.entry(fact, name),
            (None, _) => root,
        };
        match found {
            Found::One(target) => Seen::Is(What::Target(target)),
            Found::Several(facts) => Seen::Ambiguous(facts),
            Found::Nothing => Seen::Nothing,
        }
    }

    /// The meaning of a mapped column: the case number is the key in every sheet but the main one.
    fn what(&self, target: Target) -> What {
        match target {
            Target::Fact(fact) if self.holds.is_some() && Some(fact) == self.number => What::Case,
            target => What::Target(target),
        }
    }

    /// A column of a sheet whose rows are list entries.
    fn entry(&self, fact: FactId, name: &str) -> Seen {
        let fact = self.vocabulary.fact(fact);
        let last = parts(name).pop().unwrap_or_default();
        let of_party =
            matches!(&fact.ty, Type::List(of) if matches!(**of, Type::Person | Type::Organisation));
        if of_party && let Some((_, field)) = PARTY_KEYS.iter().find(|(key, _)| plain(key) == last)
        {
            return Seen::Is(match field {
                PartyField::Name => What::Entry,
                field => What::Party(*field),
            });
        }
        let names = [&fact.code, &fact.label.zh, &fact.label.en];
        let mut names = names.into_iter().chain(&fact.aliases);
        if names.any(|known| plain(known) == last) {
            return Seen::Is(What::Entry);
        }
        Seen::Nothing
    }

    fn unknown(&self, grid: &Grid, row: u32, at: u32, chain: &[String], name: &str) -> Fault {
        let index = self.own.as_ref().unwrap_or(self.root);
        let content = Content::of(grid, row, at);
        let vocabulary = self.vocabulary;
        let may_be = |fact: FactId| content.may_be(&vocabulary.fact(fact).ty, vocabulary);
        let near = index.nearest(name, may_be).map(str::to_owned);
        let length = name.chars().count();
        let sure = near.as_ref().is_some_and(|near| {
            let apart = strsim::osa_distance(&plain(name), &plain(near));
            length >= 4 && apart <= if length >= 8 { 2 } else { 1 }
        });
        if content.is_of_facts() && !sure {
            let candidates = placing::candidates(vocabulary, index, content, chain, name);
            return Fault::Unplaced(content, candidates);
        }
        let may_be = match sure {
            true => Vec::new(),
            false => index.ending_in(name),
        };
        Fault::Unknown { near, sure, may_be }
    }

    /// What a column below a header holds, and the facts it may mean, the likeliest first.
    pub(super) fn may_mean(
        &self,
        grid: &Grid,
        row: u32,
        at: u32,
        names: &[String],
    ) -> (Content, Vec<FactId>) {
        let index = self.own.as_ref().unwrap_or(self.root);
        let content = Content::of(grid, row, at);
        let Some((name, chain)) = names.split_last() else {
            return (content, Vec::new());
        };
        // Names above a column of which nothing else is known are titles as often as not.
        let above = if content.is_of_facts() { chain } else { &[] };
        let mut facts = placing::candidates(self.vocabulary, index, content, above, name);
        let ending = index.ending_in(name).into_iter();
        facts.extend(
            ending.filter(|fact| content.may_be(&self.vocabulary.fact(*fact).ty, self.vocabulary)),
        );
        let mut known = std::collections::HashSet::new();
        facts.retain(|fact| known.insert(*fact));
        (content, facts)
    }

    /// Whether somebody said what a column means.
    pub(super) fn is_mapped(&self, sheet: &str, names: &[String]) -> bool {
        let Some((name, chain)) = names.split_last() else {
            return false;
        };
        (0..=chain.len()).any(|skipped| {
            let above: Vec<&str> = chain[skipped..].iter().map(String::as_str).collect();
            self.columns.meaning(sheet, &above, name).is_some()
        })
    }

    /// The multiplier for the unit in a header.
    fn factor(&self, what: What, note: Option<&str>) -> Result<Decimal, Fault> {
        let (What::Target(Target::Fact(id)), Some(note)) = (what, note) else {
            return Ok(Decimal::ONE);
        };
        let fact = self.vocabulary.fact(id);
        let Some(unit) = &fact.unit else {
            return Ok(Decimal::ONE);
        };
        let note = plain(
            note.trim_start_matches("单位")
                .trim_start_matches(['：', ':']),
        );
        if note == plain(&unit.zh) || note == plain(&unit.en) {
            return Ok(Decimal::ONE);
        }
        let money = [("千元", 1_000), ("万元", 10_000), ("亿元", 100_000_000)];
        if let Some((_, factor)) = money.iter().find(|(word, _)| *word == note)
            && unit.zh == "元"
            && fact.ty == Type::Decimal
        {
            return Ok(Decimal::from(*factor));
        }
        if UNITS.contains(&note.as_str()) {
            return Err(Fault::Unit {
                unit: note,
                fact: id,
            });
        }
        Ok(Decimal::ONE)
    }
}

/// Words in a header's brackets that are units, not notes.
const UNITS: [&str; 24] = [
    "元", "角", "分", "千元", "万元", "亿元", "克", "g", "千克", "公斤", "kg", "吨", "t", "毫克",
    "mg", "升", "l", "毫升", "ml", "小时", "分钟", "周", "月", "年",
];

/// A header without the brackets at its end, and their contents.
fn without_note(name: &str) -> (Option<&str>, Option<&str>) {
    let trimmed = name.trim_end();
    let Some(inner) = trimmed.strip_suffix(['）', ')']) else {
        return (None, None);
    };
    match inner.rfind(['（', '(']) {
        Some(at) if at > 0 => {
            let width = inner[at..].chars().next().map_or(1, char::len_utf8);
            (
                Some(inner[..at].trim_end()),
                Some(inner[at + width..].trim()),
            )
        }
        _ => (None, None),
    }
}
