//! The case numbers of a run: whether a number occurred before, and where.
//!
//! For every number its hash is kept, with its line or row and an index: 18 to 24 bytes per case, however long numbers
//! are. Two numbers with the same hash would count as the same; among a million cases that is less likely than one in
//! thirty million.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use hashbrown::HashTable;

use choucha_core::value::naming::normal;

/// How many entries are allocated at once: existing entries never move.
const AT_ONCE: usize = 1 << 16;

/// The hash of a case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seen(u64);

impl Seen {
    /// Hashes the normal form of a case number.
    #[must_use]
    pub fn of(number: &str) -> Self {
        // The same hash for the same number in every run, so that the same input gives the same output.
        let mut hasher = DefaultHasher::new();
        normal(number).hash(&mut hasher);
        Seen(hasher.finish())
    }
}

/// The case numbers of a run, in the order of the cases.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Positions in the log, by hash.
    index: HashTable<u32>,
    log: Vec<Vec<Entry>>,
    /// The beginning of places, each with the first position it applies to.
    places: Vec<(u32, Arc<str>)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: [u32; 2],
    /// The number at the end of the place, plus one; 0 if it ends in none.
    digits: u32,
    /// Half of the fingerprint of the record.
    facts: u32,
}

/// An earlier case with the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The place of its first occurrence.
    pub place: String,
    /// Whether its record states the same facts.
    pub is_same: bool,
}

impl Entry {
    fn hash(self) -> u64 {
        u64::from(self.hash[0]) << 32 | u64::from(self.hash[1])
    }
}

impl Numbers {
    /// The first case with this number; or None, after noting the number with its place and the fingerprint of its record.
    pub fn note(&mut self, number: Seen, fingerprint: u64, place: &str) -> Option<Earlier> {
        let facts = half(fingerprint);
        let Numbers { index, log, .. } = self;
        let entry = |at: u32| of_log(log, at);
        let is_same = |at: &u32| entry(*at).is_some_and(|entry| entry.hash() == number.0);
        if let Some(&at) = index.find(number.0, is_same) {
            let is_same = entry(at).is_some_and(|entry| entry.facts == facts);
            let place = self.place(at);
            return Some(Earlier { place, is_same });
        }
        let next = self
            .log
            .last()
            .map_or(0, |last| (self.log.len() - 1) * AT_ONCE + last.len());
        // Beyond 32 bits nothing more is noted; further cases are compared with those before.
        let Ok(at) = u32::try_from(next) else {
            return None;
        };
        let (begin, digits) = split(place);
        if self.places.last().is_none_or(|(_, last)| **last != *begin) {
            self.places.push((at, begin.into()));
        }
        if next.is_multiple_of(AT_ONCE) {
            self.log.push(Vec::with_capacity(AT_ONCE));
        }
        if let Some(last) = self.log.last_mut() {
            let low = u32::MAX as u64;
            last.push(Entry {
                hash: [number.0 >> 32, number.0 & low]
                    .map(|half| u32::try_from(half).unwrap_or_default()),
                digits,
                facts,
            });
        }
        let log = &self.log;
        self.index
            .insert_unique(number.0, at, |at| of_log(log, *at).map_or(0, Entry::hash));
        None
    }

    fn place(&self, at: u32) -> String {
        let after = self.places.partition_point(|(from, _)| *from <= at);
        let begin = after
            .checked_sub(1)
            .and_then(|place| self.places.get(place));
        let mut place = begin.map_or_else(String::new, |(_, begin)| begin.to_string());
        if let Some(digits) = of_log(&self.log, at).and_then(|entry| entry.digits.checked_sub(1)) {
            place.push_str(&digits.to_string());
        }
        place
    }
}

fn half(fingerprint: u64) -> u32 {
    u32::try_from(fingerprint & u64::from(u32::MAX)).unwrap_or_default()
}

fn of_log(log: &[Vec<Entry>], at: u32) -> Option<Entry> {
    let at = at as usize;
    log.get(at / AT_ONCE)?.get(at % AT_ONCE).copied()
}

/// Splits a place into its beginning and the number at its end plus one: `cases.ndjson:` and 18 for `cases.ndjson:17`.
fn split(place: &str) -> (&str, u32) {
    let begin = place.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &place[begin.len()..];
    // A number that would not print the same again stays in the beginning.
    let number = Some(digits).filter(|digits| !digits.starts_with('0'));
    match number.and_then(|digits| digits.parse::<u32>().ok()?.checked_add(1)) {
        Some(digits) => (begin, digits),
        None => (place, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_seen_before_is_reported_with_its_first_place() {
        let mut numbers = Numbers::default();
        let places = [
            "甲.ndjson:1",
            "甲.ndjson:2",
            "台账.xlsx:抽样!A12",
            "案卷/007.yaml",
            "案卷/007",
            "-:4294967295",
        ];
        for (at, place) in places.iter().enumerate() {
            let number = Seen::of(&at.to_string());
            assert_eq!(numbers.note(number, at as u64, place), None);
        }
        for (at, place) in places.iter().enumerate() {
            let number = Seen::of(&format!(" {at}\n"));
            for (fingerprint, is_same) in [(at, true), (at + 1, false)] {
                let again = numbers.note(number, fingerprint as u64, "again");
                let place = (*place).to_owned();
                assert_eq!(again, Some(Earlier { place, is_same }));
            }
        }
    }

    #[test]
    fn a_hundred_thousand_numbers_take_no_more_than_28_bytes_each() {
        let mut numbers = Numbers::default();
        let count = 100_000;
        for at in 0..count {
            let number = Seen::of(&format!("示例编号{at}"));
            assert_eq!(
                numbers.note(number, 0, &format!("cases.ndjson:{}", at + 1)),
                None
            );
        }
        let again = numbers.note(Seen::of("示例编号77777"), 0, "x");
        let place = again.map(|earlier| earlier.place);
        assert_eq!(place.as_deref(), Some("cases.ndjson:77778"));
        assert_eq!(numbers.places.len(), 1);
        assert!(size_of::<Entry>() == 16);
        let index = numbers.index.allocation_size();
        assert!(index <= 12 * count, "{index}");
    }
}
