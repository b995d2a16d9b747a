//! Source texts and places in them: the origin of every value and every token.
//!
//! Terms: a *source* is one named text (a dossier, a vocabulary file, a script); a *span* is a range of bytes in it; an
//! *origin* is where a fact of a record was found, which need not be a text.
//!
//! Each case in a file of many has its own source: a *part* of the text, whose lines are numbered as in the file, or
//! the cells of a table, one per line, which are named by sheet and cell instead of line and column.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

mod cell;

pub use cell::{CellName, of_address};

/// One named text, with the digest of the bytes it was read from.
pub struct Source {
    name: String,
    /// Borrowed if embedded in the program.
    text: Cow<'static, str>,
    /// Computed on first use, unless the text was decoded from other bytes.
    digest: OnceLock<Arc<str>>,
    line_starts: OnceLock<Vec<usize>>,
    frame: Frame,
}

/// How to name places in a text.
#[derive(Clone)]
enum Frame {
    /// By line and column of the whole file.
    Whole,
    /// By line and column; the text begins on this line of its file.
    From(usize),
    /// Each line shows one cell, whose name is the place; the case begins at the first.
    Cells(Box<[CellName]>),
    /// Each line shows something written elsewhere, with its place: facts gathered from several texts.
    Elsewhere(Box<[Box<str>]>),
}

