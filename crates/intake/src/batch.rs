//! The inputs a user names, as a stream of cases: dossiers, folders of them, NDJSON, tables.
//!
//! Terms: an *input* is one file, or standard input; it holds one case or many. A *parcel* is a few cases of an input, cut
//! off but not yet decoded, so that several threads may decode at once. A case that cannot be read is returned as its
//! diagnostics, and never stops the others.
//!
//! Invariants: NDJSON is read line by line and folders file by file, so that memory does not grow with the number of
//! cases; inputs come in the given order, those of a folder sorted by path.

mod folder;
mod lines;
mod numbers;
mod parcel;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use folder::{Found, find};
pub use numbers::{Earlier, Numbers, Seen};
pub use parcel::Parcel;

use crate::ingest::{self, Decoded};
use crate::table::{self, Book, Cases, Columns};
use choucha_core::diagnostic::{Code, Diagnostic, system};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::vocabulary::Vocabulary;
use lines::Lines;

/// One file, or standard input as `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The path as given, or within the given folder.
    pub path: PathBuf,
    /// How to read it.
    pub kind: FileKind,
}

/// How to read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// One case, as YAML or JSON.
    Dossier,
    /// One case per line, as JSON.
    Lines,
    /// A table as text: CSV.
    Delimited,
    /// A workbook: xlsx, xls, ods.
    Workbook,
    /// Standard input, or a pipe, whose first bytes tell: it can be read once only.
    Stream,
}

impl FileKind {
    /// The kind by a path's extension; a file without a known extension is a dossier.
    #[must_use]
    pub fn of(path: &Path) -> FileKind {
        if path.as_os_str() == "-" {
            return FileKind::Stream;
        }
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("ndjson" | "jsonl") => FileKind::Lines,
            Some("csv" | "tsv") => FileKind::Delimited,
            Some("xlsx" | "xlsm" | "xls" | "ods" | "xlsb" | "et") => FileKind::Workbook,
            _ => FileKind::Dossier,
        }
    }

    /// Whether such a file may hold more than one case.
    #[must_use]
    pub fn is_many(self) -> bool {
        !matches!(self, FileKind::Dossier | FileKind::Stream)
    }
}

/// One case of an input.
#[derive(Debug, Clone)]
pub struct Case {
    /// The path of the input.
    pub path: String,
    /// The name of the case while its number is unknown: the path, with the line or cell where it begins.
    pub title: String,
    /// The record, or why there is none.
    pub decoded: Decoded,
}

/// Opens inputs.
pub struct Batch<'v> {
    vocabulary: &'v Vocabulary,
    /// The column mapping given for all tables; else each table uses the one next to it.
    columns: Option<&'v Columns>,
    /// Whether reading is to end before its time.
    stopped: &'v (dyn Fn() -> bool + 'v),
}

/// How many rows of a table are decoded at once.
const ROWS: usize = 32;

/// An input being read, parcel by parcel.
pub struct Opened<'a> {
    name: Arc<str>,
    /// Diagnostics for the input as a whole, until they are taken.
    diagnostics: Vec<Diagnostic>,
    cases: Reading<'a>,
    many: bool,
}

enum Reading<'a> {
    One(Option<Parcel>),
    Lines(Lines<'a>),
    Table {
        cases: Box<Cases<'a>>,
        /// The size of the book and its number of rows: their ratio counts as the size of a row.
        bytes: u64,
        rows: u64,
    },
}

impl<'v> Batch<'v> {
    /// Reads inputs with the vocabulary; `columns` is the mapping for all tables, if one is given.
    #[must_use]
    pub fn new(vocabulary: &'v Vocabulary, columns: Option<&'v Columns>) -> Self {
        Batch {
            vocabulary,
            columns,
            stopped: &|| false,
        }
    }

