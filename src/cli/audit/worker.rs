//! What is done to one case, on any thread: it is decoded, audited and written as the report will show it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::Exit;
use crate::cli::across::{Drawing, Drawn};
use crate::cli::arguments::Format;
use crate::cli::engine::Rules;
use crate::cli::feed::Job;
use choucha_core::audit::{CaseAudit, Detail, Outcome};
use choucha_core::diagnostic::{self, Code, Diagnostic};
use choucha_core::record::Record;
use choucha_core::value::Day;
use choucha_intake::batch::{self, Seen};
use choucha_report::{CaseSummary, json, terminal};
use choucha_run::auditing::Auditing;
use choucha_run::conduct::mask::Masker;

/// What came of what stands where a case would.
pub(super) enum Made {
    Case(Box<MadeCase>),
    /// The record of a whole campaign, which is no case.
    Campaign(Box<Record>),
}

/// What came of one case.
pub(super) struct MadeCase {
    /// What the report shows of it; of a case that is written already, the line it must have or begin with.
    pub(super) text: Shown,
    pub(super) exit: Exit,
    /// None if it could not be audited.
    pub(super) outcome: Option<Outcome>,
    /// The day it was audited for.
    pub(super) day: Option<Day>,
    /// Its number and the place it stands, if it was audited.
    pub(super) number: Option<(Seen, String)>,
    /// Its line in a summary, where there is one.
    pub(super) summary: Option<CaseSummary>,
    /// Why it could not be audited.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether it says that the input is in another encoding.
    pub(super) recoded: bool,
    /// What questions across cases need of it.
    pub(super) drawn: Drawn,
    /// The audit, where more than the text is made of it.
    pub(super) audit: Option<CaseAudit>,
    /// What to call it, and where it comes from.
    pub(super) name: String,
    pub(super) source: json::SourceObject,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    Whole(String),
    /// Only how it begins.
    Head(String),
    /// It cannot be written, which data of ours cannot cause.
    Failed(String),
}

/// What only the order of the cases tells.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// Where an earlier case bears the same number.
    pub(super) first: Option<&'a str>,
    /// Whether it was said that the input is in another encoding.
    pub(super) recoded: bool,
}

/// Makes cases.
pub(super) struct Worker<'e> {
    auditing: Auditing<'e>,
    format: Format,
    text: terminal::Options,
    json: json::Options,
    /// One more than the last input of which it was said that it is in another encoding: spares cases from being made
    /// twice, and decides nothing.
    recoded: AtomicUsize,
    /// Whether the report has come so far that a case has a line only: spares what it would not show, and decides nothing.
    lines_only: AtomicBool,
    /// Draws what is asked across cases, where there may be more than one.
    drawing: Option<Drawing<'e>>,
    /// Hides what is personal.
    masker: Option<Mutex<Masker<'e>>>,
}

impl<'e> Worker<'e> {
    pub(super) fn new(
        rules: &'e Rules,
        auditing: Auditing<'e>,
        format: Format,
        text: terminal::Options,
        json: json::Options,
        across: bool,
    ) -> Self {
        Worker {
            drawing: across.then(|| Drawing::new(rules)),
            auditing,
            format,
            text,
            json,
            recoded: AtomicUsize::new(0),
            lines_only: AtomicBool::new(false),
            masker: None,
        }
    }

    /// The worker, hiding what is personal if that is asked for: then it must make the cases in their order.
    pub(super) fn masking(mut self, wanted: bool) -> Self {
        self.masker = wanted.then(|| Mutex::new(Masker::new(self.auditing.vocabulary())));
        self
    }

