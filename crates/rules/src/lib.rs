//! Rule scripts to rule sets, the texts their quotes come from, coverage of those texts, and comparison of rule sets.
//!
//! This crate is the only user of Rhai.

pub mod coverage;
pub mod diff;
pub mod rulebook;
pub mod texts;
