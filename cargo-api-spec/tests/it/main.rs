//! Tests of the binary, each in a temporary folder.

// OpenAPI is a name.
#![allow(clippy::doc_markdown)]

mod check;
mod compile;
mod diff;
mod expand;
mod explain;
mod export;
mod generated_file;
mod import;
#[cfg(target_os = "linux")]
mod import_memory;
mod import_report;
mod new;
mod readme;
mod schema;
mod support;
