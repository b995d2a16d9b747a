//! The changes from one rule set to another, on the terminal and as Markdown.

use super::effective::{difference, quote};
use super::sheet::Sheet;
use choucha_core::diagnostic::Style;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::{self, Tone};
use choucha_core::obligation::{Citation, Obligation};
use choucha_core::text;
use choucha_rules::diff::{Diff, DutyChange, Entry, Reach, Side};

fn name(side: &Side<'_>, lang: Lang) -> String {
    let Some(set) = side.layers.first() else {
        return String::new();
    };
    let (title, id) = (set.title.get(lang), &set.id);
    text!("{title}（{id}）", "{title} ({id})")
        .get(lang)
        .to_owned()
}

/// Which duties were compared, and the number of each kind of change.
fn summary(diff: &Diff<'_>, lang: Lang) -> (&'static str, String) {
    let reach = match (diff.reach, lang) {
        (Reach::Effective, Lang::Zh) => "有效的全部义务（含所包含的规则集）",
        (Reach::Effective, Lang::En) => {
            "all duties in force, those of included rule sets among them"
        }
        (Reach::Own, Lang::Zh) => "规则集自行规定的义务",
        (Reach::Own, Lang::En) => "the duties each rule set declares itself",
    };
    let counts: Vec<String> = DutyChange::ALL
        .iter()
        .map(|kind| {
            let (label, n) = (kind.label(), diff.count(*kind));
            text!("{}{n}项", "{} {n}"; label).get(lang).to_owned()
        })
        .collect();
    (reach, counts.join(lang.pick("，", ", ")))
}

/// The kinds that are listed, with their entries; unchanged duties are only counted.
fn listed<'d, 'a>(diff: &'d Diff<'a>) -> impl Iterator<Item = (DutyChange, Vec<&'d Entry<'a>>)> {
    DutyChange::ALL
        .into_iter()
        .filter(|kind| *kind != DutyChange::Same)
        .map(|kind| {
            let of = diff.entries.iter().filter(|entry| entry.kind == kind);
            (kind, of.collect::<Vec<_>>())
        })
        .filter(|(_, entries)| !entries.is_empty())
}

/// The citations of a duty that the other duty does not have.
fn citations<'a>(duty: &'a Obligation, other: Option<&Obligation>) -> Vec<&'a Citation> {
    let key = |cited: &Citation| {
        (
            cited.instrument.clone(),
            cited.section.clone(),
            cited.quote.clone(),
        )
    };
    let known: Vec<_> = other
        .into_iter()
        .flat_map(Obligation::all_citations)
        .map(key)
        .collect();
    let own: Vec<&Citation> = duty
        .all_citations()
        .filter(|cited| !known.contains(&key(cited)))
        .collect();
    if own.is_empty() {
        return duty.citations.iter().take(1).collect();
    }
    own
}

/// `甲 → 乙`, or the id common to both.
fn ids(entry: &Entry<'_>) -> String {
    match (entry.before, entry.after) {
        (Some(before), Some(after)) if before.id == after.id => after.id.to_string(),
        (Some(before), Some(after)) => format!("{} → {}", before.id, after.id),
        (Some(one), None) | (None, Some(one)) => one.id.to_string(),
        (None, None) => String::new(),
    }
}

fn title<'a>(entry: &Entry<'a>, lang: Lang) -> &'a str {
    let duty = entry.after.or(entry.before);
    duty.map_or("", |duty| duty.title.get(lang))
}

fn sides<'a>(entry: &Entry<'a>) -> [(Text, Option<&'a Obligation>, Option<&'a Obligation>); 2] {
    [
        (Text::new("原", "before"), entry.before, entry.after),
        (Text::new("新", "after"), entry.after, entry.before),
    ]
}

/// A diff for the terminal.
#[must_use]
pub fn render_diff(diff: &Diff<'_>, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    sheet.field(0, lang.pick("原", "before"), &name(&diff.before, lang));
    sheet.field(0, lang.pick("新", "after"), &name(&diff.after, lang));
    let (reach, counts) = summary(diff, lang);
    sheet.field(0, lang.pick("范围", "compared"), reach);
    sheet.field(0, lang.pick("合计", "in all"), &counts);
    for (kind, entries) in listed(diff) {
        let tone = match kind {
            DutyChange::Dropped | DutyChange::Relaxed => Tone::Bad,
            DutyChange::Tightened => Tone::Good,
            _ => Tone::Strong,
        };
        let (label, n) = (kind.label(), entries.len());
        let heading = text!("【{}】{n}项", "[{}] {n}"; label);
        sheet.heading(tone, heading.get(lang));
        for entry in entries {
            sheet.hang(
                0,
                tone,
                "- ",
                &format!("{}  {}", title(entry, lang), ids(entry)),
            );
            for change in &entry.changes {
                let (tone, text) =
                    difference(change, diff.before.vocabulary, diff.after.vocabulary);
                sheet.hang(2, tone, "± ", text.get(lang));
            }
            for (label, duty, other) in sides(entry) {
                let Some(duty) = duty else { continue };
                for cited in citations(duty, other) {
                    sheet.field(4, label.get(lang), &quote(cited));
                }
            }
        }
    }
    sheet.finish()
}

/// A diff as Markdown: a table of the counts, and a section for every kind with the clauses side by side.
#[must_use]
pub fn render_markdown(diff: &Diff<'_>, lang: Lang) -> String {
    let (before, after) = (name(&diff.before, lang), name(&diff.after, lang));
    let (reach, _) = summary(diff, lang);
    let mut out = format!(
        "# {} → {}\n\n{reach}\n\n",
        escaped(&before),
        escaped(&after)
    );
    let kinds: Vec<String> = DutyChange::ALL
        .iter()
        .map(|kind| kind.label().get(lang).to_owned())
        .collect();
    let counts: Vec<String> = DutyChange::ALL
        .iter()
        .map(|kind| diff.count(*kind).to_string())
        .collect();
    out.push_str(&format!(
        "| {} |\n|{}\n| {} |\n",
        kinds.join(" | "),
        "---:|".repeat(kinds.len()),
        counts.join(" | ")
    ));
    for (kind, entries) in listed(diff) {
        let (label, n) = (kind.label(), entries.len());
        let heading = text!("{}（{n}）", "{} ({n})"; label);
        out.push_str(&format!("\n## {}\n", heading.get(lang)));
        for entry in entries {
            out.push_str(&format!(
                "\n### {}\n\n`{}`\n",
                escaped(title(entry, lang)),
                ids(entry)
            ));
            if !entry.changes.is_empty() {
                out.push('\n');
            }
            for change in &entry.changes {
                let (_, text) = difference(change, diff.before.vocabulary, diff.after.vocabulary);
                let class = change.class.label();
                out.push_str(&format!(
                    "- **{}** {}\n",
                    class.get(lang),
                    escaped(text.get(lang))
                ));
            }
            let cells = sides(entry).map(|(_, duty, other)| {
                let all = duty.map(|duty| citations(duty, other)).unwrap_or_default();
                let all: Vec<String> = all
                    .into_iter()
                    .map(|cited| escaped(&quote(cited)))
                    .collect();
                all.join("<br>")
            });
            let (old, new) = (lang.pick("原", "before"), lang.pick("新", "after"));
            out.push_str(&format!(
                "\n| {old} | {new} |\n|---|---|\n| {} | {} |\n",
                cells[0], cells[1]
            ));
        }
    }
    out
}

/// Text escaped for Markdown, tables included.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            _ => match layout::stand_in(c) {
                Some(shown) => out.push_str(&shown),
                None => out.push(c),
            },
        }
    }
    out
}
