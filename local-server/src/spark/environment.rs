//! Environment variables that select Spark, Java and folders.

use std::collections::HashMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Environment variables for the search for Spark, Java and the cache folder.
#[derive(Clone, Debug, Default)]
pub struct Environment(HashMap<OsString, OsString>);

impl Environment {
    /// Reads the variables of the process.
    pub fn from_process() -> Self {
        Self(env::vars_os().collect())
    }

    /// Creates an environment from names and values, for example in tests.
    pub fn from_pairs<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter();
        Self(
            variables
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// Returns the value of a variable. Empty variables count as not set.
    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns a variable that contains a path.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// Returns the first file of this name in the folders of `PATH`. A name with a slash is a path.
    pub(crate) fn program(&self, name: &OsStr) -> Option<PathBuf> {
        if PathBuf::from(name).components().count() > 1 {
            return Some(PathBuf::from(name)).filter(|path| path.is_file());
        }
        let folders = env::split_paths(self.get("PATH")?).collect::<Vec<_>>();
        let mut paths = folders.iter().map(|folder| folder.join(name));
        paths.find(|path| is_executable(path))
    }
}

fn is_executable(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
