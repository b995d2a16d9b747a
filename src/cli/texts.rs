//! `choucha texts`.

use std::fmt::Write as _;
use std::path::Path;

use super::arguments::{Action, TextsTask};
use super::output::Output;
use super::{Exit, Session};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_rules::rulebook::RuleFolder;
use choucha_rules::texts::{self, TextFolder};
use choucha_run::engine::Engine;

/// Checks the quotes of the rules, or writes the locks.
pub(super) fn run(task: &TextsTask, session: &mut Session<'_>) -> Exit {
    match work(task, session) {
        Ok(exit) => exit,
        Err(problems) => session.fail(&problems),
    }
}

fn work(task: &TextsTask, session: &mut Session<'_>) -> Result<Exit, Vec<Diagnostic>> {
    let rules = match session.rules {
        Some(path) => RuleFolder::open(path)?,
        None => RuleFolder::embedded(),
    };
    let texts = task.texts.as_deref().map(TextFolder::open);
    let texts = texts.transpose().map_err(|problem| vec![*problem])?;
    let engine = Engine::load_unproven(&rules, &rules.rule_sets())?;
    session.report(engine.notes());
    if task.action == Action::Check {
        let problems = texts::verify(engine.rulebook(), &rules, texts.as_ref());
        session.report(&problems);
        let exit = Exit::for_problems(&problems);
        let done = match texts {
            Some(_) => Text::new(
                "引文已对照文本核对",
                "the quotes were checked against the texts",
            ),
            None => Text::new(
                "引文已对照锁定文件核对；提供 --texts 才能对照文本",
                "the quotes were checked against the locks; give --texts to check them against the texts",
            ),
        };
        let done = if exit == Exit::CLEAN {
            format!("{}\n", done.get(session.style.lang))
        } else {
            String::new()
        };
        return Ok(session.write(&done, exit));
    }
    let (Some(folder), Some(texts)) = (session.rules, &texts) else {
        return Err(vec![lacking()]);
    };
    let (files, warnings) = texts::lock(engine.rulebook(), &rules, texts)?;
    session.report(&warnings);
    let mut report = String::new();
    for file in &files {
        if !file.unchanged {
            put(&folder.join(&file.path), &file.text).map_err(|problem| vec![*problem])?;
        }
        let (path, clauses, quotes) = (&file.path, file.clauses, file.quotes);
        let line = text!(
            "{path}：{clauses} 条，引文 {quotes} 处",
            "{path}: {clauses} clauses, {quotes} quotes"
        );
        let line = line.get(session.style.lang);
        let same = session.style.lang.pick("（未变）", " (unchanged)");
        let _ = writeln!(report, "{line}{}", if file.unchanged { same } else { "" });
    }
    Ok(session.write(&report, Exit::CLEAN))
}

/// Writes a lock whole or not at all.
fn put(path: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
    let mut nowhere = std::io::sink();
    let written = Output::open(Some(path), &mut nowhere).and_then(|mut output| {
        output.write(text)?;
        output.finish()
    });
    match written {
        Ok(()) | Err(super::output::Failure::Closed) => Ok(()),
        Err(super::output::Failure::Broken(problem)) => Err(problem),
    }
}

fn lacking() -> Diagnostic {
    let message = Text::new(
        "锁定需要 --texts（文本所在文件夹）和 --rules（规则文件夹）",
        "locking needs --texts (the folder of the texts) and --rules (the rules folder)",
    );
    let help = Text::same("choucha texts lock --texts DIR --rules rules");
    Diagnostic::new(Code::UsageInvalid, message).help(help)
}
