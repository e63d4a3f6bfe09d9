//! Origins of settings.

use std::fmt;
use std::path::PathBuf;

/// Origin of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Method of [`Config`](super::Config), with the name of its setting.
    Argument(&'static str),
    /// Environment variable.
    Variable(&'static str),
    /// Key in a profile.
    Profile {
        /// Name of the profile.
        name: String,
        /// Path of the profile file.
        path: PathBuf,
        /// Line number, starting at 1.
        line: usize,
    },
    /// Entry of a netrc file, as in messages.
    Netrc(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(_) => f.write_str("the arguments"),
            Self::Variable(name) => write!(f, "the environment variable `{name}`"),
            Self::Profile { name, path, line } => {
                write!(
                    f,
                    "profile `{}` in {}:{line}",
                    name.escape_debug(),
                    path.display()
                )
            }
            Self::Netrc(text) => f.write_str(text),
        }
    }
}
