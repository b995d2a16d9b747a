//! `choucha template`: the workbook to fill in.

use std::collections::HashSet;

use super::engine::Rules;
use super::output::Output;
use super::{Exit, Session};
use crate::diagnostic::{Code, Diagnostic};
use crate::selection;
use crate::template;
use crate::text;
use crate::vocabulary::{Entry, FactId, Vocabulary};

/// Writes the workbook for the facts that a rule set and those it includes read.
pub(super) fn run(name: &str, session: &mut Session<'_>) -> Exit {
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    let set = match rules.rule_set(name) {
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
    // What tells which rule set governs a case, who fills a role, and what settles the facts read.
    facts.extend(
        selection::FACTS
            .iter()
            .filter_map(|path| fact(vocabulary, path)),
    );
    facts.extend(vocabulary.roles().iter().flat_map(|role| &role.named_by));
    facts.extend(vocabulary.given());
    // What is gathered from the cases is written by nobody.
    facts.retain(|fact| !vocabulary.fact(*fact).is_across());
    let bytes = match template::write(vocabulary, &set.title, &facts, session.style.lang) {
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

fn fact(vocabulary: &Vocabulary, path: &str) -> Option<FactId> {
    match vocabulary.find(path)? {
        Entry::Fact(id) => Some(id),
        Entry::Group(_) => None,
    }
}
