//! The exit code.

use choucha_core::audit::{CaseAudit, Outcome, Tally};
use choucha_core::diagnostic::{Diagnostic, has_errors};

use crate::campaign::CampaignAudit;

/// How a run ended. Several runs together end as the gravest of them: failure before violation before doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exit {
    failed: bool,
    violated: bool,
    doubtful: bool,
}

impl Exit {
    /// Nothing to report.
    pub const CLEAN: Exit = Exit {
        failed: false,
        violated: false,
        doubtful: false,
    };

    /// A usage error, unreadable or invalid input, invalid rules, or a failure of the tool.
    pub const FAILED: Exit = Exit {
        failed: true,
        violated: false,
        doubtful: false,
    };

    /// A clause that a rule set must account for is missing; the same code as violations.
    pub const INCOMPLETE: Exit = Exit {
        failed: false,
        violated: true,
        doubtful: false,
    };

    /// Two rule sets differ; the same code as violations.
    pub const DIFFERENT: Exit = Exit::INCOMPLETE;

    /// The end of the audit of one case. A record that contradicts itself leaves something to a person.
    #[must_use]
    pub fn of(audit: &CaseAudit) -> Self {
        let exit = Exit::of_tally(&audit.tally());
        Exit {
            failed: exit.failed || has_errors(&audit.diagnostics),
            doubtful: exit.doubtful || audit.contradictions() > 0,
            ..exit
        }
    }

    /// The end of the audit of a campaign and across its cases.
    #[must_use]
    pub fn of_campaign(audit: &CampaignAudit) -> Self {
        let groups = audit.shown().map(|group| Exit::of(&group.audit));
        groups.fold(Exit::of_tally(&audit.tally()), Exit::and)
    }

    fn of_tally(tally: &Tally) -> Self {
        Exit {
            failed: tally[Outcome::Errored] > 0,
            violated: tally[Outcome::Violated] > 0,
            doubtful: tally[Outcome::Undetermined] + tally[Outcome::Review] > 0,
        }
    }

    /// Failure if any of these is an error.
    #[must_use]
    pub fn for_problems(diagnostics: &[Diagnostic]) -> Self {
        if has_errors(diagnostics) {
            Exit::FAILED
        } else {
            Exit::CLEAN
        }
    }

    /// Combines both: what holds for either holds for the whole.
    #[must_use]
    pub fn and(self, other: Exit) -> Self {
        Exit {
            failed: self.failed || other.failed,
            violated: self.violated || other.violated,
            doubtful: self.doubtful || other.doubtful,
        }
    }

    /// Whether something failed, whatever else there is.
    #[must_use]
    pub fn is_failure(self) -> bool {
        self.failed
    }

    /// 0 nothing to report, 1 violations, 2 failure, 4 no violation but something undetermined or left to review;
    /// 2 before 1 before 4.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit { failed: true, .. } => 2,
            Exit { violated: true, .. } => 1,
            Exit { doubtful: true, .. } => 4,
            _ => 0,
        }
    }
}
