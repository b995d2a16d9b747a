//! `choucha` audits the case records of Chinese product-quality supervision spot checks (产品质量监督抽查) against the
//! rules that governed each case, and reports every violation with the clause it breaks and the place in the record
//! that shows it.
//!
//! Scripts run once, at load, and build obligations; auditing evaluates those natively. See `docs/architecture.md`.

pub mod cli;

pub use choucha_core::text;
pub use choucha_core::{
    audit, compare, diagnostic, expr, graph, instrument, lang, layout, obligation, period, record,
    selection, source, truth, value, vocabulary,
};
pub use choucha_design::{lint, trial};
pub use choucha_intake::{batch, ingest, pipeline, table};
pub use choucha_report as report;
pub use choucha_report::template;
pub use choucha_rules::{coverage, diff, effective, rulebook, texts};
pub use choucha_run::{campaign, conduct, engine};
