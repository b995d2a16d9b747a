//! Open documents: the spread of repeated cells, merged cells, hidden rows and columns.
//!
//! An open document writes equal cells once with a count, so that a small file may spread over billions of cells. The
//! reader of workbooks reports neither merged nor hidden parts of this format; one pass here finds all of it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::budget::{Budget, Exceeded};
use super::grid::Merge;
use super::guard;
use super::hidden::Hidden;
use choucha_core::diagnostic::Diagnostic;

/// The limit of a count of spaces: no cell has so many.
const MAX_SPACES: u64 = 10_000_000;

/// The most sheets a document has: no spreadsheet keeps more, and the reader takes long over very many.
const MAX_SHEETS: u64 = 10_000;

/// The most bytes of the manifest that are looked at.
const MAX_MANIFEST: u64 = 16 * 1024 * 1024;

/// What the reader makes room for by the area of a sheet: its cells and formulas as it meets them, and spread out.
const SPREAD: u64 = 112;

/// What it keeps of a text or a formula beside its bytes, each time it repeats it.
const EACH: u64 = 32;

/// The layout of a sheet that the reader of workbooks does not report.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) merges: Vec<Merge>,
    pub(super) hides: Hidden,
}

/// The layout of every sheet, by name; or why the document cannot be read. What the reader will keep is taken from the
/// budget.
pub(super) fn survey(
    name: &str,
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<HashMap<String, Layout>, Box<Diagnostic>> {
    let damaged = |why: &str| guard::damaged(name, why);
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    if let Ok(mut manifest) = archive.by_name("META-INF/manifest.xml") {
        let mut text = String::new();
        // A manifest that is no text says nothing of a password, nor does one that is longer than any is.
        let manifest = std::io::Read::by_ref(&mut manifest);
        let _ = std::io::Read::read_to_string(
            &mut std::io::Read::take(manifest, MAX_MANIFEST),
            &mut text,
        );
        if text.contains("encryption-data") {
            return Err(guard::encrypted(name));
        }
    }
    let content = archive
        .by_name("content.xml")
        .map_err(|error| damaged(&error.to_string()))?;
    let mut survey = Survey::new(budget);
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

impl From<Exceeded> for Stopped {
    fn from(_: Exceeded) -> Self {
        Stopped::TooLarge
    }
}

struct Survey<'b> {
    budget: &'b mut Budget,
    sheets: HashMap<String, Layout>,
    /// How many there are, those of one name among them.
    count: u64,
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
    /// How long the text of the open cell may be, with its formula and value.
    text: u64,
}

impl<'b> Survey<'b> {
    fn new(budget: &'b mut Budget) -> Self {
        Survey {
            budget,
            sheets: HashMap::new(),
            count: 0,
            sheet: String::new(),
            described: 0,
            row: 0,
            repeated: 0,
            column: 0,
            filled: 0,
            spread: 0,
            widest: 0,
            rows: 0,
            spaces: 0,
            pending: 0,
            text: 0,
        }
    }

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
                        self.end_cell(self.pending)?;
                        self.pending = 0;
                    }
                    "table:table" => self.end_sheet()?,
                    _ => {}
                },
                Event::Eof => return Ok(()),
                Event::Text(text) => self.more(text.len()),
                Event::CData(text) => self.more(text.len()),
                // A character by its name or number.
                Event::GeneralRef(_) => self.more(4),
                _ => {}
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<(), Stopped> {
        let count = |name: &str| number(start, name);
        match start.name().as_ref() {
            "table:table" => {
                self.count += 1;
                if self.count > MAX_SHEETS {
                    return Err(Stopped::TooLarge);
                }
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
                self.text = 0;
                if valued {
                    self.more(start.len());
                }
                if empty {
                    self.column = self.column.saturating_add(repeated);
                    self.end_cell(repeated)?;
                } else {
                    self.pending = repeated;
                }
            }
            "text:s" => {
                let spaces = count("text:c").unwrap_or(1);
                self.text = self.text.saturating_add(spaces);
                self.spaces = self.spaces.saturating_add(spaces);
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

    fn more(&mut self, bytes: usize) {
        self.text = self.text.saturating_add(bytes as u64);
    }

    /// The text of a cell is kept as often as the cell is repeated.
    fn end_cell(&mut self, repeated: u64) -> Result<(), Stopped> {
        let text = std::mem::take(&mut self.text);
        if text > 0 {
            let cells = repeated.saturating_mul(self.repeated.max(1));
            self.budget.take((text + EACH).saturating_mul(cells))?;
        }
        Ok(())
    }

    /// All cells between the first and the last are kept, and those filled as well.
    fn end_sheet(&mut self) -> Result<(), Stopped> {
        let area = self.rows.saturating_mul(self.widest).max(self.spread);
        self.budget.take(area.saturating_mul(SPREAD))?;
        (self.rows, self.widest, self.spread) = (0, 0, 0);
        Ok(())
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
