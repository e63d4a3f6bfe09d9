//! Libraries of clusters.

use local_server::{Options, Server};
use serde_json::{Value, json};

use crate::harness::{Response, poll, post, request};

const CLUSTER: &str = "1126-120000-abcdefgh";

fn call(server: &Server, endpoint: &str, body: &Value) -> Response {
    post(server, &format!("/api/2.0/{endpoint}"), body)
}

#[track_caller]
fn succeed(server: &Server, endpoint: &str, body: &Value) {
    let response = call(server, endpoint, body);
    assert_eq!((response.status, response.body.as_str()), (200, "{}"));
}

fn libraries(server: &Server, endpoint: &str, libraries: &Value) -> Response {
    let body = json!({"cluster_id": CLUSTER, "libraries": libraries});
    call(server, &format!("libraries/{endpoint}"), &body)
}

#[track_caller]
fn install(server: &Server, library: &Value) {
    let response = libraries(server, "install", &json!([library]));
    assert_eq!((response.status, response.body.as_str()), (200, "{}"));
}

/// Returns the libraries after the installation.
#[track_caller]
fn settled(server: &Server) -> Value {
    let target = format!("/api/2.0/libraries/cluster-status?cluster_id={CLUSTER}");
    poll(|| {
        let response = request(server.address(), "GET", &target, &[], b"").json();
        let statuses = response["library_statuses"].as_array();
        let is_settled = statuses.is_none_or(|statuses| {
            let is_settled = |status: &Value| {
                !matches!(status["status"].as_str(), Some("PENDING" | "INSTALLING"))
            };
            statuses.iter().all(is_settled)
        });
        is_settled.then_some(response)
    })
}

fn server_with_jar() -> Server {
    let server = Server::start(Options::new()).unwrap();
    succeed(
        &server,
        "dbfs/put",
        &json!({"path": "/jars/a.jar", "contents": "UEsDBA=="}),
    );
    server
}

fn await_state(server: &Server, state: &str) {
    let target = format!("/api/2.0/clusters/get?cluster_id={CLUSTER}");
    poll(|| {
        let response = request(server.address(), "GET", &target, &[], b"");
        (response.json()["state"] == state).then_some(())
    });
}

#[test]
fn jar_is_installed_until_the_cluster_is_restarted() {
    let server = server_with_jar();
    let jar = json!({"jar": "dbfs:/jars/a.jar"});
    assert_eq!(settled(&server), json!({"cluster_id": CLUSTER}));
    install(&server, &jar);
    let status = |status: &str| {
        json!({
            "cluster_id": CLUSTER,
            "library_statuses": [
                {"library": jar, "status": status, "is_library_for_all_clusters": false},
            ],
        })
    };
    assert_eq!(settled(&server), status("INSTALLED"));
    install(&server, &jar);
    assert_eq!(settled(&server), status("INSTALLED"));

    // The installation is repeated when the cluster starts.
    let body = json!({"cluster_id": CLUSTER});
    succeed(&server, "clusters/delete", &body);
    await_state(&server, "TERMINATED");
    let target = format!("/api/2.0/libraries/cluster-status?cluster_id={CLUSTER}");
    let response = request(server.address(), "GET", &target, &[], b"").json();
    assert_eq!(response, status("PENDING"));
    succeed(&server, "clusters/start", &body);
    assert_eq!(settled(&server), status("INSTALLED"));

    let response = libraries(&server, "uninstall", &json!([jar]));
    assert_eq!(response.status, 200);
    assert_eq!(settled(&server), status("UNINSTALL_ON_RESTART"));
    succeed(&server, "clusters/restart", &body);
    await_state(&server, "RUNNING");
    assert_eq!(settled(&server), json!({"cluster_id": CLUSTER}));
}

#[test]
fn failed_installation_has_a_message() {
    let server = server_with_jar();
    for (library, message) in [
        (
            json!({"jar": "dbfs:/jars/b.jar"}),
            "Cannot read dbfs:/jars/b.jar: No file or directory exists on path dbfs:/jars/b.jar.",
        ),
        (
            json!({"jar": "file:/nowhere/a.jar"}),
            "Cannot read /nowhere/a.jar: ",
        ),
        (
            json!({"jar": "s3://bucket/a.jar"}),
            "dbfs:/ and file:/ only: s3://bucket/a.jar",
        ),
        (json!({"pypi": {"package": "simplejson"}}), "JARs only"),
    ] {
        install(&server, &library);
        let response = settled(&server);
        let statuses = response["library_statuses"].as_array().unwrap();
        let status = statuses.iter().find(|status| status["library"] == library);
        let status = status.unwrap_or_else(|| panic!("{library} in {response}"));
        assert_eq!(status["status"], "FAILED", "{status}");
        let found = status["messages"][0].as_str().unwrap();
        assert!(found.contains(message), "{found}");
    }

    // A failed library can be installed again, and is removed at once.
    succeed(
        &server,
        "dbfs/put",
        &json!({"path": "/jars/b.jar", "contents": ""}),
    );
    let jar = json!({"jar": "dbfs:/jars/b.jar"});
    install(&server, &jar);
    assert_eq!(
        settled(&server)["library_statuses"][0]["status"],
        "INSTALLED"
    );
    let failed = json!([{"pypi": {"package": "simplejson"}}]);
    assert_eq!(libraries(&server, "uninstall", &failed).status, 200);
    let response = settled(&server);
    assert_eq!(response["library_statuses"].as_array().unwrap().len(), 3);
}

#[test]
fn installed_jar_does_not_depend_on_the_file() {
    let server = server_with_jar();
    let jar = json!({"jar": "dbfs:/jars/a.jar"});
    install(&server, &jar);
    settled(&server);
    succeed(&server, "dbfs/delete", &json!({"path": "/jars/a.jar"}));
    assert_eq!(
        settled(&server)["library_statuses"][0]["status"],
        "INSTALLED"
    );
}

#[test]
fn invalid_requests_have_error_codes() {
    let server = Server::start(Options::new().strict_clusters(true)).unwrap();
    let jar = json!({"jar": "dbfs:/a.jar"});
    for (body, message) in [
        (
            json!({"libraries": [jar]}),
            "Missing required field: cluster_id",
        ),
        (
            json!({"cluster_id": CLUSTER}),
            "Missing required field: libraries",
        ),
        (
            json!({"cluster_id": CLUSTER, "libraries": [{"rpm": "x"}]}),
            "exactly one of",
        ),
        (
            json!({"cluster_id": CLUSTER, "libraries": [jar]}),
            "does not exist",
        ),
    ] {
        for endpoint in ["libraries/install", "libraries/uninstall"] {
            let response = call(&server, endpoint, &body);
            assert_eq!(response.status, 400, "{}", response.body);
            let error = response.json();
            assert_eq!(error["error_code"], "INVALID_PARAMETER_VALUE");
            assert!(
                error["message"].as_str().unwrap().contains(message),
                "{error}"
            );
        }
    }
}

#[test]
fn libraries_of_all_clusters_are_listed() {
    let server = server_with_jar();
    install(&server, &json!({"jar": "dbfs:/jars/a.jar"}));
    let expected = settled(&server);
    let target = "/api/2.0/libraries/all-cluster-statuses";
    let response = request(server.address(), "GET", target, &[], b"").json();
    assert_eq!(response, json!({"statuses": [expected]}));
}
