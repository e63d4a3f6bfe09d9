//! Credentials for the APIs of `--spec`, and the variables that contain them.

use std::env;

use api_dynamic::Endpoint;
use api_spec::model::{Auth, Credential, CredentialLocation};
use api_spec::names::RustName;
use generated_client::{Credentials, Secret};

use crate::error::CliError;

/// Variable with a bearer token.
pub(super) const TOKEN_VARIABLE: &str = "DBEXEC_API_TOKEN";

/// Variable with a key, if the spec declares a single one. Otherwise, the start of its name.
const KEY_VARIABLE: &str = "DBEXEC_API_KEY";

/// Variables with user name and password.
pub(super) const USER_VARIABLES: [&str; 2] = ["DBEXEC_API_USER", "DBEXEC_API_PASSWORD"];

/// Returns the credentials of the requests of an endpoint; `None` if the spec declares none.
pub(super) fn auth(endpoint: Endpoint<'_>) -> Option<&Auth> {
    endpoint
        .spec()
        .auth
        .as_ref()
        .or(endpoint.api().auth.as_ref())
}

/// Returns the variables with the keys and the token of an API, and the names of their headers or
/// parameters.
pub(super) fn key_variables(endpoint: Endpoint<'_>) -> Vec<(String, String)> {
    let credentials = auth(endpoint).map_or_else(Vec::new, Auth::credentials);
    let keys = credentials
        .into_iter()
        .filter(|it| **it != Credential::Basic);
    let keys = keys.map(|credential| {
        let variables = variables_of(endpoint, credential);
        let name = match credential.location() {
            CredentialLocation::Header { name, .. } | CredentialLocation::Query(name) => name,
        };
        (name.to_owned(), variables.concat())
    });
    keys.collect()
}

/// Returns the variables with the parts of a credential.
fn variables_of(endpoint: Endpoint<'_>, credential: &Credential) -> Vec<String> {
    match credential {
        Credential::Bearer => vec![TOKEN_VARIABLE.to_owned()],
        Credential::Basic => USER_VARIABLES.map(str::to_owned).to_vec(),
        Credential::Header { .. } | Credential::Query(_) => {
            let all = endpoint
                .api()
                .auth
                .as_ref()
                .map_or_else(Vec::new, Auth::credentials);
            let is_key =
                |it: &&&Credential| matches!(it, Credential::Header { .. } | Credential::Query(_));
            if all.iter().filter(is_key).count() < 2 {
                return vec![KEY_VARIABLE.to_owned()];
            }
            vec![format!("{KEY_VARIABLE}_{}", key_name(credential))]
        }
    }
}

/// Returns the part of the name of a variable for one of several keys.
fn key_name(credential: &Credential) -> String {
    let name = match credential.location() {
        CredentialLocation::Header { name, prefix }
            if name.eq_ignore_ascii_case("authorization") =>
        {
            RustName::snake(prefix).or_else(|| RustName::snake(name))
        }
        CredentialLocation::Header { name, .. } | CredentialLocation::Query(name) => {
            RustName::snake(name)
        }
    };
    name.map_or_else(String::new, |name| name.unraw().to_uppercase())
}

/// Returns the credentials in `--token` or in variables: the first set of the spec that is complete.
pub(super) fn find(
    endpoint: Endpoint<'_>,
    token: Option<&Secret>,
) -> Result<Credentials, CliError> {
    let Some(auth) = auth(endpoint) else {
        return Ok(match token {
            Some(token) => Credentials::bearer(token.clone())?.found_in("--token"),
            None => Credentials::none(),
        });
    };
    if let Some(token) = token.filter(|_| !auth.is_none()) {
        return from_token(endpoint, auth, token);
    }
    for set in &auth.sets {
        if let Some(credentials) = from_variables(endpoint, set)? {
            return Ok(credentials);
        }
    }
    Err(missing(endpoint, auth))
}

fn from_token(
    endpoint: Endpoint<'_>,
    auth: &Auth,
    token: &Secret,
) -> Result<Credentials, CliError> {
    let single = auth.sets.iter().find_map(|set| match set.as_slice() {
        [credential] if *credential != Credential::Basic => Some(credential),
        _ => None,
    });
    match single {
        Some(credential) => {
            Ok(create(credential, std::slice::from_ref(token))?.found_in("--token"))
        }
        None => Err(CliError::usage(format!(
            "`--token` is a single secret, but {} requires more",
            endpoint.api().name
        ))
        .help(help(endpoint, auth))),
    }
}

