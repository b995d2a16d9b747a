//! The threads that load rule sets in parallel.
//!
//! Terms: a *worker* is a thread with its own script engine, since a script engine cannot be shared; the workers share
//! the *queue*: the waiting rule sets, those taken, and the registry of instruments.
//!
//! Invariants: every rule set is run once, by one worker, and its result does not depend on which; a worker that fails
//! ends the whole load and never leaves the others waiting.

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

/// The results of one worker, or of all.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) rule_sets: BTreeMap<RuleSetId, RuleSet>,
    /// The includes of every rule set that was run, broken ones too.
    pub(super) includes: HashMap<RuleSetId, Vec<(String, Span)>>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Loaded {
    /// Adds the results of another worker.
    pub(super) fn add(&mut self, other: Loaded) {
        self.rule_sets.extend(other.rule_sets);
        self.includes.extend(other.includes);
        self.problems.extend(other.problems);
    }
}

/// The state shared by the workers of one load.
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
    /// Every rule set ever requested.
    known: HashSet<RuleSetId>,
    /// The number of workers running a rule set, which may request more.
    busy: usize,
    /// Whether the load has been cancelled.
    closed: bool,
}

impl Queue {
    /// A queue with the requested rule sets.
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

    /// Queues a rule set, unless it was queued before.
    fn ask_for(&self, id: &RuleSetId) {
        let mut tasks = self.tasks();
        if tasks.known.insert(id.clone()) {
            tasks.waiting.push_back(id.clone());
            self.changed.notify_one();
        }
    }

    /// The next rule set to run; waits while a busy worker may still request more. `None` when all are done or the load
    /// is cancelled.
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

    /// The registry of instruments and its errors, read on first use.
    pub(super) fn registry(&self) -> &(Instruments, Vec<Diagnostic>) {
        self.registry.get_or_init(|| {
            let mut problems = Vec::new();
            let instruments = registry(&self.folder, &mut problems);
            (instruments, problems)
        })
    }
}

/// Marks a rule set as done when dropped, also if its worker fails.
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

/// Runs rule sets until none are left. The scripts are compiled while the vocabulary is still being read; without a
/// vocabulary there are no results.
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
            // The vocabulary has errors, which are reported instead.
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
    // Sent before the engine and the scripts are dropped, which nobody needs to wait for.
    let _ = done.send(loaded);
}
