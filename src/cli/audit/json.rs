//! An audit as one JSON document, diagnostics included.

use super::channels::{About, Channels, Report};
use crate::cli::output::{Failure, unserialisable};
use choucha_core::diagnostic::Diagnostic;
use choucha_intake::batch::Parcel;
use choucha_report::json::{self, Stream};
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct JsonReport<'a> {
    channels: Channels<'a>,
    options: json::Options,
    about: About,
    stream: Stream,
    /// The document's opening text, until it is written.
    begin: Option<String>,
    campaigns: Vec<json::Campaign>,
}

impl<'a> JsonReport<'a> {
    pub(super) fn new(
        channels: Channels<'a>,
        options: json::Options,
        about: About,
    ) -> Result<Self, Failure> {
        let begun = Stream::begin(&about.engine, options);
        let (stream, begin) = begun.map_err(|error| unserialised(&error))?;
        Ok(JsonReport {
            channels,
            options,
            about,
            stream,
            begin: Some(begin),
            campaigns: Vec::new(),
        })
    }

    fn begin(&mut self) -> Result<(), Failure> {
        match self.begin.take() {
            Some(begin) => self.channels.write(&begin),
            None => Ok(()),
        }
    }
}

/// JSON could not be serialised.
pub(super) fn unserialised(error: &serde_json::Error) -> Failure {
    Failure::Broken(Box::new(unserialisable(error)))
}

/// The object of a case.
pub(super) fn object(case: &Case, options: json::Options) -> json::Case {
    match &case.result {
        Ok(audit) => json::Case::of(audit, options),
        Err(problems) => {
            let source = json::SourceObject {
                path: case.path.clone(),
                sha256: case.digest().map(str::to_owned),
            };
            json::Case::unaudited(&case.title, source, problems, options)
        }
    }
}

impl Sink for JsonReport<'_> {
    type Page = serde_json::Result<String>;
    type Stop = Failure;

    fn pages(&self) -> Pages<Self::Page> {
        let options = self.options;
        Box::new(move |case| json::element(&object(case, options)))
    }

    fn case(&mut self, case: Case, page: Self::Page) -> Result<(), Failure> {
        let page = page.map_err(|error| unserialised(&error))?;
        self.begin()?;
        let separator = self.stream.separator();
        self.stream
            .audited_on(case.result.ok().map(|audit| audit.as_of));
        self.channels.write(separator)?;
        self.channels.write(&page)
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        self.campaigns.push(json::Campaign::of(audit, self.options));
        Ok(())
    }

    fn problems(&mut self, _: &[Diagnostic]) {}

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }

    fn cases_end(&mut self) {
        self.channels.progress.end();
    }
}

impl Report for JsonReport<'_> {
    fn end(mut self, ended: &Ended) -> Result<(), Failure> {
        self.begin()?;
        let (campaigns, as_of) = (&self.campaigns, self.about.as_of);
        let text = self
            .stream
            .end(campaigns, as_of, &ended.problems, &ended.totals);
        let text = text.map_err(|error| unserialised(&error))?;
        self.channels.write(&text)?;
        self.channels.output.finish()
    }
}
