//! Connections that are opened to be examined.

use std::net::SocketAddr;
use std::time::Duration;

use crate::error::Error;

/// Connection to a server that was opened to be examined, without a request. See
/// [`ClientBuilder::inspect`](crate::ClientBuilder::inspect).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Inspection {
    /// Origin of the proxy, e.g. ``the proxy in `HTTPS_PROXY` ``, or `None` for a direct connection.
    pub proxy: Option<String>,
    /// Address of the server, or of the proxy, if the TCP connection was established.
    pub address: Option<SocketAddr>,
    /// Duration of the DNS lookup and of the TCP connection.
    pub tcp_time: Option<Duration>,
    /// `true` if a connection to the server was established, if need be through the proxy. TLS may have
    /// failed.
    pub is_connected: bool,
    /// Result of the TLS handshake, for `https` with rustls.
    pub tls: Option<TlsInspection>,
    /// Error that has ended the inspection early.
    pub error: Option<Error>,
}

/// Result of a TLS handshake. The certificates were not verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsInspection {
    /// Version of the protocol, e.g. `1.3`.
    pub version: Option<&'static str>,
    /// Certificates that the server has sent, in DER format. The first one is that of the server.
    pub certificates: Vec<Vec<u8>>,
}
