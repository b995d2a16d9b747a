//! The results of an audit for those who work in spreadsheets: what goes into the workbook and the CSV, case by case.

use std::path::Path;

use super::arguments::Format;
use super::output::{Failure, Output};
use choucha_core::audit::CaseAudit;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_core::value::Day;
use choucha_intake::batch;
use choucha_report::delimited::List;
use choucha_report::json::{Engine, SourceObject};
use choucha_report::totals::Totals;
use choucha_report::workbook::{self, About, Failed, Limits};
use choucha_run::campaign::CampaignAudit;

/// What is being written.
pub(super) enum Results {
    /// The list of problems as CSV.
    Csv {
        list: List,
        /// Whether the header is written.
        begun: bool,
    },
    Xlsx(Box<workbook::Results>),
}

impl Results {
    /// For the formats it is for; nothing for others.
    pub(super) fn new(
        format: Format,
        output: &Output<'_>,
        lang: Lang,
    ) -> Result<Option<Self>, Failure> {
        Ok(match format {
            Format::Csv => Some(Results::Csv {
                list: List::new(lang),
                begun: false,
            }),
            Format::Xlsx => {
                let book = workbook::Results::new(lang, output.folder(), Limits::default());
                let book = book.map_err(|failed| told(failed, output))?;
                Some(Results::Xlsx(Box::new(book)))
            }
            Format::Text | Format::Json | Format::Ndjson | Format::Html | Format::Page => None,
        })
    }

    /// Adds an audited case.
    pub(super) fn add(
        &mut self,
        audit: &CaseAudit,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        match self {
            Results::Csv { list, .. } => {
                let rows = list.add(audit.into());
                self.write(&rows, output)
            }
            Results::Xlsx(book) => book.add(audit).map_err(|failed| told(failed, output)),
        }
    }

    /// Adds what was found of a campaign and across its cases.
    pub(super) fn add_campaign(
        &mut self,
        campaign: &CampaignAudit,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        match self {
            Results::Csv { list, .. } => {
                let rows: String = campaign
                    .shown()
                    .map(|group| list.add(group.into()))
                    .collect();
                self.write(&rows, output)
            }
            Results::Xlsx(book) => campaign
                .shown()
                .try_for_each(|group| book.add_group(group))
                .map_err(|failed| told(failed, output)),
        }
    }

    /// Adds a dossier that could not be audited.
    pub(super) fn add_unaudited(
        &mut self,
        name: &str,
        source: &SourceObject,
        reasons: &[Diagnostic],
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        match self {
            Results::Csv { list, .. } => {
                let row = list.add_unaudited(name, reasons);
                self.write(&row, output)
            }
            Results::Xlsx(book) => book
                .add_unaudited(name, &source.path, source.sha256.as_deref(), reasons)
                .map_err(|failed| told(failed, output)),
        }
    }

    fn write(&mut self, rows: &str, output: &mut Output<'_>) -> Result<(), Failure> {
        if let Results::Csv { list, begun } = self
            && !std::mem::replace(begun, true)
        {
            output.write(&list.head())?;
        }
        output.write(rows)
    }

    /// Writes what stands at the end.
    pub(super) fn finish(
        mut self,
        totals: &Totals,
        (engine, as_of): (&Engine, Option<Day>),
        problems: &[Diagnostic],
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        // The header stands even where there is nothing to list.
        self.write("", output)?;
        let Results::Xlsx(mut book) = self else {
            return Ok(());
        };
        let finished = book.add_problems(problems).and_then(|()| {
            for file in book.marked_files() {
                show(&mut book, &file)?;
            }
            Ok(())
        });
        finished.map_err(|failed| told(failed, output))?;
        let about = About::new(engine, as_of);
        output
            .write_with(|out| book.finish(totals, &about, out))?
            .map_err(|failed| told(failed, output))
    }
}

/// Shows the tables of a file with the cells marked; that they cannot be read again takes nothing from the rest.
fn show(book: &mut workbook::Results, file: &str) -> Result<(), Failed> {
    if file == "-" {
        let why = Text::new(
            "标准输入不能再读一次；请把表格存成文件再审查",
            "standard input cannot be read twice; save the table to a file and audit that",
        );
        book.not_shown(file, why);
        return Ok(());
    }
    match batch::book_at(Path::new(file)) {
        Ok(table) => book.show(&table),
        Err(problems) => {
            let why = problems.into_iter().next().map(|problem| problem.message);
            book.not_shown(file, why.unwrap_or_default());
            Ok(())
        }
    }
}

/// Why there is no workbook, as people are told.
fn told(failed: Failed, output: &Output<'_>) -> Failure {
    let problem = |message| Diagnostic::new(Code::OutputUnwritable, message);
    let help = Text::new(
        "请清理磁盘，或者把 --output 写到有空间的磁盘上",
        "make room, or let --output be on a disk that has some",
    );
    Failure::Told(Box::new(match failed {
        Failed::Write(error) => return output.refused(&error),
        Failed::Scratch => problem(Text::new(
            "写工作簿用的临时文件无法写入，多半是磁盘已满",
            "the temporary file of the workbook cannot be written; the disk is probably full",
        ))
        .help(help),
        Failed::ScratchFolder(folder, error) => {
            let name = folder.display();
            problem(text!(
                "无法在 `{name}` 中建立临时文件",
                "no temporary file can be made in `{name}`"
            ))
            .why(choucha_core::diagnostic::system::reason(&error))
            .help(help)
        }
        Failed::Refused(error) => problem(text!(
            "无法生成工作簿：{error}",
            "cannot make the workbook: {error}"
        )),
    }))
}

/// That a workbook goes into a file, not to a terminal.
pub(super) fn no_file() -> Diagnostic {
    let message = Text::new(
        "xlsx 要写入文件，没有写明 --output",
        "xlsx goes into a file, and --output is not given",
    );
    Diagnostic::new(Code::UsageInvalid, message).help(Text::new(
        "加上 --output 结果.xlsx",
        "add --output results.xlsx",
    ))
}
