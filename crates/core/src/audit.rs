//! The audit: a rule set and a record in, findings out.
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

/// The outcome of one obligation on one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// 违规: the requirement is known not to hold.
    Violated,
    /// 未能审查: the engine could not evaluate it; never a pass, never a violation.
    Errored,
    /// 待人工判断: the facts are there, but the norm leaves a judgement, or two lawful readings differ.
    Review,
    /// 待补证: a fact it needs is unknown.
    Undetermined,
    /// 未到期: not done, and the due date has not passed.
    Pending,
    /// 已豁免: covered by a recorded waiver.
    Waived,
    /// 合规: the requirement is known to hold.
    Satisfied,
    /// 不适用: the condition is known not to hold.
    NotApplicable,
}

impl Outcome {
    /// Every outcome, the one that weighs most first.
    pub const ALL: [Outcome; 8] = [
        Outcome::Violated,
        Outcome::Errored,
        Outcome::Review,
        Outcome::Undetermined,
        Outcome::Pending,
        Outcome::Waived,
        Outcome::Satisfied,
        Outcome::NotApplicable,
    ];

    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Violated => "violated",
            Outcome::Errored => "errored",
            Outcome::Review => "review",
            Outcome::Undetermined => "undetermined",
            Outcome::Pending => "pending",
            Outcome::Waived => "waived",
            Outcome::Satisfied => "satisfied",
            Outcome::NotApplicable => "not_applicable",
        }
    }

    /// Whether nothing remains to be done or said about it: satisfied, or not applicable.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Outcome::Satisfied | Outcome::NotApplicable)
    }

    /// The outcome of a code or a label.
    #[must_use]
    pub fn named(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| {
            let label = outcome.label();
            outcome.code() == name || label.zh == name || label.en == name
        })
    }

    /// The label.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Outcome::Violated => Text::new("违规", "violated"),
            Outcome::Errored => Text::new("未能审查", "errored"),
            Outcome::Review => Text::new("待人工判断", "review"),
            Outcome::Undetermined => Text::new("待补证", "undetermined"),
            Outcome::Pending => Text::new("未到期", "pending"),
            Outcome::Waived => Text::new("已豁免", "waived"),
            Outcome::Satisfied => Text::new("合规", "satisfied"),
            Outcome::NotApplicable => Text::new("不适用", "not applicable"),
        }
    }
}

/// A fact a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its path, with the positions of rows from 1: `corrections[2].confirmed`.
    pub fact: String,
    /// What a person calls it: 检验报告·出具日期.
    pub title: Text,
    /// Its value as JSON shows it: `2024-03-12`, `fail`, `199.00`.
    pub value: String,
    /// Its value as a person reads it.
    pub shown: Text,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is personal data.
    pub personal: bool,
}

/// A fact whose being known would help to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its path.
    pub fact: String,
    /// What a person calls it.
    pub title: Text,
    /// The paper or column it is found on.
    pub form: Option<Text>,
    /// Its place in the data dictionary, which follows the stages of the work.
    pub place: usize,
}

/// A due date, and how an act stands to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day, under the strict reading; of a period the act has to wait for, the last day of that period.
    pub on: Day,
    /// The day the time runs from; none for a fixed date.
    pub from: Option<Day>,
    /// The first day the act is in time, for a window; after `on`, for an act that has to wait.
    pub earliest: Option<Day>,
    /// The last day under the other reading, where it differs.
    pub otherwise: Option<Day>,
    /// How it was counted, in a line: `7 calendar days, starting day excluded`.
    pub rule: Text,
    /// The count day by day, a line a day or a run of days.
    pub count: Vec<Text>,
    /// The day of the act, if it is known.
    pub act: Option<Day>,
    /// How many days late the act is (working days for a limit in working days); 0 if in time.
    pub late_days: i32,
    /// Whether `late_days` counts working days.
    pub in_workdays: bool,
    /// Whether the norm gives no number of days, so that `on` is a day to remind a person (提示日) and no legal deadline.
    pub is_reminder: bool,
    /// How the act stands to the time there is for it, whatever comes of the duty.
    pub progress: Progress,
    /// The due date by the other day the time may run from, where that day is known and later.
    pub other: Option<Box<OtherDue>>,
}

