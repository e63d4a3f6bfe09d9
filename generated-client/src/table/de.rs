//! From rows to the types of a program.
//!
//! ```text
//! record ──▶ cell ──▶ access ──▶ cell or record again
//!                       └──────▶ key
//! ```

mod access;
mod key;
mod record;
mod value;

use std::fmt;

pub(super) use self::record::Record;

/// What does not fit, and where in the row.
#[derive(Debug)]
pub(super) struct CellError {
    pub(super) path: String,
    pub(super) message: String,
}

impl CellError {
    /// The same error, seen from what the place lies in.
    fn within(mut self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{place}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CellError {}

impl serde_core::de::Error for CellError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            path: String::new(),
            message: message.to_string(),
        }
    }
}
