//! The timeline of a case: what was due when, and whether it is done, late, next, overdue or not proven.

use crate::support;
use crate::support::campaigns::world_of;
use crate::support::dossier::Dossier;
use crate::support::{dossiers, world};
use choucha::audit::{CaseAudit, Event, Outcome, Progress};

const FAILING: &str = "failing-report-at-a-shop";

fn event<'a>(audit: &'a CaseAudit, id: &str) -> &'a Event {
    let mut events = audit
        .timeline
        .iter()
        .filter(|event| event.obligation.0 == id);
    let event = events
        .next()
        .unwrap_or_else(|| panic!("no event of `{id}`"));
    assert!(events.next().is_none(), "`{id}` is there twice");
    event
}

#[test]
fn an_act_is_done_late_due_next_overdue_or_not_proven() {
    use Progress::{Done, DueNext, Late, Overdue, Unproven};
    let absent = &["complete -", "report.to_province.posted_on -"][..];
    let none = &["complete -", "report.to_province.posted_on = 无"][..];
    for (edits, as_of, progress, late) in [
        (
            &["report.to_province.posted_on = 2024-03-08"][..],
            "2024-05-31",
            Done,
            0,
        ),
        (
            &["report.to_province.posted_on = 2024-03-12"],
            "2024-05-31",
            Late,
            4,
        ),
        (absent, "2024-03-05", DueNext, 0),
        (absent, "2024-03-08", DueNext, 0),
        (absent, "2024-03-09", Unproven, 0),
        (none, "2024-03-08", DueNext, 0),
        (none, "2024-03-09", Overdue, 1),
    ] {
        let audit = Dossier::of(FAILING).edited(edits).audit(Some(as_of));
        let event = event(&audit, "report.failed.mail-to-province");
        let about = format!("{edits:?} as of {as_of}");
        assert_eq!(event.progress, progress, "{about}");
        assert_eq!(event.due.on.to_string(), "2024-03-08", "{about}");
        assert_eq!(event.due.late_days, late, "{about}");
    }
}

#[test]
fn an_act_done_on_an_unknown_day_is_decided_where_other_days_bound_it() {
    use Outcome::{Satisfied, Undetermined, Violated};
    let undated = "report.to_province.posted_on = 有";
    let received = "report.to_province.received_on = ";
    for (edits, outcome, progress, says) in [
        // Posted between the issue of the report, 2024-03-01, and the closing of the case; due on 2024-03-08.
        (
            vec![],
            Undetermined,
            Progress::DayUnknown,
            "办理日期不明（2024-03-01至2024-05-31之间）",
        ),
        (
            vec![format!("{received}2024-03-08")],
            Satisfied,
            Progress::Done,
            "办理日期不明（2024-03-01至2024-03-08之间），期限至2024-03-08，在期限内",
        ),
        (
            vec![format!("{received}2024-03-09")],
            Undetermined,
            Progress::DayUnknown,
            "是否在期限内未能确定",
        ),
        (
            vec!["case.closed_on = 2024-03-07".to_owned()],
            Satisfied,
            Progress::Done,
            "办理日期不明",
        ),
    ] {
        let mut all = vec![undated, "report.to_province.received_on -"];
        all.extend(edits.iter().map(String::as_str));
        let audit = Dossier::of(FAILING).edited(&all).audit(Some("2024-05-31"));
        let event = event(&audit, "report.failed.mail-to-province");
        let about = format!("{edits:?}");
        assert_eq!(event.outcome, outcome, "{about}");
        assert_eq!(event.progress, progress, "{about}");
        let found = audit
            .findings
            .iter()
            .find(|finding| finding.obligation.0 == "report.failed.mail-to-province");
        let found = found.expect("the finding");
        assert!(
            found.because.zh.contains(says),
            "{about}: {}",
            found.because.zh
        );
        if outcome == Undetermined {
            let missing: Vec<&str> = found.missing.iter().map(|one| one.fact.as_str()).collect();
            assert_eq!(missing, ["report.to_province.posted_on"], "{about}");
        }
        assert_ne!(outcome, Violated);
    }
}

#[test]
fn a_time_that_runs_from_an_unknown_day_is_decided_where_every_possible_day_comes_to_the_same() {
    for (finished, posted, outcome) in [
        // The report was issued between the end of testing and its posting.
        ("2024-03-01", "2024-03-08", Outcome::Satisfied),
        ("2024-02-01", "2024-03-08", Outcome::Undetermined),
    ] {
        let (finished, posted) = (
            format!("testing.finished_on = {finished}"),
            format!("report.to_province.posted_on = {posted}"),
        );
        let audit = Dossier::of(FAILING)
            .edited(&["report.issued_on = 有", &finished, &posted])
            .audit(Some("2024-05-31"));
        let found = audit
            .findings
            .iter()
            .find(|finding| finding.obligation.0 == "report.failed.mail-to-province");
        let found = found.expect("the finding");
        assert_eq!(found.outcome, outcome, "{}", found.because.zh);
        assert!(
            found.because.zh.contains("日期不明"),
            "{}",
            found.because.zh
        );
    }
}

#[test]
fn an_act_within_the_broad_reading_is_not_called_late() {
    // The last day is a Saturday: strictly one day late, broadly in time.
    let audit = Dossier::of(FAILING)
        .edited(&[
            "report.issued_on = 2024-03-02",
            "report.to_province.posted_on = 2024-03-11",
        ])
        .audit(None);
    assert_eq!(
        event(&audit, "report.failed.mail-to-province").progress,
        Progress::ReadingsDiffer
    );
}

