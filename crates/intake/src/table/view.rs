//! The cells of a book unchanged, to show them again.

use std::ops::Range;

use super::Book;
use super::grid::{Cell, Grid};
use super::row::fields;

/// The days between the two epochs of spreadsheets.
const EPOCHS: f64 = 1462.0;

/// One sheet of a book.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'b> {
    grid: &'b Grid,
}

/// The contents of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Held<'b> {
    /// A text, or a failed formula.
    Text(&'b str),
    /// A number.
    Number(f64),
    /// A date or time: days since the end of 1899, the serial number of spreadsheets.
    Day(f64),
    /// Yes or no.
    Bool(bool),
}

impl Book {
    /// The name it was read under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `sha256:…` of the file.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Its sheets, in order.
    pub fn sheets(&self) -> impl Iterator<Item = Sheet<'_>> {
        self.grids.iter().map(|grid| Sheet { grid })
    }
}

impl<'b> Sheet<'b> {
    /// Its name; for a text file, the file name.
    #[must_use]
    pub fn name(self) -> &'b str {
        &self.grid.name
    }

    /// The number of cells with contents.
    #[must_use]
    pub fn len(self) -> usize {
        self.grid.rows.values().map(Vec::len).sum()
    }

    /// Whether all cells are empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.grid.rows.is_empty()
    }

    /// The rows with contents, in order, each with its cells from left to right; all numbered from 0. The
    /// rows of a text file have the number of the line they begin on.
    pub fn rows(self) -> impl Iterator<Item = (u32, Vec<(u32, Held<'b>)>)> {
        let grid = self.grid;
        grid.rows.iter().map(move |(row, cells)| {
            let cells = cells
                .iter()
                .map(|(column, cell)| (*column, held(grid, cell)));
            (line(grid, *row), cells.collect())
        })
    }

    /// For every row of a text file, the line it begins on, from 0, and the positions of its fields in the row; empty for a
    /// sheet of a workbook.
    pub fn fields(self) -> impl Iterator<Item = (u32, Vec<Range<usize>>)> {
        let texts = self.grid.texts.as_ref();
        texts.into_iter().flat_map(move |texts| {
            self.grid.rows.keys().filter_map(move |row| {
                let (range, _) = texts.rows.get(row)?;
                let text = texts.text.get(range.clone())?;
                Some((line(self.grid, *row), fields(text, texts.delimiter)))
            })
        })
    }
}

fn line(grid: &Grid, row: u32) -> u32 {
    let texts = grid.texts.as_ref();
    let first = texts.and_then(|texts| texts.rows.get(&row));
    first.map_or(row, |(_, line)| {
        u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
    })
}

fn held<'b>(grid: &Grid, cell: &'b Cell) -> Held<'b> {
    match cell {
        Cell::Text(text) | Cell::Iso(text) | Cell::Failed(text) => Held::Text(text),
        Cell::NoValue => Held::Text("="),
        Cell::Number(number) => Held::Number(*number),
        Cell::Date(days) if grid.from_1904 => Held::Day(days + EPOCHS),
        Cell::Date(days) => Held::Day(*days),
        Cell::Bool(yes) => Held::Bool(*yes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_text_file_bear_the_numbers_of_their_lines() {
        let text = "标题\n\n编号,\"备注\n两行\"\n1,x\n";
        let book = Book::delimited("台账.csv", text.as_bytes().to_vec()).unwrap();
        let sheet = book.sheets().next().unwrap();
        let rows: Vec<u32> = sheet.rows().map(|(row, _)| row).collect();
        assert_eq!(rows, [0, 2, 4]);
        let (line, fields) = sheet.fields().last().unwrap();
        assert_eq!((line, fields), (4, vec![0..1, 2..3]));
        assert_eq!(sheet.len(), 5);
        assert_eq!(sheet.name(), "台账");
    }
}
