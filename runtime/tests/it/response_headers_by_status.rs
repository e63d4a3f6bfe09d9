//! Responses by status code with headers.

use api_runtime::{Client, Error, ErrorKind};
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/response_headers_by_status.toml",
        derive = [PartialEq, Serialize]
    );
}

use api::files::{self, GetResponse, PutResponse};

fn client(server: &Server) -> Client {
    Client::builder(server.url()).build().unwrap()
}

#[test]
fn conditional_get_returns_the_file_once_and_then_not_modified() {
    let server = Server::scripted([
        Action::respond(200, &["etag: \"v1\""], r#"{"size": 3}"#),
        Action::Send(b"HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\n\r\n".to_vec()),
        Action::respond(203, &[], "text"),
    ]);
    let client = client(&server);
    let GetResponse::Ok(first) = files::get(&client, &files::Get::new()).unwrap() else {
        panic!("a file should be returned");
    };
    assert_eq!((first.size, first.etag.as_deref()), (3, Some("\"v1\"")));
    let request = files::Get::new().if_none_match(first.etag.unwrap());
    let GetResponse::NotModified(second) = files::get(&client, &request).unwrap() else {
        panic!("the file should be unchanged");
    };
    assert_eq!(second.etag.as_deref(), Some("\"v1\""));
    let GetResponse::NonAuthoritative(third) = files::get(&client, &request).unwrap() else {
        panic!("the text should be returned");
    };
    assert_eq!((&*third.body, third.etag), ("text", None));

    let requests = server.requests();
    assert_eq!(requests[0].header("if-none-match"), None);
    assert_eq!(requests[1].header("if-none-match"), Some("\"v1\""));
    // A response with 304 has no body, so that the connection is used again.
    assert_eq!(server.connections(), 1);
}

fn put(status: u16, headers: &[&str], body: &str) -> Result<PutResponse, Error> {
    let server = Server::scripted([Action::respond(status, headers, body)]);
    files::put(&client(&server), &files::Put::new())
}

#[test]
fn each_status_code_has_its_own_headers() {
    let Ok(PutResponse::Ok(ok)) = put(200, &["X-Version: 7"], "abc") else {
        panic!("the status code is 200");
    };
    assert_eq!((ok.x_version, &ok.body[..]), (7, &b"abc"[..]));
    let Ok(PutResponse::Created(created)) = put(201, &["Location: /files/1"], "ignored") else {
        panic!("the status code is 201");
    };
    assert_eq!(created.location, "/files/1");
    let Ok(PutResponse::Accepted(accepted)) = put(202, &["Retry-After: 5"], "[1]") else {
        panic!("the status code is 202");
    };
    assert_eq!(
        (accepted.retry_after, accepted.body[0].as_i64()),
        (Some(5), Some(1))
    );
    assert_eq!(
        put(204, &["Location: /files/1"], "").unwrap(),
        PutResponse::NoContent
    );
}

#[test]
fn missing_and_invalid_headers_are_errors() {
    for (status, headers, message) in [
        (201, &[][..], "the response has no header `Location`"),
        (
            200,
            &["X-Version: new"],
            "the header `X-Version` does not match the spec",
        ),
    ] {
        let error = put(status, headers, "").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert_eq!(error.status(), Some(status));
        assert!(error.message().starts_with(message), "{error}");
    }
}
