//! Arguments of `dbexec repl`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{InterpreterArgs, ResultArgs, WorkspaceArgs};
use crate::handle::Handle;
use crate::language::Language;
use crate::progress;
use crate::target::Selection;
use crate::timeout::Timeout;

pub(super) const REPL_EXAMPLES: &str = "\
Examples:
  dbexec repl --local                             on this machine, with its Python
  dbexec repl --cluster etl
  dbexec repl -l sql                              cluster and credentials from the environment
  dbexec repl --keep                              `dbexec repl --context HANDLE` continues the session
  dbexec repl < inputs.txt                        stops at the first error

In a session:
  def half(x):                                    a block ends with an empty line
      return x / 2

  :sql SELECT * FROM sales                        one input in another language
  :sql                                            change the language
  :export sales.csv
  :help";

#[derive(Debug, Args)]
#[command(args_override_self = true)]
#[command(mut_arg("python", |arg| arg.requires("local")))]
#[command(mut_arg("spark_home", |arg| arg.requires("local")))]
#[command(mut_arg("java", |arg| arg.requires("local")))]
#[command(mut_arg("r", |arg| arg.requires("local")))]
pub(crate) struct ReplArgs {
    /// First language of the session. Default: the variable `DBEXEC_LANGUAGE`, then Python
    #[arg(short, long, value_enum, ignore_case = true)]
    pub(crate) language: Option<Language>,

    /// Cluster to run the code on: its id, or its name
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster: Option<String>,

    /// Start the cluster if it is terminated, and wait until it runs
    #[arg(long, conflicts_with_all = ["local", "context"])]
    pub(crate) start: bool,

    /// Maximum time for canceling code and destroying a context
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub(crate) cleanup_timeout: Timeout,

    /// Keep the contexts at the end, and print their handles to standard error
    #[arg(long, conflicts_with = "local")]
    pub(crate) keep: bool,

    /// Use an existing context, which is kept: `CLUSTER/CONTEXT`
    #[arg(
        long,
        value_name = "HANDLE",
        conflicts_with_all = ["local", "cluster", "keep"]
    )]
    pub(crate) context: Option<Handle>,

    #[command(flatten)]
    pub(crate) results: ResultArgs,

    /// Display of the progress on standard error
    #[arg(
        long,
        value_enum,
        value_name = "MODE",
        env = "DBEXEC_PROGRESS",
        default_value = "auto"
    )]
    pub(crate) progress: progress::Mode,

    /// Folder for images, which are saved as `image-INPUT.png`. Default: the working directory
    #[arg(long, value_name = "DIR")]
    pub(crate) save_images: Option<PathBuf>,

    /// Run the code on this machine, without a workspace
    #[arg(
        long,
        conflicts_with_all = ["host", "token", "profile", "workspace_id", "ca_file", "allow_plain_http"]
    )]
    pub(crate) local: bool,

    /// Variable with a secret that the code of `--local` inherits, for example `DATABRICKS_TOKEN`.
    /// Other secrets that `dbexec` reads are removed from its environment
    #[arg(long, value_name = "NAME", requires = "local")]
    pub(crate) keep_env: Vec<OsString>,

    #[command(flatten)]
    pub(crate) interpreters: InterpreterArgs,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

impl ReplArgs {
    /// Returns the arguments that select the target.
    pub(crate) fn target(&self) -> Selection<'_> {
        Selection {
            local: self.local,
            interpreters: &self.interpreters,
            workspace: &self.workspace,
            cluster: self.cluster.as_deref(),
            context: self.context.as_ref(),
            timeout: Timeout::NONE,
        }
    }
}
