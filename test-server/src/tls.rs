//! Certificates generated for each test, and server configurations that use them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

pub use rcgen::{CertificateParams, SanType, date_time_ymd};

static COUNT: AtomicUsize = AtomicUsize::new(1);

/// A certificate authority.
#[derive(Debug)]
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Creates an authority with a new key.
    ///
    /// # Panics
    ///
    /// If no key can be generated.
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are valid names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL looks up authorities by name alone.
        let name = format!("authority {}", COUNT.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, new_key()).expect("the parameters are valid"))
    }

    /// Returns the certificate of the authority.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate for `127.0.0.1` and `localhost`, changed by `change`.
    ///
    /// # Panics
    ///
    /// If no key can be generated, or the changed parameters are not valid.
    pub fn issue(&self, change: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let mut params = loopback();
        change(&mut params);
        let key = new_key();
        let certificate = params.signed_by(&key, &self.0);
        Certificate {
            certificate: certificate.expect("the parameters are valid"),
            key,
        }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// A certificate and its private key.
#[derive(Debug)]
pub struct Certificate {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Certificate {
    /// Creates a self-signed certificate for `127.0.0.1` and `localhost`.
    ///
    /// # Panics
    ///
    /// If no key can be generated.
    pub fn self_signed() -> Self {
        let key = new_key();
        let certificate = loopback().self_signed(&key);
        Self {
            certificate: certificate.expect("the parameters are valid"),
            key,
        }
    }

    /// Returns the certificate in PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Returns the private key in PEM (PKCS #8).
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// Returns the configuration of a server with this certificate.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        self.config(None)
    }

    /// Returns the configuration of a server that requires client certificates of this authority.
    pub fn server_config_for_clients_of(&self, authority: &Authority) -> Arc<ServerConfig> {
        self.config(Some(authority))
    }

    fn config(&self, clients: Option<&Authority>) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("the provider supports the default versions");
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                let added = roots.add(authority.0.der().clone());
                added.expect("the certificate is valid");
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                config.with_client_cert_verifier(verifier.build().expect("a root is present"))
            }
        };
        let chain = vec![self.certificate.der().clone()];
        let key = PrivateKeyDer::try_from(self.key.serialize_der());
        let config = config.with_single_cert(chain, key.expect("the key is PKCS #8"));
        Arc::new(config.expect("the key belongs to the certificate"))
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("the system should provide random numbers")
}

fn loopback() -> CertificateParams {
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let mut params = CertificateParams::new(names).expect("the names are valid");
    // A name other than the authority's: the certificate would look self-signed.
    params
        .distinguished_name
        .push(DnType::CommonName, "loopback");
    params
}
