//! An audit as NDJSON: one line per case, then one line per group of cases. An interrupted run can be continued.

use super::channels::{self, Channels, Report};
use super::json::{object, unserialised};
use super::resume::{Continued, Written};
use crate::cli::output::Failure;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_intake::batch::Parcel;
use choucha_report::json;
use choucha_run::campaign::CampaignAudit;
use choucha_run::run::Ended;
use choucha_run::sink::{Case, Pages, Sink};

pub(super) struct NdjsonReport<'a> {
    channels: Channels<'a>,
    options: json::Options,
    several: bool,
    continued: Continued,
}

/// The line of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Whole(String),
    /// Only its beginning: the line is already written.
    Head(String),
}

impl<'a> NdjsonReport<'a> {
    pub(super) fn new(
        channels: Channels<'a>,
        options: json::Options,
        continued: Continued,
    ) -> Self {
        NdjsonReport {
            channels,
            options,
            several: false,
            continued,
        }
    }

    /// Writes a line, or compares it with the one an interrupted run has written.
    fn line(&mut self, line: serde_json::Result<Line>) -> Result<(), Failure> {
        let line = line.map_err(|error| unserialised(&error))?;
        match (&mut self.continued.written, line) {
            (Some(written), line) if written.left() > 0 => written.check(&line),
            (_, Line::Whole(text) | Line::Head(text)) => {
                self.continued.write(&mut self.channels.output, &text)
            }
        }
    }

    fn left(&self) -> Option<&Written> {
        let written = self.continued.written.as_ref();
        written.filter(|written| written.left() > 0)
    }
}

impl Sink for NdjsonReport<'_> {
    type Page = serde_json::Result<Line>;
    type Stop = Failure;

    fn pages(&self) -> Pages<Self::Page> {
        let options = self.options;
        Box::new(move |case| {
            let object = object(case, options);
            match case.is_written && case.result.is_ok() {
                true => json::head(&object).map(Line::Head),
                false => json::line(&object).map(Line::Whole),
            }
        })
    }

    fn case(&mut self, _: Case, page: Self::Page) -> Result<(), Failure> {
        self.line(page)
    }

    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        let mut groups = json::Group::all(audit, self.options).into_iter();
        groups.try_for_each(|group| self.line(group.line().map(Line::Whole)))
    }

    fn problems(&mut self, problems: &[Diagnostic]) {
        self.channels.report(problems);
    }

    fn several(&mut self, several: bool) {
        self.several = several;
    }

    fn advance(&mut self, cases: usize, written: usize, parcel: &Parcel) {
        self.channels.advance(cases, written, parcel);
    }

    fn cases_end(&mut self) {
        self.channels.progress.end();
    }
}

impl Report for NdjsonReport<'_> {
    fn interruption(&self, cases: usize) -> Diagnostic {
        let problem = channels::interruption(cases);
        match self.continued.places(&self.channels.output) {
            None => problem,
            Some(places) => {
                let name = places.partial.display();
                problem.help(text!(
                    "已完成的在 `{name}`；加 --resume 重新运行同一命令，可以接着审查",
                    "what is done is in `{name}`; the same command with --resume continues it"
                ))
            }
        }
    }

    fn end(mut self, ended: &Ended) -> Result<(), Failure> {
        let is_interrupted = ended.is_interrupted;
        if let Some(written) = self.left()
            && !is_interrupted
        {
            return Err(written.changed());
        }
        let (cases, unaudited) = (ended.totals.records, ended.totals.unaudited);
        if self.several {
            let audited = cases - unaudited;
            let again = again(ended.totals.repeated);
            self.channels.say(&text!(
                "共{cases}份案卷：审查了{audited}份，{unaudited}份无法审查{}",
                "{cases} dossiers: {audited} audited, {unaudited} could not be{}";
                again
            ));
        }
        // The output of the earlier run is intact, so it is kept unchanged.
        if is_interrupted && self.left().is_some() {
            return Ok(());
        }
        self.continued.end(self.channels.output, is_interrupted)
    }
}

/// Reports how many dossiers were given again, if any.
fn again(repeated: usize) -> Text {
    match repeated {
        0 => Text::default(),
        n => text!(
            "；另有{n}份与前面的相同，不重复计",
            "; {n} more were given again and count no second time"
        ),
    }
}