    /// What hides, if that is asked for.
    pub(super) fn masker(&self) -> Option<MutexGuard<'_, Masker<'e>>> {
        let masker = self.masker.as_ref()?;
        Some(masker.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that it was said of an input that it is in another encoding.
    pub(super) fn said_recoded(&self, input: usize) {
        self.recoded.store(input + 1, Ordering::Relaxed);
    }

    /// Notes that every case not taken yet has a line only.
    pub(super) fn said_lines_only(&self) {
        self.lines_only.store(true, Ordering::Relaxed);
    }

    /// Makes every case of a parcel, knowing of none before them.
    pub(super) fn make(&self, job: &Job) -> Vec<Made> {
        let mut known = Known {
            first: None,
            recoded: self.recoded.load(Ordering::Relaxed) == job.input + 1,
        };
        let mut made = Vec::with_capacity(job.parcel.len());
        for at in 0..job.parcel.len() {
            let Some(case) = self.one(job, at, known) else {
                break;
            };
            if let Made::Case(case) = &case {
                known.recoded |= case.recoded;
            }
            made.push(case);
        }
        made
    }

    /// Makes one case of a parcel.
    pub(super) fn one(&self, job: &Job, at: usize, known: Known<'_>) -> Option<Made> {
        let batch::Case {
            path,
            title,
            mut decoded,
        } = job.parcel.case(at, self.auditing.vocabulary())?;
        let is_recoded = |problem: &Diagnostic| problem.code == Code::InputRecoded;
        // What holds for the whole text is said once.
        if known.recoded && job.parcel.is_lines() {
            decoded.diagnostics.retain(|problem| !is_recoded(problem));
        }
        let recoded = job.parcel.is_lines() && decoded.diagnostics.iter().any(is_recoded);
        let mut problems = decoded.diagnostics;
        let mut source = json::SourceObject { path, sha256: None };
        let unaudited = |mut source: json::SourceObject,
                         mut problems: Vec<Diagnostic>,
                         record: Option<&Record>| {
            let mut title = title.clone();
            if let Some(mut masker) = self.masker() {
                title = masker.unaudited(&title, &mut problems, record);
                source.path = masker.unaudited(&source.path, &mut [], record);
            }
            MadeCase {
                text: self.unaudited(&title, source.clone(), &problems),
                exit: Exit::FAILED,
                outcome: None,
                day: None,
                number: None,
                summary: self.summary(|| CaseSummary::unaudited(title.clone())),
                problems,
                recoded,
                drawn: Drawn::None,
                audit: None,
                name: title,
                source,
            }
        };
        let case = |made: MadeCase| Some(Made::Case(Box::new(made)));
        let Some(record) = decoded.record else {
            return case(unaudited(source, problems, None));
        };
        let has_errors = diagnostic::has_errors(&problems);
        if let Some(drawing) = &self.drawing
            && !has_errors
            && drawing.is_campaign(&record)
        {
            if let Some(mut masker) = self.masker() {
                masker.meet(&record);
            }
            return Some(Made::Campaign(Box::new(record)));
        }
        // Nothing is known of what could not be read: not even that it is missing. The rows of a table stand all the
        // same, because their records know that they are partial.
        if has_errors && !record.is_partial() {
            source.sha256 = Some(record.source().digest().to_owned());
            // Which rules govern it is said in the same run, unless the text breaks off before it says so.
            if !problems.iter().any(|problem| problem.code.stops_reading())
                && let Err(more) = self.auditing.rule_set_of(&record)
            {
                problems.extend(more);
            }
            return case(unaudited(source, problems, Some(&record)));
        }
        let written = at < job.written;
        let lines_only = self.lines_only.load(Ordering::Relaxed);
        let detail = match () {
            () if written => Detail::Brief,
            () if lines_only => Detail::Counted,
            () => Detail::Findings,
        };
        case(match self.auditing.audit_settled(&record, detail) {
            Ok((mut audit, settled)) => {
                if let Some(first) = known.first {
                    let same = self.auditing.same_number(&record, first);
                    audit.diagnostics.push(same);
                }
                audit.diagnostics.append(&mut problems);
                if let Some(mut masker) = self.masker() {
                    masker.case(&mut audit, &record);
                }
                MadeCase {
                    text: match detail {
                        Detail::Counted => Shown::Whole(String::new()),
                        _ => self.audited(&audit, written),
                    },
                    exit: Exit::of(&audit),
                    outcome: Some(audit.outcome()),
                    day: Some(audit.as_of),
                    number: self
                        .auditing
                        .number(&record)
                        .map(|number| (Seen::of(number), record.source().title())),
                    summary: self.summary(|| CaseSummary::of(&audit)),
                    problems: Vec::new(),
                    recoded,
                    drawn: match &self.drawing {
                        Some(drawing) => drawing.draw(&audit.ruleset, &record, &settled),
                        None => Drawn::None,
                    },
                    // Lines are all there is of NDJSON.
                    audit: (self.format != Format::Ndjson).then_some(audit),
                    name: title.clone(),
                    source,
                }
            }
            Err(more) => {
                source.sha256 = Some(record.source().digest().to_owned());
                problems.extend(more);
                unaudited(source, problems, Some(&record))
            }
        })
    }

    fn summary(&self, summary: impl FnOnce() -> CaseSummary) -> Option<CaseSummary> {
        (self.format == Format::Text).then(summary)
    }

    fn audited(&self, audit: &CaseAudit, written: bool) -> Shown {
        match self.format {
            Format::Text => Shown::Whole(terminal::render(audit, &self.text)),
            Format::Csv | Format::Xlsx | Format::Html | Format::Page => Shown::Whole(String::new()),
            Format::Json | Format::Ndjson => {
                self.object(&json::Case::of(audit, self.json), written)
            }
        }
    }

    fn unaudited(&self, name: &str, source: json::SourceObject, problems: &[Diagnostic]) -> Shown {
        match self.format {
            Format::Text | Format::Csv | Format::Xlsx | Format::Html | Format::Page => {
                Shown::Whole(String::new())
            }
            Format::Json | Format::Ndjson => {
                let case = json::Case::unaudited(name, source, problems, self.json);
                self.object(&case, false)
            }
        }
    }

    fn object(&self, case: &json::Case, written: bool) -> Shown {
        let text = match (self.format, written) {
            (Format::Json, _) => json::element(case).map(Shown::Whole),
            (_, true) => json::head(case).map(Shown::Head),
            (_, false) => json::line(case).map(Shown::Whole),
        };
        text.unwrap_or_else(|error| Shown::Failed(error.to_string()))
    }
}
