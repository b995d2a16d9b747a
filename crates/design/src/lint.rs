//! Checks of rule sets (规则检查): what loads without error but is still wrong.
//!
//! Terms: a *lint* is a diagnostic whose code begins with `lint/`; *evidence* is the outcomes of an obligation in
//! passing tests of `tests.yaml`; a *witness* is a record found by search that gives such an outcome.
//!
//! Invariants: a lint of level warning says that a person should change the rules, a note that no change is needed; an
//! outcome shown by a test or a witness is never called impossible; one run reports everything, in a stable order.

mod candidates;
mod deadlines;
mod goals;
mod reach;
mod style;
#[cfg(test)]
mod tests;
mod unused;
mod witness;

use crate::trial::{self, Trial};
use choucha_core::compare;
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::lang::Text;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::text;
use choucha_rules::coverage::{self, Status};
use choucha_rules::rulebook::RuleFolder;
use choucha_rules::texts::{self, TextFolder};
use choucha_run::engine::Engine;

/// The result of checking rule sets.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// The rule sets checked, in the requested order.
    pub rulesets: Vec<RuleSetId>,
    /// Whether the quotes were compared with the texts of the instruments; otherwise with their locks.
    pub against_texts: bool,
    /// All errors, warnings and notes, in a stable order.
    pub found: Vec<Diagnostic>,
}

impl Inspection {
    /// The number of diagnostics of a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.found.iter().filter(|one| one.level == level).count()
    }
}

/// Checks rule sets of an engine that was loaded from `folder` with all its rule sets.
///
/// Quotes are compared with the texts if given, else with the locks; for all rule sets, because they share instruments.
#[must_use]
pub fn inspect(
    engine: &Engine,
    folder: &RuleFolder,
    sets: &[&RuleSet],
    texts: Option<&TextFolder>,
) -> Inspection {
    let mut found = texts::verify(engine.rulebook(), folder, texts);
    found.extend(unused::facts(engine));
    for set in sets {
        match engine.undated_auditor(set) {
            Err(problems) => found.extend(problems),
            Ok(auditor) => {
                // Each function checks one thing and returns diagnostics; to add a check, add a line here.
                let evidence = evidence(engine, folder, set, &mut found);
                found.extend(unused::nodes(engine, set));
                found.extend(reach::reach(engine, &auditor, set, &evidence));
                found.extend(deadlines::contradictions(engine, &auditor, set));
                found.extend(style::style(set));
                found.extend(compare::relaxations(
                    &engine.layers(set),
                    engine.vocabulary(),
                ));
            }
        }
        clauses(engine, folder, set, texts, &mut found);
    }
    found.sort_by(Diagnostic::order);
    found.dedup();
    Inspection {
        rulesets: sets.iter().map(|set| set.id.clone()).collect(),
        against_texts: texts.is_some(),
        found,
    }
}

/// The outcomes of the obligations in the tests of a rule set. Tests that cannot be run are reported and give no
/// evidence.
fn evidence(
    engine: &Engine,
    folder: &RuleFolder,
    set: &RuleSet,
    found: &mut Vec<Diagnostic>,
) -> Option<Trial> {
    match trial::run(engine, folder, set, None) {
        Ok(trial) => Some(trial),
        Err(problems) => {
            found.extend(problems);
            None
        }
    }
}

/// Reports clauses of the instrument that the rule set does not account for.
fn clauses(
    engine: &Engine,
    folder: &RuleFolder,
    set: &RuleSet,
    texts: Option<&TextFolder>,
    found: &mut Vec<Diagnostic>,
) {
    let coverage = match coverage::of(engine.rulebook(), folder, set, texts) {
        Ok((coverage, warnings)) => {
            found.extend(warnings);
            coverage
        }
        Err(problems) => {
            found.extend(problems);
            return;
        }
    };
    let missing: Vec<String> = coverage
        .rows
        .iter()
        .filter(|row| matches!(row.status, Status::Missing))
        .map(|row| row.id.to_string())
        .collect();
    if missing.is_empty() {
        return;
    }
    let (n, id) = (missing.len(), &set.id);
    let (zh, en) = (missing.join("、"), missing.join(", "));
    let (title, title_en) = (&coverage.instrument_title.zh, &coverage.instrument_title.en);
    let message = text!(
        "《{title}》有 {n} 条没有编码，也没有列为不可审查",
        "{n} clauses of {title_en} are neither encoded nor listed as not auditable"
    );
    found.push(
        Diagnostic::new(Code::LintClauseMissing, message)
            .at(set.at.clone())
            .why(text!("遗漏的条款：{zh}", "missing: {en}"))
            .help(text!(
                "逐条见 `choucha coverage {id}`；不能审查的写入 {id}/not-auditable.yaml 并说明理由",
                "`choucha coverage {id}` shows them; list what cannot be audited in {id}/not-auditable.yaml, with the reason"
            )),
    );
}

/// The id of a node, with its title in both languages.
fn named(title: &Text, id: &choucha_core::obligation::Id) -> Text {
    let (zh, en) = (&title.zh, &title.en);
    text!("`{id}`（{zh}）", "`{id}` ({en})")
}
