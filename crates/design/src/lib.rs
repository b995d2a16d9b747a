//! What a campaign designer checks a rule set with: faults that load without complaint, and trials on dossiers.

pub mod lint;
pub mod trial;
