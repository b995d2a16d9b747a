//! The rule book: the rule scripts, run once, as plain data.
//!
//! Terms: a *script* is one `.rhai` file; a *module* is a script that others import; a *rule set* is a folder whose
//! scripts declare stages, exceptions and obligations: `ruleset.rhai` first, then the others in the order of their
//! names, each with its own variables.
//!
//! Invariants: only this module uses the script engine, and nothing of the engine outlives the load; scripts only build
//! data and cannot reach files, clock, environment or network; whatever a script contains, a load soon ends in a rule
//! book or in diagnostics with their places; all rule sets are checked, so that one mistake does not hide another.

mod causes;
mod check;
mod cite;
mod deadlines;
mod declare;
mod duty;
mod engine;
mod errors;
mod fields;
mod folder;
mod governs;
mod higher;
mod host;
mod limits;
mod lists;
mod named;
mod names;
mod operators;
mod parts;
mod reach;
mod resolver;
mod scan;
mod script;
mod scripts;
mod syntax;
mod terms;
#[cfg(test)]
mod tests;
mod workers;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rhai::Engine;

pub use folder::RuleFolder;

use choucha_core::diagnostic::{Code, Diagnostic, has_errors, nearest};
use choucha_core::instrument::{self, Instruments};
use choucha_core::lang::Text;
use choucha_core::obligation::{RuleSet, RuleSetId, Scope};
use choucha_core::source::{Source, Span};
use choucha_core::text;
use choucha_core::vocabulary::Vocabulary;
use host::Host;
use scripts::Scripts;
use workers::{Loaded, Queue};

/// The loaded rules.
#[derive(Debug)]
pub struct Rulebook {
    /// The vocabulary that their expressions read.
    pub vocabulary: Arc<Vocabulary>,
    /// The registered instruments.
    pub instruments: Instruments,
    /// The loaded rule sets, in the order of their ids.
    pub rule_sets: Vec<RuleSet>,
    /// The digest of all files of the rules folder, `sha256:…`.
    pub digest: String,
    /// Warnings and notes.
    pub notes: Vec<Diagnostic>,
}

impl Rulebook {
    /// The rule set with this id.
    #[must_use]
    pub fn rule_set(&self, id: &str) -> Option<&RuleSet> {
        self.rule_sets
            .binary_search_by(|set| set.id.0.as_str().cmp(id))
            .ok()
            .and_then(|at| self.rule_sets.get(at))
    }

    /// A rule set and those it includes, directly or through others; itself first, then the nearest.
    #[must_use]
    pub fn layers<'a>(&'a self, set: &'a RuleSet) -> Vec<&'a RuleSet> {
        let mut layers = vec![set];
        let mut next = 0;
        while let Some(layer) = layers.get(next).copied() {
            for id in &layer.includes {
                if let Some(included) = self.rule_set(&id.0)
                    && !layers.iter().any(|known| known.id == included.id)
                {
                    layers.push(included);
                }
            }
            next += 1;
        }
        layers
    }

    /// The id most likely meant by an unknown one.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.rule_sets.iter().map(|set| set.id.0.as_str()))
    }
}

/// Loads every rule set of a folder.
///
/// # Errors
///
/// Diagnostics for all errors in the registry of instruments and the scripts, together with warnings and notes, in a
/// stable order.
pub fn load(
    folder: &RuleFolder,
    vocabulary: &Arc<Vocabulary>,
) -> Result<Rulebook, Vec<Diagnostic>> {
    load_only(folder, vocabulary, &folder.rule_sets())
}

/// Loads the requested rule sets and those they include.
///
/// # Errors
///
/// As [`load`]; an unknown id is a diagnostic too.
pub fn load_only(
    folder: &RuleFolder,
    vocabulary: &Arc<Vocabulary>,
    ids: &[RuleSetId],
) -> Result<Rulebook, Vec<Diagnostic>> {
    let mut started = start(folder, ids);
    started.give(Arc::clone(vocabulary));
    started.finish()
}

/// The most worker threads.
const MAX_WORKERS: usize = 4;

