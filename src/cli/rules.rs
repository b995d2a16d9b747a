//! `choucha rules` and `choucha explain`.

use super::arguments::{ExplainTask, RulesTask, TextOrJson};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::layout;
use choucha_core::obligation::{Id, RuleSet};
use choucha_core::text;
use choucha_report::effective::render_effective;
use choucha_report::json::{EffectiveDocument, RulesDocument};
use choucha_report::rules::{Duty, render_duty, render_list};

/// Lists every rule set or one of them, or explains an obligation.
pub(super) fn list(task: &RulesTask, session: &mut Session<'_>) -> Exit {
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    session.report(rules.notes());
    if let Some(name) = &task.effective {
        return effective(name, task, &rules, session);
    }
    let chosen: Vec<(&RuleSet, Vec<Duty>)> = match task.name.as_deref() {
        None => rules
            .rule_sets()
            .iter()
            .map(|set| (set, rules.duties(set)))
            .collect(),
        Some(name) => match rules.rule_set(name) {
            Ok(set) => vec![(set, rules.duties(set))],
            Err(_) => return obligation(name, task.format, &rules, session),
        },
    };
    let text = match task.format {
        TextOrJson::Text => Ok(render_list(&chosen, session.style)),
        TextOrJson::Json => RulesDocument::new(&chosen, session.style.lang).to_text(),
    };
    session.write_json(text, Exit::CLEAN)
}

/// The duties in force on a day, with their layers.
fn effective(name: &str, task: &RulesTask, rules: &Rules, session: &mut Session<'_>) -> Exit {
    let set = match rules.rule_set(name) {
        Ok(set) => set,
        Err(problems) => return session.fail(&problems),
    };
    let day = task.at.unwrap_or(session.today);
    let effective = rules.engine().effective(set, day);
    let (vocabulary, style) = (rules.vocabulary(), session.style);
    if task.format == TextOrJson::Json {
        let document = EffectiveDocument::new(&effective, day, vocabulary, style.lang);
        return session.write_json(document.to_text(), Exit::CLEAN);
    }
    let text = render_effective(&effective, day, vocabulary, style);
    session.write(&text, Exit::CLEAN)
}

/// Explains an obligation named in place of a rule set.
fn obligation(name: &str, format: TextOrJson, rules: &Rules, session: &mut Session<'_>) -> Exit {
    let duties = rules.find(&Id(name.to_owned()));
    if duties.is_empty() {
        let message = text!(
            "没有规则集或义务 `{name}`",
            "there is no rule set or obligation `{name}`"
        );
        let problem = Diagnostic::new(Code::UsageUnknownName, message);
        return session.fail(&[rules.suggest_duty(problem, name)]);
    }
    if format != TextOrJson::Json {
        return show(&duties, rules, session);
    }
    let chosen: Vec<(&RuleSet, Vec<Duty>)> = rules
        .rule_sets()
        .iter()
        .filter_map(|set| {
            let own: Vec<Duty> = duties
                .iter()
                .filter(|duty| duty.ruleset == set.id)
                .cloned()
                .collect();
            (!own.is_empty()).then_some((set, own))
        })
        .collect();
    let text = RulesDocument::new(&chosen, session.style.lang).to_text();
    session.write_json(text, Exit::CLEAN)
}

/// Explains a diagnostic code.
fn explain_code(code: &str, session: &mut Session<'_>) -> Exit {
    let lang = session.style.lang;
    if let Some(known) = Code::ALL.iter().find(|known| known.code() == code) {
        let (level, meaning) = (known.level().label(lang), known.meaning());
        let (zh, en) = (&meaning.zh, &meaning.en);
        let line = text!("{code}（{level}）：{zh}", "{code} ({level}): {en}");
        let lines = layout::wrap(line.get(lang), session.style.width);
        return session.write(&(lines.join("\n") + "\n"), Exit::CLEAN);
    }
    let message = text!(
        "没有诊断代码 `{code}`",
        "there is no diagnostic code `{code}`"
    );
    let problem = Diagnostic::new(Code::UsageUnknownName, message);
    let near = nearest(code, Code::ALL.iter().map(|known| known.code()));
    let problem = match near {
        Some(near) => problem.help(text!("是否应为 `{near}`？", "did you mean `{near}`?")),
        None => problem,
    };
    session.fail(&[problem])
}

/// Explains an obligation, from every rule set that declares it or from one.
pub(super) fn explain(task: &ExplainTask, session: &mut Session<'_>) -> Exit {
    if task.obligation.contains('/') {
        return explain_code(&task.obligation, session);
    }
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    session.report(rules.notes());
    let id = &task.obligation;
    let mut duties = rules.find(&Id(id.clone()));
    if let Some(name) = &task.ruleset {
        let set = match rules.rule_set(name) {
            Ok(set) => set,
            Err(problems) => return session.fail(&problems),
        };
        let layers = rules.engine().layers(set);
        duties.retain(|duty| layers.iter().any(|layer| layer.id == duty.ruleset));
    }
    if duties.is_empty() {
        let message = text!("没有义务 `{id}`", "there is no obligation `{id}`");
        let problem = Diagnostic::new(Code::UsageUnknownName, message);
        return session.fail(&[rules.suggest_duty(problem, id)]);
    }
    show(&duties, &rules, session)
}

/// Explains duties; if several rule sets declare one, each under its rule set's name.
fn show(duties: &[Duty], rules: &Rules, session: &mut Session<'_>) -> Exit {
    let mut text = String::new();
    for duty in duties {
        if duties.len() > 1 {
            let set = rules.rule_sets().iter().find(|set| set.id == duty.ruleset);
            let title = set.map(|set| set.title.clone()).unwrap_or_default();
            let id = &duty.ruleset;
            let heading = text!("【{}】{id}", "{} ({id})"; title);
            let heading = heading.get(session.style.lang);
            text.push_str(&format!("{}\n", "=".repeat(session.style.width)));
            text.push_str(&format!("{heading}\n\n"));
        }
        text.push_str(&render_duty(duty, session.style));
        text.push('\n');
    }
    text.pop();
    session.write(&text, Exit::CLEAN)
}
