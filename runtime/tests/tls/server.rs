//! Server whose responses to all requests are the same, and servers that fail during the handshake.

use std::io;
use std::time::Duration;

use test_server::tls::{Authority, Certificate};
use test_server::{Connection, Server};

/// Behavior of a server that does not complete the TLS handshake.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Greeting {
    /// Sends an HTTP response that is not encrypted.
    Plain,
    /// Sends nothing.
    Silence,
    /// Sends a long handshake message byte by byte.
    Drip,
    /// Resets the connection.
    Reset,
    /// Closes the connection.
    Close,
}

/// Starts a server that never completes a handshake.
pub(crate) fn greeting(greeting: Greeting) -> Server {
    Server::start(move |mut connection| {
        // The client speaks first.
        connection.has_data()?;
        match greeting {
            Greeting::Plain => {
                connection.respond(400, &[], "")?;
                connection.wait_for_close()
            }
            Greeting::Silence => connection.wait_for_close(),
            Greeting::Drip => drip(&mut connection),
            Greeting::Reset => connection.reset(),
            Greeting::Close => {
                connection.shut_down_write()?;
                connection.wait_for_close()
            }
        }
    })
}

fn drip(connection: &mut Connection) -> io::Result<()> {
    // The header of a TLS record with a handshake message of 16 KiB, which is never complete.
    connection.send([22, 3, 3, 64, 0])?;
    connection.send_slowly(std::iter::repeat(&0), Duration::from_millis(5))
}

/// Starts a server with this certificate.
pub(crate) fn with_certificate(certificate: &Certificate) -> Server {
    start(certificate.server_config())
}

/// Starts a server with this certificate that requires client certificates of the authority.
pub(crate) fn with_clients_of(authority: &Authority, certificate: &Certificate) -> Server {
    start(certificate.server_config_for_clients_of(authority))
}

fn start(config: std::sync::Arc<rustls::ServerConfig>) -> Server {
    Server::start(move |connection| {
        let mut connection = connection.into_tls(&config)?;
        loop {
            connection.read_request()?;
            connection.respond(200, &[], r#"{"now": "12:00"}"#)?;
        }
    })
}
