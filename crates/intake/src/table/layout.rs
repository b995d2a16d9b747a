//! How a book is read: what every sheet holds, what every column of its header means, and which words of a column are not
//! understood. This is what a person who places columns needs to see.
//!
//! Invariants: it describes what the audit reads, because it is read the same way; each cell is listed once.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::cases::{Sheet, is_instructions};
use super::columns::{Columns, Role};
use super::grid::{Cell, Grid};
use super::heading::{Fault, Reading, What};
use super::index::{Found, Holds, Index, Target, parts};
use super::written::scalar;
use super::{Book, Cases};
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::lang::Text;
use choucha_core::value::Type;
use choucha_core::vocabulary::{FactId, GroupId, PARTY_KEYS, PartyField, Vocabulary};

/// How many cases are read to find words that are not understood.
const CASES: usize = 5_000;

/// How many rows at the top of a sheet are shown, and how many columns of each.
const TOP: (usize, usize) = (30, 200);

/// How many cells of a column are shown.
const EXAMPLES: usize = 5;

/// How many words of a column that are not understood are listed, and how many cells of each.
const LISTED: (usize, usize) = (200, 50);

/// The longest text of a cell that is shown.
const LONGEST: usize = 200;

/// How a book is read.
#[derive(Debug)]
pub struct Layout {
    /// The name it was read under.
    pub name: String,
    /// Its sheets, in their order.
    pub sheets: Vec<SheetLayout>,
    /// What is wrong with the book as a whole, its sheets and headers.
    pub diagnostics: Vec<Diagnostic>,
    /// How many cases were read to look for words, and how many there are.
    pub cases: (usize, usize),
}

/// How one sheet is read.
#[derive(Debug)]
pub struct SheetLayout {
    /// Its name; of a text file, the name of the file.
    pub name: String,
    /// What its rows are.
    pub holds: Holding,
    /// Whether the mapping says so.
    pub is_mapped: bool,
    /// Whether its facts stand below each other, in place of columns.
    pub is_upright: bool,
    /// The row of its header, from 1.
    pub header: Option<u32>,
    /// Whether the mapping names that row.
    pub is_header_mapped: bool,
    /// The first rows, numbered from 1, each with its cells by column, from 1.
    pub top: Vec<(u32, Vec<(u32, String)>)>,
    /// The columns of the header, from left to right.
    pub columns: Vec<ColumnLayout>,
}

/// What the rows of a sheet are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// A case each.
    Main,
    /// More facts of the cases of the main table: of the group of this path, empty for any.
    Group(String),
    /// The rows or entries of a list of the cases.
    List(FactId),
    /// The facts of the campaign.
    Campaign,
    /// Nothing that is read: it is hidden, tells how to fill in the book, or the mapping says so.
    Nothing,
    /// Not known: no header of facts was found.
    Unknown,
}

/// How one column is read.
#[derive(Debug)]
pub struct ColumnLayout {
    /// The column, from 1; of a form that stands upright, the row.
    pub at: u32,
    /// Its letters and the row of the header: `C3`.
    pub cell: String,
    /// Its name as a mapping names it, with the names above it: `检验·日期`. Empty if it has none that a mapping could
    /// name.
    pub name: String,
    /// What comes of it.
    pub reads: Reads,
    /// Whether the mapping says so.
    pub is_mapped: bool,
    /// What most of its cells hold, where that tells something.
    pub content: Option<Text>,
    /// The facts it may mean, the likeliest first, where it is not read.
    pub candidates: Vec<FactId>,
    /// Some of what stands in it.
    pub examples: Vec<String>,
    /// The words in it that are not understood.
    pub unread: Vec<Unread>,
    /// What the mapping says its words mean: the word, then the meaning.
    pub words: Vec<(String, String)>,
}

/// What comes of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// The fact, and what of a person or organisation.
    Fact(FactId, Option<PartyField>),
    /// The number of the case that a row belongs to.
    Case,
    /// The entries of the list that the sheet holds.
    Entry,
    /// Nothing, because the mapping says so.
    Ignored,
    /// Nothing: what it means is not known.
    Unknown,
    /// Nothing: it may mean several facts.
    Ambiguous,
    /// Nothing: a column further left means the same.
    Duplicate,
    /// Nothing: its unit is not that of the fact.
    Unit(FactId),
}

