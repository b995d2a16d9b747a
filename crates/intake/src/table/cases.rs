//! The cases of a book: one row of the main table each, with their facts on further sheets.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use super::budget::MAX_CASE;
use super::columns::Columns;
use super::faults::Unread;
use super::grid::{Cell, Grid};
use super::heading::{Fault, Header, What};
use super::index::{Holds, Target, plain};
use super::row::Gatherer;
use super::written::is_struck_out;
use super::{Book, campaign, faults};
use crate::ingest::{self, Decoded};
use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::ShapeId;
use choucha_core::vocabulary::Vocabulary;

/// How many bytes of text cases that are read together have.
const TEXT_AT_ONCE: u64 = 512 * 1024;

/// How many problems of one kind are listed.
const MAX_LISTED: usize = 200;

/// The cases of a book, read one by one or handed out in groups of rows.
pub struct Cases<'v> {
    vocabulary: &'v Vocabulary,
    table: Arc<Table>,
    /// The diagnostics for the book as a whole, its sheets and headers.
    diagnostics: Vec<Diagnostic>,
    /// How many cases were handed out.
    taken: usize,
    /// The campaign's own record, until it is read.
    campaign: Option<campaign::Sheet>,
    /// How many cells of that record were struck out.
    struck_out: usize,
    /// Whether struck-out cells were reported.
    said: bool,
}

/// A book and the roles of its sheets.
#[derive(Debug)]
struct Table {
    book: Book,
    mains: Vec<Sheet>,
    others: Vec<Other>,
    /// The place of each case: the main table and its row.
    rows: Vec<(usize, u32)>,
    /// How many cells of each case were struck out, once the case was read.
    struck_out: Vec<AtomicU32>,
    /// Whether a sheet has an unreadable part that may belong to any case.
    partial: bool,
}

/// Consecutive cases of a book, not yet read.
#[derive(Debug)]
pub struct Rows {
    table: Arc<Table>,
    cases: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) grid: usize,
    pub(super) header: Header,
}

#[derive(Debug)]
pub(super) struct Other {
    pub(super) sheet: Sheet,
    pub(super) holds: Holds,
    /// The rows of each case.
    pub(super) rows: HashMap<String, Vec<u32>>,
}

/// A book whose sheets are being sorted out.
pub(super) struct Survey<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    pub(super) book: Book,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) mains: Vec<Sheet>,
    pub(super) others: Vec<Other>,
    rows: Vec<(usize, u32)>,
    pub(super) campaign: Option<campaign::Sheet>,
}

impl<'v> Cases<'v> {
    pub(super) fn new(book: Book, vocabulary: &'v Vocabulary, columns: &Columns) -> Self {
        let mut survey = Survey {
            vocabulary,
            diagnostics: book.notes.clone(),
            book,
            mains: Vec::new(),
            others: Vec::new(),
            rows: Vec::new(),
            campaign: None,
        };
        survey.sort_sheets(columns);
        survey.headers();
        survey.rows();
        survey.details();
        let Survey {
            book,
            mut diagnostics,
            mains,
            others,
            rows,
            mut campaign,
            ..
        } = survey;
        // An unread fact is not a missing one, whether that is an error or not.
        let unread = |it: &Diagnostic| it.code == Code::TableUnplacedColumns;
        let partial = has_errors(&diagnostics) || diagnostics.iter().any(unread);
        // Problems of the campaign's record do not concern the cases.
        if let Some(sheet) = &mut campaign {
            let found = of_header(&book, vocabulary, sheet.grid, &sheet.header);
            sheet.note(&found);
            diagnostics.extend(found);
        }
        diagnostics.sort_by(Diagnostic::order);
        let table = Table {
            book,
            mains,
            others,
            struck_out: rows.iter().map(|_| AtomicU32::new(0)).collect(),
            rows,
            partial,
        };
        Cases {
            vocabulary,
            table: Arc::new(table),
            diagnostics,
            taken: 0,
            campaign,
            struck_out: 0,
            said: false,
        }
    }

    /// The diagnostics for the book as a whole: its sheets, headers, and details that belong to no case.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The book, and its sheets that are read.
    pub(super) fn read_sheets(&self) -> (&Book, &[Sheet], &[Other]) {
        (&self.table.book, &self.table.mains, &self.table.others)
    }

    /// The sheet of the record of the campaign, if there is one.
    pub(super) fn campaign_sheet(&self) -> Option<usize> {
        self.campaign.as_ref().map(|sheet| sheet.grid)
    }

