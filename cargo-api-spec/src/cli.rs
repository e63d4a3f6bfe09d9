//! The command line as it is typed.

use std::path::PathBuf;

use api_codegen::Trait;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diff::Level;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, and nothing to object to
  1  the answer is no: faults in a description, a stale file, a change that is too great
  2  the command line cannot be used, or a file cannot be read or written

Results go to standard output, everything else to standard error. `-` is standard input.";

const CHECK_EXAMPLES: &str = "\
Examples:
  cargo api-spec check clock.toml
  cargo api-spec check --deny-warnings specs/*.toml
  cargo api-spec check --message-format json clock.toml    one message a line, as cargo writes them";

const EXPAND_EXAMPLES: &str = "\
Examples:
  cargo api-spec expand clock.toml
  cargo api-spec expand clock.toml --out src/clock.rs
  cargo api-spec expand clock.toml --out src/clock.rs --check    for CI

In Rust:
  api_runtime::api!(\"clock.toml\", checked_in = \"src/clock.rs\");";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  cargo api-spec schema > api-spec.schema.json

The first line of a description then names it to editors that know Tombi or Taplo:
  #:schema ./api-spec.schema.json";

const DIFF_EXAMPLES: &str = "\
Examples:
  cargo api-spec diff old.toml clock.toml
  git show v1.4.0:clock.toml | cargo api-spec diff - clock.toml --fail-on major

What is what:
  major  a program that compiled does not, or does something else without notice
  minor  there is more, or a request is sent again where it was not
  patch  words";

const IMPORT_EXAMPLES: &str = "\
Examples:
  cargo api-spec import petstore.yaml > petstore.toml
  cargo api-spec import petstore.json --out petstore.toml

What the language has no words for is dropped or told more loosely; each case is told on standard
error.";

/// Works with descriptions of REST APIs, as `api_runtime::api!` reads them.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-api-spec",
    bin_name = "cargo api-spec",
    version,
    arg_required_else_help = true,
    after_help = EXIT_CODES
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tells every fault of descriptions, each with its place
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Explains the code of a fault, as in `S101`; without one, lists all
    Explain(ExplainArgs),
    /// Prints the client as Rust, or writes it to a file
    #[command(after_help = EXPAND_EXAMPLES)]
    Expand(ExpandArgs),
    /// Prints a JSON Schema of the language, by which editors complete and check
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema,
    /// Writes a description to start from, and prints the lines that use it
    New(NewArgs),
    /// Tells what a change of the description is to users of the client: patch, minor or major
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// Prints the API as OpenAPI 3.1, for other tools
    Export(ExportArgs),
    /// Makes a description of an OpenAPI 3 or Swagger 2 document, and tells what is lost
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The descriptions
    #[arg(required = true, value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,

    /// How faults are told
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,

    /// Takes warnings for faults
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// The lines concerned, with carets below them
    Human,
    /// One line a fault
    Short,
    /// One line of JSON a fault, as cargo and rustc write it
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, in upper or lower case
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExpandArgs {
    /// The description
    pub(crate) file: PathBuf,

    /// Writes the client to this file, unless it is there already
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Writes nothing, and ends with 1 if the file is not what the description makes
    #[arg(long, requires = "out")]
    pub(crate) check: bool,

    /// Where the client finds its runtime [default: `::api_runtime`]
    #[arg(long, value_name = "PATH")]
    pub(crate) runtime: Option<String>,

    /// Only these endpoints, as in `jobs.get` or `jobs.*`; may be there several times
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) only: Vec<String>,

    /// Gives all types this trait: `PartialEq`, `Serialize` or `Deserialize`; may be there several
    /// times
    #[arg(long, value_name = "TRAIT", value_parser = derived)]
    pub(crate) derive: Vec<Trait>,
}

fn derived(name: &str) -> Result<Trait, String> {
    Trait::named(name).ok_or_else(|| {
        let all = Trait::ALL.map(|item| format!("`{item}`"));
        format!("expected one of {}", all.join(", "))
    })
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The name of the API, as in `"Our Files"`
    pub(crate) name: String,

    /// Where to write it [default: a file here, called as the API is]
    #[arg(long, value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The description as it was
    pub(crate) old: PathBuf,

    /// The description as it is
    pub(crate) new: PathBuf,

    /// How changes are told
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: DiffFormat,

    /// Ends with 1 if a change is as great as this
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<Level>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// One line a change, the greatest first
    Human,
    /// An object of JSON
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The description
    pub(crate) file: PathBuf,

    /// The version of the API, which OpenAPI asks for
    #[arg(long, value_name = "VERSION", default_value = "0.0.0")]
    pub(crate) api_version: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The document, in JSON or YAML
    pub(crate) file: PathBuf,

    /// Writes the description to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Overwrites the file, if it is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
