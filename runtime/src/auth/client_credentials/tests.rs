use super::*;
use crate::auth::testing::Server;
use crate::clock::{Interrupt, ManualClock};
use crate::error::ErrorKind;

const AT: &str = "https://a.net/oidc/.well-known/oauth-authorization-server";
const SECRET: &str = "hunter2:%&";

fn fetch(source: &ClientCredentials, server: &Server) -> Result<Token, Error> {
    let (clock, interrupt) = (ManualClock::new(), Interrupt::new());
    source.fetch(&Exchange::new(server, &clock, &interrupt))
}

fn fixed(body: &'static str) -> Server {
    Server::new(move |_| (200, body.to_owned()))
}

fn known() -> ClientCredentials {
    ClientCredentials::new("https://a.net/token", "my id", SECRET).unwrap()
}

fn discovered() -> ClientCredentials {
    ClientCredentials::discovered(AT, "my id", SECRET).unwrap()
}

#[test]
fn a_token_is_asked_for_as_rfc_6749_has_it() {
    let server = fixed(r#"{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}"#);
    let token = fetch(&known().scope("all-apis x"), &server).unwrap();
    assert_eq!(token.secret().expose(), "t");
    assert_eq!(token.lifetime().unwrap().as_secs(), 3600);

    let [seen] = server.seen().try_into().ok().unwrap();
    assert_eq!(seen.what, "POST https://a.net/token");
    assert_eq!(
        seen.body,
        "grant_type=client_credentials&scope=all-apis%20x"
    );
    assert_eq!(
        seen.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    // base64 of `my%20id:hunter2%3A%25%26`
    assert_eq!(
        seen.header("authorization"),
        "Basic bXklMjBpZDpodW50ZXIyJTNBJTI1JTI2"
    );
    assert!(seen.headers[header::AUTHORIZATION].is_sensitive());
    assert_eq!(seen.headers.len(), 2);

    let server = fixed(r#"{"access_token": "t"}"#);
    fetch(&known(), &server).unwrap();
    assert_eq!(server.seen()[0].body, "grant_type=client_credentials");
}

#[test]
fn the_endpoint_is_looked_up_once() {
    let server = Server::new(|seen| {
        let body = match seen.what.as_str() {
            "POST https://a.net/oidc/v1/token" => r#"{"access_token": "t"}"#,
            _ => r#"{"issuer": "x", "token_endpoint": "https://a.net/oidc/v1/token"}"#,
        };
        (200, body.to_owned())
    });
    let source = discovered();
    fetch(&source, &server).unwrap();
    fetch(&source, &server).unwrap();
    assert_eq!(
        server.asked(),
        [
            format!("GET {AT}"),
            "POST https://a.net/oidc/v1/token".into(),
            "POST https://a.net/oidc/v1/token".into(),
        ]
    );
    assert!(server.seen()[0].headers.is_empty());
}

#[test]
fn descriptions_that_are_of_no_use() {
    let lead = format!("the OAuth server's description at {AT} ");
    for (status, body, kind, expected) in [
        (404, "", ErrorKind::Status, "refused with 404 Not Found"),
        (
            200,
            "<html><title>Sign in</title></html>",
            ErrorKind::InvalidResponse,
            "answered with a web page, not with JSON: Sign in",
        ),
        (
            303,
            "",
            ErrorKind::InvalidResponse,
            "answered with a redirect (303)",
        ),
        (
            200,
            "{}",
            ErrorKind::InvalidResponse,
            "names no `token_endpoint`",
        ),
        (
            200,
            r#"{"token_endpoint": 7}"#,
            ErrorKind::InvalidResponse,
            "names no `token_endpoint`",
        ),
        (
            200,
            r#"{"token_endpoint": "http://a.net/token"}"#,
            ErrorKind::InvalidResponse,
            "is refused: the token endpoint is plain http to another machine",
        ),
        (
            200,
            r#"{"token_endpoint": "/token"}"#,
            ErrorKind::InvalidResponse,
            "is refused: the token endpoint must begin with https:// or http://",
        ),
        (
            200,
            r#"{"token_endpoint": "https://b.net/token"}"#,
            ErrorKind::InvalidResponse,
            "is refused: the token endpoint is on another server, b.net, which is not trusted \
             with the secret",
        ),
        (
            200,
            r#"{"token_endpoint": "http://127.0.0.1:1/token"}"#,
            ErrorKind::InvalidResponse,
            "is refused: the token endpoint is on another server, 127.0.0.1:1, which is not \
             trusted with the secret",
        ),
    ] {
        let server = Server::new(move |_| (status, body.to_owned()));
        let error = fetch(&discovered(), &server).unwrap_err();
        assert_eq!(error.message(), format!("{lead}{expected}"));
        assert_eq!(
            (error.kind(), error.is_transient()),
            (kind, false),
            "{error}"
        );
        // The secret did not leave.
        assert_eq!(server.asked(), [format!("GET {AT}")]);
    }
}

#[test]
fn another_host_may_be_trusted() {
    let server = Server::new(|seen| {
        let body = match seen.what.as_str() {
            "POST https://b.net/token" => r#"{"access_token": "t"}"#,
            _ => r#"{"token_endpoint": "https://b.net/token"}"#,
        };
        (200, body.to_owned())
    });
    fetch(&discovered().trust_host("B.net"), &server).unwrap();
    fetch(&discovered().trust_host("net"), &server).unwrap_err();
}

#[test]
fn troubles_of_the_token_endpoint() {
    for (status, body, kind, transient, expected) in [
        (
            401,
            r#"{"error": "invalid_client", "error_description": "bad hunter2:%&"}"#,
            ErrorKind::Status,
            false,
            "the token endpoint https://a.net/token refused with 401 Unauthorized: \
             invalid_client: bad ***",
        ),
        (
            429,
            "",
            ErrorKind::Status,
            true,
            "the token endpoint https://a.net/token refused with 429 Too Many Requests",
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
            "the answer of the token endpoint https://a.net/token is no use: the token is of the \
             type `mac`, not `Bearer`",
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
fn the_secret_is_not_shown_in_any_form() {
    let forms = [
        SECRET.to_owned(),
        percent(SECRET),
        known().pair().expose().to_owned(),
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
fn what_cannot_be_used_is_told_at_once() {
    for (source, expected) in [
        (
            ClientCredentials::new("http://a.net/token", "id", SECRET),
            "the token endpoint is plain http to another machine",
        ),
        (
            ClientCredentials::discovered("a.net", "id", SECRET),
            "the URL of the OAuth server's description must begin with",
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
