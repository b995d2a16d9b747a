//! Whole campaigns: the cases of a run, gathered by what they share and audited together.
//!
//! Terms: a case is *projected* to the few facts that duties across cases read; the *store* holds the projections of
//! one rule set; a *group* is the cases that share the facts a scope gathers them by (one respondent, one product, …),
//! or all cases for the campaign itself. A group becomes a record of the same vocabulary, together with the campaign's
//! own record and the plan, and is audited like any other.
//!
//! Invariants: a case with an unknown fact is in no group by that fact, and the number of such cases is reported;
//! groups come in the order of their first case; the store keeps cases in memory up to a limit, and on disk beyond it.

mod flat;
mod gather;
mod group;
mod near;
mod plan;
mod project;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::Engine;
use choucha_core::audit::{
    Auditor, CaseAudit, Cause, Duty, Finding, Missing, Options, Outcome, Tally, Verdicts,
};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::expr::{Expr, ExprKind};
use choucha_core::graph::What;
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, Obligation, RuleSet, RuleSetId, Scope};
use choucha_core::record::{Record, Settled};
use choucha_core::text;
use choucha_core::value::{Day, ShapeId, SlotId, Value};
use choucha_core::vocabulary::{Entry, FactId, Vocabulary};

pub use plan::Plan;
pub use project::{Projection, Projector};
pub use store::{CaseStore, Failed, scratch_in};

/// The most cases of one group that are audited together.
pub const MAX_TOGETHER: usize = 50_000;

/// The most cases if an obligation compares every case of the group with every other: the work grows with the square.
pub const MAX_COMPARED: usize = 1_000;

/// A case, as named by findings across cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRef {
    /// Its number, if it has one.
    pub number: Option<String>,
    /// Its place: `a.yaml`, `cases.ndjson:17`, `book.xlsx:抽样!A12`.
    pub place: String,
}

/// The audit of one group of cases.
#[derive(Debug, Clone)]
pub struct GroupAudit {
    /// The scope of its obligations.
    pub scope: Scope,
    /// The label of the scope: 被抽样单位, 整批抽查.
    pub label: Text,
    /// What the cases share: the name of the respondent or the product; for the campaign, its name.
    pub key: Text,
    /// The findings, as for a case.
    pub audit: CaseAudit,
    /// The cases, in the order they were read.
    pub cases: Vec<CaseRef>,
}

/// The outcomes of one obligation over all groups.
#[derive(Debug, Clone)]
pub struct DutyTally {
    /// The obligation.
    pub duty: Duty,
    /// The number of groups by outcome.
    pub outcomes: Tally,
}

/// The audit of one scope.
#[derive(Debug, Clone)]
pub struct ScopeAudit {
    /// The scope.
    pub scope: Scope,
    /// Its label: 被抽样单位, 整批抽查.
    pub label: Text,
    /// The number of groups audited.
    pub groups: usize,
    /// The outcomes of each obligation, in the order of the notice.
    pub tallies: Vec<DutyTally>,
    /// The groups with something to report, in the order of their first case.
    pub shown: Vec<GroupAudit>,
}

impl ScopeAudit {
    /// The number of obligations of groups by outcome.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut all = Tally::default();
        self.tallies.iter().for_each(|duty| all += duty.outcomes);
        all
    }
}

/// The audit of a campaign and across its cases.
#[derive(Debug, Clone)]
pub struct CampaignAudit {
    /// The id of the rule set.
    pub ruleset: RuleSetId,
    /// Its title, in both languages.
    pub ruleset_title: Text,
    /// The number of cases gathered.
    pub cases: usize,
    /// The scopes of its obligations across cases.
    pub scopes: Vec<ScopeAudit>,
    /// The problems of the gathered cases.
    pub diagnostics: Vec<Diagnostic>,
}

impl CampaignAudit {
    /// Every group with something to report.
    pub fn shown(&self) -> impl Iterator<Item = &GroupAudit> {
        self.scopes.iter().flat_map(|scope| &scope.shown)
    }

    /// The number of obligations of groups by outcome.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut all = Tally::default();
        self.scopes.iter().for_each(|scope| all += scope.tally());
        all
    }

    /// The gravest outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.tally().gravest()
    }
}

