//! The totals of a run of several cases, and the line per case of long runs.
//!
//! Invariant: the totals have bounded length, however many cases there were.

use super::super::CaseSummary;
use super::super::sheet::Sheet;
use super::{Options, mark, tone};
use crate::issues::unit;
use choucha_core::audit::Outcome;
use choucha_core::lang::Lang;
use choucha_core::layout::Tone;
use choucha_core::text;
use choucha_run::totals::Totals;

/// How many duties, organisations and papers are listed.
const LISTED: usize = 8;

/// Findings by outcome, the duties and organisations with most violations, the facts missing most, unreadable inputs.
/// Empty if nothing was audited and there are no diagnostics.
#[must_use]
pub fn render_totals(totals: &Totals, options: &Options) -> String {
    let mut sheet = Sheet::new(options.style);
    let lang = sheet.lang();
    let n = totals.findings.total();
    if n > 0 {
        let first = text!("审查结果{n}项：", "{n} findings: ");
        let words = Totals::counted(&totals.findings, lang);
        sheet.items(first.get(lang), &words, lang.pick("、", ", "));
    }
    if totals.repeated > 0 {
        let n = totals.repeated;
        let text = text!(
            "{n}份案卷与前面的相同，不重复计",
            "{n} dossiers were given again and count no second time"
        );
        sheet.para(0, text.get(lang));
    }
    duties(&mut sheet, totals);
    bodies(&mut sheet, totals);
    papers(&mut sheet, totals);
    unread(&mut sheet, totals);
    sheet.finish()
}

/// How many cases of a run are reported in full by default.
pub const IN_FULL: usize = 20;

/// The line of a case in a long run: its outcome, its number and the number of findings by outcome.
#[must_use]
pub fn render_line(case: &CaseSummary, options: &Options) -> String {
    let mut sheet = Sheet::new(options.style);
    let lang = sheet.lang();
    let first = format!("{} ", mark(case.outcome));
    let label = case.outcome.label();
    let counted: Vec<String> = Outcome::ALL
        .into_iter()
        .filter(|outcome| !matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable))
        .filter(|outcome| case.count(*outcome) > 0)
        .map(|outcome| {
            let (n, label) = (case.count(outcome), outcome.label());
            let (zh, en) = (label.zh, label.en);
            text!("{zh}{n}", "{n} {en}").get(lang).to_owned()
        })
        .collect();
    let mut text = format!("{}  {}", label.get(lang), case.case);
    if !counted.is_empty() {
        text.push_str("  ");
        text.push_str(&counted.join(lang.pick("、", ", ")));
    }
    sheet.hang(0, tone(case.outcome), &first, &text);
    sheet.finish()
}

/// Announces that the remaining cases have one line each.
#[must_use]
pub fn render_turn(options: &Options) -> String {
    let mut sheet = Sheet::new(options.style);
    let text = text!(
        "案卷超过{IN_FULL}份，以下每份一行，最后是汇总；逐份的报告用 --all 或者 --output 写入文件，清单用 --format xlsx",
        "More than {IN_FULL} dossiers: a line each from here, totals at the end; --all or --output FILE reports each in full, --format xlsx lists every problem"
    );
    sheet.faint(0, text.get(sheet.lang()));
    sheet.blank();
    sheet.finish()
}

fn heading(sheet: &mut Sheet, tone: Tone, zh: &'static str, en: &'static str) {
    let text = match sheet.lang() {
        Lang::Zh => format!("【{zh}】"),
        Lang::En => en.to_uppercase(),
    };
    sheet.heading(tone, &text);
}

fn more(sheet: &mut Sheet, all: usize) {
    if all > LISTED {
        let n = all - LISTED;
        let text = text!(
            "（另有{n}项，见 --format xlsx）",
            "({n} more: --format xlsx has them)"
        );
        sheet.faint(2, text.get(sheet.lang()));
    }
}

