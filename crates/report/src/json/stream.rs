//! A document written while its cases are audited: the beginning, one case after the other, and the end, which alone
//! knows the totals.

use serde::Serialize;

use super::totals::TotalsObject;
use super::{AUDIT, Campaign, Case, Counts, DiagnosticObject, Engine, Options, diagnostics};
use crate::totals::Totals;
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_core::value::Day;

/// How a run goes, case by case.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    summary: Summary,
    day: Common,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Summary {
    /// Dossiers given.
    records: usize,
    /// Those of them that could not be audited; they are counted as `errored` too.
    unaudited: usize,
    #[serde(flatten)]
    outcomes: Counts,
}

/// The day all cases were audited for, if it is one day.
#[derive(Debug, Clone, Default)]
enum Common {
    #[default]
    None,
    One(Day),
    Several,
}

impl Counted {
    /// Adds a case: its outcome and the day it was audited for; none if it could not be audited.
    pub fn add(&mut self, outcome: Option<Outcome>, day: Option<Day>) {
        self.summary.records += 1;
        self.summary.unaudited += usize::from(outcome.is_none());
        let counted = outcome.unwrap_or(Outcome::Errored);
        self.summary.outcomes.add(counted, 1);
        self.day = match (&self.day, day) {
            (Common::None, Some(day)) => Common::One(day),
            (Common::One(known), Some(day)) if *known != day => Common::Several,
            _ => return,
        };
    }

    /// How many cases there were, audited or not.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.summary.records
    }

    /// How many of them could not be audited.
    #[must_use]
    pub fn unaudited(&self) -> usize {
        self.summary.unaudited
    }
}

#[derive(Serialize)]
struct Begin<'a> {
    schema: &'static str,
    engine: &'a Engine,
    lang: &'static str,
}

/// What stands at the end of a run.
#[derive(Serialize)]
pub(super) struct Ending<'a> {
    campaigns: &'a [Campaign],
    as_of: Option<String>,
    diagnostics: Vec<DiagnosticObject>,
    summary: Summed,
}

#[derive(Serialize)]
struct Summed {
    #[serde(flatten)]
    cases: Summary,
    totals: TotalsObject,
}

impl<'a> Ending<'a> {
    pub(super) fn of(
        campaigns: &'a [Campaign],
        counted: &Counted,
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
        lang: Lang,
    ) -> Self {
        let common = match counted.day {
            Common::One(day) => Some(day),
            Common::None | Common::Several => None,
        };
        Ending {
            campaigns,
            as_of: as_of.or(common).map(|day| day.to_string()),
            diagnostics: diagnostics(problems, lang),
            summary: Summed {
                cases: counted.summary.clone(),
                totals: TotalsObject::of(totals, lang),
            },
        }
    }
}

/// A document being written.
#[derive(Debug)]
pub struct Stream {
    options: Options,
    /// What the cases come to so far.
    pub counted: Counted,
    begun: bool,
}

impl Stream {
    /// A document, and the text it begins with.
    ///
    /// # Errors
    /// If serialisation fails, which data of these types cannot make it do.
    pub fn begin(engine: &Engine, options: Options) -> serde_json::Result<(Self, String)> {
        let begin = serde_json::to_string_pretty(&Begin {
            schema: AUDIT,
            engine,
            lang: options.lang.code(),
        })?;
        let begin = begin.strip_suffix("\n}").unwrap_or(&begin);
        let stream = Stream {
            options,
            counted: Counted::default(),
            begun: false,
        };
        Ok((stream, format!("{begin},\n  \"cases\": [")))
    }

    /// What stands before the next case.
    pub fn separator(&mut self) -> &'static str {
        match std::mem::replace(&mut self.begun, true) {
            true => ",\n",
            false => "\n",
        }
    }

    /// The text it ends with: what was found of campaigns and across cases, the day asked for, if one was, and what is wrong with anything but a dossier.
    ///
    /// # Errors
    /// If serialisation fails, which data of these types cannot make it do.
    pub fn end(
        self,
        campaigns: &[Campaign],
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
    ) -> serde_json::Result<String> {
        let end = serde_json::to_string_pretty(&Ending::of(
            campaigns,
            &self.counted,
            as_of,
            problems,
            totals,
            self.options.lang,
        ))?;
        let end = end.strip_prefix('{').unwrap_or(&end);
        let closed = if self.begun { "\n  ]" } else { "]" };
        Ok(format!("{closed},{end}\n"))
    }
}

/// One case as an element of the document, indented, without a line break at its end.
///
/// # Errors
/// If serialisation fails, which data of these types cannot make it do.
pub fn element(case: &Case) -> serde_json::Result<String> {
    // Within a string of JSON a line break is escaped: every one here is of the layout.
    let text = serde_json::to_string_pretty(case)?;
    Ok(format!("    {}", text.replace('\n', "\n    ")))
}

/// The beginning of the line of a case, up to its findings: what is known of it before anything is explained.
///
/// # Errors
/// If serialisation fails, which data of these types cannot make it do.
pub fn head(case: &Case) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(case)?;
    // Within a string a quotation mark is escaped: this can only be the key.
    let end = line.find(",\"findings\":[").unwrap_or(line.len());
    line.truncate(end);
    Ok(line)
}
