//! Counts by outcome.

use std::ops::{AddAssign, Index, IndexMut};

use super::Outcome;

/// How many obligations, findings or cases have each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tally([usize; Outcome::ALL.len()]);

impl Tally {
    /// The number of all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// The number of all except not applicable.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.total() - self[Outcome::NotApplicable]
    }

    /// Every outcome with its count, the gravest first.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, usize)> {
        Outcome::ALL.into_iter().zip(self.0)
    }

    /// The gravest outcome with a count above zero; not applicable if all are zero.
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
