//! Paths of files in the workspace.

use std::fmt;
use std::io;

use super::error::DbfsError;
use crate::limits;

/// Folder in the root for files that are being uploaded. Requests cannot access it.
pub(super) const STAGING: &str = ".local-server-uploads";

/// An absolute path, as a list of names.
#[derive(Clone, Debug)]
pub(crate) struct DbfsPath {
    /// Path of the request, for error messages.
    given: String,
    names: Vec<String>,
}

impl DbfsPath {
    /// Parses an absolute path, with or without `dbfs:`. Empty names and `.` are skipped.
    pub(crate) fn parse(given: &str) -> Result<Self, DbfsError> {
        if given.len() > limits::DBFS_PATH_BYTES {
            return Err(DbfsError::Invalid(format!(
                "Path is longer than {} bytes",
                limits::DBFS_PATH_BYTES
            )));
        }
        let invalid =
            |reason: &str| Err(DbfsError::Invalid(format!("Path must {reason}: {given}")));
        let Some(path) = given
            .strip_prefix("dbfs:")
            .unwrap_or(given)
            .strip_prefix('/')
        else {
            return invalid("be absolute");
        };
        if path.contains('\0') {
            return invalid("not contain a null character");
        }
        let names = path.split('/').filter(|name| !matches!(*name, "" | "."));
        let names: Vec<_> = names.map(str::to_owned).collect();
        if names.iter().any(|name| name == "..") {
            return invalid("not contain `..`");
        }
        if names.first().is_some_and(|name| name == STAGING) {
            return invalid("not be in the folder of uploads");
        }
        Ok(Self {
            given: given.to_owned(),
            names,
        })
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn is_root(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns the names of the parent folder, and the last name. The root has none.
    pub(super) fn split(&self) -> Option<(&[String], &str)> {
        let (name, parent) = self.names.split_last()?;
        Some((parent, name))
    }

    /// Returns the path in the form of responses: `/a/b`.
    pub(super) fn normalized(&self) -> String {
        format!("/{}", self.names.join("/"))
    }

    /// Converts the error of an operation on this path.
    pub(super) fn error(&self, source: io::Error) -> DbfsError {
        let path = self.to_string();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => DbfsError::DoesNotExist(path),
            io::ErrorKind::InvalidFilename => {
                DbfsError::Invalid(format!("Path contains a name that is too long: {path}"))
            }
            _ => DbfsError::Io { path, source },
        }
    }
}

/// Formats the path of the request.
impl fmt::Display for DbfsPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.given)
    }
}

#[cfg(test)]
mod tests {
    use super::DbfsPath;

    #[test]
    fn paths_are_normalized() {
        for (given, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/a/b", "/a/b"),
            ("/a//./b/", "/a/b"),
            ("dbfs:/a", "/a"),
            ("/ä b/…", "/ä b/…"),
        ] {
            assert_eq!(DbfsPath::parse(given).unwrap().normalized(), expected);
        }
    }

    #[test]
    fn invalid_paths_are_rejected() {
        let long = "/x".repeat(10_000);
        for given in [
            "",
            "a",
            "dbfs:a",
            "s3:/a",
            "/a/../b",
            "/..",
            "/a\0b",
            "/.local-server-uploads/a",
            "//./.local-server-uploads",
            &long,
        ] {
            assert!(DbfsPath::parse(given).is_err(), "{given}");
        }
    }
}
