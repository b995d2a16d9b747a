//! Order, limits and stopping.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;

use super::*;

/// Takes numbers until it has enough.
struct Until {
    taken: Vec<(u64, u64)>,
    enough: usize,
    under_way: AtomicUsize,
}

impl Taker<u64, u64> for Until {
    type Stop = &'static str;

    fn take(&mut self, job: u64, made: u64) -> Result<(), Self::Stop> {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        self.taken.push((job, made));
        match self.taken.len() < self.enough {
            true => Ok(()),
            false => Err("enough"),
        }
    }
}

/// Uneven work, so that later jobs finish before earlier ones.
fn squared(job: &u64) -> u64 {
    let mut sum = 0u64;
    for round in 0..(job * 7919) % 4096 {
        sum = sum.wrapping_add(std::hint::black_box(round));
    }
    std::hint::black_box(sum);
    job * job
}

fn ran(threads: usize, jobs: u64, enough: usize) -> (Vec<(u64, u64)>, Result<(), &'static str>) {
    let mut until = Until {
        taken: Vec::new(),
        enough,
        under_way: AtomicUsize::new(0),
    };
    let threads = NonZeroUsize::new(threads).unwrap();
    let result = run(threads, squared, &mut until, |pipe| {
        for job in 0..jobs {
            let under_way = pipe.taker.under_way.fetch_add(1, Ordering::Relaxed);
            assert!(under_way < threads.get() * UNDER_WAY, "{under_way}");
            pipe.push(job)?;
        }
        Ok(())
    });
    (until.taken, result)
}

#[test]
fn what_is_taken_does_not_depend_on_the_threads_and_room_is_bounded() {
    let expected: Vec<(u64, u64)> = (0..500).map(|job| (job, job * job)).collect();
    for threads in [1, 2, 3, 8] {
        let (taken, result) = ran(threads, 500, usize::MAX);
        assert_eq!(taken, expected, "{threads} threads");
        assert_eq!(result, Ok(()));
    }
}

#[test]
fn a_taker_that_stops_stops_everything() {
    for threads in [1, 4] {
        let (taken, result) = ran(threads, u64::MAX, 10);
        assert_eq!((taken.len(), result), (10, Err("enough")));
    }
}

/// Collects the names of the threads that worked.
#[derive(Default)]
struct Who(BTreeSet<String>);

impl Taker<u64, ThreadId> for Who {
    type Stop = ();

    fn take(&mut self, _: u64, made: ThreadId) -> Result<(), ()> {
        self.0.insert(format!("{made:?}"));
        Ok(())
    }
}

#[test]
fn the_calling_thread_works_too_and_no_more_threads_than_asked_for() {
    let own = format!("{:?}", thread::current().id());
    for threads in [1, 2, 4] {
        let mut who = Who::default();
        let work = |job: &u64| {
            squared(job);
            thread::current().id()
        };
        let threads = NonZeroUsize::new(threads).unwrap();
        let ran = run(threads, work, &mut who, |pipe| {
            (0..2000).try_for_each(|job| pipe.push(job))
        });
        assert_eq!(ran, Ok(()));
        assert!(who.0.len() <= threads.get(), "{:?}", who.0);
        assert!(who.0.contains(&own));
    }
}

#[test]
fn draining_takes_all_that_was_handed_in() {
    let mut until = Until {
        taken: Vec::new(),
        enough: usize::MAX,
        under_way: AtomicUsize::new(10),
    };
    let threads = NonZeroUsize::new(3).unwrap();
    let result = run(threads, squared, &mut until, |pipe| {
        for job in 0..5 {
            pipe.push(job)?;
        }
        pipe.drain()?;
        Ok(pipe.taker.taken.len())
    });
    assert_eq!(result, Ok(5));
}

#[test]
#[should_panic(expected = "of the worker")]
fn the_panic_of_a_worker_is_that_of_the_caller_and_hangs_nothing() {
    let mut until = Until {
        taken: Vec::new(),
        enough: usize::MAX,
        under_way: AtomicUsize::new(100),
    };
    let threads = NonZeroUsize::new(2).unwrap();
    let work = |job: &u64| match job {
        3 => panic!("of the worker"),
        job => *job,
    };
    let _ = run(threads, work, &mut until, |pipe| {
        (0..50).try_for_each(|job| pipe.push(job))
    });
}
