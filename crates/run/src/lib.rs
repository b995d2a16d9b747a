//! Audits many cases: the rules made ready, what is gathered across cases, the conduct of people and agencies, the totals;
//! all of it one [`run::Run`], emptied into a [`sink::Sink`].

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
