//! A server in memory whose responses depend on the requests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ureq::http::{HeaderMap, Response};

use crate::delivery::Delivery;
use crate::transport::{Body, Call, Transport, TransportError, TransportErrorKind};

/// A received request.
#[derive(Clone)]
pub(super) struct Received {
    /// Method and URL.
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Received {
    /// Returns the value of a header, or an empty string.
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

type Handler = Box<dyn Fn(&Received) -> (u16, String) + Send + Sync>;

/// Responds with a status code and a body. Status code 0 closes the connection instead.
#[derive(Clone)]
pub(super) struct Server {
    handler: Arc<Handler>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub(super) fn new(
        handler: impl Fn(&Received) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            handler: Arc::new(Box::new(handler)),
            received: Arc::default(),
        }
    }

    /// Returns the response to a request without recording the request.
    pub(super) fn respond(&self, request: &Received) -> (u16, String) {
        (self.handler)(request)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        let received = self.received.lock();
        received.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns methods and URLs of the requests, in their order.
    pub(super) fn request_lines(&self) -> Vec<String> {
        self.received()
            .into_iter()
            .map(|request| request.line)
            .collect()
    }
}

impl Transport for Server {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = call.request.into_parts();
        let body = match body {
            Body::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            _ => String::new(),
        };
        let received = Received {
            line: format!("{} {}", parts.method, parts.uri),
            headers: parts.headers,
            body,
        };
        let (status, body) = (self.handler)(&received);
        self.received.lock().unwrap().push(received);
        if status == 0 {
            return Err(TransportError {
                delivery: Delivery::Unknown,
                kind: TransportErrorKind::Connection,
                transient: true,
                message: "reset".into(),
                source: None,
            });
        }
        Ok(Response::builder()
            .status(status)
            .body(body.into())
            .unwrap())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}
