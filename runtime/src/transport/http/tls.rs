//! TLS configuration.

pub(super) mod identity;
pub(super) mod root_certs;
pub(super) mod trust;
#[cfg(feature = "native-tls")]
mod with_native;
#[cfg(feature = "_rustls")]
mod with_rustls;

use ureq::tls::{
    Certificate, ClientCert, PemItem, PrivateKey, TlsConfig, TlsConfigBuilder, parse_pem,
};

use self::identity::{CHAIN, ClientIdentity, KEY, NOT_PEM, invalid};
use self::root_certs::RootCerts;
use self::trust::Trust;
use super::super::variables::NetworkVariables;
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

/// Validated TLS configuration.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) config: TlsConfig,
    pub(super) trust: Trust,
}

impl Setup {
    /// Creates the TLS configuration of `ureq`.
    ///
    /// `ureq` reads certificates and keys when it establishes the first connection, and then ignores
    /// invalid ones or panics. So they are validated here.
    pub(super) fn new(
        tls: Tls,
        root_certs: Option<&RootCerts>,
        variables: Option<&NetworkVariables>,
        identity: Option<&ClientIdentity>,
    ) -> Result<Self, Error> {
        let trust = Trust::new(tls, root_certs, variables)?;
        let mut config = with_library(tls, TlsConfig::builder());
        if let Some(certificates) = trust.certificates() {
            config = config.root_certs(ureq::tls::RootCerts::new_with_certs(certificates));
        }
        if let Some(identity) = identity {
            let chain = chain_of(&identity.chain)?;
            let key = PrivateKey::from_pem(&identity.key).map_err(|_| invalid(KEY, NOT_PEM))?;
            validate_identity(tls, identity, &chain, &key)?;
            config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        Ok(Self {
            config: config.build(),
            trust,
        })
    }
}

fn with_library(tls: Tls, config: TlsConfigBuilder) -> TlsConfigBuilder {
    match tls {
        #[cfg(feature = "rustls")]
        Tls::Rustls => with_rustls::configure(config).root_certs(ureq::tls::RootCerts::WebPki),
        #[cfg(feature = "platform-verifier")]
        Tls::Platform => {
            with_rustls::configure(config).root_certs(ureq::tls::RootCerts::PlatformVerifier)
        }
        #[cfg(feature = "native-tls")]
        Tls::Native => {
            with_native::configure(config).root_certs(ureq::tls::RootCerts::PlatformVerifier)
        }
    }
}

/// Returns the number of root certificates that the TLS library accepts. It ignores the others.
fn count_valid(tls: Tls, certificates: &[Certificate]) -> usize {
    match tls {
        #[cfg(feature = "native-tls")]
        Tls::Native => with_native::count_valid(certificates),
        #[cfg(feature = "_rustls")]
        _ => with_rustls::count_valid(certificates),
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

fn chain_of(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| invalid(CHAIN, NOT_PEM))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(invalid(CHAIN, NOT_PEM));
    }
    Ok(certificates)
}
