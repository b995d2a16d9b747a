//! What a run is emptied into: one [`Sink`] a format.
//!
//! Terms: the *page* of a case is what a sink makes of it on any thread, before the turn of the case comes: its text, say.
//!
//! Invariants: cases come in the order of the input, each once; what is wrong with an input comes before the cases that
//! follow it, and what is found across cases after all of them; nothing a sink is given depends on the number of threads.

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
    /// The input it is of, as it was named; `-` is standard input.
    pub path: String,
    /// What to call it while its number is not known: the path, with the line or the cell it begins in.
    pub title: String,
    /// The record, if it could be read.
    pub record: Option<Record>,
    /// The audit, or why there is none.
    pub result: Result<CaseAudit, Vec<Diagnostic>>,
    /// How much the audit says.
    pub detail: Detail,
    /// Whether an interrupted run has written it already.
    pub is_written: bool,
    /// How many of its diagnostics, the last ones, are about how it was written down and not about what it says.
    pub(crate) noticed: usize,
    /// Its number, and the fingerprint of its record.
    pub(crate) number: Option<(Seen, u64)>,
    pub(crate) drawn: Option<Projected>,
    pub(crate) extract: Option<Box<Extract>>,
}

impl Case {
    /// The outcome: 未能审查 of a case that could not be audited.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let audit = self.result.as_ref();
        audit.map_or(Outcome::Errored, CaseAudit::outcome)
    }

    /// What was noticed while it was read and put in its place among the others; of a case that could not be audited, why.
    #[must_use]
    pub fn noticed(&self) -> &[Diagnostic] {
        let all = match &self.result {
            Ok(audit) => &audit.diagnostics,
            Err(problems) => problems,
        };
        all.get(all.len().saturating_sub(self.noticed)..)
            .unwrap_or_default()
    }

    /// The digest of its text; none if it could not be read.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        Some(self.record.as_ref()?.source().digest())
    }

    /// How the audit of it ends.
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

    /// Adds what its place among the others tells, before what was noticed while it was read.
    pub(crate) fn notice(&mut self, problem: Diagnostic) {
        let noticed = self.noticed;
        let all = self.diagnostics();
        let at = all.len().saturating_sub(noticed);
        all.insert(at, problem);
        self.noticed += 1;
    }

    /// Whether it says that its input is in another encoding.
    pub(crate) fn is_recoded(&self) -> bool {
        self.noticed().iter().any(is_recoded)
    }

    /// Says no more that its input is in another encoding.
    pub(crate) fn unsay_recoded(&mut self) {
        let all = self.diagnostics();
        let before = all.len();
        all.retain(|problem| !is_recoded(problem));
        let unsaid = before - all.len();
        self.noticed = self.noticed.saturating_sub(unsaid);
    }
}

/// Whether a problem holds for the whole text a case is a line of.
pub(crate) fn is_recoded(problem: &Diagnostic) -> bool {
    problem.code == Code::InputRecoded
}

/// Makes the pages of cases, on any thread.
pub type Pages<Page> = Box<dyn Fn(&Case) -> Page + Send + Sync>;

/// Takes what comes of a run.
pub trait Sink {
    /// What is made of a case on any thread.
    type Page: Send;

    /// Why it takes nothing more.
    type Stop;

    /// Makes pages. Asked for once, before the first case.
    fn pages(&self) -> Pages<Self::Page>;

    /// Takes a case.
    ///
    /// # Errors
    /// Where nothing more is to be taken.
    fn case(&mut self, case: Case, page: Self::Page) -> Result<(), Self::Stop>;

    /// Takes what was found of a campaign and across its cases.
    ///
    /// # Errors
    /// As [`Sink::case`].
    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Self::Stop>;

    /// Takes what is wrong with an input as a whole, or with what was gathered.
    fn problems(&mut self, problems: &[Diagnostic]);

    /// Whether there is, or may be, more than one case; told again where an input says so.
    fn several(&mut self, several: bool) {
        let _ = several;
    }

    /// Whether the cases that follow are only counted: then they need no words. The cases next in turn may have some all
    /// the same.
    fn only_counts(&self) -> bool {
        false
    }

    /// So many more cases are done, some of which an interrupted run had written: those of a parcel.
    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        let _ = (cases, written, parcel);
    }

    /// No more cases come.
    fn cases_end(&mut self) {}
}
