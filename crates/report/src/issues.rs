//! The list of problems (问题清单): one row per finding that is neither satisfied nor not applicable.
//!
//! The workbook and CSV show the same rows. Columns for explanation, rectification and signature stay empty for those
//! responsible to fill in.

use std::fmt::Write as _;

use super::terminal::{gaps_text, mark, root_cause, waiver};
use choucha_core::audit::{CaseAudit, Due, Evidence, Finding, Outcome};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::lang::{Lang, Text};
use choucha_core::source::Origin;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_run::campaign::GroupAudit;

/// The audit of a case or of a group of cases, as the list takes it.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The audit.
    pub audit: &'a CaseAudit,
    /// The group of the findings; None for a case.
    pub group: Option<&'a GroupAudit>,
}

impl<'a> From<&'a CaseAudit> for Listed<'a> {
    fn from(audit: &'a CaseAudit) -> Self {
        Listed { audit, group: None }
    }
}

impl<'a> From<&'a GroupAudit> for Listed<'a> {
    fn from(group: &'a GroupAudit) -> Self {
        Listed {
            audit: &group.audit,
            group: Some(group),
        }
    }
}

/// How many cases of a group are listed by name.
const NAMED: usize = 100;

impl<'a> Listed<'a> {
    /// The findings that are listed, in the order of the notice.
    pub fn findings(self) -> impl Iterator<Item = &'a Finding> {
        self.audit
            .findings
            .iter()
            .filter(|finding| is_listed(finding))
    }

    /// The subject of the findings: the case number; for a group, its keys and its cases.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        let Some(group) = self.group else {
            return self.audit.case.clone();
        };
        let n = group.cases.len();
        let mut names: Vec<String> = group
            .cases
            .iter()
            .take(NAMED)
            .map(|case| case.number.clone().unwrap_or_else(|| case.place.clone()))
            .collect();
        if n > NAMED {
            let rest = n - NAMED;
            names.push(text!("另{rest}个", "{rest} more").get(lang).to_owned());
        }
        let (label, key, list) = (&group.label, &group.key, names.join(lang.pick("、", ", ")));
        let text = text!("{}：{}（{n}个案卷：{list}）", "{}: {} ({n} cases: {list})"; label, key);
        text.get(lang).to_owned()
    }
}

/// Whether a finding is a problem to be dealt with, or is excused.
#[must_use]
pub fn is_listed(finding: &Finding) -> bool {
    !matches!(finding.outcome, Outcome::Satisfied | Outcome::NotApplicable)
}

/// One field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Empty, or to be filled in by hand.
    Blank,
    /// A running number.
    Number(u64),
    /// A text.
    Text(String),
    /// A day.
    Day(Day),
    /// Days late, and whether they are working days.
    Late(i32, bool),
    /// An outcome.
    Outcome(Outcome),
}

impl Field {
    fn text(text: impl Into<String>) -> Field {
        match shown(&text.into()) {
            text if text.trim().is_empty() => Field::Blank,
            text => Field::Text(text),
        }
    }

    fn maybe(text: Option<&str>) -> Field {
        Field::text(text.unwrap_or_default())
    }

    /// The field in words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Field::Blank => String::new(),
            Field::Number(n) => n.to_string(),
            Field::Text(text) => text.clone(),
            Field::Day(day) => day.to_string(),
            Field::Late(days, in_workdays) => {
                let unit = unit(*in_workdays);
                text!("{days}{}", "{days} {}"; unit).get(lang).to_owned()
            }
            Field::Outcome(outcome) => outcome_words(*outcome, lang),
        }
    }
}

/// A text of several lines, control characters made visible.
pub(super) fn shown(text: &str) -> String {
    let lines = text.lines().map(choucha_core::layout::visible);
    lines.collect::<Vec<_>>().join("\n")
}

/// The unit of days late.
#[must_use]
pub fn unit(in_workdays: bool) -> Text {
    match in_workdays {
        true => Text::new("个工作日", "working days"),
        false => Text::new("日", "days"),
    }
}

/// An outcome with its mark, which shows in black and white too.
#[must_use]
pub fn outcome_words(outcome: Outcome, lang: Lang) -> String {
    format!("{} {}", mark(outcome), outcome.label().get(lang))
}

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A running number.
    Number,
    /// The case number.
    Case,
    /// The respondent.
    Respondent,
    /// The product.
    Product,
    /// The county.
    County,
    /// The outcome.
    Outcome,
    /// The severity of a breach.
    Severity,
    /// The title of the duty.
    Duty,
    /// The reason, in a sentence; what a person must judge; the waiver.
    Because,
    /// The role that owes the duty.
    Bearer,
    /// The persons or bodies that fill the role.
    Responsible,
    /// The due date.
    Due,
    /// The day of the act.
    Act,
    /// Days late.
    Late,
    /// The instrument and the section.
    Clause,
    /// The words of the clause.
    Quote,
    /// The facts, with places.
    Evidence,
    /// The missing facts.
    Missing,
    /// The violation the finding follows from.
    Root,
    /// For those responsible to fill in.
    Explanation,
    /// For those responsible to fill in.
    Rectification,
    /// For those responsible to sign.
    Signature,
    /// For those responsible to date.
    SignedOn,
    /// The rule set.
    Campaign,
    /// File and row.
    Source,
    /// The id of the duty.
    DutyId,
}

