//! The threads that load rule sets beside each other.
//!
//! Terms: a *worker* is a thread with a script engine of its own, since nothing of a script engine can be shared; the
//! *queue* is what workers share: the rule sets still to be run, those taken, and the registry of instruments.
//!
//! Invariants: every rule set is run once, by one worker, and what comes of it does not depend on which; a worker that
//! fails takes the load down with it and never leaves the others waiting.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::host::Host;
use super::scripts::Scripts;
use super::{Loading, RuleFolder, engine, registry};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::instrument::Instruments;
use choucha_core::obligation::{RuleSet, RuleSetId};
use choucha_core::source::Span;
use choucha_core::vocabulary::Vocabulary;

/// What came of the rule sets one worker ran, or of all of them.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) rule_sets: BTreeMap<RuleSetId, RuleSet>,
    /// What every rule set that was run includes, also of one that is broken.
    pub(super) includes: HashMap<RuleSetId, Vec<(String, Span)>>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Loaded {
    /// Adds what another worker brings.
    pub(super) fn add(&mut self, other: Loaded) {
        self.rule_sets.extend(other.rule_sets);
        self.includes.extend(other.includes);
        self.problems.extend(other.problems);
    }
}

/// What the workers of one load share.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) folder: RuleFolder,
    tasks: Mutex<Tasks>,
    changed: Condvar,
    registry: OnceLock<(Instruments, Vec<Diagnostic>)>,
}

#[derive(Debug, Default)]
struct Tasks {
    waiting: VecDeque<RuleSetId>,
    /// Every rule set ever asked for.
    known: HashSet<RuleSetId>,
    /// How many workers are running a rule set, which may ask for more.
    busy: usize,
    /// Whether the load has been given up.
    closed: bool,
}

impl Queue {
    /// A queue with the rule sets asked for.
    pub(super) fn new(folder: RuleFolder, ids: &[RuleSetId]) -> Self {
        let queue = Queue {
            folder,
            tasks: Mutex::default(),
            changed: Condvar::new(),
            registry: OnceLock::new(),
        };
        for id in ids {
            queue.ask_for(id);
        }
        queue
    }

    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a rule set, unless somebody has.
    fn ask_for(&self, id: &RuleSetId) {
        let mut tasks = self.tasks();
        if tasks.known.insert(id.clone()) {
            tasks.waiting.push_back(id.clone());
            self.changed.notify_one();
        }
    }

    /// The next rule set to run; waits while a worker that is still running one may ask for more. None, when all is
    /// done or given up.
    fn take(&self) -> Option<RuleSetId> {
        let mut tasks = self.tasks();
        loop {
            if tasks.closed {
                return None;
            }
            if let Some(task) = tasks.waiting.pop_front() {
                tasks.busy += 1;
                return Some(task);
            }
            if tasks.busy == 0 {
                return None;
            }
            tasks = self
                .changed
                .wait(tasks)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, closed: bool) {
        let mut tasks = self.tasks();
        tasks.busy = tasks.busy.saturating_sub(1);
        tasks.closed |= closed;
        self.changed.notify_all();
    }

    /// The registry of instruments and what is wrong with it, read by the first who asks.
    pub(super) fn registry(&self) -> &(Instruments, Vec<Diagnostic>) {
        self.registry.get_or_init(|| {
            let mut problems = Vec::new();
            let instruments = registry(&self.folder, &mut problems);
            (instruments, problems)
        })
    }
}

/// Marks a rule set as done, however its worker leaves it: by failing too.
struct Task<'a> {
    queue: &'a Queue,
    given_up: bool,
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        let closed = self.given_up || std::thread::panicking();
        self.queue.done(closed);
    }
}

/// Runs rule sets until there are none left. The scripts are compiled while the vocabulary is still being read; without
/// one, nothing comes of it.
pub(super) fn work(queue: &Queue, given: &Receiver<Arc<Vocabulary>>, done: &Sender<Loaded>) {
    let scripts = Rc::new(Scripts::new(queue.folder.clone()));
    let mut ready = None;
    let mut loaded = Loaded::default();
    while let Some(id) = queue.take() {
        let mut task = Task {
            queue,
            given_up: false,
        };
        scripts.prepare(&id, &|included| queue.ask_for(included));
        if ready.is_none() {
            ready = given.recv().ok().map(|vocabulary| {
                let host = Host::new(vocabulary, queue.registry().0.clone());
                let engine = engine::build(&scripts, &host);
                (host, engine)
            });
        }
        let Some((host, engine)) = &ready else {
            // The vocabulary is not sound, and that is what is told.
            task.given_up = true;
            continue;
        };
        if !queue.folder.has_rule_set(&id) {
            loaded
                .problems
                .push(super::unknown(&queue.folder, &id, None));
            continue;
        }
        let mut loading = Loading {
            folder: &queue.folder,
            host,
            engine,
            scripts: &scripts,
            loaded: &mut loaded,
        };
        for (included, at) in loading.run(&id) {
            let included = RuleSetId(included);
            if queue.folder.has_rule_set(&included) {
                queue.ask_for(&included);
            } else {
                loaded
                    .problems
                    .push(super::unknown(&queue.folder, &included, Some(&at)));
            }
        }
    }
    // Sent before the engine and the scripts are taken down, which nobody needs to wait for.
    let _ = done.send(loaded);
}
