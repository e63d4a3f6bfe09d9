//! Injection of errors into requests.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::body;
use super::response::ErrorResponse;
use crate::connection::ResetHandle;
use crate::faults::{Fault, Injector};

/// Handles a request, with the injected error that is selected for it.
pub(super) async fn inject(
    State(injector): State<Arc<Injector>>,
    ConnectInfo(connection): ConnectInfo<ResetHandle>,
    request: Request,
    next: Next,
) -> Response {
    match injector.next(request.uri().path()) {
        None => next.run(request).await,
        Some(Fault::TooManyRequests) => {
            body::discard(request).await;
            ErrorResponse::rate_limited().into_response()
        }
        Some(Fault::UnavailableBefore) => {
            let unavailable = ErrorResponse::unavailable(request.uri().path());
            body::discard(request).await;
            unavailable.into_response()
        }
        Some(Fault::UnavailableAfter) => {
            let unavailable = ErrorResponse::unavailable(request.uri().path());
            next.run(request).await;
            unavailable.into_response()
        }
        Some(Fault::ResetBefore) => {
            // A client sees the reset in place of the response, not while it sends the body.
            body::discard(request).await;
            reset(&connection)
        }
        Some(Fault::ResetAfter) => {
            next.run(request).await;
            reset(&connection)
        }
        Some(Fault::Slow) => {
            let response = next.run(request).await;
            tokio::time::sleep(injector.delay()).await;
            response
        }
    }
}

/// Resets the connection. The returned response is not sent.
fn reset(connection: &ResetHandle) -> Response {
    connection.reset();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