impl Source {
    /// A source whose text is exactly the bytes read.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: Cow::Owned(text.into()),
            digest: OnceLock::new(),
            line_starts: OnceLock::new(),
            frame: Frame::Whole,
        })
    }

    /// A source whose text was decoded from other bytes; `digest` is the digest of those bytes, as `sha256:…`.
    pub fn decoded(
        name: impl Into<String>,
        text: impl Into<Cow<'static, str>>,
        digest: String,
    ) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: text.into(),
            digest: OnceLock::from(Arc::from(digest)),
            line_starts: OnceLock::new(),
            frame: Frame::Whole,
        })
    }

    /// The part of a file that begins on the given line, from 1. Without a digest, it uses that of the part.
    pub fn part(
        name: impl Into<String>,
        text: impl Into<String>,
        first_line: usize,
        digest: Option<Arc<str>>,
    ) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: Cow::Owned(text.into()),
            digest: digest.map_or_else(OnceLock::new, OnceLock::from),
            line_starts: OnceLock::new(),
            frame: Frame::From(first_line.max(1)),
        })
    }

    /// Cells of a workbook: a text with one cell per line, and the names of the cells, one per line. `digest` is that
    /// of the workbook.
    pub fn cells(
        name: impl Into<String>,
        text: String,
        cells: Vec<CellName>,
        digest: Arc<str>,
    ) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: Cow::Owned(text),
            digest: OnceLock::from(digest),
            line_starts: OnceLock::new(),
            frame: Frame::Cells(cells.into()),
        })
    }

    /// Facts gathered from several texts: a text with one fact per line, and the place of each, one per line.
    pub fn gathered(name: impl Into<String>, text: String, places: Vec<Box<str>>) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: Cow::Owned(text),
            digest: OnceLock::new(),
            line_starts: OnceLock::new(),
            frame: Frame::Elsewhere(places.into()),
        })
    }

    /// The source under another name, with letters and digits in these ranges made illegible and every place unchanged.
    #[must_use]
    pub fn blanked(&self, name: String, ranges: &[Range<usize>]) -> Arc<Self> {
        let mut text = String::with_capacity(self.text.len());
        let mut ranges: Vec<&Range<usize>> = ranges.iter().collect();
        ranges.sort_unstable_by_key(|range| range.start);
        let mut next = ranges.into_iter().peekable();
        // The end of the ranges begun so far.
        let mut until = 0;
        for (at, c) in self.text.char_indices() {
            while let Some(range) = next.next_if(|range| range.start <= at) {
                until = until.max(range.end);
            }
            let hidden = c.is_alphanumeric() && at < until;
            text.push(match (hidden, c.len_utf8()) {
                (false, _) => c,
                // As many bytes as before, and as wide as such characters usually are.
                (true, 1) => '*',
                (true, 2) => '¤',
                (true, 3) => '＊',
                (true, _) => '\u{20000}',
            });
        }
        Arc::new(Source {
            name,
            text: Cow::Owned(text),
            digest: OnceLock::from(Arc::from(self.digest())),
            line_starts: OnceLock::new(),
            frame: self.frame.clone(),
        })
    }

    /// Whether its lines show facts that are written elsewhere.
    #[must_use]
    pub fn is_gathered(&self) -> bool {
        matches!(self.frame, Frame::Elsewhere(_))
    }

    /// Whether it is one line of many, as in NDJSON; then a quick search for places matters most.
    pub fn is_part(&self) -> bool {
        matches!(self.frame, Frame::From(_))
    }

    /// The name for the case it contains: the source's name, for a part with its beginning: `cases.ndjson:17`,
    /// `book.xlsx:抽样!A12`.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.frame {
            Frame::Whole | Frame::Elsewhere(_) => self.name.clone(),
            Frame::From(line) => format!("{}:{line}", self.name),
            Frame::Cells(cells) => match cells.first() {
                Some(cell) => format!("{}:{cell}", self.name),
                None => self.name.clone(),
            },
        }
    }

    /// Whether both are the same text, or the same part of one file.
    #[must_use]
    pub fn is_same(&self, other: &Source) -> bool {
        let same_part = match (&self.frame, &other.frame) {
            (Frame::Whole, Frame::Whole) | (Frame::Elsewhere(_), Frame::Elsewhere(_)) => true,
            (Frame::From(line), Frame::From(other)) => line == other,
            (Frame::Cells(cells), Frame::Cells(others)) => cells.first() == others.first(),
            _ => false,
        };
        same_part && self.name == other.name
    }

    /// The cell shown by a line, from 1; `None` if the lines show no cells.
    #[must_use]
    pub fn cell(&self, line: usize) -> Option<&CellName> {
        match &self.frame {
            Frame::Cells(cells) => cells.get(line.checked_sub(1)?),
            Frame::Whole | Frame::From(_) | Frame::Elsewhere(_) => None,
        }
    }

    /// The name of a line for the margin: its number, or the cell it shows: `H12`.
    #[must_use]
    pub fn line_name(&self, line: usize) -> String {
        // Its lines exist in no file.
        if matches!(self.frame, Frame::Elsewhere(_)) {
            return String::new();
        }
        match self.cell(line) {
            Some(cell) => cell.address(),
            None => line.to_string(),
        }
    }

    /// A place as shown to people: `name:line:column`, `book.xlsx:抽样!H12`.
    #[must_use]
    pub fn place(&self, offset: usize) -> String {
        let position = self.position(offset);
        if let Frame::Elsewhere(places) = &self.frame
            && let Some(place) = places.get(position.line - 1)
        {
            return place.to_string();
        }
        match self.cell(position.line) {
            Some(cell) => format!("{}:{cell}", self.name),
            None => format!("{}:{position}", self.name),
        }
    }

    /// The name shown to people: the path as given, `-` for standard input.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `sha256:…`, the digest of the bytes the text was read from.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.digest
            .get_or_init(|| sha256(self.text.as_bytes()).into())
    }

    /// The number of the text's first line in its file.
    fn first_line(&self) -> usize {
        match self.frame {
            Frame::From(line) => line,
            Frame::Whole | Frame::Cells(_) | Frame::Elsewhere(_) => 1,
        }
    }

    /// Line and column of a byte offset, both from 1; columns count characters. An offset past the end means the end.
    /// The lines of a part are numbered as in its file.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let starts = self.line_starts();
        let offset = floor_char_boundary(&self.text, offset);
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |before| before.chars().count())
            + 1;
        Position {
            line: line + self.first_line() - 1,
            column,
        }
    }

    /// The byte offset of a line and column (both from 1, columns in characters); a place past the end means the end.
    #[must_use]
    pub fn offset(&self, position: Position) -> usize {
        let starts = self.line_starts();
        let line = position.line.saturating_sub(self.first_line());
        let Some(&start) = starts.get(line) else {
            return self.text.len();
        };
        let end = starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).map_or(start, |line| {
            line.char_indices()
                .nth(position.column.saturating_sub(1))
                .map_or(end, |(at, _)| start + at)
        })
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        })
    }
}

/// `sha256:` and the digest of `bytes` in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// `sha256:` and a digest in lower-case hexadecimal.
pub fn hexadecimal(digest: &[u8]) -> String {
    let digit = |half: u8| char::from(half + if half < 10 { b'0' } else { b'a' - 10 });
    let mut hex = String::with_capacity("sha256:".len() + 2 * digest.len());
    hex.push_str("sha256:");
    for byte in digest {
        hex.push(digit(byte >> 4));
        hex.push(digit(byte & 15));
    }
    hex
}

