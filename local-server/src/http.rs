//! The HTTP endpoints.

mod body;
mod fields;
mod inject;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use self::fields::Fields;
use self::response::ErrorResponse;
use crate::auth::Credentials;
use crate::contexts::{CommandStatus, ContextStatus, Contexts};
use crate::faults::{Faults, Injector};
use crate::quirks::{Quirk, Quirks};
use crate::results::Results;

/// State of the handlers.
#[derive(Clone, Debug)]
struct Shared {
    contexts: Arc<Contexts>,
    quirks: Quirks,
}

/// Creates the router of the API.
pub(crate) fn router(
    contexts: Arc<Contexts>,
    credentials: Credentials,
    quirks: Quirks,
    faults: Option<Faults>,
) -> Router {
    let mut router = Router::new()
        .route("/api/1.2/contexts/create", post(create_context))
        .route("/api/1.2/contexts/status", get(context_status))
        .route("/api/1.2/contexts/destroy", post(destroy_context))
        .route("/api/1.2/commands/execute", post(execute_command))
        .route("/api/1.2/commands/status", get(command_status))
        .route("/api/1.2/commands/cancel", post(cancel_command));
    if let Some(faults) = faults {
        let injector = Arc::new(Injector::new(faults));
        router = router.route_layer(middleware::from_fn_with_state(injector, inject::inject));
    }
    router
        .route_layer(middleware::from_fn_with_state(
            Arc::new(credentials),
            authenticate,
        ))
        .fallback(unknown_endpoint)
        .method_not_allowed_fallback(unknown_endpoint)
        .layer(DefaultBodyLimit::disable()) // `body` enforces the limit
        .with_state(Shared { contexts, quirks })
}

impl Shared {
    /// Returns the response to a request that destroys or cancels.
    fn acknowledge(&self, id: String) -> Response {
        #[derive(Serialize)]
        struct Empty {}

        if self.quirks.is_on(Quirk::ReturnIds) {
            response::json(&Id { id })
        } else {
            response::json(&Empty {})
        }
    }
}

#[derive(Serialize)]
struct Id {
    id: String,
}

#[derive(Serialize)]
struct ContextResponse {
    id: String,
    status: ContextStatus,
}

#[derive(Serialize)]
struct CommandResponse<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<ResultsOrNull<'a>>,
    status: CommandStatus,
}

#[derive(Serialize)]
struct ResultsOrNull<'a>(Option<&'a Results>);

async fn create_context(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let cluster = fields.take("clusterId")?;
    let language = fields.take_language()?;
    let id = shared.contexts.create(cluster, language)?;
    Ok(response::json(&Id { id }))
}

async fn context_status(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_query(request.uri())?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    let status = shared.contexts.find(&cluster, &id)?.status();
    Ok(response::json(&ContextResponse { id, status }))
}

async fn destroy_context(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    shared.contexts.destroy(&cluster, &id).await?;
    Ok(shared.acknowledge(id))
}

async fn execute_command(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let language = fields.take_language()?;
    let source = fields.take_unbounded("command")?;
    let context = shared.contexts.find(&cluster, &context)?;
    shared.contexts.check_language(language)?;
    let id = context.submit(source)?;
    Ok(response::json(&Id { id }))
}

async fn command_status(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_query(request.uri())?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    let (status, results) = shared.contexts.find(&cluster, &context)?.command(&id)?;
    let has_results =
        status != CommandStatus::Running || shared.quirks.is_on(Quirk::PartialResults);
    let results = results.as_deref().filter(|_| has_results);
    let is_sent = results.is_some() || shared.quirks.is_on(Quirk::NullResults);
    Ok(response::json(&CommandResponse {
        id: &id,
        results: is_sent.then_some(ResultsOrNull(results)),
        status,
    }))
}

async fn cancel_command(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    shared.contexts.find(&cluster, &context)?.cancel(&id)?;
    Ok(shared.acknowledge(id))
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

async fn unknown_endpoint(request: Request) -> Response {
    let error = ErrorResponse::unknown_endpoint(request.method(), request.uri().path());
    body::discard(request).await;
    error.into_response()
}
