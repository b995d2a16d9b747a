//! Checks that the engines give the same verdicts.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use choucha::audit::Outcome;
use choucha::ingest::Format;

use crate::Bench;
use crate::known::{Gap, Reads};
use crate::rego::{self, Rego};
use crate::support::native::TWENTY;
use crate::support::ready;

/// What was compared, and what was left out.
#[derive(Default)]
pub struct Agreement {
    cases: usize,
    duties: BTreeMap<&'static str, Tally>,
    left_out: LeftOut,
}

/// The engines' results for the verdicts that are not compared.
#[derive(Default)]
struct LeftOut {
    /// Decided all the same, since no value of the missing fact could change it; `same`: Rego agrees.
    decided: usize,
    same: usize,
    /// Undetermined; and of these, those Rego calls violated.
    undetermined: usize,
    breaches_claimed: usize,
}

/// The verdicts on one duty.
#[derive(Default)]
struct Tally {
    compared: BTreeMap<Outcome, usize>,
    left_out: BTreeMap<Gap, usize>,
}

impl Tally {
    fn met(&self, outcome: Outcome) -> usize {
        self.compared.get(&outcome).copied().unwrap_or_default()
    }

    fn left_out(&self, gap: Gap) -> usize {
        self.left_out.get(&gap).copied().unwrap_or_default()
    }
}

/// Compares every verdict that no missing fact affects: each case as its clerk left it, before and after the due
/// dates, and as a complete dossier.
///
/// # Errors
/// The first difference, with the record; or a duty that the cases never satisfy or never violate.
pub fn compare(bench: &Bench) -> Result<Agreement> {
    let vocabulary = bench.engine.vocabulary();
    let reads = TWENTY
        .iter()
        .map(|id| Reads::of(&bench.twenty, vocabulary, id).context(*id))
        .collect::<Result<Vec<_>>>()?;
    let positions = ready::positions(&bench.twenty, &TWENTY);
    let mut verdicts = ready::verdicts();
    let mut agreement = Agreement {
        cases: bench.texts.len(),
        ..Agreement::default()
    };
    for (as_of, settings) in [
        (ready::today(), &[true, false][..]),
        (ready::today() - 50, &[false]),
    ] {
        let mut rego = Rego::new(bench.engine.calendar(), as_of)?;
        for text in &bench.texts {
            let input = Rego::read(text)?;
            let interpreted = rego::outcomes(&rego.interpret(input.clone())?)?;
            let run = rego::outcomes(&rego.run(input)?)?;
            let record = ready::decode(&bench.engine, text, Format::Json);
            for &complete in settings {
                let settled = record.settle(vocabulary, complete);
                bench.twenty.outcomes(&settled, as_of, &mut verdicts);
                for (at, id) in TWENTY.into_iter().enumerate() {
                    let ours = verdicts.outcome(positions[at]);
                    let theirs = [interpreted[at], run[at]];
                    let gap = reads[at].gap(&record, &settled);
                    if gap.is_none() && theirs != [ours; 2] {
                        bail!(
                            "{id} as of {as_of}, complete: {complete}: choucha {ours:?}, the interpreter {:?}, the virtual machine {:?}\n{text}",
                            theirs[0],
                            theirs[1]
                        );
                    }
                    agreement.count(id, gap, ours, theirs[0]);
                }
            }
        }
    }
    agreement.tried()?;
    Ok(agreement)
}

impl Agreement {
    fn count(&mut self, id: &'static str, gap: Option<Gap>, ours: Outcome, theirs: Outcome) {
        let tally = self.duties.entry(id).or_default();
        match gap {
            None => *tally.compared.entry(ours).or_default() += 1,
            Some(gap) => *tally.left_out.entry(gap).or_default() += 1,
        }
        let left_out = &mut self.left_out;
        match (gap, ours) {
            (None, _) => {}
            (Some(_), Outcome::Undetermined) => {
                left_out.undetermined += 1;
                left_out.breaches_claimed += usize::from(theirs == Outcome::Violated);
            }
            (Some(_), _) => {
                left_out.decided += 1;
                left_out.same += usize::from(theirs == ours);
            }
        }
    }

    /// Checks that every duty was compared both satisfied and violated, or for a person.
    fn tried(&self) -> Result<()> {
        for (id, tally) in &self.duties {
            let breached = tally.met(Outcome::Violated) + tally.met(Outcome::Review);
            if tally.met(Outcome::Satisfied) == 0 || breached == 0 {
                bail!("{id} was never compared both fulfilled and breached: more CASES");
            }
        }
        Ok(())
    }

    /// Prints the table.
    pub fn print(&self) {
        println!(
            "| duty | compared | satisfied | violated | review | missing fact | inferred fact |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|");
        let (mut compared, mut missing, mut inferred) = (0, 0, 0);
        for (id, tally) in &self.duties {
            let of_duty: usize = tally.compared.values().sum();
            let gaps = [Gap::Missing, Gap::Inferred].map(|gap| tally.left_out(gap));
            println!(
                "| {id} | {of_duty} | {} | {} | {} | {} | {} |",
                tally.met(Outcome::Satisfied),
                tally.met(Outcome::Violated),
                tally.met(Outcome::Review),
                gaps[0],
                gaps[1]
            );
            compared += of_duty;
            missing += gaps[0];
            inferred += gaps[1];
        }
        println!(
            "\n{} cases, each complete and open after the due dates and open before: {compared} verdicts compared, no difference;",
            self.cases
        );
        println!(
            "left out {missing} for a missing fact and {inferred} for one that only an inference settles."
        );
        let LeftOut {
            decided,
            same,
            undetermined,
            breaches_claimed,
        } = self.left_out;
        println!(
            "Of those left out choucha decides {decided}, {same} of them as Rego does, and finds {undetermined} undetermined;"
        );
        println!(
            "Rego, to which missing is not so, calls {breaches_claimed} of the latter violated."
        );
    }
}
