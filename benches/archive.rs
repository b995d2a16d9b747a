//! From an archive of NDJSON to findings: each case decoded, audited and written as one line, on one thread and on two,
//! compared with decoding alone on as many; the cost of ten times the cases; and the command itself from file to file,
//! with its start and the audit across cases. Prints a table in Markdown; asserts nothing.
//!
//! `cargo bench --bench archive` · `CASES=100000 ROUNDS=5 cargo bench --bench archive` ·
//! `CASES=1000000 WRITE=archive.ndjson cargo bench --bench archive` only writes the archive.

#![allow(clippy::print_stdout, clippy::expect_used)]

#[path = "support/mod.rs"]
mod support;

use std::convert::Infallible;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write, empty};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};

use choucha::audit::{Auditor, Options};
use choucha::batch::{Batch, FileKind, Input, Parcel};
use choucha::engine::Engine;
use choucha::lang::Lang;
use choucha::pipeline::{self, Taker};
use choucha::record::Record;
use choucha::report::json;
use support::measure::{Table, number};
use support::{cases, ready};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo test --benches` runs this too: once over a few cases, as a smoke test.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let rounds = number("ROUNDS", if is_bench { 5 } else { 1 });
    let count = number("CASES", if is_bench { 40_000 } else { 20 }).max(10);
    if let Some(path) = std::env::var_os("WRITE") {
        write(Path::new(&path), count);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (all, tenth) = (
        folder.path().join("all.ndjson"),
        folder.path().join("tenth.ndjson"),
    );
    let bytes = write(&all, count);
    write(&tenth, count / 10);
    let engine = ready::engine();
    let auditor = ready::auditor(&engine);
    let mut table = Table::new(None);
    for _ in 0..rounds {
        table.time("decode alone, one thread", count, || {
            decode(&engine, &all, 1);
        });
        table.time("decode alone, two threads", count, || {
            decode(&engine, &all, 2);
        });
        table.time("findings, one thread", count, || {
            findings(&engine, &auditor, &all, 1);
        });
        table.time("findings, two threads", count, || {
            findings(&engine, &auditor, &all, 2);
        });
        table.time("findings, two threads, a tenth", count / 10, || {
            findings(&engine, &auditor, &tenth, 2);
        });
    }
    for _ in 0..rounds.div_ceil(5) {
        table.time("the command, two threads", count, || command(&all, 2));
    }
    println!(
        "{count} cases of {} bytes of JSON in the mean, slips in {} of 1000; medians of {rounds} rounds\n",
        bytes / count,
        cases::SLIPS
    );
    table.print(&[
        ("findings, one thread", "decode alone, one thread", "1.3"),
        ("findings, two threads", "decode alone, two threads", "1.3"),
        ("findings, one thread", "findings, two threads", "1.8"),
        (
            "findings, two threads",
            "findings, two threads, a tenth",
            "1",
        ),
    ]);
}

/// Writes an archive. Returns its size in bytes.
fn write(path: &Path, count: usize) -> usize {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let mut bytes = 0;
    for seed in 0..count as u64 {
        let line = cases::archived(seed);
        bytes += line.len();
        file.write_all(line.as_bytes()).expect("room");
    }
    file.flush().expect("room");
    bytes
}

/// Runs the command on an archive.
fn command(path: &Path, threads: usize) {
    let status = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .arg("audit")
        .arg(path)
        .args(["--format", "ndjson", "--threads", &threads.to_string()])
        .arg("--output")
        .arg(path.with_extension("out"))
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok(), "the command runs");
}

/// Reads, decodes and audits an archive and writes the lines of its cases, like the command before its audit across cases.
fn findings(engine: &Engine, auditor: &Auditor, path: &Path, threads: usize) {
    let day = ready::today();
    let options = Options {
        as_of: None,
        today: day,
        assume_complete: false,
        all: false,
        timeline: false,
        traces: false,
    };
    let json = json::Options {
        lang: Lang::Zh,
        traces: false,
    };
    let line = |record: &Record| {
        let case = json::Case::of(&auditor.audit(record, &options), json);
        json::line(&case).expect("a line")
    };
    let mut out = BufWriter::new(File::create(path.with_extension("out")).expect("a file"));
    through(engine, path, threads, line, |lines: Vec<String>| {
        for line in lines {
            out.write_all(line.as_bytes()).expect("room");
        }
    });
    out.flush().expect("room");
}

/// Reads and decodes an archive and discards it.
fn decode(engine: &Engine, path: &Path, threads: usize) {
    let mut count = 0;
    let look = |record: &Record| {
        black_box(record);
    };
    through(engine, path, threads, look, |made: Vec<()>| {
        count += made.len();
    });
    assert!(count > 0, "cases are decoded");
}

/// Sends an archive through the pipeline: workers process each case, and the results are taken in order.
fn through<M: Send>(
    engine: &Engine,
    path: &Path,
    threads: usize,
    make: impl Fn(&Record) -> M + Sync,
    take: impl FnMut(Vec<M>),
) {
    struct Takes<F>(F);
    impl<M, F: FnMut(Vec<M>)> Taker<Parcel, Vec<M>> for Takes<F> {
        type Stop = Infallible;

        fn take(&mut self, _: Parcel, made: Vec<M>) -> Result<(), Infallible> {
            (self.0)(made);
            Ok(())
        }
    }
    let vocabulary = engine.vocabulary();
    let batch = Batch::new(vocabulary, None);
    let input = Input {
        path: path.to_owned(),
        kind: FileKind::Lines,
    };
    let work = |parcel: &Parcel| -> Vec<M> {
        let cases = (0..parcel.len()).filter_map(|at| parcel.case(at, vocabulary));
        let made = cases.map(|case| make(&case.decoded.record.expect("a record")));
        made.collect()
    };
    let threads = NonZeroUsize::new(threads).expect("a thread");
    let Ok(()) = pipeline::run(threads, work, &mut Takes(take), |pipe| {
        let mut nothing = empty();
        for parcel in batch.open(&input, &mut nothing) {
            pipe.push(parcel)?;
        }
        pipe.drain()
    });
}
