//! One obligation explained: its text and clause, its conditions, what satisfies and what violates it, the facts it reads.

use super::super::sheet::Sheet;
use super::{DeadlineWords, Demand, DemandWords, Duty, Named};
use crate::diagnostic::Style;
use crate::lang::{Lang, Text};
use crate::layout::{self, Tone};
use crate::obligation::Citation;
use crate::period::{self, Limit};

/// An obligation explained, ending in a line break.
#[must_use]
pub fn render_duty(duty: &Duty, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    sheet.heading(Tone::Strong, duty.title.get(lang));
    sheet.faint(0, &format!("{} · {}", duty.id, duty.ruleset));
    sheet.blank();
    for citation in &duty.citations {
        cite(&mut sheet, citation, 0);
    }
    let (bearer, by) = (duty.bearer_label.get(lang), joined(&duty.responsible, lang));
    let text = match by.as_str() {
        "" => Text::same(bearer),
        _ => crate::text!(
            "{bearer}（见案卷中的：{by}）",
            "{bearer} (named on record by: {by})"
        ),
    };
    sheet.field(0, lang.pick("责任", "owed by"), text.get(lang));
    let severity = duty.severity.label();
    sheet.field(0, lang.pick("轻重", "severity"), severity.get(lang));
    conditions(&mut sheet, duty);
    demands(&mut sheet, duty);
    outcomes(&mut sheet, duty);
    facts(&mut sheet, duty);
    around(&mut sheet, duty);
    if !duty.note.is_empty() {
        sheet.field(0, lang.pick("说明", "note"), duty.note.get(lang));
    }
    sheet.field(0, lang.pick("脚本", "script"), &duty.at.to_string());
    sheet.finish()
}

fn joined(texts: &[Text], lang: Lang) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.get(lang)).collect();
    texts.join(lang.pick("、", ", "))
}

fn cite(sheet: &mut Sheet, citation: &Citation, indent: usize) {
    let name = sheet.pick("依据", "clause");
    let text = format!("{} {}", citation.instrument, citation.section);
    sheet.field(indent, name, &text);
    sheet.more(indent, name, &format!("“{}”", citation.quote));
}

fn conditions(sheet: &mut Sheet, duty: &Duty) {
    let lang = sheet.lang();
    let always = Text::new("凡适用本规则集的案卷", "every case of the rule set");
    let mut texts: Vec<String> = duty
        .after
        .iter()
        .map(|node| {
            let title = node.title.get(lang);
            crate::text!("已到“{title}”", "“{title}” applies")
                .get(lang)
                .to_owned()
        })
        .collect();
    texts.extend(duty.when.as_ref().map(|when| when.get(lang).to_owned()));
    if let Some(base) = &duty.remedies {
        let title = base.title.get(lang);
        texts.push(
            crate::text!("“{title}”未做到", "“{title}” was breached")
                .get(lang)
                .to_owned(),
        );
    }
    if texts.is_empty() {
        texts.push(always.get(lang).to_owned());
    }
    sheet.field(
        0,
        lang.pick("适用", "applies when"),
        &texts.join(lang.pick("；且", "; and ")),
    );
}

fn demands(sheet: &mut Sheet, duty: &Duty) {
    let lang = sheet.lang();
    let name = lang.pick("要求", "demands");
    if let [demand @ Demand { part: None, .. }] = duty.demands.as_slice() {
        sheet.field(0, name, &words(demand, lang));
        return;
    }
    sheet.field(
        0,
        name,
        lang.pick("以下各项均须做到", "each of the following"),
    );
    for demand in &duty.demands {
        let title = demand
            .part
            .as_ref()
            .map_or("", |(_, title)| title.get(lang));
        let mut text = format!("{title}{}{}", lang.pick("：", ": "), words(demand, lang));
        if let Some(when) = &demand.when {
            let when = when.get(lang);
            text.push_str(crate::text!("（{when}时）", " (when {when})").get(lang));
        }
        sheet.hang(2, Tone::Strong, "- ", &text);
        if let Some(citation) = &demand.citation {
            cite(sheet, citation, 4);
        }
    }
}

