//! Conduct across cases: who owed what, and met, broke or left it unproven; and what only several cases together show.
//!
//! Terms: a *row* counts, for one subject (a person, an organisation, a role, a county, a product, an obligation), the
//! outcomes of the duties it answers for; a *conflict* is something that several cases show together, stated as
//! recorded facts for a person to weigh. It is never a finding and implies no guilt.
//!
//! A case is reduced to an [`Extract`], which is small and may be made on any thread; extracts are added in the order
//! of the input. Tallies grow with the number of subjects, not of cases; conflicts need [`BYTES_A_CASE`] bytes per
//! case, plus its name.
//!
//! Invariants: an obligation for which nobody is named is counted under its role and never lost, so that the sums add
//! up; [`identity`] alone decides who is who, and the basis is stated; the same input gives the same tables.

mod cases;
mod conflict;
mod counter;
mod extract;
pub mod identity;
pub mod mask;
mod places;
mod prices;
mod repeats;
mod teams;

pub use cases::BYTES_A_CASE;
pub use conflict::{CaseEvidence, Conflict, ConflictKind, Grade, Parameters, Sighting, named};
pub use counter::{Account, Book, Counter, Row, Subject};
pub use extract::{Extract, Extractor};

use choucha_core::lang::Text;

/// The kind of rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// Persons who answer for a duty.
    Person,
    /// Organisations that answer for a duty.
    Organisation,
    /// Roles that bear a duty.
    Role,
    /// Counties of the respondents.
    County,
    /// Products of the plan.
    Product,
    /// Obligations.
    Obligation,
}

impl By {
    /// Every kind of row.
    pub const ALL: [By; 6] = [
        By::Person,
        By::Organisation,
        By::Role,
        By::County,
        By::Product,
        By::Obligation,
    ];

    /// The code in commands and JSON output.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            By::Person => "person",
            By::Organisation => "organisation",
            By::Role => "role",
            By::County => "county",
            By::Product => "product",
            By::Obligation => "obligation",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn named(code: &str) -> Option<By> {
        By::ALL.into_iter().find(|by| by.code() == code)
    }

    /// The label shown to people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            By::Person => Text::new("人员", "person"),
            By::Organisation => Text::new("单位", "organisation"),
            By::Role => Text::new("义务主体", "role"),
            By::County => Text::new("县（市、区）", "county"),
            By::Product => Text::new("产品", "product"),
            By::Obligation => Text::new("义务", "obligation"),
        }
    }
}

/// The paths of the facts by which cases are compared.
pub fn facts() -> impl Iterator<Item = &'static str> {
    cases::Fact::ALL.into_iter().map(cases::Fact::path)
}
