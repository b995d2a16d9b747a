//! Where the cases arrive, in their order: what only the order tells is added, and each goes to the report.

use std::io::Write;

use super::report::Report;
use super::resume::Written;
use super::worker::{Known, Made, MadeCase, Shown, Worker};
use crate::cli::Exit;
use crate::cli::across::Across;
use crate::cli::arguments::Format;
use crate::cli::engine::Rules;
use crate::cli::feed::{Job, Receives};
use crate::cli::output::Failure;
use crate::cli::progress::Progress;
use choucha_core::audit::Options;
use choucha_core::diagnostic::{self, Diagnostic, Style};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSet;
use choucha_intake::batch::Numbers;
use choucha_intake::pipeline::Taker;

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

    /// Says something on standard error.
    pub(super) fn say(&mut self, text: &Text) {
        let line = format!("{}\n", text.get(self.told.style.lang));
        self.told.say(&line, &self.progress);
    }

    /// The case with what its place among the others tells.
    fn placed(&mut self, job: &Job, at: usize, made: Box<MadeCase>) -> Box<MadeCase> {
        let number = made.number.as_ref();
        let first = number.and_then(|(number, place)| self.numbers.note(*number, place));
        let recoded = made.recoded && self.recoded == Some(job.input);
        // A case that is written already: its line is compared with what was known before its place.
        let is_written = at < job.written;
        let made = match first.is_some() || recoded {
            true if !is_written => {
                let known = Known {
                    first: first.as_deref(),
                    recoded: self.recoded == Some(job.input),
                };
                match self.worker.one(job, at, known) {
                    Some(Made::Case(again)) => again,
                    _ => made,
                }
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

impl Desk<'_, '_> {
    /// Counts a case and writes it, or holds it against what is written.
    fn case(&mut self, made: &MadeCase) -> Result<(), Failure> {
        self.exit = self.exit.and(made.exit);
        // JSON and the page hold why a case was not audited.
        if !self.told.format.holds_diagnostics() && self.told.format != Format::Ndjson {
            self.told.tell(&made.problems, &self.progress);
        }
        self.across.gather(&made.drawn);
        if let Shown::Failed(why) = &made.text {
            return Err(super::unserialisable(why));
        }
        self.report.count(made);
        if self.report.is_brief() {
            self.worker.said_lines_only();
        }
        match &mut self.written {
            Some(written) if written.left() > 0 => written.check(&made.text),
            _ => self.report.add(made),
        }
    }

    /// Audits the campaigns and across the cases. Gives back what is wrong with them.
    pub(super) fn across(
        &mut self,
        rules: &Rules,
        asked: Option<&RuleSet>,
        options: &Options,
    ) -> Result<Vec<Diagnostic>, Failure> {
        // All cases were held against each other: what that took has room for the groups.
        self.numbers = Numbers::default();
        let across = std::mem::take(&mut self.across);
        let (mut audits, problems) = across.finish(rules, asked, options, &mut |_| {});
        if let Some(mut masker) = self.worker.masker() {
            audits.iter_mut().for_each(|audit| masker.campaign(audit));
        }
        self.input(&problems);
        for audit in &audits {
            self.exit = self.exit.and(Exit::of_campaign(audit));
            for line in self.report.campaign(audit)? {
                self.line(line)?;
            }
        }
        Ok(problems)
    }

    /// Writes a line that is none of a case, or holds it against what is written.
    fn line(&mut self, line: String) -> Result<(), Failure> {
        match &mut self.written {
            Some(written) if written.left() > 0 => written.check(&Shown::Whole(line)),
            _ => self.report.output.write(&line),
        }
    }
}

impl Receives<Vec<Made>> for Desk<'_, '_> {
    /// JSON holds it; else it is said on standard error.
    fn input(&mut self, problems: &[Diagnostic]) {
        self.exit = self.exit.and(Exit::for_problems(problems));
        if !self.told.format.holds_diagnostics() {
            self.told.tell(problems, &self.progress);
        }
    }

    fn several(&mut self, several: bool) {
        self.report.several = several;
    }
}

impl Taker<Job, Vec<Made>> for Desk<'_, '_> {
    type Stop = Failure;

    fn take(&mut self, job: Job, made: Vec<Made>) -> Result<(), Failure> {
        let cases = made.len();
        for (at, made) in made.into_iter().enumerate() {
            match made {
                Made::Case(made) => {
                    let made = self.placed(&job, at, made);
                    self.case(&made)?;
                }
                Made::Campaign(record) => self.across.take(*record),
            }
        }
        if self.progress.is_wanted() {
            let bytes = job.parcel.bytes();
            self.progress.advance(cases, job.written, bytes);
        }
        Ok(())
    }
}
