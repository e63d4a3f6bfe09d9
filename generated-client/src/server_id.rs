//! Ids in responses that cannot be used in requests.

use api_runtime::{Error, ErrorKind};

/// Returns an error if the id in a response of `operation` is empty or not the one that was sent.
pub(crate) fn check(id: &str, operation: &'static str) -> Result<(), Error> {
    let problem = match id {
        "" => "is empty",
        // Invalid UTF-8 is replaced in responses. The result may be the id of another object.
        _ if id.contains('\u{fffd}') => "is not valid UTF-8",
        _ => return Ok(()),
    };
    let error = invalid(format!("the id in the response {problem}"));
    Err(error.with_operation(operation))
}

/// Converts the error of a request that contains an id of the server. If the request could not be
/// built, the response with the id is invalid, and not the input of the caller.
pub(crate) fn unusable(error: Error) -> Error {
    if error.kind() != ErrorKind::InvalidInput {
        return error;
    }
    let message = format!(
        "the id in the response cannot be used in a request: {}",
        error.message()
    );
    let operation = error.operation();
    operation
        .into_iter()
        .fold(invalid(message), Error::with_operation)
}

fn invalid(message: String) -> Error {
    Error::after_sending(ErrorKind::InvalidResponse, message)
}
