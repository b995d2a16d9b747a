//! The audit of a campaign and across its cases as JSON.

use serde::Serialize;

use super::finding::FindingObject;
use super::{Counts, DiagnosticObject, Options, diagnostics};
use choucha_run::campaign::{CampaignAudit, CaseRef, GroupAudit, ScopeAudit};

/// The audit of one campaign.
#[derive(Debug, Clone, Serialize)]
pub struct Campaign {
    ruleset: String,
    ruleset_title: String,
    cases: usize,
    outcome: &'static str,
    scopes: Vec<ScopeObject>,
    groups: Vec<Group>,
}

/// The results of one scope.
#[derive(Debug, Clone, Serialize)]
struct ScopeObject {
    scope: String,
    label: String,
    groups: usize,
    obligations: Vec<TallyObject>,
}

/// How often one obligation had each outcome.
#[derive(Debug, Clone, Serialize)]
struct TallyObject {
    obligation: String,
    title: String,
    counts: Counts,
}

/// One group of cases with findings to report.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    ruleset: String,
    scope: String,
    label: String,
    group: String,
    as_of: String,
    outcome: &'static str,
    counts: Counts,
    cases: Vec<CaseObject>,
    findings: Vec<FindingObject>,
    causes: Vec<CauseObject>,
    diagnostics: Vec<DiagnosticObject>,
}

/// A breach on single cases that findings of the group follow from.
#[derive(Debug, Clone, Serialize)]
struct CauseObject {
    obligation: String,
    title: String,
    cases: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct CaseObject {
    case: Option<String>,
    place: String,
}

impl Campaign {
    /// The object of a campaign.
    #[must_use]
    pub fn of(audit: &CampaignAudit, options: Options) -> Self {
        Campaign {
            ruleset: audit.ruleset.to_string(),
            ruleset_title: audit.ruleset_title.get(options.lang).to_owned(),
            cases: audit.cases,
            outcome: audit.outcome().code(),
            scopes: audit
                .scopes
                .iter()
                .map(|scope| ScopeObject::of(scope, options))
                .collect(),
            groups: Group::all(audit, options),
        }
    }
}

impl Campaign {
    /// Removes and returns its groups.
    pub(super) fn take_groups(&mut self) -> Vec<Group> {
        std::mem::take(&mut self.groups)
    }
}

impl ScopeObject {
    fn of(scope: &ScopeAudit, options: Options) -> Self {
        let tallies = scope.tallies.iter().map(|tally| TallyObject {
            obligation: tally.duty.obligation.to_string(),
            title: tally.duty.title.get(options.lang).to_owned(),
            counts: Counts::of(&tally.outcomes),
        });
        ScopeObject {
            scope: scope.scope.code(),
            label: scope.label.get(options.lang).to_owned(),
            groups: scope.groups,
            obligations: tallies.collect(),
        }
    }
}

impl Group {
    /// The groups of a campaign with findings to report.
    #[must_use]
    pub fn all(audit: &CampaignAudit, options: Options) -> Vec<Group> {
        let group = |group: &GroupAudit| Group {
            ruleset: audit.ruleset.to_string(),
            scope: group.scope.code(),
            label: group.label.get(options.lang).to_owned(),
            group: group.key.get(options.lang).to_owned(),
            as_of: group.audit.as_of.to_string(),
            outcome: group.audit.outcome().code(),
            counts: Counts::of(&group.audit.tally()),
            cases: group.cases.iter().map(CaseObject::of).collect(),
            findings: group
                .audit
                .findings
                .iter()
                .map(|finding| FindingObject::of(finding, options))
                .collect(),
            causes: group
                .audit
                .causes
                .iter()
                .map(|cause| CauseObject {
                    obligation: cause.obligation.to_string(),
                    title: cause.title.get(options.lang).to_owned(),
                    cases: cause.cases.clone(),
                })
                .collect(),
            diagnostics: diagnostics(&group.audit.diagnostics, options.lang),
        };
        audit.shown().map(group).collect()
    }

    /// Removes and returns its findings.
    pub(super) fn take_findings(&mut self) -> Vec<FindingObject> {
        std::mem::take(&mut self.findings)
    }

    /// The group as a line of NDJSON, with its line break.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn line(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

impl CaseObject {
    fn of(case: &CaseRef) -> Self {
        CaseObject {
            case: case.number.clone(),
            place: case.place.clone(),
        }
    }
}
