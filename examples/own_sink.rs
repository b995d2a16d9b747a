//! Audits every case of a file and hands each to a sink of your own, here a count by duty:
//! `cargo run --example own_sink -- FILE`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program to read along"
)]

use std::collections::BTreeMap;
use std::convert::Infallible;

use choucha::audit::{Options, Outcome};
use choucha::batch;
use choucha::campaign::CampaignAudit;
use choucha::diagnostic::Diagnostic;
use choucha::engine::Engine;
use choucha::rulebook::RuleFolder;
use choucha::run::{Given, Run};
use choucha::sink::{Case, Pages, Sink};
use choucha::value::Day;

const CASES: &str = "fixtures/campaigns/chongqing-2021-follow-up/workbook/台账.xlsx";

/// Counts the violations of cases by duty.
#[derive(Default)]
struct ByDuty {
    violated: BTreeMap<String, u32>,
}

impl Sink for ByDuty {
    /// The violated duties: collected on any thread, counted when it is the case's turn.
    type Page = Vec<String>;
    type Stop = Infallible;

    fn pages(&self) -> Pages<Vec<String>> {
        Box::new(|case| {
            let findings = case.result.iter().flat_map(|audit| &audit.findings);
            let violated = findings.filter(|found| found.outcome == Outcome::Violated);
            violated.map(|found| found.title.zh.clone()).collect()
        })
    }

    fn case(&mut self, case: Case, violated: Vec<String>) -> Result<(), Infallible> {
        if let Err(problems) = &case.result {
            eprintln!("{}: {}", case.title, said(problems));
        }
        for duty in violated {
            *self.violated.entry(duty).or_default() += 1;
        }
        Ok(())
    }

    fn campaign(&mut self, _: &CampaignAudit) -> Result<(), Infallible> {
        Ok(())
    }

    fn problems(&mut self, problems: &[Diagnostic]) {
        eprintln!("{}", said(problems));
    }
}

fn said(problems: &[Diagnostic]) -> String {
    let all: Vec<&str> = problems.iter().map(|one| &*one.message.zh).collect();
    all.join("\n")
}

fn main() -> Result<(), String> {
    run(&std::env::args().nth(1).unwrap_or_else(|| CASES.to_owned()))
}

fn run(path: &str) -> Result<(), String> {
    let folder = RuleFolder::embedded();
    let engine = Engine::load(&folder).map_err(|problems| said(&problems))?;
    let today = Day::parse("2026-12-01").ok_or("a day")?;
    let mut sink = ByDuty::default();
    let mut stdin = std::io::empty();
    let given = Given::new(batch::find(&[path.into()]), &mut stdin);
    let run = Run::new(&engine, &folder, None, Options::on(today));
    let ended = match run.audit(given, &mut sink) {
        Ok(ended) => ended,
        Err(stopped) => match stopped.by {},
    };
    for (duty, cases) in &sink.violated {
        println!("{cases:>4}  {duty}");
    }
    println!("{} cases", ended.totals.records);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_on_what_the_repository_holds() {
        assert_eq!(super::run(super::CASES), Ok(()));
    }
}
