//! The engine as the command uses it: rules, vocabulary and calendar loaded together, dossiers read, cases audited.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use choucha_core::audit::{Auditor, CaseAudit, Detail, Options, Verdicts};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet, RuleSetId};
use choucha_core::record::{Record, Settled};
use choucha_core::selection::{Choice, Selector};
use choucha_core::text;
use choucha_core::value::Value;
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::batch;
use choucha_intake::ingest::{self, Decoded};
use choucha_intake::table::Columns;
use choucha_report::json;
use choucha_report::rules::Duty;
use choucha_rules::rulebook::RuleFolder;
use choucha_run::conduct::{Extract, Extractor};
use choucha_run::engine::Engine;

/// How much of a dossier is looked at to guess its rule set: it stands near the top.
const GUESSED_FROM: u64 = 64 * 1024;

/// The loaded rules, with what the command asks of them.
pub(super) struct Rules {
    engine: Engine,
    folder: RuleFolder,
    /// The dossier that was read to see which rules it takes, until it is asked for.
    read: Mutex<Option<(PathBuf, Decoded)>>,
}

impl Rules {
    /// Loads the rules of a folder, or those built in.
    pub(super) fn load(folder: Option<&Path>) -> Result<Rules, Vec<Diagnostic>> {
        Rules::of(&opened(folder)?)
    }

    fn with(engine: Engine, folder: RuleFolder) -> Rules {
        Rules {
            engine,
            folder,
            read: Mutex::new(None),
        }
    }

    /// Loads the rules of an open folder.
    pub(super) fn of(folder: &RuleFolder) -> Result<Rules, Vec<Diagnostic>> {
        Engine::load(folder).map(|engine| Rules::with(engine, folder.clone()))
    }

    /// Loads the rules of an open folder without proving their quotes.
    pub(super) fn unproven(folder: &RuleFolder) -> Result<Rules, Vec<Diagnostic>> {
        Engine::load_unproven(folder, &folder.rule_sets())
            .map(|engine| Rules::with(engine, folder.clone()))
    }

    /// Loads what an audit takes: of the rule set asked for or, for a single dossier, of the one it names, only that;
    /// else all.
    pub(super) fn load_for(
        folder: Option<&Path>,
        asked: Option<&str>,
        dossier: Option<&PathBuf>,
    ) -> Result<Rules, Vec<Diagnostic>> {
        let folder = opened(folder)?;
        let folder = match dossier {
            Some(path) if path.as_os_str() != "-" => folder.for_one_case(),
            _ => folder,
        };
        let all = folder.rule_sets();
        let only = |id: &str| all.iter().find(|known| known.0 == id).cloned();
        let engine = match (asked.map(only), dossier) {
            (Some(Some(id)), _) => Engine::load_only(&folder, &[id])?,
            (None, Some(path)) if path.as_os_str() != "-" => {
                let likely = mentioned(path, &all);
                let mut read = None;
                let engine = Engine::load_chosen(&folder, &likely, |vocabulary| {
                    let record = read.insert(read_file(path, vocabulary)).record.as_ref();
                    let chosen = record
                        .and_then(|record| only(&named_by(record, vocabulary)?))
                        .map_or_else(|| all.clone(), |id| vec![id]);
                    // While the rules are run there is time to see where everything is written.
                    if let Some(record) = record.filter(|_| chosen == likely) {
                        let _ = record.origins(vocabulary);
                    }
                    chosen
                })?;
                return Ok(Rules {
                    engine,
                    folder,
                    read: Mutex::new(read.map(|decoded| (path.clone(), decoded))),
                });
            }
            _ => Engine::load(&folder)?,
        };
        Ok(Rules::with(engine, folder))
    }

    /// The folder the rules come from.
    pub(super) fn folder(&self) -> &RuleFolder {
        &self.folder
    }

