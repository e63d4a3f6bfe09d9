//! API 2.0: libraries of clusters.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::params::{self, required, required_id};
use super::response::{self, ErrorResponse};
use crate::clusters::{Library, LibraryStatus};
use crate::workspace::Workspace;

/// State of the handlers.
type Shared = Arc<Workspace>;

/// Creates the routes of the API.
pub(super) fn routes(workspace: Shared) -> Router {
    Router::new()
        .route("/api/2.0/libraries/install", post(install))
        .route("/api/2.0/libraries/uninstall", post(uninstall))
        .route("/api/2.0/libraries/cluster-status", get(cluster_status))
        .route("/api/2.0/libraries/all-cluster-statuses", get(all_statuses))
        .with_state(workspace)
}

/// Parameters of all endpoints.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Params {
    cluster_id: Option<String>,
    libraries: Vec<Value>,
}

impl Params {
    fn cluster_id(&mut self) -> Result<String, ErrorResponse> {
        required_id(self.cluster_id.take(), "cluster_id")
    }

    fn libraries(self) -> Result<Vec<Library>, ErrorResponse> {
        if self.libraries.is_empty() {
            return required(None, "libraries");
        }
        let libraries = self.libraries.into_iter().map(Library::parse);
        Ok(libraries.collect::<Result<_, _>>()?)
    }
}

async fn install(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut params: Params = params::read(request).await?;
    let id = params.cluster_id()?;
    workspace.install(id, params.libraries()?)?;
    Ok(response::empty())
}

async fn uninstall(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let mut params: Params = params::read(request).await?;
    let id = params.cluster_id()?;
    workspace
        .clusters
        .remove_libraries(&id, &params.libraries()?)?;
    Ok(response::empty())
}

async fn cluster_status(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let id = params::read::<Params>(request).await?.cluster_id()?;
    let libraries = workspace.clusters.libraries(&id)?;
    Ok(response::json(&describe(&id, &libraries)))
}

async fn all_statuses(State(workspace): State<Shared>) -> Result<Response, ErrorResponse> {
    let mut statuses = Vec::new();
    for cluster in workspace.clusters.list() {
        let libraries = workspace.clusters.libraries(&cluster.id)?;
        if !libraries.is_empty() {
            statuses.push(describe(&cluster.id, &libraries));
        }
    }
    Ok(response::json(&json!({ "statuses": statuses })))
}

/// Creates the JSON object with the libraries of a cluster. Databricks omits empty lists.
fn describe(cluster: &str, libraries: &[LibraryStatus]) -> Value {
    let mut object = json!({ "cluster_id": cluster });
    let statuses = libraries.iter().map(|status| {
        let mut object = json!({
            "library": status.library.value(),
            "status": status.state,
            "is_library_for_all_clusters": false,
        });
        if !status.messages.is_empty() {
            object["messages"] = json!(status.messages);
        }
        object
    });
    if !libraries.is_empty() {
        object["library_statuses"] = statuses.collect();
    }
    object
}
