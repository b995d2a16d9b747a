//! The sentence that gives the reason, written as an official would in Chinese and as a reader expects in English.

mod timing;

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::expr::{Comparison, Expr, ExprKind, Reading, Scope};
use crate::lang::Text;
use crate::record::Settled;
use crate::text;
use crate::value::naming::Sameness;
use crate::value::{Party, Row, ShapeId, Type, Value};
use crate::vocabulary::{Entry, Fact, Vocabulary};

use super::facts::resolve;
use super::{Missing, Outcome, PartFinding};

pub(super) use timing::{
    backwards, backwards_readings, from_day, nothing_to_wait_for, other_day, starts_differ, timing,
    undated_start,
};

/// How many facts a sentence names before it counts the rest.
const NAMED: usize = 5;

/// The same where several cases are compared and each fact belongs to another case.
const NAMED_ACROSS: usize = 9;

/// How many elements of a list a sentence names before it counts the rest.
const LISTED: usize = 4;

/// How many cases a sentence names before it counts the rest.
const CASES: usize = 6;

/// Where a fact is stated.
enum At {
    Record,
    /// In a row of a list, with its position.
    Row(String),
    /// In a row that represents a case, with the case number.
    Case(String),
}

/// A fact with its value, from the record, a row or several cases.
struct Said {
    name: Text,
    /// `None` if silence counts as none.
    value: Option<Text>,
    row: Option<String>,
    cases: Vec<String>,
}

impl Said {
    fn new(name: &Text, value: Option<Text>, at: At) -> Self {
        let (row, cases) = match at {
            At::Record => (None, Vec::new()),
            At::Row(row) => (Some(row), Vec::new()),
            At::Case(case) => (None, vec![case]),
        };
        Said {
            name: name.clone(),
            value,
            row,
            cases,
        }
    }

    fn text(&self) -> Text {
        let n = self.cases.len();
        let named = |separator| {
            let first: Vec<&str> = self.cases.iter().take(CASES).map(String::as_str).collect();
            first.join(separator)
        };
        let (zh, en) = (named("、"), named(", "));
        let at = match &self.row {
            Some(row) => text!("（第{row}项）", " (entry {row})"),
            None if n == 0 => Text::default(),
            None if n > CASES => text!("（{zh}等{n}案）", " ({en} and others, {n} cases)"),
            None => text!("（{zh}）", " ({en})"),
        };
        match &self.value {
            None => text!("未载{}{}", "{}{} is not recorded"; self.name, at),
            Some(value) => text!("{}{}为“{}”", "{}{} is “{}”"; self.name, at, value),
        }
    }
}

/// Collects the people or organisations that a value names. Returns whether there are any.
fn parties<'v>(value: &'v Value, found: &mut Vec<&'v Party>) -> bool {
    match value {
        Value::Party(party) => found.push(party),
        Value::List(items) => {
            let named = items.iter().filter(|item| parties(item, found));
            return named.count() > 0;
        }
        _ => return false,
    }
    true
}

