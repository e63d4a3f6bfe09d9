//! File operations of requests.

use super::super::response::ErrorResponse;
use crate::blocking;
use crate::dbfs::DbfsError;

/// Runs a file operation on a thread.
pub(super) async fn blocking<T: Send + 'static>(
    operation: impl FnOnce() -> Result<T, DbfsError> + Send + 'static,
) -> Result<T, ErrorResponse> {
    let outcome = blocking::run(operation).await;
    let outcome = outcome.map_err(|error| ErrorResponse::internal(error.to_string()))?;
    Ok(outcome?)
}
