//! The server as a client sees it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use test_server::{Action, CONTINUE, ClosedPort, DEADLINE, Listener, Server};

const GET: &str = "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n";

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// Sends the bytes and returns everything that the server sends until it closes the connection.
fn exchange(server: &Server, bytes: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    received
}

#[test]
fn requests_are_recorded_with_headers_and_body() {
    let server = Server::scripted([Action::SendAndClose(b"bye".to_vec())]);
    let request = "POST /x HTTP/1.1\r\nB: 2\r\nA: 1\r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(exchange(&server, request), "bye");
    let request = server.request();
    assert_eq!((request.method(), request.target()), ("POST", "/x"));
    assert_eq!(request.header("b"), Some("2"));
    assert_eq!(request.sorted_headers(), "a: 1\nb: 2\ncontent-length: 3\n");
    assert_eq!((request.text(), request.body_len), ("abc", 3));
}

#[test]
fn one_connection_serves_several_requests() {
    let server = Server::scripted([Action::json(200, "1"), Action::json(404, "2")]);
    let received = exchange(&server, &(GET.to_owned() + GET + GET));
    assert_eq!(received.matches("HTTP/1.1 ").count(), 2, "{received}");
    assert_eq!((server.requests().len(), server.connections()), (2, 1));
}

#[test]
fn continue_is_sent_before_the_body_is_read() {
    let server = Server::scripted([Action::SendAndClose(Vec::new())]);
    let mut stream = connect(&server);
    let head = "PUT / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut received = vec![0; CONTINUE.len()];
    stream.read_exact(&mut received).unwrap();
    assert_eq!(received, CONTINUE);
    stream.write_all(b"{}").unwrap();
    stream.read_to_end(&mut received).unwrap();
    assert_eq!(server.request().text(), "{}");
}

#[test]
fn zeros_of_large_bodies_are_omitted() {
    let server = Server::scripted([Action::SendAndClose(Vec::new())]);
    let body = "\0".repeat(9 << 20) + "end";
    let head = format!("PUT / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
    exchange(&server, &(head + &body));
    let request = server.request();
    assert_eq!(request.body_len, body.len() as u64);
    assert!(request.body.ends_with(b"end") && request.body.len() < 1 << 20);
}

#[test]
fn reset_is_not_an_end_of_stream() {
    let server = Server::scripted([Action::Reset]);
    let mut stream = connect(&server);
    stream.write_all(GET.as_bytes()).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    server.wait_until_closed(1);
}

#[test]
fn bytes_before_a_reset_are_received() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send("partial")?;
        connection.reset()
    });
    let mut stream = connect(&server);
    stream.write_all(GET.as_bytes()).unwrap();
    let mut received = [0; 7];
    stream.read_exact(&mut received).unwrap();
    assert_eq!(&received, b"partial");
    let error = stream.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn bytes_that_are_not_http_are_rejected() {
    let server = Server::start(|mut connection| {
        // Also if bytes were received before.
        connection.has_data()?;
        let error = connection.read_request().unwrap_err();
        connection.send(error.kind().to_string())
    });
    assert_eq!(
        exchange(&server, "\u{16}\u{3}\u{1}"),
        ErrorKind::InvalidData.to_string()
    );
}

#[test]
fn slow_bytes_arrive_in_order() {
    let server = Server::start(|mut connection| connection.send_slowly(b"abc", Duration::ZERO));
    assert_eq!(exchange(&server, ""), "abc");
}

#[test]
fn drop_ends_hanging_handlers() {
    let server = Server::start(|connection| {
        connection.hang();
        Ok(())
    });
    let mut stream = connect(&server);
    server.wait_until_connected(1);
    drop(server);
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn close_connections_waits_for_handlers() {
    let server = Server::start(|mut connection| connection.wait_for_close());
    let mut stream = connect(&server);
    server.wait_until_connected(1);
    assert_eq!(server.open_connections(), 1);
    server.close_connections();
    assert_eq!(server.open_connections(), 0);
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn panic_in_a_handler_is_raised_on_drop() {
    let server = Server::start(|_| panic!("expected by the test"));
    exchange(&server, "");
    catch_unwind(AssertUnwindSafe(|| drop(server))).unwrap_err();
}

#[test]
fn closed_port_refuses_until_it_listens() {
    let port = ClosedPort::new();
    let error = TcpStream::connect(port.address()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    let server = Server::start_on(port.listen(), |mut connection| connection.send("open"));
    assert_eq!(exchange(&server, ""), "open");
}

#[test]
fn listener_sees_each_connection_once() {
    let listener = Listener::bind();
    assert!(!listener.take_connection());
    let _stream = TcpStream::connect(listener.address()).unwrap();
    assert!(listener.take_connection());
    assert!(!listener.take_connection());
}
