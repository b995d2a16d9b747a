//! One finding.

use super::super::sheet::Sheet;
use super::super::snippet;
use super::{mark, root_cause, title_of, tone};
use choucha_core::audit::{
    CaseAudit, Due, Evidence, Finding, Missing, Outcome, PartFinding, Waiver,
};
use choucha_core::expr::{Trace, TraceValue};
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::Tone;
use choucha_core::obligation::Citation;
use choucha_core::source::Origin;
use choucha_core::truth::Truth;
use choucha_core::value::Day;

/// How many places of the record, and lines of a count, a finding shows, unless it is explained.
const SHOWN: usize = 12;

/// One line, for a finding without a problem.
pub(super) fn brief(sheet: &mut Sheet, finding: &Finding, indent: usize) {
    let lang = sheet.lang();
    let first = format!("{} ", mark(finding.outcome));
    let title = finding.title.get(lang);
    let because = finding.because.get(lang);
    let text = match because {
        "" => title.to_owned(),
        _ => format!("{title}{}{because}", lang.pick("：", ": ")),
    };
    sheet.hang(indent, tone(finding.outcome), &first, &text);
}

/// Everything a reader needs to check the finding.
pub(super) fn full(
    sheet: &mut Sheet,
    finding: &Finding,
    audit: &CaseAudit,
    indent: usize,
    explain: bool,
) {
    let lang = sheet.lang();
    head(sheet, finding, indent);
    let inner = indent + 2;
    // If the parts decide the outcome, their lines say why.
    let by_parts = finding.parts.iter().map(|part| part.outcome).min() == Some(finding.outcome)
        && shown_parts(finding, explain).next().is_some();
    if !finding.because.is_empty() && !by_parts {
        sheet.para(inner, finding.because.get(lang));
    }
    for part in shown_parts(finding, explain) {
        part_line(sheet, part, finding.outcome, inner, explain);
    }
    evidence(sheet, finding, inner, explain);
    // A due date that a part shows is not repeated.
    let said = |due: &Due| shown_parts(finding, explain).any(|part| part.due.as_ref() == Some(due));
    if let Some(due) = finding.due.as_ref().filter(|due| !said(due)) {
        due_lines(sheet, due, inner, explain);
    }
    missing(sheet, finding, inner);
    for reading in &finding.readings {
        sheet.field(inner, lang.pick("判断", "judge"), reading.get(lang));
    }
    for citation in &finding.citations {
        cite(sheet, citation, inner);
    }
    responsible(sheet, finding, inner);
    if let Some(id) = &finding.relieved_by {
        let text = format!("{} ({id})", title_of(audit, id, lang));
        sheet.field(inner, lang.pick("免除", "relieved by"), &text);
    }
    if let Some(cause) = &finding.root_cause
        && indent == 0
    {
        let text = root_cause(audit, cause, lang);
        sheet.field(inner, lang.pick("起因", "root cause"), &text);
    }
    if let Some(covers) = &finding.waiver {
        sheet.field(inner, lang.pick("豁免", "waiver"), &waiver(covers, lang));
    }
    if !finding.note.is_empty() {
        sheet.field(inner, lang.pick("说明", "note"), finding.note.get(lang));
    }
    let mut place = vec![finding.obligation.to_string()];
    if explain {
        place.push(finding.declared.to_string());
    }
    for line in choucha_core::layout::flow(&place, " · ", sheet.style.width - inner) {
        sheet.faint(inner, &line);
    }
    if explain && !finding.traces.is_empty() {
        sheet.field(inner, lang.pick("推导", "reasoning"), "");
        for trace in &finding.traces {
            tree(sheet, trace, inner + 2, 0);
        }
    }
}

/// `✗ 违规〔较重〕标题`.
fn head(sheet: &mut Sheet, finding: &Finding, indent: usize) {
    let lang = sheet.lang();
    let outcome = finding.outcome.label();
    let severity = finding.severity.label();
    let first = format!(
        "{} {}",
        mark(finding.outcome),
        match lang {
            Lang::Zh => format!("{}〔{}〕", outcome.zh, severity.zh),
            Lang::En => format!("{} [{}] ", outcome.en, severity.en),
        }
    );
    let text = format!("{first}{}", finding.title.get(lang));
    let room = sheet.style.width.saturating_sub(indent + 2);
    for (at, line) in choucha_core::layout::wrap(&text, room).iter().enumerate() {
        if at == 0 {
            let painted = sheet
                .paint
                .prefix(tone(finding.outcome), first.trim_end(), line);
            sheet.line(indent, &painted);
        } else {
            sheet.line(indent + 2, line);
        }
    }
}

