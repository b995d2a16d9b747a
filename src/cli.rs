//! The command line: arguments, files, terminal, clock, exit codes. Only this module touches them.
//!
//! [`Surroundings`] gathers everything the process reads from its environment at the start, so that a test can
//! replace the terminal, the clock and the locale.
//!
//! Invariants: an output file is written whole or not at all; every given dossier is accounted for; a reader who closes
//! the output early ends the command silently.

mod arguments;
mod audit;
mod check;
mod columns;
mod coverage;
mod diff;
mod disk;
mod engine;
mod graph;
mod help;
mod inputs;
mod interrupt;
mod language;
mod output;
#[cfg(not(target_family = "wasm"))]
mod progress;
#[cfg(target_family = "wasm")]
#[path = "cli/progress/none.rs"]
mod progress;
mod rules;
mod schema;
mod template;
#[cfg(test)]
mod tests;
mod texts;
mod trial;
mod usage;

use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use anstream::{AutoStream, ColorChoice};

use arguments::{Color, Invocation, Task};
use choucha_core::diagnostic::{self, Diagnostic, Style};
use choucha_core::text;
use choucha_core::value::Day;
pub use choucha_run::exit::Exit;
use output::{Failure, Output};

/// The widest layout of text, whatever the width of the terminal: longer lines are hard to read.
const WIDEST: usize = 120;

/// The width without a terminal.
const USUAL: usize = 100;

/// The environment of the command.
pub struct Surroundings<'a> {
    /// Where reports go.
    pub out: &'a mut dyn Write,
    /// Where diagnostics go.
    pub err: &'a mut dyn Write,
    /// What `-` reads.
    pub input: &'a mut dyn Read,
    /// Today, the day of audit unless another is given.
    pub today: Day,
    /// The user's locales, most preferred first.
    pub locales: Vec<String>,
    /// The width of the terminal, if there is one.
    pub columns: Option<usize>,
    /// Whether `out` shows colours by default.
    pub out_color: bool,
    /// Whether `err` shows colours by default.
    pub err_color: bool,
    /// Whether `out` is a terminal.
    pub out_terminal: bool,
    /// Whether `err` is.
    pub err_terminal: bool,
    /// The default number of threads for many dossiers.
    pub threads: NonZeroUsize,
    /// Makes interruptions set `interrupted` instead of ending the process.
    pub heed_interrupts: fn(),
    /// Whether a run must end early and keep what is done.
    pub interrupted: &'a AtomicBool,
}

/// Runs the command in the environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    interrupt::survive_full_files();
    let color = |choice| choice != ColorChoice::Never;
    let out_color = color(AutoStream::choice(&std::io::stdout()));
    let err_color = color(AutoStream::choice(&std::io::stderr()));
    // The options decide about colours; the stream only translates them for old consoles.
    let mut out = AutoStream::always(std::io::stdout());
    let mut err = AutoStream::always(std::io::stderr());
    // Output to a pager or filter ends up in the same terminal, which standard error or input still identify.
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let exit = run(
        std::env::args_os(),
        &mut Surroundings {
            out: &mut out,
            err: &mut err,
            input: &mut std::io::stdin(),
            today: Day::from(chrono::Local::now().date_naive()),
            locales: sys_locale::get_locales().collect(),
            columns,
            out_color,
            err_color,
            out_terminal: std::io::stdout().is_terminal(),
            err_terminal: std::io::stderr().is_terminal(),
            threads: available_parallelism().unwrap_or(NonZeroUsize::MIN),
            heed_interrupts: interrupt::heed,
            interrupted: &interrupt::INTERRUPTED,
        },
    );
    ExitCode::from(exit.code())
}

