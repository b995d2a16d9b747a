//! `choucha audit`.

use std::mem::ManuallyDrop;
use std::path::Path;

use super::arguments::{AuditTask, Format};
use super::engine::{Bench, Rules};
use super::output::{self, Failure, Output};
use super::results::{self, Results};
use super::{Exit, Session};
use crate::audit::{CaseAudit, Options};
use crate::batch::{self, Batch, Input, Kind};
use crate::campaign::CampaignAudit;
use crate::diagnostic::{self, Code, Diagnostic, Style};
use crate::ingest::Decoded;
use crate::lang::Text;
use crate::report::totals::Totals;
use crate::report::{CaseSummary, json, terminal};
use crate::text;

/// Audits every dossier the paths lead to.
pub(super) fn run(task: &AuditTask, session: &mut Session<'_>) -> Exit {
    if task.format == Format::Xlsx && session.output.is_none() {
        return session.fail(&[results::no_file()]);
    }
    let found = batch::find(&task.paths);
    let single = match found.inputs.as_slice() {
        [input] if input.kind == Kind::Dossier => Some(&input.path),
        _ => None,
    };
    let rules = match Rules::load_for(session.rules, task.ruleset.as_deref(), single) {
        // The process ends with the audit: nobody waits for the rules to be taken apart.
        Ok(rules) => ManuallyDrop::new(rules),
        Err(problems) => return session.fail(&problems),
    };
    let ruleset = task.ruleset.as_deref().map(|id| rules.rule_set(id));
    let ruleset = match ruleset.transpose() {
        Ok(ruleset) => ruleset,
        Err(problems) => return session.fail(&problems),
    };
    session.tell(rules.notes());
    let columns = task.columns.as_deref();
    let columns = columns.map(|path| batch::columns_at(path, rules.vocabulary()));
    let columns = match columns.transpose() {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    let mut problems = found.problems;
    if let Some(problem) = overwritten(session.output, &found.inputs) {
        return session.fail(&[problem]);
    }
    let options = Options {
        as_of: task.as_of,
        today: session.today,
        assume_complete: task.assume_complete,
        all: task.all || task.format.tells_all(),
        timeline: true,
    };
    let mut bench = Bench::new(&rules, ruleset, options);
    // What shows across cases is asked for where there may be more than one.
    if single.is_none() {
        bench = bench.gathering();
    }
    let mut exit = Exit::for_problems(&problems);
    if task.format != Format::Json {
        session.tell(&problems);
    }
    let batch = Batch::new(rules.vocabulary(), columns);
    let written = Output::open(session.output, &mut *session.out).and_then(|output| {
        // Of no dossier there is nothing to sum up; what was wrong has been said.
        let several = found.inputs.len() > 1 || found.inputs.len() == 1 && !problems.is_empty();
        let mut report = Report::new(task, session.style, several, output)?;
        let mut told = Teller {
            err: &mut *session.err,
            style: session.told,
            format: task.format,
        };
        for input in &found.inputs {
            if input.kind == Kind::Dossier {
                let dossier = bench.read(&input.path, session.input);
                let name = input.path.display().to_string();
                let Some(case) = one(name.clone(), name, dossier, &mut bench) else {
                    continue;
                };
                exit = exit.and(case.exit());
                told.unaudited(&case);
                report.add(&case)?;
                continue;
            }
            let mut opened = batch.open(input, session.input);
            report.several |= opened.is_many();
            let mut of_input = opened.diagnostics();
            told.input(&of_input);
            while let Some(read) = opened.next() {
                let Some(case) = one(read.path, read.title, read.decoded, &mut bench) else {
                    continue;
                };
                exit = exit.and(case.exit());
                told.unaudited(&case);
                report.add(&case)?;
            }
            let noticed = opened.diagnostics();
            told.input(&noticed);
            of_input.extend(noticed);
            exit = exit.and(Exit::for_problems(&of_input));
            problems.append(&mut of_input);
        }
        let (campaigns, mut more) = bench.campaigns(task.all);
        told.input(&more);
        exit = exit.and(Exit::for_problems(&more));
        problems.append(&mut more);
        for campaign in &campaigns {
            exit = exit.and(Exit::of_campaign(campaign));
            report.campaign(campaign)?;
        }
        report.finish(&rules, task, &problems)
    });
    session.end(written, exit)
}

/// Says on standard error what the report does not hold.
struct Teller<'a> {
    err: &'a mut dyn std::io::Write,
    style: Style,
    format: Format,
}

