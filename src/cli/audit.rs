//! `choucha audit`.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use super::arguments::{AuditTask, Format};
use super::engine::{Bench, Rules};
use super::output::{self, Failure, Output};
use super::{Exit, Session, files};
use crate::audit::{CaseAudit, Options};
use crate::diagnostic::{self, Code, Diagnostic, Style};
use crate::lang::Text;
use crate::report::{CaseSummary, json, terminal};
use crate::text;

/// Audits every dossier the paths lead to.
pub(super) fn run(task: &AuditTask, session: &mut Session<'_>) -> Exit {
    let found = files::find(&task.paths);
    let rules = match Rules::load_for(session.rules, task.ruleset.as_deref(), &found.dossiers) {
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
    let mut exit = Exit::for_problems(&found.problems);
    if task.format != Format::Json {
        session.tell(&found.problems);
    }
    if let Some(problem) = overwritten(session.output, &found.dossiers) {
        return session.fail(&[problem]);
    }
    let options = Options {
        as_of: task.as_of,
        today: session.today,
        assume_complete: task.assume_complete,
        all: task.all || task.format != Format::Text,
        timeline: true,
    };
    let mut bench = Bench::new(&rules, ruleset, options);
    let written = Output::open(session.output, &mut *session.out).and_then(|output| {
        // Of no dossier there is nothing to sum up; what was wrong has been said.
        let several =
            found.dossiers.len() > 1 || found.dossiers.len() == 1 && !found.problems.is_empty();
        let mut report = Report::new(task, session.style, several, output);
        for path in &found.dossiers {
            let case = one(path, &mut bench, session.input);
            exit = exit.and(case.exit());
            if let (Case::Unaudited { problems, .. }, Format::Text) = (&case, task.format) {
                let text = diagnostic::render_all(problems, session.told);
                // There is nowhere left to say that standard error cannot be written.
                let _ = session.err.write_all(text.as_bytes());
            }
            report.add(&case)?;
        }
        report.finish(&rules, task, &found.problems)
    });
    session.end(written, exit)
}

/// A dossier that the report would take the place of.
fn overwritten(output: Option<&Path>, dossiers: &[PathBuf]) -> Option<Diagnostic> {
    let output = output?.canonicalize().ok()?;
    let dossier = dossiers
        .iter()
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

fn one(path: &Path, bench: &mut Bench<'_>, input: &mut dyn std::io::Read) -> Case {
    let dossier = bench.read(path, input);
    let mut problems = dossier.diagnostics;
    let mut source = json::SourceObject {
        path: path.display().to_string(),
        sha256: None,
    };
    let Some(record) = dossier.record else {
        return Case::Unaudited { source, problems };
    };
    // Of what could not be read nothing is known: not even that it is missing.
    if diagnostic::has_errors(&problems) {
        source.sha256 = Some(record.source().digest().to_owned());
        // Which rules govern it is said in the same run, unless the text breaks off before it says so.
        if !problems.iter().any(|problem| problem.code.stops_reading())
            && let Err(more) = bench.rule_set_of(&record)
        {
            problems.extend(more);
        }
        return Case::Unaudited { source, problems };
    }
    match bench.audit(&record) {
        Ok(mut audit) => {
            audit.diagnostics.append(&mut problems);
            Case::Audited(Box::new(audit))
        }
        Err(more) => {
            source.sha256 = Some(record.source().digest().to_owned());
            problems.extend(more);
            Case::Unaudited { source, problems }
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
}

impl<'a> Report<'a> {
    fn new(task: &AuditTask, style: Style, several: bool, output: Output<'a>) -> Self {
        Report {
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
        }
    }

    fn add(&mut self, case: &Case) -> Result<(), Failure> {
        match self.format {
            Format::Text => {
                if let Case::Audited(audit) = case {
                    let text = terminal::render(audit, &self.text);
                    self.output.write(&text)?;
                    if self.several {
                        let rule = "=".repeat(self.text.style.width);
                        self.output.write(&format!("\n{rule}\n\n"))?;
                    }
                }
                self.summaries.push(match case {
                    Case::Audited(audit) => CaseSummary::of(audit),
                    Case::Unaudited { source, .. } => CaseSummary::unaudited(source.path.clone()),
                });
            }
            Format::Json => self.cases.push(self.object(case)),
            Format::Ndjson => {
                let line = json::line(&self.object(case)).map_err(|error| failed(&error))?;
                self.output.write(&line)?;
            }
        }
        Ok(())
    }

    fn object(&self, case: &Case) -> json::Case {
        match case {
            Case::Audited(audit) => json::Case::of(audit, self.json),
            Case::Unaudited { source, problems } => {
                json::Case::unaudited(source.clone(), problems, self.json)
            }
        }
    }

    fn finish(
        mut self,
        rules: &Rules,
        task: &AuditTask,
        problems: &[Diagnostic],
    ) -> Result<(), Failure> {
        match self.format {
            Format::Text if self.several => {
                let text = terminal::render_summary(&self.summaries, &self.text);
                self.output.write(&text)?;
            }
            Format::Json => {
                let cases = std::mem::take(&mut self.cases);
                let document =
                    json::Document::new(rules.identity(), task.as_of, cases, problems, self.json);
                let text = document.to_text().map_err(|error| failed(&error))?;
                self.output.write(&text)?;
            }
            Format::Text | Format::Ndjson => {}
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
