//! Reuse of connections.

use generated_client::contexts;
use test_server::{Action, Server, response};

use super::{CLUSTER, CONTEXT, client, command_status, create};

#[test]
fn calls_share_a_connection() {
    let chunked =
        b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let server = Server::scripted([
        Action::json(200, r#"{"id": "1"}"#),
        Action::json(404, r#"{"error": "an error response with a body"}"#),
        Action::json(200, ""),
        Action::Send(chunked.to_vec()),
        Action::json(200, r#"{"id": {}}"#),
        Action::json(200, r#"{"status": "Running"}"#),
    ]);
    let client = client(&server);
    contexts::create(&client, &create()).unwrap();
    contexts::create(&client, &create()).unwrap_err();
    contexts::destroy(&client, &contexts::Destroy::new(CLUSTER, CONTEXT)).unwrap();
    command_status(&client).unwrap_err();
    contexts::create(&client, &create()).unwrap_err();
    // A clone shares the connections.
    command_status(&client.clone()).unwrap();
    assert_eq!(server.requests().len(), 6);
    assert_eq!(server.connections(), 1);
}

#[test]
fn closed_connection_is_replaced() {
    let server = Server::scripted([
        Action::SendAndClose(response(200, &[], br#"{"id": "1"}"#)),
        Action::json(200, r#"{"id": "2"}"#),
    ]);
    let client = client(&server);
    contexts::create(&client, &create()).unwrap();
    server.wait_until_closed(1);
    let second = contexts::create(&client, &create()).unwrap();
    assert_eq!(second.id.as_str(), "2");
    assert_eq!((server.requests().len(), server.connections()), (2, 2));
}

#[test]
fn connection_close_header_prevents_reuse() {
    let server = Server::scripted([
        Action::respond(200, &["connection: close"], r#"{"id": "1"}"#),
        Action::json(200, r#"{"id": "2"}"#),
    ]);
    let client = client(&server);
    contexts::create(&client, &create()).unwrap();
    contexts::create(&client, &create()).unwrap();
    assert_eq!(server.connections(), 2);
}
