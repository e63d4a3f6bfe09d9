//! Authentication.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use local_server::{Options, Server};
use serde_json::json;

use crate::harness::{Response, request};

/// Sends a request without fields. Its status code is 400 if the credentials are accepted.
fn get(server: &Server, headers: &[&str]) -> Response {
    request(
        server.address(),
        "GET",
        "/api/1.2/contexts/status",
        headers,
        b"",
    )
}

fn status_with(server: &Server, value: &str) -> u16 {
    get(server, &[&format!("Authorization: {value}")]).status
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn token_is_accepted_as_bearer_and_as_password() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for value in [
        "Bearer secret".to_owned(),
        basic("token:secret"),
        basic("me:secret"),
    ] {
        assert_eq!(status_with(&server, &value), 400, "{value}");
    }
    for value in [
        "Bearer secre".to_owned(),
        "Bearer secret1".to_owned(),
        basic("secret:token"),
        basic("token:"),
    ] {
        assert_eq!(status_with(&server, &value), 403, "{value}");
    }
}

#[test]
fn user_is_accepted_with_its_password_only() {
    let server = Server::start(Options::new().user("me", "pa:ss").token("secret")).unwrap();
    assert_eq!(status_with(&server, &basic("me:pa:ss")), 400);
    assert_eq!(status_with(&server, "Bearer secret"), 400);
    for value in [
        basic("you:pa:ss"),
        basic("me:pa"),
        "Bearer pa:ss".to_owned(),
    ] {
        assert_eq!(status_with(&server, &value), 403, "{value}");
    }
}

#[test]
fn invalid_credentials_are_rejected_as_by_databricks() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let response = get(&server, &["Authorization: Bearer x"]);
    let expected = json!({"error_code": 403, "message": "Invalid access token."});
    assert_eq!((response.status, response.json()), (403, expected));
}

#[test]
fn missing_credentials_are_rejected_as_by_databricks() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for headers in [&[][..], &["Authorization: Negotiate abc"]] {
        let response = get(&server, headers);
        assert_eq!(response.status, 401);
        assert_eq!(response.json()["error_code"], 401);
        let message = response.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Credential was not sent"), "{message}");
        let challenge = response.header("www-authenticate");
        assert_eq!(challenge, Some(r#"Bearer realm="DatabricksRealm""#));
    }
}

#[test]
fn unauthenticated_request_has_no_effect() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let headers = ["Content-Type: application/json"];
    let body = br#"{"clusterId": "x", "language": "python"}"#;
    let target = "/api/1.2/contexts/create";
    let response = request(server.address(), "POST", target, &headers, body);
    assert_eq!((response.status, server.contexts()), (401, 0));
}

#[test]
fn client_receives_the_rejection_of_a_large_body() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let body = vec![b' '; 32 << 20];
    let target = "/api/1.2/commands/execute";
    let response = request(server.address(), "POST", target, &[], &body);
    assert_eq!(response.status, 401);
}

#[test]
fn server_without_credentials_accepts_programs_and_rejects_web_pages() {
    let server = Server::start(Options::new()).unwrap();
    assert_eq!(get(&server, &[]).status, 400);
    assert_eq!(
        get(&server, &["Authorization: Bearer whatever"]).status,
        400
    );
    for header in [
        "Origin: https://evil.example",
        "Origin: null",
        "Host: evil.example",
    ] {
        let response = get(&server, &[header]);
        assert_eq!(
            (response.status, &response.json()["error_code"]),
            (403, &json!(403)),
            "{header}"
        );
    }
}
