//! Connections, through proxies and with TLS.

use std::time::Instant;

use ureq::Error;
use ureq::http::Uri;
#[cfg(feature = "_tls")]
use ureq::unversioned::transport::Either;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport};
use ureq::{Proxy, ProxyProtocol};

use super::super::inspection::Inspection;
use super::call_state::{self, CallState};
use super::deadline::Deadline;
use super::dial;
use super::phase_tracker::PhaseTracker;
use super::resolve::{DnsLookup, HostPort};
use super::socket::Socket;
use super::{socks, tunnel};

/// Connector of all layers of a connection: a [`Socket`], a SOCKS or HTTP proxy, TLS, and a
/// [`PhaseTracker`].
#[derive(Debug)]
pub(super) struct TransportChain {
    lookup: DnsLookup,
    #[cfg(feature = "_rustls")]
    rustls: ureq::unversioned::transport::RustlsConnector,
    #[cfg(feature = "native-tls")]
    native: ureq::unversioned::transport::NativeTlsConnector,
}

impl TransportChain {
    pub(super) fn new(lookup: DnsLookup) -> Self {
        Self {
            lookup,
            #[cfg(feature = "_rustls")]
            rustls: ureq::unversioned::transport::RustlsConnector::default(),
            #[cfg(feature = "native-tls")]
            native: ureq::unversioned::transport::NativeTlsConnector::default(),
        }
    }

    fn connect_tcp(&self, details: &ConnectionDetails) -> Result<Box<dyn Transport>, Error> {
        let proxy = details.config.proxy();
        match proxy.filter(|proxy| !proxy.is_no_proxy(details.uri)) {
            None => self.connect_directly(details.uri, details),
            Some(proxy) if is_socks(proxy) => {
                Ok(socks::connect(&self.lookup, proxy, details)?.boxed())
            }
            Some(proxy) => self.connect_through(proxy, details),
        }
    }

    fn connect_directly(
        &self,
        uri: &Uri,
        details: &ConnectionDetails,
    ) -> Result<Box<dyn Transport>, Error> {
        let mut deadline = Deadline::new(details.timeout);
        let start = Instant::now();
        let stream = dial::connect(&self.lookup, HostPort::from_uri(uri)?, &mut deadline)?;
        update_inspection(|inspection| {
            inspection.address = stream.peer_addr().ok();
            inspection.tcp_time = Some(start.elapsed());
        });
        Ok(Socket::new(stream).boxed())
    }

    /// Connects through an HTTP proxy.
    fn connect_through(
        &self,
        proxy: &Proxy,
        details: &ConnectionDetails,
    ) -> Result<Box<dyn Transport>, Error> {
        let transport = self.connect_directly(proxy.uri(), details)?;
        #[cfg(feature = "_tls")]
        let transport = self.connect_tls(
            &ConnectionDetails {
                uri: proxy.uri(),
                addrs: details.addrs.clone(),
                config: details.config,
                request_level: details.request_level,
                resolver: details.resolver,
                now: details.now,
                timeout: details.timeout,
                current_time: details.current_time.clone(),
                run_connector: details.run_connector.clone(),
                register_shutdown: details.register_shutdown.clone(),
            },
            transport,
        )?;
        Ok(tunnel::open(transport, proxy, details)?.boxed())
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
        if call_state::with(|call| call.inspection.is_some()) {
            return Err(complete_inspection(details, transport));
        }
        #[cfg(feature = "_tls")]
        let transport = self.connect_tls(details, transport)?;
        call_state::with(CallState::end_connect);
        Ok(Some(PhaseTracker(transport).boxed()))
    }
}

/// Completes the inspection of a connection, and closes it. The error ends the call of `ureq`.
fn complete_inspection(details: &ConnectionDetails, transport: Box<dyn Transport>) -> Error {
    update_inspection(|inspection| inspection.is_connected = true);
    #[cfg(feature = "_rustls")]
    if details.needs_tls() {
        match super::tls::examine::handshake(details, transport) {
            Ok(tls) => update_inspection(|inspection| inspection.tls = Some(tls)),
            Err(error) => return error,
        }
    }
    #[cfg(not(feature = "_rustls"))]
    drop((details, transport));
    call_state::with(|call| call.completed_inspection = call.inspection.take());
    Error::ConnectionFailed
}

/// Changes the inspection of the current call, if there is one.
fn update_inspection(change: impl FnOnce(&mut Inspection)) {
    call_state::with(|call| {
        if let Some(inspection) = &mut call.inspection {
            change(inspection);
        }
    });
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
