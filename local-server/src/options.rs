//! Configuration of a server.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::limits;

/// Spark to use for Scala, SQL, and Python code that needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SparkChoice {
    /// Spark is searched for at its first use: the folder `SPARK_HOME`, the package `pyspark` of the
    /// Python interpreter, then the cache folder of `dbexec spark install`.
    #[default]
    Automatic,
    /// The Spark in this folder, which contains `jars`.
    Home(PathBuf),
    /// No Spark.
    None,
}

/// Configuration of a [`Server`](crate::Server).
///
/// Without [`token`](Self::token) and [`user`](Self::user), the server accepts requests from every
/// program on this machine, but not from web pages.
///
/// # Examples
///
/// ```
/// let options = local_server::Options::new()
///     .port(0)
///     .token("secret")
///     .python("python3");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct Options {
    pub(crate) port: u16,
    pub(crate) tokens: Vec<String>,
    pub(crate) users: Vec<(String, String)>,
    pub(crate) python: PathBuf,
    pub(crate) spark: SparkChoice,
    pub(crate) java: Option<PathBuf>,
    pub(crate) removed_variables: Vec<OsString>,
    pub(crate) max_contexts: usize,
    pub(crate) cancel_grace: Duration,
}

impl Options {
    /// Creates a configuration with a free port, no credentials, `python3` from the `PATH`, at most
    /// 145 contexts, and 5 seconds for canceled commands to end.
    pub fn new() -> Self {
        Self {
            port: 0,
            tokens: Vec::new(),
            users: Vec::new(),
            python: PathBuf::from("python3"),
            spark: SparkChoice::Automatic,
            java: None,
            removed_variables: Vec::new(),
            max_contexts: limits::MAX_CONTEXTS,
            cancel_grace: limits::CANCEL_GRACE,
        }
    }

    /// Sets the port of 127.0.0.1 to listen on. 0 selects a free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds an accepted token. Clients send it as `Bearer` token, or as `Basic` password with any
    /// user name.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.tokens.push(token.into());
        self
    }

    /// Adds an accepted user name and password. Clients send them as `Basic` credentials.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.users.push((name.into(), password.into()));
        self
    }

    /// Sets the Python interpreter, which must be version 3.8 or newer. A name without a slash is
    /// searched for in the `PATH`.
    ///
    /// The interpreter is started with each context. If that fails, `contexts/create` returns
    /// status code 500.
    #[must_use]
    pub fn python(mut self, program: impl Into<PathBuf>) -> Self {
        self.python = program.into();
        self
    }

    /// Sets the Spark to use. Default: [`SparkChoice::Automatic`]. It is never required for plain
    /// Python.
    #[must_use]
    pub fn spark(mut self, choice: SparkChoice) -> Self {
        self.spark = choice;
        self
    }

    /// Sets the program `java` that runs Spark. Default: that of `JAVA_HOME`, then that of the `PATH`.
    #[must_use]
    pub fn java(mut self, program: impl Into<PathBuf>) -> Self {
        self.java = Some(program.into());
        self
    }

    /// Adds an environment variable that interpreters do not inherit, for example a secret of the
    /// program that runs the server.
    ///
    /// Code can also read the initial environment of that program from the operating system. A
    /// program that has received secrets in its environment can execute itself without them.
    #[must_use]
    pub fn remove_variable(mut self, name: impl Into<OsString>) -> Self {
        self.removed_variables.push(name.into());
        self
    }

    /// Sets the maximum number of contexts. Default: 145, the limit of a Databricks cluster.
    #[must_use]
    pub fn max_contexts(mut self, limit: usize) -> Self {
        self.max_contexts = limit;
        self
    }

    /// Sets the time for a canceled command to end. Default: 5 seconds.
    ///
    /// Afterwards its interpreter is killed, and the context fails.
    #[must_use]
    pub fn cancel_grace(mut self, grace: Duration) -> Self {
        self.cancel_grace = grace;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// Formats all settings except the credentials.
impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("tokens", &format_args!("[{} redacted]", self.tokens.len()))
            .field("users", &format_args!("[{} redacted]", self.users.len()))
            .field("python", &self.python)
            .field("spark", &self.spark)
            .field("java", &self.java)
            .field("removed_variables", &self.removed_variables)
            .field("max_contexts", &self.max_contexts)
            .field("cancel_grace", &self.cancel_grace)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn debug_output_redacts_credentials() {
        let options = Options::new().token("tttt").user("uuuu", "pppp");
        let output = format!("{options:?} {options:#?}");
        for secret in ["tttt", "uuuu", "pppp"] {
            assert!(!output.contains(secret), "{output}");
        }
    }
}