impl Teller<'_> {
    /// What is wrong with an input as a whole: JSON holds it.
    fn input(&mut self, problems: &[Diagnostic]) {
        if self.format != Format::Json {
            self.tell(problems);
        }
    }

    /// Why a case was not audited: JSON holds it.
    fn unaudited(&mut self, case: &Case) {
        if let Case::Unaudited { problems, .. } = case
            && !matches!(self.format, Format::Json | Format::Ndjson)
        {
            self.tell(problems);
        }
    }

    fn tell(&mut self, problems: &[Diagnostic]) {
        let text = diagnostic::render_all(problems, self.style);
        // There is nowhere left to say that standard error cannot be written.
        let _ = self.err.write_all(text.as_bytes());
    }
}

/// An input that the report would take the place of.
fn overwritten(output: Option<&Path>, inputs: &[Input]) -> Option<Diagnostic> {
    let output = output?.canonicalize().ok()?;
    let dossier = inputs
        .iter()
        .map(|input| &input.path)
        .find(|dossier| dossier.canonicalize().is_ok_and(|path| path == output))?;
    let name = dossier.display();
    Some(
        Diagnostic::new(
            Code::UsageInvalid,
            text!(
                "`{name}` 是要审查的案卷，不能又作输出文件",
                "`{name}` is a dossier to audit; the report cannot take its place"
            ),
        )
        .help(Text::new("请另写一个文件名", "name another file")),
    )
}

/// What came of one dossier.
enum Case {
    Audited(Box<CaseAudit>),
    Unaudited {
        /// What to call it.
        name: String,
        source: json::SourceObject,
        problems: Vec<Diagnostic>,
    },
}

impl Case {
    fn exit(&self) -> Exit {
        match self {
            Case::Audited(audit) => Exit::of(audit),
            Case::Unaudited { .. } => Exit::FAILED,
        }
    }
}

/// Audits one dossier; nothing, if it is a campaign's own record, which is kept for the end.
fn one(path: String, name: String, mut dossier: Decoded, bench: &mut Bench<'_>) -> Option<Case> {
    if !diagnostic::has_errors(&dossier.diagnostics)
        && let Some(record) = dossier.record.take()
    {
        dossier.record = bench.take_campaign(record);
        dossier.record.as_ref()?;
    }
    Some(audited(path, name, dossier, bench))
}

fn audited(path: String, name: String, dossier: Decoded, bench: &mut Bench<'_>) -> Case {
    let mut problems = dossier.diagnostics;
    let mut source = json::SourceObject { path, sha256: None };
    let Some(record) = dossier.record else {
        return Case::Unaudited {
            name,
            source,
            problems,
        };
    };
    // Of what could not be read nothing is known: not even that it is missing. The rows of a table stand all the same,
    // because their records know that they are partial.
    if diagnostic::has_errors(&problems) && !record.is_partial() {
        source.sha256 = Some(record.source().digest().to_owned());
        // Which rules govern it is said in the same run, unless the text breaks off before it says so.
        if !problems.iter().any(|problem| problem.code.stops_reading())
            && let Err(more) = bench.rule_set_of(&record)
        {
            problems.extend(more);
        }
        return Case::Unaudited {
            name,
            source,
            problems,
        };
    }
    match bench.audit(&record) {
        Ok(mut audit) => {
            audit.diagnostics.append(&mut problems);
            Case::Audited(Box::new(audit))
        }
        Err(more) => {
            source.sha256 = Some(record.source().digest().to_owned());
            problems.extend(more);
            Case::Unaudited {
                name,
                source,
                problems,
            }
        }
    }
}

/// The report being written, case by case.
struct Report<'a> {
    format: Format,
    text: terminal::Options,
    json: json::Options,
    /// Whether there is a summary at the end.
    several: bool,
    output: Output<'a>,
    summaries: Vec<CaseSummary>,
    cases: Vec<json::Case>,
    campaigns: Vec<json::Campaign>,
    totals: Totals,
    results: Option<Results>,
}

impl<'a> Report<'a> {
    fn new(
        task: &AuditTask,
        style: Style,
        several: bool,
        output: Output<'a>,
    ) -> Result<Self, Failure> {
        Ok(Report {
            results: Results::new(task.format, &output, style.lang)?,
            totals: Totals::new(task.all || task.format.tells_all()),
            format: task.format,
            text: terminal::Options {
                style,
                all: task.all,
                explain: task.explain,
            },
            json: json::Options {
                lang: style.lang,
                traces: task.explain,
            },
            several,
            output,
            summaries: Vec::new(),
            cases: Vec::new(),
            campaigns: Vec::new(),
        })
    }