/// What is known about a campaign in addition to its cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct Campaign<'a> {
    /// The campaign's own record.
    pub record: Option<&'a Record>,
    /// The plan of its rule set.
    pub plan: Option<&'a Plan>,
    /// The breaches in its cases that explain breaches across them.
    pub breaches: Option<&'a Breaches>,
}

/// The breaches on single cases that explain breaches across them, by the id under which duties across cases name the duty.
pub type Breaches = BTreeMap<Id, Breach>;

/// The cases that breach one duty.
#[derive(Debug, Clone)]
pub struct Breach {
    /// The duty in force: the one named, or the one that refines it.
    pub duty: Duty,
    /// The positions of the cases in the store, in order.
    pub cases: Vec<u32>,
}

/// A judged group of cases, as input for tables over all cases.
pub struct Judged<'a> {
    /// The scope of its obligations.
    pub scope: &'a Scope,
    /// The auditor that judged it.
    pub auditor: &'a Auditor,
    /// The record of the group.
    pub record: &'a Record,
    /// The same record, settled.
    pub settled: &'a Settled,
    /// The day it was audited for.
    pub as_of: Day,
    /// The outcome of every obligation, in the order of the notice.
    pub outcomes: &'a [Outcome],
}

/// Audits what a rule set demands of the campaign and across the cases of a store. Passes every group to `visit`, even
/// those with nothing to report.
///
/// Without the campaign's own record, duties of the campaign itself are left out, and nothing is reported as undecided
/// because that record is missing. Without any case, duties that look at cases are left out: that none was handed in
/// does not mean that none exists.
///
/// # Errors
/// If the rule set's graph cannot be built, or the store cannot be read back.
pub fn audit(
    engine: &Engine,
    set: &RuleSet,
    store: &CaseStore,
    campaign: Campaign<'_>,
    options: &Options,
    visit: &mut dyn FnMut(&Judged<'_>),
) -> Result<CampaignAudit, Vec<Diagnostic>> {
    let mut audit = CampaignAudit {
        ruleset: set.id.clone(),
        ruleset_title: set.title.clone(),
        cases: store.len(),
        scopes: Vec::new(),
        diagnostics: Vec::new(),
    };
    if engine.vocabulary().across().is_none() {
        return Ok(audit);
    }
    for scope in engine.scopes_across(set) {
        let is_campaign = scope == Scope::Campaign;
        if is_campaign && campaign.record.is_none() || !is_campaign && store.is_empty() {
            continue;
        }
        let auditor = engine.auditor_across(set, &scope)?;
        let gathered = gather::by(&scope, engine.vocabulary(), store, campaign.plan)
            .map_err(|failed| vec![failed.to_diagnostic()])?;
        if gathered.left_out > 0 {
            audit.diagnostics.push(left_out(
                &label(&scope, engine.vocabulary()),
                gathered.left_out,
                set,
            ));
        }
        let mut judged = Judging {
            auditor: &auditor,
            scope: &scope,
            options,
            unjudged: match store.is_empty() {
                true => looking(&auditor),
                false => Vec::new(),
            },
            verdicts: Verdicts::default(),
            audit: ScopeAudit {
                scope: scope.clone(),
                label: label(&scope, engine.vocabulary()),
                groups: 0,
                tallies: tallies(&auditor),
                shown: Vec::new(),
            },
        };
        let most = most_together(&auditor);
        let read = read_of_cases(&auditor);
        let mut names = near::Names::default();
        for group in gathered.groups(store) {
            let group = group.map_err(|failed| vec![failed.to_diagnostic()])?;
            names.note(&group.key);
            if group.entries.len() > most {
                let by = label(&scope, engine.vocabulary());
                audit.diagnostics.push(too_many(&by, &group, most));
                continue;
            }
            let rows = store
                .rows(&group.entries)
                .map_err(|failed| vec![failed.to_diagnostic()])?;
            judged.group(
                &group.entries,
                &group::Assembly {
                    vocabulary: engine.vocabulary(),
                    scope: &scope,
                    set,
                    key: &group.key,
                    rows: &rows,
                    campaign,
                    products: gathered.products.as_ref(),
                    read: &read,
                },
                visit,
            );
        }
        let by = label(&scope, engine.vocabulary());
        audit.diagnostics.extend(names.to_diagnostic(&by, &set.id));
        judged.leave_cases();
        audit.scopes.push(judged.audit);
    }
    if store.is_empty() && !audit.scopes.is_empty() {
        audit.diagnostics.push(no_cases(set));
    }
    Ok(audit)
}

/// Turns a record that states `cases` itself into the record of a group, with the plan if it states none. For rule
/// tests.
#[must_use]
pub fn as_gathered(record: Record, plan: Option<&Plan>, vocabulary: &Vocabulary) -> Record {
    let Some((slot, plan)) = vocabulary
        .across()
        .and_then(|across| across.plan)
        .map(|fact| fact.slot)
        .zip(plan)
    else {
        return record.into_gathered();
    };
    if !record.get(slot).is_unknown() {
        return record.into_gathered();
    }
    let value = Value::Rows(Arc::clone(&plan.rows));
    record.with(slot, value).into_gathered()
}

struct Judging<'a> {
    auditor: &'a Auditor,
    scope: &'a Scope,
    options: &'a Options,
    /// The obligations that look at cases, if no case was given; they are left out.
    unjudged: Vec<Id>,
    verdicts: Verdicts,
    audit: ScopeAudit,
}

