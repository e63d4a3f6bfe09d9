//! Languages of the API and the interpreters that run them.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::process::Launch;
use crate::python;
use crate::quirks::Quirks;

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
/// To support a language, add a program that implements the protocols of `supervisor.py` and
/// `kernel.py`, and return its command from [`Interpreters::launch`].
#[derive(Clone, Debug)]
pub(crate) struct Interpreters {
    /// Also runs the supervisors of all processes.
    pub(crate) python: PathBuf,
    /// Environment variables that interpreters do not inherit.
    pub(crate) removed_variables: Vec<OsString>,
    /// Folder of the files of DBFS.
    pub(crate) dbfs_root: PathBuf,
    pub(crate) quirks: Quirks,
}

impl Interpreters {
    /// Returns the process that runs commands in a language, or `None` if the language is not
    /// supported.
    pub(crate) fn launch(&self, language: Language) -> Option<Launch> {
        let launch = match language {
            Language::Python => python::launch(&self.python, &self.dbfs_root, self.quirks),
            Language::Scala | Language::Sql | Language::R => return None,
        };
        Some(launch.without_variables(&self.removed_variables))
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
