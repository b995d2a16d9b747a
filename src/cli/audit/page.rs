//! An audit as a page for the browser, `--format html`, and the data such a page reads, `--format page`.

use super::channels::{About, Channels, Report};
use super::json::{object, unserialised};
use crate::cli::output::Failure;
use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::Parcel;
use choucha_report::json::{self, Page};
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct PageReport<'a> {
    channels: Channels<'a>,
    options: json::Options,
    about: About,
    page: Page,
    /// The page around the lines; None for the lines alone.
    around: Option<choucha_page::Report>,
    is_begun: bool,
}

impl<'a> PageReport<'a> {
    /// A page, or its lines alone. `all`: satisfied findings are included too.
    pub(super) fn new(
        channels: Channels<'a>,
        options: json::Options,
        about: About,
        all: bool,
        is_page: bool,
    ) -> Self {
        PageReport {
            around: is_page.then(|| choucha_page::Report::new(options.lang.code())),
            page: Page::new(options, all),
            channels,
            options,
            about,
            is_begun: false,
        }
    }

    /// Writes lines, preceded by the first line of the run.
    fn write(&mut self, lines: serde_json::Result<String>) -> Result<(), Failure> {
        if !std::mem::replace(&mut self.is_begun, true) {
            if let Some(around) = &self.around {
                self.channels.write(around.begin())?;
            }
            let first = self.page.begin(&self.about.engine);
            self.channels
                .write(&first.map_err(|error| unserialised(&error))?)?;
        }
        self.channels
            .write(&lines.map_err(|error| unserialised(&error))?)
    }
}

impl Sink for PageReport<'_> {
    type Page = json::Case;
    type Stop = Failure;

    fn pages(&self) -> Pages<Self::Page> {
        let options = self.options;
        Box::new(move |case| object(case, options))
    }

    fn case(&mut self, case: Case, page: Self::Page) -> Result<(), Failure> {
        match &case.result {
            Ok(audit) => self.page.audited_on(Some(audit.as_of)),
            Err(problems) => self.problems(problems),
        }
        let lines = self.page.case(page);
        self.write(lines)
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        let lines = self.page.campaign(json::Campaign::of(audit, self.options));
        self.write(lines)
    }

    /// A page contains the diagnostics, and standard error shows them too; the reader of the lines alone shows them itself.
    fn problems(&mut self, problems: &[Diagnostic]) {
        if self.around.is_some() {
            self.channels.report(problems);
        }
    }

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }

    fn cases_end(&mut self) {
        self.channels.progress.end();
    }
}

impl Report for PageReport<'_> {
    fn end(mut self, ended: &Ended) -> Result<(), Failure> {
        self.write(Ok(String::new()))?;
        let lines = self
            .page
            .end(self.about.as_of, &ended.problems, &ended.totals);
        let lines = lines.map_err(|error| unserialised(&error))?;
        self.channels.write(&lines)?;
        if let Some(around) = &self.around {
            self.channels.write(around.end())?;
        }
        self.channels.output.finish()
    }
}
