//! The audit of one record: values, three-valued truth, periods, the vocabulary, expressions, obligations, their graph,
//! and the findings that follow.
//!
//! This crate reads no clock, no environment and no signals, and writes to no terminal. It is the only user of
//! petgraph.

#[macro_use]
mod coded;

pub mod audit;
pub mod compare;
pub mod diagnostic;
pub mod effective;
pub mod expr;
pub mod graph;
pub mod instrument;
pub mod lang;
pub mod layout;
pub mod obligation;
pub mod period;
mod prepared;
pub mod record;
pub mod selection;
pub mod source;
pub mod stored;
pub mod truth;
pub mod value;
pub mod vocabulary;
mod written;
