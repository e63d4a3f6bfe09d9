//! Command line arguments.

mod config;
mod doctor;
mod generate;
mod journal;
mod logging;
mod spark;

use std::convert::Infallible;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use generated_client::Secret;

pub(crate) use self::config::{ConfigCommand, ConfigInitArgs, ConfigShowArgs};
pub(crate) use self::doctor::DoctorArgs;
pub(crate) use self::generate::{CompletionShell, CompletionsArgs, ManArgs};
pub(crate) use self::journal::{CleanArgs, PsArgs};
pub(crate) use self::logging::{LogFormat, LoggingArgs};
pub(crate) use self::spark::{
    InterpreterArgs, MasterArgs, SparkCommand, SparkInstallArgs, SparkPrepareArgs, SparkStatusArgs,
    StatusFormat,
};
use crate::handle::Handle;
use crate::language::Language;
use crate::local::{self, FaultRate, QuirkSetting, Size};
use crate::progress;
use crate::render::Format;
use crate::run::parameter::Parameter;
use crate::timeout::Timeout;

pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    the code failed, or another client canceled it
  2    invalid command line or configuration; no request was sent
  3    connection failed, request rejected, invalid response, or execution context lost
  4    timed out
  5    the server truncated a result that is printed as CSV or JSON
  130, 143, 129
       interrupted by Ctrl-C, SIGTERM or SIGHUP: ends by the signal after clean-up
  141  standard output was closed, e.g. by `head`: ends by SIGPIPE after clean-up

Results are written to standard output, and everything else to standard error.";

const WORKSPACE: &str = "\
Workspace configuration:
  The options take precedence over these environment variables, then over a profile in
  ~/.databrickscfg, and then (credentials only) over ~/.netrc. A profile from --profile takes
  precedence over the variables. Sources that name another host than the selected one are ignored:
  credentials are never sent to another host. With a host only, the profile with this host is used.
  --verbose prints the source of each setting.

  DATABRICKS_HOST            URL of the workspace
  DATABRICKS_TOKEN           personal access token. Unlike --token, it is not visible to other users
                             in the list of processes
  DATABRICKS_USERNAME, DATABRICKS_PASSWORD
                             user name and password, instead of a token
  DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET
                             OAuth client of a service principal
  ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, DATABRICKS_AZURE_RESOURCE_ID
                             service principal of Azure, and its workspace
  DATABRICKS_TOKEN_COMMAND   command that prints a token
  DATABRICKS_AUTH_TYPE       type of credentials to use if several are set: pat, basic, oauth-m2m,
                             azure-client-secret or command
  DATABRICKS_CONFIG_PROFILE  name of the profile
  DATABRICKS_CONFIG_FILE     path of the profile file
  DATABRICKS_WORKSPACE_ID    workspace of a host that serves several
  DATABRICKS_CLUSTER_ID      cluster for `dbexec run`

Network configuration:
  HTTPS_PROXY, ALL_PROXY, NO_PROXY
                             proxy, and hosts that are contacted directly, by the rules of curl.
                             Lower case takes precedence; for http, only `http_proxy` is read
  SSL_CERT_FILE, SSL_CERT_DIR, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE
                             certificates to trust instead of Mozilla's: all that are set";

const RUN_EXAMPLES: &str = "\
Examples:
  dbexec run --local hello.py                     run on this machine, with its Python
  dbexec run --local -l python -c 'print(6*7)'
  dbexec run --cluster-id 0123-456789-abcde job.py
  dbexec run --timeout 2h nightly.sql             cluster and credentials from the environment
  dbexec run --output csv -l sql -c 'SELECT * FROM sales' > sales.csv
  dbexec run setup.sql load.py check.scala        stops at the first error
  dbexec run --parallel 4 eu.py us.py             each file in its own context
  dbexec run report.ipynb --param month=2026-11   each code cell is a command
  dbexec run job.py -- 2026-11 --full             arguments for the code
  generate-code | dbexec run -l scala -";

const SERVE_EXAMPLES: &str = "\
Examples:
  dbexec serve
  DBEXEC_TOKEN=secret dbexec serve --port 8112
  dbexec serve --memory-limit 4GiB
  dbexec serve --master spark://host:7077 --cores 4
  dbexec serve --tls --tls-ca-file ca.pem
  dbexec serve --fault 503-after:0.05 --fault 429:0.1

  curl -H 'Authorization: Bearer secret' http://127.0.0.1:8112/api/1.2/contexts/create \\
       -d '{\"clusterId\": \"any\", \"language\": \"python\"}'

By default, the server listens on 127.0.0.1 only. Clients with the token can run code as your user. That
code does not inherit DBEXEC_TOKEN and the secrets of a workspace (DATABRICKS_TOKEN and so on).";

