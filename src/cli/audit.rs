//! `choucha audit`.

mod desk;
mod report;
mod resume;
mod worker;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::arguments::{AuditTask, Format};
use super::engine::Rules;
use super::feed::{Feed, Job, Receives};
use super::output::{self, Failure, Output};
use super::progress::Progress;
use super::{Exit, Session, across, results};
use choucha_core::audit::Options;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_intake::batch::{self, Batch, Input, Kind, Parcel};
use choucha_intake::pipeline;
use choucha_report::{json, terminal};
use choucha_run::auditing::Auditing;
use desk::{Desk, Teller};
use report::Report;
use resume::{Identity, Places, Written};
use worker::Worker;

/// Audits every dossier the paths lead to.
pub(super) fn run(task: &AuditTask, session: &mut Session<'_>) -> Exit {
    if task.mask && task.format == Format::Xlsx {
        return session.fail(&[not_masked()]);
    }
    if task.format == Format::Xlsx && session.output.is_none() {
        return session.fail(&[results::no_file()]);
    }
    if let Some(problem) = not_resumable(task, session.output) {
        return session.fail(&[problem]);
    }
    let found = batch::find(&task.paths);
    let single = match found.inputs.as_slice() {
        [input] if input.kind == Kind::Dossier => Some(&input.path),
        _ => None,
    };
    let loaded = match Loaded::of(task.ruleset.as_deref(), single, session) {
        Ok(loaded) => loaded,
        Err(problems) => return session.fail(&problems),
    };
    let (rules, read) = (loaded.rules, loaded.read);
    // The record of a campaign is audited as what was given among its cases would be.
    let single = single.filter(|_| read.is_some());
    let ruleset = match rules.asked(task.ruleset.as_deref()) {
        Ok(ruleset) => ruleset,
        Err(problems) => return session.fail(&problems),
    };
    session.tell(rules.notes());
    let columns = match rules.columns(task.columns.as_deref()) {
        Ok(columns) => columns,
        Err(problems) => return session.fail(&problems),
    };
    if let Some(problem) = overwritten(session.output, &found.inputs) {
        return session.fail(&[problem]);
    }
    let engine = rules.identity();
    let lang = session.style.lang;
    let identity = Identity::of(task, &engine, lang.code(), &found.inputs, session.today);
    let target = Target::of(task, session.output, &mut *session.out, identity);
    let Target {
        output,
        written,
        places,
        identity,
    } = match target {
        Ok(target) => target,
        Err(failure) => return session.end(Err(failure), Exit::FAILED),
    };
    let options = Options {
        as_of: task.as_of,
        today: identity.today().unwrap_or(session.today),
        assume_complete: task.assume_complete,
        all: task.all || task.format.tells_all(),
        // A case among many gets a line for what there is to report.
        timeline: task.all || task.format != Format::Ndjson,
        traces: task.explain,
    };
    let text = terminal::Options {
        style: session.style,
        all: task.all,
        explain: task.explain,
    };
    let json = json::Options {
        lang,
        traces: task.explain,
    };
    let auditing = Auditing::new(rules.engine(), ruleset, options);
    // What shows across cases is asked for where there may be more than one.
    let worker =
        Worker::new(&rules, auditing, task.format, text, json, single.is_none()).masking(task.mask);
    let written_before = written.as_ref().map_or(0, Written::count);
    let mut fed = Feed::new(found.problems, written_before);
    let threads = match single {
        Some(_) => NonZeroUsize::MIN,
        // Pseudonyms are given in the order in which persons are met.
        None if task.mask => {
            (session.heed_interrupts)();
            NonZeroUsize::MIN
        }
        None => {
            (session.heed_interrupts)();
            task.threads.unwrap_or(session.threads)
        }
    };
    let progress = Progress::new(session.progress && single.is_none(), lang, &found.inputs);
    let mut exit = Exit::CLEAN;
    let ended = Report::new(task, text, json, &engine, output).and_then(|report| {
        let told = Teller {
            err: &mut *session.err,
            style: session.told,
            format: task.format,
        };
        let mut desk = Desk::new(&worker, report, told, progress, written);
        let (batch, input) = (Batch::new(rules.vocabulary(), columns), &mut *session.input);
        let stopped = || session.interrupted.load(Ordering::Relaxed);
        let make = |job: &Job| worker.make(job);
        let run = pipeline::run(threads, make, &mut desk, |pipe| {
            fed.run(&batch, &found.inputs, read, input, &stopped, pipe)
        });
        desk.progress.end();
        exit = desk.exit;
        run?;
        // The record of a campaign alone is audited too.
        desk.report.several |= desk.across.has_records();
        if !fed.interrupted && desk.report.several {
            let asked = Options {
                all: task.all,
                ..options
            };
            let more = desk.across(&rules, ruleset, &asked)?;
            fed.problems.extend(more);
        }
        exit = match fed.interrupted {
            true => Exit::FAILED,
            false => desk.exit,
        };
        end(desk, task, places.as_ref(), &identity, fed)
    });
    session.end(ended, exit)
}

/// The rules that what was given takes.
struct Loaded {
    rules: Rules,
    /// The dossier, if one case is all that was given.
    read: Option<Parcel>,
}

