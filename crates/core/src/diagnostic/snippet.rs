//! Renders the lines of a source with carets under the marked places.
//!
//! Lines are shown as written, except that characters a terminal would interpret are replaced, and that a line too long
//! for the terminal is cut around its marks (marks far apart on one line show that line more than once).

use std::ops::Range;

use super::render::Style;
use crate::layout::{self, Paint, Tone};
use crate::source::{Position, Source};

/// The fewest columns for a line: a snippet may be indented in a narrow terminal.
const NARROWEST: usize = 24;

/// A place in a source, with an annotation.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The range in bytes.
    pub range: Range<usize>,
    /// The annotation; may be empty.
    pub label: String,
    /// Whether it is the deciding place: `^^^` instead of `---`.
    pub decisive: bool,
}

/// The lines of one source that hold the marks, headed by `--> name:line:column` of the first given mark. Empty if
/// there are no marks.
#[must_use]
pub fn snippet(source: &Source, marks: &[Mark], tone: Tone, style: Style) -> Vec<String> {
    let Some(first) = marks.first() else {
        return Vec::new();
    };
    let mut placed: Vec<Placed> = marks.iter().map(|mark| Placed::new(source, mark)).collect();
    placed.sort_by_key(|mark| (mark.line, mark.range.start, mark.range.end));
    let names = placed.iter().map(|mark| source.line_name(mark.line).len());
    let digits = names.max().unwrap_or(0);
    let page = Page {
        source,
        gutter: digits,
        columns: style.width.max(NARROWEST).saturating_sub(digits + 3),
        paint: Paint { color: style.color },
        tone,
    };
    let head = source.place(first.range.start);
    let mut lines = page.head(&head);
    let mut shown: Option<usize> = None;
    for group in placed.chunk_by(|a, b| a.line == b.line) {
        let line = group.first().map_or(1, |mark| mark.line);
        match shown {
            Some(before) if line == before + 2 => lines.push(page.context(before + 1)),
            Some(before) if line > before + 2 => lines.push(page.paint.paint(Tone::Faint, "...")),
            _ => {}
        }
        page.line(line, group, &mut lines);
        shown = Some(line);
    }
    lines
}

/// `--> place`, for a source without text to show.
#[must_use]
pub(super) fn place(name: &str, style: Style) -> Vec<String> {
    let paint = Paint { color: style.color };
    layout::hang("  --> ", name, style.width.max(layout::MIN_WIDTH))
        .iter()
        .map(|line| paint.prefix(Tone::Faint, "  --> ", line))
        .collect()
}

/// A mark with the line it begins on; anything beyond that line is cut off.
struct Placed<'a> {
    line: usize,
    range: Range<usize>,
    label: &'a str,
    decisive: bool,
}

impl<'a> Placed<'a> {
    fn new(source: &Source, mark: &'a Mark) -> Self {
        let line = source.position(mark.range.start).line;
        let bounds = line_bounds(source, line);
        let start = mark.range.start.clamp(bounds.start, bounds.end);
        let end = mark.range.end.clamp(start, bounds.end);
        Placed {
            line,
            range: start..end,
            label: &mark.label,
            decisive: mark.decisive,
        }
    }
}

/// The byte range of a line, without its line break.
fn line_bounds(source: &Source, line: usize) -> Range<usize> {
    let start = source.offset(Position { line, column: 1 });
    let rest = source.text().get(start..).unwrap_or_default();
    let text = rest.split('\n').next().unwrap_or_default();
    let text = text.strip_suffix('\r').unwrap_or(text);
    start..start + text.len()
}

/// One displayed character of a line.
struct Cell {
    at: usize,
    /// Its length in the source, in bytes.
    bytes: usize,
    shown: String,
    columns: usize,
}

struct Page<'a> {
    source: &'a Source,
    gutter: usize,
    columns: usize,
    paint: Paint,
    tone: Tone,
}

