//! Request bodies.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};

use super::response::ErrorResponse;
use crate::limits;

/// Maximum number of bytes allocated before the body is read.
const MAX_PREALLOC: usize = 1 << 20;

/// Reads a body, up to the size limit.
pub(super) async fn read(headers: &HeaderMap, mut body: Body) -> Result<Bytes, ErrorResponse> {
    let length = content_length(headers);
    if length > limits::REQUEST_BODY_BYTES {
        drain(headers, body).await;
        return Err(ErrorResponse::body_too_large());
    }
    // The header may be wrong, so it does not determine the allocation alone.
    let mut bytes = Vec::with_capacity(length.min(MAX_PREALLOC));
    while let Some(chunk) = next_chunk(&mut body).await {
        let chunk = chunk.map_err(|error| incomplete(&error))?;
        if bytes.len() + chunk.len() > limits::REQUEST_BODY_BYTES {
            drain(headers, body).await;
            return Err(ErrorResponse::body_too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Reads and discards the body of a rejected request. A client that is still sending when the
/// server closes the connection may not receive the response.
pub(super) async fn discard(request: Request) {
    let (parts, body) = request.into_parts();
    drain(&parts.headers, body).await;
}

async fn drain(headers: &HeaderMap, mut body: Body) {
    if headers.contains_key(EXPECT) {
        // The client sends the body only after `100 Continue`, or handles an early response.
        return;
    }
    let mut discarded = 0;
    while discarded < limits::DISCARDED_BODY_BYTES {
        match next_chunk(&mut body).await {
            Some(Ok(chunk)) => discarded += chunk.len(),
            Some(Err(_)) | None => return,
        }
    }
}

async fn next_chunk(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            Err(error) => return Some(Err(error)),
            Ok(frame) => match frame.into_data() {
                Ok(data) => return Some(Ok(data)),
                Err(_trailers) => {}
            },
        }
    }
}

fn content_length(headers: &HeaderMap) -> usize {
    let value = headers.get(CONTENT_LENGTH);
    let length = value.and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

fn incomplete(error: &axum::Error) -> ErrorResponse {
    ErrorResponse::bad_request(format!(
        "IOException: the request body is incomplete: {error}"
    ))
}
