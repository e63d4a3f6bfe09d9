//! Completions and responses of `OpenAI`.

use std::time::{Duration, SystemTime};

use api_runtime::{Client, ErrorKind};
use test_server::{Action, Server};

use super::server_in_step;

mod api {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/openai.toml");
}

use api::{AssistantEvent, FinishReason, Message, ResponseEvent, Role, chat, responses, threads};

/// The chunks in the reference of the API, and one with the usage as `stream_options` requests it.
const CHUNKS: [&str; 4] = [
    r#"data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}

"#,
    r#"data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}]}

"#,
    r#"data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}

"#,
    r#"data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}

"#,
];

fn client(server: &Server) -> Client {
    let builder = api::builder(server.url(), "sk-secret").unwrap();
    builder.build().unwrap()
}

fn request() -> chat::Stream {
    let message = Message::new(Role::User, "Say hello!");
    let options = api::StreamOptions::new().include_usage(true);
    chat::Stream::new("gpt-4o-mini", vec![message]).stream_options(options)
}

#[test]
fn completion_is_returned_chunk_by_chunk() {
    let mut pieces = CHUNKS.to_vec();
    pieces.push("data: [DONE]\n\n");
    let (server, step) = server_in_step("text/event-stream; charset=utf-8", &pieces);
    let mut events = chat::stream(&client(&server), &request()).unwrap();
    let (mut text, mut reason, mut usage) = (String::new(), None, None);
    for _ in CHUNKS {
        let chunk = events.next().unwrap().unwrap();
        let created = SystemTime::UNIX_EPOCH + Duration::from_secs(1_694_268_190);
        assert_eq!((&*chunk.id, chunk.created.0), ("chatcmpl-123", created));
        for choice in chunk.choices {
            text += choice.delta.content.as_deref().unwrap_or_default();
            reason = choice.finish_reason.or(reason);
        }
        usage = chunk.usage.or(usage);
        step.send(()).unwrap();
    }
    assert!(events.next().is_none());
    assert_eq!((&*text, reason), ("Hello", Some(FinishReason::Stop)));
    assert_eq!(usage.unwrap().total_tokens, 10);

    let request = server.request();
    assert_eq!(request.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(request.header("authorization"), Some("Bearer sk-secret"));
    assert_eq!(request.header("accept"), Some("text/event-stream"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.text(),
        r#"{"stream":true,"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say hello!"}],"stream_options":{"include_usage":true}}"#
    );
}

#[test]
fn error_in_the_stream_has_message_and_code() {
    let error = r#"data: {"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}

"#;
    let (server, step) = server_in_step("text/event-stream", &[CHUNKS[0], error]);
    let mut events = chat::stream(&client(&server), &request()).unwrap();
    events.next().unwrap().unwrap();
    step.send(()).unwrap();
    let error = events.next().unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Status, Some("server_error"))
    );
    assert_eq!(
        error.to_string(),
        "chat.stream: the response contains an error: The server had an error while processing your \
         request.; the request may have been processed"
    );
    assert!(events.next().is_none());
    drop(step);
}

#[test]
fn rejected_key_is_an_error_of_the_call() {
    let body = r#"{"error":{"message":"Incorrect API key provided: sk-secret.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#;
    let server = Server::scripted([Action::json(401, body)]);
    let error = chat::stream(&client(&server), &request()).unwrap_err();
    assert_eq!(
        (error.status(), error.code()),
        (Some(401), Some("invalid_api_key"))
    );
    assert!(!error.to_string().contains("sk-secret"), "{error}");
    assert!(!error.may_have_been_processed());
}

