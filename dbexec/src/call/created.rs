//! Contexts and commands that a call has created.

use generated_client::api_runtime::Argument;
use generated_client::api_runtime::types::RawJson;

use super::select;
use crate::handle::Handle;

/// Returns the command line that cancels the command, or destroys the context.
pub(super) fn command(handle: &Handle) -> String {
    let command = match handle.command {
        Some(_) => "cancel",
        None => "destroy",
    };
    format!("dbexec {command} {handle}")
}

/// Returns the handle of the context or the command, if the endpoint has created one.
pub(super) fn handle(
    endpoint: &str,
    arguments: &[(String, Argument)],
    response: &RawJson,
) -> Option<Handle> {
    let argument = |name: &str| {
        let (_, value) = arguments.iter().find(|(other, _)| other == name)?;
        match value {
            Argument::Text(text) => Some(text.as_str()),
            _ => None,
        }
    };
    let id = select::as_text(&select::select(response, "id").ok()?)?;
    let cluster = argument("clusterId")?;
    let handle = match endpoint {
        "contexts.create" => Some(Handle::context(cluster, &id)),
        "commands.execute" | "commands.execute_file" => Some(Handle {
            command: Some(id),
            ..Handle::context(cluster, argument("contextId")?)
        }),
        _ => None,
    };
    handle.filter(Handle::is_printable)
}
