//! Checks the quotes of the rules: against the texts of the instruments or, without texts, against their locks.
//!
//! Terms: a *text* is the file of an instrument that the registry names; texts are an input and not shipped. Shipped
//! are the description of how each is cut (`rules/clauses/<name>.yaml`) and its lock
//! (`rules/clauses/<name>.lock.yaml`).
//!
//! Invariants: a quote resolves to exactly one clause of the section it names, or there is a diagnostic at its place in
//! the script; one run reports all errors; the same rules and texts give the same locks to the byte.
//!
//! When rules come from a folder on disk, the locks are read and the quotes checked. The rules that the program carries
//! are not checked at every start, because they cannot change after the build: a test of the program checks them, with
//! the same functions, before a release.

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

/// The path of the file that describes how to cut an instrument.
fn outline_path(name: &str) -> String {
    format!("clauses/{name}.yaml")
}

/// The path of the lock of an instrument.
fn lock_path(name: &str) -> String {
    format!("clauses/{name}.lock.yaml")
}

/// The lock of an instrument; `None` if its clauses are not described.
///
/// # Errors
/// Diagnostics, if the lock is missing or cannot be used.
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

/// The clauses of an instrument, cut from its text; `None` if its clauses are not described or its text is not
/// available.
///
/// # Errors
/// Diagnostics, if the text cannot be read, is not the registered one, or cannot be cut as described.
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
