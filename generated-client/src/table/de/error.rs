//! Errors of the deserializers.

use std::fmt;

use api_runtime::codec::ReadError;
use serde_core::de::{Expected, Unexpected};

/// Error with the path to the value inside of the row. It is one pointer in size, so that results with
/// it stay small.
#[derive(Debug)]
pub(in crate::table) struct CellError(Box<Located>);

#[derive(Debug)]
struct Located {
    path: String,
    message: String,
}

impl CellError {
    /// Prepends a segment to the path: a column, a field or an index in brackets.
    #[cold]
    pub(super) fn within(mut self, segment: &str) -> Self {
        let path = &self.0.path;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.0.path = format!("{segment}{dot}{path}");
        self
    }

    /// Returns the path and the message.
    pub(in crate::table) fn into_parts(self) -> (String, String) {
        (self.0.path, self.0.message)
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for CellError {}

impl From<ReadError> for CellError {
    #[cold]
    fn from(error: ReadError) -> Self {
        serde_core::de::Error::custom(error.reason())
    }
}

impl serde_core::de::Error for CellError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Located {
            path: String::new(),
            message: message.to_string(),
        }))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(match unexpected {
            // The name of the value in JSON.
            Unexpected::Unit => format!("invalid type: null, expected {expected}"),
            other => format!("invalid type: {other}, expected {expected}"),
        })
    }
}
