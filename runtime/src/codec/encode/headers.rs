//! Headers that are parameters.

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::{Encode, Encoder, Request, Style};
use crate::error::Error;

/// The headers that a request adds to those of the client.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if a value cannot be in a header.
pub(crate) fn headers(request: &dyn Request) -> Result<HeaderMap, Error> {
    let mut encoder = Encoder {
        style: Style::Headers(HeaderMap::new()),
        text: Vec::new(),
        fault: None,
        redact: false,
        pending_key: None,
    };
    request.headers(&mut encoder);
    let headers = match &mut encoder.style {
        Style::Headers(headers) => std::mem::take(headers),
        _ => HeaderMap::new(),
    };
    encoder.finish().map(|_| headers)
}

impl Encoder {
    pub(super) fn header(&mut self, name: &str, value: &dyn Encode) {
        self.text.clear();
        value.encode(self);
        // A line end would begin another header, or the body.
        let parsed = HeaderValue::from_bytes(&self.text);
        match (HeaderName::from_bytes(name.as_bytes()), parsed) {
            (Ok(name), Ok(value)) => {
                if let Style::Headers(headers) = &mut self.style {
                    headers.append(name, value);
                }
            }
            (Err(_), _) => self.fail(format!("`{name}` is not the name of a header")),
            (_, Err(_)) => self.fail(format!(
                "the header `{name}` cannot hold line ends or other control characters"
            )),
        }
    }
}
