//! One audit of any number of cases: which rule set governs each, its findings, what only several cases together show,
//! who answers for what, and the totals. Reports by case, by person and by duty are views of one run.
//!
//! Invariants: a dossier is read and audited once, whatever is shown of it; every given case is accounted for; the
//! results do not depend on the number of threads.

use std::io::Read;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use choucha_core::audit::{Auditor, CaseAudit, Detail, Options};
use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::obligation::RuleSet;
use choucha_core::record::{Record, Settled};
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::assume::Assumptions;
use choucha_intake::batch::{self, Batch, Found, Numbers, Parcel, Seen};
use choucha_intake::ingest::Decoded;
use choucha_intake::pipeline::{self, Taker};
use choucha_intake::table::Columns;
use choucha_rules::rulebook::RuleFolder;

use crate::across::{Across, Projecting};
use crate::auditing::Auditing;
use crate::conduct::mask::Masker;
use crate::conduct::{Book, Counter, Extractor, Parameters};
use crate::engine::Engine;
use crate::exit::Exit;
use crate::feed::{self, Job, Receives};
use crate::sink::{self, Case, Pages, Sink};
use crate::totals::Totals;

/// An audit of many cases, before it runs.
pub struct Run<'e> {
    folder: &'e RuleFolder,
    auditing: Auditing<'e>,
    detail: Detail,
    all_groups: bool,
    extractor: Option<Extractor>,
    masked: bool,
    threads: NonZeroUsize,
    columns: Option<Columns>,
    /// What the records are assumed to say.
    assumptions: Assumptions,
}

/// The inputs of a run.
pub struct Given<'g> {
    /// The inputs found, and the problems with what was named.
    pub found: Found,
    /// The first input, if it has been read already.
    pub read: Option<Parcel>,
    /// Whether `read` is the dossier of one case and the only input, so that nothing can show across cases.
    pub alone: bool,
    /// How many cases, from the first, an interrupted run has written.
    pub written: usize,
    /// Standard input.
    pub stream: &'g mut dyn Read,
    /// Whether the run must end with what is done so far.
    pub stopped: &'g dyn Fn() -> bool,
}

impl<'g> Given<'g> {
    /// Inputs of which nothing has been read yet.
    pub fn new(found: Found, stream: &'g mut dyn Read) -> Self {
        Given {
            found,
            read: None,
            alone: false,
            written: 0,
            stream,
            stopped: &|| false,
        }
    }
}

/// The result of a run.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub exit: Exit,
    /// The totals. Those by organisation and by paper count the findings made; there are none if only a table over all
    /// cases was requested.
    pub totals: Totals,
    /// Problems other than those of cases.
    pub problems: Vec<Diagnostic>,
    /// Whether it was stopped before the last case.
    pub is_interrupted: bool,
    /// The table over all cases, if requested.
    pub book: Option<Book>,
}

/// The end of a run that its sink stopped.
#[derive(Debug)]
pub struct Stopped<Stop> {
    /// The reason why the sink stopped.
    pub by: Stop,
    /// How the run would have ended with the cases so far.
    pub exit: Exit,
}

impl Ended {
    /// Ends as a failure, with this problem.
    pub fn fail(&mut self, problem: Diagnostic) {
        self.exit = Exit::FAILED;
        self.totals.add_problems(std::slice::from_ref(&problem));
        self.problems.push(problem);
    }
}

impl<'e> Run<'e> {
    /// Creates a run by the rules of a folder; `ruleset` is the requested one, whatever the records say.
    #[must_use]
    pub fn new(
        engine: &'e Engine,
        folder: &'e RuleFolder,
        ruleset: Option<&'e RuleSet>,
        options: Options,
    ) -> Self {
        Run {
            folder,
            auditing: Auditing::new(engine, ruleset, options),
            detail: Detail::Findings,
            all_groups: options.all,
            extractor: None,
            masked: false,
            threads: NonZeroUsize::MIN,
            columns: None,
            assumptions: Assumptions::default(),
        }
    }

    /// Sets the number of threads.
    #[must_use]
    pub fn on_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Reads tables by this mapping of columns; without one, by the mapping next to each table.
    #[must_use]
    pub fn with_columns(mut self, columns: Option<Columns>) -> Self {
        self.columns = columns;
        self
    }

