//! Clients for the APIs of `--spec`. Settings and credentials of Databricks are never used for them.

use std::env;

use api_dynamic::Endpoint;
use api_spec::model::Auth;
use generated_client::api_runtime::CurlVariables;
use generated_client::{Client, Credentials, NetworkVariables, Secret};

use crate::cli::WorkspaceArgs;
use crate::error::CliError;
use crate::{console, logging};

/// Variable with a bearer token.
pub(super) const TOKEN_VARIABLE: &str = "DBEXEC_API_TOKEN";

/// Variable with a key that is sent in a header.
pub(super) const KEY_VARIABLE: &str = "DBEXEC_API_KEY";

/// Variables with user name and password.
pub(super) const USER_VARIABLES: [&str; 2] = ["DBEXEC_API_USER", "DBEXEC_API_PASSWORD"];

/// Variables for command lines of curl.
pub(super) fn curl_variables(endpoint: Endpoint<'_>) -> CurlVariables<'static> {
    let [user, password] = USER_VARIABLES;
    CurlVariables {
        base_url: None,
        token: Some(match endpoint.api().auth {
            Some(Auth::Header(_)) => KEY_VARIABLE,
            _ => TOKEN_VARIABLE,
        }),
        user: Some((user, password)),
    }
}

/// Creates a client for the API of an endpoint.
pub(super) fn connect(endpoint: Endpoint<'_>, args: &WorkspaceArgs) -> Result<Client, CliError> {
    let api = endpoint.api();
    let url = args.host.as_ref().or(api.url.as_ref()).ok_or_else(|| {
        CliError::usage(format!("the spec of {} declares no `url`", api.name)).help(
            "use `--host URL`, or `--workspace` if it describes an API of the Databricks workspace",
        )
    })?;
    let credentials = if endpoint.spec().unauthenticated {
        Credentials::none()
    } else {
        credentials(&api.name, api.auth.as_ref(), args.token.as_ref())?
    };
    log::info!(target: logging::TARGET, "host {url}");
    log::info!(target: logging::TARGET, "{credentials}");
    let builder = Client::builder(url.as_str())
        .credentials(credentials)
        .network_variables(NetworkVariables::from_process())
        .user_agent(concat!("dbexec/", env!("CARGO_PKG_VERSION")));
    let builder = match &args.ca_file {
        Some(path) => builder.ca_file(path),
        None => builder,
    };
    let builder = if args.allow_plain_http {
        builder.allow_plain_http()
    } else {
        builder
    };
    let client = builder.build()?;
    console::redact_secrets_of(&client);
    Ok(client)
}

fn credentials(
    api: &str,
    auth: Option<&Auth>,
    token: Option<&Secret>,
) -> Result<Credentials, CliError> {
    let token_or = |variable| -> Result<_, CliError> {
        if let Some(token) = token {
            return Ok((token.clone(), "--token".to_owned()));
        }
        let origin = format!("the variable {variable}");
        Ok((variable_of(api, variable)?, origin))
    };
    Ok(match auth {
        None => match token {
            Some(token) => Credentials::bearer(token.clone())?.found_in("--token"),
            None => Credentials::none(),
        },
        Some(Auth::Bearer) => {
            let (token, origin) = token_or(TOKEN_VARIABLE)?;
            Credentials::bearer(token)?.found_in(origin)
        }
        Some(Auth::Header(name)) => {
            let (key, origin) = token_or(KEY_VARIABLE)?;
            Credentials::key(name, key)?.found_in(origin)
        }
        Some(Auth::Basic) => {
            let [user_variable, password_variable] = USER_VARIABLES;
            let user = variable_of(api, user_variable)?;
            let password = variable_of(api, password_variable)?;
            let origin = format!("the variables {user_variable} and {password_variable}");
            Credentials::basic(user.expose(), password)?.found_in(origin)
        }
    })
}

/// Returns the value of a variable that is required.
fn variable_of(api: &str, name: &str) -> Result<Secret, CliError> {
    match env::var(name) {
        Ok(text) if !text.is_empty() => Ok(Secret::new(text)),
        Err(env::VarError::NotUnicode(_)) => Err(CliError::usage(format!(
            "the variable {name} is not valid UTF-8"
        ))),
        _ => Err(
            CliError::usage(format!("no credentials for {api}: set the variable {name}"))
                .note("credentials of Databricks are not sent to the API of a spec file"),
        ),
    }
}
