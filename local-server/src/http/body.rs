//! Reading a request's body, up to the limit.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};

use super::response::Problem;
use crate::limits;

/// The whole body, if it is not too long.
pub(super) async fn read(headers: &HeaderMap, mut body: Body) -> Result<Bytes, Problem> {
    let announced = announced(headers);
    if announced > limits::BODY {
        drain(headers, body).await;
        return Err(Problem::body_too_long());
    }
    let mut read = Vec::with_capacity(announced.min(1 << 20));
    while let Some(part) = next(&mut body).await {
        let part = part.map_err(|error| incomplete(&error))?;
        if read.len() + part.len() > limits::BODY {
            drain(headers, body).await;
            return Err(Problem::body_too_long());
        }
        read.extend_from_slice(&part);
    }
    Ok(read.into())
}

/// Does away with the body of a request that is refused: a client that is cut off while it sends
/// may never see the answer.
pub(super) async fn discard(request: Request) {
    let (parts, body) = request.into_parts();
    drain(&parts.headers, body).await;
}

async fn drain(headers: &HeaderMap, mut body: Body) {
    if headers.contains_key(EXPECT) {
        return; // it waits to be asked for the body, or has been asked and can cope
    }
    let mut drained = 0;
    while drained < limits::DRAINED {
        match next(&mut body).await {
            Some(Ok(part)) => drained += part.len(),
            Some(Err(_)) | None => return,
        }
    }
}

async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
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

fn announced(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

fn incomplete(error: &axum::Error) -> Problem {
    Problem::bad_request(format!(
        "IOException: the body did not arrive whole: {error}"
    ))
}
