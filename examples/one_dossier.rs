//! Audits one dossier and prints the findings: `cargo run --example one_dossier -- DOSSIER`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program to read along"
)]

use std::path::Path;

use choucha::audit::Options;
use choucha::diagnostic::Diagnostic;
use choucha::engine::Engine;
use choucha::ingest;
use choucha::value::Day;

const DOSSIER: &str = "fixtures/shanxi-2024-batch-1/late-mailing.yaml";

fn main() -> Result<(), String> {
    run(&std::env::args()
        .nth(1)
        .unwrap_or_else(|| DOSSIER.to_owned()))
}

fn run(path: &str) -> Result<(), String> {
    let said = |problems: Vec<Diagnostic>| {
        let all: Vec<String> = problems.into_iter().map(|one| one.message.zh).collect();
        all.join("\n")
    };
    let engine = Engine::embedded().map_err(said)?;
    let read = ingest::read_path(Path::new(path), engine.vocabulary());
    let Some(record) = read.record else {
        return Err(said(read.diagnostics));
    };
    // The dossier says when it was closed; an open one is audited as of this day.
    let today = Day::parse("2026-12-01").ok_or("a day")?;
    let audit = engine.audit(&record, Options::on(today)).map_err(said)?;
    for finding in &audit.findings {
        println!(
            "{}  {}：{}",
            finding.outcome.label().zh,
            finding.title.zh,
            finding.because.zh
        );
        for citation in &finding.citations {
            println!(
                "    {} {} “{}”",
                citation.instrument, citation.section, citation.quote
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_on_what_the_repository_holds() {
        assert_eq!(super::run(super::DOSSIER), Ok(()));
    }
}
