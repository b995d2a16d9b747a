//! Work on several threads whose results are taken in order.
//!
//! Terms: a *job* is what one thread works on at a time; the *taker* is given every job with what was made of it, on the
//! thread that hands the jobs in, in the order they were handed in.
//!
//! Invariants: what the taker sees does not depend on the number of threads; no more jobs are under way than
//! [`Pipe::push`] makes room for, so that memory grows with the threads and not with the jobs; a taker that stops, stops
//! everything.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
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
    hands: Hands<'p, J, M>,
}

enum Hands<'p, J, M> {
    /// The calling thread does everything.
    Own(&'p dyn Fn(&J) -> M),
    Workers(Workers<J, M>),
}

struct Workers<J, M> {
    jobs: SyncSender<(u64, J)>,
    done: Receiver<Done<J, M>>,
    /// Jobs that may be under way at a time.
    room: usize,
    handed_in: u64,
    taken: u64,
    /// What was made ahead of its turn.
    ahead: BTreeMap<u64, (J, M)>,
}

struct Done<J, M> {
    turn: u64,
    job: J,
    /// What was made, or what the worker's panic said: it goes on where the jobs are handed in.
    made: Result<M, Box<dyn Any + Send>>,
}

/// Runs `feed`, which hands in jobs, and `work` on that many threads; with one, all is done on the calling thread.
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
    if threads.get() == 1 {
        return alone(&work, taker, feed);
    }
    let room = threads.get().saturating_mul(UNDER_WAY);
    let (jobs, waiting) = sync_channel::<(u64, J)>(room);
    let waiting = Mutex::new(waiting);
    let (made, done) = channel();
    thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..threads.get() {
            let (made, waiting, work) = (made.clone(), &waiting, &work);
            let worker = move || {
                loop {
                    let next = waiting
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .recv();
                    let Ok((turn, job)) = next else {
                        return;
                    };
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
            };
            let builder = thread::Builder::new().stack_size(STACK);
            started += usize::from(builder.spawn_scoped(scope, worker).is_ok());
        }
        drop(made);
        if started == 0 {
            return alone(&work, taker, feed);
        }
        let mut pipe = Pipe {
            taker,
            hands: Hands::Workers(Workers {
                jobs,
                done,
                room,
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

fn alone<J, M, T: Taker<J, M>, R>(
    work: &dyn Fn(&J) -> M,
    taker: &mut T,
    feed: impl FnOnce(&mut Pipe<'_, J, M, T>) -> Result<R, T::Stop>,
) -> Result<R, T::Stop> {
    feed(&mut Pipe {
        taker,
        hands: Hands::Own(work),
    })
}

impl<J, M, T: Taker<J, M>> Pipe<'_, J, M, T> {
    /// Hands in a job. Where there is no room for it, what is made meanwhile is taken first.
    ///
    /// # Errors
    /// What stopped the taker.
    pub fn push(&mut self, job: J) -> Result<(), T::Stop> {
        match &mut self.hands {
            Hands::Own(work) => {
                let made = work(&job);
                self.taker.take(job, made)
            }
            Hands::Workers(workers) => {
                let turn = workers.handed_in;
                workers.handed_in += 1;
                // The workers end only after this; there is room in the channel for all that may be under way.
                let _ = workers.jobs.send((turn, job));
                workers.take_ready(self.taker)?;
                while workers.under_way() >= workers.room {
                    workers.wait();
                    workers.take_ready(self.taker)?;
                }
                Ok(())
            }
        }
    }

    /// Waits until everything handed in is taken.
    ///
    /// # Errors
    /// What stopped the taker.
    pub fn drain(&mut self) -> Result<(), T::Stop> {
        if let Hands::Workers(workers) = &mut self.hands {
            while workers.under_way() > 0 {
                workers.wait();
                workers.take_ready(self.taker)?;
            }
        }
        Ok(())
    }
}

impl<J, M> Workers<J, M> {
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
