//! Successful responses.

use generated_client::{CommandStatus, ContextStatus, ErrorKind, Results, commands, contexts};
use serde_json::json;
use test_server::{Action, Server, response};

use super::{CLUSTER, CONTEXT, client, command_status, create, failure};

/// Output of `gzip -9n` for `{"id": "1793653964133248955"}`.
const GZIP: [u8; 49] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0x4c, 0x51, 0xb2,
    0x52, 0x50, 0x32, 0x34, 0xb7, 0x34, 0x36, 0x33, 0x35, 0xb6, 0x34, 0x33, 0x31, 0x34, 0x36, 0x36,
    0x32, 0xb1, 0xb0, 0x34, 0x35, 0x55, 0xaa, 0x05, 0x00, 0x81, 0xd6, 0xe8, 0x57, 0x1d, 0x00, 0x00,
    0x00,
];

/// Output of `gzip -9n` for a mebibyte of spaces and `{}`. About one kilobyte.
const SPACES: &[u8] = include_bytes!("spaces.gz");

/// Returns the id that the client decodes from the response to `contexts/create`.
fn created(action: Action) -> Result<String, generated_client::Error> {
    let server = Server::scripted([action]);
    let result = contexts::create(&client(&server), &create());
    assert_eq!(server.requests().len(), 1);
    result.map(|created| created.id.to_string())
}

/// Returns the decoded response to `commands/status`.
fn status(body: &str) -> commands::StatusResponse {
    command_status(&client(&Server::scripted([Action::json(200, body)]))).unwrap()
}

