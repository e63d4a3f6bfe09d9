//! Runs code on a Databricks cluster, or on this machine, from the command line.
//!
//! ```text
//! main ──▶ cli        what was typed
//!   ├────▶ run        code in, output out: source, language, place, render
//!   ├────▶ serve      a local server until Ctrl-C
//!   └────▶ call       one endpoint, by its description
//!          exit       every way to end, with its code
//! ```
//!
//! Results go to standard output, everything else to standard error.

mod call;
mod cli;
mod console;
mod exit;
mod interrupt;
mod language;
mod live;
mod render;
mod run;
mod serve;
mod source;
mod suggest;
mod target;
mod timeout;
mod token;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Serve(args) => serve::serve(&args),
        Command::Call(args) => call::call(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::say(&failure);
            failure.exit().into()
        }
    }
}
