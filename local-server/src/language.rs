//! The languages of the API, and which of them run here.

use std::path::PathBuf;
use std::process::Command;

const PYTHON_KERNEL: &str = include_str!("python/kernel.py");

/// Reads as many bytes as it is told and runs them, under a file name that tracebacks leave out.
const PYTHON_BOOT: &str = r#"
import os, sys
left, program = int(sys.argv[1]), b""
while left:
    part = os.read(0, left) or sys.exit(1)
    left, program = left - len(part), program + part
exec(compile(program, "<local-server>", "exec"), {"__name__": "local_server"})
"#;

/// A language a client may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Scala,
    Sql,
    R,
}

impl Language {
    /// The language of that name, in capitals or not.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Python, Self::Scala, Self::Sql, Self::R]
            .into_iter()
            .find(|language| language.name().eq_ignore_ascii_case(name))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Scala => "scala",
            Self::Sql => "sql",
            Self::R => "r",
        }
    }
}

/// The interpreters of this machine.
///
/// A further language is a further program that speaks the protocol of `kernel.py`: how it is
/// started goes here, and nothing else of the server has to know.
#[derive(Clone, Debug)]
pub(crate) struct Interpreters {
    pub(crate) python: PathBuf,
}

/// How an interpreter is started.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) command: Command,
    /// What is written to it before anything else.
    pub(crate) program: &'static str,
}

impl Interpreters {
    /// How the interpreter of `language` is started, or nothing if it does not run here.
    pub(crate) fn launch(&self, language: Language) -> Option<Launch> {
        match language {
            Language::Python => {
                let mut command = Command::new(&self.python);
                command.args(["-c", PYTHON_BOOT, &PYTHON_KERNEL.len().to_string()]);
                let program = PYTHON_KERNEL;
                Some(Launch { command, program })
            }
            Language::Scala | Language::Sql | Language::R => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn languages_are_told_without_regard_to_case() {
        assert_eq!(Language::parse("PYTHON"), Some(Language::Python));
        assert_eq!(Language::parse("r"), Some(Language::R));
        assert_eq!(Language::parse("cobol"), None);
    }
}
