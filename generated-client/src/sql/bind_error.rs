//! Errors of binding.

use std::error::Error;
use std::fmt;

/// Error of [`Parameters::bind`](super::Parameters::bind).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindError {
    /// A named parameter of the query has no value.
    #[non_exhaustive]
    MissingValue {
        /// Name without the colon.
        name: String,
    },
    /// The number of positional values is not that of the markers `?`.
    #[non_exhaustive]
    PositionalCount {
        /// Number of markers in the query.
        expected: usize,
        /// Number of values.
        found: usize,
    },
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingValue { name } => write!(f, "the parameter `:{name}` has no value"),
            Self::PositionalCount { expected, found } => {
                let plural = |count: usize| if count == 1 { "" } else { "s" };
                write!(
                    f,
                    "{found} value{} for {expected} parameter{} (`?`)",
                    plural(*found),
                    plural(*expected)
                )
            }
        }
    }
}

impl Error for BindError {}
