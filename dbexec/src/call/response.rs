//! Responses on standard output.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use api_dynamic::{Endpoint, Pages, Polled, Waiter};
use api_spec::model::{Response, Retry};
use generated_client::api_runtime::Argument;
use generated_client::api_runtime::http::StatusCode;
use generated_client::api_runtime::types::RawJson;
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
    let spec = &call.endpoint.spec().response;
    match spec {
        // `--get` selects a header, or the body as text.
        Response::Text | Response::Bytes | Response::Stream if args.get.is_none() => {
            return stream(call, transfer);
        }
        Response::Events(events) => {
            transfer.end();
            return print_events(call, args, &events.item);
        }
        _ => {}
    }
    if let Some(pages) = call.endpoint.pages().filter(|_| args.all) {
        let items = all_items(call, &pages);
        transfer.end();
        return print_json(&items?, args);
    }
    let response = call.endpoint.call(call.client, call.arguments);
    transfer.end();
    let response = response.map_err(|error| failed(call.endpoint, error))?;
    if let Some(waiter) = call.endpoint.waiter().filter(|_| args.wait) {
        let last = wait(call, &waiter, response.json(), args.timeout)?;
        return print_json(&last, args);
    }
    if let Response::ByStatus(_) = spec {
        let status = StatusCode::from_u16(response.status()).map(|status| status.to_string());
        console::note(status.unwrap_or_default());
    }
    match response.bytes() {
        Some(bytes) if args.get.is_none() => {
            let mut output = Output::new(transfer.clone());
            let written = output.write_all(bytes);
            end(&mut output, written)?;
            print_headers(&response);
            Ok(())
        }
        // An endpoint without a response body has no output.
        _ if response.json().is_null() && !is_json(spec, response.status()) => Ok(()),
        _ => print_json(response.json(), args),
    }
}

/// Returns whether a response with this status code is JSON.
fn is_json(response: &Response, status: u16) -> bool {
    match response {
        Response::ByStatus(cases) => {
            let mut cases = cases.cases.iter();
            let case = cases.find(|case| case.status == status);
            case.is_some_and(|case| is_json(&case.response, status))
        }
        Response::Object(_) | Response::Value(_) => true,
        _ => false,
    }
}

/// Returns the items of all pages as a list.
fn all_items(call: &Call<'_>, pages: &Pages<'_>) -> Result<RawJson, CliError> {
    let mut list = String::from("[");
    let result = pages.for_each(call.client, call.arguments, |items| {
        for item in items {
            if list.len() > 1 {
                list.push(',');
            }
            list.push_str(item.as_str());
        }
    });
    result.map_err(|error| failed(call.endpoint, error))?;
    list.push(']');
    Ok(list.parse().unwrap_or_default())
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
        let cli_error = failed(waiter.poll(), error);
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
    let begin = |response: &api_dynamic::Response| {
        print_headers(response);
        Ok(())
    };
    let result = call
        .endpoint
        .for_each_event(call.client, call.arguments, begin, |event| {
            call.has_responded.store(true, Ordering::SeqCst);
            print(&event.data).map_err(StreamError::Output)
        });
    result.map_err(|error| match error {
        StreamError::Call(error) => failed(call.endpoint, error),
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
fn stream(call: &Call<'_>, transfer: &Transfer) -> Result<(), CliError> {
    let mut output = Output::new(transfer.clone());
    let sent = call
        .endpoint
        .call_into(call.client, call.arguments, &mut output);
    match sent {
        Ok(response) => {
            end(&mut output, Ok(()))?;
            print_headers(&response);
            Ok(())
        }
        Err(error) => {
            let _ = output.end();
            // For example after `head` exits.
            if output.is_closed() {
                return Ok(());
            }
            Err(failed(call.endpoint, error))
        }
    }
}

/// Ends an output after a write with this result.
fn end(output: &mut Output, written: io::Result<()>) -> Result<(), CliError> {
    match written.and(output.end()) {
        Err(error) if !output.is_closed() => Err(CliError::service(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Prints the headers of a response whose body is the output.
fn print_headers(response: &api_dynamic::Response) {
    for (name, value) in response.headers() {
        let text = select::as_text(value);
        console::note(format_args!(
            "{name}: {}",
            text.as_deref().unwrap_or(value.as_str())
        ));
    }
}

/// Converts an error of an endpoint, and prints the body of the error response.
fn failed(endpoint: Endpoint<'_>, error: Error) -> CliError {
    let body = String::from_utf8_lossy(error.body());
    if !body.trim().is_empty() {
        console::eprintln(body.trim_end());
    }
    if endpoint.spec().retry == Retry::Safe {
        // The request has no effects that could be checked.
        return CliError::request(&error);
    }
    error.into()
}
