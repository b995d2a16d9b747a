//! Tables in the form officials keep them: one row per case, in workbooks (xlsx, xls, ods) and text files (CSV).
//!
//! Terms: a *book* is one file of tables; its *main table* has one row per case; *further sheets* hold more facts of the
//! cases, or rows of their lists, keyed by case number.
//!
//! A cell means what the same text would mean in a dossier; tables may also write dates in several
//! forms, numbers with units, ticks, and lists in one cell. The cells of a row become the outline of a record, which the
//! reader of dossiers decodes; so every message about a value is the same for both.
//!
//! Invariants: an unreadable cell is reported with sheet and cell, and the row's other facts stay; the silence of such a
//! record means nothing ([`choucha_core::record::Record::is_partial`]). No file can exhaust memory or time: its unpacked
//! size is measured before it is read, and only filled cells are kept.

mod budget;
mod campaign;
mod cases;
mod columns;
mod delimited;
mod faults;
mod grid;
mod guard;
mod heading;
mod hidden;
mod index;
mod layout;
mod ods;
mod old;
mod placing;
mod row;
mod sheets;
#[cfg(test)]
mod tests;
mod view;
mod workbook;
mod written;

use std::sync::Arc;

pub use cases::{Cases, Rows};
pub use columns::Columns;
pub use guard::guarded;
pub use layout::{ColumnLayout, Holding, Layout, Reads, SheetLayout, Unread};
pub use view::{Held, Sheet};

use choucha_core::diagnostic::Diagnostic;
use choucha_core::source::sha256;
use choucha_core::vocabulary::Vocabulary;
use grid::Grid;

/// The names, in both languages, of a workbook's sheet of instructions: it holds no cases.
pub const INSTRUCTIONS: (&str, &str) = ("填写说明", "Instructions");

/// A name made valid for a sheet: without forbidden characters, and at most 31 long.
#[must_use]
pub fn sheet_title(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\'))
        .take(31)
        .collect()
}

/// The most bytes a file of tables may have.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A file of tables, read into cells.
#[derive(Debug)]
pub struct Book {
    name: Arc<str>,
    /// `sha256:…` of the file.
    digest: Arc<str>,
    grids: Vec<Grid>,
    /// Notes on the file itself.
    notes: Vec<Diagnostic>,
}

impl Book {
    /// Reads a workbook of any kind; its first bytes decide.
    ///
    /// # Errors
    ///
    /// It is encrypted, damaged, too large, or no workbook.
    pub fn workbook(name: &str, bytes: Vec<u8>) -> Result<Book, Box<Diagnostic>> {
        let digest = sha256(&bytes);
        let (grids, notes) = workbook::read(name, bytes)?;
        Ok(Book {
            name: name.into(),
            digest: digest.into(),
            grids,
            notes,
        })
    }

    /// Reads a text file of one table: fields separated by commas, semicolons or tabs, in any encoding of dossiers.
    ///
    /// # Errors
    ///
    /// It is no text.
    pub fn delimited(name: &str, bytes: Vec<u8>) -> Result<Book, Vec<Diagnostic>> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            let kind = guard::check(name, &bytes)
                .map_err(|refused| vec![*refused])?
                .kind;
            return Err(vec![workbook::misnamed(name, kind)]);
        }
        let digest = sha256(&bytes);
        let (grid, notes) = delimited::read(name, bytes)?;
        Ok(Book {
            name: name.into(),
            digest: digest.into(),
            grids: vec![grid],
            notes,
        })
    }

    /// The cases the book holds.
    #[must_use]
    pub fn cases<'v>(self, vocabulary: &'v Vocabulary, columns: &Columns) -> Cases<'v> {
        Cases::new(self, vocabulary, columns)
    }

    /// Whether it is a text file, with one sheet named after the file.
    fn is_text(&self) -> bool {
        self.grids.iter().any(|grid| grid.texts.is_some())
    }
}
