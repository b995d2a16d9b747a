//! The list of clauses that cannot be audited: `rules/<rule set>/not-auditable.yaml`.

use std::sync::Arc;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Encoding;
use crate::rulebook::RuleFolder;
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::instrument::{ClauseId, Instrument, Selector, not_a_selector, span_at, yaml};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSetId;
use choucha_core::source::{Source, Span};
use choucha_core::text;

choucha_core::coded! {
    /// Why a clause is not audited on a case.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Reason {
        /// It concerns a campaign as a whole, or the same party across its cases.
        Campaign = "campaign", "整批抽查的事项", "of the whole campaign";
        /// It is a row of the plan, against which the campaign as a whole is audited.
        Plan = "plan", "抽查计划表", "plan of the campaign";
        /// It exhorts, or states grounds or aims.
        Policy = "policy", "政策性表述", "policy";
        /// It defines words or the scope of the instrument.
        Definition = "definition", "定义和适用范围", "definition or scope";
        /// It assigns competences.
        Competence = "competence", "职权划分", "competence";
        /// It permits something; a permission cannot be breached.
        Permission = "permission", "授权性规定", "permission";
        /// It states a legal effect of an act or of its omission, and demands nothing.
        Effect = "effect", "法律后果", "legal effect";
        /// It governs another procedure, which has its own record.
        OtherProcedure = "other_procedure", "另一程序的事项", "another procedure";
        /// It introduces the items that follow, or repeats another sentence; the items or that sentence are encoded.
        Elsewhere = "elsewhere", "由相关条款回应", "answered for elsewhere";
    }
}

/// An entry of the list.
pub(super) struct Answer {
    pub(super) clauses: Selector,
    pub(super) kind: Reason,
    pub(super) reason: Text,
}

/// The contents of the list.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) list: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clauses: Vec<Fields>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    clause: OneOrMore,
    kind: Spanned<String>,
    reason: Spanned<String>,
    reason_en: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Answers {
    /// The list of a rule set, and the errors in it; empty if the rule set has none.
    pub(super) fn read(rules: &RuleFolder, set: &RuleSetId) -> (Answers, Vec<Diagnostic>) {
        let path = format!("{set}/not-auditable.yaml");
        if !rules.contains(&path) {
            return (Answers::default(), Vec::new());
        }
        match rules.source(&path) {
            Ok((source, _)) => Answers::parse(&source),
            Err(problem) => (Answers::default(), vec![problem]),
        }
    }

    fn parse(source: &Arc<Source>) -> (Answers, Vec<Diagnostic>) {
        let file: File = match yaml(source, Code::CoverageInvalid) {
            Ok(file) => file,
            Err(problems) => return (Answers::default(), problems),
        };
        let mut answers = Answers::default();
        let mut problems = Vec::new();
        for fields in file.clauses {
            let at = span_at(source, fields.kind.referenced);
            let code = fields.kind.value.as_str();
            let Some(kind) = Reason::of_code(code) else {
                let codes = Reason::ALL.map(Reason::code);
                let message = text!(
                    "没有 `{code}` 这种理由",
                    "there is no kind of reason `{code}`"
                );
                let help = match nearest(code, codes) {
                    Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                    None => Text::same(codes.join(", ")),
                };
                problems.push(wrong(at, message).help(help));
                continue;
            };
            for (text, name) in [(&fields.reason, "reason"), (&fields.reason_en, "reason_en")] {
                if text.value.trim().is_empty() {
                    let at = span_at(source, text.referenced);
                    problems.push(wrong(at, text!("没有写 `{name}`", "`{name}` is empty")));
                }
            }
            let selectors = match fields.clause {
                OneOrMore::One(selector) => vec![selector],
                OneOrMore::More(selectors) => selectors,
            };
            for selector in selectors {
                match Selector::parse(&selector, at.clone()) {
                    Some(clauses) => answers.list.push(Answer {
                        clauses,
                        kind,
                        reason: Text::new(
                            fields.reason.value.trim(),
                            fields.reason_en.value.trim(),
                        ),
                    }),
                    None => {
                        let at = at.clone();
                        problems.push(not_a_selector(&selector, at, Code::CoverageInvalid));
                    }
                }
            }
        }
        (answers, problems)
    }
}

fn wrong(at: Span, message: Text) -> Diagnostic {
    Diagnostic::new(Code::CoverageInvalid, message).at(at)
}

/// The diagnostic for a clause listed in two entries.
pub(super) fn twice(id: &ClauseId, first: &Answer, second: &Answer) -> Diagnostic {
    wrong(
        second.clauses.at.clone(),
        text!("条款 `{id}` 列了两次", "the clause `{id}` is listed twice"),
    )
    .label(
        first.clauses.at.clone(),
        Text::new("已列在此处", "listed here first"),
    )
}

/// The diagnostic for an entry that matches no clause of the instrument.
pub(super) fn no_such(answer: &Answer, instrument: &Instrument) -> Diagnostic {
    let number = &instrument.number;
    wrong(
        answer.clauses.at.clone(),
        text!(
            "`{number}` 没有所列的条款",
            "`{number}` has no such clause as is listed"
        ),
    )
}

/// The diagnostic for a clause that is listed although it is encoded.
pub(super) fn needless(id: &ClauseId, answer: &Answer, encodings: &[Encoding]) -> Diagnostic {
    let message = text!(
        "条款 `{id}` 已经编码，不必列为不可审查",
        "the clause `{id}` is encoded and need not be listed as not auditable"
    );
    let mut diagnostic =
        Diagnostic::new(Code::CoverageNeedless, message).at(answer.clauses.at.clone());
    if let Some(first) = encodings.first() {
        let by = &first.id;
        diagnostic = diagnostic.label(
            first.at.clone(),
            text!("由 `{by}` 编码", "encoded by `{by}`"),
        );
    }
    diagnostic
}
