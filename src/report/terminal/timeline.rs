//! What was due when, what is next, what is overdue.

use super::super::sheet::Sheet;
use super::finding::late;
use crate::audit::{CaseAudit, Progress};
use crate::lang::{Lang, Text};
use crate::layout::{self, Tone};

/// The due dates of the case, a line each.
pub(super) fn timeline(sheet: &mut Sheet, audit: &CaseAudit) {
    if audit.timeline.is_empty() {
        return;
    }
    let lang = sheet.lang();
    sheet.heading(Tone::Strong, lang.pick("【期限一览】", "DUE DATES"));
    let words = [
        Progress::Done,
        Progress::Late,
        Progress::TooEarly,
        Progress::Open,
        Progress::DueNext,
        Progress::Overdue,
        Progress::Unproven,
    ]
    .map(|progress| layout::width(word(progress).get(lang)));
    let column = words.into_iter().max().unwrap_or(0);
    for event in &audit.timeline {
        let progress = layout::pad(word(event.progress).get(lang), column);
        let first = format!("{}  {progress}  ", event.due.on);
        let mut text = event.title.get(lang).to_owned();
        if let Some(other) = &event.due.other {
            let (on, reading) = (other.due.on, &other.reading);
            let text_of_other = crate::text!("，{}为{on}", ", {}: {on}"; reading);
            text.push_str(text_of_other.get(lang));
        }
        if let Some(act) = event.due.act {
            let act = match event.due.late_days {
                0 => act.to_string(),
                _ => format!("{act}{}{}", lang.pick("，", ", "), late(&event.due, lang)),
            };
            text.push_str(&match lang {
                Lang::Zh => format!("（{act}）"),
                Lang::En => format!(" ({act})"),
            });
        }
        sheet.hang(0, tone(event.progress), &first, &text);
    }
}

/// How far an act has come, in a word.
pub(super) fn word(progress: Progress) -> Text {
    match progress {
        Progress::Done => Text::new("按期办理", "done"),
        Progress::Late => Text::new("逾期办理", "late"),
        Progress::TooEarly => Text::new("过早办理", "too early"),
        Progress::Open => Text::new("待判断", "to judge"),
        Progress::DueNext => Text::new("未到期", "due next"),
        Progress::Overdue => Text::new("逾期未办", "overdue"),
        Progress::Unproven => Text::new("到期待证", "not proven"),
    }
}

fn tone(progress: Progress) -> Tone {
    match progress {
        Progress::Done => Tone::Good,
        Progress::Late | Progress::TooEarly | Progress::Overdue => Tone::Bad,
        Progress::DueNext => Tone::Note,
        Progress::Open | Progress::Unproven => Tone::Warn,
    }
}
