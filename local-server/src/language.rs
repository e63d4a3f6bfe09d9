//! Languages of the API and the interpreters that run them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

const PYTHON_SUPERVISOR: &str = include_str!("python/supervisor.py");
const PYTHON_KERNEL: &str = include_str!("python/kernel.py");

/// Reads the supervisor and the kernel from standard input and runs them. The arguments are their
/// sizes in bytes.
///
/// The file name `<local-server>` identifies frames of the kernel, which it removes from
/// tracebacks.
const PYTHON_BOOTSTRAP: &str = r#"
import os, sys
def read(remaining):
    program = b""
    while remaining:
        chunk = os.read(0, remaining) or sys.exit(1)
        remaining, program = remaining - len(chunk), program + chunk
    return compile(program, "<local-server>", "exec")
namespace = {"__name__": "local_server"}
for program in [read(int(size)) for size in sys.argv[1:]]:
    exec(program, namespace)
"#;

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
}

/// Interpreters that are installed on this machine.
///
/// To support a language, add a program that implements the protocols of `supervisor.py` and
/// `kernel.py`, and return its command from [`Interpreters::launch`].
#[derive(Clone, Debug)]
pub(crate) struct Interpreters {
    pub(crate) python: PathBuf,
    /// Environment variables that interpreters do not inherit.
    pub(crate) removed_variables: Vec<OsString>,
}

/// Command that starts an interpreter.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) command: Command,
    /// Written to standard input before all requests.
    pub(crate) programs: &'static [&'static str],
}

impl Interpreters {
    /// Returns the command that starts the interpreter of a language, or `None` if the language is
    /// not supported.
    pub(crate) fn launch(&self, language: Language) -> Option<Launch> {
        match language {
            Language::Python => {
                let programs = &[PYTHON_SUPERVISOR, PYTHON_KERNEL];
                let mut command = Command::new(&self.python);
                command.args(["-c", PYTHON_BOOTSTRAP]);
                command.args(programs.map(|program| program.len().to_string()));
                for variable in &self.removed_variables {
                    command.env_remove(variable);
                }
                Some(Launch { command, programs })
            }
            Language::Scala | Language::Sql | Language::R => None,
        }
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
}
