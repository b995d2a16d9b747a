//! The report of one case for the terminal.
//!
//! In order: what was audited; problems of the record itself; the findings, the most serious first, a
//! consequence under its root; counts of what is not shown; the due dates of the case; the totals.

mod campaign;
mod finding;
mod gaps;
mod summary;
mod timeline;
mod totals;

use std::collections::HashSet;

use super::sheet::Sheet;
use choucha_core::audit::{
    AsOf, CaseAudit, Cause, Completeness, Finding, Outcome, Subject, Tally, Unread, Waiver,
};
use choucha_core::diagnostic::Style;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::Tone;
use choucha_core::obligation::{Id, Severity};
use choucha_core::text;
use choucha_run::totals::Totals;

pub use campaign::render_campaign;
pub(super) use finding::{gaps_text, waiver};
pub use summary::render_summary;
pub use totals::{IN_FULL, render_line, render_totals, render_turn};

/// The contents and style of a report.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Language, colour and width.
    pub style: Style,
    /// Also list findings that are satisfied or not applicable.
    pub all: bool,
    /// Show the trace of every finding.
    pub explain: bool,
}

/// The mark of an outcome, one column wide.
#[must_use]
pub fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Violated => "✗",
        Outcome::Errored => "#",
        Outcome::Review => "!",
        Outcome::Undetermined => "?",
        Outcome::Pending => "…",
        Outcome::Waived => "~",
        Outcome::Satisfied => "✓",
        Outcome::NotApplicable => "–",
    }
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Violated | Outcome::Errored => Tone::Bad,
        Outcome::Review | Outcome::Undetermined => Tone::Warn,
        Outcome::Pending | Outcome::Waived => Tone::Note,
        Outcome::Satisfied => Tone::Good,
        Outcome::NotApplicable => Tone::Faint,
    }
}

/// The report of one case as text, ending in a line break.
#[must_use]
pub fn render(audit: &CaseAudit, options: &Options) -> String {
    let mut sheet = Sheet::new(options.style);
    head(&mut sheet, audit);
    if !audit.diagnostics.is_empty() {
        let n = audit.diagnostics.len();
        let text = choucha_core::text!("【案卷记录的问题】{n}项", "PROBLEMS OF THE RECORD ({n})");
        sheet.heading(Tone::Warn, text.get(sheet.lang()));
        let text = choucha_core::diagnostic::render_all(&audit.diagnostics, sheet.style);
        for line in text.lines() {
            sheet.line(0, line);
        }
    }
    Cases::new(audit, options).render(&mut sheet);
    idle_waivers(&mut sheet, &audit.idle_waivers);
    timeline::timeline(&mut sheet, audit);
    unread(&mut sheet, &audit.unread);
    sheet.blank();
    totals(&mut sheet, &audit.tally());
    severities(&mut sheet, audit, options.all);
    match audit.contradictions() {
        0 => {}
        n => {
            let text = choucha_core::text!(
                "案卷记载自相矛盾{n}处，由人工判断；据此得出的结果待核对后确定",
                "the record contradicts itself ({n}): for a person to judge; what rests on it is open until then"
            );
            sheet.para(0, text.get(sheet.lang()));
        }
    }
    sheet.finish()
}

