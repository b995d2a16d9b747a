//! Where the cases arrive, in their order: what only the order tells is added, and each goes to the report.

use std::io::Write;

use super::across::Across;
use super::progress::Progress;
use super::report::Report;
use super::resume::Written;
use super::worker::{Job, Known, Made, Shown, Worker};
use crate::batch::Numbers;
use crate::cli::Exit;
use crate::cli::arguments::Format;
use crate::cli::output::Failure;
use crate::diagnostic::{self, Diagnostic, Style};
use crate::lang::Text;
use crate::pipeline::Taker;

/// Says on standard error what the report does not hold.
pub(super) struct Teller<'a> {
    pub(super) err: &'a mut dyn Write,
    pub(super) style: Style,
    pub(super) format: Format,
}

impl Teller<'_> {
    fn tell(&mut self, problems: &[Diagnostic], progress: &Progress) {
        if problems.is_empty() {
            return;
        }
        let text = diagnostic::render_all(problems, self.style);
        self.say(&text, progress);
    }

    fn say(&mut self, text: &str, progress: &Progress) {
        // There is nowhere left to say that standard error cannot be written.
        let _ = progress.aside(|| self.err.write_all(text.as_bytes()));
    }
}

/// Takes the cases.
pub(super) struct Desk<'a, 'e> {
    pub(super) worker: &'a Worker<'e>,
    pub(super) report: Report<'a>,
    pub(super) told: Teller<'a>,
    pub(super) progress: Progress,
    pub(super) exit: Exit,
    /// What an interrupted run has written.
    pub(super) written: Option<Written>,
    pub(super) across: Across,
    numbers: Numbers,
    /// The input of which it was said last that it is in another encoding.
    recoded: Option<usize>,
}

impl<'a, 'e> Desk<'a, 'e> {
    pub(super) fn new(
        worker: &'a Worker<'e>,
        report: Report<'a>,
        told: Teller<'a>,
        progress: Progress,
        written: Option<Written>,
    ) -> Self {
        Desk {
            worker,
            report,
            told,
            progress,
            exit: Exit::CLEAN,
            written,
            across: Across::default(),
            numbers: Numbers::default(),
            recoded: None,
        }
    }

    /// What is wrong with an input as a whole: JSON holds it.
    pub(super) fn input(&mut self, problems: &[Diagnostic]) {
        self.exit = self.exit.and(Exit::for_problems(problems));
        if self.told.format != Format::Json {
            self.told.tell(problems, &self.progress);
        }
    }

    /// Says something on standard error.
    pub(super) fn say(&mut self, text: &Text) {
        let line = format!("{}\n", text.get(self.told.style.lang));
        self.told.say(&line, &self.progress);
    }

    /// The case with what its place among the others tells.
    fn placed(&mut self, job: &Job, at: usize, made: Made) -> Made {
        let number = made.number.as_ref();
        let first = number.and_then(|(number, place)| self.numbers.note(*number, place));
        let recoded = made.recoded && self.recoded == Some(job.input);
        let is_written = at < job.written;
        let made = match first.is_some() || recoded {
            true if !is_written => {
                let known = Known {
                    first: first.as_deref(),
                    recoded: self.recoded == Some(job.input),
                };
                self.worker.one(job, at, known).unwrap_or(made)
            }
            _ => made,
        };
        if made.recoded {
            self.recoded = Some(job.input);
            self.worker.said_recoded(job.input);
        }
        made
    }
}

impl Taker<Job, Vec<Made>> for Desk<'_, '_> {
    type Stop = Failure;

    fn take(&mut self, job: Job, made: Vec<Made>) -> Result<(), Failure> {
        let cases = made.len();
        for (at, made) in made.into_iter().enumerate() {
            let made = self.placed(&job, at, made);
            self.exit = self.exit.and(made.exit);
            // Only the text for people leaves out why a case was not audited.
            if self.told.format == Format::Text {
                self.told.tell(&made.problems, &self.progress);
            }
            if at < job.written {
                if let Some(written) = &mut self.written {
                    written.check(&made.text)?;
                }
                self.report.count(&made);
            } else {
                if let Shown::Failed(why) = &made.text {
                    return Err(super::unserialisable(why));
                }
                self.report.add(&made)?;
            }
            self.across.gather(made.drawn);
        }
        if self.progress.is_wanted() {
            let bytes = job.parcel.bytes();
            self.progress.advance(cases, job.written, bytes);
        }
        Ok(())
    }
}
