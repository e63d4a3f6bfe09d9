//! Errors of the configuration.

use api_runtime::{Error, ErrorKind};

/// Creates an error for an invalid setting or file.
pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, message)
}
