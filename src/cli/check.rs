//! `choucha check`.

use super::arguments::{CheckTask, TextOrJson};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::diagnostic::{Diagnostic, Level, render_all};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_design::lint::{self, Inspection};
use choucha_report::json::CheckDocument;
use choucha_rules::rulebook::RuleFolder;
use choucha_rules::texts::TextFolder;

/// Checks the named rule sets, or all.
pub(super) fn run(task: &CheckTask, session: &mut Session<'_>) -> Exit {
    let lang = session.style.lang;
    let inspection = match work(task, session) {
        Ok(inspection) => inspection,
        Err(problems) if task.format == TextOrJson::Json => {
            let document = CheckDocument::unloaded(&problems, lang);
            return session.write_json(document.to_text(), Exit::FAILED);
        }
        Err(problems) => return session.fail(&problems),
    };
    // Warnings should be corrected; notes need not be.
    let exit = match inspection.count(Level::Warning) {
        0 => Exit::for_problems(&inspection.found),
        _ => Exit::for_problems(&inspection.found).and(Exit::INCOMPLETE),
    };
    if task.format == TextOrJson::Json {
        let document = CheckDocument::new(&inspection, lang);
        return session.write_json(document.to_text(), exit);
    }
    let mut report = render_all(&inspection.found, session.style);
    if !report.is_empty() && !report.ends_with('\n') {
        report.push('\n');
    }
    report.push_str(summary(&inspection).get(lang));
    report.push('\n');
    session.write(&report, exit)
}

fn work(task: &CheckTask, session: &mut Session<'_>) -> Result<Inspection, Vec<Diagnostic>> {
    let folder = match session.rules {
        Some(path) => RuleFolder::open(path)?,
        None => RuleFolder::embedded(),
    };
    let texts = task.texts.as_deref().map(TextFolder::open);
    let texts = texts.transpose().map_err(|problem| vec![*problem])?;
    // The check itself compares the quotes, with the texts if they are given.
    let rules = Rules::unproven(&folder)?;
    let sets = rules.chosen(&task.names)?;
    let mut inspection = lint::inspect(rules.engine(), &folder, &sets, texts.as_ref());
    inspection.found.extend(rules.notes().iter().cloned());
    // Diagnostics that prevent using the rules come first.
    inspection
        .found
        .sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.order(b)));
    Ok(inspection)
}

fn summary(inspection: &Inspection) -> Text {
    let sets = inspection.rulesets.len();
    let (errors, warnings, notes) = (
        inspection.count(Level::Error),
        inspection.count(Level::Warning),
        inspection.count(Level::Note),
    );
    let (quotes, quotes_en) = if inspection.against_texts {
        (
            "引文已对照文本核对",
            "quotes were checked against the texts",
        )
    } else {
        (
            "引文已对照锁定文件核对（提供 --texts 才能对照文本）",
            "quotes were checked against the locks (give --texts to check them against the texts)",
        )
    };
    text!(
        "检查规则集 {sets} 个：错误 {errors} 个，警告 {warnings} 个，说明 {notes} 条；{quotes}",
        "{sets} rule sets checked: {errors} errors, {warnings} warnings, {notes} notes; {quotes_en}"
    )
}
