//! Bodies of responses.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use ureq::http::response::Parts;
use ureq::http::{Response, StatusCode};
use ureq::{Body, Error};

use super::super::error::{TransportError, TransportErrorKind};
#[cfg(feature = "gzip")]
use super::content_encoding;
use super::error::transport_error;
use crate::delivery::Delivery;

/// Limit of the memory that is reserved for a body before its first byte has arrived.
const MAX_PREALLOC_BYTES: u64 = 1 << 20;

/// Size of the buffer between the network and the sink.
const COPY_BUFFER_BYTES: usize = 64 << 10;

/// Writes the body to the sink and returns the response without a body.
pub(super) fn copy_to_sink(
    response: Response<Body>,
    sink: &mut dyn Write,
) -> Result<Response<Vec<u8>>, TransportError> {
    let (mut parts, body) = response.into_parts();
    let mut reader = reader(&mut parts, body).map_err(read_error)?;
    copy(&mut reader, sink)?;
    drop(reader);
    Ok(Response::from_parts(parts, Vec::new()))
}

/// Reads the body into memory, up to `max_size` bytes after decompression.
pub(super) fn read(
    response: Response<Body>,
    max_size: u64,
) -> Result<Response<Vec<u8>>, TransportError> {
    let (mut parts, body) = response.into_parts();
    let status = parts.status;
    let expected = body
        .content_length()
        .unwrap_or(0)
        .min(MAX_PREALLOC_BYTES)
        .min(max_size);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    let result = read_limited(&mut parts, body, max_size, &mut bytes);
    result.or_else(|error| decide_by_status(status, error))?;
    Ok(Response::from_parts(parts, bytes))
}

fn read_limited(
    parts: &mut Parts,
    body: Body,
    max_size: u64,
    bytes: &mut Vec<u8>,
) -> Result<(), TransportError> {
    let mut reader = reader(parts, body).map_err(read_error)?;
    read_all(&mut reader, max_size, bytes)
}

/// Reads up to `max_size` bytes.
pub(super) fn read_all(
    reader: &mut dyn Read,
    max_size: u64,
    bytes: &mut Vec<u8>,
) -> Result<(), TransportError> {
    // The limit is applied after decompression. Reading one byte more than allowed distinguishes a
    // full response from one too large.
    let mut reader = reader.take(max_size.saturating_add(1));
    reader.read_to_end(bytes).map_err(read_error)?;
    if bytes.len() as u64 > max_size {
        bytes.pop();
        return Err(too_large(max_size));
    }
    Ok(())
}

/// Decides about a response whose body could not be read to its end. `Ok` keeps the part that was
/// read.
fn decide_by_status(status: StatusCode, mut error: TransportError) -> Result<(), TransportError> {
    use TransportErrorKind as Kind;

    let is_readable = error.kind != Kind::InvalidResponse;
    if status.is_client_error() {
        // The status code proves that the request was not processed. Servers were seen to announce a
        // body with a 4xx response and to close the connection without sending it.
        if error.kind != Kind::Interrupted {
            return Ok(());
        }
        error.delivery = Delivery::NotProcessed;
    }
    if status.is_success() || is_readable {
        return Err(error);
    }
    // The body of an error or of a redirect is only a part of its message.
    Ok(())
}

#[cfg(feature = "gzip")]
pub(super) fn reader(parts: &mut Parts, body: Body) -> io::Result<impl Read + Send + use<>> {
    content_encoding::decode(&mut parts.headers, RawBody::new(body.into_reader()))
}

#[cfg(not(feature = "gzip"))]
pub(super) fn reader(_: &mut Parts, body: Body) -> io::Result<impl Read + Send + use<>> {
    Ok(RawBody::new(body.into_reader()))
}

/// Copies a body to the sink. Errors of reading and writing are of different kinds, which `io::copy`
/// does not distinguish.
fn copy(reader: &mut dyn Read, sink: &mut dyn Write) -> Result<(), TransportError> {
    let mut buffer = vec![0; COPY_BUFFER_BYTES];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return sink.flush().map_err(TransportError::output),
            Ok(length) => sink
                .write_all(&buffer[..length])
                .map_err(TransportError::output)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(read_error(error)),
        }
    }
}

/// Body as it arrives. Its errors are marked, so that those of decoders differ from them.
struct RawBody<R> {
    reader: R,
    has_started: bool,
}

impl<R: Read> RawBody<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            has_started: false,
        }
    }
}

impl<R: Read> Read for RawBody<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let is_first = !std::mem::replace(&mut self.has_started, true);
        match self.reader.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) if is_first && is_empty_gzip(&error) => Ok(0),
            result => result.map_err(|error| io::Error::other(ConnectionError(error))),
        }
    }
}

/// Returns whether `ureq` itself has failed to decode an empty body. It decodes bodies if another
/// package of the build enables its feature `gzip`.
fn is_empty_gzip(error: &io::Error) -> bool {
    error.to_string() == "gzip decompression failed: unexpected end of file"
}

#[derive(Debug)]
struct ConnectionError(io::Error);

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for ConnectionError {}

pub(super) fn read_error(error: io::Error) -> TransportError {
    match error.downcast::<ConnectionError>() {
        Ok(ConnectionError(error)) => transport_error(Error::from(error)),
        Err(error) => TransportError {
            source: Some(error.into()),
            ..invalid("the response could not be decompressed".into())
        },
    }
}

fn too_large(max: u64) -> TransportError {
    invalid(format!(
        "the response is larger than the limit of {max} bytes"
    ))
}

fn invalid(message: String) -> TransportError {
    TransportError {
        delivery: Delivery::Unknown,
        kind: TransportErrorKind::InvalidResponse,
        transient: false,
        message,
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reader that fails like the decoder of `ureq`.
    struct Failing(&'static str);

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other(self.0))
        }
    }

    #[test]
    fn empty_body_that_ureq_cannot_decode_is_empty() {
        let read = |message| RawBody::new(Failing(message)).read(&mut [0]);
        let empty = read("gzip decompression failed: unexpected end of file");
        assert_eq!(empty.unwrap(), 0);
        for message in ["gzip decompression failed: invalid gzip header", "reset"] {
            assert!(read(message).is_err(), "{message}");
        }
    }
}
