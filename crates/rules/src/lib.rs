//! Turns rule scripts into rule sets, checks their quotes against the texts, measures coverage and compares rule sets.
//!
//! This crate is the only user of Rhai.

pub mod coverage;
pub mod diff;
pub mod rulebook;
pub mod texts;
