//! The audit: takes a rule set and a record, returns findings.
//!
//! Terms: a *finding* is the outcome of one obligation on one record, with its explanation; the *root cause* of a finding
//! is the violated obligation it follows from.
//!
//! Invariants: unknown is never false; the audit reads no clock; the same input gives the same findings in the same order.

mod across;
mod auditor;
mod dates;
mod explain;
mod facts;
mod program;
mod sentence;
mod subject;
mod tally;
#[cfg(test)]
mod tests;
mod timeline;
mod undated;
mod verdict;
mod waiver;
mod whatever;

use std::sync::Arc;

pub use auditor::{Answerable, Auditor, Detail, Options, Owed, PartyKind, beside_rules};
pub use subject::Subject;
pub use tally::Tally;
pub use verdict::Verdicts;

use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Trace;
use crate::lang::Text;
use crate::obligation::{Citation, Id, Obligation, RuleSetId, Severity};
use crate::source::{Origin, Source, Span};
use crate::value::{Day, Party};

coded! {
    /// The outcome of one obligation on one record; the gravest first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Outcome {
        /// 违规: the requirement is known not to hold.
        Violated = "violated", "违规", "violated";
        /// 未能审查: the engine could not evaluate it; never a pass, never a violation.
        Errored = "errored", "未能审查", "errored";
        /// 待人工判断: the facts are there, but the norm leaves a judgement, or two lawful readings differ.
        Review = "review", "待人工判断", "review";
        /// 待补证: a fact it needs is unknown.
        Undetermined = "undetermined", "待补证", "undetermined";
        /// 未到期: not done, and the due date has not passed.
        Pending = "pending", "未到期", "pending";
        /// 已豁免: covered by a recorded waiver.
        Waived = "waived", "已豁免", "waived";
        /// 合规: the requirement is known to hold.
        Satisfied = "satisfied", "合规", "satisfied";
        /// 不适用: the condition is known not to hold.
        NotApplicable = "not_applicable", "不适用", "not applicable";
    }
}

impl Outcome {
    /// Whether nothing remains to be done or reported: satisfied, or not applicable.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Outcome::Satisfied | Outcome::NotApplicable)
    }

    /// The outcome with this code or label, in either language.
    #[must_use]
    pub fn named(name: &str) -> Option<Outcome> {
        let is_label = |label: Text| label.zh == name || label.en == name;
        let labelled = || {
            Outcome::ALL
                .into_iter()
                .find(|outcome| is_label(outcome.label()))
        };
        Outcome::of_code(name).or_else(labelled)
    }
}

/// A fact a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its path; rows are numbered from 1: `corrections[2].confirmed`.
    pub fact: String,
    /// Its name for people: 检验报告·出具日期.
    pub title: Text,
    /// Its value as in JSON: `2024-03-12`, `fail`, `199.00`.
    pub value: String,
    /// Its value as shown to people.
    pub shown: Text,
    /// Where the record states it.
    pub origin: Origin,
    /// Whether it is personal data.
    pub personal: bool,
}

/// A fact that would help to decide if it were known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its path; rows are numbered from 1.
    pub fact: String,
    /// Its name for people.
    pub title: Text,
    /// The paper or column it is found on; `None` if the vocabulary names none.
    pub form: Option<Text>,
    /// Its place in the data dictionary, which follows the stages of the work.
    pub place: usize,
}

/// A due date, and whether the act meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day, under the strict reading. For a period the act must wait for: the last day of that period.
    pub on: Day,
    /// The day the time runs from; `None` for a fixed date.
    pub from: Option<Day>,
    /// The first day on which the act is in time, for a window. For an act that must wait, a day after `on`.
    pub earliest: Option<Day>,
    /// The last day under the other reading, where it differs.
    pub otherwise: Option<Day>,
    /// The counting rule, on one line: `7 calendar days, starting day excluded`.
    pub rule: Text,
    /// The count, one line per day or run of days.
    pub count: Vec<Text>,
    /// The day of the act, if it is known.
    pub act: Option<Day>,
    /// How many days late the act is (working days for a limit in working days); 0 if in time.
    pub late_days: i32,
    /// Whether `late_days` counts working days.
    pub in_workdays: bool,
    /// Whether the norm gives no number of days: `on` is then only a reminder (提示日), not a legal deadline.
    pub is_reminder: bool,
    /// Whether the act is in time, whatever the outcome of the duty.
    pub progress: Progress,
    /// The due date counted from the other possible starting day, if that day is known and later.
    pub other: Option<Box<OtherDue>>,
}

/// A due date counted from another possible starting day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDue {
    /// The reading: `自责令改正通知书送达之日起算`.
    pub reading: Text,
    /// The due date; its own `other` is `None`.
    pub due: Due,
}

/// The outcome of one part of an obligation.
#[derive(Debug, Clone)]
pub struct PartFinding {
    /// Its code, unique within the obligation.
    pub code: String,
    /// Its title for people.
    pub title: Text,
    /// Its outcome, judged by itself.
    pub outcome: Outcome,
    /// The reason, in a sentence.
    pub because: Text,
    /// Its due date, if it has one.
    pub due: Option<Due>,
    /// The explanation of its condition; `None` unless the options ask for traces.
    pub trace: Option<Trace>,
}