    /// How many cases are left to read, the campaign's record included.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.table.rows.len() - self.taken + usize::from(self.campaign.is_some())
    }

    /// The next cases, as many as that or fewer, to be read by whom it suits; none, if only the record of the campaign is
    /// left, or nothing. Fewer where they show much text: what is made of a case is many times as large.
    pub fn rows(&mut self, most: usize) -> Option<Rows> {
        let most = self.table.rows.len().min(self.taken.saturating_add(most));
        let (mut end, mut bytes) = (self.taken, 0);
        while end < most && bytes < TEXT_AT_ONCE {
            bytes += self.table.bytes(end);
            end += 1;
        }
        let cases = self.taken..end;
        self.taken = end;
        (!cases.is_empty()).then(|| Rows {
            table: Arc::clone(&self.table),
            cases,
        })
    }

    /// Reports once that cells were struck out with a slash or dash, and so read as blank.
    pub fn struck_out(&mut self) -> Option<Diagnostic> {
        let of_cases = self.table.struck_out.iter();
        let of_cases = of_cases.map(|count| count.load(Ordering::Relaxed) as usize);
        let count = self.struck_out + of_cases.sum::<usize>();
        let says = count > 0 && !std::mem::replace(&mut self.said, true);
        says.then(|| faults::struck_out(&self.table.book, count))
    }
}

impl Rows {
    /// The number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Reads a case, counted from 0; repeatable. None beyond the last case.
    #[must_use]
    pub fn read(&self, at: usize, vocabulary: &Vocabulary) -> Option<Decoded> {
        let case = self.cases.clone().nth(at)?;
        self.table.read(case, vocabulary)
    }
}

