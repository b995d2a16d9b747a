//! Twenty duties on two engines: this project's expression trees, and the same duties in Rego on `regorus`. Checks that
//! both give the same verdict wherever no missing fact matters, and measures both in one run.
//!
//! `cargo run --release` · `cargo run -- --check` (verdicts only) · `CASES=400 ROUNDS=401 cargo run --release`

#[path = "../../support/mod.rs"]
mod support;

mod agreement;
mod known;
mod rego;
mod timing;

use anyhow::Result;
use choucha::audit::Auditor;
use choucha::engine::Engine;
use support::measure::number;
use support::{cases, ready};

/// The allocator of the program, for both engines.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The inputs of both engines.
struct Bench {
    engine: Engine,
    twenty: Auditor,
    texts: Vec<String>,
}

fn main() -> Result<()> {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let count = number("CASES", 2000);
    let engine = ready::engine();
    let bench = Bench {
        twenty: ready::auditor_of_twenty(&engine),
        engine,
        texts: cases::json(0..count as u64),
    };
    agreement::compare(&bench)?.print();
    if !is_check {
        println!();
        timing::measure(&bench, number("ROUNDS", 201))?;
    }
    Ok(())
}
