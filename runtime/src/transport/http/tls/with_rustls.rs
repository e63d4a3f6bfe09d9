//! Rustls.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use ureq::tls::{Certificate, TlsConfigBuilder, TlsProvider};

use super::identity::{CHAIN, ClientIdentity, IDENTITY, KEY, NOT_PEM, invalid};
use crate::error::Error;

/// Selects the TLS library.
pub(super) fn configure(config: TlsConfigBuilder) -> TlsConfigBuilder {
    config
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(provider())
}

/// Returns the cryptography of `rustls`.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()))
}

/// Returns the number of valid certificates.
pub(super) fn count_valid(certificates: &[Certificate]) -> usize {
    let certificates = certificates
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der()));
    let (valid, _) = RootCertStore::empty().add_parsable_certificates(certificates);
    valid
}

pub(super) fn validate_identity(identity: &ClientIdentity) -> Result<(), Error> {
    let chain = CertificateDer::pem_slice_iter(&identity.chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| invalid(CHAIN, NOT_PEM))?;
    let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(|_| invalid(KEY, NOT_PEM))?;
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config
                .with_root_certificates(RootCertStore::empty())
                .with_client_auth_cert(chain, key)
        })
        .map_err(|error| invalid(IDENTITY, &error.to_string()))?;
    Ok(())
}
