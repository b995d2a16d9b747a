//! Rules, vocabulary and calendar, loaded together: the starting point for everything else.
//!
//! ```
//! use choucha_run::engine::Engine;
//! use choucha_rules::rulebook::RuleFolder;
//!
//! let engine = Engine::load(&RuleFolder::embedded()).map_err(|problems| problems.len());
//! assert!(engine.is_ok());
//! ```

use std::sync::Arc;

use choucha_core::audit::{Auditor, CaseAudit, Options};
use choucha_core::compare;
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::effective::Effective;
use choucha_core::graph::Graph;
use choucha_core::lang::Text;
use choucha_core::obligation::{RuleSet, RuleSetId, Scope};
use choucha_core::period::Calendar;
use choucha_core::record::Record;
use choucha_core::selection::Selector;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_core::vocabulary::{self, Vocabulary};
use choucha_rules::rulebook::{self, RuleFolder, Rulebook};
use choucha_rules::texts;

use crate::auditing::Auditing;

/// The path of the calendar in a rules folder.
const CALENDAR: &str = "calendar/cn.yaml";

/// Rules, vocabulary and calendar.
#[derive(Debug)]
pub struct Engine {
    rulebook: Rulebook,
    calendar: Arc<Calendar>,
    notes: Vec<Diagnostic>,
}

impl Engine {
    /// The rules that the program carries.
    ///
    /// # Errors
    /// None in a program that was built: its rules were loaded during the build.
    pub fn embedded() -> Result<Engine, Vec<Diagnostic>> {
        Engine::load(&RuleFolder::embedded())
    }

    /// Audits one record under the rule set it names, else the only one that fits. For many records use [`Auditing`],
    /// which prepares each rule set once.
    ///
    /// # Errors
    /// No rule set fits the record, or several do.
    pub fn audit(&self, record: &Record, options: Options) -> Result<CaseAudit, Vec<Diagnostic>> {
        Auditing::new(self, None, options).audit(record)
    }

    /// Loads every rule set of a rules folder.
    ///
    /// # Errors
    /// All errors in the vocabulary; if there are none, in the calendar and the rules; if there are none, in the quotes
    /// of rules other than the program's own.
    pub fn load(folder: &RuleFolder) -> Result<Engine, Vec<Diagnostic>> {
        Engine::load_only(folder, &folder.rule_sets())
    }

    /// Loads the requested rule sets and those they include.
    ///
    /// # Errors
    /// As [`Engine::load`]; an unknown id is a diagnostic too.
    pub fn load_only(folder: &RuleFolder, ids: &[RuleSetId]) -> Result<Engine, Vec<Diagnostic>> {
        Engine::load_unproven(folder, ids)?.proven(folder)
    }

    /// The engine itself, if the locks contain the quotes of its rules.
    fn proven(mut self, folder: &RuleFolder) -> Result<Engine, Vec<Diagnostic>> {
        // A test checks the quotes of the program's own rules (see `texts`), and that they relax nothing.
        if folder.is_embedded() {
            return Ok(self);
        }
        let problems = texts::verify_against_locks(&self.rulebook, folder);
        if !problems.is_empty() {
            return Err(problems);
        }
        let relaxed = self.relaxations().into_iter();
        self.notes
            .extend(relaxed.filter(|found| found.level == Level::Warning));
        Ok(self)
    }

    /// Warnings and notes on what the loaded rule sets relax of those they include, or cannot be shown not to relax.
    /// The higher duties stay in force.
    #[must_use]
    pub fn relaxations(&self) -> Vec<Diagnostic> {
        let sets = self.rulebook.rule_sets.iter();
        sets.flat_map(|set| compare::relaxations(&self.layers(set), self.vocabulary()))
            .collect()
    }

    /// Loads rule sets without checking their quotes: for writing the locks that prove them.
    ///
    /// # Errors
    /// As [`Engine::load_only`], except for quotes.
    pub fn load_unproven(
        folder: &RuleFolder,
        ids: &[RuleSetId],
    ) -> Result<Engine, Vec<Diagnostic>> {
        Engine::load_with(folder, |_| ids.to_vec())
    }

    /// Loads the rule sets that `choose` returns once the vocabulary is available to read a record with, and those they
    /// include: one case need not wait for the rules of others.
    ///
    /// # Errors
    /// As [`Engine::load_only`].
    pub fn load_chosen(
        folder: &RuleFolder,
        choose: impl FnOnce(&Vocabulary) -> Vec<RuleSetId>,
    ) -> Result<Engine, Vec<Diagnostic>> {
        Engine::load_with(folder, choose)?.proven(folder)
    }

    fn load_with(
        folder: &RuleFolder,
        choose: impl FnOnce(&Vocabulary) -> Vec<RuleSetId>,
    ) -> Result<Engine, Vec<Diagnostic>> {
        let vocabulary = Arc::new(vocabulary::load(&folder.vocabulary()?)?);
        let ids = choose(&vocabulary);
        let rulebook = match choucha_embedded::rulebook(folder, &vocabulary, &ids) {
            Ok(Some(rulebook)) => Ok(rulebook),
            Ok(None) => rulebook::load_only(folder, &vocabulary, &ids),
            Err(problems) => Err(problems),
        };
        let calendar = folder
            .source(CALENDAR)
            .map_err(|problem| vec![problem])
            .and_then(|(source, note)| Ok((Calendar::load(&source)?, note)));
        match (calendar, rulebook) {
            (Ok((calendar, note)), Ok(rulebook)) => Ok(Engine {
                notes: note
                    .into_iter()
                    .chain(rulebook.notes.iter().cloned())
                    .collect(),
                rulebook,
                calendar: Arc::new(calendar),
            }),
            (calendar, rulebook) => Err(calendar
                .err()
                .into_iter()
                .chain(rulebook.err())
                .flatten()
                .collect()),
        }
    }

