//! Writes archives of class data in the background.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::jvm::{self, JvmOptions, Program};
use crate::limits;
use crate::process::{Launch, Process};
use crate::spark::{self, Spark};

/// Writes the archives that are missing in the cache. Each one takes a minute of processor time.
#[derive(Debug)]
pub(crate) struct Archives {
    spark: Arc<Spark>,
    options: Arc<JvmOptions>,
    is_enabled: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Main classes whose archives are being written, have been written, or have failed.
    started: HashSet<&'static str>,
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
        }
    }

    /// Starts to write the archive of a main class if it is missing. Called after a JVM with this
    /// class has exited, when the machine is probably less busy.
    ///
    /// `commands` are requests with one event as a response, which load the classes of typical
    /// commands.
    pub(super) fn write_missing(&self, main: &'static str, commands: &'static [Command]) {
        let mut state = self.lock();
        if self.is_enabled && state.started.insert(main) {
            let (spark, options) = (Arc::clone(&self.spark), Arc::clone(&self.options));
            state.tasks.spawn(async move {
                let write = write(&spark, &options, main, commands);
                // Without an archive, JVMs only start more slowly.
                let _ = timeout(limits::JVM_START_TIMEOUT, write).await;
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

/// A command of the context `archive`: the word of the request, the language, and the source.
pub(super) struct Command(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

/// Writes the archive of a main class. Returns `None` if that fails.
async fn write(
    spark: &Spark,
    options: &JvmOptions,
    main: &'static str,
    commands: &[Command],
) -> Option<()> {
    let prepared = spark.prepare(&options.folder).await.ok()?;
    let path = spark::archive_path(&prepared, main)?;
    if path.exists() {
        return Some(());
    }
    let temporary = tempfile::Builder::new()
        .prefix("archive-")
        .tempfile_in(path.parent()?)
        .ok()?
        .into_temp_path();
    let folder = options.folder.join(format!("archive-{main}"));
    let launch = jvm::launch(
        &prepared,
        options,
        Program {
            main,
            name: "archive",
            written_archive: Some(&temporary),
        },
        &folder,
    );
    let is_complete = run(spark, launch.ok()?, commands).await;
    jvm::remove_folder(folder).await;
    if is_complete? && is_archive(&temporary) {
        // Atomic: an archive of this name is complete.
        temporary.persist(path).ok()?;
    }
    Some(())
}

/// Runs typical commands in a JVM that writes an archive when it exits. Returns whether it has exited.
async fn run(spark: &Spark, launch: Launch, commands: &[Command]) -> Option<bool> {
    let permit = spark.start_permit().await;
    let mut process = Process::start(launch).ok()?;
    process.next_event(|_| {}).await?; // ready
    drop(permit);
    for Command(word, language, source) in commands {
        let request =
            json!({"context": "archive", "id": "1", "language": language, "source": source});
        process.send(word, &request);
        process.next_event(|_| {}).await?;
    }
    process.send("exit", &json!({}));
    // The JVM writes the archive before it closes the pipe.
    let has_exited = process.next_event(|_| {}).await.is_none();
    process.kill().await.ok()?;
    Some(has_exited)
}

fn is_archive(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.len() > 0)
}
