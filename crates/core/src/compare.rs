//! Duties compared: whether one demands the same as another, more, less, or something else.
//!
//! Terms: of two duties compared, the *higher* is the one to be kept (of the order, or of the older notice) and the *lower*
//! the one that stands in its place; a *demand* is one thing a duty asks for, with all that must be so for it to be asked;
//! an *aspect* is what the two differ in. A lower duty *covers* the higher where every record that breaches the higher
//! breaches the lower, and whatever is open or left to a person under the higher is no better under the lower.
//!
//! Invariants: nothing is called tightened, or covered, that is not proved; the proof holds three-valued and under every
//! calendar. Bearer and severity are told where they differ and decide nothing: a notice may name who does what is due.

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

/// What two duties differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// When it arises.
    Condition,
    /// How long there is for an act.
    Deadline,
    /// How many of something there must be.
    Count,
    /// What must, or must not, be.
    Demand,
    /// What defeats it.
    Exception,
    /// What leaves a breach to a person to judge.
    Judgement,
    /// What excuses a breach.
    Excuse,
    /// Who owes it.
    Bearer,
    /// How much a breach weighs.
    Severity,
}

impl Aspect {
    /// Every aspect.
    pub const ALL: [Aspect; 9] = [
        Aspect::Condition,
        Aspect::Deadline,
        Aspect::Count,
        Aspect::Demand,
        Aspect::Exception,
        Aspect::Judgement,
        Aspect::Excuse,
        Aspect::Bearer,
        Aspect::Severity,
    ];

    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Aspect::Condition => "condition",
            Aspect::Deadline => "deadline",
            Aspect::Count => "count",
            Aspect::Demand => "demand",
            Aspect::Exception => "exception",
            Aspect::Judgement => "judgement",
            Aspect::Excuse => "excuse",
            Aspect::Bearer => "bearer",
            Aspect::Severity => "severity",
        }
    }

    /// The label.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Aspect::Condition => Text::new("适用条件", "condition"),
            Aspect::Deadline => Text::new("期限", "deadline"),
            Aspect::Count => Text::new("数量", "number"),
            Aspect::Demand => Text::new("要求", "demand"),
            Aspect::Exception => Text::new("例外", "exception"),
            Aspect::Judgement => Text::new("人工判断", "judgement"),
            Aspect::Excuse => Text::new("免除", "excuse"),
            Aspect::Bearer => Text::new("责任主体", "bearer"),
            Aspect::Severity => Text::new("轻重", "severity"),
        }
    }

    /// Whether a difference in it decides if one duty covers the other.
    #[must_use]
    pub fn decides(self) -> bool {
        !matches!(self, Aspect::Bearer | Aspect::Severity)
    }
}

/// How the lower duty, or one aspect of it, stands to the higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Neither more nor less.
    Same,
    /// More, and nothing less.
    Tightened,
    /// Less, in something at least.
    Relaxed,
    /// Something else: neither is proved to demand as much as the other.
    Differs,
}

impl Class {
    /// The code JSON uses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Class::Same => "same",
            Class::Tightened => "tightened",
            Class::Relaxed => "relaxed",
            Class::Differs => "differs",
        }
    }

    /// The label.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Class::Same => Text::new("相同", "same"),
            Class::Tightened => Text::new("更严", "tightened"),
            Class::Relaxed => Text::new("放宽", "relaxed"),
            Class::Differs => Text::new("不同", "differs"),
        }
    }
}

/// One side of a difference; [`Change::lower_text`] says it.
#[derive(Debug, Clone)]
pub enum Said {
    /// Not there.
    Nothing,
    /// When a demand arises: after what, and under which conditions.
    When(Vec<Text>, Vec<Expr>),
    /// A condition that must hold, or must not.
    Holds(Expr, bool),
    /// An act and its time.
    Time {
        /// The day of the act.
        act: Expr,
        /// The day the time runs from.
        since: Option<Expr>,
        /// The time.
        limit: Limit,
    },
    /// The code of a role.
    Bearer(String),
    /// How much a breach weighs.
    Severity(Severity),
    /// The title of an exception or a remedy, or the words of a reading.
    Titled(Text),
}

/// One difference between two duties.
#[derive(Debug, Clone)]
pub struct Change {
    /// In what.
    pub aspect: Aspect,
    /// Which way; never [`Class::Same`].
    pub class: Class,
    /// The part it is about, if it is about one.
    pub part: Option<Text>,
    /// The lower duty's side.
    pub lower: Said,
    /// The higher duty's side.
    pub higher: Said,
    /// Where the lower duty says it: the expression, or the duty.
    pub lower_at: Span,
    /// Where the higher duty says it.
    pub higher_at: Span,
}

/// How a duty, or several together, stand to a higher one.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Every difference, the higher duty's demands first.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// All differences taken together.
    #[must_use]
    pub fn class(&self) -> Class {
        let some = |class| self.changes.iter().any(|change| change.class == class);
        [Class::Relaxed, Class::Differs, Class::Tightened]
            .into_iter()
            .find(|class| some(*class))
            .unwrap_or(Class::Same)
    }

    /// Whether the lower duty may stand in the place of the higher: in no aspect that decides is it laxer or unlike.
    #[must_use]
    pub fn covers(&self) -> bool {
        self.lacking().next().is_none()
    }

    /// The differences for which it may not.
    pub fn lacking(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| {
            change.aspect.decides() && matches!(change.class, Class::Relaxed | Class::Differs)
        })
    }
}

/// Compares duties that stand in the place of a higher one, together, with it.
#[must_use]
pub fn compare<'a>(
    lower: (&World<'a>, &[&'a Obligation]),
    higher: (&World<'a>, &'a Obligation),
) -> Comparison {
    let work = Work::new();
    weigh::compared(work.prover(lower.0, higher.0), lower.1, higher.1, true)
}

/// Whether the higher duty demands each part of a lower one as well, or the whole where it has no parts.
#[must_use]
pub fn shared<'a>(
    lower: (&World<'a>, &'a Obligation),
    higher: (&World<'a>, &'a Obligation),
) -> Vec<bool> {
    let work = Work::new();
    demand::shared(work.prover(lower.0, higher.0), lower.1, higher.1)
}

/// Whether duties that stand in the place of a higher one, together, cover it.
fn is_covered<'a>(
    lower: (&World<'a>, &[&'a Obligation]),
    higher: (&World<'a>, &'a Obligation),
) -> bool {
    let work = Work::new();
    weigh::is_covered(work.prover(lower.0, higher.0), lower.1, higher.1, true)
}

/// What the proofs of one comparison share.
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

/// Whether the duty of the right world is at least as strict as that of the left.
fn is_as_strict<'a>(prover: Prover<'_, 'a>, lower: &'a Obligation, higher: &'a Obligation) -> bool {
    match prover.deeper() {
        Some(prover) => weigh::is_covered(prover, &[lower], higher, true),
        None => false,
    }
}

/// Whether the duty of the right world is breached wherever that of the left is. What excuses a breach comes after it.
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
