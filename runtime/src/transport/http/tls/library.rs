//! TLS libraries.

use ureq::tls::{Certificate, PrivateKey, TlsConfigBuilder};

use super::identity::ClientIdentity;
#[cfg(feature = "native-tls")]
use super::with_native;
#[cfg(feature = "_rustls")]
use super::with_rustls;
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

impl Tls {
    /// Sets the library and its default root certificates.
    pub(super) fn configure(self, config: TlsConfigBuilder) -> TlsConfigBuilder {
        match self {
            #[cfg(feature = "rustls")]
            Self::Rustls => with_rustls::configure(config).root_certs(ureq::tls::RootCerts::WebPki),
            #[cfg(feature = "platform-verifier")]
            Self::Platform => {
                with_rustls::configure(config).root_certs(ureq::tls::RootCerts::PlatformVerifier)
            }
            #[cfg(feature = "native-tls")]
            Self::Native => {
                with_native::configure(config).root_certs(ureq::tls::RootCerts::PlatformVerifier)
            }
        }
    }

    /// Returns the number of root certificates that the TLS library accepts. It ignores the others.
    pub(super) fn count_valid(self, certificates: &[Certificate]) -> usize {
        match self {
            #[cfg(feature = "native-tls")]
            Self::Native => with_native::count_valid(certificates),
            #[cfg(feature = "_rustls")]
            _ => with_rustls::count_valid(certificates),
        }
    }

    /// Validates the certificates and the key of the client.
    #[cfg_attr(
        not(all(feature = "_rustls", feature = "native-tls")),
        expect(
            unused_variables,
            reason = "each library validates the form that it reads"
        )
    )]
    pub(super) fn validate_identity(
        self,
        identity: &ClientIdentity,
        chain: &[Certificate],
        key: &PrivateKey,
    ) -> Result<(), Error> {
        match self {
            #[cfg(feature = "native-tls")]
            Self::Native => with_native::validate_identity(chain, key),
            #[cfg(feature = "_rustls")]
            _ => with_rustls::validate_identity(identity),
        }
    }
}
