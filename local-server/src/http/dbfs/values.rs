//! Values of parameters.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::super::params::required;
use super::super::response::ErrorResponse;
use crate::dbfs::DbfsPath;

/// Parses a required path.
pub(super) fn path(value: Option<&str>, name: &str) -> Result<DbfsPath, ErrorResponse> {
    Ok(DbfsPath::parse(required(value, name)?)?)
}

/// Decodes base64.
pub(super) fn decode(base64: &str, name: &str) -> Result<Vec<u8>, ErrorResponse> {
    BASE64_STANDARD
        .decode(base64)
        .map_err(|error| ErrorResponse::invalid(format!("{name} is not valid base64: {error}")))
}

/// Checks that a number is not negative.
pub(super) fn unsigned(number: i64, name: &str) -> Result<u64, ErrorResponse> {
    number
        .try_into()
        .map_err(|_| ErrorResponse::invalid(format!("{name} must not be negative: {number}")))
}
