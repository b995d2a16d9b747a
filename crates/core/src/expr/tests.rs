//! What expressions mean, say and refuse, on a small vocabulary built by hand.

mod building;
mod explaining;
mod meaning;
mod naive;
mod properties;
mod wording;
mod world;
