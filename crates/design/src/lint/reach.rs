//! Reports obligations that never arise, are never violated or are never satisfied; and those that no test violates.

use std::collections::HashMap;

use super::named;
use super::witness::Finder;
use crate::trial::{FILE, Trial};
use choucha_core::audit::{Auditor, Outcome, Tally};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, Obligation, RuleSet, Scope};
use choucha_core::text;
use choucha_run::engine::Engine;

/// Checks every obligation that a rule set declares itself.
pub(super) fn reach(
    engine: &Engine,
    auditor: &Auditor,
    set: &RuleSet,
    evidence: &Option<Trial>,
) -> Vec<Diagnostic> {
    let finder = Finder {
        vocabulary: engine.vocabulary(),
        auditor,
    };
    let shown: HashMap<&Id, Tally> = evidence
        .iter()
        .flat_map(|trial| &trial.shown)
        .map(|shown| (&shown.obligation, shown.outcomes))
        .collect();
    let mut found = Vec::new();
    let mut untested: Vec<&Obligation> = Vec::new();
    for obligation in set.all_obligations() {
        let tests = shown.get(&obligation.id).copied().unwrap_or_default();
        let is_shown = |outcome: Outcome| tests[outcome] > 0;
        if obligation.scope != Scope::Case {
            // The search does not construct several cases: for duties across cases only tests give evidence.
            match (is_shown(Outcome::Violated), is_shown(Outcome::Review)) {
                (true, _) => {}
                (false, true) => found.push(problem(Code::LintAlwaysJudged, obligation)),
                (false, false) => untested.push(obligation),
            }
            continue;
        }
        let Some(node) = auditor.graph().resolve(&obligation.id) else {
            continue;
        };
        let is_violated = is_shown(Outcome::Violated);
        let is_satisfied = is_shown(Outcome::Satisfied);
        let arises =
            is_violated || is_satisfied || is_shown(Outcome::Review) || is_shown(Outcome::Pending);
        if !arises && !finder.arises(node) {
            found.push(problem(Code::LintNeverApplies, obligation));
            continue;
        }
        // A right lapses: it has no breach to find.
        let unbroken = !is_violated && !obligation.lapses;
        if unbroken && !finder.is_violated(node) {
            let judged = is_shown(Outcome::Review) || finder.is_judged(node);
            found.push(problem(
                if judged {
                    Code::LintAlwaysJudged
                } else {
                    Code::LintNeverViolated
                },
                obligation,
            ));
        } else if unbroken {
            untested.push(obligation);
        }
        if !is_satisfied && !finder.is_satisfied(node) {
            found.push(problem(Code::LintNeverSatisfied, obligation));
        }
    }
    found.extend(untested_by(set, evidence.as_ref(), &untested));
    found
}

fn problem(code: Code, obligation: &Obligation) -> Diagnostic {
    let name = named(&obligation.title, &obligation.id);
    let (zh, en) = (&name.zh, &name.en);
    let message = match code {
        Code::LintNeverApplies => text!(
            "找不到适用{zh}的案卷",
            "no record was found to which {en} applies"
        ),
        Code::LintNeverViolated => text!(
            "找不到违反{zh}的案卷",
            "no record was found that violates {en}"
        ),
        Code::LintNeverSatisfied => text!(
            "找不到符合{zh}的案卷",
            "no record was found that satisfies {en}"
        ),
        _ => text!(
            "违反{zh}的总是留待人工判断",
            "a breach of {en} is always left to a person"
        ),
    };
    let diagnostic = Diagnostic::new(code, message).at(obligation.at.clone());
    if code == Code::LintAlwaysJudged {
        return diagnostic;
    }
    diagnostic.help(Text::new(
        "改正条件；确有这样的案卷的，写成 tests.yaml 中的一项测试",
        "correct its conditions; if there is such a record, write it as a test in tests.yaml",
    ))
}

/// One note for the obligations that tests could violate but do not.
fn untested_by(
    set: &RuleSet,
    evidence: Option<&Trial>,
    untested: &[&Obligation],
) -> Option<Diagnostic> {
    if untested.is_empty() {
        return None;
    }
    let (n, all, id) = (untested.len(), set.all_obligations().count(), &set.id);
    let has_tests = evidence.is_some_and(|trial| trial.file.is_some());
    let message = if has_tests {
        text!(
            "`{id}` 的 {all} 项义务中，有 {n} 项没有测试违反它",
            "{n} of the {all} obligations of `{id}` are violated by no test"
        )
    } else {
        text!(
            "`{id}` 没有可以运行的 {FILE}",
            "`{id}` has no {FILE} that can be run"
        )
    };
    let mut note = Diagnostic::new(Code::LintUntested, message).at(set.at.clone());
    if has_tests {
        let ids: Vec<&str> = untested.iter().map(|one| one.id.0.as_str()).collect();
        note = note.why(Text::same(ids.join(", ")));
    }
    Some(note.help(text!("见 `choucha test {id}`", "see `choucha test {id}`")))
}