/// A load in progress: the scripts are compiled while the vocabulary is still being read, and run once it is given.
///
/// Dropping it cancels the load.
#[derive(Debug)]
pub struct Started {
    give: Vec<Sender<Arc<Vocabulary>>>,
    results: Receiver<Loaded>,
    queue: Arc<Queue>,
    vocabulary: Option<Arc<Vocabulary>>,
}

/// Starts loading the requested rule sets and those they include.
#[must_use]
pub fn start(folder: &RuleFolder, ids: &[RuleSetId]) -> Started {
    let queue = Arc::new(Queue::new(folder.clone(), ids));
    let (done, results) = channel();
    // Most rule sets include another, so even a single one gets two workers.
    let most = ids.len().saturating_add(1).min(MAX_WORKERS);
    let workers = std::thread::available_parallelism().map_or(1, |cores| most.min(cores.get()));
    let give = (0..workers).map_while(|_| worker(&queue, &done)).collect();
    Started {
        give,
        results,
        queue,
        vocabulary: None,
    }
}

/// Starts one worker; returns the channel for its vocabulary, or `None` if no thread can be started.
///
/// The script engine recurses, so it gets a thread with a stack large enough for whatever the limits allow, whoever the
/// caller. If so much address space is not available, it tries a smaller stack.
fn worker(queue: &Arc<Queue>, done: &Sender<Loaded>) -> Option<Sender<Arc<Vocabulary>>> {
    [limits::STACK_BYTES, limits::STACK_BYTES / 4]
        .into_iter()
        .find_map(|bytes| {
            let (give, given) = channel();
            let (queue, done) = (Arc::clone(queue), done.clone());
            std::thread::Builder::new()
                .name("rules".to_owned())
                .stack_size(bytes)
                .spawn(move || workers::work(&queue, &given, &done))
                .ok()
                .map(|_| give)
        })
}

impl Started {
    /// Passes on the vocabulary the scripts refer to; they then run at once.
    pub fn give(&mut self, vocabulary: Arc<Vocabulary>) {
        for give in &self.give {
            // If the thread has failed, [`Started::finish`] reports it.
            let _ = give.send(Arc::clone(&vocabulary));
        }
        self.vocabulary = Some(vocabulary);
    }

    /// Waits for the rules. Without a vocabulary there are neither rules nor diagnostics.
    ///
    /// # Errors
    ///
    /// As [`load_only`].
    pub fn finish(mut self) -> Result<Rulebook, Vec<Diagnostic>> {
        let workers = self.give.len();
        self.give.clear();
        let Some(vocabulary) = self.vocabulary.take() else {
            return Err(Vec::new());
        };
        let mut loaded = Loaded::default();
        for _ in 0..workers.max(1) {
            // Nothing arrives only if no thread could be started, or one failed.
            match self.results.recv() {
                Ok(brought) => loaded.add(brought),
                Err(_) => return Err(vec![self.failed()]),
            }
        }
        finish(&self.queue, loaded, &vocabulary)
    }

    fn failed(&self) -> Diagnostic {
        let message = Text::new(
            "装载规则时程序内部出错",
            "the program failed while it loaded the rules",
        );
        let help = Text::new(
            "请把规则文件夹连同本提示报告给开发者",
            "please report it with the rules folder",
        );
        Diagnostic::new(Code::RulesInternal, message)
            .about(self.queue.folder.name_of(""))
            .help(help)
    }
}

fn registry(folder: &RuleFolder, problems: &mut Vec<Diagnostic>) -> Instruments {
    let loaded = match folder.source("instruments.yaml") {
        Ok((source, note)) => {
            problems.extend(note);
            instrument::load(&source)
        }
        Err(problem) => Err(vec![problem]),
    };
    loaded.unwrap_or_else(|wrong| {
        problems.extend(wrong);
        Instruments::default()
    })
}

fn unknown(folder: &RuleFolder, id: &RuleSetId, at: Option<&Span>) -> Diagnostic {
    let shown = host::clip(&id.0);
    let message = text!("没有规则集 `{shown}`", "there is no rule set `{shown}`");
    let diagnostic = Diagnostic::new(Code::RulesUnknownRuleSet, message);
    let diagnostic = match at {
        Some(at) => diagnostic.at(at.clone()),
        None => diagnostic.about(folder.name_of("")),
    };
    let known = folder.rule_sets();
    let names = || known.iter().map(|id| id.0.as_str());
    diagnostic.help(match nearest(&id.0, names()) {
        Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
        None => {
            let all = names().collect::<Vec<_>>().join(", ");
            text!("可用的规则集：{all}", "the rule sets: {all}")
        }
    })
}

