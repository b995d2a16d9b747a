//! Which sheets of a book hold cases, and which add facts to them.

use std::collections::{HashMap, HashSet};

use super::cases::{Other, Sheet, Survey, is_instructions, key, number};
use super::columns::{Columns, Role};
use super::grid::Grid;
use super::heading::{Header, Reading, What};
use super::index::{self, Holds, Index};
use super::{campaign, faults};
use choucha_core::vocabulary::GroupId;

impl Survey<'_> {
    /// Separates the main tables from further sheets.
    pub(super) fn sort_sheets(&mut self, columns: &Columns) {
        let vocabulary = self.vocabulary;
        let root = Index::of(vocabulary, GroupId(0));
        let mut named: Vec<(usize, Holds)> = Vec::new();
        let mut passed_over: Vec<usize> = Vec::new();
        let mut campaigns: Vec<usize> = Vec::new();
        let mut upright: Vec<(usize, Grid)> = Vec::new();
        for (at, grid) in self.book.grids.iter().enumerate() {
            let role = columns.role(&grid.name);
            if role.is_none() && campaign::is_named(vocabulary, &grid.name) {
                campaigns.push(at);
                continue;
            }
            let holds = match role {
                Some(Role::Ignored) => continue,
                None if grid.hidden || is_instructions(&grid.name) => continue,
                Some(Role::Main) => None,
                Some(Role::Holds(holds)) => Some(holds),
                None => index::sheet(vocabulary, &grid.name),
            };
            if let Some(holds) = holds {
                named.push((at, holds));
                continue;
            }
            let reading = Reading::new(vocabulary, columns, &root, None);
            let across = reading.header(grid);
            let count = across.as_ref().map_or(0, |header| header.columns.len());
            if let Some((turned, header)) = campaign::vertical(grid, &reading, count) {
                upright.push((at, turned));
                self.mains.push(Sheet { grid: at, header });
                continue;
            }
            match across {
                Some(header) => self.mains.push(Sheet { grid: at, header }),
                None if grid.rows.is_empty() => {}
                None => passed_over.push(at),
            }
        }
        for (at, turned) in upright {
            self.book.grids[at] = turned;
        }
        for at in campaigns {
            match campaign::Sheet::of(vocabulary, columns, &mut self.book, at) {
                Ok(None) => {}
                Ok(sheet) if self.campaign.is_none() => self.campaign = sheet,
                _ if self.book.grids[at].rows.is_empty() => {}
                _ => passed_over.push(at),
            }
        }
        self.choose_main(&mut named, &mut passed_over, &root, columns);
        for (at, holds) in named {
            let grid = &self.book.grids[at];
            match Reading::new(vocabulary, columns, &root, Some(holds)).header(grid) {
                Some(header) => self.others.push(Other {
                    sheet: Sheet { grid: at, header },
                    holds,
                    rows: HashMap::new(),
                }),
                None if grid.rows.is_empty() => {}
                None => self.diagnostics.push(faults::no_key(&self.book, at)),
            }
        }
        let wanted = columns.sheets();
        self.diagnostics
            .extend(faults::sheets(&self.book, vocabulary, &passed_over, wanted));
        if self.mains.is_empty() && self.campaign.is_none() {
            self.diagnostics.push(faults::no_header(&self.book));
        }
    }

    /// Chooses among several candidates for the main table those that number their cases; if none does, the sheet that
    /// is named after a group and numbers its cases.
    fn choose_main(
        &mut self,
        named: &mut Vec<(usize, Holds)>,
        passed_over: &mut Vec<usize>,
        root: &Index<'_>,
        columns: &Columns,
    ) {
        let number = number(self.vocabulary);
        let numbered = |sheet: &Sheet| sheet.header.column(number).is_some();
        if self.mains.iter().any(numbered) {
            let (mains, others): (Vec<Sheet>, Vec<Sheet>) = std::mem::take(&mut self.mains)
                .into_iter()
                .partition(numbered);
            self.mains = mains;
            passed_over.extend(others.iter().map(|sheet| sheet.grid));
        }
        if self.mains.is_empty() {
            let reading = Reading::new(self.vocabulary, columns, root, None);
            let mut best: Option<(usize, Header)> = None;
            for (at, (grid, holds)) in named.iter().enumerate() {
                if !matches!(holds, Holds::Group(_)) {
                    continue;
                }
                let more = |header: &Header| {
                    best.as_ref()
                        .is_none_or(|(_, best)| header.columns.len() > best.columns.len())
                };
                if let Some(header) = reading.header(&self.book.grids[*grid]).filter(more) {
                    best = Some((at, header));
                }
            }
            if let Some((at, header)) = best {
                let (grid, _) = named.remove(at);
                self.mains.push(Sheet { grid, header });
            }
        }
        let named_main =
            |sheet: &Sheet| columns.role(&self.book.grids[sheet.grid].name) == Some(Role::Main);
        let chosen: Vec<bool> = self.mains.iter().map(named_main).collect();
        for sheet in self.further(&chosen, number) {
            named.push(sheet);
        }
        // A vertical form holds one case, so there is one sheet per case.
        let is_upright = |sheet: &Sheet| self.book.grids[sheet.grid].is_turned();
        if self.mains.len() > 1 && !self.mains.iter().all(is_upright) {
            let sheets: Vec<usize> = self.mains.iter().map(|sheet| sheet.grid).collect();
            self.diagnostics
                .push(faults::several_main(&self.book, &sheets));
        }
    }

    /// The main tables that hold other facts than the largest: further facts of its cases, if they have its numbers;
    /// otherwise the user must say what their rows are, and they are not read.
    fn further(&mut self, chosen: &[bool], number: What) -> Vec<(usize, Holds)> {
        let keys = |sheet: &Sheet| -> HashSet<String> {
            let grid = &self.book.grids[sheet.grid];
            let rows = grid.rows.range(sheet.header.row + 1..);
            rows.filter_map(|(row, _)| key(grid, &sheet.header, *row, number))
                .collect()
        };
        let size = |sheet: &Sheet| sheet.header.columns.len();
        let Some(main) = self
            .mains
            .iter()
            .max_by_key(|sheet| (size(sheet), std::cmp::Reverse(sheet.grid)))
        else {
            return Vec::new();
        };
        let main_grid = main.grid;
        let known = keys(main);
        let holds = |sheet: &Sheet, what: What| sheet.header.column(what).is_some();
        // A table with the same columns holds more cases; one with other columns holds other facts.
        let is_alike = |sheet: &Sheet| {
            let shared = sheet
                .header
                .columns
                .iter()
                .filter(|column| column.what != number && holds(main, column.what));
            shared.count() * 2 >= size(sheet).saturating_sub(1)
        };
        let mut further = Vec::new();
        let mut asked = Vec::new();
        let mut kept = Vec::new();
        for (at, sheet) in self.mains.iter().enumerate() {
            let is_chosen = chosen.get(at).copied().unwrap_or_default();
            if sheet.grid == main_grid || is_chosen || is_alike(sheet) {
                kept.push(true);
                continue;
            }
            let own = keys(sheet);
            let shared = own.iter().filter(|number| known.contains(*number)).count();
            kept.push(false);
            match shared * 2 > own.len() {
                true => further.push((sheet.grid, Holds::Group(GroupId(0)))),
                false => asked.push(sheet.grid),
            }
        }
        for grid in asked {
            let problem = faults::which_cases(&self.book, grid, main_grid);
            self.diagnostics.push(problem);
        }
        let mut kept = kept.into_iter();
        self.mains.retain(|_| kept.next().unwrap_or(true));
        further
    }
}