/// A word of a column that is not understood.
#[derive(Debug)]
pub struct Unread {
    /// What stands there.
    pub word: String,
    /// Why it is not understood.
    pub why: Text,
    /// Some of the cells it stands in.
    pub cells: Vec<String>,
    /// How many there are.
    pub count: usize,
}

impl Book {
    /// How the book is read by a mapping.
    #[must_use]
    pub fn layout(self, vocabulary: &Vocabulary, columns: &Columns) -> Layout {
        let mut cases = self.cases(vocabulary, columns);
        let all = cases.remaining() - usize::from(cases.campaign_sheet().is_some());
        let mut problems = Vec::new();
        let mut read = 0;
        if let Some(rows) = cases.rows(CASES) {
            read = rows.len();
            let decoded = (0..read).filter_map(|at| rows.read(at, vocabulary));
            problems.extend(decoded.flat_map(|decoded| decoded.diagnostics));
        }
        let surveyor = Surveyor {
            vocabulary,
            columns,
            root: Index::of(vocabulary, GroupId(0)),
            cases: &cases,
        };
        let mut sheets = surveyor.sheets();
        surveyor.note(&problems, &mut sheets);
        Layout {
            name: cases.read_sheets().0.name.to_string(),
            sheets,
            diagnostics: cases.diagnostics().to_vec(),
            cases: (read, all),
        }
    }
}

impl ColumnLayout {
    /// What a mapping writes for what the column is read as; nothing where it cannot say it.
    #[must_use]
    pub fn target(&self, vocabulary: &Vocabulary) -> Option<String> {
        match self.reads {
            Reads::Fact(fact, None) => Some(vocabulary.fact(fact).path.clone()),
            Reads::Fact(fact, Some(field)) => {
                let (key, _) = PARTY_KEYS.iter().find(|(_, of)| *of == field)?;
                Some(format!("{}·{key}", vocabulary.fact(fact).path))
            }
            Reads::Case => Some("case.number".to_owned()),
            Reads::Ignored => Some("不读".to_owned()),
            _ => None,
        }
    }
}

struct Surveyor<'c, 'v> {
    vocabulary: &'v Vocabulary,
    columns: &'c Columns,
    root: Index<'v>,
    cases: &'c Cases<'v>,
}

impl Surveyor<'_, '_> {
    fn sheets(&self) -> Vec<SheetLayout> {
        let (book, mains, others) = self.cases.read_sheets();
        let sheets = book.grids.iter().enumerate().map(|(at, grid)| {
            let role = self.columns.role(&grid.name);
            let main = mains.iter().find(|sheet| sheet.grid == at);
            let other = others.iter().find(|other| other.sheet.grid == at);
            let holds = match (main, other.map(|other| other.holds)) {
                (Some(_), _) => Holding::Main,
                (_, Some(holds)) => self.holding(holds),
                _ if self.cases.campaign_sheet() == Some(at) => Holding::Campaign,
                _ if role == Some(Role::Ignored) => Holding::Nothing,
                _ if role.is_none() && (grid.hidden || is_instructions(&grid.name)) => {
                    Holding::Nothing
                }
                _ if grid.rows.is_empty() => Holding::Nothing,
                _ => Holding::Unknown,
            };
            let sheet = main.or(other.map(|other| &other.sheet));
            SheetLayout {
                name: grid.name.to_string(),
                holds,
                is_mapped: role.is_some(),
                is_upright: grid.is_turned(),
                header: sheet.map(|sheet| sheet.header.row + 1),
                is_header_mapped: self.columns.header(&grid.name).is_some(),
                top: top(grid),
                columns: sheet
                    .map(|sheet| self.columns_of(grid, sheet, other.map(|other| other.holds)))
                    .unwrap_or_default(),
            }
        });
        sheets.collect()
    }

    fn holding(&self, holds: Holds) -> Holding {
        match holds {
            Holds::Many(fact) => Holding::List(fact),
            Holds::Group(group) => Holding::Group(self.vocabulary.group(group).path.clone()),
        }
    }

