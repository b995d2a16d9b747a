//! Open documents: the spread of repeated cells, merged cells, hidden rows and columns.
//!
//! An open document writes equal cells once with a count, so that a small file may spread over billions of cells. The
//! reader of workbooks reports neither merged nor hidden parts of this format; one pass here finds all of it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::grid::Merge;
use super::guard::{self, MAX_AREA};
use super::hidden::Hidden;
use choucha_core::diagnostic::Diagnostic;

/// The limit of a count of spaces: no cell has so many.
const MAX_SPACES: u64 = 10_000_000;

/// The layout of a sheet that the reader of workbooks does not report.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) merges: Vec<Merge>,
    pub(super) hides: Hidden,
}

/// The layout of every sheet, by name; or why the document cannot be read.
pub(super) fn survey(name: &str, bytes: &[u8]) -> Result<HashMap<String, Layout>, Box<Diagnostic>> {
    let damaged = |why: &str| guard::damaged(name, why);
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    if let Ok(mut manifest) = archive.by_name("META-INF/manifest.xml") {
        let mut text = String::new();
        // A manifest that is no text declares no password.
        let _ = std::io::Read::read_to_string(&mut manifest, &mut text);
        if text.contains("encryption-data") {
            return Err(guard::encrypted(name));
        }
    }
    let content = archive
        .by_name("content.xml")
        .map_err(|error| damaged(&error.to_string()))?;
    let mut survey = Survey::default();
    match survey.read(BufReader::new(content)) {
        Ok(()) => Ok(survey.sheets),
        Err(Stopped::TooLarge) => Err(guard::too_large(name)),
        Err(Stopped::Damaged(why)) => Err(damaged(&why)),
    }
}

enum Stopped {
    TooLarge,
    Damaged(String),
}

#[derive(Default)]
struct Survey {
    sheets: HashMap<String, Layout>,
    sheet: String,
    /// How many columns were described so far.
    described: u64,
    row: u64,
    repeated: u64,
    column: u64,
    /// The last column with contents in the row.
    filled: u64,
    /// The spread-out cells of all rows.
    spread: u64,
    widest: u64,
    rows: u64,
    spaces: u64,
    /// The open cell, if repeated: it counts only if it has contents.
    pending: u64,
}

impl Survey {
    fn read(&mut self, content: impl BufRead) -> Result<(), Stopped> {
        let mut reader = Reader::from_reader(content);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = reader
                .read_event_into(&mut buffer)
                .map_err(|error| Stopped::Damaged(error.to_string()))?;
            match event {
                Event::Start(start) => self.start(&start, false)?,
                Event::Empty(start) => self.start(&start, true)?,
                Event::End(end) => match end.name().as_ref() {
                    "table:table-row" => self.end_row()?,
                    "table:table-cell" | "table:covered-table-cell" => {
                        self.column = self.column.saturating_add(self.pending);
                        self.pending = 0;
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<(), Stopped> {
        let count = |name: &str| number(start, name);
        match start.name().as_ref() {
            "table:table" => {
                self.sheet = attribute(start, "table:name").unwrap_or_default();
                (self.row, self.widest, self.rows, self.described) = (0, 0, 0, 0);
            }
            "table:table-column" => {
                let repeated = count("table:number-columns-repeated").unwrap_or(1);
                let first = self.described;
                self.described = first.saturating_add(repeated);
                if is_hidden(start) {
                    let last = self.described - 1;
                    self.layout().hides.hide_columns(first, last);
                }
            }
            "table:table-row" => {
                self.repeated = count("table:number-rows-repeated").unwrap_or(1);
                (self.column, self.filled) = (0, 0);
                if is_hidden(start) {
                    let (first, last) = (self.row, self.row.saturating_add(self.repeated - 1));
                    self.layout().hides.hide_rows(first, last);
                }
                if empty {
                    self.end_row()?;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeated = count("table:number-columns-repeated").unwrap_or(1);
                let across = count("table:number-columns-spanned").unwrap_or(1);
                let down = count("table:number-rows-spanned").unwrap_or(1);
                if across > 1 || down > 1 {
                    self.merge(across, down);
                }
                let valued = attribute(start, "office:value-type").is_some()
                    || attribute(start, "table:formula").is_some();
                if valued {
                    self.filled = self.column.saturating_add(repeated);
                }
                if empty {
                    self.column = self.column.saturating_add(repeated);
                } else {
                    self.pending = repeated;
                }
            }
            "text:s" => {
                self.spaces = self.spaces.saturating_add(count("text:c").unwrap_or(1));
                if self.spaces > MAX_SPACES {
                    return Err(Stopped::TooLarge);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn merge(&mut self, across: u64, down: u64) {
        let small = |n: u64| u32::try_from(n).ok();
        let ends = (
            small(self.row.saturating_add(down - 1)),
            small(self.column.saturating_add(across - 1)),
        );
        if let (Some(top), Some(left), (Some(bottom), Some(right))) =
            (small(self.row), small(self.column), ends)
        {
            let merge = Merge {
                top,
                left,
                bottom,
                right,
            };
            self.layout().merges.push(merge);
        }
    }

    fn layout(&mut self) -> &mut Layout {
        self.sheets.entry(self.sheet.clone()).or_default()
    }

    /// Rows between filled ones are spread out too, as wide as the widest.
    fn end_row(&mut self) -> Result<(), Stopped> {
        self.row = self.row.saturating_add(self.repeated);
        if self.filled > 0 {
            self.widest = self.widest.max(self.filled);
            self.rows = self.row;
            self.spread = self
                .spread
                .saturating_add(self.filled.saturating_mul(self.repeated));
        }
        let area = self.rows.saturating_mul(self.widest);
        if area.max(self.spread) > MAX_AREA {
            return Err(Stopped::TooLarge);
        }
        Ok(())
    }
}

fn is_hidden(start: &BytesStart<'_>) -> bool {
    let visibility = attribute(start, "table:visibility");
    matches!(visibility.as_deref(), Some("collapse" | "filter"))
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(
        attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .ok()?
            .into_owned(),
    )
}

/// A count; one that is no number counts as above the limit.
fn number(start: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(start, name).map(|text| text.trim().parse().unwrap_or(u64::MAX / 4).max(1))
}
