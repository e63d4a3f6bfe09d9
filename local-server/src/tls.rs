//! Certificate of a server, generated when it starts.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Validity of certificates. Apple's systems reject longer ones.
const VALIDITY: Duration = Duration::days(825);

/// Tolerance for a clock of a client that is slow.
const CLOCK_SKEW: Duration = Duration::days(1);

/// TLS configuration of a server, and the certificate that its clients must trust.
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
}

impl Identity {
    /// Generates a certificate authority, and a certificate for this machine that it has issued.
    ///
    /// The key of the authority is dropped, so that it cannot issue another certificate.
    ///
    /// # Errors
    ///
    /// If the operating system provides no random bytes.
    pub(crate) fn generate(address: IpAddr) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let authority = CertifiedIssuer::self_signed(authority_params(), KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = server_params(address)?.signed_by(&key, &authority)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            ca_pem: authority.pem(),
        })
    }
}

fn authority_params() -> CertificateParams {
    let mut params = params("local-server authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Returns the parameters of a certificate for the loopback addresses, the address that the server
/// listens on, and the name of this machine if the address is not a loopback address.
fn server_params(address: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut params = params("local-server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let mut addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    if !addresses.contains(&address) && !address.is_unspecified() {
        addresses.push(address);
    }
    params.subject_alt_names = vec![SanType::DnsName("localhost".try_into()?)];
    if !address.is_loopback() {
        let name = rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned();
        params
            .subject_alt_names
            .extend(name.try_into().ok().map(SanType::DnsName));
    }
    params
        .subject_alt_names
        .extend(addresses.into_iter().map(SanType::IpAddress));
    Ok(params)
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - CLOCK_SKEW;
    params.not_after = now + VALIDITY - CLOCK_SKEW;
    params
}
