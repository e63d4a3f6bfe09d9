//! Waiters whose fields are fields of structs, and statuses that are booleans.

use api_runtime::transport::Scripted;
use api_runtime::{Client, ErrorKind, ManualClock, Progress, Wait};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/nested_fields.toml");
}

use api::{Job, exports, runs};

/// Returns a client without real pauses between polls.
fn client(script: &Scripted) -> Client {
    let builder = Client::builder("http://127.0.0.1:1").transport(script.clone());
    builder.clock(ManualClock::new()).build().unwrap()
}

fn script(responses: &[&str]) -> Scripted {
    responses.iter().fold(Scripted::new(), |script, response| {
        script.respond(200, *response)
    })
}

fn targets(script: &Scripted) -> Vec<String> {
    let requests = script.requests().into_iter();
    requests.map(|request| request.target).collect()
}

#[test]
fn nested_status_is_polled_with_nested_values() {
    let script = script(&[
        r#"{"run": {"info": {"id": "7"}}}"#,
        "{}",
        r#"{"status": null}"#,
        r#"{"status": {}}"#,
        r#"{"status": {"phase": null}}"#,
        r#"{"status": {"phase": "paused"}}"#,
        r#"{"status": {"phase": "done"}}"#,
    ]);
    let client = client(&script);
    let request = runs::Create::new(Job::new("nightly", "me"));
    let created = runs::create(&client, &request).unwrap();
    let mut seen = Vec::new();
    let wait = Wait::new().on_poll(|response: &runs::ShowResponse| {
        let progress = runs::create_progress(response);
        seen.push(match progress {
            Progress::Pending(status) => status.to_owned(),
            progress => format!("{progress:?}"),
        });
    });
    let response = runs::wait_for_create(&client, &request, &created, wait).unwrap();
    assert_eq!(runs::create_progress(&response), Progress::Done);
    assert_eq!(seen, ["", "", "", "", "paused", "Done"]);
    assert_eq!(targets(&script)[1..], ["/runs/7?owner=me"; 6]);
}

#[test]
fn nested_status_can_be_an_error() {
    let script = script(&[
        r#"{"run": {"info": {"id": "7"}}}"#,
        r#"{"status": {"phase": "failed"}}"#,
    ]);
    let client = client(&script);
    let request = runs::Create::new(Job::new("nightly", "me"));
    let created = runs::create(&client, &request).unwrap();
    let error = runs::wait_for_create(&client, &request, &created, Wait::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert!(error.message().contains("`failed`"), "{error}");
}

#[test]
fn name_with_a_dot_takes_precedence_over_a_path() {
    let script = script(&[
        r#"{"status": {"phase": "done"}}"#,
        r#"{"status": {"phase": "queued"}, "status.phase": "failed"}"#,
    ]);
    let request = runs::Stop::new("7");
    let response = runs::wait_for_stop(&client(&script), &request, Wait::new()).unwrap();
    assert_eq!(response.status_phase, api::Phase::Failed);
    assert_eq!(targets(&script), ["/runs/7/flat"; 2]);
}

#[test]
fn boolean_status_is_awaited() {
    let first = script(&[
        "{}",
        r#"{"progress": {"done": null}}"#,
        r#"{"progress": {"done": false}}"#,
        r#"{"progress": {"done": true}}"#,
    ]);
    let mut seen = Vec::new();
    let wait = Wait::new().on_poll(|response: &exports::ShowResponse| {
        seen.push(format!("{:?}", exports::start_progress(response)));
    });
    let done = exports::wait_for_start(&client(&first), wait).unwrap();
    assert_eq!(done.body.progress.unwrap().done, Some(true));
    let expected = [
        r#"Pending("")"#,
        r#"Pending("")"#,
        r#"Pending("false")"#,
        "Done",
    ];
    assert_eq!(seen, expected);

    let second = script(&[r#"{"ready": false}"#, r#"{"ready": true}"#]);
    let done = exports::wait_for_poll(&client(&second), Wait::new()).unwrap();
    assert!(done.ready);
}

#[test]
fn boolean_status_of_a_struct_that_contains_itself_can_be_an_error() {
    let inner = r#"{"progress": {"after": {"progress": {"done": false}}}}"#;
    let script = script(&[r#"{"progress": {"done": false}}"#, inner]);
    let error = exports::wait_for_restart(&client(&script), Wait::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert!(error.message().contains("`false`"), "{error}");
    assert_eq!(script.requests().len(), 2);
}
