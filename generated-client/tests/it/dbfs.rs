//! DBFS in memory, with a fault or an interrupt at one request, in simulated time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use generated_client::api_runtime::http::Response;
use generated_client::api_runtime::transport::{
    Body, Call, Transport, TransportError, TransportErrorKind,
};
use generated_client::api_runtime::{Clock as _, ManualClock};
use generated_client::{Client, Delivery, Interrupt};
use serde_json::{Value, json};

/// Event at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is lost before the request is processed.
    LostBefore,
    /// The request is processed, and its response is lost.
    LostAfter,
    /// The request is not processed, and rejected with the status code 503.
    Unavailable,
    /// The interrupt is raised before the request is sent.
    InterruptBefore,
    /// The interrupt is raised while the request is processed. Its response arrives within the grace.
    InterruptDuring,
    /// The interrupt is raised while the request is processed, and no response arrives.
    InterruptAndLose,
    /// The service forgets all handles before it processes the request.
    Restart,
}

impl Fault {
    pub(crate) const ALL: [Self; 7] = [
        Self::LostBefore,
        Self::LostAfter,
        Self::Unavailable,
        Self::InterruptBefore,
        Self::InterruptDuring,
        Self::InterruptAndLose,
        Self::Restart,
    ];

    pub(crate) fn is_interrupt(self) -> bool {
        matches!(
            self,
            Self::InterruptBefore | Self::InterruptDuring | Self::InterruptAndLose
        )
    }
}

/// Time at which the file of an upload is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visible {
    WhenClosed,
    /// From the beginning, so that it replaces an existing file.
    WhenCreated,
}

#[derive(Clone)]
pub(crate) struct Dbfs {
    pub(crate) clock: ManualClock,
    pub(crate) interrupt: Interrupt,
    visible: Visible,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, File>,
    uploads: BTreeMap<i64, Upload>,
    /// Number of changes, which is the time of files.
    changes: u64,
    requests: Vec<String>,
    /// Fault at the requests from this index to another one.
    fault: Option<(usize, usize, Fault)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    contents: Vec<u8>,
    time: u64,
}

struct Upload {
    path: String,
    overwrite: bool,
    contents: Vec<u8>,
}

type Answer = (u16, Value);

impl Dbfs {
    pub(crate) fn new(visible: Visible) -> Self {
        Self {
            clock: ManualClock::new(),
            interrupt: Interrupt::new(),
            visible,
            state: Arc::default(),
        }
    }

    pub(crate) fn with_file(self, path: &str, contents: &[u8]) -> Self {
        self.write(path, contents);
        self
    }

    /// Adds a fault at `count` requests, from the one with an index.
    pub(crate) fn with_fault(self, first: usize, count: usize, fault: Fault) -> Self {
        self.state().fault = Some((first, first + count, fault));
        self
    }

    pub(crate) fn write(&self, path: &str, contents: &[u8]) {
        self.state().write(path, contents.to_vec());
    }