#[test]
fn an_act_before_its_window_is_not_called_done() {
    let window = "order-18.recheck.second-after-60-before-90-days";
    for (second, progress) in [
        ("2024-10-21", Progress::TooEarly),
        ("2024-11-08", Progress::TooEarly),
        ("2024-11-09", Progress::ReadingsDiffer), // the sixtieth day is for a person to judge
        ("2024-11-10", Progress::Done),
        ("2024-12-09", Progress::ReadingsDiffer),
        ("2024-12-10", Progress::Late),
    ] {
        let audit = Dossier::of("everything-wrong")
            .edited(&[
                "recheck.announced_on = 2024-09-10",
                &format!("recheck.second_on = {second}"),
            ])
            .audit(None);
        assert_eq!(event(&audit, window).progress, progress, "{second}");
    }
}

#[test]
fn events_stand_in_the_order_of_their_due_dates_whatever_the_case() {
    let mut seen = 0;
    for (name, record) in dossiers() {
        let audit = world().audit(&record, None, false);
        assert!(
            audit.timeline.is_sorted_by_key(|event| event.due.on),
            "{name}"
        );
        seen += audit.timeline.len();
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn every_due_date_of_a_case_is_on_the_timeline_once_and_nothing_else_is() {
    for (name, record) in dossiers() {
        let audit = world().audit(&record, None, true);
        let mut due: Vec<String> = Vec::new();
        for finding in &audit.findings {
            if finding.outcome == Outcome::NotApplicable && !finding.lapsed {
                continue;
            }
            if finding.parts.is_empty() {
                due.extend(
                    finding
                        .due
                        .iter()
                        .map(|due| format!("{} {}", finding.obligation, due.on)),
                );
            }
            for part in finding
                .parts
                .iter()
                .filter(|part| part.outcome != Outcome::NotApplicable)
            {
                due.extend(
                    part.due
                        .iter()
                        .map(|due| format!("{} {}", finding.obligation, due.on)),
                );
            }
        }
        let mut shown: Vec<String> = audit
            .timeline
            .iter()
            .map(|event| format!("{} {}", event.obligation, event.due.on))
            .collect();
        due.sort();
        shown.sort();
        assert_eq!(due, shown, "{name}");
    }
}

#[test]
fn an_event_of_a_part_names_the_obligation_and_the_part() {
    let audit = Dossier::of(FAILING).audit(None);
    let event = event(&audit, "report.producer-told");
    let finding = support::finding(&audit, "report.producer-told");
    let part = finding
        .parts
        .iter()
        .find(|part| part.due.is_some())
        .expect("a part with a due date");
    assert!(
        event.title.zh.starts_with(&finding.title.zh) && event.title.zh.ends_with(&part.title.zh)
    );
    assert!(
        event.title.en.starts_with(&finding.title.en) && event.title.en.ends_with(&part.title.en)
    );
}

#[test]
fn as_the_days_pass_nothing_that_was_overdue_is_due_again() {
    let dossier = Dossier::of("mailing-date-missing");
    let rank = |progress| match progress {
        Progress::DueNext => 0,
        Progress::Unproven | Progress::Overdue => 1,
        _ => 2,
    };
    let mut before: Vec<(String, i32)> = Vec::new();
    for as_of in [
        "2024-01-10",
        "2024-03-01",
        "2024-03-08",
        "2024-03-09",
        "2024-04-05",
        "2024-04-06",
        "2024-04-08",
        "2024-05-31",
    ] {
        let audit = dossier.audit(Some(as_of));
        let mut now: Vec<(String, i32)> = audit
            .timeline
            .iter()
            .map(|event| (event.obligation.0.clone(), rank(event.progress)))
            .collect();
        now.sort();
        for (id, was) in &before {
            let is = now
                .iter()
                .find(|(other, _)| other == id)
                .map(|(_, rank)| rank);
            assert!(is.is_some_and(|is| is >= was), "{id} as of {as_of}");
        }
        before = now;
    }
}

/// The 60 days of Chongqing's form run from the order or from its service.
#[test]
fn an_act_is_never_said_to_be_in_time_while_the_day_its_time_runs_from_is_open() {
    use Progress::{Done, Late, ReadingsDiffer, StartUnknown};
    let id = "respondent.rectifies-within-60-days";
    for (rectified, served, progress) in [
        ("2021-12-20", "2021-10-27", Done),
        ("2021-12-25", "2021-10-27", ReadingsDiffer),
        ("2022-01-20", "2021-10-27", Late),
        ("2021-12-25", "", StartUnknown),
        // In time by the earlier day is in time by any later one.
        ("2021-12-20", "", Done),
    ] {
        let served = match served {
            "" => "follow_up.order_served_on -".to_owned(),
            day => format!("follow_up.order_served_on = {day}"),
        };
        let dossier = Dossier::at("fixtures/chongqing-2021-follow-up", "follow-up-late").edited(&[
            "complete -",
            &format!("follow_up.rectified_on = {rectified}"),
            &served,
        ]);
        let audit = world_of("chongqing/2021-follow-up").audit(&dossier.record(), None, true);
        assert_eq!(event(&audit, id).progress, progress, "{rectified} {served}");
    }
}

#[test]
fn a_day_without_a_number_in_the_norm_reminds_and_is_never_missed() {
    let mut seen = 0;
    for (name, record) in dossiers() {
        let audit = world().audit(&record, None, true);
        for event in audit.timeline.iter().filter(|event| event.due.is_reminder) {
            seen += 1;
            assert_eq!(event.due.late_days, 0, "{name} {}", event.obligation);
            assert_ne!(
                event.progress,
                Progress::Late,
                "{name} {}",
                event.obligation
            );
        }
    }
    assert!(seen > 10, "{seen}");
}
