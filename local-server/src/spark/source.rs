//! Origin of Spark and Java.

use std::fmt;
use std::path::PathBuf;

/// Origin of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// An option of the server.
    Option,
    /// An environment variable.
    Variable(&'static str),
    /// The package `pyspark` of a Python interpreter.
    Python(PathBuf),
    /// The cache folder, in which Spark is installed.
    Cache,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => f.write_str("from an option"),
            Self::Variable(name) => write!(f, "from `{name}`"),
            Self::Python(program) => write!(f, "package pyspark of `{}`", program.display()),
            Self::Cache => f.write_str("installed in the cache"),
        }
    }
}
