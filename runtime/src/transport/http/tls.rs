//! TLS configuration.

pub(super) mod identity;
#[cfg(feature = "native-tls")]
mod with_native;
#[cfg(feature = "_rustls")]
mod with_rustls;

use ureq::tls::{
    Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsConfigBuilder, parse_pem,
};

use self::identity::{CHAIN, ClientIdentity, KEY, NOT_PEM, ROOT_CERTS, invalid};
use crate::error::Error;

/// TLS library and its default root certificates.
///
/// Each variant requires the feature of the same purpose. The default is the first variant whose
/// feature is enabled, so that enabling a further feature changes nothing for clients that set this
/// or that have an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tls {
    /// Rustls with Mozilla's root certificates.
    #[cfg(feature = "rustls")]
    Rustls,
    /// Rustls with the root certificates of the platform.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// The TLS library and the root certificates of the platform.
    #[cfg(feature = "native-tls")]
    Native,
}

#[allow(
    unreachable_code,
    reason = "the first enabled feature takes precedence"
)]
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

/// Creates the TLS configuration of `ureq`.
///
/// `ureq` reads certificates and keys when it establishes the first connection, and then ignores
/// invalid ones or panics. So they are validated here.
pub(super) fn config(
    tls: Tls,
    root_certs: Option<&[u8]>,
    identity: Option<&ClientIdentity>,
) -> Result<TlsConfig, Error> {
    let mut config = with_library(tls, TlsConfig::builder());
    if let Some(pem) = root_certs {
        let certificates = certificates(pem, ROOT_CERTS)?;
        validate_root_certs(tls, &certificates)?;
        config = config.root_certs(RootCerts::new_with_certs(&certificates));
    }
    if let Some(identity) = identity {
        let chain = certificates(&identity.chain, CHAIN)?;
        let key = PrivateKey::from_pem(&identity.key).map_err(|_| invalid(KEY, NOT_PEM))?;
        validate_identity(tls, identity, &chain, &key)?;
        config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(config.build())
}

fn with_library(tls: Tls, config: TlsConfigBuilder) -> TlsConfigBuilder {
    match tls {
        #[cfg(feature = "rustls")]
        Tls::Rustls => with_rustls::configure(config).root_certs(RootCerts::WebPki),
        #[cfg(feature = "platform-verifier")]
        Tls::Platform => with_rustls::configure(config).root_certs(RootCerts::PlatformVerifier),
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::configure(config).root_certs(RootCerts::PlatformVerifier),
    }
}

fn validate_root_certs(tls: Tls, certificates: &[Certificate]) -> Result<(), Error> {
    match tls {
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::validate_root_certs(certificates),
        #[cfg(feature = "_rustls")]
        _ => with_rustls::validate_root_certs(certificates),
    }
}

#[cfg_attr(
    not(all(feature = "_rustls", feature = "native-tls")),
    expect(
        unused_variables,
        reason = "each library validates the form that it reads"
    )
)]
fn validate_identity(
    tls: Tls,
    identity: &ClientIdentity,
    chain: &[Certificate],
    key: &PrivateKey,
) -> Result<(), Error> {
    match tls {
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::validate_identity(chain, key),
        #[cfg(feature = "_rustls")]
        _ => with_rustls::validate_identity(identity),
    }
}

fn certificates(pem: &[u8], subject: &str) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| invalid(subject, NOT_PEM))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(invalid(subject, NOT_PEM));
    }
    Ok(certificates)
}
