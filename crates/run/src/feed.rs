//! Feeds the cases of all inputs into the pipeline, one after another.

use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::{Batch, Parcel};
use choucha_intake::pipeline::{Pipe, Taker};

use crate::run::Given;

/// Some cases of an input.
pub(crate) struct Job {
    pub(crate) parcel: Parcel,
    /// The index of their input, from 0.
    pub(crate) input: usize,
    /// How many of them, from the first, an interrupted run has already written.
    pub(crate) written: usize,
}

/// Receives the results of cases, and the problems of their inputs.
pub(crate) trait Receives<M>: Taker<Job, M> {
    /// Receives the problems of an input as a whole.
    fn input(&mut self, problems: Vec<Diagnostic>);

    /// Receives whether there is, or may be, more than one case; called again when an input shows it.
    fn several(&mut self, several: bool);
}

/// Feeds the cases of all inputs, in order, until there are no more or the run is stopped. Returns whether it was
/// stopped.
///
/// # Errors
///
/// The reason why the taker stopped.
pub(crate) fn run<M, T: Receives<M>>(
    batch: &Batch<'_>,
    mut given: Given<'_>,
    pipe: &mut Pipe<'_, Job, M, T>,
) -> Result<bool, T::Stop> {
    let (inputs, problems) = (given.found.inputs, given.found.problems);
    // Without a dossier there are no totals; the problems have been reported.
    let mut several = inputs.len() > 1 || inputs.len() == 1 && !problems.is_empty();
    pipe.taker.input(problems);
    pipe.taker.several(several);
    let mut written = given.written;
    let mut push = |pipe: &mut Pipe<'_, Job, M, T>, parcel: Parcel, input: usize| {
        let before = written.min(parcel.len());
        written -= before;
        pipe.push(Job {
            parcel,
            input,
            written: before,
        })
    };
    for (input, of) in inputs.iter().enumerate() {
        if let Some(parcel) = given.read.take() {
            push(pipe, parcel, input)?;
            continue;
        }
        let mut opened = batch.open(of, given.stream);
        several |= opened.is_many();
        pipe.taker.several(several);
        notice(pipe, opened.diagnostics())?;
        let mut interrupted = false;
        for parcel in opened.by_ref() {
            interrupted = (given.stopped)();
            if interrupted {
                break;
            }
            push(pipe, parcel, input)?;
        }
        interrupted |= opened.is_stopped();
        if opened.is_read_by_row() {
            pipe.drain()?;
        }
        notice(pipe, opened.diagnostics())?;
        if interrupted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reports the problems of an input as a whole, after the results of the cases before it.
fn notice<M, T: Receives<M>>(
    pipe: &mut Pipe<'_, Job, M, T>,
    problems: Vec<Diagnostic>,
) -> Result<(), T::Stop> {
    if !problems.is_empty() {
        pipe.drain()?;
        pipe.taker.input(problems);
    }
    Ok(())
}
