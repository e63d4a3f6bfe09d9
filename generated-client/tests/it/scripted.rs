//! Transport with scripted responses, for tests with a manual clock.

use std::fmt;
use std::sync::{Arc, Mutex};

use generated_client::api_runtime::http::Response;
use generated_client::api_runtime::transport::{Call, Transport, TransportError};
use generated_client::api_runtime::{Client, ManualClock};
use generated_client::{ExecutionContext, Interrupt, Language};

/// Status code and body of a response, or a transport error.
pub(crate) type ScriptedResult = Result<(u16, String), TransportError>;

/// Returns the response for an endpoint, e.g. `contexts/create`, and the number of earlier requests
/// to it.
type Script = dyn Fn(&str, usize) -> ScriptedResult + Send + Sync;

#[derive(Clone)]
pub(crate) struct Scripted {
    script: Arc<Script>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub(crate) fn new(
        script: impl Fn(&str, usize) -> ScriptedResult + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Arc::new(script),
            requests: Arc::default(),
        }
    }

    /// Returns the endpoints of all requests, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, endpoint: &str) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|request| *request == endpoint)
            .count()
    }

    pub(crate) fn client(&self, clock: &ManualClock, interrupt: &Interrupt) -> Client {
        Client::builder("http://127.0.0.1:1")
            .transport(self.clone())
            .clock(clock.clone())
            .interrupt(interrupt.clone())
            .build()
            .unwrap()
    }

    /// Creates a context, and forgets the requests for it.
    pub(crate) fn context(&self, clock: &ManualClock, interrupt: &Interrupt) -> ExecutionContext {
        let client = self.client(clock, interrupt);
        let context = ExecutionContext::create(&client, "cluster", Language::Python).unwrap();
        self.requests.lock().unwrap().clear();
        context
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Transport for Scripted {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        // The path is `/api/VERSION/ENDPOINT`.
        let path = call.request.uri().path();
        let endpoint = path.splitn(4, '/').nth(3).unwrap_or(path).to_owned();
        let before = self.count(&endpoint);
        self.requests.lock().unwrap().push(endpoint.clone());
        let (status, body) = (self.script)(&endpoint, before)?;
        let mut response = Response::new(body.into_bytes());
        *response.status_mut() = status.try_into().unwrap();
        Ok(response)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "results of scripts")]
pub(crate) fn ok(body: impl Into<String>) -> ScriptedResult {
    Ok((200, body.into()))
}

/// Server whose contexts are ready immediately. `status` returns the responses of `commands/status`.
pub(crate) fn with_command_status(
    status: impl Fn(usize) -> String + Send + Sync + 'static,
) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        "commands/execute" => ok(r#"{"id": "2"}"#),
        "commands/status" => ok(status(before)),
        _ => ok("{}"),
    })
}
