//! `dbexec call`: calls any endpoint, using their descriptions.

mod argument;
mod describe;
mod json;

use std::io::Write;
use std::time::{Duration, SystemTime};

use generated_client::api_runtime::operation::{Endpoint, Retry};
use generated_client::api_runtime::types::Timestamp;
use generated_client::{Client, ContextBuilder, api, api_2_0};

use crate::cli::CallArgs;
use crate::error::CliError;
use crate::{console, interrupt, suggest, target};

/// Calls an endpoint, or prints its fields or the list of endpoints.
pub(crate) fn call(args: &CallArgs) -> Result<(), CliError> {
    let Some(name) = &args.endpoint else {
        return console::print(&describe::list(endpoints()));
    };
    let endpoint = find(name)?;
    if args.fields {
        return console::print(&describe::endpoint(endpoint));
    }
    let arguments = argument::parse_all(endpoint, &args.arguments)?;
    let client = target::connect(&args.workspace)?;
    // After `connect`, so that a wrong configuration is reported before standard input is read.
    let fields = argument::read_all(&arguments)?;
    let client = interruptible(client, endpoint)?;
    let response = client.call_by_name(endpoint, &fields)?;
    let write = |out: &mut dyn Write| json::write(&response, args.pretty, out);
    console::print_pieces(write, console::print_json)?;
    if client.interrupt().is_raised() {
        let message = "interrupted after the request was processed; its response was printed";
        return Err(CliError::interrupted(message));
    }
    Ok(())
}

/// Time for the response to a request in flight, after the first signal.
const RESPONSE_TIMEOUT: Duration = ContextBuilder::DEFAULT_CLEANUP_TIMEOUT;

/// Returns a client that awaits the response to a request in flight after a signal, since it contains
/// the id of the created object. A signal during a safe request ends the process.
fn interruptible(client: Client, endpoint: &Endpoint<'static>) -> Result<Client, CliError> {
    if endpoint.operation.retry == Retry::Safe {
        return Ok(client);
    }
    let interrupt = interrupt::on_signals(Messages {
        endpoint: endpoint.operation.name,
        start: SystemTime::now(),
    })?;
    Ok(client.with_interrupt(interrupt).grace(RESPONSE_TIMEOUT))
}

/// Messages for signals.
#[derive(Clone)]
struct Messages {
    endpoint: &'static str,
    start: SystemTime,
}

impl interrupt::Messages for Messages {
    fn print_first(&self) {
        console::eprintln(format!(
            "interrupted: waiting up to {} s for the response; press Ctrl-C again to exit immediately",
            RESPONSE_TIMEOUT.as_secs()
        ));
    }

    fn print_last(&self) {
        console::warn(format_args!(
            "{}: the request may have been processed; it was sent after {:.0}",
            self.endpoint,
            Timestamp(self.start)
        ));
    }
}

/// Returns the endpoints of all APIs. Their names are unique.
fn endpoints() -> impl Iterator<Item = &'static Endpoint<'static>> {
    api::ENDPOINTS.iter().chain(api_2_0::ENDPOINTS)
}

fn find(name: &str) -> Result<&'static Endpoint<'static>, CliError> {
    let endpoint = endpoints().find(|endpoint| endpoint.operation.name == name);
    endpoint.ok_or_else(|| {
        let error = CliError::usage(format!("unknown endpoint `{}`", name.escape_debug()));
        let names = endpoints().map(|endpoint| endpoint.operation.name);
        match suggest::most_similar(name, names) {
            Some(similar) => error.help(format!("a similar endpoint exists: `{similar}`")),
            None => error.help("`dbexec call` lists the endpoints"),
        }
    })
}
