//! The case's timeline: what was due when, what is late, what is next, what is overdue.

use super::{Due, Event, Finding, Outcome, Progress};

/// The events of the findings that have a due date, in the order of the due dates.
pub(super) fn timeline(findings: &[Finding]) -> Vec<Event> {
    let mut events = Vec::new();
    for finding in findings {
        let mut push = |title: &crate::lang::Text, outcome: Outcome, due: &Option<Due>| {
            if let Some(due) = due
                && let Some(progress) = progress(outcome, due)
            {
                events.push(Event {
                    obligation: finding.obligation.clone(),
                    title: title.clone(),
                    due: due.clone(),
                    progress,
                });
            }
        };
        if finding.parts.is_empty() {
            push(&finding.title, finding.outcome, &finding.due);
        }
        for part in &finding.parts {
            let title = crate::text!("{}：{}", "{}: {}"; finding.title, part.title);
            push(&title, part.outcome, &part.due);
        }
    }
    events.sort_by(|a, b| {
        (a.due.on, a.due.from, &a.obligation, &a.title.zh).cmp(&(
            b.due.on,
            b.due.from,
            &b.obligation,
            &b.title.zh,
        ))
    });
    events
}

fn progress(outcome: Outcome, due: &Due) -> Option<Progress> {
    match (outcome, due.act) {
        (Outcome::NotApplicable | Outcome::Errored, _) => None,
        (Outcome::Pending, _) => Some(Progress::DueNext),
        (Outcome::Undetermined, None) => Some(Progress::Unproven),
        (_, None) => Some(Progress::Overdue),
        (_, Some(_)) if due.late_days > 0 => Some(Progress::Late),
        (_, Some(_)) => Some(Progress::Done),
    }
}
