//! Answers from memory.

use std::collections::VecDeque;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use ureq::http::{Request, Response};

use super::{Body, Fault, Transport, TransportError};
use crate::delivery::Delivery;

/// A transport without a network: it keeps what is sent, and answers from a list. Clones share
/// both.
///
/// # Example
///
/// ```
/// use api_runtime::Client;
/// use api_runtime::transport::Scripted;
///
/// let transport = Scripted::new().answer(200, r#"{"id": "1"}"#);
/// let client = Client::builder("http://127.0.0.1:1").transport(transport.clone()).build()?;
/// # let _ = client;
/// assert!(transport.requests().is_empty());
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Result<Response<Vec<u8>>, TransportError>>,
    requests: Vec<Recorded>,
}

/// A request that was sent over a [`Scripted`] transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// Path and query, as in `/contexts/status?clusterId=1`.
    pub target: String,
    /// Names in lower case, with their values; secrets are in them as they were sent.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Scripted {
    /// A transport without answers: each request fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer for the next request that has none yet.
    #[must_use]
    pub fn answer(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = status
            .try_into()
            .unwrap_or(ureq::http::StatusCode::INTERNAL_SERVER_ERROR);
        self.lock().answers.push_back(Ok(response));
        self
    }

    /// Adds an answer with all that belongs to it.
    #[must_use]
    pub fn respond(self, response: Response<Vec<u8>>) -> Self {
        self.lock().answers.push_back(Ok(response));
        self
    }

    /// Adds a failure for the next request that has no answer yet.
    #[must_use]
    pub fn fail(self, error: TransportError) -> Self {
        self.lock().answers.push_back(Err(error));
        self
    }

    /// What was sent so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Scripted {
    fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, TransportError> {
        let recorded = record(request)?;
        let mut script = self.lock();
        script.requests.push(recorded);
        script.answers.pop_front().unwrap_or_else(|| {
            Err(TransportError {
                delivery: Delivery::NotProcessed,
                fault: Fault::Connect,
                transient: false,
                message: "the script has no answer left".into(),
                source: None,
            })
        })
    }
}

fn record(request: Request<Body<'_>>) -> Result<Recorded, TransportError> {
    let (parts, body) = request.into_parts();
    Ok(Recorded {
        method: parts.method.to_string(),
        target: parts
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: read(body)?,
    })
}

fn read(body: Body<'_>) -> Result<Vec<u8>, TransportError> {
    match body {
        Body::Empty => Ok(Vec::new()),
        Body::Bytes(bytes) => Ok(bytes),
        Body::Stream { mut reader, .. } => {
            let mut bytes = Vec::new();
            reader
                .read_to_end(&mut bytes)
                .map_err(|error| TransportError {
                    delivery: Delivery::Unknown,
                    fault: Fault::Request,
                    transient: false,
                    message: format!("the body could not be read: {error}"),
                    source: Some(error.into()),
                })?;
            Ok(bytes)
        }
    }
}
