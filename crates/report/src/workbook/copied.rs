//! The cells of a table, copied into the workbook of results.

use std::collections::BTreeMap;

use rust_xlsxwriter::Worksheet;

use super::Failed;
use super::page::{Cell, HIGHEST, Shared};
use choucha_core::audit::Outcome;
use choucha_core::layout;
use choucha_intake::table::{Held, Sheet};

/// The widths of the columns, from the contents of the first rows.
pub(super) fn widths(sheet: Sheet<'_>) -> BTreeMap<u16, u32> {
    let mut widths: BTreeMap<u16, u32> = BTreeMap::new();
    // A title is alone in its row and may run across columns.
    let tabular = |(_, cells): &(u32, Vec<(u32, Held<'_>)>)| cells.len() > 1;
    for (_, cells) in sheet.rows().filter(tabular).take(200) {
        for (column, held) in cells {
            let Ok(column) = u16::try_from(column) else {
                continue;
            };
            let width = match held {
                Held::Text(text) => text.lines().map(layout::width).max().unwrap_or(0),
                _ => 10,
            };
            let width = u32::try_from(width + 2).unwrap_or(u32::MAX).clamp(6, 30);
            let known = widths.entry(column).or_default();
            *known = width.max(*known);
        }
    }
    widths
}

/// What stands above the rows of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Top {
    /// The rows from the titles to the end of the header, which are printed on every page.
    pub(super) repeated: Option<(u32, u32)>,
    /// The first row that is no title.
    tabular: u32,
}

impl Top {
    /// Whether a row is a title, which runs across the columns.
    pub(super) fn is_title(self, row: u32) -> bool {
        row < self.tabular
    }
}

/// How many rows from the top are searched for the header.
const SEARCHED: usize = 30;

/// How many rows are printed on every page at most.
const REPEATED: u32 = 8;

/// The titles and the header of a sheet: the header ends with the row that has most cells, all of them words.
pub(super) fn top(sheet: Sheet<'_>) -> Top {
    let first = sheet.rows().next().map_or(0, |(row, _)| row);
    let mut tabular = None;
    let mut header: Option<(u32, usize)> = None;
    for (row, cells) in sheet.rows().take(SEARCHED) {
        if cells.len() < 2 {
            continue;
        }
        tabular.get_or_insert(row);
        let is_words = cells.iter().all(|(_, held)| matches!(held, Held::Text(_)));
        if is_words && header.is_none_or(|(_, most)| cells.len() > most) {
            header = Some((row, cells.len()));
        }
    }
    let tabular = tabular.unwrap_or(first);
    let last = header.map(|(row, _)| row);
    Top {
        repeated: last.map(|last| (first.max(last.saturating_sub(REPEATED)), last)),
        tabular,
    }
}

/// Writes a title, which runs across the columns beside it.
pub(super) fn title(
    shared: &mut Shared,
    copy: &mut Worksheet,
    at: (u32, u16),
    text: &str,
) -> Result<(), Failed> {
    let text = shared.fitting(&copy.name(), at.0, at.1, crate::issues::shown(text))?;
    copy.set_row_height(at.0, 22.0)?;
    copy.write_string_with_format(at.0, at.1, text, &shared.formats.title)?;
    Ok(())
}

/// Makes a row as high as what stands in it.
pub(super) fn fit(
    copy: &mut Worksheet,
    row: u32,
    cells: &[(u32, Held<'_>)],
    widths: &BTreeMap<u16, u32>,
) -> Result<(), Failed> {
    let lines = cells.iter().map(|(column, held)| {
        let width = u16::try_from(*column)
            .ok()
            .and_then(|column| widths.get(&column));
        match held {
            Held::Text(text) => Cell::text(text).lines(width.copied().unwrap_or(8)),
            _ => 1,
        }
    });
    let height = lines.max().unwrap_or(1).clamp(1, HIGHEST);
    copy.set_row_height(row, 15.0 * height as f64)?;
    Ok(())
}

/// Writes a cell of the table, in the colour of an outcome if one is given.
pub(super) fn write(
    shared: &mut Shared,
    copy: &mut Worksheet,
    at: (u32, u16),
    held: Option<&Held<'_>>,
    outcome: Option<Outcome>,
) -> Result<(), Failed> {
    let Some(outcome) = outcome else {
        let cell = match held {
            None => return Ok(()),
            Some(Held::Text(text)) => Cell::text(text),
            Some(Held::Number(number)) => {
                copy.write_number(at.0, at.1, *number)?;
                return Ok(());
            }
            Some(Held::Day(days)) => {
                let format = match days.fract() == 0.0 {
                    true => &shared.formats.day,
                    false => &shared.formats.moment,
                };
                copy.write_number_with_format(at.0, at.1, *days, format)?;
                return Ok(());
            }
            Some(Held::Bool(yes)) => {
                copy.write_boolean(at.0, at.1, *yes)?;
                return Ok(());
            }
        };
        return shared.write(copy, at, &cell);
    };
    let format = shared.formats.marked[outcome as usize].clone();
    match held {
        None => copy.write_blank(at.0, at.1, &format)?,
        Some(Held::Text(text)) => {
            let text = shared.fitting(&copy.name(), at.0, at.1, crate::issues::shown(text))?;
            let format = match crate::delimited::is_like_a_formula(&text) {
                true => format.set_quote_prefix(),
                false => format,
            };
            copy.write_string_with_format(at.0, at.1, text, &format)?
        }
        Some(Held::Number(number)) => {
            copy.write_number_with_format(at.0, at.1, *number, &format)?
        }
        Some(Held::Day(days)) => {
            let code = match days.fract() == 0.0 {
                true => "yyyy-mm-dd",
                false => "yyyy-mm-dd hh:mm",
            };
            copy.write_number_with_format(at.0, at.1, *days, &format.set_num_format(code))?
        }
        Some(Held::Bool(yes)) => copy.write_boolean_with_format(at.0, at.1, *yes, &format)?,
    };
    Ok(())
}