impl Column {
    /// Every column, in the order shown.
    pub const ALL: [Column; 26] = [
        Column::Number,
        Column::Case,
        Column::Respondent,
        Column::Product,
        Column::County,
        Column::Outcome,
        Column::Severity,
        Column::Duty,
        Column::Because,
        Column::Bearer,
        Column::Responsible,
        Column::Due,
        Column::Act,
        Column::Late,
        Column::Clause,
        Column::Quote,
        Column::Evidence,
        Column::Missing,
        Column::Root,
        Column::Explanation,
        Column::Rectification,
        Column::Signature,
        Column::SignedOn,
        Column::Campaign,
        Column::Source,
        Column::DutyId,
    ];

    /// Its header.
    #[must_use]
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Column::Number => ("序号", "No."),
            Column::Case => ("案卷编号", "Case"),
            Column::Respondent => ("被抽样单位", "Respondent"),
            Column::Product => ("产品", "Product"),
            Column::County => ("县（市、区）", "County"),
            Column::Outcome => ("结论", "Outcome"),
            Column::Severity => ("轻重", "Severity"),
            Column::Duty => ("义务", "Duty"),
            Column::Because => ("情况", "Because"),
            Column::Bearer => ("责任主体", "Owed by"),
            Column::Responsible => ("责任单位（人）", "Responsible"),
            Column::Due => ("期限", "Due"),
            Column::Act => ("办理日期", "Done on"),
            Column::Late => ("逾期", "Late"),
            Column::Clause => ("依据", "Clause"),
            Column::Quote => ("条文", "Text of the clause"),
            Column::Evidence => ("证据", "Evidence"),
            Column::Missing => ("缺少的材料", "Missing"),
            Column::Root => ("起因", "Root cause"),
            Column::Explanation => ("情况说明", "Explanation"),
            Column::Rectification => ("整改情况", "Rectification"),
            Column::Signature => ("责任人签字", "Signature"),
            Column::SignedOn => ("日期", "Date"),
            Column::Campaign => ("规则集", "Rule set"),
            Column::Source => ("来源", "Source"),
            Column::DutyId => ("义务编号", "Duty id"),
        };
        Text::new(zh, en)
    }

    /// Its width in spreadsheet columns.
    #[must_use]
    pub fn width(self) -> u32 {
        match self {
            Column::Number => 6,
            Column::County | Column::Late | Column::Severity => 9,
            Column::Signature | Column::SignedOn => 10,
            Column::Due | Column::Act => 12,
            Column::Outcome => 15,
            Column::Product | Column::Bearer | Column::Root => 13,
            Column::Case | Column::Respondent | Column::Responsible | Column::Clause => 16,
            Column::Explanation | Column::Rectification => 18,
            Column::Duty | Column::Missing => 20,
            Column::Campaign | Column::Source | Column::DutyId => 24,
            Column::Quote => 26,
            Column::Evidence => 28,
            Column::Because => 32,
        }
    }
}

/// The row of a finding.
#[must_use]
pub fn row(listed: Listed<'_>, finding: &Finding, number: u64, lang: Lang) -> Vec<Field> {
    let audit = listed.audit;
    let subject = &audit.subject;
    let due = finding.due.as_ref();
    let field = |column: Column| match column {
        Column::Number => Field::Number(number),
        Column::Case => Field::text(listed.name(lang)),
        Column::Respondent => Field::maybe(subject.respondent.as_deref()),
        Column::Product => Field::maybe(subject.product.as_deref()),
        Column::County => Field::maybe(subject.county.as_deref()),
        Column::Outcome => Field::Outcome(finding.outcome),
        Column::Severity => Field::text(finding.severity.label().get(lang)),
        Column::Duty => Field::text(finding.title.get(lang)),
        Column::Because => because(finding, lang),
        Column::Bearer => Field::text(finding.bearer_label.get(lang)),
        Column::Responsible => {
            let names = finding.responsible.iter().map(ToString::to_string);
            Field::text(names.collect::<Vec<_>>().join(lang.pick("、", ", ")))
        }
        Column::Due => due.map_or(Field::Blank, |due| due_field(due, lang)),
        Column::Act => due.and_then(|due| due.act).map_or(Field::Blank, Field::Day),
        Column::Late => match due {
            Some(due) if due.late_days > 0 => Field::Late(due.late_days, due.in_workdays),
            _ => Field::Blank,
        },
        Column::Clause => lines(
            finding
                .citations
                .iter()
                .map(|cited| format!("{} {}", cited.instrument, cited.section_shown().get(lang))),
        ),
        Column::Quote => lines(
            finding
                .citations
                .iter()
                .map(|cited| format!("“{}”", cited.quote)),
        ),
        Column::Evidence => lines(
            finding
                .evidence
                .iter()
                .filter(|item| !finding.missing.iter().any(|gap| gap.fact == item.fact))
                .map(|item| evidence(item, lang)),
        ),
        Column::Missing => {
            let gaps: Vec<_> = finding.missing.iter().collect();
            Field::text(gaps_text(&gaps, lang))
        }
        Column::Root => match &finding.root_cause {
            Some(cause) => Field::text(root_cause(audit, cause, lang)),
            None => Field::Blank,
        },
        Column::Explanation | Column::Rectification | Column::Signature | Column::SignedOn => {
            Field::Blank
        }
        Column::Campaign => Field::text(audit.ruleset_title.get(lang)),
        Column::Source => Field::text(audit.source.title()),
        Column::DutyId => Field::text(finding.obligation.to_string()),
    };
    Column::ALL.into_iter().map(field).collect()
}

