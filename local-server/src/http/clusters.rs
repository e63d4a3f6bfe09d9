//! API 2.0 and 2.1: clusters.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::params::{self, required_id};
use super::response::{self, ErrorResponse};
use crate::clusters::catalog::{self, NODE_TYPE};
use crate::clusters::{
    ClusterSettings, ClusterState, ClusterStatus, TerminationCause, ignored_settings,
};
use crate::spark::Distribution;
use crate::workspace::Workspace;

/// State of the handlers.
type Shared = Arc<Workspace>;

/// Creates the routes of the API.
pub(super) fn routes(workspace: &Shared) -> Router {
    let routes = |version: &str| {
        let path = |endpoint: &str| format!("/api/{version}/clusters/{endpoint}");
        Router::new()
            .route(&path("create"), post(create))
            .route(&path("get"), get(get_cluster))
            .route(&path("list"), get(list))
            .route(&path("start"), post(start))
            .route(&path("restart"), post(restart))
            .route(&path("delete"), post(delete))
            .route(&path("permanent-delete"), post(permanent_delete))
            .route(&path("spark-versions"), get(spark_versions))
            .route(&path("list-node-types"), get(list_node_types))
            .with_state(Arc::clone(workspace))
    };
    routes("2.0").merge(routes("2.1"))
}

/// Parameters of the endpoints that concern one cluster.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Params {
    cluster_id: Option<String>,
}

/// Reads the id of a cluster.
async fn cluster_id(request: Request) -> Result<String, ErrorResponse> {
    let params: Params = params::read(request).await?;
    required_id(params.cluster_id, "cluster_id")
}

async fn create(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let settings: ClusterSettings = params::read(request).await?;
    let id = workspace.create_cluster(settings)?;
    Ok(response::json(&json!({ "cluster_id": id })))
}

async fn get_cluster(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let id = cluster_id(request).await?;
    let status = workspace.clusters.status(&id)?;
    let spark = workspace.spark().await;
    Ok(response::json(&describe(status, spark.as_ref())))
}

async fn list(State(workspace): State<Shared>) -> Response {
    let spark = workspace.spark().await;
    let clusters = workspace.clusters.list().into_iter();
    let clusters = clusters.map(|status| describe(status, spark.as_ref()));
    response::json(&json!({ "clusters": clusters.collect::<Vec<_>>() }))
}

async fn start(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    workspace.start_cluster(cluster_id(request).await?)?;
    Ok(response::empty())
}

async fn restart(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    workspace.restart_cluster(cluster_id(request).await?)?;
    Ok(response::empty())
}

async fn delete(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let id = cluster_id(request).await?;
    workspace.terminate_cluster(id, TerminationCause::UserRequest)?;
    Ok(response::empty())
}

async fn permanent_delete(
    State(workspace): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    workspace
        .remove_cluster(&cluster_id(request).await?)
        .await?;
    Ok(response::empty())
}

async fn spark_versions(State(workspace): State<Shared>) -> Response {
    let spark = workspace.spark().await;
    response::json(&catalog::spark_versions(spark.as_ref()))
}

async fn list_node_types() -> Response {
    response::json(&catalog::node_types())
}

/// Creates the JSON object of a cluster. `spark` is that of this server.
fn describe(status: ClusterStatus, spark: Option<&Distribution>) -> Value {
    let message = state_message(&status);
    let node_type = |id: Option<String>| id.unwrap_or_else(|| NODE_TYPE.to_owned());
    let settings = status.settings;
    let mut cluster = json!({
        "cluster_id": status.id,
        "cluster_source": "API",
        "node_type_id": node_type(settings.node_type_id.clone()),
        "driver_node_type_id": node_type(settings.driver_node_type_id.or(settings.node_type_id)),
        "autotermination_minutes": settings.autotermination_minutes,
        "state": status.state,
        "state_message": message,
        "start_time": status.started,
    });
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            cluster[key] = value;
        }
    };
    // The service returns the key that was selected, and that of the version that runs.
    let running = spark.map(catalog::spark_version);
    let selected = Some(settings.spark_version).filter(|version| !version.is_empty());
    let version = selected.or_else(|| running.clone());
    set("spark_version", version.map(Value::from));
    set("effective_spark_version", running.map(Value::from));
    set("cluster_name", settings.cluster_name.map(Value::from));
    set("num_workers", settings.num_workers.map(Value::from));
    set("autoscale", settings.autoscale.map(|scale| json!(scale)));
    for (key, map) in [
        ("spark_conf", settings.spark_conf),
        ("custom_tags", settings.custom_tags),
    ] {
        set(key, (!map.is_empty()).then(|| json!(map)));
    }
    set("terminated_time", status.terminated.map(Value::from));
    set("termination_reason", status.cause.map(termination_reason));
    cluster
}

fn termination_reason(cause: TerminationCause) -> Value {
    match cause {
        TerminationCause::UserRequest => json!({"code": "USER_REQUEST", "type": "SUCCESS"}),
        TerminationCause::Inactivity(minutes) => json!({
            "code": "INACTIVITY",
            "type": "SUCCESS",
            "parameters": {"inactivity_duration_min": minutes.to_string()},
        }),
    }
}

fn state_message(status: &ClusterStatus) -> String {
    match (status.state, status.cause) {
        (ClusterState::Pending, _) => "Starting".to_owned(),
        (ClusterState::Restarting, _) => "Restarting".to_owned(),
        (ClusterState::Running, _) => running_message(&status.settings),
        (_, Some(TerminationCause::Inactivity(minutes))) => {
            format!("Inactive for {minutes} minutes")
        }
        (_, _) => "Terminated by a request".to_owned(),
    }
}

fn running_message(settings: &ClusterSettings) -> String {
    let ignored: Vec<_> = ignored_settings(settings).collect();
    if ignored.is_empty() {
        return String::new();
    }
    let ignored = ignored.join(", ");
    format!("Settings of spark_conf without effect on this server: {ignored}")
}
