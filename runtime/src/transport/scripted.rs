//! A transport that responds from memory.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ureq::http::{HeaderMap, Request, Response, StatusCode};

use super::body::Body;
use super::call::{Call, Transport};
use super::error::{TransportError, TransportErrorKind};
use crate::delivery::Delivery;

/// Transport without a network, for tests: it records the requests and responds from a list.
/// Clones share both.
///
/// # Examples
///
/// ```
/// use api_runtime::Client;
/// use api_runtime::transport::Scripted;
///
/// let transport = Scripted::new().respond(200, r#"{"id": "1"}"#);
/// let client = Client::builder("http://127.0.0.1:1").transport(transport.clone()).build()?;
/// # let _ = client;
/// assert!(transport.requests().is_empty());
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    results: VecDeque<Result<Response<Vec<u8>>, TransportError>>,
    requests: Vec<RecordedRequest>,
}

/// A request that was sent over a [`Scripted`] transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Method.
    pub method: String,
    /// Path and query, e.g. `/contexts/status?clusterId=1`.
    pub target: String,
    /// Names in lower case, and values. Secrets are not redacted.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Scripted {
    /// Creates a transport without responses: every request fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response to the list. An invalid status code becomes 500.
    #[must_use]
    pub fn respond(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = status
            .try_into()
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.respond_with(response)
    }

    /// Adds a response with headers to the list.
    #[must_use]
    pub fn respond_with(self, response: Response<Vec<u8>>) -> Self {
        self.lock().results.push_back(Ok(response));
        self
    }

    /// Adds an error to the list.
    #[must_use]
    pub fn fail(self, error: TransportError) -> Self {
        self.lock().results.push_back(Err(error));
        self
    }

    /// Returns the requests that were sent so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Scripted {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let recorded = record(call.request)?;
        let mut script = self.lock();
        script.requests.push(recorded);
        script.results.pop_front().unwrap_or_else(|| {
            Err(TransportError {
                delivery: Delivery::NotProcessed,
                kind: TransportErrorKind::Connect,
                transient: false,
                message: "the script has no more responses".into(),
                source: None,
            })
        })
    }
}

fn record(request: Request<Body<'_>>) -> Result<RecordedRequest, TransportError> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map(ToString::to_string);
    Ok(RecordedRequest {
        method: parts.method.to_string(),
        target: target.unwrap_or_default(),
        headers: lossy(&parts.headers),
        body: read(body).map_err(unreadable)?,
    })
}

fn lossy(headers: &HeaderMap) -> Vec<(String, String)> {
    let headers = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_string(), value.into_owned())
    });
    headers.collect()
}

fn read(body: Body<'_>) -> io::Result<Vec<u8>> {
    match body {
        Body::Empty => Ok(Vec::new()),
        Body::Bytes(bytes) => Ok(bytes),
        Body::Stream { mut reader, .. } => {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map(|_| bytes)
        }
    }
}

fn unreadable(error: io::Error) -> TransportError {
    TransportError {
        delivery: Delivery::Unknown,
        kind: TransportErrorKind::InvalidRequest,
        transient: false,
        message: format!("the body could not be read: {error}"),
        source: Some(error.into()),
    }
}
