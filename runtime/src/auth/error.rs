//! Errors of credentials. They occur before the request that needs the credentials is sent.

use crate::error::{Error, ErrorKind};

pub(super) fn interrupted() -> Error {
    Error::before_sending(ErrorKind::Interrupted, "interrupted before it was sent")
}

pub(super) fn invalid_response(message: String) -> Error {
    Error::before_sending(ErrorKind::InvalidResponse, message)
}

pub(super) fn invalid_credentials(reason: &str) -> Error {
    let message = format!("invalid credentials: {reason}");
    Error::before_sending(ErrorKind::InvalidInput, message)
}
