//! Who is trusted, and as whom a client shows itself.

#[cfg(feature = "native-tls")]
mod with_native;
#[cfg(feature = "_rustls")]
mod with_rustls;

use ureq::tls::{
    Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsConfigBuilder, parse_pem,
};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// What `https` is made with, and whom it trusts by itself. Features bring the choices; a feature
/// more changes nothing for who has chosen, or has an earlier one on this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tls {
    /// Rustls, and Mozilla's list of authorities; used unless another is chosen.
    #[cfg(feature = "rustls")]
    Rustls,
    /// Rustls, and whom the platform trusts; used unless another is chosen, if there is no
    /// feature `rustls`.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// What the platform has for TLS, and whom it trusts; used if there is nothing else.
    #[cfg(feature = "native-tls")]
    Native,
}

#[allow(unreachable_code, reason = "the first of those that are there counts")]
impl Default for Tls {
    fn default() -> Self {
        #[cfg(feature = "rustls")]
        return Self::Rustls;
        #[cfg(feature = "platform-verifier")]
        return Self::Platform;
        #[cfg(feature = "native-tls")]
        return Self::Native;
    }
}

/// A client's certificates and key, as they were given.
#[derive(Clone)]
pub(super) struct Identity {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Identity {
    pub(super) fn new(chain: Vec<u8>, key: Vec<u8>) -> Self {
        Self {
            chain,
            key: Zeroizing::new(key),
        }
    }
}

const AUTHORITIES: &str = "the certificates of the authorities";
const CHAIN: &str = "the client's certificate";
const KEY: &str = "the client's key";
const IDENTITY: &str = "the client's certificate and key";
const NO_PEM: &str = "not the PEM text of one";

/// What `ureq` needs to know. It looks at these things when it makes the first connection, and then
/// ignores or panics at what it cannot use: so they are tried here.
pub(super) fn config(
    tls: Tls,
    authorities: Option<&[u8]>,
    identity: Option<&Identity>,
) -> Result<TlsConfig, Error> {
    let mut config = chosen(tls, TlsConfig::builder());
    if let Some(pem) = authorities {
        let certificates = certificates(pem, AUTHORITIES)?;
        try_authorities(tls, &certificates)?;
        config = config.root_certs(RootCerts::new_with_certs(&certificates));
    }
    if let Some(identity) = identity {
        let chain = certificates(&identity.chain, CHAIN)?;
        let key = PrivateKey::from_pem(&identity.key).map_err(|_| unusable(KEY, NO_PEM))?;
        try_identity(tls, identity, &chain, &key)?;
        config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(config.build())
}

fn chosen(tls: Tls, config: TlsConfigBuilder) -> TlsConfigBuilder {
    match tls {
        #[cfg(feature = "rustls")]
        Tls::Rustls => with_rustls::choose(config).root_certs(RootCerts::WebPki),
        #[cfg(feature = "platform-verifier")]
        Tls::Platform => with_rustls::choose(config).root_certs(RootCerts::PlatformVerifier),
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::choose(config).root_certs(RootCerts::PlatformVerifier),
    }
}

fn try_authorities(tls: Tls, certificates: &[Certificate]) -> Result<(), Error> {
    match tls {
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::try_authorities(certificates),
        #[cfg(feature = "_rustls")]
        _ => with_rustls::try_authorities(certificates),
    }
}

#[cfg_attr(
    not(all(feature = "_rustls", feature = "native-tls")),
    expect(unused_variables, reason = "each backend takes what it can read")
)]
fn try_identity(
    tls: Tls,
    identity: &Identity,
    chain: &[Certificate],
    key: &PrivateKey,
) -> Result<(), Error> {
    match tls {
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::try_identity(chain, key),
        #[cfg(feature = "_rustls")]
        _ => with_rustls::try_identity(identity),
    }
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| unusable(what, NO_PEM))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(unusable(what, NO_PEM));
    }
    Ok(certificates)
}

fn unusable(what: &str, why: &str) -> Error {
    Error::before_sending(
        ErrorKind::InvalidInput,
        format!("{what} cannot be used: {why}"),
    )
}
