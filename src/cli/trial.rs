//! `choucha test`.

use super::arguments::{TestTask, TextOrJson};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSet;
use choucha_core::text;
use choucha_design::trial::{self, Trial};
use choucha_report::json::TestDocument;
use choucha_report::trial::render_trials;
use choucha_rules::rulebook::RuleFolder;

/// Runs the tests of the named rule sets, or of all.
pub(super) fn run(task: &TestTask, session: &mut Session<'_>) -> Exit {
    let opened = match session.rules {
        Some(path) => RuleFolder::open(path),
        None => Ok(RuleFolder::embedded()),
    };
    let loaded = opened.and_then(|folder| Ok((Rules::of(&folder)?, folder)));
    let (rules, folder) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => return session.fail(&problems),
    };
    session.report(rules.notes());
    let sets = match rules.chosen(&task.names) {
        Ok(sets) => sets,
        Err(problems) => return session.fail(&problems),
    };
    let (trials, problems, mut exit) = try_all(&rules, &folder, &sets, task.filter.as_deref());
    session.report(&problems);
    if let Some(filter) = &task.filter
        && trials.iter().all(|trial| trial.run == 0)
        && exit == Exit::CLEAN
    {
        let message = text!(
            "没有名称含有 `{filter}` 的测试",
            "no test has `{filter}` in its name"
        );
        return session.fail(&[Diagnostic::new(Code::UsageUnknownName, message)]);
    }
    if trials.iter().any(|trial| !trial.failures.is_empty()) {
        exit = exit.and(Exit::INCOMPLETE);
    }
    match task.format {
        TextOrJson::Json => {
            let lang = session.style.lang;
            let invalid = exit.code() == Exit::FAILED.code();
            let document = TestDocument::new(&trials, &problems, invalid, lang);
            session.write_json(document.to_text(), exit)
        }
        TextOrJson::Text => session.write(&render_trials(&trials, session.style), exit),
    }
}

/// Runs the tests of several rule sets; a file that cannot be run becomes a diagnostic.
fn try_all(
    rules: &Rules,
    folder: &RuleFolder,
    sets: &[&RuleSet],
    filter: Option<&str>,
) -> (Vec<Trial>, Vec<Diagnostic>, Exit) {
    let mut trials = Vec::new();
    let mut problems = Vec::new();
    let mut exit = Exit::CLEAN;
    for set in sets {
        match trial::run(rules.engine(), folder, set, filter) {
            Ok(mut trial) => {
                problems.append(&mut trial.warnings);
                trials.push(trial);
            }
            Err(mut wrong) => {
                exit = Exit::FAILED;
                let id = &set.id;
                let message = text!("`{id}` 的测试没有运行", "the tests of `{id}` were not run");
                let help = Text::new("先改正上列错误", "mend what is listed first");
                problems.append(&mut wrong);
                problems.push(
                    Diagnostic::new(Code::TestsNotRun, message)
                        .about(id.to_string())
                        .help(help),
                );
            }
        }
    }
    (trials, problems, exit)
}
