//! API 1.2: execution contexts and commands.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;

use super::fields::Fields;
use super::response::{self, ErrorResponse};
use crate::contexts::{CommandStatus, ContextStatus, Contexts, ServiceError};
use crate::magics;
use crate::quirks::Quirk;
use crate::results::Results;
use crate::workspace::Workspace;

/// State of the handlers.
type Shared = Arc<Workspace>;

/// Creates the routes of the API.
pub(super) fn routes(workspace: Shared) -> Router {
    Router::new()
        .route("/api/1.2/contexts/create", post(create_context))
        .route("/api/1.2/contexts/status", get(context_status))
        .route("/api/1.2/contexts/destroy", post(destroy_context))
        .route("/api/1.2/commands/execute", post(execute_command))
        .route("/api/1.2/commands/status", get(command_status))
        .route("/api/1.2/commands/cancel", post(cancel_command))
        .with_state(workspace)
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

/// Returns the response to a request that destroys or cancels.
fn acknowledge(contexts: &Contexts, id: String) -> Response {
    #[derive(Serialize)]
    struct Empty {}

    if contexts.quirks().is_on(Quirk::ReturnIds) {
        response::json(&Id { id })
    } else {
        response::json(&Empty {})
    }
}

async fn create_context(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let cluster = fields.take("clusterId")?;
    let language = fields.take_language()?;
    let is_running = workspace.clusters.record_activity(&cluster);
    is_running.map_err(ServiceError::Cluster)?;
    let setup = workspace.clusters.setup(&cluster);
    let setup = setup.map_err(ServiceError::Cluster)?;
    let id = workspace.contexts.create(cluster.clone(), language, setup);
    let id = id.await?;
    // The cluster may have been terminated in the meantime.
    if let Err(error) = workspace.clusters.record_activity(&cluster) {
        workspace.contexts.destroy(&cluster, &id).await?;
        return Err(ServiceError::Cluster(error).into());
    }
    Ok(response::json(&Id { id }))
}

async fn context_status(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_query(request.uri())?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    let status = workspace.contexts.find(&cluster, &id)?.status();
    Ok(response::json(&ContextResponse { id, status }))
}

async fn destroy_context(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, id) = (fields.take("clusterId")?, fields.take("contextId")?);
    workspace.contexts.destroy(&cluster, &id).await?;
    Ok(acknowledge(&workspace.contexts, id))
}

async fn execute_command(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let language = fields.take_language()?;
    let source = fields.take_unbounded("command")?;
    let context = workspace.contexts.find(&cluster, &context)?;
    if let Some(reason) = magics::unsupported(language, &source) {
        return Err(ServiceError::Magic(reason).into());
    }
    let id = context.submit(source, language)?;
    // Fails if the cluster is being terminated.
    let _ = workspace.clusters.record_activity(&cluster);
    Ok(response::json(&Id { id }))
}

async fn command_status(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_query(request.uri())?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    let (status, results) = workspace.contexts.find(&cluster, &context)?.command(&id)?;
    let quirks = workspace.contexts.quirks();
    let is_canceled = results
        .as_ref()
        .is_some_and(|results| results.is_canceled());
    let status = match status {
        CommandStatus::Finished if is_canceled && !quirks.is_on(Quirk::CancelIsFinished) => {
            CommandStatus::Cancelled
        }
        status => status,
    };
    let has_results = status != CommandStatus::Running || quirks.is_on(Quirk::PartialResults);
    let results = results.as_deref().filter(|_| has_results);
    let is_sent = results.is_some() || quirks.is_on(Quirk::NullResults);
    Ok(response::json(&CommandResponse {
        id: &id,
        results: is_sent.then_some(ResultsOrNull(results)),
        status,
    }))
}

async fn cancel_command(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut fields = Fields::from_body(request).await?;
    let (cluster, context) = (fields.take("clusterId")?, fields.take("contextId")?);
    let id = fields.take("commandId")?;
    workspace.contexts.find(&cluster, &context)?.cancel(&id)?;
    Ok(acknowledge(&workspace.contexts, id))
}
