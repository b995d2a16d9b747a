//! `choucha diff`.

use super::arguments::{DiffTask, Sheet};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::obligation::RuleSet;
use choucha_report::diff::{render_diff, render_markdown};
use choucha_report::json::DiffDocument;
use choucha_rules::diff::{Diff, Reach, Side};

/// Compares two rule sets, of one or two rules folders. The exit code is 1 if they differ.
pub(super) fn run(task: &DiffTask, session: &mut Session<'_>) -> Exit {
    let before = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    session.report(before.notes());
    let other = match task.against.as_deref().map(|path| Rules::load(Some(path))) {
        None => None,
        Some(Ok(rules)) => {
            session.report(rules.notes());
            Some(rules)
        }
        Some(Err(problems)) => return session.fail(&problems),
    };
    let after = other.as_ref().unwrap_or(&before);
    let name = task.after.as_deref().unwrap_or(&task.before);
    let (old, new) = match (before.rule_set(&task.before), after.rule_set(name)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(problems), _) | (_, Err(problems)) => return session.fail(&problems),
    };
    let reach = if task.own {
        Reach::Own
    } else {
        Reach::Effective
    };
    let diff = Diff::of(side(&before, old), side(after, new), reach);
    let exit = if diff.is_same() {
        Exit::CLEAN
    } else {
        Exit::DIFFERENT
    };
    match task.format {
        Sheet::Text => session.write(&render_diff(&diff, session.style), exit),
        Sheet::Markdown => session.write(&render_markdown(&diff, session.style.lang), exit),
        Sheet::Json => {
            let document = DiffDocument::new(&diff, session.style.lang);
            session.write_json(document.to_text(), exit)
        }
    }
}

fn side<'a>(rules: &'a Rules, set: &'a RuleSet) -> Side<'a> {
    Side {
        layers: rules.engine().layers(set),
        vocabulary: rules.vocabulary(),
    }
}
