//! TLS configuration.

#[cfg(feature = "_rustls")]
pub(super) mod examine;
pub(super) mod identity;
mod library;
pub(super) mod root_certs;
pub(super) mod trust;
#[cfg(feature = "native-tls")]
mod with_native;
#[cfg(feature = "_rustls")]
mod with_rustls;

use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, TlsConfig, parse_pem};

use self::identity::{CHAIN, ClientIdentity, KEY, NOT_PEM, invalid};
pub use self::library::Tls;
use self::root_certs::RootCerts;
use self::trust::Trust;
use super::super::variables::NetworkVariables;
use crate::error::Error;

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
        let mut config = tls.configure(TlsConfig::builder());
        if let Some(certificates) = trust.certificates() {
            config = config.root_certs(ureq::tls::RootCerts::new_with_certs(certificates));
        }
        if let Some(identity) = identity {
            let chain = chain_of(&identity.chain)?;
            let key = PrivateKey::from_pem(&identity.key).map_err(|_| invalid(KEY, NOT_PEM))?;
            tls.validate_identity(identity, &chain, &key)?;
            config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        Ok(Self {
            config: config.build(),
            trust,
        })
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
