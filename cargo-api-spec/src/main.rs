//! The tool of those who describe REST APIs in TOML.
//!
//! ```text
//! main ──▶ cli        what was typed
//!   └────▶ check, explain, expand, schema, new, diff, export, import
//!            │
//!            ├─▶ spec      a file, read and parsed
//!            ├─▶ json      JSON that keeps its order
//!            └─▶ console, exit
//! ```
//!
//! Results go to standard output, everything else to standard error.

// OpenAPI is a name, and help has no use for backticks.
#![allow(clippy::doc_markdown)]

mod check;
mod cli;
mod console;
mod diff;
mod exit;
mod expand;
mod explain;
mod export;
mod files;
mod import;
mod json;
mod new;
mod schema;
mod spec;
mod toml;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse_from(arguments()).command {
        Command::Check(args) => check::check(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Expand(args) => expand::expand(&args),
        Command::Schema => schema::schema(),
        Command::New(args) => new::new(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Export(args) => export::export(&args),
        Command::Import(args) => import::import(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::say(&failure);
            failure.exit().into()
        }
    }
}

/// What was typed. Cargo runs `cargo-api-spec api-spec …` for `cargo api-spec …`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|word| word == "api-spec") {
        arguments.remove(1);
    }
    arguments
}