    fn columns_of(&self, grid: &Grid, sheet: &Sheet, holds: Option<Holds>) -> Vec<ColumnLayout> {
        let reading = Reading::new(self.vocabulary, self.columns, &self.root, holds);
        let header = &sheet.header;
        let columns = header.written.iter().map(|(at, names)| {
            let column = header.columns.iter().find(|column| column.at == *at);
            let fault = header.faults.iter().find(|(fault, ..)| fault == at);
            let reads = match (column, fault) {
                (Some(column), _) => match column.what {
                    What::Case => Reads::Case,
                    What::Entry => Reads::Entry,
                    What::Target(Target::Fact(fact)) => Reads::Fact(fact, None),
                    What::Target(Target::Party(fact, field)) => Reads::Fact(fact, Some(field)),
                    What::Party(field) => match holds {
                        Some(Holds::Many(fact)) => Reads::Fact(fact, Some(field)),
                        _ => Reads::Unknown,
                    },
                },
                (None, Some((_, _, fault))) => match fault {
                    Fault::Unknown { .. } | Fault::Unplaced(..) => Reads::Unknown,
                    Fault::Ambiguous(_) => Reads::Ambiguous,
                    Fault::Duplicate(_) => Reads::Duplicate,
                    Fault::Unit { fact, .. } => Reads::Unit(*fact),
                },
                (None, None) => Reads::Ignored,
            };
            let (content, mut likely) = reading.may_mean(grid, header.row, *at, names);
            let mut candidates: Vec<FactId> = Vec::new();
            match fault {
                Some((_, _, Fault::Ambiguous(facts))) => candidates.extend(facts),
                Some((
                    _,
                    _,
                    Fault::Unknown {
                        near: Some(near), ..
                    },
                )) => {
                    if let Found::One(target) = self.root.find(&[], near) {
                        candidates.push(target.fact());
                    }
                }
                _ => {}
            }
            likely.retain(|fact| !candidates.contains(fact));
            candidates.append(&mut likely);
            if matches!(reads, Reads::Fact(..) | Reads::Case | Reads::Entry) {
                candidates.clear();
            }
            let mut words: Vec<(String, String)> = match reads {
                Reads::Fact(fact, None) => {
                    self.columns.values(fact).map_or_else(Vec::new, |values| {
                        values
                            .iter()
                            .map(|(word, meant)| (word.clone(), meant.clone()))
                            .collect()
                    })
                }
                _ => Vec::new(),
            };
            words.sort_unstable();
            ColumnLayout {
                at: at + 1,
                cell: grid.cell_name(header.row, *at).address(),
                name: mapped_name(names, &header.written),
                reads,
                is_mapped: reading.is_mapped(&grid.name, names),
                content: content.name(),
                candidates,
                examples: examples(grid, header.row, *at),
                unread: Vec::new(),
                words,
            }
        });
        columns.collect()
    }

    /// Notes with every column the words in it that were not understood.
    fn note(&self, problems: &[Diagnostic], sheets: &mut [SheetLayout]) {
        let (book, ..) = self.cases.read_sheets();
        let is_of_word = |code: Code| {
            matches!(
                code,
                Code::RecordUnknownValue
                    | Code::TableCellError
                    | Code::TableNoValue
                    | Code::TableDigitsLost
            ) || code.code().starts_with("record/")
        };
        // By sheet, column and word.
        let mut found: BTreeMap<(usize, u32, String), Unread> = BTreeMap::new();
        let mut told: HashMap<(usize, u32), usize> = HashMap::new();
        for problem in problems {
            if problem.level != Level::Error || !is_of_word(problem.code) {
                continue;
            }
            let Some((grid, row, column)) = problem
                .labels
                .first()
                .and_then(|label| place(book, &label.span))
            else {
                continue;
            };
            let own = &book.grids[grid];
            let word = own
                .shown(row, column)
                .map(|(_, cell)| cut(&cell.text()))
                .unwrap_or_default();
            let cell = match &own.texts {
                Some(texts) => texts
                    .rows
                    .get(&row)
                    .map_or_else(String::new, |(_, line)| line.to_string()),
                None => own.cell_name(row, column).address(),
            };
            let words = told.entry((grid, column)).or_default();
            let key = (grid, column, word.clone());
            if !found.contains_key(&key) {
                if *words >= LISTED.0 {
                    continue;
                }
                *words += 1;
            }
            let unread = found.entry(key).or_insert_with(|| Unread {
                word,
                why: problem.message.clone(),
                cells: Vec::new(),
                count: 0,
            });
            if unread.cells.contains(&cell) {
                continue;
            }
            unread.count += 1;
            if unread.cells.len() < LISTED.1 {
                unread.cells.push(cell);
            }
        }
        for ((grid, column, _), unread) in found {
            let columns = sheets.get_mut(grid).map(|sheet| &mut sheet.columns);
            let column = columns.and_then(|all| all.iter_mut().find(|one| one.at == column + 1));
            if let Some(column) = column {
                column.unread.push(unread);
            }
        }
        for column in sheets.iter_mut().flat_map(|sheet| &mut sheet.columns) {
            column
                .unread
                .sort_by_key(|unread| std::cmp::Reverse(unread.count));
        }
    }
}