    /// Audits records as if they said this.
    #[must_use]
    pub fn assuming(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// Whether to hide personal data in everything that the sink gets.
    #[must_use]
    pub fn masked(mut self, masked: bool) -> Self {
        self.masked = masked;
        self
    }

    /// Whether to explain all findings of groups of cases, whatever holds for single cases.
    #[must_use]
    pub fn with_all_groups(mut self, all: bool) -> Self {
        self.all_groups = all;
        self
    }

    /// Makes a table over all cases, and computes nothing that only reports of single cases need.
    #[must_use]
    pub fn counting(mut self, extractor: Extractor) -> Self {
        self.extractor = Some(extractor);
        self.detail = Detail::Brief;
        self
    }

    /// Audits all cases and passes the results to a sink.
    ///
    /// # Errors
    /// The reason why the sink stopped, and the exit of the cases so far.
    pub fn audit<S: Sink>(
        &self,
        given: Given<'_>,
        sink: &mut S,
    ) -> Result<Ended, Stopped<S::Stop>> {
        let engine = self.auditing.engine();
        let pages = sink.pages();
        let only_counts = AtomicBool::new(false);
        let worker = Worker {
            run: self,
            projecting: (!given.alone).then(|| Projecting::new(engine)),
            pages: &pages,
            only_counts: &only_counts,
        };
        let mut collector = Collector {
            run: self,
            sink,
            pages: &pages,
            only_counts: &only_counts,
            masker: self.masked.then(|| Masker::new(engine.vocabulary())),
            numbers: Numbers::default(),
            recoded: None,
            across: Across::default(),
            counter: self.extractor.as_ref().map(|_| Counter::default()),
            totals: Totals::new(self.auditing.options().all),
            problems: Vec::new(),
            exit: Exit::CLEAN,
        };
        let threads = match given.alone {
            true => NonZeroUsize::MIN,
            false => self.threads,
        };
        let stopped = given.stopped;
        let batch = Batch::new(engine.vocabulary(), self.columns.as_ref()).stopping(stopped);
        let make = |job: &Job| worker.parcel(job);
        let fed = pipeline::run(threads, make, &mut collector, |pipe| {
            feed::run(&batch, given, pipe)
        });
        collector.sink.cases_end();
        // A campaign's record on its own is audited too.
        if collector.across.has_records() {
            collector.sink.several(true);
        }
        let ended = fed.and_then(|is_interrupted| {
            if !is_interrupted {
                collector.across()?;
            }
            Ok(is_interrupted)
        });
        let is_interrupted = ended.map_err(|by| Stopped {
            by,
            exit: collector.exit,
        })?;
        let Collector {
            exit,
            mut totals,
            problems,
            counter,
            ..
        } = collector;
        totals.add_problems(&problems);
        Ok(Ended {
            exit,
            totals,
            problems,
            is_interrupted,
            book: counter.map(|counter| counter.finish(Parameters::default())),
        })
    }
}

/// Whether the decoded record is that of a whole campaign, and so not a case.
#[must_use]
pub fn is_campaign(read: &Decoded, vocabulary: &Vocabulary) -> bool {
    let states = |record: &Record| record.states_any(&vocabulary.slots_across());
    !has_errors(&read.diagnostics) && read.record.as_ref().is_some_and(states)
}

/// The result for one record.
enum Prepared<Page> {
    /// A case and its page; the page is `None` if it is made only in the case's turn.
    Case(Box<Case>, Option<Page>),
    /// The record of a whole campaign, which is not a case, and the problems noticed while reading it.
    Campaign(Box<Record>, Vec<Diagnostic>),
}

/// Decodes and audits cases, on any thread.
struct Worker<'r, 'e, Page> {
    run: &'r Run<'e>,
    /// Projects cases, if there may be more than one.
    projecting: Option<Projecting<'e>>,
    pages: &'r Pages<Page>,
    /// Whether the sink only counts from here on: saves work on what it would not show, and decides nothing.
    only_counts: &'r AtomicBool,
}

impl<Page> Worker<'_, '_, Page> {
    fn parcel(&self, job: &Job) -> Vec<Prepared<Page>> {
        let vocabulary = self.run.auditing.vocabulary();
        let mut recoded = false;
        let cases =
            (0..job.parcel.len()).map_while(|at| Some((at, job.parcel.case(at, vocabulary)?)));
        let made = cases.map(|(at, mut read)| {
            if job.parcel.is_lines() {
                // Problems of the whole text are reported once.
                let problems = &mut read.decoded.diagnostics;
                if recoded {
                    problems.retain(|problem| !sink::is_recoded(problem));
                }
                recoded |= problems.iter().any(sink::is_recoded);
            }
            self.case(read, at < job.written)
        });
        made.collect()
    }

