//! Script function that declares an obligation.

use rhai::{Dynamic, Map};

use super::fields::Fields;
use super::host::{Call, Host, clip};
use super::terms::{Due, Handle, Judged, Pieces};
use choucha_core::diagnostic::{Code, nearest};
use choucha_core::lang::Text;
use choucha_core::obligation::{Obligation, Reading, Requirement, Severity};
use choucha_core::text;

pub(super) const KEYS: &[&str] = &[
    "title",
    "title_en",
    "scope",
    "bearer",
    "cite",
    "severity",
    "when",
    "after",
    "triggers",
    "unless",
    "remedies",
    "excuses",
    "follows",
    "lapses",
    "counts_otherwise",
    "must",
    "must_not",
    "review",
    "refines",
    "responsible",
    "note",
    "note_en",
];

impl Host {
    /// Declares an obligation.
    pub(super) fn obligation(&self, call: &Call, id: &str, map: Map) {
        let at = self.declared(call, id);
        let id = self.take_id(call, id, &at);
        let mut fields = Fields::new(self, call, "obligation", map, KEYS);
        let title = fields.title();
        let scope = self.scope(&mut fields);
        let bearer = self.bearer(&mut fields);
        let citations = fields.citations();
        let severity = self.severity(&mut fields);
        let when = fields.condition("when");
        let (after, triggers, unless) = (
            fields.links("after"),
            fields.links("triggers"),
            fields.links("unless"),
        );
        let excuses_given = fields.flag("excuses");
        let remedies = fields.link("remedies");
        if excuses_given && remedies.is_none() {
            let message = Text::new(
                "写了 `excuses` 而没有写 `remedies`",
                "`excuses` is given without `remedies`",
            );
            let why = Text::new(
                "免除的是 `remedies` 所补救的义务",
                "what it excuses is the duty that `remedies` names",
            );
            let diagnostic = fields
                .at_key("excuses", Code::RulesMissingKey, message)
                .why(why);
            fields.report(diagnostic);
        }
        let follows = fields.links("follows");
        let lapses = fields.flag("lapses");
        let requirement = self.demand(&mut fields);
        let timed = |requirement: &Requirement| match requirement {
            Requirement::Deadline(_) => true,
            Requirement::Parts(parts) => parts
                .iter()
                .all(|part| matches!(part.requirement, Requirement::Deadline(_))),
            Requirement::Must(_) | Requirement::MustNot(_) => false,
        };
        if lapses
            && requirement
                .as_ref()
                .is_some_and(|requirement| !timed(requirement))
        {
            let message = Text::new(
                "写了 `lapses`，而要求不是一个期限",
                "`lapses` is given, but the requirement is not a deadline",
            );
            let why = Text::new(
                "逾期即丧失的权利须有行使的期限",
                "a right that lapses has a time in which to use it",
            );
            let diagnostic = fields
                .at_key("lapses", Code::RulesDeadline, message)
                .why(why);
            fields.report(diagnostic);
        }
        let review = self.review(&mut fields);
        let responsible = fields.parties("responsible");
        let refines = fields.link("refines");
        let counts_otherwise = fields.flag("counts_otherwise");
        let note = self.note(&mut fields);
        if fields.is_broken() {
            return;
        }
        if let (Some(id), Some(scope), Some(bearer), Some(requirement)) =
            (id, scope, bearer, requirement)
        {
            let ruleset = self.own_id();
            let obligation = Obligation {
                id,
                ruleset,
                scope,
                title,
                bearer,
                citations,
                // Filled in once all rule sets are loaded.
                higher_citations: Vec::new(),
                severity,
                when,
                requirement,
                after,
                triggers,
                unless,
                remedies,
                excuses: excuses_given,
                follows,
                lapses,
                counts_otherwise,
                review,
                responsible,
                note,
                refines,
                at,
            };
            if let Some(problem) = self.out_of_scope(call, &obligation) {
                self.report(problem);
                return;
            }
            self.draft.borrow_mut().obligations.push(obligation);
        }
    }