    /// The data dictionary, shared.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.rulebook.vocabulary
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// The loaded rules.
    #[must_use]
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// Warnings and notes of the load.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// A rule set and those it includes, directly or through others; itself first, then the nearest.
    #[must_use]
    pub fn layers<'a>(&'a self, set: &'a RuleSet) -> Vec<&'a RuleSet> {
        self.rulebook.layers(set)
    }

    /// A selector over the loaded rule sets.
    #[must_use]
    pub fn selector(&self) -> Selector<'_> {
        let rules = &self.rulebook;
        Selector::new(&rules.rule_sets, &rules.instruments, &rules.vocabulary)
    }

    /// The rule set with this id or title.
    ///
    /// # Errors
    /// A diagnostic if there is none, with the one most likely meant.
    #[expect(
        clippy::result_large_err,
        reason = "a name is looked up once a run, and every caller keeps the diagnostic as it is"
    )]
    pub fn rule_set(&self, name: &str) -> Result<&RuleSet, Diagnostic> {
        if let Some(set) = self.rulebook.rule_set(name) {
            return Ok(set);
        }
        self.selector().named(name).ok_or_else(|| {
            let message = text!("没有规则集 `{name}`", "there is no rule set `{name}`");
            self.suggest(Diagnostic::new(Code::UsageUnknownName, message), name)
        })
    }

    /// Adds the rule set most likely meant by a name, or where the names are listed.
    #[must_use]
    pub fn suggest(&self, problem: Diagnostic, name: &str) -> Diagnostic {
        problem.help(match self.selector().nearest(name) {
            Some(set) => {
                let id = &set.id;
                let near = text!("`{id}`（{}）", "`{id}` ({})"; set.title);
                text!("是否应为 {}？", "did you mean {}?"; near)
            }
            None => Text::new(
                "全部规则集和义务见 `choucha rules`",
                "`choucha rules` lists every rule set and obligation",
            ),
        })
    }

    /// The duties in force on a day under a rule set and those it includes.
    #[must_use]
    pub fn effective<'a>(&'a self, set: &'a RuleSet, day: Day) -> Effective<'a> {
        let layers = self.layers(set);
        Effective::of(set, layers.get(1..).unwrap_or_default(), Some(day))
    }

    /// The graph of a rule set and those it includes, for one case.
    ///
    /// # Errors
    /// As [`Graph::build`].
    pub fn graph(&self, set: &RuleSet) -> Result<Graph, Vec<Diagnostic>> {
        Graph::build(set, self.layers(set).get(1..).unwrap_or_default())
    }

    /// The scopes of the obligations across cases in a rule set and those it includes.
    #[must_use]
    pub fn scopes_across(&self, set: &RuleSet) -> Vec<Scope> {
        let layers = self.layers(set).into_iter();
        let mut scopes: Vec<Scope> = layers.flat_map(RuleSet::scopes_across).cloned().collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// An auditor for what a rule set demands in one scope. All its rule sets are in force on every day: a record
    /// gathered from many cases has no day of its own.
    ///
    /// # Errors
    /// As [`Graph::build`].
    pub fn auditor_across(&self, set: &RuleSet, scope: &Scope) -> Result<Auditor, Vec<Diagnostic>> {
        let layers: Vec<RuleSet> = self
            .layers(set)
            .iter()
            .map(|set| set.within(scope))
            .collect();
        let (own, included) = layers
            .split_first()
            .map_or((set, &[][..]), |(own, rest)| (own, rest));
        let included: Vec<&RuleSet> = included.iter().collect();
        Ok(Auditor::new(
            Arc::clone(self.vocabulary()),
            Arc::clone(&self.calendar),
            Graph::build(own, &included)?,
            set.id.clone(),
            set.title.clone(),
        ))
    }

    /// An auditor for a rule set.
    ///
    /// # Errors
    /// As [`Graph::build`].
    pub fn auditor(&self, set: &RuleSet) -> Result<Auditor, Vec<Diagnostic>> {
        let auditor = self.undated_auditor(set)?;
        Ok(auditor.minding_dates(self.layers(set).into_iter()))
    }

    /// Like [`Engine::auditor`], with every rule set in force on every day: for finding out which outcomes are possible
    /// at all.
    ///
    /// # Errors
    /// As [`Graph::build`].
    pub fn undated_auditor(&self, set: &RuleSet) -> Result<Auditor, Vec<Diagnostic>> {
        Ok(Auditor::new(
            Arc::clone(self.vocabulary()),
            Arc::clone(&self.calendar),
            self.graph(set)?,
            set.id.clone(),
            set.title.clone(),
        ))
    }
}