/// Runs the command. The first argument is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, around: &mut Surroundings<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = language::choose(&arguments, &around.locales);
    let width = around.columns.unwrap_or(USUAL).min(WIDEST);
    let Invocation { task, shared, .. } = match Invocation::parse(&arguments) {
        Ok(invocation) => invocation,
        // Help is translated and laid out only when needed.
        Err(error) => {
            let helpful = help::laid_out(arguments::command(lang), lang, width);
            let error = helpful
                .try_get_matches_from(arguments)
                .err()
                .unwrap_or(error);
            return usage::explain(&error, lang, width, around);
        }
    };
    let chosen = |auto: bool| match shared.color {
        None | Some(Color::Auto) => auto,
        Some(Color::Always) => true,
        Some(Color::Never) => false,
    };
    let style = Style {
        lang,
        color: chosen(around.out_color) && shared.output.is_none(),
        // The width of this terminal does not matter to a file.
        width: match shared.output {
            Some(_) => USUAL,
            None => width,
        },
    };
    let err_style = Style {
        color: chosen(around.err_color),
        width,
        ..style
    };
    let mut session = Session {
        style,
        err_style,
        out: &mut *around.out,
        err: &mut *around.err,
        input: &mut *around.input,
        today: around.today,
        rules: shared.rules.as_deref(),
        output: shared.output.as_deref(),
        progress: around.err_terminal && (shared.output.is_some() || !around.out_terminal),
        threads: around.threads,
        heed_interrupts: around.heed_interrupts,
        interrupted: around.interrupted,
        said: false,
    };
    if let Some(problem) = inputs::refused(&task, &shared) {
        return session.fail(&[problem]);
    }
    match task {
        Task::Audit(task) => audit::run(&task, &mut session),
        Task::People(task) => audit::run(&task.audit(), &mut session),
        Task::Rules(task) => rules::list(&task, &mut session),
        Task::Explain(task) => rules::explain(&task, &mut session),
        Task::Graph(task) => graph::run(&task, &mut session),
        Task::Schema(task) => schema::run(&task, &mut session),
        Task::Coverage(task) => coverage::run(&task, &mut session),
        Task::Columns(task) => columns::run(&task, &mut session),
        Task::Texts(task) => texts::run(&task, &mut session),
        Task::Test(task) => trial::run(&task, &mut session),
        Task::Check(task) => check::run(&task, &mut session),
        Task::Diff(task) => diff::run(&task, &mut session),
        Task::Template(task) => template::run(&task, &mut session),
    }
}

/// One run of the command: the state shared by all tasks.
struct Session<'s> {
    /// The style of reports.
    style: Style,
    /// The style of diagnostics.
    err_style: Style,
    out: &'s mut dyn Write,
    err: &'s mut dyn Write,
    input: &'s mut dyn Read,
    today: Day,
    rules: Option<&'s Path>,
    output: Option<&'s Path>,
    /// Whether standard error shows the progress of a long run: not if reports go to the same terminal.
    progress: bool,
    threads: NonZeroUsize,
    heed_interrupts: fn(),
    interrupted: &'s AtomicBool,
    /// Whether anything was said on standard error.
    said: bool,
}

impl Session<'_> {
    /// Shows diagnostics on standard error.
    fn report(&mut self, diagnostics: &[Diagnostic]) {
        self.said |= !diagnostics.is_empty();
        let text = diagnostic::render_all(diagnostics, self.err_style);
        // If standard error cannot be written, there is nowhere to report that.
        let _ = self.err.write_all(text.as_bytes());
    }

    /// Shows the diagnostics and returns failure.
    fn fail(&mut self, diagnostics: &[Diagnostic]) -> Exit {
        self.report(diagnostics);
        Exit::FAILED
    }

    /// Returns `exit`, or failure if the output could not be written.
    fn end(&mut self, written: Result<(), Failure>, exit: Exit) -> Exit {
        match written {
            Ok(()) => {
                self.never_fail_silently(exit);
                exit
            }
            // A reader who stops reading has seen what he wanted; what comes of it all is known.
            Err(Failure::Closed) => exit,
            Err(Failure::Broken(problem)) => self.fail(&[*problem]),
        }
    }

    /// Says where it stands why a run failed, if nobody said anything and the reasons are in a file.
    fn never_fail_silently(&mut self, exit: Exit) {
        let (Some(path), false, true) = (self.output, self.said, exit.is_failure()) else {
            return;
        };
        let name = path.display();
        let line = text!(
            "有错误，原因写在 `{name}` 中",
            "there were errors; `{name}` says which"
        );
        let line = format!(
            "{}\n",
            choucha_core::layout::visible(line.get(self.err_style.lang))
        );
        let _ = self.err.write_all(line.as_bytes());
    }

    /// Writes one text as the whole output.
    fn write(&mut self, text: &str, exit: Exit) -> Exit {
        let written = Output::open(self.output, &mut *self.out).and_then(|mut output| {
            output.write(text)?;
            output.finish()
        });
        self.end(written, exit)
    }

    /// The same with JSON.
    fn write_json(&mut self, text: serde_json::Result<String>, exit: Exit) -> Exit {
        match text {
            Ok(text) => self.write(&text, exit),
            Err(error) => self.fail(&[output::unserialisable(&error)]),
        }
    }
}
