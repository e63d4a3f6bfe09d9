//! Archives of class data, which are written in the background.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::archive_writer;
use super::jvm::JvmOptions;
use super::program::Program;
use crate::limits;
use crate::spark::Spark;

/// Interval at which the number of JVMs that are starting is checked.
const START_INTERVAL: Duration = Duration::from_secs(1);

/// Writes the archives that are missing in the cache, one at a time.
#[derive(Debug)]
pub(crate) struct Archives {
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    is_enabled: bool,
    state: Mutex<State>,
    writer: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct State {
    /// Programs whose archives are being written, have been written, or have failed.
    started: HashSet<Program>,
    /// Aborted on drop.
    tasks: JoinSet<()>,
}

impl Archives {
    pub(crate) fn new(spark: Arc<Spark>, options: Arc<JvmOptions>, is_enabled: bool) -> Self {
        Self {
            spark,
            options,
            is_enabled,
            state: Mutex::default(),
            writer: Arc::default(),
        }
    }

    /// Starts to write the archive of a program if it is missing. Called when a JVM with this program is
    /// ready.
    pub(super) fn write_missing(&self, program: Program) {
        let mut state = self.lock();
        if self.is_enabled && state.started.insert(program) {
            let (spark, options) = (Arc::clone(&self.spark), Arc::clone(&self.options));
            let writer = Arc::clone(&self.writer);
            state.tasks.spawn(async move {
                let _writer = writer.lock().await;
                let write = write(&spark, &options, program);
                // Without an archive, JVMs only start more slowly.
                let _ = timeout(limits::ARCHIVE_TIMEOUT, write).await;
            });
        }
    }

    /// Ends the JVMs that write archives.
    pub(crate) async fn close(&self) {
        let mut tasks = std::mem::take(&mut self.lock().tasks);
        tasks.shutdown().await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(spark: &Spark, options: &JvmOptions, program: Program) -> Option<()> {
    let prepared = spark.prepare(&options.folder).await.ok()?;
    // Contexts that are being created have precedence.
    while archive_writer::is_missing(&prepared, program) && spark.is_starting() {
        sleep(START_INTERVAL).await;
    }
    archive_writer::write(&prepared, options, program)
        .await
        .ok()
}
