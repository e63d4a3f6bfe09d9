//! Interpreters of this machine, and errors if they are missing.

use local_server::interpreters::{Interpreter, ProbeError};
use local_server::spark::{Environment, FindError, Search};
use local_server::{Options, SparkChoice};

use super::master;
use crate::cli::{InterpreterArgs, MasterArgs};
use crate::error::CliError;
use crate::language::Language;

/// Returns the search for Spark and Java that the arguments select.
pub(super) fn search(args: &InterpreterArgs) -> Search {
    Search::new(&args.python, Environment::from_process())
        .choice(choice(args))
        .java(args.java.clone())
}

fn choice(args: &InterpreterArgs) -> SparkChoice {
    match &args.spark_home {
        Some(home) => SparkChoice::Home(home.clone()),
        None => SparkChoice::Automatic,
    }
}

/// Adds the interpreters to the options of a server.
pub(super) fn add_to(options: Options, args: &InterpreterArgs) -> Options {
    let options = options.python(&args.python).r(&args.r).spark(choice(args));
    match &args.java {
        Some(program) => options.java(program),
        None => options,
    }
}

/// Checks that the interpreter of a language is installed, before anything is created.
pub(crate) fn check_language(language: Language, args: &InterpreterArgs) -> Result<(), CliError> {
    match language {
        // A missing Python is an error of the start of each interpreter.
        Language::Python => Ok(()),
        Language::Scala | Language::Sql => {
            let found = search(args).find();
            found.map(|_| ()).map_err(|error| missing(language, &error))
        }
        Language::R => {
            let found = Interpreter::r(&args.r);
            found
                .map(|_| ())
                .map_err(|error| missing_program(language, &error))
        }
    }
}

/// Checks Spark and Java if an argument needs them, and that a master is reachable.
pub(super) fn check_selected(
    args: &InterpreterArgs,
    master_args: &MasterArgs,
) -> Result<(), CliError> {
    if args.spark_home.is_some() || args.java.is_some() || master_args.master.is_some() {
        let found = search(args).find();
        found.map_err(|error| CliError::usage(&error).help(error.help()))?;
    }
    master::check(master_args)
}

fn missing(language: Language, error: &FindError) -> CliError {
    CliError::usage(format!("{} code needs Spark: {error}", name(language))).help(error.help())
}

fn missing_program(language: Language, error: &ProbeError) -> CliError {
    CliError::usage(format!("{} code cannot run: {error}", name(language))).help(error.help())
}

fn name(language: Language) -> &'static str {
    match language {
        Language::Python => "Python",
        Language::Scala => "Scala",
        Language::Sql => "SQL",
        Language::R => "R",
    }
}
