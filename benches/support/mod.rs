//! Shared by the benchmarks and `tests/it/native_agrees.rs`: generated cases, and twenty duties written by hand.

// Every user compiles all of it and uses a part.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic
)]

pub mod cases;
pub mod document;
mod logic;
pub mod measure;
pub mod native;
pub mod random;
pub mod ready;
mod results;
mod terms;
