//! `choucha people` and `choucha audit --by`: tables over all cases instead of reports on each.

use super::channels::{About, Channels, Report};
use super::json::unserialised;
use crate::cli::arguments::Format;
use crate::cli::engine::Rules;
use crate::cli::output::Failure;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_intake::batch::Parcel;
use choucha_report::conduct::{View, csv, json, terminal};
use choucha_run::campaign::CampaignAudit;
use choucha_run::conduct::By;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct TableReport<'a> {
    channels: Channels<'a>,
    about: About,
    rules: &'a Rules,
    shown: TableOptions,
    /// The diagnostics for a JSON document; other formats report them on standard error.
    problems: Vec<Diagnostic>,
}

/// The contents and style of the table.
pub(super) struct TableOptions {
    pub(super) format: Format,
    /// The kind of subject in the rows; None: everybody who does the work.
    pub(super) by: Option<By>,
    pub(super) masked: bool,
    /// The style of text.
    pub(super) style: choucha_core::diagnostic::Style,
}

impl<'a> TableReport<'a> {
    pub(super) fn new(
        channels: Channels<'a>,
        about: About,
        rules: &'a Rules,
        shown: TableOptions,
    ) -> Self {
        TableReport {
            channels,
            about,
            rules,
            shown,
            problems: Vec::new(),
        }
    }

    fn title(&self, set: &str, id: &str) -> Option<Text> {
        let set = self.rules.rule_sets().iter().find(|it| it.id.0 == set)?;
        let duty = set.all_obligations().find(|duty| duty.id.0 == id)?;
        Some(duty.title.clone())
    }
}

impl Sink for TableReport<'_> {
    type Page = ();
    type Stop = Failure;

    fn pages(&self) -> Pages<()> {
        Box::new(|_| ())
    }

    fn case(&mut self, case: Case, (): ()) -> Result<(), Failure> {
        self.problems(case.noticed());
        Ok(())
    }

    fn campaign(&mut self, _: &CampaignAudit) -> Result<(), Failure> {
        Ok(())
    }

    fn problems(&mut self, problems: &[Diagnostic]) {
        match self.shown.format {
            Format::Json => self.problems.extend_from_slice(problems),
            _ => self.channels.report(problems),
        }
    }

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }
}

impl Report for TableReport<'_> {
    fn interruption(&self, cases: usize) -> Diagnostic {
        interruption(cases)
    }

    fn end(mut self, ended: &Ended) -> Result<(), Failure> {
        self.channels.progress.end();
        let Some(book) = &ended.book else {
            return Ok(());
        };
        let TableOptions {
            by, masked, style, ..
        } = self.shown;
        let titles = |set: &str, id: &str| self.title(set, id);
        let vocabulary = self.rules.vocabulary();
        let view = View::new(book, by, vocabulary, &titles, style.lang, masked);
        let text = match self.shown.format {
            Format::Json => {
                let About { engine, as_of } = &self.about;
                json::Document::new(engine.clone(), *as_of, &view, &self.problems)
                    .to_text()
                    .map_err(|error| unserialised(&error))?
            }
            Format::Csv => csv::render(&view),
            _ => {
                let mut text = terminal::render(&view, style);
                // The table may be kept without the messages on standard error.
                if ended.is_interrupted {
                    let problem = interruption(ended.totals.records);
                    text.insert_str(0, &format!("{}\n\n", problem.message.get(style.lang)));
                }
                text
            }
        };
        self.channels.write(&text)?;
        self.channels.output.finish()
    }
}

/// Reports that the run was interrupted, and what the table covers.
fn interruption(cases: usize) -> Diagnostic {
    let message = text!(
        "汇总被中断，只统计了前{cases}份案卷",
        "the run was interrupted: the table covers only the first {cases} dossiers"
    );
    Diagnostic::new(Code::RunInterrupted, message).why(Text::new(
        "其余案卷没有审查，表中各数和多案比对的结果都不完整",
        "the others were not audited, so no number of the table is complete, nor what only several cases show",
    ))
}

/// The table has no such format.
pub(super) fn not_a_table() -> Diagnostic {
    let message = Text::new(
        "汇总表没有 ndjson 和 xlsx 格式",
        "a table over all cases has neither the format ndjson nor xlsx",
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .help(Text::new("请用 text、json 或 csv", "use text, json or csv"))
}
