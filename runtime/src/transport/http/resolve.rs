//! Names of hosts, and when they are looked up.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::dial;
use super::patience::Patience;

type Function = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// Finds the addresses of a host.
#[derive(Clone)]
pub(super) struct Lookup(Arc<Function>);

impl Lookup {
    /// That of the operating system.
    pub(super) fn system() -> Self {
        Self::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }

    pub(super) fn new(
        function: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }

    /// At least one address.
    pub(super) fn find(&self, place: &Place) -> io::Result<Vec<SocketAddr>> {
        let found = (self.0)(&place.host, place.port).and_then(|found| match found[..] {
            [] => Err(io::Error::other("it has no address")),
            _ => Ok(found),
        });
        found.map_err(|error| {
            let text = format!("the host {} cannot be found: {error}", place.host);
            io::Error::new(error.kind(), text)
        })
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup")
    }
}

/// Where a connection goes.
#[derive(Clone, Debug)]
pub(super) struct Place {
    host: String,
    port: u16,
}

impl Place {
    pub(super) fn of(uri: &Uri) -> Result<Self, Error> {
        let place = uri.host().zip(port(uri)).map(|(host, port)| Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
        });
        place.ok_or_else(|| Error::BadUri("a host and a known scheme are needed".into()))
    }

    /// Its address, if it is written as one.
    pub(super) fn literal(&self) -> Option<SocketAddr> {
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

/// Finds nothing, at once: `ureq` asks on every call, before it looks for a connection that it has.
/// [`Chain`](super::connect::Chain) looks up names when it makes one.
#[derive(Debug)]
pub(super) struct Later;

impl Resolver for Later {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// Finds addresses, for those connectors of `ureq` that need them.
impl Resolver for Lookup {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = dial::find(self, Place::of(uri)?, &mut Patience::new(timeout))?;
        let mut addresses = self.empty();
        for address in found {
            if addresses.try_push(address).is_err() {
                break;
            }
        }
        Ok(addresses)
    }
}
