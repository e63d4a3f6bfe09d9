//! `dbexec call`: calls any endpoint of the Databricks APIs, or of a spec file.

mod argument;
mod created;
mod describe;
mod file_fields;
mod foreign;
mod foreign_credentials;
mod help;
mod json;
mod read;
mod request;
mod response;
mod select;
mod specs;
mod value;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use api_dynamic::Endpoint;
use api_spec::model::{Response, Retry};
use generated_client::api_runtime::types::Timestamp;
use generated_client::{Client, ContextBuilder};

use self::specs::Specs;
use crate::cli::CallArgs;
use crate::error::CliError;
use crate::transfer::Transfer;
use crate::{console, interrupt, target};

/// Calls an endpoint, or prints its fields, its request, or the list of endpoints.
pub(crate) fn call(args: &CallArgs) -> Result<(), CliError> {
    let Some(name) = &args.endpoint else {
        if args.help || args.short_help {
            return console::print(&help::of_call(args.help));
        }
        let specs = Specs::load(args.spec.as_deref())?;
        return console::print(&describe::list(&specs, console::stdout_width()));
    };
    let specs = Specs::load(args.spec.as_deref())?;
    let endpoint = specs.find(name)?;
    if args.help || args.short_help {
        let width = console::stdout_width();
        return console::print(&describe::endpoint(&specs, endpoint, width));
    }
    check_options(endpoint, args)?;
    let arguments = argument::parse_all(&specs, endpoint, &args.arguments)?;
    let is_foreign = specs.is_foreign() && !args.is_for_workspace();
    let client = if is_foreign {
        foreign::connect(endpoint, &args.connection)?
    } else {
        target::connect(&args.connection)?
    };
    // After the client, so that a wrong configuration is reported before standard input is read.
    let transfer = Transfer::on_terminal();
    let fields = read::read_all(endpoint, &arguments, &transfer)?;
    if let Some(note) = &endpoint.spec().deprecated {
        console::warn(format_args!("{name} is deprecated: {note}"));
    }
    if args.dry_run {
        return request::print_preview(endpoint, &client, &fields);
    }
    if args.curl {
        return request::print_curl(endpoint, &client, &fields, is_foreign);
    }
    let has_responded = Arc::new(AtomicBool::new(false));
    let client = interruptible(client, endpoint, &has_responded)?;
    let call = response::Call {
        endpoint,
        client: &client,
        arguments: &fields,
        is_foreign: specs.is_foreign(),
        has_responded: &has_responded,
    };
    response::print(&call, args, &transfer)?;
    if client.interrupt().is_raised() {
        let message = "the request was processed; its response was printed";
        return Err(CliError::interrupted(message));
    }
    Ok(())
}

/// Checks that the endpoint supports the options, before anything is sent.
fn check_options(endpoint: Endpoint<'_>, args: &CallArgs) -> Result<(), CliError> {
    let name = endpoint.name();
    let spec = endpoint.spec();
    let response = match &spec.response {
        Response::Events(events) => &events.item,
        response => response,
    };
    let is_json = spec.response_headers.is_some()
        || !matches!(
            response,
            Response::Text | Response::Bytes | Response::Stream
        );
    if args.wait && endpoint.waiter().is_none() {
        return Err(CliError::usage(format!("the spec of {name} has no `wait`")));
    }
    if args.all && endpoint.pages().is_none() {
        return Err(CliError::usage(format!(
            "the spec of {name} has no `pages`"
        )));
    }
    if args.get.is_some() && !is_json {
        let message = format!("`--get` requires JSON, and the response of {name} is not JSON");
        return Err(CliError::usage(message));
    }
    Ok(())
}

/// Time for the response to a request in flight, after the first signal.
const RESPONSE_TIMEOUT: Duration = ContextBuilder::DEFAULT_CLEANUP_TIMEOUT;

/// Returns a client that awaits the response to a request in flight after a signal, since it contains
/// the id of the created object. A signal during a safe request ends the process.
fn interruptible(
    client: Client,
    endpoint: Endpoint<'_>,
    has_responded: &Arc<AtomicBool>,
) -> Result<Client, CliError> {
    if endpoint.spec().retry == Retry::Safe {
        return Ok(client);
    }
    let interrupt = interrupt::on_signals(Messages {
        endpoint: endpoint.name(),
        start: SystemTime::now(),
        has_responded: Arc::clone(has_responded),
    })?;
    Ok(client.with_interrupt(interrupt).grace(RESPONSE_TIMEOUT))
}

/// Messages for signals.
#[derive(Clone)]
struct Messages {
    endpoint: String,
    start: SystemTime,
    /// Set once the response is printed and its effect is awaited.
    has_responded: Arc<AtomicBool>,
}

impl interrupt::Messages for Messages {
    fn print_first(&self, raise: &dyn Fn()) {
        raise();
        // A wait ends at once.
        if self.has_responded.load(Ordering::SeqCst) {
            return;
        }
        console::eprintln(format!(
            "waiting up to {} s for the response; Ctrl-C again leaves at once",
            RESPONSE_TIMEOUT.as_secs()
        ));
    }

    fn print_last(&self) {
        if self.has_responded.load(Ordering::SeqCst) {
            return;
        }
        console::warn(format_args!(
            "{}: the request may have been processed; it was sent after {:.0}",
            self.endpoint,
            Timestamp(self.start)
        ));
    }
}