/// The nearest character boundary at or before `offset`.
fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A line and a column, both from 1; columns count characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A range of bytes in one source.
#[derive(Debug, Clone)]
pub struct Span {
    /// The text the range is in.
    pub source: Arc<Source>,
    /// The bytes, on character boundaries.
    pub range: Range<usize>,
}

impl Span {
    /// A span of `range` in `source`, clipped to the text and to character boundaries.
    #[must_use]
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let start = floor_char_boundary(source.text(), range.start);
        let end = floor_char_boundary(source.text(), range.end.max(start));
        Span {
            source: Arc::clone(source),
            range: start..end,
        }
    }

    /// Where the span begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.source.position(self.range.start)
    }
}

/// Prints only the name: every value and token points at a source, and a text may be long.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        self.source.is_same(&other.source) && self.range == other.range
    }
}

impl Eq for Span {}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source.place(self.range.start))
    }
}

/// Where a fact of a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Written in a text.
    Text(Span),
    /// Not written, but settled by another fact.
    Inferred {
        /// The path of the fact that settles it.
        from: String,
        /// The place of that fact, if it is written in a text.
        span: Option<Span>,
    },
    /// Not written, but assumed for this audit.
    Assumed,
    /// Not written, in a dossier declared or assumed complete.
    Complete,
    /// Not written.
    Absent,
}

impl Origin {
    /// The place in a text that shows the fact, if any.
    #[must_use]
    pub fn span(&self) -> Option<&Span> {
        match self {
            Origin::Text(span) => Some(span),
            Origin::Inferred { span, .. } => span.as_ref(),
            Origin::Assumed | Origin::Complete | Origin::Absent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_offsets_come_back() {
        let source = Source::new("a.yaml", "报告: 合格\nx: 1\n");
        let at = source.text().find("合").unwrap();
        assert_eq!(source.position(at), Position { line: 1, column: 5 });
        assert_eq!(source.offset(Position { line: 1, column: 5 }), at);
        assert_eq!(
            source.position(source.text().find('x').unwrap()),
            Position { line: 2, column: 1 }
        );
    }

    #[test]
    fn a_place_outside_the_text_is_its_end() {
        let source = Source::new("a", "ab");
        assert_eq!(source.position(99), Position { line: 1, column: 3 });
        assert_eq!(source.offset(Position { line: 9, column: 9 }), 2);
        assert_eq!(Span::new(&source, 1..50).range, 1..2);
    }

    #[test]
    fn what_is_blanked_leaves_every_place_where_it_was() {
        let source = Source::new("张甲.yaml", "samplers: [张甲, \"Ü-01\"]\nplace: 示例区\n");
        let end = source.text().find('\n').unwrap();
        let blanked = source.blanked("a.yaml".to_owned(), std::slice::from_ref(&(10..end)));
        assert_eq!(
            blanked.text(),
            "samplers: [＊＊, \"¤-**\"]\nplace: 示例区\n"
        );
        assert_eq!(
            (blanked.name(), blanked.digest()),
            ("a.yaml", source.digest())
        );
        let place = |of: &Source| of.position(of.text().find("place").unwrap());
        assert_eq!(place(&blanked), place(&source));
    }

    #[test]
    fn a_part_is_numbered_as_in_its_file() {
        let part = Source::part("cases.ndjson", "{\n \"x\": 1}".to_owned(), 17, None);
        let at = part.text().find('x').unwrap();
        assert_eq!(part.place(at), "cases.ndjson:18:3");
        assert_eq!(part.offset(part.position(at)), at);
        assert_eq!(part.title(), "cases.ndjson:17");
    }

    #[test]
    fn a_cell_is_named_by_sheet_and_cell() {
        let sheet: Arc<str> = "抽样".into();
        let name = |row, column| CellName {
            sheet: Arc::clone(&sheet),
            row,
            column,
        };
        let source = Source::cells(
            "book.xlsx",
            "编号: 1\n日期: x\n".to_owned(),
            vec![name(11, 0), name(11, 7)],
            "sha256:0".into(),
        );
        let at = source.text().find('x').unwrap();
        assert_eq!(
            Span::new(&source, at..at + 1).to_string(),
            "book.xlsx:抽样!H12"
        );
        assert_eq!(source.title(), "book.xlsx:抽样!A12");
        assert_eq!(source.line_name(2), "H12");
    }
}
