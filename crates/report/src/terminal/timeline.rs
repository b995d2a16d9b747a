//! What was due when, what is next, what is overdue. Reminders, for duties without a number of days, stand apart from
//! legal deadlines.

use super::super::sheet::Sheet;
use super::finding::late;
use choucha_core::audit::{CaseAudit, Event, Outcome, Progress};
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::{self, Tone};

/// The due dates of the case, one per line, then the reminders.
pub(super) fn timeline(sheet: &mut Sheet, audit: &CaseAudit) {
    let (reminders, deadlines): (Vec<&Event>, Vec<&Event>) = audit
        .timeline
        .iter()
        .partition(|event| event.due.is_reminder);
    if !deadlines.is_empty() {
        let title = sheet.pick("【期限一览】", "DUE DATES");
        sheet.heading(Tone::Strong, title);
        events(sheet, &deadlines);
    }
    if !reminders.is_empty() {
        let title = sheet.pick("【提示日】", "REMINDERS");
        sheet.heading(Tone::Strong, title);
        let text = sheet.pick(
            "规范要求“及时”“尽快”而未定天数：提示日不是法定期限，超过的由人工判断是否及时",
            "the norms say “promptly” and give no number of days: these are no legal deadlines; past them a person judges",
        );
        sheet.faint(0, text);
        events(sheet, &reminders);
    }
}

fn events(sheet: &mut Sheet, events: &[&Event]) {
    let lang = sheet.lang();
    let column = events
        .iter()
        .map(|event| layout::width(standing(event).get(lang)))
        .max()
        .unwrap_or(0);
    for event in events {
        let progress = layout::pad(standing(event).get(lang), column);
        let first = format!("{}  {progress}  ", event.due.on);
        sheet.hang(0, tone(event), &first, &line(event, lang));
    }
}

/// `不合格检验报告寄送省局，另一读法为2024-03-11（2024-03-12办理，逾期1日）`.
fn line(event: &Event, lang: Lang) -> String {
    let due = &event.due;
    let mut text = event.title.get(lang).to_owned();
    let mut add = |more: Text| text.push_str(more.get(lang));
    if let Some(on) = due.otherwise.filter(|_| hangs_on_reading(event.progress)) {
        add(choucha_core::text!(
            "，另一读法为{on}",
            ", by the other reading {on}"
        ));
    }
    if let Some(other) = &due.other {
        let (on, reading) = (other.due.on, &other.reading);
        add(choucha_core::text!("，{}为{on}", ", {}: {on}"; reading));
    }
    let mut remarks = Vec::new();
    if let Some(act) = due.act {
        remarks.push(
            choucha_core::text!("{act}办理", "done {act}")
                .get(lang)
                .to_owned(),
        );
    }
    if due.late_days > 0 {
        remarks.push(late(due, lang));
    }
    if let Some(open) = open(event) {
        remarks.push(open.get(lang).to_owned());
    }
    if !remarks.is_empty() {
        let remarks = remarks.join(lang.pick("，", ", "));
        add(choucha_core::text!("（{remarks}）", " ({remarks})"));
    }
    text
}

/// Whether the reader needs the other reading's day to understand the status.
fn hangs_on_reading(progress: Progress) -> bool {
    matches!(progress, Progress::ReadingsDiffer | Progress::Late)
}

/// What remains open where the time was missed without a violation.
fn open(event: &Event) -> Option<Text> {
    if !event.progress.is_missed() {
        return None;
    }
    match event.outcome {
        Outcome::Undetermined => Some(Text::new(
            "是否构成违规待补证",
            "whether that is a breach is not proven",
        )),
        Outcome::Review => Some(Text::new(
            "是否构成违规由人工判断",
            "whether that is a breach is for a person to judge",
        )),
        Outcome::Waived => Some(Text::new("已豁免", "waived")),
        Outcome::NotApplicable => Some(Text::new("权利丧失", "the right has lapsed")),
        _ => None,
    }
}

/// The status of an act with respect to its day, in a word.
fn standing(event: &Event) -> Text {
    match (event.due.is_reminder, event.progress) {
        (true, Progress::Done) => Text::new("已办理", "done"),
        (true, Progress::DueNext) => Text::new("未到提示日", "ahead"),
        (true, Progress::Overdue) => Text::new("未办理", "not done"),
        (true, Progress::Unproven) => Text::new("待补证", "not proven"),
        (_, progress) => word(progress),
    }
}

/// The status of an act with respect to its due date, in a word.
pub(super) fn word(progress: Progress) -> Text {
    match progress {
        Progress::Done => Text::new("按期办理", "in time"),
        Progress::Late => Text::new("逾期办理", "late"),
        Progress::TooEarly => Text::new("过早办理", "too early"),
        Progress::ReadingsDiffer => Text::new("读法不一", "readings differ"),
        Progress::Open => Text::new("待判断", "to judge"),
        Progress::DayUnknown => Text::new("办理日期不明", "day not recorded"),
        Progress::StartUnknown => Text::new("起算待证", "start not proven"),
        Progress::DueNext => Text::new("未到期", "due next"),
        Progress::Overdue => Text::new("逾期未办", "overdue"),
        Progress::Unproven => Text::new("到期待证", "not proven"),
        Progress::Excused => Text::new("依例外免除", "excused"),
    }
}

fn tone(event: &Event) -> Tone {
    match event.progress {
        Progress::Done => Tone::Good,
        missed if missed.is_missed() => match event.outcome {
            Outcome::Violated => Tone::Bad,
            _ => Tone::Warn,
        },
        Progress::DueNext | Progress::Excused => Tone::Note,
        _ => Tone::Warn,
    }
}
