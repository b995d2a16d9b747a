//! Text files of one table.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::grid::{Cell, Grid, Texts};
use crate::ingest;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// How much of the beginning is used to find the separator.
const LOOKED_AT: usize = 64 * 1024;

/// Reads the table of a text file. Rows and columns are numbered as in a sheet; the sheet is named after the file.
pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<(Grid, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (source, notes) = ingest::text_of(name, bytes)?;
    let text: Arc<str> = source.text().into();
    let delimiter = delimiter(&text);
    let sheet = Path::new(name)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut grid = Grid::new(&sheet, Vec::new());
    let mut rows = HashMap::new();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // One byte: the delimiters are all ASCII.
        .delimiter(delimiter as u8)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut row = 0;
    let mut line = 1;
    let mut start = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(vec![unreadable(name, &error)]),
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let end = end.min(text.len());
        // The reader skips blank lines; their line breaks precede the row.
        let written = text.get(start..end).unwrap_or_default();
        let blank = written.len() - written.trim_start_matches(['\r', '\n']).len();
        let first = line + written[..blank].matches('\n').count();
        rows.insert(row, (start + blank..end, first));
        line += written.matches('\n').count();
        start = end;
        for (column, field) in (0..).zip(record.iter()) {
            grid.put(row, column, Cell::Text(field.into()));
        }
        row += 1;
    }
    grid.texts = Some(Texts {
        text,
        rows,
        delimiter,
    });
    Ok((grid, notes))
}

/// The separator of the fields: the mark that occurs most in the first lines.
fn delimiter(text: &str) -> char {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let count = |mark: char| head.matches(mark).count();
    let marks = [',', '\t', ';'];
    marks
        .into_iter()
        // Of equals, the first.
        .rev()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(',')
}

fn unreadable(name: &str, error: &csv::Error) -> Diagnostic {
    Diagnostic::new(
        Code::InputSyntax,
        text!(
            "无法按表格读取：{error}",
            "cannot be read as a table: {error}"
        ),
    )
    .about(name)
    .help(Text::new(
        "请用表格软件打开，另存为 CSV（UTF-8）或者 xlsx",
        "open it in a spreadsheet and save it as CSV (UTF-8) or xlsx",
    ))
}
