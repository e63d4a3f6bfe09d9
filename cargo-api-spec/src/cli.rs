//! Command line arguments.

use std::path::PathBuf;

use api_codegen::Trait;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::semver::SemverLevel;

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  check failed: errors in a spec, an outdated file, or a change that
     `--fail-on` rejects
  2  invalid arguments, or a file that cannot be read or written

Results are written to standard output, everything else to standard error. The
file name `-` stands for standard input.";

const CHECK_EXAMPLES: &str = "\
Examples:
  cargo api-spec check clock.toml
  cargo api-spec check --deny-warnings specs/*.toml
  cargo api-spec check --message-format json clock.toml";

const EXPAND_EXAMPLES: &str = "\
Examples:
  cargo api-spec expand clock.toml
  cargo api-spec expand clock.toml --out src/clock.rs
  cargo api-spec expand clock.toml --out src/clock.rs --check    # in CI

Use in Rust:
  api_runtime::api!(\"clock.toml\", checked_in = \"src/clock.rs\");";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  cargo api-spec schema > api-spec.schema.json

To use it in an editor with Tombi or Taplo, begin the spec with this line:
  #:schema ./api-spec.schema.json";

const DIFF_EXAMPLES: &str = "\
Examples:
  cargo api-spec diff old.toml clock.toml
  git show v1.4.0:clock.toml | cargo api-spec diff - clock.toml --fail-on major

Levels:
  major  programs no longer compile, or their behavior changes
  minor  new items, or a different retry behavior
  patch  documentation and messages";

const IMPORT_EXAMPLES: &str = "\
Examples:
  cargo api-spec import petstore.yaml > petstore.toml
  cargo api-spec import petstore.json --out petstore.toml

Parts of the document that a spec cannot express are dropped or approximated. A
report on standard error lists them.";

/// Check, expand, compare and convert spec files for `api_runtime::api!`
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
    /// Check spec files and report all errors
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Explain an error code, e.g. `S101`, or list all codes
    Explain(ExplainArgs),
    /// Print the generated Rust code, or write it to a file
    #[command(after_help = EXPAND_EXAMPLES)]
    Expand(ExpandArgs),
    /// Print a JSON Schema of spec files for completion and validation in editors
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema,
    /// Create a spec with example endpoints
    New(NewArgs),
    /// Compare two versions of a spec and print the semver level of each change
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// Convert a spec to OpenAPI 3.1
    Export(ExportArgs),
    /// Convert an OpenAPI 3 or Swagger 2 document to a spec
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Spec files
    #[arg(required = true, value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Source lines with carets
    Human,
    /// One line per error
    Short,
    /// One JSON message per line, in the format of cargo and rustc
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Error code, in upper or lower case
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExpandArgs {
    /// Spec file
    pub(crate) file: PathBuf,

    /// Write the code to this file, unless it is up to date
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Check that the file is up to date without writing it
    #[arg(long, requires = "out")]
    pub(crate) check: bool,

    /// Path of the runtime crate in the generated code [default: `::api_runtime`]
    #[arg(long, value_name = "PATH")]
    pub(crate) runtime: Option<String>,

    /// Generate only these endpoints, e.g. `jobs.get` or `jobs.*` (repeatable)
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) only: Vec<String>,

    /// Implement this trait for all types: `PartialEq`, `Serialize` or `Deserialize` (repeatable)
    #[arg(long, value_name = "TRAIT", value_parser = parse_trait)]
    pub(crate) derive: Vec<Trait>,
}

fn parse_trait(name: &str) -> Result<Trait, String> {
    Trait::named(name).ok_or_else(|| {
        let all = Trait::ALL.map(|item| format!("`{item}`"));
        format!("expected one of {}", all.join(", "))
    })
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the API, e.g. `"My Files"`
    pub(crate) name: String,

    /// File to create [default: the name of the API in snake case, in the current directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Old version of the spec
    pub(crate) old: PathBuf,

    /// New version of the spec
    pub(crate) new: PathBuf,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: DiffFormat,

    /// Exit with 1 if a change has this level or a higher one
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<SemverLevel>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// One line per change, sorted by level
    Human,
    /// A JSON object
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Spec file
    pub(crate) file: PathBuf,

    /// Version of the API, which OpenAPI requires
    #[arg(long, value_name = "VERSION", default_value = "0.0.0")]
    pub(crate) api_version: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Document in JSON or YAML
    pub(crate) file: PathBuf,

    /// Write the spec to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Overwrite the file if it exists
    #[arg(long, requires = "out")]
    pub(crate) force: bool,

    /// Report every place of ignored values, not only the first one for each
    /// key and reason
    #[arg(long)]
    pub(crate) all_places: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn command_line_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    /// clap wraps longer lines, which is wrong for examples and tables.
    #[test]
    fn text_after_the_options_fits_into_80_columns() {
        let cli = Cli::command();
        let commands = std::iter::once(&cli).chain(cli.get_subcommands());
        let texts = commands.filter_map(clap::Command::get_after_help);
        let texts = texts.map(ToString::to_string).collect::<Vec<_>>();
        assert!(texts.len() > 5, "{texts:#?}");
        for text in texts {
            let long = text.lines().find(|line| line.chars().count() > 80);
            assert_eq!(long, None);
        }
    }
}
