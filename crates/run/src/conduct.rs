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
mod needles;
mod places;
mod prices;
mod repeats;
mod teams;

pub use cases::BYTES_A_CASE;
pub use conflict::{CaseEvidence, Conflict, ConflictKind, Grade, Parameters, Sighting, named};
pub use counter::{Account, Book, Counter, Row, Subject};
pub use extract::{Extract, Extractor};

choucha_core::coded! {
    /// The kind of rows of a table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum By {
        /// Persons who answer for a duty.
        Person = "person", "人员", "person";
        /// Organisations that answer for a duty.
        Organisation = "organisation", "单位", "organisation";
        /// Roles that bear a duty.
        Role = "role", "义务主体", "role";
        /// Counties of the respondents.
        County = "county", "县（市、区）", "county";
        /// Products of the plan.
        Product = "product", "产品", "product";
        /// Obligations.
        Obligation = "obligation", "义务", "obligation";
    }
}

/// The paths of the facts by which cases are compared.
pub fn facts() -> impl Iterator<Item = &'static str> {
    cases::Fact::ALL.into_iter().map(cases::Fact::path)
}
