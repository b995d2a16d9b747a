//! The results of a run as a workbook for those who work in spreadsheets: papers to print and sign, the list of problems,
//! totals by case, duty and organisation, what is missing, what could not be read, and the tables the cases came from with the cells marked.
//!
//! It is fed case by case; rows go to temporary files, so that memory does not grow with the number of findings but
//! for a few bytes a paper and case that is missing. It knows no clock, and no files but its scratch folder.
//!
//! Invariants: text is written as text and never as a formula; contents beyond the limits of a sheet continue
//! elsewhere and the sheet 说明 says so; the same findings give the same bytes.

mod about;
mod copied;
mod marks;
mod page;
mod papers;
mod summaries;
mod summary;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use thiserror::Error;

use super::issues::{self, Column, Field, Listed};
use super::json::Engine;
use choucha_core::audit::{CaseAudit, Completeness, Outcome};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::{Lang, Text};
use choucha_core::value::Day;
use choucha_intake::table::{Book, guarded};
use choucha_run::campaign::GroupAudit;
use choucha_run::totals::Totals;
use marks::Marks;
use page::{Cell, Head, Page, Shared};
use papers::Papers;

/// The first two sheets of the workbook, in Chinese and in English: by them it is known again.
pub const SHEETS: [[&str; 2]; 2] = [["问题清单", "案件汇总"], ["Problems", "By case"]];

/// How many inputs are listed with their digests.
const INPUTS: usize = 200;

/// Why there is no workbook.
#[derive(Debug, Error)]
pub enum Failed {
    /// The temporary files for the rows cannot be written.
    #[error("the temporary file cannot be written")]
    Scratch,
    /// The folder for temporary files cannot be used.
    #[error("no temporary file can be made in {0}: {1}")]
    ScratchFolder(PathBuf, io::Error),
    /// The workbook cannot be written to its target.
    #[error("{0}")]
    Write(io::Error),
    /// The writer of workbooks rejects something; our contents cannot cause that.
    #[error("{0}")]
    Refused(XlsxError),
}

impl From<XlsxError> for Failed {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) => Failed::Write(error),
            XlsxError::TempFileError(folder, error) => Failed::ScratchFolder(folder, error),
            other => Failed::Refused(other),
        }
    }
}

/// The limits of sheets and memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows per sheet.
    pub rows: u32,
    /// UTF-16 units per cell.
    pub characters: usize,
    /// Links per sheet.
    pub links: usize,
    /// Marks kept in memory.
    pub marks: usize,
    /// Notes per sheet: spreadsheets slow down with many.
    pub notes: usize,
    /// The number of cells up to which a table is shown whole.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            rows: 1_048_576,
            characters: 32_767,
            links: 30_000,
            marks: 2_000_000,
            notes: 20_000,
            cells: 3_000_000,
        }
    }
}

/// The origin of the results.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The program, rules and calendar that produced them.
    pub engine: &'a Engine,
    /// The requested day, if any.
    pub as_of: Option<Day>,
    inputs: &'a [(String, String)],
    more_inputs: usize,
}

impl<'a> About<'a> {
    /// The origin of a run's results; [`Results`] adds the inputs.
    #[must_use]
    pub fn new(engine: &'a Engine, as_of: Option<Day>) -> Self {
        About {
            engine,
            as_of,
            inputs: &[],
            more_inputs: 0,
        }
    }
}

/// A workbook of results under construction.
pub struct Results {
    shared: Shared,
    papers: Papers,
    problems: Page,
    cases: Page,
    unread: Page,
    tables: Vec<Worksheet>,
    marks: Marks,
    number: u64,
    links: usize,
    /// The listed inputs with their digests.
    inputs: Vec<(String, String)>,
    more_inputs: usize,
    last_input: String,
}

