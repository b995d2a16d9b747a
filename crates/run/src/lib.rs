//! Audits many cases: preparation of the rules, audit across cases, conduct of people and agencies, totals. All this is
//! one [`run::Run`], whose results go to a [`sink::Sink`].

mod across;
pub mod auditing;
pub mod campaign;
pub mod conduct;
pub mod engine;
pub mod exit;
mod feed;
pub mod run;
pub mod sink;
pub mod totals;
