//! DNS lookup of host names.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use ureq::Error;
use ureq::http::Uri;

type Function = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// DNS lookup.
#[derive(Clone)]
pub(super) struct DnsLookup(Arc<Function>);

impl DnsLookup {
    /// Creates the lookup of the operating system.
    pub(super) fn system() -> Self {
        Self::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }

    pub(super) fn new(
        function: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }

    /// Looks up the addresses of a host. There is at least one.
    pub(super) fn look_up(&self, host: &HostPort) -> io::Result<Vec<SocketAddr>> {
        let addresses = (self.0)(&host.host, host.port).and_then(|addresses| match addresses[..] {
            [] => Err(io::Error::other("it has no address")),
            _ => Ok(addresses),
        });
        addresses.map_err(|error| {
            let message = format!("the host {} cannot be found: {error}", host.host);
            io::Error::new(error.kind(), message)
        })
    }
}

impl fmt::Debug for DnsLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DnsLookup")
    }
}

/// Host name or IP address, and port.
#[derive(Clone, Debug)]
pub(super) struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    pub(super) fn from_uri(uri: &Uri) -> Result<Self, Error> {
        let host = uri.host().zip(port(uri)).map(|(host, port)| Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
        });
        host.ok_or_else(|| Error::BadUri("no host or unknown scheme".into()))
    }

    /// Returns the host without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Returns the address if the host is an IP address.
    pub(super) fn ip_address(&self) -> Option<SocketAddr> {
        let address = self.host.parse().ok()?;
        Some(SocketAddr::new(address, self.port))
    }
}

fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| match uri.scheme_str()? {
        "http" => Some(80),
        "https" => Some(443),
        scheme if scheme.starts_with("socks") => Some(1080),
        _ => None,
    })
}
