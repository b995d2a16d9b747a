//! Instruments (规范文件): the registry of laws, orders, plans and notices that rules cite.
//!
//! Terms: scripts and citations refer to an instrument by its *number*; if the paper carries none, by the name that the
//! registry gives it. *Rank* decides which of two instruments the other may not relax.
//!
//! Invariants: numbers are unique; every instrument has a title in both languages, an issuer and a rank.

mod clause;
mod cut;
mod load;
mod lock;
mod normal;
mod outline;
mod resolve;
#[cfg(test)]
mod tests;

pub use clause::{Clause, ClauseId, ClauseKind, OPENING};
pub use cut::cut;
pub use load::load;
pub use lock::relock;
pub use lock::{Changes, Lock, LockedClause, LockedQuote};
pub use normal::{Normal, normal};
pub use outline::{Outline, Selector};
pub use outline::{not_a_selector, span_at, yaml};
pub use resolve::{Body, Difference, Near, Resolution};

use crate::diagnostic::nearest;
use crate::lang::Text;
use crate::source::Span;
use crate::value::Day;

coded! {
    /// The rank of an instrument, the highest first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Rank {
        /// 法律.
        Law = "law", "法律", "law";
        /// 行政法规.
        AdministrativeRegulation = "administrative_regulation", "行政法规", "administrative regulation";
        /// 部门规章.
        DepartmentOrder = "department_order", "部门规章", "department order";
        /// 地方性法规、地方政府规章.
        LocalRule = "local_rule", "地方性法规、规章", "local rule";
        /// 规范性文件、通知.
        Notice = "notice", "规范性文件", "notice";
    }
}

/// One instrument.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Its number, as written in citations.
    pub number: String,
    /// Its title, in both languages.
    pub title: Text,
    /// Its short name, if it has one.
    pub short: Option<Text>,
    /// Who issued it.
    pub issuer: String,
    /// Its rank among norms.
    pub rank: Rank,
    /// The day it was issued.
    pub issued_on: Option<Day>,
    /// The first day it is in force.
    pub in_force_from: Option<Day>,
    /// The last day it is in force.
    pub in_force_until: Option<Day>,
    /// The name of the file with its text, for checking quotes.
    pub text: Option<String>,
    /// `sha256:…` of that text.
    pub digest: Option<String>,
    /// The name of the files in `rules/clauses/` that say how its text is cut and which clauses it has; `None` if its
    /// citations are not checked.
    pub clauses: Option<String>,
    /// Where the registry lists it.
    pub declared: Span,
}

/// The registry of instruments.
#[derive(Debug, Clone, Default)]
pub struct Instruments(Vec<Instrument>);

impl Instruments {
    /// The instrument with this number.
    #[must_use]
    pub fn get(&self, number: &str) -> Option<&Instrument> {
        self.0.iter().find(|instrument| instrument.number == number)
    }

    /// Every instrument, in the order listed.
    #[must_use]
    pub fn all(&self) -> &[Instrument] {
        &self.0
    }

    /// The registered number most likely meant by an unknown one.
    #[must_use]
    pub fn nearest(&self, number: &str) -> Option<&str> {
        nearest(
            number,
            self.0.iter().map(|instrument| instrument.number.as_str()),
        )
    }
}