    /// Ends reading where this says so, even within a line that has no end.
    #[must_use]
    pub fn stopping(mut self, stopped: &'v dyn Fn() -> bool) -> Self {
        self.stopped = stopped;
        self
    }

    /// Opens an input; `stream` is the contents of standard input.
    ///
    /// An input that cannot be opened comes as one unreadable case.
    pub fn open<'a>(&'a self, input: &Input, stream: &'a mut dyn Read) -> Opened<'a> {
        let path = input.path.as_path();
        let name: Arc<str> = path.display().to_string().into();
        match self.reading(input.kind, path, &name, stream) {
            Ok(cases) => {
                let diagnostics = match &cases {
                    Reading::Table { cases, .. } => cases.diagnostics().to_vec(),
                    Reading::One(_) | Reading::Lines(_) => Vec::new(),
                };
                Opened {
                    many: !matches!(cases, Reading::One(_)),
                    name,
                    diagnostics,
                    cases,
                }
            }
            Err(diagnostics) => {
                let failed = Decoded {
                    record: None,
                    diagnostics,
                };
                Opened {
                    cases: Reading::One(Some(Parcel::decoded(&name, vec![failed], 0))),
                    name,
                    diagnostics: Vec::new(),
                    many: input.kind.is_many(),
                }
            }
        }
    }

    fn reading<'a>(
        &'a self,
        kind: FileKind,
        path: &Path,
        name: &Arc<str>,
        stream: &'a mut dyn Read,
    ) -> Result<Reading<'a>, Vec<Diagnostic>> {
        let unreadable = |error: io::Error| vec![system::unreadable(path, &error)];
        match kind {
            FileKind::Dossier => Ok(Reading::One(Some(Parcel::file(name, path.to_owned())))),
            FileKind::Lines => {
                let file = File::open(path).map_err(unreadable)?;
                let reader = BufReader::with_capacity(READ_AT_ONCE, file);
                Ok(Reading::Lines(Lines::new(
                    name,
                    Box::new(reader),
                    self.stopped,
                )))
            }
            FileKind::Delimited | FileKind::Workbook => {
                let file = File::open(path).map_err(unreadable)?;
                let bytes =
                    bounded(file, name).map_err(|stopped| stopped.into_diagnostics(path))?;
                let beside = match &self.columns {
                    Some(_) => None,
                    None => self.beside(path)?,
                };
                self.table(kind, name, bytes, beside.as_ref())
            }
            FileKind::Stream if path.as_os_str() == "-" => self.stream(path, name, stream),
            // Opened here and nowhere else: what was read of it is gone.
            FileKind::Stream => {
                let file = File::open(path).map_err(unreadable)?;
                self.stream(path, name, file)
            }
        }
    }

    fn table<'a>(
        &'a self,
        kind: FileKind,
        name: &str,
        bytes: Vec<u8>,
        beside: Option<&Columns>,
    ) -> Result<Reading<'a>, Vec<Diagnostic>> {
        let size = bytes.len() as u64;
        let book = match kind {
            FileKind::Delimited => Book::delimited(name, bytes)?,
            _ => Book::workbook(name, bytes).map_err(|problem| vec![*problem])?,
        };
        let none = Columns::default();
        let columns = self.columns.or(beside).unwrap_or(&none);
        let cases = Box::new(book.cases(self.vocabulary, columns));
        let rows = cases.remaining() as u64;
        Ok(Reading::Table {
            cases,
            bytes: size,
            rows,
        })
    }

    /// The mapping next to a table: its own, or that of its folder.
    fn beside(&self, table: &Path) -> Result<Option<Columns>, Vec<Diagnostic>> {
        match mapping_beside(table) {
            Some(path) => columns_at(&path, self.vocabulary).map(Some),
            None => Ok(None),
        }
    }

    /// Standard input, or what else can be read once only: a workbook by its first bytes, NDJSON if one object a line follows another, else one dossier.
    fn stream<'a>(
        &'a self,
        path: &Path,
        name: &Arc<str>,
        stream: impl Read + 'a,
    ) -> Result<Reading<'a>, Vec<Diagnostic>> {
        let unreadable = |error: io::Error| vec![system::unreadable(path, &error)];
        let mut reader = BufReader::new(stream);
        let head = reader.fill_buf().map_err(unreadable)?;
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
            let bytes = bounded(reader, name).map_err(|stopped| stopped.into_diagnostics(path))?;
            return self.table(FileKind::Workbook, name, bytes, None);
        }
        let mut begun = Vec::new();
        let first = next_line(&mut reader, &mut begun).map_err(unreadable)?;
        let is_object = begun[first.clone()].trim_ascii().starts_with(b"{")
            && begun[first].trim_ascii().ends_with(b"}");
        if is_object {
            let second = next_line(&mut reader, &mut begun).map_err(unreadable)?;
            if begun[second].trim_ascii().starts_with(b"{") {
                let whole = Cursor::new(begun).chain(reader);
                return Ok(Reading::Lines(Lines::new(
                    name,
                    Box::new(whole),
                    self.stopped,
                )));
            }
        }
        // One byte more than allowed, so that excess is noticed.
        let limit = (ingest::MAX_BYTES as u64 + 1).saturating_sub(begun.len() as u64);
        reader
            .take(limit)
            .read_to_end(&mut begun)
            .map_err(unreadable)?;
        let size = begun.len() as u64;
        let decoded = ingest::read(name, begun, None, self.vocabulary);
        Ok(Reading::One(Some(Parcel::decoded(
            name,
            vec![decoded],
            size,
        ))))
    }
}