impl Loaded {
    fn of(
        asked: Option<&str>,
        single: Option<&PathBuf>,
        session: &mut Session<'_>,
    ) -> Result<Loaded, Vec<Diagnostic>> {
        let rules = Rules::load_for(session.rules, asked, single)?;
        let Some(path) = single else {
            return Ok(Loaded { rules, read: None });
        };
        let decoded = rules.read(path, session.input);
        if across::is_campaign(&decoded, rules.vocabulary()) {
            // Its cases may take rules that it does not name.
            return Loaded::of(asked, None, session);
        }
        Ok(Loaded {
            rules,
            read: Some(Parcel::read(path, decoded)),
        })
    }
}

/// Ends a run: what was found is summed up, and the output comes to its place if it is whole.
fn end(
    mut desk: Desk<'_, '_>,
    task: &AuditTask,
    places: Option<&Places>,
    identity: &Identity,
    fed: Feed,
) -> Result<(), Failure> {
    let counted = desk.report.counted();
    let (cases, unaudited) = (counted.cases(), counted.unaudited());
    let mut problems = fed.problems;
    let kept = places.filter(|_| desk.report.output.is_file());
    if fed.interrupted {
        let problem = interruption(cases, kept);
        desk.input(std::slice::from_ref(&problem));
        problems.push(problem);
    } else if let Some(written) = desk.written.as_ref().filter(|it| it.left() > 0) {
        return Err(written.changed());
    }
    if task.format == Format::Ndjson && desk.report.several {
        let audited = cases - unaudited;
        let text = text!(
            "共{cases}份案卷：审查了{audited}份，{unaudited}份无法审查",
            "{cases} dossiers: {audited} audited, {unaudited} could not be"
        );
        desk.say(&text);
    }
    let Some(output) = desk.report.end(fed.interrupted, task.as_of, &problems)? else {
        return Ok(());
    };
    match kept {
        // All that an earlier run has written is there still; so it is kept as it is.
        Some(_) if fed.interrupted && desk.written.is_some_and(|it| it.left() > 0) => Ok(()),
        Some(places) if fed.interrupted => {
            output.keep(&places.partial)?;
            places.identify(identity)
        }
        _ => {
            output.finish()?;
            if let Some(places) = kept.filter(|_| task.resume) {
                places.forget();
            }
            Ok(())
        }
    }
}

/// That the run was interrupted, and what it covers.
fn interruption(cases: usize, kept: Option<&Places>) -> Diagnostic {
    let message = text!(
        "审查被中断，只完成了前{cases}份案卷",
        "the audit was interrupted: only the first {cases} dossiers are done"
    );
    let problem = Diagnostic::new(Code::RunInterrupted, message).why(Text::new(
        "没有审查完全部案卷，不作跨案审查",
        "what shows across cases is only asked where all of them were audited",
    ));
    match kept {
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

/// Where the report goes.
struct Target<'o> {
    output: Output<'o>,
    /// What an interrupted run has written of it.
    written: Option<Written>,
    /// Where it is kept if this run is interrupted.
    places: Option<Places>,
    /// The state of the run that is continued, if one is.
    identity: Identity,
}

impl<'o> Target<'o> {
    fn of(
        task: &AuditTask,
        path: Option<&Path>,
        stream: &'o mut dyn Write,
        identity: Identity,
    ) -> Result<Target<'o>, Failure> {
        let places = path
            .filter(|_| task.format == Format::Ndjson)
            .map(Places::beside);
        if let (Some(places), Some(path), true) = (&places, path, task.resume) {
            let before = places.identity()?;
            let (output, written) = places.open(path, &identity, before.as_ref())?;
            return Ok(Target {
                output,
                written,
                places: Some(Places::beside(path)),
                identity: before.unwrap_or(identity),
            });
        }
        Ok(Target {
            output: Output::open(path, stream)?,
            written: None,
            places,
            identity,
        })
    }
}

/// That a workbook shows the tables as they were given.
fn not_masked() -> Diagnostic {
    let message = Text::new(
        "--mask 不能与 xlsx 格式一起使用",
        "--mask does not go with the format xlsx",
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .why(Text::new(
            "工作簿附有所交台账的原表，其中有个人信息",
            "the workbook holds the tables as they were given, personal data included",
        ))
        .help(Text::new("请用 csv 或 json", "use csv or json"))
}

/// That `--resume` is asked for where there is nothing it could continue.
pub(super) fn not_resumable(task: &AuditTask, output: Option<&Path>) -> Option<Diagnostic> {
    if !task.resume || task.format == Format::Ndjson && output.is_some() {
        return None;
    }
    let message = Text::new(
        "--resume 只能与 --format ndjson 和 --output 一起使用",
        "--resume goes with --format ndjson and --output only",
    );
    Some(Diagnostic::new(Code::UsageInvalid, message))
}

/// An input that the report would take the place of.
pub(super) fn overwritten(output: Option<&Path>, inputs: &[Input]) -> Option<Diagnostic> {
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

fn failed(error: &serde_json::Error) -> Failure {
    unserialisable(&error.to_string())
}

fn unserialisable(why: &str) -> Failure {
    Failure::Told(Box::new(output::unserialisable(&why)))
}
