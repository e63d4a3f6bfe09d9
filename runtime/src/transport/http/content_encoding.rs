//! Content encodings of responses.
//!
//! `ureq` would decode bodies itself, but fails if there is `content-encoding: gzip` and no body.

use std::io::{self, BufRead, BufReader, Read};
use std::mem;

use flate2::bufread::GzDecoder;
use ureq::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use ureq::http::{HeaderMap, HeaderValue};

/// Maximum number of encodings of a body. Each one costs some memory.
const MAX_ENCODINGS: usize = 3;

/// Size of the buffers of encoded bytes.
const BUFFER_BYTES: usize = 32 << 10;

/// A body that is decoded, or passed on unchanged.
pub(super) enum Decoded<'a, R> {
    Plain(R),
    Gzip(Box<dyn Read + Send + 'a>),
}

impl<R: Read> Read for Decoded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer),
        }
    }
}

/// Returns a reader of the decoded body, and removes the headers that describe the encoded one.
///
/// An empty body and an unknown encoding are left as they are.
pub(super) fn decode<'a, R: Read + Send + 'a>(
    headers: &mut HeaderMap,
    reader: R,
) -> io::Result<Decoded<'a, R>> {
    if !headers.contains_key(CONTENT_ENCODING) {
        return Ok(Decoded::Plain(reader));
    }
    let mut encodings = encodings(headers);
    if !ends_with_gzip(&encodings) {
        return Ok(Decoded::Plain(reader));
    }
    let mut encoded: Box<dyn BufRead + Send> =
        Box::new(BufReader::with_capacity(BUFFER_BYTES, reader));
    // Responses to HEAD, and those with 204 or 304, have the header without a body. Some servers and
    // proxies add it to other responses without a body, e.g. those with 401, 429 or 503.
    if encoded.fill_buf()?.is_empty() {
        return Ok(Decoded::Gzip(Box::new(encoded)));
    }
    if encodings.len() > MAX_ENCODINGS {
        let message = "the response has too many content encodings";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    // The encodings are in the order in which they were applied.
    loop {
        encodings.pop();
        let members = GzipMembers::new(encoded);
        if !ends_with_gzip(&encodings) {
            set_encodings(headers, &encodings);
            return Ok(Decoded::Gzip(Box::new(members)));
        }
        encoded = Box::new(BufReader::with_capacity(BUFFER_BYTES, members));
    }
}

/// Returns the encodings in lower case.
fn encodings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let names = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let names = names.map(|name| name.trim().to_ascii_lowercase());
    names
        .filter(|name| !name.is_empty() && name != "identity")
        .collect()
}

fn ends_with_gzip(encodings: &[String]) -> bool {
    let last = encodings.last();
    last.is_some_and(|name| name == "gzip" || name == "x-gzip")
}

fn set_encodings(headers: &mut HeaderMap, encodings: &[String]) {
    headers.remove(CONTENT_LENGTH);
    headers.remove(CONTENT_ENCODING);
    if let Ok(value) = HeaderValue::from_str(&encodings.join(", "))
        && !encodings.is_empty()
    {
        headers.insert(CONTENT_ENCODING, value);
    }
}

/// Decoder of a sequence of gzip members (RFC 1952, section 2.2).
///
/// Bytes after the last member that cannot be another one are ignored, as `gzip` does: some servers
/// pad the body. The checksum and the length of each member are verified.
enum GzipMembers<R> {
    Member(Box<GzDecoder<R>>),
    End,
}

impl<R: BufRead> GzipMembers<R> {
    fn new(encoded: R) -> Self {
        Self::Member(Box::new(GzDecoder::new(encoded)))
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const FIRST_BYTE: u8 = 0x1f;
        loop {
            let Self::Member(decoder) = self else {
                return Ok(0);
            };
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let has_next = decoder.get_mut().fill_buf()?.first() == Some(&FIRST_BYTE);
            if let Self::Member(decoder) = mem::replace(self, Self::End)
                && has_next
            {
                *self = Self::new(decoder.into_inner());
            }
        }
    }
}