const HANDLE_EXAMPLES: &str = r#"Examples:
  dbexec run --keep setup.py          prints the handle of the context to standard error
  dbexec run --context etl/17 query.sql
  run=$(dbexec run --detach job.py)   prints the handle of the command
  dbexec wait --timeout 5m "$run"
  dbexec status "$run"
  dbexec cancel etl/17/dd7f
  dbexec destroy etl/17"#;

const CALL_EXAMPLES: &str = "\
Forms of arguments:
  name=value   text, which is parsed according to the type of the field. A list is written as several
               arguments, one per item
  name=@file   contents of a file, including the newline at the end; for a field of type `file`, an
               upload of the file
  name=-       standard input
  name:=json   JSON, for example limit:=5 or command:='\"@home\"'; also from a file with name:=@file

Examples:
  dbexec call                                     list the endpoints
  dbexec call contexts.create --help              describe an endpoint
  dbexec call contexts.create clusterId=0123-456789-abcde language=python --get id
  dbexec call clusters.start cluster_id=0123-456789-abcde --wait
  dbexec call commands.execute_file clusterId=0123-456789-abcde contextId=42 language=python \\
         command=@job.py --curl
  dbexec call --spec my.toml export.get id=7 > out.bin";

const SPEC_CREDENTIALS: &str = "\
Other APIs (--spec):
  The base URL is that of --host, or `url` in the spec. Credentials are those that `auth` in the spec
  declares. Settings and credentials of Databricks are used with --workspace or --profile only.

  DBEXEC_API_TOKEN           bearer token
  DBEXEC_API_USER, DBEXEC_API_PASSWORD
                             user name and password
  DBEXEC_API_KEY             key that is sent in a header";

/// Run code on a Databricks cluster, or on this machine
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) logging: LoggingArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run code and print its results
    ///
    /// Creates an execution context, runs the code in it, and destroys it. Ctrl-C cancels the code
    /// and destroys the context; a second Ctrl-C exits immediately, and prints what may remain on the
    /// cluster. SIGHUP is ignored under `nohup`.
    #[command(after_help = format!("{RUN_EXAMPLES}\n\n{EXIT_CODES}"))]
    #[command(after_long_help = format!("{RUN_EXAMPLES}\n\n{WORKSPACE}\n\n{EXIT_CODES}"))]
    Run(Box<RunArgs>),
    /// Serve the API on this machine
    ///
    /// Starts a server on 127.0.0.1 that runs commands with Python on this machine. Ctrl-C stops it.
    /// The URL is printed to standard output when the server accepts connections.
    #[command(after_help = SERVE_EXAMPLES)]
    #[command(after_long_help = format!("{SERVE_EXAMPLES}\n\n{}", local::help()))]
    Serve(ServeArgs),
    /// Call an endpoint of the Databricks API or of a spec file, or list the endpoints
    ///
    /// The response is printed to standard output: JSON on one line, or pretty-printed on a terminal; other
    /// bodies as they arrive. The body of an error response is printed to standard error.
    #[command(disable_help_flag = true, after_help = CALL_EXAMPLES)]
    #[command(after_long_help = format!(
        "{CALL_EXAMPLES}\n\n{SPEC_CREDENTIALS}\n\n{WORKSPACE}\n\n{EXIT_CODES}"
    ))]
    Call(CallArgs),
    /// Install Spark for code on this machine, or show what is installed
    #[command(subcommand, after_help = spark::EXAMPLES)]
    Spark(SparkCommand),
    /// Wait for the end of a command of `run --detach`, print its results, and destroy its context
    #[command(after_help = format!("{HANDLE_EXAMPLES}\n\n{EXIT_CODES}"))]
    Wait(WaitArgs),
    /// Print the status of a context or a command
    #[command(after_help = HANDLE_EXAMPLES)]
    Status(HandleArgs),
    /// Cancel a command. Its context remains
    #[command(after_help = HANDLE_EXAMPLES)]
    Cancel(HandleArgs),
    /// Destroy a context, which ends its commands
    #[command(after_help = HANDLE_EXAMPLES)]
    Destroy(HandleArgs),
    /// Print the exit codes
    #[command(hide = true, after_help = EXIT_CODES)]
    ExitCodes,
    /// List the execution contexts that were created on this machine and not destroyed
    #[command(after_help = journal::PS_EXAMPLES)]
    Ps(PsArgs),
    /// Destroy execution contexts that ended processes have left
    #[command(after_help = journal::CLEAN_EXAMPLES)]
    Clean(CleanArgs),
    /// Show settings, or write a profile
    #[command(subcommand, after_help = config::EXAMPLES)]
    Config(ConfigCommand),
    /// Test the connection to a workspace step by step
    ///
    /// Prints `ok`, `FAIL` or `skip` for each step, and what to try after a failure: settings, proxy, name
    /// and TCP connection, TLS, clock, credentials, cluster, context. The context is destroyed. Exits as
    /// `dbexec run` would.
    #[command(after_help = doctor::EXAMPLES)]
    #[command(after_long_help = format!("{}\n\n{WORKSPACE}\n\n{EXIT_CODES}", doctor::EXAMPLES))]
    Doctor(DoctorArgs),
    /// Print the completion script of a shell
    #[command(after_help = generate::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all commands
    #[command(after_help = generate::MAN_EXAMPLES)]
    Man(ManArgs),
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each one is an option of the command line"
)]
#[command(args_override_self = true)]
#[command(mut_arg("python", |arg| arg.requires("local")))]
#[command(mut_arg("spark_home", |arg| arg.requires("local")))]
#[command(mut_arg("java", |arg| arg.requires("local")))]
#[command(mut_arg("r", |arg| arg.requires("local")))]
pub(crate) struct RunArgs {
    /// Files to run in order, until one fails: code, or notebooks (.ipynb, or source files of
    /// Databricks). `-` is standard input, which is the default if it is not a terminal
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Arguments for the code: `sys.argv`, `args` in Scala and R, and `?` in SQL
    #[arg(last = true, value_name = "ARGUMENT")]
    pub(crate) arguments: Vec<String>,

