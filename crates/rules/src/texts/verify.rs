//! Checks every quote of the rules.

use std::collections::BTreeMap;

use super::report::{not_locked, stale, unresolved};
use super::{TextFolder, read_body, read_lock};
use crate::rulebook::{RuleFolder, Rulebook};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::instrument::{Instrument, Lock, Resolution};
use choucha_core::obligation::Citation;
use choucha_core::text;

/// The citations of all rule sets, by the number of the instrument, in the order of the scripts; a citation that
/// several obligations share is listed once.
pub(super) fn cited_by(rulebook: &Rulebook) -> BTreeMap<&str, Vec<&Citation>> {
    let mut cited: BTreeMap<&str, Vec<&Citation>> = BTreeMap::new();
    for set in &rulebook.rule_sets {
        for (_, citation) in set.citations() {
            let known = cited.entry(citation.instrument.as_str()).or_default();
            if !known.contains(&citation) {
                known.push(citation);
            }
        }
    }
    cited
}

/// Checks every quote of the rules against the available texts, and against the locks of the others, and the locks
/// against the texts; reports instruments whose quotes cannot be checked. In a stable order.
#[must_use]
pub fn verify(
    rulebook: &Rulebook,
    rules: &RuleFolder,
    texts: Option<&TextFolder>,
) -> Vec<Diagnostic> {
    let mut problems = checked(rulebook, rules, texts, None);
    for (number, cited) in cited_by(rulebook) {
        let described = rulebook
            .instruments
            .get(number)
            .is_none_or(|instrument| instrument.clauses.is_some());
        if let Some(first) = cited.first().filter(|_| !described) {
            let message = text!(
                "`{number}` 没有分条说明，引文无从核对",
                "the clauses of `{number}` are not described, so its quotes cannot be checked"
            );
            let help = text!(
                "在 rules/clauses/ 中写明如何分条，并在登记表中以 clauses 指明",
                "describe in rules/clauses/ how it is cut, and name the file as its `clauses` in the registry"
            );
            problems.push(
                Diagnostic::new(Code::CitationUnchecked, message)
                    .at(first.at.clone())
                    .help(help),
            );
        }
    }
    problems.sort_by(Diagnostic::order);
    problems
}

/// Checks every quote of the rules against the locks alone, as when rules are loaded from a folder.
#[must_use]
pub fn verify_against_locks(rulebook: &Rulebook, rules: &RuleFolder) -> Vec<Diagnostic> {
    let mut problems = checked(rulebook, rules, None, None);
    problems.sort_by(Diagnostic::order);
    problems
}

/// Checks the quotes of one instrument, as [`verify`] does.
#[must_use]
pub fn verify_only(
    rulebook: &Rulebook,
    rules: &RuleFolder,
    texts: Option<&TextFolder>,
    number: &str,
) -> Vec<Diagnostic> {
    let mut problems = checked(rulebook, rules, texts, Some(number));
    problems.sort_by(Diagnostic::order);
    problems
}

fn checked(
    rulebook: &Rulebook,
    rules: &RuleFolder,
    texts: Option<&TextFolder>,
    only: Option<&str>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (number, cited) in cited_by(rulebook) {
        if only.is_some_and(|only| only != number) {
            continue;
        }
        let Some(instrument) = rulebook.instruments.get(number) else {
            continue;
        };
        let body = match texts.map(|texts| read_body(rules, texts, instrument)) {
            Some(Ok(body)) => body,
            Some(Err(wrong)) => {
                problems.extend(wrong);
                continue;
            }
            None => None,
        };
        let lock = match read_lock(rules, instrument) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => continue,
            Err(wrong) => {
                problems.extend(wrong);
                None
            }
        };
        if let Some((text, body)) = &body {
            let now = Lock::of(body, text.digest(), &[]);
            if let Some(lock) = &lock {
                problems.extend(stale(instrument, lock, &now));
            }
            for citation in cited {
                match body.resolve(&citation.section, &citation.quote) {
                    Resolution::One(clause) => {
                        let known = lock.as_ref().is_none_or(|lock| {
                            lock.resolve(&citation.section, &citation.quote) == Some(&clause)
                        });
                        if !known {
                            problems.push(not_locked(citation, instrument, &[]));
                        }
                    }
                    other => problems.push(unresolved(citation, instrument, &other)),
                }
            }
            continue;
        }
        if texts.is_some() {
            problems.push(missing_text(instrument));
        }
        let Some(lock) = &lock else {
            continue;
        };
        if instrument
            .digest
            .as_ref()
            .is_some_and(|known| *known != lock.text)
        {
            let message = text!(
                "`{number}` 登记的文本不是锁定的那一份",
                "the text registered for `{number}` is not the one that was locked"
            );
            problems.push(
                Diagnostic::new(Code::LockStale, message)
                    .at(instrument.declared.clone())
                    .help(choucha_core::instrument::relock()),
            );
        }
        for citation in cited {
            if lock.resolve(&citation.section, &citation.quote).is_none() {
                let elsewhere = lock.found(&citation.quote);
                problems.push(not_locked(citation, instrument, &elsewhere));
            }
        }
    }
    problems
}

/// The diagnostic for an instrument whose text is not available.
pub(super) fn missing_text(instrument: &Instrument) -> Diagnostic {
    let number = &instrument.number;
    let file = instrument.text.as_deref().unwrap_or("?");
    let message = text!(
        "没有 `{number}` 的文本 `{file}`，只按锁定文件核对",
        "the text `{file}` of `{number}` is not there; its lock is all there is to go by"
    );
    Diagnostic::new(Code::TextsMissing, message).at(instrument.declared.clone())
}