    fn add(&mut self, case: &Case) -> Result<(), Failure> {
        match case {
            Case::Audited(audit) => self.totals.add(audit),
            Case::Unaudited { name, .. } => self.totals.add_unaudited(name),
        }
        if let Some(results) = &mut self.results {
            return match case {
                Case::Audited(audit) => results.add(audit, &mut self.output),
                Case::Unaudited {
                    name,
                    source,
                    problems,
                } => results.add_unaudited(name, source, problems, &mut self.output),
            };
        }
        match self.format {
            Format::Text => {
                let brief = self.is_brief();
                if let Case::Audited(audit) = case
                    && brief
                {
                    if self.summaries.len() == terminal::IN_FULL {
                        self.output.write(&terminal::render_turn(&self.text))?;
                    }
                    let text = terminal::render_line(&CaseSummary::of(audit), &self.text);
                    self.output.write(&text)?;
                } else if let Case::Audited(audit) = case {
                    let text = terminal::render(audit, &self.text);
                    self.output.write(&text)?;
                    if self.several {
                        let rule = "=".repeat(self.text.style.width);
                        self.output.write(&format!("\n{rule}\n\n"))?;
                    }
                }
                self.summaries.push(match case {
                    Case::Audited(audit) => CaseSummary::of(audit),
                    Case::Unaudited { name, .. } => CaseSummary::unaudited(name.clone()),
                });
            }
            Format::Json => self.cases.push(self.object(case)),
            Format::Ndjson => {
                let line = json::line(&self.object(case)).map_err(|error| failed(&error))?;
                self.output.write(&line)?;
            }
            Format::Csv | Format::Xlsx => {}
        }
        Ok(())
    }

    /// Whether the next case has a line only: a long run reports its first cases in full, unless more is asked for.
    fn is_brief(&self) -> bool {
        let asked = self.text.all || self.text.explain || self.output.is_file();
        !asked && self.summaries.len() >= terminal::IN_FULL
    }

    /// Adds what was found of a campaign and across its cases.
    fn campaign(&mut self, audit: &CampaignAudit) -> Result<(), Failure> {
        self.totals.add_campaign(audit);
        if let Some(results) = &mut self.results {
            return results.add_campaign(audit, &mut self.output);
        }
        match self.format {
            Format::Text => {
                let text = terminal::render_campaign(audit, &self.text);
                self.output.write(&text)?;
                let rule = "=".repeat(self.text.style.width);
                self.output.write(&format!("\n{rule}\n\n"))
            }
            Format::Json => {
                self.campaigns.push(json::Campaign::of(audit, self.json));
                Ok(())
            }
            Format::Ndjson => {
                for group in json::Group::all(audit, self.json) {
                    let line = group.line().map_err(|error| failed(&error))?;
                    self.output.write(&line)?;
                }
                Ok(())
            }
            Format::Csv | Format::Xlsx => Ok(()),
        }
    }

    fn object(&self, case: &Case) -> json::Case {
        match case {
            Case::Audited(audit) => json::Case::of(audit, self.json),
            Case::Unaudited {
                name,
                source,
                problems,
            } => json::Case::unaudited(name, source.clone(), problems, self.json),
        }
    }

    fn finish(
        mut self,
        rules: &Rules,
        task: &AuditTask,
        problems: &[Diagnostic],
    ) -> Result<(), Failure> {
        self.totals.add_problems(problems);
        if let Some(results) = self.results.take() {
            let about = (&rules.identity(), task.as_of);
            results.finish(&self.totals, about, problems, &mut self.output)?;
        }
        match self.format {
            Format::Text if self.several => {
                let text = terminal::render_summary(&self.summaries, &self.text);
                self.output.write(&text)?;
                let text = terminal::render_totals(&self.totals, &self.text);
                self.output.write(&text)?;
            }
            Format::Json => {
                let cases = std::mem::take(&mut self.cases);
                let campaigns = std::mem::take(&mut self.campaigns);
                let document = json::Document::new(
                    rules.identity(),
                    task.as_of,
                    cases,
                    campaigns,
                    problems,
                    self.json,
                )
                .with_totals(&self.totals, self.json.lang);
                let text = document.to_text().map_err(|error| failed(&error))?;
                self.output.write(&text)?;
            }
            Format::Text | Format::Ndjson | Format::Csv | Format::Xlsx => {}
        }
        let nothing = self.summaries.iter().all(|summary| !summary.audited);
        // A report that says nothing does not take the place of the last one.
        if self.format == Format::Text && !self.several && nothing {
            return Ok(());
        }
        self.output.finish()
    }
}

fn failed(error: &serde_json::Error) -> Failure {
    Failure::Told(Box::new(output::unserialisable(error)))
}
