//! `dbexec fs`: files of DBFS.
//!
//! ```text
//! fs ──▶ list     folders and their properties
//!  ├───▶ cat      files on standard output
//!  ├───▶ copy     copies of files, one after the other: stdin, status
//!  │       └────▶ plan   the files of all sources, and their targets: location
//!  ├───▶ change   deletion and new folders
//!  └───▶ path     paths of DBFS
//! ```

mod cat;
mod change;
mod copy;
mod error;
mod list;
mod location;
pub(crate) mod path;
mod plan;
mod status;
mod stdin;

pub(crate) use self::status::Status;
use crate::cli::FsCommand;
use crate::error::CliError;

/// Runs a subcommand.
pub(crate) fn fs(command: &FsCommand) -> Result<(), CliError> {
    match command {
        FsCommand::Ls(args) => list::list(args),
        FsCommand::Cat(args) => cat::cat(args),
        FsCommand::Cp(args) => copy::copy(args),
        FsCommand::Rm(args) => change::remove(args),
        FsCommand::Mkdir(args) => change::make_folders(args),
    }
}
