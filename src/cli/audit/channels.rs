//! The output of an audit's report, and the messages on standard error.

use std::io::Write;

use crate::cli::output::{Failure, Output};
use crate::cli::progress::Progress;
use choucha_core::diagnostic::{self, Code, Diagnostic, Style};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_intake::batch::Parcel;
use choucha_report::json::Engine;
use choucha_run::run::Ended;
use choucha_run::sink::Sink;

/// A format: the sink of an audit, and how it ends.
pub(super) trait Report: Sink<Stop = Failure> {
    /// Reports that the run was interrupted, and how many cases it covers.
    fn interruption(&self, cases: usize) -> Diagnostic {
        interruption(cases)
    }

    /// Ends the report: a whole file moves to its target.
    fn end(self, ended: &Ended) -> Result<(), Failure>;
}

/// Reports that the run was interrupted, and how many cases are done.
pub(super) fn interruption(cases: usize) -> Diagnostic {
    let message = text!(
        "审查被中断，只完成了前{cases}份案卷",
        "the audit was interrupted: only the first {cases} dossiers are done"
    );
    Diagnostic::new(Code::RunInterrupted, message).why(Text::new(
        "没有审查完全部案卷，不作跨案审查",
        "what shows across cases is only asked where all of them were audited",
    ))
}

/// What documents state about the run: program and rules, and the requested day, if any.
pub(super) struct About {
    pub(super) engine: Engine,
    pub(super) as_of: Option<Day>,
}

/// The output and standard error of an audit.
pub(super) struct Channels<'a> {
    pub(super) output: Output<'a>,
    pub(super) err: &'a mut dyn Write,
    /// The style of diagnostics on standard error.
    pub(super) style: Style,
    pub(super) progress: Progress,
}

impl Channels<'_> {
    /// Writes more of the report.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.output.write(text)
    }

    /// Reports diagnostics on standard error.
    pub(super) fn report(&mut self, problems: &[Diagnostic]) {
        if !problems.is_empty() {
            let text = diagnostic::render_all(problems, self.style);
            self.say_line(&text);
        }
    }

    /// Writes a message to standard error.
    pub(super) fn say(&mut self, text: &Text) {
        let line = format!("{}\n", text.get(self.style.lang));
        self.say_line(&line);
    }

    fn say_line(&mut self, text: &str) {
        // If standard error cannot be written, there is nowhere to report that.
        let _ = self.progress.aside(|| self.err.write_all(text.as_bytes()));
    }

    /// Shows the progress of the run.
    pub(super) fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        if self.progress.is_wanted() {
            self.progress.advance(cases, written, parcel.bytes());
        }
    }
}
