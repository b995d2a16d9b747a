//! How much memory a file of tables may come to, counted before room is made for it.
//!
//! A few bytes may stand for many: a text that thousands of cells name, a cell repeated over a million rows, elements
//! that pack a thousand to one. So what is counted is what a file comes to in memory, not what it takes on disk: the
//! file itself, what a reader of workbooks keeps of it, and the cells with their texts. One limit stands for all kinds.
//!
//! Terms: the *store* holds the texts of the cells; equal texts are kept once.

use std::collections::HashSet;
use std::sync::Arc;

use crate::ingest;

/// The most memory a file of tables may come to, in bytes.
pub(super) const MOST: u64 = 608 * 1024 * 1024;

/// The most bytes the text of a cell may have. Spreadsheets keep at most 32,767 characters.
pub(super) const MAX_TEXT: usize = 128 * 1024;

/// The most bytes of text in all cells together, each counted as often as it is shown.
pub(super) const MAX_SHOWN: u64 = 384 * 1024 * 1024;

/// What a row that holds something takes, and the first room for its cells.
const ROW: u64 = 200;

/// What a cell takes.
const CELL: u64 = 40;

/// What a text takes beside its bytes.
const TEXT: u64 = 72;

/// The memory and the text there may be, in MiB, and the text of a cell, in KiB.
pub(super) fn limits() -> [u64; 3] {
    let mib = 1024 * 1024;
    [MOST / mib, MAX_SHOWN / mib, MAX_TEXT as u64 / 1024]
}

/// That a file of tables comes to more than there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exceeded;

/// What is left of the memory a file may come to.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
}

impl Budget {
    /// Everything a file of so many bytes leaves.
    pub(super) fn beside(bytes: u64) -> Self {
        Budget {
            left: MOST.saturating_sub(bytes),
        }
    }

    /// Takes so many bytes.
    pub(super) fn take(&mut self, bytes: u64) -> Result<(), Exceeded> {
        self.left = self.left.checked_sub(bytes).ok_or(Exceeded)?;
        Ok(())
    }
}

/// The texts of the cells of one file.
#[derive(Debug)]
pub(super) struct Store {
    budget: Budget,
    known: HashSet<Arc<str>>,
    shown: u64,
    row: Option<u32>,
}

impl Store {
    pub(super) fn new(budget: Budget) -> Self {
        Store {
            budget,
            known: HashSet::new(),
            shown: 0,
            row: None,
        }
    }

    /// Begins a sheet.
    pub(super) fn sheet(&mut self) {
        self.row = None;
    }

    /// The text of a cell, kept once for all cells that show it.
    pub(super) fn text(&mut self, text: &str) -> Result<Arc<str>, Exceeded> {
        let bytes = text.len() as u64;
        self.shown = self.shown.saturating_add(bytes);
        if text.len() > MAX_TEXT || self.shown > MAX_SHOWN {
            return Err(Exceeded);
        }
        if let Some(known) = self.known.get(text) {
            return Ok(Arc::clone(known));
        }
        self.budget.take(TEXT + bytes)?;
        let text: Arc<str> = text.into();
        self.known.insert(Arc::clone(&text));
        Ok(text)
    }

    /// Makes room for something else that is kept.
    pub(super) fn keep(&mut self, bytes: u64) -> Result<(), Exceeded> {
        self.budget.take(bytes)
    }

    /// Makes room for a cell of a row.
    pub(super) fn cell(&mut self, row: u32) -> Result<(), Exceeded> {
        if self.row.replace(row) != Some(row) {
            self.budget.take(ROW)?;
        }
        self.budget.take(CELL)
    }
}

/// The most bytes one case of a table may have: as many as a dossier.
pub(super) const MAX_CASE: u64 = ingest::MAX_BYTES as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_kept_once_and_counted_as_often_as_they_are_shown() {
        let mut store = Store::new(Budget::beside(0));
        let text = "长".repeat(MAX_TEXT / 3);
        let first = store.text(&text).unwrap();
        let times = MAX_SHOWN / text.len() as u64;
        for _ in 1..times {
            assert!(Arc::ptr_eq(&first, &store.text(&text).unwrap()));
        }
        assert_eq!(store.text(&text), Err(Exceeded));
    }

    #[test]
    fn a_file_that_takes_all_leaves_no_room_for_a_cell() {
        assert_eq!(Store::new(Budget::beside(MOST)).cell(0), Err(Exceeded));
        let mut store = Store::new(Budget::beside(MOST - ROW - 2 * CELL));
        assert_eq!((store.cell(3), store.cell(3)), (Ok(()), Ok(())));
        assert_eq!(store.cell(3), Err(Exceeded));
        assert_eq!(
            Store::new(Budget::beside(0)).text(&"x".repeat(MAX_TEXT + 1)),
            Err(Exceeded)
        );
    }
}
