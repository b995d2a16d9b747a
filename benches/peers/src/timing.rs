//! The cost of a case on either engine, measured close together in one run.

use std::hint::black_box;

use anyhow::{Result, ensure};
use choucha::ingest::Format;

use crate::Bench;
use crate::rego::Rego;
use crate::support::measure::Table;
use crate::support::ready;

/// How many cases are measured at once.
const FEW: usize = 40;

const OURS: [&str; 3] = [
    "choucha: JSON text to twenty outcomes",
    "choucha: decode JSON",
    "choucha: settle and twenty outcomes",
];
const INTERPRETER: [&str; 2] = [
    "regorus interpreter: JSON text to twenty outcomes",
    "regorus interpreter: evaluate",
];
const MACHINE: [&str; 2] = [
    "regorus virtual machine: JSON text to twenty outcomes",
    "regorus virtual machine: evaluate",
];
const PARSE: &str = "regorus: parse JSON";

/// Measures and prints. Each round times every step on the same few cases, and each round uses another few.
///
/// # Errors
/// An error of the other engine.
pub fn measure(bench: &Bench, rounds: usize) -> Result<()> {
    let vocabulary = bench.engine.vocabulary();
    let as_of = ready::today();
    let mut rego = Rego::new(bench.engine.calendar(), as_of)?;
    let mut verdicts = ready::verdicts();
    let mut table = Table::new(None);
    let few = FEW.min(bench.texts.len());
    let read = |text: &String| ready::decode(&bench.engine, text, Format::Json);
    for round in 0..rounds {
        let start = round * few % (bench.texts.len() - few + 1);
        let texts = &bench.texts[start..start + few];
        let records: Vec<_> = texts.iter().map(read).collect();
        let inputs = texts
            .iter()
            .map(|text| Rego::read(text))
            .collect::<Result<Vec<_>>>()?;
        // Failed work is not measured.
        let mut done = 0;

        table.time(OURS[0], few, || {
            for text in texts {
                let record = read(text);
                let settled = record.settle(vocabulary, false);
                bench.twenty.outcomes(&settled, as_of, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time(INTERPRETER[0], few, || {
            for text in texts {
                let answer = Rego::read(text).and_then(|input| rego.interpret(input));
                done += usize::from(black_box(answer).is_ok());
            }
        });
        table.time(MACHINE[0], few, || {
            for text in texts {
                let answer = Rego::read(text).and_then(|input| rego.run(input));
                done += usize::from(black_box(answer).is_ok());
            }
        });
        table.time(OURS[1], few, || {
            for text in texts {
                drop(black_box(read(text)));
            }
        });
        table.time(PARSE, few, || {
            for text in texts {
                done += usize::from(black_box(Rego::read(text)).is_ok());
            }
        });
        table.time(OURS[2], few, || {
            for record in &records {
                let settled = record.settle(vocabulary, false);
                bench.twenty.outcomes(&settled, as_of, &mut verdicts);
                black_box(&verdicts);
            }
        });
        table.time(INTERPRETER[1], few, || {
            for input in &inputs {
                done += usize::from(black_box(rego.interpret(input.clone())).is_ok());
            }
        });
        table.time(MACHINE[1], few, || {
            for input in &inputs {
                done += usize::from(black_box(rego.run(input.clone())).is_ok());
            }
        });
        ensure!(done == 5 * few, "{} cases failed", 5 * few - done);
    }
    println!("{few} cases at a time on one thread; medians of {rounds} rounds\n");
    table.print(&[
        (INTERPRETER[0], OURS[0], ""),
        (MACHINE[0], OURS[0], ""),
        (PARSE, OURS[1], ""),
        (INTERPRETER[1], OURS[2], ""),
        (MACHINE[1], OURS[2], ""),
    ]);
    Ok(())
}
