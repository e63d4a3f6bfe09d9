//! A client of a faulty server, and what it lets be seen.

use std::fmt::{self, Debug, Display, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use api_runtime::{
    Client, ClientBuilder, Clock, Credentials, Error, Interrupt, ManualClock, Timeouts,
};
use generated_client::{Language, Upload, commands, contexts};

use crate::capture;
use crate::cell::Findings;
use crate::mock::{CLUSTER, CODE, Endpoint, MockServer, TOKEN};
use crate::observed::{Observed, Streams};

/// Maximum response size of the clients.
pub(crate) const MAX_ANSWER: u64 = 1 << 20;

/// Timeout of clients in cells whose server is too slow.
pub(crate) const SHORT: Duration = Duration::from_secs(1);

/// Timeout of clients in all other cells.
const LONG: Duration = Duration::from_secs(50);

/// Time after which the default [`RetryPolicy`](api_runtime::RetryPolicy) begins no attempt.
pub(crate) const RETRY_BUDGET: Duration = Duration::from_secs(60);

pub(crate) fn timeouts(response: Duration) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Some(response);
    timeouts.response = Some(response);
    timeouts.idle = Some(response);
    timeouts
}

/// Output of the events that the observer has received.
pub(crate) type Events = Arc<Mutex<Vec<String>>>;

/// Returns a builder with credentials, and the events of its observer.
pub(crate) fn builder(url: &str) -> (ClientBuilder, Events) {
    let events = Events::default();
    let recorded = Arc::clone(&events);
    let credentials = Credentials::bearer(TOKEN)
        .expect("the token is valid")
        .found_in("a test");
    let builder = Client::builder(url)
        .credentials(credentials)
        .max_response_size(MAX_ANSWER)
        .timeouts(timeouts(LONG))
        .observe(move |call| {
            let texts = format!("{call} {call:#} {call:?} {call:#?}");
            recorded.lock().unwrap().push(texts);
        });
    (builder, events)
}

/// A client, with a manual clock unless another one is set.
pub(crate) struct Rig {
    pub(crate) client: Client,
    events: Events,
    /// Time of the last observation.
    start: Mutex<Instant>,
}

impl Rig {
    pub(crate) fn new(url: &str) -> Self {
        Self::with(url, |builder| builder)
    }

    pub(crate) fn with(url: &str, also: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let (builder, events) = builder(url);
        let client = also(builder.clock(ManualClock::new()))
            .build()
            .expect("the settings are valid");
        Self {
            start: Mutex::new(client.clock().now()),
            client,
            events,
        }
    }

    /// Creates a client with short timeouts.
    pub(crate) fn impatient(url: &str) -> Self {
        Self::with(url, |builder| builder.timeouts(timeouts(SHORT)))
    }

    /// Observes a call to a mock server. Resets the count of executions and the time.
    pub(crate) fn observe(
        &self,
        findings: &mut Findings,
        server: &MockServer,
        endpoint: Endpoint,
        result: &Result<Option<String>, Error>,
    ) -> Observed {
        let executions = check_against_server(findings, server, endpoint, result);
        Observed {
            requests: server.requests(endpoint),
            executions,
            contexts: server.workspace().contexts().len(),
            ..self.observe_unreached(findings, result)
        }
    }

    /// Observes a call that no server has received.
    pub(crate) fn observe_unreached(
        &self,
        findings: &mut Findings,
        result: &Result<Option<String>, Error>,
    ) -> Observed {
        let error = result.as_ref().err();
        Observed {
            requests: 0,
            executions: 0,
            contexts: 0,
            delivery: error.map(Error::delivery),
            time: self.take_time(),
            streams: self.take_streams(error.map_or(String::new(), |error| texts(findings, error))),
        }
    }

    /// Returns the time since the last observation.
    pub(crate) fn take_time(&self) -> Duration {
        let now = self.client.clock().now();
        let mut start = self.start.lock().unwrap();
        now - std::mem::replace(&mut *start, now)
    }

    /// Returns the streams since the last observation, with these texts of errors.
    pub(crate) fn take_streams(&self, errors: String) -> Streams {
        Streams {
            errors,
            leftovers: String::new(),
            events: std::mem::take(&mut *self.events.lock().unwrap()).join("\n"),
            log: capture::take().join("\n"),
        }
    }
}

