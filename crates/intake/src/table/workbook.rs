//! Reads workbooks into cells.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsx,
};

use super::budget::{Budget, Exceeded, Store};
use super::grid::{Cell, Grid, Merge};
use super::guard::{self, WorkbookKind};
use super::{MAX_BYTES, hidden, ods};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// A book has no more cells, those that hold nothing among them: each is looked at.
const MAX_CELLS: usize = 32_000_000;

/// Why reading ended.
enum Stopped {
    Encrypted,
    TooLarge,
    Damaged(String),
}

impl From<Exceeded> for Stopped {
    fn from(_: Exceeded) -> Self {
        Stopped::TooLarge
    }
}

type Read<T> = Result<T, Stopped>;

/// The sheets of a workbook, and notes on the file.
pub(super) fn read(
    name: &str,
    bytes: Vec<u8>,
) -> Result<(Vec<Grid>, Vec<Diagnostic>), Box<Diagnostic>> {
    if bytes.len() > MAX_BYTES {
        let limit = MAX_BYTES / 1024 / 1024;
        let message = text!(
            "文件超过 {limit} MiB",
            "the file is larger than {limit} MiB"
        );
        return Err(Box::new(
            Diagnostic::new(Code::InputTooLarge, message).about(name),
        ));
    }
    let mut checked = guard::check(name, &bytes)?;
    let layouts = match checked.kind {
        WorkbookKind::Ods => ods::survey(name, &bytes, &mut checked.budget)?,
        WorkbookKind::Xlsx | WorkbookKind::Xls => Default::default(),
    };
    let budget = checked.budget;
    let read = guard::guarded(|| match checked.kind {
        WorkbookKind::Xlsx => {
            if hidden::shares_parts(&bytes) {
                return Err(Stopped::Damaged("two sheets are one part".to_owned()));
            }
            let hidden = match checked.hides {
                true => hidden::of_xlsx(&bytes),
                false => HashMap::new(),
            };
            let mut grids = xlsx(bytes, checked.merges, budget)?;
            for grid in &mut grids {
                grid.hides = hidden.get(&*grid.name).cloned().unwrap_or_default();
            }
            Ok(grids)
        }
        WorkbookKind::Xls => xls(bytes, budget),
        WorkbookKind::Ods => open_document(bytes, layouts, budget),
    });
    let grids = match read {
        Some(Ok(grids)) => grids,
        Some(Err(Stopped::Encrypted)) => return Err(guard::encrypted(name)),
        Some(Err(Stopped::TooLarge)) => return Err(guard::too_large(name)),
        Some(Err(Stopped::Damaged(why))) => return Err(guard::damaged(name, &why)),
        None => return Err(guard::damaged(name, "")),
    };
    let mut notes = Vec::new();
    if checked.macros {
        notes.push(
            Diagnostic::new(
                Code::TableMacros,
                Text::new(
                    "工作簿带有宏；宏没有运行，只读取单元格的值",
                    "the workbook has macros; they were not run, and only the values of cells were read",
                ),
            )
            .about(name),
        );
    }
    Ok((grids, notes))
}

/// A workbook named like a text file.
pub(super) fn misnamed(name: &str, kind: WorkbookKind) -> Diagnostic {
    let extension = match kind {
        WorkbookKind::Xlsx => "xlsx",
        WorkbookKind::Xls => "xls",
        WorkbookKind::Ods => "ods",
    };
    Diagnostic::new(
        Code::InputKind,
        text!(
            "这是工作簿（{extension}），不是文本文件，只是扩展名不对",
            "this is a workbook ({extension}) and no text; only its extension is wrong"
        ),
    )
    .about(name)
    .help(text!(
        "请把扩展名改为 .{extension} 再审查",
        "change its extension to .{extension} and audit it again"
    ))
}

fn merged(areas: Vec<Dimensions>) -> Vec<Merge> {
    areas
        .into_iter()
        .map(|area| Merge {
            top: area.start.0,
            left: area.start.1,
            bottom: area.end.0,
            right: area.end.1,
        })
        .collect()
}

fn is_table(sheet: &calamine::Sheet) -> bool {
    matches!(sheet.typ, SheetType::WorkSheet)
}