impl Results {
    /// An empty workbook; its temporary files go into `scratch`, or into the system's temporary folder.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be created.
    pub fn new(lang: Lang, scratch: Option<&Path>, limits: Limits) -> Result<Self, Failed> {
        let mut book = Workbook::new();
        if let Some(scratch) = scratch {
            book.set_tempdir(scratch)?;
        }
        // The time of writing would make every workbook different.
        let written = ExcelDateTime::from_ymd(2024, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&written));
        let problems = Column::ALL
            .map(|column| Head {
                title: column.title(),
                width: column.width(),
            })
            .to_vec();
        let printed = Column::ALL
            .iter()
            .take_while(|column| **column != Column::Campaign);
        let printed = columns(printed.count());
        Ok(Results {
            papers: Papers::new(lang),
            problems: Page::new(lang.pick(SHEETS[0][0], SHEETS[1][0]), problems, 2)
                .on_two_pages(printed),
            cases: Page::new(lang.pick(SHEETS[0][1], SHEETS[1][1]), case_heads(), 1)
                .on_two_pages(columns(case_heads().len() - 1)),
            unread: Page::new(lang.pick("未能审查", "Not audited"), unread_heads(), 0),
            shared: Shared::new(book, lang, limits),
            tables: Vec::new(),
            marks: Marks::default(),
            number: 0,
            links: 0,
            inputs: Vec::new(),
            more_inputs: 0,
            last_input: String::new(),
        })
    }

    /// Adds an audited case.
    ///
    /// # Errors
    ///
    /// The temporary files cannot be written.
    pub fn add(&mut self, audit: &CaseAudit) -> Result<(), Failed> {
        self.input(audit.source.name(), audit.source.digest());
        self.add_listed(audit.into())?;
        let row = self.case_row(audit);
        self.cases.row(&mut self.shared, &row)?;
        self.marks.add_problems(&audit.diagnostics, &self.shared);
        self.problems(&audit.case, &audit.diagnostics)
    }

    /// Adds the findings on a group of cases.
    ///
    /// # Errors
    ///
    /// The temporary files cannot be written.
    pub fn add_group(&mut self, group: &GroupAudit) -> Result<(), Failed> {
        self.add_listed(group.into())?;
        self.problems(
            &Listed::from(group).name(self.shared.lang),
            &group.audit.diagnostics,
        )
    }

    fn add_listed(&mut self, listed: Listed<'_>) -> Result<(), Failed> {
        let first = self.number + 1;
        self.marks.add(listed, first, &self.shared);
        let link = match listed.group {
            None => self.marks.link(&listed.audit.source),
            Some(_) => None,
        };
        for finding in listed.findings() {
            self.number += 1;
            let fields = issues::row(listed, finding, self.number, self.shared.lang);
            self.papers
                .add(&mut self.shared, finding, &fields, link.as_deref())?;
            let mut cells: Vec<Cell> = fields.into_iter().map(cell).collect();
            let source = Column::ALL.iter().position(|c| *c == Column::Source);
            if let (Some(link), Some(cell)) = (&link, source.and_then(|at| cells.get_mut(at)))
                && let Cell::Text(text) = cell
            {
                if self.links < self.shared.limits.links {
                    *cell = Cell::Link(text.clone(), link.clone());
                    self.links += 1;
                } else {
                    self.marks.links_left_out += 1;
                }
            }
            self.problems.row(&mut self.shared, &cells)?;
        }
        self.papers.miss(listed, self.shared.lang);
        Ok(())
    }

    /// Adds a dossier that could not be audited, with the reasons.
    ///
    /// # Errors
    ///
    /// The temporary files cannot be written.
    pub fn add_unaudited(
        &mut self,
        name: &str,
        path: &str,
        digest: Option<&str>,
        reasons: &[Diagnostic],
    ) -> Result<(), Failed> {
        self.input(path, digest.unwrap_or("-"));
        let mut row = vec![Cell::Blank; case_heads().len()];
        row[0] = Cell::text(name);
        row[5] = Cell::Outcome(Outcome::Errored);
        if let [.., source, digested] = row.as_mut_slice() {
            *source = Cell::text(name);
            *digested = digest.map_or(Cell::Blank, Cell::text);
        }
        self.cases.row(&mut self.shared, &row)?;
        self.problems(name, reasons)
    }

    /// Adds the diagnostics for an input as a whole.
    ///
    /// # Errors
    ///
    /// The temporary files cannot be written.
    pub fn add_problems(&mut self, problems: &[Diagnostic]) -> Result<(), Failed> {
        self.marks.add_problems(problems, &self.shared);
        self.problems("", problems)
    }

    fn problems(&mut self, case: &str, problems: &[Diagnostic]) -> Result<(), Failed> {
        let lang = self.shared.lang;
        let joined = |texts: &[Text]| {
            let texts: Vec<&str> = texts.iter().map(|text| text.get(lang)).collect();
            Cell::text(&texts.join("\n"))
        };
        for problem in problems {
            let row = [
                Cell::text(case),
                Cell::text(problem.level.label(lang)),
                Cell::text(&issues::place(problem).unwrap_or_default()),
                Cell::text(problem.message.get(lang)),
                joined(&problem.why),
                joined(&problem.help),
                Cell::text(problem.code.code()),
            ];
            self.unread.row(&mut self.shared, &row)?;
        }
        Ok(())
    }

    fn input(&mut self, name: &str, digest: &str) {
        // The cases of one file are consecutive.
        if self.last_input == name || self.inputs.iter().any(|(known, _)| known == name) {
            return;
        }
        name.clone_into(&mut self.last_input);
        if self.inputs.len() < INPUTS {
            self.inputs.push((name.to_owned(), digest.to_owned()));
        } else {
            self.more_inputs += 1;
        }
    }

    fn case_row(&self, audit: &CaseAudit) -> Vec<Cell> {
        let subject = &audit.subject;
        let name = |name: &Option<Box<str>>| name.as_deref().map_or(Cell::Blank, Cell::text);
        let lang = self.shared.lang;
        let mut row = vec![
            Cell::text(&audit.case),
            name(&subject.respondent),
            name(&subject.product),
            name(&subject.county),
            Cell::text(audit.ruleset_title.get(lang)),
            Cell::Outcome(audit.outcome()),
        ];
        row.extend(Outcome::ALL.map(|outcome| Cell::count(audit.count(outcome))));
        row.extend([
            Cell::count(audit.contradictions()),
            Cell::Day(audit.as_of),
            Cell::text(match audit.completeness {
                Completeness::Declared => lang.pick("声明完整", "declared"),
                Completeness::Assumed => lang.pick("假定完整", "assumed"),
                Completeness::Open => lang.pick("未声明", "open"),
            }),
            name(&subject.sampling_agency),
            name(&subject.inspection_agency),
            Cell::text(&audit.source.title()),
            Cell::text(audit.source.digest()),
        ]);
        row
    }

    /// The files whose tables are shown again because findings rest on their cells; standard input cannot be read twice.
    #[must_use]
    pub fn marked_files(&self) -> Vec<String> {
        self.marks.files()
    }

    /// Shows the tables of a file again, with the cells marked.
    ///
    /// # Errors
    ///
    /// The temporary files cannot be written.
    pub fn show(&mut self, book: &Book) -> Result<(), Failed> {
        let sheets = self.marks.show(book, &mut self.shared)?;
        self.tables.extend(sheets);
        Ok(())
    }

    /// Notes that the tables of a file are not shown again, and why.
    pub fn not_shown(&mut self, file: &str, why: Text) {
        self.marks.unshown.push((file.to_owned(), why));
    }

    /// Writes the workbook.
    ///
    /// # Errors
    ///
    /// The workbook or the temporary files cannot be written.
    pub fn finish(
        mut self,
        totals: &Totals,
        about: &About<'_>,
        out: &mut (dyn Write + Send),
    ) -> Result<(), Failed> {
        let about = About {
            inputs: &self.inputs,
            more_inputs: self.more_inputs,
            ..*about
        };
        let shared = &mut self.shared;
        let mut sheets = self.papers.finish(shared)?;
        sheets.extend(summary::sheet(shared, totals)?);
        sheets.extend(self.problems.finish(shared)?);
        sheets.extend(self.cases.finish(shared)?);
        sheets.extend(summaries::duties(shared, totals)?);
        sheets.extend(summaries::bodies(shared, totals)?);
        sheets.extend(summaries::missing(shared, totals)?);
        sheets.extend(self.unread.finish(shared)?);
        let explained = about::sheet(shared, totals, &about, &self.marks)?;
        sheets.extend(self.tables);
        sheets.extend(shared.long()?);
        sheets.extend(explained);
        for sheet in sheets {
            shared.book.push_worksheet(sheet);
        }
        let mut sink = Sink { out, stopped: None };
        let saved = guarded(|| shared.book.save_to_writer(&mut sink));
        if let Some(error) = sink.stopped {
            return Err(Failed::Write(error));
        }
        saved.ok_or(Failed::Scratch)?.map_err(Failed::from)
    }
}

