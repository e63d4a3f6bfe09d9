//! The network, through `ureq`: nothing beside this file and those below it names more of it than
//! its `http` types.
//!
//! ```text
//! Http ─▶ ureq (HTTP/1.1, pool) ─▶ Wire ─▶ [TLS] ─▶ [tunnel] ─▶ Socket      (or Relay, for SOCKS)
//!   └───────────── Call: deadline, interrupt, phase, bytes sent ──────────────┘
//! ```

mod body;
mod buffers;
mod call;
mod classify;
mod config;
mod connect;
mod dial;
mod idle;
mod lookup;
mod patience;
mod relay;
mod socket;
#[cfg(test)]
mod tests;
#[cfg(feature = "_tls")]
mod tls;
mod wire;

use std::io::{ErrorKind, Read, Write};

use ureq::http::header::{self, Entry, HeaderMap, HeaderName};
use ureq::http::{HeaderValue, Method, Request, Response};
use ureq::{Agent, AsSendBody, Error, SendBody};

use self::body::Measured;
use self::call::Call;
use self::classify::failure;
pub use self::config::{HttpBuilder, Proxy, Timeouts};
#[cfg(feature = "_tls")]
pub use self::tls::Tls;
use super::{Body, Fault, Limits, Transport, TransportError, not_taken};
use crate::delivery::Delivery;

/// The most that is set aside for an answer before its first byte is there.
const PRESIZE: u64 = 1 << 20;

/// How much of an answer is under way between the network and its writer.
const PIECE: usize = 64 << 10;

/// HTTP/1.1 over TCP, with TLS where a feature brings it. Connections are kept and reused; each
/// costs one look-up, in a thread of its own that is gone when the connection stands.
///
/// # Example
///
/// ```
/// use api_runtime::transport::{Http, Proxy};
///
/// let http = Http::builder().proxy(Proxy::None).max_answer(1 << 20).build()?;
/// # let _ = http;
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
    timeouts: Timeouts,
    max_answer: u64,
    user_agent: Option<HeaderValue>,
}

impl Http {
    /// Settings of a transport that is to be.
    pub fn builder() -> HttpBuilder {
        HttpBuilder::default()
    }

    fn complete(&self, headers: &mut HeaderMap, body: &Body<'_>) {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        if let Some(user_agent) = &self.user_agent {
            default(headers, header::USER_AGENT, || user_agent.clone());
        }
        default(headers, header::ACCEPT, || JSON);
        #[cfg(feature = "gzip")]
        default(headers, header::ACCEPT_ENCODING, || {
            const { HeaderValue::from_static("gzip") }
        });
        // A length that is not that of the body would make ureq wait for the rest for ever.
        match body {
            Body::Stream { length, .. } => {
                headers.insert(header::CONTENT_LENGTH, (*length).into());
            }
            Body::Empty | Body::Bytes(_) => {
                headers.remove(header::CONTENT_LENGTH);
            }
        }
    }

    fn run(
        &self,
        request: Request<impl AsSendBody>,
        into: Option<&mut dyn Write>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.agent.run(request).map_err(failure)?;
        call::with(Call::reading);
        let (parts, body) = response.into_parts();
        if let Some(into) = into.filter(|_| parts.status.is_success()) {
            copy(&mut body.into_reader(), into)?;
            return Ok(Response::from_parts(parts, Vec::new()));
        }
        let expected = body
            .content_length()
            .unwrap_or(0)
            .min(PRESIZE)
            .min(self.max_answer);
        let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
        // One byte more than allowed tells a full answer from one that is too large. The limit
        // stands behind the decompression: ureq's own counts bytes on the wire.
        let mut reader = body.into_reader().take(self.max_answer.saturating_add(1));
        let read = reader.read_to_end(&mut bytes);
        match read.map_err(|error| failure(Error::from(error))) {
            // The status says enough: nothing was done. Of the reason there is what came.
            Err(cut) if parts.status.is_client_error() && cut.fault == Fault::Connection => {}
            read => drop(read?),
        }
        if bytes.len() as u64 > self.max_answer {
            return Err(too_large(self.max_answer));
        }
        Ok(Response::from_parts(parts, bytes))
    }
}

impl Transport for Http {
    fn send(&self, mut request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, TransportError> {
        let limits = Limits::take_from(request.extensions_mut());
        self.dispatch(request, limits, None)
    }

    fn send_within(
        &self,
        request: Request<Body<'_>>,
        limits: Limits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        self.dispatch(request, limits, None)
    }

    fn send_into(
        &self,
        request: Request<Body<'_>>,
        limits: Limits,
        into: &mut dyn Write,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        self.dispatch(request, limits, Some(into))
    }
}

/// Copies a body piece by piece. Reading and writing fail in ways of their own.
fn copy(from: &mut dyn Read, into: &mut dyn Write) -> Result<(), TransportError> {
    let mut buffer = vec![0; PIECE];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return into.flush().map_err(not_taken),
            Ok(length) => into.write_all(&buffer[..length]).map_err(not_taken)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failure(Error::from(error))),
        }
    }
}

impl Http {
    fn dispatch(
        &self,
        request: Request<Body<'_>>,
        limits: Limits,
        into: Option<&mut dyn Write>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let (mut parts, body) = request.into_parts();
        let mut call = Call::new(limits.timeouts.unwrap_or(self.timeouts), limits);
        let over = call.over();
        let _scope = call::enter(call);
        if let Some(end) = over {
            return Err(classify::over(end));
        }
        self.complete(&mut parts.headers, &body);
        match body {
            // Without a body these would go out as an empty chunked one.
            Body::Empty if matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) => {
                self.run(Request::from_parts(parts, &[][..]), into)
            }
            Body::Empty => self.run(Request::from_parts(parts, ()), into),
            Body::Bytes(bytes) => self.run(Request::from_parts(parts, bytes), into),
            Body::Stream { reader, length } => {
                let mut reader = Measured::new(reader, length);
                let body = SendBody::from_reader(&mut reader);
                self.run(Request::from_parts(parts, body), into)
            }
        }
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
    if let Entry::Vacant(entry) = headers.entry(name) {
        entry.insert(value());
    }
}

fn too_large(max: u64) -> TransportError {
    TransportError {
        delivery: Delivery::Unknown,
        fault: Fault::Answer,
        transient: false,
        message: format!("the answer is larger than the {max} bytes that the client allows"),
        source: None,
    }
}
