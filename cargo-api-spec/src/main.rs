//! Cargo subcommand for spec files of REST APIs.
//!
//! ```text
//! main ──▶ cli        arguments
//!   └────▶ check, explain, expand, schema, new, diff, export, import
//!            │
//!            ├─▶ spec            spec files, read and parsed
//!            ├─▶ json, toml      output formats
//!            └─▶ console, files  standard streams and output files
//! ```

// `OpenAPI` is a name, and the doc comments of `cli` are help texts, which have no Markdown.
#![allow(clippy::doc_markdown)]

mod check;
mod cli;
mod console;
mod diff;
mod error;
mod expand;
mod explain;
mod export;
mod files;
mod import;
mod json;
mod new;
mod schema;
mod semver;
mod spec;
mod toml;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let result = match Cli::parse_from(arguments()).command {
        Command::Check(args) => check::check(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Expand(args) => expand::expand(&args),
        Command::Schema => schema::schema(),
        Command::New(args) => new::new(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Export(args) => export::export(&args),
        Command::Import(args) => import::import(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::note(&error);
            error.exit_code()
        }
    }
}

/// Returns the arguments without the name of the subcommand.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    // Cargo runs `cargo-api-spec api-spec check` for `cargo api-spec check`.
    if arguments.get(1).is_some_and(|first| first == "api-spec") {
        arguments.remove(1);
    }
    arguments
}
