//! DBFS whose responses a test holds back or loses.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use test_server::{Connection, DEADLINE, Request, Server};

/// Reaction to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Processes the request and responds.
    Respond,
    /// Responds after [`FsService::release`].
    Hold,
    /// Processes the request and closes the connection.
    Lose,
}

/// Returns the reaction to a request of an endpoint, for example `add-block`, after a number of earlier ones.
type React = dyn Fn(&str, usize) -> Reaction + Send + Sync;

pub(crate) struct FsService {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    react: Box<React>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<i64, (String, Vec<u8>)>,
    requests: Vec<String>,
    is_released: bool,
}

impl FsService {
    pub(crate) fn start(react: impl Fn(&str, usize) -> Reaction + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            react: Box::new(react),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        let server = Server::start(move |connection| serving.serve(connection));
        Self { server, shared }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    pub(crate) fn write(&self, path: &str, contents: &[u8]) {
        let mut state = self.shared.lock();
        state.files.insert(path.to_owned(), contents.to_vec());
    }

    pub(crate) fn contents(&self, path: &str) -> Option<Vec<u8>> {
        self.shared.lock().files.get(path).cloned()
    }

    pub(crate) fn count(&self, endpoint: &str) -> usize {
        self.shared.lock().count(endpoint)
    }

    /// Waits until an endpoint has received this number of requests.
    #[track_caller]
    pub(crate) fn wait_for(&self, endpoint: &str, count: usize) {
        self.shared
            .wait(endpoint, |state| state.count(endpoint) >= count);
    }

    /// Sends the responses that are held back, and holds back no others.
    pub(crate) fn release(&self) {
        self.shared.lock().is_released = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for FsService {
    fn drop(&mut self) {
        // Connections that are held back would delay the end of the server.
        self.release();
    }
}

impl State {
    fn count(&self, endpoint: &str) -> usize {
        self.requests
            .iter()
            .filter(|name| *name == endpoint)
            .count()
    }

    fn process(&mut self, endpoint: &str, parameters: &Value) -> (u16, Value) {
        let path = parameters["path"].as_str().unwrap_or_default().to_owned();
        let handle = parameters["handle"].as_i64().unwrap_or_default();
        match endpoint {
            "create" => {
                let overwrite = parameters["overwrite"] == json!(true);
                if !overwrite && self.files.contains_key(&path) {
                    return error(400, "RESOURCE_ALREADY_EXISTS");
                }
                let handle = i64::try_from(self.requests.len()).unwrap();
                self.uploads.insert(handle, (path, Vec::new()));
                (200, json!({ "handle": handle }))
            }
            "add-block" => {
                let data = parameters["data"].as_str().unwrap();
                let (_, contents) = self.uploads.get_mut(&handle).unwrap();
                contents.extend_from_slice(&BASE64_STANDARD.decode(data).unwrap());
                (200, json!({}))
            }
            "close" => {
                let (path, contents) = self.uploads.remove(&handle).unwrap();
                self.files.insert(path, contents);
                (200, json!({}))
            }
            "delete" => {
                self.files.remove(&path);
                (200, json!({}))
            }
            "get-status" => match self.files.get(&path) {
                Some(contents) => (200, json!({ "path": path, "file_size": contents.len() })),
                None => error(404, "RESOURCE_DOES_NOT_EXIST"),
            },
            "read" => {
                let contents = &self.files[&path];
                let number = |name: &str| parameters[name].as_str().unwrap().parse::<usize>();
                let (offset, length) = (number("offset").unwrap(), number("length").unwrap());
                let end = contents.len().min(offset + length);
                let data = BASE64_STANDARD.encode(&contents[offset..end]);
                (200, json!({ "bytes_read": end - offset, "data": data }))
            }
            _ => error(404, "ENDPOINT_NOT_FOUND"),
        }
    }
}

fn error(status: u16, code: &str) -> (u16, Value) {
    (status, json!({ "error_code": code, "message": "failed" }))
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
        assert!(!wait.unwrap().1.timed_out(), "no {condition}");
    }

    fn serve(&self, mut connection: Connection) -> io::Result<()> {
        while connection.has_data()? {
            let request = connection.read_request()?;
            let path = request.target().split('?').next().unwrap_or_default();
            let endpoint = path.trim_start_matches("/api/2.0/dbfs/").to_owned();
            let (reaction, (status, body)) = {
                let mut state = self.lock();
                let before = state.count(&endpoint);
                state.requests.push(endpoint.clone());
                let response = state.process(&endpoint, &parameters(&request));
                ((self.react)(&endpoint, before), response)
            };
            self.changed.notify_all();
            match reaction {
                Reaction::Respond => {}
                Reaction::Hold => self.wait("release", |state| state.is_released),
                Reaction::Lose => return Ok(()),
            }
            let headers = ["content-type: application/json"];
            connection.respond(status, &headers, body.to_string())?;
        }
        Ok(())
    }
}

/// Returns the parameters of the body or the query.
fn parameters(request: &Request) -> Value {
    if let Ok(json) = serde_json::from_slice(&request.body) {
        return json;
    }
    let (_, query) = request.target().split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), Value::from(value.replace("%2F", "/"))))
        .collect()
}
