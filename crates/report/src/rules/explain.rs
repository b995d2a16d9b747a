//! One obligation explained: its text and clause, its conditions, what satisfies and what violates it, the facts it reads.

use super::super::sheet::Sheet;
use super::{DeadlineWords, Demand, DemandWords, Duty, Named};
use choucha_core::diagnostic::Style;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::{self, Tone};
use choucha_core::obligation::Citation;
use choucha_core::period::{self, Limit};
use choucha_core::text;

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
        _ => choucha_core::text!(
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
    let section = citation.section_shown();
    let text = format!("{} {}", citation.instrument, section.get(sheet.lang()));
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
            choucha_core::text!("已到“{title}”", "“{title}” applies")
                .get(lang)
                .to_owned()
        })
        .collect();
    texts.extend(duty.when.as_ref().map(|when| when.get(lang).to_owned()));
    if let Some(base) = &duty.remedies {
        let title = base.title.get(lang);
        texts.push(
            choucha_core::text!("“{title}”未做到", "“{title}” was breached")
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
            text.push_str(choucha_core::text!("（{when}时）", " (when {when})").get(lang));
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
            choucha_core::text!("不得有下列情形：{text}", "this must not be: {text}")
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
            let other = choucha_core::text!(
                "；或者以{}为起算日（{}），结论不同的由人工判断",
                "; or from {} ({}): where the verdicts differ a person judges";
                since,
                reading
            );
            first + other.get(lang)
        }
    }
}

/// When an act is in time, and when not, for a kind of time limit.
fn in_time(limit: Limit) -> (Text, Text) {
    let late = Text::new(
        "期限届满后才办理；或者期限已过而案卷表明未办理",
        "done after the due date; or the due date has passed and the record shows it was not done",
    );
    match limit {
        Limit::Between { .. } => (
            Text::new("在规定的起止日之间办理", "done within the window"),
            Text::new(
                "在规定的起始之日前或者截止之日后办理；或者截止之日已过而案卷表明未办理",
                "done before the window opens or after it closes; or it has closed and the record shows it was not done",
            ),
        ),
        Limit::SameTime => (
            Text::new(
                "与所比照的行为同日办理",
                "done on the same day as the other act",
            ),
            Text::new(
                "与所比照的行为相隔超过三日；或者该行为已经办理而案卷表明本项未办理",
                "more than three days apart from the other act; or that was done and the record shows this was not",
            ),
        ),
        Limit::Immediately => (
            Text::new("于起算日当日办理", "done on the very day"),
            Text::new(
                "在起算日的次日以后办理；或者期限已过而案卷表明未办理",
                "done later than the day after; or the time is up and the record shows it was not done",
            ),
        ),
        Limit::Promptly { review_after } => (
            text!(
                "自起算日起{review_after}日以内办理",
                "done within {review_after} days"
            ),
            Text::new(
                "审查截至之日案卷表明仍未办理",
                "the record shows that it had not been done on the day of the audit",
            ),
        ),
        Limit::AtOnceAfter(_) => (
            Text::new(
                "期间届满后的次日以前办理",
                "done by the day after the period ends",
            ),
            Text::new(
                "迟于期间届满后的第二日办理；或者期限已过而案卷表明未办理",
                "done later than the second day after the period ends; or the time is up and the record shows it was not done",
            ),
        ),
        Limit::AfterEnd(_) => (
            Text::new("期间届满之后办理", "done after the period had ended"),
            Text::new("期间届满之前办理", "done before the period had ended"),
        ),
        Limit::OnceOver(_) => (
            Text::new("已经办理，无论何日", "done, on whatever day"),
            Text::new(
                "期间已经届满而案卷表明未办理；或者期间的起算事项没有发生，而案卷表明未办理",
                "the period is over, or what it runs from never happened, and the record shows it was not done",
            ),
        ),
        Limit::Days(_)
        | Limit::Workdays(_)
        | Limit::Months(_)
        | Limit::NextDay
        | Limit::By(_)
        | Limit::OnRecord => (
            Text::new(
                "在期限届满之日以前（含当日）办理",
                "done on or before the due date",
            ),
            late,
        ),
    }
}

