//! File operations on threads for blocking operations.

use super::super::response::ErrorResponse;
use crate::dbfs::DbfsError;

/// Runs a file operation on a thread for blocking operations.
pub(super) async fn blocking<T: Send + 'static>(
    operation: impl FnOnce() -> Result<T, DbfsError> + Send + 'static,
) -> Result<T, ErrorResponse> {
    let outcome = tokio::task::spawn_blocking(operation).await;
    let outcome = outcome.map_err(|error| ErrorResponse::internal(error.to_string()))?;
    Ok(outcome?)
}