/// A group of cases as a record.
#[derive(Clone, Copy)]
struct Group<'a> {
    record: &'a Record,
    settled: &'a Settled,
    as_of: Day,
}

impl Judging<'_> {
    /// Passes on a group with the outcome of each of its obligations.
    fn show(&self, group: Group<'_>, outcomes: &[Outcome], visit: &mut dyn FnMut(&Judged<'_>)) {
        let obligations = self.auditor.graph().obligations();
        let heard = |((_, obligation), outcome): ((_, &Obligation), &Outcome)| match self
            .unjudged
            .contains(&obligation.id)
        {
            true => Outcome::NotApplicable,
            false => *outcome,
        };
        let outcomes: Vec<Outcome> = obligations.zip(outcomes).map(heard).collect();
        visit(&Judged {
            scope: self.scope,
            auditor: self.auditor,
            record: group.record,
            settled: group.settled,
            as_of: group.as_of,
            outcomes: &outcomes,
        });
    }

    fn group(
        &mut self,
        positions: &[u32],
        assembly: &group::Assembly<'_>,
        visit: &mut dyn FnMut(&Judged<'_>),
    ) {
        // A product of the plan that no case has: nothing was looked at, so nothing was kept.
        let is_bare = assembly.rows.is_empty() && *self.scope != Scope::Campaign;
        if !is_bare {
            self.audit.groups += 1;
        }
        let record = assembly.record();
        let (as_of, _) = self.auditor.as_of(&record, self.options);
        let settled = record.settle(assembly.vocabulary, self.options.assume_complete);
        self.auditor.outcomes(&settled, as_of, &mut self.verdicts);
        let outcomes = self.auditor.by_obligation(&self.verdicts);
        let group = Group {
            record: &record,
            settled: &settled,
            as_of,
        };
        let plain = outcomes.iter().all(|(_, outcome)| outcome.is_settled());
        if plain && !self.options.all {
            if !is_bare {
                for (tally, (_, outcome)) in self.audit.tallies.iter_mut().zip(&outcomes) {
                    tally.outcomes[*outcome] += 1;
                }
            }
            if !is_bare {
                let outcomes: Vec<Outcome> = outcomes.iter().map(|(_, outcome)| *outcome).collect();
                self.show(group, &outcomes, visit);
            }
            return;
        }
        let placed = assembly.with_places(&record);
        let options = Options {
            all: true,
            ..*self.options
        };
        let mut audit = self.auditor.audit(&placed, &options);
        // A missing record of the campaign is reported once, not with every group.
        if assembly.campaign.record.is_none() {
            let beside_only = |missing: &Missing| missing.fact.starts_with("campaign.");
            let is_open = |finding: &&Finding| {
                matches!(finding.outcome, Outcome::Undetermined | Outcome::Pending)
                    && !finding.missing.is_empty()
                    && finding.missing.iter().all(beside_only)
            };
            let open = audit.findings.iter().filter(is_open);
            let open: Vec<Id> = open.map(|finding| finding.obligation.clone()).collect();
            for obligation in &open {
                audit.set_outcome(obligation, Outcome::NotApplicable);
            }
        }
        if is_bare {
            audit.unchecked();
        }
        for (tally, finding) in self.audit.tallies.iter_mut().zip(&audit.findings) {
            if is_bare && finding.outcome == Outcome::NotApplicable {
                continue;
            }
            tally.outcomes[finding.outcome] += 1;
        }
        let outcomes: Vec<Outcome> = audit.findings.iter().map(|it| it.outcome).collect();
        self.show(group, &outcomes, visit);
        self.find_causes(positions, assembly, &mut audit);
        if !self.options.all {
            audit
                .findings
                .retain(|finding| !finding.outcome.is_settled());
        }
        if audit.findings.is_empty() && audit.diagnostics.is_empty() {
            return;
        }
        self.audit.shown.push(GroupAudit {
            scope: self.scope.clone(),
            label: self.audit.label.clone(),
            key: assembly.key_shown(),
            audit,
            cases: assembly.cases(),
        });
    }

    /// Puts the breaches of a group under those in its cases that explain them.
    fn find_causes(
        &self,
        positions: &[u32],
        assembly: &group::Assembly<'_>,
        audit: &mut CaseAudit,
    ) {
        let Some(breaches) = assembly.campaign.breaches else {
            return;
        };
        let causes = &mut audit.causes;
        for finding in &mut audit.findings {
            if finding.outcome != Outcome::Violated || finding.root_cause.is_some() {
                continue;
            }
            let node = self.auditor.graph().resolve(&finding.obligation);
            let node = node.and_then(|node| self.auditor.graph().node(node));
            let links = node
                .and_then(|node| node.obligation())
                .map(|duty| &duty.follows);
            for link in links.into_iter().flatten() {
                let Some(breach) = breaches.get(&link.id) else {
                    continue;
                };
                let is_breached = |(at, _): &(&u32, _)| breach.cases.binary_search(at).is_ok();
                let rows = positions.iter().zip(assembly.rows).filter(is_breached);
                let cases = rows.map(|(_, entry)| assembly.case(entry));
                let cases: Vec<String> = cases
                    .map(|case| case.number.unwrap_or(case.place))
                    .collect();
                if cases.is_empty() {
                    continue;
                }
                let obligation = breach.duty.obligation.clone();
                finding.root_cause = Some(obligation.clone());
                if !causes.iter().any(|known| known.obligation == obligation) {
                    causes.push(Cause {
                        obligation,
                        title: breach.duty.title.clone(),
                        cases,
                    });
                }
                break;
            }
        }
    }
}

