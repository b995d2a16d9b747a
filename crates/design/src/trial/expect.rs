//! The expectations of a test: obligations with their outcomes and, if stated, parts, due dates and days late.

use std::collections::HashMap;

use super::walk::{Walker, cut, suggestion};
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::obligation::{Obligation, Requirement};
use choucha_core::record::outline::{Content, Node};
use choucha_core::text;
use choucha_core::value::Day;

/// The expectation for one obligation.
pub(super) struct Expected<'n, 's> {
    pub(super) id: &'n str,
    pub(super) at: &'n Node<'s>,
    pub(super) is: Result<'n, 's>,
    /// Its parts, if the test states any; then all must be stated.
    pub(super) parts: Option<Vec<PartExpected<'n, 's>>>,
}

/// The expectation for one part.
pub(super) struct PartExpected<'n, 's> {
    pub(super) code: &'n str,
    pub(super) is: Result<'n, 's>,
}

/// An outcome and, if stated, the due date and days late, each with its place.
#[derive(Clone, Copy)]
pub(super) struct Result<'n, 's> {
    pub(super) outcome: (Outcome, &'n Node<'s>),
    pub(super) due: Option<(Day, &'n Node<'s>)>,
    pub(super) late_days: Option<(i32, &'n Node<'s>)>,
}

impl Expected<'_, '_> {
    /// Whether more than the outcome is stated.
    pub(super) fn has_details(&self) -> bool {
        self.parts.is_some() || self.is.due.is_some() || self.is.late_days.is_some()
    }
}

/// The entries of `expect`.
pub(super) fn expectations<'n, 's>(
    walker: &mut Walker<'_>,
    node: &'n Node<'s>,
    obligations: &HashMap<&str, &Obligation>,
) -> Vec<Expected<'n, 's>> {
    let mut all = Vec::new();
    for (id, key, value) in walker.entries(node, &Text::same("`expect`")) {
        let Some(obligation) = obligations.get(id) else {
            unknown_obligation(walker, id, key, obligations);
            continue;
        };
        if let Some(expected) = expected(walker, id, key, value, obligation) {
            all.push(expected);
        }
    }
    all
}

fn expected<'n, 's>(
    walker: &mut Walker<'_>,
    id: &'n str,
    at: &'n Node<'s>,
    value: &'n Node<'s>,
    obligation: &Obligation,
) -> Option<Expected<'n, 's>> {
    let codes: Vec<&str> = match &obligation.requirement {
        Requirement::Parts(parts) => parts.iter().map(|part| part.code.as_str()).collect(),
        _ => Vec::new(),
    };
    let mut parts = None;
    if let Content::Map(entries) = &value.content
        && let Some((_, node)) = entries.iter().find(|(key, _)| key.text() == Some("parts"))
    {
        let mut listed = Vec::new();
        for (code, key, value) in walker.entries(node, &Text::same("`parts`")) {
            if !codes.contains(&code) {
                let shown = cut(code);
                let message = text!("`{id}` 没有分项 `{shown}`", "`{id}` has no part `{shown}`");
                let all = codes.join(", ");
                let help = suggestion(code, codes.iter().copied()).or_else(|| {
                    (!all.is_empty()).then(|| text!("它的分项：{all}", "its parts: {all}"))
                });
                walker
                    .report(Code::TestsUnknownName, key, message)
                    .help
                    .extend(help);
            } else if let Some(is) = result(walker, value, false) {
                listed.push(PartExpected { code, is });
            }
        }
        parts = Some(listed);
    }
    let is = result(walker, value, true)?;
    Some(Expected { id, at, is, parts })
}

/// An outcome alone, or a map that contains it.
fn result<'n, 's>(
    walker: &mut Walker<'_>,
    node: &'n Node<'s>,
    may_have_parts: bool,
) -> Option<Result<'n, 's>> {
    if !matches!(node.content, Content::Map(_)) {
        return outcome(walker, node).map(|outcome| Result {
            outcome: (outcome, node),
            due: None,
            late_days: None,
        });
    }
    let allowed: &[&str] = if may_have_parts {
        &["outcome", "parts", "due", "late_days"]
    } else {
        &["outcome", "due", "late_days"]
    };
    let what = Text::new("预期", "an expectation");
    let (mut found, mut due, mut late_days, mut has_outcome) = (None, None, None, false);
    for (field, _, value) in walker.fields(node, &what, allowed) {
        match field {
            "outcome" => {
                has_outcome = true;
                found = outcome(walker, value).map(|outcome| (outcome, value));
            }
            "due" => {
                due = walker
                    .day(value, &Text::same("`due`"))
                    .map(|day| (day, value));
            }
            "late_days" => {
                late_days = value
                    .text()
                    .and_then(|n| n.trim().parse().ok())
                    .map(|n| (n, value));
                if late_days.is_none() {
                    let message =
                        Text::new("`late_days` 须为整数", "`late_days` is a whole number");
                    walker.report(Code::TestsInvalid, value, message);
                }
            }
            _ => {}
        }
    }
    if !has_outcome {
        let message = Text::new("预期缺少 `outcome`", "the expectation lacks `outcome`");
        walker.report(Code::TestsInvalid, node, message);
    }
    found.map(|outcome| Result {
        outcome,
        due,
        late_days,
    })
}

fn outcome(walker: &mut Walker<'_>, node: &Node<'_>) -> Option<Outcome> {
    let word = walker.word(node, &Text::new("预期的结果", "an expected outcome"))?;
    let known = Outcome::named(word);
    if known.is_none() {
        let shown = cut(word);
        let message = text!("没有 `{shown}` 这种结果", "there is no outcome `{shown}`");
        let help = suggestion(word, Outcome::ALL.map(Outcome::code)).unwrap_or_else(|| {
            let all = Outcome::ALL.map(Outcome::code).join(", ");
            text!("可以写：{all}", "there are: {all}")
        });
        walker
            .report(Code::TestsUnknownName, node, message)
            .help
            .push(help);
    }
    known
}

fn unknown_obligation(
    walker: &mut Walker<'_>,
    id: &str,
    key: &Node<'_>,
    obligations: &HashMap<&str, &Obligation>,
) {
    let shown = cut(id);
    let message = text!(
        "该规则集中没有义务 `{shown}`",
        "no obligation in force is called `{shown}`"
    );
    let mut known: Vec<&str> = obligations.keys().copied().collect();
    known.sort_unstable();
    let help = suggestion(id, known).unwrap_or_else(|| {
        Text::new(
            "全部义务见 `choucha rules`",
            "`choucha rules` lists every obligation",
        )
    });
    walker
        .report(Code::TestsUnknownName, key, message)
        .help
        .push(help);
}
