//! The ratios of `docs/performance.md`: all measured in one run, interleaved, so that a busy machine slows all
//! of them alike. Prints a table in Markdown; asserts nothing.
//!
//! `cargo bench --bench ratios` · `ROUNDS=401 CASES=1000 cargo bench --bench ratios` · `cargo bench --bench ratios -- twenty`

#![allow(clippy::print_stdout, clippy::expect_used)]

#[path = "support/mod.rs"]
mod support;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use choucha::audit::{Auditor, Options};
use choucha::engine::Engine;
use choucha::ingest::{self, Format};
use choucha::record::{Record, Settled};
use support::measure::{Table, number};
use support::native::Native;
use support::{cases, ready};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo test --benches` runs this too: once over a few cases, as a smoke test.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let rounds = number("ROUNDS", if is_bench { 201 } else { 1 });
    let count = number("CASES", if is_bench { 400 } else { 5 });
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let bench = Bench::new(count as u64);
    let mut table = Table::new(filter);
    for round in 0..rounds {
        bench.round(round, &mut table);
        if round % 10 == 0 {
            bench.cold(&mut table);
        }
    }
    let (auditor, mean) = (
        &bench.auditor,
        bench.json.iter().map(String::len).sum::<usize>() / count,
    );
    println!(
        "{count} cases of {mean} bytes of JSON in the mean, {} obligations in force; medians of {rounds} rounds\n",
        auditor.graph().obligations().count()
    );
    table.print(&[
        (
            "audit only: settle and outcomes",
            "decode JSON only",
            "0.25",
        ),
        ("audit right after decoding", "decode JSON", ""),
        ("twenty, as trees", "twenty, by hand", "3.5"),
        (
            "faultless: findings",
            "faultless: settle and outcomes",
            "about 1",
        ),
        ("findings", "audit only: settle and outcomes", ""),
        ("JSON text to findings", "decode JSON", ""),
        ("decode YAML", "decode JSON", ""),
        ("load all rule sets", "decode YAML", ""),
        (
            "cold process, one YAML dossier",
            "cold process, its version",
            "",
        ),
        (
            "cold process, one YAML dossier",
            "YAML dossier to findings",
            "",
        ),
    ]);
}

/// How many cases are measured at once.
const FEW: usize = 40;

/// How many warm-up cases run before the measured ones.
const WARM: usize = 100;

struct Bench {
    engine: Engine,
    auditor: Auditor,
    few: Auditor,
    json: Vec<String>,
    yaml: Vec<String>,
    faultless: Record,
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
            faultless: ready::decode(&engine, &cases::faultless(), Format::Json),
            json,
            engine,
        }
    }

    /// Measures everything on a few cases, another few each round: pieces so small that other programs interrupt few of
    /// them.
    fn round(&self, round: usize, table: &mut Table) {
        let vocabulary = self.engine.vocabulary();
        let day = ready::today();
        let few = FEW.min(self.json.len());
        let start = round * few % (self.json.len() - few + 1);
        let (texts, records, settled) = (
            &self.json[start..start + few],
            &self.records[start..start + few],
            &self.settled[start..start + few],
        );
        let options = Options {
            as_of: Some(day),
            today: day,
            assume_complete: false,
            all: false,
            timeline: false,
            traces: false,
        };
        let read = |text: &String, format| {
            let bytes = text.as_bytes().to_vec();
            let decoded = ingest::read("case", bytes, Some(format), vocabulary);
            decoded.record.expect("a record")
        };
        let mut verdicts = ready::verdicts();

        // Like an archive: each case right after it is decoded. Unmeasured cases run first and refill the caches that
        // the other measurements emptied.
        let warm = self.json.len().min(WARM);
        let mut spent = [Duration::ZERO; 2];
        for (at, text) in self.json[..warm].iter().chain(texts).enumerate() {
            if at == warm {
                spent = [Duration::ZERO; 2];
            }
            let start = Instant::now();
            let record = read(text, Format::Json);
            let decoded = Instant::now();
            let settled = record.settle(vocabulary, false);
            self.auditor.outcomes(&settled, day, &mut verdicts);
            black_box(&verdicts);
            drop(settled);
            let audited = Instant::now();
            drop(record);
            spent[0] += decoded - start + audited.elapsed();
            spent[1] += audited - decoded;
        }
        table.add("decode JSON", few, spent[0]);
        table.add("audit right after decoding", few, spent[1]);

        // Each step alone, repeatedly.
        let mut audit = |record: &Record| {
            let settled = record.settle(vocabulary, false);
            self.auditor.outcomes(&settled, day, &mut verdicts);
            black_box(&verdicts);
        };
        let decode = |text: &String| drop(black_box(read(text, Format::Json)));
        texts.iter().for_each(decode);
        table.time("decode JSON only", few, || texts.iter().for_each(decode));
        records.iter().for_each(&mut audit);
        table.time("audit only: settle and outcomes", few, || {
            records.iter().for_each(&mut audit);
        });
        table.time("settle", few, || {
            for record in records {
                drop(black_box(record.settle(vocabulary, false)));
            }
        });
        table.time("outcomes", few, || {
            for settled in settled {
                self.auditor.outcomes(settled, day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        let native = Native::new(vocabulary, self.engine.calendar());
        table.time("twenty, by hand", few, || {
            for settled in settled {
                black_box(native.check(black_box(settled), day));
            }
        });
        table.time("twenty, as trees", few, || {
            for settled in settled {
                self.few.outcomes(black_box(settled), day, &mut verdicts);
                black_box(&verdicts);
            }
        });

        // One faultless case, repeatedly: explaining nothing must cost nothing.
        let faultless = &self.faultless;
        table.time("faultless: settle and outcomes", few, || {
            for _ in 0..few {
                let settled = faultless.settle(vocabulary, false);
                self.auditor.outcomes(&settled, day, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time("faultless: findings", few, || {
            for _ in 0..few {
                drop(black_box(self.auditor.audit(faultless, &options)));
            }
        });

        let some = few.div_ceil(10);
        let findings = |record: &Record| drop(black_box(self.auditor.audit(record, &options)));
        table.time("findings", some, || {
            records[..some].iter().for_each(findings);
        });
        table.time("JSON text to findings", some, || {
            texts[..some]
                .iter()
                .for_each(|text| findings(&read(text, Format::Json)));
        });
        let dossier = &self.yaml[round % self.yaml.len()];
        table.time("decode YAML", 1, || {
            drop(black_box(read(dossier, Format::Yaml)));
        });
        table.time("YAML dossier to findings", 1, || {
            findings(&read(dossier, Format::Yaml));
        });
    }

    /// Measures what happens once per process.
    fn cold(&self, table: &mut Table) {
        table.time("load all rule sets", 1, || {
            drop(black_box(Engine::embedded()));
        });
        table.time("load the rules", 1, || {
            let engine = ready::engine();
            drop(black_box(ready::auditor(&engine)));
        });
        let run = |arguments: &[&str]| {
            let status = Command::new(env!("CARGO_BIN_EXE_choucha"))
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(status.is_ok(), "the command runs");
        };
        // The cost of any process.
        table.time("cold process, its version", 1, || run(&["--version"]));
        let dossier = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/fixtures/shanxi-2024-batch-1/late-mailing.yaml"
        );
        table.time("cold process, one YAML dossier", 1, || {
            run(&["audit", dossier]);
        });
    }
}
