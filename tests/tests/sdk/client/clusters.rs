//! Clusters and their libraries.

use std::io::Cursor;

use api_runtime::{Client, Error};
use generated_client::api_2_0::{
    Cluster, ClusterState, Library, LibraryState, LibraryStatus, clusters, libraries,
};
use generated_client::files::FileUpload;
use generated_client::wait_until_installed;
use serde_json::{Value, json};

use super::{Steps, described, wait};

pub(super) fn drive(client: &Client, steps: &mut Steps) {
    let versions = clusters::spark_versions(client, &clusters::SparkVersions::new()).unwrap();
    let versions = versions.versions;
    let values = versions
        .iter()
        .map(|version| json!({"key": version.key, "name": version.name}));
    steps.record(
        "spark versions",
        json!({"versions": values.collect::<Vec<_>>()}),
    );
    let types = clusters::list_node_types(client, &clusters::ListNodeTypes::new()).unwrap();
    let node_types = types.node_types;
    let values = node_types.iter().map(|node_type| {
        json!({
            "node_type_id": node_type.node_type_id,
            "description": node_type.description,
            "memory_mb": node_type.memory_mb,
            "num_cores": node_type.num_cores,
            "num_gpus": node_type.num_gpus,
        })
    });
    steps.record(
        "node types",
        json!({"node_types": values.collect::<Vec<_>>()}),
    );

    let version = versions
        .iter()
        .find(|version| version.key.ends_with("2.12"));
    let create = clusters::Create::new(&version.unwrap().key)
        .cluster_name("driven")
        .node_type_id(&node_types[0].node_type_id)
        .num_workers(1)
        .autotermination_minutes(60);
    let cluster = clusters::create(client, &create).unwrap();
    let id = cluster.cluster_id.as_str();
    let created = clusters::wait_for_create(client, &cluster, wait()).unwrap();
    let mut record = |step: &str, value: &Value| steps.record_with_id(step, value, id);
    record("created", &describe(&created));
    record("get", &describe(&get(client, id).unwrap()));
    record("list", &list(client, id));
    drive_libraries(client, id, steps);

    let mut record = |step: &str, value: &Value| steps.record_with_id(step, value, id);
    let start = clusters::Start::new(id);
    let error = clusters::start(client, &start).unwrap_err();
    record("start of a running cluster", &described(&error));
    record("terminated", &describe(&terminate(client, id)));
    record("running", &describe(&ensure_running(client, id)));
    record("terminated again", &describe(&terminate(client, id)));
    clusters::start(client, &start).unwrap();
    let started = clusters::wait_for_start(client, &start, wait()).unwrap();
    record("started", &describe(&started));
    clusters::permanent_delete(client, &clusters::PermanentDelete::new(id)).unwrap();
    record("removed", &described(&get(client, id).unwrap_err()));
    record("list of others", &list(client, id));
    let error = clusters::create(client, &clusters::Create::new("x")).unwrap_err();
    record("without size", &described(&error));
}

fn get(client: &Client, id: &str) -> Result<Cluster, Error> {
    clusters::get(client, &clusters::Get::new(id))
}

/// Returns the cluster, from the list of all clusters.
fn list(client: &Client, id: &str) -> Value {
    let clusters = clusters::list_all(client, clusters::List::new()).map(Result::unwrap);
    let found = clusters.filter(|cluster| cluster.cluster_id.as_str() == id);
    found.map(|cluster| describe(&cluster)).collect()
}

fn terminate(client: &Client, id: &str) -> Cluster {
    let delete = clusters::Delete::new(id);
    clusters::delete(client, &delete).unwrap();
    clusters::wait_for_delete(client, &delete, wait()).unwrap()
}

/// Starts a cluster unless it runs.
fn ensure_running(client: &Client, id: &str) -> Cluster {
    let cluster = get(client, id).unwrap();
    if cluster.state == ClusterState::Running {
        return cluster;
    }
    let start = clusters::Start::new(id);
    clusters::start(client, &start).unwrap();
    clusters::wait_for_start(client, &start, wait()).unwrap()
}

fn describe(cluster: &Cluster) -> Value {
    let time = |time: bool| time.then_some("TIME");
    json!({
        "cluster_id": cluster.cluster_id.as_str(),
        "cluster_name": cluster.cluster_name,
        "state": cluster.state.as_str(),
        "state_message": cluster.state_message,
        "spark_version": cluster.spark_version,
        "node_type_id": cluster.node_type_id,
        "num_workers": cluster.num_workers,
        "autotermination_minutes": cluster.autotermination_minutes,
        "start_time": time(cluster.start_time.is_some()),
        "terminated_time": time(cluster.terminated_time.is_some()),
    })
}

fn drive_libraries(client: &Client, id: &str, steps: &mut Steps) {
    let upload = FileUpload::new("/sdk/a.jar").overwrite();
    upload
        .send(client, &mut Cursor::new(b"PK\x03\x04"))
        .unwrap();
    let jar = Library::new().jar("dbfs:/sdk/a.jar");
    let missing = Library::new().jar("dbfs:/sdk/missing.jar");
    let both = vec![jar.clone(), missing.clone()];

    libraries::install(client, &libraries::Install::new(id, both.clone())).unwrap();
    wait_until_installed(client, id, &[jar], wait()).unwrap();
    wait_until_installed(client, id, &[missing], wait()).unwrap_err();
    steps.record("libraries", statuses(client, id));
    let all = libraries::AllClusterStatuses::new();
    let all = libraries::all_cluster_statuses(client, &all).unwrap();
    let of_cluster = all.statuses.unwrap_or_default().into_iter().map(|cluster| {
        json!({
            "cluster_id": cluster.cluster_id.unwrap().as_str(),
            "library_statuses": describe_libraries(&cluster.library_statuses.unwrap_or_default()),
        })
    });
    let of_cluster: Value = of_cluster
        .filter(|cluster| cluster["cluster_id"] == id)
        .collect();
    steps.record_with_id("all libraries", &of_cluster, id);

    libraries::uninstall(client, &libraries::Uninstall::new(id, both)).unwrap();
    steps.record("uninstalled libraries", statuses(client, id));
    let restart = clusters::Restart::new(id);
    clusters::restart(client, &restart).unwrap();
    clusters::wait_for_restart(client, &restart, wait()).unwrap();
    steps.record("libraries after a restart", statuses(client, id));
    let error = libraries::install(client, &libraries::Install::new(id, Vec::new())).unwrap_err();
    steps.record("no libraries", described(&error));
}

fn statuses(client: &Client, id: &str) -> Value {
    let status = libraries::ClusterStatus::new(id);
    let response = libraries::cluster_status(client, &status).unwrap();
    describe_libraries(&response.library_statuses.unwrap_or_default())
}

fn describe_libraries(libraries: &[LibraryStatus]) -> Value {
    let describe = |status: &LibraryStatus| {
        assert_ne!(status.status, LibraryState::Installing);
        json!({
            "library": {"jar": status.library.jar},
            "status": status.status.as_str(),
            "messages": status.messages,
            "is_library_for_all_clusters": status.is_library_for_all_clusters,
        })
    };
    libraries.iter().map(describe).collect()
}
