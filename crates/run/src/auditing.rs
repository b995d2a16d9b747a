//! Audits records one after another: chooses the rule set for each, and audits it.
//!
//! Invariants: a rule set is prepared once, when the first record needs it; several threads may share one [`Auditing`].

use std::collections::HashMap;
use std::sync::OnceLock;

use choucha_core::audit::{Auditor, CaseAudit, Detail, Options};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::record::{Record, Settled};
use choucha_core::selection::{Choice, Selector};
use choucha_core::text;
use choucha_core::value::Value;
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::batch::Earlier;

use crate::engine::Engine;

/// The rule set a record names, if it names one.
#[must_use]
pub fn rule_set_named<'r>(record: &'r Record, vocabulary: &Vocabulary) -> Option<&'r str> {
    match record.get(vocabulary.reserved().ruleset) {
        Value::Text(id) if !id.trim().is_empty() => Some(id.trim()),
        _ => None,
    }
}

/// Audits records on any number of threads, preparing each rule set once.
pub struct Auditing<'e> {
    engine: &'e Engine,
    /// The requested rule set, whatever the records say.
    ruleset: Option<&'e RuleSet>,
    options: Options,
    selector: Selector<'e>,
    /// The available rule sets, each prepared on first use; or the errors in its graph.
    auditors: HashMap<&'e RuleSetId, OnceLock<Result<Auditor, Vec<Diagnostic>>>>,
}

impl<'e> Auditing<'e> {
    /// Creates an audit by these rules; `ruleset` is the requested one, whatever the records say.
    #[must_use]
    pub fn new(engine: &'e Engine, ruleset: Option<&'e RuleSet>, options: Options) -> Self {
        let sets = engine.rulebook().rule_sets.iter();
        Auditing {
            engine,
            ruleset,
            options,
            selector: engine.selector(),
            auditors: sets.map(|set| (&set.id, OnceLock::new())).collect(),
        }
    }

    /// The rules it audits by.
    pub(crate) fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The data dictionary used to read the records.
    pub(crate) fn vocabulary(&self) -> &'e Vocabulary {
        self.engine.vocabulary()
    }

    /// The requested rule set, whatever the records say.
    pub(crate) fn asked(&self) -> Option<&'e RuleSet> {
        self.ruleset
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Audits a record under the requested rule set, else the one it names, else the only one that fits.
    ///
    /// # Errors
    /// No rule set fits the record, or several do, or it names one that does not exist.
    pub fn audit(&self, record: &Record) -> Result<CaseAudit, Vec<Diagnostic>> {
        let audited = self.audit_with(record, Detail::Findings, |_, _, _| ());
        audited.map(|(audit, ())| audit)
    }

    /// Like [`Auditing::audit`], with the given detail; also returns what `beside` computes from the settled and judged
    /// record.
    pub(crate) fn audit_with<T>(
        &self,
        record: &Record,
        detail: Detail,
        more: impl FnOnce(&Auditor, &Settled, &CaseAudit) -> T,
    ) -> Result<(CaseAudit, T), Vec<Diagnostic>> {
        let (set, because) = self.rule_set_of(record)?;
        self.with_auditor(set, |auditor| {
            let settled = auditor.settle(record, &self.options);
            let mut audit = auditor.audit_settled(record, &settled, &self.options, detail);
            audit.ruleset_chosen_because = because;
            let other_organiser = self.selector.other_organiser(set, record);
            audit.diagnostics.extend(other_organiser);
            let more = more(auditor, &settled, &audit);
            (audit, more)
        })
    }

    fn with_auditor<T>(
        &self,
        set: &RuleSet,
        work: impl FnOnce(&Auditor) -> T,
    ) -> Result<T, Vec<Diagnostic>> {
        let prepare = || self.engine.auditor(set);
        let own;
        let auditor = match self.auditors.get(&set.id) {
            Some(auditor) => auditor.get_or_init(prepare),
            None => {
                own = prepare();
                &own
            }
        };
        match auditor {
            Ok(auditor) => Ok(work(auditor)),
            Err(problems) => Err(problems.clone()),
        }
    }

    /// The case number of a record.
    pub(crate) fn number<'r>(&self, record: &'r Record) -> Option<&'r str> {
        match record.get(self.vocabulary().reserved().number) {
            Value::Text(number) => Some(number.trim()),
            _ => None,
        }
    }

    /// The diagnostic that an earlier dossier has the same case number: a different one, or the same again.
    pub(crate) fn same_number(&self, record: &Record, first: &Earlier) -> Diagnostic {
        let number = self.number(record).unwrap_or_default();
        let place = &first.place;
        let problem = if first.is_same {
            let message = text!(
                "本案卷 `{number}` 与 `{place}` 的内容相同，只计一次",
                "the dossier `{number}` is that of `{place}` given again: it counts once"
            );
            Diagnostic::new(Code::RecordSameDossier, message)
        } else {
            let message = text!(
                "案卷编号 `{number}` 与 `{place}` 的相同",
                "the case number `{number}` is that of `{place}` too"
            );
            Diagnostic::new(Code::RecordSameNumber, message).help(Text::new(
                "内容不同：请核对编号是否有误，或者哪一份是最后的记录",
                "they differ: see whether a number is wrong, or which record is the last",
            ))
        };
        match record.origins(self.vocabulary()).value("case.number") {
            Some(span) => problem.at(span),
            None => problem.about(record.source().title()),
        }
    }

    /// The rule set for a record, and the reason if neither the record nor the caller names it.
    ///
    /// # Errors
    /// As [`Auditing::audit`].
    pub fn rule_set_of(
        &self,
        record: &Record,
    ) -> Result<(&'e RuleSet, Option<Text>), Vec<Diagnostic>> {
        if let Some(set) = self.ruleset {
            return Ok((set, None));
        }
        let vocabulary = self.engine.vocabulary();
        let Some(name) = rule_set_named(record, vocabulary) else {
            return self.chosen(record);
        };
        let place = || record.origins(vocabulary).value("case.ruleset");
        let set = self.engine.rule_set(name).map_err(|problem| {
            vec![match place() {
                Some(span) => problem.at(span),
                None => problem.about(record.source().title()),
            }]
        })?;
        Ok((set, None))
    }

    fn chosen(&self, record: &Record) -> Result<(&'e RuleSet, Option<Text>), Vec<Diagnostic>> {
        let name = record.source().title();
        if !self.selector.has_campaigns() {
            return Err(vec![self.no_rule_set(&name)]);
        }
        let choice = self.selector.choose(record);
        match (choice.problem(&self.selector), choice) {
            (None, Choice::One { set, because }) => Ok((set, Some(because))),
            (problem, _) => Err(problem
                .into_iter()
                .map(|problem| problem.about(&*name))
                .collect()),
        }
    }

    fn no_rule_set(&self, name: &str) -> Diagnostic {
        let sets = &self.engine.rulebook().rule_sets;
        let ids: Vec<&str> = sets.iter().map(|set| set.id.0.as_str()).collect();
        let (zh, en) = (ids.join("、"), ids.join(", "));
        let message = Text::new("案卷没有写明适用的规则集", "the record names no rule set");
        Diagnostic::new(Code::RecordNoRuleSet, message)
            .about(name)
            .help(text!(
                "在案卷中填写“适用规则集”（case.ruleset），或者用 --ruleset 指定；现有：{zh}",
                "write `case.ruleset` in the record, or use --ruleset; there are: {en}"
            ))
    }
}
