//! Texts found in a text: from left to right, of those that begin at one place the longest, none within another.
//!
//! Invariant: the time it takes is proportional to the text, whatever the needles and the text repeat. A search from the
//! left may have to look at the same characters again and again to know which needle is the longest: a thousand of one
//! character against needles of one and of a thousand and one. So the text is read from its end: wherever a needle begins,
//! the automaton then knows the longest one at once.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind, PatternID};

/// Needles, ready to be found.
#[derive(Debug)]
pub(super) struct Needles {
    /// Of the needles spelt backwards.
    automaton: NFA,
}

/// A needle in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Needle {
    /// Which one, in the order given.
    pub(super) at: usize,
    pub(super) range: Range<usize>,
}

impl Needles {
    /// Needles, none of them blank; none if there are too many to be found.
    pub(super) fn new<'n>(needles: impl Iterator<Item = &'n str>) -> Option<Self> {
        let backwards = needles.map(|needle| needle.bytes().rev().collect::<Vec<u8>>());
        let automaton = NFA::builder()
            .match_kind(MatchKind::Standard)
            // One that knows the next state of every state at once takes quadratic time to be made.
            .build(backwards)
            .ok()?;
        Some(Needles { automaton })
    }

    /// The needles of a text.
    pub(super) fn find(&self, text: &str) -> Option<Vec<Needle>> {
        let mut state = self.automaton.start_state(Anchored::No).ok()?;
        // From right to left, where a needle begins the longest that does.
        let mut begins: Vec<(usize, PatternID)> = Vec::new();
        for (at, byte) in text.bytes().enumerate().rev() {
            state = self.automaton.next_state(Anchored::No, state, byte);
            if self.automaton.is_match(state) {
                // Those of one state are ordered: the longest first.
                begins.push((at, self.automaton.match_pattern(state, 0)));
            }
        }
        let mut found: Vec<Needle> = Vec::new();
        let mut end = 0;
        for (start, pattern) in begins.into_iter().rev() {
            if start >= end {
                end = start + self.automaton.pattern_len(pattern);
                found.push(Needle {
                    at: pattern.as_usize(),
                    range: start..end,
                });
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn found(needles: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let needles = Needles::new(needles.iter().copied()).unwrap();
        let found = needles.find(text).unwrap().into_iter();
        found.map(|needle| (needle.at, needle.range)).collect()
    }

    #[test]
    fn the_leftmost_is_found_and_of_several_the_longest() {
        assert_eq!(found(&["b", "abc", "bcd"], "abcd"), [(1, 0..3)]);
        assert_eq!(found(&["ab", "abcd", "bc"], "abcx"), [(0, 0..2)]);
        assert_eq!(found(&["a", "aa"], "aaa"), [(1, 0..2), (0, 2..3)]);
        let text = "张甲、张甲乙和李甲";
        assert_eq!(
            found(&["张甲", "张甲乙", "甲"], text),
            [(0, 0..6), (1, 9..18), (2, 24..27)]
        );
        assert_eq!(found(&[], "text"), []);
    }

    #[test]
    fn it_agrees_with_a_search_from_the_left() {
        let letters = ["a", "b", "人"];
        let text = |mut seed: u32, length: u32| {
            let mut text = String::new();
            for _ in 0..length {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(letters[(seed >> 24) as usize % 3]);
            }
            text
        };
        for seed in 0..2_000 {
            let mut needles: Vec<String> = (0..4)
                .map(|at| text(seed * 7 + at, 1 + (seed + at) % 4))
                .collect();
            needles.sort_unstable();
            needles.dedup();
            let text = text(seed, 24);
            let usual = aho_corasick::AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&needles)
                .unwrap();
            let usual: Vec<_> = usual
                .find_iter(&text)
                .map(|found| (found.pattern().as_usize(), found.range()))
                .collect();
            let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
            assert_eq!(found(&needles, &text), usual, "{needles:?} in {text}");
        }
    }

    #[test]
    fn many_of_one_character_take_no_longer_than_others() {
        let started = Instant::now();
        let text = "人".repeat(300_000);
        let long = format!("{}乙", "人".repeat(100_000));
        assert_eq!(found(&["人", &long], &text).len(), 300_000);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}
