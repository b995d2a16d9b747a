//! Audits every case of a file and hands each to a sink of one's own, here a count by duty:
//! `cargo run --example own_sink -- FILE`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program to read along"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use choucha::audit::{CaseAudit, Options, Outcome};
use choucha::auditing::Auditing;
use choucha::batch::{Batch, Input, Kind};
use choucha::diagnostic::Diagnostic;
use choucha::engine::Engine;
use choucha::value::Day;

const CASES: &str = "fixtures/campaigns/chongqing-2021-follow-up/workbook/台账.xlsx";

/// Takes one case after another.
#[derive(Default)]
struct ByDuty {
    violated: BTreeMap<String, u32>,
}

impl ByDuty {
    fn take(&mut self, audit: &CaseAudit) {
        let violated = audit
            .findings
            .iter()
            .filter(|found| found.outcome == Outcome::Violated);
        for found in violated {
            *self.violated.entry(found.title.zh.clone()).or_default() += 1;
        }
    }
}

fn main() -> Result<(), String> {
    run(&std::env::args().nth(1).unwrap_or_else(|| CASES.to_owned()))
}

fn run(path: &str) -> Result<(), String> {
    let said = |problems: Vec<Diagnostic>| {
        let all: Vec<String> = problems.into_iter().map(|one| one.message.zh).collect();
        all.join("\n")
    };
    let path = PathBuf::from(path);
    let engine = Engine::embedded().map_err(said)?;
    let today = Day::parse("2026-12-01").ok_or("a day")?;
    let auditing = Auditing::new(&engine, None, Options::on(today));
    let batch = Batch::new(engine.vocabulary(), None);
    let input = Input {
        kind: Kind::of(&path),
        path,
    };
    let mut sink = ByDuty::default();
    let mut stdin = std::io::empty();
    for parcel in batch.open(&input, &mut stdin) {
        for at in 0..parcel.len() {
            let Some(case) = parcel.case(at, engine.vocabulary()) else {
                break;
            };
            let Some(record) = case.decoded.record else {
                eprintln!("{}: {}", case.title, said(case.decoded.diagnostics));
                continue;
            };
            match auditing.audit(&record) {
                Ok(audit) => sink.take(&audit),
                Err(problems) => eprintln!("{}: {}", case.title, said(problems)),
            }
        }
    }
    for (duty, cases) in &sink.violated {
        println!("{cases:>4}  {duty}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_on_what_the_repository_holds() {
        assert_eq!(super::run(super::CASES), Ok(()));
    }
}
