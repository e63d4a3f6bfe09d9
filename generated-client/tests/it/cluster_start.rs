//! Starting of clusters, with a scripted transport and with the local server.

use std::time::Duration;

use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::api_runtime::ManualClock;
use generated_client::{Config, Error, ErrorKind, Interrupt, Wait, ensure_running};
use local_server::{Options, Server};

use crate::scripted::{Scripted, ScriptedResult, ok};

fn cluster(state: &str) -> ScriptedResult {
    ok(format!(
        r#"{{"cluster_id": "1", "state": "{state}", "state_message": "message of {state}"}}"#
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "results of scripts")]
fn invalid_state() -> ScriptedResult {
    let body = r#"{"error_code": "INVALID_STATE", "message": "Cluster is in unexpected state"}"#;
    Ok((400, body.to_owned()))
}

/// Workspace with a cluster whose state is `before` until it is started, and then takes these values.
fn workspace(before: &'static [&str], after: &'static [&str]) -> Scripted {
    let states = [before, after].concat();
    Scripted::new(move |endpoint, count| match endpoint {
        "clusters/get" => cluster(states[count.min(states.len() - 1)]),
        "clusters/start" => ok("{}"),
        _ => panic!("unexpected request to {endpoint}"),
    })
}

fn start(server: &Scripted) -> (Result<Cluster, Error>, Vec<String>) {
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let mut states = Vec::new();
    let wait = Wait::new().on_poll(|cluster: &Cluster| states.push(cluster.state.to_string()));
    let result = ensure_running(&client, "1", wait);
    (result, states)
}

#[test]
fn running_cluster_is_not_started() {
    for state in ["RUNNING", "RESIZING"] {
        let server = Scripted::new(move |_, _| cluster(state));
        let (result, states) = start(&server);
        assert_eq!(result.unwrap().state.to_string(), state);
        assert_eq!(
            (server.requests(), states),
            (vec!["clusters/get".to_owned()], vec![state.to_owned()])
        );
    }
}

#[test]
fn terminated_cluster_is_started_once() {
    let after = &["PENDING", "UNKNOWN", "RESTARTING", "NEW_STATE", "RUNNING"];
    let server = workspace(&["TERMINATED"], after);
    let (result, states) = start(&server);
    assert_eq!(result.unwrap().state, ClusterState::Running);
    assert_eq!(states[0], "TERMINATED");
    assert_eq!(states[1..], *after);
    assert_eq!(server.requests()[1], "clusters/start");
    assert_eq!(server.count("clusters/start"), 1);
}

#[test]
fn cluster_that_is_being_terminated_is_started_afterwards() {
    let server = workspace(&["TERMINATING", "TERMINATED"], &["PENDING", "RUNNING"]);
    start(&server).0.unwrap();
    assert_eq!(
        server.requests()[..3],
        ["clusters/get", "clusters/get", "clusters/start"]
    );
}

#[test]
fn start_by_another_client_is_awaited() {
    let server = Scripted::new(|endpoint, before| match (endpoint, before) {
        ("clusters/start", _) => invalid_state(),
        (_, 0) => cluster("TERMINATED"),
        (_, 1) => cluster("PENDING"),
        _ => cluster("RUNNING"),
    });
    start(&server).0.unwrap();
    assert_eq!(server.count("clusters/start"), 1);
}

#[test]
fn start_that_is_always_rejected_is_an_error() {
    let server = Scripted::new(|endpoint, _| match endpoint {
        "clusters/start" => invalid_state(),
        _ => cluster("TERMINATED"),
    });
    let error = start(&server).0.unwrap_err();
    assert_eq!(error.code(), Some("INVALID_STATE"));
    assert_eq!(server.count("clusters/start"), 4);
}

#[test]
fn cluster_that_does_not_start_is_an_error_with_its_message() {
    for state in ["TERMINATED", "ERROR"] {
        let server = Scripted::new(move |endpoint, before| match (endpoint, before) {
            ("clusters/start", _) => ok("{}"),
            (_, 0) => cluster("TERMINATED"),
            (_, 1) => cluster("PENDING"),
            _ => cluster(state),
        });
        let error = start(&server).0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitFailed);
        let message = format!("{state}: message of {state}");
        assert!(error.to_string().contains(&message), "{error}");
        assert_eq!(server.count("clusters/start"), 1);
    }
}

#[test]
fn wait_for_a_cluster_ends_at_its_timeout() {
    let server = Scripted::new(|_, _| cluster("PENDING"));
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let wait = Wait::new().timeout(Duration::from_secs(60));
    let error = ensure_running(&client, "1", wait).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.to_string().contains("PENDING"), "{error}");
}

#[test]
fn cluster_of_the_local_server_is_started_again() {
    let options = Options::new().token("secret").strict_clusters(true);
    let server = Server::start(options.cluster_start_time(Duration::ZERO)).unwrap();
    let config = Config::new().host(server.url()).token("secret");
    let client = config.client().unwrap();
    let create = clusters::Create::new("17.3.x-scala2.13").num_workers(0);
    let id = clusters::create(&client, &create).unwrap().cluster_id;
    ensure_running(&client, &id, Wait::new()).unwrap();
    let delete = clusters::Delete::new(&id);
    clusters::delete(&client, &delete).unwrap();
    clusters::wait_for_delete(&client, &delete, Wait::new()).unwrap();
    let cluster = ensure_running(&client, &id, Wait::new()).unwrap();
    assert_eq!(cluster.state, ClusterState::Running);
}