fn xlsx(bytes: Vec<u8>, merges: bool, budget: Budget) -> Read<Vec<Grid>> {
    let stopped = |error: calamine::XlsxError| match error {
        calamine::XlsxError::Password => Stopped::Encrypted,
        other => Stopped::Damaged(other.to_string()),
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(stopped)?;
    let from_1904 = book.has_1904_epoch();
    let mut grids = Vec::new();
    let mut store = Store::new(budget);
    let mut count = 0;
    for sheet in book.sheets_metadata().to_vec() {
        if !is_table(&sheet) {
            continue;
        }
        // Looking for them means reading the whole sheet once more.
        let areas = match merges {
            true => book.merge_cells_by_sheet_name(&sheet.name),
            false => Ok(Vec::new()),
        };
        let mut grid = Grid::new(&sheet.name, merged(areas.map_err(stopped)?));
        grid.hidden = sheet.visible != SheetVisible::Visible;
        grid.from_1904 = from_1904;
        store.sheet();
        // Cell by cell: a range would allocate everything between the first cell and the last.
        let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(stopped)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(stopped)? {
            let (row, column) = cell.pos;
            count += 1;
            if count > MAX_CELLS {
                return Err(Stopped::TooLarge);
            }
            let value = match cell.value {
                DataRef::SharedString(text) => Some(Cell::Text(store.text(text)?)),
                DataRef::Empty if cell.formula.is_some() => Some(Cell::NoValue),
                other => of(&Data::from(other), &mut store)?,
            };
            if let Some(value) = value {
                store.cell(row)?;
                grid.put(row, column, value);
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn xls(bytes: Vec<u8>, budget: Budget) -> Read<Vec<Grid>> {
    let stopped = |error: calamine::XlsError| match error {
        calamine::XlsError::Password => Stopped::Encrypted,
        other => Stopped::Damaged(other.to_string()),
    };
    let mut hidden = hidden::of_xls(&bytes).into_iter();
    let mut book = Xls::new(Cursor::new(bytes)).map_err(stopped)?;
    let from_1904 = book.has_1904_epoch();
    let mut grids = Vec::new();
    let mut store = Store::new(budget);
    for sheet in book.sheets_metadata().to_vec() {
        let hides = hidden.next().unwrap_or_default();
        if !is_table(&sheet) {
            continue;
        }
        let areas = book
            .merge_cells_by_sheet_name(&sheet.name)
            .map_err(stopped)?;
        let range = book.worksheet_range(&sheet.name).map_err(stopped)?;
        let mut grid = Grid::new(&sheet.name, merged(areas));
        grid.hidden = sheet.visible != SheetVisible::Visible;
        grid.from_1904 = from_1904;
        grid.hides = hides;
        fill(&mut grid, &range, &mut store)?;
        grids.push(grid);
    }
    Ok(grids)
}

fn open_document(
    bytes: Vec<u8>,
    mut layouts: HashMap<String, ods::Layout>,
    budget: Budget,
) -> Read<Vec<Grid>> {
    let stopped = |error: calamine::OdsError| match error {
        calamine::OdsError::Password => Stopped::Encrypted,
        other => Stopped::Damaged(other.to_string()),
    };
    let mut book = Ods::new(Cursor::new(bytes)).map_err(stopped)?;
    let mut grids = Vec::new();
    let mut store = Store::new(budget);
    for sheet in book.sheets_metadata().to_vec() {
        let range = book.worksheet_range(&sheet.name).map_err(stopped)?;
        let layout = layouts.remove(&sheet.name).unwrap_or_default();
        let mut grid = Grid::new(&sheet.name, layout.merges);
        grid.hides = layout.hides;
        grid.hidden = sheet.visible != SheetVisible::Visible;
        fill(&mut grid, &range, &mut store)?;
        grids.push(grid);
    }
    Ok(grids)
}

fn fill(grid: &mut Grid, range: &calamine::Range<Data>, store: &mut Store) -> Read<()> {
    store.sheet();
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        // Sheets have far fewer rows and columns than 32 bits number.
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        if let Some(cell) = of(data, store)? {
            store.cell(row)?;
            grid.put(row.saturating_add(top), column.saturating_add(left), cell);
        }
    }
    Ok(())
}

fn of(data: &Data, store: &mut Store) -> Read<Option<Cell>> {
    Ok(Some(match data {
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) => Cell::Text(store.text(text)?),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(time) if time.is_datetime() => Cell::Date(ExcelDateTime::as_f64(time)),
        Data::DateTime(duration) => Cell::Number(duration.as_f64()),
        Data::DateTimeIso(text) => Cell::Iso(store.text(text)?),
        Data::DurationIso(text) => Cell::Text(store.text(text)?),
        Data::Error(error) => Cell::Failed(store.text(&error.to_string())?),
        _ => return Ok(None),
    }))
}