    fn bearer(&self, fields: &mut Fields<'_>) -> Option<String> {
        let code = fields.text("bearer");
        let roles = self.vocabulary().roles();
        if code.is_empty() || roles.iter().any(|role| role.code == code) {
            return Some(code).filter(|code| !code.is_empty());
        }
        let shown = clip(&code);
        let message = text!(
            "数据字典中没有角色 `{shown}`",
            "the vocabulary has no role `{shown}`"
        );
        let codes = || roles.iter().map(|role| role.code.as_str());
        let by_label = roles
            .iter()
            .find(|role| role.label.zh == code || role.label.en == code);
        let help = match by_label
            .map(|role| role.code.as_str())
            .or_else(|| nearest(&code, codes()))
        {
            Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
            None => {
                let all = codes().collect::<Vec<_>>().join(", ");
                text!("可用的角色：{all}", "the roles: {all}")
            }
        };
        let diagnostic = fields
            .at_key("bearer", Code::RulesUnknownRole, message)
            .help(help);
        fields.report(diagnostic);
        None
    }

    fn severity(&self, fields: &mut Fields<'_>) -> Severity {
        let Some(code) = fields.optional_text("severity") else {
            return Severity::Major;
        };
        Severity::of_code(&code).unwrap_or_else(|| {
            let shown = clip(&code);
            let message = text!("没有严重程度 `{shown}`", "there is no severity `{shown}`");
            let codes = Severity::ALL.map(Severity::code);
            let help = match nearest(&code, codes) {
                Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                None => Text::same(codes.join(" / ")),
            };
            let diagnostic = fields
                .at_key("severity", Code::RulesUnknownSeverity, message)
                .help(help);
            fields.report(diagnostic);
            Severity::Major
        })
    }

    fn demand(&self, fields: &mut Fields<'_>) -> Option<Requirement> {
        match (fields.take("must"), fields.take("must_not")) {
            (Some(_), Some(_)) => {
                let message = Text::new(
                    "同一义务既写了 `must` 又写了 `must_not`",
                    "the obligation has both `must` and `must_not`",
                );
                let help = Text::new(
                    "分成两项义务，或者合成一个条件",
                    "make two obligations of it, or one condition",
                );
                let diagnostic = fields
                    .at_key("must_not", Code::RulesMustAndMustNot, message)
                    .help(help);
                fields.report(diagnostic);
                None
            }
            (Some(must), None) => {
                let requirement = self.requirement(&fields.call_at("must"), &must, true);
                if requirement.is_none() {
                    fields.mark_broken();
                }
                requirement
            }
            (None, Some(must_not)) => self.prohibition(fields, &must_not),
            (None, None) => {
                let message = Text::new(
                    "obligation 既没有 `must` 也没有 `must_not`",
                    "the obligation has neither `must` nor `must_not`",
                );
                let diagnostic = fields.call.diagnostic(Code::RulesMissingKey, message);
                fields.report(diagnostic);
                None
            }
        }
    }

    fn prohibition(&self, fields: &mut Fields<'_>, must_not: &Dynamic) -> Option<Requirement> {
        if must_not.is::<Due>() || must_not.is::<Pieces>() {
            let message = Text::new(
                "`must_not` 只能是条件，不能是期限或者各部分",
                "`must_not` takes a condition, no deadline or parts",
            );
            let diagnostic = fields.at_key("must_not", Code::RulesWrongValue, message);
            fields.report(diagnostic);
            return None;
        }
        let condition = self.closed_condition(&fields.call_at("must_not"), must_not);
        if condition.is_none() {
            fields.mark_broken();
        }
        condition.map(Requirement::MustNot)
    }

    fn review(&self, fields: &mut Fields<'_>) -> Vec<Reading> {
        let wanted = Text::new("reading(…) 的列表", "a list of reading(…)");
        let readings: Vec<Judged> = fields.list("review", &wanted);
        if readings.iter().any(Handle::is_broken) {
            fields.mark_broken();
        }
        readings
            .iter()
            .filter_map(|reading| reading.get().cloned())
            .collect()
    }

    fn note(&self, fields: &mut Fields<'_>) -> Text {
        let (zh, en) = (
            fields.optional_text("note"),
            fields.optional_text("note_en"),
        );
        match (zh, en) {
            (Some(zh), Some(en)) => Text::new(zh, en),
            (None, None) => Text::default(),
            (zh, _) => {
                if !fields.is_broken() {
                    let (given, lacking) = if zh.is_some() {
                        ("note", "note_en")
                    } else {
                        ("note_en", "note")
                    };
                    let message = text!(
                        "有 `{given}` 而缺少 `{lacking}`",
                        "`{given}` is given without `{lacking}`"
                    );
                    let diagnostic = fields.at_key(given, Code::RulesMissingKey, message);
                    fields.report(diagnostic);
                }
                Text::default()
            }
        }
    }
}
