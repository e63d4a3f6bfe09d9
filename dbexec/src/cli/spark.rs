//! Arguments of `dbexec spark`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::local::MemorySize;

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec spark install
  dbexec spark install --from https://mirror.example.com/pyspark-4.3.0.tar.gz
  dbexec spark status
  dbexec run --local -l sql -c 'SELECT 1 + 1'";

#[derive(Debug, Subcommand)]
pub(crate) enum SparkCommand {
    /// Install Spark into the cache folder
    ///
    /// Downloads the source package of pyspark, verifies its checksum, and unpacks it into
    /// `$XDG_CACHE_HOME/dbexec/spark` or `~/.cache/dbexec/spark`. Needs 1 GB of disk space, no root and no pip.
    /// A download that was interrupted is resumed. The folder for `SPARK_HOME` is printed to standard
    /// output. Afterwards, Spark is prepared as by `dbexec spark prepare`.
    Install(SparkInstallArgs),
    /// Prepare Spark for fast starts
    ///
    /// Compiles the programs of the local server, and writes archives of class data, with which Spark starts
    /// in about half of the time. Both are kept in `$XDG_CACHE_HOME/dbexec/spark` or `~/.cache/dbexec/spark`.
    /// Needs two minutes and 400 MB of disk space, once for each version. Otherwise, `dbexec serve` does it in
    /// the background.
    Prepare(SparkPrepareArgs),
    /// Show the Spark, Java, Python and R that code on this machine uses
    Status(SparkStatusArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SparkInstallArgs {
    /// URL of a mirror, or a copy of the archive. Its checksum is verified
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) from: Option<String>,

    /// Do not prepare Spark for fast starts
    #[arg(long)]
    pub(crate) no_prepare: bool,
}

#[derive(Debug, Args)]
// R needs no preparation.
#[command(mut_arg("r", |arg| arg.hide(true)))]
pub(crate) struct SparkPrepareArgs {
    #[command(flatten)]
    pub(crate) interpreters: InterpreterArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SparkStatusArgs {
    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) interpreters: InterpreterArgs,
}

/// Format of `dbexec spark status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    Text,
    Json,
}

/// Master of the Spark applications of a server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Spark cluster")]
pub(crate) struct MasterArgs {
    /// Master of Spark applications, for example `spark://host:7077`. Default: they run on this machine
    #[arg(long, value_name = "URL")]
    pub(crate) master: Option<String>,

    /// Cores of each Spark application. Default: all cores of this machine, or 2 of those of `--master`
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) cores: Option<u32>,

    /// Memory of each Spark application on this machine, for example `4g`. Default: `1g`
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<MemorySize>,

    /// Setting of Spark, for example `spark.executor.memory=4g`. Can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) spark_conf: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if name.starts_with("spark.") => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("expected `NAME=VALUE` with a name that starts with `spark.`".to_owned()),
    }
}

/// Interpreters of code on this machine.
#[derive(Debug, Args)]
#[command(next_help_heading = "Interpreters of this machine")]
pub(crate) struct InterpreterArgs {
    /// Python interpreter, version 3.8 or newer
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    pub(crate) python: PathBuf,

    /// R interpreter, version 4.0 or newer
    #[arg(long, value_name = "PROGRAM", default_value = "R")]
    pub(crate) r: PathBuf,

    /// Folder of Spark. Default: the variable `SPARK_HOME`, the package pyspark of Python, then that of
    /// `dbexec spark install`
    #[arg(long, value_name = "DIR")]
    pub(crate) spark_home: Option<PathBuf>,

    /// Program `java` that runs Spark. Default: that of `JAVA_HOME`, then that of the `PATH`
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) java: Option<PathBuf>,
}
