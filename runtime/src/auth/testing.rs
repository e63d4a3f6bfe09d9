//! A server in memory that tells its answers by what it is asked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ureq::http::{HeaderMap, Request, Response};

use crate::delivery::Delivery;
use crate::transport::{Body, Fault, Transport, TransportError};

/// A request as it arrived.
#[derive(Clone)]
pub(super) struct Seen {
    /// Method and URL.
    pub(super) what: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Seen {
    /// The value of a header; empty if it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

type Answer = Box<dyn Fn(&Seen) -> (u16, String) + Send + Sync>;

/// Answers with a status and a body; status 0 is no answer.
#[derive(Clone)]
pub(super) struct Server {
    answer: Arc<Answer>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(super) fn new(answer: impl Fn(&Seen) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(Box::new(answer)),
            seen: Arc::default(),
        }
    }

    /// The answer to this, without keeping it.
    pub(super) fn answer(&self, seen: &Seen) -> (u16, String) {
        (self.answer)(seen)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was asked, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.what).collect()
    }
}

impl Transport for Server {
    fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let body = match body {
            Body::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            _ => String::new(),
        };
        let seen = Seen {
            what: format!("{} {}", parts.method, parts.uri),
            headers: parts.headers,
            body,
        };
        let (status, body) = (self.answer)(&seen);
        self.seen.lock().unwrap().push(seen);
        if status == 0 {
            return Err(TransportError {
                delivery: Delivery::Unknown,
                fault: Fault::Connection,
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