impl Judging<'_> {
    /// Leaves out the obligations that look at cases, if no case was given.
    fn leave_cases(&mut self) {
        if self.unjudged.is_empty() {
            return;
        }
        let looks = |id: &Id| self.unjudged.contains(id);
        self.audit
            .tallies
            .retain(|tally| !looks(&tally.duty.obligation));
        for group in &mut self.audit.shown {
            group.audit.leave_out(looks);
        }
        let is_shown = |group: &GroupAudit| {
            !group.audit.findings.is_empty() || !group.audit.diagnostics.is_empty()
        };
        self.audit.shown.retain(is_shown);
    }
}

/// The obligations that look at cases.
fn looking(auditor: &Auditor) -> Vec<Id> {
    let vocabulary = auditor.vocabulary();
    let Some(cases) = vocabulary.across().map(|across| across.cases) else {
        return Vec::new();
    };
    let is_cases = |fact: FactId| {
        let fact = vocabulary.fact(fact);
        fact.shape == ShapeId::ROOT && fact.slot == cases
    };
    let obligations = auditor.graph().obligations();
    obligations
        .map(|(_, obligation)| obligation)
        .filter(|obligation| {
            let expressions = obligation.expressions().into_iter();
            expressions.flat_map(Expr::facts).any(is_cases)
        })
        .map(|obligation| obligation.id.clone())
        .collect()
}

/// The most cases of one group that may be audited together for these obligations.
fn most_together(auditor: &Auditor) -> usize {
    let Some(cases) = auditor.vocabulary().across().map(|across| across.cases) else {
        return MAX_TOGETHER;
    };
    let obligations = auditor.graph().obligations();
    let nested = obligations
        .flat_map(|(_, obligation)| obligation.expressions())
        .map(|expr| nesting(expr, cases))
        .max();
    match nested {
        Some(0 | 1) | None => MAX_TOGETHER,
        Some(_) => MAX_COMPARED,
    }
}