fn words(demand: &Demand, lang: Lang) -> String {
    match &demand.words {
        DemandWords::Must(text) => text.get(lang).to_owned(),
        DemandWords::MustNot(text) => {
            let text = text.get(lang);
            crate::text!("不得有下列情形：{text}", "this must not be: {text}")
                .get(lang)
                .to_owned()
        }
        DemandWords::Deadline(deadline) => deadline_words(deadline, lang),
    }
}

/// `检验报告·寄出日期：自检验报告·出具日期起，…`.
fn deadline_words(deadline: &DeadlineWords, lang: Lang) -> String {
    let act = deadline.act.get(lang);
    let limit = period::rule(deadline.limit);
    let first = match (&deadline.since, lang) {
        (Some(since), Lang::Zh) => format!("{act}，以{}为起算日，{}", since.zh, limit.zh),
        (Some(since), Lang::En) => format!("{act}, from {}: {}", since.en, limit.en),
        (None, Lang::Zh) => format!("{act}，{}", limit.zh),
        (None, Lang::En) => format!("{act}, {}", limit.en),
    };
    match &deadline.or_since {
        None => first,
        Some((since, reading)) => {
            let other = crate::text!(
                "；或者以{}为起算日（{}），结论不同的由人判断",
                "; or from {} ({}): where the verdicts differ a person judges";
                since,
                reading
            );
            first + other.get(lang)
        }
    }
}

/// What makes each outcome, from the kinds of demand.
fn outcomes(sheet: &mut Sheet, duty: &Duty) {
    let lang = sheet.lang();
    let limits = || {
        duty.demands
            .iter()
            .filter_map(|demand| match &demand.words {
                DemandWords::Deadline(deadline) => Some(deadline.limit),
                _ => None,
            })
    };
    let waits = |limit: &Limit| matches!(limit, Limit::AfterEnd(_));
    let timed = limits().any(|limit| !waits(&limit));
    let waiting = limits().any(|limit| waits(&limit));
    let judged = duty.demands.iter().any(|demand| match &demand.words {
        DemandWords::Deadline(deadline) => {
            !matches!(deadline.limit, Limit::NextDay) && !deadline.limit.is_set_date()
        }
        _ => false,
    });
    let parts = duty.demands.len() > 1;
    let satisfied = match (timed, parts) {
        (false, false) => Text::new("案卷表明要求成立", "the record shows that the demand holds"),
        (false, true) => Text::new(
            "案卷表明各项要求均成立",
            "the record shows that every demand holds",
        ),
        (true, false) => Text::new(
            "在期限届满之日以前（含当日）办理",
            "done on or before the due date",
        ),
        (true, true) => Text::new(
            "各项均已做到，有期限的在届满之日以前（含当日）办理",
            "every demand holds, and what has a due date was done on or before it",
        ),
    };
    sheet.field(0, lang.pick("合规", "satisfied"), satisfied.get(lang));
    for exception in &duty.unless {
        let title = exception.title.get(lang);
        let text = crate::text!("有例外“{title}”", "or the exception “{title}” holds");
        sheet.more(0, lang.pick("合规", "satisfied"), text.get(lang));
    }
    if waiting {
        let text = Text::new(
            "须待期间届满的，届满之后办理",
            "what has to wait for the end of a period was done after it",
        );
        sheet.more(0, lang.pick("合规", "satisfied"), text.get(lang));
    }
    let violated = match timed {
        _ if duty.lapses => Text::new(
            "不计为违规：期限届满后才办理的，丧失权利（不适用）",
            "never: used after the due date, the right has lapsed (not applicable)",
        ),
        false if waiting => Text::new("期间届满之前办理", "done before the period had ended"),
        false => Text::new(
            "案卷表明要求不成立",
            "the record shows that the demand does not hold",
        ),
        true => Text::new(
            "期限届满后才办理；或者期限已过而案卷表明未办理",
            "done after the due date; or the due date has passed and the record shows it was not done",
        ),
    };
    sheet.field(0, lang.pick("违规", "violated"), violated.get(lang));
    if timed {
        let text = Text::new(
            "尚未办理，而审查截至之日未过期限",
            "not done, and the due date has not passed",
        );
        sheet.field(0, lang.pick("未到期", "pending"), text.get(lang));
    }
    let text = Text::new(
        "所需事实在案卷中没有记载",
        "a fact it needs is not recorded",
    );
    sheet.field(0, lang.pick("待补证", "undetermined"), text.get(lang));
    if judged {
        let text = Text::new(
            "两种读法下的到期日不同，且结论因此不同",
            "two lawful readings give different due dates and so different verdicts",
        );
        sheet.field(0, lang.pick("待人工判断", "review"), text.get(lang));
    }
    let follows = duty
        .demands
        .iter()
        .any(|demand| matches!(&demand.words, DemandWords::Deadline(deadline) if deadline.follows));
    if follows {
        let text = Text::new(
            "记载的日期先于起算日，由人核实",
            "the act is recorded before the day the time runs from: to be verified",
        );
        sheet.field(0, lang.pick("待人工判断", "review"), text.get(lang));
    }
    for (when, reading) in &duty.review {
        let (when, reading) = (when.get(lang), reading.get(lang));
        let text = crate::text!("{when}的，{reading}", "when {when}: {reading}");
        sheet.field(0, lang.pick("待人工判断", "review"), text.get(lang));
    }
    if duty.excuses {
        let text = Text::new(
            "做到本项的，原义务的违反予以免除",
            "fulfilling it excuses the breach",
        );
        sheet.field(0, lang.pick("免除", "excuses"), text.get(lang));
    }
}

