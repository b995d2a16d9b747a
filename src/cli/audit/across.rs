//! What questions across cases need of each: drawn from a case on the thread that audits it, gathered in the order of
//! the cases.

use crate::audit::CaseAudit;
use crate::record::Record;
use crate::vocabulary::Vocabulary;

/// What is kept of one case: little, since it is held for every case until the end.
#[derive(Debug, Default)]
pub(super) struct Drawn {}

impl Drawn {
    /// What is kept of a case; called on any thread. Of a case that could not be audited nothing is.
    ///
    /// Of a case that an interrupted run has written already, the audit has neither findings nor timeline.
    pub(super) fn of(_vocabulary: &Vocabulary, _record: &Record, _audit: &CaseAudit) -> Self {
        Drawn {}
    }
}

/// What was drawn of all cases.
#[derive(Debug, Default)]
pub(super) struct Across {}

impl Across {
    /// Adds what was drawn of a case; called once a case, in the order of the input, whatever the threads.
    pub(super) fn gather(&mut self, _drawn: Drawn) {}
}
