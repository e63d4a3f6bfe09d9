//! Workspace with contexts and commands whose responses a test holds back, delays or never sends.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_server::{Connection, DEADLINE, Request, Server, response};

/// Path of the API that is served. Other requests have no effect.
const PATH: &str = "/api/1.2/";

/// Reaction to the requests of one endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Reaction {
    /// Processes the request and responds after [`Service::release`].
    Held,
    /// Processes the request and never responds.
    Silent,
    /// Processes the request, sends these bytes and then further bytes slowly, without an end.
    Drip(&'static str),
    /// Processes the request and responds with this body.
    Body(String),
}

/// A running workspace.
pub(crate) struct Service {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    reactions: BTreeMap<&'static str, Reaction>,
    /// Time of each request and of each response on the line.
    latency: Duration,
}

#[derive(Default)]
struct State {
    created: usize,
    /// Contexts with their cluster, and the time of the response that contains their id.
    contexts: BTreeMap<String, (String, Option<Instant>)>,
    /// Contexts with a running command.
    running: BTreeSet<String>,
    /// Cluster and endpoint of each request.
    requests: Vec<(String, String)>,
    is_released: bool,
}

impl Service {
    /// Starts a workspace that responds immediately, except for these endpoints.
    pub(crate) fn start(reactions: &[(&'static str, Reaction)]) -> Self {
        Self::start_with(reactions, Duration::ZERO)
    }

    /// Starts a workspace at the end of a line with this latency in each direction.
    pub(crate) fn start_with(reactions: &[(&'static str, Reaction)], latency: Duration) -> Self {
        let shared = Arc::new(Shared {
            reactions: reactions.iter().cloned().collect(),
            latency,
            ..Shared::default()
        });
        let serving = Arc::clone(&shared);
        let server = Server::start(move |connection| serving.serve(connection));
        Self { server, shared }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// Waits until a cluster has received this many requests.
    pub(crate) fn wait_until_requested(&self, cluster: &str, count: usize) {
        self.shared.wait("requests", |state| {
            state.requests_of(cluster).count() >= count
        });
    }

    /// Waits until an endpoint has received a request.
    pub(crate) fn wait_for(&self, endpoint: &str) {
        self.shared.wait(endpoint, |state| {
            state.requests.iter().any(|(_, name)| name == endpoint)
        });
    }

    /// Sends the responses that are held back, and holds back no others.
    pub(crate) fn release(&self) {
        self.shared.lock().is_released = true;
        self.shared.changed.notify_all();
    }

    /// Waits until all requests that were sent are processed.
    pub(crate) fn wait_until_closed(&self) {
        let start = Instant::now();
        while self.server.open_connections() > 0 {
            assert!(start.elapsed() < DEADLINE, "connections are open");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns the endpoints of all requests of a cluster.
    pub(crate) fn requests(&self, cluster: &str) -> Vec<String> {
        let state = self.shared.lock();
        state.requests_of(cluster).map(str::to_owned).collect()
    }

    /// Returns the number of requests of an endpoint.
    pub(crate) fn count(&self, endpoint: &str) -> usize {
        let state = self.shared.lock();
        let of_endpoint = state.requests.iter().filter(|(_, name)| name == endpoint);
        of_endpoint.count()
    }

    /// Returns the number of contexts that were created and of those that exist.
    pub(crate) fn contexts(&self) -> (usize, usize) {
        let state = self.shared.lock();
        (state.created, state.contexts.len())
    }

    /// Returns the cluster of each context, and the time of the response that contains its id.
    pub(crate) fn clusters(&self) -> Vec<(String, Option<Instant>)> {
        self.shared.lock().contexts.values().cloned().collect()
    }

    /// Returns whether a command is running.
    pub(crate) fn is_running(&self) -> bool {
        !self.shared.lock().running.is_empty()
    }
}

impl State {
    fn requests_of(&self, cluster: &str) -> impl Iterator<Item = &str> {
        let of_cluster = self
            .requests
            .iter()
            .filter(move |(name, _)| name == cluster);
        of_cluster.map(|(_, endpoint)| endpoint.as_str())
    }

    fn process(&mut self, endpoint: &str, parameters: &Value) -> Value {
        let text = |name: &str| parameters[name].as_str().unwrap_or_default().to_owned();
        self.requests.push((text("clusterId"), endpoint.to_owned()));
        let context = text("contextId");
        match endpoint {
            "contexts/create" => {
                self.created += 1;
                let id = format!("context-{}", self.created);
                self.contexts.insert(id.clone(), (text("clusterId"), None));
                json!({ "id": id })
            }
            "contexts/destroy" => {
                self.contexts.remove(&context);
                self.running.remove(&context);
                json!({ "id": context })
            }
            "contexts/status" => json!({ "status": "Running" }),
            "commands/execute" => {
                self.running.insert(context.clone());
                json!({ "id": format!("command-of-{context}") })
            }
            "commands/cancel" => {
                self.running.remove(&context);
                json!({})
            }
            _ if self.running.contains(&context) => {
                json!({ "status": "Running", "results": null })
            }
            _ => json!({ "status": "Cancelled", "results": null }),
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    #[track_caller]
    fn wait(&self, condition: &str, mut is_met: impl FnMut(&State) -> bool) {
        let wait = self
            .changed
            .wait_timeout_while(self.lock(), DEADLINE, |state| !is_met(state));
        assert!(
            !wait.unwrap().1.timed_out(),
            "no {condition} within {DEADLINE:?}"
        );
    }

    fn serve(&self, mut connection: Connection) -> io::Result<()> {
        while connection.has_data()? {
            let request = connection.read_request()?;
            thread::sleep(self.latency);
            if !request.target().starts_with(PATH) {
                connection.send(response(404, &["content-type: application/json"], "{}"))?;
                continue;
            }
            let endpoint = endpoint(&request);
            let parameters = parameters(&request);
            let body = self.lock().process(&endpoint, &parameters);
            self.changed.notify_all();
            let body = match self.reactions.get(endpoint.as_str()) {
                None => body.to_string(),
                Some(Reaction::Held) => {
                    self.wait("release", |state| state.is_released);
                    body.to_string()
                }
                Some(Reaction::Silent) => {
                    // The end of the client is noticed, unlike with `hang`.
                    return connection.wait_for_close();
                }
                Some(Reaction::Drip(beginning)) => {
                    connection.send(beginning)?;
                    let pause = Duration::from_millis(500);
                    return connection.send_slowly(std::iter::repeat(&b' '), pause);
                }
                Some(Reaction::Body(body)) => body.clone(),
            };
            thread::sleep(self.latency);
            connection.send(response(200, &["content-type: application/json"], body))?;
            if let ("contexts/create", Some(cluster)) =
                (endpoint.as_str(), parameters["clusterId"].as_str())
            {
                let mut state = self.lock();
                let mut contexts = state.contexts.values_mut();
                if let Some((_, answered_at)) = contexts.find(|(name, _)| name == cluster) {
                    *answered_at = Some(Instant::now());
                }
            }
        }
        Ok(())
    }
}

/// Returns the path without the version of the API.
pub(crate) fn endpoint(request: &Request) -> String {
    let path = request.target().split('?').next().unwrap_or_default();
    path.trim_start_matches(PATH).to_owned()
}

/// Returns the parameters of the body or the query.
pub(crate) fn parameters(request: &Request) -> Value {
    if let Ok(json) = serde_json::from_slice(&request.body) {
        return json;
    }
    if !request.body.is_empty() {
        return parts(&String::from_utf8_lossy(&request.body));
    }
    let (_, query) = request.target().split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), Value::from(percent_decoded(value))))
        .collect()
}

/// Returns the parts of a body with the type `multipart/form-data`.
fn parts(body: &str) -> Value {
    let parts = body.split("; name=\"").skip(1);
    let part = |part: &str| {
        let (name, rest) = part.split_once('"')?;
        let (_, rest) = rest.split_once("\r\n\r\n")?;
        let (text, _) = rest.split_once("\r\n--")?;
        Some((name.to_owned(), Value::from(text)))
    };
    parts.filter_map(part).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}