    /// The dossier that was read to see which rules it takes, once.
    pub(super) fn take_read(&self) -> Option<(PathBuf, Decoded)> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.take()
    }

    /// Reads a dossier; `-` is standard input.
    pub(super) fn read(&self, path: &Path, input: &mut dyn Read) -> Decoded {
        let vocabulary = self.vocabulary();
        if path.as_os_str() != "-" {
            return match self.take_read() {
                Some((read, decoded)) if read == path => decoded,
                _ => read_file(path, vocabulary),
            };
        }
        let mut bytes = Vec::new();
        // One byte more than there may be, so that too much is recognised as such.
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

    /// Which program, rules and calendar speak.
    pub(super) fn identity(&self) -> json::Engine {
        json::Engine {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules_digest: self.engine.rulebook().digest.clone(),
            calendar_digest: self.engine.calendar().digest().to_owned(),
        }
    }

    /// The rule set asked for, if one is.
    pub(super) fn asked(&self, id: Option<&str>) -> Result<Option<&RuleSet>, Vec<Diagnostic>> {
        id.map(|id| self.rule_set(id)).transpose()
    }

    /// The mapping of columns given for all tables, if one is.
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

    /// Chooses among the rule sets.
    pub(super) fn selector(&self) -> Selector<'_> {
        self.engine.selector()
    }

    /// The rule set of an id or a title, or what is wrong with the name.
    pub(super) fn rule_set(&self, name: &str) -> Result<&RuleSet, Vec<Diagnostic>> {
        if let Some(set) = self.engine.rulebook().rule_set(name) {
            return Ok(set);
        }
        self.selector().named(name).ok_or_else(|| {
            let message = text!("没有规则集 `{name}`", "there is no rule set `{name}`");
            let problem = Diagnostic::new(Code::UsageUnknownName, message);
            vec![self.suggest(problem, name, false)]
        })
    }

    /// The rule sets of these ids, or all if there are none; else what is wrong with every id.
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

    /// The diagnostic with the nearest name, and where the names are listed.
    pub(super) fn suggest(&self, problem: Diagnostic, name: &str, duties: bool) -> Diagnostic {
        let sets = self.rule_sets();
        let obligations = sets.iter().flat_map(RuleSet::all_obligations);
        let ids = obligations
            .filter(|_| duties)
            .map(|node| node.id.0.as_str());
        let near = match (self.selector().nearest(name), nearest(name, ids)) {
            (Some(set), None) => Some(named(set)),
            (_, Some(duty)) => Some(text!("`{duty}`", "`{duty}`")),
            (None, None) => None,
        };
        problem.help(match near {
            Some(near) => text!("是否应为 {}？", "did you mean {}?"; near),
            None => Text::new(
                "全部规则集和义务见 `choucha rules`",
                "`choucha rules` lists every rule set and obligation",
            ),
        })
    }

    /// The obligations a rule set declares itself, in words.
    pub(super) fn duties(&self, set: &RuleSet) -> Vec<Duty> {
        let layers = self.engine.layers(set);
        set.all_obligations()
            .map(|obligation| Duty::of(obligation, self.vocabulary(), &layers))
            .collect()
    }

    /// An obligation of every rule set that declares it.
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

/// A rule set by id and title.
fn named(set: &RuleSet) -> Text {
    let id = &set.id;
    text!("`{id}`（{}）", "`{id}` ({})"; set.title)
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

/// The first rule set whose id stands in a file, whatever it says of it: a guess, never more.
fn mentioned(path: &Path, all: &[RuleSetId]) -> Vec<RuleSetId> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(GUESSED_FROM).read_to_string(&mut text));
    let mentioned = all.iter().find(|id| read.is_ok() && text.contains(&id.0));
    mentioned.cloned().into_iter().collect()
}

/// The rule set a record names.
fn named_by(record: &Record, vocabulary: &Vocabulary) -> Option<String> {
    match record.get(vocabulary.reserved().ruleset) {
        Value::Text(id) if !id.trim().is_empty() => Some(id.trim().to_owned()),
        _ => None,
    }
}

/// Audits records on any number of threads, preparing each rule set once.
pub(super) struct Bench<'e> {
    rules: &'e Rules,
    /// The rule set asked for, whatever the records say.
    ruleset: Option<&'e RuleSet>,
    options: Options,
    selector: Selector<'e>,
    /// The rule sets there are, each prepared when it is first needed, or what is wrong with its graph.
    auditors: HashMap<&'e RuleSetId, OnceLock<Result<Auditor, Vec<Diagnostic>>>>,
}