/// Which facts of a row of cases the obligations read, by slot.
fn read_of_cases(auditor: &Auditor) -> Vec<bool> {
    let vocabulary = auditor.vocabulary();
    let Some(row) = vocabulary.across().map(|across| across.row) else {
        return Vec::new();
    };
    let mut read = vec![false; vocabulary.shape(row).facts.len()];
    let nodes = auditor.graph().nodes().map(|(_, node)| &node.what);
    let expressions = nodes.flat_map(|what| match what {
        What::Stage(stage) => stage.holds.iter().chain(&stage.on).collect(),
        What::Exception(exception) => vec![&exception.holds],
        What::Obligation(obligation) => {
            let mut all = obligation.expressions();
            all.extend(&obligation.responsible);
            all
        }
    });
    for fact in expressions.flat_map(Expr::facts) {
        let fact = vocabulary.fact(fact);
        if fact.shape == row
            && let Some(is_read) = read.get_mut(usize::from(fact.slot.0))
        {
            *is_read = true;
        }
    }
    read
}

/// The nesting depth of quantifiers over the cases.
fn nesting(expr: &Expr, cases: SlotId) -> usize {
    let inside = expr.children().map(|child| nesting(child, cases)).max();
    let over_cases = expr.binds().is_some()
        && expr.children().next().is_some_and(
            |list| matches!(list.kind(), ExprKind::Fact { slot, .. } if *slot == cases),
        );
    inside.unwrap_or(0) + usize::from(over_cases)
}

/// The label of a scope: the labels of what its cases share.
fn label(scope: &Scope, vocabulary: &Vocabulary) -> Text {
    let Scope::Gathered(codes) = scope else {
        return Text::new("整批抽查", "the whole campaign");
    };
    let labels =
        codes
            .iter()
            .filter_map(|code| match vocabulary.find(&format!("group.{code}"))? {
                Entry::Fact(id) => Some(vocabulary.fact(id).label.clone()),
                Entry::Group(_) => None,
            });
    let labels: Vec<Text> = labels.collect();
    let join =
        |of: fn(&Text) -> &str, glue: &str| labels.iter().map(of).collect::<Vec<_>>().join(glue);
    Text::new(join(|text| &text.zh, "和"), join(|text| &text.en, " and "))
}

fn tallies(auditor: &Auditor) -> Vec<DutyTally> {
    let tally = |(_, obligation): (_, &Obligation)| DutyTally {
        duty: Duty::of(obligation),
        outcomes: Tally::default(),
    };
    auditor.graph().obligations().map(tally).collect()
}

fn no_cases(set: &RuleSet) -> Diagnostic {
    let message = Text::new(
        "没有交来案卷，只审查了整批抽查的记录；须对照案卷审查的义务未作审查",
        "no cases were given: only the record of the campaign was audited, and no duty that looks at cases",
    );
    Diagnostic::new(Code::CampaignNoCases, message)
        .about(set.id.0.as_str())
        .help(Text::new(
            "与各案卷一并审查：把文件夹或者台账也写在命令中",
            "audit it with its cases: name their folder or table too",
        ))
}

fn left_out(by: &Text, cases: usize, set: &RuleSet) -> Diagnostic {
    let id = &set.id;
    Diagnostic::new(
        Code::CampaignLeftOut,
        text!(
            "有{cases}个案卷没有记载{}，未参加按此归集的跨案审查",
            "{cases} cases do not say the {}, and were left out where cases are gathered by it";
            by
        ),
    )
    .about(id.0.as_str())
    .help(Text::new("补充后重新审查", "add it and audit again"))
}

fn too_many(by: &Text, group: &gather::Group, most: usize) -> Diagnostic {
    let n = group.entries.len();
    Diagnostic::new(
        Code::CampaignTooMany,
        text!(
            "按{}归集在一起的案卷有{n}个，超过{most}个，未作跨案审查",
            "{n} cases were gathered by {}, more than {most}; they were not audited across cases";
            by
        ),
    )
    .about(group.key.shown())
    .help(Text::new(
        "按抽查任务分开审查",
        "audit one campaign at a time",
    ))
}
