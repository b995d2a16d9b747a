//! Rows and columns that a workbook hides: they are read like the others, and a note lists them.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Cursor, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// How many hidden rows or column areas of a sheet are remembered.
const MAX_KEPT: usize = 10_000;

/// The hidden parts of a sheet; numbers from 0, both ends included.
#[derive(Debug, Default, Clone)]
pub(super) struct Hidden {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<(u32, u32)>,
}

impl Hidden {
    pub(super) fn has_row(&self, row: u32) -> bool {
        self.rows.binary_search(&row).is_ok()
    }

    pub(super) fn has_column(&self, column: u32) -> bool {
        self.columns
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// Hides rows, up to the limit.
    pub(super) fn hide_rows(&mut self, first: u64, last: u64) {
        let left = MAX_KEPT.saturating_sub(self.rows.len());
        let rows = (first..=last)
            .take(left)
            .map_while(|row| u32::try_from(row).ok());
        self.rows.extend(rows);
    }

    /// Hides columns, up to the limit of areas.
    pub(super) fn hide_columns(&mut self, first: u64, last: u64) {
        if let (Ok(first), true) = (u32::try_from(first), self.columns.len() < MAX_KEPT) {
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            self.columns.push((first, last));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.columns.is_empty()
    }

    /// The same, transposed.
    pub(super) fn turned(&self) -> Hidden {
        let mut rows: Vec<u32> = self
            .columns
            .iter()
            .flat_map(|(first, last)| (*first..=*last).take(MAX_KEPT))
            .collect();
        rows.sort_unstable();
        Hidden {
            rows,
            columns: self.rows.iter().map(|row| (*row, *row)).collect(),
        }
    }
}

/// The hidden parts of an xlsx's sheets, by name. A damaged book hides nothing here: its reader reports the
/// damage.
pub(super) fn of_xlsx(bytes: &[u8]) -> HashMap<String, Hidden> {
    survey(bytes).unwrap_or_default()
}

/// Whether two sheets of an xlsx are the same part: no spreadsheet writes that, and each would be read.
pub(super) fn shares_parts(bytes: &[u8]) -> bool {
    let archive = ZipArchive::new(Cursor::new(bytes)).ok();
    let sheets = archive.and_then(|mut archive| sheets(&mut archive));
    let mut seen = HashSet::new();
    sheets
        .unwrap_or_default()
        .iter()
        .any(|(_, path)| !seen.insert(path.to_ascii_lowercase()))
}

/// The hidden parts of an old workbook's sheets, in order. A damaged book hides nothing here.
pub(super) fn of_xls(bytes: &[u8]) -> Vec<Hidden> {
    let Ok(mut file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return Vec::new();
    };
    let streams = ["/Workbook", "/Book"];
    let mut records = Vec::new();
    if let Some(path) = streams.into_iter().find(|path| file.is_stream(path))
        && let Ok(stream) = file.open_stream(path)
        && stream
            .take(bytes.len() as u64)
            .read_to_end(&mut records)
            .is_ok()
    {
        return of_records(&records);
    }
    Vec::new()
}

/// Every sheet is a run of records; the first run, the workbook's own, says where the others begin.
fn of_records(records: &[u8]) -> Vec<Hidden> {
    const SHEET: u64 = 0x0085;
    const ROW: u64 = 0x0208;
    const COLUMNS: u64 = 0x007D;
    const END: u64 = 0x000A;
    let number = |at: usize| -> Option<u64> {
        let bytes = [*records.get(at)?, *records.get(at + 1)?];
        Some(u64::from(u16::from_le_bytes(bytes)))
    };
    // Runs do not overlap, so all together have at most this many records.
    let left = Cell::new(records.len() / 4);
    // Calls `each` with the kind and position of every record of a run.
    let run = |from: usize, each: &mut dyn FnMut(u64, usize)| {
        let mut at = from;
        while let (Some(kind), Some(length)) = (number(at), number(at + 2)) {
            if kind == END || left.get() == 0 {
                return;
            }
            left.set(left.get() - 1);
            each(kind, at + 4);
            at += 4 + usize::try_from(length).unwrap_or(0);
        }
    };
    let mut begins = Vec::new();
    run(0, &mut |kind, data| {
        if kind == SHEET
            && let (Some(low), Some(high)) = (number(data), number(data + 2))
        {
            begins.push(usize::try_from(low | high << 16).unwrap_or(usize::MAX));
        }
    });
    let hidden = |from: usize| {
        let mut hidden = Hidden::default();
        run(from, &mut |kind, data| match kind {
            ROW if number(data + 12).is_some_and(|how| how & 0x20 != 0) => {
                if let Some(row) = number(data) {
                    hidden.hide_rows(row, row);
                }
            }
            COLUMNS if number(data + 8).is_some_and(|how| how & 1 != 0) => {
                if let (Some(first), Some(last)) = (number(data), number(data + 2)) {
                    hidden.hide_columns(first, last);
                }
            }
            _ => {}
        });
        hidden.rows.sort_unstable();
        hidden
    };
    begins.into_iter().map(hidden).collect()
}

/// The sheets of an xlsx by name, each with its part.
fn sheets(archive: &mut ZipArchive<impl Read + Seek>) -> Option<Vec<(String, String)>> {
    let mut targets: HashMap<String, String> = HashMap::new();
    each(archive, "xl/_rels/workbook.xml.rels", |start| {
        if start.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target"))
        {
            targets.insert(id, target);
        }
        true
    })?;
    let mut sheets: Vec<(String, String)> = Vec::new();
    each(archive, "xl/workbook.xml", |start| {
        if start.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(start, "name"), attribute(start, "r:id"))
            && let Some(target) = targets.get(&id)
        {
            let path = match target.strip_prefix('/') {
                Some(path) => path.to_owned(),
                None => format!("xl/{target}"),
            };
            sheets.push((name, path));
        }
        true
    })?;
    Some(sheets)
}

fn survey(bytes: &[u8]) -> Option<HashMap<String, Hidden>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let sheets = sheets(&mut archive)?;
    let mut found = HashMap::new();
    for (name, path) in sheets {
        let mut hidden = Hidden::default();
        let mut row = 0;
        each(&mut archive, &path, |start| {
            let is_hidden = || matches!(attribute(start, "hidden").as_deref(), Some("1" | "true"));
            let number = |name: &str| attribute(start, name)?.parse::<u32>().ok()?.checked_sub(1);
            match start.local_name().as_ref() {
                "col" if is_hidden() && hidden.columns.len() < MAX_KEPT => {
                    hidden.columns.extend(number("min").zip(number("max")));
                }
                "row" => {
                    let at = number("r").unwrap_or(row);
                    row = at.saturating_add(1);
                    if is_hidden() {
                        hidden.hide_rows(at.into(), at.into());
                    }
                }
                _ => {}
            }
            hidden.rows.len() < MAX_KEPT
        });
        hidden.rows.sort_unstable();
        if !hidden.is_empty() {
            found.insert(name, hidden);
        }
    }
    Some(found)
}

/// Calls `each` with every element of a part, until it returns false.
fn each(
    archive: &mut ZipArchive<impl Read + Seek>,
    part: &str,
    mut each: impl FnMut(&BytesStart<'_>) -> bool,
) -> Option<()> {
    let part = archive.by_name(part).ok()?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) | Event::Empty(start) if !each(&start) => return Some(()),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    Some(value.ok()?.into_owned())
}
