//! Tables as officials keep them: one row a case, in workbooks (xlsx, xls, ods) and text files (CSV).
//!
//! Terms: a *book* is one file of tables; its *main table* has one row a case; *further sheets* hold more facts of the
//! cases, or rows of their lists, keyed by case number.
//!
//! A cell means what the same text would mean in a dossier, widened by the ways tables are written in: dates in several
//! forms, numbers with units, ticks, lists in one cell. The cells of a row become the outline of a record, which the
//! reader of dossiers decodes; so every message about a value is the same for both.
//!
//! Invariants: a cell that cannot be read is told with sheet and cell, and the row's other facts stand; of such a record
//! silence says nothing ([`choucha_core::record::Record::is_partial`]). Nothing a file holds can exhaust memory or time: what it
//! unpacks to is measured before it is read, and cells are kept only where there are any.

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
mod ods;
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
pub use view::{Held, Sheet};

use choucha_core::diagnostic::Diagnostic;
use choucha_core::source::sha256;
use choucha_core::vocabulary::Vocabulary;
use grid::Grid;

/// The names, in both languages, of the sheet that tells how to fill in a workbook: it holds no cases.
pub const INSTRUCTIONS: (&str, &str) = ("填写说明", "Instructions");

/// A name as a sheet may bear it: without the characters no sheet may have, and no longer than 31.
#[must_use]
pub fn sheet_title(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\'))
        .take(31)
        .collect()
}

/// The most bytes a file of tables may have.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A file of tables that has been read into cells.
#[derive(Debug)]
pub struct Book {
    name: Arc<str>,
    /// `sha256:…` of the file.
    digest: Arc<str>,
    grids: Vec<Grid>,
    /// What is worth knowing of the file itself.
    notes: Vec<Diagnostic>,
}

impl Book {
    /// Reads a workbook, whatever its kind; its first bytes tell.
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

    /// Reads a text file of one table: fields separated by commas, semicolons or tabs, in any encoding that dossiers come
    /// in.
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

    /// Whether it is a text file, which has one sheet without a name of its own.
    fn is_text(&self) -> bool {
        self.grids.iter().any(|grid| grid.texts.is_some())
    }
}
