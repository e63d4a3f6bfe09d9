//! Clusters by name.

use std::fs;

use serde_json::Value;

use crate::support::{MockResponse, Outcome, Sandbox, ServeProcess, TOKEN, mock_server};

const CODE: [&str; 5] = ["run", "-l", "python", "-c", "print(6*7)"];

/// Two clusters with the same name.
const CLUSTERS: &[MockResponse] = &[
    (
        "/api/2.1/clusters/list",
        200,
        r#"{"clusters": [
            {"cluster_id": "0123-456789-a", "cluster_name": "twice", "state": "RUNNING"},
            {"cluster_id": "0123-456789-b", "cluster_name": "twice", "state": "TERMINATED"},
            {"cluster_id": "0123-456789-c", "cluster_name": "etl prod", "state": "RUNNING"}]}"#,
    ),
    (
        "/api/2.1/clusters/get",
        400,
        r#"{"error_code": "INVALID_PARAMETER_VALUE", "message": "Cluster does not exist"}"#,
    ),
];

fn run_on_mock(responses: &'static [MockResponse], name: &str) -> Outcome {
    let server = mock_server(responses);
    let workspace = ["--host", &server.url(), "--token", TOKEN, "--cluster", name];
    Sandbox::new().run([&CODE[..], &workspace].concat())
}

#[test]
fn name_that_no_cluster_has_is_reported_with_a_similar_one() {
    let message = |name| format!("error: no cluster has the id or the name `{name}`\n");
    run_on_mock(CLUSTERS, "ETL-prod").assert(
        3,
        "",
        &(message("ETL-prod") + "help: did you mean `etl prod`?\n"),
    );
    run_on_mock(CLUSTERS, "unlike").assert(
        3,
        "",
        &(message("unlike") + "help: `dbexec cluster list` lists the clusters\n"),
    );
}

#[test]
fn clusters_with_the_same_name_are_listed() {
    let message = "error: 2 clusters have the name `twice`: 0123-456789-a (Running), 0123-456789-b \
                   (Terminated)\nhelp: use the id of one of them\n";
    run_on_mock(CLUSTERS, "twice").assert(3, "", message);
}

#[test]
fn name_is_an_id_if_the_server_has_no_list() {
    const NO_LIST: &[MockResponse] = &[(
        "/api/1.2/contexts/create",
        400,
        r#"{"error": "Cluster etl does not exist"}"#,
    )];
    let outcome = run_on_mock(NO_LIST, "etl");
    let message = "error: contexts.create: the server responded with 400 Bad Request: Cluster etl \
                   does not exist";
    outcome.assert_starts_with(3, "", message);
}

#[test]
fn code_runs_on_the_cluster_with_a_name() {
    let (serving, sandbox) = (Sandbox::new(), Sandbox::new());
    let server = ServeProcess::with(&serving, &["--clusters", "strict"]);
    let workspace = ["--host", &server.url, "--token", "secret"];
    let create = ["call", "clusters.create", "spark_version=17.3.x-scala2.13"];
    let create = [
        &create,
        &["cluster_name=etl prod", "num_workers=0", "--get"][..],
    ]
    .concat();
    let created = sandbox.run([&create[..], &["cluster_id", "--wait"], &workspace].concat());
    assert_eq!(created.code, Some(0), "{created}");

    let run = [&CODE[..], &workspace, &["--cluster", "etl prod"]].concat();
    let report = ["--report", "r.json"];
    sandbox
        .run([&run[..], &report].concat())
        .assert(0, "42\n", "");
    let report = fs::read_to_string(sandbox.path("r.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["cluster"], "etl prod");
    let id = report["cluster_id"].as_str().unwrap();

    // Handles contain the id, and are one word.
    let detached = sandbox.run([&run[..], &["--detach"]].concat());
    assert!(detached.stdout.starts_with(&format!("{id}/")), "{detached}");
    let wait = ["wait", detached.stdout.trim_end()];
    sandbox
        .run([&wait[..], &workspace].concat())
        .assert(0, "42\n", "");

    // The profile contains the id, too.
    let profile = [
        "config",
        "init",
        "--profile",
        "etl",
        "--cluster",
        "etl prod",
    ];
    let written = sandbox.run([&profile[..], &workspace].concat());
    assert_eq!(written.code, Some(0), "{written}");
    let profiles = fs::read_to_string(sandbox.path(".databrickscfg")).unwrap();
    assert!(
        profiles.contains(&format!("cluster_id = {id}\n")),
        "{profiles}"
    );
}