    pub(crate) fn contents(&self, path: &str) -> Option<Vec<u8>> {
        let state = self.state();
        state.files.get(path).map(|file| file.contents.clone())
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder("http://127.0.0.1:1")
            .transport(self.clone())
            .clock(self.clock.clone())
            .interrupt(self.interrupt.clone())
            .build()
            .unwrap()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn write(&mut self, path: &str, contents: Vec<u8>) {
        self.changes += 1;
        let time = self.changes;
        self.files.insert(path.to_owned(), File { contents, time });
    }

    fn process(&mut self, endpoint: &str, parameters: &Value, visible: Visible) -> Answer {
        let path = parameters["path"].as_str().unwrap_or_default().to_owned();
        let handle = parameters["handle"].as_i64().unwrap_or_default();
        match endpoint {
            "create" => {
                let overwrite = parameters["overwrite"] == json!(true);
                if !overwrite && self.files.contains_key(&path) {
                    return error(400, "RESOURCE_ALREADY_EXISTS");
                }
                if visible == Visible::WhenCreated {
                    self.write(&path, Vec::new());
                }
                let handle = i64::try_from(self.requests.len()).unwrap();
                let contents = Vec::new();
                let upload = Upload {
                    path,
                    overwrite,
                    contents,
                };
                self.uploads.insert(handle, upload);
                (200, json!({ "handle": handle }))
            }
            "add-block" => {
                let data = parameters["data"].as_str().unwrap();
                let block = BASE64_STANDARD.decode(data).unwrap();
                let Some(upload) = self.uploads.get_mut(&handle) else {
                    return error(404, "RESOURCE_DOES_NOT_EXIST");
                };
                upload.contents.extend_from_slice(&block);
                if visible == Visible::WhenCreated {
                    let (path, contents) = (upload.path.clone(), upload.contents.clone());
                    self.write(&path, contents);
                }
                (200, json!({}))
            }
            "close" => {
                let Some(upload) = self.uploads.remove(&handle) else {
                    return error(404, "RESOURCE_DOES_NOT_EXIST");
                };
                if visible == Visible::WhenClosed {
                    if !upload.overwrite && self.files.contains_key(&upload.path) {
                        return error(400, "RESOURCE_ALREADY_EXISTS");
                    }
                    self.write(&upload.path, upload.contents);
                }
                (200, json!({}))
            }
            "delete" => {
                self.files.remove(&path);
                (200, json!({}))
            }
            "get-status" => match self.files.get(&path) {
                Some(file) => {
                    let size = file.contents.len();
                    let time = file.time * 1000;
                    let info =
                        json!({ "path": path, "file_size": size, "modification_time": time });
                    (200, info)
                }
                None => error(404, "RESOURCE_DOES_NOT_EXIST"),
            },
            "read" => match self.files.get(&path) {
                Some(file) => {
                    let number =
                        |name: &str| usize::try_from(parameters[name].as_u64().unwrap()).unwrap();
                    let rest = file.contents.get(number("offset")..).unwrap_or_default();
                    let block = &rest[..rest.len().min(number("length"))];
                    let data = BASE64_STANDARD.encode(block);
                    (200, json!({ "bytes_read": block.len(), "data": data }))
                }
                None => error(404, "RESOURCE_DOES_NOT_EXIST"),
            },
            _ => error(404, "ENDPOINT_NOT_FOUND"),
        }
    }
}

fn error(status: u16, code: &str) -> Answer {
    (status, json!({ "error_code": code, "message": "failed" }))
}

/// Returns the parameters of the body or the query.
fn parameters(call: &Call<'_>) -> Value {
    if let Body::Bytes(body) = call.request.body()
        && let Ok(parameters) = serde_json::from_slice(body)
    {
        return parameters;
    }
    let query = call.request.uri().query().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = |value: &str| match value.parse::<u64>() {
        Ok(number) => Value::from(number),
        Err(_) => Value::from(value.replace("%2F", "/")),
    };
    pairs
        .map(|(name, text)| (name.to_owned(), value(text)))
        .collect()
}

impl fmt::Debug for Dbfs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dbfs")
    }
}

impl Transport for Dbfs {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        // The interrupt of the caller does not concern clients for clean-up.
        let is_interrupted = || {
            let interrupt = call.limits.interrupt.as_ref();
            interrupt.is_some_and(Interrupt::is_raised)
        };
        let mut state = self.state();
        let index = state.requests.len();
        let range = state.fault;
        let fault = range.filter(|(first, end, _)| (*first..*end).contains(&index));
        let fault = fault.map(|(_, _, fault)| fault);
        if fault == Some(Fault::InterruptBefore) {
            self.interrupt.raise_at(self.clock.now());
        }
        if is_interrupted() {
            return Err(failed(
                TransportErrorKind::Interrupted,
                Delivery::NotProcessed,
            ));
        }
        let path = call.request.uri().path();
        let endpoint = path.trim_start_matches("/api/2.0/dbfs/").to_owned();
        state.requests.push(endpoint.clone());
        match fault {
            Some(Fault::LostBefore) => {
                return Err(failed(TransportErrorKind::Connection, Delivery::Unknown));
            }
            Some(Fault::Unavailable) => return Ok(response(error(503, "TEMPORARILY_UNAVAILABLE"))),
            Some(Fault::Restart) => state.uploads.clear(),
            _ => {}
        }
        let answer = state.process(&endpoint, &parameters(&call), self.visible);
        match fault {
            Some(Fault::LostAfter) => {
                return Err(failed(TransportErrorKind::Connection, Delivery::Unknown));
            }
            Some(Fault::InterruptDuring | Fault::InterruptAndLose) => {
                self.interrupt.raise_at(self.clock.now());
                let is_awaited = call.limits.grace > Duration::from_secs(1);
                if fault == Some(Fault::InterruptAndLose) || !is_awaited {
                    return Err(failed(TransportErrorKind::Interrupted, Delivery::Unknown));
                }
            }
            _ => {}
        }
        Ok(response(answer))
    }
}

fn response((status, body): Answer) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn failed(kind: TransportErrorKind, delivery: Delivery) -> TransportError {
    TransportError {
        delivery,
        kind,
        transient: kind == TransportErrorKind::Connection,
        message: "failed".to_owned(),
        source: None,
    }
}
