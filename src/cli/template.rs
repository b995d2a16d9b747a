//! `choucha template`: the workbook to fill in.

use std::collections::HashSet;

use super::arguments::TemplateTask;
use super::engine::Rules;
use super::output::Output;
use super::{Exit, Session};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::selection;
use choucha_core::text;
use choucha_core::value::{ShapeId, SlotId};
use choucha_core::vocabulary::{Entry, FactId, Vocabulary};
use choucha_report::template;
use choucha_run::conduct;

/// Writes the workbook for the facts that a rule set and those it includes read.
pub(super) fn run(task: &TemplateTask, session: &mut Session<'_>) -> Exit {
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    let set = match rules.rule_set(&task.name) {
        Ok(set) => set,
        Err(problems) => return session.fail(&problems),
    };
    let engine = rules.engine();
    let mut facts: HashSet<FactId> = HashSet::new();
    for layer in engine.layers(set) {
        for expr in layer.expressions() {
            facts.extend(expr.facts());
        }
    }
    let vocabulary = rules.vocabulary();
    // Facts that identify a case's rule set, fill roles, and settle the facts read.
    facts.extend(
        selection::FACTS
            .iter()
            .filter_map(|path| fact(vocabulary, path)),
    );
    facts.extend(vocabulary.roles().iter().flat_map(|role| &role.named_by));
    facts.extend(vocabulary.given());
    // Facts by which cases are compared and that no duty reads.
    facts.extend(conduct::facts().filter_map(|path| fact(vocabulary, path)));
    facts.extend(across(vocabulary, &facts));
    // Facts gathered from cases are not filled in; those of the campaign's own record are.
    let written = |path: &str| path.starts_with("campaign.");
    facts.retain(|fact| {
        let fact = vocabulary.fact(*fact);
        !fact.is_across() || written(&fact.path)
    });
    let form = match task.vertical {
        true => template::Form::Upright,
        false => template::Form::Table,
    };
    let bytes = match template::write(vocabulary, &set.title, &facts, form, session.style.lang) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = text!(
                "无法生成工作簿：{error}",
                "cannot make the workbook: {error}"
            );
            return session.fail(&[Diagnostic::new(Code::OutputUnwritable, message)]);
        }
    };
    let written = Output::open(session.output, &mut *session.out).and_then(|mut output| {
        output.write_bytes(&bytes)?;
        output.finish()
    });
    session.end(written, Exit::CLEAN)
}

/// The facts of each case that are read across cases; if there are any, also those that identify the campaign and its
/// completeness.
fn across(vocabulary: &Vocabulary, read: &HashSet<FactId>) -> Vec<FactId> {
    let Some(across) = vocabulary.across() else {
        return Vec::new();
    };
    let id = |shape: ShapeId, slot: SlotId| {
        let facts = &vocabulary.shape(shape).facts;
        facts.get(usize::from(slot.0)).copied()
    };
    let mut found: Vec<FactId> = Vec::new();
    for projected in &across.projected {
        if id(across.row, projected.slot).is_some_and(|fact| read.contains(&fact)) {
            let from = projected.from.iter();
            found.extend(from.filter_map(|slot| id(ShapeId::ROOT, *slot)));
        }
    }
    if read.iter().any(|fact| vocabulary.fact(*fact).is_across()) {
        let own = [
            "ruleset",
            "name",
            "organiser",
            "agencies",
            "closed_on",
            "sampling_finished",
        ];
        let own = own.iter().map(|code| format!("campaign.{code}"));
        found.extend(own.filter_map(|path| fact(vocabulary, &path)));
    }
    found
}

fn fact(vocabulary: &Vocabulary, path: &str) -> Option<FactId> {
    match vocabulary.find(path)? {
        Entry::Fact(id) => Some(id),
        Entry::Group(_) => None,
    }
}
