//! Tests of the whole: the library from outside, the command, the rules we ship, the fixtures and the docs. One
//! binary, so that they link once and load the rules once; `cargo test --test it fixtures::` runs one file.

#![cfg(test)]

mod architecture;
mod assume;
mod calendar;
mod campaigns;
mod check;
mod columns;
mod command;
mod conduct;
mod coverage;
mod dates;
mod deadlines;
mod diff;
mod docs;
mod effective;
mod examples;
mod fixtures;
mod garbage;
mod graph;
mod law;
mod native_agrees;
mod notices_vs_order_18;
mod obligations;
mod page;
mod properties;
mod readings;
mod readme;
mod rule_tests;
mod selection;
mod silence;
mod spelling;
mod support;
mod table;
mod texts;
mod timeline;
#[cfg(unix)]
mod trust;
mod waivers;
mod whatever;