/// The sheet, row and column of a place, as the sheet is read; nothing if it is no cell.
fn place(book: &Book, span: &choucha_core::source::Span) -> Option<(usize, u32, u32)> {
    let position = span.position();
    if let Some(cell) = span.source.cell(position.line) {
        let at = book.grids.iter().position(|grid| grid.name == cell.sheet)?;
        return Some(match book.grids[at].is_turned() {
            true => (at, cell.column, cell.row),
            false => (at, cell.row, cell.column),
        });
    }
    let (at, texts) = (0..)
        .zip(&book.grids)
        .find_map(|(at, grid)| Some((at, grid.texts.as_ref()?)))?;
    let first = u64::try_from(position.line).ok()?;
    // A row may run over several lines: the last that begins on the line or before it.
    let before = texts
        .rows
        .iter()
        .filter(|(_, (_, line))| u64::try_from(*line).is_ok_and(|line| line <= first));
    let (row, _) = before.max_by_key(|(_, (_, line))| *line)?;
    let fields = super::row::fields(span.source.text(), texts.delimiter);
    let field = fields
        .iter()
        .position(|field| span.range.start <= field.end)?;
    Some((at, *row, u32::try_from(field).ok()?))
}

/// The name of a column as a mapping may write it: with as many of those above it as it takes to mean no other column.
fn mapped_name(names: &[String], all: &[(u32, Vec<String>)]) -> String {
    let is_shared =
        |end: &[String]| all.iter().filter(|(_, other)| other.ends_with(end)).count() > 1;
    let mut ends = (1..=names.len()).map(|length| names.split_at(names.len() - length).1);
    let shortest = ends.find(|end| !is_shared(end));
    let names = shortest.unwrap_or(names);
    let lines = names.iter().flat_map(|name| name.lines());
    let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let name = lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("·");
    let wanted: Vec<String> = names.iter().flat_map(|name| parts(name)).collect();
    match !wanted.is_empty() && parts(&name) == wanted {
        true => name,
        false => wanted.join("·"),
    }
}

fn cut(text: &str) -> String {
    text.chars()
        .take(LONGEST)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn top(grid: &Grid) -> Vec<(u32, Vec<(u32, String)>)> {
    let rows = grid.rows.iter().take(TOP.0);
    let rows = rows.map(|(row, cells)| {
        let cells = cells.iter().take(TOP.1);
        (
            row + 1,
            cells
                .map(|(at, cell)| (at + 1, cut(&cell.text())))
                .collect(),
        )
    });
    rows.collect()
}

fn examples(grid: &Grid, header: u32, at: u32) -> Vec<String> {
    let cells = grid
        .rows
        .range(header + 1..)
        .filter_map(|(row, _)| grid.own(*row, at));
    let mut found: Vec<String> = Vec::new();
    for cell in cells.take(200) {
        let shown = shown(grid, cell);
        if !shown.is_empty() && !found.contains(&shown) {
            found.push(shown);
            if found.len() == EXAMPLES {
                break;
            }
        }
    }
    found
}

/// What a cell shows: a day as a day.
fn shown(grid: &Grid, cell: &Cell) -> String {
    match cell {
        Cell::Date(_) => scalar(&Type::Text, cell, grid.from_1904, Decimal::ONE),
        cell => cut(&cell.text()),
    }
}
