//! `dbexec call`: calls any endpoint, using the descriptions in [`ENDPOINTS`].

mod argument;
mod describe;
mod json;

use generated_client::ENDPOINTS;
use generated_client::api_runtime::operation::Endpoint;

use crate::cli::CallArgs;
use crate::error::CliError;
use crate::{console, suggest, target};

/// Calls an endpoint, or prints its fields or the list of endpoints.
pub(crate) fn call(args: &CallArgs) -> Result<(), CliError> {
    let Some(name) = &args.endpoint else {
        return console::print(&describe::list(ENDPOINTS));
    };
    let endpoint = find(name)?;
    if args.fields {
        return console::print(&describe::endpoint(endpoint));
    }
    let arguments = argument::parse_all(endpoint, &args.arguments)?;
    let client = target::connect(&args.workspace)?;
    // After `connect`, so that a wrong configuration is reported before standard input is read.
    let fields = argument::read_all(&arguments)?;
    let response = client.call_by_name(endpoint, &fields)?;
    console::print_json(&json::format(&response, args.pretty))
}

fn find(name: &str) -> Result<&'static Endpoint, CliError> {
    let endpoint = ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.operation.name == name);
    endpoint.ok_or_else(|| {
        let error = CliError::usage(format!("unknown endpoint `{}`", name.escape_debug()));
        let names = ENDPOINTS.iter().map(|endpoint| endpoint.operation.name);
        match suggest::most_similar(name, names) {
            Some(similar) => error.help(format!("a similar endpoint exists: `{similar}`")),
            None => error.help("`dbexec call` lists the endpoints"),
        }
    })
}
