//! Errors in the head, in the items, and in place of items.

use api_runtime::{Error, ErrorKind, Secret};
use test_server::{Action, Server};

use super::api::Problem;
use super::{EVENTS, LINES, chat, client, complete, server, texts};

/// Calls an endpoint with the response to the first request, and returns the error of the call.
fn call_error(action: Action) -> Error {
    let server = Server::scripted([action]);
    let result = chat::complete(&client(&server), &complete());
    assert_eq!(server.requests().len(), 1);
    result.unwrap_err()
}

#[test]
fn error_in_the_head_is_an_error_of_the_call() {
    let body = r#"{"error": {"message": "no such model", "code": "not_found"}}"#;
    let error = call_error(Action::json(404, body));
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(404))
    );
    assert_eq!(error.code(), Some("not_found"));
    assert!(error.message().ends_with("no such model"), "{error}");
    assert!(error.details::<Problem>().is_some());

    let error = call_error(Action::json(200, r#"{"ok": false, "message": "down"}"#));
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(200))
    );
    assert!(error.message().ends_with("200 OK: down"), "{error}");
}

#[test]
fn attempts_before_the_first_byte_follow_the_rules_of_all_calls() {
    // 429: not processed. 503: a POST may have been processed.
    let stream = format!("{EVENTS}data: [DONE]\n\n").into_bytes();
    let busy = Action::respond(429, &["retry-after: 0"], "");
    let again = Server::scripted([busy, Action::Send(stream.clone())]);
    let events = chat::complete(&client(&again), &complete()).unwrap();
    assert_eq!(events.count(), 0);
    assert_eq!(again.requests().len(), 2);
    assert_eq!(call_error(Action::json(503, "")).status(), Some(503));

    let lines = format!("{LINES}{{\"status\": \"a\"}}\n").into_bytes();
    let unavailable = Server::scripted([Action::json(503, ""), Action::SendAndClose(lines)]);
    let items = chat::pull(&client(&unavailable), &chat::Pull::new()).unwrap();
    assert_eq!(items.map(Result::unwrap).count(), 1);
    assert_eq!(unavailable.requests().len(), 2);
}

#[test]
fn response_of_another_media_type_is_an_error() {
    for (action, message) in [
        (
            Action::json(200, r#"{"text": "a"}"#),
            r#"the server responded with `application/json` ({"text": "a"}) instead of `text/event-stream`"#,
        ),
        (
            Action::respond(
                200,
                &["content-type: text/html"],
                "<html><title>Log in</title></html>",
            ),
            "the server responded with `text/html` (Log in) instead of `text/event-stream`",
        ),
    ] {
        let error = call_error(action);
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert_eq!(error.message(), message);
    }
}

/// Returns the error that ends a stream with this item.
#[track_caller]
fn item_error(item: &str) -> Error {
    let server = server(format!(
        "{EVENTS}data: {{\"text\": \"a\"}}\n\n{item}\n\ndata: {{\"text\": \"b\"}}\n\n"
    ));
    let mut results = texts(&server).into_iter();
    assert_eq!(results.next().unwrap().unwrap(), "a");
    let error = results.next().unwrap().unwrap_err();
    assert!(results.next().is_none(), "the stream ends after {item}");
    error
}

#[test]
fn item_that_reports_an_error_ends_the_stream() {
    for item in [
        r#"data: {"text": "", "error": {"message": "overloaded", "code": "busy"}}"#,
        "event: error\ndata: {\"type\": \"error\", \"error\": {\"message\": \"overloaded\", \"code\": \"busy\"}}",
        r#"data: {"text": "", "ok": false, "error": {"message": "overloaded", "code": "busy"}}"#,
        // Neither an item nor marked as an error.
        r#"data: {"message": "overloaded", "error.code": "busy"}"#,
    ] {
        let error = item_error(item);
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Status, Some(200)),
            "{item}"
        );
        assert_eq!(
            error.message(),
            "the response contains an error: overloaded",
            "{item}"
        );
        assert_eq!(error.code(), Some("busy"), "{item}");
        assert_eq!(error.operation(), Some("chat.complete"));
        assert!(error.body().starts_with(b"{") && error.may_have_been_processed());
    }
    let error = item_error("event: error\ndata: out of memory");
    assert_eq!(
        error.message(),
        "the response contains an error: out of memory"
    );
}

#[test]
fn secrets_in_errors_of_items_are_redacted() {
    let server = server(format!(
        "{EVENTS}data: {{\"error\": {{\"message\": \"bad key s3cret-key\"}}}}\n\n"
    ));
    let request = complete().key(Secret::new("s3cret-key"));
    let mut events = chat::complete(&client(&server), &request).unwrap();
    let error = events.next().unwrap().unwrap_err();
    assert_eq!(
        error.message(),
        "the response contains an error: bad key ***"
    );
}

#[test]
fn null_error_is_no_error() {
    let server = server(format!(
        "{EVENTS}data: {{\"text\": \"a\", \"error\": null}}\n\ndata: [DONE]\n\n"
    ));
    let results: Result<Vec<_>, _> = texts(&server).into_iter().collect();
    assert_eq!(results.unwrap(), ["a"]);
}

#[test]
fn items_after_one_that_does_not_match_the_spec_are_returned() {
    let server = server(format!(
        "{EVENTS}data: {{\"text\": 1}}\n\ndata: busy\n\ndata:\n\ndata: {{\"text\": \"b\"}}\n\ndata: [DONE]\n\n"
    ));
    let mut results = texts(&server).into_iter();
    for (start, end) in [
        (
            "an item of the response does not match the spec: ",
            "`text`",
        ),
        (
            "an item of the response (busy) does not match the spec: ",
            "",
        ),
    ] {
        let error = results.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.message().starts_with(start), "{error}");
        assert!(error.message().contains(end), "{error}");
    }
    // An event with empty data is no JSON, and is skipped.
    assert_eq!(results.next().unwrap().unwrap(), "b");
    assert!(results.next().is_none());
}

#[test]
fn line_with_an_error_ends_the_stream() {
    let server = server(format!(
        "{LINES}{{\"status\": \"a\"}}\n{{\"error\": \"pull denied\"}}\n"
    ));
    let mut items = chat::pull(&client(&server), &chat::Pull::new()).unwrap();
    assert_eq!(items.next().unwrap().unwrap().status, "a");
    let error = items.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert!(error.message().contains("pull denied"), "{error}");
    assert!(items.next().is_none());
}
