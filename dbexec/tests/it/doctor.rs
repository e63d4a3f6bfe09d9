//! `dbexec doctor` on servers with one problem each.

use std::net::TcpListener;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use test_server::Server;
use test_server::tls::{Authority, CertificateParams, SanType, date_time_ymd};

use crate::spark::fake_options;
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
            "credentials  403 Invalid access token\n",
            "token: --token, 5 characters\n",
        ],
    );
    let skipped = statuses(&outcome)
        .iter()
        .filter(|(status, _)| *status == "skip")
        .count();
    assert!(skipped >= 3, "{outcome}");
}

/// Returns standard output with `N` in place of numbers.
fn without_numbers(outcome: &Outcome, url: &str) -> String {
    let text = outcome.stdout.replace(url, "URL");
    let mut result = String::new();
    for c in text.chars() {
        if !c.is_ascii_digit() {
            result.push(c);
        } else if !result.ends_with('N') {
            result.push('N');
        }
    }
    result.replace("N.N", "N").replace("N.N", "N")
}

#[test]
fn steps_on_a_local_server_with_tls_are_those_of_the_documentation() {
    let (serving, sandbox) = (Sandbox::new(), Sandbox::new());
    let ca_file = sandbox.path("ca.pem").display().to_string();
    let options = ["--clusters", "strict", "--tls", "--tls-ca-file", &ca_file];
    let spark = fake_options(&serving);
    let spark = spark.each_ref().map(String::as_str);
    let server = ServeProcess::with(&serving, &[&options[..], &spark].concat());
    let url = &server.url;
    let profile = |name, token| format!("[{name}]\nhost = {url}\ntoken = {token}\n");
    let profiles = [profile("dev", "wrong"), profile("prod", "secret")].concat();
    sandbox.write(".databrickscfg", profiles);
    let run = |command: &[&str]| sandbox.run([command, &["--ca-file", &ca_file]].concat());
    let prod = ["--profile", "prod"];
    let create = ["call", "clusters.create", "spark_version=16.4.x-scala2.12"];
    let create = [
        &create[..],
        &["cluster_name=etl", "num_workers=0", "--wait"],
    ]
    .concat();
    let created = run(&[&create[..], &prod].concat());
    assert_eq!(created.code, Some(0), "{created}");

    let doctor = ["doctor", "--cluster", "etl"];
    let outcome = run(&[&doctor[..], &prod].concat());
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let text = without_numbers(&outcome, url);
    let (before, clock) = text.split_once("clock").unwrap();
    assert_eq!(
        before,
        "ok    settings     URL (profile prod, from --profile)\n\
         ok    proxy        none for this host\n\
         ok    name, tcp    N:N, N ms\n\
         ok    tls          N, issuer local-server authority, N days left\n\
         ok    "
    );
    // The time of both is equal on a machine that is not busy only.
    assert_eq!(
        clock.split_once('\n').unwrap().1,
        "ok    credentials  token accepted\n\
         ok    cluster      etl Running, Spark N\n\
         ok    context      created and destroyed, N s\n"
    );
    assert!(
        outcome.stdout.contains("Running, Spark 4.3.0\n"),
        "{outcome}"
    );

    let outcome = run(&[&doctor[..], &["--profile", "dev"]].concat());
    let parts = [
        "credentials  403 Invalid access token\n      token: profile dev (~/.databrickscfg:3), \
         5 characters\n      try: dbexec doctor --profile prod (has another token for this host)\n",
    ];
    assert_failed(&outcome, 3, "credentials", &parts);

    let stop = ["cluster", "stop", "etl", "--wait"];
    let stopped = run(&[&stop[..], &prod].concat());
    assert_eq!(stopped.code, Some(0), "{stopped}");
    let outcome = run(&[&doctor[..], &prod].concat());
    let parts = ["etl Terminated\n      try: dbexec cluster start etl --wait\n"];
    assert_failed(&outcome, 3, "cluster", &parts);
}

#[test]
fn token_with_white_space_is_described() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["doctor"]);
    command
        .env("DATABRICKS_HOST", "https://ws.invalid")
        .env("DATABRICKS_TOKEN", "da pi 0");
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(
        outcome.stdout.starts_with(
            "FAIL  settings     the environment variable `DATABRICKS_TOKEN`: invalid credentials: the \
             token contains white space (2 of its 7 characters)\n"
        ),
        "{outcome}"
    );
}

#[test]
fn missing_settings_are_an_error_of_usage() {
    let outcome = Sandbox::new().run(["doctor"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!(statuses(&outcome)[0], ("FAIL", "settings"));
    assert_eq!(statuses(&outcome).len(), 8);
    let help =
        "\n      try: dbexec config init --host URL, which writes a profile with host and token\n";
    assert!(outcome.stdout.contains(help), "{outcome}");
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
        "try: user and password in the URL of the proxy\n",
        "try: NO_PROXY=ws.example.com for a direct connection\n",
    ];
    assert_failed(&outcome, 3, "proxy", &parts);
    assert!(!outcome.stdout.contains("dapi-proxy"), "{outcome}");
}

#[test]
fn proxy_that_cannot_be_reached_needs_no_password() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command([
        "doctor",
        "--host",
        "https://ws.example.com",
        "--token",
        TOKEN,
    ]);
    command.env("HTTPS_PROXY", "http://127.0.0.1:1");
    let outcome = Running::start(command).finish();
    let parts = [
        "Connection refused",
        "try: check the host and the port of the proxy",
        "try: NO_PROXY=ws.example.com",
    ];
    assert_failed(&outcome, 3, "proxy", &parts);
}

#[test]
fn new_token_belongs_where_the_rejected_one_is() {
    const REJECTED: &[MockResponse] = &[("/api/2.1/clusters/spark-versions", 403, "{}")];
    let server = mock_server(REJECTED);
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["doctor"]);
    command
        .env("DATABRICKS_HOST", server.url())
        .env("DATABRICKS_TOKEN", TOKEN);
    let outcome = Running::start(command).finish();
    let parts = ["try: DATABRICKS_TOKEN=TOKEN, with a new token of this workspace\n"];
    assert_failed(&outcome, 3, "credentials", &parts);
    assert!(!outcome.stdout.contains("config init"), "{outcome}");
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
            .contains(" off, behind the server\n      try: set the clock"),
        "{outcome}"
    );
}
