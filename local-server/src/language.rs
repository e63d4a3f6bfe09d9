//! Languages of the API and the interpreters that run them.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use crate::process::Launch;
use crate::quirks::Quirks;
use crate::{python, r};

/// Language of a context or a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Scala,
    Sql,
    R,
}

impl Language {
    /// Parses a name, ignoring case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Python, Self::Scala, Self::Sql, Self::R]
            .into_iter()
            .find(|language| language.name().eq_ignore_ascii_case(name))
    }

    /// Returns the name in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Scala => "scala",
            Self::Sql => "sql",
            Self::R => "r",
        }
    }

    /// Returns the name in messages.
    pub(crate) fn display_name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Scala => "Scala",
            Self::Sql => "SQL",
            Self::R => "R",
        }
    }

    /// Returns whether a context of this language runs commands in another one.
    pub(crate) fn runs(self, command: Self) -> bool {
        self == command || matches!((self, command), (Self::Python | Self::Scala, Self::Sql))
    }
}

/// Interpreters that are installed on this machine.
///
/// A process of a language implements the protocols of `supervisor.py` and `kernel.py`.
#[derive(Clone, Debug)]
pub(crate) struct Interpreters {
    /// Also runs the supervisors of all processes.
    pub(crate) python: PathBuf,
    pub(crate) r: PathBuf,
    /// Environment variables that interpreters do not inherit.
    pub(crate) removed_variables: Vec<OsString>,
    /// Maximum memory of each process in bytes.
    pub(crate) memory_limit: Option<u64>,
    /// Folder of the files of DBFS.
    pub(crate) dbfs_root: PathBuf,
    /// Folder for temporary files of interpreters.
    pub(crate) folder: PathBuf,
    pub(crate) quirks: Quirks,
}

impl Interpreters {
    /// Returns the process of a Python context.
    pub(crate) fn launch_python(&self) -> Launch {
        let launch = python::launch(
            &self.python,
            &self.dbfs_root,
            self.quirks,
            self.memory_limit,
        );
        launch.without_variables(&self.removed_variables)
    }

    /// Checks that R is installed. The error is a message with the next step.
    pub(crate) fn find_r(&self) -> Result<(), String> {
        r::find(&self.r).map(drop)
    }

    /// Returns the process of an R context.
    ///
    /// # Errors
    ///
    /// If the folder of its temporary files cannot be created.
    pub(crate) fn launch_r(&self) -> io::Result<Launch> {
        let launch = r::launch(
            &self.r,
            &self.python,
            &self.folder,
            &self.dbfs_root,
            self.memory_limit,
        )?;
        Ok(launch.without_variables(&self.removed_variables))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn language_names_are_case_insensitive() {
        assert_eq!(Language::parse("PYTHON"), Some(Language::Python));
        assert_eq!(Language::parse("r"), Some(Language::R));
        assert_eq!(Language::parse("cobol"), None);
    }

    #[test]
    fn python_and_scala_contexts_run_sql() {
        use Language::{Python, R, Scala, Sql};

        for (context, commands) in [
            (Python, &[Python, Sql][..]),
            (Scala, &[Scala, Sql]),
            (Sql, &[Sql]),
            (R, &[R]),
        ] {
            for command in [Python, Scala, Sql, R] {
                assert_eq!(context.runs(command), commands.contains(&command));
            }
        }
    }
}