    /// Named value for the code: a widget (`dbutils.widgets.get`), or `:name` in SQL. `name:=5` is a number
    /// in SQL
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<Parameter>,

    /// Code to run instead of a file
    #[arg(
        short,
        long,
        value_name = "CODE",
        conflicts_with = "files",
        allow_hyphen_values = true
    )]
    pub(crate) code: Option<String>,

    /// Run up to N files at the same time, each in its own context. The output of each file is a block, in
    /// the order of the files
    #[arg(long, value_name = "N", value_parser = threads, requires = "files")]
    pub(crate) parallel: Option<usize>,

    /// Print the lines of `--parallel` as they come, with the name of their file
    #[arg(long, requires = "parallel")]
    pub(crate) interleave: bool,

    /// Language of the code. Default: that of the file (`dbexec:` comment, notebook, extension .py,
    /// .scala, .sql or .r), then the variable `DBEXEC_LANGUAGE`
    #[arg(short, long, value_enum, ignore_case = true)]
    pub(crate) language: Option<Language>,

    /// Cluster to run the code on
    #[arg(long, value_name = "ID")]
    pub(crate) cluster_id: Option<String>,

    /// Maximum time for creating the context and running the code: `90s`, `5m`, `1h30m`, a number of
    /// seconds, or `none`
    #[arg(
        long,
        value_name = "TIME",
        env = "DBEXEC_TIMEOUT",
        default_value = "none"
    )]
    pub(crate) timeout: Timeout,

    /// Maximum time for canceling the code and destroying the context, after `--timeout`, a signal or
    /// the end of the code
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub(crate) cleanup_timeout: Timeout,

    /// Keep the context, and print its handle to standard error
    #[arg(long, conflicts_with = "local")]
    pub(crate) keep: bool,

    /// Start the code and print its handle, without waiting for its end
    #[arg(
        long,
        conflicts_with_all = ["local", "parallel", "keep", "save_notebook", "context"]
    )]
    pub(crate) detach: bool,

    /// Send Python files as commands. By default they run as scripts: with their own name, `sys.argv` and
    /// `__main__`, and their output is kept if they fail
    #[arg(long)]
    pub(crate) as_command: bool,

    /// Run the code in an existing context, which is kept: `CLUSTER/CONTEXT`
    #[arg(
        long,
        value_name = "HANDLE",
        conflicts_with_all = ["local", "cluster_id", "parallel", "keep"]
    )]
    pub(crate) context: Option<Handle>,

    /// Format of the results
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,

    /// Print tables with one line per value
    #[arg(short = 'x', long)]
    pub(crate) vertical: bool,

    /// Accept results that the server truncated. By default, the exit code is 5 for the formats `csv`,
    /// `json` and `ndjson`
    #[arg(long)]
    pub(crate) allow_truncated: bool,

    /// Display of the progress on standard error
    #[arg(
        long,
        value_enum,
        value_name = "MODE",
        env = "DBEXEC_PROGRESS",
        default_value = "auto"
    )]
    pub(crate) progress: progress::Mode,

    /// Folder for images, which are saved as `NAME-CELL.png`. Default: the working directory
    #[arg(long, value_name = "DIR")]
    pub(crate) save_images: Option<PathBuf>,

    /// Write a notebook (.ipynb) with the code and its outputs when the run ends, also after an error
    #[arg(long, value_name = "FILE", conflicts_with = "parallel")]
    pub(crate) save_notebook: Option<PathBuf>,

    #[expect(clippy::doc_markdown, reason = "the text is also that of `--help`")]
    /// Write a report when the run ends, also after an error or a signal: .json, .md, or .xml for JUnit
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

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
    pub(crate) memory_limit: Option<Size>,

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

