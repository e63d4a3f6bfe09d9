//! Arguments of `dbexec fs`.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use super::{ProgressArgs, StatusFormat, WORKSPACE, WorkspaceArgs};
use crate::fs::path::DbfsPath;
use crate::timeout::Timeout;

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec fs ls -l dbfs:/in
  dbexec fs cp big.csv dbfs:/in/big.csv           upload
  dbexec fs cp dbfs:/in/big.csv .                 download
  dbexec fs cp -r reports dbfs:/reports           folder with its contents
  dbexec fs cat dbfs:/logs/app.log | less
  generate-data | dbexec fs cp - dbfs:/in/data.json
  dbexec fs rm -r dbfs:/tmp/job-17";

fn long_help() -> String {
    format!("{EXAMPLES}\n\n{WORKSPACE}")
}

#[derive(Debug, Subcommand)]
pub(crate) enum FsCommand {
    /// List folders and files
    #[command(after_help = EXAMPLES, after_long_help = long_help())]
    Ls(FsLsArgs),
    /// Write files to standard output
    #[command(after_help = EXAMPLES, after_long_help = long_help())]
    Cat(FsCatArgs),
    /// Copy files between this machine and DBFS, or within DBFS
    ///
    /// A path that starts with `dbfs:/` is on DBFS, `-` is standard input or output, and any other path is on
    /// this machine. If the target is a folder, files are copied into it. Files are not replaced without
    /// `--overwrite`. A file is complete or not there: an incomplete one is removed, or an error names it.
    #[command(after_help = EXAMPLES, after_long_help = long_help())]
    Cp(FsCpArgs),
    /// Delete files and folders
    #[command(after_help = EXAMPLES, after_long_help = long_help())]
    Rm(FsRmArgs),
    /// Create folders and their parents. An existing folder is no error
    #[command(after_help = EXAMPLES, after_long_help = long_help())]
    Mkdir(FsMkdirArgs),
}

#[derive(Debug, Args)]
pub(crate) struct FsLsArgs {
    /// Folders and files: `dbfs:/PATH`
    #[arg(value_name = "PATH", default_value = "dbfs:/")]
    pub(crate) paths: Vec<DbfsPath>,

    /// Print size in bytes and time of the last change
    #[arg(short, long)]
    pub(crate) long: bool,

    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct FsCatArgs {
    /// Files: `dbfs:/PATH`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<DbfsPath>,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct FsCpArgs {
    /// Files, and folders with `-r`. `-` is standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<OsString>,

    /// File or folder. `-` is standard output
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) target: OsString,

    /// Copy folders with their contents
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Replace existing files
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// Maximum time for all files: `90s`, `5m`, `1h30m`, a number of seconds, or `none`
    #[arg(long, value_name = "TIME", default_value = "none")]
    pub(crate) timeout: Timeout,

    #[command(flatten)]
    pub(crate) progress: ProgressArgs,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct FsRmArgs {
    /// Files, and folders with `-r`: `dbfs:/PATH`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<DbfsPath>,

    /// Delete folders with their contents
    #[arg(short, long)]
    pub(crate) recursive: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct FsMkdirArgs {
    /// Folders: `dbfs:/PATH`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<DbfsPath>,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