impl Survey<'_> {
    /// Collects the problems with headers.
    fn headers(&mut self) {
        let others = self.others.iter().map(|other| &other.sheet);
        for sheet in self.mains.iter().chain(others) {
            let found = of_header(&self.book, self.vocabulary, sheet.grid, &sheet.header);
            self.diagnostics.extend(found);
        }
    }

    /// Finds the rows of the main tables that are cases.
    fn rows(&mut self) {
        let number = number(self.vocabulary);
        let mut queue = Vec::new();
        for (at, sheet) in self.mains.iter().enumerate() {
            let grid = &self.book.grids[sheet.grid];
            let mut passed_over = Vec::new();
            for (&row, cells) in grid.rows.range(sheet.header.row + 1..) {
                match judge(grid, &sheet.header, row, cells, number) {
                    Row::Case => queue.push((at, row)),
                    Row::Blank => {}
                    Row::Remark => passed_over.push(row),
                }
            }
            if !passed_over.is_empty() {
                self.diagnostics
                    .push(faults::rows(&self.book, sheet.grid, &passed_over));
            }
            let hidden = hidden(
                grid,
                &sheet.header,
                queue.iter().filter(|(of, _)| *of == at),
            );
            if let Some((rows, columns)) = hidden {
                self.diagnostics
                    .push(faults::hidden(&self.book, sheet.grid, &rows, &columns));
            }
        }
        if queue.is_empty() && !self.mains.is_empty() {
            self.diagnostics.push(faults::no_cases(&self.book));
        }
        self.rows = queue;
    }

    /// Finds the case of every row of the further sheets.
    fn details(&mut self) {
        if self.others.is_empty() {
            return;
        }
        let number = number(self.vocabulary);
        let known: HashSet<String> = self
            .rows
            .iter()
            .filter_map(|(main, row)| {
                let sheet = &self.mains[*main];
                key(&self.book.grids[sheet.grid], &sheet.header, *row, number)
            })
            .collect();
        for other in &mut self.others {
            let grid = &self.book.grids[other.sheet.grid];
            let header = &other.sheet.header;
            let at = header.column(What::Case).map_or(0, |column| column.at);
            let mut listed = 0;
            for (&row, cells) in grid.rows.range(header.row + 1..) {
                if matches!(
                    judge(grid, header, row, cells, What::Case),
                    Row::Blank | Row::Remark
                ) {
                    continue;
                }
                match key(grid, header, row, What::Case) {
                    Some(case) if known.contains(&case) => {
                        let rows = other.rows.entry(case).or_default();
                        let once = matches!(other.holds, Holds::Group(_));
                        if once && !rows.is_empty() && listed < MAX_LISTED {
                            listed += 1;
                            self.diagnostics.push(faults::twice(
                                &self.book,
                                (other.sheet.grid, at),
                                row,
                                rows[0],
                            ));
                        }
                        rows.push(row);
                    }
                    case if listed < MAX_LISTED => {
                        listed += 1;
                        self.diagnostics.push(faults::orphan(
                            &self.book,
                            (other.sheet.grid, at),
                            row,
                            case.as_deref(),
                            &known,
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
}

impl Table {
    /// How many bytes of text the row of a case shows.
    fn bytes(&self, case: usize) -> u64 {
        let row = self.rows.get(case);
        row.map_or(0, |(main, row)| {
            self.book.grids[self.mains[*main].grid].bytes(*row)
        })
    }

    /// Why a case is not read: with all its rows of further sheets it is larger than a dossier may be.
    fn too_large(&self, case: usize, number: Option<&str>) -> Option<Diagnostic> {
        let others = self.others.iter().filter_map(|other| {
            let rows = other.rows.get(number?)?.iter();
            let grid = &self.book.grids[other.sheet.grid];
            Some(rows.map(|row| grid.bytes(*row)).sum::<u64>())
        });
        let bytes = self.bytes(case) + others.sum::<u64>();
        if bytes <= MAX_CASE {
            return None;
        }
        let &(main, row) = self.rows.get(case)?;
        let sheet = &self.mains[main];
        let place = place(&self.book, sheet.grid, row, 0);
        let limit = MAX_CASE / 1024 / 1024;
        let message = text!(
            "一个案卷的单元格合计超过 {limit} MiB",
            "the cells of one case have more than {limit} MiB"
        );
        Some(
            Diagnostic::new(Code::InputTooLarge, message)
                .about(place.to_string())
                .help(Text::new(
                    "请检查是否把许多案卷的明细写成了同一编号，或者单元格里贴入了无关的文字",
                    "see whether rows of many cases bear one number, or cells hold text that belongs elsewhere",
                )),
        )
    }

    fn read(&self, case: usize, vocabulary: &Vocabulary) -> Option<Decoded> {
        let &(main, row) = self.rows.get(case)?;
        let sheet = &self.mains[main];
        let grid = &self.book.grids[sheet.grid];
        let case_number = key(grid, &sheet.header, row, number(vocabulary));
        if let Some(problem) = self.too_large(case, case_number.as_deref()) {
            return Some(Decoded {
                record: None,
                diagnostics: vec![problem],
            });
        }
        let mut gatherer = Gatherer::new(vocabulary, &self.book.name, &self.book.digest);
        if let Some(texts) = &grid.texts
            && let Some((range, line)) = texts.rows.get(&row)
        {
            gatherer = gatherer.of_text(&texts.text[range.clone()], texts.delimiter, *line);
        }
        gatherer.row(grid, &sheet.header, row);
        if let Some(number) = case_number {
            for other in &self.others {
                let rows = other
                    .rows
                    .get(&number)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let grid = &self.book.grids[other.sheet.grid];
                match (other.holds, rows) {
                    (_, []) => {}
                    (Holds::Many(fact), rows) => {
                        gatherer.many(grid, &other.sheet.header, rows, fact);
                    }
                    (Holds::Group(_), [first, ..]) => {
                        gatherer.row(grid, &other.sheet.header, *first);
                    }
                }
            }
        }
        // Stored, not added: a case may be read twice.
        if let Some(count) = self.struck_out.get(case) {
            let found = u32::try_from(gatherer.struck_out).unwrap_or(u32::MAX);
            count.store(found, Ordering::Relaxed);
        }
        let gathered = gatherer.finish();
        let mut decoded = ingest::read_cells(&gathered.source, gathered.root, vocabulary);
        for problem in &mut decoded.diagnostics {
            if problem.code == Code::RecordUnknownValue {
                problem.help.push(faults::map_values());
            }
        }
        decoded.diagnostics.extend(gathered.diagnostics);
        decoded.diagnostics.sort_by(Diagnostic::order);
        if self.partial || has_errors(&decoded.diagnostics) {
            decoded.record = decoded
                .record
                .map(choucha_core::record::Record::into_partial);
        }
        Some(decoded)
    }
}

impl Iterator for Cases<'_> {
    type Item = Decoded;

    fn next(&mut self) -> Option<Decoded> {
        if let Some(row) = self.rows(1) {
            return row.read(0, self.vocabulary);
        }
        let sheet = self.campaign.take()?;
        let (decoded, struck_out) = sheet.read(self.vocabulary, &self.table.book)?;
        self.struck_out += struck_out;
        Some(decoded)
    }
}

/// The hidden rows and columns that are read, if there are any.
fn hidden<'r>(
    grid: &Grid,
    header: &Header,
    rows: impl Iterator<Item = &'r (usize, u32)>,
) -> Option<(Vec<u32>, Vec<u32>)> {
    let rows: Vec<u32> = rows
        .map(|(_, row)| *row)
        .filter(|row| grid.hides.has_row(*row))
        .collect();
    let columns = header.columns.iter().map(|column| column.at);
    let columns: Vec<u32> = columns.filter(|at| grid.hides.has_column(*at)).collect();
    (!rows.is_empty() || !columns.is_empty()).then_some((rows, columns))
}

/// The column of the case number.
pub(super) fn number(vocabulary: &Vocabulary) -> What {
    let slot = vocabulary.reserved().number;
    let shape = vocabulary.shape(ShapeId::ROOT);
    What::Target(Target::Fact(shape.facts[usize::from(slot.0)]))
}

/// The diagnostics for a header.
fn of_header(
    book: &Book,
    vocabulary: &Vocabulary,
    grid: usize,
    header: &Header,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut unread = Vec::new();
    for (column, name, fault) in &header.faults {
        match fault {
            Fault::Unknown {
                sure: false,
                near,
                may_be,
            } => unread.push(Unread {
                at: *column,
                name: name.clone(),
                near: near.clone(),
                may_be: may_be.clone(),
            }),
            fault => {
                let fault = (*column, name.as_str(), fault);
                found.push(faults::column(book, vocabulary, grid, header.row, fault));
            }
        }
    }
    if !unread.is_empty() {
        found.push(faults::unread(book, grid, header.row, vocabulary, &unread));
    }
    found
}

/// The number of the case a row belongs to.
pub(super) fn key(grid: &Grid, header: &Header, row: u32, number: What) -> Option<String> {
    let column = header.column(number)?;
    let (_, cell) = grid.shown(row, column.at)?;
    Some(plain(&cell.text())).filter(|key| !key.is_empty() && !is_struck_out(key))
}

pub(super) fn is_instructions(sheet: &str) -> bool {
    let (zh, en) = super::INSTRUCTIONS;
    sheet == zh || sheet == en
}

enum Row {
    Case,
    /// No column that is read has a value.
    Blank,
    /// A total, a note, or a repeated header.
    Remark,
}

/// Words that begin rows other than cases.
const REMARKS: [&str; 14] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "备注",
    "注：",
    "注:",
    "说明",
    "填表",
    "制表",
    "审核人",
    "填报",
    "total",
    "note",
];

/// The same in normal form.
static PLAIN_REMARKS: LazyLock<[String; REMARKS.len()]> = LazyLock::new(|| REMARKS.map(plain));

fn judge(grid: &Grid, header: &Header, row: u32, cells: &[(u32, Cell)], number: What) -> Row {
    let says = |cell: &Cell| !matches!(cell, Cell::Text(text) if is_struck_out(text));
    let read: Vec<&(u32, Cell)> = cells
        .iter()
        .filter(|(at, cell)| says(cell) && header.reads(*at))
        .collect();
    let Some((first, cell)) = cells
        .iter()
        .find(|(_, cell)| says(cell))
        .map(|(at, cell)| (at, cell))
    else {
        return Row::Blank;
    };
    let word = plain(&cell.text());
    let is_remark = PLAIN_REMARKS.iter().any(|known| word.starts_with(known));
    let number_is_elsewhere = header
        .column(number)
        .is_none_or(|column| column.at == *first || grid.shown(row, column.at).is_none());
    if is_remark && number_is_elsewhere {
        return Row::Remark;
    }
    match read.as_slice() {
        [] => return Row::Blank,
        [(at, _)] if cells.len() == 1 && grid.runs_across(row, *at) => return Row::Remark,
        _ => {}
    }
    let repeats = read.len() >= 2
        && read.iter().all(|(at, cell)| {
            grid.headed(header.row, *at)
                .is_some_and(|name| plain(&name.text()) == plain(&cell.text()))
        });
    if repeats { Row::Remark } else { Row::Case }
}

/// The span of a cell of a book.
pub(super) fn place(book: &Book, grid: usize, row: u32, column: u32) -> choucha_core::source::Span {
    use choucha_core::source::{Source, Span};
    let grid = &book.grids[grid];
    if let Some(texts) = &grid.texts
        && let Some((range, line)) = texts.rows.get(&row)
    {
        let text = texts.text[range.clone()].to_owned();
        let field = super::row::fields(&text, texts.delimiter)
            .get(column as usize)
            .cloned()
            .unwrap_or_default();
        let source = Source::part(&*book.name, text, *line, Some(Arc::clone(&book.digest)));
        return Span::new(&source, field);
    }
    let shown = grid.headed(row, column).map(Cell::text).unwrap_or_default();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = grid.cell_name(row, column);
    let length = shown.len();
    let source = Source::cells(&*book.name, shown, vec![name], Arc::clone(&book.digest));
    Span::new(&source, 0..length)
}
