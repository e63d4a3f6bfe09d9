//! Makes connections, through proxies and with TLS where they are asked for.

use ureq::Error;
use ureq::unversioned::resolver::Resolver as _;
#[cfg(feature = "_tls")]
use ureq::unversioned::transport::Either;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, SocksConnector, Transport,
};
use ureq::{Proxy, ProxyProtocol};

use super::call::{self, Call};
use super::dial;
use super::lookup::{Lookup, Place};
use super::patience::Patience;
use super::relay::Relay;
use super::socket::Socket;
use super::wire::Wire;

/// The connectors of `ureq`, around a [`Socket`] and below a [`Wire`].
#[derive(Debug)]
pub(super) struct Chain {
    lookup: Lookup,
    has_proxy: bool,
    socks: SocksConnector,
    tunnel: ConnectProxyConnector,
    #[cfg(feature = "_rustls")]
    rustls: ureq::unversioned::transport::RustlsConnector,
    #[cfg(feature = "native-tls")]
    native: ureq::unversioned::transport::NativeTlsConnector,
}

impl Chain {
    pub(super) fn new(lookup: Lookup, has_proxy: bool) -> Self {
        Self {
            lookup,
            has_proxy,
            socks: SocksConnector::default(),
            tunnel: ConnectProxyConnector::default(),
            #[cfg(feature = "_rustls")]
            rustls: ureq::unversioned::transport::RustlsConnector::default(),
            #[cfg(feature = "native-tls")]
            native: ureq::unversioned::transport::NativeTlsConnector::default(),
        }
    }

    fn open(&self, details: &ConnectionDetails) -> Result<Box<dyn Transport>, Error> {
        if let Some(proxy) = details.config.proxy().filter(|proxy| is_socks(proxy))
            && let Some(transport) = self.through_socks(details, proxy)?
        {
            return Ok(transport);
        }
        if let Some(tunnel) = self.tunnel.connect(details, None::<()>)? {
            return Ok(tunnel.boxed());
        }
        let mut patience = Patience::new(details.timeout);
        let stream = dial::open(&self.lookup, Place::of(details.uri)?, &mut patience)?;
        Ok(Socket::new(stream).boxed())
    }

    /// Their connector needs addresses, of the proxy and sometimes of the server too.
    fn through_socks(
        &self,
        details: &ConnectionDetails,
        proxy: &Proxy,
    ) -> Result<Option<Box<dyn Transport>>, Error> {
        if proxy.is_no_proxy(details.uri) {
            return Ok(None);
        }
        let mut timeout = details.timeout;
        if let Some(left) = Patience::new(timeout).left() {
            timeout.after = left.into();
        }
        let mut addrs = details.addrs.clone();
        if proxy.resolve_target() {
            addrs = self
                .lookup
                .resolve(details.uri, details.config, details.timeout)?;
        }
        let details = ConnectionDetails {
            uri: details.uri,
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: &self.lookup,
            now: details.now,
            timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let transport = self.socks.connect(&details, None::<()>)?;
        Ok(transport.map(|transport| Relay::new(transport).boxed()))
    }

    /// With TLS, if that is asked for: by the one of these that the settings name.
    #[cfg(feature = "_tls")]
    fn secure(
        &self,
        details: &ConnectionDetails,
        transport: Box<dyn Transport>,
    ) -> Result<Box<dyn Transport>, Error> {
        #[cfg(feature = "_rustls")]
        let transport = either(self.rustls.connect(details, Some(transport))?)?;
        #[cfg(feature = "native-tls")]
        let transport = either(self.native.connect(details, Some(transport))?)?;
        Ok(transport)
    }
}

#[cfg(feature = "_tls")]
fn either(
    made: Option<Either<Box<dyn Transport>, impl Transport + 'static>>,
) -> Result<Box<dyn Transport>, Error> {
    match made.ok_or(Error::ConnectionFailed)? {
        Either::A(plain) => Ok(plain),
        Either::B(tls) => Ok(tls.boxed()),
    }
}

impl Connector<()> for Chain {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        if details.needs_tls() && !cfg!(feature = "_tls") {
            return Err(Error::TlsRequired);
        }
        call::with(Call::connecting);
        let transport = self.open(details)?;
        #[cfg(feature = "_tls")]
        let transport = self.secure(details, transport)?;
        // To reach the server through a proxy, `ureq` comes here for the way to the proxy, without
        // the proxy's settings. What then passes is not the request yet.
        if self.has_proxy && details.config.proxy().is_none() {
            return Ok(Some(transport));
        }
        call::with(Call::connected);
        Ok(Some(Wire(transport).boxed()))
    }
}

fn is_socks(proxy: &Proxy) -> bool {
    matches!(
        proxy.protocol(),
        ProxyProtocol::Socks4
            | ProxyProtocol::Socks4A
            | ProxyProtocol::Socks5
            | ProxyProtocol::Socks5h
    )
}
