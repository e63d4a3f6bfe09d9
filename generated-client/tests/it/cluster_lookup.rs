//! Lookup of clusters by id or name.

use generated_client::api_2_0::{ClusterState, clusters};
use generated_client::api_runtime::ManualClock;
use generated_client::{Config, FindClusterError, FoundCluster, Interrupt, find_cluster};
use local_server::{Options, Server};

use crate::scripted::{Scripted, ScriptedResult, ok};

#[expect(clippy::unnecessary_wraps, reason = "results of scripts")]
fn error(status: u16, message: &str) -> ScriptedResult {
    Ok((status, format!(r#"{{"message": "{message}"}}"#)))
}

fn find(server: &Scripted, name: &str) -> Result<FoundCluster, FindClusterError> {
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    find_cluster(&client, name)
}

/// Workspace with two pages of clusters.
fn workspace() -> Scripted {
    Scripted::new(|endpoint, before| match (endpoint, before) {
        ("clusters/list", 0) => ok(r#"{"next_page_token": "2", "clusters": [
            {"cluster_id": "1", "cluster_name": "etl", "state": "RUNNING"},
            {"cluster_id": "2", "cluster_name": "twice", "state": "RUNNING"}]}"#),
        ("clusters/list", _) => ok(r#"{"clusters": [
            {"cluster_id": "3", "cluster_name": "twice", "state": "TERMINATED"},
            {"cluster_id": "4", "cluster_name": "last", "state": "PENDING"},
            {"cluster_id": "twice-id", "cluster_name": "1", "state": "PENDING"}]}"#),
        ("clusters/get", _) => error(400, "Cluster does not exist"),
        _ => panic!("unexpected request to {endpoint}"),
    })
}

#[test]
fn text_in_the_form_of_an_id_is_not_looked_up() {
    let server = workspace();
    let found = find(&server, "0123-456789-abcde").unwrap();
    assert_eq!(
        (found.id.as_str(), found.cluster),
        ("0123-456789-abcde", None)
    );
    assert!(server.requests().is_empty());
}

#[test]
fn name_is_found_on_each_page() {
    for (name, id, state) in [
        ("etl", "1", ClusterState::Running),
        ("last", "4", ClusterState::Pending),
        // An id has precedence over the same name of another cluster.
        ("1", "1", ClusterState::Running),
    ] {
        let server = workspace();
        let found = find(&server, name).unwrap();
        assert_eq!(found.id.as_str(), id, "{name}");
        assert_eq!(found.cluster.unwrap().state, state, "{name}");
        assert_eq!(server.requests(), ["clusters/list", "clusters/list"]);
    }
}

#[test]
fn name_of_several_clusters_is_ambiguous() {
    let error = find(&workspace(), "twice").unwrap_err();
    assert_eq!(error.to_string(), "2 clusters have the name `twice`: 2, 3");
    let FindClusterError::Ambiguous { clusters, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(clusters[1].state, ClusterState::Terminated);
}

#[test]
fn unknown_name_is_not_found() {
    let server = workspace();
    let error = find(&server, "ETL").unwrap_err();
    assert_eq!(error.to_string(), "no cluster has the id or the name `ETL`");
    let FindClusterError::NotFound { clusters, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(clusters.len(), 5);
    assert_eq!(server.count("clusters/get"), 1);
}

#[test]
fn text_is_an_id_if_the_list_is_refused() {
    for status in [403, 404, 405, 501] {
        let server = Scripted::new(move |_, _| error(status, "no"));
        let found = find(&server, "etl").unwrap();
        assert_eq!((found.id.as_str(), found.cluster), ("etl", None));
        assert_eq!(server.requests(), ["clusters/list"], "{status}");
    }
}

#[test]
fn other_errors_are_returned() {
    let server = Scripted::new(|_, _| error(401, "no token"));
    let error = find(&server, "etl").unwrap_err();
    assert!(
        matches!(&error, FindClusterError::Request(error) if error.status() == Some(401)),
        "{error:?}"
    );
}

#[test]
fn local_server_creates_unknown_clusters_unless_it_is_strict() {
    for is_strict in [false, true] {
        let options = Options::new().token("secret").strict_clusters(is_strict);
        let server = Server::start(options).unwrap();
        let config = Config::new().host(server.url()).token("secret");
        let client = config.client().unwrap();
        let create = clusters::Create::new("17.3.x-scala2.13")
            .cluster_name("etl")
            .num_workers(0);
        let id = clusters::create(&client, &create).unwrap().cluster_id;
        assert_eq!(
            find_cluster(&client, "etl").unwrap().id.as_str(),
            id.as_str()
        );
        match find_cluster(&client, "batVenom") {
            Ok(found) => assert!(!is_strict && found.id.as_str() == "batVenom"),
            Err(error) => assert!(
                is_strict && matches!(error, FindClusterError::NotFound { .. }),
                "{error}"
            ),
        }
    }
}
