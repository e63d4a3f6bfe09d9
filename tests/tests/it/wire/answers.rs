//! Good answers in all their shapes.

use generated_client::{CommandStatus, ContextStatus, ErrorKind, Results, commands, contexts};
use serde_json::json;
use test_server::{Action, Server, response};

use super::{CLUSTER, CONTEXT, client, command_status, create, failure};

/// `{"id": "1793653964133248955"}`, as `gzip -9n` writes it.
const GZIP: [u8; 49] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0x4c, 0x51, 0xb2,
    0x52, 0x50, 0x32, 0x34, 0xb7, 0x34, 0x36, 0x33, 0x35, 0xb6, 0x34, 0x33, 0x31, 0x34, 0x36, 0x36,
    0x32, 0xb1, 0xb0, 0x34, 0x35, 0x55, 0xaa, 0x05, 0x00, 0x81, 0xd6, 0xe8, 0x57, 0x1d, 0x00, 0x00,
    0x00,
];

/// A mebibyte of spaces and `{}`, as `gzip -9n` writes it: a kilobyte.
const SPACES: &[u8] = include_bytes!("spaces.gz");

/// What a client reads from the answer of `contexts/create`.
fn created(reply: Action) -> Result<String, generated_client::Error> {
    let server = Server::scripted([reply]);
    let answer = contexts::create(&client(&server), &create());
    assert_eq!(server.requests().len(), 1);
    answer.map(|created| created.id.to_string())
}

/// What a client reads from the answer of `commands/status`.
fn status(body: &str) -> commands::StatusResponse {
    command_status(&client(&Server::scripted([Action::json(200, body)]))).unwrap()
}

