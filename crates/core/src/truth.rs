//! Three-valued logic after Kleene: unknown is never false.
//!
//! Invariant: every operation is monotone in information. Replacing an unknown input by true or false never turns a
//! known result into the other known result.

use std::ops::Not;

/// True, false or unknown; unknown lies between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Known not to hold.
    False,
    /// Not known.
    Unknown,
    /// Known to hold.
    True,
}

impl Truth {
    /// Both hold. False if either is false, whatever the other is.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// At least one holds. True if either is true, whatever the other is.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// All hold; true if empty.
    pub fn all(items: impl IntoIterator<Item = Truth>) -> Truth {
        let mut result = Truth::True;
        for item in items {
            match item {
                Truth::False => return Truth::False,
                Truth::Unknown => result = Truth::Unknown,
                Truth::True => {}
            }
        }
        result
    }

    /// At least one holds; false if empty.
    pub fn any(items: impl IntoIterator<Item = Truth>) -> Truth {
        !Truth::all(items.into_iter().map(Not::not))
    }

    /// Whether it is true or false.
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Truth::Unknown
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Truth::True } else { Truth::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    const ALL: [Truth; 3] = [True, False, Unknown];

    #[test]
    fn the_tables_are_kleenes() {
        for (a, b, and, or) in [
            (True, True, True, True),
            (True, False, False, True),
            (True, Unknown, Unknown, True),
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            assert_eq!((a.and(b), a.or(b)), (and, or), "{a:?} {b:?}");
            assert_eq!((b.and(a), b.or(a)), (and, or), "{b:?} {a:?}");
        }
        assert_eq!((!True, !False, !Unknown), (False, True, Unknown));
    }

    #[test]
    fn learning_more_never_turns_one_known_result_into_the_other() {
        for a in ALL {
            for learnt in [True, False] {
                for (before, after) in [
                    (Unknown.and(a), learnt.and(a)),
                    (Unknown.or(a), learnt.or(a)),
                    (Truth::all([a, Unknown]), Truth::all([a, learnt])),
                    (Truth::any([a, Unknown]), Truth::any([a, learnt])),
                ] {
                    assert!(!before.is_known() || before == after);
                }
            }
        }
    }
}
