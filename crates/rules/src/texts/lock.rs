//! Writes the locks.

use super::report::unresolved;
use super::verify::{cited_by, missing_text};
use super::{TextFolder, lock_path, read_body};
use crate::rulebook::{RuleFolder, Rulebook};
use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::instrument::{ClauseId, Lock, Resolution};

/// A lock to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFile {
    /// Its path, relative to the rules folder.
    pub path: String,
    /// Its new contents.
    pub text: String,
    /// The number of clauses of the text.
    pub clauses: usize,
    /// The number of different quotes from it in the rules.
    pub quotes: usize,
    /// Whether the file already has these contents.
    pub unchanged: bool,
}

/// The lock of every registered instrument whose clauses are described and whose text is available, in the order of the
/// registry; and warnings for those whose text is missing.
///
/// # Errors
/// All errors in texts, descriptions and quotes. Then no lock may be written.
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