#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    /// Command: `CLUSTER/CONTEXT/COMMAND`
    #[arg(value_name = "HANDLE")]
    pub(crate) handle: Handle,

    /// Language of the command, by which its errors are printed
    #[arg(short, long, value_enum, ignore_case = true, default_value = "python")]
    pub(crate) language: Language,

    /// Maximum time to wait. The command is not canceled
    #[arg(long, value_name = "TIME", default_value = "none")]
    pub(crate) timeout: Timeout,

    /// Format of the results
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,

    /// Print tables with one line per value
    #[arg(short = 'x', long)]
    pub(crate) vertical: bool,

    /// Accept results that the server truncated
    #[arg(long)]
    pub(crate) allow_truncated: bool,

    /// Keep the context
    #[arg(long)]
    pub(crate) keep: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HandleArgs {
    /// Context or command: `CLUSTER/CONTEXT` or `CLUSTER/CONTEXT/COMMAND`
    #[arg(value_name = "HANDLE")]
    pub(crate) handle: Handle,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

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

/// Returns the help of `dbexec call`.
pub(crate) fn call_help(is_long: bool) -> String {
    let mut cli = Cli::command();
    cli.build();
    match cli.find_subcommand_mut("call") {
        Some(call) if is_long => call.render_long_help().to_string(),
        Some(call) => call.render_help().to_string(),
        None => String::new(),
    }
}

/// Workspace and credentials.
#[derive(Debug, Args)]
#[command(next_help_heading = "Workspace")]
pub(crate) struct WorkspaceArgs {
    /// URL of the workspace, or of any of its pages. A workspace id in it (`?o=123`) is used, too
    #[arg(long, value_name = "URL")]
    pub(crate) host: Option<String>,

    /// Personal access token
    #[arg(long, value_parser = secret)]
    pub(crate) token: Option<Secret>,

    /// Profile in ~/.databrickscfg
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Id of the workspace, for hosts that serve several
    #[arg(long, value_name = "ID")]
    pub(crate) workspace_id: Option<String>,

    /// Certificates to trust instead of Mozilla's, in PEM format. Use it if the network inspects TLS
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Allow http:// to other machines. The token is then sent unencrypted
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
}

/// Parses the number of files that run at the same time.
fn threads(text: &str) -> Result<usize, &'static str> {
    const EXPECTED: &str = "expected a number from 1 to 64";
    let number = text.parse().map_err(|_| EXPECTED)?;
    if (1..=64).contains(&number) {
        Ok(number)
    } else {
        Err(EXPECTED)
    }
}

/// Parses a secret, which `Debug` and error messages redact.
#[expect(clippy::unnecessary_wraps, reason = "clap requires a fallible parser")]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::from(text))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(["dbexec"].iter().chain(arguments))
    }

    #[test]
    fn command_definition_is_valid() {
        Cli::command().debug_assert();
    }

    #[test]
    fn debug_output_redacts_tokens() {
        for arguments in [
            ["serve", "--token", "dapi0123"],
            ["run", "--token", "dapi0123"],
        ] {
            let output = format!("{:?}", parse(&arguments).unwrap());
            assert!(!output.contains("dapi"), "{output}");
        }
    }

    #[test]
    fn code_may_begin_with_a_hyphen() {
        let Command::Run(args) = parse(&["run", "-l", "PYTHON", "-c", "-6*7"])
            .unwrap()
            .command
        else {
            panic!("expected `run`");
        };
        assert_eq!(args.code.as_deref(), Some("-6*7"));
        assert_eq!(args.language, Some(Language::Python));
    }

    #[test]
    fn conflicting_arguments_are_rejected() {
        let cases: &[&[&str]] = &[
            &["run", "a.py", "-c", "1"],
            &["run", "--local", "--host", "h", "a.py"],
            &["run", "--local", "--token", "t", "a.py"],
            &["run", "--local", "--profile", "p", "a.py"],
            &["run", "--local", "--ca-file", "c", "a.py"],
            &["serve", "--token", "t", "--no-token"],
            &["serve", "--token", "t", "--token-file", "f"],
            &["serve", "--token-file", "f", "--no-token"],
        ];
        for arguments in cases {
            let error = parse(arguments).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{arguments:?}");
        }
        for arguments in [
            &["run", "--python", "p", "a.py"][..],
            &["run", "--r", "r", "a.R"],
            &["run", "--keep-env", "NAME", "a.py"],
            &["call", "--curl"],
            &["call", "contexts.create", "--workspace"],
        ] {
            let error = parse(arguments).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::MissingRequiredArgument,
                "{arguments:?}"
            );
        }
    }
}
