//! Errors of the search for Spark and Java, and of the compilation of kernels.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use super::requirement::Requirement;
use super::source::Source;

/// Spark or Java is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindError(Reason);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The server has been configured to run without Spark.
    Disabled,
    NoSpark,
    /// A folder that is set explicitly contains no Spark.
    NotSpark {
        source: Source,
        home: PathBuf,
    },
    OldSpark {
        version: String,
        home: PathBuf,
    },
    NoJava {
        requirement: Requirement,
    },
    /// A program that is set explicitly cannot be used.
    NotJava {
        source: Source,
        program: PathBuf,
        reason: String,
    },
    OtherJava {
        version: u32,
        program: PathBuf,
        requirement: Requirement,
    },
}

impl FindError {
    pub(super) fn new(reason: Reason) -> Self {
        Self(reason)
    }

    /// Returns the next step for a user of `dbexec`.
    pub fn help(&self) -> String {
        match &self.0 {
            Reason::Disabled => "start the server with Spark".to_owned(),
            Reason::NoSpark => "install it with `dbexec spark install`".to_owned(),
            Reason::NotSpark { source, .. } => match source {
                Source::Variable(name) => {
                    format!("unset `{name}`, or set it to a folder of Spark that contains `jars`")
                }
                _ => "select a folder of Spark that contains `jars`".to_owned(),
            },
            Reason::OldSpark { .. } => {
                "unset `SPARK_HOME` and install a current version with `dbexec spark install`"
                    .to_owned()
            }
            Reason::NoJava { requirement } | Reason::OtherJava { requirement, .. } => format!(
                "install Java {} (on Debian and Ubuntu: `apt install openjdk-{}-jre-headless`), or set \
                 `JAVA_HOME`",
                requirement.recommended(),
                requirement.recommended(),
            ),
            Reason::NotJava { source, .. } => match source {
                Source::Variable(name) => format!("unset `{name}`, or set it to a folder of Java"),
                _ => "select the program `java` of an installed Java".to_owned(),
            },
        }
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Disabled => f.write_str("this server runs without Spark"),
            Reason::NoSpark => f.write_str("Spark is not installed"),
            Reason::NotSpark { source, home } => write!(
                f,
                "`{}` ({source}) contains no Spark: there is no file `jars/spark-core_*.jar`",
                home.display()
            ),
            Reason::OldSpark { version, home } => write!(
                f,
                "Spark {version} in `{}` is not supported, expected version 3.5 or newer",
                home.display()
            ),
            Reason::NoJava { requirement } => write!(f, "Java is not installed; {requirement}"),
            Reason::NotJava {
                source,
                program,
                reason,
            } => write!(f, "`{}` ({source}) {reason}", program.display()),
            Reason::OtherJava {
                version,
                program,
                requirement,
            } => write!(
                f,
                "Java {version} (`{}`) cannot be used; {requirement}",
                program.display()
            ),
        }
    }
}

impl std::error::Error for FindError {}

/// Spark cannot be used.
#[derive(Debug)]
pub(crate) enum PrepareError {
    Find(FindError),
    /// A file or folder cannot be written.
    Write {
        path: PathBuf,
        reason: String,
    },
    /// Another process holds the lock on this file.
    Locked(PathBuf),
    /// The kernels cannot be compiled.
    Compiler(String),
    /// The operating system provides no thread.
    NoThread(String),
}

impl PrepareError {
    pub(super) fn write(path: &Path, error: &io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    }
}

impl From<FindError> for PrepareError {
    fn from(error: FindError) -> Self {
        Self::Find(error)
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Find(error) => write!(f, "{error}; {}", error.help()),
            Self::Write { path, reason } => {
                write!(f, "cannot write `{}`: {reason}", path.display())
            }
            Self::Locked(path) => write!(
                f,
                "another process holds the lock `{}` for too long",
                path.display()
            ),
            Self::Compiler(reason) => write!(f, "the kernels cannot be compiled: {reason}"),
            Self::NoThread(reason) => write!(f, "Spark cannot be looked up: {reason}"),
        }
    }
}

impl std::error::Error for PrepareError {}
