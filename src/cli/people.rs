//! `choucha people`, and `choucha audit --by`: tables over all cases instead of a report of each.

use std::convert::Infallible;
use std::io::Write;
use std::sync::atomic::Ordering;

use super::across::{Across, Drawing, Drawn};
use super::arguments::{AuditTask, Format};
use super::engine::Rules;
use super::feed::{Feed, Job, Receives};
use super::progress::Progress;
use super::{Exit, Session};
use choucha_core::audit::{Options, Outcome, Verdicts};
use choucha_core::diagnostic::{self, Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSet;
use choucha_core::record::Record;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_intake::batch::{self, Batch, Numbers, Parcel, Seen};
use choucha_intake::pipeline::{self, Taker};
use choucha_report::conduct::{View, csv, json, terminal};
use choucha_run::auditing::Auditing;
use choucha_run::conduct::mask::Masker;
use choucha_run::conduct::{By, Extract, Extractor, Ledger, Parameters};

/// Audits every dossier the paths lead to, and shows the table of it: by what is asked for, or else of all who do the work.
pub(super) fn run(task: &AuditTask, by: Option<By>, session: &mut Session<'_>) -> Exit {
    if matches!(
        task.format,
        Format::Ndjson | Format::Xlsx | Format::Html | Format::Page
    ) {
        return session.fail(&[not_a_table()]);
    }
    if let Some(problem) = super::audit::not_resumable(task, session.output) {
        return session.fail(&[problem]);
    }
    let rules = match Rules::load_for(session.rules, task.ruleset.as_deref(), None) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    let ruleset = match rules.asked(task.ruleset.as_deref()) {
        Ok(ruleset) => ruleset,
        Err(problems) => return session.fail(&problems),
    };
    session.tell(rules.notes());
    let columns = match rules.columns(task.columns.as_deref()) {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    let found = batch::find(&task.paths);
    if let Some(problem) = super::audit::overwritten(session.output, &found.inputs) {
        return session.fail(&[problem]);
    }
    let counter = Counter::new(task, by, &rules, ruleset, session.today);
    let progress = Progress::new(session.progress, session.style.lang, &found.inputs);
    let mut counting = Counting {
        counter: &counter,
        in_json: task.format == Format::Json,
        ledger: Ledger::default(),
        across: Across::default(),
        masker: task.mask.then(|| Masker::new(rules.vocabulary())),
        numbers: Numbers::default(),
        told: Vec::new(),
        exit: Exit::CLEAN,
        progress,
        err: &mut *session.err,
        style: session.told,
    };
    (session.heed_interrupts)();
    let batch = Batch::new(rules.vocabulary(), columns);
    let threads = task.threads.unwrap_or(session.threads);
    let stopped = || session.interrupted.load(Ordering::Relaxed);
    let mut feed = Feed::new(found.problems, 0);
    let input = &mut *session.input;
    let make = |job: &Job| counter.parcel(&job.parcel);
    let Ok(()) = pipeline::run(threads, make, &mut counting, |pipe| {
        feed.run(&batch, &found.inputs, None, input, &stopped, pipe)
    });
    let interrupted = feed
        .interrupted
        .then(|| interruption(counting.ledger.cases()));
    if let Some(problem) = &interrupted {
        counting.tell(vec![problem.clone()]);
        counting.exit = Exit::FAILED;
    }
    if interrupted.is_none() {
        counting.across(&rules, ruleset);
    }
    counting.progress.end();
    let Counting {
        ledger, told, exit, ..
    } = counting;
    let shown = Shown {
        task,
        by,
        told,
        interrupted,
        exit,
    };
    show(&shown, ledger, &rules, session)
}

/// Brings cases down to what is counted of them, on any thread.
struct Counter<'e> {
    options: Options,
    auditing: Auditing<'e>,
    extractor: Extractor,
    drawing: Drawing<'e>,
}

/// One case brought down.
struct Counted {
    title: String,
    /// None if it could not be audited, or is none: see [`Counted::campaign`].
    extract: Option<Box<Extract>>,
    /// What duties across cases need of it.
    drawn: Drawn,
    /// The record of a whole campaign, where it is one.
    campaign: Option<Box<Record>>,
    number: Option<Seen>,
    problems: Vec<Diagnostic>,
}

impl<'e> Counter<'e> {
    fn new(
        task: &AuditTask,
        by: Option<By>,
        rules: &'e Rules,
        ruleset: Option<&'e RuleSet>,
        today: Day,
    ) -> Self {
        let options = Options {
            as_of: task.as_of,
            today,
            assume_complete: task.assume_complete,
            all: false,
            timeline: false,
            traces: false,
        };
        let vocabulary = rules.vocabulary();
        Counter {
            options,
            auditing: Auditing::new(rules.engine(), ruleset, options),
            extractor: match by {
                Some(by) => Extractor::table(by, vocabulary),
                None => Extractor::people(vocabulary),
            },
            drawing: Drawing::new(rules),
        }
    }

    fn parcel(&self, parcel: &Parcel) -> Vec<Counted> {
        let mut verdicts = Verdicts::default();
        let cases = (0..parcel.len()).map_while(|at| parcel.case(at, self.auditing.vocabulary()));
        cases.map(|case| self.case(case, &mut verdicts)).collect()
    }

    fn case(&self, case: batch::Case, verdicts: &mut Verdicts) -> Counted {
        let mut counted = Counted {
            title: case.title,
            extract: None,
            drawn: Drawn::None,
            campaign: None,
            number: None,
            problems: case.decoded.diagnostics,
        };
        let Some(record) = case.decoded.record else {
            return counted;
        };
        let has_errors = diagnostic::has_errors(&counted.problems);
        // The record of a whole campaign is none of a case.
        if !has_errors && self.drawing.is_campaign(&record) {
            counted.campaign = Some(Box::new(record));
            return counted;
        }
        // The rows of a table stand although a cell of them could not be read: their records know that they are partial.
        if has_errors && !record.is_partial() {
            return counted;
        }
        match self.auditing.extract(&record, &self.extractor, verdicts) {
            Ok((set, extract)) => {
                counted.number = self.auditing.number(&record).map(Seen::of);
                counted.extract = Some(Box::new(extract));
                let settle = || self.auditing.settle(&record);
                counted.drawn = self.drawing.draw_if_asked(&set, &record, settle);
            }
            Err(more) => counted.problems.extend(more),
        }
        counted
    }
}

/// What is counted so far.
struct Counting<'a, 'e> {
    counter: &'a Counter<'e>,
    /// JSON holds what is wrong; else it is said on standard error.
    in_json: bool,
    ledger: Ledger,
    across: Across,
    masker: Option<Masker<'e>>,
    numbers: Numbers,
    told: Vec<Diagnostic>,
    exit: Exit,
    progress: Progress,
    err: &'a mut dyn Write,
    style: diagnostic::Style,
}

impl Counting<'_, '_> {
    /// Counts a case; `record` gives the record of it again.
    fn case(&mut self, counted: Counted, record: impl Fn() -> Option<Record>) {
        let mut problems = counted.problems;
        match &counted.extract {
            Some(extract) => {
                let first = counted
                    .number
                    .and_then(|number| self.numbers.note(number, &extract.place));
                problems.extend(first.and_then(|first| {
                    let record = record()?;
                    Some(self.counter.auditing.same_number(&record, &first))
                }));
                self.exit = self.exit.and(exit_of(extract));
                self.ledger.add(extract);
                self.across.gather(&counted.drawn);
            }
            None if counted.campaign.is_some() => {}
            None => {
                self.exit = self.exit.and(Exit::FAILED);
                self.ledger.add_unaudited();
            }
        }
        // Persons are met in their order, even in a case of which there is nothing to tell.
        if let Some(masker) = &mut self.masker {
            masker.unaudited(&counted.title, &mut problems, record().as_ref());
        }
        self.tell(problems);
        if let Some(record) = counted.campaign {
            self.across.take(*record);
        }
    }

    /// Audits across the cases, as `choucha audit` does, and counts what is found.
    fn across(&mut self, rules: &Rules, asked: Option<&RuleSet>) {
        let across = std::mem::take(&mut self.across);
        let (counter, ledger) = (self.counter, &mut self.ledger);
        let mut verdicts = Verdicts::default();
        let options = &counter.options;
        let (audits, mut problems) = across.finish(rules, asked, options, &mut |judged| {
            ledger.add_group(&counter.extractor.group(judged, options, &mut verdicts));
        });
        for audit in &audits {
            self.exit = self.exit.and(Exit::of_campaign(audit));
        }
        if let Some(masker) = &mut self.masker {
            masker.unaudited("", &mut problems, None);
        }
        self.tell(problems);
    }

    fn tell(&mut self, problems: Vec<Diagnostic>) {
        self.exit = self.exit.and(Exit::for_problems(&problems));
        if self.in_json {
            self.told.extend(problems);
            return;
        }
        if problems.is_empty() {
            return;
        }
        let text = diagnostic::render_all(&problems, self.style);
        // There is nowhere left to say that standard error cannot be written.
        let _ = self.progress.aside(|| self.err.write_all(text.as_bytes()));
    }
}

impl Taker<Job, Vec<Counted>> for Counting<'_, '_> {
    type Stop = Infallible;

    fn take(&mut self, job: Job, made: Vec<Counted>) -> Result<(), Infallible> {
        let cases = made.len();
        let vocabulary = self.counter.auditing.vocabulary();
        for (at, counted) in made.into_iter().enumerate() {
            let record = || job.parcel.case(at, vocabulary)?.decoded.record;
            self.case(counted, record);
        }
        if self.progress.is_wanted() {
            self.progress.advance(cases, 0, job.parcel.bytes());
        }
        Ok(())
    }
}

impl Receives<Vec<Counted>> for Counting<'_, '_> {
    fn input(&mut self, problems: &[Diagnostic]) {
        self.tell(problems.to_vec());
    }

    fn several(&mut self, _: bool) {}
}

/// What the table is shown with.
struct Shown<'a> {
    task: &'a AuditTask,
    by: Option<By>,
    told: Vec<Diagnostic>,
    /// That it does not cover every case.
    interrupted: Option<Diagnostic>,
    exit: Exit,
}