/// A due date by another day the time may run from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDue {
    /// The reading: `自责令改正通知书送达之日起算`.
    pub reading: Text,
    /// The due date; it has no other.
    pub due: Due,
}

/// The outcome of one part of an obligation.
#[derive(Debug, Clone)]
pub struct PartFinding {
    /// Its code.
    pub code: String,
    /// What it is.
    pub title: Text,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub because: Text,
    /// Its due date, if it has one.
    pub due: Option<Due>,
    /// Its explanation, if it was asked for.
    pub trace: Option<Trace>,
}

/// A waiver that covers a finding, or that covers nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The obligation it names.
    pub obligation: String,
    /// Who approved it.
    pub approver: String,
    /// Why.
    pub reason: String,
    /// First day it holds.
    pub from: Option<Day>,
    /// Last day it holds.
    pub until: Option<Day>,
    /// Where the record grants it.
    pub span: Option<Span>,
}

/// A fact that a record states and no obligation in force reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its path, without the positions of rows: `sampling.corrections[].mode`.
    pub fact: String,
    /// What a person calls it.
    pub title: Text,
    /// Where the record states it; none of what stands in rows.
    pub span: Option<Span>,
}

/// The outcome of one obligation on one record, explained.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The obligation.
    pub obligation: Id,
    /// The rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its title.
    pub title: Text,
    /// Its outcome.
    pub outcome: Outcome,
    /// How much a breach weighs.
    pub severity: Severity,
    /// The role that owes it: its code.
    pub bearer: String,
    /// The label of that role.
    pub bearer_label: Text,
    /// Why, in a sentence.
    pub because: Text,
    /// The parts, judged by themselves; empty if it has none.
    pub parts: Vec<PartFinding>,
    /// The due date that decides.
    pub due: Option<Due>,
    /// The facts it rests on.
    pub evidence: Vec<Evidence>,
    /// The facts that would decide it, where it is undetermined.
    pub missing: Vec<Missing>,
    /// The facts that may be anything: under each of their values the duty comes to this outcome.
    pub whatever: Vec<Missing>,
    /// Whether one missing fact alone stands between what the record shows and a breach: what the duty demands is known not
    /// to be met, and only whether it applies, or is excused, is open.
    pub one_short: bool,
    /// What a person is to judge, with the readings.
    pub readings: Vec<Text>,
    /// The note of the obligation: the reading it takes.
    pub note: Text,
    /// The sentences it rests on.
    pub citations: Vec<Citation>,
    /// Persons or organisations responsible, as the record names them.
    pub responsible: Vec<Party>,
    /// Whether it is a right that was not used in time and has lapsed: not applicable, and told all the same.
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

/// How an act stands to the time there is for it: what is known of the days, by every lawful reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Done in time, by every reading.
    Done,
    /// Done, and late by every reading.
    Late,
    /// Done, but before the time for it had come.
    TooEarly,
    /// In time by one reading of the norm, not by another.
    ReadingsDiffer,
    /// Done, but whether in time is for a person to judge.
    Open,
    /// Done, on a day that is not recorded, so that it is open whether in time.
    DayUnknown,
    /// Not in time by the day that is known; the time may also run from a day that is not recorded.
    StartUnknown,
    /// Not done, not yet due.
    DueNext,
    /// Not done, and due.
    Overdue,
    /// Not recorded, and due.
    Unproven,
    /// Not done in time, and excused: an exception applies or what remedies it was done.
    Excused,
}

