//! One sheet as rows of cells, in whatever file format.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::hidden::Hidden;
use choucha_core::source::CellName;

/// Merged areas beyond this number are ignored: no sheet kept by people has so many.
const MAX_MERGES: usize = 200_000;

/// The contents of one cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(Arc<str>),
    /// A number not formatted as a date.
    Number(f64),
    /// A number formatted as a date or time: days since the epoch of the sheet.
    Date(f64),
    /// A date as `2024-03-01` or `2024-03-01T09:30:00`, the form of open documents.
    Iso(Arc<str>),
    Bool(bool),
    /// The formula failed: `#N/A`.
    Failed(Arc<str>),
    /// A formula without a stored result.
    NoValue,
}

impl Cell {
    /// The cell as text, for comparison with names of columns and cases.
    pub(super) fn text(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Iso(text) | Cell::Failed(text) => text.to_string(),
            Cell::Number(number) | Cell::Date(number) => number_text(*number),
            Cell::Bool(yes) => if *yes { "true" } else { "false" }.to_owned(),
            Cell::NoValue => "=".to_owned(),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.trim().is_empty())
    }
}

/// A number as spreadsheets show it: at most fifteen digits, which hides the error of binary fractions.
pub(super) fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    // Fifteen significant digits, then the shortest form.
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// A merged area; rows and columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Merge {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

#[derive(Debug)]
pub(super) struct Grid {
    pub(super) name: Arc<str>,
    pub(super) hidden: bool,
    /// The hidden rows and columns.
    pub(super) hides: Hidden,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// The rows that are not empty, each with its cells by column.
    pub(super) rows: BTreeMap<u32, Vec<(u32, Cell)>>,
    merges: Vec<Merge>,
    /// By the first column of a merged area: its rows, if it covers several rows.
    down: HashMap<u32, Vec<(u32, u32)>>,
    /// The texts of the rows, if the sheet is a text file.
    pub(super) texts: Option<Texts>,
    /// Whether it is transposed.
    turned: bool,
}

/// The rows of a text file and their positions in it.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) text: Arc<str>,
    /// By row: its bytes, and the line it begins on, from 1.
    pub(super) rows: HashMap<u32, (Range<usize>, usize)>,
    pub(super) delimiter: char,
}

impl Grid {
    pub(super) fn new(name: &str, merges: Vec<Merge>) -> Self {
        let mut merges = merges;
        merges.truncate(MAX_MERGES);
        let mut down: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for merge in merges.iter().filter(|merge| merge.bottom > merge.top) {
            down.entry(merge.left)
                .or_default()
                .push((merge.top, merge.bottom));
        }
        down.values_mut().for_each(|rows| rows.sort_unstable());
        Grid {
            name: name.into(),
            hidden: false,
            hides: Hidden::default(),
            from_1904: false,
            rows: BTreeMap::new(),
            merges,
            down,
            texts: None,
            turned: false,
        }
    }

    /// The transposed sheet: names one below the other become a header.
    pub(super) fn turned(&self) -> Grid {
        let merges = self.merges.iter().map(|area| Merge {
            top: area.left,
            left: area.top,
            bottom: area.right,
            right: area.bottom,
        });
        let mut turned = Grid::new(&self.name, merges.collect());
        turned.hidden = self.hidden;
        turned.hides = self.hides.turned();
        turned.from_1904 = self.from_1904;
        turned.turned = !self.turned;
        for (row, cells) in &self.rows {
            for (column, cell) in cells {
                turned.put(*column, *row, cell.clone());
            }
        }
        turned
    }

    /// The name of a cell in the sheet.
    pub(super) fn cell_name(&self, row: u32, column: u32) -> CellName {
        let (row, column) = match self.turned {
            true => (column, row),
            false => (row, column),
        };
        CellName {
            sheet: Arc::clone(&self.name),
            row,
            column,
        }
    }

