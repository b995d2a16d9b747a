//! Lists the findings that name one person, over the dossiers of a folder:
//! `cargo run --example one_person -- NAME FOLDER`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program to read along"
)]

use std::fs;
use std::path::{Path, PathBuf};

use choucha::audit::{Options, Outcome};
use choucha::auditing::Auditing;
use choucha::diagnostic::Diagnostic;
use choucha::engine::Engine;
use choucha::ingest;
use choucha::value::{Day, Party};

const NAME: &str = "于丙";
const FOLDER: &str = "fixtures/shanxi-2024-batch-1";

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| NAME.to_owned());
    run(
        &name,
        &arguments.next().unwrap_or_else(|| FOLDER.to_owned()),
    )
}

fn run(name: &str, folder: &str) -> Result<(), String> {
    let said = |problems: Vec<Diagnostic>| {
        let all: Vec<String> = problems.into_iter().map(|one| one.message.zh).collect();
        all.join("\n")
    };
    let wanted = Party::named(name);
    let engine = Engine::embedded().map_err(said)?;
    let today = Day::parse("2026-12-01").ok_or("a day")?;
    let auditing = Auditing::new(&engine, None, Options::on(today));
    let entries = fs::read_dir(Path::new(folder)).map_err(|error| error.to_string())?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    paths.sort();
    for path in paths {
        let Some(record) = ingest::read_path(&path, engine.vocabulary()).record else {
            continue;
        };
        let Ok(audit) = auditing.audit(&record) else {
            continue;
        };
        let broken = audit
            .findings
            .iter()
            .filter(|found| found.outcome == Outcome::Violated);
        for found in
            broken.filter(|found| found.responsible.iter().any(|party| party.is_same(&wanted)))
        {
            println!("{}  {}：{}", audit.case, found.title.zh, found.because.zh);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_on_what_the_repository_holds() {
        assert_eq!(super::run(super::NAME, super::FOLDER), Ok(()));
    }
}
