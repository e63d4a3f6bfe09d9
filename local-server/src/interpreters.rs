//! Interpreters of this machine other than Spark.

#[doc(hidden)]
pub mod testing;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::probe;

const PRINT_PYTHON_VERSION: &str = "\
import sys
print('version=%d.%d.%d' % sys.version_info[:3])
";

/// Oldest supported versions.
const MIN_PYTHON: (u32, u32) = (3, 8);
const MIN_R: (u32, u32) = (4, 0);

/// An interpreter and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interpreter {
    /// Name or path of the program.
    pub program: PathBuf,
    /// Version, for example `3.11.7`.
    pub version: String,
}

/// An interpreter is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeError {
    message: String,
    help: &'static str,
}

impl Interpreter {
    /// Runs a Python interpreter to find out its version.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or is older than version 3.8.
    pub fn python(program: &Path) -> Result<Self, ProbeError> {
        let failed = |reason: String| ProbeError {
            message: format!("`{}` {reason}", program.display()),
            help: "use `--python PROGRAM` to select Python 3.8 or newer",
        };
        let mut command = Command::new(program);
        command.args(["-c", PRINT_PYTHON_VERSION]);
        let text = probe::output(command).map_err(failed)?;
        let version = value(&text, "version=")
            .ok_or_else(|| failed("does not print its version".to_owned()))?;
        if crate::spark::major_minor(version).is_none_or(|version| version < MIN_PYTHON) {
            return Err(failed(format!("is Python {version}")));
        }
        Ok(Self {
            program: program.to_owned(),
            version: version.to_owned(),
        })
    }

    /// Runs R to find out its version.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or is older than version 4.0.
    pub fn r(program: &Path) -> Result<Self, ProbeError> {
        let failed = |reason: String| ProbeError {
            message: format!("`{}` {reason}", program.display()),
            help: "install R 4.0 or newer (on Debian and Ubuntu: `apt install --no-install-recommends \
                   r-base-core`), or use `--r PROGRAM`",
        };
        let mut command = Command::new(program);
        command.arg("--version");
        let text = probe::output(command).map_err(failed)?;
        let version = value(&text, "R version ").and_then(|line| line.split(' ').next());
        let version = version.ok_or_else(|| failed("does not print its version".to_owned()))?;
        if crate::spark::major_minor(version).is_none_or(|version| version < MIN_R) {
            return Err(failed(format!("is R {version}")));
        }
        Ok(Self {
            program: program.to_owned(),
            version: version.to_owned(),
        })
    }
}

fn value<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(prefix))
}

impl ProbeError {
    /// Returns the next step for a user of `dbexec`.
    pub fn help(&self) -> String {
        self.help.to_owned()
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProbeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_python_is_an_error_with_its_name() {
        let error = Interpreter::python(Path::new("/nonexistent/python")).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("`/nonexistent/python` cannot be started: "),
            "{text}"
        );
        assert!(error.help().contains("--python"));
    }

    #[test]
    fn python_of_the_tests_is_found() {
        let python = Interpreter::python(Path::new("python3")).unwrap();
        assert!(python.version.starts_with("3."), "{python:?}");
    }
}
