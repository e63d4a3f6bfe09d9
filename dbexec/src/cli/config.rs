//! Arguments of `dbexec config`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::{StatusFormat, WorkspaceArgs};

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec config show --profile prod
  dbexec config init
  dbexec config init --profile prod --host https://adb-123.azuredatabricks.net \\
         --token-file - < token";

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the settings that are used, their origins, and those that are ignored
    ///
    /// Secrets are not printed, and no request is sent.
    Show(ConfigShowArgs),
    /// Write a profile with host and token
    ///
    /// Asks for the host and the token if standard input is a terminal. The token is checked by a request,
    /// and is written only if the workspace accepts it. Other profiles and all comments of the file are
    /// kept.
    Init(ConfigInitArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigShowArgs {
    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
#[command(mut_arg("profile", |arg| arg.help("Name of the profile. Default: `DEFAULT`")))]
pub(crate) struct ConfigInitArgs {
    /// File that contains the token. `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub(crate) token_file: Option<PathBuf>,

    /// Cluster for `dbexec run`: its id, or its name. Its id is written
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster: Option<String>,

    /// Replace host and credentials of an existing profile
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