/// A waiver stated in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The id of the obligation it names, as the record writes it.
    pub obligation: String,
    /// Who approved it; empty if the record does not say.
    pub approver: String,
    /// The reason given; empty if the record gives none.
    pub reason: String,
    /// The first day it is valid; `None` if unlimited.
    pub from: Option<Day>,
    /// The last day it is valid; `None` if unlimited.
    pub until: Option<Day>,
    /// Where the record grants it.
    pub span: Option<Span>,
}

/// A fact that a record states and no obligation in force reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its path, without the positions of rows: `sampling.corrections[].mode`.
    pub fact: String,
    /// Its name for people.
    pub title: Text,
    /// Where the record states it; `None` for facts inside rows.
    pub span: Option<Span>,
}

/// The outcome of one obligation on one record, explained.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The id of the obligation.
    pub obligation: Id,
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// The title of the obligation.
    pub title: Text,
    /// Its outcome, waivers included.
    pub outcome: Outcome,
    /// How serious a breach is.
    pub severity: Severity,
    /// The code of the role that owes it.
    pub bearer: String,
    /// The label of that role.
    pub bearer_label: Text,
    /// The reason, in a sentence.
    pub because: Text,
    /// Its parts, each judged by itself; empty if the obligation has none.
    pub parts: Vec<PartFinding>,
    /// The due date that decides the outcome.
    pub due: Option<Due>,
    /// The facts it rests on.
    pub evidence: Vec<Evidence>,
    /// The facts that would decide it, if it is undetermined.
    pub missing: Vec<Missing>,
    /// The unknown facts that do not matter: the outcome is the same under each of their values.
    pub whatever: Vec<Missing>,
    /// Whether only one missing fact stands between the record and a breach: the requirement is known not to hold, and
    /// it is open only whether the duty applies or is excused.
    pub one_short: bool,
    /// The questions a person must judge, with the possible readings.
    pub readings: Vec<Text>,
    /// The note of the obligation: which reading it follows.
    pub note: Text,
    /// The sentences of the norms it rests on.
    pub citations: Vec<Citation>,
    /// The persons or organisations responsible, as the record names them.
    pub responsible: Vec<Party>,
    /// Whether it is a right that lapsed because it was not used in time: not applicable, but still reported.
    pub lapsed: bool,
    /// The violated obligation it follows from.
    pub root_cause: Option<Id>,
    /// The exception or remedy that relieves it.
    pub relieved_by: Option<Id>,
    /// The waiver that covers it.
    pub waiver: Option<Waiver>,
    /// The explanation of the condition and the requirement; empty unless asked for.
    pub traces: Vec<Trace>,
    /// Where the script declares the obligation.
    pub declared: Span,
}

coded! {
    /// How an act stands to its time limit, by the known days and under every lawful reading.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Progress {
        /// Done in time, under every reading.
        Done = "done";
        /// Done, and late under every reading.
        Late = "late";
        /// Done before its time had come.
        TooEarly = "too_early";
        /// In time under one reading of the norm, not under another.
        ReadingsDiffer = "readings_differ";
        /// Done; a person must judge whether it was in time.
        Open = "review";
        /// Done on a day that is not recorded, so whether it was in time is open.
        DayUnknown = "day_unknown";
        /// Not in time counted from the known starting day; the time may also run from a day that is not recorded.
        StartUnknown = "start_unknown";
        /// Not done, not yet due.
        DueNext = "due_next";
        /// Not done, and due.
        Overdue = "overdue";
        /// Not recorded, and the due date has passed.
        Unproven = "unproven";
        /// Not done in time, but excused: an exception applies, or a remedy was carried out.
        Excused = "excused";
    }
}

impl Progress {
    /// Whether the act is known not to be in time.
    #[must_use]
    pub fn is_missed(self) -> bool {
        matches!(
            self,
            Progress::Late | Progress::TooEarly | Progress::Overdue
        )
    }
}

/// One line of a case's timeline.
#[derive(Debug, Clone)]
pub struct Event {
    /// The id of the obligation.
    pub obligation: Id,
    /// Its title, followed by the title of the part if it is a part.
    pub title: Text,
    /// Its due date.
    pub due: Due,
    /// Whether the act is in time.
    pub progress: Progress,
    /// The outcome of the duty, or of the part.
    pub outcome: Outcome,
}

/// Where the day of the audit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// The caller gave it in the options.
    Given,
    /// The record's closing date.
    Closed,
    /// The caller's today.
    Today,
}

/// Whether absent facts count as known not to exist, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// The record declares its dossier complete.
    Declared,
    /// The options say to assume it.
    Assumed,
    /// Absent facts are unknown.
    Open,
}

/// An obligation that a case was audited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub obligation: Id,
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// The title of the obligation.
    pub title: Text,
    /// How serious a breach is.
    pub severity: Severity,
}

