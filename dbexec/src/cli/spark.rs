//! Arguments of `dbexec spark`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// output.
    Install(SparkInstallArgs),
    /// Show the Spark, Java, Python and R that code on this machine uses
    Status(SparkStatusArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SparkInstallArgs {
    /// URL of a mirror, or a copy of the archive. Its checksum is verified
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) from: Option<String>,
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
