//! How tables are read as JSON: the contract `choucha.columns/1`, which `docs/schema/columns-1.json` describes.

use serde::Serialize;

use super::Engine;
use super::diagnostic::{DiagnosticObject, diagnostics};
use crate::columns::holding;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_core::value::Type;
use choucha_core::vocabulary::{Fact, FactId, Vocabulary};
use choucha_intake::table::{ColumnLayout, Holding, Layout, Reads, SheetLayout};

/// The name and version of the contract of how tables are read.
pub const COLUMNS: &str = "choucha.columns/1";

/// The schema of [`COLUMNS`].
pub const COLUMNS_SCHEMA: &str = include_str!("../../../../docs/schema/columns-1.json");

/// How tables are read.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnsDocument {
    schema: &'static str,
    engine: Engine,
    lang: &'static str,
    books: Vec<BookObject>,
    facts: Vec<FactObject>,
    diagnostics: Vec<DiagnosticObject>,
}

#[derive(Debug, Clone, Serialize)]
struct BookObject {
    name: String,
    cases: usize,
    cases_looked_at: usize,
    sheets: Vec<SheetObject>,
    diagnostics: Vec<DiagnosticObject>,
}

#[derive(Debug, Clone, Serialize)]
struct SheetObject {
    name: String,
    holds: &'static str,
    holds_path: Option<String>,
    holds_title: String,
    mapped: bool,
    upright: bool,
    header: Option<u32>,
    header_mapped: bool,
    columns: Vec<ColumnObject>,
    top: Vec<RowObject>,
}

#[derive(Debug, Clone, Serialize)]
struct RowObject {
    row: u32,
    cells: Vec<CellObject>,
}

#[derive(Debug, Clone, Serialize)]
struct CellObject {
    column: u32,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct ColumnObject {
    column: u32,
    cell: String,
    name: String,
    reads: &'static str,
    fact: Option<String>,
    target: Option<String>,
    mapped: bool,
    content: Option<String>,
    candidates: Vec<String>,
    examples: Vec<String>,
    unread: Vec<UnreadObject>,
    values: Vec<ValueObject>,
}

#[derive(Debug, Clone, Serialize)]
struct UnreadObject {
    word: String,
    because: String,
    count: usize,
    cells: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct ValueObject {
    word: String,
    means: String,
}

#[derive(Debug, Clone, Serialize)]
struct FactObject {
    path: String,
    title: String,
    #[serde(rename = "type")]
    ty: &'static str,
    values: Vec<String>,
}

impl ColumnsDocument {
    /// The document of these books, and what is wrong with those that could not be read.
    #[must_use]
    pub fn new(
        engine: Engine,
        layouts: &[Layout],
        problems: &[Diagnostic],
        vocabulary: &Vocabulary,
        lang: Lang,
    ) -> Self {
        let facts = vocabulary.facts().iter();
        ColumnsDocument {
            schema: COLUMNS,
            engine,
            lang: lang.code(),
            books: layouts
                .iter()
                .map(|layout| BookObject::of(layout, vocabulary, lang))
                .collect(),
            // What is gathered from the cases is in no table.
            facts: facts
                .filter(|fact| !fact.is_across())
                .map(|fact| FactObject::of(fact, vocabulary, lang))
                .collect(),
            diagnostics: diagnostics(problems, lang),
        }
    }

    /// The document as text, indented, ending in a line break.
    ///
    /// # Errors
    /// If serialisation fails, which data of these types cannot make it do.
    pub fn to_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl BookObject {
    fn of(layout: &Layout, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let (read, all) = layout.cases;
        let sheets = layout.sheets.iter();
        BookObject {
            name: layout.name.clone(),
            cases: all,
            cases_looked_at: read,
            sheets: sheets
                .map(|sheet| SheetObject::of(sheet, vocabulary, lang))
                .collect(),
            diagnostics: diagnostics(&layout.diagnostics, lang),
        }
    }
}

impl SheetObject {
    fn of(sheet: &SheetLayout, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let (holds, path) = match &sheet.holds {
            Holding::Main => ("main", None),
            Holding::Group(path) => ("group", Some(path.clone())),
            Holding::List(fact) => ("list", Some(vocabulary.fact(*fact).path.clone())),
            Holding::Campaign => ("campaign", None),
            Holding::Nothing => ("nothing", None),
            Holding::Unknown => ("unknown", None),
        };
        let columns = sheet.columns.iter();
        let top = sheet.top.iter().map(|(row, cells)| RowObject {
            row: *row,
            cells: cells
                .iter()
                .map(|(column, text)| CellObject {
                    column: *column,
                    text: text.clone(),
                })
                .collect(),
        });
        SheetObject {
            name: sheet.name.clone(),
            holds,
            holds_path: path,
            holds_title: holding(&sheet.holds, vocabulary).get(lang).to_owned(),
            mapped: sheet.is_mapped,
            upright: sheet.is_upright,
            header: sheet.header,
            header_mapped: sheet.is_header_mapped,
            columns: columns
                .map(|column| ColumnObject::of(column, vocabulary, lang))
                .collect(),
            top: top.collect(),
        }
    }
}

impl ColumnObject {
    fn of(column: &ColumnLayout, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let path = |fact: FactId| vocabulary.fact(fact).path.clone();
        let (reads, fact) = match column.reads {
            Reads::Fact(fact, _) => ("fact", Some(path(fact))),
            Reads::Case => ("case", None),
            Reads::Entry => ("entry", None),
            Reads::Ignored => ("ignored", None),
            Reads::Unknown => ("unknown", None),
            Reads::Ambiguous => ("ambiguous", None),
            Reads::Duplicate => ("duplicate", None),
            Reads::Unit(fact) => ("unit", Some(path(fact))),
        };
        let unread = column.unread.iter().map(|unread| UnreadObject {
            word: unread.word.clone(),
            because: unread.why.get(lang).to_owned(),
            count: unread.count,
            cells: unread.cells.clone(),
        });
        let values = column.words.iter().map(|(word, means)| ValueObject {
            word: word.clone(),
            means: means.clone(),
        });
        ColumnObject {
            column: column.at,
            cell: column.cell.clone(),
            name: column.name.clone(),
            reads,
            fact,
            target: column.target(vocabulary),
            mapped: column.is_mapped,
            content: column
                .content
                .as_ref()
                .map(|content| content.get(lang).to_owned()),
            candidates: column.candidates.iter().map(|fact| path(*fact)).collect(),
            examples: column.examples.clone(),
            unread: unread.collect(),
            values: values.collect(),
        }
    }
}

impl FactObject {
    fn of(fact: &Fact, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let of = match &fact.ty {
            Type::List(of) => of,
            ty => ty,
        };
        let values = match of {
            Type::Enum(id) => {
                let values = vocabulary.enumeration(*id).values.iter();
                values.map(|value| value.label.zh.clone()).collect()
            }
            Type::Bool => vec!["是".to_owned(), "否".to_owned()],
            _ => Vec::new(),
        };
        FactObject {
            path: fact.path.clone(),
            title: fact.title.get(lang).to_owned(),
            ty: match of {
                Type::Bool => "bool",
                Type::Int | Type::Decimal => "number",
                Type::Date | Type::DateTime => "date",
                Type::Enum(_) => "enum",
                Type::Person => "person",
                Type::Organisation => "organisation",
                Type::Rows(_) | Type::List(_) => "rows",
                _ => "text",
            },
            values,
        }
    }
}