/// The pairs of names that may or may not be the same party.
fn unclear(parties: &[&Party]) -> Text {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (at, one) in parties.iter().enumerate() {
        let later = parties.iter().skip(at + 1);
        for other in later.filter(|other| one.sameness(other) == Sameness::Unclear) {
            let pair = (one.to_string(), other.to_string());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs.truncate(NAMED);
    let each = |before: &str, between: &str, after: &str, separator: &str| {
        let shown = pairs
            .iter()
            .map(|(one, other)| format!("{before}{one}{between}{other}{after}"));
        shown.collect::<Vec<_>>().join(separator)
    };
    Text::new(
        each("“", "”与“", "”", "、"),
        each("“", "” and “", "”", ", "),
    )
}

/// Why a duty has the same outcome whatever some facts are.
pub(super) fn whatever(facts: &[Missing], because: &Text) -> Text {
    let each = |before: &str, after: &str, separator: &str, title: fn(&Text) -> &str| {
        let titles = facts
            .iter()
            .map(|fact| format!("{before}{}{after}", title(&fact.title)));
        titles.collect::<Vec<_>>().join(separator)
    };
    let zh = each("“", "”", "、", |title| &title.zh);
    let en = each("“", "”", ", ", |title| &title.en);
    let Text {
        zh: why_zh,
        en: why_en,
    } = because;
    Text::new(
        format!("无论{zh}为何，结论相同：{why_zh}"),
        format!("whatever {en} may be: {why_en}"),
    )
}

/// Writes sentences about the facts of one record.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) settled: &'a Settled,
    /// Whether several cases are compared.
    pub(super) across: bool,
}

impl Sentence<'_> {
    /// The name of the fact if the expression reads just one; else the expression in words.
    pub(super) fn name(self, expr: &Expr) -> Text {
        match expr.facts().as_slice() {
            [fact] => self.vocabulary.fact(*fact).name.clone(),
            _ => expr.text(self.vocabulary),
        }
    }

    /// The sentence for a requirement that is known not to hold.
    pub(super) fn breach(
        self,
        condition: &Expr,
        forbidden: bool,
        facts: &[String],
        culprits: &[Party],
        scope: &Scope<'_>,
    ) -> Text {
        if let Some(order) = self.wrong_order(condition, scope) {
            return order;
        }
        let recorded = self.said(facts);
        let condition_text = condition.text(self.vocabulary);
        let demanded = if forbidden {
            text!("规定不得有此情形：{}", "forbidden: {}"; condition_text)
        } else {
            text!("规定要求{}", "required: {}"; condition_text)
        };
        if let (ExprKind::Disjoint(one, other), false) = (condition.kind(), culprits.is_empty()) {
            let names = |separator| {
                culprits
                    .iter()
                    .map(|party| party.name.as_ref())
                    .collect::<Vec<_>>()
                    .join(separator)
            };
            let names = Text::new(names("、"), names(", "));
            let (one, other) = (self.name(one), self.name(other));
            return text!("{}既是“{}”，又是“{}”；{}", "{}: in both “{}” and “{}”; {}"; names, one, other, demanded);
        }
        if let (ExprKind::Compare(Comparison::Eq, one, other), false) =
            (condition.kind(), forbidden)
            && let (Some(is), Some(ought)) = (self.present(one), self.present(other))
        {
            let (one, other) = (self.name(one), self.name(other));
            return text!("{}应等于{}{}，实为{}", "{} must equal {}, {}; it is {}"; one, other, ought, is);
        }
        if recorded.is_empty() {
            return demanded;
        }
        let plain = facts.len() == 1 && goes_without_saying(condition);
        if plain || self.across && is_laid_out(condition) {
            return recorded;
        }
        text!("{}，而{}", "{}; {}"; recorded, demanded)
    }

    /// The sentence for two days in the wrong order: `核实日期为2024-03-05，晚于检验开始日期（2024-03-01）`.
    fn wrong_order(self, condition: &Expr, scope: &Scope<'_>) -> Option<Text> {
        let ExprKind::Compare(_, one, other) = condition.kind() else {
            return None;
        };
        let day = |expr: &Expr| match Reading::of(expr).day(scope) {
            Some(day) if matches!(expr.kind(), ExprKind::Fact { .. }) => Some(day),
            _ => None,
        };
        let (first, second) = (day(one)?, day(other)?);
        let (one, other) = (self.name(one), self.name(other));
        match first.cmp(&second) {
            Ordering::Less => Some(
                text!("“{}”为{first}，早于“{}”（{second}）", "{} is {first}, before {} ({second})"; one, other),
            ),
            Ordering::Greater => Some(
                text!("“{}”为{first}，晚于“{}”（{second}）", "{} is {first}, after {} ({second})"; one, other),
            ),
            // Two moments on the same day differ in the hour, which the facts show.
            Ordering::Equal => None,
        }
    }

    /// The sentence for a requirement that holds.
    pub(super) fn kept(self, condition: &Expr, forbidden: bool, facts: &[String]) -> Text {
        let recorded = self.facts(facts);
        if !recorded.is_empty() {
            return text!("符合要求：{}", "as required: {}"; recorded);
        }
        let demanded = condition.text(self.vocabulary);
        if forbidden {
            text!("没有此情形：{}", "not so: {}"; demanded)
        } else {
            text!("符合要求：{}", "as required: {}"; demanded)
        }
    }

    /// The sentence for a condition for arising that is known not to hold.
    pub(super) fn out_of_scope(self, when: &Expr, facts: &[String]) -> Text {
        let recorded = self.said(facts);
        if recorded.is_empty() {
            let condition = when.text(self.vocabulary);
            text!("本项只在{}时适用，本案不属此情形", "it arises only if {}, which is not so here"; condition)
        } else {
            text!("{}，不属本项适用的情形", "{}: not what this duty is for"; recorded)
        }
    }

    /// The sentence for a condition for arising that is undecided.
    pub(super) fn scope_open(self, when: &Expr, open: &[String]) -> Text {
        let condition = when.text(self.vocabulary);
        let lacking = self.lacking(open);
        text!("是否适用（{}）未能确定：{}", "whether it arises ({}) is open: {}"; condition, lacking)
    }

    /// The sentence for an obligation that may or may not arise.
    pub(super) fn arising_open(self, open: &[String]) -> Text {
        let lacking = self.lacking(open);
        text!("是否适用未能确定，{}", "whether it arises is open: {}"; lacking)
    }

    /// The sentence for facts that are not recorded, with the paper each is found on.
    pub(super) fn lacking(self, open: &[String]) -> Text {
        let mut seen = HashSet::new();
        let mut named = Vec::new();
        let mut undated = Vec::new();
        let mut known: Vec<&Party> = Vec::new();
        for path in open {
            if !seen.insert(path) {
                continue;
            }
            if let Some((fact, value)) = resolve(self.vocabulary, self.settled, path) {
                // A value that is present but open names a party that cannot be identified for certain.
                if value.is_present() && parties(value, &mut known) {
                    continue;
                }
                let name = match &fact.form {
                    Some(form) => text!("{}（见{}）", "{} (see {})"; fact.name, form),
                    None => fact.name.clone(),
                };
                let open = match value {
                    Value::Done => &mut undated,
                    _ => &mut named,
                };
                // The rows of a list, and the same fact in several cases, share one name.
                if !open.contains(&name) {
                    open.push(name);
                }
            }
        }
        if !undated.is_empty() {
            let days = listed(&undated, NAMED);
            let undated = text!("办理日期不明：{}", "done on a day that is not recorded: {}"; days);
            let rest: Vec<String> = open
                .iter()
                .filter(|path| {
                    resolve(self.vocabulary, self.settled, path)
                        .is_some_and(|(_, value)| *value != Value::Done)
                })
                .cloned()
                .collect();
            if rest.is_empty() {
                return undated;
            }
            let lacking = self.lacking(&rest);
            return text!("{}；{}", "{}; {}"; lacking, undated);
        }
        let unclear = unclear(&known);
        if !unclear.is_empty() {
            let question = text!("{}：是否同一，请核实", "{}: check whether they are one"; unclear);
            if named.is_empty() {
                return question;
            }
            let listed = listed(&named, NAMED);
            return text!("案卷未载{}；{}", "the record lacks {}; {}"; listed, question);
        }
        // If nothing is lacking and yet it is undecided, a date lies outside the calendar's data.
        if named.is_empty() {
            return Text::new(
                "所涉日期超出日历数据所载范围，不作推算",
                "a date is outside the calendar's data; nothing is guessed",
            );
        }
        let listed = listed(&named, NAMED);
        text!("案卷未载{}", "the record lacks {}"; listed)
    }

    /// A value as a sentence shows it: only the first few elements of a long list.
    fn shown(self, ty: &Type, value: &Value) -> Text {
        match value {
            Value::List(items) if items.len() > LISTED => {
                let first = Value::List(items.iter().take(LISTED - 1).cloned().collect());
                let first = self.vocabulary.show(ty, &first);
                let n = items.len();
                text!("{}等{n}项", "{} and others, {n} in all"; first)
            }
            _ => self.vocabulary.show(ty, value),
        }
    }

    /// What the record states, and what it is silent about where silence counts as none.
    fn said(self, paths: &[String]) -> Text {
        let (silent, recorded): (Vec<String>, Vec<String>) =
            paths.iter().cloned().partition(|path| self.is_silent(path));
        let recorded = self.facts(&recorded);
        let silent = self.facts(&silent);
        let said = text!("案卷记载{}", "the record says: {}"; recorded);
        match (recorded.is_empty(), silent.is_empty()) {
            (true, true) => Text::default(),
            (false, true) => said,
            (true, false) => text!("案卷{}", "by the record, {}"; silent),
            (false, false) => text!("{}；{}", "{}; {}"; said, silent),
        }
    }

    /// Facts with their values: `检验报告·检验结论为“不合格”`; `未载寄出日期` where silence counts as none. A value that several cases
    /// share is given once: `抽样结果（甲1、甲2）为“完成抽样”`.
    pub(super) fn facts(self, paths: &[String]) -> Text {
        let mut seen = HashSet::new();
        let mut shown: Vec<Said> = Vec::new();
        for path in paths {
            if !seen.insert(path) {
                continue;
            }
            if let Some((fact, value)) = resolve(self.vocabulary, self.settled, path)
                && !value.is_unknown()
            {
                let value = (!self.is_silent(path)).then(|| self.with_unit(fact, value));
                let row = self.row(path);
                let same = |said: &&mut Said| {
                    let of_case = matches!(row, At::Case(_));
                    of_case
                        && !said.cases.is_empty()
                        && said.name == fact.name
                        && said.value == value
                };
                match (shown.iter_mut().find(same), row) {
                    (Some(said), At::Case(case)) => said.cases.push(case),
                    (_, row) => shown.push(Said::new(&fact.name, value, row)),
                }
            }
        }
        let shown: Vec<Text> = shown.iter().map(Said::text).collect();
        listed(&shown, if self.across { NAMED_ACROSS } else { NAMED })
    }

    /// The row a path leads through: by the number of its case, else by its position.
    fn row(self, path: &str) -> At {
        let Some((number, row)) = row_at(self.vocabulary, self.settled, path) else {
            return At::Record;
        };
        match row.and_then(|(shape, row)| self.vocabulary.case_of(shape, row)) {
            Some(case) => At::Case(case.to_owned()),
            None => At::Row(number.to_owned()),
        }
    }

    /// A value with its unit: `199.00元`.
    fn with_unit(self, fact: &Fact, value: &Value) -> Text {
        let shown = self.shown(&fact.ty, value);
        match &fact.unit {
            Some(unit) if value.is_present() => text!("{}{}", "{} {}"; shown, unit),
            _ => shown,
        }
    }

    /// The value of a fact of the record itself; `None` if it has none.
    fn present(self, expr: &Expr) -> Option<Text> {
        let ExprKind::Fact { slot, .. } = expr.kind() else {
            return None;
        };
        let fact = self.vocabulary.fact_in(ShapeId::ROOT, *slot);
        let value = self.settled.get(*slot);
        value.is_present().then(|| self.with_unit(fact, value))
    }

    /// Whether a fact is none only because a complete dossier does not mention it.
    pub(super) fn is_silent(self, path: &str) -> bool {
        self.settled.is_silent(self.vocabulary, path)
    }
}

