//! Responses by status code, error bodies, and errors with a success status code.

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
