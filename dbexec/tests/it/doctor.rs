//! `dbexec doctor` on servers with one problem each.

use std::net::TcpListener;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use test_server::Server;
use test_server::tls::{Authority, CertificateParams, SanType, date_time_ymd};

use crate::support::{MockResponse, Outcome, Running, Sandbox, ServeProcess, TOKEN, mock_server};

/// Returns the status of all steps.
fn statuses(outcome: &Outcome) -> Vec<(&str, &str)> {
    let steps = outcome.stdout.lines().filter(|line| !line.starts_with(' '));
    steps
        .map(|line| (line[..4].trim(), line[6..17].trim()))
        .collect()
}

#[track_caller]
fn assert_failed(outcome: &Outcome, code: i32, step: &str, parts: &[&str]) {
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(code), ""),
        "{outcome}"
    );
    let failed: Vec<_> = statuses(outcome)
        .into_iter()
        .filter(|(status, _)| *status == "FAIL")
        .collect();
    assert_eq!(failed, [("FAIL", step)], "{outcome}");
    for part in parts {
        assert!(outcome.stdout.contains(part), "{part}: {outcome}");
    }
    assert!(outcome.stdout.contains("\n      try: "), "{outcome}");
}

fn doctor(url: &str, options: &[&str]) -> Outcome {
    let sandbox = Sandbox::new();
    sandbox.run([&["doctor", "--host", url, "--token", TOKEN][..], options].concat())
}

#[test]
fn all_steps_succeed_on_a_local_server() {
    let (serving, sandbox) = (Sandbox::new(), Sandbox::new());
    let server = ServeProcess::start(&serving);
    let workspace = ["doctor", "--host", &server.url, "--cluster", "c", "--token"];
    let outcome = sandbox.run([&workspace[..], &["secret"]].concat());
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome}"
    );
    let expected = [
        ("ok", "settings"),
        ("ok", "proxy"),
        ("ok", "name, tcp"),
        ("skip", "tls"),
        ("ok", "clock"),
        ("ok", "credentials"),
        ("ok", "cluster"),
        ("ok", "context"),
    ];
    let mut actual = statuses(&outcome);
    // Servers need not send their time.
    actual[4].0 = "ok";
    assert_eq!(actual, expected, "{outcome}");
    assert!(
        outcome
            .stdout
            .contains("context      created and destroyed, "),
        "{outcome}"
    );
    assert!(!sandbox.path(".local/state/dbexec/contexts/1.json").exists());

    let outcome = sandbox.run([&workspace[..], &["wrong"]].concat());
    assert_failed(
        &outcome,
        3,
        "credentials",
        &[
            "Invalid access token",
            "sent: a bearer token from the arguments",
        ],
    );
    let skipped = statuses(&outcome)
        .iter()
        .filter(|(status, _)| *status == "skip")
        .count();
    assert!(skipped >= 3, "{outcome}");
}

#[test]
fn missing_settings_are_an_error_of_usage() {
    let outcome = Sandbox::new().run(["doctor"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!(statuses(&outcome)[0], ("FAIL", "settings"));
    assert_eq!(statuses(&outcome).len(), 8);
}

#[test]
fn json_has_all_steps_and_the_exit_code() {
    let outcome = Sandbox::new().run(["doctor", "--output", "json"]);
    let document: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (outcome.code, &document["exit"]),
        (Some(2), &Value::from(2))
    );
    assert_eq!(document["steps"].as_array().unwrap().len(), 8);
    assert_eq!(document["steps"][0]["status"], "failed");
    assert_eq!(document["steps"][7]["status"], "skipped");
}

#[test]
fn closed_port_fails_the_connection() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = doctor(&format!("http://127.0.0.1:{port}"), &[]);
    assert_failed(&outcome, 3, "name, tcp", &["refused"]);
}

#[test]
fn unknown_host_fails_the_connection() {
    let outcome = doctor("https://ws.invalid", &[]);
    assert_failed(&outcome, 3, "name, tcp", &[]);
}

#[test]
fn silent_server_fails_after_a_time() {
    let server = Server::start(|mut connection| connection.wait_for_close());
    let outcome = doctor(&server.https_url(), &[]);
    assert_failed(&outcome, 3, "tls", &["tcp    127.0.0.1:"]);
}