/// Whether the title of the duty or part already says what the condition requires: a fact that is yes or no, one that
/// must be present, a list that must contain something.
fn goes_without_saying(condition: &Expr) -> bool {
    match condition.kind() {
        ExprKind::Fact { .. }
        | ExprKind::Field { .. }
        | ExprKind::Present(_)
        | ExprKind::Contains(..) => true,
        ExprKind::Not(inner) => goes_without_saying(inner),
        _ => false,
    }
}

/// Whether a condition on several cases spells out how the rule works case by case, which its title says more briefly.
fn is_laid_out(condition: &Expr) -> bool {
    match condition.kind() {
        ExprKind::ForAll(..) | ExprKind::Exists(..) | ExprKind::All(_) | ExprKind::Any(_) => true,
        ExprKind::Not(inner) => is_laid_out(inner),
        _ => false,
    }
}

/// The position of the innermost row a path leads through, and the row itself if its list belongs to the record itself.
fn row_at<'a, 'r>(
    vocabulary: &Vocabulary,
    settled: &'r Settled,
    path: &'a str,
) -> Option<(&'a str, Option<(ShapeId, &'r Row)>)> {
    let (before, rest) = path.rsplit_once('[')?;
    let (number, _) = rest.split_once(']')?;
    let row = || {
        let Some(Entry::Fact(list)) = vocabulary.find(before) else {
            return None;
        };
        let list = vocabulary.fact(list);
        let (Type::Rows(shape), Value::Rows(rows)) = (&list.ty, settled.get(list.slot)) else {
            return None;
        };
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        Some((*shape, rows.get(at)?))
    };
    Some((number, row()))
}

