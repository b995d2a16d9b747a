//! Loads your own folder of rules and lists its duties: `cargo run --example own_rules -- FOLDER`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program to read along"
)]

use std::path::Path;

use choucha::diagnostic::Diagnostic;
use choucha::engine::Engine;
use choucha::rulebook::RuleFolder;

const FOLDER: &str = "rules";

fn main() -> Result<(), String> {
    run(&std::env::args().nth(1).unwrap_or_else(|| FOLDER.to_owned()))
}

fn run(folder: &str) -> Result<(), String> {
    let said = |problems: Vec<Diagnostic>| {
        let all: Vec<String> = problems.into_iter().map(|one| one.message.zh).collect();
        all.join("\n")
    };
    let folder = RuleFolder::open(Path::new(folder)).map_err(said)?;
    let engine = Engine::load(&folder).map_err(said)?;
    for set in &engine.rulebook().rule_sets {
        println!("{}  {}", set.id, set.title.zh);
        for duty in set.all_obligations() {
            println!("    {}  {}", duty.id, duty.title.zh);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_on_what_the_repository_holds() {
        assert_eq!(super::run(super::FOLDER), Ok(()));
    }
}
