//! Writes the locks.

use super::report::unresolved;
use super::verify::{cited_by, missing_text};
use super::{TextFolder, lock_path, read_body};
use crate::rulebook::{RuleFolder, Rulebook};
use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::instrument::{ClauseId, Lock, Resolution};

/// A lock as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFile {
    /// Its path, from the rules folder.
    pub path: String,
    /// What is to stand in it.
    pub text: String,
    /// How many clauses the text has.
    pub clauses: usize,
    /// How many different quotes the rules take from it.
    pub quotes: usize,
    /// Whether that stands in it already.
    pub unchanged: bool,
}

/// The lock of every registered instrument whose clauses are described and whose text is among the texts, in the order of
/// the registry; and warnings, of those whose text is not there.
///
/// # Errors
/// Everything that is wrong with texts, descriptions and quotes. Nothing is to be written then.
pub fn lock(
    rulebook: &Rulebook,
    rules: &RuleFolder,
    texts: &TextFolder,
) -> Result<(Vec<LockFile>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let cited = cited_by(rulebook);
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for instrument in rulebook.instruments.all() {
        let Some(name) = &instrument.clauses else {
            continue;
        };
        let (text, body) = match read_body(rules, texts, instrument) {
            Ok(Some(read)) => read,
            Ok(None) => {
                problems.push(missing_text(instrument));
                continue;
            }
            Err(wrong) => {
                problems.extend(wrong);
                continue;
            }
        };
        let mut quotes: Vec<(ClauseId, &str)> = Vec::new();
        for citation in cited.get(instrument.number.as_str()).into_iter().flatten() {
            match body.resolve(&citation.section, &citation.quote) {
                Resolution::One(clause) => quotes.push((clause, &citation.quote)),
                other => problems.push(unresolved(citation, instrument, &other)),
            }
        }
        let lock = Lock::of(&body, text.digest(), &quotes);
        let path = lock_path(name);
        let new = lock.to_text();
        let old = rules.source(&path).ok();
        files.push(LockFile {
            unchanged: old.is_some_and(|(source, _)| source.text() == new),
            clauses: lock.clauses.len(),
            quotes: lock.quotes.len(),
            text: new,
            path,
        });
    }
    problems.sort_by(Diagnostic::order);
    if has_errors(&problems) {
        Err(problems)
    } else {
        Ok((files, problems))
    }
}