impl<'e> Bench<'e> {
    pub(super) fn new(rules: &'e Rules, ruleset: Option<&'e RuleSet>, options: Options) -> Self {
        let sets = rules.rule_sets().iter();
        Bench {
            rules,
            ruleset,
            options,
            selector: rules.selector(),
            auditors: sets.map(|set| (&set.id, OnceLock::new())).collect(),
        }
    }

    pub(super) fn rules(&self) -> &'e Rules {
        self.rules
    }

    pub(super) fn vocabulary(&self) -> &'e Vocabulary {
        self.rules.vocabulary()
    }

    /// Audits a record under the rule set asked for, else the one it names, else the one that alone fits it.
    pub(super) fn audit(&self, record: &Record) -> Result<CaseAudit, Vec<Diagnostic>> {
        let audited = self.audit_settled(record, Detail::Findings);
        audited.map(|(audit, _)| audit)
    }

    /// The same, with as much detail as asked for; and the record as it was settled.
    pub(super) fn audit_settled(
        &self,
        record: &Record,
        detail: Detail,
    ) -> Result<(CaseAudit, Settled), Vec<Diagnostic>> {
        let (set, because) = self.rule_set_of(record)?;
        self.with_auditor(set, |auditor| {
            let settled = auditor.settle(record, &self.options);
            let mut audit = auditor.audit_settled(record, &settled, &self.options, detail);
            audit.ruleset_chosen_because = because;
            let other_organiser = self.selector.other_organiser(set, record);
            audit.diagnostics.extend(other_organiser);
            (audit, settled)
        })
    }

    /// Brings a record down to what tables over all cases count of it, with its rule set.
    pub(super) fn extract(
        &self,
        record: &Record,
        extractor: &Extractor,
        verdicts: &mut Verdicts,
    ) -> Result<(RuleSetId, Extract), Vec<Diagnostic>> {
        let (set, _) = self.rule_set_of(record)?;
        let vocabulary = self.vocabulary();
        let extract = self.with_auditor(set, |auditor| {
            extractor.extract(auditor, vocabulary, record, &self.options, verdicts)
        })?;
        Ok((set.id.clone(), extract))
    }

    /// A record as it is audited.
    pub(super) fn settle(&self, record: &Record) -> Settled {
        record.settle(self.vocabulary(), self.options.assume_complete)
    }

    fn with_auditor<T>(
        &self,
        set: &RuleSet,
        work: impl FnOnce(&Auditor) -> T,
    ) -> Result<T, Vec<Diagnostic>> {
        let prepare = || self.rules.engine.auditor(set);
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
    pub(super) fn number<'r>(&self, record: &'r Record) -> Option<&'r str> {
        match record.get(self.vocabulary().reserved().number) {
            Value::Text(number) => Some(number.trim()),
            _ => None,
        }
    }

    /// That an earlier dossier, in the place named, bears the same case number.
    pub(super) fn same_number(&self, record: &Record, first: &str) -> Diagnostic {
        let number = self.number(record).unwrap_or_default();
        let message = text!(
            "案卷编号 `{number}` 与 `{first}` 的相同",
            "the case number `{number}` is that of `{first}` too"
        );
        let problem = Diagnostic::new(Code::RecordSameNumber, message).help(Text::new(
            "请核对：是同一案卷给了两次，还是编号有误",
            "see whether one case was given twice, or a number is wrong",
        ));
        match record.origins(self.vocabulary()).value("case.number") {
            Some(span) => problem.at(span),
            None => problem.about(record.source().title()),
        }
    }

    /// The rule set a record is to be audited under, and why, where neither it nor the caller names it.
    pub(super) fn rule_set_of(
        &self,
        record: &Record,
    ) -> Result<(&'e RuleSet, Option<Text>), Vec<Diagnostic>> {
        if let Some(set) = self.ruleset {
            return Ok((set, None));
        }
        let vocabulary = self.rules.vocabulary();
        let Some(name) = named_by(record, vocabulary) else {
            return self.chosen(record);
        };
        let place = || record.origins(vocabulary).value("case.ruleset");
        let set = self.rules.rule_set(&name).map_err(|problems| {
            let placed = |problem: Diagnostic| match place() {
                Some(span) => problem.at(span),
                None => problem.about(record.source().title()),
            };
            problems.into_iter().map(placed).collect::<Vec<_>>()
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
        let sets = self.rules.rule_sets();
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
