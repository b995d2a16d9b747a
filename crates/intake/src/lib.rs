//! Bytes, tables, folders and streams to records.
//!
//! Only this crate uses the readers of workbooks and delimited text.

pub mod assume;
pub mod batch;
pub mod ingest;
pub mod pipeline;
pub mod table;
