//! The explanation of an expression's value: a tree with the facts and their origins.

use crate::lang::Text;
use crate::truth::Truth;

/// One node of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The expression as a person would say it.
    pub text: Text,
    /// What it came to.
    pub value: TraceValue,
    /// The paths of the facts this node itself reads, with the positions of rows from 1: `corrections[2].confirmed`.
    pub facts: Vec<String>,
    /// What it was made of.
    pub children: Vec<Trace>,
}

/// What an expression came to.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceValue {
    /// A condition.
    Truth(Truth),
    /// A value, as a person reads it.
    Value(Text),
}
