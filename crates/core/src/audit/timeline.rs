//! The case's timeline: what was due when, what is late, what is next, what is overdue.

use crate::lang::Text;
use crate::obligation::{Deadline, Id, Obligation, Requirement};
use crate::period::{Count, Judgement, Limit, Verdict};
use crate::truth::Truth;

use super::verdict::{Judge, Timed};
use super::{Due, Event, Finding, OtherDue, Outcome, Progress};

/// The events of a case, collected during its audit.
#[derive(Default)]
pub(super) struct Timeline {
    events: Vec<Event>,
}

impl Timeline {
    /// Adds the due dates of a finding.
    pub(super) fn add(&mut self, finding: &Finding) {
        let id = &finding.obligation;
        if finding.parts.is_empty() {
            self.push(id, &finding.title, finding.outcome, finding.due.clone());
        }
        for part in &finding.parts {
            let title = crate::text!("{}：{}", "{}: {}"; finding.title, part.title);
            self.push(id, &title, part.outcome, part.due.clone());
        }
    }

    /// Adds the due dates of an obligation that arises but has no finding.
    pub(super) fn add_unexplained(
        &mut self,
        judge: Judge<'_>,
        obligation: &Obligation,
        outcome: Outcome,
    ) {
        let (id, title) = (&obligation.id, &obligation.title);
        match &obligation.requirement {
            Requirement::Must(_) | Requirement::MustNot(_) => {}
            Requirement::Deadline(deadline) => {
                self.push(id, title, outcome, due_of(judge, deadline));
            }
            Requirement::Parts(parts) => {
                for part in parts {
                    let demanded = part
                        .when
                        .as_ref()
                        .map_or(Truth::True, |when| judge.truth(when));
                    if let (Truth::True, Requirement::Deadline(deadline)) =
                        (demanded, &part.requirement)
                    {
                        let title = crate::text!("{}：{}", "{}: {}"; title, part.title);
                        self.push(id, &title, judge.part(part), due_of(judge, deadline));
                    }
                }
            }
        }
    }

    fn push(&mut self, obligation: &Id, title: &Text, outcome: Outcome, due: Option<Due>) {
        if let Some(due) = due
            && let Some(progress) = shown(outcome, &due)
        {
            self.events.push(Event {
                obligation: obligation.clone(),
                title: title.clone(),
                due,
                progress,
                outcome,
            });
        }
    }

    /// The events in the order of the due dates.
    pub(super) fn finish(mut self) -> Vec<Event> {
        self.events.sort_by(|a, b| {
            (a.due.on, a.due.from, &a.obligation, &a.title.zh).cmp(&(
                b.due.on,
                b.due.from,
                &b.obligation,
                &b.title.zh,
            ))
        });
        self.events
    }
}

fn due_of(judge: Judge<'_>, deadline: &Deadline) -> Option<Due> {
    let timed = judge.timed(deadline).ok()?;
    due(timed, timed.explained(), deadline)
}

/// The due date of a judged act, with its count. `None` for an act owed once a period is over and done: it had no due
/// date.
pub(super) fn due(
    timed: Timed<'_>,
    explained: (Judgement, Count),
    deadline: &Deadline,
) -> Option<Due> {
    if matches!(timed.limit, Limit::OnceOver(_)) && timed.act.is_done() {
        return None;
    }
    let late = timed.verdict() == Verdict::Violated;
    let mut first = due_from(timed, explained, late)?;
    first.other = timed
        .by_the_other()
        .and_then(|timed| due_from(timed, timed.explained(), late))
        .zip(deadline.or_since.as_ref())
        .map(|(due, other)| {
            Box::new(OtherDue {
                reading: other.reading.clone(),
                due,
            })
        });
    Some(first)
}

/// The due date counted from one of the possible starting days. `late`: whether the act is late from all of them, so
/// that the due date says by how much.
fn due_from(timed: Timed<'_>, (judgement, count): (Judgement, Count), late: bool) -> Option<Due> {
    let dates = judgement.due?;
    let late = judgement.late.or(judgement.overdue).filter(|_| late);
    Some(Due {
        on: dates.strict.latest,
        from: timed.since.filter(|_| !timed.limit.is_set_date()),
        earliest: dates.strict.earliest,
        otherwise: dates
            .broad
            .map(|reading| reading.latest)
            .filter(|latest| *latest != dates.strict.latest),
        rule: count.rule,
        count: count.lines,
        act: timed.act.day(),
        late_days: late.map_or(0, |late| late.days),
        in_workdays: late.is_some_and(|late| late.in_workdays),
        is_reminder: timed.limit.has_no_number(),
        progress: progress(timed, &judgement),
        other: None,
    })
}

/// Whether an act is in time, by the days alone.
fn progress(timed: Timed<'_>, judgement: &Judgement) -> Progress {
    let is_done = timed.act.is_done();
    match timed.verdict() {
        Verdict::Satisfied => Progress::Done,
        Verdict::Violated if !is_done => Progress::Overdue,
        Verdict::Violated if judgement.early_days > 0 => Progress::TooEarly,
        Verdict::Violated => Progress::Late,
        Verdict::Review if timed.limit.has_no_number() || timed.backwards() => Progress::Open,
        Verdict::Review => Progress::ReadingsDiffer,
        Verdict::Pending | Verdict::NotDone => Progress::DueNext,
        Verdict::Undetermined if is_done && judgement.verdict == Verdict::Undetermined => {
            Progress::DayUnknown
        }
        // Late or overdue by the first day alone: only the other day could change that.
        Verdict::Undetermined | Verdict::OutsideCalendar
            if judgement.verdict == Verdict::Violated =>
        {
            Progress::StartUnknown
        }
        Verdict::Undetermined | Verdict::OutsideCalendar => Progress::Unproven,
    }
}

/// How to show an act, given the outcome of its duty; `None` if the duty does not arise.
fn shown(outcome: Outcome, due: &Due) -> Option<Progress> {
    match (outcome, due.progress) {
        // A right used too late has lapsed.
        (Outcome::NotApplicable, Progress::Late) => Some(Progress::Late),
        (Outcome::NotApplicable | Outcome::Errored, _) => None,
        (Outcome::Satisfied, Progress::Done) => Some(Progress::Done),
        (Outcome::Satisfied, _) => Some(Progress::Excused),
        (_, progress) => Some(progress),
    }
}
