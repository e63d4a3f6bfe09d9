//! `dbexec config init`.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use generated_client::api_2_0::clusters;
use generated_client::config::{Environment, NewProfile};
use generated_client::{Client, Config, Interrupt, RetryPolicy, Secret};

use crate::cli::ConfigInitArgs;
use crate::error::CliError;
use crate::{cluster, console, setting_origin, target, token_file};

/// Profile that is used if none is selected.
const DEFAULT_PROFILE: &str = "DEFAULT";

/// Maximum time for the request that checks the token.
const CHECK_TIMEOUT: Duration = Duration::from_secs(20);

/// Writes a profile with the host and the token of the arguments, of standard input or of the user.
pub(super) fn init(args: &ConfigInitArgs) -> Result<(), CliError> {
    let environment = Environment::from_process();
    let name = args.workspace.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    // Before the user enters a token.
    if !args.force && NewProfile::exists(&environment, name)? {
        return Err(exists(&environment, name));
    }
    let is_interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
    let host = match &args.workspace.host {
        Some(host) => host.clone(),
        None if is_interactive => ask_host()?,
        None => return Err(missing("host", "--host URL")),
    };
    let token = match (&args.workspace.token, &args.token_file) {
        (Some(token), _) => token.clone(),
        (None, Some(path)) => token_file::read(path)?,
        (None, None) if is_interactive => ask_token()?,
        (None, None) => return Err(missing("token", "--token-file FILE")),
    };
    // Variables for another workspace must have no effect.
    let has_scheme = host.contains("://");
    let mut config = Config::new().host(host).token(token.clone()).require_host();
    if let Some(id) = &args.workspace.workspace_id {
        config = config.workspace_id(id);
    }
    if let Some(path) = &args.workspace.ca_file {
        config = config.ca_file(path);
    }
    let settings = config.resolve(&environment)?;
    if !has_scheme && settings.host.starts_with("http:") {
        console::note(format_args!(
            "{} is used without TLS, as it is on this machine; for TLS, use `https://`",
            settings.host
        ));
    }
    let client = target::client(
        &settings,
        &Interrupt::new(),
        args.workspace.allow_plain_http,
    )?;
    check(&client)?;
    let mut profile = NewProfile::new(name, &settings.host, token);
    profile.workspace_id = settings.workspace_id;
    if let Some(name) = &args.cluster {
        profile.cluster_id = Some(cluster::find(&client, name)?.id.to_string());
    }
    let path = profile.save(&environment, args.force)?;
    let mode = if cfg!(unix) { " (0600)" } else { "" };
    console::eprintln(format_args!(
        "token accepted; wrote [{name}] to {}{mode}",
        setting_origin::with_tilde(&path)
    ));
    Ok(())
}

fn exists(environment: &Environment, name: &str) -> CliError {
    CliError::usage(format!(
        "the profile `{}` exists in {}",
        name.escape_debug(),
        environment.config_file().display()
    ))
    .help("use `--force` to replace its host and credentials, or `--profile NAME` for another one")
}

fn missing(name: &str, option: &str) -> CliError {
    CliError::usage(format!(
        "no {name} specified, and standard input is not a terminal"
    ))
    .help(format!("use `{option}`"))
}

/// Sends an authenticated request that needs no rights.
fn check(client: &Client) -> Result<(), CliError> {
    let client = client
        .timeout(Some(CHECK_TIMEOUT))
        .retries(RetryPolicy::none());
    clusters::spark_versions(&client, &clusters::SparkVersions::new())?;
    Ok(())
}

fn ask_host() -> Result<String, CliError> {
    let _ = write!(io::stderr().lock(), "Host: ");
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(unreadable)?;
    Ok(line.trim().to_owned())
}

#[cfg(unix)]
fn ask_token() -> Result<Secret, CliError> {
    let token = super::hidden::read_line("Token (hidden): ").map_err(unreadable)?;
    Ok(Secret::from(token.trim()))
}

/// Hiding the input requires `unsafe` code on other systems.
#[cfg(not(unix))]
fn ask_token() -> Result<Secret, CliError> {
    Err(CliError::usage("no token specified").help("use `--token-file FILE`"))
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: io::Error) -> CliError {
    CliError::usage(format!("cannot read from the terminal: {error}"))
}
