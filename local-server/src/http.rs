//! The six endpoints.

mod response;
mod body;
mod fields;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use self::response::Problem;
use self::fields::Fields;
use crate::auth::Credentials;
use crate::contexts::{CommandStatus, ContextStatus, Contexts};
use crate::results::Results;

/// What the handlers share.
type Shared = Arc<Contexts>;

/// The API over these contexts.
pub(crate) fn router(contexts: Arc<Contexts>, credentials: Credentials) -> Router {
    Router::new()
        .route("/api/1.2/contexts/create", post(create_context))
        .route("/api/1.2/contexts/status", get(context_status))
        .route("/api/1.2/contexts/destroy", post(destroy_context))
        .route("/api/1.2/commands/execute", post(execute_command))
        .route("/api/1.2/commands/status", get(command_status))
        .route("/api/1.2/commands/cancel", post(cancel_command))
        .route_layer(middleware::from_fn_with_state(Arc::new(credentials), admit))
        .fallback(no_such_endpoint)
        .method_not_allowed_fallback(no_such_endpoint)
        .layer(DefaultBodyLimit::disable()) // `body` has a limit of its own
        .with_state(contexts)
}

#[derive(Serialize)]
struct Id {
    id: String,
}

#[derive(Serialize)]
struct ContextAnswer {
    id: String,
    status: ContextStatus,
}

/// `results` is there, as `null`, while the command has none: it has printed nothing yet.
#[derive(Serialize)]
struct CommandAnswer<'a> {
    id: &'a str,
    results: Option<&'a Results>,
    status: CommandStatus,
}

async fn create_context(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_body(request).await?;
    let cluster = fields.take("clusterId")?;
    let language = fields.take_language()?;
    let id = contexts.create(cluster, language)?;
    Ok(response::json(&Id { id }))
}

async fn context_status(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_query(request.uri())?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    let status = contexts.find(&cluster, &id)?.status();
    Ok(response::json(&ContextAnswer { id, status }))
}

async fn destroy_context(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_body(request).await?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    contexts.destroy(&cluster, &id).await?;
    Ok(response::json(&Id { id }))
}

async fn execute_command(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let language = fields.take_language()?;
    let source = fields.take("command")?;
    let context = contexts.find(&cluster, &context)?;
    contexts.check_language(language)?;
    let id = context.submit(source)?;
    Ok(response::json(&Id { id }))
}

async fn command_status(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_query(request.uri())?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    let (status, results) = contexts.find(&cluster, &context)?.command(&id)?;
    Ok(response::json(&CommandAnswer {
        id: &id,
        results: results.as_deref(),
        status,
    }))
}

async fn cancel_command(
    State(contexts): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let mut fields = Fields::of_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    contexts.find(&cluster, &context)?.cancel(&id)?;
    Ok(response::json(&Id { id }))
}

async fn admit(
    State(credentials): State<Arc<Credentials>>,
    request: Request,
    next: Next,
) -> Response {
    match credentials.admit(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(denied) => {
            body::discard(request).await;
            response::denied(denied)
        }
    }
}

async fn no_such_endpoint(request: Request) -> Response {
    let problem = Problem::no_such_endpoint(request.method(), request.uri().path());
    body::discard(request).await;
    problem.into_response()
}
