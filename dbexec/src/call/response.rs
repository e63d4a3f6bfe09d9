//! Responses on standard output.

use std::io::Write;

use api_dynamic::{Endpoint, Polled};
use api_spec::model::Response;
use generated_client::api_runtime::types::RawJson;
use generated_client::api_runtime::{Argument, RequestByName};
use generated_client::{Client, Error, Wait};

use super::{json, select};
use crate::cli::CallArgs;
use crate::console;
use crate::error::CliError;
use crate::timeout::Timeout;
use crate::transfer::{Output, Transfer};

/// Calls the endpoint and prints the response.
pub(super) fn print(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
    args: &CallArgs,
    transfer: &Transfer,
) -> Result<(), CliError> {
    if let Response::Text | Response::Bytes | Response::Stream = endpoint.spec().response {
        return stream(endpoint, client, arguments, transfer);
    }
    let response = receive(endpoint, client, arguments, args);
    transfer.end();
    let response = response.map_err(failed)?;
    // An endpoint without a response body has no output.
    if response.is_null() && matches!(endpoint.spec().response, Response::Nothing) {
        return Ok(());
    }
    print_json(&response, args)
}

/// Returns the JSON response, the last response of a wait, or the items of all pages.
fn receive(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
    args: &CallArgs,
) -> Result<RawJson, Error> {
    if let Some(pages) = endpoint.pages().filter(|_| args.all) {
        let mut list = String::from("[");
        pages.for_each(client, arguments, |items| {
            for item in items {
                if list.len() > 1 {
                    list.push(',');
                }
                list.push_str(item.as_str());
            }
        })?;
        list.push(']');
        return Ok(list.parse().unwrap_or_default());
    }
    let response = endpoint.call(client, arguments)?;
    match endpoint.waiter().filter(|_| args.wait) {
        Some(waiter) => {
            // If the wait fails, the id of the created object is in this line only.
            console::note(format_args!("{}: {}", endpoint.name(), response.as_str()));
            let wait = match args.timeout.and_then(Timeout::duration) {
                Some(timeout) => Wait::new().timeout(timeout),
                None => Wait::new().no_timeout(),
            };
            let mut last = String::new();
            let wait = wait.on_poll(|polled: &Polled| {
                if polled.status() != last {
                    polled.status().clone_into(&mut last);
                    console::note(format_args!("{}: {last}", endpoint.name()));
                }
            });
            waiter.wait(client, arguments, &response, wait)
        }
        None => Ok(response),
    }
}

fn print_json(response: &RawJson, args: &CallArgs) -> Result<(), CliError> {
    let is_pretty = args.pretty || console::is_stdout_terminal();
    let Some(path) = &args.get else {
        let write = |out: &mut dyn Write| json::write(response, is_pretty, out);
        return console::print_pieces(write, console::print_json);
    };
    let value = select::select(response, path).inspect_err(|_| {
        // The response may contain the id of a created object.
        console::note(format_args!("the response was {}", response.as_str()));
    })?;
    if let Some(text) = select::as_text(&value) {
        return console::print(&format!("{text}\n"));
    }
    let write = |out: &mut dyn Write| json::write(&value, is_pretty, out);
    console::print_pieces(write, console::print_json)
}

/// Writes the body to standard output while it arrives.
fn stream(
    endpoint: Endpoint<'_>,
    client: &Client,
    arguments: &[(String, Argument)],
    transfer: &Transfer,
) -> Result<(), CliError> {
    let mut output = Output::new(transfer.clone());
    let sent = endpoint.describe(|endpoint| {
        let request = RequestByName::new(endpoint, arguments)?;
        client
            .send_into(endpoint.operation, &request, &mut output)
            .map(drop)
    });
    let ended = output.end();
    match sent {
        // For example after `head` exits.
        Err(_) if output.is_closed() => Ok(()),
        Err(error) => Err(failed(error)),
        Ok(()) => ended.map_err(|error| {
            CliError::service(format!("cannot write to standard output: {error}"))
        }),
    }
}

/// Converts an error, and prints the body of the error response.
fn failed(error: Error) -> CliError {
    let body = String::from_utf8_lossy(error.body());
    if !body.trim().is_empty() {
        console::eprintln(body.trim_end());
    }
    error.into()
}
