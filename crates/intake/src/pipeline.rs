//! Work on several threads with results taken in order.
//!
//! Terms: a *job* is the unit of work of a thread; the *taker* receives every job with its result, on the thread that
//! hands the jobs in and in the order they were handed in. That thread works too, whenever the queue is full: a thread that
//! only handed in and took results would occupy a core without using it.
//!
//! Invariants: what the taker sees does not depend on the number of threads; [`Pipe::push`] limits the jobs under way, so
//! that memory grows with the threads and not with the jobs; a taker that stops, stops everything.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Jobs under way for every thread: one being worked on, one waiting, and one done ahead of its turn.
const UNDER_WAY: usize = 3;

/// The stack of a worker, as large as the usual stack of the main thread: inputs may nest.
const STACK: usize = 8 * 1024 * 1024;

/// Receives results, in order.
pub trait Taker<J, M> {
    /// Why it stops.
    type Stop;

    /// Receives a job and its result.
    ///
    /// # Errors
    /// When no more results are wanted.
    fn take(&mut self, job: J, made: M) -> Result<(), Self::Stop>;
}

/// Accepts jobs and passes their results to the taker.
pub struct Pipe<'p, J, M, T> {
    /// The receiver of the results.
    pub taker: &'p mut T,
    work: &'p dyn Fn(&J) -> M,
    /// None if the calling thread does everything.
    others: Option<Others<'p, J, M>>,
}

/// The calling thread's view of the jobs it shares with others.
struct Others<'p, J, M> {
    waiting: &'p Waiting<J>,
    done: Receiver<Done<J, M>>,
    /// How many jobs may be under way.
    room: usize,
    handed_in: u64,
    taken: u64,
    /// Results that came before their turn.
    ahead: BTreeMap<u64, (J, M)>,
}

/// A job with its position in the order.
type Turn<J> = (u64, J);

/// The jobs that no thread has started.
struct Waiting<J> {
    jobs: Mutex<Jobs<J>>,
    changed: Condvar,
}

struct Jobs<J> {
    queue: VecDeque<Turn<J>>,
    /// Whether no more jobs will come and the waiting ones are no longer wanted.
    closed: bool,
}

struct Done<J, M> {
    turn: u64,
    job: J,
    /// The result, or the worker's panic, which resumes on the thread that hands in jobs.
    made: Result<M, Box<dyn Any + Send>>,
}

/// Runs `feed`, which hands in jobs, and `work` on `threads` threads, the calling one included.
///
/// # Errors
/// The error of the taker or of `feed`.
pub fn run<J, M, T, W, R>(
    threads: NonZeroUsize,
    work: W,
    taker: &mut T,
    feed: impl FnOnce(&mut Pipe<'_, J, M, T>) -> Result<R, T::Stop>,
) -> Result<R, T::Stop>
where
    J: Send,
    M: Send,
    T: Taker<J, M>,
    W: Fn(&J) -> M + Sync,
{
    let waiting = Waiting::new();
    thread::scope(|scope| {
        let (made, done) = channel();
        let mut started = 0;
        for _ in 1..threads.get() {
            let (made, waiting, work) = (made.clone(), &waiting, &work);
            let builder = thread::Builder::new().stack_size(STACK);
            let worker = builder.spawn_scoped(scope, move || waiting.work_off(work, &made));
            started += usize::from(worker.is_ok());
        }
        drop(made);
        // Closes in every case; otherwise the workers would wait for jobs and the scope for the workers.
        let _closes = Closes(&waiting);
        let mut pipe = Pipe {
            taker,
            work: &work,
            others: (started > 0).then(|| Others {
                waiting: &waiting,
                done,
                room: threads.get().saturating_mul(UNDER_WAY),
                handed_in: 0,
                taken: 0,
                ahead: BTreeMap::new(),
            }),
        };
        let fed = feed(&mut pipe)?;
        pipe.drain()?;
        Ok(fed)
    })
}

impl<J> Waiting<J> {
    fn new() -> Self {
        Waiting {
            jobs: Mutex::new(Jobs {
                queue: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Jobs<J>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, turn: Turn<J>) {
        self.lock().queue.push_back(turn);
        self.changed.notify_one();
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// The next job, if there is one now.
    fn next(&self) -> Option<Turn<J>> {
        self.lock().queue.pop_front()
    }

    /// Waits for the next job; None when no more are wanted.
    fn wait(&self) -> Option<Turn<J>> {
        let jobs = self.lock();
        let idle = |jobs: &mut Jobs<J>| jobs.queue.is_empty() && !jobs.closed;
        let jobs = self.changed.wait_while(jobs, idle);
        let mut jobs = jobs.unwrap_or_else(PoisonError::into_inner);
        match jobs.closed {
            true => None,
            false => jobs.queue.pop_front(),
        }
    }

    /// Works while jobs are wanted.
    fn work_off<M>(&self, work: &impl Fn(&J) -> M, made: &Sender<Done<J, M>>) {
        while let Some((turn, job)) = self.wait() {
            let result = catch_unwind(AssertUnwindSafe(|| work(&job)));
            let done = Done {
                turn,
                job,
                made: result,
            };
            if made.send(done).is_err() {
                return;
            }
        }
    }
}

/// Closes the queue when dropped, so that the workers stop.
struct Closes<'w, J>(&'w Waiting<J>);

impl<J> Drop for Closes<'_, J> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<J, M, T: Taker<J, M>> Pipe<'_, J, M, T> {
    /// Hands in a job. If the queue is full, works and takes results first.
    ///
    /// # Errors
    /// The error of the taker.
    pub fn push(&mut self, job: J) -> Result<(), T::Stop> {
        let Some(others) = &mut self.others else {
            let made = (self.work)(&job);
            return self.taker.take(job, made);
        };
        let turn = others.handed_in;
        others.handed_in += 1;
        others.waiting.push((turn, job));
        others.take_ready(self.taker)?;
        let under_way = others.room - 1;
        self.work_down_to(under_way)
    }

    /// Waits until every result is taken.
    ///
    /// # Errors
    /// The error of the taker.
    pub fn drain(&mut self) -> Result<(), T::Stop> {
        self.work_down_to(0)
    }

    /// Works and takes results until at most `under_way` jobs are under way.
    fn work_down_to(&mut self, under_way: usize) -> Result<(), T::Stop> {
        let Some(others) = &mut self.others else {
            return Ok(());
        };
        while others.under_way() > under_way {
            match others.waiting.next() {
                Some((turn, job)) => {
                    let made = (self.work)(&job);
                    others.ahead.insert(turn, (job, made));
                }
                None => others.wait(),
            }
            others.take_ready(self.taker)?;
        }
        Ok(())
    }
}

impl<J, M> Others<'_, J, M> {
    /// The jobs handed in whose results were not taken yet.
    fn under_way(&self) -> usize {
        usize::try_from(self.handed_in - self.taken).unwrap_or(usize::MAX)
    }

    /// Waits for one job to finish.
    fn wait(&mut self) {
        if let Ok(done) = self.done.recv() {
            self.keep(done);
        }
    }

    fn keep(&mut self, done: Done<J, M>) {
        match done.made {
            Ok(made) => {
                self.ahead.insert(done.turn, (done.job, made));
            }
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Passes every result to the taker whose turn has come.
    fn take_ready<T: Taker<J, M>>(&mut self, taker: &mut T) -> Result<(), T::Stop> {
        while let Ok(done) = self.done.try_recv() {
            self.keep(done);
        }
        while let Some((job, made)) = self.ahead.remove(&self.taken) {
            self.taken += 1;
            taker.take(job, made)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
