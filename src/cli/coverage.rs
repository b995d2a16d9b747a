//! `choucha coverage`.

use super::arguments::{CoverageTask, Page};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::obligation::RuleSet;
use choucha_report::coverage::{render_coverage, render_html};
use choucha_report::json::CoverageDocument;
use choucha_rules::coverage::{self, Coverage};
use choucha_rules::rulebook::RuleFolder;
use choucha_rules::texts::TextFolder;

/// Reports every clause of the instruments of one rule set, or of all.
pub(super) fn run(task: &CoverageTask, session: &mut Session<'_>) -> Exit {
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
    let texts = match task.texts.as_deref().map(TextFolder::open).transpose() {
        Ok(texts) => texts,
        Err(problem) => return session.fail(&[*problem]),
    };
    let sets: Vec<&RuleSet> = match task.name.as_deref().map(|id| rules.rule_set(id)) {
        None => rules.rule_sets().iter().collect(),
        Some(Ok(set)) => vec![set],
        Some(Err(problems)) => return session.fail(&problems),
    };
    let mut exit = Exit::CLEAN;
    let mut coverages: Vec<Coverage> = Vec::new();
    for set in sets {
        match coverage::of(rules.engine().rulebook(), &folder, set, texts.as_ref()) {
            Ok((coverage, warnings)) => {
                session.report(&warnings);
                if !coverage.is_complete() {
                    exit = exit.and(Exit::INCOMPLETE);
                }
                coverages.push(coverage);
            }
            Err(problems) => {
                session.report(&problems);
                exit = exit.and(Exit::FAILED);
            }
        }
    }
    if coverages.is_empty() && exit != Exit::CLEAN {
        return exit;
    }
    match task.format {
        Page::Text => session.write(&render_coverage(&coverages, task.all, session.style), exit),
        Page::Html => session.write(&render_html(&coverages, session.style.lang), exit),
        Page::Json => {
            let document = CoverageDocument::new(&coverages, session.style.lang);
            session.write_json(document.to_text(), exit)
        }
    }
}