/// Returns all texts of an error and of its sources. Checks that its message is a short line.
pub(crate) fn texts(findings: &mut Findings, error: &dyn std::error::Error) -> String {
    let mut text = format!("{error} {error:#} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, " {error} {error:?} {error:#?}").expect("writing to a string never fails");
        source = error.source();
    }
    let line = error.to_string();
    findings.check(
        !line.contains(char::is_control) && line.chars().count() < 1_000,
        format!("the error message is not a short line: {line:?}"),
    );
    text
}

/// Ids for the requests of a cell.
pub(crate) struct Ids {
    pub(crate) context: String,
    pub(crate) command: String,
}

impl Ids {
    pub(crate) fn created_in(server: &MockServer) -> Self {
        let mut workspace = server.workspace();
        let context = workspace.add_context();
        let command = workspace.add_command(&context);
        Self { context, command }
    }

    /// Returns ids for a server that receives no request.
    pub(crate) fn any() -> Self {
        Self {
            context: "1".into(),
            command: "2".into(),
        }
    }
}

/// Calls an endpoint. Returns the id in the response if the endpoint creates something.
pub(crate) fn call(
    client: &Client,
    endpoint: Endpoint,
    ids: &Ids,
) -> Result<Option<String>, Error> {
    let context = ids.context.as_str();
    let command = ids.command.as_str();
    let language = Language::Python;
    let text = |id: &dyn Display| Some(id.to_string());
    match endpoint {
        Endpoint::Create => {
            let request = contexts::Create::new(CLUSTER, language);
            contexts::create(client, &request).map(|response| text(&response.id))
        }
        Endpoint::ContextStatus => {
            let request = contexts::Status::new(CLUSTER, context);
            contexts::status(client, &request).map(|_| None)
        }
        Endpoint::Destroy => {
            let request = contexts::Destroy::new(CLUSTER, context);
            contexts::destroy(client, &request).map(|_| None)
        }
        Endpoint::Execute => {
            let request = commands::Execute::new(CLUSTER, context, language, code());
            commands::execute(client, &request).map(|response| text(&response.id))
        }
        Endpoint::ExecuteFile => {
            let file = Upload::bytes("a.py", code());
            let request = commands::ExecuteFile::new(CLUSTER, context, language, file);
            commands::execute_file(client, &request).map(|response| text(&response.id))
        }
        Endpoint::CommandStatus => {
            let request = commands::Status::new(CLUSTER, context, command);
            commands::status(client, &request).map(|_| None)
        }
        Endpoint::Cancel => {
            let request = commands::Cancel::new(CLUSTER, context, command);
            commands::cancel(client, &request).map(|_| None)
        }
    }
}

pub(crate) fn code() -> String {
    format!("print('{CODE}')")
}

/// Checks properties that hold for each result: an id in a response was created by the server, and
/// an error names the operation and does not deny an execution. Returns the number of executions, and resets it.
fn check_against_server(
    findings: &mut Findings,
    server: &MockServer,
    endpoint: Endpoint,
    result: &Result<Option<String>, Error>,
) -> usize {
    let mut workspace = server.workspace();
    let executions = workspace.take_executions(endpoint);
    match result {
        Ok(id) => {
            findings.check(executions > 0, "a success without an execution");
            if let Some(id) = id {
                findings.check(
                    workspace.has_created(id),
                    format!("the server has not created the id {id}"),
                );
            }
        }
        Err(error) => {
            findings.check(
                executions == 0 || error.may_have_been_processed(),
                format!("executed, but reported as not processed: {error}"),
            );
            findings.check(
                error.operation() == Some(endpoint.name()),
                format!("the error names another operation: {error:?}"),
            );
        }
    }
    executions
}

/// A clock that calls a hook before each sleep.
pub(crate) struct Hooked<F> {
    pub(crate) clock: ManualClock,
    pub(crate) hook: F,
}

impl<F> Debug for Hooked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooked").finish_non_exhaustive()
    }
}

impl<F: Fn() + Send + Sync> Clock for Hooked<F> {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        (self.hook)();
        self.clock.sleep(duration, interrupt);
    }
}
