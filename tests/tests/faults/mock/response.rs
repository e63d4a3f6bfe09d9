//! Responses.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A response whose head and body can be changed before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
        }
    }

    /// Returns an error response in the shape of the API 1.2.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "error": message }))
    }

    /// Returns a response without body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            body: Vec::new(),
        }
    }

    /// Returns head and body as a correct server sends them.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.with(&["content-type: application/json"], &self.body)
    }

    /// Returns a response with the same status, these header lines, a `content-length` and this
    /// body.
    pub(crate) fn with(&self, headers: &[&str], body: &[u8]) -> Vec<u8> {
        test_server::response(self.status, headers, body)
    }

    /// Like [`with`](Self::with), without the `content-length`.
    pub(crate) fn framed(&self, headers: &[&str], body: &[u8]) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Whatever\r\n", self.status);
        for header in headers {
            write!(head, "{header}\r\n").expect("writing to a string never fails");
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }

    /// Returns the size of the head in [`bytes`](Self::bytes).
    pub(crate) fn head_len(&self) -> usize {
        self.bytes().len() - self.body.len()
    }
}