    fn case(&self, read: batch::Case, is_written: bool) -> Prepared<Page> {
        let problems = read.decoded.diagnostics;
        let has_errors = has_errors(&problems);
        if let Some(projecting) = &self.projecting
            && let Some(record) = &read.decoded.record
            && !has_errors
            && projecting.is_campaign(record)
            && let Some(record) = read.decoded.record
        {
            return Prepared::Campaign(Box::new(record), problems);
        }
        let number = read
            .decoded
            .record
            .as_ref()
            .and_then(|record| self.number(record));
        let record = read.decoded.record;
        let mut case = Box::new(Case {
            path: read.path,
            title: read.title,
            // Which case it is and whether it is another's, it says itself: the rest may be assumed.
            record: record.map(|record| self.run.assumptions.on(record)),
            result: Err(Vec::new()),
            detail: match (is_written, self.only_counts.load(Ordering::Relaxed)) {
                (true, _) => Detail::Brief,
                (false, true) => Detail::Counted,
                (false, false) => self.run.detail,
            },
            is_written,
            noticed: 0,
            number,
            drawn: None,
            extract: None,
        });
        self.judge(&mut case, problems, has_errors);
        if case.result.is_err() {
            case.number = None;
        }
        // Pseudonyms are numbered in the order of occurrence, so masked pages are made in their turn.
        let page = (!self.run.masked).then(|| (self.pages)(&case));
        Prepared::Case(case, page)
    }

    /// The number of a case, and the fingerprint of its facts.
    fn number(&self, record: &Record) -> Option<(Seen, u64)> {
        let number = self.run.auditing.number(record)?;
        Some((Seen::of(number), record.fingerprint()))
    }

    /// Audits a decoded case, or records why it cannot be audited.
    fn judge(&self, case: &mut Case, mut problems: Vec<Diagnostic>, has_errors: bool) {
        let auditing = &self.run.auditing;
        case.noticed = problems.len();
        let Some(record) = &case.record else {
            case.result = Err(problems);
            return;
        };
        // Whatever could not be read is entirely unknown, even whether it is missing. Rows of a table are audited
        // nevertheless, because their records know that they are partial.
        if has_errors && !record.is_partial() {
            // The same run reports which rules govern it, unless the text breaks off before stating that.
            if !problems.iter().any(|problem| problem.code.stops_reading())
                && let Err(more) = auditing.rule_set_of(record)
            {
                problems.extend(more);
            }
            case.noticed = problems.len();
            case.result = Err(problems);
            return;
        }
        let more = |auditor: &Auditor, settled: &Settled, audit: &CaseAudit| {
            let projecting = self.projecting.as_ref();
            let drawn = projecting.and_then(|it| it.draw(auditor, record, settled, audit));
            let extractor = self.run.extractor.as_ref();
            let extract = extractor.map(|it| Box::new(it.extract(auditor, record, settled, audit)));
            (drawn, extract)
        };
        match auditing.audit_with(record, case.detail, more) {
            Ok((mut audit, (drawn, extract))) => {
                audit.diagnostics.extend(self.run.assumptions.note());
                audit.diagnostics.append(&mut problems);
                case.drawn = drawn;
                case.extract = extract;
                case.result = Ok(audit);
            }
            Err(more) => {
                problems.extend(more);
                case.noticed = problems.len();
                case.result = Err(problems);
            }
        }
    }
}

/// Collects the results of the cases, in their order, and passes each to the sink.
struct Collector<'r, 'e, S: Sink> {
    run: &'r Run<'e>,
    sink: &'r mut S,
    pages: &'r Pages<S::Page>,
    only_counts: &'r AtomicBool,
    masker: Option<Masker<'e>>,
    numbers: Numbers,
    /// The last input that was reported to be in another encoding.
    recoded: Option<usize>,
    across: Across,
    counter: Option<Counter>,
    totals: Totals,
    problems: Vec<Diagnostic>,
    exit: Exit,
}

impl<S: Sink> Collector<'_, '_, S> {
    fn case(
        &mut self,
        job: &Job,
        mut case: Box<Case>,
        page: Option<S::Page>,
    ) -> Result<(), S::Stop> {
        // The page made before its turn, if nothing about the case has changed since.
        let mut page = page;
        let mut is_repeated = false;
        if let (Some((number, facts)), Some(record)) = (case.number, &case.record)
            && let Some(first) = self.numbers.note(number, facts, &record.source().title())
        {
            is_repeated = first.is_same;
            let same = self.run.auditing.same_number(record, &first);
            case.notice(same);
            page = None;
        }
        if job.parcel.is_lines()
            && case.is_recoded()
            && self.recoded.replace(job.input) == Some(job.input)
        {
            case.unsay_recoded();
            page = None;
        }
        if let Some(masker) = &mut self.masker {
            masker.hide(&mut case);
        }
        self.exit = self.exit.and(case.exit());
        // A dossier handed in twice is one case.
        match is_repeated {
            true => self.totals.repeated += 1,
            false => self.count(&case),
        }
        let page = page.unwrap_or_else(|| (self.pages)(&case));
        self.sink.case(*case, page)?;
        let only_counts = self.sink.only_counts();
        self.only_counts.store(only_counts, Ordering::Relaxed);
        Ok(())
    }

