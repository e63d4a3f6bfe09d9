//! Bodies that are a single value or a file.

use api_runtime::{Argument, ErrorKind, Upload};
use serde_json::json;
use test_server::{Action, Server};

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/bodies.toml");
}

use api::{Tag, files};

fn header(sent: &api_runtime::transport::RecordedRequest, name: &str) -> Option<String> {
    let mut headers = sent.headers.iter();
    headers
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.clone())
}

#[test]
fn single_value_is_the_whole_body() {
    let (client, script) = answered();
    files::tag(
        &client,
        &files::Tag::new(7, vec![Tag::new("a"), Tag::new("b")]),
    )
    .unwrap();
    let request = sent(&script);
    assert_eq!(request.body, br#"[{"name":"a"},{"name":"b"}]"#);
    assert_eq!(
        header(&request, "content-type").unwrap(),
        "application/json"
    );
}

#[test]
fn absent_value_is_an_empty_body() {
    let (client, script) = answered();
    files::patch(&client, &files::Patch::new()).unwrap();
    let request = sent(&script);
    assert_eq!(
        (request.body.len(), header(&request, "content-type")),
        (0, None)
    );
    let (client, script) = answered();
    files::patch(&client, &files::Patch::new().body(json!(null))).unwrap();
    assert_eq!(sent(&script).body, b"null");
}

#[test]
fn file_is_the_whole_body() {
    let (client, script) = answered();
    let csv = files::Put::new("n", Upload::bytes("t.csv", "a,b\n"));
    files::put(&client, &csv).unwrap();
    let request = sent(&script);
    assert_eq!(
        (&*request.body, &*request.target),
        (&b"a,b\n"[..], "/base/files?name=n")
    );
    assert_eq!(
        header(&request, "content-type").unwrap(),
        "text/csv; charset=utf-8"
    );
    let shown = client.to_curl(files::Put::OPERATION, &csv).unwrap();
    assert!(
        shown.ends_with("-H 'content-type: text/csv; charset=utf-8' \\\n  --data-binary @t.csv"),
        "{shown}"
    );

    let missing = files::Put::new("n", std::path::Path::new("/no/such/file"));
    let error = files::put(&client, &missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn caller_selects_the_media_type_of_a_body() {
    let png = files::Attach::new(Upload::bytes("a.png", "PNG"));
    for (request, media_type) in [
        (png.clone(), "application/octet-stream"),
        (png.content_type("image/png"), "image/png"),
    ] {
        let (client, script) = answered();
        files::attach(&client, &request).unwrap();
        let sent = sent(&script);
        let values = sent
            .headers
            .iter()
            .filter(|(name, _)| name == "content-type");
        let values: Vec<_> = values.map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, [media_type]);
        let shown = client.to_curl(files::Attach::OPERATION, &request).unwrap();
        let header = format!("-H 'content-type: {media_type}'");
        assert_eq!(shown.matches("content-type").count(), 1, "{shown}");
        assert!(shown.contains(&header), "{shown}");
    }
}

#[test]
fn delete_request_has_the_body_of_the_spec() {
    let (client, script) = answered();
    files::delete(&client, &files::Delete::new(vec![1, 2])).unwrap();
    assert_eq!(sent(&script).body, br#"{"ids":[1,2]}"#);
}

#[test]
fn calls_by_name_write_bodies() {
    let (client, script) = answered();
    let id = ("id".to_owned(), Argument::Text("7".into()));
    let tags = (
        "body".to_owned(),
        Argument::Json(json!([{"name": "a"}]).into()),
    );
    client
        .call_by_name(&api::ENDPOINTS[0], &[id, tags])
        .unwrap();
    assert_eq!(sent(&script).body, br#"[{"name":"a"}]"#);
}

/// Some HTTP libraries do not send the body of a `DELETE` request.
#[test]
fn body_of_a_delete_request_is_sent_over_the_network() {
    let no_content = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    let server = Server::scripted([Action::SendAndClose(no_content)]);
    let client = api_runtime::Client::builder(server.url()).build().unwrap();
    files::delete(&client, &files::Delete::new(vec![1, 2])).unwrap();
    let request = server.request();
    assert_eq!(request.line, "DELETE /files HTTP/1.1");
    assert_eq!(request.text(), "{\"ids\":[1,2]}");
}
