//! Arguments of `dbexec repl`.

use std::path::PathBuf;

use clap::Args;

use super::{ProgressArgs, ResultArgs, TargetArgs};
use crate::handle::Handle;
use crate::language::Language;
use crate::timeout::Timeout;

pub(super) const REPL_EXAMPLES: &str = "\
Examples:
  dbexec repl --local           on this machine, with its Python
  dbexec repl --cluster etl
  dbexec repl -l sql            cluster and credentials from the environment
  dbexec repl --keep            `--context HANDLE` continues the session
  dbexec repl < inputs.txt      stops at the first error

In a session:
  def half(x):                  a block ends with an empty line
      return x / 2

  :sql SELECT * FROM sales      one input in another language
  :sql                          change the language
  :export sales.csv
  :help";

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct ReplArgs {
    /// First language of the session. Default: the variable `DBEXEC_LANGUAGE`, then Python
    #[arg(short, long, value_enum, ignore_case = true)]
    pub(crate) language: Option<Language>,

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

    #[command(flatten)]
    pub(crate) progress: ProgressArgs,

    /// Folder for images, which are saved as `image-INPUT.png`. Default: the working directory
    #[arg(long, value_name = "DIR")]
    pub(crate) save_images: Option<PathBuf>,

    // Last: clap applies its headings to all arguments that follow.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}
