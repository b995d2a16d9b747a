//! `choucha` audits the case records of Chinese product-quality supervision spot checks (产品质量监督抽查) against the
//! rules that governed each case, and reports every violation with its clause and its place in the record.
//!
//! # One dossier
//!
//! ```
//! use choucha::audit::{Options, Outcome};
//! use choucha::engine::Engine;
//! use choucha::ingest;
//! use choucha::value::Day;
//!
//! let engine = Engine::embedded().expect("the rules were loaded when the program was built");
//! let yaml = b"case: {ruleset: shanxi/2024-batch-1}\nsampling: {outcome: completed, samplers: [\xe7\x94\xb2\xe6\x9f\x90]}\n";
//! let read = ingest::read("dossier.yaml", yaml.to_vec(), None, engine.vocabulary());
//! let record = read.record.expect("a record");
//! let today = Day::parse("2024-05-31").expect("a day");
//! let audit = engine.audit(&record, Options::on(today)).expect("a rule set that fits");
//! let two = audit.findings.iter().find(|found| found.obligation.0 == "sampling.at-least-two-samplers");
//! assert_eq!(two.map(|found| found.outcome), Some(Outcome::Violated));
//! ```
//!
//! # Many cases, your own rules, people
//!
//! [`run::Run`] audits files and folders of any kind on all cores, finds what shows only across cases, and
//! empties itself into a [`sink::Sink`] of yours; [`auditing::Auditing`] prepares every rule set once, for records you
//! already have; [`rulebook::RuleFolder`] opens your own rules; [`conduct`] counts by person and organisation; [`report`]
//! writes findings as text, JSON and workbooks. Each program in `examples/` does one of these in a screenful.
//!
//! # What is stable
//!
//! The command, its exit codes, its JSON (`docs/schema/`) and the scripts' functions (`docs/script-api.md`) change only
//! with a note in `CHANGELOG.md` that says how to adapt. In the library this holds for [`engine::Engine`],
//! [`auditing::Auditing`], [`run::Run`], [`sink::Sink`], [`audit::Options`], [`audit::CaseAudit`], [`ingest`], [`batch`]
//! and [`rulebook::RuleFolder`]; everything else exists for the crates of this workspace and may change in any version.
//!
//! Scripts run once, at load, and build obligations; auditing evaluates those natively. See `docs/architecture.md`.

pub mod cli;

pub use choucha_core::text;
pub use choucha_core::{
    audit, compare, diagnostic, effective, expr, graph, instrument, lang, layout, obligation,
    period, record, selection, source, truth, value, vocabulary,
};
pub use choucha_design::{lint, trial};
pub use choucha_intake::{batch, ingest, pipeline, table};
pub use choucha_report as report;
pub use choucha_report::template;
pub use choucha_rules::{coverage, diff, rulebook, texts};
pub use choucha_run::{auditing, campaign, conduct, engine, run, sink, totals};
