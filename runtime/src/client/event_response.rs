//! Responses of items, once their head has arrived.

use std::time::SystemTime;

use ureq::http::header::CONTENT_TYPE;
use ureq::http::{HeaderMap, Response as HttpResponse, StatusCode};

use super::response::Response;
use crate::error::Error;
use crate::operation::{EventFormat, Operation};
use crate::redact::Redactor;
use crate::transport::BodyStream;

/// Successful response whose body is still read.
pub(super) struct OpenResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Box<dyn BodyStream>,
    pub(super) redactor: Redactor,
    /// Time at which the request was sent.
    pub(super) sent_at: SystemTime,
}

/// Returns whether a response consists of items, according to its head.
///
/// A JSON object or a web page would be read as events with unknown fields, and so as no event. Servers
/// send lines with various media types.
pub(super) fn is_stream<B>(response: &HttpResponse<B>, operation: &Operation<'_>) -> bool {
    let is_lines = operation
        .events
        .is_some_and(|events| events.format == EventFormat::Lines);
    let status = response.status();
    status.is_success()
        && (is_lines || status == StatusCode::NO_CONTENT || is_event_stream(response.headers()))
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(media_type) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let media_type = media_type.to_str().unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/event-stream")
}

/// Returns the error for a successful response that does not consist of items.
pub(super) fn not_a_stream(response: &Response<'_>) -> Error {
    let media_type = response.headers().get(CONTENT_TYPE);
    let media_type = media_type.map(|it| String::from_utf8_lossy(it.as_bytes()));
    let media_type = media_type.unwrap_or_default();
    response.mismatch(&media_type, "text/event-stream")
}
