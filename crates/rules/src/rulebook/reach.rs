//! The scope of an obligation, and the check that it reads nothing outside it.

use super::fields::Fields;
use super::host::{Call, Host, clip};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::obligation::{Obligation, Scope};
use choucha_core::text;

impl Host {
    /// The scope of an obligation; by default, each case by itself.
    pub(super) fn scope(&self, fields: &mut Fields<'_>) -> Option<Scope> {
        let Some(written) = fields.optional_text("scope") else {
            return Some(Scope::Case);
        };
        match written.as_str() {
            "case" => return Some(Scope::Case),
            "campaign" => return Some(Scope::Campaign),
            _ => {}
        }
        let keys = self
            .vocabulary()
            .across()
            .map_or(&[][..], |across| &across.keys);
        let mut by = Vec::new();
        for code in written.split('+').map(str::trim) {
            let Some(at) = keys.iter().position(|key| key.code == code) else {
                self.unknown_scope(fields, code);
                return None;
            };
            by.push(at);
        }
        by.sort_unstable();
        by.dedup();
        let codes = by.iter().filter_map(|at| keys.get(*at));
        Some(Scope::Gathered(codes.map(|key| key.code.clone()).collect()))
    }

    fn unknown_scope(&self, fields: &mut Fields<'_>, code: &str) {
        let across = self.vocabulary().across();
        let keys = across.map_or(&[][..], |across| &across.keys);
        let codes = || {
            ["case", "campaign"]
                .into_iter()
                .chain(keys.iter().map(|key| key.code.as_str()))
        };
        let shown = clip(code);
        let message = text!("没有审查范围 `{shown}`", "there is no scope `{shown}`");
        let help = match nearest(code, codes()) {
            Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
            None => {
                let all = codes().collect::<Vec<_>>().join(", ");
                text!(
                    "可用的范围：{all}；同时按几项归集的，以 + 连接",
                    "the scopes: {all}; joined by + where cases are gathered by several"
                )
            }
        };
        let diagnostic = fields.at_key("scope", Code::RulesScope, message).help(help);
        fields.report(diagnostic);
    }

    /// The diagnostic for an obligation on cases that reads a fact of whole campaigns, or one across cases that reads a
    /// fact of a case.
    pub(super) fn out_of_scope(&self, call: &Call, obligation: &Obligation) -> Option<Diagnostic> {
        let of_case = obligation.scope == Scope::Case;
        let vocabulary = self.vocabulary();
        let expressions = obligation.expressions();
        let all = expressions.into_iter().chain(&obligation.responsible);
        let (expr, fact) = all
            .flat_map(|expr| {
                expr.facts()
                    .into_iter()
                    .map(move |fact| (expr, vocabulary.fact(fact)))
            })
            .find(|(_, fact)| fact.is_across() == of_case && fact.path != "complete")?;
        let (path, id) = (&fact.path, &obligation.id);
        let (message, help) = if of_case {
            (
                text!(
                    "逐案审查的义务 `{id}` 不能读取整批抽查的事实 `{path}`",
                    "`{id}` is judged on each case and cannot read `{path}`, a fact of whole campaigns"
                ),
                Text::new(
                    "写明 `scope`（如 \"campaign\"、\"respondent\"），或者改用案卷自身的事实",
                    "give it a `scope` (as \"campaign\", \"respondent\"), or read a fact of the case",
                ),
            )
        } else {
            (
                text!(
                    "义务 `{id}` 不是逐案审查的，不能读取单个案卷的事实 `{path}`",
                    "`{id}` is not judged on each case and cannot read `{path}`, a fact of one case"
                ),
                Text::new(
                    "各案的事实在 `cases` 的各行中读取",
                    "the facts of the cases are read in the rows of `cases`",
                ),
            )
        };
        let at = expr.at().cloned().unwrap_or_else(|| obligation.at.clone());
        Some(call.diagnostic_at(Code::RulesScope, message, at).help(help))
    }
}