/// The role that owes the duty, and those the record names for it.
fn responsible(sheet: &mut Sheet, finding: &Finding, indent: usize) {
    let lang = sheet.lang();
    let names: Vec<String> = finding
        .responsible
        .iter()
        .map(ToString::to_string)
        .collect();
    let bearer = finding.bearer_label.get(lang);
    let text = match (names.is_empty(), lang) {
        (true, _) => bearer.to_owned(),
        (false, Lang::Zh) => format!("{bearer} {}", names.join("、")),
        (false, Lang::En) => format!("{bearer}: {}", names.join(", ")),
    };
    sheet.field(indent, lang.pick("责任", "owed by"), &text);
}

/// The parts worth showing: if some failed, those that did not hold.
fn shown_parts(finding: &Finding, explain: bool) -> impl Iterator<Item = &PartFinding> {
    let all = explain || matches!(finding.outcome, Outcome::Satisfied | Outcome::NotApplicable);
    finding.parts.iter().filter(move |part| {
        all || !matches!(part.outcome, Outcome::Satisfied | Outcome::NotApplicable)
    })
}

/// A part of a finding with the outcome `whole`.
fn part_line(sheet: &mut Sheet, part: &PartFinding, whole: Outcome, indent: usize, explain: bool) {
    let lang = sheet.lang();
    let first = format!("{} ", mark(part.outcome));
    let title = part.title.get(lang);
    // The whole finding says whether an unmet part is a breach: a person may still have to judge it.
    let is_open = part.outcome == Outcome::Violated && whole != Outcome::Violated;
    let (label, tone) = match is_open {
        true => (Text::new("不符合", "not met"), tone(whole)),
        false => (part.outcome.label(), tone(part.outcome)),
    };
    let because = part.because.get(lang);
    let text = match (lang, because) {
        (_, "") => format!("{title}{}{}", lang.pick("：", ": "), label.get(lang)),
        (Lang::Zh, _) => format!("{title}：{}，{because}", label.zh),
        (Lang::En, _) => format!("{title}: {}; {because}", label.en),
    };
    sheet.hang(indent, tone, &first, &text);
    if let Some(due) = &part.due {
        due_lines(sheet, due, indent + 2, explain);
    }
    if explain && let Some(trace) = &part.trace {
        tree(sheet, trace, indent + 2, 0);
    }
}

/// The record's own lines, then the facts that no line shows.
fn evidence(sheet: &mut Sheet, finding: &Finding, indent: usize, explain: bool) {
    let lang = sheet.lang();
    let (written, unwritten): (Vec<&Evidence>, Vec<&Evidence>) = finding
        .evidence
        .iter()
        .partition(|item| item.origin.span().is_some());
    let shown = if explain { written.len() } else { SHOWN };
    let first: Vec<&Evidence> = written.iter().take(shown).copied().collect();
    let lines = snippet::of_evidence(&first, tone(finding.outcome), sheet.inner(indent));
    sheet.lines(indent, &lines);
    if written.len() > shown {
        let n = written.len() - shown;
        let text = choucha_core::text!(
            "（另有{n}处，见 --explain）",
            "({n} more places; see --explain)"
        );
        sheet.faint(indent, text.get(lang));
    }
    // Missing facts have a line of their own.
    let facts: Vec<String> = unwritten
        .iter()
        .filter(|item| !finding.missing.iter().any(|gap| gap.fact == item.fact))
        .map(|item| {
            let (title, shown) = (item.title.get(lang), item.shown.get(lang));
            let from = match &item.origin {
                Origin::Assumed => Text::new("本次审查的假设", "assumed for this audit"),
                Origin::Complete => Text::new("案卷完整而未记载", "complete dossier, not recorded"),
                Origin::Inferred { from, .. } => {
                    choucha_core::text!("由 {from} 认定", "settled by {from}")
                }
                Origin::Absent | Origin::Text(_) => {
                    return title.to_owned() + lang.pick("：", ": ") + shown;
                }
            };
            match lang {
                Lang::Zh => format!("{title}：{shown}（{}）", from.zh),
                Lang::En => format!("{title}: {shown} ({})", from.en),
            }
        })
        .collect();
    if !facts.is_empty() {
        let text = facts.join(lang.pick("；", "; "));
        sheet.field(indent, lang.pick("事实", "facts"), &text);
    }
}

