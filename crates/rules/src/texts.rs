//! Proves the quotes of the rules: against the texts of the instruments, or without them against their locks.
//!
//! Terms: a *text* is the file of an instrument, as the registry names it; texts are an input and not shipped. What is
//! shipped is how each is cut (`rules/clauses/<name>.yaml`) and its lock (`rules/clauses/<name>.lock.yaml`).
//!
//! Invariants: a quote resolves to exactly one clause of the section it names, or there is a diagnostic at its place in
//! the script; everything that is wrong is told in one run; the same rules and texts give the same locks to the byte.
//!
//! When it is done: the locks are read, and the quotes checked, when rules come from a folder on disk. The rules the
//! program carries are not checked each time it starts, because nothing could have changed since they were built in: a
//! test of the program proves them, by the same functions, before it can be released.

mod folder;
mod lock;
mod report;
mod verify;

pub use folder::TextFolder;
pub use lock::{LockFile, lock};
pub use verify::{verify, verify_against_locks, verify_only};

use std::sync::Arc;

use crate::rulebook::RuleFolder;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::instrument::{Body, Instrument, Lock, Outline, cut, relock};
use choucha_core::source::Source;
use choucha_core::text;

/// The path of the file that says how an instrument is cut.
fn outline_path(name: &str) -> String {
    format!("clauses/{name}.yaml")
}

/// The path of the lock of an instrument.
fn lock_path(name: &str) -> String {
    format!("clauses/{name}.lock.yaml")
}

/// The lock of an instrument; none, for one whose clauses are not described.
///
/// # Errors
/// Diagnostics, if there is no lock or it cannot be used.
pub fn read_lock(
    rules: &RuleFolder,
    instrument: &Instrument,
) -> Result<Option<Lock>, Vec<Diagnostic>> {
    let Some(name) = &instrument.clauses else {
        return Ok(None);
    };
    let path = lock_path(name);
    if !rules.contains(&path) {
        let number = &instrument.number;
        let message = text!("`{number}` 没有锁定文件", "`{number}` has no lock");
        let missing = Diagnostic::new(Code::LockMissing, message)
            .at(instrument.declared.clone())
            .help(relock());
        return Err(vec![missing]);
    }
    let (source, _) = rules.source(&path).map_err(|problem| vec![problem])?;
    Lock::load(&source).map(Some)
}

/// The clauses of an instrument, cut from its text; none, for one whose clauses are not described or whose text is not
/// among the texts.
///
/// # Errors
/// Diagnostics, if the text cannot be read, is not the one registered, or cannot be cut as described.
pub fn read_body(
    rules: &RuleFolder,
    texts: &TextFolder,
    instrument: &Instrument,
) -> Result<Option<(Arc<Source>, Body)>, Vec<Diagnostic>> {
    let (Some(name), Some(file)) = (&instrument.clauses, &instrument.text) else {
        return Ok(None);
    };
    let Some(text) = texts.source(file).map_err(|problem| vec![problem])? else {
        return Ok(None);
    };
    if let Some(registered) = instrument
        .digest
        .as_ref()
        .filter(|known| *known != text.digest())
    {
        let (number, found) = (&instrument.number, text.digest());
        let message = text!(
            "`{number}` 的文本不是登记的那一份",
            "the text of `{number}` is not the one registered"
        );
        let other = Diagnostic::new(Code::TextsOther, message)
            .at(instrument.declared.clone())
            .why(text!(
                "登记的摘要是 {registered}，`{file}` 的摘要是 {found}",
                "the digest registered is {registered}, that of `{file}` is {found}"
            ))
            .help(text!(
                "如果这就是要用的文本，先把登记表中的 digest 改为 {found}，再重新锁定",
                "if this is the text to go by, write {found} as its `digest` in the registry, then lock it anew"
            ));
        return Err(vec![other]);
    }
    let (source, _) = rules
        .source(&outline_path(name))
        .map_err(|problem| vec![problem])?;
    let outline = Outline::load(&source)?;
    let clauses = cut(&text, &outline)?;
    Ok(Some((text, Body::new(clauses))))
}
