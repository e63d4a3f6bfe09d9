//! Command line tool that runs code on a Databricks cluster or on this machine.
//!
//! ```text
//! main ──▶ cli        command line arguments
//!   ├────▶ run        runs code: source, notebook, header, language, target, live_output, render
//!   ├────▶ local      runs a local server: serve, server, settings, secrets, token; installs Spark
//!   ├────▶ handle     contexts and commands that remain after a run
//!   ├────▶ call       calls an endpoint: specs, argument, foreign, request, response, describe
//!   └────▶ ps, clean  list and destroy contexts of ended processes: journal, recorded
//!          error      errors and exit codes
//! ```
//!
//! Results are written to standard output, and everything else to standard error.

mod call;
mod clean;
mod cli;
mod console;
mod elapsed;
mod error;
mod handle;
mod header;
mod interrupt;
mod journal;
mod language;
mod live_output;
mod local;
mod notebook;
mod one_line;
mod out;
mod progress;
mod ps;
mod recorded;
mod render;
mod report;
mod run;
mod source;
mod stdout;
mod suggest;
mod target;
mod timeout;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::error::Exit;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Serve(args) => local::serve(&args),
        Command::Call(args) => call::call(&args),
        Command::Spark(command) => local::spark(&command),
        Command::Status(args) => handle::status(&args),
        Command::Cancel(args) => handle::cancel(&args),
        Command::Destroy(args) => handle::destroy(&args),
        Command::ExitCodes => console::print(&format!("{}\n", cli::EXIT_CODES)),
        Command::Ps(args) => ps::ps(&args),
        Command::Clean(args) => clean::clean(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !interrupt::is_stdout_closed() {
                console::eprintln(&error);
            }
            if error.exit() == Exit::Interrupted {
                interrupt::raise_again();
            }
            error.exit().into()
        }
    }
}
