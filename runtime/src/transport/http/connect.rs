//! Connections, through proxies and with TLS.

use ureq::Error;
use ureq::unversioned::resolver::Resolver as _;
#[cfg(feature = "_tls")]
use ureq::unversioned::transport::Either;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, SocksConnector, Transport,
};
use ureq::{Proxy, ProxyProtocol};

use super::call_state::{self, CallState};
use super::deadline::Deadline;
use super::dial;
use super::phase_tracker::PhaseTracker;
use super::resolve::{DnsLookup, HostPort};
use super::socket::Socket;
use super::socks::SocksStream;

/// Connector of all layers of a connection: a [`Socket`] or [`SocksStream`], then the connectors of
/// `ureq`, then a [`PhaseTracker`].
#[derive(Debug)]
pub(super) struct TransportChain {
    lookup: DnsLookup,
    has_proxy: bool,
    socks: SocksConnector,
    tunnel: ConnectProxyConnector,
    #[cfg(feature = "_rustls")]
    rustls: ureq::unversioned::transport::RustlsConnector,
    #[cfg(feature = "native-tls")]
    native: ureq::unversioned::transport::NativeTlsConnector,
}

impl TransportChain {
    pub(super) fn new(lookup: DnsLookup, has_proxy: bool) -> Self {
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

    fn connect_tcp(&self, details: &ConnectionDetails) -> Result<Box<dyn Transport>, Error> {
        if let Some(proxy) = details.config.proxy().filter(|proxy| is_socks(proxy))
            && let Some(transport) = self.connect_socks(details, proxy)?
        {
            return Ok(transport);
        }
        if let Some(tunnel) = self.tunnel.connect(details, None::<()>)? {
            return Ok(tunnel.boxed());
        }
        let mut deadline = Deadline::new(details.timeout);
        let stream = dial::connect(
            &self.lookup,
            HostPort::from_uri(details.uri)?,
            &mut deadline,
        )?;
        Ok(Socket::new(stream).boxed())
    }

    /// Connects through a SOCKS proxy. The connector of `ureq` needs the addresses of the proxy and,
    /// depending on the protocol version, those of the server.
    fn connect_socks(
        &self,
        details: &ConnectionDetails,
        proxy: &Proxy,
    ) -> Result<Option<Box<dyn Transport>>, Error> {
        if proxy.is_no_proxy(details.uri) {
            return Ok(None);
        }
        let mut timeout = details.timeout;
        if let Some(left) = Deadline::new(timeout).time_left() {
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
        Ok(transport.map(|transport| SocksStream::new(transport).boxed()))
    }

    /// Adds TLS for `https`. Each connector is active only if it is the configured one.
    #[cfg(feature = "_tls")]
    fn connect_tls(
        &self,
        details: &ConnectionDetails,
        transport: Box<dyn Transport>,
    ) -> Result<Box<dyn Transport>, Error> {
        #[cfg(feature = "_rustls")]
        let transport = boxed(self.rustls.connect(details, Some(transport))?)?;
        #[cfg(feature = "native-tls")]
        let transport = boxed(self.native.connect(details, Some(transport))?)?;
        Ok(transport)
    }
}

#[cfg(feature = "_tls")]
fn boxed(
    transport: Option<Either<Box<dyn Transport>, impl Transport + 'static>>,
) -> Result<Box<dyn Transport>, Error> {
    match transport.ok_or(Error::ConnectionFailed)? {
        Either::A(plain) => Ok(plain),
        Either::B(tls) => Ok(tls.boxed()),
    }
}

impl Connector<()> for TransportChain {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        if details.needs_tls() && !cfg!(feature = "_tls") {
            return Err(Error::TlsRequired);
        }
        call_state::with(CallState::begin_connect);
        let transport = self.connect_tcp(details)?;
        #[cfg(feature = "_tls")]
        let transport = self.connect_tls(details, transport)?;
        // For a tunnel, `ureq` calls this function again to connect to the proxy, with settings that
        // contain no proxy. The first bytes on that connection are not the request.
        if self.has_proxy && details.config.proxy().is_none() {
            return Ok(Some(transport));
        }
        call_state::with(CallState::end_connect);
        Ok(Some(PhaseTracker(transport).boxed()))
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
