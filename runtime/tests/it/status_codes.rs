//! Responses by status code, error bodies, and errors with a success status code.

use std::time::SystemTime;

use api_runtime::http::Response;
use api_runtime::{Error, ErrorKind, transport::Scripted};

use crate::support::client;

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/status_codes.toml", derive = [PartialEq]);
}

use api::{Conflict, Problem, files, files::PutResponse};

fn put(status: u16, body: &str) -> Result<PutResponse, Error> {
    let script = Scripted::new().respond(status, body);
    files::put(&client(&script), &files::Put::new())
}

fn get(status: u16, body: &str) -> Result<files::GetResponse, Error> {
    let script = Scripted::new().respond(status, body);
    files::get(&client(&script), &files::Get::new())
}

#[test]
fn status_code_selects_the_variant() {
    assert!(matches!(
        put(200, r#"{"id": 7}"#),
        Ok(PutResponse::Ok(files::PutOk { id: 7, .. }))
    ));
    assert_eq!(put(202, "whatever").unwrap(), PutResponse::Accepted);
    assert_eq!(put(209, "x").unwrap(), PutResponse::Status209("x".into()));
    assert_eq!(put(404, "x").unwrap(), PutResponse::NotFound(b"x".to_vec()));
    let conflict = put(409, r#"{"with": "a"}"#).unwrap();
    assert!(matches!(conflict, PutResponse::Conflict(Conflict { with, .. }) if with == "a"));
}

#[test]
fn undeclared_status_codes_are_errors() {
    let error = put(201, "{}").unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::InvalidResponse, Some(201))
    );
    assert!(error.may_have_been_processed());
    assert_eq!(put(400, "{}").unwrap_err().kind(), ErrorKind::Status);
}

/// Returns the error of a response with these headers.
fn error_with_headers(status: u16, headers: &[(&str, &str)]) -> Error {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let script = Scripted::new().respond_with(response.body(Vec::new()).unwrap());
    files::put(&client(&script), &files::Put::new()).unwrap_err()
}

#[test]
fn error_has_time_and_id_of_a_request_that_may_have_been_processed() {
    let before = SystemTime::now();
    let error = error_with_headers(502, &[("x-request-id", "")]);
    let sent_at = error.sent_at().unwrap();
    assert!((before..=SystemTime::now()).contains(&sent_at));
    assert_eq!(error.request_id(), None);

    let error = error_with_headers(400, &[("X-Request-Id", " ab\t1 ")]);
    assert_eq!((error.sent_at(), error.request_id()), (None, Some("ab 1")));
    let error = error_with_headers(201, &[("x-ms-request-id", "2")]);
    assert_eq!(error.request_id(), Some("2"));
}

#[test]
fn attachment_is_found_by_its_type() {
    let error = error_with_headers(400, &[]).attach("left").attach(7_u8);
    assert_eq!(error.attachment(), Some(&7_u8));
    assert_eq!(error.attachment::<&str>(), None);
    assert!(error.to_string().ends_with("400 Bad Request; 7"), "{error}");
}

#[test]
fn error_body_is_decoded_on_request() {
    let error = get(400, r#"{"title": "no", "detail": "not today"}"#).unwrap_err();
    let problem: Problem = error.details().unwrap();
    assert_eq!(
        (&*problem.title, problem.detail.as_deref()),
        ("no", Some("not today"))
    );
    assert!(error.details::<Conflict>().is_none());
    assert!(!format!("{error:?}").contains("not today"));
    assert!(get(200, "[]").unwrap_err().details::<Problem>().is_none());
}

#[test]
fn body_that_meets_a_condition_is_an_error() {
    for body in [
        r#"{"ok": false, "title": "no"}"#,
        r#"{"id": 3, "state": "failed", "title": "no"}"#,
        r#"{"errcode": 40013, "title": "no"}"#,
        r#"{"errcode": "0", "title": "no"}"#,
    ] {
        let error = get(200, body).unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Status, Some(200)),
            "{body}"
        );
        assert!(
            error.message().contains("no") && error.may_have_been_processed(),
            "{error}"
        );
        assert_eq!(error.details::<Problem>().unwrap().title, "no");
    }
    for body in [
        r#"{"id": 3}"#,
        r#"{"id": 3, "ok": true}"#,
        r#"{"id": 3, "ok": null, "errcode": 0, "state": "done"}"#,
    ] {
        assert_eq!(get(200, body).unwrap().id, 3, "{body}");
    }
}

#[test]
fn body_with_the_key_of_an_error_is_an_error() {
    for body in [
        r#"{"id": 3, "errors": [{"title": "no"}, {"title": "nor this"}]}"#,
        r#"{"errors": {"title": "no"}}"#,
        r#"{"id": 3, "result": {"error": "no"}}"#,
        r#"{"id": 3, "result": [{"series": [1], "error": "no"}, {}]}"#,
        r#"{"id": 3, "result.error": "no"}"#,
        r#"{"errors": 7, "title": "no"}"#,
        r#"{"errors": true, "title": "no"}"#,
    ] {
        let error = get(200, body).unwrap_err();
        let text = error.to_string();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Status, Some(200))
        );
        assert!(text.ends_with("200 OK: no"), "{text}");
    }
    for body in [
        r#"{"id": 3, "errors": null}"#,
        r#"{"id": 3, "errors": []}"#,
        r#"{"id": 3, "errors": {}, "result": {}}"#,
        r#"{"id": 3, "errors": "", "result": null}"#,
        r#"{"id": 3, "errors": false, "result": "error"}"#,
        r#"{"id": 3, "errors": 0, "result": [{"error": null}, {"error": "later"}]}"#,
        r#"{"id": 3, "error": "of another key", "more": {"errors": ["inside"]}}"#,
    ] {
        assert_eq!(get(200, body).unwrap().id, 3, "{body}");
    }
}
