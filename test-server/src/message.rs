//! Requests as received and responses as bytes.

use std::io;

/// Interim response after which the client sends the request body.
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A request as received.
#[derive(Clone, Debug)]
pub struct Request {
    /// Index of the connection, from 0 in the order of acceptance.
    pub connection: usize,
    /// Request line without its line ending.
    pub line: String,
    /// Header names in lower case and values, in the order of the request.
    pub headers: Vec<(String, String)>,
    /// Request body. Blocks of zeros are omitted if the body is larger than 8 MiB.
    pub body: Vec<u8>,
    /// Number of body bytes received, including omitted ones.
    pub body_len: u64,
}

impl Request {
    /// Parses a head that ends with an empty line. `connection` is the index of its connection.
    ///
    /// # Errors
    ///
    /// If a line does not end with CR LF, or a header line has no `: `.
    pub fn parse(head: &str, connection: usize) -> io::Result<Self> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, head.to_owned());
        let head = head.strip_suffix("\r\n\r\n").ok_or_else(invalid)?;
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers = lines.map(header).collect::<Option<_>>();
        Ok(Self {
            connection,
            line,
            headers: headers.ok_or_else(invalid)?,
            body: Vec::new(),
            body_len: 0,
        })
    }

    /// Returns the method of the request line.
    pub fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    /// Returns the path and query of the request line.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the value of a header. `name` is in lower case.
    ///
    /// # Panics
    ///
    /// If the request has more than one header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| &**value);
        assert!(
            values.next().is_none(),
            "more than one `{name}` header: {:?}",
            self.headers
        );
        value
    }

    /// Returns the headers as lines, sorted by name.
    pub fn sorted_headers(&self) -> String {
        let mut headers = self.headers.clone();
        headers.sort();
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"));
        lines.collect()
    }

    /// Returns the body as text.
    ///
    /// # Panics
    ///
    /// If the body is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the request body should be UTF-8")
    }

    /// Returns the value of `content-length`, or 0 if the header is absent.
    ///
    /// # Errors
    ///
    /// If the value is not a number, or the body is chunked: the server does not decode chunks.
    pub fn content_length(&self) -> io::Result<u64> {
        if self.header("transfer-encoding").is_some() {
            return Err(io::Error::other("chunked request bodies are not supported"));
        }
        let length = self.header("content-length").unwrap_or("0");
        length.parse().map_err(io::Error::other)
    }

    /// Returns whether the client waits for [`CONTINUE`] before it sends the body.
    pub fn expects_continue(&self) -> bool {
        self.header("expect") == Some("100-continue")
    }
}

/// Returns the bytes of a response with these header lines and a `content-length`.
///
/// The reason phrase is not the standard one, because clients must not depend on it.
pub fn response(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status} Whatever\r\n").into_bytes();
    for header in headers {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}