/// The due date, the act and the count.
fn due_lines(sheet: &mut Sheet, due: &Due, indent: usize, explain: bool) {
    let lang = sheet.lang();
    let name = match due.is_reminder {
        true => lang.pick("提示日", "reminder"),
        false => lang.pick("期限", "due"),
    };
    sheet.field(indent, name, &due_text(due, lang));
    count(sheet, due, indent, name, explain);
    if let Some(other) = &due.other {
        let reading = other.reading.get(lang);
        let text = due_text(&other.due, lang);
        let text = match lang {
            Lang::Zh => format!("{reading}：{text}"),
            Lang::En => format!("{reading}: {text}"),
        };
        sheet.field(indent, lang.pick("或者", "or due"), &text);
        count(sheet, &other.due, indent, name, explain);
    }
}

/// The count, as far as it is shown.
fn count(sheet: &mut Sheet, due: &Due, indent: usize, name: &str, explain: bool) {
    let shown = if explain { due.count.len() } else { SHOWN };
    for line in due.count.iter().take(shown) {
        sheet.more(indent, name, line.get(sheet.lang()));
    }
    if due.count.len() > shown {
        let rest = sheet.pick("（其余见 --explain）", "(the rest: --explain)");
        sheet.more(indent, name, rest);
    }
}

/// The due date and the act in one line.
pub(super) fn due_text(due: &Due, lang: Lang) -> String {
    let mut parts = vec![due.on.to_string()];
    if let Some(earliest) = due.earliest {
        let last = due.on;
        let text = if earliest > last {
            choucha_core::text!(
                "{earliest}起（期间至{last}届满）",
                "from {earliest} on (the period ends on {last})"
            )
        } else {
            window(earliest, last)
        };
        parts = vec![text.get(lang).to_owned()];
    }
    if let Some(from) = due.from {
        parts.push(
            choucha_core::text!("起算日{from}", "counted from {from}")
                .get(lang)
                .to_owned(),
        );
    }
    if !due.rule.is_empty() {
        parts.push(due.rule.get(lang).to_owned());
    }
    if let Some(other) = due.otherwise {
        parts.push(
            choucha_core::text!("另一读法为{other}", "{other} under the other reading")
                .get(lang)
                .to_owned(),
        );
    }
    let mut text = parts.join(lang.pick("，", ", "));
    if let Some(act) = due.act {
        text.push_str(choucha_core::text!("；实际{act}", "; done {act}").get(lang));
        if due.late_days > 0 {
            text.push_str(lang.pick("，", ", "));
            text.push_str(&late(due, lang));
        }
    }
    text
}

/// The window of days for an act: one day if the first is the last.
fn window(first: Day, last: Day) -> Text {
    if first == last {
        return Text::same(last.to_string());
    }
    choucha_core::text!("{first}至{last}", "{first} to {last}")
}

/// `逾期4日`.
pub(super) fn late(due: &Due, lang: Lang) -> String {
    let n = due.late_days;
    match (lang, due.in_workdays, n) {
        (Lang::Zh, false, _) => format!("逾期{n}日"),
        (Lang::Zh, true, _) => format!("逾期{n}个工作日"),
        (Lang::En, false, 1) => "1 day late".to_owned(),
        (Lang::En, false, _) => format!("{n} days late"),
        (Lang::En, true, 1) => "1 working day late".to_owned(),
        (Lang::En, true, _) => format!("{n} working days late"),
    }
}

