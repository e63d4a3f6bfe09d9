//! Bodies that are one value, or bytes.

use api_runtime::{Argument, ErrorKind, Upload};
use serde_json::json;
use test_server::{Action, Server};

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."

        [structs.Tag]
        fields = { name = "string" }

        [endpoints.files.tag]
        doc = "Tags a file."
        http = "POST /files/{id}/tags"
        path = { id = "int" }
        json = "[Tag]"

        [endpoints.files.patch]
        doc = "Changes a file."
        http = "PATCH /files"
        json = "json?"

        [endpoints.files.put]
        doc = "Puts a file."
        http = "PUT /files"
        query = { name = "string" }
        body = "text/csv; charset=utf-8"

        [endpoints.files.delete]
        doc = "Deletes files."
        http = "DELETE /files"
        json = { ids = "[int]" }
    "# }
}

use api::{Tag, files};

fn header(sent: &api_runtime::transport::RecordedRequest, name: &str) -> Option<String> {
    let mut headers = sent.headers.iter();
    headers
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.clone())
}

#[test]
fn one_value_is_the_body() {
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
fn the_value_may_be_absent() {
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
fn bytes_and_files_go_as_they_are() {
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
        shown.ends_with("-H 'content-type: text/csv; charset=utf-8' --data-binary '@t.csv'"),
        "{shown}"
    );

    let missing = files::Put::new("n", std::path::Path::new("/no/such/file"));
    let error = files::put(&client, &missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_delete_has_a_body_if_it_is_described() {
    let (client, script) = answered();
    files::delete(&client, &files::Delete::new(vec![1, 2])).unwrap();
    assert_eq!(sent(&script).body, br#"{"ids":[1,2]}"#);
}

#[test]
fn bodies_by_name() {
    let (client, script) = answered();
    let id = ("id".to_owned(), Argument::Text("7".into()));
    let tags = ("body".to_owned(), Argument::Json(json!([{"name": "a"}])));
    client
        .call_by_name(&api::ENDPOINTS[0], &[id, tags])
        .unwrap();
    assert_eq!(sent(&script).body, br#"[{"name":"a"}]"#);
}

/// HTTP libraries have views of their own on bodies of `DELETE`.
#[test]
fn a_delete_with_a_body_over_the_network() {
    let no_content = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    let server = Server::scripted([Action::SendAndClose(no_content)]);
    let client = api_runtime::Client::builder(server.url()).build().unwrap();
    files::delete(&client, &files::Delete::new(vec![1, 2])).unwrap();
    let request = server.request();
    assert_eq!(request.line, "DELETE /files HTTP/1.1");
    assert_eq!(request.text(), "{\"ids\":[1,2]}");
}
