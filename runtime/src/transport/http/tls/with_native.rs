//! Certificates and keys, tried with what the platform has for TLS.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::tls::{Certificate, PrivateKey, TlsConfigBuilder, TlsProvider};
use zeroize::Zeroizing;

use super::{AUTHORITIES, IDENTITY, NO_PEM, unusable};
use crate::error::Error;

/// Lets the platform do the work.
pub(super) fn choose(config: TlsConfigBuilder) -> TlsConfigBuilder {
    config.provider(TlsProvider::NativeTls)
}

/// `ureq` leaves out those that cannot be used.
pub(super) fn try_authorities(certificates: &[Certificate]) -> Result<(), Error> {
    let mut ders = certificates.iter().map(Certificate::der);
    if ders.any(|der| native_tls::Certificate::from_der(der).is_ok()) {
        return Ok(());
    }
    Err(unusable(AUTHORITIES, NO_PEM))
}

/// Does with them what `ureq` will do.
pub(super) fn try_identity(chain: &[Certificate], key: &PrivateKey) -> Result<(), Error> {
    let chain: String = chain
        .iter()
        .map(|certificate| pem(certificate.der(), "CERTIFICATE"))
        .collect();
    let key = Zeroizing::new(pem(key.der(), "PRIVATE KEY"));
    native_tls::Identity::from_pkcs8(chain.as_bytes(), key.as_bytes())
        .and_then(|identity| {
            native_tls::TlsConnector::builder()
                .identity(identity)
                .build()
        })
        .map_err(|error| unusable(IDENTITY, &format!("{error} (the key must be PKCS #8)")))?;
    Ok(())
}

fn pem(der: &[u8], label: &str) -> String {
    let text = Zeroizing::new(BASE64_STANDARD.encode(der));
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy);
    let lines: Vec<_> = lines.collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
