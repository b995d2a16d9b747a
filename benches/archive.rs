//! An archive of NDJSON from file to file: cases a second on one thread and on two, beside decoding alone on as many; and
//! what ten times the cases cost. Prints a table in Markdown; asserts nothing.
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
use std::time::Instant;

use choucha::batch::{Batch, Input, Kind, Parcel};
use choucha::engine::Engine;
use choucha::pipeline::{self, Taker};
use support::measure::{Table, number};
use support::{cases, ready};

fn main() {
    // `cargo test --benches` runs this too: once over a few cases, to see that it works.
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
    let mut table = Table::new(None);
    for _ in 0..rounds {
        table.time("decode alone, one thread", count, || {
            decode(&engine, &all, 1);
        });
        table.time("decode alone, two threads", count, || {
            decode(&engine, &all, 2);
        });
        table.time("file to file, one thread", count, || audit(&all, 1));
        table.time("file to file, two threads", count, || audit(&all, 2));
        table.time("file to file, two threads, a tenth", count / 10, || {
            audit(&tenth, 2);
        });
    }
    println!(
        "{count} cases of {} bytes of JSON in the mean, slips in {} of 1000; medians of {rounds} rounds\n",
        bytes / count,
        cases::SLIPS
    );
    table.print(&[
        (
            "file to file, one thread",
            "decode alone, one thread",
            "1.3",
        ),
        (
            "file to file, two threads",
            "decode alone, two threads",
            "1.3",
        ),
        (
            "file to file, one thread",
            "file to file, two threads",
            "1.8",
        ),
        (
            "file to file, two threads",
            "file to file, two threads, a tenth",
            "1",
        ),
    ]);
}

/// Writes an archive. Gives back its bytes.
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

/// Audits an archive as a user does, the start of the process included.
fn audit(path: &Path, threads: usize) {
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

/// Reads and decodes an archive and does nothing with it, through the same pipeline.
fn decode(engine: &Engine, path: &Path, threads: usize) {
    struct Count(usize);
    impl Taker<Parcel, usize> for Count {
        type Stop = Infallible;

        fn take(&mut self, _: Parcel, made: usize) -> Result<(), Infallible> {
            self.0 += made;
            Ok(())
        }
    }
    let vocabulary = engine.vocabulary();
    let batch = Batch::new(vocabulary, None);
    let input = Input {
        path: path.to_owned(),
        kind: Kind::Lines,
    };
    let work = |parcel: &Parcel| {
        let decoded = (0..parcel.len()).filter_map(|at| parcel.case(at, vocabulary));
        decoded
            .filter(|case| black_box(&case.decoded).record.is_some())
            .count()
    };
    let threads = NonZeroUsize::new(threads).expect("a thread");
    let mut count = Count(0);
    let fed = pipeline::run(threads, work, &mut count, |pipe| {
        let mut nothing = empty();
        for parcel in batch.open(&input, &mut nothing) {
            pipe.push(parcel)?;
        }
        pipe.drain()
    });
    assert!(fed.is_ok() && count.0 > 0, "cases are decoded");
}
