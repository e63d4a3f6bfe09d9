//! Libraries of a cluster.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::error::ClusterError;

/// Kinds of libraries in requests.
const KINDS: [&str; 7] = ["jar", "whl", "egg", "requirements", "pypi", "maven", "cran"];

/// A library in the form of requests, e.g. `{"jar": "dbfs:/a.jar"}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Library(Value);

/// Location of a JAR file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JarSource {
    /// Path in DBFS.
    Dbfs(String),
    /// Path on this machine.
    Local(PathBuf),
}

impl Library {
    /// Checks that a library has exactly one kind.
    pub(crate) fn parse(value: Value) -> Result<Self, ClusterError> {
        let kinds = KINDS.iter().filter(|kind| !value[**kind].is_null());
        if kinds.count() == 1 {
            return Ok(Self(value));
        }
        Err(ClusterError::Invalid(format!(
            "A library must have exactly one of {}",
            KINDS.join(", ")
        )))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// Returns the location of a JAR, or the reason why this server cannot install the library.
    pub(crate) fn jar(&self) -> Result<JarSource, String> {
        let Some(uri) = self.0["jar"].as_str() else {
            return Err(
                "This server installs JARs only. Install Python and R packages for the \
                 interpreters on this machine, and pass Maven packages as JARs."
                    .to_owned(),
            );
        };
        if uri.starts_with("dbfs:/") {
            return Ok(JarSource::Dbfs(uri.to_owned()));
        }
        match uri.strip_prefix("file:") {
            Some(path) if path.starts_with('/') => {
                // `file:///a` and `file:/a` are equivalent.
                let path = path.trim_start_matches('/');
                Ok(JarSource::Local(PathBuf::from(format!("/{path}"))))
            }
            _ => Err(format!(
                "This server installs JARs from dbfs:/ and file:/ only: {uri}"
            )),
        }
    }
}

/// State of a library in responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LibraryState {
    Pending,
    Installing,
    Installed,
    Failed,
    UninstallOnRestart,
}

/// A library of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct LibraryStatus {
    pub(crate) library: Library,
    pub(crate) state: LibraryState,
    pub(crate) messages: Vec<String>,
}

impl LibraryStatus {
    pub(super) fn new(library: Library) -> Self {
        Self {
            library,
            state: LibraryState::Pending,
            messages: Vec::new(),
        }
    }

    /// Prepares the library for the next start. Returns whether the cluster keeps it.
    pub(super) fn stop(&mut self) -> bool {
        if self.state == LibraryState::UninstallOnRestart {
            return false;
        }
        *self = Self::new(self.library.clone());
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{JarSource, Library};

    #[test]
    fn libraries_have_exactly_one_kind() {
        for valid in [
            json!({"jar": "dbfs:/a.jar"}),
            json!({"pypi": {"package": "x"}, "jar": null}),
        ] {
            Library::parse(valid).unwrap();
        }
        for invalid in [
            json!({}),
            json!({"jar": "dbfs:/a.jar", "whl": "dbfs:/a.whl"}),
            json!({"rpm": "x"}),
            json!("dbfs:/a.jar"),
            json!(null),
        ] {
            Library::parse(invalid.clone()).expect_err(&invalid.to_string());
        }
    }

    #[test]
    fn jars_are_read_from_dbfs_and_from_this_machine() {
        let jar = |uri: &str| Library::parse(json!({"jar": uri})).unwrap().jar();
        assert_eq!(
            jar("dbfs:/a b.jar"),
            Ok(JarSource::Dbfs("dbfs:/a b.jar".to_owned()))
        );
        for uri in ["file:/tmp/a.jar", "file:///tmp/a.jar"] {
            assert_eq!(jar(uri), Ok(JarSource::Local("/tmp/a.jar".into())));
        }
        for uri in ["s3://bucket/a.jar", "/tmp/a.jar", "file:a.jar", ""] {
            assert!(jar(uri).unwrap_err().contains("dbfs:/ and file:/"), "{uri}");
        }
    }
}
