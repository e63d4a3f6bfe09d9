//! Client certificates as configured, and their errors.

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// A client certificate and its private key, in PEM format.
#[derive(Clone)]
pub(in super::super) struct ClientIdentity {
    pub(super) chain: Vec<u8>,
    pub(super) key: Zeroizing<Vec<u8>>,
}

impl ClientIdentity {
    pub(in super::super) fn new(chain: Vec<u8>, key: Vec<u8>) -> Self {
        Self {
            chain,
            key: Zeroizing::new(key),
        }
    }
}

pub(super) const CHAIN: &str = "client certificate";
pub(super) const KEY: &str = "private key of the client";
pub(super) const IDENTITY: &str = "client certificate and key";
pub(super) const NOT_PEM: &str = "not in PEM format";

/// Creates the error for certificates or a key that the TLS library does not accept.
pub(super) fn invalid(subject: &str, reason: &str) -> Error {
    Error::before_sending(
        ErrorKind::InvalidInput,
        format!("invalid {subject}: {reason}"),
    )
}
