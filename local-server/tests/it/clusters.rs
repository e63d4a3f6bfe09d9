//! Clusters and their states.

use std::fs;
use std::time::Duration;

use local_server::{Options, Server, SparkChoice};
use serde_json::{Value, json};

use crate::harness::{Harness, Response, is_alive, poll, post, request};

const HOUR: Duration = Duration::from_secs(3600);

fn strict() -> Server {
    Server::start(Options::new().strict_clusters(true)).unwrap()
}

fn get(server: &Server, target: &str) -> Response {
    request(server.address(), "GET", &format!("/api/{target}"), &[], b"")
}

#[track_caller]
fn call(server: &Server, endpoint: &str, body: &Value) -> Value {
    let response = post(server, &format!("/api/2.1/clusters/{endpoint}"), body);
    assert_eq!(response.status, 200, "{}", response.body);
    response.json()
}

#[track_caller]
fn create(server: &Server) -> String {
    let body = json!({"spark_version": "16.4.x-scala2.12", "num_workers": 2});
    let created = call(server, "create", &body);
    created["cluster_id"].as_str().unwrap().to_owned()
}

fn create_context(server: &Server, cluster: &str) -> Response {
    let body = json!({"clusterId": cluster, "language": "python"});
    post(server, "/api/1.2/contexts/create", &body)
}

fn cluster(server: &Server, id: &str) -> Value {
    get(server, &format!("2.1/clusters/get?cluster_id={id}")).json()
}

#[track_caller]
fn await_state(server: &Server, id: &str, state: &str) {
    poll(|| (cluster(server, id)["state"] == state).then_some(()));
}

#[track_caller]
fn assert_error(response: &Response, code: &str, message: &str) {
    assert_eq!(response.status, 400, "{}", response.body);
    assert_eq!(
        response.json(),
        json!({"error_code": code, "message": message})
    );
}

#[test]
fn cluster_is_created_terminated_and_started_again() {
    let server = strict();
    let id = create(&server);
    await_state(&server, &id, "RUNNING");
    assert_eq!(create_context(&server, &id).status, 200);
    assert_eq!(create_context(&server, &id).status, 200);
    assert_eq!(server.contexts(), 2);

    let body = json!({"cluster_id": id});
    assert_eq!(call(&server, "delete", &body), json!({}));
    await_state(&server, &id, "TERMINATED");
    assert_eq!(server.contexts(), 0);
    let terminated = cluster(&server, &id);
    assert_eq!(terminated["termination_reason"]["code"], "USER_REQUEST");
    let response = create_context(&server, &id);
    assert_eq!(response.status, 400);
    assert!(
        response.error().contains("Terminated"),
        "{}",
        response.error()
    );
    assert_eq!(call(&server, "delete", &body), json!({}));

    assert_eq!(call(&server, "start", &body), json!({}));
    await_state(&server, &id, "RUNNING");
    assert_eq!(create_context(&server, &id).status, 200);
}

#[test]
fn interpreters_are_killed_with_their_cluster() {
    let harness = Harness::start();
    let process = harness.interpreter();
    call(
        &harness.server,
        "delete",
        &json!({"cluster_id": crate::harness::CLUSTER}),
    );
    await_state(&harness.server, crate::harness::CLUSTER, "TERMINATED");
    assert!(!is_alive(process));
    assert_eq!(harness.context_status().status, 404);
}

#[test]
fn contexts_of_other_clusters_are_not_affected() {
    let harness = Harness::start();
    assert_eq!(create_context(&harness.server, "other").status, 200);
    call(&harness.server, "delete", &json!({"cluster_id": "other"}));
    await_state(&harness.server, "other", "TERMINATED");
    assert_eq!(harness.text("6 * 7"), "42");
}

#[test]
fn restart_destroys_contexts() {
    let harness = Harness::start();
    let cluster = crate::harness::CLUSTER;
    call(&harness.server, "restart", &json!({"cluster_id": cluster}));
    await_state(&harness.server, cluster, "RUNNING");
    assert_eq!(harness.context_status().status, 404);
    assert_eq!(create_context(&harness.server, cluster).status, 200);
}

