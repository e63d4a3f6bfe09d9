//! Responses that are not JSON, and headers of responses.

use std::io::{self, Write};

use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Client, Error, ErrorKind, Wait};
use test_server::{Action, Server};

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/responses.toml");
}

use api::{State, files, jobs};

/// Returns a client that receives this body with these headers.
fn answered(body: &str, headers: &[(&str, &str)]) -> (Client, Scripted) {
    let mut response = Response::builder();
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let script = Scripted::new().respond_with(response.body(body.into()).unwrap());
    (client(&script), script)
}

#[test]
fn text_and_bytes_are_returned_unchanged() {
    let (client, script) = answered("{plain\n", &[]);
    assert_eq!(
        files::text(&client, &files::Text::new()).unwrap(),
        "{plain\n"
    );
    let accept = ("accept".to_owned(), "*/*".to_owned());
    assert!(sent(&script).headers.contains(&accept));

    let (client, _) = answered("\0\u{1}", &[("etag", "\"7\"")]);
    let answer = files::bytes(&client, &files::Bytes::new()).unwrap();
    assert_eq!(
        (answer.body, answer.etag.as_deref()),
        (vec![0, 1], Some("\"7\""))
    );

    let script = Scripted::new().respond(200, [0xff]);
    let error = files::text(&crate::support::client(&script), &files::Text::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[test]
fn headers_are_decoded_into_fields() {
    let (client, _) = answered(
        "",
        &[
            ("x-count", "7"),
            ("x-state", "on"),
            ("link", "a"),
            ("link", "b"),
        ],
    );
    let meta = files::meta(&client, &files::Meta::new()).unwrap();
    assert_eq!(
        (meta.x_count, meta.x_state, meta.link.as_deref()),
        (7, State::On, Some("a, b"))
    );

    let (client, _) = answered(r#"{"id": 3}"#, &[("location", "/jobs/3")]);
    let started = jobs::start(&client, &jobs::Start::new()).unwrap();
    assert_eq!((started.id, &*started.location), (3, "/jobs/3"));

    let (client, _) = answered(r#"[{"id": 3, "state": "on"}]"#, &[("x-total", "90")]);
    let listed = jobs::list(&client, &jobs::List::new()).unwrap();
    assert_eq!((listed.body.len(), listed.x_total), (1, 90));
}

#[test]
fn missing_and_invalid_headers_are_errors() {
    let message_of = |headers: &[(&str, &str)]| {
        let (client, _) = answered("", headers);
        let error = files::meta(&client, &files::Meta::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.may_have_been_processed());
        error.message().to_owned()
    };
    assert_eq!(message_of(&[]), "the response has no header `X-Count`");
    let text = message_of(&[("x-count", "many")]);
    assert!(
        text.starts_with("the header `X-Count` does not match the spec: "),
        "{text}"
    );
}

#[test]
fn waiter_returns_a_declared_struct() {
    let script = Scripted::new()
        .respond(200, r#"{"id": 3, "state": "off"}"#)
        .respond(200, r#"{"id": 3, "state": "on"}"#);
    let (other, _) = answered(r#"{"id": 3}"#, &[("location", "/jobs/3")]);
    let started = jobs::start(&other, &jobs::Start::new()).unwrap();
    let job = jobs::wait_for_start(&client(&script), &started, Wait::new()).unwrap();
    assert_eq!(job.state, State::On);
    assert_eq!(script.requests()[0].target, "/base/jobs/3");
}

#[test]
fn stream_is_written_to_the_writer() {
    let (client, _) = answered("abc", &[("content-type", "text/plain")]);
    let mut file = Vec::new();
    assert_eq!(
        files::download(&client, &files::Download::new(), &mut file).unwrap(),
        3
    );
    assert_eq!(file, b"abc");

    let (client, _) = answered("abc", &[("content-type", "text/plain")]);
    let request = files::DownloadWithType::new();
    let answer = files::download_with_type(&client, &request, &mut file).unwrap();
    assert_eq!(
        (&*answer.content_type, &*file),
        ("text/plain", &b"abcabc"[..])
    );

    let script = Scripted::new().respond(404, r#"{"message": "no such file"}"#);
    let client = crate::support::client(&script);
    let error = files::download(&client, &files::Download::new(), &mut file).unwrap_err();
    assert!(error.message().contains("no such file"));
    assert_eq!(file.len(), 6);
}

#[test]
fn error_of_the_writer_is_returned() {
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is full"))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let (client, script) = answered("abc", &[]);
    let error = files::download(&client, &files::Download::new(), &mut Full).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Output);
    assert!(error.message().contains("the disk is full") && error.may_have_been_processed());
    assert_eq!(script.requests().len(), 1);
}

/// Starts a server that sends these bytes and closes the connection, and a client of it.
fn serve(response: &[u8]) -> (Client, Server) {
    let server = Server::scripted([Action::SendAndClose(response.to_vec())]);
    (Client::builder(server.url()).build().unwrap(), server)
}

#[test]
fn stream_is_received_over_the_network() {
    let (client, _server) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    let mut file = Vec::new();
    let small: Client = client;
    assert_eq!(
        files::download(&small, &files::Download::new(), &mut file).unwrap(),
        5
    );
    assert_eq!(file, b"hello");
}

#[test]
fn interrupted_stream_is_not_retried() {
    let (client, server) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel");
    let mut file = Vec::new();
    let error: Error = files::download(&client, &files::Download::new(), &mut file).unwrap_err();
    assert_eq!((error.attempts(), &*file), (1, &b"hel"[..]));
    assert_ne!(error.kind(), ErrorKind::Output);
    assert_eq!(server.requests().len(), 1);
}
