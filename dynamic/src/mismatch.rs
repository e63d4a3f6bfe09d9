//! Errors of responses that do not match the spec.

use api_runtime::{Error, ErrorKind};

/// Returns the error of an endpoint whose response does not match the spec.
pub(crate) fn mismatch(operation: &str, problem: &str) -> Error {
    let message = format!("the response does not match the spec: {problem}");
    Error::after_sending(ErrorKind::InvalidResponse, message).with_operation(operation)
}