/// A rule set being loaded.
struct Loading<'a> {
    folder: &'a RuleFolder,
    host: &'a Rc<Host>,
    engine: &'a Engine,
    scripts: &'a Scripts,
    loaded: &'a mut Loaded,
}

impl Loading<'_> {
    /// Runs the scripts of a rule set; returns the rule sets it includes.
    fn run(&mut self, id: &RuleSetId) -> Vec<(String, Span)> {
        self.host.begin(&id.0);
        let mut header: Option<Arc<Source>> = None;
        for path in self.folder.scripts(id) {
            let script = match self.scripts.get(&path) {
                Ok(script) => script,
                Err(problem) => {
                    self.host.report(problem);
                    continue;
                }
            };
            header.get_or_insert_with(|| Arc::clone(&script.source));
            script::run(self.engine, self.host, &path, &script);
            if self.host.stopped().is_some() {
                break;
            }
        }
        let draft = self.host.draft.take();
        let mut diagnostics = self.host.take_diagnostics();
        if let Some(source) = header {
            let start = Span::new(&source, 0..0);
            if let Some(stop) = self.host.stopped() {
                diagnostics.push(self.host.stop_diagnostic(stop, start));
            } else if draft.declared.is_none() && !has_errors(&diagnostics) {
                let message = text!(
                    "规则集没有声明：缺少 ruleset(…)",
                    "the rule set is not declared: ruleset(…) is missing"
                );
                let help = text!(
                    "在 ruleset.rhai 中写 ruleset(\"{id}\", #{{ … }})",
                    "write ruleset(\"{id}\", #{{ … }}) in ruleset.rhai"
                );
                diagnostics.push(
                    Diagnostic::new(Code::RulesRuleSet, message)
                        .at(start)
                        .help(help),
                );
            }
        }
        if let (Some(mut set), false) = (draft.header, has_errors(&diagnostics)) {
            set.stages = draft.stages;
            set.exceptions = draft.exceptions;
            (set.obligations, set.across) = draft
                .obligations
                .into_iter()
                .partition(|obligation| obligation.scope == Scope::Case);
            self.loaded.rule_sets.insert(id.clone(), set);
        }
        self.loaded.problems.append(&mut diagnostics);
        self.loaded
            .includes
            .insert(id.clone(), draft.includes.clone());
        draft.includes
    }
}

/// Combines the results of the workers into the rule book.
fn finish(
    queue: &Queue,
    loaded: Loaded,
    vocabulary: &Arc<Vocabulary>,
) -> Result<Rulebook, Vec<Diagnostic>> {
    let (instruments, wrong) = queue.registry();
    let mut problems = loaded.problems;
    problems.extend(wrong.iter().cloned());
    problems.extend(check::between(&loaded.rule_sets, &loaded.includes));
    // If the registry is unreadable, unknown instruments mean nothing.
    if problems
        .iter()
        .any(|known| known.code == Code::InstrumentsInvalid)
    {
        problems.retain(|known| known.code != Code::RulesUnknownInstrument);
    }
    problems.sort_by(Diagnostic::order);
    // Every rule set that imports a module finds its mistakes; report them once.
    problems.dedup_by(|next, first| {
        let place =
            |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span.clone());
        next.code == first.code
            && next.message == first.message
            && next.about == first.about
            && place(next) == place(first)
    });
    if has_errors(&problems) {
        return Err(problems);
    }
    let mut rule_sets = loaded.rule_sets;
    higher::cite(&mut rule_sets);
    let book = Rulebook {
        vocabulary: Arc::clone(vocabulary),
        instruments: instruments.clone(),
        rule_sets: rule_sets.into_values().collect(),
        digest: queue.folder.digest().to_owned(),
        notes: problems,
    };
    match causes::unknown(&book) {
        unknown if unknown.is_empty() => Ok(book),
        unknown => Err(unknown),
    }
}
