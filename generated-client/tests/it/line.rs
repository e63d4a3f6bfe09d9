//! Server at the end of a line with latency, in simulated time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use generated_client::api_runtime::http::Response;
use generated_client::api_runtime::transport::{
    Call, Transport, TransportError, TransportErrorKind,
};
use generated_client::api_runtime::{Clock, ManualClock};
use generated_client::{
    Client, ContextBuilder, Delivery, Error, ExecutionContext, Interrupt, Language, Leftovers,
};

/// Latency of requests to which no test waits for a response.
pub(crate) const SILENT: Duration = Duration::from_secs(100 * 24 * 3600);

/// Cause of a cancellation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Interrupt,
    Deadline,
}

impl By {
    pub(crate) const ALL: [Self; 2] = [Self::Interrupt, Self::Deadline];
}

/// A server with contexts and commands, and the clock and the interrupt of its clients.
///
/// A request is processed when it is sent, and its response arrives after the latency.
#[derive(Clone)]
pub(crate) struct Line {
    clock: ManualClock,
    interrupt: Interrupt,
    state: Arc<Mutex<State>>,
}

struct State {
    latencies: BTreeMap<&'static str, Duration>,
    default_latency: Duration,
    is_ready: bool,
    commands_finish: bool,
    /// Time at which the client is canceled, and whether this is by the interrupt.
    cancel_at: Option<(Instant, By)>,
    created: usize,
    contexts: usize,
    is_running: bool,
    requests: Vec<String>,
}

impl Line {
    pub(crate) const LATENCY: Duration = Duration::from_millis(10);

    pub(crate) fn new() -> Self {
        Self {
            clock: ManualClock::new(),
            interrupt: Interrupt::new(),
            state: Arc::new(Mutex::new(State {
                latencies: BTreeMap::new(),
                default_latency: Self::LATENCY,
                is_ready: true,
                commands_finish: false,
                cancel_at: None,
                created: 0,
                contexts: 0,
                is_running: false,
                requests: Vec::new(),
            })),
        }
    }

    /// Sets the latency of an endpoint.
    pub(crate) fn latency(self, endpoint: &'static str, latency: Duration) -> Self {
        self.state().latencies.insert(endpoint, latency);
        self
    }

    pub(crate) fn default_latency(self, latency: Duration) -> Self {
        self.state().default_latency = latency;
        self
    }

    /// Rejects requests for contexts, because the cluster is not ready.
    pub(crate) fn not_ready(self) -> Self {
        self.state().is_ready = false;
        self
    }

    /// Lets commands finish immediately.
    pub(crate) fn finish_commands(&self) {
        self.state().commands_finish = true;
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder("http://127.0.0.1:1")
            .transport(self.clone())
            .clock(self.clone())
            .interrupt(self.interrupt.clone())
            .build()
            .unwrap()
    }

    /// Returns a client that is canceled after this time.
    pub(crate) fn canceled_after(&self, time: Duration, by: By) -> Client {
        let end = self.clock.now() + time;
        self.state().cancel_at = Some((end, by));
        match by {
            By::Interrupt => self.client(),
            By::Deadline => self.client().deadline(Some(end)),
        }
    }

    /// Sets the time for [`since_canceled`](Self::since_canceled) without canceling the client.
    pub(crate) fn mark_canceled_after(&self, time: Duration) {
        self.canceled_after(time, By::Deadline);
    }

    pub(crate) fn interrupt_now(&self) {
        self.interrupt.raise_at(self.clock.now());
    }

    pub(crate) fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Returns the time since the client was canceled.
    pub(crate) fn since_canceled(&self) -> Duration {
        let (time, _) = self.state().cancel_at.unwrap();
        self.clock.now().saturating_duration_since(time)
    }

    /// Returns the number of contexts that were created and of those that are left.
    pub(crate) fn created(&self) -> (usize, usize) {
        let state = self.state();
        (state.created, state.contexts)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state().is_running
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    pub(crate) fn count(&self, endpoint: &str) -> usize {
        let requests = self.requests();
        requests.iter().filter(|name| *name == endpoint).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Advances the clock, and raises the interrupt at its time. Returns the time of the interrupt if
    /// it was raised by this.
    fn advance_to(&self, end: Instant) -> Option<Instant> {
        let raised = match self.state().cancel_at {
            Some((time, By::Interrupt)) if time <= end && !self.interrupt.is_raised() => Some(time),
            _ => None,
        };
        let end = raised.unwrap_or(end);
        self.clock
            .advance(end.saturating_duration_since(self.clock.now()));
        if let Some(time) = raised {
            self.interrupt.raise_at(time);
        }
        raised
    }
}

/// Creates a context on the cluster of the server.
pub(crate) fn create(client: &Client, leftovers: &Leftovers) -> Result<ExecutionContext, Error> {
    ContextBuilder::new("cluster", Language::Python)
        .leftovers(leftovers)
        .create(client)
}

impl State {
    fn process(&mut self, endpoint: &str) -> (u16, &'static str) {
        self.requests.push(endpoint.to_owned());
        match endpoint {
            "contexts/create" if !self.is_ready => {
                return (500, r#"{"error": "ClusterNotReadyException: not yet"}"#);
            }
            "contexts/create" => {
                self.created += 1;
                self.contexts += 1;
                return (200, r#"{"id": "context-1"}"#);
            }
            "contexts/destroy" => {
                self.contexts = 0;
                self.is_running = false;
            }
            "contexts/status" => return (200, r#"{"status": "Running"}"#),
            "commands/execute" => {
                self.is_running = true;
                return (200, r#"{"id": "command-1"}"#);
            }
            "commands/cancel" => self.is_running = false,
            "commands/status" => {
                self.is_running &= !self.commands_finish;
                let status = if self.is_running {
                    r#"{"status": "Running"}"#
                } else {
                    r#"{"status": "Finished", "results": {"resultType": "text", "data": "x"}}"#
                };
                return (200, status);
            }
            _ => return (404, "{}"),
        }
        (200, "{}")
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl Clock for Line {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        let end = self.now() + duration;
        while !interrupt.is_raised() && self.now() < end {
            self.advance_to(end);
        }
    }
}

impl Transport for Line {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let limits = &call.limits;
        let end = |is_sent| limits.end(is_sent).unwrap_or(self.now() + 2 * SILENT);
        if end(false) <= self.now() {
            return Err(canceled(&call, Delivery::NotProcessed));
        }
        let endpoint = call.request.uri().path().trim_start_matches("/api/1.2/");
        let (status, body, latency) = {
            let mut state = self.state();
            let latency = state.latencies.get(endpoint).copied();
            let latency = latency.unwrap_or(state.default_latency);
            let (status, body) = state.process(endpoint);
            (status, body, latency)
        };
        let arrival = self.now() + latency;
        // The interrupt may be raised on the way, which changes the end of the call.
        while self.now() < arrival.min(end(true)) {
            self.advance_to(arrival.min(end(true)));
        }
        if self.now() < arrival {
            return Err(canceled(&call, Delivery::Unknown));
        }
        let mut response = Response::new(body.as_bytes().to_vec());
        *response.status_mut() = status.try_into().unwrap();
        Ok(response)
    }
}

fn canceled(call: &Call<'_>, delivery: Delivery) -> TransportError {
    let interrupt = call.limits.interrupt.as_ref().unwrap();
    TransportError {
        delivery,
        kind: if interrupt.is_raised() {
            TransportErrorKind::Interrupted
        } else {
            TransportErrorKind::Timeout
        },
        transient: false,
        message: "canceled".to_owned(),
        source: None,
    }
}
