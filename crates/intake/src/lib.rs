//! Bytes, tables, folders and streams to records.
//!
//! This crate is the only user of the readers of workbooks and of delimited text.

pub mod batch;
pub mod ingest;
pub mod pipeline;
pub mod table;
