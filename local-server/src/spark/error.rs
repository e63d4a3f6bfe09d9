//! Errors of the search for Spark and Java.

use std::fmt;
use std::path::PathBuf;

use super::find::Source;
use super::java::Requirement;

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
