//! Requests and answers.

use std::fmt::Write as _;

use serde_json::Value;

use super::workspace::Endpoint;

/// The head of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Reads a head, the empty line at its end included.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = text.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let method = words.next()?.to_owned();
        let (path, query) = match words.next()?.split_once('?') {
            Some((path, query)) => (path.to_owned(), pairs(query)),
            None => (text.split(' ').nth(1)?.to_owned(), Vec::new()),
        };
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Some(Self {
            method,
            path,
            query,
            headers,
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(known, _)| known == name);
        all.next().map(|(_, value)| &**value)
    }

    pub(crate) fn content_length(&self) -> usize {
        let value = self.header("content-length").unwrap_or("0");
        value.parse().expect("a content-length that is a number")
    }

    pub(crate) fn expects_continue(&self) -> bool {
        self.header("expect") == Some("100-continue")
    }

    pub(crate) fn endpoint(&self) -> Option<Endpoint> {
        let multipart = self
            .header("content-type")
            .is_some_and(|value| value.starts_with("multipart/form-data"));
        Endpoint::of(&self.method, &self.path, multipart)
    }

    /// The parameters, from the query or from the body.
    pub(crate) fn parameters(&self, body: &[u8]) -> Vec<(String, String)> {
        let mut all = self.query.clone();
        let content_type = self.header("content-type").unwrap_or_default();
        if let Some((_, boundary)) = content_type.split_once("boundary=") {
            all.extend(parts(body, boundary));
        } else if let Ok(Value::Object(object)) = serde_json::from_slice(body) {
            let text = |value: Value| value.as_str().map(str::to_owned);
            all.extend(
                object
                    .into_iter()
                    .filter_map(|(key, value)| Some((key, text(value)?))),
            );
        }
        all
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The fields of a multipart body; the contents of a file count as a text.
fn parts(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let part = |part: &str| {
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()))
    };
    text.split(&*delimiter).filter_map(part).collect()
}

/// An answer that can be taken apart before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
        }
    }

    /// Head and body as a healthy server sends them.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.with(&["content-type: application/json"], &self.body)
    }

    /// The same status with these header lines, the length and another body.
    pub(crate) fn with(&self, headers: &[&str], body: &[u8]) -> Vec<u8> {
        let length = format!("content-length: {}", body.len());
        let mut all = headers.to_vec();
        all.push(&length);
        self.framed(&all, body)
    }

    /// The same status with these header lines and no others, and another body.
    pub(crate) fn framed(&self, headers: &[&str], body: &[u8]) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Whatever\r\n", self.status);
        for header in headers {
            write!(head, "{header}\r\n").expect("a string takes everything");
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }

    /// How many of [`bytes`](Self::bytes) are the head.
    pub(crate) fn head_length(&self) -> usize {
        self.bytes().len() - self.body.len()
    }
}
