//! The browser page shows the progress of a run itself.

use choucha_core::lang::Lang;
use choucha_intake::batch::Input;

/// Shows nothing.
pub(super) struct Progress;

impl Progress {
    /// Shows nothing, even if wanted.
    pub(super) fn new(_wanted: bool, _lang: Lang, _inputs: &[Input]) -> Self {
        Progress
    }

    /// False.
    pub(super) fn is_wanted(&self) -> bool {
        false
    }

    /// Does nothing.
    pub(super) fn advance(&mut self, _cases: usize, _before: usize, _bytes: u64) {}

    /// Runs `write`.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        write()
    }

    /// Does nothing.
    pub(super) fn end(&mut self) {}
}
