//! The HTTP endpoints. One file per API.

mod body;
mod clusters;
mod dbfs;
mod execution;
mod fields;
mod inject;
mod libraries;
mod params;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::response::ErrorResponse;
use crate::auth::Credentials;
use crate::faults::{Faults, Injector};
use crate::workspace::Workspace;

/// Creates the router of all APIs.
pub(crate) fn router(
    workspace: Arc<Workspace>,
    credentials: Credentials,
    faults: Option<Faults>,
) -> Router {
    let mut router = Router::new()
        .merge(execution::routes(Arc::clone(&workspace)))
        .merge(clusters::routes(&workspace))
        .merge(dbfs::routes(Arc::clone(&workspace.dbfs)))
        .merge(libraries::routes(workspace));
    if let Some(faults) = faults {
        let injector = Arc::new(Injector::new(faults));
        router = router.route_layer(middleware::from_fn_with_state(injector, inject::inject));
    }
    router
        .route_layer(middleware::from_fn_with_state(
            Arc::new(credentials),
            authenticate,
        ))
        .route("/.well-known/databricks-config", get(host_metadata))
        .fallback(unknown_endpoint)
        .method_not_allowed_fallback(unknown_endpoint)
        .layer(DefaultBodyLimit::disable()) // `body` and `dbfs` enforce the limits
}

async fn authenticate(
    State(credentials): State<Arc<Credentials>>,
    request: Request,
    next: Next,
) -> Response {
    match credentials.authenticate(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            body::discard(request).await;
            ErrorResponse::from(error).into_response()
        }
    }
}

/// Responds to the first request of the official SDKs, which has no credentials. There is nothing to
/// report, but after an error they warn in every program.
async fn host_metadata() -> Response {
    response::empty()
}

async fn unknown_endpoint(request: Request) -> Response {
    let error = ErrorResponse::unknown_endpoint(request.method(), request.uri().path());
    body::discard(request).await;
    error.into_response()
}
