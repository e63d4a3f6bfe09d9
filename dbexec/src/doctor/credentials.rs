//! The step `credentials`.

use generated_client::api_runtime::ServerText;
use generated_client::config::Origin;
use generated_client::{Error, Settings};
use serde_json::Value;

use super::step::Step;
use crate::error::CliError;
use crate::setting_origin;

/// Maximum number of profiles that are suggested.
const MAX_PROFILES: usize = 3;

/// Creates the step for the result of an authenticated request.
pub(super) fn step(settings: &Settings, error: Option<&Error>) -> Step {
    let credentials = settings.credentials.to_string();
    let Some(error) = error else {
        let kind = match settings.token_chars() {
            Some(_) => "token",
            None => credentials.as_str(),
        };
        return Step::ok("credentials", format!("{kind} accepted"));
    };
    match error.status() {
        Some(status @ (401 | 403)) => rejected(settings, error, status),
        // Servers without the API of clusters.
        Some(404) => Step::skipped(
            "credentials",
            format!("{credentials}: not checked, the server has no API for clusters"),
        ),
        _ => Step::failed("credentials", &CliError::request(error)).help(
            "check that the host and the port are those of the workspace, and `http` or `https`",
        ),
    }
}

fn rejected(settings: &Settings, error: &Error, status: u16) -> Step {
    let cli_error = CliError::request(error);
    let mut step = match message(error) {
        Some(message) => Step::failed_with(
            "credentials",
            cli_error.exit(),
            &format!("{status} {message}"),
        ),
        None => Step::failed("credentials", &cli_error),
    };
    step = step.detail(sent(settings));
    // An unreadable file is no reason for the rejection.
    let profiles = settings.profiles_with_other_tokens().unwrap_or_default();
    for profile in profiles.iter().take(MAX_PROFILES) {
        step = step.help(format!(
            "dbexec doctor --profile {profile} (has another token for this host)"
        ));
    }
    step.help(new_token(settings))
        .help("dbexec config show, which prints all sources of credentials")
}

/// Returns where a new token has to be set. A profile has no effect if a token has precedence over it.
fn new_token(settings: &Settings) -> String {
    let mut used = settings.entries().iter().filter(|it| it.ignored.is_none());
    match used
        .find(|entry| entry.name == "token")
        .map(|entry| &entry.origin)
    {
        Some(Origin::Variable(name)) => format!("{name}=TOKEN, with a new token of this workspace"),
        Some(Origin::Argument(_)) => "--token with a new token of this workspace".to_owned(),
        _ => "dbexec config init --force, with a new token of this workspace".to_owned(),
    }
}

/// Formats the kind and the origin of the credentials that were sent.
fn sent(settings: &Settings) -> String {
    let mut used = settings.entries().iter().filter(|it| it.ignored.is_none());
    match (
        settings.token_chars(),
        used.find(|entry| entry.name == "token"),
    ) {
        (Some(count), Some(entry)) => {
            let origin = match entry.origin {
                Origin::Variable(name) => format!("{name} (environment)"),
                _ => setting_origin::with_line(entry),
            };
            format!("token: {origin}, {count} characters")
        }
        _ => format!("sent: {}", settings.credentials),
    }
}

/// Returns the message in the body of an error response.
fn message(error: &Error) -> Option<String> {
    let body: Value = serde_json::from_slice(error.body()).ok()?;
    let message = ["message", "error"]
        .iter()
        .find_map(|key| body.get(key)?.as_str())?;
    let message = ServerText::new(message).line();
    Some(message.trim_end_matches('.').to_owned())
}
