//! Responses on standard output.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use api_dynamic::{Endpoint, Polled, Waiter};
use api_spec::model::Response;
use generated_client::api_runtime::types::RawJson;
use generated_client::api_runtime::{Argument, RequestByName};
use generated_client::{Client, Error, ErrorKind, Wait};

use super::{created, json, select};
use crate::cli::CallArgs;
use crate::console;
use crate::error::CliError;
use crate::timeout::Timeout;
use crate::transfer::{Output, Transfer};

/// A call of an endpoint.
pub(super) struct Call<'c> {
    pub(super) endpoint: Endpoint<'c>,
    pub(super) client: &'c Client,
    pub(super) arguments: &'c [(String, Argument)],
    /// Set for endpoints of a spec file.
    pub(super) is_foreign: bool,
    /// Set once the response is printed and its effect is awaited.
    pub(super) has_responded: &'c AtomicBool,
}

/// Calls the endpoint and prints the response.
pub(super) fn print(call: &Call<'_>, args: &CallArgs, transfer: &Transfer) -> Result<(), CliError> {
    let kind = &call.endpoint.spec().response;
    if let Response::Text | Response::Bytes | Response::Stream = kind {
        return stream(call.endpoint, call.client, call.arguments, transfer);
    }
    if let Response::Events(events) = kind {
        transfer.end();
        return print_events(call, args, &events.item);
    }
    let response = receive(call, args);
    transfer.end();
    let response = response?;
    // An endpoint without a response body has no output.
    if response.is_null() && matches!(kind, Response::Nothing) {
        return Ok(());
    }
    print_json(&response, args)
}

/// Returns the JSON response, the last response of a wait, or the items of all pages.
fn receive(call: &Call<'_>, args: &CallArgs) -> Result<RawJson, CliError> {
    let Call {
        endpoint,
        client,
        arguments,
        ..
    } = *call;
    if let Some(pages) = endpoint.pages().filter(|_| args.all) {
        let mut list = String::from("[");
        let result = pages.for_each(client, arguments, |items| {
            for item in items {
                if list.len() > 1 {
                    list.push(',');
                }
                list.push_str(item.as_str());
            }
        });
        result.map_err(failed)?;
        list.push(']');
        return Ok(list.parse().unwrap_or_default());
    }
    let response = endpoint.call(client, arguments).map_err(failed)?;
    match endpoint.waiter().filter(|_| args.wait) {
        Some(waiter) => wait(call, &waiter, &response, args.timeout),
        None => Ok(response),
    }
}

/// Waits for the effect of a call, and returns the last response.
fn wait(
    call: &Call<'_>,
    waiter: &Waiter<'_>,
    response: &RawJson,
    timeout: Option<Timeout>,
) -> Result<RawJson, CliError> {
    let name = call.endpoint.name();
    // If the wait fails, the id of the created object is in this line only.
    console::note(format_args!("{name}: {}", response.as_str()));
    call.has_responded.store(true, Ordering::SeqCst);
    let wait = match timeout.and_then(Timeout::duration) {
        Some(timeout) => Wait::new().timeout(timeout),
        None => Wait::new().no_timeout(),
    };
    let mut last = String::new();
    let wait = wait.on_poll(|polled: &Polled| {
        if polled.status() != last {
            polled.status().clone_into(&mut last);
            console::note(format_args!("{name}: {last}"));
        }
    });
    let result = waiter.wait(call.client, call.arguments, response, wait);
    result.map_err(|error| {
        // A wait that failed has reached the end of the object.
        let created = (error.kind() != ErrorKind::WaitFailed && !call.is_foreign)
            .then(|| created::handle(&name, call.arguments, response))
            .flatten();
        let cli_error = failed(error);
        match created {
            Some(handle) => cli_error.help(created::command(&handle)),
            None => cli_error,
        }
    })
}

/// Error of a stream: of the call or of the output.
enum StreamError {
    Call(Error),
    Output(CliError),
}

impl From<Error> for StreamError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Prints events and lines while they arrive, one per line. Text is printed unchanged.
fn print_events(call: &Call<'_>, args: &CallArgs, item: &Response) -> Result<(), CliError> {
    let print = |data: &RawJson| match select::as_text(data) {
        Some(text) if *item == Response::Text => console::print(&format!("{text}\n")),
        _ => print_value(data, args, args.pretty),
    };
    let result = call
        .endpoint
        .for_each_event(call.client, call.arguments, |event| {
            call.has_responded.store(true, Ordering::SeqCst);
            print(&event.data).map_err(StreamError::Output)
        });
    result.map_err(|error| match error {
        StreamError::Call(error) => failed(error),
        StreamError::Output(error) => error,
    })
}

fn print_json(response: &RawJson, args: &CallArgs) -> Result<(), CliError> {
    let is_pretty = args.pretty || console::is_stdout_terminal();
    print_value(response, args, is_pretty)
}

/// Prints a value, or the part of it that `--get` selects.
fn print_value(response: &RawJson, args: &CallArgs, is_pretty: bool) -> Result<(), CliError> {
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
