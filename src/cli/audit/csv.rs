//! The list of problems of an audit, as CSV.

use super::channels::{Channels, Report};
use crate::cli::output::Failure;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_intake::batch::Parcel;
use choucha_report::delimited::List;
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct CsvReport<'a> {
    channels: Channels<'a>,
    list: List,
    /// Whether the header is written.
    begun: bool,
}

impl<'a> CsvReport<'a> {
    pub(super) fn new(channels: Channels<'a>, lang: Lang) -> Self {
        CsvReport {
            list: List::new(lang),
            channels,
            begun: false,
        }
    }

    fn begin(&mut self) -> Result<(), Failure> {
        match std::mem::replace(&mut self.begun, true) {
            true => Ok(()),
            false => self.channels.write(&self.list.head()),
        }
    }

    fn rows(&mut self, rows: &str) -> Result<(), Failure> {
        self.begin()?;
        self.channels.write(rows)
    }
}

impl Sink for CsvReport<'_> {
    type Page = ();
    type Stop = Failure;

    fn pages(&self) -> Pages<()> {
        Box::new(|_| ())
    }

    fn case(&mut self, case: Case, (): ()) -> Result<(), Failure> {
        let rows = match &case.result {
            Ok(audit) => self.list.add(audit.into()),
            Err(problems) => {
                self.channels.report(problems);
                self.list.add_unaudited(&case.title, problems)
            }
        };
        self.rows(&rows)
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        let rows: String = audit
            .shown()
            .map(|group| self.list.add(group.into()))
            .collect();
        self.rows(&rows)
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

impl Report for CsvReport<'_> {
    fn end(mut self, _: &Ended) -> Result<(), Failure> {
        // The header is written even if nothing is listed.
        self.begin()?;
        self.channels.output.finish()
    }
}
