//! Arguments for log messages.

use clap::{ArgAction, Args, ValueEnum};

/// Log messages on standard error.
#[derive(Debug, Args)]
#[command(next_help_heading = "Log messages")]
pub(crate) struct LoggingArgs {
    /// Print the source of each setting, and each attempt to send a request. With `-vv`, also connections
    /// and retries. The variable `RUST_LOG` selects messages by module
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Format of log messages. `json` is one object per line
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub(crate) log_format: LogFormat,
}

/// Format of log messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}