/// When a person judges whether an act was in time; None if the readings never differ.
fn judged(limit: Limit) -> Option<Text> {
    Some(match limit {
        Limit::Workdays(_) => return None,
        Limit::Days(_) | Limit::Months(_) | Limit::NextDay | Limit::By(_) | Limit::OnRecord => {
            Text::new(
                "最后一日为休息日而不是法定节日，顺延与否结论不同的",
                "the last day is a rest day but no statutory festival, and the verdict turns on whether it moves",
            )
        }
        Limit::Between { .. } => {
            Text::new("恰在起止的界日办理", "done on a boundary day of the window")
        }
        Limit::Immediately => Text::new("在起算日的次日办理", "done on the day after"),
        Limit::AfterEnd(_) | Limit::OnceOver(_) => Text::new(
            "期间的最后一日为休息日而不是法定节日，顺延与否结论不同的",
            "the period's last day is a rest day but no statutory festival, and the verdict turns on whether it moves",
        ),
        Limit::AtOnceAfter(_) => Text::new(
            "在期间届满后的第二日办理，或者期间的最后一日为休息日，顺延与否结论不同的",
            "done on the second day after the period ends, or its last day is a rest day and the verdict turns on whether it moves",
        ),
        Limit::SameTime => Text::new(
            "与所比照的行为相隔一至三日",
            "one to three days apart from the other act",
        ),
        Limit::Promptly { review_after } => text!(
            "自起算日起超过{review_after}日才办理：规范未定天数，是否及时由人工判断",
            "done after more than {review_after} days: the norm gives no number, and a person judges whether that was prompt"
        ),
    })
}

/// What leads to each outcome, by the kinds of demand.
fn outcomes(sheet: &mut Sheet, duty: &Duty) {
    let lang = sheet.lang();
    let limits: Vec<Limit> = duty
        .demands
        .iter()
        .filter_map(|demand| match &demand.words {
            DemandWords::Deadline(deadline) => Some(deadline.limit),
            _ => None,
        })
        .collect();
    let timed = limits
        .iter()
        .any(|limit| !matches!(limit, Limit::AfterEnd(_)));
    let parts = duty.demands.len() > 1;
    let (satisfied, violated) = match (limits.as_slice(), parts) {
        ([], false) => (
            Text::new("案卷表明要求成立", "the record shows that the demand holds"),
            Text::new(
                "案卷表明要求不成立",
                "the record shows that the demand does not hold",
            ),
        ),
        ([], true) => (
            Text::new(
                "案卷表明各项要求均成立",
                "the record shows that every demand holds",
            ),
            Text::new(
                "案卷表明任何一项要求不成立",
                "the record shows that one of them does not hold",
            ),
        ),
        ([limit], false) => in_time(*limit),
        (_, _) => (
            Text::new(
                "各项均已做到，有期限的均在期限内办理",
                "every demand holds, and what has a time was done in it",
            ),
            Text::new(
                "任何一项没有做到，或者没有在期限内办理",
                "one of them does not hold, or was not done in its time",
            ),
        ),
    };
    sheet.field(0, lang.pick("合规", "satisfied"), satisfied.get(lang));
    for exception in &duty.unless {
        let title = exception.title.get(lang);
        let text = choucha_core::text!("有例外“{title}”", "or the exception “{title}” holds");
        sheet.more(0, lang.pick("合规", "satisfied"), text.get(lang));
    }
    let violated = if duty.lapses {
        Text::new(
            "不计为违规：期限届满后才办理的，丧失权利（不适用）",
            "never: used after the due date, the right has lapsed (not applicable)",
        )
    } else {
        violated
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
    let mut judged: Vec<Text> = limits.iter().copied().filter_map(judged).collect();
    judged.dedup();
    for text in judged {
        sheet.field(0, lang.pick("待人工判断", "review"), text.get(lang));
    }
    let follows = duty
        .demands
        .iter()
        .any(|demand| matches!(&demand.words, DemandWords::Deadline(deadline) if deadline.follows));
    if follows {
        let text = Text::new(
            "记载的日期先于起算日，由人工核实",
            "the act is recorded before the day the time runs from: to be verified",
        );
        sheet.field(0, lang.pick("待人工判断", "review"), text.get(lang));
    }
    for (when, reading) in &duty.review {
        let (when, reading) = (when.get(lang), reading.get(lang));
        let text = choucha_core::text!("{when}的，{reading}", "when {when}: {reading}");
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

/// The facts read, one per line: path, name, paper.
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

/// Its presuppositions and its followers.
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
        ("由何引起", "follows", duty.follows.clone()),
        ("细化", "refines", one(&duty.refines)),
    ] {
        if !nodes.is_empty() {
            sheet.field(0, lang.pick(zh, en), &list(&nodes));
        }
    }
}
