//! Requests that the server knows by a field.

use api_runtime::transport::{RecordedRequest, Scripted};
use api_runtime::{Argument, RetryPolicy};
use serde_json::Value;

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."

        [structs.Task]
        fields = { token = "string" }

        [endpoints.jobs.start]
        doc = "Starts a job."
        http = "POST /jobs"
        json = { task = "Task", token = "string?" }
        retry = { idempotent_with = "token" }

        [endpoints.jobs.stop]
        doc = "Stops a job."
        http = "POST /jobs/stop"
        headers = { Idempotency-Key = "string?" }
        retry = { idempotent_with = "Idempotency-Key" }

        [endpoints.jobs.copy]
        doc = "Copies a job."
        http = "POST /jobs/copy"
        query = { token = "string?" }
        form = { token2 = "string?" }
        retry = { idempotent_with = "token" }
    "# }
}

use api::{Task, jobs};

fn token(request: &RecordedRequest) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["task"]["token"], "inner");
    body["token"].as_str().unwrap().to_owned()
}

/// The server fails without saying how far it got: the same token goes out again, and another one
/// with the next call.
#[test]
fn tries_of_one_call_have_one_token() {
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
fn a_token_of_the_callers_is_kept() {
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
fn tokens_go_into_headers_and_queries() {
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
fn calls_by_name_have_tokens_as_well() {
    let script = Scripted::new().respond(200, "").respond(200, "");
    let client = client(&script);
    let start = api::ENDPOINTS[0];
    let task = Argument::Json(serde_json::json!({ "token": "inner" }));
    let mut arguments = vec![("task".to_owned(), task)];
    client.call_by_name(&start, &arguments).unwrap();
    arguments.push(("token".to_owned(), Argument::Text("mine".to_owned())));
    client.call_by_name(&start, &arguments).unwrap();
    let tokens: Vec<_> = script.requests().iter().map(token).collect();
    assert_eq!(tokens[0].len(), 36);
    assert_eq!(tokens[1], "mine");
}