/// Whether a path can be read again: standard input, pipes and devices cannot.
#[must_use]
pub fn is_readable_again(path: &Path) -> bool {
    path.as_os_str() != "-" && path.is_file()
}

/// Reads a file of tables into cells again, to show them.
///
/// # Errors
///
/// The file cannot be read, or is no file of tables.
pub fn book_at(path: &Path) -> Result<Book, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| vec![system::unreadable(path, &error)])?;
    let bytes = bounded(file, &name).map_err(|stopped| stopped.into_diagnostics(path))?;
    match FileKind::of(path) {
        FileKind::Delimited => Book::delimited(&name, bytes),
        _ => Book::workbook(&name, bytes).map_err(|problem| vec![*problem]),
    }
}

/// How much of a file is read at once.
const READ_AT_ONCE: usize = 256 * 1024;

/// The dossier in a file, or why it cannot be read.
fn dossier_at(path: &Path, vocabulary: &Vocabulary) -> Decoded {
    match std::fs::metadata(path) {
        Ok(_) => ingest::read_path(path, vocabulary),
        Err(error) => Decoded {
            record: None,
            diagnostics: vec![system::unreadable(path, &error)],
        },
    }
}

fn mapping_beside(table: &Path) -> Option<PathBuf> {
    let own = table.with_extension("columns.yaml");
    let common = table.with_file_name("columns.yaml");
    [own, common].into_iter().find(|path| path.is_file())
}

/// The column mapping next to an input, if the input is a table and there is one.
#[must_use]
pub fn columns_beside(input: &Input) -> Option<PathBuf> {
    match input.kind {
        FileKind::Delimited | FileKind::Workbook => mapping_beside(&input.path),
        FileKind::Dossier | FileKind::Lines | FileKind::Stream => None,
    }
}

/// Reads a column mapping.
///
/// # Errors
///
/// The file cannot be read, or has mistakes; all of them are returned.
pub fn columns_at(path: &Path, vocabulary: &Vocabulary) -> Result<Columns, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| vec![system::unreadable(path, &error)])?;
    let bytes = bounded(file, &name).map_err(|stopped| stopped.into_diagnostics(path))?;
    Columns::read(&name, bytes, vocabulary)
}

