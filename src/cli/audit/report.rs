//! The report being written, case by case.

use super::worker::{MadeCase, Shown};
use crate::campaign::CampaignAudit;
use crate::cli::arguments::Format;
use crate::cli::output::{Failure, Output};
use crate::diagnostic::Diagnostic;
use crate::report::json::{self, Stream, Totals};
use crate::report::{RunSummary, terminal};
use crate::value::Day;

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
}

impl<'a> Report<'a> {
    pub(super) fn new(
        format: Format,
        text: terminal::Options,
        json: json::Options,
        engine: &json::Engine,
        output: Output<'a>,
    ) -> Result<Self, Failure> {
        let (stream, begin) = Stream::begin(engine, json).map_err(|error| super::failed(&error))?;
        Ok(Report {
            format,
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
    pub(super) fn totals(&self) -> &Totals {
        &self.stream.totals
    }

    /// Counts a case.
    pub(super) fn count(&mut self, made: &MadeCase) {
        self.stream.totals.add(made.outcome, made.day);
        if let Some(summary) = &made.summary {
            self.summary.add(summary.clone());
        }
    }

    /// Writes a case.
    pub(super) fn add(&mut self, made: &MadeCase) -> Result<(), Failure> {
        let (Shown::Whole(text) | Shown::Head(text) | Shown::Failed(text)) = &made.text;
        match self.format {
            Format::Text if made.outcome.is_none() => Ok(()),
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
            Format::Ndjson | Format::Csv => self.output.write(text),
        }
    }

    /// Adds what was found of a campaign and across its cases; gives back lines to be written.
    pub(super) fn campaign(&mut self, audit: &CampaignAudit) -> Result<Vec<String>, Failure> {
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
            Format::Ndjson | Format::Csv => {
                let groups = json::Group::all(audit, self.json);
                let lines: Result<Vec<String>, _> = groups.iter().map(json::Group::line).collect();
                lines.map_err(|error| super::failed(&error))
            }
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
        let audited = self.totals().cases() - self.totals().unaudited();
        match self.format {
            Format::Text if self.several => {
                self.summary.interrupted = interrupted;
                let text = terminal::render_summary(&self.summary, &self.text);
                self.output.write(&text)?;
            }
            Format::Text if audited == 0 => return Ok(None),
            Format::Json => {
                if let Some(begin) = self.begin.take() {
                    self.output.write(&begin)?;
                }
                let text = self.stream.end(&self.campaigns, as_of, problems);
                let text = text.map_err(|error| super::failed(&error))?;
                self.output.write(&text)?;
            }
            Format::Text | Format::Ndjson | Format::Csv => {}
        }
        Ok(Some(self.output))
    }
}
