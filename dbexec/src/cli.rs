//! Command line arguments.

mod call;
mod cluster;
mod config;
mod doctor;
mod fs;
mod generate;
mod handle;
mod jar;
mod journal;
mod logging;
mod progress;
mod repl;
mod results;
mod run;
mod serve;
mod spark;
pub(crate) mod suggestion;
mod target;
mod workspace;

use clap::{ColorChoice, Parser, Subcommand};

pub(crate) use self::call::CallArgs;
use self::call::{CALL_EXAMPLES, SPEC_CREDENTIALS};
pub(crate) use self::cluster::{ClusterArgs, ClusterCommand, ClusterListArgs, ClusterStatusArgs};
pub(crate) use self::config::{ConfigCommand, ConfigInitArgs, ConfigShowArgs};
pub(crate) use self::doctor::DoctorArgs;
pub(crate) use self::fs::{FsCatArgs, FsCommand, FsCpArgs, FsLsArgs, FsMkdirArgs, FsRmArgs};
pub(crate) use self::generate::{CompletionShell, CompletionsArgs, ManArgs};
use self::handle::HANDLE_EXAMPLES;
pub(crate) use self::handle::{HandleArgs, WaitArgs};
pub(crate) use self::jar::JarArgs;
pub(crate) use self::journal::{CleanArgs, PsArgs};
pub(crate) use self::logging::{LogFormat, LoggingArgs};
pub(crate) use self::progress::ProgressArgs;
use self::repl::REPL_EXAMPLES;
pub(crate) use self::repl::ReplArgs;
pub(crate) use self::results::ResultArgs;
use self::run::RUN_EXAMPLES;
pub(crate) use self::run::RunArgs;
#[cfg(unix)]
pub(crate) use self::serve::ClusterMode;
use self::serve::SERVE_EXAMPLES;
pub(crate) use self::serve::ServeArgs;
pub(crate) use self::spark::{InterpreterArgs, MasterArgs, SparkCommand, StatusFormat};
#[cfg(unix)]
pub(crate) use self::spark::{SparkInstallArgs, SparkPrepareArgs, SparkStatusArgs};
pub(crate) use self::target::TargetArgs;
use self::workspace::WORKSPACE;
pub(crate) use self::workspace::WorkspaceArgs;
use crate::local;

pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    the code failed, or another client canceled it
  2    invalid command line or configuration; no request was sent
  3    connection failed, request rejected, invalid response, or execution
       context lost
  4    timed out
  5    the server truncated a result that is printed as CSV or JSON
  130, 143, 129
       interrupted by Ctrl-C, SIGTERM or SIGHUP: ends by the signal after
       clean-up
  141  standard output was closed, e.g. by `head`: ends by SIGPIPE after
       clean-up

Results are written to standard output, and everything else to standard error.";

const FIRST_STEPS: &str = "\
First steps:
  dbexec run --local -l python -c 'print(6*7)'  run code on this machine
  dbexec spark install                          Spark for SQL and Scala code
  dbexec config init                            write a profile for a workspace
  dbexec doctor --cluster NAME                  test the connection
  dbexec run --cluster NAME job.py              run code on a cluster";

/// Run code on a Databricks cluster, or on this machine
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
#[command(after_help = format!("{FIRST_STEPS}\n\n{EXIT_CODES}"))]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) logging: LoggingArgs,

    /// Colors on standard error and in help. By default only on terminals, without the variable `NO_COLOR`
    // The value is read before the arguments are parsed.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    color: ColorChoice,
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
    /// Run inputs as you type them, in a session that keeps its variables
    ///
    /// Lines are read from the terminal, with history, completion and highlighting, or from a pipe, in which
    /// the first error ends the session. `:help` lists the commands of a session. Ctrl-C cancels the code that
    /// runs and keeps the session; Ctrl-D destroys the context. `--output` and `--vertical` select the format
    /// of the results, as for `dbexec run`.
    #[command(after_help = format!("{REPL_EXAMPLES}\n\n{EXIT_CODES}"))]
    #[command(after_long_help = format!("{REPL_EXAMPLES}\n\n{WORKSPACE}\n\n{EXIT_CODES}"))]
    Repl(Box<ReplArgs>),
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
    /// Install a JAR on a cluster and run code that uses it
    ///
    /// Uploads the JAR to a path of DBFS with its checksum, unless it is there, installs it on the cluster,
    /// waits until it is installed, and runs the code as `dbexec run` does. The language of `-c` is Scala by
    /// default. The library stays installed until the cluster is restarted.
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", jar::EXAMPLES))]
    #[command(after_long_help = format!("{}\n\n{WORKSPACE}\n\n{EXIT_CODES}", jar::EXAMPLES))]
    Jar(Box<JarArgs>),
    /// Copy, list and delete files of DBFS
    #[command(subcommand, after_help = fs::EXAMPLES)]
    Fs(FsCommand),
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
    /// List, start and stop clusters
    #[command(subcommand, after_help = cluster::EXAMPLES)]
    Cluster(ClusterCommand),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;
    use crate::language::Language;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(["dbexec"].iter().chain(arguments))
    }

    #[test]
    fn command_definition_is_valid() {
        Cli::command().debug_assert();
    }

    /// clap wraps longer lines, which is wrong for examples and tables.
    #[test]
    fn text_after_the_options_fits_into_80_columns() {
        fn long_lines(command: &clap::Command, found: &mut Vec<String>) {
            let texts = [command.get_after_help(), command.get_after_long_help()];
            for text in texts.into_iter().flatten().map(ToString::to_string) {
                let long = text.lines().filter(|line| line.chars().count() > 80);
                found.extend(long.map(str::to_owned));
            }
            for subcommand in command.get_subcommands() {
                long_lines(subcommand, found);
            }
        }
        let mut found = Vec::new();
        long_lines(&Cli::command(), &mut found);
        assert!(found.is_empty(), "{found:#?}");
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
