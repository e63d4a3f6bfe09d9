//! HTTP/1.1 server for tests that controls every byte of the connection.
//!
//! A [`Server`] listens on a free port of the loopback interface and runs a handler for each
//! connection. The handler reads requests from the [`Connection`] as bytes, and sends, delays or
//! truncates responses, resets the connection, or leaves the client waiting. Dropping the server
//! closes all connections and waits for the handlers; a panic in a handler fails the test.
//!
//! ```
//! use std::io::{Read as _, Write as _};
//! use test_server::Server;
//!
//! // Sends half of a response and closes the connection.
//! let server = Server::start(|mut connection| {
//!     connection.read_request()?;
//!     connection.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
//! });
//! let mut client = std::net::TcpStream::connect(server.address())?;
//! client.write_all(b"GET /x HTTP/1.1\r\nhost: h\r\n\r\n")?;
//! let mut response = String::new();
//! client.read_to_string(&mut response)?;
//! assert!(response.ends_with("hello"));
//! assert_eq!(server.request().line, "GET /x HTTP/1.1");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`Server::scripted`] takes a list of [`Action`]s, one for each request:
//!
//! ```
//! use test_server::{Action, Server};
//!
//! let server = Server::scripted([
//!     Action::json(503, r#"{"error": "starting"}"#),
//!     Action::Reset,
//!     Action::json(200, r#"{"id": "1"}"#),
//! ]);
//! assert_eq!(server.connections(), 0);
//! ```
//!
//! Reads, writes and waits fail after [`DEADLINE`], so that a broken client fails a test instead of
//! blocking it. The feature `tls` adds certificates and `Connection::into_tls`.

mod action;
mod connection;
mod deadline;
mod listener;
mod message;
mod server;
mod state;
mod stream;
#[cfg(feature = "tls")]
pub mod tls;

pub use self::action::Action;
pub use self::connection::Connection;
pub use self::deadline::DEADLINE;
pub use self::listener::{ClosedPort, Listener};
pub use self::message::{CONTINUE, Request, response};
pub use self::server::Server;
