//! Answers that are not JSON, and answers with headers.

use std::io::{self, Write};

use api_runtime::http::Response;
use api_runtime::transport::Scripted;
use api_runtime::{Client, Error, ErrorKind, Wait};
use test_server::{Action, Server};

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."

        [enums.State]
        values = { on = "", off = "" }

        [structs.Job]
        fields = { id = "int", state = "State" }

        [endpoints.files.text]
        doc = "Reads a text."
        http = "GET /text"
        response = "text"

        [endpoints.files.bytes]
        doc = "Reads a file."
        http = "GET /bytes"
        response = "bytes"
        response_headers = { ETag = "string?" }

        [endpoints.files.download]
        doc = "Downloads a file."
        http = "GET /stream"
        response = "stream"

        [endpoints.files.download_with_type]
        doc = "Downloads a file."
        http = "GET /stream"
        response = "stream"
        response_headers = { Content-Type = "string" }

        [endpoints.files.meta]
        doc = "Shows what a file is."
        http = "HEAD /bytes"
        response_headers = { X-Count = "int", X-State = "State", Link = "string?" }

        [endpoints.jobs.start]
        doc = "Starts a job."
        http = "POST /jobs"
        response = { id = "int" }
        response_headers = { Location = "string" }
        wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["on"], pending = ["off"] }

        [endpoints.jobs.get]
        doc = "Shows a job."
        http = "GET /jobs/{id}"
        path = { id = "int" }
        response = "Job"

        [endpoints.jobs.list]
        doc = "Lists jobs."
        http = "GET /jobs"
        response = "[Job]"
        response_headers = { X-Total = "int" }
    "# }
}

use api::{State, files, jobs};

/// A client that is answered this body with these headers.
fn answered(body: &str, headers: &[(&str, &str)]) -> (Client, Scripted) {
    let mut response = Response::builder();
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let script = Scripted::new().respond_with(response.body(body.into()).unwrap());
    (client(&script), script)
}

#[test]
fn text_and_bytes_come_as_they_are() {
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
        (answer.body, answer.e_tag.as_deref()),
        (vec![0, 1], Some("\"7\""))
    );

    let script = Scripted::new().respond(200, [0xff]);
    let error = files::text(&crate::support::client(&script), &files::Text::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[test]
fn headers_are_fields() {
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
fn headers_that_are_not_as_described() {
    let said = |headers: &[(&str, &str)]| {
        let (client, _) = answered("", headers);
        let error = files::meta(&client, &files::Meta::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.may_have_been_processed());
        error.message().to_owned()
    };
    assert_eq!(said(&[]), "the response has no header `X-Count`");
    let text = said(&[("x-count", "many")]);
    assert!(
        text.starts_with("the header `X-Count` does not match the spec: "),
        "{text}"
    );
}

#[test]
fn a_poll_may_answer_with_a_declared_struct() {
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
fn a_download_is_written_elsewhere() {
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
fn what_cannot_be_written_is_told() {
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

/// A server that sends these bytes and closes the connection, and a client of it.
fn serve(response: &[u8]) -> (Client, Server) {
    let server = Server::scripted([Action::SendAndClose(response.to_vec())]);
    (Client::builder(server.url()).build().unwrap(), server)
}

#[test]
fn a_download_over_the_network() {
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
fn half_a_download_is_not_begun_again() {
    let (client, server) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel");
    let mut file = Vec::new();
    let error: Error = files::download(&client, &files::Download::new(), &mut file).unwrap_err();
    assert_eq!((error.attempts(), &*file), (1, &b"hel"[..]));
    assert_ne!(error.kind(), ErrorKind::Output);
    assert_eq!(server.requests().len(), 1);
}