/// Starts a server with a certificate of an untrusted authority.
fn with_certificate(change: impl FnOnce(&mut CertificateParams)) -> (Server, Authority) {
    let authority = Authority::new();
    let config = authority.issue(change).server_config();
    let server = Server::start(move |connection| {
        if let Ok(mut connection) = connection.into_tls(&config) {
            let _ = connection.read_request();
            connection.respond(
                200,
                &["content-type: application/json"],
                r#"{"versions": []}"#,
            )?;
        }
        Ok(())
    });
    (server, authority)
}

#[test]
fn certificates_are_explained() {
    let (server, authority) = with_certificate(|_| {});
    let url = server.https_url();
    let outcome = doctor(&url, &[]);
    let parts = [
        "issuer \"authority ",
        "\" is not trusted\n",
        "a proxy probably inspects TLS",
        "--ca-file FILE",
    ];
    assert_failed(&outcome, 3, "tls", &parts);

    let sandbox = Sandbox::new();
    sandbox.write("ca.pem", authority.pem());
    let options = [
        "doctor",
        "--host",
        &url,
        "--token",
        TOKEN,
        "--ca-file",
        "ca.pem",
    ];
    let outcome = sandbox.run(options);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(
        outcome
            .stdout
            .contains("tls          1.3, issuer authority "),
        "{outcome}"
    );
    assert!(outcome.stdout.contains(" days left\n"), "{outcome}");

    let (server, authority) = with_certificate(|params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    sandbox.write("ca.pem", authority.pem());
    let outcome = sandbox.run([
        "doctor",
        "--host",
        &server.https_url(),
        "--token",
        TOKEN,
        "--ca-file",
        "ca.pem",
    ]);
    assert_failed(
        &outcome,
        3,
        "tls",
        &["the certificate expired ", " days ago (issuer \"authority "],
    );

    let (server, authority) = with_certificate(|params| {
        params.subject_alt_names = vec![SanType::DnsName("other.example.com".try_into().unwrap())];
    });
    sandbox.write("ca.pem", authority.pem());
    let outcome = sandbox.run([
        "doctor",
        "--host",
        &server.https_url(),
        "--token",
        TOKEN,
        "--ca-file",
        "ca.pem",
    ]);
    assert_failed(&outcome, 3, "tls", &["the certificate is for another host"]);
}

#[test]
fn proxy_that_requires_credentials_is_named() {
    let proxy = Server::start(|mut connection| {
        connection.read_request()?;
        connection.respond(407, &["connection: close"], "")
    });
    let sandbox = Sandbox::new();
    let mut command = sandbox.command([
        "doctor",
        "--host",
        "https://ws.example.com",
        "--token",
        TOKEN,
    ]);
    let url = proxy.url().replace("http://", "http://me:dapi-proxy@");
    command.env("HTTPS_PROXY", &url);
    let outcome = Running::start(command).finish();
    let shown = proxy.url().replace("http://", "http://***@");
    let parts = [
        "407",
        &format!("{shown} (HTTPS_PROXY)"),
        "NO_PROXY=ws.example.com",
    ];
    assert_failed(&outcome, 3, "proxy", &parts);
    assert!(!outcome.stdout.contains("dapi-proxy"), "{outcome}");
}

#[test]
fn terminated_cluster_fails() {
    const TERMINATED: &[MockResponse] = &[
        (
            "/api/2.1/clusters/spark-versions",
            200,
            r#"{"versions": []}"#,
        ),
        (
            "/api/2.1/clusters/get",
            200,
            r#"{"cluster_id": "c", "state": "TERMINATED"}"#,
        ),
    ];
    let server = mock_server(TERMINATED);
    let outcome = doctor(&server.url(), &["--cluster", "c"]);
    assert_failed(
        &outcome,
        3,
        "cluster",
        &["c Terminated", "try: dbexec cluster start c --wait"],
    );
}

#[test]
fn wrong_clock_is_pointed_out() {
    let date = SystemTime::now() + Duration::from_secs(3600);
    let date = format!("date: {}", httpdate::fmt_http_date(date));
    let server = Server::start(move |mut connection| {
        connection.read_request()?;
        let headers = ["content-type: application/json", &date, "connection: close"];
        connection.respond(200, &headers, r#"{"versions": []}"#)
    });
    let outcome = doctor(&server.url(), &[]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(
        outcome
            .stdout
            .contains(" s behind the server\n      try: set the clock"),
        "{outcome}"
    );
}