#[test]
fn any_good_status() {
    for status in [200, 201, 202] {
        assert_eq!(
            created(Action::json(status, r#"{"id": "7"}"#)).unwrap(),
            "7"
        );
    }
}

#[test]
fn chunked() {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n\
                6;name=value\r\n{\"id\":\r\n2\r\n \"\r\n";
    let mut bytes = text.as_bytes().to_vec();
    // The chunks cut a character in two.
    bytes.extend_from_slice(b"2\r\n7\xc3\r\n3\r\n\xa9\"}\r\n0\r\nTrailer: x\r\n\r\n");
    assert_eq!(created(Action::Send(bytes)).unwrap(), "7é");
}

#[test]
fn gzip() {
    let reply = Action::respond(200, &["content-encoding: gzip"], GZIP);
    assert_eq!(created(reply).unwrap(), CONTEXT);
}

#[test]
fn delimited_by_the_end_of_the_connection() {
    let bytes = b"HTTP/1.0 200 OK\r\n\r\n{\"id\": \"7\"}".to_vec();
    assert_eq!(created(Action::SendAndClose(bytes)).unwrap(), "7");
}

#[test]
fn interim_answers_are_passed_over() {
    let mut bytes =
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".to_vec();
    bytes.extend_from_slice(&response(200, &[], br#"{"id": "7"}"#));
    assert_eq!(created(Action::Send(bytes)).unwrap(), "7");
}

#[test]
fn an_empty_body_is_an_empty_object() {
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
fn no_content() {
    let bytes = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    let server = Server::scripted([Action::Send(bytes)]);
    let request = contexts::Destroy::new(CLUSTER, CONTEXT);
    assert_eq!(
        contexts::destroy(&client(&server), &request).unwrap().id,
        None
    );
}

#[test]
fn results_may_be_null_or_absent() {
    for body in [
        r#"{"id": "7", "results": null, "status": "Running"}"#,
        r#"{"status": "Running"}"#,
    ] {
        let answer = status(body);
        assert_eq!(answer.status, CommandStatus::Running);
        assert_eq!(answer.results, None);
    }
}

#[test]
fn keys_and_words_that_are_not_described() {
    let answer = status(
        r#"{"new": {"a": [1, {"b": null}]}, "status": "RunningInBackground", "id": "7", "x": "\u0041"}"#,
    );
    assert_eq!(
        answer.status,
        CommandStatus::Unknown("RunningInBackground".to_owned())
    );
    assert_eq!(answer.status.as_str(), "RunningInBackground");
}

#[test]
fn words_in_other_spellings() {
    for word in ["Finished", "FINISHED", "finished", "COMMAND_FINISHED"] {
        assert_eq!(
            status(&json!({"status": word}).to_string()).status,
            CommandStatus::Finished
        );
    }
    // A value of another enumeration is none of this one.
    let server = Server::scripted([Action::json(
        200,
        r#"{"id": "7", "status": "COMMAND_RUNNING"}"#,
    )]);
    let request = contexts::Status::new(CLUSTER, CONTEXT);
    let answer = contexts::status(&client(&server), &request).unwrap();
    assert_eq!(
        answer.status,
        ContextStatus::Unknown("COMMAND_RUNNING".to_owned())
    );
}

#[test]
fn results_of_an_unknown_type_are_kept() {
    let results = json!({"big": 18_446_744_073_709_551_615_u64, "resultType": "sankey", "data": [[1.5, null]]});
    let answer = status(&json!({"results": results, "status": "Finished"}).to_string());
    assert_eq!(answer.results, Some(Results::Unknown(results)));
    let untagged = json!({"data": "x"});
    let answer = status(&json!({"results": untagged, "status": "Finished"}).to_string());
    assert_eq!(answer.results, Some(Results::Unknown(untagged)));
}

#[test]
fn the_tag_may_come_last() {
    let answer = status(
        r#"{"status": "Finished", "results": {"data": [["a", 1]], "schema":
            [{"metadata": "{}", "type": "\"string\"", "name": "n"}], "pos": 3, "resultType": "TABLE_RESULT"}}"#,
    );
    let Some(Results::Table(table)) = answer.results else {
        panic!("{:?}", answer.results)
    };
    assert_eq!(table.data, Some(vec![vec![json!("a"), json!(1)]]));
    let columns = table.schema.unwrap();
    assert_eq!(
        (&*columns[0].name, &*columns[0].r#type),
        ("n", "\"string\"")
    );
    assert_eq!(table.truncated, None);
}

#[test]
fn ids_that_are_numbers_keep_their_digits() {
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
fn what_is_not_as_described_is_told_with_its_place() {
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
fn an_answer_that_is_too_large() {
    let exactly = br#"{"id": "0123"}"#;
    let limit = exactly.len() as u64;
    let with_limit = |reply, limit| {
        let server = Server::scripted([reply, Action::json(200, "{}")]);
        let client = super::builder(&server.url())
            .max_response_size(limit)
            .build()
            .unwrap();
        let outcome = contexts::create(&client, &create());
        // Whatever became of it, the client goes on.
        contexts::destroy(&client, &contexts::Destroy::new(CLUSTER, CONTEXT)).unwrap();
        outcome
    };
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\n{\"id\": \"0123\"} \r\n0\r\n\r\n";
    with_limit(Action::json(200, exactly), limit).unwrap();
    with_limit(Action::Send(chunked.to_vec()), limit + 1).unwrap();
    let too_large = [
        Action::json(200, [exactly.as_slice(), b" "].concat()),
        Action::Send(chunked.to_vec()),
        // Small on the wire.
        Action::respond(200, &["content-encoding: gzip"], SPACES),
        // An announcement is not believed.
        Action::SendAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{\"id\": \"0123456789\"}".to_vec()),
        // A refusal is no reason to read for ever either.
        Action::respond(500, &["content-encoding: gzip"], SPACES),
    ];
    for reply in too_large {
        let error = failure(with_limit(reply, limit));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert!(error.may_have_been_processed());
        assert!(
            error
                .to_string()
                .contains("larger than the limit of 14 bytes"),
            "{error}"
        );
    }
}
