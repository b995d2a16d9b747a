//! Where the results of a run go: one [`Sink`] per format.
//!
//! Terms: the *page* of a case is what a sink makes of it on any thread before its turn, such as its text.
//!
//! Invariants: cases come in the order of the input, each once; the problems of an input come before the cases that
//! follow it, and the findings across cases after all cases; nothing passed to a sink depends on the number of threads.

use choucha_core::audit::{CaseAudit, Detail, Outcome};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::record::Record;
use choucha_intake::batch::{Parcel, Seen};

use crate::across::Projected;
use crate::campaign::CampaignAudit;
use crate::conduct::Extract;
use crate::exit::Exit;

/// A case of a run.
#[derive(Debug)]
pub struct Case {
    /// Its input, as named by the caller; `-` is standard input.
    pub path: String,
    /// Its title while its number is unknown: the path, with the line or cell where it begins.
    pub title: String,
    /// The record, if it could be read.
    pub record: Option<Record>,
    /// The audit, or why there is none.
    pub result: Result<CaseAudit, Vec<Diagnostic>>,
    /// How much detail the audit has.
    pub detail: Detail,
    /// Whether an interrupted run has already written it.
    pub is_written: bool,
    /// How many of its last diagnostics are about how it was written down, not about its contents.
    pub(crate) noticed: usize,
    /// Its number, and the fingerprint of its record.
    pub(crate) number: Option<(Seen, u64)>,
    pub(crate) drawn: Option<Projected>,
    pub(crate) extract: Option<Box<Extract>>,
}

impl Case {
    /// The outcome; 未能审查 if it could not be audited.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let audit = self.result.as_ref();
        audit.map_or(Outcome::Errored, CaseAudit::outcome)
    }

    /// The diagnostics noticed when it was read and compared with the other cases; if it could not be audited, the
    /// reasons.
    #[must_use]
    pub fn noticed(&self) -> &[Diagnostic] {
        let all = match &self.result {
            Ok(audit) => &audit.diagnostics,
            Err(problems) => problems,
        };
        all.get(all.len().saturating_sub(self.noticed)..)
            .unwrap_or_default()
    }

    /// The digest of its text; `None` if it could not be read.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        Some(self.record.as_ref()?.source().digest())
    }

    /// How its audit ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.result.as_ref().map_or(Exit::FAILED, Exit::of)
    }

    fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        match &mut self.result {
            Ok(audit) => &mut audit.diagnostics,
            Err(problems) => problems,
        }
    }

    /// Adds a diagnostic about its place among the other cases, before those noticed when it was read.
    pub(crate) fn notice(&mut self, problem: Diagnostic) {
        let noticed = self.noticed;
        let all = self.diagnostics();
        let at = all.len().saturating_sub(noticed);
        all.insert(at, problem);
        self.noticed += 1;
    }

    /// Whether it reports that its input is in another encoding.
    pub(crate) fn is_recoded(&self) -> bool {
        self.noticed().iter().any(is_recoded)
    }

    /// Removes the note that its input is in another encoding.
    pub(crate) fn unsay_recoded(&mut self) {
        let all = self.diagnostics();
        let before = all.len();
        all.retain(|problem| !is_recoded(problem));
        let unsaid = before - all.len();
        self.noticed = self.noticed.saturating_sub(unsaid);
    }
}

/// Whether a problem concerns the whole text of which a case is one line.
pub(crate) fn is_recoded(problem: &Diagnostic) -> bool {
    problem.code == Code::InputRecoded
}

/// Makes the pages of cases, on any thread.
pub type Pages<Page> = Box<dyn Fn(&Case) -> Page + Send + Sync>;

/// Receives the results of a run.
pub trait Sink {
    /// What it makes of a case on any thread.
    type Page: Send;

    /// Why it receives no more.
    type Stop;

    /// The function that makes pages. Called once, before the first case.
    fn pages(&self) -> Pages<Self::Page>;

    /// Receives a case.
    ///
    /// # Errors
    /// If it wants no more cases.
    fn case(&mut self, case: Case, page: Self::Page) -> Result<(), Self::Stop>;

    /// Receives the audit of a campaign and across its cases.
    ///
    /// # Errors
    /// As [`Sink::case`].
    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Self::Stop>;

    /// Receives the problems of an input as a whole, or of the gathered cases.
    fn problems(&mut self, problems: &[Diagnostic]);

    /// Receives whether there is, or may be, more than one case; called again when an input shows it.
    fn several(&mut self, several: bool) {
        let _ = several;
    }

    /// Whether it only counts the following cases, which then need no sentences. The next few cases may still have
    /// some.
    fn only_counts(&self) -> bool {
        false
    }

    /// Reports that more cases of a parcel are done, `written` of them already by an interrupted run.
    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        let _ = (cases, written, parcel);
    }

    /// No more cases will come.
    fn cases_end(&mut self) {}
}