fn show(shown: &Shown<'_>, ledger: Ledger, rules: &Rules, session: &mut Session<'_>) -> Exit {
    let task = shown.task;
    let book = ledger.finish(Parameters::default());
    let titles = |set: &str, id: &str| -> Option<Text> {
        let set = rules.rule_sets().iter().find(|known| known.id.0 == set)?;
        let mut duties = set.obligations.iter().chain(&set.across);
        duties
            .find(|duty| duty.id.0 == id)
            .map(|duty| duty.title.clone())
    };
    let vocabulary = rules.vocabulary();
    let lang = session.style.lang;
    let view = View::new(&book, shown.by, vocabulary, &titles, lang, task.mask);
    match task.format {
        Format::Json => {
            let document = json::Document::new(rules.identity(), task.as_of, &view, &shown.told);
            session.write_json(document.to_text(), shown.exit)
        }
        Format::Csv => session.write(&csv::render(&view), shown.exit),
        Format::Text | Format::Ndjson | Format::Xlsx | Format::Html | Format::Page => {
            let mut text = terminal::render(&view, session.style);
            // The table may be kept without what was said beside it.
            if let Some(problem) = &shown.interrupted {
                text.insert_str(0, &format!("{}\n\n", problem.message.get(lang)));
            }
            session.write(&text, shown.exit)
        }
    }
}

/// That the run was interrupted, and what the table covers.
fn interruption(cases: u64) -> Diagnostic {
    let message = text!(
        "汇总被中断，只统计了前{cases}份案卷",
        "the run was interrupted: the table covers only the first {cases} dossiers"
    );
    Diagnostic::new(Code::RunInterrupted, message).why(Text::new(
        "其余案卷没有审查，表中各数和多案比对的结果都不完整",
        "the others were not audited, so no number of the table is complete, nor what only several cases show",
    ))
}

/// How the audit of one case ends: as by `choucha audit`.
fn exit_of(extract: &Extract) -> Exit {
    let some = |outcome: Outcome| extract.counts[outcome as usize] > 0;
    Exit::when(
        some(Outcome::Errored),
        some(Outcome::Violated),
        some(Outcome::Undetermined) || some(Outcome::Review) || extract.contradictory,
    )
}

fn not_a_table() -> Diagnostic {
    let message = Text::new(
        "汇总表没有 ndjson 和 xlsx 格式",
        "a table over all cases has neither the format ndjson nor xlsx",
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .help(Text::new("请用 text、json 或 csv", "use text, json or csv"))
}
