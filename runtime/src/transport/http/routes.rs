//! Agents of a transport. The proxy for a URL determines its agent.

use ureq::Agent;
use ureq::http::Uri;

use super::super::error::{TransportError, TransportErrorKind};
use super::proxy::{ProxyAgent, ProxyRules};
#[cfg(feature = "_tls")]
use super::tls::trust::Trust;
use crate::delivery::Delivery;

/// Agent for direct connections, and those for proxies.
#[derive(Debug)]
pub(super) struct Routes {
    pub(super) direct: Agent,
    pub(super) proxies: ProxyRules,
    #[cfg(feature = "_tls")]
    pub(super) trust: Trust,
}

/// Agent for a URL, and its proxy if it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    pub(super) agent: &'a Agent,
    pub(super) proxy: Option<&'a ProxyAgent>,
}

impl Routes {
    /// Returns the route for a URL, or the message of the error if the variables that apply to it are
    /// invalid.
    pub(super) fn select(&self, uri: &Uri) -> Result<Route<'_>, &str> {
        let proxy = self.proxies.select(uri)?;
        #[cfg(feature = "_tls")]
        if uri.scheme_str() == Some("https") || proxy.is_some_and(|proxy| proxy.is_https) {
            self.trust.check()?;
        }
        Ok(Route {
            agent: proxy.map_or(&self.direct, |proxy| &proxy.agent),
            proxy,
        })
    }

    /// Adds the configuration that an error depends on to its message: the proxy, and the trusted root
    /// certificates.
    pub(super) fn explain(&self, mut error: TransportError, route: Route<'_>) -> TransportError {
        #[cfg(feature = "_tls")]
        if error.kind == TransportErrorKind::Certificate {
            error.message += &self.trust.advice();
        }
        if let Some(proxy) = route.proxy
            && error.kind == TransportErrorKind::Connect
        {
            error.message += &[" (through ", &proxy.origin, ")"].concat();
        }
        error
    }
}

/// Creates the error of a URL without a route. Nothing was sent.
pub(super) fn no_route(message: &str) -> TransportError {
    TransportError {
        delivery: Delivery::NotProcessed,
        kind: TransportErrorKind::InvalidRequest,
        transient: false,
        message: message.to_owned(),
        source: None,
    }
}