/// The facts read, a line each: path, name, paper.
fn facts(sheet: &mut Sheet, duty: &Duty) {
    if duty.facts.is_empty() {
        return;
    }
    let lang = sheet.lang();
    sheet.field(0, lang.pick("所用事实", "facts it reads"), "");
    let column = duty
        .facts
        .iter()
        .map(|fact| layout::width(&fact.path))
        .max()
        .unwrap_or(0)
        .min(sheet.style.width / 2);
    for fact in &duty.facts {
        let title = fact.title.get(lang);
        let text = match (&fact.form, lang) {
            (Some(form), Lang::Zh) => format!("{title}（见{}）", form.zh),
            (Some(form), Lang::En) => format!("{title} (see {})", form.en),
            (None, _) => title.to_owned(),
        };
        if layout::width(&fact.path) <= column {
            let first = format!("{}  ", layout::pad(&fact.path, column));
            sheet.hang(2, Tone::Faint, &first, &text);
        } else {
            sheet.faint(2, &fact.path);
            sheet.para(2 + column + 2, &text);
        }
    }
}

/// What it comes after, and what follows.
fn around(sheet: &mut Sheet, duty: &Duty) {
    let lang = sheet.lang();
    let list = |nodes: &[Named]| {
        let nodes: Vec<String> = nodes
            .iter()
            .map(|node| match lang {
                Lang::Zh => format!("{}（{}）", node.title.zh, node.id),
                Lang::En => format!("{} ({})", node.title.en, node.id),
            })
            .collect();
        nodes.join(lang.pick("；", "; "))
    };
    let one = |node: &Option<Named>| node.iter().cloned().collect::<Vec<_>>();
    for (zh, en, nodes) in [
        ("前置", "comes after", duty.after.clone()),
        ("后续", "followed by", duty.followed_by.clone()),
        ("触发", "triggers", duty.triggers.clone()),
        ("例外", "unless", duty.unless.clone()),
        ("补救", "remedies", one(&duty.remedies)),
        ("细化", "refines", one(&duty.refines)),
    ] {
        if !nodes.is_empty() {
            sheet.field(0, lang.pick(zh, en), &list(&nodes));
        }
    }
}