impl Progress {
    /// Every way, in the order a legend lists them.
    pub const ALL: [Progress; 11] = [
        Progress::Done,
        Progress::Late,
        Progress::TooEarly,
        Progress::ReadingsDiffer,
        Progress::Open,
        Progress::DayUnknown,
        Progress::StartUnknown,
        Progress::DueNext,
        Progress::Overdue,
        Progress::Unproven,
        Progress::Excused,
    ];

    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Progress::Done => "done",
            Progress::Late => "late",
            Progress::TooEarly => "too_early",
            Progress::ReadingsDiffer => "readings_differ",
            Progress::Open => "review",
            Progress::DayUnknown => "day_unknown",
            Progress::StartUnknown => "start_unknown",
            Progress::DueNext => "due_next",
            Progress::Overdue => "overdue",
            Progress::Unproven => "unproven",
            Progress::Excused => "excused",
        }
    }

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
    /// The obligation.
    pub obligation: Id,
    /// Its title, and the part's where it is a part.
    pub title: Text,
    /// Its due date.
    pub due: Due,
    /// How the act stands to it.
    pub progress: Progress,
    /// What comes of the duty, or of the part of it.
    pub outcome: Outcome,
}

/// Where the day of the audit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// It was asked for.
    Given,
    /// The record's closing date.
    Closed,
    /// Today, as the caller says.
    Today,
}

/// Why absent facts count as known not to exist, or that they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// The record declares its dossier complete.
    Declared,
    /// The audit was asked to assume it.
    Assumed,
    /// Absent facts are unknown.
    Open,
}

/// One of the obligations a case was audited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub obligation: Id,
    /// The rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its title.
    pub title: Text,
    /// How much a breach weighs.
    pub severity: Severity,
}

impl Duty {
    /// What is told of an obligation.
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
    /// Whom and what it concerns.
    pub subject: Subject,
    /// The rule set it was audited under.
    pub ruleset: RuleSetId,
    /// The title of that rule set.
    pub ruleset_title: Text,
    /// Why that rule set, where the record does not name it and nobody asked for it.
    pub ruleset_chosen_because: Option<Text>,
    /// The text of the record.
    pub source: Arc<Source>,
    /// The day of the audit.
    pub as_of: Day,
    /// Where that day comes from.
    pub as_of_from: AsOf,
    /// What absence means.
    pub completeness: Completeness,
    /// The obligations in force, in the order of the notice.
    pub duties: Arc<[Duty]>,
    /// The outcome of each of them, shown or not.
    pub outcomes: Vec<Outcome>,
    /// One for every obligation to be shown, in the order of the notice.
    pub findings: Vec<Finding>,
    /// What was due when, in the order of the due dates.
    pub timeline: Vec<Event>,
    /// Waivers that cover nothing: unused or expired, each also a diagnostic.
    pub idle_waivers: Vec<Waiver>,
    /// What it states and nothing in force reads.
    pub unread: Vec<Unread>,
    /// Breaches on single cases that findings across cases follow from; none of them is in the audit of one case.
    pub causes: Vec<Cause>,
    /// What is wrong with the record itself.
    pub diagnostics: Vec<Diagnostic>,
}

impl CaseAudit {
    /// How many obligations in force have each outcome, shown or not.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.outcomes.iter().copied().collect()
    }

    /// The outcome of the case: the one of its obligations' that weighs most. A record that contradicts itself is for a
    /// person to judge, even if it satisfies them all.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let gravest = self.tally().gravest();
        match self.contradictions() {
            0 => gravest,
            _ => gravest.min(Outcome::Review),
        }
    }

    /// In how many ways the record contradicts itself, dates that run backwards among them.
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

    /// Gives an obligation another outcome: with the rest of its finding, where it is shown.
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

    /// Makes what is kept only because no case was looked at not applicable: nothing checked is not 合规.
    pub fn unchecked(&mut self) {
        for outcome in &mut self.outcomes {
            if *outcome == Outcome::Satisfied {
                *outcome = Outcome::NotApplicable;
            }
        }
        for finding in &mut self.findings {
            if finding.outcome == Outcome::Satisfied {
                finding.outcome = Outcome::NotApplicable;
                finding.because = Text::new("没有所抽案卷可供审查", "no case of it was looked at");
                finding.parts.clear();
            }
        }
    }

    /// Leaves out obligations, as if they were not in force.
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

    /// How many obligations have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tally()[outcome]
    }
}
