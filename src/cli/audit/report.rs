//! The report being written, case by case.

use super::worker::{MadeCase, Shown};
use crate::cli::arguments::{AuditTask, Format};
use crate::cli::output::{Failure, Output};
use crate::cli::page::Paged;
use crate::cli::results::Results;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::value::Day;
use choucha_report::json::{self, Counted, Stream};
use choucha_report::totals::Totals;
use choucha_report::{RunSummary, terminal};
use choucha_run::campaign::CampaignAudit;

/// A report.
pub(super) struct Report<'a> {
    format: Format,
    text: terminal::Options,
    /// Whether there is a summary at the end.
    pub(super) several: bool,
    pub(super) output: Output<'a>,
    summary: RunSummary,
    /// The document, for JSON; what else is counted counts here too.
    stream: Stream,
    /// How the document begins, until it has begun.
    begin: Option<String>,
    /// What was found across cases, for the document.
    campaigns: Vec<json::Campaign>,
    json: json::Options,
    engine: json::Engine,
    totals: Totals,
    /// For a workbook and CSV.
    results: Option<Results>,
    /// For a page.
    page: Option<Paged>,
    /// Whether it was said that cases have a line only from there.
    turned: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        task: &AuditTask,
        text: terminal::Options,
        json: json::Options,
        engine: &json::Engine,
        output: Output<'a>,
    ) -> Result<Self, Failure> {
        let (stream, begin) = Stream::begin(engine, json).map_err(|error| super::failed(&error))?;
        Ok(Report {
            page: Paged::new(task, json, engine),
            results: Results::new(task.format, &output, text.style.lang)?,
            totals: Totals::new(task.all || task.format.tells_all()),
            engine: engine.clone(),
            turned: false,
            format: task.format,
            text,
            several: false,
            output,
            summary: RunSummary::default(),
            stream,
            begin: Some(begin),
            campaigns: Vec::new(),
            json,
        })
    }

    /// How many cases there were so far, and how many of them could not be audited.
    pub(super) fn counted(&self) -> &Counted {
        &self.stream.counted
    }

    /// Counts a case.
    pub(super) fn count(&mut self, made: &MadeCase) {
        self.stream.counted.add(made.outcome, made.day);
        match (&made.audit, made.outcome) {
            (Some(audit), _) => self.totals.add(audit),
            (None, None) => self.totals.add_unaudited(&made.name),
            (None, Some(_)) => {}
        }
        if let Some(summary) = &made.summary {
            self.summary.add(summary.clone());
        }
    }

    /// Writes a case.
    pub(super) fn add(&mut self, made: &MadeCase) -> Result<(), Failure> {
        if let Some(results) = &mut self.results {
            return match &made.audit {
                Some(audit) => results.add(audit, &mut self.output),
                None => {
                    let (name, source) = (&made.name, &made.source);
                    results.add_unaudited(name, source, &made.problems, &mut self.output)
                }
            };
        }
        if let Some(page) = &mut self.page {
            let case = match &made.audit {
                Some(audit) => json::Case::of(audit, self.json),
                None => {
                    let source = made.source.clone();
                    json::Case::unaudited(&made.name, source, &made.problems, self.json)
                }
            };
            return page.case(case, &mut self.output);
        }
        let (Shown::Whole(text) | Shown::Head(text) | Shown::Failed(text)) = &made.text;
        match self.format {
            Format::Text if made.outcome.is_none() => Ok(()),
            _ if self.is_brief() => {
                if !std::mem::replace(&mut self.turned, true) {
                    self.output.write(&terminal::render_turn(&self.text))?;
                }
                match &made.summary {
                    Some(case) => {
                        let line = terminal::render_line(case, &self.text);
                        self.output.write(&line)
                    }
                    None => Ok(()),
                }
            }
            Format::Text => {
                self.output.write(text)?;
                if self.several {
                    let rule = "=".repeat(self.text.style.width);
                    self.output.write(&format!("\n{rule}\n\n"))?;
                }
                Ok(())
            }
            Format::Json => {
                if let Some(begin) = self.begin.take() {
                    self.output.write(&begin)?;
                }
                let separator = self.stream.separator();
                self.output.write(separator)?;
                self.output.write(text)
            }
            Format::Ndjson => self.output.write(text),
            Format::Csv | Format::Xlsx | Format::Html | Format::Page => Ok(()),
        }
    }

    /// Whether a case, and every one after it, has a line only: a long run reports its first cases in full, unless more is
    /// asked for.
    pub(super) fn is_brief(&self) -> bool {
        let asked = self.text.all || self.text.explain || self.output.is_file();
        self.format == Format::Text && !asked && self.counted().cases() > terminal::IN_FULL
    }

    /// Adds what was found of a campaign and across its cases; gives back lines to be written.
    pub(super) fn campaign(&mut self, audit: &CampaignAudit) -> Result<Vec<String>, Failure> {
        self.totals.add_campaign(audit);
        if let Some(results) = &mut self.results {
            results.add_campaign(audit, &mut self.output)?;
        }
        if let Some(page) = &mut self.page {
            page.campaign(json::Campaign::of(audit, self.json), &mut self.output)?;
        }
        match self.format {
            Format::Text => {
                let text = terminal::render_campaign(audit, &self.text);
                let rule = "=".repeat(self.text.style.width);
                Ok(vec![text, format!("\n{rule}\n\n")])
            }
            Format::Json => {
                self.campaigns.push(json::Campaign::of(audit, self.json));
                Ok(Vec::new())
            }
            Format::Ndjson => {
                let groups = json::Group::all(audit, self.json);
                let lines: Result<Vec<String>, _> = groups.iter().map(json::Group::line).collect();
                lines.map_err(|error| super::failed(&error))
            }
            Format::Csv | Format::Xlsx | Format::Html | Format::Page => Ok(Vec::new()),
        }
    }

    /// Writes what stands at the end. Gives back the output, to be finished; none of a report that says nothing, which
    /// does not take the place of the last one. `interrupted` is whether cases are missing that were given.
    pub(super) fn end(
        mut self,
        interrupted: bool,
        as_of: Option<Day>,
        problems: &[Diagnostic],
    ) -> Result<Option<Output<'a>>, Failure> {
        let audited = self.counted().cases() - self.counted().unaudited();
        self.totals.add_problems(problems);
        if let Some(results) = self.results.take() {
            let about = (&self.engine, as_of);
            results.finish(&self.totals, about, problems, &mut self.output)?;
        }
        if let Some(page) = self.page.take() {
            let counted = &self.stream.counted;
            page.end(counted, as_of, problems, &self.totals, &mut self.output)?;
        }
        match self.format {
            Format::Text if self.several => {
                self.summary.interrupted = interrupted;
                // The record of a campaign alone has no case to list.
                if self.counted().cases() > 0 || self.totals.duties().is_empty() {
                    let text = terminal::render_summary(&self.summary, &self.text);
                    self.output.write(&text)?;
                }
                let text = terminal::render_totals(&self.totals, &self.text);
                self.output.write(&text)?;
            }
            Format::Text if audited == 0 => return Ok(None),
            Format::Json => {
                if let Some(begin) = self.begin.take() {
                    self.output.write(&begin)?;
                }
                let text = self
                    .stream
                    .end(&self.campaigns, as_of, problems, &self.totals);
                let text = text.map_err(|error| super::failed(&error))?;
                self.output.write(&text)?;
            }
            Format::Text
            | Format::Ndjson
            | Format::Csv
            | Format::Xlsx
            | Format::Html
            | Format::Page => {}
        }
        Ok(Some(self.output))
    }
}
