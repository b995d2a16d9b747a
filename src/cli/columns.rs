//! `choucha columns`: what the columns of tables are read as.

use super::arguments::{ColumnsTask, TextOrJson};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::lang::Text;
use choucha_intake::batch::{self, FileKind};
use choucha_intake::table::{Columns, Holding, Layout, Reads};
use choucha_report::columns::render_columns;
use choucha_report::json::ColumnsDocument;

/// Tells of every table the paths lead to how it is read.
pub(super) fn run(task: &ColumnsTask, session: &mut Session<'_>) -> Exit {
    let rules = match Rules::load(session.rules) {
        Ok(rules) => rules,
        Err(problems) => return session.fail(&problems),
    };
    let vocabulary = rules.vocabulary();
    let given = match rules.columns(task.columns.as_deref()) {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    let found = batch::find(&task.paths);
    let mut problems = found.problems;
    let mut layouts: Vec<Layout> = Vec::new();
    let tables = found.inputs.iter().filter(|input| {
        let named = task.paths.contains(&input.path);
        matches!(input.kind, FileKind::Delimited | FileKind::Workbook) || named
    });
    let mut tables = tables.peekable();
    if tables.peek().is_none() && problems.is_empty() {
        let message = Text::new("没有表格", "there are no tables");
        problems.push(Diagnostic::new(Code::InputEmpty, message).help(Text::new(
            "给出 xlsx、xls、ods 或者 csv 文件，或者装有它们的文件夹",
            "name xlsx, xls, ods or csv files, or a folder that holds some",
        )));
    }
    for input in tables {
        let beside = match (&given, batch::columns_beside(input)) {
            (None, Some(path)) => batch::columns_at(&path, vocabulary).map(Some),
            _ => Ok(None),
        };
        let none = Columns::default();
        let laid_out = beside.and_then(|beside| {
            let columns = given.as_ref().or(beside.as_ref()).unwrap_or(&none);
            Ok(batch::book_at(&input.path)?.layout(vocabulary, columns))
        });
        match laid_out {
            Ok(layout) => layouts.push(layout),
            Err(more) => problems.extend(more),
        }
    }
    let exit = exit(&layouts, &problems);
    let lang = session.style.lang;
    match task.format {
        TextOrJson::Json => {
            let engine = rules.identity();
            let document = ColumnsDocument::new(engine, &layouts, &problems, vocabulary, lang);
            session.write_json(document.to_text(), exit)
        }
        _ => {
            session.report(&problems);
            session.write(&render_columns(&layouts, vocabulary, session.style), exit)
        }
    }
}

/// Whether everything is read: a table that is not is a failure, a column or word that is not something left to do.
fn exit(layouts: &[Layout], problems: &[Diagnostic]) -> Exit {
    if has_errors(problems) {
        return Exit::FAILED;
    }
    let mut sheets = layouts.iter().flat_map(|layout| &layout.sheets);
    let is_open = sheets.any(|sheet| {
        let mut columns = sheet.columns.iter();
        sheet.holds == Holding::Unknown
            || columns.any(|column| {
                let is_read = matches!(
                    column.reads,
                    Reads::Fact(..) | Reads::Case | Reads::Entry | Reads::Ignored
                );
                !is_read || !column.unread.is_empty()
            })
    });
    match is_open {
        true => Exit::INCOMPLETE,
        false => Exit::CLEAN,
    }
}
