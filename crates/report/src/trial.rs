//! The tests of rule sets for readers: counts, failures, and outcomes that no test shows.

use super::sheet::Sheet;
use super::snippet::of_span;
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Style;
use choucha_core::lang::Text;
use choucha_core::layout::Tone;
use choucha_core::text;
use choucha_design::trial::{Mismatch, Trial, What};

/// The outcomes besides violated that tests should show for every obligation.
const OTHERS: [Outcome; 3] = [
    Outcome::Satisfied,
    Outcome::Undetermined,
    Outcome::NotApplicable,
];

/// The results of tests: one line of counts per rule set, the failures in full, then every obligation no test violates.
#[must_use]
pub fn render_trials(trials: &[Trial], style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    for trial in trials {
        let tone = if trial.failures.is_empty() {
            Tone::Good
        } else {
            Tone::Bad
        };
        let (title, id) = (trial.title.get(lang), &trial.ruleset);
        let heading = text!("{title}（{id}）", "{title} ({id})");
        sheet.heading(Tone::Strong, heading.get(lang));
        let field = lang.pick("测试", "tests");
        let first = format!("{field}{}", lang.pick("：", ": "));
        sheet.hang(0, tone, &first, summary(trial).get(lang));
        for failure in &trial.failures {
            let name = &failure.name;
            let line = text!("未通过：{name}", "failed: {name}");
            sheet.heading(Tone::Bad, line.get(lang));
            sheet.faint(2, &failure.at.to_string());
            for mismatch in &failure.mismatches {
                show(&mut sheet, mismatch);
            }
        }
        if trial.whole {
            gaps(&mut sheet, trial);
        }
    }
    total(&mut sheet, trials);
    sheet.finish()
}

fn summary(trial: &Trial) -> Text {
    let (tests, run, failed) = (trial.tests, trial.run, trial.failures.len());
    let (passed, duties) = (run - failed, trial.shown.len());
    match (&trial.file, trial.whole) {
        (None, _) => text!(
            "没有 tests.yaml；自有义务 {duties} 项",
            "no tests.yaml; {duties} obligations of its own"
        ),
        (_, true) => text!(
            "共 {tests} 项，通过 {passed} 项，未通过 {failed} 项；自有义务 {duties} 项",
            "{tests}: {passed} passed, {failed} failed; {duties} obligations of its own"
        ),
        (_, false) => text!(
            "共 {tests} 项，选出 {run} 项：通过 {passed} 项，未通过 {failed} 项",
            "{tests}, of which {run} chosen: {passed} passed, {failed} failed"
        ),
    }
}

/// The expected and the actual outcome of an obligation, and why.
fn show(sheet: &mut Sheet, mismatch: &Mismatch) {
    let lang = sheet.lang();
    let id = &mismatch.obligation;
    let name = match &mismatch.part {
        Some((code, _)) => format!("{id} / {code}"),
        None => id.to_string(),
    };
    let title = match &mismatch.part {
        Some((_, part)) => {
            let (whole, part) = (mismatch.title.get(lang), part.get(lang));
            text!("{whole}——{part}", "{whole}: {part}")
                .get(lang)
                .to_owned()
        }
        None => mismatch.title.get(lang).to_owned(),
    };
    let difference = difference(mismatch.what);
    sheet.hang(2, Tone::Strong, &format!("{name}  "), &title);
    let unlisted = matches!(mismatch.what, What::Outcome { expected: None, .. });
    if unlisted {
        // There is no expectation to point at, and there may be many differences.
        sheet.hang(4, Tone::Bad, "", difference.get(lang));
    } else {
        let style = sheet.inner(4);
        let lines = of_span(&mismatch.at, difference.get(lang), Tone::Bad, style);
        sheet.lines(4, &lines);
    }
    sheet.field(4, lang.pick("原因", "because"), mismatch.because.get(lang));
}

/// `预期违规，实为合规`.
fn difference(what: What) -> Text {
    match what {
        What::Outcome { expected, found } => {
            let (code, label) = (found.code(), found.label().zh);
            match expected {
                Some(expected) => {
                    let (wanted, wanted_zh) = (expected.code(), expected.label().zh);
                    text!(
                        "预期{wanted_zh}（{wanted}），实为{label}（{code}）",
                        "expected {wanted}, came {code}"
                    )
                }
                None => text!("没有列出，实为{label}（{code}）", "not listed, came {code}"),
            }
        }
        What::Due { expected, found } => {
            let found = shown(found, "没有到期日", "no due date");
            let (zh, en) = (&found.zh, &found.en);
            text!(
                "预期到期日 {expected}，实为{zh}",
                "expected due {expected}, came {en}"
            )
        }
        What::LateDays { expected, found } => {
            let found = shown(found, "没有到期日", "no due date");
            let (zh, en) = (&found.zh, &found.en);
            text!(
                "预期逾期 {expected} 天，实为 {zh}",
                "expected {expected} days late, came {en}"
            )
        }
    }
}

fn shown<T: std::fmt::Display>(found: Option<T>, zh: &str, en: &str) -> Text {
    found.map_or_else(|| Text::new(zh, en), |found| Text::same(found.to_string()))
}

/// Every obligation no passing test violates, and the number that no passing test shows with other outcomes.
fn gaps(sheet: &mut Sheet, trial: &Trial) {
    let lang = sheet.lang();
    let counts: Vec<String> = OTHERS
        .into_iter()
        .map(|outcome| {
            let (n, label) = (trial.never(outcome).count(), outcome.label());
            let (zh, en) = (label.zh, label.en);
            text!("从未{zh} {n} 项", "{n} never {en}")
                .get(lang)
                .to_owned()
        })
        .collect();
    let field = lang.pick("未测到", "not shown");
    sheet.field(0, field, &counts.join(lang.pick("，", ", ")));
    let n = trial.never(Outcome::Violated).count();
    let line = text!(
        "没有测试违反的义务：{n} 项",
        "obligations no test violates: {n}"
    );
    sheet.para(0, line.get(lang));
    for shown in trial.never(Outcome::Violated) {
        let first = format!("{}  ", shown.obligation);
        sheet.hang(2, Tone::Warn, &first, shown.title.get(lang));
    }
}

/// The total over several rule sets.
fn total(sheet: &mut Sheet, trials: &[Trial]) {
    if trials.len() < 2 {
        return;
    }
    let run: usize = trials.iter().map(|trial| trial.run).sum();
    let failed: usize = trials.iter().map(|trial| trial.failures.len()).sum();
    let (sets, passed) = (trials.len(), run - failed);
    let line = text!(
        "合计：规则集 {sets} 个，测试 {run} 项，通过 {passed} 项，未通过 {failed} 项",
        "in all: {sets} rule sets, {run} tests, {passed} passed, {failed} failed"
    );
    let tone = if failed == 0 { Tone::Good } else { Tone::Bad };
    sheet.heading(tone, line.get(sheet.lang()));
}
