//! The cases of all inputs, handed in one after the other: the loop of every command that reads many of them.

use std::io::Read;

use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::{Batch, Input, Parcel};
use choucha_intake::pipeline::{Pipe, Taker};

/// Some cases of an input.
pub(super) struct Job {
    pub(super) parcel: Parcel,
    /// Which input they are of, from 0.
    pub(super) input: usize,
    /// How many of them, from the first, an interrupted run has written already.
    pub(super) written: usize,
}

/// Takes what is made of the cases, and what is said of the inputs they are of.
pub(super) trait Receives<M>: Taker<Job, M> {
    /// What is wrong with an input as a whole.
    fn input(&mut self, problems: &[Diagnostic]);

    /// Whether there is, or may be, more than one case; told again where an input says so.
    fn several(&mut self, several: bool);
}

/// How far the inputs have been handed in.
pub(super) struct Feed {
    /// What is wrong with anything but a case.
    pub(super) problems: Vec<Diagnostic>,
    /// How many cases from here on an interrupted run has written.
    written: usize,
    /// Whether it was stopped before the last case.
    pub(super) interrupted: bool,
}

impl Feed {
    /// Nothing is handed in yet. `problems` are wrong with what was named; so many cases are written already.
    pub(super) fn new(problems: Vec<Diagnostic>, written: usize) -> Feed {
        Feed {
            problems,
            written,
            interrupted: false,
        }
    }

    /// Hands in the cases of all inputs, in order, until there are no more or the run is stopped. `read` is the first
    /// input, where it has been read already; `stream` is what standard input holds.
    ///
    /// # Errors
    ///
    /// What stopped the taker.
    pub(super) fn run<M, T: Receives<M>>(
        &mut self,
        batch: &Batch<'_>,
        inputs: &[Input],
        mut read: Option<Parcel>,
        stream: &mut dyn Read,
        stopped: &dyn Fn() -> bool,
        pipe: &mut Pipe<'_, Job, M, T>,
    ) -> Result<(), T::Stop> {
        pipe.taker.input(&self.problems);
        // Without a dossier there is nothing to sum up; what was wrong has been said.
        let mut several = inputs.len() > 1 || inputs.len() == 1 && !self.problems.is_empty();
        pipe.taker.several(several);
        for (input, of) in inputs.iter().enumerate() {
            if let Some(parcel) = read.take() {
                self.push(pipe, parcel, input)?;
                continue;
            }
            let mut opened = batch.open(of, stream);
            several |= opened.is_many();
            pipe.taker.several(several);
            self.notice(pipe, opened.diagnostics())?;
            while !self.interrupted
                && let Some(parcel) = opened.next()
            {
                self.interrupted = stopped();
                if !self.interrupted {
                    self.push(pipe, parcel, input)?;
                }
            }
            if opened.is_read_by_row() {
                pipe.drain()?;
            }
            self.notice(pipe, opened.diagnostics())?;
            if self.interrupted {
                break;
            }
        }
        Ok(())
    }

    fn push<M, T: Receives<M>>(
        &mut self,
        pipe: &mut Pipe<'_, Job, M, T>,
        parcel: Parcel,
        input: usize,
    ) -> Result<(), T::Stop> {
        let written = self.written.min(parcel.len());
        self.written -= written;
        pipe.push(Job {
            parcel,
            input,
            written,
        })
    }

    /// Tells what is wrong with an input as a whole, after what was told of the cases before.
    fn notice<M, T: Receives<M>>(
        &mut self,
        pipe: &mut Pipe<'_, Job, M, T>,
        mut problems: Vec<Diagnostic>,
    ) -> Result<(), T::Stop> {
        if !problems.is_empty() {
            pipe.drain()?;
            pipe.taker.input(&problems);
            self.problems.append(&mut problems);
        }
        Ok(())
    }
}
