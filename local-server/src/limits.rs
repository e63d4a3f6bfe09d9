//! Limits of the server. The README documents them.

use std::time::Duration;

/// Maximum size of a request body.
pub(crate) const REQUEST_BODY_BYTES: usize = 64 << 20;

/// Maximum number of bytes read and discarded from a rejected request body, so that the client gets
/// the response.
pub(crate) const DISCARDED_BODY_BYTES: usize = 256 << 20;

/// Maximum size of an id or a name in a request.
pub(crate) const ID_BYTES: usize = 1024;

/// Maximum size of the message of an error response. It contains up to 10 KiB of the last output of
/// an interpreter.
pub(crate) const ERROR_MESSAGE_BYTES: usize = 16 << 10;

/// Maximum number of clusters.
pub(crate) const CLUSTERS: usize = 10_000;

/// Maximum number of libraries per cluster.
pub(crate) const LIBRARIES: usize = 1000;

/// Default of [`Options::cluster_start_time`](crate::Options::cluster_start_time).
pub(crate) const CLUSTER_START_TIME: Duration = Duration::from_millis(500);

/// Interval at which a cluster is checked for inactivity.
pub(crate) const ACTIVITY_INTERVAL: Duration = Duration::from_secs(10);

/// Maximum size of the contents of `dbfs/put` and of a block, before it is encoded in base64, and of the
/// bytes that one `dbfs/read` returns. Databricks documents 1 MB; its clients send blocks of 1 MiB.
pub(crate) const DBFS_BLOCK_BYTES: u64 = 1 << 20;

/// Maximum size of a file in a multipart body of `dbfs/put`. Databricks has the same limit.
pub(crate) const DBFS_FILE_BYTES: u64 = 2 << 30;

/// Maximum size of a path of a file.
pub(crate) const DBFS_PATH_BYTES: usize = 4096;

/// Maximum number of uploads in blocks.
pub(crate) const DBFS_UPLOADS: usize = 10_000;

/// Maximum time between two requests of an upload in blocks. Databricks has the same limit.
pub(crate) const DBFS_IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// Maximum size of the output of a command.
pub(crate) const OUTPUT_BYTES: usize = 1 << 20;

/// Maximum number of rows of a table. Databricks has the same limit in notebooks.
pub(crate) const TABLE_ROWS: usize = 10_000;

/// Maximum size of the cells of a table. Databricks has the same limit in notebooks.
pub(crate) const TABLE_BYTES: usize = 2_048_000;

/// Default of [`Options::max_contexts`](crate::Options::max_contexts). Databricks has the same
/// limit per cluster.
pub(crate) const MAX_CONTEXTS: usize = 145;

/// Default of [`Options::idle_timeout`](crate::Options::idle_timeout), which is that of Databricks.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Maximum number of evicted contexts that are distinguished from unknown ones.
pub(crate) const EVICTED_CONTEXTS: usize = 1000;

/// Maximum number of queued commands per context.
pub(crate) const QUEUED_COMMANDS: usize = 1000;

/// Maximum total size of the source of queued commands per context.
pub(crate) const QUEUED_BYTES: usize = 128 << 20;

/// Maximum number of results kept per context.
pub(crate) const KEPT_RESULTS: usize = 10_000;

/// Maximum total size of results kept per context.
pub(crate) const KEPT_RESULTS_BYTES: usize = 32 << 20;

/// Maximum size of an event from an interpreter. A traceback of 2^20 characters, each escaped to 12
/// bytes of JSON, fits.
pub(crate) const EVENT_BYTES: usize = 16 << 20;

/// Maximum time for an interpreter to start.
pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Maximum time for a JVM to start, including the compilation of its program.
pub(crate) const JVM_START_TIMEOUT: Duration = Duration::from_secs(900);

/// Maximum number of JVMs that are starting at a time.
pub(crate) const JVM_STARTS: usize = 2;

/// Maximum time to write an archive of class data in the background. It takes a minute on an idle machine.
pub(crate) const ARCHIVE_TIMEOUT: Duration = Duration::from_secs(3600);

/// Maximum number of cores of an application in local mode whose number is that of the workers of a
/// cluster.
pub(crate) const LOCAL_CORES: u32 = 64;

/// Minimum time since the last use after which compiled kernels and archives of class data are removed from
/// the cache.
pub(crate) const CACHE_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Maximum of [`Options::memory_limit`](crate::Options::memory_limit), which is no limit in effect.
pub(crate) const MAX_MEMORY_LIMIT: u64 = 1 << 60;

/// Default of [`Options::cancel_grace`](crate::Options::cancel_grace).
pub(crate) const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// Interval at which a canceled command is interrupted again.
pub(crate) const INTERRUPT_INTERVAL: Duration = Duration::from_millis(500);

/// Maximum time for an interpreter to exit after it has closed a pipe. It is killed afterwards, and
/// its exit code is lost.
pub(crate) const EXIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Maximum time to wait until the processes of a context have been killed.
pub(crate) const KILL_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum time for requests in flight to complete when the server stops.
pub(crate) const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// Default of [`Faults::delay`](crate::Faults::delay).
pub(crate) const SLOW_RESPONSE: Duration = Duration::from_secs(5);
