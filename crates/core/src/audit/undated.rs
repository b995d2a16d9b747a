//! Acts that were done on a day the record does not say: the days between which that day lies, and what all of them come to.
//!
//! Invariant: knowing more only narrows the days between, so that what all of them come to stays.

use crate::expr::Reading;
use crate::obligation::Deadline;
use crate::period::Between;

use super::Outcome;
use super::program::Timely;
use super::verdict::{Judge, outcome_of};

/// How many days after the first a day that a time runs from is tried on, where only the days between which it lies are known.
const STARTS_TRIED: i32 = 366;

impl Judge<'_> {
    /// The days between which an act lies whose day is not recorded. Closing the case ends what the record tells.
    pub(super) fn act_between(&self, act: &Reading) -> Between {
        let between = self.between(act);
        let closed = Reading::Fact(self.vocabulary.reserved().closed_on);
        match closed.day(self.scope) {
            Some(closed) => between.not_after(closed),
            None => between,
        }
    }

    /// The days between which a day lies that is not recorded: it cannot come before the days it follows, nor after those
    /// that follow it.
    pub(super) fn between(&self, reading: &Reading) -> Between {
        let mut between = Between::default();
        let Reading::Fact(slot) = reading else {
            return between;
        };
        for chain in self.vocabulary.chronology() {
            let Some(at) = chain.iter().position(|known| known == slot) else {
                continue;
            };
            for (place, other) in chain.iter().enumerate() {
                let Some(day) = Reading::Fact(*other).day(self.scope) else {
                    continue;
                };
                between = match place < at {
                    true => between.not_before(day),
                    false => between.not_after(day),
                };
            }
        }
        between
    }

    /// What every day between comes to as the day the time runs from, where that is the same.
    pub(super) fn by_any_start(&self, timely: &Timely, between: Between) -> Outcome {
        let (Some(from), Some(until)) = (between.from, between.until) else {
            return Outcome::Undetermined;
        };
        if from > until || until - from > STARTS_TRIED {
            return Outcome::Undetermined;
        }
        let by = |days: i32| outcome_of(self.timed_from(timely, Some(from + days)).verdict());
        let first = by(0);
        match (1..=until - from).all(|days| by(days) == first) {
            true => first,
            false => Outcome::Undetermined,
        }
    }

    /// What every day between comes to as the day the time of a deadline runs from.
    pub(super) fn by_any_start_of(&self, deadline: &Deadline, between: Between) -> Outcome {
        self.by_any_start(&Timely::of(deadline), between)
    }
}