    /// Stores a cell; blank ones are left out.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: Cell) {
        if cell.is_blank() {
            return;
        }
        // Files list cells row by row, from left to right.
        let last = self.rows.last_entry().filter(|last| *last.key() == row);
        let cells = match last {
            Some(last) => last.into_mut(),
            None => self.rows.entry(row).or_default(),
        };
        if cells.last().is_none_or(|(last, _)| *last < column) {
            cells.push((column, cell));
            return;
        }
        match cells.binary_search_by_key(&column, |(column, _)| *column) {
            Ok(at) => cells[at].1 = cell,
            Err(at) => cells.insert(at, (column, cell)),
        }
    }

    /// The cell's own contents.
    pub(super) fn own(&self, row: u32, column: u32) -> Option<&Cell> {
        let cells = self.rows.get(&row)?;
        let at = cells
            .binary_search_by_key(&column, |(column, _)| *column)
            .ok()?;
        Some(&cells[at].1)
    }

    /// The contents a cell shows, and the cell that holds them: itself, or the top of a merged area over several rows.
    pub(super) fn shown(&self, row: u32, column: u32) -> Option<((u32, u32), &Cell)> {
        if let Some(cell) = self.own(row, column) {
            return Some(((row, column), cell));
        }
        let areas = self.down.get(&column)?;
        let at = areas
            .partition_point(|(top, _)| *top <= row)
            .checked_sub(1)?;
        let (top, bottom) = areas[at];
        (row <= bottom)
            .then(|| self.own(top, column))
            .flatten()
            .map(|cell| ((top, column), cell))
    }

    /// The contents a header cell shows: the same, and areas merged across columns.
    pub(super) fn headed(&self, row: u32, column: u32) -> Option<&Cell> {
        self.own(row, column).or_else(|| {
            let area = self.merges.iter().find(|area| {
                (area.top..=area.bottom).contains(&row)
                    && (area.left..=area.right).contains(&column)
            })?;
            self.own(area.top, area.left)
        })
    }

    /// How many bytes of text the cells of a row show.
    pub(super) fn bytes(&self, row: u32) -> u64 {
        let cells = self.rows.get(&row).map(Vec::as_slice).unwrap_or_default();
        let bytes = cells.iter().map(|(_, cell)| match cell {
            Cell::Text(text) | Cell::Iso(text) | Cell::Failed(text) => text.len() as u64,
            Cell::Number(_) | Cell::Date(_) | Cell::Bool(_) | Cell::NoValue => 16,
        });
        bytes.sum()
    }

    /// Whether the cell begins an area merged across columns.
    pub(super) fn runs_across(&self, row: u32, column: u32) -> bool {
        self.merges
            .iter()
            .any(|area| area.top == row && area.left == column && area.right > area.left)
    }

    /// Whether a row has areas merged across columns, like the groups of a header.
    pub(super) fn has_groups(&self, row: u32) -> bool {
        self.merges
            .iter()
            .any(|area| area.top == row && area.right > area.left)
    }

    /// Whether it is transposed.
    pub(super) fn is_turned(&self) -> bool {
        self.turned
    }

    /// Whether the sheet has merged areas, so that group headers need no guessing.
    pub(super) fn has_merges(&self) -> bool {
        !self.merges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_spreadsheet_shows_them() {
        for (number, expected) in [
            (199.0, "199"),
            (0.1 + 0.2, "0.3"),
            (1234567.89, "1234567.89"),
            (20240301.0, "20240301"),
            (-0.5, "-0.5"),
        ] {
            assert_eq!(number_text(number), expected);
        }
    }

    #[test]
    fn a_turned_sheet_calls_its_cells_by_their_old_names() {
        let mut grid = Grid::new("s", Vec::new());
        grid.put(4, 1, Cell::Text("甲".into()));
        let turned = grid.turned();
        assert_eq!(turned.shown(1, 4).map(|(at, _)| at), Some((1, 4)));
        assert_eq!(
            turned.cell_name(1, 4).address(),
            grid.cell_name(4, 1).address()
        );
    }

    #[test]
    fn a_merged_area_that_runs_down_shows_its_value_in_every_row() {
        let area = Merge {
            top: 1,
            left: 0,
            bottom: 3,
            right: 0,
        };
        let mut grid = Grid::new("s", vec![area]);
        grid.put(1, 0, Cell::Text("甲".into()));
        assert_eq!(grid.shown(3, 0).map(|(at, _)| at), Some((1, 0)));
        assert_eq!(grid.shown(4, 0), None);
        assert_eq!(grid.shown(0, 0), None);
    }
}
