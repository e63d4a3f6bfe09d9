//! Errors of credentials. They occur before the request that needs the credentials is sent.

use super::context::AuthContext;
use crate::error::{Error, ErrorKind};

/// Returns the error of a call that was interrupted or whose deadline has passed.
pub(super) fn check_canceled(context: &AuthContext<'_>) -> Result<(), Error> {
    if context.interrupt().is_raised() {
        let message = "interrupted before it was sent";
        return Err(Error::before_sending(ErrorKind::Interrupted, message));
    }
    if context.time_left().is_some_and(|left| left.is_zero()) {
        return Err(deadline_passed());
    }
    Ok(())
}

pub(super) fn deadline_passed() -> Error {
    let message = "the deadline passed before there was a token";
    Error::before_sending(ErrorKind::Timeout, message)
}

pub(super) fn invalid_response(message: String) -> Error {
    Error::before_sending(ErrorKind::InvalidResponse, message)
}

pub(super) fn invalid_credentials(reason: &str) -> Error {
    let message = format!("invalid credentials: {reason}");
    Error::before_sending(ErrorKind::InvalidInput, message)
}
