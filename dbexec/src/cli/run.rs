//! Arguments of `dbexec run`.

use std::path::PathBuf;

use clap::Args;

use super::{ProgressArgs, ResultArgs, TargetArgs};
use crate::handle::Handle;
use crate::language::Language;
use crate::run::parameter::Parameter;
use crate::timeout::Timeout;

pub(super) const RUN_EXAMPLES: &str = "\
Examples:
  dbexec run --local hello.py                     on this machine
  dbexec run --local -l python -c 'print(6*7)'
  dbexec run --cluster etl job.py
  dbexec run --timeout 2h nightly.sql             statements, in order
  dbexec run --output csv -l sql -c 'SELECT * FROM sales' > sales.csv
  dbexec run setup.sql load.py check.scala        stops at the first error
  dbexec run --parallel 4 eu.py us.py             each file in its own context
  dbexec run report.ipynb --param month=2026-11   each code cell is a command
  dbexec run job.py -- 2026-11 --full             arguments for the code
  generate-code | dbexec run -l scala -";

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each one is an option of the command line"
)]
#[command(args_override_self = true)]
pub(crate) struct RunArgs {
    /// Files to run in order, until one fails: code, or notebooks (.ipynb, or source files of
    /// Databricks). The statements of SQL are separated by `;`. `-` is standard input, which is the default if
    /// it is not a terminal
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Arguments for the code: `sys.argv`, `args` in Scala and R, and `?` in SQL
    #[arg(last = true, value_name = "ARGUMENT")]
    pub(crate) arguments: Vec<String>,

    /// Named value for the code: a widget (`dbutils.widgets.get`), or `:name` in SQL. `name:=5` is a number
    /// in SQL
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<Parameter>,

    /// Code to run instead of a file
    #[arg(
        short,
        long,
        value_name = "CODE",
        conflicts_with = "files",
        allow_hyphen_values = true
    )]
    pub(crate) code: Option<String>,

    /// Run up to N files at the same time, each in its own context. The output of each file is a block, in
    /// the order of the files
    #[arg(long, value_name = "N", value_parser = threads, requires = "files")]
    pub(crate) parallel: Option<usize>,

    /// Print the lines of `--parallel` as they come, with the name of their file
    #[arg(long, requires = "parallel")]
    pub(crate) interleave: bool,

    /// Language of the code. Default: that of the file (`dbexec:` comment, notebook, extension .py,
    /// .scala, .sql or .r), then the variable `DBEXEC_LANGUAGE`
    #[arg(short, long, value_enum, ignore_case = true)]
    pub(crate) language: Option<Language>,

    /// Maximum time for creating the context and running the code: `90s`, `5m`, `1h30m`, a number of
    /// seconds, or `none`
    #[arg(
        long,
        value_name = "TIME",
        env = "DBEXEC_TIMEOUT",
        default_value = "none"
    )]
    pub(crate) timeout: Timeout,

    /// Maximum time for canceling the code and destroying the context, after `--timeout`, a signal or
    /// the end of the code
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub(crate) cleanup_timeout: Timeout,

    /// Keep the context, and print its handle to standard error
    #[arg(long, conflicts_with = "local")]
    pub(crate) keep: bool,

    /// Start the code and print its handle, without waiting for its end. SQL code is a single statement then
    #[arg(
        long,
        conflicts_with_all = ["local", "parallel", "keep", "save_notebook", "context"]
    )]
    pub(crate) detach: bool,

    /// Send Python files as commands, and SQL code as one. By default Python files run as scripts: with their own
    /// name, `sys.argv` and `__main__`, and their output is kept if they fail. Each statement of SQL is a command
    #[arg(long)]
    pub(crate) as_command: bool,

    /// Run the code in an existing context, which is kept: `CLUSTER/CONTEXT`
    #[arg(
        long,
        value_name = "HANDLE",
        conflicts_with_all = ["local", "cluster", "parallel", "keep"]
    )]
    pub(crate) context: Option<Handle>,

    #[command(flatten)]
    pub(crate) results: ResultArgs,

    #[command(flatten)]
    pub(crate) progress: ProgressArgs,

    /// Folder for images, which are saved as `NAME-CELL.png`. Default: the working directory
    #[arg(long, value_name = "DIR")]
    pub(crate) save_images: Option<PathBuf>,

    /// Write a notebook (.ipynb) with the code and its outputs when the run ends, also after an error
    #[arg(long, value_name = "FILE", conflicts_with = "parallel")]
    pub(crate) save_notebook: Option<PathBuf>,

    #[expect(clippy::doc_markdown, reason = "the text is also that of `--help`")]
    /// Write a report when the run ends, also after an error or a signal: .json, .md, or .xml for JUnit
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    // Last: clap applies its headings to all arguments that follow.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Parses the number of files that run at the same time.
fn threads(text: &str) -> Result<usize, &'static str> {
    const EXPECTED: &str = "expected a number from 1 to 64";
    let number = text.parse().map_err(|_| EXPECTED)?;
    if (1..=64).contains(&number) {
        Ok(number)
    } else {
        Err(EXPECTED)
    }
}