/// The reason, and what is left to a person.
fn because(finding: &Finding, lang: Lang) -> Field {
    let why = std::iter::once(finding.because.get(lang).to_owned());
    let readings = finding.readings.iter().map(|reading| {
        let text = text!("需判断：{}", "To judge: {}"; reading);
        text.get(lang).to_owned()
    });
    let waivers = finding.waiver.iter().map(|covers| {
        let name = lang.pick("豁免：", "Waiver: ");
        format!("{name}{}", waiver(covers, lang))
    });
    lines(
        why.chain(readings)
            .chain(waivers)
            .filter(|line| !line.is_empty()),
    )
}

/// The row of a dossier that could not be audited.
#[must_use]
pub fn unaudited(name: &str, reasons: &[Diagnostic], number: u64, lang: Lang) -> Vec<Field> {
    let field = |column: Column| match column {
        Column::Number => Field::Number(number),
        Column::Case | Column::Source => Field::text(name),
        Column::Outcome => Field::Outcome(Outcome::Errored),
        Column::Because => lines(reasons.iter().map(|reason| described(reason, lang))),
        _ => Field::Blank,
    };
    Column::ALL.into_iter().map(field).collect()
}

/// A diagnostic in one line: the message and the place.
fn described(problem: &Diagnostic, lang: Lang) -> String {
    let message = problem.message.get(lang);
    match place(problem) {
        Some(place) => text!("{message}（{place}）", "{message} ({place})")
            .get(lang)
            .to_owned(),
        None => message.to_owned(),
    }
}

/// The decisive place of a diagnostic, or the source it is about.
#[must_use]
pub fn place(problem: &Diagnostic) -> Option<String> {
    let label = problem.labels.first();
    label
        .map(|label| label.span.to_string())
        .or_else(|| problem.about.clone())
}

fn lines(items: impl Iterator<Item = String>) -> Field {
    let mut text = String::new();
    for item in items {
        let line = if text.is_empty() { "" } else { "\n" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{line}{item}");
    }
    Field::text(text)
}

/// The due date; in words if it is more than one last day.
fn due_field(due: &Due, lang: Lang) -> Field {
    let (on, mut words) = (due.on, None);
    if due.is_reminder {
        let text = text!(
            "未定天数（提示日{on}）",
            "no number of days (reminder {on})"
        );
        return Field::text(text.get(lang));
    }
    if let Some(earliest) = due.earliest {
        words = match earliest {
            first if first > on => Some(text!("{first}起", "from {first} on")),
            first if first < on => Some(text!("{first}至{on}", "{first} to {on}")),
            _ => None,
        };
    }
    let mut others = Vec::new();
    if let Some(other) = due.otherwise {
        others.push(text!("另一读法{other}", "{other} under the other reading"));
    }
    if let Some(other) = &due.other {
        let on = other.due.on;
        others.push(text!("{}为{on}", "{}: {on}"; other.reading));
    }
    if words.is_none() && others.is_empty() {
        return Field::Day(on);
    }
    let mut text = words.unwrap_or_else(|| Text::same(on.to_string()));
    for other in &others {
        text = text!("{}；{}", "{}; {}"; text, other);
    }
    Field::text(text.get(lang))
}

/// `抽样日期 2024-01-22（台账.xlsx:抽样!F5）`.
fn evidence(item: &Evidence, lang: Lang) -> String {
    let (title, shown) = (item.title.get(lang), item.shown.get(lang));
    let from = match &item.origin {
        Origin::Text(span) => Text::same(span.to_string()),
        Origin::Inferred { from, span: None } => text!("由 {from} 认定", "settled by {from}"),
        Origin::Inferred {
            from,
            span: Some(at),
        } => {
            text!("由 {from} 认定，{at}", "settled by {from}, {at}")
        }
        Origin::Assumed => Text::new("本次审查的假设", "assumed for this audit"),
        Origin::Complete => Text::new("案卷完整而未记载", "complete dossier, not recorded"),
        Origin::Absent => return format!("{title} {shown}"),
    };
    match lang {
        Lang::Zh => format!("{title} {shown}（{}）", from.zh),
        Lang::En => format!("{title}: {shown} ({})", from.en),
    }
}
