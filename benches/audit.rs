//! The time of an audit, step by step. The ratios with targets are in `ratios.rs`.

#![allow(clippy::expect_used)]

#[path = "support/mod.rs"]
mod support;

use std::process::{Command, Stdio};

use choucha::audit::Options;
use choucha::ingest::{self, Format};
use choucha::record::{Record, Settled};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use support::native::Native;
use support::{cases, ready};

const CASES: u64 = 200;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn options() -> Options {
    Options {
        as_of: Some(ready::today()),
        today: ready::today(),
        assume_complete: false,
        all: false,
        timeline: false,
        traces: false,
    }
}

#[divan::bench]
fn decode_json(bencher: Bencher<'_, '_>) {
    let (engine, texts) = (ready::engine(), cases::json(0..CASES));
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for text in &texts {
            black_box(ingest::read(
                "case",
                text.as_bytes().to_vec(),
                Some(Format::Json),
                engine.vocabulary(),
            ));
        }
    });
}

#[divan::bench]
fn settle(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let records = records(&engine);
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for record in &records {
            black_box(record.settle(engine.vocabulary(), false));
        }
    });
}

#[divan::bench]
fn outcomes(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let auditor = ready::auditor(&engine);
    let settled = settled(&engine);
    let mut verdicts = ready::verdicts();
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for settled in &settled {
            auditor.outcomes(settled, ready::today(), &mut verdicts);
            black_box(&verdicts);
        }
    });
}

#[divan::bench]
fn settle_and_outcomes(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let auditor = ready::auditor(&engine);
    let records = records(&engine);
    let mut verdicts = ready::verdicts();
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for record in &records {
            let settled = record.settle(engine.vocabulary(), false);
            auditor.outcomes(&settled, ready::today(), &mut verdicts);
            black_box(&verdicts);
        }
    });
}

#[divan::bench]
fn twenty_by_hand(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let native = Native::new(engine.vocabulary(), engine.calendar());
    let settled = settled(&engine);
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for settled in &settled {
            black_box(native.check(settled, ready::today()));
        }
    });
}

#[divan::bench]
fn twenty_as_trees(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let auditor = ready::auditor_of_twenty(&engine);
    let settled = settled(&engine);
    let mut verdicts = ready::verdicts();
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for settled in &settled {
            auditor.outcomes(settled, ready::today(), &mut verdicts);
            black_box(&verdicts);
        }
    });
}

#[divan::bench]
fn json_text_to_findings(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let auditor = ready::auditor(&engine);
    let texts = cases::json(0..CASES);
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for text in &texts {
            let record = ready::decode(&engine, text, Format::Json);
            black_box(auditor.audit(&record, &options()));
        }
    });
}

#[divan::bench]
fn yaml_dossier_to_findings(bencher: Bencher<'_, '_>) {
    let engine = ready::engine();
    let auditor = ready::auditor(&engine);
    let text = cases::yaml(1..2).remove(0);
    bencher.bench_local(|| {
        let record = ready::decode(&engine, &text, Format::Yaml);
        auditor.audit(&record, &options())
    });
}

#[divan::bench]
fn load_the_rules(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let engine = ready::engine();
        ready::auditor(&engine)
    });
}

#[divan::bench(sample_count = 40)]
fn cold_start(bencher: Bencher<'_, '_>) {
    let dossier = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/shanxi-2024-batch-1/late-mailing.yaml"
    );
    bencher.bench_local(|| {
        Command::new(env!("CARGO_BIN_EXE_choucha"))
            .args(["audit", dossier])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the command runs")
    });
}

fn records(engine: &choucha::engine::Engine) -> Vec<Record> {
    cases::json(0..CASES)
        .iter()
        .map(|text| ready::decode(engine, text, Format::Json))
        .collect()
}

fn settled(engine: &choucha::engine::Engine) -> Vec<Settled> {
    records(engine)
        .iter()
        .map(|record| record.settle(engine.vocabulary(), false))
        .collect()
}
