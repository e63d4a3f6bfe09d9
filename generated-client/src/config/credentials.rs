//! Which of the credentials that are there are meant.

use api_runtime::auth::{CachedToken, ClientCredentials, TokenCommand};
use api_runtime::{Credentials, Error};

use super::auth_type::{Candidate, Kind, half};
use super::environment::Environment;
use super::host::Host;
use super::profile::Profile;
use super::source::{
    AUTH_TYPE, AZURE_CLIENT_SECRET, AZURE_ENVIRONMENT, AZURE_RESOURCE_ID, CLIENT_SECRET, Found,
    Layer, PASSWORD, TOKEN, TOKEN_COMMAND, UNSUPPORTED, USERNAME, find,
};
use super::{Config, azure, command_line, input, netrc};

/// Where a workspace describes how its tokens are issued.
const OAUTH_SERVER: &str = "/oidc/.well-known/oauth-authorization-server";

/// What a token of a workspace is asked for.
const SCOPE: &str = "all-apis";

/// The credentials for this host: those of the layers, else those of netrc, else none if the host
/// is this machine.
pub(super) fn find_for(
    host: &Host,
    config: &Config,
    layers: &[&dyn Layer],
    environment: &Environment,
    profile: &Profile,
) -> Result<Credentials, Error> {
    if let Some(choice) = choose(layers)? {
        return make(&choice, host, config, layers);
    }
    // Whoever configured another kind means that caller, and not the one in netrc.
    if !host.is_loopback() {
        refuse_unsupported(layers, profile)?;
        refuse_lone_ids(layers)?;
    }
    let path = environment.netrc();
    match netrc::find_for(host, &path)? {
        Some(credentials) => Ok(credentials),
        None if host.is_loopback() => Ok(Credentials::none()),
        None => Err(input(format!(
            "no credentials for {} were found; looked at the arguments, the variables {}, {} \
             with {}, {}, {} and {}, {profile}, and {}",
            host.url(),
            TOKEN.variable,
            USERNAME.variable,
            PASSWORD.variable,
            CLIENT_SECRET.variable,
            AZURE_CLIENT_SECRET.variable,
            TOKEN_COMMAND.variable,
            netrc::place_of(host, &path),
        ))),
    }
}

/// The one kind that is meant. The one from the earliest place; but of several, or where the same
/// place or an earlier one says so, the one that `auth_type` names.
fn choose(layers: &[&dyn Layer]) -> Result<Option<Candidate>, Error> {
    let mut there = Vec::new();
    for kind in Kind::ALL {
        there.extend(Candidate::look(kind, layers)?);
    }
    let Some(first) = there.iter().map(Candidate::level).min() else {
        return Ok(None);
    };
    let asked = find(layers, AUTH_TYPE)?;
    if let Some(asked) = asked.as_ref().filter(|asked| asked.level <= first) {
        return take(&mut there, asked)
            .map(Some)
            .ok_or_else(|| not_there(asked, &there));
    }
    there.retain(|candidate| candidate.level() == first);
    if let [_, _, ..] = &*there {
        let taken = asked.and_then(|asked| take(&mut there, &asked));
        return taken.map(Some).ok_or_else(|| several(&there));
    }
    Ok(there.pop())
}

fn take(there: &mut Vec<Candidate>, asked: &Found) -> Option<Candidate> {
    let is_it = |candidate: &Candidate| candidate.kind.auth_type() == asked.value.expose();
    there.iter().position(is_it).map(|at| there.swap_remove(at))
}

fn several(there: &[Candidate]) -> Error {
    let described: Vec<_> = there.iter().map(Candidate::describe).collect();
    let kinds = there.iter().map(|candidate| candidate.kind.auth_type());
    let kinds: Vec<_> = kinds.map(|kind| format!("`{kind}`")).collect();
    input(format!(
        "more than one kind of credentials: there is {}; leave one out, or set {} to {}",
        described.join(", and "),
        AUTH_TYPE.variable,
        kinds.join(" or "),
    ))
}

