//! Error responses.

use generated_client::{Credentials, Error, ErrorKind, RetryPolicy, commands, contexts};
use test_server::{Action, Server};
use tests::secret::TOKEN;

use super::{client, client_with, command_status, create, failure};

fn error_of(action: Action) -> Error {
    let server = Server::scripted([action]);
    let client = client(&server).retries(RetryPolicy::none());
    let error = failure(contexts::create(&client, &create()));
    assert_eq!(server.requests().len(), 1, "the request was retried");
    assert_eq!(error.operation(), Some("contexts.create"));
    error
}

#[test]
fn messages_and_codes_are_read_from_the_body() {
    type Case<'a> = (u16, &'a str, &'a str, Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (
            400,
            r#"{"error": "requirement failed: missing contextId"}"#,
            "requirement failed: missing contextId",
            None,
        ),
        (
            400,
            r#"{"error_code": 400, "message": "bad"}"#,
            "bad",
            Some("400"),
        ),
        (
            404,
            r#"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"}"#,
            "gone",
            Some("RESOURCE_DOES_NOT_EXIST"),
        ),
        (400, "MALFORMED_REQUEST: no", "MALFORMED_REQUEST: no", None),
        (
            502,
            "<html><title>502</title><body><pre>Worker environment not ready</pre></body></html>",
            "Worker environment not ready",
            None,
        ),
        (
            400,
            r#"{"error": {"nested": true}}"#,
            r#"{"error": {"nested": true}}"#,
            None,
        ),
        (400, "[1, 2]", "[1, 2]", None),
        (
            400,
            "\u{1b}[31mred\u{1b}[0m \u{202e}\n\n\ttext",
            "red",
            None,
        ),
    ];
    for (status, body, message, code) in cases {
        let error = error_of(Action::json(*status, body));
        assert_eq!(error.kind(), ErrorKind::Status, "{error}");
        assert_eq!(error.status(), Some(*status));
        assert_eq!(error.code(), *code);
        assert!(error.to_string().contains(message), "{error}");
        assert!(
            !error.to_string().contains(|c: char| c.is_control()),
            "{error:?}"
        );
        let expected = format!("contexts.create: the server responded with {status} ");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[test]
fn error_without_body_shows_the_status_name() {
    let error = error_of(Action::json(404, ""));
    assert_eq!(
        error.to_string(),
        "contexts.create: the server responded with 404 Not Found"
    );
    let error = error_of(Action::json(499, ""));
    assert_eq!(
        error.to_string(),
        "contexts.create: the server responded with 499"
    );
}

#[test]
fn error_response_with_truncated_body_keeps_its_status() {
    // Docker Registry sends 416 with a `content-length`, and closes the connection without a body.
    for (body, message) in [
        ("", "the server responded with 416 Range Not Satisfiable"),
        (
            "beyond the",
            "the server responded with 416 Range Not Satisfiable: beyond the",
        ),
    ] {
        let response = format!("HTTP/1.1 416 Whatever\r\ncontent-length: 11\r\n\r\n{body}");
        let server = Server::scripted([Action::SendAndClose(response.into())]);
        let error = failure(command_status(&client(&server)));
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Status, Some(416))
        );
        assert_eq!(error.message(), message);
        assert_eq!(server.requests().len(), 1, "the request was retried");
    }
    let server = Server::scripted([Action::SendAndClose(
        b"HTTP/1.1 500 X\r\ncontent-length: 1\r\n\r\n".into(),
    )]);
    let error = failure(contexts::create(&client(&server), &create()));
    assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
}

#[test]
fn delivery_depends_on_the_status_code() {
    let refusals = [400, 401, 403, 404, 409, 413, 429];
    let doubtful = [500, 501, 502, 503, 504];
    for status in refusals {
        let error = error_of(Action::json(status, ""));
        assert!(!error.may_have_been_processed(), "{error}");
    }
    for status in doubtful {
        let error = error_of(Action::json(status, ""));
        assert!(error.may_have_been_processed(), "{error}");
    }
}

#[test]
fn authentication_errors_name_the_kind_of_credentials() {
    let cases = [
        (
            Credentials::bearer(TOKEN).unwrap(),
            "(sent with a bearer token)",
        ),
        (
            Credentials::basic("token", TOKEN)
                .unwrap()
                .found_in("~/.netrc"),
            "(sent with a user and password from ~/.netrc)",
        ),
        (Credentials::none(), "(sent with no credentials)"),
    ];
    for status in [401, 403] {
        for (credentials, description) in cases.clone() {
            let body = r#"{"error_code": 403, "message": "Invalid access token."}"#;
            let server = Server::scripted([Action::json(status, body)]);
            let error = failure(command_status(&client_with(&server, credentials)));
            assert_eq!(error.status(), Some(status));
            assert!(error.to_string().ends_with(description), "{error}");
        }
    }
    let error = error_of(Action::json(401, ""));
    assert!(
        error
            .to_string()
            .ends_with("(sent with a bearer token from the arguments)"),
        "{error}"
    );
}

/// Some servers repeat the request in the response, for debugging.
#[test]
fn token_in_a_response_is_redacted() {
    let basic = Credentials::basic("token", TOKEN).unwrap();
    for credentials in [Credentials::bearer(TOKEN).unwrap(), basic] {
        let server = Server::scripted([Action::json(400, "")]);
        failure(command_status(&client_with(&server, credentials.clone())));
        let request = server.request();
        let sent = request.header("authorization").unwrap();
        let responses = [
            Action::json(400, format!("rejected: Authorization: {sent}, {TOKEN}")),
            Action::json(
                400,
                format!(r#"{{"error": "{sent}", "error_code": "{TOKEN}"}}"#),
            ),
            Action::respond(302, &[&format!("location: /login?token={TOKEN}")], ""),
            Action::json(200, format!("<title>{TOKEN}</title>")),
            Action::json(200, format!(r#"{{"status": ["{TOKEN}"]}}"#)),
        ];
        for response in responses {
            let server = Server::scripted([response]);
            let client = client_with(&server, credentials.clone());
            failure(command_status(&client));
        }
    }
}

#[test]
fn redirects_are_reported_and_not_followed() {
    let elsewhere = Server::scripted([Action::json(200, r#"{"id": "1"}"#)]);
    for status in [300, 301, 302, 303, 304, 307, 308] {
        for target in [
            format!("{}/login.html?error=private-link", elsewhere.url()),
            "/login.html".to_owned(),
        ] {
            let location = format!("location: {target}");
            let server = Server::scripted([
                Action::respond(status, &[&location], ""),
                Action::json(200, r#"{"id": "1", "status": "Running"}"#),
            ]);
            let client = client(&server);
            let error = failure(contexts::create(&client, &create()));
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
            assert_eq!(error.status(), Some(status));
            assert!(error.to_string().contains(&target), "{error}");
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(elsewhere.connections(), 0);
    let server = Server::scripted([Action::respond(302, &[], "")]);
    let request = commands::Cancel::new("a", "b", "c");
    let error = failure(commands::cancel(&client(&server), &request));
    assert!(error.to_string().contains("a redirect (302)"), "{error}");
}