fn head(sheet: &mut Sheet, audit: &CaseAudit) {
    let lang = sheet.lang();
    sheet.field(0, lang.pick("案卷", "case"), &audit.case);
    subject(sheet, &audit.subject);
    let ruleset = &audit.ruleset;
    let title = audit.ruleset_title.get(lang);
    let text = choucha_core::text!("{title}（{ruleset}）", "{title} ({ruleset})");
    sheet.field(0, lang.pick("规则", "rules"), text.get(lang));
    if let Some(because) = &audit.ruleset_chosen_because {
        sheet.field(0, lang.pick("选定", "chosen"), because.get(lang));
    }
    let from = match audit.as_of_from {
        AsOf::Given => Text::new("按指定日期", "as asked for"),
        AsOf::Closed => Text::new("案卷记载的结案日期", "the closing date on record"),
        AsOf::Today => Text::new("今日", "today"),
    };
    let (as_of, from) = (audit.as_of, from.get(lang));
    let text = choucha_core::text!("{as_of}（{from}）", "{as_of} ({from})");
    sheet.field(0, lang.pick("截至", "as of"), text.get(lang));
    let complete = match audit.completeness {
        Completeness::Declared => Text::new(
            "案卷声明完整，未记载的事项按“没有”认定",
            "declared complete; what is not recorded counts as not done",
        ),
        Completeness::Assumed => Text::new(
            "本次审查假定案卷完整，未记载的事项按“没有”认定",
            "assumed complete for this audit; what is not recorded counts as not done",
        ),
        Completeness::Open => Text::new(
            "案卷未声明完整，未记载的事项按“不明”处理",
            "not declared complete; what is not recorded is unknown",
        ),
    };
    sheet.field(0, lang.pick("完整", "dossier"), complete.get(lang));
    let digest: String = audit.source.digest().chars().take(19).collect();
    let text = format!("{}  {digest}", audit.source.name());
    sheet.field(0, lang.pick("来源", "source"), &text);
}

/// Whom and what the case concerns, who sampled and tested, and when.
fn subject(sheet: &mut Sheet, subject: &Subject) {
    let lang = sheet.lang();
    let agencies = match (&subject.sampling_agency, &subject.inspection_agency) {
        (Some(one), Some(other)) if one == other => vec![(
            lang.pick("抽样、检验", "sampled and tested by"),
            one.to_string(),
        )],
        (sampling, inspection) => {
            let named = [
                (lang.pick("抽样", "sampled by"), sampling),
                (lang.pick("检验", "tested by"), inspection),
            ];
            let present = named.into_iter();
            present
                .filter_map(|(name, agency)| Some((name, agency.as_ref()?.to_string())))
                .collect()
        }
    };
    let respondent = match (&subject.respondent, &subject.county) {
        (Some(name), Some(county)) => Some(match lang {
            Lang::Zh => format!("{name}（{county}）"),
            Lang::En => format!("{name} ({county})"),
        }),
        (Some(name), None) => Some(name.to_string()),
        _ => None,
    };
    let dates = [
        (lang.pick("抽样", "sampled"), subject.sampled_on),
        (lang.pick("出具报告", "reported"), subject.reported_on),
    ];
    let dates: Vec<String> = dates
        .iter()
        .filter_map(|(name, day)| {
            let day = (*day)?;
            Some(
                choucha_core::text!("{day}{name}", "{name} {day}")
                    .get(lang)
                    .to_owned(),
            )
        })
        .collect();
    let dates = Some(dates.join(lang.pick("，", ", "))).filter(|dates| !dates.is_empty());
    let product = subject.product.as_ref().map(ToString::to_string);
    let fields = [
        (lang.pick("被抽样单位", "respondent"), respondent),
        (lang.pick("产品", "product"), product),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)))
        .chain(agencies)
        .chain(dates.map(|dates| (lang.pick("日期", "dates"), dates)));
    for (name, text) in fields {
        sheet.field(0, name, &text);
    }
}

/// The meaning of the severities shown, if there are any.
fn severities(sheet: &mut Sheet, audit: &CaseAudit, all: bool) {
    let is_shown = |finding: &Finding| all || finding.lapsed || !finding.outcome.is_settled();
    let shown: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| {
            let mut findings = audit.findings.iter();
            findings.any(|finding| finding.severity == *severity && is_shown(finding))
        })
        .map(|severity| {
            let (label, meaning) = (severity.label(), severity.meaning());
            choucha_core::text!("{}，{}", "{}: {}"; label, meaning)
                .get(sheet.lang())
                .to_owned()
        })
        .collect();
    if !shown.is_empty() {
        let first = sheet.pick("轻重：", "weight: ");
        let separator = sheet.pick("；", "; ");
        sheet.faint(0, &format!("{first}{}", shown.join(separator)));
    }
}

/// The findings of a case, arranged for the report.
struct Cases<'a> {
    audit: &'a CaseAudit,
    options: &'a Options,
    /// Findings shown under another finding.
    nested: HashSet<usize>,
}

