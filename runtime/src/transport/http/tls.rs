//! Who is trusted, and as whom a client shows itself.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

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

/// What `ureq` needs to know. It looks at these things when it makes the first connection, and then
/// ignores or panics at what it cannot use: so they are tried here.
pub(super) fn config(
    authorities: Option<&[u8]>,
    identity: Option<&Identity>,
) -> Result<TlsConfig, Error> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()));
    let mut config = TlsConfig::builder().unversioned_rustls_crypto_provider(provider.clone());
    if let Some(pem) = authorities {
        let certificates = certificates(pem, "the certificates of the authorities")?;
        try_authorities(&certificates)?;
        config = config.root_certs(RootCerts::new_with_certs(&certificates));
    }
    if let Some(identity) = identity {
        try_identity(identity, provider)?;
        let chain = certificates(&identity.chain, "the client's certificate")?;
        let key = PrivateKey::from_pem(&identity.key).map_err(|_| unusable("the client's key"))?;
        config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(config.build())
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| unusable(what))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(unusable(what));
    }
    Ok(certificates)
}

fn try_authorities(certificates: &[Certificate]) -> Result<(), Error> {
    let certificates = certificates
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der()));
    match RootCertStore::empty().add_parsable_certificates(certificates) {
        (0, _) => Err(unusable("the certificates of the authorities")),
        _ => Ok(()),
    }
}

fn try_identity(identity: &Identity, provider: Arc<CryptoProvider>) -> Result<(), Error> {
    let chain = CertificateDer::pem_slice_iter(&identity.chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unusable("the client's certificate"))?;
    let key =
        PrivateKeyDer::from_pem_slice(&identity.key).map_err(|_| unusable("the client's key"))?;
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config
                .with_root_certificates(RootCertStore::empty())
                .with_client_auth_cert(chain, key)
        })
        .map_err(|error| {
            let text = format!("the client's certificate and key cannot be used: {error}");
            Error::new(ErrorKind::Input, text)
        })?;
    Ok(())
}

fn unusable(what: &str) -> Error {
    let text = format!("{what} cannot be used: not the PEM text of one");
    Error::new(ErrorKind::Input, text)
}