/// The facts that would decide the finding and their papers, unless the sentence names them.
fn missing(sheet: &mut Sheet, finding: &Finding, indent: usize) {
    let lang = sheet.lang();
    let gaps: Vec<&Missing> = finding.missing.iter().collect();
    let because = finding.because.get(lang);
    let is_said = |gap: &&Missing| {
        let form = gap.form.as_ref().map_or("", |form| form.get(lang));
        because.contains(gap.title.get(lang)) && because.contains(form)
    };
    if !gaps.is_empty() && (!finding.parts.is_empty() || !gaps.iter().all(is_said)) {
        let name = lang.pick("缺少", "missing");
        sheet.field(indent, name, &gaps_text(&gaps, lang));
    }
}

/// Missing facts, grouped by paper: `检验报告·结论明确、检验报告·签字（见检验报告）；…`.
pub(crate) fn gaps_text(gaps: &[&Missing], lang: Lang) -> String {
    let mut papers: Vec<(Option<&Text>, Vec<&str>)> = Vec::new();
    for gap in gaps {
        let form = gap.form.as_ref();
        let title = gap.title.get(lang);
        match papers.iter_mut().find(|(other, _)| *other == form) {
            // Rows of a list, and the same fact in several cases, share one title.
            Some((_, titles)) if titles.contains(&title) => {}
            Some((_, titles)) => titles.push(title),
            None => papers.push((form, vec![title])),
        }
    }
    let named: Vec<String> = papers
        .iter()
        .map(|(form, titles)| {
            let titles = titles.join(lang.pick("、", ", "));
            match (form, lang) {
                (Some(form), Lang::Zh) => format!("{titles}（见{}）", form.zh),
                (Some(form), Lang::En) => format!("{titles} (see {})", form.en),
                (None, _) => titles,
            }
        })
        .collect();
    named.join(lang.pick("；", "; "))
}

/// The instrument, the section and the words.
fn cite(sheet: &mut Sheet, citation: &Citation, indent: usize) {
    let lang = sheet.lang();
    let name = lang.pick("依据", "clause");
    let section = citation.section_shown();
    let text = format!("{} {}", citation.instrument, section.get(sheet.lang()));
    sheet.field(indent, name, &text);
    sheet.more(indent, name, &format!("“{}”", citation.quote));
}

/// A waiver in a sentence.
pub(crate) fn waiver(waiver: &Waiver, lang: Lang) -> String {
    let said = |text: &str, none: Text| match text {
        "" => none.get(lang).to_owned(),
        text => text.to_owned(),
    };
    let approver = said(&waiver.approver, Text::new("（未写明）", "(nobody named)"));
    let reason = said(&waiver.reason, Text::new("（未写明）", "(no reason given)"));
    let text = choucha_core::text!(
        "批准人{approver}，理由：{reason}",
        "approved by {approver}: {reason}"
    );
    let valid = match (waiver.from, waiver.until) {
        (None, None) => Text::default(),
        (Some(from), None) => choucha_core::text!("，自{from}起有效", " (from {from})"),
        (None, Some(until)) => choucha_core::text!("，有效期至{until}", " (until {until})"),
        (Some(from), Some(until)) => {
            choucha_core::text!("，有效期{from}至{until}", " (from {from} to {until})")
        }
    };
    text.get(lang).to_owned() + valid.get(lang)
}

/// An explanation, one line per node.
fn tree(sheet: &mut Sheet, trace: &Trace, indent: usize, depth: usize) {
    // The width of the terminal limits the depth; the JSON has every level.
    const DEEPEST: usize = 12;
    let lang = sheet.lang();
    let (sign, tone, value) = match &trace.value {
        TraceValue::Truth(Truth::True) => ("✓ ", Tone::Good, None),
        TraceValue::Truth(Truth::False) => ("✗ ", Tone::Bad, None),
        TraceValue::Truth(Truth::Unknown) => ("? ", Tone::Warn, None),
        TraceValue::Value(text) => ("· ", Tone::Faint, Some(text.get(lang))),
    };
    let text = match value {
        Some(value) => format!("{} = {value}", trace.text.get(lang)),
        None => trace.text.get(lang).to_owned(),
    };
    sheet.hang(indent + depth * 2, tone, sign, &text);
    if depth == DEEPEST && !trace.children.is_empty() {
        sheet.line(indent + depth * 2 + 2, choucha_core::layout::ELLIPSIS);
        return;
    }
    for child in &trace.children {
        tree(sheet, child, indent, depth + 1);
    }
}
