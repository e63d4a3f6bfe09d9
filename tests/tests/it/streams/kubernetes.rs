//! Watches of Kubernetes.

use api_runtime::{Client, ErrorKind, Interrupt};
use test_server::{Action, Server};

use super::server_in_step;

mod api {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/kubernetes-watch.toml");
}

use api::{PodEvent, pods};

const EVENTS: [&str; 4] = [
    r#"{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"foo","resourceVersion":"10596"},"status":{"phase":"Pending"}}}
"#,
    r#"{"type":"MODIFIED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"foo","resourceVersion":"11020"},"status":{"phase":"Running"}}}
"#,
    r#"{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"12746"}}}
"#,
    r#"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 10245 (12746)","reason":"Expired","code":410}}
"#,
];

fn client(server: &Server) -> Client {
    api::builder(server.url(), "token")
        .unwrap()
        .build()
        .unwrap()
}

#[test]
fn watch_returns_changes_until_the_version_is_too_old() {
    let (server, step) = server_in_step("application/json", &EVENTS);
    let request = pods::Watch::new("test")
        .resource_version("10245")
        .allow_watch_bookmarks(true);
    let mut events = pods::watch(&client(&server), &request).unwrap();
    let mut next = || {
        let event = events.next().unwrap();
        step.send(()).unwrap();
        event
    };
    let PodEvent::Added(added) = next().unwrap() else {
        panic!("the pod should be added");
    };
    assert_eq!(added.object.metadata.name.as_deref(), Some("foo"));
    let PodEvent::Modified(modified) = next().unwrap() else {
        panic!("the pod should be modified");
    };
    assert_eq!(
        modified.object.status.unwrap().phase.as_deref(),
        Some("Running")
    );
    let PodEvent::Bookmark(bookmark) = next().unwrap() else {
        panic!("a bookmark should follow");
    };
    assert_eq!(bookmark.object.metadata.resource_version, "12746");
    let error = next().unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Status, Some("Expired"))
    );
    assert!(
        error
            .message()
            .ends_with("too old resource version: 10245 (12746)"),
        "{error}"
    );
    assert!(events.next().is_none());

    let request = server.request();
    assert_eq!(
        request.line,
        "GET /api/v1/namespaces/test/pods?watch=1&resourceVersion=10245&allowWatchBookmarks=true HTTP/1.1"
    );
    assert_eq!(
        request.header("accept"),
        Some("application/x-ndjson, application/json")
    );
}

#[test]
fn watch_that_the_server_ends_has_no_error() {
    let (server, step) = server_in_step("application/json", &[&EVENTS[..2].concat()]);
    step.send(()).unwrap();
    let events = pods::watch(&client(&server), &pods::Watch::new("test")).unwrap();
    assert_eq!(events.map(Result::unwrap).count(), 2);
}

#[test]
fn expired_version_is_an_error_of_the_call() {
    let status = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version","reason":"Expired","code":410}"#;
    let server = Server::scripted([Action::json(410, status)]);
    let error = pods::watch(&client(&server), &pods::Watch::new("test")).unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(410), Some("Expired")));
}

#[test]
fn log_is_followed_until_an_interrupt() {
    let (server, step) = server_in_step("text/plain", &["first\nsecond\nthi", "rd\n"]);
    let interrupt = Interrupt::new();
    let client = client(&server).with_interrupt(interrupt.clone());
    let request = pods::Log::new("test", "foo").follow(true);
    let mut lines = pods::log(&client, &request).unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "first");
    assert_eq!(lines.next().unwrap().unwrap(), "second");
    step.send(()).unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "third");
    interrupt.raise();
    assert_eq!(
        lines.next().unwrap().unwrap_err().kind(),
        ErrorKind::Interrupted
    );
    assert!(lines.next().is_none());
    // The server does not wait any longer, and its connection is closed.
    drop(step);
    server.wait_until_closed(1);
}