impl<'a> Cases<'a> {
    fn new(audit: &'a CaseAudit, options: &'a Options) -> Self {
        let mut cases = Cases {
            audit,
            options,
            nested: HashSet::new(),
        };
        // A consequence goes under its root, unless following roots leads back to it.
        for at in 0..audit.findings.len() {
            if cases.root(at).is_some() && !cases.circular(at) {
                cases.nested.insert(at);
            }
        }
        cases
    }

    /// The violated finding that a violated finding follows from.
    fn root(&self, at: usize) -> Option<usize> {
        let finding = self.audit.findings.get(at)?;
        let cause = finding.root_cause.as_ref()?;
        (finding.outcome == Outcome::Violated).then_some(())?;
        self.audit
            .findings
            .iter()
            .position(|other| &other.obligation == cause && other.outcome == Outcome::Violated)
    }

    fn circular(&self, at: usize) -> bool {
        let mut seen = HashSet::from([at]);
        let mut next = self.root(at);
        while let Some(root) = next {
            if !seen.insert(root) {
                return true;
            }
            next = self.root(root);
        }
        false
    }

    fn render(&self, sheet: &mut Sheet) {
        for outcome in Outcome::ALL {
            let mut found: Vec<usize> = self
                .audit
                .findings
                .iter()
                .enumerate()
                .filter(|(_, finding)| finding.outcome == outcome)
                .map(|(at, _)| at)
                .collect();
            let settled = matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable);
            let lapsed_only = settled && !self.options.all;
            if lapsed_only {
                found.retain(|at| self.audit.findings.get(*at).is_some_and(|f| f.lapsed));
            }
            if found.is_empty() {
                continue;
            }
            let n = found.len();
            let label = if lapsed_only {
                Text::new("权利丧失", "rights lapsed")
            } else {
                outcome.label()
            };
            let text = match sheet.lang() {
                Lang::Zh => format!("【{}】{n}项", label.zh),
                Lang::En => format!("{} ({n})", label.en.to_uppercase()),
            };
            sheet.heading(tone(outcome), &text);
            found.retain(|at| !self.nested.contains(at));
            // Stable sort: within one severity the order of the notice stays.
            found.sort_by_key(|at| self.audit.findings.get(*at).map(|f| f.severity));
            if outcome == Outcome::Undetermined {
                found = self.one_short(sheet, found);
            }
            if outcome == Outcome::Undetermined && n > gaps::IN_FULL && !self.options.explain {
                let found = found.iter().filter_map(|at| self.audit.findings.get(*at));
                gaps::compact(sheet, &found.collect::<Vec<_>>());
                continue;
            }
            for at in found {
                self.one(sheet, at, 0, settled && !self.options.explain);
            }
        }
    }

    /// Shows in full the findings that one missing fact would decide against somebody. Returns the others.
    fn one_short(&self, sheet: &mut Sheet, found: Vec<usize>) -> Vec<usize> {
        let is_short = |at: &usize| self.audit.findings.get(*at).is_some_and(|f| f.one_short);
        let (short, others): (Vec<usize>, Vec<usize>) = found.into_iter().partition(is_short);
        if short.is_empty() {
            return others;
        }
        let n = short.len();
        let text = choucha_core::text!(
            "只差一项事实即可认定违规的{n}项：",
            "one fact short of a breach: {n}"
        );
        let text = sheet.paint.paint(Tone::Warn, text.get(sheet.lang()));
        sheet.blank();
        sheet.line(0, &text);
        for at in short {
            self.one(sheet, at, 0, false);
        }
        if !others.is_empty() {
            let n = others.len();
            let text = choucha_core::text!("其余待补证的{n}项：", "the other {n}:");
            let text = sheet.paint.paint(Tone::Strong, text.get(sheet.lang()));
            sheet.blank();
            sheet.line(0, &text);
        }
        others
    }

    /// A finding with its consequences under it.
    fn one(&self, sheet: &mut Sheet, at: usize, indent: usize, brief: bool) {
        let Some(finding) = self.audit.findings.get(at) else {
            return;
        };
        if brief {
            finding::brief(sheet, finding, indent);
            return;
        }
        sheet.blank();
        finding::full(sheet, finding, self.audit, indent, self.options.explain);
        let mut consequences: Vec<usize> = self
            .nested
            .iter()
            .copied()
            .filter(|other| self.root(*other) == Some(at))
            .collect();
        consequences.sort_by_key(|at| (self.audit.findings.get(*at).map(|f| f.severity), *at));
        if !consequences.is_empty() {
            let n = consequences.len();
            let text = choucha_core::text!("由此引起{n}项：", "from this follow {n}:");
            sheet.blank();
            let text = sheet.paint.paint(Tone::Strong, text.get(sheet.lang()));
            sheet.line(indent + 2, &text);
        }
        for other in consequences {
            // Deep chains keep their order, but the indent is limited.
            self.one(sheet, other, (indent + 4).min(12), false);
        }
    }
}

