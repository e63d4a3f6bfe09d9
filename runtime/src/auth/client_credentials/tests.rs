//! Tests of the client credentials grant.

use super::*;
use crate::auth::testing::Server;
use crate::clock::{Interrupt, ManualClock};
use crate::error::ErrorKind;

const METADATA_URL: &str = "https://a.net/oidc/.well-known/oauth-authorization-server";
const SECRET: &str = "hunter2:%&";

fn fetch(source: &ClientCredentials, server: &Server) -> Result<Token, Error> {
    let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
    source.fetch(&AuthContext::new(server, &clock, &interrupt))
}

fn responding(body: &'static str) -> Server {
    Server::new(move |_| (200, body.to_owned()))
}

fn known() -> ClientCredentials {
    ClientCredentials::new("https://a.net/token", "my id", SECRET).unwrap()
}

fn discovered() -> ClientCredentials {
    ClientCredentials::discovered(METADATA_URL, "my id", SECRET).unwrap()
}

#[test]
fn request_for_a_token_follows_rfc_6749() {
    let server = responding(r#"{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}"#);
    let token = fetch(&known().scope("all-apis x"), &server).unwrap();
    assert_eq!(token.secret().expose(), "t");
    assert_eq!(token.lifetime().unwrap().as_secs(), 3600);

    let [request] = server.received().try_into().ok().unwrap();
    assert_eq!(request.line, "POST https://a.net/token");
    assert_eq!(
        request.body,
        "grant_type=client_credentials&scope=all-apis%20x"
    );
    assert_eq!(
        request.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    // base64 of `my%20id:hunter2%3A%25%26`
    assert_eq!(
        request.header("authorization"),
        "Basic bXklMjBpZDpodW50ZXIyJTNBJTI1JTI2"
    );
    assert!(request.headers[header::AUTHORIZATION].is_sensitive());
    assert_eq!(request.headers.len(), 2);

    let server = responding(r#"{"access_token": "t"}"#);
    fetch(&known(), &server).unwrap();
    assert_eq!(server.received()[0].body, "grant_type=client_credentials");
}

#[test]
fn metadata_is_read_once() {
    let server = Server::new(|request| {
        let body = match request.line.as_str() {
            "POST https://a.net/oidc/v1/token" => r#"{"access_token": "t"}"#,
            _ => r#"{"issuer": "x", "token_endpoint": "https://a.net/oidc/v1/token"}"#,
        };
        (200, body.to_owned())
    });
    let source = discovered();
    fetch(&source, &server).unwrap();
    fetch(&source, &server).unwrap();
    assert_eq!(
        server.request_lines(),
        [
            format!("GET {METADATA_URL}"),
            "POST https://a.net/oidc/v1/token".into(),
            "POST https://a.net/oidc/v1/token".into(),
        ]
    );
    assert!(server.received()[0].headers.is_empty());
}

#[test]
fn invalid_metadata_is_rejected() {
    let prefix = format!("the OAuth metadata at {METADATA_URL} ");
    for (status, body, kind, expected) in [
        (404, "", ErrorKind::Status, "responded with 404 Not Found"),
        (
            200,
            "<html><title>Sign in</title></html>",
            ErrorKind::InvalidResponse,
            "responded with a web page instead of JSON: Sign in",
        ),
        (
            303,
            "",
            ErrorKind::InvalidResponse,
            "responded with a redirect (303)",
        ),
        (
            200,
            "{}",
            ErrorKind::InvalidResponse,
            "has no `token_endpoint`",
        ),
        (
            200,
            r#"{"token_endpoint": 7}"#,
            ErrorKind::InvalidResponse,
            "has no `token_endpoint`",
        ),
        (
            200,
            r#"{"token_endpoint": "http://a.net/token"}"#,
            ErrorKind::InvalidResponse,
            "is rejected: the token endpoint is plain http to another machine",
        ),
        (
            200,
            r#"{"token_endpoint": "/token"}"#,
            ErrorKind::InvalidResponse,
            "is rejected: the token endpoint must start with https:// or http://",
        ),
        (
            200,
            r#"{"token_endpoint": "https://b.net/token"}"#,
            ErrorKind::InvalidResponse,
            "is rejected: the token endpoint is on another server, b.net, which is not trusted \
             with the secret",
        ),
        (
            200,
            r#"{"token_endpoint": "http://127.0.0.1:1/token"}"#,
            ErrorKind::InvalidResponse,
            "is rejected: the token endpoint is on another server, 127.0.0.1:1, which is not \
             trusted with the secret",
        ),
    ] {
        let server = Server::new(move |_| (status, body.to_owned()));
        let error = fetch(&discovered(), &server).unwrap_err();
        assert_eq!(error.message(), format!("{prefix}{expected}"));
        assert_eq!(
            (error.kind(), error.is_transient()),
            (kind, false),
            "{error}"
        );
        // The secret was not sent.
        assert_eq!(server.request_lines(), [format!("GET {METADATA_URL}")]);
    }
}

#[test]
fn token_endpoint_on_a_trusted_host_is_accepted() {
    let server = Server::new(|request| {
        let body = match request.line.as_str() {
            "POST https://b.net/token" => r#"{"access_token": "t"}"#,
            _ => r#"{"token_endpoint": "https://b.net/token"}"#,
        };
        (200, body.to_owned())
    });
    fetch(&discovered().trust_host("B.net"), &server).unwrap();
    fetch(&discovered().trust_host("net"), &server).unwrap_err();
}

#[test]
fn errors_of_the_token_endpoint_are_reported() {
    for (status, body, kind, transient, expected) in [
        (
            401,
            r#"{"error": "invalid_client", "error_description": "bad hunter2:%&"}"#,
            ErrorKind::Status,
            false,
            "the token endpoint https://a.net/token responded with 401 Unauthorized: \
             invalid_client: bad ***",
        ),
        (
            429,
            "",
            ErrorKind::Status,
            true,
            "the token endpoint https://a.net/token responded with 429 Too Many Requests",
        ),
        (
            0,
            "",
            ErrorKind::Disconnected,
            true,
            "https://a.net/token: the connection failed: reset",
        ),
        (
            200,
            r#"{"access_token": "t", "token_type": "mac"}"#,
            ErrorKind::InvalidResponse,
            false,
            "invalid response of the token endpoint https://a.net/token: the token type is `mac`, \
             not `Bearer`",
        ),
    ] {
        let server = Server::new(move |_| (status, body.to_owned()));
        let error = fetch(&known(), &server).unwrap_err();
        assert_eq!(error.message(), expected);
        assert_eq!(
            (error.kind(), error.is_transient()),
            (kind, transient),
            "{error}"
        );
        assert!(!error.may_have_been_processed());
    }
}

#[test]
fn secret_is_redacted_in_all_forms() {
    let forms = [
        SECRET.to_owned(),
        percent_encode(SECRET),
        known().basic_credentials().expose().to_owned(),
    ];
    for form in forms {
        let body = format!("<html><pre>you sent {form}</pre></html>");
        for status in [200, 400] {
            let body = body.clone();
            let server = Server::new(move |_| (status, body.clone()));
            let error = fetch(&known(), &server).unwrap_err();
            let all = format!("{error} {error:?}");
            assert!(all.contains("you sent ***"), "{all}");
        }
    }
    let debug = format!("{:?}", discovered());
    assert!(
        !debug.contains("hunter2") && !debug.contains("my id"),
        "{debug}"
    );
}

#[test]
fn invalid_arguments_are_rejected() {
    for (source, expected) in [
        (
            ClientCredentials::new("http://a.net/token", "id", SECRET),
            "the token endpoint is plain http to another machine",
        ),
        (
            ClientCredentials::discovered("a.net", "id", SECRET),
            "the URL of the OAuth metadata must start with",
        ),
        (
            ClientCredentials::new("https://a.net", "", SECRET),
            "is empty",
        ),
        (
            ClientCredentials::new("https://a.net", "id", ""),
            "is empty",
        ),
    ] {
        let error = source.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(expected), "{error}");
    }
    assert!(ClientCredentials::new("http://127.0.0.1:1/token", "id", "s").is_ok());
}
