//! `choucha audit` and `choucha people`: one run, emptied into the requested report.

mod channels;
mod csv;
mod json;
mod ndjson;
mod page;
mod resume;
mod table;
mod text;
mod xlsx;

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use super::arguments::{AuditTask, Format, View};
use super::engine::Rules;
use super::inputs;
use super::output::Failure;
use super::progress::Progress;
use super::{Exit, Session};
use channels::{About, Channels, Report};
use choucha_core::audit::Options;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::value::Day;
use choucha_intake::assume::Assumptions;
use choucha_intake::batch::{self, FileKind, Parcel};
use choucha_report::{json as objects, terminal};
use choucha_run::conduct::Extractor;
use choucha_run::run::{self, Given, Run};
use csv::CsvReport;
use json::JsonReport;
use ndjson::NdjsonReport;
use page::PageReport;
use resume::{Continued, Identity};
use table::{TableOptions, TableReport};
use text::TextReport;
use xlsx::XlsxReport;

/// Audits every dossier the paths lead to.
pub(super) fn run(task: &AuditTask, session: &mut Session<'_>) -> Exit {
    if let Some(problem) = refused(task, session.output) {
        return session.fail(&[problem]);
    }
    let (dossiers, format) = (&task.dossiers, task.format(session.output));
    let found = batch::find(&dossiers.paths);
    let single = match found.inputs.as_slice() {
        [input] if input.kind == FileKind::Dossier => Some(input.path.clone()),
        _ => None,
    };
    let loaded = Rules::load_for(
        session.rules,
        dossiers.ruleset.as_deref(),
        single.as_deref(),
    );
    let (rules, read) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => return session.fail(&problems),
    };
    let ruleset = match rules.asked(dossiers.ruleset.as_deref()) {
        Ok(ruleset) => ruleset,
        Err(problems) => return session.fail(&problems),
    };
    session.report(rules.notes());
    let columns = match rules.columns(dossiers.columns.as_deref()) {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    if let Some(problem) = inputs::overwritten(session.output, &found.inputs) {
        return session.fail(&[problem]);
    }
    let assumptions = match Assumptions::read(&task.assume, rules.vocabulary()) {
        Ok(assumptions) => assumptions,
        Err(problems) => return session.fail(&problems),
    };
    let is_case = |read| !run::is_campaign(read, rules.vocabulary());
    let alone = read.as_ref().is_some_and(is_case);
    if !alone {
        (session.heed_interrupts)();
    }
    let threads = task.threads.unwrap_or(session.threads);
    let lang = session.style.lang;
    let progress = Progress::new(session.progress && !alone, lang, &found.inputs);
    let about = About {
        engine: rules.identity(),
        as_of: dossiers.as_of,
    };
    let text = terminal::Options {
        style: session.style,
        all: task.all,
        explain: task.explain,
    };
    let json = objects::Options {
        lang,
        traces: task.explain,
    };
    let today = session.today;
    let identity = Identity::of(task, &about.engine, lang.code(), &found.inputs, today);
    let interrupted = session.interrupted;
    let stopped = || interrupted.load(Ordering::Relaxed);
    let mut given = Given {
        read: single
            .zip(read)
            .map(|(path, read)| Parcel::read(&path, read)),
        alone,
        stopped: &stopped,
        ..Given::new(found, &mut *session.input)
    };
    let opened = Continued::open(task.resume, session.output, &mut *session.out, identity);
    let (output, continued) = match opened {
        Ok(opened) => opened,
        Err(failure) => return session.end(Err(failure), Exit::FAILED),
    };
    given.written = continued.count();
    let mut noted = Noted {
        err: &mut *session.err,
        said: false,
    };
    let channels = Channels {
        output,
        err: &mut noted,
        style: session.err_style,
        progress,
    };
    let options = options(task, format, continued.today().unwrap_or(today));
    let run = Run::new(rules.engine(), rules.folder(), ruleset, options)
        .on_threads(threads)
        .with_columns(columns)
        .assuming(assumptions)
        .masked(task.mask)
        .with_all_groups(options.all && task.all);
    let vocabulary = rules.vocabulary();
    let shown = |by| TableOptions {
        format,
        by,
        masked: task.mask,
        style: session.style,
    };
    let ended = match (task.view, format) {
        (Some(View::People), _) => {
            let report = TableReport::new(channels, about, &rules, shown(None));
            let run = run.counting(Extractor::people(vocabulary));
            Ok(empty(&run, given, report))
        }
        (Some(View::By(by)), _) => {
            let report = TableReport::new(channels, about, &rules, shown(Some(by)));
            let run = run.counting(Extractor::table(by, vocabulary));
            Ok(empty(&run, given, report))
        }
        (None, Format::Text) => Ok(empty(&run, given, TextReport::new(channels, text))),
        (None, Format::Csv) => Ok(empty(&run, given, CsvReport::new(channels, lang))),
        (None, Format::Ndjson) => {
            let report = NdjsonReport::new(channels, json, continued);
            Ok(empty(&run, given, report))
        }
        (None, Format::Json) => {
            JsonReport::new(channels, json, about).map(|report| empty(&run, given, report))
        }
        (None, Format::Html | Format::Page) => {
            let is_page = format == Format::Html;
            let report = PageReport::new(channels, json, about, task.all, is_page);
            Ok(empty(&run, given, report))
        }
        (None, Format::Xlsx) => {
            XlsxReport::new(channels, about, lang).map(|report| empty(&run, given, report))
        }
    };
    let (written, exit) = ended.unwrap_or_else(|failure| (Err(failure), Exit::FAILED));
    session.said |= noted.said;
    session.end(written, exit)
}

