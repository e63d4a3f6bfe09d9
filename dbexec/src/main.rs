//! Command line tool that runs code on a Databricks cluster or on this machine.
//!
//! ```text
//! main ──▶ cli        command line arguments
//!   ├────▶ run        runs code: source, notebook, syntax, header, language, target, live_output, render
//!   │        └────▶ jar   installs a library for the code of `dbexec jar`
//!   ├────▶ repl       runs inputs of a person in turn: context, target, syntax, render
//!   ├────▶ local      runs a local server: serve, server, settings, secrets, token; installs Spark
//!   ├────▶ wait       waits for a command of another process
//!   ├────▶ handle_commands   status and end of contexts and commands that remain after a run: handle
//!   ├────▶ call       calls an endpoint: specs, argument, foreign, request, response, created, describe
//!   ├────▶ cluster    lists, starts and stops clusters
//!   ├────▶ fs         copies, lists and deletes files of DBFS: transfer
//!   ├────▶ config     shows settings, writes a profile
//!   ├────▶ doctor     tests the connection to a workspace
//!   ├────▶ generate   completion scripts and manual pages
//!   └────▶ ps, clean  list and destroy contexts of ended processes: journal, recorded
//!          logging    log messages
//!          error      errors and exit codes
//! ```
//!
//! Results are written to standard output, and everything else to standard error.

mod call;
mod clean;
mod cli;
mod cluster;
mod color;
mod columns;
mod config;
mod console;
mod context;
mod doctor;
mod elapsed;
mod error;
mod fs;
mod generate;
mod handle;
mod handle_commands;
mod header;
mod interrupt;
mod jar;
mod journal;
mod language;
mod live_output;
mod local;
mod logging;
mod notebook;
mod one_line;
mod out;
#[cfg(unix)]
mod pager;
#[cfg(unix)]
mod pager_process;
mod progress;
mod ps;
mod recorded;
mod remains;
mod render;
mod repl;
mod replace;
mod report;
mod run;
mod setting_origin;
mod source;
mod state_dir;
mod status_line;
mod stdout;
mod suggest;
mod summary;
mod syntax;
mod target;
mod taskbar;
mod timeout;
mod token_file;
mod transfer;
mod wait;

use std::env;
use std::mem;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::{Cli, Command};
use crate::error::Exit;

fn main() -> ExitCode {
    let cli = parse();
    logging::start(&cli.logging);
    let result = match cli.command {
        Command::Run(args) => run::run(&args, None),
        Command::Jar(args) => run::run(&args.run, Some(&args.jar)),
        Command::Repl(args) => repl::repl(&args),
        Command::Serve(args) => local::serve(&args),
        Command::Call(args) => call::call(&args),
        Command::Fs(command) => fs::fs(&command),
        Command::Spark(command) => local::spark(&command),
        Command::Wait(args) => wait::wait(&args),
        Command::Status(args) => handle_commands::status(&args),
        Command::Cancel(args) => handle_commands::cancel(&args),
        Command::Destroy(args) => handle_commands::destroy(&args),
        Command::ExitCodes => console::print(&format!("{}\n", cli::EXIT_CODES)),
        Command::Ps(args) => ps::ps(&args),
        Command::Clean(args) => clean::clean(&args),
        Command::Cluster(command) => cluster::cluster(&command),
        Command::Config(command) => config::config(&command),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Completions(args) => generate::completions(&args),
        Command::Man(args) => generate::man(&args),
    };
    let exit = match result {
        Ok(()) => None,
        Err(error) => {
            if !error.is_reported() && !interrupt::is_stdout_closed() {
                console::eprintln(&error);
            }
            Some(error.exit())
        }
    };
    // A report contains the exit code, which a further signal must not change.
    mem::forget(interrupt::hold_end());
    if exit == Some(Exit::Interrupted) {
        interrupt::raise_again();
    }
    exit.map_or(ExitCode::SUCCESS, ExitCode::from)
}

/// Parses the command line. An error ends the process.
fn parse() -> Cli {
    let choice = color::choice(env::args_os());
    color::set(choice);
    let mut command = Cli::command().color(choice);
    let matches = command.try_get_matches_from_mut(env::args_os());
    let matches = matches.unwrap_or_else(|mut error| {
        cli::suggestion::add(&mut error, &command, env::args_os().skip(1));
        error.exit()
    });
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}