#[test]
fn events_of_responses_are_variants_by_their_type() {
    let pieces = [
        r#"event: response.created
data: {"type":"response.created","response":{"id":"resp_67c9fdcecf488190bdd9a0409de3a1ec07b8b0ad4e5eb654","object":"response","created_at":1741290958,"status":"in_progress","error":null}}

"#,
        r#"event: response.content_part.added
data: {"type":"response.content_part.added","item_id":"msg_67c9fdcf37fc8190ba82116e33fb28c507b8b0ad4e5eb654","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

"#,
        r#"event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_67c9fdcf37fc8190ba82116e33fb28c507b8b0ad4e5eb654","output_index":0,"content_index":0,"delta":"Hi"}

"#,
        r#"event: error
data: {"type":"error","code":"ERR_SOMETHING","message":"Something went wrong","param":null,"sequence_number":1}

"#,
    ];
    let (server, step) = server_in_step("text/event-stream; charset=utf-8", &pieces);
    let request = responses::Stream::new("gpt-4o", "Hi");
    let mut events = responses::stream(&client(&server), &request).unwrap();
    let mut next = || {
        let event = events.next_event().unwrap();
        step.send(()).unwrap();
        event
    };
    let created = next().unwrap();
    assert_eq!(created.name, "response.created");
    assert!(
        matches!(created.data, ResponseEvent::ResponseCreated(it) if it.response.status == "in_progress")
    );
    // An event that the spec does not know is kept.
    let added = next().unwrap();
    assert!(
        matches!(&added.data, ResponseEvent::Unknown(json) if json.as_str().contains("annotations"))
    );
    let delta = next().unwrap();
    assert!(matches!(&delta.data, ResponseEvent::ResponseOutputTextDelta(it) if it.delta == "Hi"));
    let error = next().unwrap_err();
    assert_eq!(error.code(), Some("ERR_SOMETHING"));
    assert!(error.message().ends_with("Something went wrong"), "{error}");
}

#[test]
fn events_of_runs_are_variants_by_their_name() {
    let pieces = [
        r#"event: thread.created
data: {"id":"thread_123","object":"thread","created_at":1710348075,"metadata":{}}

"#,
        r#"event: thread.run.created
data: {"id":"run_123","object":"thread.run","created_at":1710348075,"assistant_id":"asst_123","thread_id":"thread_123","status":"queued"}

"#,
        r#"event: thread.message.delta
data: {"id":"msg_001","object":"thread.message.delta","delta":{"content":[{"index":0,"type":"text","text":{"value":"Hello"}}]}}

"#,
        "event: keep \"alive\"\ndata: not JSON\n\n",
        "data: 1\n\n",
        "event: ping\ndata:\n\n",
        "event: done\ndata: [DONE]\n\n",
    ];
    let (server, step) = server_in_step("text/event-stream", &pieces);
    let mut events = threads::run(&client(&server), &threads::Run::new("asst_123")).unwrap();
    let mut next = || {
        let event = events.next_event();
        step.send(()).unwrap();
        event.transpose().unwrap()
    };
    let created = next().unwrap();
    assert_eq!(created.name, "thread.created");
    assert!(
        matches!(created.data, AssistantEvent::ThreadCreated(it) if it.data.id == "thread_123")
    );
    let run = next().unwrap();
    assert!(matches!(run.data, AssistantEvent::ThreadRunCreated(it) if it.data.status == "queued"));
    let mut unknown = || match next().unwrap().data {
        AssistantEvent::Unknown(json) => json.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    let delta = unknown();
    let start = r#"{"event":"thread.message.delta","data":{"id":"msg_001","#;
    assert!(delta.starts_with(start), "{delta}");
    // The name and the data are escaped.
    let expected = r#"{"event":"keep \"alive\"","data":"not JSON"}"#;
    assert_eq!(unknown(), expected);
    assert_eq!(unknown(), r#"{"event":"message","data":1}"#);
    assert_eq!(unknown(), r#"{"event":"ping","data":""}"#);
    assert!(next().is_none());
}

#[test]
fn data_of_a_named_event_that_do_not_match_are_an_error_of_the_item() {
    let pieces = [
        "event: thread.created\ndata: {\"id\": 1, \"created_at\": 2}\n\nevent: thread.run.created\ndata: {\"id\": \"r\", \"status\": \"queued\"}\n\ndata: [DONE]\n\n",
    ];
    let (server, step) = server_in_step("text/event-stream", &pieces);
    let mut events = threads::run(&client(&server), &threads::Run::new("asst_123")).unwrap();
    let error = events.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.message().contains("data.id"), "{error}");
    let next = events.next().unwrap().unwrap();
    assert!(matches!(next, AssistantEvent::ThreadRunCreated(_)));
    assert!(events.next().is_none());
    step.send(()).unwrap();
}
