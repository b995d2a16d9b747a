//! `choucha graph`.

use std::collections::HashMap;

use super::arguments::{Drawing, GraphTask};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::audit::{CaseAudit, Options, Outcome};
use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::graph::{self, Mark, Tone};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet};
use choucha_core::text;
use choucha_run::auditing::Auditing;

/// Draws the obligations of a rule set, coloured by the findings on a dossier if one is given.
pub(super) fn run(task: &GraphTask, session: &mut Session<'_>) -> Exit {
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    session.report(rules.notes());
    let drawn = picture(task, &rules, session);
    match drawn {
        Ok(text) => session.write(&text, Exit::CLEAN),
        Err(problems) => session.fail(&problems),
    }
}

fn picture(
    task: &GraphTask,
    rules: &Rules,
    session: &mut Session<'_>,
) -> Result<String, Vec<Diagnostic>> {
    let named = task.name.as_deref().map(|id| rules.rule_set(id));
    let named = named.transpose()?;
    let audit = match &task.case {
        Some(_) => Some(audit(task, named, rules, session)?),
        None => None,
    };
    let set = match (&audit, named) {
        (Some(audit), _) => rules.rule_set(&audit.ruleset.0),
        (None, Some(set)) => Ok(set),
        (None, None) => only(rules),
    };
    let drawn = rules.engine().graph(set?)?;
    let marks: HashMap<&Id, Mark> = audit
        .iter()
        .flat_map(|audit| &audit.findings)
        .map(|finding| (&finding.obligation, mark(finding.outcome)))
        .collect();
    let find = |id: &Id| marks.get(id).cloned();
    let outcomes: Option<graph::Outcomes<'_>> = audit.is_some().then_some(&find);
    let lang = session.style.lang;
    Ok(match task.format(session.output) {
        Drawing::Svg => graph::svg(&drawn, lang, outcomes),
        Drawing::Dot => graph::dot(&drawn, lang, outcomes),
    })
}

/// The rule set, if there is only one.
fn only(rules: &Rules) -> Result<&RuleSet, Vec<Diagnostic>> {
    if let [only] = rules.rule_sets() {
        return Ok(only);
    }
    let ids: Vec<&str> = rules
        .rule_sets()
        .iter()
        .map(|set| set.id.0.as_str())
        .collect();
    let (zh, en) = (ids.join("、"), ids.join(", "));
    let message = Text::new("没有写明规则集", "no rule set is named");
    let problem = Diagnostic::new(Code::UsageInvalid, message);
    Err(vec![problem.help(text!("现有：{zh}", "there are: {en}"))])
}

/// The audit of the dossier that colours the picture.
fn audit(
    task: &GraphTask,
    named: Option<&RuleSet>,
    rules: &Rules,
    session: &mut Session<'_>,
) -> Result<CaseAudit, Vec<Diagnostic>> {
    let path = task.case.as_deref().unwrap_or(std::path::Path::new("-"));
    let options = Options {
        as_of: task.as_of,
        today: session.today,
        assume_complete: task.assume_complete,
        all: true,
        timeline: false,
        traces: false,
    };
    let dossier = rules.read(path, session.input);
    let Some(record) = dossier.record else {
        return Err(dossier.diagnostics);
    };
    // As in an audit: a dossier with errors is not audited.
    if has_errors(&dossier.diagnostics) {
        return Err(dossier.diagnostics);
    }
    session.report(&dossier.diagnostics);
    Auditing::new(rules.engine(), named, options).audit(&record)
}

/// The look of an outcome in a picture.
fn mark(outcome: Outcome) -> Mark {
    let tone = match outcome {
        Outcome::Violated => Tone::Breach,
        Outcome::Errored => Tone::Fault,
        Outcome::Review => Tone::Judgement,
        Outcome::Undetermined => Tone::Gap,
        Outcome::Pending => Tone::Waiting,
        Outcome::Waived => Tone::Waived,
        Outcome::Satisfied => Tone::Kept,
        Outcome::NotApplicable => Tone::Idle,
    };
    Mark {
        tone,
        label: outcome.label(),
    }
}
