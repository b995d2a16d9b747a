//! A run as a page for the browser: `--format html`, and `--format page` for what such a page reads.

use super::arguments::{AuditTask, Format};
use super::output::{self, Failure, Output};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::value::Day;
use choucha_page::Report;
use choucha_report::json::{Campaign, Case, Counted, Engine, Options, Page};
use choucha_report::totals::Totals;

/// What is being written.
pub(super) struct Paged {
    page: Page,
    /// What stands around the lines, for a page; nothing for the lines alone.
    around: Option<Report>,
    engine: Engine,
    is_begun: bool,
}

impl Paged {
    /// For the formats it is for; nothing for others.
    pub(super) fn new(task: &AuditTask, options: Options, engine: &Engine) -> Option<Self> {
        let around = match task.format {
            Format::Html => Some(Report::new(options.lang.code())),
            Format::Page => None,
            _ => return None,
        };
        Some(Paged {
            page: Page::new(options, task.all),
            around,
            engine: engine.clone(),
            is_begun: false,
        })
    }

    /// Writes a case.
    pub(super) fn case(&mut self, case: Case, output: &mut Output<'_>) -> Result<(), Failure> {
        let lines = self.page.case(case);
        self.write(lines, output)
    }

    /// Writes what was found of a campaign.
    pub(super) fn campaign(
        &mut self,
        campaign: Campaign,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        let lines = self.page.campaign(campaign);
        self.write(lines, output)
    }

    /// Writes the end.
    pub(super) fn end(
        mut self,
        counted: &Counted,
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        self.write(Ok(String::new()), output)?;
        let lines = self.page.end(counted, as_of, problems, totals);
        let lines = lines.map_err(|error| failed(&error))?;
        output.write(&lines)?;
        match &self.around {
            Some(around) => output.write(around.end()),
            None => Ok(()),
        }
    }

    /// Writes lines, after the first one.
    fn write(
        &mut self,
        lines: serde_json::Result<String>,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        if !std::mem::replace(&mut self.is_begun, true) {
            if let Some(around) = &self.around {
                output.write(around.begin())?;
            }
            let first = self.page.begin(&self.engine);
            output.write(&first.map_err(|error| failed(&error))?)?;
        }
        output.write(&lines.map_err(|error| failed(&error))?)
    }
}

fn failed(error: &serde_json::Error) -> Failure {
    Failure::Told(Box::new(output::unserialisable(error)))
}
