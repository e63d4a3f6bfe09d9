//! Resolvers for `ureq`.

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::deadline::Deadline;
use super::dial;
use super::resolve::{DnsLookup, HostPort};

/// Returns no addresses. `ureq` calls its resolver on each call, before it looks for a pooled
/// connection. [`TransportChain`](super::connect::TransportChain) resolves names when it connects.
#[derive(Debug)]
pub(super) struct NoopResolver;

impl Resolver for NoopResolver {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// For the connectors of `ureq` that need addresses.
impl Resolver for DnsLookup {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = HostPort::from_uri(uri)?;
        let mut addresses = self.empty();
        for address in dial::resolve(self, host, &mut Deadline::new(timeout))? {
            if addresses.try_push(address).is_err() {
                break;
            }
        }
        Ok(addresses)
    }
}