#[test]
fn cluster_is_pending_until_it_has_started() {
    let server = Server::start(Options::new().cluster_start_time(HOUR)).unwrap();
    let id = create(&server);
    assert_eq!(cluster(&server, &id)["state"], "PENDING");
    let response = create_context(&server, &id);
    assert_eq!(response.status, 500);
    assert!(response.error().starts_with("ClusterNotReadyException: "));
    call(&server, "delete", &json!({"cluster_id": id}));
    assert_eq!(cluster(&server, &id)["state"], "TERMINATING");
}

#[test]
fn unknown_clusters_run_on_first_use_unless_the_server_is_strict() {
    let server = Server::start(Options::new()).unwrap();
    let listed = get(&server, "2.1/clusters/list").json();
    assert_eq!(listed, json!({"clusters": []}));
    assert_eq!(cluster(&server, "any")["state"], "RUNNING");
    assert_eq!(create_context(&server, "other").status, 200);
    let listed = get(&server, "2.0/clusters/list").json();
    let listed = listed["clusters"].as_array().unwrap().iter();
    let ids: Vec<_> = listed
        .map(|cluster| cluster["cluster_id"].clone())
        .collect();
    assert_eq!(ids, ["any", "other"]);

    let server = strict();
    let response = create_context(&server, "any");
    assert_eq!(response.status, 400);
    assert!(response.error().contains("cluster any does not exist"));
    let message = "Cluster any does not exist";
    let response = get(&server, "2.1/clusters/get?cluster_id=any");
    assert_error(&response, "INVALID_PARAMETER_VALUE", message);
    for endpoint in ["start", "restart", "delete", "permanent-delete"] {
        let target = format!("/api/2.0/clusters/{endpoint}");
        let response = post(&server, &target, &json!({"cluster_id": "any"}));
        assert_error(&response, "INVALID_PARAMETER_VALUE", message);
    }
    assert_eq!(
        get(&server, "2.1/clusters/list").json(),
        json!({"clusters": []})
    );
}

#[test]
fn settings_are_returned() {
    let server = strict();
    let settings = json!({
        "cluster_name": "nightly", "spark_version": "16.4.x-scala2.12", "node_type_id": "i3.xlarge",
        "autoscale": {"min_workers": 1, "max_workers": 3}, "autotermination_minutes": 30,
        "spark_conf": {"spark.x": "y"}, "aws_attributes": {"zone_id": "a"},
    });
    let id = call(&server, "create", &settings)["cluster_id"].clone();
    let cluster = cluster(&server, id.as_str().unwrap());
    assert_eq!(cluster["cluster_id"], id);
    for key in [
        "cluster_name",
        "spark_version",
        "node_type_id",
        "autoscale",
        "spark_conf",
    ] {
        assert_eq!(cluster[key], settings[key], "{key}");
    }
    assert_eq!(cluster["autotermination_minutes"], 30);
    assert_eq!(cluster["driver_node_type_id"], "i3.xlarge");
    assert_eq!(cluster["num_workers"], Value::Null);
    assert!(cluster["start_time"].as_u64().unwrap() > 1_600_000_000_000);
}

