//! Trusted root certificates.

use std::path::Path;

use ureq::tls::Certificate;

use super::super::super::variables::NetworkVariables;
use super::library::Tls;
use super::root_certs::{self, RootCerts};
use crate::error::{Error, ErrorKind};

/// Trusted root certificates, and their origin for messages.
#[derive(Debug)]
pub(in super::super) struct Trust {
    certificates: Option<Vec<Certificate<'static>>>,
    origin: String,
    /// `true` if environment variables configure root certificates. Messages then name them.
    reads_variables: bool,
    /// Message of the error if a variable is invalid.
    error: Option<String>,
}

impl Trust {
    /// Reads the configured root certificates, otherwise those of the variables, otherwise the default
    /// ones of the TLS library.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the configured ones are invalid. Invalid variables are an
    /// error of the connections that need certificates: see [`check`](Self::check).
    pub(super) fn new(
        tls: Tls,
        configured: Option<&RootCerts>,
        variables: Option<&NetworkVariables>,
    ) -> Result<Self, Error> {
        let mut trust = Self {
            certificates: None,
            origin: default_origin(tls).into(),
            reads_variables: variables.is_some(),
            error: None,
        };
        let error = |message| Error::before_sending(ErrorKind::InvalidInput, message);
        match (configured, variables) {
            (Some(RootCerts::Pem(pem)), _) => {
                trust.set_pem(tls, pem).map_err(error)?;
            }
            (Some(RootCerts::File(path)), _) => {
                trust.set_file(tls, path).map_err(error)?;
            }
            (None, Some(variables)) => {
                trust.error = trust.set_variables(tls, variables).err();
            }
            (None, None) => {}
        }
        Ok(trust)
    }

    fn set_pem(&mut self, tls: Tls, pem: &[u8]) -> Result<(), String> {
        let certificates = root_certs::parse(pem)
            .map_err(|reason| format!("invalid root certificates: {reason}"))?;
        self.set(tls, certificates, "the configured root certificates".into())
    }

    fn set_file(&mut self, tls: Tls, path: &Path) -> Result<(), String> {
        let certificates = root_certs::read_file(path)?;
        let origin = format!("the certificates in `{}`", path.display());
        self.set(tls, certificates, origin)
    }

    fn set_variables(&mut self, tls: Tls, variables: &NetworkVariables) -> Result<(), String> {
        let Some(read) = root_certs::read_variables(variables)? else {
            return Ok(());
        };
        let origin = format!("the certificates in {}", read.names);
        self.set(tls, read.certificates, origin)
    }

    fn set(
        &mut self,
        tls: Tls,
        certificates: Vec<Certificate<'static>>,
        origin: String,
    ) -> Result<(), String> {
        let count = certificates.len();
        match tls.count_valid(&certificates) {
            0 => return Err(format!("{origin} are invalid")),
            valid if valid < count => {
                log::warn!("{} of {origin} are invalid and not trusted", count - valid);
            }
            _ => {}
        }
        self.certificates = Some(certificates);
        self.origin = origin;
        Ok(())
    }

    /// Returns the certificates, or `None` for the default ones of the TLS library.
    pub(super) fn certificates(&self) -> Option<&[Certificate<'static>]> {
        self.certificates.as_deref()
    }

    /// Returns the message of the error if a variable is invalid.
    pub(in super::super) fn check(&self) -> Result<(), &str> {
        match &self.error {
            None => Ok(()),
            Some(message) => Err(message),
        }
    }

    /// Returns the end of the message of a certificate error.
    pub(in super::super) fn advice(&self) -> String {
        let variables = if self.reads_variables {
            ", or set `SSL_CERT_FILE`, `SSL_CERT_DIR`, `CURL_CA_BUNDLE` or `REQUESTS_CA_BUNDLE`"
        } else {
            ""
        };
        format!(
            "; trusted are {}: to trust another authority, pass its certificate as a CA file\
             {variables}",
            self.origin
        )
    }
}

fn default_origin(tls: Tls) -> &'static str {
    match tls {
        #[cfg(feature = "rustls")]
        Tls::Rustls => "Mozilla's root certificates",
        #[cfg(feature = "platform-verifier")]
        Tls::Platform => "the root certificates of the platform",
        #[cfg(feature = "native-tls")]
        Tls::Native => "the root certificates of the platform",
    }
}
