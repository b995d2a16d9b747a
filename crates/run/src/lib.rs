//! Audits many cases: the rules made ready, what is gathered across cases, and the conduct of people and agencies.

pub mod auditing;
pub mod campaign;
pub mod conduct;
pub mod engine;
