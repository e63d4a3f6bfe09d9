//! The command line as it is typed.

use std::convert::Infallible;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use generated_client::Secret;

use crate::language::Language;
use crate::render::Format;
use crate::timeout::Timeout;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    the code ended with an error, or somebody else cancelled it
  2    the command line or the settings cannot be used; nothing was sent
  3    the server was not reached, refused, was not understood, or lost the context
  4    it took longer than it may
  130  interrupted: Ctrl-C, SIGTERM or SIGHUP

Results go to standard output, everything else to standard error.";

const WORKSPACE: &str = "\
The workspace:
  What the options do not say is taken from these variables, then from a profile of
  ~/.databrickscfg, then (credentials only) from ~/.netrc:

  DATABRICKS_HOST            its URL
  DATABRICKS_TOKEN           a personal access token; other users cannot see it there, as they can
                             see --token in the list of processes
  DATABRICKS_USERNAME, DATABRICKS_PASSWORD
                             in place of a token
  DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET
                             the OAuth client of a service principal
  ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, DATABRICKS_AZURE_RESOURCE_ID
                             a service principal of Azure, and its workspace
  DATABRICKS_TOKEN_COMMAND   a command that prints a token
  DATABRICKS_AUTH_TYPE       which of them, where several are set: pat, basic, oauth-m2m,
                             azure-client-secret or command
  DATABRICKS_CONFIG_PROFILE  the profile
  DATABRICKS_CONFIG_FILE     the file of profiles
  DATABRICKS_CLUSTER_ID      the cluster, for `run`";

const RUN_EXAMPLES: &str = "\
Examples:
  dbexec run --local hello.py                     on this machine, with its own Python
  dbexec run --local -l python -c 'print(6*7)'
  dbexec run --cluster-id 0123-456789-abcde job.py
  dbexec run --timeout 2h nightly.sql             cluster and credentials from the environment
  dbexec run --format csv -l sql -c 'SELECT * FROM sales' > sales.csv
  generate-code | dbexec run -l scala -";

const SERVE_EXAMPLES: &str = "\
Examples:
  dbexec serve
  DBEXEC_TOKEN=secret dbexec serve --port 8112

  curl -H 'Authorization: Bearer secret' http://127.0.0.1:8112/api/1.2/contexts/create \\
       -d '{\"clusterId\": \"any\", \"language\": \"python\"}'

It listens on 127.0.0.1 only. Who has the token can run code as you.";

const CALL_EXAMPLES: &str = "\
Arguments:
  name=value   a text, understood as the type of the field says
  name=@file   the content of a file as it is, its last line end included; for a field of the type
               file, an upload of that file. `@-` is standard input
  name:=json   JSON, as in limit:=5 or command:='\"@home\"'

Examples:
  dbexec call                                     lists the endpoints
  dbexec call contexts.create --fields            lists the fields of one
  dbexec call contexts.create clusterId=0123-456789-abcde language=python
  dbexec call commands.execute_file clusterId=0123-456789-abcde contextId=42 language=python \\
         command=@job.py";

