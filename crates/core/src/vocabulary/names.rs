//! Tables from names to their meanings, for keys and enum values.
//!
//! They are read once per key of every record, so they hash with a few multiplications instead of the standard
//! library's keyed hash. That is safe because records only look names up; the names in a table come from the
//! vocabulary.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table from names to their meanings.
pub type Names<T> = HashMap<String, T, BuildHasherDefault<NameHasher>>;

/// Multiplies eight bytes at a time into the state.
#[derive(Debug, Clone, Copy, Default)]
pub struct NameHasher(u64);

impl NameHasher {
    fn mix(&mut self, word: u64) {
        // The multiplier is the golden ratio in 64 bits, as in Fibonacci hashing.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(word));
        }
        self.mix(bytes.len() as u64);
    }

    fn write_u16(&mut self, number: u16) {
        self.mix(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn write_u8(&mut self, _: u8) {
        // `str` ends its hash with this byte to keep tuples of texts apart; the length does that here.
    }

    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits, which multiplication mixes least.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_kept_apart() {
        let names = [
            "a",
            "a\0",
            "posted_on",
            "posted_no",
            "寄出日期",
            "寄出期日",
            "",
        ];
        let table: Names<usize> = names
            .iter()
            .enumerate()
            .map(|(i, n)| ((*n).to_owned(), i))
            .collect();
        for (i, name) in names.iter().enumerate() {
            assert_eq!(table.get(*name), Some(&i));
        }
        assert_eq!(table.get("posted"), None);
    }
}
