//! The engine for the command: loads rules, vocabulary and calendar together, and reads dossiers.

use std::io::Read;
use std::path::Path;

use choucha_core::diagnostic::{Diagnostic, nearest};
use choucha_core::obligation::{Id, RuleSet};
use choucha_core::text;
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::batch;
use choucha_intake::ingest::{self, Decoded};
use choucha_intake::table::Columns;
use choucha_report::json;
use choucha_report::rules::Duty;
use choucha_rules::rulebook::RuleFolder;
use choucha_run::engine::Engine;
use choucha_run::{auditing, run};

/// The loaded rules, and lookups for the command.
pub(super) struct Rules {
    engine: Engine,
    folder: RuleFolder,
}

impl Rules {
    /// Loads the rules of a folder, or the program's own.
    pub(super) fn load(folder: Option<&Path>) -> Result<Rules, Vec<Diagnostic>> {
        Rules::of(&opened(folder)?)
    }

    /// Loads the rules of an open folder.
    pub(super) fn of(folder: &RuleFolder) -> Result<Rules, Vec<Diagnostic>> {
        let engine = Engine::load(folder)?;
        let folder = folder.clone();
        Ok(Rules { engine, folder })
    }

    /// Loads the rules of an open folder without proving their quotes.
    pub(super) fn unproven(folder: &RuleFolder) -> Result<Rules, Vec<Diagnostic>> {
        let engine = Engine::load_unproven(folder, &folder.rule_sets())?;
        let folder = folder.clone();
        Ok(Rules { engine, folder })
    }

    /// Loads what an audit needs: only the requested rule set or, for a single dossier, the one it names;
    /// else all. Also returns the dossier it read.
    pub(super) fn load_for(
        folder: Option<&Path>,
        asked: Option<&str>,
        dossier: Option<&Path>,
    ) -> Result<(Rules, Option<Decoded>), Vec<Diagnostic>> {
        let folder = opened(folder)?;
        let all = folder.rule_sets();
        let only = |id: &str| all.iter().find(|known| known.0 == id).cloned();
        let mut read = None;
        let engine = Engine::load_chosen(&folder, |vocabulary| {
            let dossier = dossier.map(|path| &*read.insert(read_file(path, vocabulary)));
            // The cases of a campaign may use rule sets that its record does not name.
            let case = dossier.filter(|read| !run::is_campaign(read, vocabulary));
            let record = case.and_then(|read| read.record.as_ref());
            let named = || auditing::rule_set_named(record?, vocabulary);
            let id = asked.or_else(named).and_then(only);
            id.map_or_else(|| all.clone(), |id| vec![id])
        })?;
        Ok((Rules { engine, folder }, read))
    }

    /// The folder the rules come from.
    pub(super) fn folder(&self) -> &RuleFolder {
        &self.folder
    }

    /// Reads a dossier; `-` is standard input.
    pub(super) fn read(&self, path: &Path, input: &mut dyn Read) -> Decoded {
        let vocabulary = self.vocabulary();
        if path.as_os_str() != "-" {
            return read_file(path, vocabulary);
        }
        let mut bytes = Vec::new();
        // One byte more than allowed, so that excess is noticed.
        let limit =
            u64::try_from(ingest::MAX_BYTES).map_or(u64::MAX, |most| most.saturating_add(1));
        match input.take(limit).read_to_end(&mut bytes) {
            Ok(_) => ingest::read("-", bytes, None, vocabulary),
            Err(error) => Decoded {
                record: None,
                diagnostics: vec![choucha_core::diagnostic::system::unreadable(path, &error)],
            },
        }
    }

    /// The program, rules and calendar in use.
    pub(super) fn identity(&self) -> json::Engine {
        json::Engine {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules_digest: self.engine.rulebook().digest.clone(),
            calendar_digest: self.engine.calendar().digest().to_owned(),
        }
    }

    /// The requested rule set, if any.
    pub(super) fn asked(&self, id: Option<&str>) -> Result<Option<&RuleSet>, Vec<Diagnostic>> {
        id.map(|id| self.rule_set(id)).transpose()
    }

    /// The column mapping for all tables, if one is given.
    pub(super) fn columns(&self, path: Option<&Path>) -> Result<Option<Columns>, Vec<Diagnostic>> {
        path.map(|path| batch::columns_at(path, self.vocabulary()))
            .transpose()
    }

    /// Warnings and notes of the load.
    pub(super) fn notes(&self) -> &[Diagnostic] {
        self.engine.notes()
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        self.engine.vocabulary()
    }

    /// Every rule set, by id.
    pub(super) fn rule_sets(&self) -> &[RuleSet] {
        &self.engine.rulebook().rule_sets
    }

    /// The rule set with an id or title, or a diagnostic for the name.
    pub(super) fn rule_set(&self, name: &str) -> Result<&RuleSet, Vec<Diagnostic>> {
        self.engine.rule_set(name).map_err(|problem| vec![problem])
    }

    /// The rule sets with these ids, or all if there are none; or diagnostics for every unknown id.
    pub(super) fn chosen(&self, ids: &[String]) -> Result<Vec<&RuleSet>, Vec<Diagnostic>> {
        let mut sets: Vec<&RuleSet> = Vec::new();
        let mut problems = Vec::new();
        for id in ids {
            match self.rule_set(id) {
                Ok(set) if sets.iter().any(|known| known.id == set.id) => {}
                Ok(set) => sets.push(set),
                Err(mut wrong) => problems.append(&mut wrong),
            }
        }
        match (problems.is_empty(), ids.is_empty()) {
            (false, _) => Err(problems),
            (true, true) => Ok(self.rule_sets().iter().collect()),
            (true, false) => Ok(sets),
        }
    }

    /// Adds the obligation or rule set most likely meant, and where to find the names.
    pub(super) fn suggest_duty(&self, problem: Diagnostic, name: &str) -> Diagnostic {
        let obligations = self.rule_sets().iter().flat_map(RuleSet::all_obligations);
        match nearest(name, obligations.map(|node| node.id.0.as_str())) {
            Some(duty) => problem.help(text!("是否应为 `{duty}`？", "did you mean `{duty}`?")),
            None => self.engine.suggest(problem, name),
        }
    }

    /// The obligations that a rule set itself declares, in words.
    pub(super) fn duties(&self, set: &RuleSet) -> Vec<Duty> {
        let layers = self.engine.layers(set);
        set.all_obligations()
            .map(|obligation| Duty::of(obligation, self.vocabulary(), &layers))
            .collect()
    }

    /// An obligation from every rule set that declares it.
    pub(super) fn find(&self, id: &Id) -> Vec<Duty> {
        self.rule_sets()
            .iter()
            .flat_map(|set| {
                let layers = self.engine.layers(set);
                set.all_obligations()
                    .filter(|obligation| &obligation.id == id)
                    .map(move |obligation| Duty::of(obligation, self.vocabulary(), &layers))
            })
            .collect()
    }
}

fn opened(folder: Option<&Path>) -> Result<RuleFolder, Vec<Diagnostic>> {
    folder.map_or_else(|| Ok(RuleFolder::embedded()), RuleFolder::open)
}

fn read_file(path: &Path, vocabulary: &Vocabulary) -> Decoded {
    match std::fs::metadata(path) {
        Ok(_) => ingest::read_path(path, vocabulary),
        Err(error) => Decoded {
            record: None,
            diagnostics: vec![choucha_core::diagnostic::system::unreadable(path, &error)],
        },
    }
}
