//! The request without sending it: `--dry-run` and `--curl`.

use std::env;

use api_dynamic::Endpoint;
use generated_client::Client;
use generated_client::api_runtime::{Argument, CurlVariables, RequestPreview};

use super::foreign_credentials::{self, TOKEN_VARIABLE, USER_VARIABLES};
use crate::console;
use crate::error::CliError;

/// Variables of the Databricks tools.
const DATABRICKS_VARIABLES: CurlVariables<'static> = CurlVariables {
    base_url: Some("DATABRICKS_HOST"),
    token: Some("DATABRICKS_TOKEN"),
    user: Some(("DATABRICKS_USERNAME", "DATABRICKS_PASSWORD")),
    keys: &[],
};

/// Prints the request.
pub(super) fn print_preview(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
) -> Result<(), CliError> {
    let preview = preview(endpoint, client, arguments)?;
    console::print(&format!("{}\n", client.redact(&preview.to_string())))
}

/// Prints the request as a command line of curl, and notes about what it needs.
pub(super) fn print_curl(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
    is_foreign: bool,
) -> Result<(), CliError> {
    let preview = preview(endpoint, client, arguments)?;
    let [user, password] = USER_VARIABLES;
    let keys = foreign_credentials::key_variables(endpoint);
    let keys: Vec<_> = keys
        .iter()
        .map(|(key, name)| (key.as_str(), name.as_str()))
        .collect();
    let variables = if is_foreign {
        CurlVariables {
            base_url: None,
            // An API without `auth` may require the token of `--token`.
            token: Some(TOKEN_VARIABLE).filter(|_| keys.is_empty()),
            user: Some((user, password)),
            keys: &keys,
        }
    } else {
        databricks_variables(client)
    };
    let line = preview.to_curl(&variables);
    let (user, password) = variables.user.unwrap_or_default();
    let names = variables.keys.iter().map(|(_, name)| *name);
    for name in names.chain(variables.token).chain([user, password]) {
        if line.contains(&format!("${name}")) && !is_used(client, name) {
            console::note(format_args!(
                "set the variable {name} before you run it; dbexec would send {}",
                client.credentials()
            ));
        }
    }
    if preview.has_secret_fields() {
        console::note("replace `***` by the secret before you run it");
    }
    console::print(&format!("{}\n", client.redact(&line)))
}

fn preview(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
) -> Result<RequestPreview, CliError> {
    let preview = endpoint.with_request(arguments, |operation, request| {
        client.preview(operation, request)
    });
    Ok(preview?)
}

/// Uses the variable with the host only if its value is exactly the base URL.
fn databricks_variables(client: &Client) -> CurlVariables<'static> {
    let is_base_url = |name: &&str| env::var(name).is_ok_and(|url| url == client.base_url());
    CurlVariables {
        base_url: DATABRICKS_VARIABLES.base_url.filter(is_base_url),
        ..DATABRICKS_VARIABLES
    }
}

/// Returns whether a variable has the value that the client would send. The name of a user is no secret,
/// so that its variable only has to be set.
fn is_used(client: &Client, name: &str) -> bool {
    let is_user = name.ends_with("USERNAME") || name.ends_with("USER");
    env::var(name)
        .is_ok_and(|value| !value.is_empty() && (is_user || client.redact(&value) != value))
}