impl Page<'_> {
    fn head(&self, name: &str) -> Vec<String> {
        let arrow = format!("{:gutter$}--> ", "", gutter = self.gutter);
        layout::hang(&arrow, name, self.columns + self.gutter + 3)
            .iter()
            .map(|line| self.paint.prefix(Tone::Faint, &arrow, line))
            .collect()
    }

    /// A row with the bar at its left: `12 | text`.
    fn row(&self, number: &str, text: &str) -> String {
        let bar = format!("{number:>gutter$} |", gutter = self.gutter);
        let bar = self.paint.paint(Tone::Faint, &bar);
        if text.is_empty() {
            bar
        } else {
            format!("{bar} {text}")
        }
    }

    /// A line without marks, as context for the lines around it.
    fn context(&self, line: usize) -> String {
        let bounds = line_bounds(self.source, line);
        let text = self.source.text().get(bounds).unwrap_or_default();
        self.row(
            &self.source.line_name(line),
            layout::clip(text, self.columns).trim_end(),
        )
    }

    /// A line with its marks: one window if it fits, else as many windows as its marks need.
    fn line(&self, line: usize, marks: &[Placed], out: &mut Vec<String>) {
        let bounds = line_bounds(self.source, line);
        let mut rest = marks;
        while let Some(first) = rest.first() {
            let (cells, cut_left, cut_right) = self.window(&bounds, first, rest);
            let end = cells.last().map_or(bounds.start, |cell| cell.at);
            // The marks that begin inside the window are shown in it; the first always does.
            let here = rest
                .iter()
                .position(|mark| cut_right && mark.range.start > end)
                .unwrap_or(rest.len())
                .max(1);
            let (now, later) = rest.split_at(here);
            let mut text = String::new();
            if cut_left {
                text.push_str(layout::ELLIPSIS);
            }
            text.extend(cells.iter().map(|cell| cell.shown.as_str()));
            if cut_right {
                text.push_str(layout::ELLIPSIS);
            }
            out.push(self.row(&self.source.line_name(line), text.trim_end()));
            let indent = usize::from(cut_left);
            self.carets(&cells, indent, now, out);
            rest = later;
        }
    }

    /// The cells of a line to show, and whether the line continues to the left and to the right.
    fn window(
        &self,
        bounds: &Range<usize>,
        first: &Placed,
        marks: &[Placed],
    ) -> (Vec<Cell>, bool, bool) {
        let whole = self.cells(bounds.clone(), self.columns);
        if whole.last().map_or(bounds.start, Cell::end) >= bounds.end {
            return (whole, false, false);
        }
        let room = self.columns.saturating_sub(2);
        // As much of the marks as fits into one window.
        let mut span = 0;
        for mark in marks {
            let together = self.cells(first.range.start..mark.range.end, room);
            if together.last().map_or(first.range.start, Cell::end) < mark.range.end {
                break;
            }
            span = span.max(together.iter().map(|cell| cell.columns).sum());
        }
        let left = if span == 0 { 0 } else { (room - span) / 2 };
        let left = left.max(room / 6).min(room / 2);
        let mut start = first.range.start;
        let mut used = 0;
        let before = self
            .source
            .text()
            .get(bounds.start..first.range.start)
            .unwrap_or_default();
        for c in before.chars().rev() {
            used += shown(c).1;
            if used > left {
                break;
            }
            start -= c.len_utf8();
        }
        let cells = self.cells(start..bounds.end, room);
        let end = cells.last().map_or(start, Cell::end);
        (cells, start > bounds.start, end < bounds.end)
    }

    /// The displayed characters of a range, as many as fit into `room` columns. Their number is bounded too, since some
    /// take no columns.
    fn cells(&self, range: Range<usize>, room: usize) -> Vec<Cell> {
        let text = self.source.text().get(range.clone()).unwrap_or_default();
        let mut used = 0;
        text.char_indices()
            .take(room * 4)
            .map(|(at, c)| {
                let (shown, columns) = shown(c);
                Cell {
                    at: range.start + at,
                    bytes: c.len_utf8(),
                    shown,
                    columns,
                }
            })
            .take_while(|cell| {
                used += cell.columns;
                used <= room
            })
            .collect()
    }

    /// The carets under the cells, and the labels next to or below them.
    fn carets(&self, cells: &[Cell], indent: usize, marks: &[Placed], out: &mut Vec<String>) {
        let column = |offset: usize| -> usize {
            indent
                + cells
                    .iter()
                    .take_while(|cell| cell.at < offset)
                    .map(|cell| cell.columns)
                    .sum::<usize>()
        };
        for mark in marks {
            let from = column(mark.range.start).min(self.columns.saturating_sub(1));
            let to = column(mark.range.end).clamp(from + 1, self.columns.max(from + 1));
            let caret = if mark.decisive { "^" } else { "-" };
            let tone = if mark.decisive { self.tone } else { Tone::Note };
            let carets = self.paint.paint(tone, &caret.repeat(to - from));
            let label = layout::visible(mark.label);
            let blank = " ".repeat(from);
            if label.is_empty() {
                out.push(self.row("", &format!("{blank}{carets}")));
            } else if to + 1 + layout::width(&label) <= self.columns {
                let label = self.paint.paint(tone, &label);
                out.push(self.row("", &format!("{blank}{carets} {label}")));
            } else {
                out.push(self.row("", &format!("{blank}{carets}")));
                let indent = from.min(self.columns / 3);
                for line in layout::wrap(mark.label, self.columns - indent) {
                    let line = self.paint.paint(tone, &line);
                    out.push(self.row("", &format!("{:indent$}{line}", "")));
                }
            }
        }
    }
}

impl Cell {
    /// The offset just after it.
    fn end(&self) -> usize {
        self.at + self.bytes
    }
}

/// A character as displayed, and its width in columns.
fn shown(c: char) -> (String, usize) {
    let shown = layout::stand_in(c).map_or_else(|| c.to_string(), |text| text.into_owned());
    let columns = layout::width(&shown);
    (shown, columns)
}
