//! Credentials from the configured settings.

use api_runtime::auth::{CachedToken, ClientCredentials, TokenCommand};
use api_runtime::{Credentials, Error};

use super::auth_type::AuthType;
use super::candidate::{Candidate, incomplete};
use super::environment::Environment;
use super::error::invalid;
use super::host::Host;
use super::profile::Profile;
use super::setting::{
    AUTH_TYPE, AZURE_CLIENT_SECRET, AZURE_ENVIRONMENT, AZURE_RESOURCE_ID, CLIENT_SECRET, PASSWORD,
    TOKEN, TOKEN_COMMAND, UNSUPPORTED, USERNAME,
};
use super::source::{SettingValue, Source, find};
use super::{azure, command_line, netrc, report, selection};

/// Path of the OAuth server metadata of a workspace (RFC 8414).
const OAUTH_METADATA_PATH: &str = "/oidc/.well-known/oauth-authorization-server";

/// OAuth scope for all APIs of a workspace.
const OAUTH_SCOPE: &str = "all-apis";

/// Options for credentials that fetch tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct TokenOptions {
    /// Base URL of Microsoft Entra, instead of the one of the cloud.
    pub(super) azure_login: Option<String>,
    /// Additional hosts that may receive OAuth client secrets.
    pub(super) trusted_hosts: Vec<String>,
}

/// Places other than the sources of settings, for credentials and for messages.
pub(super) struct Fallback<'a> {
    pub(super) environment: &'a Environment,
    pub(super) profile: &'a Profile,
    /// Error if netrc has no credentials either.
    pub(super) error: Option<Error>,
    /// The searched profiles, for messages.
    pub(super) searched: String,
    /// Sources that belong to another workspace, for messages.
    pub(super) excluded: &'a [String],
}

/// Returns the credentials for a host: from the settings, otherwise from netrc, otherwise none for
/// this machine.
pub(super) fn resolve(
    host: &Host,
    options: &TokenOptions,
    sources: &[&dyn Source],
    fallback: Fallback<'_>,
) -> Result<Credentials, Error> {
    if let Some(candidate) = selection::select(sources)? {
        return build(&candidate, host, options, sources);
    }
    let profile = fallback.profile;
    // Settings of unsupported or incomplete credentials identify another caller than netrc does.
    if !host.is_loopback() {
        reject_unsupported(sources, profile)?;
        reject_ids_without_secret(sources)?;
    }
    let netrc_path = fallback.environment.netrc();
    match (netrc::find(host, &netrc_path)?, fallback.error) {
        (Some(credentials), _) => Ok(credentials),
        (None, Some(error)) => Err(error),
        (None, None) if host.is_loopback() => Ok(Credentials::none()),
        (None, None) => Err(invalid(format!(
            "no credentials configured for {}; searched the arguments, the environment variables \
             `{}`, `{}` with `{}`, `{}`, `{}` and `{}`, {}, and {}{}",
            host.url(),
            TOKEN.variable,
            USERNAME.variable,
            PASSWORD.variable,
            CLIENT_SECRET.variable,
            AZURE_CLIENT_SECRET.variable,
            TOKEN_COMMAND.variable,
            fallback.searched,
            netrc::machine_entry(host, &netrc_path),
            report::suffix(fallback.excluded),
        ))),
    }
}

fn build(
    candidate: &Candidate,
    host: &Host,
    options: &TokenOptions,
    sources: &[&dyn Source],
) -> Result<Credentials, Error> {
    let credentials = match candidate.auth_type {
        AuthType::Token => {
            let [token] = candidate.values()?;
            Credentials::bearer(token.value.clone())
        }
        AuthType::Basic => {
            let [user, password] = candidate.values()?;
            Credentials::basic(user.value.expose(), password.value.clone())
        }
        AuthType::OAuth => {
            let [id, secret] = candidate.values()?;
            oauth(host, options, id, secret)
        }
        AuthType::Azure => {
            let [tenant, id, secret] = candidate.values()?;
            azure::credentials(
                host,
                &azure::ServicePrincipalSettings {
                    tenant,
                    id,
                    secret,
                    resource_id: find(sources, AZURE_RESOURCE_ID)?,
                    environment: find(sources, AZURE_ENVIRONMENT)?,
                    login: options.azure_login.as_deref(),
                },
            )
        }
        AuthType::Command => {
            let [line] = candidate.values()?;
            token_command(line)
        }
    };
    let origin = candidate.origin();
    match credentials {
        Ok(credentials) => Ok(credentials.found_in(origin)),
        Err(error) => Err(invalid(format!("{origin}: {}", error.message()))),
    }
}

fn oauth(
    host: &Host,
    options: &TokenOptions,
    id: &SettingValue,
    secret: &SettingValue,
) -> Result<Credentials, Error> {
    let metadata_url = format!("{}{OAUTH_METADATA_PATH}", host.url());
    let (id, secret) = (id.value.expose(), secret.value.clone());
    let source = ClientCredentials::discovered(&metadata_url, id, secret)?.scope(OAUTH_SCOPE);
    let trusted_hosts = options.trusted_hosts.iter();
    let source = trusted_hosts.fold(source, ClientCredentials::trust_host);
    Ok(Credentials::custom(CachedToken::new(source)))
}

fn token_command(line: &SettingValue) -> Result<Credentials, Error> {
    let key = line.setting.key;
    let arguments = command_line::split(line.value.expose())
        .ok_or_else(|| invalid(format!("unterminated quote in `{key}`")))?;
    match arguments.split_first() {
        Some((program, arguments)) if !program.is_empty() => {
            let command = TokenCommand::new(program, arguments);
            Ok(Credentials::custom(CachedToken::new(command)))
        }
        _ => Err(invalid(format!("`{key}` contains no program"))),
    }
}

/// Returns an error if unsupported credentials are configured.
fn reject_unsupported(sources: &[&dyn Source], profile: &Profile) -> Result<(), Error> {
    let mut unsupported = Vec::new();
    for setting in UNSUPPORTED {
        unsupported.extend(find(sources, *setting)?);
    }
    let auth_type = find(sources, AUTH_TYPE)?;
    unsupported
        .extend(auth_type.filter(|value| AuthType::from_name(value.value.expose()).is_none()));
    if unsupported.is_empty() {
        return Ok(());
    }
    let unsupported: Vec<_> = unsupported.iter().map(SettingValue::describe).collect();
    let supported = AuthType::ALL.map(required_keys);
    Err(invalid(format!(
        "these credentials are not supported: {}; supported as arguments, environment variables \
         and in {profile}: {} (any program that prints a token)",
        unsupported.join(", "),
        supported.join(", "),
    )))
}

fn required_keys(auth_type: AuthType) -> String {
    let settings = auth_type.required().iter();
    let keys: Vec<_> = settings
        .map(|setting| format!("`{}`", setting.key))
        .collect();
    keys.join(" with ")
}

/// Returns an error if the id of OAuth or Azure credentials is configured without their secret.
fn reject_ids_without_secret(sources: &[&dyn Source]) -> Result<(), Error> {
    for (auth_type, secret) in [
        (AuthType::OAuth, CLIENT_SECRET),
        (AuthType::Azure, AZURE_CLIENT_SECRET),
    ] {
        for setting in auth_type.required() {
            if let Some(configured) = find(sources, *setting)? {
                return Err(incomplete(&configured.describe(), secret));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
