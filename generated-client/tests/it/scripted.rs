//! A transport that answers as a test says, and a clock that only moves when someone sleeps.

use std::fmt;
use std::sync::{Arc, Mutex};

use generated_client::api_runtime::http::Response;
use generated_client::api_runtime::transport::{Call, Transport, TransportError};
use generated_client::api_runtime::{Client, ManualClock};
use generated_client::{ExecutionContext, Interrupt, Language};

/// What a test answers: a status and a body, or a failure.
pub(crate) type Answer = Result<(u16, String), TransportError>;

/// Answers by the endpoint, as in `contexts/create`, and by how often it was called before.
type Script = dyn Fn(&str, usize) -> Answer + Send + Sync;

#[derive(Clone)]
pub(crate) struct Scripted {
    script: Arc<Script>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub(crate) fn new(script: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(script),
            calls: Arc::default(),
        }
    }

    /// The endpoints that were called, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, endpoint: &str) -> usize {
        self.calls().iter().filter(|call| *call == endpoint).count()
    }

    pub(crate) fn client(&self, clock: &ManualClock, interrupt: &Interrupt) -> Client {
        Client::builder("http://127.0.0.1:1")
            .transport(self.clone())
            .clock(clock.clone())
            .interrupt(interrupt.clone())
            .build()
            .unwrap()
    }

    /// A context that is there.
    pub(crate) fn context(&self, clock: &ManualClock, interrupt: &Interrupt) -> ExecutionContext {
        let client = self.client(clock, interrupt);
        let context = ExecutionContext::create(&client, "cluster", Language::Python).unwrap();
        self.calls.lock().unwrap().clear();
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
        let endpoint = call
            .request
            .uri()
            .path()
            .trim_start_matches("/api/1.2/")
            .to_owned();
        let before = self.count(&endpoint);
        self.calls.lock().unwrap().push(endpoint.clone());
        let (status, body) = (self.script)(&endpoint, before)?;
        let mut response = Response::new(body.into_bytes());
        *response.status_mut() = status.try_into().unwrap();
        Ok(response)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a script answers or fails")]
pub(crate) fn ok(body: impl Into<String>) -> Answer {
    Ok((200, body.into()))
}

/// The answers of a context that is created at once; `status` are those of `commands/status`.
pub(crate) fn with_status(status: impl Fn(usize) -> String + Send + Sync + 'static) -> Scripted {
    Scripted::new(move |endpoint, before| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        "commands/execute" => ok(r#"{"id": "2"}"#),
        "commands/status" => ok(status(before)),
        _ => ok("{}"),
    })
}