fn not_there(asked: &Found, there: &[Candidate]) -> Error {
    let described: Vec<_> = there.iter().map(Candidate::describe).collect();
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.auth_type() == asked.value.expose());
    let what = match kind {
        Some(kind) => format!("`{}`, which are not there", kind.auth_type()),
        None => "a kind that is not supported yet".to_owned(),
    };
    input(format!(
        "{} asks for credentials of {what}; there is {}",
        asked.describe(),
        described.join(", and "),
    ))
}

fn make(
    choice: &Candidate,
    host: &Host,
    config: &Config,
    layers: &[&dyn Layer],
) -> Result<Credentials, Error> {
    let made = match choice.kind {
        Kind::Token => {
            let [token] = choice.values()?;
            Credentials::bearer(token.value.clone())
        }
        Kind::Basic => {
            let [user, password] = choice.values()?;
            Credentials::basic(user.value.expose(), password.value.clone())
        }
        Kind::OAuth => {
            let [id, secret] = choice.values()?;
            oauth(host, config, id, secret)
        }
        Kind::Azure => {
            let [tenant, id, secret] = choice.values()?;
            azure::credentials(
                host,
                &azure::Said {
                    tenant,
                    id,
                    secret,
                    resource: find(layers, AZURE_RESOURCE_ID)?,
                    environment: find(layers, AZURE_ENVIRONMENT)?,
                    login: config.azure_login.as_deref(),
                },
            )
        }
        Kind::Command => {
            let [line] = choice.values()?;
            command(line)
        }
    };
    let origin = choice.origin();
    match made {
        Ok(credentials) => Ok(credentials.found_in(origin)),
        Err(error) => Err(input(format!("{origin}: {}", error.message()))),
    }
}

fn oauth(host: &Host, config: &Config, id: &Found, secret: &Found) -> Result<Credentials, Error> {
    let description = format!("{}{OAUTH_SERVER}", host.url());
    let (id, secret) = (id.value.expose(), secret.value.clone());
    let source = ClientCredentials::discovered(&description, id, secret)?.scope(SCOPE);
    let trusted = config.token_hosts.iter();
    let source = trusted.fold(source, ClientCredentials::trust_host);
    Ok(Credentials::custom(CachedToken::new(source)))
}

fn command(line: &Found) -> Result<Credentials, Error> {
    let words = command_line::split(line.value.expose());
    let words = words.ok_or_else(|| input(format!("`{}` has an open quote", line.setting.key)))?;
    match words.split_first() {
        Some((program, arguments)) if !program.is_empty() => {
            let command = TokenCommand::new(program, arguments);
            Ok(Credentials::custom(CachedToken::new(command)))
        }
        _ => Err(input(format!("`{}` names no program", line.setting.key))),
    }
}

/// Says so if the caller counts on a kind of credentials that is not there yet.
fn refuse_unsupported(layers: &[&dyn Layer], profile: &Profile) -> Result<(), Error> {
    let mut all = Vec::new();
    for setting in UNSUPPORTED {
        all.extend(find(layers, *setting)?);
    }
    all.extend(find(layers, AUTH_TYPE)?.filter(|kind| !is_supported(kind.value.expose())));
    if all.is_empty() {
        return Ok(());
    }
    let all: Vec<_> = all.iter().map(Found::describe).collect();
    let supported: Vec<_> = Kind::ALL.into_iter().map(keys).collect();
    Err(input(format!(
        "credentials of this kind are not supported yet: there is {}; supported are, as arguments, \
         as variables or in {profile}, {}: any tool that prints a token",
        all.join(", "),
        supported.join(", "),
    )))
}

fn keys(kind: Kind) -> String {
    let keys = kind.needs().iter().map(|need| format!("`{}`", need.key));
    keys.collect::<Vec<_>>().join(" with ")
}

/// Says what is missing if there is an id without its secret.
fn refuse_lone_ids(layers: &[&dyn Layer]) -> Result<(), Error> {
    for (kind, secret) in [
        (Kind::OAuth, CLIENT_SECRET),
        (Kind::Azure, AZURE_CLIENT_SECRET),
    ] {
        for setting in kind.needs() {
            if let Some(found) = find(layers, *setting)? {
                return Err(half(&found.describe(), secret));
            }
        }
    }
    Ok(())
}

fn is_supported(auth_type: &str) -> bool {
    Kind::ALL.iter().any(|kind| kind.auth_type() == auth_type)
}

#[cfg(test)]
mod tests;