/// Several texts in one list; names at most the first `most`.
fn listed(items: &[Text], most: usize) -> Text {
    let join = |pick: fn(&Text) -> &str, separator: &str| {
        items
            .iter()
            .take(most)
            .map(pick)
            .collect::<Vec<_>>()
            .join(separator)
    };
    let text = Text::new(join(|t| &t.zh, "，"), join(|t| &t.en, ", "));
    if items.len() > most {
        let n = items.len();
        let rest = text!("等{n}项", " and others, {n} in all");
        text!("{}{}", "{}{}"; text, rest)
    } else {
        text
    }
}

/// How many failing parts get their reason before the rest are only named.
const ACCOUNTED: usize = 3;

/// The sentence for an obligation of several parts: which parts fail, and why.
pub(super) fn parts(parts: &[PartFinding]) -> Text {
    let mut sentences = Vec::new();
    for (outcome, label) in [
        (Outcome::Violated, Text::new("不符合", "not met: ")),
        (Outcome::Errored, Text::new("未能审查", "not evaluated: ")),
        (
            Outcome::Review,
            Text::new("待人工判断", "for a person to judge: "),
        ),
        (Outcome::Undetermined, Text::new("待补证", "not proven: ")),
        (Outcome::Pending, Text::new("未到期", "not yet due: ")),
    ] {
        let failing: Vec<&PartFinding> = parts
            .iter()
            .filter(|part| part.outcome == outcome)
            .collect();
        if !failing.is_empty() {
            let account = accounts(&failing);
            sentences.push(text!("{}{}", "{}{}"; label, account));
        }
    }
    if sentences.is_empty() {
        let count = parts
            .iter()
            .filter(|part| part.outcome == Outcome::Satisfied)
            .count();
        return match count {
            0 => Text::new("各项均不适用", "none of its parts arises"),
            _ => text!(
                "各项要求均已满足（{count}项）",
                "every part is met ({count})"
            ),
        };
    }
    joined(&sentences, "；", "; ")
}

/// Parts with the same outcome, the first few with their reasons: `“送达被抽样单位”：…；“送达标称生产者”：…`.
fn accounts(parts: &[&PartFinding]) -> Text {
    let (found, named) = parts.split_at(parts.len().min(ACCOUNTED));
    let mut all: Vec<Text> = found
        .iter()
        .map(|part| match part.because.is_empty() {
            true => text!("“{}”", "{}"; part.title),
            false => text!("“{}”（{}）", "{} ({})"; part.title, part.because),
        })
        .collect();
    all.extend(named.iter().map(|part| text!("“{}”", "{}"; part.title)));
    joined(&all, "、", ", ")
}

fn joined(texts: &[Text], zh: &str, en: &str) -> Text {
    let with = |pick: fn(&Text) -> &str, by: &str| {
        let each: Vec<&str> = texts.iter().map(pick).collect();
        each.join(by)
    };
    Text::new(with(|text| &text.zh, zh), with(|text| &text.en, en))
}

/// The label of a role, by its code.
pub(super) fn role_label(vocabulary: &Vocabulary, code: &str) -> Text {
    vocabulary
        .roles()
        .iter()
        .find(|role| role.code == code)
        .map_or_else(|| Text::same(code), |role| role.label.clone())
}
