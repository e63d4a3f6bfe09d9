//! Errors of requests for paths.

use generated_client::{Error, ErrorKind};

use super::path::DbfsPath;
use crate::error::CliError;

/// Returns whether the service has no file or folder at the path of a request.
pub(super) fn is_missing(error: &Error) -> bool {
    error.code() == Some("RESOURCE_DOES_NOT_EXIST")
}

/// Converts the error of a request for a path.
pub(super) fn of_path(error: &Error, path: &DbfsPath) -> CliError {
    if is_missing(error) {
        return CliError::service(format!("`{path}` does not exist"));
    }
    if error.kind() == ErrorKind::InvalidInput {
        // The message contains the path.
        return CliError::request(error);
    }
    CliError::request(error).context(format_args!("`{path}`"))
}
