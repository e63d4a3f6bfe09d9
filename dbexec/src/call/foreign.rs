//! Clients for the APIs of `--spec`. Settings and credentials of Databricks are never used for them.

use api_dynamic::Endpoint;
use generated_client::{Client, NetworkVariables};

use super::foreign_credentials;
use crate::cli::WorkspaceArgs;
use crate::error::CliError;
use crate::{console, logging};

/// Creates a client for the API of an endpoint.
pub(super) fn connect(endpoint: Endpoint<'_>, args: &WorkspaceArgs) -> Result<Client, CliError> {
    let api = endpoint.api();
    let url = args.host.as_ref().or(api.url.as_ref()).ok_or_else(|| {
        CliError::usage(format!("the spec of {} declares no `url`", api.name)).help(
            "use `--host URL`, or `--workspace` if it describes an API of the Databricks workspace",
        )
    })?;
    let credentials = foreign_credentials::find(endpoint, args.token.as_ref())?;
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
