//! Resolver for `ureq`.

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

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
