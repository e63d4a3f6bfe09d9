//! Requests with an idempotency key.

use api_runtime::transport::{RecordedRequest, Scripted};
use api_runtime::{Argument, RetryPolicy};
use serde_json::Value;

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/idempotency_keys.toml");
}

use api::{Task, jobs};

fn token(request: &RecordedRequest) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["task"]["token"], "inner");
    body["token"].as_str().unwrap().to_owned()
}

/// The server may have processed the first attempt: the retry has the same token, and the next call
/// has another one.
#[test]
fn attempts_of_one_call_have_one_token() {
    let script = Scripted::new();
    let script = script.respond(502, "").respond(200, "").respond(200, "");
    let client = client(&script).retries(RetryPolicy::new());
    for _ in 0..2 {
        jobs::start(&client, &jobs::Start::new(Task::new("inner"))).unwrap();
    }
    let tokens: Vec<_> = script.requests().iter().map(token).collect();
    assert_eq!(tokens.len(), 3);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(tokens[0].len(), 36);
}

#[test]
fn token_set_by_the_caller_is_kept() {
    let script = Scripted::new().respond(200, "");
    let request = jobs::Start::new(Task::new("inner")).token("mine");
    jobs::start(&client(&script), &request).unwrap();
    let request = sent(&script);
    assert_eq!(token(&request), "mine");
    assert_eq!(
        String::from_utf8(request.body)
            .unwrap()
            .matches("mine")
            .count(),
        1
    );
}

#[test]
fn tokens_are_sent_in_headers_and_query_strings() {
    let script = Scripted::new().respond(200, "").respond(200, "");
    let client = client(&script);
    jobs::stop(&client, &jobs::Stop::new()).unwrap();
    jobs::copy(&client, &jobs::Copy::new()).unwrap();
    let requests = script.requests();
    let keys = requests[0]
        .headers
        .iter()
        .filter(|(name, _)| name == "idempotency-key");
    assert_eq!(keys.count(), 1);
    let query = requests[1]
        .target
        .strip_prefix("/base/jobs/copy?token=")
        .unwrap();
    assert_eq!(query.len(), 36);
    assert_eq!(requests[1].body, b"");
}

#[test]
fn calls_by_name_have_tokens() {
    let script = Scripted::new().respond(200, "").respond(200, "");
    let client = client(&script);
    let start = api::ENDPOINTS[0];
    let task = Argument::Json(serde_json::json!({ "token": "inner" }).into());
    let mut arguments = vec![("task".to_owned(), task)];
    client.call_by_name(&start, &arguments).unwrap();
    arguments.push(("token".to_owned(), Argument::Text("mine".to_owned())));
    client.call_by_name(&start, &arguments).unwrap();
    let tokens: Vec<_> = script.requests().iter().map(token).collect();
    assert_eq!(tokens[0].len(), 36);
    assert_eq!(tokens[1], "mine");
}
