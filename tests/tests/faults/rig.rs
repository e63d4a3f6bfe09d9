//! A client of a faulty server, and what it lets be seen.

use std::error::Error as _;
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

/// The largest response that clients here take.
pub(crate) const MAX_ANSWER: u64 = 1 << 20;

/// How long a client waits where the server is to be too slow.
pub(crate) const SHORT: Duration = Duration::from_secs(1);

/// How long it waits where it is not.
const LONG: Duration = Duration::from_secs(50);

pub(crate) fn timeouts(response: Duration) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Some(response);
    timeouts.response = Some(response);
    timeouts.idle = Some(response);
    timeouts
}

/// What observers were told, as people would read it.
pub(crate) type Told = Arc<Mutex<Vec<String>>>;

/// A builder with credentials, and what its observer is told.
pub(crate) fn builder(url: &str) -> (ClientBuilder, Told) {
    let told = Told::default();
    let telling = Arc::clone(&told);
    let credentials = Credentials::bearer(TOKEN)
        .expect("a token")
        .found_in("a test");
    let builder = Client::builder(url)
        .credentials(credentials)
        .max_response_size(MAX_ANSWER)
        .timeouts(timeouts(LONG))
        .observe(move |call| {
            let texts = format!("{call} {call:#} {call:?} {call:#?}");
            telling.lock().unwrap().push(texts);
        });
    (builder, told)
}

/// A client that waits by a clock of its own.
pub(crate) struct Rig {
    pub(crate) client: Client,
    pub(crate) clock: ManualClock,
    told: Told,
}

impl Rig {
    pub(crate) fn new(url: &str) -> Self {
        Self::with(url, |builder| builder)
    }

    pub(crate) fn with(url: &str, also: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let clock = ManualClock::new();
        let (builder, told) = builder(url);
        let client = also(builder.clock(clock.clone()))
            .build()
            .expect("a client");
        Self {
            client,
            clock,
            told,
        }
    }

    /// A client that gives up soon.
    pub(crate) fn impatient(url: &str) -> Self {
        Self::with(url, |builder| builder.timeouts(timeouts(SHORT)))
    }

    /// Checks that nothing secret was told to observers or written to the log.
    pub(crate) fn check_quiet(&self, findings: &mut Findings) {
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        findings.check(!told.is_empty(), "the observer was told nothing");
        check_quiet(findings, "the observer was told", &told.concat());
        let records = capture::take();
        findings.check(
            records.iter().any(|line| line.contains(" api_runtime: ")),
            "nothing was logged",
        );
        check_quiet(findings, "the log has", &records.join("\n"));
    }
}

/// Checks that a text shows neither the token nor the code, nor Base64 of the token.
pub(crate) fn check_quiet(findings: &mut Findings, what: &str, text: &str) {
    let marks = [
        "dapi0", "Mark1", "Mark2", "Mark3", "ZGFwaT", "TWFya", "hunter2",
    ];
    for mark in marks {
        findings.check(!text.contains(mark), format!("{what} a secret: {text}"));
    }
}

/// Checks the texts of an error and of all below it.
pub(crate) fn check_quiet_error(findings: &mut Findings, error: &Error) {
    let mut text = format!("{error} {error:#} {error:?} {error:#?}");
    let mut below = error.source();
    while let Some(error) = below {
        write!(text, " {error} {error:?} {error:#?}").expect("a string takes everything");
        below = error.source();
    }
    check_quiet(findings, "the error shows", &text);
    let line = error.to_string();
    findings.check(
        !line.contains(char::is_control) && line.chars().count() < 1_000,
        format!("the error is not fit for a line of a terminal: {line:?}"),
    );
}

/// The ids that requests of a cell are made with.
pub(crate) struct Ids {
    pub(crate) context: String,
    pub(crate) command: String,
}

impl Ids {
    pub(crate) fn made_in(server: &MockServer) -> Self {
        let mut workspace = server.workspace();
        let context = workspace.add_context();
        let command = workspace.add_command(&context);
        Self { context, command }
    }

    /// Of a server that gets no request.
    pub(crate) fn any() -> Self {
        Self {
            context: "1".into(),
            command: "2".into(),
        }
    }
}

/// Calls an endpoint; gives the id in the response where one belongs there.
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

/// Checks what holds however a call ended: nothing was done twice that must not be, a response is
/// the server's own, and what an error says of the request is what the server knows. Executions
/// are counted anew after it.
pub(crate) fn check_truth(
    findings: &mut Findings,
    server: &MockServer,
    endpoint: Endpoint,
    ended: &Result<Option<String>, Error>,
) {
    let mut workspace = server.workspace();
    let executions = workspace.take_executions(endpoint);
    if !endpoint.is_idempotent() {
        findings.check(executions <= 1, format!("executed {executions} times"));
    }
    match ended {
        Ok(id) => {
            findings.check(executions > 0, "a success without an execution");
            if let Some(id) = id {
                findings.check(
                    workspace.has_created(id),
                    format!("nobody made the id {id}"),
                );
            }
        }
        Err(error) => {
            findings.check(
                executions == 0 || error.may_have_been_processed(),
                format!("executed, but told as not processed: {error}"),
            );
            findings.check(
                error.operation() == Some(endpoint.name()),
                format!("told of another operation: {error:?}"),
            );
            check_quiet_error(findings, error);
        }
    }
}

/// A clock that lets something happen when a pause begins.
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
