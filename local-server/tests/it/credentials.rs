//! Who is let in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use local_server::{Options, Server};
use serde_json::json;

use crate::harness::{Reply, request};

/// Asks with these headers; who is let in hears of a missing field.
fn ask(server: &Server, headers: &[&str]) -> Reply {
    request(
        server.address(),
        "GET",
        "/api/1.2/contexts/status",
        headers,
        b"",
    )
}

fn authorized(server: &Server, value: &str) -> u16 {
    ask(server, &[&format!("Authorization: {value}")]).status
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn a_token_as_bearer_and_as_password() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for value in [
        "Bearer secret".to_owned(),
        basic("token:secret"),
        basic("me:secret"),
    ] {
        assert_eq!(authorized(&server, &value), 400, "{value}");
    }
    for value in [
        "Bearer secre".to_owned(),
        "Bearer secret1".to_owned(),
        basic("secret:token"),
        basic("token:"),
    ] {
        assert_eq!(authorized(&server, &value), 403, "{value}");
    }
}

#[test]
fn a_user_with_a_password() {
    let server = Server::start(Options::new().user("me", "pa:ss").token("secret")).unwrap();
    assert_eq!(authorized(&server, &basic("me:pa:ss")), 400);
    assert_eq!(authorized(&server, "Bearer secret"), 400);
    for value in [
        basic("you:pa:ss"),
        basic("me:pa"),
        "Bearer pa:ss".to_owned(),
    ] {
        assert_eq!(authorized(&server, &value), 403, "{value}");
    }
}

#[test]
fn a_wrong_credential_is_answered_as_the_service_does() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let reply = ask(&server, &["Authorization: Bearer x"]);
    let expected = json!({"error_code": 403, "message": "Invalid access token."});
    assert_eq!((reply.status, reply.json()), (403, expected));
}

#[test]
fn a_missing_credential_is_answered_as_the_service_does() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for headers in [&[][..], &["Authorization: Negotiate abc"]] {
        let reply = ask(&server, headers);
        assert_eq!(reply.status, 401);
        assert_eq!(reply.json()["error_code"], 401);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Credential was not sent"), "{message}");
        let challenge = reply.header("www-authenticate");
        assert_eq!(challenge, Some(r#"Bearer realm="DatabricksRealm""#));
    }
}

#[test]
fn nothing_happens_without_a_credential() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let headers = ["Content-Type: application/json"];
    let body = br#"{"clusterId": "x", "language": "python"}"#;
    let target = "/api/1.2/contexts/create";
    let reply = request(server.address(), "POST", target, &headers, body);
    assert_eq!((reply.status, server.contexts()), (401, 0));
}

#[test]
fn a_refused_sender_of_much_hears_the_answer() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let body = vec![b' '; 32 << 20];
    let target = "/api/1.2/commands/execute";
    let reply = request(server.address(), "POST", target, &[], &body);
    assert_eq!(reply.status, 401);
}

#[test]
fn without_credentials_programs_are_let_in_and_web_pages_are_not() {
    let server = Server::start(Options::new()).unwrap();
    assert_eq!(ask(&server, &[]).status, 400);
    assert_eq!(
        ask(&server, &["Authorization: Bearer whatever"]).status,
        400
    );
    for header in [
        "Origin: https://evil.example",
        "Origin: null",
        "Host: evil.example",
    ] {
        let reply = ask(&server, &[header]);
        assert_eq!(
            (reply.status, &reply.json()["error_code"]),
            (403, &json!(403)),
            "{header}"
        );
    }
}