/// Standard error, and whether anything was written to it.
struct Noted<'a> {
    err: &'a mut dyn Write,
    said: bool,
}

impl Write for Noted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.said |= !bytes.is_empty();
        self.err.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.err.flush()
    }
}

/// That standard output was closed before all cases were audited: nobody knows what the others hold.
fn closed() -> Failure {
    let message = Text::new(
        "标准输出已经关闭，其余案卷没有审查",
        "standard output was closed; the other dossiers were not audited",
    );
    let problem = Diagnostic::new(Code::OutputUnwritable, message);
    Failure::Broken(Box::new(problem.help(Text::new(
        "要知道全部案卷的结果，请用 --output 写入文件",
        "to know what comes of all dossiers, write to a file with --output",
    ))))
}

/// Runs and empties the run into a report. Returns how the report and the run ended.
fn empty<R: Report>(run: &Run<'_>, given: Given<'_>, mut report: R) -> (Result<(), Failure>, Exit) {
    let alone = given.alone;
    let mut ended = match run.audit(given, &mut report) {
        Ok(ended) => ended,
        Err(stopped) => {
            return match stopped.by {
                Failure::Closed if !alone => (Err(closed()), Exit::FAILED),
                by => (Err(by), stopped.exit),
            };
        }
    };
    if ended.is_interrupted {
        let problem = report.interruption(ended.totals.records);
        report.problems(std::slice::from_ref(&problem));
        ended.fail(problem);
    }
    (report.end(&ended), ended.exit)
}

/// The audit options for each case.
fn options(task: &AuditTask, format: Format, today: Day) -> Options {
    let is_cases = task.view.is_none();
    Options {
        as_of: task.dossiers.as_of,
        today,
        assume_complete: task.dossiers.assume_complete,
        all: is_cases && (task.all || format.shows_all()),
        // A line of NDJSON has only the findings to report, and no timeline.
        timeline: is_cases && (task.all || format != Format::Ndjson),
        traces: is_cases && task.explain,
    }
}

/// Reports options that cannot be combined.
fn refused(task: &AuditTask, output: Option<&Path>) -> Option<Diagnostic> {
    match (task.view, task.format(output)) {
        (Some(_), Format::Ndjson | Format::Xlsx | Format::Html | Format::Page) => {
            Some(table::not_a_table())
        }
        (None, Format::Xlsx) if task.mask => Some(xlsx::not_masked()),
        (None, Format::Xlsx) if output.is_none() => Some(xlsx::no_file()),
        _ => resume::not_resumable(task, output),
    }
}