#[test]
fn invalid_requests_have_error_codes() {
    let server = Server::start(Options::new()).unwrap();
    let create = |body: Value| post(&server, "/api/2.1/clusters/create", &body);
    let invalid = "INVALID_PARAMETER_VALUE";
    for (body, message) in [
        (
            json!({"num_workers": 1}),
            "Missing required field: spark_version",
        ),
        (
            json!({"spark_version": "x"}),
            "Missing required field: size",
        ),
        (
            json!({"spark_version": "x", "num_workers": 1, "autotermination_minutes": 5}),
            "autotermination_minutes must be 0 or between 10 and 10000: 5",
        ),
        (
            json!({"spark_version": "x", "autoscale": {"min_workers": 2, "max_workers": 1}}),
            "min_workers exceeds max_workers",
        ),
    ] {
        assert_error(&create(body), invalid, message);
    }
    assert_eq!(
        create(json!({"num_workers": -1})).json()["error_code"],
        "MALFORMED_REQUEST"
    );
    let response = get(&server, "2.1/clusters/get");
    assert_error(&response, invalid, "Missing required field: cluster_id");
    let start = |id: &str| {
        post(
            &server,
            "/api/2.1/clusters/start",
            &json!({"cluster_id": id}),
        )
    };
    let message = "Cluster any is in unexpected state Running.";
    assert_error(&start("any"), "INVALID_STATE", message);
    assert_eq!(start(&"x".repeat(2000)).json()["error_code"], invalid);
}

#[test]
fn permanently_deleted_cluster_does_not_exist() {
    let server = strict();
    let id = create(&server);
    call(&server, "permanent-delete", &json!({"cluster_id": id}));
    assert_eq!(
        get(&server, &format!("2.1/clusters/get?cluster_id={id}")).status,
        400
    );
    assert_eq!(
        get(&server, "2.1/clusters/list").json(),
        json!({"clusters": []})
    );
}

#[test]
fn spark_of_the_server_is_reported_by_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let jars = folder.path().join("jars");
    fs::create_dir(&jars).unwrap();
    fs::write(jars.join("spark-core_2.12-3.5.7.jar"), "").unwrap();
    let java = folder.path().join("java");
    fs::create_dir_all(java.join("bin")).unwrap();
    fs::write(java.join("release"), "JAVA_VERSION=\"17.0.15\"\n").unwrap();
    fs::write(java.join("bin/java"), "").unwrap();
    let options = Options::new()
        .spark(SparkChoice::Home(folder.path().to_owned()))
        .java(java.join("bin/java"));
    let server = Server::start(options).unwrap();
    let versions = get(&server, "2.1/clusters/spark-versions").json();
    let name = "3.5 LTS (includes Apache Spark 3.5.7, Scala 2.12)";
    // The Python SDK selects a version of Scala by the key.
    let version = |scala: &str| json!({"key": format!("3.5.x-scala{scala}"), "name": name});
    assert_eq!(
        versions,
        json!({"versions": [version("2.13"), version("2.12")]})
    );
    let implicit = cluster(&server, "any");
    assert_eq!(implicit["spark_version"], "3.5.x-scala2.12");
    assert_eq!(implicit["effective_spark_version"], "3.5.x-scala2.12");
    let id = create(&server);
    let selected = cluster(&server, &id);
    assert_eq!(selected["spark_version"], "16.4.x-scala2.12");
    assert_eq!(selected["effective_spark_version"], "3.5.x-scala2.12");
}

#[test]
fn server_without_spark_reports_no_version() {
    let server = Server::start(Options::new().spark(SparkChoice::None)).unwrap();
    let implicit = cluster(&server, "any");
    assert_eq!(implicit["state"], "RUNNING");
    assert_eq!(implicit.get("spark_version"), None);
    let versions = get(&server, "2.1/clusters/spark-versions").json();
    for version in versions["versions"].as_array().unwrap() {
        assert_eq!(version["name"], "LTS (Spark is not installed)");
    }
}

#[test]
fn node_types_are_listed() {
    let server = Server::start(Options::new()).unwrap();
    let types = get(&server, "2.1/clusters/list-node-types").json();
    let node_type = &types["node_types"][0];
    assert!(node_type["num_cores"].as_u64().unwrap() > 0);
    assert_eq!(
        node_type["num_gpus"], 0,
        "programs compare it with a minimum"
    );
}

#[test]
fn server_stops_while_a_cluster_is_being_terminated() {
    let harness = Harness::start();
    let process = harness.interpreter();
    call(
        &harness.server,
        "delete",
        &json!({"cluster_id": crate::harness::CLUSTER}),
    );
    harness.server.stop();
    assert!(!is_alive(process));
}
