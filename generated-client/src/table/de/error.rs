//! Errors of the deserializers.

use std::fmt;

use api_runtime::codec::ReadError;
use serde_core::de::{Expected, Unexpected};

/// Error with the path to the value inside of the row.
#[derive(Debug)]
pub(in crate::table) struct CellError {
    pub(in crate::table) path: String,
    pub(in crate::table) message: String,
}

impl CellError {
    /// Prepends a segment to the path: a column, a field or an index in brackets.
    pub(super) fn within(mut self, segment: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{segment}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CellError {}

impl From<ReadError> for CellError {
    fn from(error: ReadError) -> Self {
        serde_core::de::Error::custom(error)
    }
}

impl serde_core::de::Error for CellError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            path: String::new(),
            message: message.to_string(),
        }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(match unexpected {
            // The name of the value in JSON.
            Unexpected::Unit => format!("invalid type: null, expected {expected}"),
            other => format!("invalid type: {other}, expected {expected}"),
        })
    }
}
