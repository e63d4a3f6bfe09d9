//! Configuration of a server.

use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::Faults;
use crate::limits;
use crate::memory_size::MemorySize;
use crate::quirks::{Quirk, Quirks};

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
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    pub(crate) tokens: Vec<String>,
    pub(crate) users: Vec<(String, String)>,
    pub(crate) python: PathBuf,
    pub(crate) r: PathBuf,
    pub(crate) spark: SparkChoice,
    pub(crate) java: Option<PathBuf>,
    pub(crate) master: Option<String>,
    pub(crate) cores: Option<u32>,
    pub(crate) memory: MemorySize,
    pub(crate) spark_settings: Vec<(String, String)>,
    pub(crate) removed_variables: Vec<OsString>,
    pub(crate) memory_limit: Option<u64>,
    pub(crate) max_contexts: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) cancel_grace: Duration,
    pub(crate) class_archives: bool,
    pub(crate) dbfs_root: Option<PathBuf>,
    pub(crate) strict_clusters: bool,
    pub(crate) cluster_start_time: Duration,
    pub(crate) quirks: Quirks,
    pub(crate) faults: Option<Faults>,
}

impl Options {
    /// Creates a configuration with a free port of 127.0.0.1, no credentials, `python3` from the
    /// `PATH`, at most 145 contexts, and 5 seconds for canceled commands to end.
    pub fn new() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            tls: false,
            tokens: Vec::new(),
            users: Vec::new(),
            python: PathBuf::from("python3"),
            r: PathBuf::from("R"),
            spark: SparkChoice::Automatic,
            java: None,
            master: None,
            cores: None,
            memory: MemorySize::DEFAULT,
            spark_settings: Vec::new(),
            removed_variables: Vec::new(),
            memory_limit: None,
            max_contexts: limits::MAX_CONTEXTS,
            idle_timeout: limits::IDLE_TIMEOUT,
            cancel_grace: limits::CANCEL_GRACE,
            class_archives: false,
            dbfs_root: None,
            strict_clusters: false,
            cluster_start_time: limits::CLUSTER_START_TIME,
            quirks: Quirks::default(),
            faults: None,
        }
    }

    /// Sets the address to listen on. Default: 127.0.0.1.
    ///
    /// Other machines can connect to an address that is not a loopback address, and clients can run
    /// code as the user of this program. [`Server::start`](crate::Server::start) therefore fails for
    /// such an address without a token or a user, and connections should use [`tls`](Self::tls).
    #[must_use]
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets whether connections are encrypted. Default: `false`.
    ///
    /// The certificate is generated when the server starts. It is valid for `localhost`, the loopback
    /// addresses and the address that the server listens on. Clients must trust
    /// [`Server::ca_certificate`](crate::Server::ca_certificate).
    #[must_use]
    pub fn tls(mut self, is_enabled: bool) -> Self {
        self.tls = is_enabled;
        self
    }

    /// Sets the port to listen on. 0 selects a free port.
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

    /// Sets the R interpreter, which must be version 4.0 or newer. Default: `R`. A name without a slash
    /// is searched for in the `PATH`.
    ///
    /// R is required for R contexts only. Without it, `contexts/create` returns status code 400.
    #[must_use]
    pub fn r(mut self, program: impl Into<PathBuf>) -> Self {
        self.r = program.into();
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

    /// Sets the master of Spark applications, for example `spark://host:7077`. Default: local mode, in
    /// which an application runs in one process on this machine.
    ///
    /// The processes of contexts run on this machine and must be reachable from the executors of the
    /// cluster.
    #[must_use]
    pub fn master(mut self, url: impl Into<String>) -> Self {
        self.master = Some(url.into());
        self
    }

    /// Sets the number of cores of each Spark application. Default: all cores of this machine in local
    /// mode, and 2 on a cluster.
    ///
    /// An application keeps its cores until it ends. On a cluster, `cores` is the setting
    /// `spark.cores.max`. The applications of a cluster that was created with workers have one core per
    /// worker instead, in local mode at most 64.
    #[must_use]
    pub fn cores(mut self, cores: u32) -> Self {
        self.cores = Some(cores);
        self
    }

    /// Sets the maximum size of the heap of each JVM. Default: 1 GiB.
    ///
    /// A cluster that was created with `spark.driver.memory` in its `spark_conf` has this size instead.
    #[must_use]
    pub fn memory(mut self, size: MemorySize) -> Self {
        self.memory = size;
        self
    }

    /// Adds a setting of Spark, for example `spark.executor.memory`. It takes precedence over the
    /// settings of this server.
    #[must_use]
    pub fn spark_setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.spark_settings.push((name.into(), value.into()));
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

    /// Sets the maximum memory of each Python and R process in bytes. Default: no limit.
    ///
    /// It applies to the interpreters of contexts, to each process that they start, and to the workers of
    /// Spark that run Python functions. Beyond it, allocations fail: the command ends with `MemoryError`
    /// in Python and `cannot allocate vector` in R, and the context remains usable. The kernel in the
    /// interpreter can use 64 MiB more, to report such errors.
    ///
    /// The memory is the size of the private, writable memory of a process (`RLIMIT_DATA`), used or not.
    /// Interpreters need up to 64 MiB themselves. The processes of Spark have a heap of a fixed size instead.
    /// macOS does not enforce the limit.
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        // The interpreters compute with signed 64-bit numbers.
        self.memory_limit = Some(bytes.min(limits::MAX_MEMORY_LIMIT));
        self
    }

    /// Sets the maximum number of contexts of each cluster. Default: 145, as on Databricks.
    ///
    /// Beyond it, the idle context that was used least recently is evicted. If there is none,
    /// `contexts/create` returns status code 400.
    #[must_use]
    pub fn max_contexts(mut self, limit: usize) -> Self {
        self.max_contexts = limit;
        self
    }

    /// Sets the time after which a context without commands is evicted. Default: 24 hours, as on
    /// Databricks.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets whether archives of class data are written in the background. Default: `false`.
    ///
    /// With an archive, the Spark application of a cluster starts in about half of the time. Each one
    /// is written once, in the cache folder, after the first application has started. That takes a
    /// minute of processor time, 500 MB of memory and 180 MB of disk space. Existing archives are
    /// always used. [`prepare`](crate::preparation::prepare) writes them in advance.
    #[must_use]
    pub fn class_archives(mut self, is_enabled: bool) -> Self {
        self.class_archives = is_enabled;
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

    /// Sets the folder that contains the files of DBFS. Default: a temporary folder that is removed
    /// when the server stops.
    ///
    /// The folder is created if it does not exist. Requests reach no file outside of it: symbolic links
    /// are not followed.
    #[must_use]
    pub fn dbfs_root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.dbfs_root = Some(folder.into());
        self
    }

    /// Sets whether a cluster has to be created before it is used. Default: a cluster id is created on
    /// first use, as a running cluster.
    #[must_use]
    pub fn strict_clusters(mut self, is_strict: bool) -> Self {
        self.strict_clusters = is_strict;
        self
    }

    /// Sets the time that a cluster takes to start, and to terminate. Default: 0.5 seconds.
    ///
    /// A cluster that is created on first use runs at once.
    #[must_use]
    pub fn cluster_start_time(mut self, time: Duration) -> Self {
        self.cluster_start_time = time;
        self
    }

    /// Switches a behavior of Databricks on or off. [`Quirk`] documents the defaults.
    #[must_use]
    pub fn quirk(mut self, quirk: Quirk, is_on: bool) -> Self {
        self.quirks.set(quirk, is_on);
        self
    }

    /// Sets the errors to inject into requests with valid credentials. Default: none.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = Some(faults);
        self
    }

    pub(crate) fn has_no_credentials(&self) -> bool {
        self.tokens.is_empty() && self.users.is_empty()
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
            .field("address", &self.address)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("tokens", &format_args!("[{} redacted]", self.tokens.len()))
            .field("users", &format_args!("[{} redacted]", self.users.len()))
            .field("python", &self.python)
            .field("r", &self.r)
            .field("spark", &self.spark)
            .field("java", &self.java)
            .field("master", &self.master)
            .field("cores", &self.cores)
            .field("memory", &self.memory)
            .field(
                "spark_settings",
                &format_args!("[{} redacted]", self.spark_settings.len()),
            )
            .field("removed_variables", &self.removed_variables)
            .field("memory_limit", &self.memory_limit)
            .field("max_contexts", &self.max_contexts)
            .field("idle_timeout", &self.idle_timeout)
            .field("cancel_grace", &self.cancel_grace)
            .field("class_archives", &self.class_archives)
            .field("dbfs_root", &self.dbfs_root)
            .field("strict_clusters", &self.strict_clusters)
            .field("cluster_start_time", &self.cluster_start_time)
            .field("quirks", &self.quirks)
            .field("faults", &self.faults)
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
