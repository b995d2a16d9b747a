//! A document written while its cases are audited: the beginning, one case after the other, and the end, which holds the
//! totals.

use serde::Serialize;

use super::totals::TotalsObject;
use super::{AUDIT, Campaign, Case, Counts, DiagnosticObject, Engine, Options, diagnostics};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::Lang;
use choucha_core::value::Day;
use choucha_run::totals::Totals;

#[derive(Debug, Clone, Serialize)]
struct Summary {
    /// Dossiers given.
    records: usize,
    /// Those that could not be audited; `errored` counts them too.
    unaudited: usize,
    /// Dossiers given again, which do not count a second time.
    repeated: usize,
    #[serde(flatten)]
    outcomes: Counts,
}

/// The day of audit common to all cases, if there is one.
#[derive(Debug, Clone, Default)]
pub(super) enum Common {
    #[default]
    None,
    One(Day),
    Several,
}

impl Common {
    /// Notes the day of audit of the next case; None if it could not be audited.
    pub(super) fn note(&mut self, day: Option<Day>) {
        *self = match (&self, day) {
            (Common::None, Some(day)) => Common::One(day),
            (Common::One(known), Some(day)) if *known != day => Common::Several,
            _ => return,
        };
    }

    pub(super) fn one(&self) -> Option<Day> {
        match self {
            Common::One(day) => Some(*day),
            Common::None | Common::Several => None,
        }
    }
}

#[derive(Serialize)]
struct Begin<'a> {
    schema: &'static str,
    engine: &'a Engine,
    lang: &'static str,
}

/// The end of a run.
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
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
        lang: Lang,
    ) -> Self {
        Ending {
            campaigns,
            as_of: as_of.map(|day| day.to_string()),
            diagnostics: diagnostics(problems, lang),
            summary: Summed {
                cases: Summary {
                    records: totals.records,
                    unaudited: totals.unaudited,
                    repeated: totals.repeated,
                    outcomes: Counts::of(&totals.cases),
                },
                totals: TotalsObject::of(totals, lang),
            },
        }
    }
}

/// A document being written.
#[derive(Debug)]
pub struct Stream {
    options: Options,
    day: Common,
    begun: bool,
}

impl Stream {
    /// A document, and its opening text.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn begin(engine: &Engine, options: Options) -> serde_json::Result<(Self, String)> {
        let begin = serde_json::to_string_pretty(&Begin {
            schema: AUDIT,
            engine,
            lang: options.lang.code(),
        })?;
        let begin = begin.strip_suffix("\n}").unwrap_or(&begin);
        let stream = Stream {
            options,
            day: Common::None,
            begun: false,
        };
        Ok((stream, format!("{begin},\n  \"cases\": [")))
    }

    /// Notes the day of audit of the next case; None if it could not be audited.
    pub fn audited_on(&mut self, day: Option<Day>) {
        self.day.note(day);
    }

    /// The separator before the next case.
    pub fn separator(&mut self) -> &'static str {
        match std::mem::replace(&mut self.begun, true) {
            true => ",\n",
            false => "\n",
        }
    }

    /// The closing text: findings on campaigns and across cases, the requested day, if any, and diagnostics that
    /// concern no dossier.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn end(
        self,
        campaigns: &[Campaign],
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
    ) -> serde_json::Result<String> {
        let end = serde_json::to_string_pretty(&Ending::of(
            campaigns,
            as_of.or(self.day.one()),
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
/// If serialisation fails; data of these types cannot cause that.
pub fn element(case: &Case) -> serde_json::Result<String> {
    // Strings in JSON escape line breaks: every line break here belongs to the layout.
    let text = serde_json::to_string_pretty(case)?;
    Ok(format!("    {}", text.replace('\n', "\n    ")))
}

/// The line of a case up to its findings: everything known before its findings are explained.
///
/// # Errors
/// If serialisation fails; data of these types cannot cause that.
pub fn head(case: &Case) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(case)?;
    // Strings in JSON escape quotation marks: this can only be the key.
    let end = line.find(",\"findings\":[").unwrap_or(line.len());
    line.truncate(end);
    Ok(line)
}
