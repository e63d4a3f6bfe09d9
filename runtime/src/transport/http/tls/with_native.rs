//! The TLS library of the platform.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::tls::{Certificate, PrivateKey, TlsConfigBuilder, TlsProvider};
use zeroize::Zeroizing;

use super::identity::{IDENTITY, invalid};
use crate::error::Error;

/// Selects the TLS library.
pub(super) fn configure(config: TlsConfigBuilder) -> TlsConfigBuilder {
    config.provider(TlsProvider::NativeTls)
}

/// Returns the number of valid certificates.
pub(super) fn count_valid(certificates: &[Certificate]) -> usize {
    let ders = certificates.iter().map(Certificate::der);
    ders.filter(|der| native_tls::Certificate::from_der(der).is_ok())
        .count()
}

/// Creates a connector in the same way as `ureq`.
pub(super) fn validate_identity(chain: &[Certificate], key: &PrivateKey) -> Result<(), Error> {
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
        .map_err(|error| {
            invalid(
                IDENTITY,
                &format!("{error} (the key must be in PKCS #8 format)"),
            )
        })?;
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
