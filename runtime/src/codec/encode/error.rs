//! Errors of values that cannot be sent.

use crate::error::{Error, ErrorKind};

/// Reason why a request cannot be encoded.
pub(super) enum EncodeError {
    /// A message.
    Message(String),
    /// A value that does not meet a requirement.
    Value {
        /// The names of its field and of the fields around it, separated by dots.
        path: String,
        /// The requirement, for example `at least 1`.
        requirement: String,
    },
}

impl EncodeError {
    /// Adds the name of the field around the value.
    #[cold]
    pub(super) fn add_field(&mut self, name: &str) {
        if let Self::Value { path, .. } = self {
            let separator = if path.is_empty() { "" } else { "." };
            path.insert_str(0, separator);
            path.insert_str(0, name);
        }
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        let message = match error {
            EncodeError::Message(message) => message,
            EncodeError::Value { path, requirement } if path.is_empty() => {
                format!("the value must be {requirement}")
            }
            EncodeError::Value { path, requirement } => {
                format!("the field `{path}` must be {requirement}")
            }
        };
        Self::before_sending(ErrorKind::InvalidInput, message)
    }
}
