//! How many have each outcome.

use std::ops::{AddAssign, Index, IndexMut};

use super::Outcome;

/// How many have each outcome: obligations, findings, cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tally([usize; Outcome::ALL.len()]);

impl Tally {
    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// How many there are but those that do not apply.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.total() - self[Outcome::NotApplicable]
    }

    /// Every outcome and how many have it, the one that weighs most first.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, usize)> {
        Outcome::ALL.into_iter().zip(self.0)
    }

    /// The outcome that weighs most of those there are any of; not applicable, if there are none.
    #[must_use]
    pub fn gravest(&self) -> Outcome {
        let mut reached = self.iter().filter(|(_, n)| *n > 0);
        reached
            .next()
            .map_or(Outcome::NotApplicable, |(outcome, _)| outcome)
    }
}

impl Index<Outcome> for Tally {
    type Output = usize;

    fn index(&self, outcome: Outcome) -> &usize {
        &self.0[outcome as usize]
    }
}

impl IndexMut<Outcome> for Tally {
    fn index_mut(&mut self, outcome: Outcome) -> &mut usize {
        &mut self.0[outcome as usize]
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        for (outcome, n) in more.iter() {
            self[outcome] += n;
        }
    }
}

impl FromIterator<Outcome> for Tally {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        let mut tally = Tally::default();
        outcomes.into_iter().for_each(|outcome| tally[outcome] += 1);
        tally
    }
}
