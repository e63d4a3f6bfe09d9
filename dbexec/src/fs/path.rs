//! Paths of DBFS.

use std::fmt;
use std::str::FromStr;

/// An absolute path without `dbfs:`, for example `/in/big.csv`. `Display` adds the prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DbfsPath {
    path: String,
    /// Set if the path was written with a slash at the end.
    is_folder: bool,
}

/// Prefix of paths on the command line.
pub(super) const PREFIX: &str = "dbfs:";

impl DbfsPath {
    /// Creates a path from one of a response.
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            is_folder: false,
        }
    }

    /// Returns the path for requests.
    pub(crate) fn as_str(&self) -> &str {
        &self.path
    }

    /// Returns the last part. The root has none.
    pub(super) fn name(&self) -> Option<&str> {
        let (_, name) = self.path.rsplit_once('/')?;
        Some(name).filter(|name| !name.is_empty())
    }

    /// Returns whether the path was written with a slash at the end.
    pub(super) fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// Returns the path of an entry of this folder.
    pub(super) fn join(&self, name: &str) -> Self {
        Self::new(&format!("{}/{name}", self.path.trim_end_matches('/')))
    }

    /// Returns the part of a path below this folder.
    pub(super) fn relative<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.path.trim_end_matches('/'))?;
        rest.strip_prefix('/')
    }
}

impl FromStr for DbfsPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = |path: &str| {
            let path = path.trim_start_matches('/');
            format!("expected a path of DBFS, for example `dbfs:/{path}`")
        };
        let path = text.strip_prefix(PREFIX).ok_or_else(|| expected(text))?;
        if !path.starts_with('/') {
            return Err(expected(path));
        }
        let names: Vec<_> = path
            .split('/')
            .filter(|name| !matches!(*name, "" | "."))
            .collect();
        if names.contains(&"..") {
            return Err("a path of DBFS cannot contain `..`".to_owned());
        }
        Ok(Self {
            path: format!("/{}", names.join("/")),
            is_folder: path.ends_with('/'),
        })
    }
}

impl fmt::Display for DbfsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> DbfsPath {
        text.parse().unwrap()
    }

    #[test]
    fn paths_are_normalized() {
        for (text, path, is_folder) in [
            ("dbfs:/", "/", true),
            ("dbfs:/a//b/.", "/a/b", false),
            ("dbfs:/a/", "/a", true),
        ] {
            let parsed = parse(text);
            assert_eq!((parsed.as_str(), parsed.is_folder()), (path, is_folder));
        }
        assert_eq!(parse("dbfs:/a/b").to_string(), "dbfs:/a/b");
    }

    #[test]
    fn other_paths_are_rejected_with_a_correction() {
        for (text, correction) in [
            ("/in/a", "`dbfs:/in/a`"),
            ("in", "`dbfs:/in`"),
            ("dbfs:in", "`dbfs:/in`"),
        ] {
            let error = text.parse::<DbfsPath>().unwrap_err();
            assert!(error.ends_with(correction), "{error}");
        }
        assert!("dbfs:/a/../b".parse::<DbfsPath>().is_err());
    }

    #[test]
    fn names_and_relative_paths_are_parts_of_the_path() {
        let root = parse("dbfs:/");
        assert_eq!((root.name(), root.relative("/a/b")), (None, Some("a/b")));
        let folder = root.join("in");
        assert_eq!((folder.as_str(), folder.name()), ("/in", Some("in")));
        assert_eq!(folder.relative("/in/a/b"), Some("a/b"));
        assert_eq!(folder.relative("/input/a"), None);
    }
}
