//! `dbexec call`: any endpoint, by its description. Nothing here knows a single one.

mod argument;
mod describe;
mod json;

use generated_client::ENDPOINTS;
use generated_client::api_runtime::operation::Endpoint;

use crate::cli::CallArgs;
use crate::exit::Failure;
use crate::{console, suggest, target};

/// Calls the endpoint, or tells about it or all of them.
pub(crate) fn call(args: &CallArgs) -> Result<(), Failure> {
    let Some(name) = &args.endpoint else {
        return console::print(&describe::list(ENDPOINTS));
    };
    let endpoint = find(name)?;
    if args.fields {
        return console::print(&describe::whole(endpoint));
    }
    let written = argument::parse_all(endpoint, &args.arguments)?;
    let client = target::connect(&args.workspace)?;
    let fields = argument::read_all(&written)?;
    let answer = client.call_by_name(endpoint, &fields)?;
    console::print(&json::text(&answer, args.pretty))
}

fn find(name: &str) -> Result<&'static Endpoint, Failure> {
    let found = ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.operation.name == name);
    found.ok_or_else(|| {
        let failure = Failure::usage(format!("there is no endpoint `{}`", name.escape_debug()));
        let names = ENDPOINTS.iter().map(|endpoint| endpoint.operation.name);
        match suggest::nearest(name, names) {
            Some(near) => failure.note(format!("did you mean `{near}`?")),
            None => failure.note("`dbexec call` lists them"),
        }
    })
}
