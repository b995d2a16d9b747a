//! `choucha people`, and `choucha audit --by`: tables over all cases instead of a report of each.

use std::mem::ManuallyDrop;

use super::across::Drawing;
use super::arguments::{AuditTask, Format};
use super::engine::{Bench, Rules};
use super::{Exit, Session};
use crate::audit::{Options, Outcome, Verdicts};
use crate::batch::{self, Batch, Numbers, Seen};
use crate::conduct::mask::Masker;
use crate::conduct::{By, Extract, Extractor, Ledger, Parameters};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::ingest::Decoded;
use crate::lang::Text;
use crate::obligation::RuleSet;
use crate::record::Record;
use crate::report::conduct::{View, csv, json, terminal};

/// Audits every dossier the paths lead to, and shows the table of it: by what is asked for, or else of all who do the work.
pub(super) fn run(task: &AuditTask, by: Option<By>, session: &mut Session<'_>) -> Exit {
    if matches!(task.format, Format::Ndjson | Format::Xlsx) {
        return session.fail(&[not_a_table()]);
    }
    let rules = match Rules::load_for(session.rules, task.ruleset.as_deref(), None) {
        // The process ends with the table: nobody waits for the rules to be taken apart.
        Ok(rules) => ManuallyDrop::new(rules),
        Err(problems) => return session.fail(&problems),
    };
    let ruleset = match rules.asked(task.ruleset.as_deref()) {
        Ok(ruleset) => ruleset,
        Err(problems) => return session.fail(&problems),
    };
    session.tell(rules.notes());
    let columns = match rules.columns(task.columns.as_deref()) {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    let found = batch::find(&task.paths);
    if let Some(problem) = super::audit::overwritten(session.output, &found.inputs) {
        return session.fail(&[problem]);
    }
    let mut counting = Counting::new(task, by, &rules, ruleset, session);
    counting.problems(found.problems, session);
    let batch = Batch::new(rules.vocabulary(), columns);
    for input in &found.inputs {
        let mut opened = batch.open(input, session.input);
        counting.problems_told(opened.diagnostics(), session.err, session.told);
        for parcel in opened.by_ref() {
            for at in 0..parcel.len() {
                let Some(case) = parcel.case(at, rules.vocabulary()) else {
                    break;
                };
                let told = counting.case(&case.title, case.decoded);
                counting.problems_told(told, session.err, session.told);
            }
        }
        counting.problems_told(opened.diagnostics(), session.err, session.told);
    }
    counting.finish(&rules, session)
}

/// What is counted so far.
struct Counting<'a, 'e> {
    task: &'a AuditTask,
    by: Option<By>,
    bench: Bench<'e>,
    extractor: Extractor,
    verdicts: Verdicts,
    ledger: Ledger,
    masker: Option<Masker<'e>>,
    drawing: Drawing<'e>,
    numbers: Numbers,
    told: Vec<Diagnostic>,
    exit: Exit,
}

impl<'a, 'e> Counting<'a, 'e> {
    fn new(
        task: &'a AuditTask,
        by: Option<By>,
        rules: &'e Rules,
        ruleset: Option<&'e RuleSet>,
        session: &Session<'_>,
    ) -> Self {
        let options = Options {
            as_of: task.as_of,
            today: session.today,
            assume_complete: task.assume_complete,
            all: false,
            timeline: false,
            traces: false,
        };
        let vocabulary = rules.vocabulary();
        Counting {
            task,
            by,
            bench: Bench::new(rules, ruleset, options),
            extractor: match by {
                Some(by) => Extractor::table(by, vocabulary),
                None => Extractor::people(vocabulary),
            },
            verdicts: Verdicts::default(),
            ledger: Ledger::default(),
            masker: task.mask.then(|| Masker::new(vocabulary)),
            drawing: Drawing::new(rules),
            numbers: Numbers::default(),
            told: Vec::new(),
            exit: Exit::CLEAN,
        }
    }

    /// Counts a case; gives back what is wrong with it.
    fn case(&mut self, title: &str, decoded: Decoded) -> Vec<Diagnostic> {
        let mut problems = decoded.diagnostics;
        let record = decoded.record.as_ref();
        // The record of a whole campaign is none of a case.
        let is_campaign = |record: &Record| self.drawing.is_campaign(record);
        if !diagnostic::has_errors(&problems) && record.is_some_and(is_campaign) {
            return problems;
        }
        // The rows of a table stand although a cell of them could not be read: their records know that they are partial.
        let usable = record.filter(|it| it.is_partial() || !diagnostic::has_errors(&problems));
        let extracted = usable.map(|record| {
            self.bench
                .extract(record, &self.extractor, &mut self.verdicts)
        });
        match extracted {
            Some(Ok(extract)) => {
                problems.extend(record.and_then(|record| self.same_number(record)));
                self.exit = self.exit.and(exit_of(&extract));
                self.ledger.add(&extract);
            }
            other => {
                if let Some(Err(more)) = other {
                    problems.extend(more);
                }
                self.exit = self.exit.and(Exit::FAILED);
                self.ledger.add_unaudited();
            }
        }
        if let Some(masker) = &mut self.masker {
            masker.unaudited(title, &mut problems, record);
        }
        problems
    }

    /// That an earlier case bears the same number.
    fn same_number(&mut self, record: &Record) -> Option<Diagnostic> {
        let number = Seen::of(self.bench.number(record)?);
        let first = self.numbers.note(number, &record.source().title())?;
        Some(self.bench.same_number(record, &first))
    }

    fn problems(&mut self, problems: Vec<Diagnostic>, session: &mut Session<'_>) {
        let told = session.told;
        self.problems_told(problems, session.err, told);
    }

    fn problems_told(
        &mut self,
        problems: Vec<Diagnostic>,
        err: &mut dyn std::io::Write,
        style: diagnostic::Style,
    ) {
        self.exit = self.exit.and(Exit::for_problems(&problems));
        if self.task.format == Format::Json {
            self.told.extend(problems);
            return;
        }
        let text = diagnostic::render_all(&problems, style);
        // There is nowhere left to say that standard error cannot be written.
        let _ = err.write_all(text.as_bytes());
    }

    fn finish(self, rules: &Rules, session: &mut Session<'_>) -> Exit {
        let book = self.ledger.finish(Parameters::default());
        let titles = |set: &str, id: &str| -> Option<Text> {
            let set = rules.rule_sets().iter().find(|known| known.id.0 == set)?;
            let mut duties = set.obligations.iter();
            duties
                .find(|duty| duty.id.0 == id)
                .map(|duty| duty.title.clone())
        };
        let vocabulary = rules.vocabulary();
        let lang = session.style.lang;
        let view = View::new(&book, self.by, vocabulary, &titles, lang, self.task.mask);
        match self.task.format {
            Format::Json => {
                let document =
                    json::Document::new(rules.identity(), self.task.as_of, &view, &self.told);
                session.write_json(document.to_text(), self.exit)
            }
            Format::Csv => session.write(&csv::render(&view), self.exit),
            Format::Text | Format::Ndjson | Format::Xlsx => {
                session.write(&terminal::render(&view, session.style), self.exit)
            }
        }
    }
}

/// How the audit of one case ends: as by `choucha audit`.
fn exit_of(extract: &Extract) -> Exit {
    let some = |outcome: Outcome| extract.counts[outcome as usize] > 0;
    Exit::when(
        some(Outcome::Errored),
        some(Outcome::Violated),
        some(Outcome::Undetermined) || some(Outcome::Review) || extract.contradictory,
    )
}

fn not_a_table() -> Diagnostic {
    let message = Text::new(
        "汇总表没有 ndjson 和 xlsx 格式",
        "a table over all cases has neither the format ndjson nor xlsx",
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .help(Text::new("请用 text、json 或 csv", "use text, json or csv"))
}
