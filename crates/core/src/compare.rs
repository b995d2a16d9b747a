//! Compares duties: whether one demands the same as another, more, less, or something else.
//!
//! Terms: when two duties are compared, the *higher* is the one that must be kept (from the order, or from the older
//! notice) and the *lower* is the one that replaces it. A *demand* is one thing a duty requires, with the conditions
//! under which it is required; an *aspect* is a respect in which the two can differ. A lower duty *covers* the higher
//! if every record that breaches the higher breaches the lower, and whatever the higher leaves undecided or to a person
//! has no better outcome under the lower.
//!
//! Invariants: nothing is called tightened, or covered, without proof; the proof holds in three-valued logic and under
//! every calendar. Differences of bearer and severity are reported but decide nothing: a notice may name who carries
//! out a duty.

mod atom;
mod demand;
mod formula;
mod limit;
mod pair;
mod proof;
mod relaxed;
mod soften;
mod weigh;
mod words;

use std::cell::{Cell, RefCell};

pub use formula::World;
pub(crate) use relaxed::uncovered;
pub use relaxed::{Refinement, excuses_above, refinements, relaxations};

use crate::expr::Expr;
use crate::lang::Text;
use crate::obligation::{Obligation, Severity};
use crate::period::Limit;
use crate::source::Span;
use proof::{Known, Prover};

coded! {
    /// A respect in which two duties can differ.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Aspect {
        /// When it arises.
        Condition = "condition", "适用条件", "condition";
        /// The time allowed for an act.
        Deadline = "deadline", "期限", "deadline";
        /// The required number of something.
        Count = "count", "数量", "number";
        /// What must, or must not, be the case.
        Demand = "demand", "要求", "demand";
        /// What defeats it.
        Exception = "exception", "例外", "exception";
        /// What leaves a breach to the judgement of a person.
        Judgement = "judgement", "人工判断", "judgement";
        /// What excuses a breach.
        Excuse = "excuse", "免除", "excuse";
        /// Who owes it.
        Bearer = "bearer", "责任主体", "bearer";
        /// How serious a breach is.
        Severity = "severity", "轻重", "severity";
    }
}

impl Aspect {
    /// Whether a difference in it decides if one duty covers the other.
    #[must_use]
    pub fn decides(self) -> bool {
        !matches!(self, Aspect::Bearer | Aspect::Severity)
    }
}

coded! {
    /// How the lower duty, or one aspect of it, compares with the higher.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Class {
        /// Equally strict.
        Same = "same", "相同", "same";
        /// Stricter in something, laxer in nothing.
        Tightened = "tightened", "更严", "tightened";
        /// Laxer in something.
        Relaxed = "relaxed", "放宽", "relaxed";
        /// Not comparable: neither is proved to be as strict as the other.
        Differs = "differs", "不同", "differs";
    }
}

/// One side of a difference; [`Change::lower_text`] puts it into words.
#[derive(Debug, Clone)]
pub enum Said {
    /// Absent on this side.
    Nothing,
    /// The nodes and the conditions on which a demand depends.
    When(Vec<Text>, Vec<Expr>),
    /// A condition that must hold (`true`), or must not.
    Holds(Expr, bool),
    /// An act and its time limit.
    Time {
        /// The day of the act.
        act: Expr,
        /// The day the time runs from.
        since: Option<Expr>,
        /// The time limit.
        limit: Limit,
    },
    /// The code of a role.
    Bearer(String),
    /// A severity.
    Severity(Severity),
    /// The title of an exception or a remedy, or the wording of a reading.
    Titled(Text),
}

/// One difference between two duties.
#[derive(Debug, Clone)]
pub struct Change {
    /// The aspect in which they differ.
    pub aspect: Aspect,
    /// The direction; never [`Class::Same`].
    pub class: Class,
    /// The title of the part concerned; `None` for the whole duty.
    pub part: Option<Text>,
    /// The lower duty's side.
    pub lower: Said,
    /// The higher duty's side.
    pub higher: Said,
    /// Where the lower duty states it: the expression, or the duty.
    pub lower_at: Span,
    /// Where the higher duty states it.
    pub higher_at: Span,
}

/// The comparison of a duty, or several together, with a higher one.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Every difference, the higher duty's demands first.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// The class of all differences together.
    #[must_use]
    pub fn class(&self) -> Class {
        let some = |class| self.changes.iter().any(|change| change.class == class);
        [Class::Relaxed, Class::Differs, Class::Tightened]
            .into_iter()
            .find(|class| some(*class))
            .unwrap_or(Class::Same)
    }

    /// Whether the lower duty may replace the higher: no deciding aspect is laxer or not comparable.
    #[must_use]
    pub fn covers(&self) -> bool {
        self.lacking().next().is_none()
    }

    /// The differences that prevent it from covering the higher duty.
    pub fn lacking(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| {
            change.aspect.decides() && matches!(change.class, Class::Relaxed | Class::Differs)
        })
    }
}

/// Compares duties, taken together, with the higher duty they replace.
#[must_use]
pub fn compare<'a>(
    lower: (&World<'a>, &[&'a Obligation]),
    higher: (&World<'a>, &'a Obligation),
) -> Comparison {
    let work = Work::new();
    weigh::compared(work.prover(lower.0, higher.0), lower.1, higher.1, true)
}

/// For each part of the lower duty, or for the whole if it has no parts: whether the higher duty demands it too.
#[must_use]
pub fn shared<'a>(
    lower: (&World<'a>, &'a Obligation),
    higher: (&World<'a>, &'a Obligation),
) -> Vec<bool> {
    let work = Work::new();
    demand::shared(work.prover(lower.0, higher.0), lower.1, higher.1)
}

/// Whether duties, taken together, cover the higher duty they replace.
fn is_covered<'a>(
    lower: (&World<'a>, &[&'a Obligation]),
    higher: (&World<'a>, &'a Obligation),
) -> bool {
    let work = Work::new();
    weigh::is_covered(work.prover(lower.0, higher.0), lower.1, higher.1, true)
}

/// State shared by the proofs of one comparison.
struct Work {
    steps: Cell<u32>,
    known: RefCell<Known>,
}

impl Work {
    fn new() -> Work {
        Work {
            steps: Cell::new(proof::STEPS),
            known: RefCell::default(),
        }
    }

    fn prover<'w, 'a>(&'w self, lower: &'w World<'a>, higher: &'w World<'a>) -> Prover<'w, 'a> {
        Prover {
            left: higher,
            right: lower,
            steps: &self.steps,
            depth: 0,
            turned: false,
            known: &self.known,
        }
    }
}

/// Whether the duty of the right world is at least as strict as the duty of the left.
fn is_as_strict<'a>(prover: Prover<'_, 'a>, lower: &'a Obligation, higher: &'a Obligation) -> bool {
    match prover.deeper() {
        Some(prover) => weigh::is_covered(prover, &[lower], higher, true),
        None => false,
    }
}

/// Whether the duty of the right world is breached whenever the duty of the left is. Ignores excuses, which come after
/// a breach.
fn is_breached_with<'a>(
    prover: Prover<'_, 'a>,
    lower: &'a Obligation,
    higher: &'a Obligation,
) -> bool {
    match prover.deeper() {
        Some(prover) => weigh::is_covered(prover, &[lower], higher, false),
        None => false,
    }
}