fn duties(sheet: &mut Sheet, totals: &Totals) {
    let worst = totals.worst_duties();
    if worst.is_empty() {
        return;
    }
    let lang = sheet.lang();
    heading(
        sheet,
        tone(Outcome::Violated),
        "违规最多的义务",
        "duties violated most",
    );
    for total in worst.iter().take(LISTED) {
        let duty = &total.duty;
        let violated = total.count(Outcome::Violated);
        let decided = violated + total.count(Outcome::Satisfied);
        let open = total.owed() - decided;
        let (title, severity) = (&duty.title, duty.severity.label());
        let mut text = text!("〔{}〕{}：已判定{decided}项，其中违规{violated}项", "[{}] {}: {violated} violated of {decided} decided"; severity, title);
        if open > 0 {
            text = text!("{}；另有{open}项未判定", "{}; {open} open"; text);
        }
        if let Some((days, in_workdays)) = total.latest {
            let unit = unit(in_workdays);
            text = text!("{}；最长逾期{days}{}", "{}; at most {days} {} late"; text, unit);
        }
        sheet.hang(2, tone(Outcome::Violated), "✗ ", text.get(lang));
    }
    more(sheet, worst.len());
}

fn bodies(sheet: &mut Sheet, totals: &Totals) {
    let bodies = totals.bodies();
    let worst: Vec<_> = bodies
        .into_iter()
        .filter(|body| body.counts[Outcome::Violated] > 0)
        .collect();
    if worst.is_empty() {
        return;
    }
    let lang = sheet.lang();
    heading(
        sheet,
        tone(Outcome::Violated),
        "违规最多的单位",
        "organisations with most violations",
    );
    for body in worst.iter().take(LISTED) {
        let (n, cases, across) = (
            body.counts[Outcome::Violated],
            body.violated_cases,
            body.violated_across,
        );
        let mut text = text!("{}：违规{n}项", "{}: {n} violated"; body.name);
        if across > 0 {
            text = text!("{}（其中跨案{across}项）", "{} (across cases: {across})"; text);
        }
        if cases > 0 {
            text = text!("{}，涉及{cases}份案卷", "{}, cases: {cases}"; text);
        }
        for outcome in [Outcome::Review, Outcome::Undetermined] {
            let (n, label) = (body.counts[outcome], outcome.label());
            if n > 0 {
                let (zh, en) = (label.zh, label.en);
                text = text!("{}；{zh}{n}项", "{}; {n} {en}"; text);
            }
        }
        sheet.hang(2, tone(Outcome::Violated), "✗ ", text.get(lang));
    }
    more(sheet, worst.len());
}

fn papers(sheet: &mut Sheet, totals: &Totals) {
    let papers = totals.papers();
    let open = totals.findings[Outcome::Undetermined];
    if open == 0 {
        return;
    }
    let lang = sheet.lang();
    heading(
        sheet,
        tone(Outcome::Undetermined),
        "待补材料",
        "missing papers",
    );
    for paper in papers.iter().take(LISTED) {
        let (n, alone, cases) = (paper.findings, paper.alone, paper.cases);
        let text = text!("{}：涉及{cases}份案卷，有助判定{n}项，其中{alone}项只缺它", "{}: would help to decide {n} findings, {alone} of which lack nothing else; cases: {cases}"; paper.paper);
        sheet.hang(2, tone(Outcome::Undetermined), "? ", text.get(lang));
    }
    if papers.is_empty() {
        let text = text!(
            "{open}项待补证，所缺事项没有指明材料，见各案",
            "{open} findings are undetermined; the facts they lack name no paper: see the cases"
        );
        sheet.para(2, text.get(lang));
    }
    more(sheet, papers.len());
}

fn unread(sheet: &mut Sheet, totals: &Totals) {
    let [errors, warnings, _] = totals.problems;
    if totals.unaudited == 0 && errors + warnings == 0 {
        return;
    }
    let lang = sheet.lang();
    heading(sheet, tone(Outcome::Errored), "未能审查", "not audited");
    if totals.unaudited > 0 {
        let n = totals.unaudited;
        let first = text!("{n}份案卷：", "dossiers ({n}): ");
        let mut names: Vec<String> = totals.unread.iter().take(LISTED).cloned().collect();
        if n > names.len() {
            let rest = n - names.len();
            names.push(text!("另有{rest}份", "{rest} more").get(lang).to_owned());
        }
        sheet.hang(
            2,
            Tone::Bad,
            first.get(lang),
            &names.join(lang.pick("、", ", ")),
        );
    }
    if errors + warnings > 0 {
        let text = text!(
            "文件、工作表的问题：错误{errors}处，警告{warnings}处，见上文",
            "problems of files and sheets, told above: errors {errors}, warnings {warnings}"
        );
        sheet.para(2, text.get(lang));
    }
}