/// Keeps the first error and discards further output: the packer must reach its end.
struct Sink<'w> {
    out: &'w mut (dyn Write + Send),
    stopped: Option<io::Error>,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stopped.is_none()
            && let Err(error) = self.out.write_all(bytes)
        {
            self.stopped = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.stopped.is_none()
            && let Err(error) = self.out.flush()
        {
            self.stopped = Some(error);
        }
        Ok(())
    }
}

fn columns(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn cell(field: Field) -> Cell {
    match field {
        Field::Blank => Cell::Blank,
        Field::Number(n) => Cell::Count(n),
        Field::Text(text) => Cell::Text(text),
        Field::Day(day) => Cell::Day(day),
        Field::Late(days, in_workdays) => Cell::Late(days, in_workdays),
        Field::Outcome(outcome) => Cell::Outcome(outcome),
    }
}

fn case_heads() -> Vec<Head> {
    let mut heads = vec![
        Head::new("案卷编号", "Case", 20),
        Head::new("被抽样单位", "Respondent", 24),
        Head::new("产品", "Product", 16),
        Head::new("县（市、区）", "County", 12),
        Head::new("规则集", "Rule set", 26),
        Head::new("结论", "Outcome", 14),
    ];
    heads.extend(Outcome::ALL.map(|outcome| Head {
        title: outcome.label(),
        width: 13,
    }));
    heads.extend([
        Head::new("记载矛盾", "Contradictions", 10),
        Head::new("审查截至", "As of", 12),
        Head::new("案卷完整", "Complete", 10),
        Head::new("抽样机构", "Sampling agency", 22),
        Head::new("检验机构", "Inspection agency", 22),
        Head::new("来源", "Source", 40),
        Head::new("摘要", "Digest", 74),
    ]);
    heads
}

fn unread_heads() -> Vec<Head> {
    vec![
        Head::new("案卷", "Case", 20),
        Head::new("轻重", "Level", 8),
        Head::new("位置", "Place", 34),
        Head::new("问题", "Problem", 50),
        Head::new("原因", "Why", 40),
        Head::new("办法", "How to mend it", 50),
        Head::new("代码", "Code", 26),
    ]
}

#[cfg(test)]
mod tests;