#[test]
fn status_2xx_is_successful() {
    for status in [200, 201, 202] {
        assert_eq!(
            created(Action::json(status, r#"{"id": "7"}"#)).unwrap(),
            "7"
        );
    }
}

#[test]
fn chunked_response_is_decoded() {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n\
                6;name=value\r\n{\"id\":\r\n2\r\n \"\r\n";
    let mut bytes = text.as_bytes().to_vec();
    // A character is split between two chunks.
    bytes.extend_from_slice(b"2\r\n7\xc3\r\n3\r\n\xa9\"}\r\n0\r\nTrailer: x\r\n\r\n");
    assert_eq!(created(Action::Send(bytes)).unwrap(), "7é");
}

#[test]
fn gzip_response_is_decoded() {
    let response = Action::respond(200, &["content-encoding: gzip"], GZIP);
    assert_eq!(created(response).unwrap(), CONTEXT);
}

#[test]
fn body_ends_with_the_connection() {
    let bytes = b"HTTP/1.0 200 OK\r\n\r\n{\"id\": \"7\"}".to_vec();
    assert_eq!(created(Action::SendAndClose(bytes)).unwrap(), "7");
}

#[test]
fn interim_responses_are_skipped() {
    let mut bytes =
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".to_vec();
    bytes.extend_from_slice(&response(200, &[], br#"{"id": "7"}"#));
    assert_eq!(created(Action::Send(bytes)).unwrap(), "7");
}

#[test]
fn empty_body_is_decoded_as_empty_object() {
    for body in ["", " \r\n", "{}"] {
        let server = Server::scripted([Action::json(200, body), Action::json(200, body)]);
        let client = client(&server);
        let request = contexts::Destroy::new(CLUSTER, CONTEXT);
        assert_eq!(
            contexts::destroy(&client, &request).unwrap().id,
            None,
            "{body:?}"
        );
        let error = failure(contexts::create(&client, &create()));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains("missing field `id`"), "{error}");
        assert!(error.may_have_been_processed());
    }
}

#[test]
fn no_content_is_decoded_as_empty_object() {
    let bytes = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    let server = Server::scripted([Action::Send(bytes)]);
    let request = contexts::Destroy::new(CLUSTER, CONTEXT);
    assert_eq!(
        contexts::destroy(&client(&server), &request).unwrap().id,
        None
    );
}

#[test]
fn null_and_absent_results_are_none() {
    for body in [
        r#"{"id": "7", "results": null, "status": "Running"}"#,
        r#"{"status": "Running"}"#,
    ] {
        let response = status(body);
        assert_eq!(response.status, CommandStatus::Running);
        assert_eq!(response.results, None);
    }
}

#[test]
fn unknown_keys_are_ignored_and_unknown_values_kept() {
    let response = status(
        r#"{"new": {"a": [1, {"b": null}]}, "status": "RunningInBackground", "id": "7", "x": "\u0041"}"#,
    );
    assert_eq!(
        response.status,
        CommandStatus::Unknown("RunningInBackground".to_owned())
    );
    assert_eq!(response.status.as_str(), "RunningInBackground");
}

#[test]
fn aliases_of_enum_values_are_recognized() {
    for value in ["Finished", "FINISHED", "finished", "COMMAND_FINISHED"] {
        assert_eq!(
            status(&json!({"status": value}).to_string()).status,
            CommandStatus::Finished
        );
    }
    // An alias of another enum is an unknown value.
    let server = Server::scripted([Action::json(
        200,
        r#"{"id": "7", "status": "COMMAND_RUNNING"}"#,
    )]);
    let request = contexts::Status::new(CLUSTER, CONTEXT);
    let response = contexts::status(&client(&server), &request).unwrap();
    assert_eq!(
        response.status,
        ContextStatus::Unknown("COMMAND_RUNNING".to_owned())
    );
}

#[test]
fn results_of_unknown_types_are_kept() {
    for results in [
        r#"{"big": 36893488147419103231, "resultType": "sankey", "data": [[1.50, null]]}"#,
        r#"{"data":"x"}"#,
    ] {
        let response = status(&format!(
            r#"{{"results": {results}, "status": "Finished"}}"#
        ));
        let Some(Results::Unknown(kept)) = response.results else {
            panic!("{:?}", response.results)
        };
        assert_eq!(kept.as_str(), results);
    }
}

#[test]
fn tag_may_follow_the_other_keys() {
    let response = status(
        r#"{"status": "Finished", "results": {"data": [["a", 1]], "schema":
            [{"metadata": "{}", "type": "\"string\"", "name": "n"}], "pos": 3, "resultType": "TABLE_RESULT"}}"#,
    );
    let Some(Results::Table(table)) = response.results else {
        panic!("{:?}", response.results)
    };
    assert_eq!(table.data.unwrap().as_str(), r#"[["a", 1]]"#);
    let columns = table.schema.unwrap();
    assert_eq!(
        (&*columns[0].name, &*columns[0].r#type),
        ("n", "\"string\"")
    );
    assert_eq!(table.truncated, None);
}

#[test]
fn numeric_ids_keep_all_digits() {
    for digits in [
        "1793653964133248955",
        "9007199254740993",
        "340282366920938463463374607431768211456",
    ] {
        assert_eq!(
            created(Action::json(200, format!(r#"{{"id": {digits}}}"#))).unwrap(),
            digits
        );
    }
}

#[test]
fn invalid_responses_are_reported_with_their_position() {
    let cases = [
        (
            r#"{"id": {}}"#,
            "contexts.create: the response does not match the spec: at `id`: expected a string",
        ),
        (
            r#"{"id": true}"#,
            "contexts.create: the response does not match the spec: at `id`: expected a string",
        ),
        (
            r"[1]",
            "contexts.create: the response does not match the spec: at the top level: expected an object",
        ),
        (
            r#"{"id": "7"} x"#,
            "contexts.create: the response does not match the spec: at byte 12",
        ),
        (
            r#"{"id": "7""#,
            "contexts.create: the response does not match the spec: at byte 10",
        ),
        (
            "surprise",
            "contexts.create: the server responded with text (surprise) instead of JSON",
        ),
        (
            "<!DOCTYPE html><title>Sign in &amp; go</title>",
            "contexts.create: the server responded with a web page (Sign in & go) instead of JSON",
        ),
    ];
    for (body, expected) in cases {
        let error = failure(created(Action::json(200, body)));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert_eq!(error.status(), Some(200));
        assert!(error.may_have_been_processed());
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn responses_larger_than_the_limit_are_rejected() {
    let exactly = br#"{"id": "0123"}"#;
    let limit = exactly.len() as u64;
    let with_limit = |action, limit| {
        let server = Server::scripted([action, Action::json(200, "{}")]);
        let client = super::builder(&server.url())
            .max_response_size(limit)
            .build()
            .unwrap();
        let result = contexts::create(&client, &create());
        // The client is usable after the error.
        contexts::destroy(&client, &contexts::Destroy::new(CLUSTER, CONTEXT)).unwrap();
        result
    };
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\n{\"id\": \"0123\"} \r\n0\r\n\r\n";
    with_limit(Action::json(200, exactly), limit).unwrap();
    with_limit(Action::Send(chunked.to_vec()), limit + 1).unwrap();
    let too_large = [
        Action::json(200, [exactly.as_slice(), b" "].concat()),
        Action::Send(chunked.to_vec()),
        // Larger than the limit after decompression only.
        Action::respond(200, &["content-encoding: gzip"], SPACES),
        // The response is not as long as its `content-length`.
        Action::SendAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{\"id\": \"0123456789\"}".to_vec()),
    ];
    for action in too_large {
        let error = failure(with_limit(action, limit));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert!(error.may_have_been_processed());
        assert!(
            error
                .to_string()
                .contains("larger than the limit of 14 bytes"),
            "{error}"
        );
    }
    // The limit applies to error responses too, whose status code is kept.
    let too_large = Action::respond(500, &["content-encoding: gzip"], SPACES);
    let error = failure(with_limit(too_large, limit));
    assert_eq!(error.status(), Some(500), "{error}");
    assert!(error.may_have_been_processed());
    assert!(!error.to_string().contains("  "), "{error}");
}
