//! An audit as text: every case, then the findings across cases, then a summary.

use super::channels::{Channels, Report};
use crate::cli::output::Failure;
use choucha_core::audit::Detail;
use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::Parcel;
use choucha_report::{CaseSummary, RunSummary, terminal};
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct TextReport<'a> {
    channels: Channels<'a>,
    options: terminal::Options,
    /// Whether there is a summary at the end.
    several: bool,
    summary: RunSummary,
    /// Whether it was announced that further cases have one line each.
    turned: bool,
}

impl<'a> TextReport<'a> {
    pub(super) fn new(channels: Channels<'a>, options: terminal::Options) -> Self {
        TextReport {
            channels,
            options,
            several: false,
            summary: RunSummary::default(),
            turned: false,
        }
    }

    fn rule(&self) -> String {
        format!("\n{}\n\n", "=".repeat(self.options.style.width))
    }

    /// Writes the line of a case in a long run.
    fn line(&mut self, summary: &CaseSummary) -> Result<(), Failure> {
        if !std::mem::replace(&mut self.turned, true) {
            self.channels.write(&terminal::render_turn(&self.options))?;
        }
        self.channels
            .write(&terminal::render_line(summary, &self.options))
    }
}

impl Sink for TextReport<'_> {
    /// The report of a case; None if it has only one line, or could not be audited.
    type Page = Option<String>;
    type Stop = Failure;

    fn pages(&self) -> Pages<Self::Page> {
        let options = self.options;
        Box::new(move |case| match (&case.result, case.detail) {
            (Ok(audit), Detail::Findings) => Some(terminal::render(audit, &options)),
            _ => None,
        })
    }

    fn case(&mut self, case: Case, page: Self::Page) -> Result<(), Failure> {
        let summary = match &case.result {
            Ok(audit) => CaseSummary::of(audit),
            Err(problems) => {
                self.channels.report(problems);
                CaseSummary::unaudited(case.title)
            }
        };
        self.summary.add(summary.clone());
        match page {
            _ if !summary.audited => Ok(()),
            Some(text) if !self.only_counts() => {
                self.channels.write(&text)?;
                match self.several {
                    true => self.channels.write(&self.rule()),
                    false => Ok(()),
                }
            }
            _ => self.line(&summary),
        }
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        let text = terminal::render_campaign(audit, &self.options);
        self.channels.write(&text)?;
        self.channels.write(&self.rule())
    }

    fn problems(&mut self, problems: &[Diagnostic]) {
        self.channels.report(problems);
    }

    fn several(&mut self, several: bool) {
        self.several = several;
    }

    /// A long run reports its first cases in full, unless more is requested.
    fn only_counts(&self) -> bool {
        let asked = self.options.all || self.options.explain || self.channels.output.is_file();
        !asked && self.summary.cases() > terminal::IN_FULL
    }

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }

    fn cases_end(&mut self) {
        self.channels.progress.end();
    }
}

impl Report for TextReport<'_> {
    fn end(mut self, ended: &Ended) -> Result<(), Failure> {
        let totals = &ended.totals;
        if self.several {
            self.summary.interrupted = ended.is_interrupted;
            // A campaign's record alone has no case to list.
            if totals.records > 0 || totals.duties().is_empty() {
                let text = terminal::render_summary(&self.summary, &self.options);
                self.channels.write(&text)?;
            }
            let text = terminal::render_totals(totals, &self.options);
            self.channels.write(&text)?;
        } else if totals.records == totals.unaudited {
            // An empty report does not overwrite the previous one.
            return Ok(());
        }
        self.channels.output.finish()
    }
}
