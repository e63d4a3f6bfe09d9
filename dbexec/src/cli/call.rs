//! Arguments of `dbexec call`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::WorkspaceArgs;
use crate::timeout::Timeout;

pub(super) const CALL_EXAMPLES: &str = "\
Forms of arguments:
  name=value   text, which is parsed according to the type of the field. A list
               is written as several arguments, one per item
  name=@file   contents of a file, including the newline at the end; for a field
               of type `file`, an upload of the file
  name=-       standard input
  name:=json   JSON, for example limit:=5 or command:='\"@home\"'; also from a
               file with name:=@file

Examples:
  dbexec call                                     list the endpoints
  dbexec call contexts.create --help              describe an endpoint
  dbexec call contexts.create clusterId=0123-456789-abcde language=python \\
         --get id
  dbexec call clusters.start cluster_id=0123-456789-abcde --wait
  dbexec call commands.execute_file clusterId=0123-456789-abcde contextId=42 \\
         language=python command=@job.py --curl
  dbexec call --spec my.toml export.get id=7 > out.bin";

pub(super) const SPEC_CREDENTIALS: &str = "\
Other APIs (--spec):
  The base URL is that of --host, or `url` in the spec. Credentials are those
  that `auth` in the spec declares. Settings and credentials of Databricks are
  used with --workspace or --profile only.

  DBEXEC_API_TOKEN           bearer token
  DBEXEC_API_USER, DBEXEC_API_PASSWORD
                             user name and password
  DBEXEC_API_KEY             key that is sent in a header or in the query
  DBEXEC_API_KEY_NAME        one of several keys, by the name of its header or
                             parameter";

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent options")]
pub(crate) struct CallArgs {
    /// Endpoint, for example `contexts.create`
    pub(crate) endpoint: Option<String>,

    /// Fields of the request: `name=value`, `name=@file`, `name=-` or `name:=json`
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) arguments: Vec<OsString>,

    /// Spec file of the API, in the language of `cargo api-spec`. Default: the Databricks APIs
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,

    /// Send the requests of `--spec` to the Databricks workspace, with its credentials
    #[arg(long, requires = "spec")]
    pub(crate) workspace: bool,

    /// Print one value of the response, for example `id` or `results.data.0`. Strings have no quotes
    #[arg(long, value_name = "FIELD", requires = "endpoint")]
    pub(crate) get: Option<String>,

    /// Poll until the result is final, as the spec describes, and print the last response
    #[arg(long, requires = "endpoint")]
    pub(crate) wait: bool,

    /// Maximum time for `--wait`: `90s`, `5m`, `1h30m`, or a number of seconds. Default: no limit
    #[arg(long, value_name = "TIME", requires = "wait")]
    pub(crate) timeout: Option<Timeout>,

    /// Print the items of all pages of a list
    #[arg(long, requires = "endpoint", conflicts_with = "wait")]
    pub(crate) all: bool,

    /// Print the request as a command line of curl, without sending it. Credentials are variables
    #[arg(long, requires = "endpoint", conflicts_with = "dry_run")]
    pub(crate) curl: bool,

    /// Print the request without sending it. Secrets are redacted
    #[arg(long, requires = "endpoint")]
    pub(crate) dry_run: bool,

    /// Pretty-print the response. Default: on a terminal
    #[arg(long)]
    pub(crate) pretty: bool,

    /// Print help; with an endpoint, its fields, its response and an example
    #[arg(long)]
    pub(crate) help: bool,

    #[arg(short = 'h', hide = true)]
    pub(crate) short_help: bool,

    #[command(flatten)]
    pub(crate) connection: WorkspaceArgs,
}

impl CallArgs {
    /// Returns whether the requests of `--spec` are for the workspace.
    pub(crate) fn is_for_workspace(&self) -> bool {
        let workspace = &self.connection;
        self.workspace || workspace.profile.is_some() || workspace.workspace_id.is_some()
    }
}
