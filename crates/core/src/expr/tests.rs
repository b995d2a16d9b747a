//! What expressions mean, how they are printed and what the builder rejects, on a small vocabulary built by hand.

mod building;
mod explaining;
mod meaning;
mod naive;
mod properties;
mod wording;
mod world;