/// Waivers that cover no finding.
fn idle_waivers(sheet: &mut Sheet, waivers: &[Waiver]) {
    if waivers.is_empty() {
        return;
    }
    let n = waivers.len();
    let text = choucha_core::text!(
        "【未起作用的豁免】{n}项",
        "WAIVERS THAT COVER NOTHING ({n})"
    );
    sheet.heading(Tone::Warn, text.get(sheet.lang()));
    for waiver in waivers {
        let obligation = match waiver.obligation.as_str() {
            "" => sheet.pick("（未写明义务）", "(no obligation named)"),
            id => id,
        };
        let text = format!("{obligation} {}", finding::waiver(waiver, sheet.lang()));
        sheet.hang(0, Tone::Warn, "~ ", &text);
    }
}

/// The facts that the record states and no duty reads: they may contain a breach that no duty covers.
fn unread(sheet: &mut Sheet, unread: &[Unread]) {
    if unread.is_empty() {
        return;
    }
    let lang = sheet.lang();
    let titles: Vec<String> = unread
        .iter()
        .map(|fact| fact.title.get(lang).to_owned())
        .collect();
    sheet.blank();
    let first = lang.pick(
        "已载明、没有义务用到的事项：",
        "recorded, and read by no obligation: ",
    );
    sheet.items(first, &titles, lang.pick("、", ", "));
}

/// `共50项义务：违规2 · 合规48`.
fn totals(sheet: &mut Sheet, tally: &Tally) {
    let lang = sheet.lang();
    let (all, counted) = (tally.total(), Totals::counted(tally, lang));
    let first = choucha_core::text!("共{all}项义务：", "{all} obligations: ");
    sheet.items(first.get(lang), &counted, lang.pick("、", ", "));
}

/// The obligation of a finding by title, or by id if the audit has no such finding.
pub(super) fn title_of<'a>(audit: &'a CaseAudit, id: &'a Id, lang: Lang) -> &'a str {
    audit
        .findings
        .iter()
        .find(|finding: &&Finding| &finding.obligation == id)
        .map(|finding| &finding.title)
        .or_else(|| Some(&cause_of(audit, id)?.title))
        .map_or(id.0.as_str(), |title| title.get(lang))
}

/// The breaches on single cases that a finding across cases follows from.
pub(super) fn cause_of<'a>(audit: &'a CaseAudit, id: &Id) -> Option<&'a Cause> {
    audit.causes.iter().find(|cause| cause.obligation == *id)
}

/// A root cause for display: its title, its id, and the cases that show it, if they are other cases.
pub(super) fn root_cause(audit: &CaseAudit, id: &Id, lang: Lang) -> String {
    let title = title_of(audit, id, lang);
    let Some(cause) = cause_of(audit, id) else {
        return format!("{title} ({id})");
    };
    let shown = cause.cases.iter().take(NAMED);
    let names = shown
        .cloned()
        .collect::<Vec<_>>()
        .join(lang.pick("、", ", "));
    let n = cause.cases.len();
    let more = match n > NAMED {
        true => lang.pick("等", " …"),
        false => "",
    };
    let text = match n {
        1 => text!(
            "{title}（{id}），见案卷{names}",
            "{title} ({id}), in case {names}"
        ),
        _ => text!(
            "{title}（{id}），见{n}份案卷：{names}{more}",
            "{title} ({id}), in {n} cases: {names}{more}"
        ),
    };
    text.get(lang).to_owned()
}

/// How many cases are listed with a root cause.
const NAMED: usize = 20;

#[cfg(test)]
mod tests;
