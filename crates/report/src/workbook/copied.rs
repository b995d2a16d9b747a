//! The cells of a table, copied into the workbook of results.

use std::collections::BTreeMap;

use rust_xlsxwriter::Worksheet;

use super::Failed;
use super::page::{Cell, Shared};
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
