//! One audit of any number of cases: which rule set governs each, what comes of it, what only several cases show, who
//! answers for what, and the totals. Reports by case, by person and by duty are views of one run.
//!
//! Invariants: a dossier is read once and audited once, whatever is shown of it; every case given is accounted for; what
//! comes of a run does not depend on the number of threads.

use std::io::Read;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use choucha_core::audit::{Auditor, CaseAudit, Detail, Options};
use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::obligation::RuleSet;
use choucha_core::record::{Record, Settled};
use choucha_core::vocabulary::Vocabulary;
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
}

/// What a run is given.
pub struct Given<'g> {
    /// The inputs, and what is wrong with what was named.
    pub found: Found,
    /// The first input, where it has been read already.
    pub read: Option<Parcel>,
    /// Whether that is the dossier of one case, and all there is: nothing shows across cases.
    pub alone: bool,
    /// How many cases, from the first, an interrupted run has written.
    pub written: usize,
    /// What standard input holds.
    pub stream: &'g mut dyn Read,
    /// Whether the run is to end with what is done.
    pub stopped: &'g dyn Fn() -> bool,
}

impl<'g> Given<'g> {
    /// Inputs of which nothing is read yet.
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

/// What a run came to.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub exit: Exit,
    /// The totals. Those by organisation and by paper are of the findings that were made: of none where only tables over
    /// all cases were asked for.
    pub totals: Totals,
    /// What is wrong with anything but a case.
    pub problems: Vec<Diagnostic>,
    /// Whether it was stopped before the last case.
    pub is_interrupted: bool,
    /// The table over all cases, if one was asked for.
    pub book: Option<Book>,
}

/// A run that its sink stopped.
#[derive(Debug)]
pub struct Stopped<Stop> {
    /// What stopped it.
    pub by: Stop,
    /// How it would have ended with the cases until then.
    pub exit: Exit,
}

impl Ended {
    /// Ends as a failure, which is said.
    pub fn fail(&mut self, problem: Diagnostic) {
        self.exit = Exit::FAILED;
        self.totals.add_problems(std::slice::from_ref(&problem));
        self.problems.push(problem);
    }
}

impl<'e> Run<'e> {
    /// Audits by the rules of a folder; `ruleset` is the one asked for, whatever the records say.
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
        }
    }

    /// Works on so many threads.
    #[must_use]
    pub fn on_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Reads tables by this mapping of columns; else by the one beside each.
    #[must_use]
    pub fn with_columns(mut self, columns: Option<Columns>) -> Self {
        self.columns = columns;
        self
    }

    /// Hides what is personal in all that the sink is given.
    #[must_use]
    pub fn masked(mut self, masked: bool) -> Self {
        self.masked = masked;
        self
    }

    /// Whether of groups of cases everything is explained, whatever is of cases.
    #[must_use]
    pub fn with_all_groups(mut self, all: bool) -> Self {
        self.all_groups = all;
        self
    }

    /// Makes a table over all cases, and nothing that reports of single cases need.
    #[must_use]
    pub fn counting(mut self, extractor: Extractor) -> Self {
        self.extractor = Some(extractor);
        self.detail = Detail::Brief;
        self
    }

    /// Audits all cases and empties itself into a sink.
    ///
    /// # Errors
    /// What stopped the sink, and what the cases came to until then.
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
        let batch = Batch::new(engine.vocabulary(), self.columns.as_ref());
        let make = |job: &Job| worker.parcel(job);
        let fed = pipeline::run(threads, make, &mut collector, |pipe| {
            feed::run(&batch, given, pipe)
        });
        collector.sink.cases_end();
        // The record of a campaign alone is audited too.
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

/// Whether what was read is the record of a whole campaign, and so none of a case.
#[must_use]
pub fn is_campaign(read: &Decoded, vocabulary: &Vocabulary) -> bool {
    let states = |record: &Record| record.states_any(&vocabulary.slots_across());
    !has_errors(&read.diagnostics) && read.record.as_ref().is_some_and(states)
}

/// What came of what stands where a case would.
enum Prepared<Page> {
    /// A case, and its page; none where it is only made when the turn of the case comes.
    Case(Box<Case>, Option<Page>),
    /// The record of a whole campaign, which is no case, and what was noticed while it was read.
    Campaign(Box<Record>, Vec<Diagnostic>),
}

/// Decodes and audits cases, on any thread.
struct Worker<'r, 'e, Page> {
    run: &'r Run<'e>,
    /// Draws what is asked across cases, where there may be more than one.
    projecting: Option<Projecting<'e>>,
    pages: &'r Pages<Page>,
    /// Whether the sink has come so far that it only counts: spares what it would not show, and decides nothing.
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
                // What holds for the whole text is said once.
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
        let mut case = Box::new(Case {
            path: read.path,
            title: read.title,
            record: read.decoded.record,
            result: Err(Vec::new()),
            detail: match (is_written, self.only_counts.load(Ordering::Relaxed)) {
                (true, _) => Detail::Brief,
                (false, true) => Detail::Counted,
                (false, false) => self.run.detail,
            },
            is_written,
            noticed: 0,
            number: None,
            drawn: None,
            extract: None,
        });
        self.judge(&mut case, problems, has_errors);
        // Pseudonyms are given in the order in which persons are met: what is masked is written in its turn.
        let page = (!self.run.masked).then(|| (self.pages)(&case));
        Prepared::Case(case, page)
    }

    /// Audits a case that was read, or says why it is not.
    fn judge(&self, case: &mut Case, mut problems: Vec<Diagnostic>, has_errors: bool) {
        let auditing = &self.run.auditing;
        case.noticed = problems.len();
        let Some(record) = &case.record else {
            case.result = Err(problems);
            return;
        };
        // Nothing is known of what could not be read: not even that it is missing. The rows of a table stand all the
        // same, because their records know that they are partial.
        if has_errors && !record.is_partial() {
            // Which rules govern it is said in the same run, unless the text breaks off before it says so.
            if !problems.iter().any(|problem| problem.code.stops_reading())
                && let Err(more) = auditing.rule_set_of(record)
            {
                problems.extend(more);
            }
            case.noticed = problems.len();
            case.result = Err(problems);
            return;
        }
        let beside = |auditor: &Auditor, settled: &Settled, audit: &CaseAudit| {
            let projecting = self.projecting.as_ref();
            let drawn = projecting.and_then(|it| it.draw(auditor, record, settled, audit));
            let extractor = self.run.extractor.as_ref();
            let extract = extractor.map(|it| Box::new(it.extract(auditor, record, settled, audit)));
            (drawn, extract)
        };
        match auditing.audit_beside(record, case.detail, beside) {
            Ok((mut audit, (drawn, extract))) => {
                audit.diagnostics.append(&mut problems);
                let number = auditing.number(record).map(Seen::of);
                case.number = number.map(|number| (number, record.fingerprint()));
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

/// Collects what comes of the cases, in their order, and hands each to the sink.
struct Collector<'r, 'e, S: Sink> {
    run: &'r Run<'e>,
    sink: &'r mut S,
    pages: &'r Pages<S::Page>,
    only_counts: &'r AtomicBool,
    masker: Option<Masker<'e>>,
    numbers: Numbers,
    /// The input of which it was said last that it is in another encoding.
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
        // What was written of it before its turn, if nothing about it has changed since.
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
        // All cases were held against each other: what that took has room for the groups.
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
