//! An audit as a workbook: the list of problems, the totals, and the given tables with problems marked.

use std::path::Path;

use super::channels::{About, Channels, Report};
use crate::cli::output::{Failure, Output};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_intake::batch::{self, Parcel};
use choucha_report::workbook::{self, Failed, Limits, Results};
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct XlsxReport<'a> {
    channels: Channels<'a>,
    about: About,
    book: Results,
}

impl<'a> XlsxReport<'a> {
    pub(super) fn new(channels: Channels<'a>, about: About, lang: Lang) -> Result<Self, Failure> {
        let book = Results::new(lang, channels.output.folder(), Limits::default());
        Ok(XlsxReport {
            book: book.map_err(|failed| refused(failed, &channels.output))?,
            channels,
            about,
        })
    }
}

impl Sink for XlsxReport<'_> {
    type Page = ();
    type Stop = Failure;

    fn pages(&self) -> Pages<()> {
        Box::new(|_| ())
    }

    fn case(&mut self, case: Case, (): ()) -> Result<(), Failure> {
        let added = match &case.result {
            Ok(audit) => self.book.add(audit),
            Err(problems) => {
                self.channels.report(problems);
                let (title, path) = (&case.title, &case.path);
                self.book
                    .add_unaudited(title, path, case.digest(), problems)
            }
        };
        added.map_err(|failed| refused(failed, &self.channels.output))
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        let mut groups = audit.shown();
        let added = groups.try_for_each(|group| self.book.add_group(group));
        added.map_err(|failed| refused(failed, &self.channels.output))
    }

    fn problems(&mut self, problems: &[Diagnostic]) {
        self.channels.report(problems);
    }

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }

    fn cases_end(&mut self) {
        self.channels.progress.end();
    }
}

impl Report for XlsxReport<'_> {
    fn end(self, ended: &Ended) -> Result<(), Failure> {
        let (mut book, mut output) = (self.book, self.channels.output);
        let added = book.add_problems(&ended.problems).and_then(|()| {
            let mut files = book.marked_files().into_iter();
            files.try_for_each(|file| show(&mut book, &file))
        });
        added.map_err(|failed| refused(failed, &output))?;
        let about = workbook::About::new(&self.about.engine, self.about.as_of);
        output
            .write_with(|out| book.finish(&ended.totals, &about, out))?
            .map_err(|failed| refused(failed, &output))?;
        output.finish()
    }
}

/// Shows the tables of a file with cells marked; if they cannot be read again, notes that and goes on.
fn show(book: &mut Results, file: &str) -> Result<(), Failed> {
    if !batch::is_readable_again(Path::new(file)) {
        let why = Text::new(
            "标准输入、管道不能再读一次；请把表格存成文件再审查",
            "standard input and pipes cannot be read twice; save the table to a file and audit that",
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

/// Why there is no workbook.
fn refused(failed: Failed, output: &Output<'_>) -> Failure {
    let problem = |message| Diagnostic::new(Code::OutputUnwritable, message);
    let help = Text::new(
        "请清理磁盘，或者把 --output 写到有空间的磁盘上",
        "make room, or let --output be on a disk that has some",
    );
    Failure::Broken(Box::new(match failed {
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

/// A workbook must go into a file, not to a terminal.
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

/// A workbook cannot be masked, because it shows the tables as given.
pub(super) fn not_masked() -> Diagnostic {
    let message = Text::new(
        "--mask 不能与 xlsx 格式一起使用",
        "--mask does not go with the format xlsx",
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .why(Text::new(
            "工作簿附有所交台账的原表，其中有个人信息",
            "the workbook holds the tables as they were given, personal data included",
        ))
        .help(Text::new("请用 csv 或 json", "use csv or json"))
}
