//! The sheet with the record of a whole campaign (整批抽查): facts one below the other, or a header with one row.

use super::Book;
use super::columns::Columns;
use super::grid::{Cell, Grid};
use super::heading::{Fault, Header, Reading};
use super::index::{Index, plain};
use super::row::Gatherer;
use crate::ingest::{self, Decoded};
use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::vocabulary::{Entry, GroupId, Vocabulary};

/// Headers of the two columns, facts and values.
const ITEM: [&str; 2] = ["事项", "item"];
const CONTENT: [&str; 2] = ["内容", "content"];

/// The sheet of a campaign's record.
pub(super) struct Sheet {
    pub(super) grid: usize,
    pub(super) header: Header,
    /// The row with the facts.
    row: u32,
    /// Whether part of its header could not be read.
    partial: bool,
}

/// The group of a campaign's facts.
fn group(vocabulary: &Vocabulary) -> Option<GroupId> {
    match vocabulary.find("campaign")? {
        Entry::Group(group) => Some(group),
        Entry::Fact(_) => None,
    }
}

/// Whether a sheet has the name of the campaign's record.
pub(super) fn is_named(vocabulary: &Vocabulary, sheet: &str) -> bool {
    let Some(group) = group(vocabulary) else {
        return false;
    };
    let group = vocabulary.group(group);
    let mut names = [&group.code, &group.label.zh, &group.label.en].into_iter();
    names.any(|name| plain(name) == plain(sheet))
}

/// A sheet with facts one below the other, under 事项 and 内容, transposed, with its header; None if that names no more
/// facts than reading it across.
pub(super) fn vertical(
    grid: &Grid,
    reading: &Reading<'_>,
    across: usize,
) -> Option<(Grid, Header)> {
    let is = |cell: &Cell, names: &[&str]| names.contains(&plain(&cell.text()).as_str());
    let headed = grid.rows.values().take(10).find(|cells| {
        let has = |names: &[&str]| cells.iter().any(|(_, cell)| is(cell, names));
        has(&ITEM) && has(&CONTENT)
    })?;
    let items = headed.iter().find(|(_, cell)| is(cell, &ITEM))?.0;
    let contents: Vec<u32> = headed
        .iter()
        .filter(|(_, cell)| is(cell, &CONTENT))
        .map(|(column, _)| *column)
        .collect();
    let mut turned = grid.turned();
    turned
        .rows
        .retain(|row, _| *row == items || contents.contains(row));
    let mut header = reading.header(&turned)?;
    header.faults.retain(|(column, name, _)| {
        let is_filled = contents
            .iter()
            .any(|row| turned.own(*row, *column).is_some());
        is_filled && !ITEM.contains(&plain(name).as_str())
    });
    (header.row == items && header.columns.len() > across).then_some((turned, header))
}

impl Sheet {
    /// Finds the facts of a sheet with that name; None if nothing is filled in. `Err`: it names no facts.
    pub(super) fn of(
        vocabulary: &Vocabulary,
        columns: &Columns,
        book: &mut Book,
        at: usize,
    ) -> Result<Option<Sheet>, ()> {
        let index = Index::of_campaign(vocabulary, group(vocabulary).ok_or(())?);
        let reading = Reading::new(vocabulary, columns, &index, None);
        let grid = book.grids.get(at).ok_or(())?;
        let turned = grid.turned();
        let across = reading.header(grid);
        let down = reading.header(&turned);
        let count = |header: &Option<Header>| header.as_ref().map_or(0, |it| it.columns.len());
        let header = if count(&down) >= count(&across) {
            *book.grids.get_mut(at).ok_or(())? = turned;
            down
        } else {
            across
        };
        let mut header = header.ok_or(())?;
        let grid = book.grids.get(at).ok_or(())?;
        let Some(row) = row_of(grid, &header) else {
            return Ok(None);
        };
        // Titles and remarks without a value next to them are no facts.
        header.faults.retain(|(column, name, fault)| {
            let is_sure = !matches!(fault, Fault::Unknown { sure: false, .. });
            let is_head = ITEM.contains(&plain(name).as_str());
            is_sure || !is_head && grid.shown(row, *column).is_some()
        });
        Ok(Some(Sheet {
            grid: at,
            header,
            row,
            partial: false,
        }))
    }

    /// Notes that a header had a problem.
    pub(super) fn note(&mut self, found: &[Diagnostic]) {
        self.partial |= has_errors(found);
    }

    /// Reads the record; also returns how many cells were struck out.
    pub(super) fn read(&self, vocabulary: &Vocabulary, book: &Book) -> Option<(Decoded, usize)> {
        let grid = book.grids.get(self.grid)?;
        let mut gatherer = Gatherer::new(vocabulary, &book.name, &book.digest);
        gatherer.row(grid, &self.header, self.row);
        let struck_out = gatherer.struck_out;
        let gathered = gatherer.finish();
        let mut decoded = ingest::read_cells(&gathered.source, gathered.root, vocabulary);
        decoded.diagnostics.extend(gathered.diagnostics);
        decoded.diagnostics.sort_by(Diagnostic::order);
        if self.partial || has_errors(&decoded.diagnostics) {
            decoded.record = decoded
                .record
                .map(choucha_core::record::Record::into_partial);
        }
        Some((decoded, struck_out))
    }
}

/// The row with the facts: below 内容, else the first below the header; None if it holds no fact.
fn row_of(grid: &Grid, header: &Header) -> Option<u32> {
    let is_content = |(_, cell): &(u32, Cell)| CONTENT.contains(&plain(&cell.text()).as_str());
    let mut below = grid.rows.range(header.row + 1..);
    let headed = below
        .find(|(_, cells)| cells.iter().any(is_content))
        .map(|(row, _)| *row);
    let first = grid.rows.range(header.row + 1..).next();
    let row = headed.or(first.map(|(row, _)| *row))?;
    let holds = |at: u32| grid.shown(row, at).is_some();
    header
        .columns
        .iter()
        .any(|column| holds(column.at))
        .then_some(row)
}
