//! `choucha` audits the case records of Chinese product-quality supervision spot checks (产品质量监督抽查) against the
//! rules that governed each case, and reports every violation with the clause it breaks and the place in the record
//! that shows it.
//!
//! Scripts run once, at load, and build obligations; auditing evaluates those natively. See `docs/architecture.md`.

pub mod audit;
pub mod batch;
pub mod campaign;
pub mod cli;
pub mod compare;
pub mod conduct;
pub mod coverage;
pub mod diagnostic;
pub mod diff;
pub mod effective;
pub mod engine;
pub mod expr;
pub mod graph;
pub mod ingest;
pub mod instrument;
pub mod lang;
pub mod layout;
pub mod lint;
pub mod obligation;
pub mod period;
pub mod pipeline;
mod prepared;
pub mod record;
pub mod report;
pub mod rulebook;
pub mod selection;
pub mod source;
pub mod table;
pub mod template;
pub mod texts;
pub mod trial;
pub mod truth;
pub mod value;
pub mod vocabulary;
mod written;
