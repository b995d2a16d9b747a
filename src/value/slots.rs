//! Sets of slots: which facts of a row something is said of, many at a time.

use super::SlotId;

/// A set of slots of one shape.
///
/// Sets made for different numbers of slots go together: what one has no room for is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SlotSet(Box<[u64]>);

const BITS: usize = u64::BITS as usize;

impl SlotSet {
    /// The empty set, with room for so many slots.
    pub(crate) fn with_room(slots: usize) -> Self {
        SlotSet(vec![0; slots.div_ceil(BITS)].into_boxed_slice())
    }

    /// The slots, from the first on, of which it is so.
    pub(crate) fn of(slots: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut words = Vec::with_capacity(slots.len().div_ceil(BITS));
        let mut word = 0;
        let mut filled = 0;
        for is_in in slots {
            word |= u64::from(is_in) << filled;
            filled += 1;
            if filled == BITS {
                words.push(std::mem::take(&mut word));
                filled = 0;
            }
        }
        if filled > 0 {
            words.push(word);
        }
        SlotSet(words.into_boxed_slice())
    }

    #[inline]
    fn place(slot: SlotId) -> (usize, u64) {
        let at = usize::from(slot.0);
        (at / BITS, 1 << (at % BITS))
    }

    #[inline]
    pub(crate) fn contains(&self, slot: SlotId) -> bool {
        let (word, bit) = Self::place(slot);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Adds a slot, if there is room for it.
    pub(crate) fn insert(&mut self, slot: SlotId) {
        let (word, bit) = Self::place(slot);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(crate) fn remove(&mut self, slot: SlotId) {
        let (word, bit) = Self::place(slot);
        if let Some(word) = self.0.get_mut(word) {
            *word &= !bit;
        }
    }

    /// Adds the slots of `others` that are not in `except`. Gives back whether any of them is new, and whether any is in
    /// `except`.
    #[inline]
    pub(crate) fn add(&mut self, others: &SlotSet, except: &SlotSet) -> (bool, bool) {
        let (mut new, mut left_out) = (0, 0);
        for ((word, other), except) in self.0.iter_mut().zip(&others.0).zip(&except.0) {
            let added = other & !except;
            new |= added & !*word;
            left_out |= other & except;
            *word |= added;
        }
        (new != 0, left_out != 0)
    }

    /// Whether any slot is in both.
    #[inline]
    pub(crate) fn meets(&self, other: &SlotSet) -> bool {
        let mut words = self.0.iter().zip(&other.0);
        words.any(|(one, other)| one & other != 0)
    }

    /// Adds every slot that is not in `except`.
    pub(crate) fn add_all(&mut self, except: &SlotSet) {
        for (word, except) in self.0.iter_mut().zip(&except.0) {
            *word |= !except;
        }
    }

    /// The slots in both, in order.
    pub(crate) fn both<'a>(&'a self, other: &'a SlotSet) -> impl Iterator<Item = SlotId> + 'a {
        let words = self.0.iter().zip(&other.0);
        slots(words.map(|(one, other)| one & other))
    }
}

/// The slots whose bits are set.
fn slots(words: impl Iterator<Item = u64>) -> impl Iterator<Item = SlotId> {
    words.enumerate().flat_map(|(at, word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            // Slots are numbered by 16 bits.
            u16::try_from(at * BITS + bit).ok().map(SlotId)
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(slots: &BTreeSet<u16>) -> SlotSet {
        SlotSet::of((0..200).map(|at| slots.contains(&at)))
    }

    fn shown(set: &SlotSet) -> BTreeSet<u16> {
        set.both(set).map(|slot| slot.0).collect()
    }

    proptest! {
        #[test]
        fn sets_are_what_sets_are(
            one in prop::collection::btree_set(0u16..200, 0..60),
            two in prop::collection::btree_set(0u16..200, 0..60),
            three in prop::collection::btree_set(0u16..200, 0..60),
        ) {
            let mut sum = set(&one);
            let (new, left_out) = sum.add(&set(&two), &set(&three));
            prop_assert_eq!(left_out, !two.is_disjoint(&three));
            let expected: BTreeSet<u16> = one.union(&two.difference(&three).copied().collect()).copied().collect();
            prop_assert_eq!(new, expected != one);
            prop_assert_eq!(shown(&sum), expected);
            let both: Vec<u16> = set(&one).both(&set(&two)).map(|slot| slot.0).collect();
            prop_assert_eq!(set(&one).meets(&set(&two)), !both.is_empty());
            prop_assert_eq!(both, one.intersection(&two).copied().collect::<Vec<_>>());
            let mut changed = SlotSet::with_room(200);
            one.iter().for_each(|slot| changed.insert(SlotId(*slot)));
            prop_assert_eq!(&changed, &set(&one));
            two.iter().for_each(|slot| changed.remove(SlotId(*slot)));
            prop_assert_eq!(shown(&changed), one.difference(&two).copied().collect());
            changed.add_all(&set(&three));
            for slot in 0..200 {
                let left = one.contains(&slot) && !two.contains(&slot);
                prop_assert_eq!(changed.contains(SlotId(slot)), left || !three.contains(&slot));
            }
        }
    }

    #[test]
    fn a_slot_there_is_no_room_for_is_not_in_a_set() {
        let mut set = SlotSet::with_room(3);
        set.insert(SlotId(u16::MAX));
        assert!(!set.contains(SlotId(u16::MAX)));
        set.remove(SlotId(u16::MAX));
    }
}
