//! The network, through `ureq`: the only file that names it.

use std::error::Error as StdError;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use ureq::http::{Method, Request, Response};
use ureq::{Agent, AsSendBody, Error, SendBody, Timeout};

use super::{Body, Fault, Sent, Transport, TransportError, not_taken};
use crate::upload::ShortFile;

/// The most that is set aside for an answer before its first byte is there.
const PRESIZE: u64 = 1 << 20;

/// How much of an answer is under way between the network and its writer.
const PIECE: usize = 64 << 10;

/// HTTP/1.1 over TCP, with TLS where a feature brings it. Connections are kept and reused.
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
    max_answer: u64,
}

/// How long each phase of a request may take; `None` is for ever.
///
/// They bound phases, not the whole: a large upload may take its time as long as it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until the connection stands, TLS included. 10 s unless set.
    pub connect: Option<Duration>,
    /// From the end of the request until the head of the answer. 60 s unless set.
    pub response: Option<Duration>,
    /// Each single read or write of a body. 60 s unless set.
    pub idle: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minute = Some(Duration::from_secs(60));
        Self {
            connect: Some(Duration::from_secs(10)),
            response: minute,
            idle: minute,
        }
    }
}

impl Http {
    /// A transport whose answers may have `max_answer` bytes, counted after decompression.
    pub fn new(user_agent: &str, timeouts: Timeouts, max_answer: u64) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // An API has no business redirecting; a redirect is an answer to be told about.
            .max_redirects(0)
            .user_agent(user_agent)
            .accept("application/json")
            .timeout_connect(timeouts.connect)
            .timeout_send_request(timeouts.idle)
            .timeout_recv_response(timeouts.response)
            .timeout_per_read(timeouts.idle)
            .timeout_per_write(timeouts.idle)
            .max_idle_connections(64)
            .max_idle_connections_per_host(64)
            .build()
            .new_agent();
        Self { agent, max_answer }
    }

    fn run(
        &self,
        request: Request<impl AsSendBody>,
        into: Option<&mut dyn Write>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.agent.run(request).map_err(translate)?;
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
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| translate(Error::from(error)))?;
        if bytes.len() as u64 > self.max_answer {
            return Err(too_large(self.max_answer));
        }
        Ok(Response::from_parts(parts, bytes))
    }
}

impl Transport for Http {
    fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, TransportError> {
        self.dispatch(request, None)
    }

    fn send_into(
        &self,
        request: Request<Body<'_>>,
        into: &mut dyn Write,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        self.dispatch(request, Some(into))
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
            Err(error) => return Err(translate(Error::from(error))),
        }
    }
}

impl Http {
    fn dispatch(
        &self,
        request: Request<Body<'_>>,
        into: Option<&mut dyn Write>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        match body {
            // Without a body these would go out as an empty chunked one.
            Body::Empty if matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) => {
                self.run(Request::from_parts(parts, &[][..]), into)
            }
            Body::Empty => self.run(Request::from_parts(parts, ()), into),
            Body::Bytes(bytes) => self.run(Request::from_parts(parts, bytes), into),
            Body::Stream { mut reader, .. } => self.run(
                Request::from_parts(parts, SendBody::from_reader(&mut reader)),
                into,
            ),
        }
    }
}

fn too_large(max: u64) -> TransportError {
    TransportError {
        sent: Sent::Maybe,
        fault: Fault::Answer,
        passes: false,
        message: format!("the answer is larger than the {max} bytes that the client allows"),
        source: None,
    }
}

fn translate(error: Error) -> TransportError {
    let (sent, fault) = classify(&error);
    let passes = !is_lasting(&error);
    TransportError {
        sent,
        fault,
        passes,
        message: describe(&error),
        source: below(error),
    }
}

/// How far the request got, as tests of ureq 3.5 against a server of raw bytes showed.
fn classify(error: &Error) -> (Sent, Fault) {
    match error {
        Error::BadUri(_)
        | Error::Http(_)
        | Error::RequireHttpsOnly(_)
        | Error::TlsRequired
        | Error::InvalidProxyUrl
        | Error::BodyExceedsLimit(_) => (Sent::No, Fault::Request),
        Error::HostNotFound | Error::ConnectionFailed | Error::ConnectProxyFailed(_) => {
            (Sent::No, Fault::Connect)
        }
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => (Sent::No, Fault::Timeout),
        Error::Timeout(_) => (Sent::Maybe, Fault::Timeout),
        Error::Io(error) => classify_io(error),
        _ => (Sent::Maybe, Fault::Answer),
    }
}

fn classify_io(error: &io::Error) -> (Sent, Fault) {
    if is_short_file(error) {
        return (Sent::Maybe, Fault::Request);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable
        // A certificate that rustls refuses.
        | ErrorKind::InvalidData => (Sent::No, Fault::Connect),
        _ if is_lookup_failure(error) => (Sent::No, Fault::Connect),
        _ => (Sent::Maybe, Fault::Connection),
    }
}

/// Whether the connection would fail the same way again.
fn is_lasting(error: &Error) -> bool {
    match error {
        Error::HostNotFound => true,
        Error::Io(error) => error.kind() == ErrorKind::InvalidData || is_lookup_failure(error),
        _ => false,
    }
}

fn is_short_file(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(<dyn StdError + Send + Sync>::is::<ShortFile>)
}

/// The standard library gives failed look-ups a kind without a stable name.
fn is_lookup_failure(error: &io::Error) -> bool {
    error.to_string().contains("failed to lookup address")
}

fn describe(error: &Error) -> String {
    match error {
        // Their own text shows the whole URL, with its query.
        Error::BadUri(_) => "the URL is not one of HTTP".into(),
        Error::TlsRequired => "https needs the feature `rustls`".into(),
        Error::Timeout(Timeout::Connect | Timeout::Resolve) => "no connection in time".into(),
        Error::Timeout(Timeout::RecvResponse) => "no answer in time".into(),
        Error::Timeout(_) => "the connection stood still for too long".into(),
        Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
            "the server closed the connection before the answer was complete".into()
        }
        Error::Io(error) => error.to_string(),
        #[cfg(feature = "gzip")]
        Error::Decompress(..) => "the answer could not be decompressed".into(),
        other => other.to_string(),
    }
}

fn below(error: Error) -> Option<Box<dyn StdError + Send + Sync>> {
    match error {
        Error::Io(error) => Some(error.into()),
        _ => None,
    }
}
