//! The obligations of a rule set in a table, under the sections of their instruments.

use super::super::sheet::Sheet;
use super::Duty;
use choucha_core::diagnostic::Style;
use choucha_core::layout::{self, Tone};
use choucha_core::obligation::{RuleSet, Severity};

/// The widest column of ids; a longer id gets its own line.
const ID: usize = 36;

/// The given rule sets, with their obligations under the sections they rest on.
#[must_use]
pub fn render_list(sets: &[(&RuleSet, Vec<Duty>)], style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    for (set, duties) in sets {
        let title = set.title.get(lang);
        let id = &set.id;
        let text = choucha_core::text!("{title}（{id}）", "{title} ({id})");
        sheet.heading(Tone::Strong, text.get(lang));
        let name = lang.pick("依据", "instrument");
        sheet.field(0, name, &set.instrument);
        if !set.includes.is_empty() {
            let included: Vec<String> = set.includes.iter().map(ToString::to_string).collect();
            let text = included.join(lang.pick("、", ", "));
            sheet.field(0, lang.pick("并用", "includes"), &text);
        }
        if set.from.is_some() || set.until.is_some() {
            let day = |day: Option<choucha_core::value::Day>| {
                day.map_or_else(|| layout::ELLIPSIS.to_owned(), |day| day.to_string())
            };
            let (from, until) = (day(set.from), day(set.until));
            let text = choucha_core::text!("{from}至{until}", "{from} to {until}");
            sheet.field(0, lang.pick("施行", "in force"), text.get(lang));
        }
        sections(&mut sheet, duties);
        let n = duties.len();
        let text = choucha_core::text!("共{n}项义务", "{n} obligations");
        sheet.blank();
        sheet.para(0, text.get(lang));
    }
    sheet.finish()
}

/// The obligations in order, with a heading where the section changes.
fn sections(sheet: &mut Sheet, duties: &[Duty]) {
    let id = duties
        .iter()
        .map(|duty| layout::width(&duty.id.0))
        .max()
        .unwrap_or(0)
        .min(ID)
        .min(sheet.style.width / 2);
    let mut section: Option<String> = None;
    for duty in duties {
        let here = duty
            .citations
            .first()
            .map(|citation| format!("{} {}", citation.instrument, citation.section));
        if here.is_some() && here != section {
            sheet.heading(Tone::Note, here.as_deref().unwrap_or_default());
            section = here;
        }
        row(sheet, duty, id);
    }
}

/// `严重  id  title（bearer）`.
fn row(sheet: &mut Sheet, duty: &Duty, id: usize) {
    let lang = sheet.lang();
    let column = Severity::ALL
        .map(|severity| layout::width(severity.label().get(lang)))
        .into_iter()
        .max()
        .unwrap_or(0);
    let severity = layout::pad(duty.severity.label().get(lang), column);
    let (title, bearer) = (duty.title.get(lang), duty.bearer_label.get(lang));
    let text = choucha_core::text!("{title}（{bearer}）", "{title} ({bearer})");
    let text = text.get(lang);
    let fits = layout::width(&duty.id.0) <= id;
    let indent = layout::width(&severity) + 2;
    if fits {
        let first = format!("{severity}  {}  ", layout::pad(&duty.id.0, id));
        sheet.hang(0, Tone::Faint, &first, text);
    } else {
        sheet.hang(0, Tone::Faint, &format!("{severity}  "), &duty.id.0);
        sheet.para(indent + id + 2, text);
    }
}