/// Runs code on a Databricks cluster, or on this machine.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a file, or code given otherwise, and prints what it leaves behind.
    ///
    /// Creates an execution context, runs the code in it, and destroys it. Ctrl-C cancels the code
    /// and destroys the context; a second Ctrl-C ends dbexec at once. Under `nohup` a hangup
    /// stays ignored.
    #[command(after_help = format!("{RUN_EXAMPLES}\n\n{EXIT_CODES}"))]
    #[command(after_long_help = format!("{RUN_EXAMPLES}\n\n{WORKSPACE}\n\n{EXIT_CODES}"))]
    Run(RunArgs),
    /// Serves the API on this machine, until Ctrl-C.
    ///
    /// The code that clients send really runs, in the Python of this machine. The URL is printed to
    /// standard output once the server listens.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArgs),
    /// Calls one endpoint and prints its answer as JSON; without a name, lists the endpoints.
    #[command(after_help = CALL_EXAMPLES)]
    #[command(after_long_help = format!("{CALL_EXAMPLES}\n\n{WORKSPACE}\n\n{EXIT_CODES}"))]
    Call(CallArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The file to run; `-` is standard input, which is also read if it is piped and no file is
    /// named
    pub(crate) file: Option<PathBuf>,

    /// Runs this code instead of a file
    #[arg(
        short,
        long,
        value_name = "CODE",
        conflicts_with = "file",
        allow_hyphen_values = true
    )]
    pub(crate) code: Option<String>,

    /// The language of the code; otherwise the name of the file tells (.py, .scala, .sql, .r), or
    /// else the variable `DBEXEC_LANGUAGE`
    #[arg(short, long, value_enum, ignore_case = true)]
    pub(crate) language: Option<Language>,

    /// The cluster to run it on
    #[arg(long, value_name = "ID")]
    pub(crate) cluster_id: Option<String>,

    /// How long to wait for the context, and then for the code: `90s`, `5m`, `1h30m`, a number of
    /// seconds, or `none`
    #[arg(
        long,
        value_name = "TIME",
        env = "DBEXEC_TIMEOUT",
        default_value = "20m"
    )]
    pub(crate) timeout: Timeout,

    /// How results are written. Only text comes while the code runs
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Saves images there as `image-1.png` and so on, and prints their paths
    #[arg(long, value_name = "DIR")]
    pub(crate) save_images: Option<PathBuf>,

    /// Runs it on this machine, which needs neither workspace nor cluster
    #[arg(long, conflicts_with_all = ["host", "token", "profile", "allow_plain_http"])]
    pub(crate) local: bool,

    /// The Python to run it with
    #[arg(
        long,
        value_name = "PROGRAM",
        requires = "local",
        default_value = "python3"
    )]
    pub(crate) python: PathBuf,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The port of 127.0.0.1 to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8112)]
    pub(crate) port: u16,

    /// Lets in who sends this token; without it, one is made up and told
    #[arg(long, env = "DBEXEC_TOKEN", hide_env_values = true, value_parser = secret)]
    pub(crate) token: Option<Secret>,

    /// Lets in every program of this machine, those of other users included
    #[arg(long, conflicts_with = "token")]
    pub(crate) no_token: bool,

    /// The Python to run code with
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    pub(crate) python: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CallArgs {
    /// The endpoint, as in `contexts.create`
    pub(crate) endpoint: Option<String>,

    /// Its fields: `name=value`, `name=@file` or `name:=json`
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) arguments: Vec<OsString>,

    /// Lists the fields of the endpoint, and calls nothing
    #[arg(long, requires = "endpoint")]
    pub(crate) fields: bool,

    /// Prints the answer on many lines
    #[arg(long)]
    pub(crate) pretty: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

/// Which workspace, and who calls it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Workspace")]
pub(crate) struct WorkspaceArgs {
    /// The host of the workspace, or any URL of it
    #[arg(long, value_name = "URL")]
    pub(crate) host: Option<String>,

    /// A personal access token
    #[arg(long, value_parser = secret)]
    pub(crate) token: Option<Secret>,

    /// A profile of ~/.databrickscfg
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Allows http:// to another machine; who listens on the way then reads the token
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
}

/// Neither `Debug` nor a message about the arguments shows it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "clap wants a parser that may fail"
)]
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
    fn the_description_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn tokens_are_not_shown() {
        for arguments in [
            ["serve", "--token", "dapi0123"],
            ["run", "--token", "dapi0123"],
        ] {
            let shown = format!("{:?}", parse(&arguments).unwrap());
            assert!(!shown.contains("dapi"), "{shown}");
        }
    }

    #[test]
    fn code_may_begin_with_a_hyphen() {
        let Command::Run(args) = parse(&["run", "-l", "PYTHON", "-c", "-6*7"])
            .unwrap()
            .command
        else {
            panic!("not `run`");
        };
        assert_eq!(args.code.as_deref(), Some("-6*7"));
        assert_eq!(args.language, Some(Language::Python));
    }

    #[test]
    fn contradictions() {
        let cases: &[&[&str]] = &[
            &["run", "a.py", "-c", "1"],
            &["run", "--local", "--host", "h", "a.py"],
            &["run", "--local", "--token", "t", "a.py"],
            &["run", "--local", "--profile", "p", "a.py"],
            &["serve", "--token", "t", "--no-token"],
        ];
        for arguments in cases {
            let error = parse(arguments).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{arguments:?}");
        }
        for arguments in [&["run", "--python", "p", "a.py"][..], &["call", "--fields"]] {
            let error = parse(arguments).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::MissingRequiredArgument,
                "{arguments:?}"
            );
        }
    }
}