/// Returns a set of credentials from variables, unless one of them is not set.
fn from_variables(
    endpoint: Endpoint<'_>,
    set: &[Credential],
) -> Result<Option<Credentials>, CliError> {
    let mut all = Vec::new();
    for credential in set {
        let variables = variables_of(endpoint, credential);
        let mut values = Vec::new();
        for variable in &variables {
            match value_of(variable)? {
                Some(value) => values.push(value),
                None => return Ok(None),
            }
        }
        let origin = format!("the {}", list(&variables));
        all.push(create(credential, &values)?.found_in(origin));
    }
    Ok(match all.len() {
        0 => Some(Credentials::none()),
        1 => all.pop(),
        _ => Some(Credentials::all(all)?),
    })
}

fn create(credential: &Credential, values: &[Secret]) -> Result<Credentials, CliError> {
    let credentials = match (credential, values) {
        (Credential::Basic, [user, password]) => {
            Credentials::basic(user.expose(), password.clone())?
        }
        (Credential::Bearer, [token, ..]) => Credentials::bearer(token.clone())?,
        (Credential::Header { name, prefix }, [key, ..]) => {
            Credentials::key_with_prefix(name, prefix, key.clone())?
        }
        (Credential::Query(name), [key, ..]) => Credentials::query_key(name, key.clone())?,
        (_, _) => Credentials::none(),
    };
    Ok(credentials)
}

/// Returns the value of a variable that is set and not empty.
fn value_of(name: &str) -> Result<Option<Secret>, CliError> {
    match env::var(name) {
        Ok(text) if !text.is_empty() => Ok(Some(Secret::new(text))),
        Err(env::VarError::NotUnicode(_)) => Err(CliError::usage(format!(
            "the variable {name} is not valid UTF-8"
        ))),
        _ => Ok(None),
    }
}

fn missing(endpoint: Endpoint<'_>, auth: &Auth) -> CliError {
    let api = &endpoint.api().name;
    CliError::usage(format!(
        "no credentials for {api}: {}",
        help(endpoint, auth)
    ))
    .note("credentials of Databricks are not sent to the API of a spec file")
}

/// Returns the variables to set, e.g. `set the variable A, or the variables B and C`.
fn help(endpoint: Endpoint<'_>, auth: &Auth) -> String {
    let sets = auth.sets.iter().filter(|set| !set.is_empty());
    let sets: Vec<_> = sets
        .map(|set| {
            let variables = set.iter().flat_map(|it| variables_of(endpoint, it));
            format!("the {}", list(&variables.collect::<Vec<_>>()))
        })
        .collect();
    format!("set {}", sets.join(", or "))
}

/// Returns a list of variables, e.g. `variables A and B`.
fn list(variables: &[String]) -> String {
    match variables {
        [single] => format!("variable {single}"),
        [others @ .., last] => format!("variables {} and {last}", others.join(", ")),
        [] => String::new(),
    }
}

/// Returns a description of the credentials of an endpoint, and their variables.
pub(super) fn describe(endpoint: Endpoint<'_>) -> String {
    let Some(auth) = auth(endpoint) else {
        return "none, or a bearer token with `--token`".to_owned();
    };
    let sets = auth.sets.iter().map(|set| match set.as_slice() {
        [] => "none".to_owned(),
        [Credential::Basic] => describe_one(endpoint, &Credential::Basic),
        [credential] => {
            let (kind, variables) = (kind(credential), variables_of(endpoint, credential));
            format!("{kind}: `--token` or the {}", list(&variables))
        }
        set => {
            let set: Vec<_> = set.iter().map(|it| describe_one(endpoint, it)).collect();
            set.join("; ")
        }
    });
    sets.collect::<Vec<_>>().join(", or ")
}

fn describe_one(endpoint: Endpoint<'_>, credential: &Credential) -> String {
    let variables = variables_of(endpoint, credential);
    format!("{}: the {}", kind(credential), list(&variables))
}

fn kind(credential: &Credential) -> String {
    match credential {
        Credential::Bearer => "bearer token".to_owned(),
        Credential::Basic => "user and password".to_owned(),
        Credential::Header { name, .. } => format!("key in the header `{name}`"),
        Credential::Query(name) => format!("key in the query parameter `{name}`"),
    }
}