    fn count(&mut self, case: &Case) {
        match &case.result {
            Ok(audit) => self.totals.add(audit),
            Err(_) => self.totals.add_unaudited(&case.title),
        }
        if let Some(drawn) = &case.drawn {
            self.across.add(drawn);
        }
        if let Some(counter) = &mut self.counter {
            match &case.extract {
                Some(extract) => counter.add(extract),
                None => counter.add_unaudited(),
            }
        }
    }

    fn campaign(&mut self, record: Box<Record>, mut problems: Vec<Diagnostic>) {
        if let Some(masker) = &mut self.masker {
            masker.problems(&mut problems, Some(&record));
        }
        self.input(problems);
        self.across.take(*record);
    }

    /// Audits the campaigns and across the cases.
    fn across(&mut self) -> Result<(), S::Stop> {
        // All cases have been compared; this frees the memory for the groups.
        self.numbers = Numbers::default();
        let auditing = &self.run.auditing;
        let options = Options {
            all: self.run.all_groups,
            ..*auditing.options()
        };
        let mut counting = self.run.extractor.as_ref().zip(self.counter.as_mut());
        let across = std::mem::take(&mut self.across);
        let (mut audits, mut problems) = across.finish(
            auditing.engine(),
            self.run.folder,
            auditing.asked(),
            &options,
            &mut |judged| {
                if let Some((extractor, counter)) = &mut counting {
                    counter.add_group(&extractor.group(judged));
                }
            },
        );
        if let Some(masker) = &mut self.masker {
            masker.problems(&mut problems, None);
            audits.iter_mut().for_each(|audit| masker.campaign(audit));
        }
        self.input(problems);
        for audit in &audits {
            self.exit = self.exit.and(Exit::of_campaign(audit));
            self.totals.add_campaign(audit);
            self.sink.campaign(audit)?;
        }
        Ok(())
    }
}

impl<S: Sink> Receives<Vec<Prepared<S::Page>>> for Collector<'_, '_, S> {
    fn input(&mut self, mut problems: Vec<Diagnostic>) {
        if !problems.is_empty() {
            self.exit = self.exit.and(Exit::for_problems(&problems));
            self.sink.problems(&problems);
            self.problems.append(&mut problems);
        }
    }

    fn several(&mut self, several: bool) {
        self.sink.several(several);
    }
}

impl<S: Sink> Taker<Job, Vec<Prepared<S::Page>>> for Collector<'_, '_, S> {
    type Stop = S::Stop;

    fn take(&mut self, job: Job, made: Vec<Prepared<S::Page>>) -> Result<(), S::Stop> {
        let cases = made.len();
        for made in made {
            match made {
                Prepared::Case(case, page) => self.case(&job, case, page)?,
                Prepared::Campaign(record, problems) => self.campaign(record, problems),
            }
        }
        self.sink.advance(cases, job.written, &job.parcel);
        Ok(())
    }
}
