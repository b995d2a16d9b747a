//! Text files of one table.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::budget::{self, Budget, Exceeded, MAX_CASE, Store};
use super::grid::{Cell, Grid, Texts};
use crate::ingest;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// How much of the beginning is used to find the separator.
const LOOKED_AT: usize = 64 * 1024;

/// The most bytes a text file of one table may have.
const MAX_BYTES: usize = 160 * 1024 * 1024;

/// What is kept of where a row stands.
const PLACE: u64 = 64;

/// Reads the table of a text file. Rows and columns are numbered as in a sheet; the sheet is named after the file.
pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<(Grid, Vec<Diagnostic>), Vec<Diagnostic>> {
    if bytes.len() > MAX_BYTES {
        return Err(vec![too_large(name)]);
    }
    let (source, notes) = ingest::text_of(name, bytes)?;
    let text: Arc<str> = source.text().into();
    drop(source);
    let delimiter = delimiter(&text);
    // A row is kept whole while it is read.
    if let Some(line) = endless_row(&text, delimiter) {
        return Err(vec![endless(name, line)]);
    }
    let exceeded = |_: Exceeded| vec![too_large(name)];
    let mut budget = Budget::beside(text.len() as u64);
    // Some room to read one row.
    budget.take(4 * MAX_CASE).map_err(exceeded)?;
    let mut store = Store::new(budget);
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
        store.keep(PLACE).map_err(exceeded)?;
        for (column, field) in (0..).zip(record.iter()) {
            if field.trim().is_empty() {
                continue;
            }
            let field = store.text(field).map_err(exceeded)?;
            store.cell(row).map_err(exceeded)?;
            grid.put(row, column, Cell::Text(field));
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

/// The line of a row that is longer than a case may be, if there is one: fields in quotes may hold line breaks, and a quote
/// that is never closed takes all that follows.
fn endless_row(text: &str, delimiter: char) -> Option<usize> {
    let (mut start, mut line, mut first) = (0, 1, 1);
    let (mut quoted, mut begins) = (false, true);
    for (at, byte) in text.bytes().enumerate() {
        let ends = matches!(byte, b'\n' | b'\r');
        line += usize::from(byte == b'\n');
        match byte {
            // Of two quotes within a field in quotes the second opens it again.
            b'"' if quoted => (quoted, begins) = (false, true),
            b'"' if begins => quoted = true,
            _ if quoted => {}
            _ if ends => (start, first, begins) = (at + 1, line, true),
            _ => begins = char::from(byte) == delimiter,
        }
        if (at + 1 - start) as u64 > MAX_CASE {
            return Some(first);
        }
    }
    None
}

fn endless(name: &str, line: usize) -> Diagnostic {
    let limit = MAX_CASE / 1024 / 1024;
    Diagnostic::new(
        Code::InputTooLarge,
        text!(
            "第 {line} 行开始的一行表格超过 {limit} MiB",
            "the row that begins on line {line} is longer than {limit} MiB"
        ),
    )
    .about(format!("{name}:{line}"))
    .why(Text::new(
        "字段以引号开头而没有结束的引号，以后的各行都算在这个字段里",
        "a field that begins with a quote and never ends takes in all the lines that follow",
    ))
    .help(Text::new(
        "请补上缺少的引号，或者用表格软件打开，另存为 xlsx",
        "add the missing quote, or open it in a spreadsheet and save it as xlsx",
    ))
}

fn too_large(name: &str) -> Diagnostic {
    let limit = MAX_BYTES / 1024 / 1024;
    let [memory, shown, cell] = budget::limits();
    Diagnostic::new(
        Code::InputTooLarge,
        Text::new(
            "表格过大，没有读取",
            "the table is too large, and was not read",
        ),
    )
    .about(name)
    .why(text!(
        "文件最多 {limit} MiB；全部单元格最多占用 {memory} MiB 内存、{shown} MiB 文字；一个单元格的文字最多 {cell} KiB",
        "a file may have {limit} MiB; all cells may take {memory} MiB of memory and {shown} MiB of text; a cell may hold {cell} KiB of text"
    ))
    .help(Text::new(
        "请分成几个文件，或者改用 NDJSON",
        "split it into several files, or use NDJSON",
    ))
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