/// Appends the next line that is not blank.
fn next_line(reader: &mut impl BufRead, into: &mut Vec<u8>) -> io::Result<std::ops::Range<usize>> {
    loop {
        let start = into.len();
        // A line longer than a dossier may be ends here; the rest is read as its continuation.
        let limit = ingest::MAX_BYTES as u64;
        let read = reader.by_ref().take(limit).read_until(b'\n', into)?;
        if read == 0 || !into[start..].trim_ascii().is_empty() {
            return Ok(start..into.len());
        }
        if into.len() > ingest::MAX_BYTES {
            return Ok(start..into.len());
        }
    }
}

enum Stopped {
    TooLarge(Box<Diagnostic>),
    Io(io::Error),
}

impl Stopped {
    fn into_diagnostics(self, path: &Path) -> Vec<Diagnostic> {
        vec![match self {
            Stopped::TooLarge(diagnostic) => *diagnostic,
            Stopped::Io(error) => system::unreadable(path, &error),
        }]
    }
}

/// The bytes of a file of tables, up to the limit.
fn bounded(mut file: impl Read, name: &str) -> Result<Vec<u8>, Stopped> {
    let mut bytes = Vec::new();
    let limit = table::MAX_BYTES as u64;
    // Room is made as it is needed, and not twice as much.
    loop {
        let more = bytes.len().clamp(READ_AT_ONCE, 32 * READ_AT_ONCE);
        bytes.reserve_exact(more);
        let wanted = (limit + 1).saturating_sub(bytes.len() as u64);
        let part = wanted.min(more as u64);
        let read = file.by_ref().take(part).read_to_end(&mut bytes);
        if (read.map_err(Stopped::Io)? as u64) < part || part == 0 {
            break;
        }
    }
    if bytes.len() <= table::MAX_BYTES {
        return Ok(bytes);
    }
    let limit = limit / 1024 / 1024;
    let message = text!(
        "文件超过 {limit} MiB",
        "the file is larger than {limit} MiB"
    );
    let diagnostic = Diagnostic::new(Code::InputTooLarge, message)
        .about(name)
        .help(Text::new(
            "请分成几个文件，或者改用 NDJSON",
            "split it into several files, or use NDJSON",
        ));
    Err(Stopped::TooLarge(Box::new(diagnostic)))
}

impl Opened<'_> {
    /// Takes the diagnostics for the input as a whole that were not taken before: those for a table's sheets and
    /// headers when it is opened, and those noticed while reading once it has been read.
    pub fn diagnostics(&mut self) -> Vec<Diagnostic> {
        let mut found = std::mem::take(&mut self.diagnostics);
        if let Reading::Table { cases, .. } = &mut self.cases
            && cases.remaining() == 0
        {
            found.extend(cases.struck_out());
        }
        found
    }

    /// Whether the diagnostics for the input are complete only after every case was read.
    #[must_use]
    pub fn is_read_by_row(&self) -> bool {
        matches!(self.cases, Reading::Table { .. })
    }

    /// Whether reading ended before its time.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(&self.cases, Reading::Lines(lines) if lines.is_stopped())
    }

    /// Whether the input may hold more than one case.
    #[must_use]
    pub fn is_many(&self) -> bool {
        self.many
    }
}

impl Iterator for Opened<'_> {
    type Item = Parcel;

    fn next(&mut self) -> Option<Parcel> {
        match &mut self.cases {
            Reading::One(parcel) => parcel.take(),
            Reading::Lines(lines) => lines.next(),
            Reading::Table { cases, bytes, rows } => {
                let share = |cases: usize| *bytes * cases as u64 / (*rows).max(1);
                if let Some(rows) = cases.rows(ROWS) {
                    let share = share(rows.len());
                    return Some(Parcel::rows(&self.name, rows, share));
                }
                let campaign = cases.next()?;
                Some(Parcel::decoded(&self.name, vec![campaign], share(1)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