impl Duty {
    /// The summary of an obligation.
    #[must_use]
    pub fn of(obligation: &Obligation) -> Self {
        Duty {
            obligation: obligation.id.clone(),
            ruleset: obligation.ruleset.clone(),
            title: obligation.title.clone(),
            severity: obligation.severity,
        }
    }
}

/// A duty on a case whose breach explains a breach across cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The duty, as the one across cases names it.
    pub obligation: Id,
    /// Its title.
    pub title: Text,
    /// The cases that breach it, by number or else by place, in the order they were read; never empty.
    pub cases: Vec<String>,
}

/// The audit of one case.
#[derive(Debug, Clone)]
pub struct CaseAudit {
    /// The case number, or the source's name where the record gives none.
    pub case: String,
    /// The respondent, product, agencies and dates of the case.
    pub subject: Subject,
    /// The id of the rule set it was audited under.
    pub ruleset: RuleSetId,
    /// The title of that rule set.
    pub ruleset_title: Text,
    /// Why this rule set was chosen; `None` if the record names it or the caller asked for it.
    pub ruleset_chosen_because: Option<Text>,
    /// The text of the record.
    pub source: Arc<Source>,
    /// The day for which the case was audited.
    pub as_of: Day,
    /// Where that day comes from.
    pub as_of_from: AsOf,
    /// What absent facts mean.
    pub completeness: Completeness,
    /// The obligations in force, in the order of the notice.
    pub duties: Arc<[Duty]>,
    /// The outcome of each of `duties`, shown or not.
    pub outcomes: Vec<Outcome>,
    /// The findings to be shown, in the order of the notice.
    pub findings: Vec<Finding>,
    /// The due dates of the case, in order.
    pub timeline: Vec<Event>,
    /// Waivers that cover nothing, because unused or expired; each also has a diagnostic.
    pub idle_waivers: Vec<Waiver>,
    /// Facts that the record states and no obligation in force reads.
    pub unread: Vec<Unread>,
    /// Breaches on single cases that findings across cases follow from; none of them is in the audit of one case.
    pub causes: Vec<Cause>,
    /// The problems of the record itself.
    pub diagnostics: Vec<Diagnostic>,
}

impl CaseAudit {
    /// How many obligations in force have each outcome, shown or not.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.outcomes.iter().copied().collect()
    }

    /// The outcome of the case: the gravest of its obligations. A record that contradicts itself is at least for
    /// review, even if it satisfies them all.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let gravest = self.tally().gravest();
        match self.contradictions() {
            0 => gravest,
            _ => gravest.min(Outcome::Review),
        }
    }

    /// The number of contradictions in the record, dates in the wrong order included.
    #[must_use]
    pub fn contradictions(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|it| matches!(it.code, Code::RecordContradiction | Code::RecordBackwards))
            .count()
    }

    /// The outcome of an obligation, shown or not; none if it is not in force.
    #[must_use]
    pub fn outcome_of(&self, obligation: &Id) -> Option<Outcome> {
        let mut duties = self.duties.iter();
        let at = duties.position(|duty| duty.obligation == *obligation)?;
        self.outcomes.get(at).copied()
    }

    /// Replaces the outcome of an obligation, in its finding too if there is one.
    pub fn set_outcome(&mut self, obligation: &Id, outcome: Outcome) {
        let is = |duty: &Duty| duty.obligation == *obligation;
        if let Some(known) = self
            .duties
            .iter()
            .position(is)
            .and_then(|at| self.outcomes.get_mut(at))
        {
            *known = outcome;
        }
        let shown = self.findings.iter_mut();
        for finding in shown.filter(|finding| finding.obligation == *obligation) {
            finding.outcome = outcome;
        }
    }

    /// Turns every satisfied obligation into not applicable, because no case was examined: nothing checked is not 合规.
    pub fn unchecked(&mut self) {
        for outcome in &mut self.outcomes {
            if *outcome == Outcome::Satisfied {
                *outcome = Outcome::NotApplicable;
            }
        }
        for finding in &mut self.findings {
            if finding.outcome == Outcome::Satisfied {
                finding.outcome = Outcome::NotApplicable;
                finding.because = Text::new("没有所抽案卷可供审查", "no case of it was examined");
                finding.parts.clear();
            }
        }
    }

    /// Removes obligations, as if they were not in force.
    pub fn leave_out(&mut self, is_out: impl Fn(&Id) -> bool) {
        let stays = |duty: &Duty| !is_out(&duty.obligation);
        let outcomes = self.duties.iter().zip(&self.outcomes);
        let outcomes: Vec<Outcome> = outcomes
            .filter(|(duty, _)| stays(duty))
            .map(|(_, outcome)| *outcome)
            .collect();
        self.duties = self
            .duties
            .iter()
            .filter(|duty| stays(duty))
            .cloned()
            .collect();
        self.outcomes = outcomes;
        self.findings.retain(|finding| !is_out(&finding.obligation));
    }

    /// The number of obligations with this outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tally()[outcome]
    }
}
