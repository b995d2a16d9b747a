//! In the browser page the page itself shows how far a run has come.

use choucha_core::lang::Lang;
use choucha_intake::batch::Input;

/// Nothing.
pub(super) struct Progress;

impl Progress {
    /// Nothing, whatever is wanted.
    pub(super) fn new(_wanted: bool, _lang: Lang, _inputs: &[Input]) -> Self {
        Progress
    }

    /// No.
    pub(super) fn is_wanted(&self) -> bool {
        false
    }

    /// Some more cases are done.
    pub(super) fn advance(&mut self, _cases: usize, _before: usize, _bytes: u64) {}

    /// Does it.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        write()
    }

    /// Nothing is shown.
    pub(super) fn end(&mut self) {}
}
