//! Tools for a campaign designer: checks for mistakes in rule sets that load without error, and trials on dossiers.

pub mod lint;
pub mod trial;
