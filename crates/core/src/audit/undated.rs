//! Acts done on a day the record does not state: the days between which that day lies, and the outcome they have in
//! common.
//!
//! Invariant: more facts only narrow the range, so a common outcome stays.

use crate::expr::Reading;
use crate::obligation::Deadline;
use crate::period::Between;

use super::Outcome;
use super::program::Timely;
use super::verdict::{Judge, outcome_of};

/// The longest range of days, in days, for which an unrecorded starting day is tried day by day.
const STARTS_TRIED: i32 = 366;

impl Judge<'_> {
    /// The days between which an unrecorded act lies. The record covers nothing after the closing of the case.
    pub(super) fn act_between(&self, act: &Reading) -> Between {
        let between = self.between(act);
        let closed = Reading::Fact(self.vocabulary.reserved().closed_on);
        match closed.day(self.scope) {
            Some(closed) => between.not_after(closed),
            None => between,
        }
    }

    /// The days between which an unrecorded day lies: not before the days it follows, not after those that follow it.
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

    /// The outcome that every possible starting day in the range gives, if it is the same; else undetermined.
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

    /// Like [`Judge::by_any_start`], for a deadline.
    pub(super) fn by_any_start_of(&self, deadline: &Deadline, between: Between) -> Outcome {
        self.by_any_start(&Timely::of(deadline), between)
    }
}
