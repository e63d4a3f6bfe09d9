//! Arguments of `dbexec serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use generated_client::Secret;

use super::workspace::secret;
use super::{InterpreterArgs, MasterArgs};
use crate::local::{FaultRate, MemoryLimit, QuirkSetting};
use crate::timeout::Timeout;

pub(super) const SERVE_EXAMPLES: &str = "\
Examples:
  dbexec serve
  DBEXEC_TOKEN=secret dbexec serve --port 8112
  dbexec serve --memory-limit 4GiB
  dbexec serve --master spark://host:7077 --cores 4
  dbexec serve --tls --tls-ca-file ca.pem
  dbexec serve --fault 503-after:0.05 --fault 429:0.1

  curl -H 'Authorization: Bearer secret' -d 'clusterId=any&language=python' \\
       http://127.0.0.1:8112/api/1.2/contexts/create

By default, the server listens on 127.0.0.1 only. Clients with the token can run
code as your user. That code does not inherit DBEXEC_TOKEN and the secrets of a
workspace (DATABRICKS_TOKEN and so on).";

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Port to listen on. 0 selects a free port
    #[arg(long, default_value_t = 8112)]
    pub(crate) port: u16,

    /// Address to listen on. Other machines can connect to addresses other than the loopback addresses
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) listen: IpAddr,

    /// Encrypt connections, with a certificate that is generated at start. Clients must trust the
    /// certificate of its authority, which is printed
    #[arg(long)]
    pub(crate) tls: bool,

    /// Write the certificate of the authority to a file, in PEM format
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(crate) tls_ca_file: Option<PathBuf>,

    /// Token that clients must send. Default: a random token, which is printed
    #[arg(long, env = "DBEXEC_TOKEN", hide_env_values = true, value_parser = secret)]
    pub(crate) token: Option<Secret>,

    /// File that contains the token. `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub(crate) token_file: Option<PathBuf>,

    /// Accept requests without a token from every program on this machine, including those of other
    /// users
    #[arg(long, conflicts_with_all = ["token", "token_file"])]
    pub(crate) no_token: bool,

    #[command(flatten)]
    pub(crate) interpreters: InterpreterArgs,

    #[command(flatten)]
    pub(crate) master: MasterArgs,

    /// Cluster ids that are accepted: `any`, or with `strict` those that a client has created
    #[arg(long, value_enum, value_name = "MODE", default_value = "any")]
    pub(crate) clusters: ClusterMode,

    /// Folder for the files of DBFS. Default: a temporary folder that is removed at the end
    #[arg(long, value_name = "DIR")]
    pub(crate) dbfs: Option<PathBuf>,

    /// Maximum memory of each Python and R process, for example `4GiB`. Default: no limit
    ///
    /// Beyond it, a command fails with `MemoryError` or `cannot allocate vector`, and its context remains
    /// usable. Processes of Spark have a heap of a fixed size instead. Not enforced on macOS
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_limit: Option<MemoryLimit>,

    /// Switch a behavior of Databricks, for example `cancel-is-finished=off`. `--help` lists all
    #[arg(long, value_name = "NAME=on|off")]
    pub(crate) quirk: Vec<QuirkSetting>,

    /// Inject a fault into a fraction of the requests, for example `503-after:0.05`. `--help` lists all
    #[arg(long, value_name = "NAME:RATE")]
    pub(crate) fault: Vec<FaultRate>,

    /// Seed of the faults. The n-th request to an endpoint has the same fault in each run with the same
    /// seed. Default: a random seed, which is printed
    #[arg(long, value_name = "NUMBER", requires = "fault")]
    pub(crate) fault_seed: Option<u64>,

    /// Delay of the fault `slow`
    #[arg(long, value_name = "TIME", requires = "fault", default_value = "5s")]
    pub(crate) fault_delay: Timeout,
}

/// Clusters of a local server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClusterMode {
    /// A cluster is created when its id is used for the first time
    Any,
    /// Clusters have to be created with `clusters/create`
    Strict,
}
