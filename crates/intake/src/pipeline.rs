//! Work on several threads whose results are taken in order.
//!
//! Terms: a *job* is what one thread works on at a time; the *taker* is given every job with what was made of it, on the
//! thread that hands the jobs in, in the order they were handed in. That thread works too, whenever there is no room for
//! more jobs: a thread that only hands in and takes would keep the others from a core without using it.
//!
//! Invariants: what the taker sees does not depend on the number of threads; no more jobs are under way than
//! [`Pipe::push`] makes room for, so that memory grows with the threads and not with the jobs; a taker that stops, stops
//! everything.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Jobs under way for every thread: one being worked on, one waiting, and one done ahead of its turn.
const UNDER_WAY: usize = 3;

/// The stack of a worker, as large as that of the main thread usually is: what is read may nest.
const STACK: usize = 8 * 1024 * 1024;

/// Takes what was made, in order.
pub trait Taker<J, M> {
    /// Why it takes no more.
    type Stop;

    /// Takes a job and what was made of it.
    ///
    /// # Errors
    /// Where nothing more is to be taken.
    fn take(&mut self, job: J, made: M) -> Result<(), Self::Stop>;
}

/// Where jobs are handed in.
pub struct Pipe<'p, J, M, T> {
    /// Who takes what is made.
    pub taker: &'p mut T,
    work: &'p dyn Fn(&J) -> M,
    /// None where the calling thread does everything.
    others: Option<Others<'p, J, M>>,
}

/// What the calling thread knows of the jobs it shares with others.
struct Others<'p, J, M> {
    waiting: &'p Waiting<J>,
    done: Receiver<Done<J, M>>,
    /// Jobs that may be under way at a time.
    room: usize,
    handed_in: u64,
    taken: u64,
    /// What was made ahead of its turn.
    ahead: BTreeMap<u64, (J, M)>,
}

/// A job with its place in the order.
type Turn<J> = (u64, J);

/// The jobs no thread works on yet.
struct Waiting<J> {
    jobs: Mutex<Jobs<J>>,
    changed: Condvar,
}

struct Jobs<J> {
    queue: VecDeque<Turn<J>>,
    /// Whether no more will come, and those that wait are not wanted.
    closed: bool,
}

struct Done<J, M> {
    turn: u64,
    job: J,
    /// What was made, or what the worker's panic said: it goes on where the jobs are handed in.
    made: Result<M, Box<dyn Any + Send>>,
}

/// Runs `feed`, which hands in jobs, and `work` on that many threads, the calling one among them.
///
/// # Errors
/// What stopped the taker, or `feed`.
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
        // Closed however this ends, or the workers would wait for more and the scope for them.
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

    /// The next job, if there is one.
    fn next(&self) -> Option<Turn<J>> {
        self.lock().queue.pop_front()
    }

    /// The next job, waited for; none if no more are wanted.
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

    /// Works as long as jobs are wanted.
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

/// Sends the workers home when it goes.
struct Closes<'w, J>(&'w Waiting<J>);

impl<J> Drop for Closes<'_, J> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<J, M, T: Taker<J, M>> Pipe<'_, J, M, T> {
    /// Hands in a job. Where there is no room for it, what is made meanwhile is taken first.
    ///
    /// # Errors
    /// What stopped the taker.
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

    /// Waits until everything handed in is taken.
    ///
    /// # Errors
    /// What stopped the taker.
    pub fn drain(&mut self) -> Result<(), T::Stop> {
        self.work_down_to(0)
    }

    /// Works and takes until no more than so many jobs are under way.
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
    /// Jobs handed in and not taken.
    fn under_way(&self) -> usize {
        usize::try_from(self.handed_in - self.taken).unwrap_or(usize::MAX)
    }

    /// Waits for one job to be done.
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

    /// Gives the taker everything whose turn it is.
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
