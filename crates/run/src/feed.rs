//! The cases of all inputs, handed in one after the other.

use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::{Batch, Parcel};
use choucha_intake::pipeline::{Pipe, Taker};

use crate::run::Given;

/// Some cases of an input.
pub(crate) struct Job {
    pub(crate) parcel: Parcel,
    /// Which input they are of, from 0.
    pub(crate) input: usize,
    /// How many of them, from the first, an interrupted run has written already.
    pub(crate) written: usize,
}

/// Takes what is made of the cases, and what is said of the inputs they are of.
pub(crate) trait Receives<M>: Taker<Job, M> {
    /// What is wrong with an input as a whole.
    fn input(&mut self, problems: Vec<Diagnostic>);

    /// Whether there is, or may be, more than one case; told again where an input says so.
    fn several(&mut self, several: bool);
}

/// Hands in the cases of all inputs, in order, until there are no more or the run is stopped: whether it was.
///
/// # Errors
///
/// What stopped the taker.
pub(crate) fn run<M, T: Receives<M>>(
    batch: &Batch<'_>,
    mut given: Given<'_>,
    pipe: &mut Pipe<'_, Job, M, T>,
) -> Result<bool, T::Stop> {
    let (inputs, problems) = (given.found.inputs, given.found.problems);
    // Without a dossier there is nothing to sum up; what was wrong has been said.
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

/// Tells what is wrong with an input as a whole, after what was told of the cases before.
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
