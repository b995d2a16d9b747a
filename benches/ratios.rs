//! The ratios of `docs/performance.md`: everything measured in one run, interleaved, so that a busy machine slows all
//! of it alike. Prints a table in Markdown; asserts nothing.
//!
//! `cargo bench --bench ratios` · `ROUNDS=101 CASES=1000 cargo bench --bench ratios`

#![allow(clippy::print_stdout, clippy::expect_used)]

#[path = "support/mod.rs"]
mod support;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

use choucha::audit::{Auditor, Options};
use choucha::engine::Engine;
use choucha::ingest::{self, Format};
use choucha::record::{Record, Settled};
use support::native::Native;
use support::{cases, ready};

fn main() {
    // `cargo test --benches` runs this too: once over a few cases, to see that it works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let rounds = number("ROUNDS", if is_bench { 41 } else { 1 });
    let count = number("CASES", if is_bench { 400 } else { 5 });
    let bench = Bench::new(count as u64);
    let mut table = Table::new(rounds);
    for _ in 0..rounds {
        bench.round(&mut table);
    }
    let (auditor, mean) = (
        &bench.auditor,
        bench.json.iter().map(String::len).sum::<usize>() / count,
    );
    println!(
        "{count} cases of {mean} bytes of JSON in the mean, {} obligations in force; medians of {rounds} rounds\n",
        auditor.graph().obligations().count()
    );
    table.print();
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
        .max(1)
}

struct Bench {
    engine: Engine,
    auditor: Auditor,
    few: Auditor,
    json: Vec<String>,
    yaml: Vec<String>,
    faultless: String,
    records: Vec<Record>,
    settled: Vec<Settled>,
}

impl Bench {
    fn new(count: u64) -> Self {
        let engine = ready::engine();
        let json = cases::json(0..count);
        let records: Vec<Record> = json
            .iter()
            .map(|text| ready::decode(&engine, text, Format::Json))
            .collect();
        Bench {
            settled: records
                .iter()
                .map(|record| record.settle(engine.vocabulary(), false))
                .collect(),
            records,
            auditor: ready::auditor(&engine),
            few: ready::auditor_of_twenty(&engine),
            yaml: cases::yaml(0..count.min(20)),
            faultless: cases::faultless(),
            json,
            engine,
        }
    }

    fn round(&self, table: &mut Table) {
        let vocabulary = self.engine.vocabulary();
        let day = ready::today();
        let all = self.json.len();
        let options = Options {
            as_of: Some(day),
            today: day,
            assume_complete: false,
            all: false,
            timeline: false,
        };
        let read = |text: &String, format| {
            ingest::read("case", text.as_bytes().to_vec(), Some(format), vocabulary)
                .record
                .expect("a record")
        };

        table.time("decode JSON", all, || {
            self.json
                .iter()
                .for_each(|text| drop(black_box(read(text, Format::Json))));
        });
        table.time("settle", all, || {
            self.records
                .iter()
                .for_each(|record| drop(black_box(record.settle(vocabulary, false))));
        });
        let mut verdicts = ready::verdicts();
        table.time("outcomes", all, || {
            for settled in &self.settled {
                self.auditor.outcomes(settled, day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time("audit: settle and outcomes", all, || {
            for record in &self.records {
                let settled = record.settle(vocabulary, false);
                self.auditor.outcomes(&settled, day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        let native = Native::new(vocabulary, self.engine.calendar());
        table.time("twenty, by hand", all, || {
            for settled in &self.settled {
                black_box(native.check(black_box(settled), day));
            }
        });
        table.time("twenty, as trees", all, || {
            for settled in &self.settled {
                self.few.outcomes(black_box(settled), day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time("findings", all, || {
            self.records
                .iter()
                .for_each(|record| drop(black_box(self.auditor.audit(record, &options))));
        });
        table.time("JSON text to findings", all, || {
            for text in &self.json {
                drop(black_box(
                    self.auditor.audit(&read(text, Format::Json), &options),
                ));
            }
        });

        // One case with nothing to show, over and over: explaining nothing costs nothing.
        let faultless = read(&self.faultless, Format::Json);
        table.time("faultless: settle and outcomes", 400, || {
            for _ in 0..400 {
                let settled = faultless.settle(vocabulary, false);
                self.auditor.outcomes(&settled, day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time("faultless: findings", 400, || {
            (0..400).for_each(|_| drop(black_box(self.auditor.audit(&faultless, &options))));
        });

        table.time("YAML dossier to findings", self.yaml.len(), || {
            for text in &self.yaml {
                drop(black_box(
                    self.auditor.audit(&read(text, Format::Yaml), &options),
                ));
            }
        });
        table.time("load the rules", 1, || {
            let engine = ready::engine();
            drop(black_box(ready::auditor(&engine)));
        });
        table.time("cold process, one YAML dossier", 1, || {
            let dossier = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixtures/shanxi-2024-batch-1/late-mailing.yaml"
            );
            let status = Command::new(env!("CARGO_BIN_EXE_choucha"))
                .args(["audit", dossier])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(status.is_ok(), "the command runs");
        });
    }
}

/// What was measured, in nanoseconds a case, by round.
struct Table {
    rows: Vec<(&'static str, Vec<f64>)>,
    rounds: usize,
}

impl Table {
    fn new(rounds: usize) -> Self {
        Table {
            rows: Vec::new(),
            rounds,
        }
    }

    fn time(&mut self, name: &'static str, cases: usize, work: impl FnOnce()) {
        let start = Instant::now();
        work();
        let spent = start.elapsed().as_secs_f64() * 1e9 / cases as f64;
        match self.rows.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => times.push(spent),
            None => self.rows.push((name, vec![spent])),
        }
    }

    fn of(&self, name: &str) -> &[f64] {
        let row = self.rows.iter().find(|(known, _)| *known == name);
        &row.expect("a row that was measured").1
    }

    /// The median of the rounds' ratios: both sides of each were measured a moment apart.
    fn ratio(&self, of: &str, to: &str) -> f64 {
        median(
            (0..self.rounds)
                .map(|round| self.of(of)[round] / self.of(to)[round])
                .collect(),
        )
    }

    fn print(&self) {
        println!("| measured | ns a case |\n|---|---:|");
        for (name, times) in &self.rows {
            println!("| {name} | {:.0} |", median(times.clone()));
        }
        println!("\n| ratio | reached | target |\n|---|---:|---:|");
        for (of, to, target) in [
            ("audit: settle and outcomes", "decode JSON", "0.25"),
            ("twenty, as trees", "twenty, by hand", "3.5"),
            (
                "faultless: findings",
                "faultless: settle and outcomes",
                "about 1",
            ),
            ("findings", "audit: settle and outcomes", ""),
            ("JSON text to findings", "decode JSON", ""),
        ] {
            println!("| {of} / {to} | {:.2} | {target} |", self.ratio(of, to));
        }
        let cold = median(self.of("cold process, one YAML dossier").to_vec()) / 1e6;
        println!("| cold process, one YAML dossier | {cold:.1} ms | 15 ms |");
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
