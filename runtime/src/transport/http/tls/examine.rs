//! TLS handshakes without verification, to examine the certificates.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, ProtocolVersion, SignatureScheme,
};
use ureq::Error;
use ureq::unversioned::transport::{ConnectionDetails, Transport, TransportAdapter};

use super::super::super::inspection::TlsInspection;
use super::with_rustls::provider;

/// Completes a handshake with the server. Nothing is sent after it.
pub(in super::super) fn handshake(
    details: &ConnectionDetails,
    transport: Box<dyn Transport>,
) -> Result<TlsInspection, Error> {
    let provider = provider();
    let verifier = Arc::new(Recorder {
        provider: Arc::clone(&provider),
        certificates: Mutex::default(),
    });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let host = details
        .uri
        .host()
        .unwrap_or_default()
        .trim_matches(['[', ']']);
    let name =
        ServerName::try_from(host.to_owned()).map_err(|_| Error::Tls("invalid host name"))?;
    let mut connection = ClientConnection::new(Arc::new(config), name)?;
    let mut stream = TransportAdapter::new(transport, details.current_time.clone());
    stream.set_timeout(details.timeout);
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    connection.send_close_notify();
    // The inspection is complete, whether the server reads it or not.
    let _ = connection.write_tls(&mut stream);
    let certificates = verifier.certificates.lock();
    Ok(TlsInspection {
        version: connection.protocol_version().and_then(version_name),
        certificates: certificates.unwrap_or_else(PoisonError::into_inner).clone(),
    })
}

fn version_name(version: ProtocolVersion) -> Option<&'static str> {
    match version {
        ProtocolVersion::TLSv1_2 => Some("1.2"),
        ProtocolVersion::TLSv1_3 => Some("1.3"),
        _ => None,
    }
}

/// Verifier that records the certificates and accepts all. Requests are never sent over its connections.
#[derive(Debug)]
struct Recorder {
    provider: Arc<CryptoProvider>,
    certificates: Mutex<Vec<Vec<u8>>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        *self
            .certificates
            .lock()
            .unwrap_or_else(PoisonError::into_inner) =
            all.map(|certificate| certificate.to_vec()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
